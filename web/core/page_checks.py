"""What of the definitions only the pages can judge: the pictures and addresses that a list asks for."""

from collections.abc import Iterator

from flask import current_app, has_app_context

from checklists.files.definitions import Definitions
from checklists.files.model import Question
from checklists.loading.faults import Found, Place
from web.core.drawings import FOLDER, drawing_of, drawn

PICTOGRAMS = "components/pictograms"


def page_faults(known: Definitions) -> Iterator[Found]:
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
        for i, section in enumerate(checklist.sections):
            for j, question in enumerate(section.questions):
                place = ("sections", i, "questions", j)
                yield from _not_drawn(checklist.id, place, question, must=checklist.layout == "rooms")
    for i, question in enumerate(known.about.questions):
        yield from _not_drawn("about", ("questions", i), question, must=False)


def _not_drawn(file: str, place: Place, question: Question, *, must: bool) -> Iterator[Found]:
    """A drawing that is named is there, and so is that of each thing in a room."""
    if question.drawing and question.drawing not in drawn():
        yield file, (*place, "drawing"), f"there is no drawing {question.drawing} in {FOLDER}"
    elif must and not drawing_of(question):
        says = f"nobody drew {question.link_id}; add it to {FOLDER}, or name another with drawing:"
        yield file, (*place, "link_id"), says
