"""The rows of a clinic's table as a page shows them: what is to be mended first, each with the cells at fault."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache
from typing import Any

from checklists.people.plain_text import plain
from checklists.people.sentence import Sentence, in_words
from checklists.people.tables.cells import Cell, CellFault, NeverWorkedOut, as_text, is_empty
from checklists.people.tables.header import HeaderRow, letters
from checklists.people.tables.rows import SheetRow
from reports.exports.people_table import people_table
from reports.judging.cells_at_fault import cells_at_fault, near_keys, what_it_says
from reports.judging.clinic_table import ClinicTable, RowStanding
from web.clinic.desk.list_entry import STATES
from web.clinic.tables.reading import as_sentence
from web.core.speaking import gettext as _
from web.core.speaking import language, wording
from web.core.table_columns import table_columns

MOST_FIELDS = 24
"""Of one row; when these are mended, the others come."""
_SAMPLES = 3


def in_order(table: ClinicTable) -> list[RowStanding]:
    """Every row, those to be mended first, then as they stand in the table."""
    return sorted(table.standings, key=lambda each: (each.state != "mend", each.row))


def rows_to_mend(table: ClinicTable, shown: Iterable[RowStanding], typed: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each with a field for every cell at fault; what was typed before the page was locked stands in it."""
    header = table.header(table_columns())
    by_number = {row.number: row for row in table.rows}
    return [_to_mend(each, by_number[each.row], header, typed) for each in shown if each.state == "mend" if header]


def rows_understood(table: ClinicTable, shown: Iterable[RowStanding]) -> list[dict[str, Any]]:
    """Each with where it stands, as the list of a day shows it, and the level of each list."""
    words, twins = wording(), _twins(table)
    return [
        {
            "row": each.row,
            "label": each.label or _("without a name"),
            "state": each.state,
            "says": _(STATES[each.state]),
            "levels": [
                {
                    "list": checklist.short,
                    "id": levels[0] if len(levels) == 1 else "",
                    "word": words.level(levels),  # type: ignore[arg-type]
                }
                for checklist in words.definitions.checklists
                if (levels := each.levels.get(checklist.id))
            ],
            "twins": twins[each.row],
        }
        for each in shown
        if each.state != "mend"
    ]


def unknown_columns(table: ClinicTable, typed: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each column of which nobody knows what it is, with what it may be and the first of what stands in it."""
    known, asks = table_columns(), asks_of_columns()
    header = table.header(known)
    if header is None or not table.has_unknown_columns:
        return []
    rows = {row.number: row for row in table.rows}
    cells = rows[header.row].cells
    keys = [column.key for column in header.columns.values()]
    found = []
    for place, cell in enumerate(cells):
        is_twice = place in header.columns and keys.count(header.columns[place].key) > 1
        if is_empty(cell) or (place in header.columns and not is_twice):
            continue
        heading = as_typed(cell)
        near = [] if is_twice else near_keys(heading, known, asks, keys)
        found.append(
            {
                "name": f"column-{place}",
                "place": place,
                "letters": letters(place),
                "heading": heading,
                "samples": _samples(table, header, place),
                "says": _("This stands in more than one column.") if is_twice else _("We do not know this column."),
                "may_be": [{"value": key, "label": f"{asks[key]} ({key})"} for key in near],
                "chosen": typed.get(f"column-{place}", ""),
                "key": typed.get(f"key-{place}", ""),
            }
        )
    return found


def asks_of_columns() -> Mapping[str, str]:
    """What is asked in each column, in this browser's language."""
    return _asks(language(), wording().region.id)


@cache
def _asks(spoken: str, region: str) -> Mapping[str, str]:
    del spoken, region  # they are what `wording` speaks
    words = wording()
    return {each.key: each.ask for each in people_table(words, list(words.definitions.checklist_of)).columns}


def as_typed(cell: Cell) -> str:
    """A cell as somebody would type it."""
    if is_empty(cell) or isinstance(cell, NeverWorkedOut):
        return ""
    with suppress(CellFault):
        return as_text(cell)
    return plain(str(cell))


def name_of_field(row: int, place: int) -> str:
    """What a cell is called in a form."""
    return f"cell-{row}-{place}"


def _to_mend(standing: RowStanding, row: SheetRow, header: HeaderRow, typed: Mapping[str, str]) -> dict[str, Any]:
    cells, others = cells_at_fault(standing.faults, header)
    asks = asks_of_columns()
    fields = []
    for each in cells[:MOST_FIELDS]:
        name = name_of_field(standing.row, each.place)
        stands = as_typed(row.cells[each.place]) if each.place < len(row.cells) else ""
        label = asks.get(each.key) or _("Column %(letters)s", letters=letters(each.place))
        fields.append(
            {
                "name": name,
                "label": label,
                "stands": stands,
                "value": typed.get(name, stands),
                "error": " ".join(_in_words(fault, asks) for fault in each.faults),
            }
        )
    return {
        "row": standing.row,
        "label": standing.label,
        "fields": fields,
        "says": [_in_words(fault, asks) for fault in others],
        "more": max(0, len(cells) - MOST_FIELDS),
    }


def _in_words(fault: str, asks: Mapping[str, str]) -> str:
    """A fault without its place, and with questions in the place of keys."""
    text = what_it_says(fault)
    if isinstance(text, Sentence):
        for key, ask in asks.items():
            if "." in key and key in text:
                text = text.replaced(key, f"“{ask}”")
    return as_sentence(in_words(text, _))


def _samples(table: ClinicTable, header: HeaderRow, place: int) -> list[str]:
    below = (row for row in table.rows if row.number > header.row and place < len(row.cells))
    found = (as_typed(row.cells[place]) for row in below)
    return [each for each in found if each][:_SAMPLES]


def _twins(table: ClinicTable) -> Mapping[int, list[int]]:
    """By row, the other rows that have the same label."""
    rows: dict[str, list[int]] = defaultdict(list)
    for each in table.standings:
        rows[each.label.casefold()].append(each.row)
    return {
        each.row: [row for row in rows[each.label.casefold()] if row != each.row] if each.label else []
        for each in table.standings
    }
