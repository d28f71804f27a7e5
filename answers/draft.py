"""A draft: answers as typed, with their units, and how they become a Person. No Flask, no storage.

The JSON of a draft: `for` (self, helper), `began` (the day; older ones say none), `units` (imperial, metric), `about`
and `lists` (answers by checklist and link_id; a number is {"value": …} or {"feet": …, "inches": …} or {"pounds": …} as
typed), `signs` (answers/signs_hold.py), `absent` (rooms that this home does not have), `from_paper` (the day on which a
checklist was typed in from paper), `warnings` (what stood at the last save) with `settled` (its day, and whether signs
held); and of a walk through the home (answers/home_walk.py): `at` (when each answer was given), `walks` (how far each
walk was heard), `photos`.
`in_calendar` are the steps that a calendar file brought (web/sharing/reminders.py).
While a person checks again, `again` says since when and what was asked anew (answers/check_again.py).
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from checklists import Assessment, Definitions, Person, assess
from checklists.files.grammar import NOT_HERE
from checklists.rules.facts import contradictions
from checklists.rules.person import Given

KG_PER_POUND = Decimal("0.45359237")
CM_PER_INCH = Decimal("2.54")
_TENTH = Decimal("0.1")

Data = Mapping[str, Any]


def new_draft(answering: str, units: str, day: date | None = None) -> dict[str, Any]:
    """A draft in which nothing is answered yet, begun on this day."""
    began = {"began": day.isoformat()} if day else {}
    return {**began, "for": answering, "units": units, "about": {}, "lists": {}, "absent": [], "warnings": []}


def person_of(definitions: Definitions, data: Data, day: date) -> Person:
    """The Person in a draft; follow-ups whose condition has gone are put aside."""
    person = _whole(definitions, data, day)
    aside = {fact for fact, _ in contradictions(definitions, person)}
    if not aside:
        return person
    kept = {
        name: {link_id: given for link_id, given in answers.items() if f"{name}.{link_id}" not in aside}
        for name, answers in person.answers.items()
    }
    return replace(person, answers=kept)


def at_odds(definitions: Definitions, data: Data, day: date) -> dict[str, tuple[str, ...]]:
    """What person_of puts aside: each fact that was answered, with the facts on which its question hangs."""
    return dict(contradictions(definitions, _whole(definitions, data, day)))


def _whole(definitions: Definitions, data: Data, day: date) -> Person:
    """Everything that was answered and is still asked, whether it goes together or not."""
    signs = data.get("signs")
    return Person(
        answers={name: _answers(definitions, name, data) for name in data["lists"] if name in definitions.checklist_of},
        about=_codes(definitions, "about", data["about"]),
        signs=frozenset(signs["ticked"]) if signs else None,
        today=day,
    )


def settle(definitions: Definitions, data: dict[str, Any], day: date) -> dict[str, Any]:
    """The draft with the warnings that stand today, so that every page can head with them."""
    person = person_of(definitions, data, day)
    warnings = []
    if person.answers or person.signs or person.about:
        found: Assessment = assess(definitions, person)
        warnings = [{"id": each.id, "milder": each.milder is not None} for each in found.warnings]
    return {**data, "warnings": warnings, "settled": _settled(data, day)}


def is_settled(data: Data, day: date) -> bool:
    """Whether its warnings are those of this day, with these signs."""
    return bool(data.get("settled") == _settled(data, day))


def _settled(data: Data, day: date) -> list[Any]:
    return [day.isoformat(), bool(data.get("signs"))]


def can_be_assessed(data: Data) -> bool:
    """Whether there is anything to make a plan from: a list that was begun, or a warning that stands."""
    return bool(data["lists"] or data["warnings"])


def metric(typed: object) -> Given | None:
    """A typed answer as a rule reads it: codes as they are, numbers exact and metric, half up to 0.1."""
    if not isinstance(typed, dict):
        return typed if isinstance(typed, str) else None
    if "pounds" in typed:
        return tenth(Decimal(typed["pounds"]) * KG_PER_POUND)
    if "feet" in typed:
        return tenth((Decimal(typed["feet"]) * 12 + Decimal(typed["inches"])) * CM_PER_INCH)
    value = Decimal(typed["value"])
    return int(value) if typed.get("whole") else value


def tenth(value: Decimal) -> Decimal:
    """Half up to 0.1."""
    return value.quantize(_TENTH, ROUND_HALF_UP)


def _answers(definitions: Definitions, name: str, data: Data) -> dict[str, Given]:
    answers = _codes(definitions, name, data["lists"][name])
    if name == definitions.rooms.id and data["absent"]:
        for section in definitions.rooms.sections:
            if section.id in data["absent"]:
                answers.update((question.link_id, NOT_HERE) for question in section.questions)
    return answers


def _codes(definitions: Definitions, name: str, typed: Mapping[str, Any]) -> dict[str, Given]:
    """Only answers to questions that still stand, each as a rule reads it."""
    known = {question.link_id: question for question in definitions.questions[name]}
    found: dict[str, Given] = {}
    for link_id, answer in typed.items():
        given = metric(answer)
        question = known.get(link_id)
        if question is None or given is None:
            continue
        if isinstance(given, str) and given not in question.allowed:
            continue
        found[link_id] = given
    return found
