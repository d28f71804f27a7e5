"""The rows of a table → records, one at a time."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from checklists.people.quoting import joined, shown
from checklists.people.records import Record
from checklists.people.sentence import Sentence, at
from checklists.people.tables.cells import Cell, CellFault, as_text, is_empty, says_nothing
from checklists.people.tables.columns import MEND, Columns, place
from checklists.people.tables.header import WORDS_BY_CHANCE, HeaderRow, holds_a_key, is_header, read_header
from checklists.people.tables.header import column as column_at


@dataclass(frozen=True, kw_only=True)
class SheetRow:
    """A row of a sheet, counted from 1 as a spreadsheet does.

    A fault is why nobody can tell what the row says; above the header nobody needs to, where there are cells.
    """

    number: int
    cells: Sequence[Cell] = ()
    fault: str | None = None


@dataclass(frozen=True, kw_only=True)
class TableRecord(Record):
    """One person's row: the record that it says, each fault of a cell, how the paper is printed, and the cells."""

    header: HeaderRow
    cells: Sequence[Cell]
    cell_faults: tuple[str, ...]
    settings: dict[str, str]


NO_KEY = Sentence("no row holds a key such as falls.fell-past-year. flask people template makes a table with every key")
_OTHER_TABLE = Sentence(
    "another table begins here, with other columns; nobody from here on was taken. Put it into a file of its own"
)
_ABOVE = Sentence("this row stands above the row with the keys, and was not taken; move the keys above it")
_MOST_ABOVE = 2000


def read_rows(rows: Iterable[SheetRow], known: Columns) -> Iterator[Record]:
    """Every filled row below the header. Never raises for what stands in it."""
    rows = iter(rows)
    header, is_reported = None, False
    above: deque[SheetRow] = deque(maxlen=_MOST_ABOVE)
    for row in rows:
        if row.fault is not None and not row.cells:
            is_reported = True
            yield Record(line=row.number, fault=row.fault)
        elif holds_a_key(row.cells, known):
            header = read_header(row.number, row.cells, known)
            break
        else:
            above.append(row)
    if header is None:
        if not is_reported:
            yield Record(line=1, fault=NO_KEY)
    elif header.faults:
        yield _faulty(row, header, header.faults)
    else:
        yield from (_left_out(each, header) for each in above if _is_somebody(each, header))
        yield from _below(header, rows, known)


def _is_somebody(row: SheetRow, header: HeaderRow) -> bool:
    """Whether a row above the keys holds a person, as when somebody sorted the sheet, and no title or question."""
    answered = filled = 0
    for where, cell in enumerate(row.cells):
        column = header.columns.get(where)
        if is_empty(cell) or (column and column.key in WORDS_BY_CHANCE):
            continue
        filled += 1
        with suppress(CellFault):
            answered += column is not None and column.read(cell) is not None
    return 2 * answered > filled


def _left_out(row: SheetRow, header: HeaderRow) -> TableRecord:
    return replace(_record(row, header), fault=_ABOVE, cell_faults=(_ABOVE,))


def _below(header: HeaderRow, rows: Iterator[SheetRow], known: Columns) -> Iterator[Record]:
    for row in rows:
        if row.fault is not None:
            yield _faulty(row, header, (row.fault,))
        elif is_header(row.cells, known):
            if not header.is_repeated_in(row.cells):
                yield _faulty(row, header, (_OTHER_TABLE,))
                return
        elif not all(says_nothing(cell) for cell in row.cells):
            yield _record(row, header)


def _faulty(row: SheetRow, header: HeaderRow, faults: tuple[str, ...]) -> Record:
    return TableRecord(
        line=row.number, fault=joined(faults), cell_faults=faults, header=header, cells=row.cells, settings={}
    )


def _record(row: SheetRow, header: HeaderRow) -> TableRecord:
    record: dict[str, Any] = {}
    settings: dict[str, str] = {}
    faults = []
    for where, cell in enumerate(row.cells):
        if is_empty(cell):
            continue
        column = header.columns.get(where)
        if column is None:
            fault = Sentence("%(cell)s stands under no key; remove it, or name the column", cell=_seen(cell))
            faults.append(at(column_at(where), fault))
            continue
        try:
            value = column.read(cell)
        except CellFault as fault:
            faults.append(at(column.key, fault.sentence))
            value = None
        if not column.is_setting:
            place(record, column.path, value)
        elif value is not None and column.key != MEND:
            settings[column.key] = value
    return TableRecord(
        line=row.number, value=record, cell_faults=tuple(faults), settings=settings, header=header, cells=row.cells
    )


def _seen(cell: Cell) -> str:
    try:
        return shown(as_text(cell))
    except CellFault:
        return shown(str(cell))
