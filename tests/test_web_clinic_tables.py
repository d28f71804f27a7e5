"""The table of a clinic as a page: sent in, mended where it stands, printed, removed; nothing of it is another clinic's."""

import csv
import io
import json
import logging
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from openpyxl import Workbook, load_workbook
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from commands.printing.worker import make_next
from storage.time_limits import IMPORTED
from tests.clinic import AtWork, at_work, new_clinic
from tests.pdf_text import pages_of
from tests.test_batch import Here
from tests.visitor import Page
from web.clinic.tables.reading import MOST_PEOPLE, MOST_UNPACKED
from web.core.security import TABLE_BYTES
from web.core.stores import store

TEN = Path(__file__).parent.parent / "docs" / "ten-people.csv"


@pytest.fixture
def desk(app: Flask) -> AtWork:
    return at_work(app, "clinician")


def rows_of_ten() -> list[list[str]]:
    return list(csv.reader(io.StringIO(TEN.read_text(encoding="utf-8-sig"))))


def as_csv(rows: list[list[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def as_xlsx(rows: list[list[Any]]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def send(at: AtWork, data: bytes, status: int = 200, name: str = "people.csv") -> Page:
    token = at.visitor.open("/clinic/tables").hidden("csrf_token")
    body, content_type = form_with(data, name, csrf_token=token)
    return at.visitor.post("/clinic/tables", body, status, content_type=content_type)


def form_with(data: bytes, name: str = "people.csv", **fields: str) -> tuple[bytes, str]:
    """The form as a browser sends it, and its type; made in memory, as the client leaves its files open."""
    boundary, body = encode_multipart({**fields, "table": FileStorage(io.BytesIO(data), name)})
    return body, f"multipart/form-data; boundary={boundary}"


def paste(at: AtWork, text: str, status: int = 200) -> Page:
    token = at.visitor.open("/clinic/tables").hidden("csrf_token")
    return at.visitor.post("/clinic/tables", {"csrf_token": token, "rows": text}, status)


def small(*people: str, keys: str = "label,about.age,falls.fell-past-year,falls.fell-twice") -> bytes:
    return "\n".join((keys, *people)).encode()


def ten_with_faults() -> bytes:
    rows = rows_of_ten()
    column = rows[1].index
    rows[3][column("falls.fell-past-year")] = "maybe"
    rows[3][column("about.age")] = "eighty"
    rows[6][2:] = [""] * len(rows[6][2:])
    return as_csv(rows)


def the_import(at: AtWork) -> str:
    return store().list_imports(at.clinic.clinic_id)[-1].import_id


def did(at: AtWork) -> list[tuple[str, str]]:
    return [(line.did, line.note) for line in at.clinic.audit_log(at_most=20).lines]


def test_a_table_is_sent_in_mended_over_several_rounds_and_printed(desk: AtWork) -> None:
    page = send(desk, ten_with_faults())
    assert page.h1 == "people.csv"
    assert "9 of 10 rows can be printed." in page.main
    assert "1 row has to be mended first." in page.main
    assert "1 person has no answers yet." in page.main
    assert page.errors == ["Row 4: 10317 Bruno Keller"]
    fields = [name for name in page.names if name.startswith("cell-4-")]
    assert [page.chosen(name) for name in fields] == [["eighty"], ["maybe"]]
    assert "“maybe” is not understood; write yes, no or ?" in page.main.replace('"maybe"', "“maybe”")
    age, fell = fields
    page = page.send({age: "76 years", fell: "no"})
    assert page.errors, "the second round: one of the two is still not understood"
    assert page.chosen(age) == ["76 years"], "nothing that was typed is lost"
    assert fell not in page.names
    page = page.send({age: "76"})
    assert page.errors == []
    assert "10 of 10 rows can be printed." in page.main
    assert "Bruno Keller" in page.main
    page = page.send({"then": "print"})
    assert page.h1 == "Print from a table"
    page = page.send({"also": ["letterhead", "blank"], "points": "18", "title": "Monday"})
    assert page.h1 == "Files to print"
    assert "1 to speak with first." in page.text
    assert make_next(store(), Here())
    assert "stands as printed" not in desk.visitor.open("/clinic/print/files").main, "nobody of it is on a list"
    (job,) = store().list_print_jobs(desk.clinic.clinic_id)
    cover = " ".join(pages_of(store().get_print_result(desk.clinic.clinic_id, job.job_id), 1)[0].split())
    for says in ("Monday", "Printed by Clinician", "4 10317 Bruno Keller Plan 18 en", "10290 Carmen Soto Plan 18 es"):
        assert says in cover, cover
    assert "Blank sheets" in cover
    assert "Row 6, 10388 Dora Finch" in cover
    assert did(desk) == [
        ("ordered-printing", "9 people"),
        ("mended-table", ""),
        ("mended-table", ""),
        ("sent-table", "10 rows"),
    ]


def test_the_cover_list_names_who_is_still_to_be_mended_and_nothing_of_why(desk: AtWork) -> None:
    page = send(desk, ten_with_faults()).send({"then": "print"})
    assert "1 row is not printed: it has to be mended first." in page.main
    page.send({"also": []})
    assert make_next(store(), Here())
    (job,) = store().list_print_jobs(desk.clinic.clinic_id)
    cover = " ".join(pages_of(store().get_print_result(desk.clinic.clinic_id, job.job_id), 1)[0].split())
    assert "Row 4, 10317 Bruno Keller: their row has to be mended first" in cover
    assert "has not answered yet" in cover
    assert "maybe" not in cover


def test_pressing_print_keeps_what_was_typed(desk: AtWork) -> None:
    page = send(desk, small("Ann,81,maybe,", "Ben,70,no,"))
    field = next(name for name in page.names if name.startswith("cell-2-"))
    page = page.send({field: "yes", "then": "print"})
    assert "2 rows." in page.main


def test_a_cell_that_does_not_go_with_another_comes_with_both(desk: AtWork) -> None:
    page = send(desk, small("Ann,81,no,yes"))
    assert [page.chosen(name)[0] for name in page.names if name.startswith("cell-2-")] == ["no", "yes"]
    assert "falls.fell-past-year" not in page.main, "the question is named, not its key"
    field = next(name for name in page.names if name.startswith("cell-2-"))
    assert "1 of 1 rows can be printed." in page.send({field: "yes"}).main


def test_columns_that_nobody_knows_are_named_with_what_they_may_be_and_mended(desk: AtWork) -> None:
    page = send(
        desk, small("Ann,81,yes,no,555,9", keys="label,Age,falls.fell-past-yer,falls.fell-twice,Phone,falls.fell-twice")
    )
    assert page.errors == [
        "B: Age",
        "C: falls.fell-past-yer",
        "D: falls.fell-twice",
        "E: Phone",
        "F: falls.fell-twice",
    ]
    assert "about.age" in page.values("column-1")
    assert "falls.fell-past-year" in page.values("column-2")
    assert "In it stands: 555" in page.main
    assert page.values("column-4") == ["-"], "no question is likely, although some have this word"
    page = page.send({"column-1": "about.age", "key-2": "falls.fell-past-year"})
    assert page.errors == ["D: falls.fell-twice", "E: Phone", "F: falls.fell-twice"]
    page = page.send({"column-5": "-"})
    assert page.errors == ["E: Phone"]
    page = page.send({"column-4": "-"})
    assert page.errors == []
    assert "1 of 1 rows can be printed." in page.main
    assert "High" in page.main


def test_a_table_of_which_no_key_is_left_stays_as_it_was(desk: AtWork) -> None:
    page = send(desk, small("Ann,yes,no", keys="label,falls.fell-past-year,falls.fell-past-year"))
    assert page.errors == ["B: falls.fell-past-year", "C: falls.fell-past-year"]
    page = page.send({"column-1": "-", "column-2": "-"})
    assert page.errors == ["B: falls.fell-past-year", "C: falls.fell-past-year"]
    assert "1 of 1 rows can be printed." in page.send({"column-2": "-"}).main


def test_all_other_columns_are_left_out_by_one_box(desk: AtWork) -> None:
    page = send(desk, small("Ann,81,yes,no,a,b", keys="label,Age,falls.fell-past-year,falls.fell-twice,Phone,Doctor"))
    page = page.send({"column-1": "about.age", "leave-others": "yes"})
    assert "1 of 1 rows can be printed." in page.main


def test_reception_sees_where_each_stands_and_no_level_and_speak_first_names_no_reason(
    app: Flask, desk: AtWork
) -> None:
    page = send(desk, TEN.read_bytes())
    assert "10 of 10 rows can be printed." in page.main
    assert "Falls: High" in page.main
    assert "Speak first" in page.main
    reception = at_work(app, "reception", desk.clinic)
    page = reception.visitor.open(f"/clinic/tables/{the_import(desk)}")
    for word in ("High", "Raised", "Lower", "Levels", "back", "pain"):
        assert word not in page.main.replace("Back", "")
    assert "Speak first" in page.main


def test_a_sign_that_needs_help_now_shows_no_level(desk: AtWork) -> None:
    page = send(
        desk,
        small("Ann,81,yes,no,stroke-signs", keys="label,about.age,falls.fell-past-year,falls.fell-twice,warning-signs"),
    )
    assert "Speak first" in page.main
    assert "Falls:" not in page.main


def test_doubles_are_told_and_printed_all_the_same(desk: AtWork) -> None:
    page = send(desk, small("Ann,81,no,", "Ben,70,no,", "ann,82,no,"))
    assert "3 of 3 rows can be printed." in page.main
    assert "Row 4 has the same name." in page.main
    assert "Row 2 has the same name." in page.main


@pytest.mark.parametrize(
    ("label", "shown"),
    [("Ágnes Łukasz Ñandú", True), ("Δημήτρης", True), ("Олена", True), ("محمد", True), ("山田太郎", False)],
)
def test_a_label_with_every_script_is_shown_and_one_that_paper_cannot_show_is_to_be_mended(
    desk: AtWork, label: str, shown: bool
) -> None:
    page = send(desk, small(f"{label},81,no,"))
    assert label in page.main or not shown
    assert ("1 of 1 rows can be printed." in page.main) == shown
    if not shown:
        assert "cannot be printed" in page.main
        assert page.chosen("cell-2-0") == [label]
        assert "1 of 1" in page.send({"cell-2-0": "Yamada"}).main


def test_an_xlsx_with_days_and_formulas_is_read_as_by_the_command(desk: AtWork) -> None:
    rows = [["label", "today", "about.age", "falls.fell-past-year"]]
    rows += [["Ann", date(2026, 11, 20), 81, "no"], [42, "05/06/2026", "=1+1", "no"]]  # type: ignore[list-item]
    page = send(desk, as_xlsx(rows), name="people.xlsx")
    assert page.h1 == "people.xlsx"
    assert page.errors == ["Row 3: 42"]
    assert "can mean" in page.main
    assert "Is a formula without its result" in page.main
    assert [page.chosen(name) for name in page.names if name.startswith("cell-3-")] == [["05/06/2026"], [""]]
    page = page.send({"cell-3-1": "2026-06-05", "cell-3-2": "70"})
    assert "2 of 2 rows can be printed." in page.main


def test_rows_are_pasted_from_a_spreadsheet(desk: AtWork) -> None:
    page = paste(desk, small("Ann,81,no,").decode().replace(",", "\t"))
    assert page.h1 == "Pasted rows"
    assert "1 of 1 rows can be printed." in page.main


def bomb() -> bytes:
    """A spreadsheet of a few KB that holds more than may be unpacked."""
    out = io.BytesIO(as_xlsx([["label", "falls.fell-past-year"], ["Ann", "no"]]))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/media/picture.bin", bytes(MOST_UNPACKED + 1))
    return out.getvalue()


ANN = "Ann,81,no,"
REFUSED = {
    "nothing": (b"", "There is nothing in it."),
    "JSON": (b'{"answers": {"falls": {"fell-past-year": "no"}}}', "This is no table. Send one as .xlsx or as CSV."),
    "a PDF": (b"%PDF-1.7", "This is a PDF. Send a table as .xlsx or as CSV."),
    "an old spreadsheet": (
        b"\xd0\xcf\x11\xe0" + "Workbook".encode("utf-16-le"),
        "This is an old spreadsheet (.xls); save it as .xlsx or as CSV.",
    ),
    "no keys": (b"Name,Age\nAnn,81\n", "No row of it holds the keys of the columns"),
    "nobody": (small(), "There is nobody in this table yet."),
    "100,000 rows": (small(*[ANN] * 100_000), "There are more than 500 people in this table. Send fewer at a time."),
    "501 people": (small(*[ANN] * (MOST_PEOPLE + 1)), "There are more than 500 people in this table."),
    "long cells": (small(*[f"{'x' * 9_000},81,no," for _ in range(450)]), "There is too much text in this table."),
    "a bomb": (bomb(), "This spreadsheet is too large inside; save the table as CSV."),
    "damaged": (bomb()[:2000], "This is a damaged spreadsheet or zip; save it again."),
    "two sheets": (b"", ""),
}


def two_sheets() -> bytes:
    book, out = Workbook(), io.BytesIO()
    for sheet in (book.active, book.create_sheet("B")):
        for row in (["label", "falls.fell-past-year"], ["Ann", "no"]):
            sheet.append(row)
    book.save(out)
    return out.getvalue()


REFUSED["two sheets"] = (two_sheets(), "More than one sheet holds people (Sheet, B); keep one of them.")


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_table_or_too_much_is_refused_in_one_sentence_and_nothing_is_kept(desk: AtWork, kind: str) -> None:
    data, says = REFUSED[kind]
    page = send(desk, data, 422)
    assert len(page.errors) == 1
    assert page.errors[0].startswith(says)
    assert "flask" not in page.errors[0]
    assert store().list_imports(desk.clinic.clinic_id) == ()
    assert did(desk) == []


def test_a_file_that_is_too_large_is_refused_by_a_page_and_leads_to_the_sign_in_who_has_none(
    app: Flask, desk: AtWork
) -> None:
    page = send(desk, bytes(TABLE_BYTES), 413)
    assert page.errors == ["This is larger than 4 MB. Send at most 500 people at a time, and no pictures."]
    body, content_type = form_with(bytes(TABLE_BYTES))
    nobody = app.test_client().post("/clinic/tables", data=body, content_type=content_type)
    assert (nobody.status_code, nobody.headers["Location"]) == (303, "/clinic/sign-in")


def test_as_many_people_as_may_be_are_paged_and_those_to_mend_come_first(desk: AtWork) -> None:
    people = [f"Person {number},{'?' if number == MOST_PEOPLE else 81},no," for number in range(1, MOST_PEOPLE)]
    page = send(desk, small(*people, "Last,x,no,"))
    assert f"{MOST_PEOPLE - 1} of {MOST_PEOPLE} rows can be printed." in page.main
    assert page.errors == [f"Row {MOST_PEOPLE + 1}: Last"]
    assert "Person 29" in page.main
    assert "Person 30" not in page.main
    page = page.follow("31–60")
    assert "Person 30" in page.main
    assert page.errors == []
    page = desk.visitor.open(page.path + "?page=999")
    assert "Person 499" in page.main


def test_wrong_letters_are_named_and_a_second_header_ends_the_table(desk: AtWork) -> None:
    rows = small("Ann,81,no,", "Mu\u0142a,70,no,").decode().encode("iso-8859-2")
    page = send(desk, rows)
    assert page.errors
    assert "cannot be read" in page.main
    other = small("Ann,81,no,", "falls.numb-feet,label", "yes,Ben")
    page = send(desk, other)
    assert "1 of 2 rows can be printed." in page.main
    assert "Another table begins here, with other columns" in page.main


def test_two_who_mend_one_table_write_over_nothing_of_each_other(app: Flask, desk: AtWork) -> None:
    first = send(desk, small("Ann,x,maybe,", "Ben,y,no,"))
    second = at_work(app, "reception", desk.clinic).visitor.open(first.path)
    first.send({"cell-2-1": "81"})
    page = second.send({"cell-2-2": "no", "cell-3-1": "70"})
    assert "2 of 2 rows can be printed." in page.main


def test_a_cell_that_the_table_has_not_is_not_written(desk: AtWork) -> None:
    page = send(desk, small("Ann,x,no,"))
    data = page.data({"cell-2-1": "81"})
    for name in ("cell-2-9999", "cell-77-1", "cell-2-1x", "cell--1-1"):
        data[name] = "yes"
    page = desk.visitor.post(page.path, data)
    assert "1 of 1 rows can be printed." in page.main
    (kept,) = store().list_imports(desk.clinic.clinic_id)
    assert [len(cells) for _, cells, _ in kept.data["rows"]] == [4, 3]


def test_lock_keeps_what_was_typed(desk: AtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.clinic.signing_in.passwords.is_right", lambda *_: True)
    page = send(desk, small("Ann,x,no,"))
    locked = desk.visitor.post("/clinic/lock", page.data({"cell-2-1": "81 or 82"}))
    assert locked.path == "/clinic/locked"
    page = locked.send({"password": "mine"})
    assert page.chosen("cell-2-1") == ["81 or 82"]
    assert "1 of 1 rows can be printed." in page.send({"cell-2-1": "81"}).main


def test_a_table_is_over_in_time_removed_at_once_and_gone_for_good(desk: AtWork) -> None:
    page = send(desk, TEN.read_bytes())
    token = page.hidden("csrf_token")
    page = desk.visitor.post(f"{page.path}/remove", {"csrf_token": token})
    assert page.h1 == "A table of people"
    assert store().list_imports(desk.clinic.clinic_id) == ()
    assert did(desk)[0] == ("removed-table", "")
    path = send(desk, TEN.read_bytes()).path
    with time_machine.travel(date.today() + IMPORTED.after + timedelta(days=1, hours=1)):
        later = at_work(desk.visitor.app, "clinician", desk.clinic)
        later.visitor.open(path, 404)
        assert "people.csv" not in later.visitor.open("/clinic/tables").main


def test_nothing_of_a_table_is_another_clinic_s_or_in_a_log(
    app: Flask, desk: AtWork, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    page = send(desk, ten_with_faults())
    other = at_work(app, "manager", new_clinic("Other"))
    token = other.visitor.open("/clinic/tables").hidden("csrf_token")
    assert "people.csv" not in other.visitor.open("/clinic/tables").main
    for path in ("", "/print"):
        other.visitor.open(page.path + path, 404)
        other.visitor.post(page.path + path, {"csrf_token": token, "cell-4-1": "1"}, 404)
    other.visitor.post(f"{page.path}/remove", {"csrf_token": token}, 404)
    assert store().get_import(desk.clinic.clinic_id, the_import(desk)).revision == 1
    logged = caplog.text + json.dumps(did(desk)) + json.dumps(did(other))
    for secret in ("Bruno", "maybe", "people.csv"):
        assert secret not in logged


def test_an_empty_table_asks_for_the_lists_that_were_chosen(desk: AtWork) -> None:
    client = desk.visitor.client
    answer = client.get("/clinic/tables/empty.xlsx?lists=falls,bone")
    keys = [cell.value for cell in load_workbook(io.BytesIO(answer.data)).active[2]]
    assert {"label", "falls.fell-past-year", "bone.weight-kg"} <= set(keys)
    assert not [key for key in keys if key.startswith("home.")]
    assert answer.headers["Content-Disposition"] == 'attachment; filename="people.xlsx"'


def test_a_table_of_before_a_release_is_judged_by_what_is_asked_now(desk: AtWork) -> None:
    page = send(desk, small("Ann,81,no,", "Ben,x,no,"))
    found = store().get_import(desk.clinic.clinic_id, the_import(desk))
    before = {**found.data, "content": "of-before", "standings": []}
    assert store().change_import(desk.clinic.clinic_id, found.import_id, found.revision, before)
    page = desk.visitor.open(page.path)
    assert "1 of 2 rows can be printed." in page.main
    assert "2 of 2 rows can be printed." in page.send({"cell-3-1": "70"}).main


def test_a_clinic_has_ten_tables_and_then_removes_one_first(desk: AtWork) -> None:
    for _ in range(10):
        send(desk, small("Ann,81,no,"))
    page = send(desk, small("Ann,81,no,"), 422)
    assert page.errors == ["There are as many tables here as there may be. Remove one first."]
