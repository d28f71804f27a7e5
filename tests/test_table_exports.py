"""Ten people as Excel, LibreOffice, Numbers and Google write them: whatever their habits, the same is read.

Reported by others: UTF-16 as "Unicode text" · MacRoman with CR (brianmario/charlock_holmes#98, evanplaice/jquery-csv#45)
· a first line sep=; (mechatroner/vscode_rainbow_csv#108) · semicolons in Europe (JetBrains-Research/jbr#140) · UTF-8
without a mark taken for an old set (comma-csv/comma#95) · boxes as TRUE and FALSE (dilshod/xlsx2csv#225) · rows of
nothing at the end (SheetJS/sheetjs#1211) · Numbers' sheet "Export Summary".
"""

import csv
import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from checklists.people.people_file import read_people
from checklists.people.tables.columns import columns_of
from checklists.people.tables.rows import TableRecord
from reports.words.answer_words import answer_words, language_words
from tests.processes import NEVER_SECONDS

TEN = Path(__file__).parent.parent / "docs" / "ten-people.csv"
Rows = list[list[str]]


def ten_people() -> Rows:
    """The questions, the keys, ten people: all on a day, and one with letters that are not everybody's."""
    rows = list(csv.reader(io.StringIO(TEN.read_text("utf-8-sig"))))
    for row in rows[2:]:
        row[1] = "2026-11-22"
    rows[2][0] = "10442 Álvaro Núñez"
    return rows


ROWS = ten_people()
SPANISH = {"y": "sí", "n": "no", "none": "ninguna"}


def as_text(
    rows: Rows, separator: str = ",", ends: str = "\r\n", *, quoted: bool = False, say: Callable[[str], str] = str
) -> str:
    """The rows as CSV; `say` changes what stands in a cell of a person."""
    text = io.StringIO()
    quoting = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    writer = csv.writer(text, delimiter=separator, lineterminator=ends, quoting=quoting)
    writer.writerows([*rows[:2], *([say(cell) for cell in row] for row in rows[2:])])
    return text.getvalue()


def european(cell: str) -> str:
    """Numbers with a comma, days as they are written there, Spanish answers."""
    cell = re.sub(r"^(\d+)\.(\d+)$", r"\1,\2", cell)
    return SPANISH.get(cell, re.sub(r"^(\d{4})-(\d\d)-(\d\d)$", r"\3.\2.\1", cell))


def american(cell: str) -> str:
    return re.sub(r"^(\d{4})-(\d\d)-(\d\d)$", r"\2/\3/\1", cell)


def boxed(cell: str) -> str:
    return "TRUE" if cell == "y" else cell


def as_typed(cell: str) -> str:
    """As somebody types who wants a text, or copies from a document and a web page."""
    said = {"y": "Yes\u00a0", "n": "“No”", "?": "don’t know", "none": "'none"}.get(cell, cell)
    return f"'{said}" if re.fullmatch(r"[\d.]+", said) else said


EUROPE = as_text(ROWS, ";", say=european)
WIDE = [[*row, "", ""] for row in ROWS]
UNTICKED = ["FALSE" if cell in ("y", "n") else "" for cell in ROWS[2]]


def numbered(cell: str) -> object:
    """A cell as a spreadsheet keeps it: a number, a day, a box that is ticked."""
    if re.fullmatch(r"\d+(\.\d+)?", cell):
        return float(cell)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", cell):
        return date.fromisoformat(cell)
    return True if cell == "y" else cell or None


def as_book(rows: list[list[object]], change: Callable[[Workbook], None] = lambda _: None) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    change(book)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def in_cells(read: Callable[[str], object]) -> list[list[object]]:
    return [*ROWS[:2], *([read(cell) for cell in row] for row in ROWS[2:])]


def numbers_book(book: Workbook) -> None:
    """A summary before the one sheet, a title above its table, and another table on a sheet of its own."""
    people = book.active
    people.title = "Sheet 1 - Table 1"
    people.insert_rows(1)
    people["A1"] = "Table 1"
    summary = book.create_sheet("Export Summary", 0)
    summary.append(["This document was exported from Numbers.  Each table was converted to an Excel worksheet."])
    summary.append(["Numbers Sheet Name", "Numbers Table Name", "Excel Worksheet Name"])
    book.create_sheet("Sheet 1 - Notes").append(["Call Alma on Monday"])


def google_book() -> bytes:
    """A sheet without styles, sizes and shared texts, whose boxes go on below the last person."""
    rows = "".join(f"<row r='{number}'>{''.join(cells)}</row>" for number, cells in enumerate(google_rows(), start=1))
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'"
    rels = "xmlns='http://schemas.openxmlformats.org/package/2006/relationships'"
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": (
            "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'>"
            "<Default Extension='rels' ContentType='application/vnd.openxmlformats-package.relationships+xml'/>"
            f"<Override PartName='/xl/workbook.xml' ContentType='{types}.sheet.main+xml'/>"
            f"<Override PartName='/xl/worksheets/sheet1.xml' ContentType='{types}.worksheet+xml'/></Types>"
        ),
        "_rels/.rels": (
            f"<Relationships {rels}><Relationship Id='rId1' Type='{kind}/officeDocument' Target='xl/workbook.xml'/>"
            "</Relationships>"
        ),
        "xl/workbook.xml": (
            f"<workbook {main} xmlns:r='{kind}'><sheets><sheet name='People' sheetId='1' r:id='rId1'/></sheets></workbook>"
        ),
        "xl/_rels/workbook.xml.rels": (
            f"<Relationships {rels}><Relationship Id='rId1' Type='{kind}/worksheet' Target='worksheets/sheet1.xml'/>"
            "</Relationships>"
        ),
        "xl/worksheets/sheet1.xml": f"<worksheet {main}><sheetData>{rows}</sheetData></worksheet>",
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return written.getvalue()


def google_rows() -> Iterator[list[str]]:
    for row in [*ROWS, *[UNTICKED] * 200]:
        yield [google_cell(cell) for cell in row]


def google_cell(cell: str) -> str:
    if cell in ("y", "FALSE"):
        return f"<c t='b'><v>{int(cell == 'y')}</v></c>"
    if re.fullmatch(r"\d+(\.\d+)?", cell):
        return f"<c><v>{cell}</v></c>"
    return f"<c t='inlineStr'><is><t>{cell.replace('&', '&amp;').replace('<', '&lt;')}</t></is></c>" if cell else "<c/>"


EXPORTS: dict[str, Callable[[], bytes]] = {
    "Excel, CSV UTF-8": lambda: as_text(ROWS).encode("utf-8-sig"),
    "Excel, CSV with American days": lambda: as_text(ROWS, say=american).encode("cp1252"),
    "Excel in Europe, CSV": lambda: EUROPE.encode("cp1252"),
    "Excel in Europe, with a line for the separator": lambda: f"sep=;\r\n{EUROPE}".encode("utf-8-sig"),
    "Excel, CSV (Macintosh)": lambda: EUROPE.replace("\r\n", "\r").encode("mac_roman"),
    "Excel, CSV (MS-DOS)": lambda: EUROPE.encode("cp850"),
    "Excel, Unicode text": lambda: as_text(ROWS, "\t").encode("utf-16"),
    "UTF-16, big end first": lambda: b"\xfe\xff" + as_text(ROWS, "\t").encode("utf-16-be"),
    "UTF-16 without a mark": lambda: as_text(ROWS, "\t").encode("utf-16-le"),
    "Excel, which took UTF-8 for its own letters": lambda: as_text(ROWS).encode().decode("latin-1").encode(),
    "Excel on a Mac, which did so too": lambda: as_text(ROWS).encode().decode("mac_roman").encode(),
    "Excel, empty columns and rows at the end": lambda: as_text(WIDE).encode() + b",,,,\r\n" * 30,
    "Excel, a title, an empty row and two lines in a cell above": lambda: (
        f"Hill Street{',' * 64}\r\n\r\n" + as_text([[f"{each}\nplease" for each in ROWS[0]], *ROWS[1:]])
    ).encode(),
    "as somebody types": lambda: as_text(ROWS, say=as_typed).encode(),
    "bars": lambda: as_text(ROWS, "|").encode(),
    "keys in capitals and with low lines": lambda: as_text(
        [ROWS[0], [f" {key.upper().replace('-', '_')}" for key in ROWS[1]], *ROWS[2:]]
    ).encode(),
    "other order": lambda: as_text([row[::-1] for row in ROWS]).encode(),
    "the header again on each page": lambda: as_text([*ROWS[:6], ROWS[1], *ROWS[6:]]).encode(),
    "LibreOffice, tabs": lambda: as_text(ROWS, "\t", "\n").encode(),
    "LibreOffice, every text in quotes": lambda: as_text(ROWS, quoted=True).encode(),
    "Numbers, a title": lambda: ("Table 1\n" + as_text(ROWS, ";", "\n", say=european)).encode(),
    "Google, without an end": lambda: as_text(ROWS, say=boxed).strip().encode(),
    "Google, boxes that nobody ticked below": lambda: (
        as_text(ROWS, say=boxed) + f"{','.join(UNTICKED)}\r\n" * 200
    ).encode(),
    "Excel, .xlsx": lambda: as_book(in_cells(numbered)),
    "Excel, numbers as text": lambda: as_book(in_cells(str)),
    "Numbers, .xlsx": lambda: as_book(in_cells(numbered), numbers_book),
    "Google, .xlsx": google_book,
}


@pytest.fixture(scope="module")
def read(definitions):
    """The bytes of a file → what each of its rows says, and the faults."""
    columns = columns_of(definitions, *(each(definitions.languages, "us") for each in (answer_words, language_words)))

    def found(data: bytes) -> list[object]:
        records = list(read_people(io.BytesIO(data), lambda: columns).records)
        assert all(isinstance(each, TableRecord) for each in records), records
        return [(each.value, each.settings, each.fault, each.cell_faults) for each in records]

    return found


@pytest.fixture(scope="module")
def ten(read) -> list[object]:
    return read(as_text(ROWS).encode())


def test_ten_people_are_read_without_a_fault(ten) -> None:
    assert [(fault, faults) for _, _, fault, faults in ten] == [(None, ())] * 10
    assert {value["today"] for value, *_ in ten} == {"2026-11-22"}


@pytest.mark.parametrize("written", EXPORTS.values(), ids=EXPORTS)
def test_a_table_says_the_same_however_a_spreadsheet_writes_it(read, ten, written) -> None:
    assert read(written()) == ten


@pytest.mark.parametrize(
    "text", ["Ana – Reyes", "O’Neil", "Ana, she doesn’t see", "“Ana” at the \u2018home’", "Rene’s…", "Ana €"]
)
def test_marks_of_a_document_are_no_letters_of_another_set(read, text) -> None:
    ((value, *_),) = read(as_text([["label", "about.age", "falls.numb-feet"], [], [text, "81", "y"]]).encode("cp1252"))
    assert value["label"] == text


@pytest.mark.parametrize(("text", "written_in"), [("Иван", "cp1251"), ("Νίκος", "cp1253"), ("Łukasz Żółć", "cp1250")])
def test_a_name_in_other_letters_is_asked_for_again_and_never_printed_wrong(read, text, written_in) -> None:
    rows = [["label", "about.age", "falls.numb-feet"], [], [text, "81", "y"]]
    assert [value["label"] for value, *_ in read(as_text(rows).encode())] == [text]
    ((*_, (fault,)),) = read(as_text(rows).encode(written_in))
    assert fault.endswith("holds a letter that cannot be read; save the table as CSV UTF-8")


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not there")
def test_what_libreoffice_itself_writes_says_the_same(read, ten, tmp_path) -> None:
    (tmp_path / "people.xlsx").write_bytes(as_book(in_cells(numbered)))
    for kind, of in (("ods", "people.xlsx"), ("xlsx", "out/people.ods"), ("csv", "out/people.xlsx")):
        profile = f"-env:UserInstallation=file://{tmp_path}/profile"
        command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", tmp_path / "out", tmp_path / of]
        subprocess.run(command, check=True, capture_output=True, timeout=NEVER_SECONDS)
    assert [read((tmp_path / "out" / f"people.{kind}").read_bytes()) for kind in ("xlsx", "csv")] == [ten, ten]
    with (tmp_path / "out" / "people.ods").open("rb") as file:
        (record,) = read_people(file, dict).records
    assert "a document of LibreOffice (such as .ods)" in str(record.fault)
