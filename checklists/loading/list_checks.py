"""What a list must say of itself, so that every page and paper can show it."""

from collections.abc import Iterator

from checklists.files.definitions import Definitions
from checklists.files.model import Checklist, Headline
from checklists.loading.faults import Found

TAKEN = ("all", "measures", "tools", "warnings", "review", "definitions")
"""Names by which facts, papers and files already go."""
LEVELS = ("low", "moderate", "high", "moderate_or_high")


def list_faults(definitions: Definitions) -> Iterator[Found]:
    """Every fault as (definition, place in it, fault and remedy)."""
    orders: dict[int, str] = {}
    for checklist in definitions.checklists:
        name = checklist.id
        if name in TAKEN:
            yield name, ("id",), f"{name} is taken; give the list another id, and its file that name"
        if checklist.picture is None:
            yield name, (), "picture is missing; name a pictogram"
        if checklist.order is None:
            yield name, (), "order is missing; write the place of the list among the others"
        elif (other := orders.setdefault(checklist.order, name)) != name:
            yield name, ("order",), f"{other} has order {checklist.order} too; give each its own"
        for field in ("headline", "headline_other"):
            yield from _headline(checklist, field, getattr(checklist, field))
        yield from _rooms(definitions, checklist)
        yield from _together(checklist)
    if not any(each.layout == "rooms" for each in definitions.checklists):
        yield definitions.checklists[-1].id, (), "no list has layout: rooms; the walk through the home needs one"


def _headline(checklist: Checklist, field: str, headline: Headline | None) -> Iterator[Found]:
    if headline is None:
        yield checklist.id, (), f"{field} is missing; write what the plan says of this list"
        return
    for needed in ("to_fix",) if checklist.fixable else LEVELS:
        if getattr(headline, needed) is None:
            yield checklist.id, (field,), f"{field} says nothing of {needed}; add {needed}"


def _rooms(definitions: Definitions, checklist: Checklist) -> Iterator[Found]:
    if checklist.layout != "rooms":
        return
    first = definitions.rooms.id
    if first != checklist.id:
        yield checklist.id, ("layout",), f"{first} has layout: rooms already, and only one list may; write questions"
    for i, section in enumerate(checklist.sections):
        for j, question in enumerate(section.questions):
            if question.answers != "hazard":
                says = f"{question.link_id}: in a list of rooms every question is answered by hazard"
                yield checklist.id, ("sections", i, "questions", j), says


def _together(checklist: Checklist) -> Iterator[Found]:
    """A tap says yes: only what is answered by a plain yes or no, and asked of everybody, can be tapped."""
    for i, section in enumerate(checklist.sections):
        if not section.together:
            continue
        if checklist.layout == "rooms":
            yield checklist.id, ("sections", i, "together"), "a room is asked together anyway; leave together out"
        for j, question in enumerate(section.questions):
            if question.answers == "yes-no" and question.enable_when is None and not question.help_open:
                continue
            says = (
                f"{question.link_id}: asked together, a question is answered by yes-no, by everybody, without open help"
            )
            yield checklist.id, ("sections", i, "questions", j), says
