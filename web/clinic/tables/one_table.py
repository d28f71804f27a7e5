"""One table: row by row what is understood and what is not, mended where it stands."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from checklists.people.sentence import in_words
from checklists.people.tables.rows import SheetRow
from checklists.people.tables.stored_rows import LONGEST_CELL, with_cells, without_column
from reports.judging.clinic_table import ClinicTable, judged, mended, table_from_json, table_to_json
from storage.clinics.model import ImportedTable
from web.clinic.at_work import at_work, may, note
from web.clinic.paging import links_to_pages, page_asked_for, rows_on
from web.clinic.signing_in.locking import typed_at_work
from web.clinic.tables.reading import knowledge
from web.clinic.tables.rows_on_page import in_order, rows_to_mend, rows_understood, unknown_columns
from web.clinic.tables.sending import name_of_table, sent_in_words
from web.core.settings import definitions
from web.core.speaking import gettext as _
from web.core.speaking import ngettext
from web.core.stores import store
from web.core.table_columns import table_columns

pages = Blueprint("one_table", __name__)
LEAVE_OUT = "-"
_CELL = re.compile(r"cell-(\d{1,7})-(\d{1,5})")


@pages.get("/clinic/tables/<import_id>")
def show(import_id: str) -> str:
    """Counts first, then the rows to be mended, then all others."""
    typed: Mapping[str, str] = typed_at_work() or {}
    return _page(get_table(import_id), typed, typed.get("page") or request.args.get("page", ""))


@pages.post("/clinic/tables/<import_id>")
def mend(import_id: str) -> Response:
    """Keeps every cell as it was typed, and judges its row again."""
    if _change(import_id, _as_typed):
        note("mended-table")
    if request.form.get("then") == "print":
        return redirect(url_for("table_printing.ask", import_id=import_id), 303)
    page = request.form.get("page") or None
    return redirect(url_for("one_table.show", import_id=import_id, page=page, saved="yes"), 303)


def get_table(import_id: str) -> ImportedTable:
    """The table of this id, if it is of the clinic of who asks."""
    return store().get_import(at_work()[1].clinic_id, import_id)


def table_of(found: ImportedTable) -> ClinicTable:
    """What it holds, judged by what is asked today."""
    table = table_from_json(found.data)
    return table if table.content_hash == definitions().content_hash else judged(table, knowledge())


def count_printable(table: ClinicTable) -> int:
    """How many rows are understood."""
    return sum(each.state != "mend" for each in table.standings)


def _change(import_id: str, change: Callable[[ClinicTable], ClinicTable]) -> bool:
    """Whether anything was changed; who mends the same table meanwhile loses nothing."""
    while True:
        found = get_table(import_id)
        before = table_of(found)
        after = change(before)
        if after.rows == before.rows:
            return False
        if store().change_import(at_work()[1].clinic_id, import_id, found.revision, table_to_json(after)):
            return True


def _as_typed(table: ClinicTable) -> ClinicTable:
    return _with_columns(table) if table.has_unknown_columns else mended(table, _typed_cells(table), knowledge())


def _typed_cells(table: ClinicTable) -> Mapping[int, Mapping[int, str]]:
    """What is not as it stood on the page, by row and column; no column that the table has not."""
    form = request.form
    widths = {row.number: len(row.cells) for row in table.rows}
    header = table.header(table_columns())
    columns = header.columns if header else {}
    typed: dict[int, dict[int, str]] = defaultdict(dict)
    for name, text in form.items():
        if (found := _CELL.fullmatch(name)) and text != form.get(f"was-{name}", ""):
            row, place = int(found[1]), int(found[2])
            if row in widths and (place in columns or place < widths[row]):
                typed[row][place] = text[:LONGEST_CELL]
    return typed


def _with_columns(table: ClinicTable) -> ClinicTable:
    """The table after somebody has said what its columns are, and which stay out."""
    rows = table.rows
    for each in unknown_columns(table, {}):
        place, chosen = each["place"], request.form.get(each["name"], "")
        if chosen == LEAVE_OUT or (not chosen and "leave-others" in request.form):
            rows = without_column(rows, place)
        elif key := (chosen or request.form.get(f"key-{place}", "").strip()):
            rows = tuple(_named(row, table, place, key) for row in rows)
    named = judged(replace(table, rows=rows), knowledge())
    return table if named.header_row is None else named  # where no key is left, nobody could be read any more


def _named(row: SheetRow, table: ClinicTable, place: int, key: str) -> SheetRow:
    return with_cells(row, {place: key[:LONGEST_CELL]}) if row.number == table.header_row else row


def _page(found: ImportedTable, typed: Mapping[str, str], asked: str) -> str:
    table = table_of(found)
    columns = unknown_columns(table, typed)
    standings = [] if columns else in_order(table)
    page = page_asked_for(asked, len(standings))
    shown = rows_on(page, standings)
    to_mend = rows_to_mend(table, shown, typed)
    return render_template(
        "clinic/tables/one_table.html",
        import_id=found.import_id,
        name=name_of_table(table.about),
        says=sent_in_words(found),
        counts=[] if columns else list(_counts(table)),
        notes=[in_words(each, _) for each in table.notes],
        columns=columns,
        columns_at_fault=[{"field": each["name"], "text": f"{each['letters']}: {each['heading']}"} for each in columns],
        problems=[_problem(each) for each in to_mend],
        to_mend=to_mend,
        understood=rows_understood(table, shown),
        with_levels=may("measuring.form"),
        printable=0 if columns else count_printable(table),
        page=page,
        pages=links_to_pages(url_for("one_table.show", import_id=found.import_id), page, len(standings)),
        saved="saved" in request.args,
    )


def _counts(table: ClinicTable) -> Iterator[str]:
    states = Counter(each.state for each in table.standings)
    yield _("%(count)s of %(all)s rows can be printed.", count=count_printable(table), all=len(table.standings))
    if count := states["mend"]:
        yield ngettext("%(num)s row has to be mended first.", "%(num)s rows have to be mended first.", count)
    if count := states["speak-first"]:
        yield ngettext(
            "%(num)s person to speak with first: their plan waits.",
            "%(num)s people to speak with first: their plans wait.",
            count,
        )
    if count := states["not-started"]:
        yield ngettext(
            "%(num)s person has no answers yet. You can print blank checklists for them.",
            "%(num)s people have no answers yet. You can print blank checklists for them.",
            count,
        )


def _problem(row: Mapping[str, Any]) -> dict[str, str]:
    text = _("Row %(row)s", row=row["row"])
    return {
        "field": row["fields"][0]["name"] if row["fields"] else f"row-{row['row']}",
        "text": f"{text}: {row['label']}" if row["label"] else text,
    }
