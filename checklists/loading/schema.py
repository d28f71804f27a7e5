"""The JSON Schema of the definition files, so that an editor can complete and check them."""

import json
from pathlib import Path
from typing import Any

from pydantic.json_schema import models_json_schema

from checklists.files.actions import Actions
from checklists.files.glossary import Glossary
from checklists.files.guides import Guides
from checklists.files.model import About, Checklist, Sources
from checklists.files.regions import Regions
from checklists.files.safety import Safety
from checklists.files.warning_signs import WarningSigns


def schema() -> dict[str, Any]:
    """One schema with a definition for each kind of file under `$defs`."""
    kinds = [
        (each, "validation")
        for each in (About, WarningSigns, Checklist, Actions, Sources, Guides, Glossary, Regions, Safety)
    ]
    _, found = models_json_schema(kinds, by_alias=True, title="Firm Footing definition files")  # type: ignore[arg-type]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}


def write_schema(file: Path) -> None:
    """Writes the schema as the editors read it."""
    file.write_text(json.dumps(schema(), indent=1, sort_keys=True) + "\n", encoding="utf-8")
