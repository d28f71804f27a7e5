"""The faults of a file: said when everybody urgent has been named, and written as the same table, to be mended."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import click

from checklists.files.definitions import WRITTEN_IN
from checklists.people.people_file import PeopleFile
from checklists.people.quoting import joined
from checklists.people.sentence import Sentence, at, place_of
from checklists.people.tables.rows import TableRecord
from commands.people.file import in_language
from commands.streams import say
from commands.whole_files import write_whole
from reports.judging.judged import Faulty, where
from web.core.table_columns import table_columns

MOST_SHOWN = 1000
SUFFIXES = (".xlsx", ".csv")


@dataclass(kw_only=True)
class Faults:
    """Every fault of a file, at once."""

    file: PeopleFile
    path: Path | None = None
    language: str = WRITTEN_IN
    count: int = 0
    reported: list[Faulty] = field(default_factory=list)
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
        if self.count <= MOST_SHOWN:
            self.reported.append(each)
        if self.table:
            places = {place_of(fault) for fault in each.faults}
            self.table.add(each.record, places, in_language(self._whole(each), self.language))

    def end(self) -> None:
        """Says them all, and writes the table."""
        for sentence in self._sentences():
            say(in_language(sentence, self.language))

    def _sentences(self) -> Iterator[str]:
        yield from self.file.notes
        for each in self.reported:
            yield from self._of(each)
        if self.count > MOST_SHOWN:
            yield Sentence("%(count)s more are not shown here.", count=self.count - MOST_SHOWN)
        if self.path is not None and self.count:
            write_whole(self.path, self.table.as_bytes)
            yield _to_mend(str(self.path), self.count)
        elif self.path is not None and self.path.exists():
            yield Sentence("Nothing is to be mended. %(file)s is from an earlier run.", file=str(self.path))

    def _of(self, each: Faulty) -> list[str]:
        if self.file.form == "other":
            return [each.faults[0]]
        if not isinstance(each.record, TableRecord):
            return [self._whole(each)]
        start = where(each.line, in_a_table=True)
        return [
            Sentence("%(row)s, %(fault)s", row=start, fault=fault) if _is_of_a_column(fault) else at(start, fault)
            for fault in each.faults
        ]

    def _whole(self, each: Faulty) -> Sentence:
        faults = joined([in_language(fault, self.language) for fault in each.faults])
        return at(where(each.line, in_a_table=self.file.is_table), faults)


def _to_mend(file: str, count: int) -> Sentence:
    if count == 1:
        return Sentence("%(file)s: 1 row to mend", file=file)
    return Sentence("%(file)s: %(count)s rows to mend", file=file, count=count)


def _is_of_a_column(fault: str) -> bool:
    place = place_of(fault)
    return place in table_columns() or place.startswith("column ")


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
