"""Tables of people: sending one in, the ones that are there, and an empty one to fill in."""

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from checklists.people.plain_text import plain
from reports.judging.clinic_table import table_to_json
from storage.clinics.model import ImportedTable
from storage.model import RecordFull
from web.clinic.at_work import at_work, let_in, local_time, note
from web.clinic.signing_in import sessions
from web.clinic.signing_in.locking import typed_at_work
from web.clinic.tables.reading import MOST_PEOPLE, TableRefused, read_sent
from web.core.security import TABLE_BYTES
from web.core.speaking import gettext as _
from web.core.speaking import ngettext, spoken, wording
from web.core.stores import store

pages = Blueprint("tables", __name__)
_LONGEST_NAME = 80
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pages.get("/clinic/tables")
def ask() -> str:
    """A field for a file, one for rows that are pasted, and the tables that are there."""
    typed = typed_at_work()
    return _page(typed.get("rows", "") if typed else "")


@pages.post("/clinic/tables")
def send() -> Response | tuple[str, int]:
    """Keeps a table and shows what is understood of it; or says in one sentence why it cannot."""
    file, rows = request.files.get("table"), request.form.get("rows", "")
    staff, clinic = at_work()
    name = plain((file.filename if file else "") or "")[-_LONGEST_NAME:]
    about = {"name": name, "by": staff.shown or staff.name, "at": sessions.now()}
    try:
        table = read_sent(file.read() if file else rows.encode("utf-8", "replace"), about)
        import_id = store().keep_import(clinic.clinic_id, table_to_json(table))
    except TableRefused as error:
        return _page(rows, str(error), "rows" if file is None else "table"), 422
    except RecordFull:
        fault = _("There are as many tables here as there may be. Remove one first.")
        return _page(rows, fault, "rows" if file is None else "table"), 422
    note("sent-table", says=ngettext("%(num)s row", "%(num)s rows", len(table.standings)))
    return redirect(url_for("one_table.show", import_id=import_id), 303)


@pages.errorhandler(RequestEntityTooLarge)
def too_large(error: RequestEntityTooLarge) -> Any:
    """Nobody has looked yet who sends it."""
    del error
    if (leads := let_in()) is not None:
        return leads
    megabytes = TABLE_BYTES // (1024 * 1024)
    fault = _(
        "This is larger than %(most)s MB. Send at most %(people)s people at a time, and no pictures.",
        most=megabytes,
        people=MOST_PEOPLE,
    )
    return _page("", fault, "table"), 413


@pages.post("/clinic/tables/<import_id>/remove")
def remove(import_id: str) -> Response:
    """Takes a table away at once."""
    store().remove_import(at_work()[1].clinic_id, import_id)
    note("removed-table")
    return redirect(url_for("tables.ask"), 303)


@pages.get("/clinic/tables/empty.xlsx")
def empty() -> Response:
    """A table with nobody in it; `lists` are those that it asks about, all by default."""
    from reports.exports.people_table import people_table
    from reports.exports.table_files import as_xlsx

    asked = request.args.get("lists", "").split(",")
    lists = [each for each in spoken().checklist_of if each in asked] or list(spoken().checklist_of)
    response = current_app.response_class(as_xlsx(people_table(wording(), lists)), content_type=_XLSX)
    response.headers["Content-Disposition"] = 'attachment; filename="people.xlsx"'
    return response


def name_of_table(about: Any) -> str:
    """What a table is called: as its file was, where it came in one."""
    return str(about["name"]) or _("Pasted rows")


def sent_in_words(table: ImportedTable) -> str:
    """Who sent it in, when, and until when it is there."""
    about = table.data["about"]
    at = local_time(datetime.fromtimestamp(about["at"], UTC))
    return _(
        "%(day)s: sent in by %(name)s, removed after %(until)s.",
        name=about["by"],
        day=wording().speech.moment(at),
        until=wording().day(table.expires),
    )


def _page(rows: str, fault: str = "", field: str = "") -> str:
    return render_template(
        "clinic/tables/tables.html",
        rows=rows,
        fault=fault,
        field=field,
        most=MOST_PEOPLE,
        tables=[_row(each) for each in reversed(store().list_imports(at_work()[1].clinic_id))],
    )


def _row(table: ImportedTable) -> dict[str, Any]:
    standings = table.data["standings"]
    return {
        "href": url_for("one_table.show", import_id=table.import_id),
        "remove": url_for("tables.remove", import_id=table.import_id),
        "name": name_of_table(table.data["about"]),
        "says": sent_in_words(table),
        "rows": ngettext("%(num)s row", "%(num)s rows", len(standings)),
        "to_mend": sum(each["state"] == "mend" for each in standings),
    }
