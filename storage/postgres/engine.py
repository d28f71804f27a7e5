"""The engine for more than one machine: one PostgreSQL database, and its key beside each server."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from psycopg import Connection

from storage.model import StoreReplaced
from storage.postgres.connecting import Address, PostgresConnections
from storage.postgres.migrations import times_left
from storage.postgres.opening import Ready, ready
from storage.postgres.rows import FoundRows, PostgresRows, rows_in, together
from storage.print_queue import Looks, PrintCalls
from storage.rows.note_beside_key import Noted
from storage.rows.protocol import Rows, Wanted
from storage.store.erasures_listed import ErasuresListed
from storage.store.store import SealedStore


def open_store(
    address: str, key_folder: Path, *, today: Callable[[], date] = date.today, check_sums: bool = True
) -> SealedStore:
    """The store in this database, checked and migrated; a first run makes its tables and key.

    :raises StoreRefused: one sentence on what is wrong, and the way out
    """
    found = ready(Address(address), key_folder, check_sums=check_sums)
    engine = PostgresEngine(PostgresConnections(Address(address), partial(_set_up, found)), found)
    return SealedStore(engine, found.sealer, today, Noted(key_folder), ErasuresListed(key_folder))


def _set_up(found: Ready, connection: Connection[Any]) -> None:
    """Before a new connection is used. :raises StoreReplaced: everything was copied elsewhere since"""
    if times_left(connection) != found.times_left:
        raise StoreReplaced("everything was copied to another database: restart the app on that one, or on this one")
    if found.role:
        connection.execute(f"SET ROLE {found.role}")


_LOCK_EACH = "SELECT pg_advisory_xact_lock(hashtextextended(id, 0)) FROM unnest(%s::text[]) id"
_COUNTING = "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL synchronous_commit = off"
_TRY_LOCK = "SELECT pg_try_advisory_lock(hashtext(%s))"


class PostgresEngine:
    """What each call owes stands in rows/protocol.py. Room and traces on its disk are the server's own affair."""

    def __init__(self, connections: PostgresConnections, found: Ready) -> None:
        self.connections = connections
        self._found = found
        self._turn = threading.Lock()

    @contextmanager
    def reading(self) -> Iterator[Rows]:
        with self.connections.transaction("reading") as connection:
            yield PostgresRows(connection)

    @contextmanager
    def looking(self, wanted: Wanted) -> Iterator[Rows]:
        """One statement sees one moment, so it needs no transaction."""
        if not wanted:
            yield FoundRows({})
            return
        with self.connections.lent(*together(wanted)) as (_, answer):
            found = FoundRows(rows_in(answer, wanted))
        yield found

    @contextmanager
    def writing(self) -> Iterator[Rows]:
        with self.connections.transaction("writing") as connection:
            yield PostgresRows(connection, calls_printers=self._found.calls_printers)

    @contextmanager
    def counting(self, row_ids: Sequence[str]) -> Iterator[Rows]:
        """Each sees what the one before it wrote, and none has to begin again; a row not there yet is locked, too."""
        with self.connections.lent(_COUNTING) as (connection, _):
            connection.execute(_LOCK_EACH, (list(row_ids),))
            yield PostgresRows(connection)

    @contextmanager
    def alone(self, task: str) -> Iterator[bool]:
        with self.connections.lent(_TRY_LOCK, (task,)) as (connection, answer):
            (is_alone,) = answer.fetchone() or (False,)
            try:
                yield is_alone
            finally:
                connection.execute("SELECT pg_advisory_unlock_all()")

    def pool(self) -> Mapping[str, int]:
        return self.connections.use()

    def wait_turn(self, gap_seconds: float) -> None:
        with self._turn, self.connections.transaction("reading") as connection:  # one connection of this process waits
            connection.execute("SELECT pg_advisory_xact_lock(hashtext('turn'))")
            connection.execute("SELECT pg_sleep(%s)", (gap_seconds,))

    def print_calls(self, *, of_command: bool) -> AbstractContextManager[PrintCalls]:
        if not self._found.calls_printers:
            return nullcontext(Looks())
        from storage.postgres.print_calls import listening  # procrastinate is loaded by who prints

        return listening(self.connections.address, self._found.role, of_command=of_command)

    def leave_no_trace(self) -> None: ...

    def reserve_room(self) -> None: ...

    def is_short_of_room(self) -> bool:
        return False

    def give_up_room(self) -> None: ...

    def close(self) -> None:
        self.connections.close()
