"""The rows of a table that are to be mended, as the same table with a column that says what; it can be read again."""

import csv
import io
from collections.abc import Collection, Sequence
from typing import Any, Protocol

from checklists.people.records import Record
from checklists.people.tables.cells import Cell
from checklists.people.tables.columns import MEND
from checklists.people.tables.rows import TableRecord
from reports.exports.spreadsheet import CSV_ENCODING, csv_row, font, put

_MEND_WIDTH, _WIDTH, _MARKED = 70, 16, "FFFF00"
_LINE_LETTERS, _LINE_HEIGHT, _MOST_LINES = 62, 15.5, 26  # a spreadsheet has no higher row


class _Writer(Protocol):
    def row(self, cells: Sequence[Cell], marked: Collection[int]) -> None: ...
    def as_bytes(self) -> bytes: ...


class FaultTable:
    """Takes one faulty record after another, and writes each as it comes."""

    def __init__(self, *, is_csv: bool) -> None:
        self.is_csv = is_csv
        self.places: dict[int, str] = {}
        self.writer: _Writer | None = None

    def add(self, record: Record, places: Collection[str], mend: str) -> None:
        """The next row, with the keys of the faulty cells, and what is to be mended in it."""
        row = record if isinstance(record, TableRecord) else None
        writer = self.writer or self._begun(row)
        cells = [row.cells[place] if row and place < len(row.cells) else None for place in self.places]
        marked = {number for number, key in enumerate(self.places.values(), start=1) if key in places}
        writer.row([mend, *cells], marked)

    def as_bytes(self) -> bytes:
        """The whole table; nothing is added after that."""
        return (self.writer or self._begun(None)).as_bytes()

    def _begun(self, row: TableRecord | None) -> _Writer:
        columns = row.header.columns if row else {}
        self.places = {place: column.key for place, column in sorted(columns.items()) if column.key != MEND}
        keys = (MEND, *self.places.values())
        self.writer = _Csv(keys) if self.is_csv else _Xlsx(keys)
        return self.writer


class _Csv:
    def __init__(self, keys: Sequence[str]) -> None:
        self.text = io.StringIO(newline="")
        self.writer = csv.writer(self.text)
        self.row(keys, ())

    def row(self, cells: Sequence[Cell], marked: Collection[int]) -> None:
        del marked
        self.writer.writerow(csv_row(cells))

    def as_bytes(self) -> bytes:
        return self.text.getvalue().encode(CSV_ENCODING)


class _Xlsx:
    def __init__(self, keys: Sequence[str]) -> None:
        from openpyxl import Workbook
        from openpyxl.styles import Alignment, PatternFill
        from openpyxl.utils import get_column_letter

        self.book: Any = Workbook(write_only=True)
        self.sheet = self.book.create_sheet(MEND)
        self.sheet.freeze_panes = "B2"
        for number in range(len(keys)):
            self.sheet.column_dimensions[get_column_letter(number + 1)].width = _WIDTH if number else _MEND_WIDTH
        self.marked, self.wrapped = PatternFill("solid", start_color=_MARKED), Alignment(wrap_text=True, vertical="top")
        self.sheet.append([put(self.sheet, key, font=font(bold=True)) for key in keys])
        self.rows = 1

    def row(self, cells: Sequence[Cell], marked: Collection[int]) -> None:
        mend, *others = cells
        mend_cell = put(self.sheet, mend, alignment=self.wrapped)
        self.rows += 1
        lines = min(-(-len(str(mend)) // _LINE_LETTERS), _MOST_LINES)
        self.sheet.row_dimensions[self.rows].height = _LINE_HEIGHT * lines
        found = [
            put(self.sheet, cell, **({"fill": self.marked} if number in marked else {}))
            for number, cell in enumerate(others, start=1)
        ]
        self.sheet.append([mend_cell, *found])

    def as_bytes(self) -> bytes:
        written = io.BytesIO()
        self.book.save(written)
        return written.getvalue()
