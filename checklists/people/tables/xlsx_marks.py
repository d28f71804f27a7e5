"""What a sheet of an .xlsx says beside its cells, found in its XML before any of it is read as a table.

Reading row by row, openpyxl does not tell merged cells (they come last), hidden rows, nor whether a formula has a
result; and it would follow a row of a gigabyte to its end.
"""

import re
from dataclasses import dataclass, field
from typing import IO

from checklists.people.sentence import Sentence, SentenceFault
from checklists.people.tables.header import place_of_letters

MOST_ROWS = 1_048_576
LONGEST_ROW = 8 * 1024 * 1024
LONGEST_TAIL = 64 * 1024 * 1024
MOST_MARKS = 100_000
_CHUNK = 1024 * 1024
_OVERLAP = 32 * 1024  # longer than any formula
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_NUMBER = re.compile(rb'\br="(\d+)"')
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*\bref="([A-Z]{1,3}(\d{1,9}):[A-Z]{1,3}(\d{1,9}))"')
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_END = re.compile(rb"</(?:\w+:)?sheetData")
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')


class NoTable(SentenceFault):
    """A sheet that no table of people can be."""


@dataclass(frozen=True, kw_only=True)
class SheetMarks:
    """Rows that are hidden, merged (with the range) or hold a formula without a result (with its columns)."""

    hidden: set[int] = field(default_factory=set)
    merged: dict[int, str] = field(default_factory=dict)
    unworked: dict[int, set[str]] = field(default_factory=dict)


def marks_of(sheet: IO[bytes]) -> SheetMarks:
    """The marks of a sheet's XML. :raises TooMuch: more of anything than a spreadsheet can hold"""
    marks, stored, row, since_row, tail = SheetMarks(), b"", 0, 0, False
    while chunk := sheet.read(_CHUNK):
        part = stored + chunk
        if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
            raise NoTable(Sentence("this is no spreadsheet that a program would write; save it again in a spreadsheet"))
        row = _rows(part, marks, len(stored), row)
        _merged(part, marks)
        if b"<f" in part or b":f" in part:
            _formulas(part, marks)
        ended = part.rfind(b"</row")
        ended = part.rfind(b":row>") if ended < 0 else ended
        since_row = len(part) - ended if ended >= 0 else since_row + len(chunk)
        tail = tail or _END.search(part) is not None
        if since_row > (LONGEST_TAIL if tail else LONGEST_ROW):
            raise NoTable(Sentence("a row of this sheet is longer than a spreadsheet's can be; save the table as CSV"))
        stored = part[-_OVERLAP:]
    return marks


def _rows(part: bytes, marks: SheetMarks, seen: int, last: int) -> int:
    """The last row of this part, of which so many bytes were seen before. Nobody reads a row that is out of order."""
    for found in _ROW.finditer(part):
        if found.end() > seen and (number := _NUMBER.search(found[1])):
            row = int(number[1])
            if row <= last:
                raise NoTable(Sentence("the rows of this sheet are out of order; save it again in a spreadsheet"))
            last = row
            if row > MOST_ROWS:
                raise NoTable(
                    Sentence(
                        "the sheet has a row %(row)s, and a spreadsheet ends with %(last)s; save the table as CSV",
                        row=row,
                        last=MOST_ROWS,
                    )
                )
            if _HIDDEN.search(found[1]):
                marks.hidden.add(row)
    return last


def _merged(part: bytes, marks: SheetMarks) -> None:
    for found in _MERGED.finditer(part):
        first, last = int(found[2]), int(found[3])
        if last > MOST_ROWS or len(marks.merged) + last - first > MOST_MARKS:
            raise NoTable(Sentence("the sheet has too many merged cells; unmerge them, and fill in each row"))
        marks.merged.update(dict.fromkeys(range(first, last + 1), found[1].decode()))


def _formulas(part: bytes, marks: SheetMarks) -> None:
    for found in _FORMULA.finditer(part):
        worked_out_to_nothing = b't="str"' in found[1] and found[2]
        if worked_out_to_nothing or not (place := _PLACE.search(found[1])):
            continue
        marks.unworked.setdefault(int(place[2]), set()).add(place[1].decode())
        if len(marks.unworked) > MOST_MARKS:
            raise NoTable(Sentence("no formula of this sheet has its result; open it in a spreadsheet, and save it"))


def columns_without_results(marks: SheetMarks, row: int) -> tuple[int, ...]:
    """Those columns of a row, counted from 0."""
    return tuple(place_of_letters(letters) for letters in marks.unworked.get(row, ()))
