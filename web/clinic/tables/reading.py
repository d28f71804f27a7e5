"""What somebody sent in → the table of a clinic, or one sentence on why it is none; small enough that nobody waits."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from checklists.people.people_file import read_table
from checklists.people.sentence import Sentence, in_words
from checklists.people.tables.rows import NO_KEY, SheetRow
from checklists.people.tables.stored_rows import is_filled
from reports.judging.clinic_table import ClinicTable, Knowledge, judged
from web.clinic.at_work import clinic_day
from web.core.settings import definitions
from web.core.speaking import gettext as _
from web.core.table_columns import table_columns

MOST_PEOPLE = 500
MOST_UNPACKED = 16 * 1024 * 1024
MOST_CELL_CHARACTERS = 4_000_000
_MOST_ROWS = 20_000
_ROWS_FOR_PEOPLE = 100
"""Filled rows of a table in which nobody stands: the questions, the keys, titles."""


class TableRefused(Exception):
    """Nothing is kept of what was sent; the message is a sentence for whoever sent it."""


def knowledge() -> Knowledge:
    """By what the tables of whoever is at work are judged today."""
    return Knowledge(definitions=definitions(), columns=table_columns(), today=clinic_day())


def read_sent(data: bytes, about: dict[str, Any]) -> ClinicTable:
    """The table in a file. :raises TableRefused: it is none, or too much"""
    if not data.strip():
        raise TableRefused(_("There is nothing in it. Choose the file of your table, or paste its rows."))
    found = read_table(BytesIO(data), table_columns, MOST_UNPACKED)
    if found is None:
        raise TableRefused(_("This is no table. Send one as .xlsx or as CSV."))
    if isinstance(found, Sentence):
        raise TableRefused(_not_a_table(found))
    table = judged(ClinicTable(rows=_filled(found.rows), notes=found.notes, about=about), knowledge())
    if table.header_row is None and table.standings:
        raise TableRefused(_no_people(table.standings[0].faults[0]))
    if not table.standings:
        raise TableRefused(_("There is nobody in this table yet. Fill in a row for each person."))
    if len(table.standings) > MOST_PEOPLE:
        raise _too_many()
    return table


def _filled(rows: Iterable[SheetRow]) -> tuple[SheetRow, ...]:
    """The rows that say something; a long table is not read to its end."""
    found: list[SheetRow] = []
    characters = 0
    for row in rows:
        if row.number > _MOST_ROWS or len(found) > MOST_PEOPLE + _ROWS_FOR_PEOPLE:
            raise _too_many()
        if is_filled(row):
            found.append(row)
            characters += sum(len(str(each)) for each in row.cells if each is not None)
        if characters > MOST_CELL_CHARACTERS:
            raise TableRefused(_("There is too much text in this table. Keep only the columns that are asked for."))
    return tuple(found)


def _too_many() -> TableRefused:
    return TableRefused(_("There are more than %(most)s people in this table. Send fewer at a time.", most=MOST_PEOPLE))


def _not_a_table(fault: Sentence) -> str:
    what, remedy = fault.values["what"], fault.values.get("remedy")
    if isinstance(what, str) and isinstance(remedy, str):
        return as_sentence(in_words(Sentence("this is %(what)s; %(remedy)s", what=what, remedy=remedy), _))
    return _("This is %(what)s. Send a table as .xlsx or as CSV.", what=in_words(str(what), _))


def _no_people(fault: str) -> str:
    if fault == NO_KEY:
        return _("No row of it holds the keys of the columns, such as falls.fell-past-year. Start from an empty table.")
    return as_sentence(in_words(fault, _))


def as_sentence(text: str) -> str:
    """The end of a sentence that a command begins with a place, as one by itself."""
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "?", "!")) else f"{text}."
