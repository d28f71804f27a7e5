"""A filled-in sheet as it was typed → what is kept of it, what is taken back, what to do about the rest. No storage.

A row that is left empty stays as it was. One that the page showed with an answer, and that comes back empty, was
cleared: it is not answered any more, and that is never a no.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from answers.draft import Data
from answers.home_walk import note_time
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
class Sheet:
    """Answers by link_id as a draft keeps them, rows that were cleared, and a sentence for each that cannot be kept."""

    given: Mapping[str, Any]
    cleared: frozenset[str]
    problems: Mapping[str, str]

    @property
    def says_something(self) -> bool:
        return bool(self.given or self.cleared)


def kept_answers(definitions: Definitions, data: Data, subject: str) -> dict[str, Any]:
    """The answers of a list as a page shows them: of a room that is not there, all are "not here"."""
    if subject == "about":
        return dict(data["about"])
    kept = dict(data["lists"].get(subject, {}))
    if subject == definitions.rooms.id:
        for section in definitions.rooms.sections:
            if section.id in data["absent"]:
                kept.update((question.link_id, NOT_HERE) for question in section.questions)
    return kept


def read_sheet(
    definitions: Definitions, subject: str, form: Mapping[str, str], units: str, kept: Mapping[str, Any]
) -> Sheet:
    """Every row judged by the rules of its question's own page; `kept` is what was saved before."""
    shown = form.get("shown", "").split()
    given: dict[str, Any] = {}
    problems: dict[str, str] = {}
    cleared = set()
    for question in definitions.questions[subject]:
        typed = _row(question, form, units, kept.get(question.link_id))
        if typed is None:
            cleared.update({question.link_id} & set(shown))
        elif typed.error:
            problems[question.link_id] = typed.error
        elif typed.kept is not None:
            given[question.link_id] = typed.kept
    if subject == BONE and not set(HEIGHTS) & set(problems):
        both = {name: each for name, each in {**kept, **given}.items() if name not in cleared}
        if set(HEIGHTS) & set(given) and (error := heights_at_odds(both)):
            problems[next(name for name in reversed(HEIGHTS) if name in given)] = error
    return Sheet(given=given, cleared=frozenset(cleared), problems=problems)


def _row(question: Question, form: Mapping[str, str], units: str, kept: object) -> Typed | None:
    """What one row says; None where it is empty."""
    if not is_number(question):
        value = form.get(question.link_id, "")
        return Typed(shown={}, kept=value if value in question.allowed else None) if value else None
    if question.answers == "decimal" and form.get(f"{question.link_id}-unsure"):
        return read_unsure(question, form, units, kept)
    shown = typed_fields(question, form, units)
    if not any(shown.values()):
        return None
    if isinstance(kept, dict) and shown == fields_of(question, kept, units):  # in other units it would be rounded anew
        return Typed(shown=shown, kept=kept)
    return read_number(question, form, units)


def keep_sheet(
    definitions: Definitions, data: dict[str, Any], subject: str, sheet: Sheet, *, units: str, day: date, at_ms: int
) -> None:
    """Puts a sheet into the draft, as answers of this moment: newer than what a walk may still send."""
    answers = data["about"] if subject == "about" else data["lists"].setdefault(subject, {})
    given = _at_home(definitions, data, sheet, at_ms) if subject == definitions.rooms.id else sheet.given
    answers.update(given)
    for link_id in sheet.cleared:
        answers.pop(link_id, None)
    if any(isinstance(each, dict) for each in given.values()):
        data["units"] = units
    data.setdefault("from_paper", {})[subject] = day.isoformat()


def _at_home(definitions: Definitions, data: dict[str, Any], sheet: Sheet, at_ms: int) -> dict[str, Any]:
    """What is kept of the home list: a room that was not there is there once something in it was answered."""
    given = dict(sheet.given)
    for section in definitions.rooms.sections:
        of_room = [question.link_id for question in section.questions]
        told = [given[link_id] for link_id in of_room if link_id in given]
        if section.id in data["absent"]:
            if set(told) <= {NOT_HERE} and not sheet.cleared & set(of_room):
                for link_id in of_room:
                    given.pop(link_id, None)
                continue
            data["absent"] = [each for each in data["absent"] if each != section.id]
        if told or sheet.cleared & set(of_room):
            note_time(data, (section.id,), at_ms)
    note_time(data, (*given, *sheet.cleared), at_ms)
    return given
