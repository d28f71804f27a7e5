"""The table of a clinic between sending it in and printing: judged row by row, mended cell by cell, as plain JSON."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from checklists.files.definitions import Definitions
from checklists.people.records import Record
from checklists.people.sentence import from_json, to_json
from checklists.people.tables.columns import Columns
from checklists.people.tables.header import HeaderRow, read_header
from checklists.people.tables.rows import SheetRow, TableRecord, read_rows
from checklists.people.tables.stored_rows import row_from_json, row_to_json, with_cells
from reports.judging.judged import Faulty, Judged, judge
from reports.judging.printable import printable
from reports.words.words import level_may_be_shown

RowState = Literal["mend", "not-started", "speak-first", "ready"]
Json = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class RowStanding:
    """What became of one row; `levels` are, by list, the levels that may be shown of it."""

    row: int
    state: RowState
    label: str = ""
    faults: tuple[str, ...] = ()
    levels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Knowledge:
    """By what a table is judged: what is asked, the columns that it may have, and the day where a row has none."""

    definitions: Definitions
    columns: Columns
    today: date

    def judge(self, record: Record) -> Judged | Faulty:
        """One row, whose label has to be printed too."""
        return printable(judge(self.definitions, record, self.today))


@dataclass(frozen=True, kw_only=True)
class ClinicTable:
    """The rows as they were sent in and mended since, and how each stands.

    `about` is what a list of tables says of it, `header_row` the number of the row with the keys.
    """

    rows: tuple[SheetRow, ...]
    about: Json
    notes: tuple[str, ...] = ()
    header_row: int | None = None
    standings: tuple[RowStanding, ...] = ()
    content_hash: str = ""

    @property
    def has_unknown_columns(self) -> bool:
        """Whether nobody was read yet, as the row with the keys is at fault."""
        return any(each.row == self.header_row for each in self.standings)

    def header(self, known: Columns) -> HeaderRow | None:
        """The row with the keys, where there is one."""
        found = next((each for each in self.rows if each.number == self.header_row), None)
        return read_header(found.number, found.cells, known) if found else None

    def records(self, known: Columns) -> Iterator[Record]:
        """Every filled row, as a command reads it."""
        return read_rows(self.rows, known)


def judged(table: ClinicTable, by: Knowledge, before: ClinicTable | None = None) -> ClinicTable:
    """The table with how each row stands; what is as it was before is not judged again."""
    same = _judged_before(table, by, before)
    standings, header_row = [], None
    for record in table.records(by.columns):
        if isinstance(record, TableRecord):
            header_row = record.header.row
        standings.append(same.get(record.line) or _standing(by.judge(record)))
    return replace(table, standings=tuple(standings), header_row=header_row, content_hash=by.definitions.content_hash)


def mended(table: ClinicTable, typed: Mapping[int, Mapping[int, str]], by: Knowledge) -> ClinicTable:
    """The table after somebody typed into cells: by row, by column counted from 0."""
    rows = tuple(with_cells(row, typed.get(row.number, {})) for row in table.rows)
    return judged(replace(table, rows=rows), by, table)


def people_of(table: ClinicTable, by: Knowledge) -> Iterator[Judged | Faulty]:
    """Everybody in the table, assessed and planned today."""
    return (by.judge(record) for record in table.records(by.columns))


def table_to_json(table: ClinicTable) -> dict[str, Any]:
    """The table as it is kept."""
    return {
        "rows": [row_to_json(each) for each in table.rows],
        "about": dict(table.about),
        "notes": [to_json(each) for each in table.notes],
        "header": table.header_row,
        "standings": [
            {
                **vars(each),
                "faults": [to_json(fault) for fault in each.faults],
                "levels": {name: list(levels) for name, levels in each.levels.items()},
            }
            for each in table.standings
        ],
        "content": table.content_hash,
    }


def table_from_json(data: Json) -> ClinicTable:
    """The same table again."""
    return ClinicTable(
        rows=tuple(row_from_json(each) for each in data["rows"]),
        about=data["about"],
        notes=tuple(from_json(each) for each in data["notes"]),
        header_row=data["header"],
        standings=tuple(_standing_from(each) for each in data["standings"]),
        content_hash=data["content"],
    )


def _standing(person: Judged | Faulty) -> RowStanding:
    label = person.label or ""
    if isinstance(person, Faulty):
        is_blank = person.has_no_answers and bool(label)
        return RowStanding(
            row=person.line, state="not-started" if is_blank else "mend", label=label, faults=person.faults
        )
    assessment = person.assessment
    shown = assessment.checklists if level_may_be_shown(assessment) else ()
    return RowStanding(
        row=person.line,
        state="speak-first" if person.is_urgent else "ready",
        label=label,
        levels={each.id: tuple(each.could_be) for each in shown},
    )


def _judged_before(table: ClinicTable, by: Knowledge, before: ClinicTable | None) -> Mapping[int, RowStanding]:
    """How rows stood that nobody has changed since, under the same keys."""
    if before is None or before.content_hash != by.definitions.content_hash:
        return {}
    old = {each.number: each for each in before.rows}
    same = {each.number for each in table.rows if old.get(each.number) == each}
    if before.header_row not in same or before.has_unknown_columns:
        return {}
    return {each.row: each for each in before.standings if each.row in same}


def _standing_from(data: Json) -> RowStanding:
    return RowStanding(
        **{
            **data,
            "faults": tuple(from_json(each) for each in data["faults"]),
            "levels": {name: tuple(levels) for name, levels in data["levels"].items()},
        }
    )
