"""A file of people, whatever it is: JSON, a CSV or a spreadsheet. Its content decides, never its name."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Literal

from checklists.people.file_kinds import ZIP, not_people
from checklists.people.peeked_file import PeekedFile
from checklists.people.records import Record, read_records
from checklists.people.sentence import Sentence
from checklists.people.tables.columns import Columns
from checklists.people.tables.csv_rows import csv_rows, looks_like_a_table
from checklists.people.tables.rows import read_rows
from checklists.people.tables.xlsx_rows import Worksheet, read_xlsx

_HEAD = 64 * 1024


@dataclass(frozen=True, kw_only=True)
class PeopleFile:
    """The records of a file in order, one at a time, and what whoever made it should know."""

    records: Iterator[Record]
    form: Literal["json", "table", "other"]
    notes: tuple[str, ...] = ()

    @property
    def is_table(self) -> bool:
        return self.form == "table"


def read_people(file: IO[bytes], columns: Callable[[], Columns]) -> PeopleFile:
    """The people in a file, from where it stands. `columns` are asked for only where it is a table."""
    file, head = _looked_at(file)
    found = _sheet(file, head, columns, None)
    if found is None:
        return PeopleFile(records=read_records(file), form="json")
    if isinstance(found, Sentence):
        return PeopleFile(records=iter([Record(line=1, fault=found)]), form="other")
    return PeopleFile(records=read_rows(found.rows, columns()), form="table", notes=found.notes)


def read_table(file: IO[bytes], columns: Callable[[], Columns], most_unpacked: int) -> Worksheet | Sentence | None:
    """The rows of a table as they stand there; else what the file is, or None where it can only be JSON.

    Of a spreadsheet no more than so many bytes are unpacked.
    """
    file, head = _looked_at(file)
    return _sheet(file, head, columns, most_unpacked)


def _sheet(
    file: IO[bytes], head: bytes, columns: Callable[[], Columns], most_unpacked: int | None
) -> Worksheet | Sentence | None:
    if head.lstrip().startswith(ZIP) or not_people(io.BytesIO(head), head):
        file = file if file.seekable() else io.BytesIO(file.read())
        start = file.tell()
        what = not_people(file, head)
        file.seek(start)
        return what or read_xlsx(file, columns(), most_unpacked)
    return Worksheet(rows=csv_rows(file, columns())) if looks_like_a_table(head, columns) else None


def _looked_at(file: IO[bytes]) -> tuple[IO[bytes], bytes]:
    """The file, to be read from where it stands, and its beginning."""
    if file.seekable():
        start = file.tell()
        head = file.read(_HEAD)
        file.seek(start)
        return file, head
    head = b""
    while not (begun := head.strip(b"\xef\xbb\xbf \t\r\n")) and (line := file.readline(_HEAD)):
        head += line
    if not begun.startswith(b"{"):  # nobody waits for what comes of a whole table
        head += file.read(_HEAD)
    return io.BufferedReader(PeekedFile(file, head)), head
