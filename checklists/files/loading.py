"""YAML → Definitions. First the shape of every file, then the meaning across files; every fault at once."""

import hashlib
from pathlib import Path
from typing import Any

from checklists.files.cross_checks import meaning_faults
from checklists.files.definitions import Definitions
from checklists.files.glossary import Glossary
from checklists.files.grammar import CHECKLIST_IDS
from checklists.files.guides import Guides
from checklists.files.model import About, Actions, Checklist, Header, Review, Sources, WarningSigns
from checklists.files.regions import Regions
from checklists.files.safety import Safety
from checklists.files.translating import Translation, Wording, wording_faults
from checklists.files.yaml_file import Document, Fault

DEFINITIONS = Path(__file__).parent.parent / "definitions"
MODELS: dict[str, type[Header]] = {
    "about": About,
    "warning-signs": WarningSigns,
    **dict.fromkeys(CHECKLIST_IDS, Checklist),
    "actions": Actions,
    "sources": Sources,
    "guides": Guides,
    "glossary": Glossary,
    "regions": Regions,
    "safety": Safety,
}
NOT_READ = ("sources", "safety")
"""What people do not read: papers go by their own names, and the table by its ids."""
TRANSLATED = tuple(name for name in MODELS if name not in NOT_READ)
REVIEW = "review"


class DefinitionError(ValueError):
    """Definitions that may not be served; `faults` has every fault of every file."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


def load_definitions(folder: Path = DEFINITIONS, *, translations: bool = True) -> Definitions:
    """Everything in `folder`, checked; without `translations` only the rules, in the language they are written in.

    :raises DefinitionError: with every fault at once, each with file, line, fault and remedy
    """
    faults: list[Fault] = []
    documents = {name: Document(folder / f"{name}.yaml", faults) for name in MODELS}
    for stray in sorted(folder.glob("*.yaml")):
        if stray.stem not in MODELS:
            faults.append(Fault(file=stray.name, line=1, says="no such definition; rename it or remove it"))
    models = {name: documents[name].model(MODELS[name], faults) for name in MODELS}
    if all(model is not None for model in models.values()):
        definitions = _assembled(models, _hash(folder))
        faults += [documents[name].fault_at(place, says) for name, place, says in meaning_faults(definitions)]
        if translations:
            found = {each.name: _translation(each, models, faults) for each in language_folders(folder)}
            definitions = definitions.model_copy(update={"translations": found})
    if faults:
        raise DefinitionError(sorted(faults, key=lambda fault: ("/" in fault.file, fault.file, fault.line)))
    return definitions


def language_folders(folder: Path = DEFINITIONS) -> list[Path]:
    """Where the words of other languages lie: a folder each, named by its code."""
    return sorted(each for each in folder.iterdir() if each.is_dir())


def _translation(folder: Path, models: dict[str, Any], faults: list[Fault]) -> Translation | None:
    words: dict[str, Wording] = {}
    documents = {
        name: Document(folder / f"{name}.yaml", faults, f"{folder.name}/{name}.yaml") for name in (REVIEW, *TRANSLATED)
    }
    for stray in sorted(folder.glob("*.yaml")):
        if stray.stem not in documents:
            faults.append(Fault(file=f"{folder.name}/{stray.name}", line=1, says="no such file; rename or remove it"))
    for name in TRANSLATED:
        found = documents[name].wordings(faults)
        if found is not None:
            faults += [documents[name].fault_at((key,), says) for key, says in wording_faults(models[name], found)]
            words |= found
    review = documents[REVIEW].model(Review, faults)
    return None if faults or review is None else Translation(review=review, words=words)


def definitions_from_json(text: str | bytes) -> Definitions:
    """The definitions of an earlier version, as they were kept with a plan."""
    return Definitions.model_validate_json(text)


def _assembled(models: dict[str, Any], content_hash: str) -> Definitions:
    parts = {
        "about": models["about"],
        "warning_signs": models["warning-signs"],
        "checklists": tuple(models[name] for name in CHECKLIST_IDS),
        "actions": models["actions"],
        "sources": models["sources"],
        "guides": models["guides"],
        "glossary": models["glossary"],
        "regions": models["regions"],
        "safety": models["safety"],
    }
    return Definitions(**parts, content_hash=content_hash)


def _hash(folder: Path) -> str:
    """SHA-256 over the names and bytes of every file, so that a plan can say what it was made from."""
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*.yaml")):
        digest.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()
