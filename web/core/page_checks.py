"""What of the definitions only the pages can judge: the drawings and addresses that a list asks for."""

from collections.abc import Iterator

from flask import current_app, has_app_context

from checklists.files.definitions import Definitions
from checklists.files.model import Question
from checklists.loading.faults import Found, Place
from web.core.drawings import FOLDER, drawn


def page_faults(known: Definitions) -> Iterator[Found]:
    """Every fault as (definition, place in it, fault and remedy); without an app there are no pages to judge by."""
    if not has_app_context():
        return
    addresses = {rule.rule.split("/")[1] for rule in current_app.url_map.iter_rules()}
    for checklist in known.checklists:
        if checklist.id in addresses and checklist.layout != "rooms":
            says = f"{checklist.id} is taken by a page; give the list another id, and its file that name"
            yield checklist.id, ("id",), says
    for file, place, name in _drawings(known):
        if name not in drawn():
            yield file, place, f"there is no drawing {name} in {FOLDER}"


def _drawings(known: Definitions) -> Iterator[tuple[str, Place, str]]:
    """Each drawing that must be there, by who asks for it: a list, a room and each thing in it, a group of signs, a
    question that names one, and what shows how an action is done."""
    for checklist in known.checklists:
        if checklist.picture:
            yield checklist.id, ("picture",), checklist.picture
        for i, section in enumerate(checklist.sections):
            if checklist.layout == "rooms":
                yield checklist.id, ("sections", i, "id"), section.id
            for j, question in enumerate(section.questions):
                must = checklist.layout == "rooms"
                yield from _of(checklist.id, ("sections", i, "questions", j), question, must=must)
    for i, question in enumerate(known.about.questions):
        yield from _of("about", ("questions", i), question)
    for i, group in enumerate(known.warning_signs.groups):
        yield "warning-signs", ("groups", i, "id"), f"signs-{group.id}"
    for i, picture in enumerate(known.actions.pictures):
        yield "actions", ("pictures", i, "id"), picture.id


def _of(file: str, place: Place, question: Question, *, must: bool = False) -> Iterator[tuple[str, Place, str]]:
    if question.drawing:
        yield file, (*place, "drawing"), question.drawing
    elif must:
        yield file, (*place, "link_id"), question.link_id
