"""Tables of a clinic: what a spreadsheet writes is read kindly, nothing is guessed, and each fault is named in its place."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.chart import BarChart, Reference

from checklists.people.people_file import read_people
from checklists.people.quoting import joined
from checklists.people.sentence import in_words, place_of
from checklists.people.tables.columns import columns_of
from checklists.people.tables.rows import TableRecord
from reports.exports.fault_table import FaultTable
from reports.exports.people_table import people_table
from reports.exports.table_files import as_csv, as_xlsx
from reports.words.answer_words import answer_words, language_words
from reports.words.speech import speech
from reports.words.words import words

FELL = "falls.fell-past-year"


@pytest.fixture(scope="session")
def columns(definitions):
    said = (each(definitions.languages, "us") for each in (answer_words, language_words))
    return columns_of(definitions, *said)


@pytest.fixture
def read(columns):
    """The bytes of a file → its records."""
    return lambda data: list(read_people(io.BytesIO(data), lambda: columns).records)


@pytest.fixture
def cell(read):
    """What one cell of a CSV says, or its fault."""

    def value(key: str, text: str) -> object:
        (record,) = read(as_text([key, "home.floors-loose-rugs"], [text, "no"]))
        if record.cell_faults:
            return record.cell_faults[0]
        found = record.value
        for name in record.header.columns[0].path:
            found = found.get(name) if found else None
        return record.settings.get(key) or found

    return value


def as_text(*rows: list[str], separator: str = ",") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(rows)
    return text.getvalue().encode()


def sheet_of(*rows: list[object], change: Callable[[Any], None] | None = None) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    if change:
        change(book.active)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def faults(records) -> list[tuple[int, str]]:
    return [
        (each.line, fault)
        for each in records
        for fault in (each.cell_faults if isinstance(each, TableRecord) and each.cell_faults else [each.fault])
        if fault
    ]


# What a cell says ------------------------------------------------------------------------------------------------------

CELLS = [
    (FELL, "yes", ["Yes", "YES ", "y", "Y", "sí", "Si", "S", "s.", "TRUE", "verdadero"]),
    (FELL, "no", ["No", "n", "N.", " NO\u00a0"]),
    (FELL, "unsure", ["?", "unsure", "Not sure", "don't know", "No sé", "no se"]),
    ("home.stairs-no-rails", "not-here", ["not-here", "Not here", "not_here", "En esta casa no hay"]),
    ("about.sex", "female", ["F", "female", "Mujer", "mujer"]),
    ("about.sex", "male", ["male", "H", "hombre", "Male."]),
    ("bone.bone-medicine", "tablet-or-drip", ["tablet-or-drip", "A pill, or an IV into a vein", "Tablet or drip"]),
    ("about.age", 81, ["81", "81.0", "81,0", " 81 "]),
    ("bone.weight-kg", Decimal("58.5"), ["58,5", "58.5", "58.50", "58,5 kg", "58.5KG"]),
    ("bone.weight-kg", None, ["?", "not sure"]),
    ("measures.tug-seconds", "unable", ["unable", "Unable", "not able to"]),
    ("measures.tug-seconds", Decimal("13.25"), ["13,25", "13.25 s"]),
    ("measures.chair-used-arms", "yes", ["y", "Sí"]),
    ("measures.bp.lying", [150, 80], ["150/80", "150 / 80", "150/80 mmHg"]),
    ("warning-signs", [], ["none", "None", "ninguna", "Ninguna de estas", "no"]),
    ("warning-signs", ["blackout", "stroke-signs"], ["blackout stroke-signs", "Blackout, stroke_signs", "blackout;stroke-signs", "Blackout, Stroke signs"]),
    ("today", "2026-11-22", ["2026-11-22", "2026-11-22 00:00:00", "2026-11-22T09:30", "2026/11/22"]),
    ("today", "2026-11-23", ["11/23/2026", "23/11/2026 9:30", "23.11.2026", "23-11-2026", "11/23/2026 9:30:05 AM"]),
    ("today", "2026-03-03", ["3/3/2026", "03.03.2026"]),
    ("label", "=1+1", ["=1+1", "'=1+1"]),
    ("label", "'t Hoen", ["'t Hoen"]),
    ("label", "0042", ["0042", " 0042\u200b", "'0042"]),
    ("print", "18", ["18", "18.0", "18,0", "18pt", "18 pt"]),
    ("lang", "es", ["es", "Español", "Spanish"]),
    ("page", "a4", ["A4"]),
]  # fmt: skip


@pytest.mark.parametrize(("key", "means", "typed"), CELLS, ids=[f"{key}={means}" for key, means, _ in CELLS])
def test_a_cell_is_read_kindly_in_both_languages(cell, key, means, typed) -> None:
    assert {text: cell(key, text) for text in typed} == dict.fromkeys(typed, means)


NOT_UNDERSTOOD = {
    (FELL, "maybe"): f'{FELL}: "maybe" is not understood; write yes, no or ?',
    (FELL, "FALSE"): f"{FELL}: a box that is not ticked says nothing; write no, or leave the cell empty",
    (FELL, "1"): f'{FELL}: "1" is not understood; write yes, no or ?',
    ("about.sex", "M"): 'about.sex: "M" can mean female or male; write the word',
    ("bone.dexa-result", "n"): (
        'bone.dexa-result: "n" is not understood; write normal, low-bone-mass, osteoporosis or ?'
    ),
    ("bone.weight-kg", "128 lb"): (
        'bone.weight-kg: "128 lb" is not understood; write a number from 25 to 300 kg'
    ),
    ("about.age", "1.2.3"): 'about.age: "1.2.3" is not understood; write a number from 18 to 120',
    ("today", "22-Nov-26"): (
        'today: "22-Nov-26" is not understood; write the day like 2026-11-22, or format the cell as a date'
    ),
    ("today", "11/22/26"): (
        'today: "11/22/26" is not understood; write the day like 2026-11-22, or format the cell as a date'
    ),
    ("today", "05/11/2026"): (
        'today: "05/11/2026" can mean 2026-05-11 or 2026-11-05; write the one that is meant'
    ),
    ("measures.bp.lying", "150"): 'measures.bp.lying: "150" is not understood; write it like 150/80',
    ("warning-signs", "none blackout"): (
        "warning-signs: none stands beside a sign; write none alone, or only the signs"
    ),
    ("label", "1.23457E+11"): (
        'label: "1.23457E+11" is a number of which digits are lost; make the column text, and write it again'
    ),
    ("label", "x" * 81): "label: has 81 characters; use at most 80",
    ("print", "15"): 'print: "15" is not understood; write 12, 14, 18 or 24',
}  # fmt: skip


@pytest.mark.parametrize(("where", "says"), NOT_UNDERSTOOD.items(), ids=[" ".join(each) for each in NOT_UNDERSTOOD])
def test_what_is_not_understood_names_its_column_and_what_may_stand_there(cell, where, says) -> None:
    assert cell(*where) == says


def test_an_unknown_sign_is_named_with_every_sign_that_there_is(cell, definitions) -> None:
    fault = cell("warning-signs", "blackout stroke")
    assert fault.startswith('warning-signs: "stroke" is not understood; write none, or numb-saddle-or-bladder, ')
    assert all(sign.id in fault for sign in definitions.warning_signs.signs if sign.ask)


@pytest.mark.parametrize("broken", [*ERROR_CODES, "#N/D", "#¡REF!", "#¿NOMBRE?", "caf\ufffd"])
def test_an_error_of_the_spreadsheet_is_never_an_answer_nor_a_name(cell, broken) -> None:
    assert cell("label", broken).startswith(f'label: "{broken}" ')
    assert cell(FELL, broken).startswith(f'{FELL}: "{broken}" ')


@settings(max_examples=40)
@given(text=st.text(max_size=30))
def test_whatever_stands_in_a_cell_is_an_answer_or_a_fault(columns, text) -> None:
    data = as_text(list(columns), [text] * len(columns))
    for record in read_people(io.BytesIO(data), lambda: columns).records:
        assert record.fault is None or record.fault.isprintable()


# A CSV as it comes -----------------------------------------------------------------------------------------------------

ANA = ["label", "about.age", FELL, "bone.weight-kg"], ["Ana Muñoz", "81", "Y", "58,5"]


def test_a_row_is_counted_as_a_spreadsheet_counts_it(read) -> None:
    records = read(as_text(["A\nB"], [], ["label", FELL], [], ["Two\nlines", "y"], [""], ["x", "n"]))
    assert [(each.line, each.value["label"]) for each in records] == [(5, "Two lines"), (7, "x")]
    assert [each.line for each in read(f"sep=;\r\nlabel;{FELL}\r\nAna;y\r\n".encode())] == [2]  # Excel hides it


def test_a_list_is_taken_when_one_of_its_cells_is_filled(read) -> None:
    first, second = read(
        as_text(["falls.numb-feet", "bone.smokes", "bone.height-cm"], ["n", "", "?"], ["", "maybe", ""])
    )
    assert first.value == {"answers": {"falls": {"numb-feet": "no"}, "bone": {}}}
    assert second.value == {"answers": {"bone": {}}}


WRONG_HEADERS = {
    "no key": (["age", "sex"], [(1, "no row holds a key such as falls.fell-past-year")]),
    "unknown keys": (
        [FELL, "fell-twice", "falls.numb-foot", "Doctor"],
        [
            (1, 'column B: "fell-twice" is no key; write falls.fell-twice, or'),
            (1, 'column C: "falls.numb-foot" is no key; write falls.numb-feet, or'),
            (1, 'column D: "Doctor" is no key; write a key'),
        ],
    ),
    "a key twice": ([FELL, FELL.upper()], [(1, f"{FELL}: stands in 2 columns; keep one")]),
}


@pytest.mark.parametrize(("header", "wrong"), WRONG_HEADERS.values(), ids=WRONG_HEADERS)
def test_a_header_that_is_not_understood_is_told_whole_and_nobody_is_judged_by_half(read, header, wrong) -> None:
    found = faults(read(as_text(header, ["yes"] * len(header))))
    assert len(found) == len(wrong)
    assert all(line == row and fault.startswith(says) for (line, fault), (row, says) in zip(found, wrong, strict=True))


def test_another_table_below_is_told_and_nobody_in_it_is_judged_by_the_wrong_columns(read) -> None:
    first, second = read(as_text(["label", FELL], ["Ana", "y"], [], ["label", "bone.smokes"], ["Eve", "n"]))
    assert first.fault is None
    assert (second.line, second.fault) == (
        4,
        "another table begins here, with other columns; nobody from here on was taken. Put it into a file of its own",
    )


def test_nobody_above_the_keys_is_left_out_without_a_word(read) -> None:
    """Sorted by name, the row with the keys moves among the people."""
    records = read(
        as_text(
            ["Our list", "", ""],
            ["Name", "Did you fall?", "How old?"],
            ["Ana", "y", "81"],
            ["Bob", "n", ""],
            ["label", FELL, "about.age"],
            ["Mia", "n", "70"],
        )
    )
    says = "this row stands above the row with the keys, and was not taken; move the keys above it"
    assert faults(records) == [(3, says), (4, says)]
    assert records[0].value["label"] == "Ana"
    assert [each.line for each in records] == [3, 4, 6]


def test_boxes_that_nobody_ticked_are_nobody(read) -> None:
    records = read(as_text([FELL, "bone.smokes"], ["TRUE", ""], ["FALSE", "FALSE"], ["Falso", "n"]))
    assert [each.line for each in records] == [2, 4]
    assert len(faults(records)) == 1


def test_what_stands_under_no_key_is_a_fault_of_its_row_alone(read) -> None:
    for read_this, seen in (
        (as_text([FELL, ""], ["yes", "see"], ["no", ""]), "see"),
        (sheet_of([FELL], ["y", "=A1"]), "=…"),
    ):
        says = f'column B: "{seen}" stands under no key; remove it, or name the column'
        assert faults(read(read_this)) == [(2, says)]


def test_a_quotation_mark_that_is_not_closed_swallows_nobody_without_a_word(read) -> None:
    first, second = read(f'label,{FELL}\r\nAna,yes\r\n"Eve,no\r\nIda,no\r\n'.encode())
    assert first.fault is None
    assert (second.line, second.fault) == (3, "a quotation mark is not closed; mend it in the row, and save again")


def test_a_long_table_is_read_as_it_is_asked_for(columns) -> None:
    """100,000 rows take no more memory than one; a whole sheet in memory would be read here at once."""
    rows = as_text(ANA[0], *[ANA[1]] * 40_000)
    file = io.BytesIO(rows)
    records = read_people(file, lambda: columns).records
    assert next(records).line == 2
    assert file.tell() < len(rows) / 5


# A spreadsheet ---------------------------------------------------------------------------------------------------------


def test_a_record_number_keeps_the_zeros_that_are_seen_before_it(read) -> None:
    def zeros(sheet) -> None:
        for place in ("A2", "B2", "C2"):
            sheet[place].number_format = "0000"

    first, second = read(sheet_of(["label", "about.age", FELL], [42, 81, True], [42, 70, "n"], change=zeros))
    assert [each.value["label"] for each in (first, second)] == ["0042", "42"]
    assert first.value["answers"] == {"about": {"age": 81}, "falls": {"fell-past-year": "yes"}}


def test_nobody_waits_for_the_size_of_a_long_sheet(read, monkeypatch) -> None:
    """Google writes none, and openpyxl would read to the end to find it."""
    monkeypatch.setattr("openpyxl.worksheet._reader.WorkSheetParser.parse_dimensions", None)
    claims_little = changed(sheet_of([FELL], ["y"], ["n"]), b'<dimension ref="A1:A3"', b'<dimension ref="A1:A2"')
    assert [each.line for each in read(claims_little)] == [2, 3]


def test_a_spreadsheet_says_what_its_cells_show(read) -> None:
    header = ["label", "today", "about.age", "bone.weight-kg", FELL, "falls.fell-twice", "print"]
    typed = [10442, date(2026, 11, 22), 81, 0.1 + 58.2, True, "?", 18]
    as_words = ["10442", datetime(2026, 11, 22), "81", "58,3", "Y", "unsure", "18"]
    first, second = read(sheet_of(["Hill Street"], header, typed, [], as_words))
    assert first.value == second.value
    assert (first.line, second.line, first.settings) == (3, 5, {"print": "18"})
    assert first.value["answers"]["bone"] == {"weight-kg": Decimal("58.3")}


def test_what_a_spreadsheet_turned_into_something_else_is_a_fault(read) -> None:
    records = read(sheet_of(["today", "about.age", FELL], [46348, date(1900, 3, 12), False], [time(1), "x", 1.5]))
    assert [fault.split("; ")[0] for _, fault in faults(records)] == [
        'today: "46348" is not understood',
        'about.age: "1900-03-12" is a date or a time',
        f"{FELL}: a box that is not ticked says nothing",
        'today: "01:00:00" is not understood',
        'about.age: "x" is not understood',
        f'{FELL}: "1.5" is not understood',
    ]


def test_a_formula_counts_by_its_result_and_one_without_is_a_fault(read) -> None:
    without = sheet_of(["label", "about.age", FELL], ["Ana", "=80+1", "yes"], ["Eve", 70, '=IF(B2>80,"yes","no")'])
    never = "is a formula without its result"
    assert [(row, fault.split(";")[0]) for row, fault in faults(read(without))] == [
        (2, f"about.age: {never}"),
        (3, f"{FELL}: {never}"),
    ]
    worked_out = changed(without, rb"<f>80\+1</f><v ?/?>(?:</v>)?", b"<f>80+1</f><v>81</v>")
    worked_out = changed(worked_out, b'<c r="C3"><f>', b'<c r="C3" t="str"><f>')
    first, second = read(worked_out)
    assert (first.value["answers"]["about"], second.value["answers"]) == ({"age": 81}, {"about": {"age": 70}})


def changed(book: bytes, old: bytes, new: bytes, part: str = "xl/worksheets/sheet1.xml", level: int = 6) -> bytes:
    """The same spreadsheet with something else in one of its parts."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book)) as source,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as to,
    ):
        for name in source.namelist():
            data = source.read(name)
            if name == part:
                data, times = re.subn(old, new, data)
                assert times
            to.writestr(name, data)
    return written.getvalue()


def test_merged_cells_below_the_header_are_faults_of_their_rows(read) -> None:
    def merge(sheet) -> None:
        sheet.merge_cells("A1:C1")
        sheet.merge_cells("B4:B5")

    records = read(sheet_of(["Our list"], ["label", FELL], ["a", "y"], ["b", "y"], ["c"], ["d", "n"], change=merge))
    says = "the cells B4:B5 are merged; unmerge them, and fill in each row"
    assert faults(records) == [(4, says), (5, says)]
    assert [each.line for each in records] == [3, 4, 5, 6]


def test_hidden_rows_are_taken_and_told(columns) -> None:
    def hide(sheet) -> None:
        for row in (1, 3):
            sheet.row_dimensions[row].hidden = True

    found = read_people(io.BytesIO(sheet_of([FELL], ["y"], ["n"], change=hide)), lambda: columns)
    assert found.notes == ("Hidden rows are taken too: 3. Delete a row to leave somebody out.",)
    assert [each.line for each in found.records] == [2, 3]


def test_the_one_sheet_with_people_is_found_and_two_are_asked_about(read) -> None:
    def add(title: str, *rows: list[str]):
        def change(sheet) -> None:
            other = sheet.parent.create_sheet(title)
            for row in rows:
                other.append(row)

        return change

    (record,) = read(sheet_of(["Read me"], change=add("People", [FELL], ["y"])))
    assert record.value == {"answers": {"falls": {"fell-past-year": "yes"}}}

    def hide(sheet) -> None:
        add("May", [FELL], ["n"])(sheet)
        sheet.parent["May"].sheet_state = "hidden"

    def draw(sheet) -> None:
        chart = BarChart()
        chart.add_data(Reference(sheet, min_col=1, min_row=1))
        sheet.parent.create_chartsheet("Chart").add_chart(chart)

    for change in (add("Next month", [FELL], [False]), draw):
        assert [each.line for each in read(sheet_of([FELL], ["y"], change=change))] == [2]
    for change, name in ((add("May", [FELL], ["n"]), "May"), (hide, "May, which is hidden")):
        assert faults(read(sheet_of([FELL], ["y"], change=change))) == [
            (1, f"more than one sheet holds people (Sheet, {name}); keep one of them")
        ]
    assert read(sheet_of([FELL], change=add("Next month", [FELL]))) == []


PEOPLE = sheet_of([FELL], ["yes"])


def with_part(name: str, data: bytes = b"") -> bytes:
    written = io.BytesIO(PEOPLE)
    with zipfile.ZipFile(written, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return written.getvalue()


def zip_of(*names: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name in names:
            archive.writestr(name, b"")
    return written.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
ROW = b'<row r="3"><c r="A3" t="inlineStr"><is><t>yes</t></is></c></row>'
NO_TABLES = {
    "a PDF": (b"%PDF-1.7\n%\xe2\n", "this is a PDF, which is not read; write each person as a row"),
    "a picture": (b"\x89PNG\r\n\x1a\n", "a picture"),
    "a Word document": (zip_of("[Content_Types].xml", "word/document.xml"), "a Word document"),
    "a presentation": (zip_of("ppt/presentation.xml"), "a presentation"),
    "a binary spreadsheet": (zip_of("xl/workbook.bin"), "(.xlsb); save it as .xlsx or as CSV"),
    "a spreadsheet of LibreOffice": (zip_of("mimetype", "content.xml"), "(such as .ods); if it is a table, save it as .xlsx or as CSV"),
    "a spreadsheet of Numbers": (zip_of("Index/Document.iwa"), "(Numbers, Pages or Keynote); if it is a table, save it as"),
    "a zip": (zip_of("people.csv"), "a zip; unpack it first"),
    "half a zip": (PEOPLE[:2000], "a damaged spreadsheet or zip; save it again"),
    "an old spreadsheet": (OLE + "Workbook".encode("utf-16-le"), "an old spreadsheet (.xls); save it as .xlsx"),
    "an old document": (OLE + "WordDocument".encode("utf-16-le"), "an old Word document"),
    "a password": (OLE + "EncryptedPackage".encode("utf-16-le"), "with a password; save it without one"),
    "a web page called .xls": (b"<html><table><tr><td>label", "a web page or XML"),
    "FHIR in XML": (b'<?xml version="1.0"?><Bundle xmlns="http://hl7.org/fhir">', "FHIR in XML"),
    "SYLK": (b"ID;PWXL;N;E\r\nC;Y1;X1;K", "(.slk); save it as .xlsx or as CSV"),
    "DIF": (b'TABLE\r\n0,1\r\n"EXCEL"\r\n', "(.dif); save it as .xlsx or as CSV"),
    "a text": (b"Ana fell last year.\nShe is 81.\n", "no row holds a key"),
    "a table of labels alone": (b"label\nAna\n", "no row holds a key"),
    "a table parted by something else": (f"label~{FELL}\nAna~yes\n".encode(), "no row holds a key"),
    "a table without keys": (b"age;sex\r\n81;F\r\n", "no row holds a key"),
    "a damaged sheet": (changed(PEOPLE, b"<sheetData>", b"<sheetData><"), "damaged"),
    "a strict one": (
        changed(PEOPLE, b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main", "xl/workbook.xml"),
        "Strict Open XML",
    ),
    "an entity that would grow": (changed(PEOPLE, b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aa">]><worksheet'), "no spreadsheet that a program"),
    "a part of 65 MB": (lambda: with_part("xl/sharedStrings.xml", bytes(65 * 1024 * 1024)), "too large inside"),
    "a row without an end": (lambda: changed(PEOPLE, b"</sheetData>", ROW[:-6] + b" " * 10_000_000 + b"</row></sheetData>"), "longer than"),
    "a row beyond the last": (changed(PEOPLE, b'<row r="2"', b'<row r="999999999"'), "ends with 1048576"),
    "rows out of order": (
        changed(PEOPLE, b'<row r="2"', b'<row r="3"><c r="A3"/></row><row r="2"'), "the rows of this sheet are out of order"
    ),
    "a row twice": (changed(PEOPLE, b'<row r="2"', b'<row r="1"'), "the rows of this sheet are out of order"),
    "a merge of everything": (
        changed(PEOPLE, b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A2:A1000000"/></mergeCells>'),
        "too many merged cells",
    ),
}  # fmt: skip


def packed(data: bytes | Callable[[], bytes]) -> bytes:
    """What is large is made only for its tests: else each process that collects them would do so."""
    return data() if callable(data) else data


@pytest.mark.parametrize(("data", "says"), NO_TABLES.values(), ids=NO_TABLES)
def test_what_is_no_table_is_one_sentence_that_says_what_it_is_and_what_to_do(read, data, says) -> None:
    assert [says in each.fault for each in read(packed(data))] == [True]


def test_macros_are_not_run_and_are_no_hindrance(read) -> None:
    (record,) = read(with_part("xl/vbaProject.bin", OLE))
    assert record.fault is None


def in_spanish(text: str) -> str:
    return in_words(text, speech("es", "us").gettext)


def test_every_fault_is_said_in_spanish_too(read, cell) -> None:
    found = [cell(*where) for where in NOT_UNDERSTOOD]
    found += [fault for header, _ in WRONG_HEADERS.values() for _, fault in faults(read(as_text(header, ["yes"])))]
    found += [each.fault for data, _ in NO_TABLES.values() for each in read(packed(data))]
    assert len(found) > 40
    assert [fault for fault in found if in_spanish(fault) == fault] == []


@pytest.mark.parametrize(
    "key",
    [FELL, "home.stairs-no-rails", "about.sex", "bone.bone-medicine", "bone.dexa-result", "lang", "warning-signs"],
)
def test_each_word_that_a_spanish_fault_offers_is_read(cell, key) -> None:
    _, words = in_spanish(cell(key, "quizá")).split("; escriba ")
    offered = re.split(r", (?:o bien )?| o ", words.replace(", con espacios entre ellas", ""))
    assert len(offered) > 1
    assert [word for word in offered if "no se entiende" in in_spanish(str(cell(key, word)))] == []


# What we write ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_answer_that_the_template_offers_is_understood_when_it_is_filled_in(definitions, read, language) -> None:
    table = people_table(words(definitions, "us", language), list(definitions.checklist_of))
    sample = {"label": "Ana", "today": "2026-11-22"} | dict.fromkeys(
        ["measures.bp.lying", "measures.bp.min1", "measures.bp.min3"], "150/80"
    )
    most = max(len(column.choices) for column in table.columns)
    rows = [
        [
            each.choices[row % len(each.choices)] if each.choices else sample.get(each.key, str(each.high))
            for each in table.columns
        ]
        for row in range(most)
    ]
    for data in (as_csv(table) + as_text(*rows), filled_in(as_xlsx(table), rows)):
        records = read(data)
        assert [each.line for each in records] == [*range(3, 3 + most)]
        assert faults(records) == []
    answers = [each.value["answers"] for each in records]
    for fact, question in definitions.question_of.items():
        name, link_id = fact.split(".")
        assert {each[name][link_id] for each in answers} == set(question.allowed or {question.high})


def filled_in(data: bytes, rows: list[list[str]]) -> bytes:
    book = load_workbook(io.BytesIO(data))
    for number, row in enumerate(rows, start=3):
        for place, text in enumerate(row, start=1):
            book.worksheets[0].cell(number, place, text)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def test_the_template_is_a_pleasure_to_fill_in(definitions, read) -> None:
    table = people_table(words(definitions, "us", "es"), ["falls"])
    data = as_xlsx(table)
    assert read(data) == []
    people, how, _ = load_workbook(io.BytesIO(data)).worksheets
    assert people.freeze_panes == "B3"
    assert [cell.value for cell in people[2]] == [each.key for each in table.columns]
    assert {"bone.smokes", "home.floors-loose-rugs"}.isdisjoint(each.key for each in table.columns)
    fell = next(cell for cell in people[2] if cell.value == FELL)
    assert people[1][fell.column - 1].value == "¿Se cayó usted en los últimos 12 meses?"
    assert all(people.column_dimensions[cell.column_letter].width >= 13 for cell in people[2])
    choosing = {str(rule.sqref).split(":")[0]: rule for rule in people.data_validations.dataValidation}
    assert not choosing[f"{fell.column_letter}3"].showErrorMessage
    assert any("nunca cuenta como un no" in str(row[0].value) for row in how.iter_rows())


def test_what_is_to_be_mended_can_be_mended_and_read_again(read) -> None:
    rows = (
        ["label", FELL, "about.age", "bone.weight-kg"],
        ["=1+1", "maybe", 81, "=A1"],
        ["-2", "yes", 70, 58.5],
        ["@x", "y", "old", None],
    )
    for is_csv, data in (
        (False, sheet_of(*rows)),
        (True, as_text(*[[str(cell or "") for cell in row] for row in rows])),
    ):
        table = FaultTable(is_csv=is_csv)
        for record in read(data):
            if record.cell_faults:
                places = {place_of(fault) for fault in record.cell_faults}
                table.add(record, places, f"Row {record.line}: {joined(record.cell_faults)}")
        written = table.as_bytes()
        again = read(written)
        assert [each.line for each in again] == [2, 3]
        assert [each.value["label"] for each in again if is_csv] == (["=1+1", "@x"] if is_csv else [])
        assert again[0].cells[0].startswith("Row 2: ")
        assert f'{FELL}: "maybe" is not understood' in again[0].cells[0]
        assert "".join(again[0].cell_faults).count(FELL) == 1
        assert "about.age" in again[1].cell_faults[0]
        if is_csv:
            assert b"'=1+1" in written
        else:
            sheet = load_workbook(io.BytesIO(written)).active
            assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
            assert sheet["C2"].fill.start_color.rgb.endswith("FFFF00")
            assert sheet.row_dimensions[3].height > 30  # what is to be mended is read whole
