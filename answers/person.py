"""The Person in a draft, and the warnings that stand by it. No Flask, no database."""

from dataclasses import replace
from datetime import date
from typing import Any

from answers.draft import ABOUT, Draft
from answers.standing_warnings import Settled, StandingWarning
from checklists import Definitions, Person, assess
from checklists.files.definitions import Asked
from checklists.files.grammar import NOT_HERE
from checklists.rules.facts import contradictions
from checklists.rules.person import AnswerValue


def person_of(definitions: Definitions, draft: Draft, day: date, among: Asked | None = None) -> Person:
    """The Person in a draft, or what is known of one `among` these questions; follow-ups whose condition has gone are
    put aside."""
    person = _whole(definitions, draft, day, among)
    aside = {fact for fact, _ in contradictions(definitions, person, among)}
    if not aside:
        return person
    counted = {
        name: {link_id: value for link_id, value in answers.items() if f"{name}.{link_id}" not in aside}
        for name, answers in person.answers.items()
    }
    return replace(person, answers=counted)


def at_odds(definitions: Definitions, draft: Draft, day: date) -> dict[str, tuple[str, ...]]:
    """What person_of puts aside: each fact that was answered, with the facts on which its question hangs."""
    return dict(contradictions(definitions, _whole(definitions, draft, day)))


def settle(definitions: Definitions, draft: Draft, day: date) -> Draft:
    """The draft with the warnings that stand today, so that every page can head with them."""
    person = person_of(definitions, draft, day)
    warnings: tuple[StandingWarning, ...] = ()
    if person.answers or person.signs or person.about:
        found = assess(definitions, person).warnings
        warnings = tuple(StandingWarning(id=each.id, milder=each.milder is not None) for each in found)
    return replace(draft, warnings=warnings, settled=_settled(draft, day))


def is_settled(draft: Draft, day: date) -> bool:
    """Whether its warnings are those of this day, with these signs."""
    return draft.settled == _settled(draft, day)


def _settled(draft: Draft, day: date) -> Settled:
    some = draft.signs is not None and draft.signs.asked is not None
    return Settled(day=day, with_signs="some" if some else draft.signs is not None)


def _whole(definitions: Definitions, draft: Draft, day: date, among: Asked | None = None) -> Person:
    """Everything that was answered and is still asked, whether it goes together or not."""
    asked = among or definitions.asked
    begun = [name for name in draft.lists if name in definitions.checklist_of]
    return Person(
        answers={name: _list(definitions, asked, name, draft) for name in begun},
        about=_still_asked(asked, ABOUT, draft),
        measures=_measures(definitions, draft),
        signs=draft.signs.counted if draft.signs else None,
        unasked_signs=draft.signs.unasked(definitions) if draft.signs else frozenset(),
        today=day,
    )


def _measures(definitions: Definitions, draft: Draft) -> dict[str, Any]:
    """Those that the definitions still know."""
    values = draft.measures.values if draft.measures else {}
    return {link_id: value for link_id, value in values.items() if link_id in definitions.measure_of}


def _list(definitions: Definitions, asked: Asked, name: str, draft: Draft) -> dict[str, AnswerValue]:
    answers = _still_asked(asked, name, draft)
    if name == definitions.rooms.id and draft.absent:
        for section in definitions.rooms.sections:
            if section.id in draft.absent:
                answers.update((question.link_id, NOT_HERE) for question in section.questions)
    return answers


def _still_asked(asked: Asked, name: str, draft: Draft) -> dict[str, AnswerValue]:
    """Only answers to questions that still stand, each as a rule reads it."""
    answers = draft.answers(name)
    found: dict[str, AnswerValue] = {}
    for _fact, question in asked[name]:
        answer = answers.get(question.link_id)
        if isinstance(answer, str):
            if answer in question.allowed:
                found[question.link_id] = answer
        elif answer is not None:
            found[question.link_id] = answer.metric
    return found
