"""The people of a table → a file to print, asked for as for the people of a day."""

from dataclasses import replace
from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from reports.judging.clinic_table import ClinicTable, people_of
from reports.judging.judged import Judged
from storage.clinics.model import ImportedTable
from web.clinic.at_work import note
from web.clinic.printing.choices import choices, chosen_in, wanted_of
from web.clinic.printing.ordering import NOT_ANSWERED, NOT_MENDED, Wanted, queue
from web.clinic.signing_in.locking import typed_at_work
from web.clinic.tables.one_table import count_printable, get_table, table_of
from web.clinic.tables.reading import knowledge
from web.clinic.tables.sending import name_of_table
from web.core.settings import definitions
from web.core.speaking import gettext as _
from web.core.speaking import ngettext
from web.core.table_columns import table_columns
from web.visitor.own_clinic import as_reviewed

if TYPE_CHECKING:
    from reports.batch.order import Order

pages = Blueprint("table_printing", __name__)


@pages.get("/clinic/tables/<import_id>/print")
def ask(import_id: str) -> str:
    """How it is to be printed."""
    typed = typed_at_work()
    return _form(get_table(import_id), MultiDict(typed) if typed else None, "")


@pages.post("/clinic/tables/<import_id>/print")
def order(import_id: str) -> Response | tuple[str, int]:
    """Puts it into the queue; rows that are still to be mended stand on the cover list as not printed."""
    found, wanted = get_table(import_id), wanted_of(request.form)
    made = _order(table_of(found), wanted)
    if not made.printed:
        fault = _("There is nobody in this table whose paper can be printed like this.")
        return _form(found, request.form, fault), 422
    queue(made, {}, wanted.clinic.clinic_id, wanted.options.printed_by)
    note("ordered-printing", says=ngettext("%(num)s person", "%(num)s people", len(made.printed)))
    return redirect(url_for("print_day.files"), 303)


def _order(table: ClinicTable, wanted: Wanted) -> "Order":
    from reports.batch.people import blank_entry_of, entry_of

    known, lists = definitions(), _lists_of(table)
    entries, missing = [], []
    for person in people_of(table, knowledge()):
        if isinstance(person, Judged):
            entries.append(entry_of(person, wanted.options, known.content_hash))
        elif person.has_no_answers and person.label and wanted.with_blank:
            entries.append(blank_entry_of(person, wanted.options, lists))
        else:
            why = NOT_ANSWERED if person.has_no_answers else NOT_MENDED
            missing.append(wanted.missing(person.line, person.label or "", why))
    reviewed = (replace(each, options=as_reviewed(each.options, wanted.clinic, known)) for each in entries)
    return wanted.order(reviewed, missing)


def _lists_of(table: ClinicTable) -> tuple[str, ...]:
    """The lists that the table asks about, which are printed blank for who has not answered."""
    header = table.header(table_columns())
    begun = {column.key.partition(".")[0] for column in header.columns.values()} if header else set()
    known = definitions().checklist_of
    return tuple(each for each in known if each in begun) or tuple(known)


def _form(found: ImportedTable, typed: "MultiDict[str, str] | None", fault: str) -> str:
    table = table_of(found)
    return render_template(
        "clinic/tables/print_table.html",
        import_id=found.import_id,
        name=name_of_table(table.about),
        count=count_printable(table),
        to_mend=len(table.standings) - count_printable(table),
        choices=choices(chosen_in(typed) if typed else {}),
        fault=fault,
    )
