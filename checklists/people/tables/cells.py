"""One cell of a table, read kindly: a word in either language, a number with a comma, a day. Never a guess."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from checklists.people.label import length_fault
from checklists.people.plain_text import plain
from checklists.people.quoting import shown
from checklists.people.sentence import Sentence, SentenceFault
from checklists.people.tables.encodings import undone
from checklists.people.tables.spelling import QUOTES, UNSURE, Spellings, one_of


class NeverWorkedOut:
    """A formula whose result no spreadsheet has written beside it."""

    def __str__(self) -> str:
        return "=…"


Cell = str | int | float | bool | datetime | date | time | timedelta | NeverWorkedOut | None
"""What a spreadsheet holds in a cell; in a CSV all of it is text."""

FORMULA_SIGNS = ("=", "+", "-", "@")
"""What a spreadsheet takes for the beginning of a formula."""
_NUMBER = re.compile(r"([+-]?\d+)(?:[.,](\d+))?")
_PAIR = re.compile(r"(\d{1,3}) ?/ ?(\d{1,3})(?: ?mm ?hg)?", re.IGNORECASE)
_TIME = r"(?:[T ]\d\d?:\d\d(?::\d\d(?:\.\d+)?)?(?: ?[AP]M)?)?"
_DAY = re.compile(rf"(\d{{4}}-\d\d-\d\d){_TIME}")
_PARTS_OF_A_DAY = re.compile(rf"(\d{{1,4}})([-/.])(\d\d?)\2(\d{{1,4}}){_TIME}")
_BROKEN = re.compile(r"#[¡¿]?[A-Z]+(?:/[A-Z0-9]+)?[!?]?")
_CUT_NUMBER = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE)
_TICKED, _UNTICKED = ("TRUE", "VERDADERO"), ("FALSE", "FALSO")
_SHORT_YEARS = 999  # 26 may be a year or a day
_EXACT_DIGITS = 15  # a spreadsheet shows no more, and reckons with rests beyond them


class CellFault(SentenceFault):
    """What is wrong with a cell, as the end of a sentence."""


Reader = Callable[[Cell], Any]
"""A filled cell → the JSON value that it says. :raises CellFault: it is not understood"""


def is_empty(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not plain(cell))


def says_nothing(cell: Cell) -> bool:
    """An empty cell, or a box that is not ticked: Google writes those of a thousand rows below the last person."""
    return cell is False or is_empty(cell) or (isinstance(cell, str) and plain(cell).upper() in _UNTICKED)


def as_text(cell: Cell) -> str:
    """What stands in a cell, as somebody sees it. :raises CellFault: a formula that came to nothing"""
    if isinstance(cell, NeverWorkedOut):
        raise CellFault(Sentence("is a formula without its result; write the value, or save again"))
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(_exact(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    text = plain(undone(str(cell)))
    if _BROKEN.fullmatch(text):
        raise CellFault(
            Sentence(
                "%(cell)s is an error of the spreadsheet; mend its formula, or write what belongs here",
                cell=shown(text),
            )
        )
    if "\N{REPLACEMENT CHARACTER}" in text:
        raise CellFault(
            Sentence("%(cell)s holds a letter that cannot be read; save the table as CSV UTF-8", cell=shown(text))
        )
    return text


def choice(spellings: Spellings) -> Reader:
    """One of several answers."""

    def read(cell: Cell) -> str:
        text = _typed(cell)
        if "yes" in spellings.codes and text.upper() in _TICKED:
            return "yes"
        if "no" in spellings.codes and text.upper() in _UNTICKED:
            raise CellFault(Sentence("a box that is not ticked says nothing; write no, or leave the cell empty"))
        found = spellings.read(text)
        if len(found) > 1:
            meant = one_of([code for code in spellings.codes if code in found])
            raise CellFault(Sentence("%(cell)s can mean %(meant)s; write the word", cell=shown(text), meant=meant))
        if not found:
            raise _not_understood(text, spellings.allowed)
        return next(iter(found))

    return read


def number(*, whole: bool, unit: str | None, words: Spellings, what: Sentence) -> Reader:
    """A number, `unable` where that may stand there, or "not sure", which leaves it open."""

    def read(cell: Cell) -> int | Decimal | str | None:
        if isinstance(cell, date | time | timedelta):
            raise CellFault(
                Sentence(
                    "%(cell)s is a date or a time; format the cell as a number, and write %(allowed)s",
                    cell=shown(as_text(cell)),
                    allowed=what,
                )
            )
        text = _typed(cell)
        for code in words.read(text):
            return None if code == UNSURE else code
        bare = re.sub(rf"\s*{unit}\.?$", "", text, flags=re.IGNORECASE) if unit else text
        parts = _NUMBER.fullmatch(bare.replace("−", "-"))
        if isinstance(cell, bool) or not parts:
            raise _not_understood(text, what)
        value = Decimal(f"{parts[1]}.{parts[2]}" if parts[2] else parts[1])
        return int(value) if whole and value == value.to_integral_value() else value

    return read


def pair(cell: Cell) -> list[int]:
    """A blood pressure, as it is spoken."""
    text = _typed(cell)
    if not (found := _PAIR.fullmatch(text)):
        raise CellFault(Sentence("%(cell)s is not understood; write it like 150/80", cell=shown(text)))
    return [int(found[1]), int(found[2])]


def day(cell: Cell) -> str:
    """A day of the calendar: a cell of that kind, ISO 8601, or as a spreadsheet writes such a cell into a CSV."""
    text = _typed(cell)
    if found := _DAY.fullmatch(text):
        return found[1]
    days = _days(*(int(parts[each]) for each in (1, 3, 4))) if (parts := _PARTS_OF_A_DAY.fullmatch(text)) else []
    if len(days) > 1:
        raise CellFault(
            Sentence("%(cell)s can mean %(meant)s; write the one that is meant", cell=shown(text), meant=one_of(days))
        )
    if not days:
        raise CellFault(
            Sentence(
                "%(cell)s is not understood; write the day like 2026-11-22, or format the cell as a date",
                cell=shown(text),
            )
        )
    return days[0]


def label(cell: Cell) -> str:
    """What the clinic calls the person; a number as it is seen, and without the mark that keeps it a text."""
    text = as_text(cell)
    if _CUT_NUMBER.fullmatch(text) or (isinstance(cell, int | float) and abs(cell) >= 10**_EXACT_DIGITS):
        raise CellFault(
            Sentence(
                "%(cell)s is a number of which digits are lost; make the column text, and write it again",
                cell=shown(text),
            )
        )
    if text[:1] == "'" and (text[1:2] in FORMULA_SIGNS or text[1:2].isdigit()):
        text = text[1:]
    if fault := length_fault(text):
        raise CellFault(fault)
    return text


def signs(known: Spellings, none: Spellings) -> Reader:
    """The warning signs that were ticked, or that none was."""

    def read(cell: Cell) -> list[str]:
        text = _typed(cell)
        if none.read(text):
            return []
        found: list[str] = []
        for part in filter(None, re.split(r"\s*[,;]\s*", text)):
            for word in [part] if known.read(part) else part.split():
                codes = known.read(word)
                if none.read(word):
                    raise CellFault(Sentence("none stands beside a sign; write none alone, or only the signs"))
                if not codes:
                    raise CellFault(
                        Sentence(
                            "%(cell)s is not understood; write none, or %(allowed)s, with spaces between",
                            cell=shown(word),
                            allowed=known.allowed,
                        )
                    )
                found += codes
        return found

    return read


def _not_understood(text: str, allowed: str) -> CellFault:
    return CellFault(Sentence("%(cell)s is not understood; write %(allowed)s", cell=shown(text), allowed=allowed))


def _typed(cell: Cell) -> str:
    """What was typed, without the quotes around it that keep it a text, or that a document made curly."""
    return as_text(cell).strip(f"{QUOTES} ")


def _days(first: int, second: int, third: int) -> list[str]:
    """Every day that three numbers can mean, where one of the ends is a year of four digits."""
    orders = [(first, second, third)] if first > third else [(third, first, second), (third, second, first)]
    days = set()
    for year, month, of_month in orders:
        with suppress(ValueError):
            days.add(date(year, month, of_month).isoformat() if year > _SHORT_YEARS else "")
    return sorted(filter(None, days))


def _exact(value: float) -> Decimal | int:
    exact = Decimal(f"{value:.{_EXACT_DIGITS}g}")
    return int(exact) if exact == exact.to_integral_value() and abs(exact) < 10**_EXACT_DIGITS else exact
