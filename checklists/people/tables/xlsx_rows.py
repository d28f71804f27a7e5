"""An .xlsx → the rows of the one sheet that holds people. Formulas are never worked out, macros never run."""

import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any
from zipfile import ZipFile, ZipInfo

from checklists.people.quoting import cut, harmless
from checklists.people.sentence import Sentence
from checklists.people.tables.cells import Cell, NeverWorkedOut, says_nothing
from checklists.people.tables.columns import Columns
from checklists.people.tables.header import holds_a_key
from checklists.people.tables.rows import NO_KEY, SheetRow
from checklists.people.tables.xlsx_marks import NoTable, SheetMarks, columns_without_results, marks_of

_LARGEST_SHEET = 1024 * 1024 * 1024
_LARGEST_PART = 64 * 1024 * 1024  # of all others: texts and styles are kept in memory
_MOST_PARTS = 2000
_LOOKED_AT = 100  # rows in which the header is looked for
_ZEROS = re.compile("0{2,}")  # the format of a number that is shown with zeros before it
_SHEETS, _STRICT = "xl/worksheets/", b"http://purl.oclc.org/ooxml/"


@dataclass(frozen=True, kw_only=True)
class Worksheet:
    """The rows of a sheet, and what whoever filled it in should know."""

    rows: Iterator[SheetRow]
    notes: tuple[str, ...] = ()


def read_xlsx(file: IO[bytes], known: Columns, most_unpacked: int | None = None) -> Worksheet:
    """The sheet with the people; what is wrong with the workbook is a fault of row 1.

    `most_unpacked` are the bytes that all of it may have inside, where a page reads it and others wait.
    """
    try:
        with _calm():
            return _sheet(file, known, most_unpacked)
    except NoTable as error:
        return Worksheet(rows=iter([SheetRow(number=1, fault=error.sentence)]))


def _sheet(file: IO[bytes], known: Columns, most_unpacked: int | None) -> Worksheet:
    with ZipFile(file) as archive:
        _look_at(archive, most_unpacked)
        marks = {part.filename: _marks(archive, part) for part in archive.infolist() if _is_sheet(part)}
    book = _open(file)
    headers = _with_people({sheet: row for sheet in book.worksheets if (row := _header_row(sheet, known))})
    if len(headers) != 1:
        names = tuple(_name(sheet) for sheet in headers)
        raise NoTable(
            Sentence("more than one sheet holds people (%(names)s); keep one of them", names=names)
            if headers
            else NO_KEY
        )
    ((sheet, header),) = headers.items()
    found = marks.get(sheet._worksheet_path, SheetMarks())  # the one thing that only openpyxl knows
    return Worksheet(rows=_rows(sheet, found), notes=tuple(_notes(found, header)))


@contextmanager
def _calm() -> Iterator[None]:
    """openpyxl warns of much that no table needs, and raises whatever comes where a file is damaged."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except (NoTable, MemoryError, GeneratorExit):
            raise
        except Exception as error:
            damaged = Sentence(
                "this spreadsheet is damaged (%(error)s); open it in a spreadsheet, and save it as .xlsx or as CSV",
                error=type(error).__name__,
            )
            raise NoTable(damaged) from error


def _open(file: IO[bytes]) -> Any:
    from openpyxl import load_workbook  # 300 ms, which no other kind of file has to wait for
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

    # What a file claims of its size is not always so; and to work it out, all of a long sheet would be read.
    ReadOnlyWorksheet._get_size = lambda _: None
    return load_workbook(file, read_only=True, data_only=True, keep_links=False)


def _is_sheet(part: ZipInfo) -> bool:
    return part.filename.startswith(_SHEETS) and part.filename.endswith(".xml")


def _look_at(archive: ZipFile, most_unpacked: int | None) -> None:
    """Sizes are those that the archive claims; no more than that is ever unpacked."""
    parts = archive.infolist()
    is_large = most_unpacked is not None and sum(part.file_size for part in parts) > most_unpacked
    if (
        is_large
        or len(parts) > _MOST_PARTS
        or any(part.file_size > (_LARGEST_SHEET if _is_sheet(part) else _LARGEST_PART) for part in parts)
    ):
        raise NoTable(Sentence("this spreadsheet is too large inside; save the table as CSV"))
    for part in parts:
        if part.flag_bits & 1:
            raise NoTable(Sentence("this spreadsheet has a password; save it without one"))
        if part.filename.endswith((".xml", ".rels")) and not _is_sheet(part):
            with archive.open(part) as part_file:
                head = part_file.read(4096)
            if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                raise NoTable(
                    Sentence("this is no spreadsheet that a program would write; save it again in a spreadsheet")
                )
            if part.filename == "xl/workbook.xml" and _STRICT in head:
                raise NoTable(Sentence('this is a "Strict Open XML" spreadsheet; save it as an ordinary .xlsx'))


def _marks(archive: ZipFile, part: ZipInfo) -> SheetMarks:
    with archive.open(part) as part_file:
        return marks_of(part_file)


def _header_row(sheet: Any, known: Columns) -> int | None:
    rows = islice(sheet.iter_rows(values_only=True), _LOOKED_AT)
    return next((number for number, cells in enumerate(rows, start=1) if holds_a_key(cells, known)), None)


def _with_people(headers: Mapping[Any, int]) -> Mapping[Any, int]:
    """Of many sheets with a header, those that have somebody below it: an empty copy for next month has not."""
    if len(headers) < 2:
        return headers
    filled = {sheet: row for sheet, row in headers.items() if _has_people(sheet, row)}
    return filled or dict(islice(headers.items(), 1))


def _has_people(sheet: Any, header: int) -> bool:
    below = sheet.iter_rows(min_row=header + 1, values_only=True)
    return any(not says_nothing(cell) for cells in below for cell in cells)


def _name(sheet: Any) -> str:
    name = cut(harmless(sheet.title))
    return name if sheet.sheet_state == "visible" else Sentence("%(sheet)s, which is hidden", sheet=name)


def _rows(sheet: Any, marks: SheetMarks) -> Iterator[SheetRow]:
    number = 0
    try:
        with _calm():
            for number, cells in enumerate(_cells(sheet), start=1):
                yield SheetRow(number=number, cells=_with_formulas(cells, marks, number), fault=_fault(marks, number))
    except NoTable as error:
        yield SheetRow(number=number + 1, fault=error.sentence)


def _cells(sheet: Any) -> Iterator[tuple[Cell, ...]]:
    """The values of each row; their formats, which take longer, only where a number may be shown as 0042."""
    if not any(map(_ZEROS.fullmatch, sheet.parent._number_formats)):
        return sheet.iter_rows(values_only=True)  # type: ignore[no-any-return]
    return (tuple(map(_with_zeros, row)) for row in sheet.iter_rows())


def _with_zeros(cell: Any) -> Cell:
    value: Cell = cell.value
    if isinstance(value, int) and not isinstance(value, bool) and _ZEROS.fullmatch(cell.number_format):
        return f"{value:0{len(cell.number_format)}}"
    return value


def _with_formulas(cells: tuple[Cell, ...], marks: SheetMarks, row: int) -> tuple[Cell, ...]:
    without = columns_without_results(marks, row)
    if not without:
        return cells
    width = max(len(cells), *(place + 1 for place in without))
    filled = [*cells, *[None] * (width - len(cells))]
    for place in without:
        filled[place] = NeverWorkedOut()
    return tuple(filled)


def _fault(marks: SheetMarks, row: int) -> str | None:
    if row not in marks.merged:
        return None
    return Sentence("the cells %(cells)s are merged; unmerge them, and fill in each row", cells=marks.merged[row])


def _notes(marks: SheetMarks, header: int) -> Iterator[str]:
    hidden = sorted(row for row in marks.hidden if row > header)
    if hidden:
        some = ", ".join(map(str, hidden[:5])) + (", …" if len(hidden) > 5 else "")
        yield Sentence("Hidden rows are taken too: %(rows)s. Delete a row to leave somebody out.", rows=some)
