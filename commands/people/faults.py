"""The faults of a file: said when everybody urgent has been named, and written as the same table, to be mended."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import click

from checklists.people.people_file import PeopleFile
from checklists.people.quoting import joined
from checklists.people.tables.rows import TableRecord
from commands.people.file import Faulty, table_columns, where
from commands.people.plan_files import write_whole
from commands.streams import say

MOST_SAID = 1000
SUFFIXES = (".xlsx", ".csv")


@dataclass(kw_only=True)
class Faults:
    """Every fault of a file, at once."""

    file: PeopleFile
    path: Path | None = None
    count: int = 0
    told: list[Faulty] = field(default_factory=list)
    table: Any = None

    def __post_init__(self) -> None:
        if self.path is None:
            return
        if not self.file.is_table:
            raise click.UsageError("--faults goes with a table; the faults of JSON stand in what comes out.")
        from reports.exports.fault_table import FaultTable

        self.table = FaultTable(is_csv=self.path.suffix.lower() == ".csv")

    def add(self, each: Faulty) -> None:
        """One record more that cannot be assessed."""
        self.count += 1
        if self.count <= MOST_SAID:
            self.told.append(each)
        if self.table:
            self.table.add(each.record, each.faults)

    def end(self) -> None:
        """Says them all, and writes the table."""
        for note in self.file.notes:
            say(note)
        for each in self.told:
            for sentence in self._sentences(each):
                say(sentence)
        if self.count > MOST_SAID:
            say(f"{self.count - MOST_SAID} more are not shown here.")
        if self.path is not None and self.count:
            write_whole(self.path, self.table.as_bytes)
            say(f"{self.path}: {self.count} {'row' if self.count == 1 else 'rows'} to mend")
        elif self.path is not None and self.path.exists():
            say(f"Nothing is to be mended. {self.path} is from an earlier run.")

    def _sentences(self, each: Faulty) -> list[str]:
        if self.file.form == "other":
            return [each.faults[0]]
        start = where(each.line, in_a_table=self.file.is_table)
        if not isinstance(each.record, TableRecord):
            return [f"{start}: {joined(each.faults)}"]
        return [f"{start}{_pause(fault)}{fault}" for fault in each.faults]


def _pause(fault: str) -> str:
    key = fault.split(": ", 1)[0]
    return ", " if key in table_columns() or key.startswith("column ") else ": "


def faults_path(_context: click.Context, _option: click.Parameter, typed: Path | None) -> Path | None:
    """Where the faults go. :raises click.BadParameter: it is no kind of table"""
    if typed is not None and typed.suffix.lower() not in SUFFIXES:
        raise click.BadParameter("name a table: faults.xlsx or faults.csv.")
    return typed


def refuse_same(path: Path | None, file: IO[bytes]) -> None:
    """The table itself, of which only the rows to be mended would be left."""
    name = file.name if isinstance(getattr(file, "name", None), str) else "-"
    if path is not None and path.exists() and name != "-" and path.samefile(name):
        raise click.UsageError("--faults would write over the table itself. Choose another name.")
