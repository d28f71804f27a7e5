"""Cells as we write them: what somebody typed is a text, and never becomes a formula."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from checklists.people.plain_text import plain
from checklists.people.tables.cells import FORMULA_SIGNS, Cell, NeverWorkedOut

CSV_ENCODING = "utf-8-sig"  # with the mark by which spreadsheets know it


def text_of(cell: Cell) -> str:
    """A cell as a text of one line."""
    if cell is None:
        return ""
    if isinstance(cell, NeverWorkedOut):
        return "#FORMULA!"  # which is a fault too when it is read again
    if isinstance(cell, float):
        return f"{cell:.15g}"
    return plain(str(cell))


def typed(cell: Cell) -> Cell:
    """A cell as it was, where it is harmless in itself: a number, a day, yes or no; else its text."""
    return cell if isinstance(cell, bool | int | float | datetime | timedelta) else text_of(cell) or None


def csv_row(cells: Iterable[Cell]) -> list[str]:
    """A row of a CSV; a text that looks like a formula gets a quote before it."""
    return [_quoted(text_of(cell)) for cell in cells]


def _quoted(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def font(**style: Any) -> Any:
    """The letters of every sheet; where a font has no name, each program takes its own."""
    from openpyxl.styles import Font

    return Font(name="Calibri", **{"size": 11, **style})


def put(sheet: Any, cell: Cell, **style: Any) -> Any:
    """A cell for a row of a sheet that is written row by row."""
    from openpyxl.cell import WriteOnlyCell

    made = WriteOnlyCell(sheet, typed(cell))
    if isinstance(made.value, str):
        made.data_type = "s"  # what begins with = would be a formula
        made.quotePrefix = made.value.startswith(FORMULA_SIGNS)  # and would become one when somebody edits it
    for name, value in style.items():
        setattr(made, name, value)
    return made
