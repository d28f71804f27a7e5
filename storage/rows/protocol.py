"""What an engine owes the store: rows as they are sealed, in transactions. It has no key and opens none of them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from storage.print_queue import PrintCalls
from storage.rows.tables import Table

Wanted = Sequence[tuple[Table, str]]
"""Rows by their tables and ids."""


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A row as it lies in its table."""

    row_id: str
    bound: Mapping[str, Any]
    sealed: bytes = b""


class Rows(Protocol):
    """The rows of every table as one transaction sees them. Text is compared byte by byte."""

    def only_of(self, clinic_id: str | None) -> None:
        """From now on no row of another clinic is there for this transaction, where the engine can see to that itself:
        a second wall behind clinics/scope.py. None: they all are."""

    # By id

    def fetch(self, wanted: Wanted) -> None:
        """These will be asked for, one by one: who keeps them far away gets them all with one question."""

    def find(self, table: Table, row_id: str) -> StoredRow | None:
        """The row of this id."""

    def put(self, table: Table, row: StoredRow) -> None:
        """Writes the row, over the one of this id, whose place in the order it takes.

        :raises StorageError: another row has what is unique
        """

    def delete(self, table: Table, row_id: str) -> None:
        """Removes the row so that nothing of it can be read again; a record or a clinic goes with all that name it."""

    # By what else is unique

    def id_by(self, table: Table, columns: Mapping[str, str]) -> str | None:
        """The id of the row that holds this in these columns."""

    def where(
        self,
        table: Table,
        columns: Mapping[str, str | None],
        *,
        newest_first: bool = False,
        at_most: int = -1,
        skip: int = 0,
    ) -> list[StoredRow]:
        """The rows that hold this, or nothing (None), in these columns, in the order in which they came; -1 is all."""

    def heads(self, table: Table, columns: Mapping[str, str | None], size: int) -> list[tuple[str, bytes]]:
        """The ids of the same rows, each with so many of the first bytes of what is sealed: a fifth of the work."""

    # Of one record

    def ids_of(self, table: Table, record_id: str) -> list[str]:
        """The ids of this record's rows, in the order in which they came."""

    def all_of(self, table: Table, record_id: str) -> list[StoredRow]:
        """This record's rows, in the order in which they came."""

    def bytes_of(self, table: Table, record_id: str) -> int:
        """How many bytes are sealed in this record's rows."""

    def last_number(self, table: Table, record_id: str) -> int:
        """The highest number of this record's rows; 0 where there are none."""

    # By time

    def now(self) -> int:
        """The moment in milliseconds since 1970, by the one clock of all who write into this database."""

    def ended(self, table: Table, before: str, at_most: int) -> list[str]:
        """The ids of so many rows whose last day was before this one."""

    def count_ended(self, table: Table, before: str) -> int:
        """How many there are."""

    def newest_end(self, table: Table) -> str | None:
        """The latest last day of any row; None where there is no row."""

    def total_of(self, table: Table, column: str, columns: Mapping[str, str]) -> int:
        """The sum of a column over the rows that hold this in these columns."""

    # Whoever waits for print jobs

    def call_printers(self, job_ids: Sequence[str], *, of_command: bool) -> None:
        """Once this transaction is committed, whoever waits for such jobs hears of these, on every machine."""

    # Whole tables

    def all(self, table: Table) -> Iterator[StoredRow]:
        """Every row, in no order."""

    def ids(self, table: Table) -> list[str]:
        """The id of every row."""

    def following(self, table: Table, after: str, at_most: int) -> list[StoredRow]:
        """So many rows whose ids come after this one, by id; of what is sealed only so much as names its key."""

    def count(self, table: Table) -> int:
        """How many rows there are."""


class Engine(Protocol):
    """One database. Every call may raise StorageError, and none ever leaves half of what it does."""

    def reading(self) -> AbstractContextManager[Rows]:
        """Everything as it is at one moment, whoever writes meanwhile; nothing can be written."""

    def looking(self, wanted: Wanted) -> AbstractContextManager[Rows]:
        """These rows alone, all as they are at one moment: nothing else is asked of what is found here."""

    def writing(self) -> AbstractContextManager[Rows]:
        """One transaction: all of it is on disk at the end, or none of it where anything is raised. It is as if nobody
        else had written meanwhile.

        :raises StoreConflict: somebody had; it may be made again at once (repeating.py)
        """

    def counting(self, row_ids: Sequence[str]) -> AbstractContextManager[Rows]:
        """The same for rows of COUNTS alone, which nobody else counts meanwhile; the ids are in order. Nobody waits for
        the disk."""

    def alone(self, task: str) -> AbstractContextManager[bool]:
        """Whether nobody else who shares the database is at this task, as long as this lasts."""

    def pool(self) -> Mapping[str, int]:
        """How this process's connections are used: `size`, `in use`, `waiting`; nothing where there is no pool."""

    def wait_turn(self, gap_seconds: float) -> None:
        """Returns when it is this caller's turn among all other processes that share it, with a gap between two."""

    def print_calls(self, *, of_command: bool) -> AbstractContextManager[PrintCalls]:
        """Hears of jobs that are queued, or knows when to look."""

    def leave_no_trace(self) -> None:
        """What was removed is nowhere any more, not in a journal either."""

    def reserve_room(self) -> None:
        """From now on some room is kept back for the day when the disk is full."""

    def is_short_of_room(self) -> bool:
        """What room is left is kept for answers and for erasing."""

    def give_up_room(self) -> None:
        """Erasing needs it now."""

    def close(self) -> None:
        """Lets go of what is open; a later call opens anew."""
