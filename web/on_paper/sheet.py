"""A filled-in sheet as it was typed → what is kept of it, what is taken back, what to do about the rest. No storage.

A row that is left empty stays as it was. One that the page showed with an answer, and that comes back empty, was
cleared: it is not answered any more, and that is never a no.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from answers.draft import Draft
from answers.typed_numbers import Answer, Answers, TypedNumber
from checklists import Definitions
from checklists.files.grammar import BONE, NOT_HERE
from checklists.files.model import Question
from web.asking.numbers import (
    HEIGHTS,
    Typed,
    fields_of,
    heights_at_odds,
    is_number,
    read_number,
    read_unsure,
    typed_fields,
)


@dataclass(frozen=True, kw_only=True)
class TypedSheet:
    """Answers by link_id as a draft keeps them, rows that were cleared, and a sentence for each that cannot be kept."""

    new_answers: Answers
    cleared: frozenset[str]
    problems: Mapping[str, str]

    @property
    def says_something(self) -> bool:
        return bool(self.new_answers or self.cleared)


def stored_answers(definitions: Definitions, draft: Draft, subject: str) -> Answers:
    """The answers of a list as a page shows them: of a room that is not there, all are "not here"."""
    stored = dict(draft.answers(subject))
    if subject == definitions.rooms.id:
        for section in definitions.rooms.sections:
            if section.id in draft.absent:
                stored.update((question.link_id, NOT_HERE) for question in section.questions)
    return stored


def read_sheet(
    definitions: Definitions, subject: str, form: Mapping[str, str], units: str, stored: Answers
) -> TypedSheet:
    """Every row judged by the rules of its question's own page; `stored` is what was saved before."""
    shown = form.get("shown", "").split()
    new_answers: dict[str, Answer] = {}
    problems: dict[str, str] = {}
    cleared = set()
    for question in definitions.questions[subject]:
        typed = _row(question, form, units, stored.get(question.link_id))
        if typed is None:
            cleared.update({question.link_id} & set(shown))
        elif typed.error:
            problems[question.link_id] = typed.error
        elif typed.value is not None:
            new_answers[question.link_id] = typed.value
    if subject == BONE and not set(HEIGHTS) & set(problems):
        both = {name: each for name, each in {**stored, **new_answers}.items() if name not in cleared}
        if set(HEIGHTS) & set(new_answers) and (error := heights_at_odds(both)):
            problems[next(name for name in reversed(HEIGHTS) if name in new_answers)] = error
    return TypedSheet(new_answers=new_answers, cleared=frozenset(cleared), problems=problems)


def _row(question: Question, form: Mapping[str, str], units: str, stored: Answer | None) -> Typed | None:
    """What one row says; None where it is empty."""
    if not is_number(question):
        value = form.get(question.link_id, "")
        return Typed(shown={}, value=value if value in question.allowed else None) if value else None
    if question.answers == "decimal" and form.get(f"{question.link_id}-unsure"):
        return read_unsure(question, form, units, stored)
    shown = typed_fields(question, form, units)
    if not any(shown.values()):
        return None
    # As it stood: in other units it would be rounded anew.
    if isinstance(stored, TypedNumber) and shown == fields_of(question, stored, units):
        return Typed(shown=shown, value=stored)
    return read_number(question, form, units)


def with_sheet(
    definitions: Definitions, draft: Draft, subject: str, sheet: TypedSheet, *, units: str, day: date, at_ms: int
) -> Draft:
    """The draft with a sheet in it, as answers of this moment: newer than what a walk may still send."""
    new_answers = sheet.new_answers
    if subject == definitions.rooms.id:
        draft, new_answers = _at_home(definitions, draft, sheet, at_ms)
    draft = draft.with_answers(subject, new_answers).without_answers(subject, sheet.cleared)
    return draft.typed_in(units, new_answers).typed_from_paper(subject, day)


def _at_home(definitions: Definitions, draft: Draft, sheet: TypedSheet, at_ms: int) -> tuple[Draft, Answers]:
    """What is kept of the home list: a room that was not there is there once something in it was answered."""
    new_answers = dict(sheet.new_answers)
    for section in definitions.rooms.sections:
        of_room = {question.link_id for question in section.questions}
        answers = {answer for link_id, answer in new_answers.items() if link_id in of_room}
        is_cleared = bool(sheet.cleared & of_room)
        if section.id in draft.absent:
            if answers <= {NOT_HERE} and not is_cleared:
                new_answers = {link_id: answer for link_id, answer in new_answers.items() if link_id not in of_room}
                continue
            draft = draft.with_room(section.id, absent=False)
        if answers or is_cleared:
            draft = draft.answered((section.id,), at_ms)
    return draft.answered((*new_answers, *sheet.cleared), at_ms), new_answers
