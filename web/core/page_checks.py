"""What of the definitions only the pages can judge: the pictures and addresses that a list asks for."""

from collections.abc import Iterator
from typing import Any

from flask import current_app, has_app_context

from checklists.files.definitions import Definitions

PICTOGRAMS = "components/pictograms"


def page_faults(known: Definitions) -> Iterator[tuple[str, tuple[Any, ...], str]]:
    """Every fault as (definition, place in it, fault and remedy); without an app there are no pages to judge by."""
    if not has_app_context():
        return
    drawn = {name for name in current_app.jinja_env.list_templates() if name.startswith(PICTOGRAMS)}
    addresses = {rule.rule.split("/")[1] for rule in current_app.url_map.iter_rules()}
    for checklist in known.checklists:
        if checklist.picture and f"{PICTOGRAMS}/{checklist.picture}.svg" not in drawn:
            yield checklist.id, ("picture",), f"there is no pictogram {checklist.picture} in templates/{PICTOGRAMS}"
        if checklist.id in addresses and checklist.layout != "rooms":
            says = f"{checklist.id} is taken by a page; give the list another id, and its file that name"
            yield checklist.id, ("id",), says
        for i, section in enumerate(checklist.sections if checklist.layout == "rooms" else ()):
            if f"{PICTOGRAMS}/{section.id}.svg" not in drawn:
                says = f"there is no pictogram {section.id} in templates/{PICTOGRAMS}; a room has one of its name"
                yield checklist.id, ("sections", i, "id"), says
