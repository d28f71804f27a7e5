"""The columns that a table may have: one a key, each with how its cells are read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, get_args

from checklists.files.definitions import Definitions
from checklists.files.model import Measure, Question
from checklists.people.label import LABEL
from checklists.people.sentence import Sentence
from checklists.people.tables import cells
from checklists.people.tables.spelling import UNSURE, AnswerWords, answers_to, spellings
from checklists.people.units import PageSize, PrintPoints
from checklists.rules.person import UNABLE

TODAY, SIGNS, MEASURES = "today", "warning-signs", "measures"
PRINT, LANGUAGE, PAGE = "print", "lang", "page"
MEND = "mend"
"""What is wrong in a row, in the table of faults; read back, it says nothing."""
SETTINGS = (PRINT, LANGUAGE, PAGE)
_PRESSURES = ("lying", "min1", "min3")


@dataclass(frozen=True, kw_only=True)
class Column:
    """A key, with the way to its place in a record, and how a cell is read; a setting has no place there."""

    key: str
    path: tuple[str, ...]
    read: cells.Reader

    @property
    def is_setting(self) -> bool:
        """Whether it says how one person's paper is printed, and nothing of the person."""
        return self.key in (*SETTINGS, MEND)


Columns = Mapping[str, Column]


def columns_of(definitions: Definitions, answer_words: AnswerWords, languages: AnswerWords) -> Columns:
    """Every column by its key. `answer_words` has the words of answers, and `languages` what languages are called."""
    found = (
        Column(key=LABEL, path=(LABEL,), read=cells.label),
        Column(key=TODAY, path=(TODAY,), read=cells.day),
        Column(key=SIGNS, path=(SIGNS,), read=_signs(definitions, answer_words)),
        *(
            Column(
                key=fact, path=("answers", *fact.split(".")), read=_answer(definitions, fact, question, answer_words)
            )
            for fact, question in definitions.question_of.items()
        ),
        *measure_columns(definitions, answer_words),
        Column(key=PRINT, path=(), read=cells.choice(spellings({size: _size(size) for size in SIZES}))),
        Column(
            key=LANGUAGE, path=(), read=cells.choice(spellings({code: (code, *languages[code]) for code in languages}))
        ),
        Column(key=PAGE, path=(), read=cells.choice(spellings({size: (size,) for size in PAGES}))),
        Column(key=MEND, path=(), read=cells.as_text),
    )
    return {column.key: column for column in found}


SIZES, PAGES = tuple(str(each) for each in get_args(PrintPoints)), get_args(PageSize)


def _size(points: str) -> tuple[str, ...]:
    return points, f"{points}.0", f"{points},0", f"{points}pt", f"{points} pt"


def place(record: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """Puts a value where its key says; None opens the list without an answer."""
    for name in path[:-1]:
        record = record.setdefault(name, {})
    if value is not None:
        record[path[-1]] = value


def _signs(definitions: Definitions, answer_words: AnswerWords) -> cells.Reader:
    known = {sign.id: (sign.id,) for sign in definitions.warning_signs.signs if sign.ask}
    return cells.signs(
        spellings(known), spellings({"none": ("none", *answer_words["none"], "no", *answer_words["no"])})
    )


def _answer(definitions: Definitions, fact: str, question: Question, answer_words: AnswerWords) -> cells.Reader:
    if question.answers not in ("whole-number", "decimal"):
        return cells.choice(answers_to(question, definitions, fact, answer_words))
    unit = question.unit if question.unit in ("kg", "cm") else None
    return cells.number(
        whole=question.answers == "whole-number",
        unit=unit,
        words=spellings({UNSURE: ("?", *answer_words[UNSURE], UNSURE)}),
        what=_a_number(question.low, question.high, unit),
    )


def _a_number(low: Decimal | None, high: Decimal | None, unit: str | None) -> Sentence:
    if unit:
        return Sentence("a number from %(low)s to %(high)s %(unit)s", low=str(low), high=str(high), unit=unit)
    return Sentence("a number from %(low)s to %(high)s", low=str(low), high=str(high))


def measure_columns(definitions: Definitions, answer_words: AnswerWords) -> Iterator[Column]:
    """Those of the tests that a clinician makes."""
    yes_no = cells.choice(
        spellings(
            {code: (code, *answer_words[code], *(word[0] for word in answer_words[code])) for code in ("yes", "no")}
        )
    )
    for link_id, measure in definitions.measure_of.items():
        key, path = f"{MEASURES}.{link_id}", (MEASURES, link_id)
        if measure.kind == "blood-pressure":
            yield from (Column(key=f"{key}.{name}", path=(*path, name), read=cells.pair) for name in _PRESSURES)
            yield Column(key=f"{key}.dizzy", path=(*path, "dizzy"), read=yes_no)
        elif measure.kind == "yes-no":
            yield Column(key=key, path=path, read=yes_no)
        else:
            yield Column(key=key, path=path, read=_measure(measure, answer_words))


def _measure(measure: Measure, answer_words: AnswerWords) -> cells.Reader:
    number = _a_number(measure.low, measure.high, None)
    return cells.number(
        whole=measure.kind == "count",
        unit="s" if measure.kind == "seconds" else None,
        words=spellings({UNABLE: (UNABLE, *answer_words[UNABLE])}),
        what=Sentence("%(number)s, or unable", number=number),
    )
