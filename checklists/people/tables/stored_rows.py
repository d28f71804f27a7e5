"""The rows of a table ⇄ plain JSON, each cell as the spreadsheet had it: a day stays a day."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from math import isfinite
from typing import Any

from checklists.people.sentence import from_json, to_json
from checklists.people.tables.cells import Cell, NeverWorkedOut, says_nothing
from checklists.people.tables.rows import SheetRow

LONGEST_CELL = 600
"""Characters; twice what the longest cell that says something has."""

_TAGGED: Mapping[str, tuple[type, Callable[[Any], Any], Callable[[Any], Cell]]] = {
    "moment": (datetime, datetime.isoformat, datetime.fromisoformat),
    "day": (date, date.isoformat, date.fromisoformat),
    "time": (time, time.isoformat, time.fromisoformat),
    "seconds": (timedelta, timedelta.total_seconds, lambda seconds: timedelta(seconds=seconds)),
    "formula": (NeverWorkedOut, lambda _: None, lambda _: NeverWorkedOut()),
}


def row_to_json(row: SheetRow) -> list[Any]:
    """Its number, its cells up to the last that is filled, and why nobody can tell what it says."""
    cells = [_cell_to(each) for each in row.cells]
    while cells and cells[-1] in (None, ""):
        cells.pop()
    return [row.number, cells, to_json(row.fault) if row.fault is not None else None]


def row_from_json(data: Sequence[Any]) -> SheetRow:
    """The same row again."""
    number, cells, fault = data
    found = tuple(_cell_from(each) for each in cells)
    return SheetRow(number=number, cells=found, fault=None if fault is None else from_json(fault))


def is_filled(row: SheetRow) -> bool:
    """Whether anything in it says something."""
    return row.fault is not None or not all(says_nothing(each) for each in row.cells)


def with_cells(row: SheetRow, typed: Mapping[int, str]) -> SheetRow:
    """The row with what was typed into some of its cells."""
    cells = [*row.cells, *[None] * (max(typed, default=-1) + 1 - len(row.cells))]
    for place, text in typed.items():
        cells[place] = text
    return SheetRow(number=row.number, cells=tuple(cells), fault=row.fault)


def without_column(rows: Iterable[SheetRow], place: int) -> tuple[SheetRow, ...]:
    """The rows without what stands in one column; all others keep their places."""
    return tuple(with_cells(row, {place: ""}) if len(row.cells) > place else row for row in rows)


def _cell_to(cell: Cell) -> Any:
    if isinstance(cell, str):
        return cell[:LONGEST_CELL]
    if isinstance(cell, float) and not isfinite(cell):
        return str(cell)
    for tag, (kind, pack, _) in _TAGGED.items():
        if isinstance(cell, kind):
            return [tag, pack(cell)]
    return cell


def _cell_from(data: Any) -> Cell:
    if isinstance(data, list):
        tag, value = data
        return _TAGGED[tag][2](value)
    found: Cell = data
    return found
