"""Connections to PostgreSQL: a pool, its limits of time, transactions, and faults in our words.

No question goes out only to see whether a connection still answers: the first statement of whoever is lent one shows
it. It is BEGIN, or only reads, so it may be asked once more where that connection is gone.
"""

import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal

import psycopg
from psycopg import Connection, Cursor, conninfo, errors
from psycopg_pool import ConnectionPool, PoolTimeout

from storage.model import (
    SealBroken,
    StorageError,
    StoreBusy,
    StoreFull,
    StoreGone,
    StoreReadOnly,
    StoreRefused,
    StoreReplaced,
)
from storage.postgres import answering
from storage.postgres.answering import PAUSE_OF_COMMITS_SECONDS, BoundedConnection, NoAnswer, Silence
from storage.postgres.primaries import Primaries
from storage.repeating import StoreConflict

MOST_CONNECTIONS = 12
WAIT_SECONDS = 3.0
"""For a connection: longer than any transaction takes, and shorter than a person waits for a page."""
RECONNECT_SECONDS = 1.0
"""So long the pool tries by itself; after that whoever asks next tries anew, so that it is there again at once."""
LIMITS = {
    "statement_timeout": "10s",
    "lock_timeout": "2s",  # each who waits holds a thread of the server, and other pages wait behind it
    "idle_in_transaction_session_timeout": "30s",
    "client_min_messages": "warning",
    "default_transaction_isolation": "read committed",  # for a single question; each transaction says its own
    "app.clinic": "*",  # every clinic, until a transaction is about one (rows.py)
}
SETTINGS = "; ".join(f"SET {name} = '{value}'" for name, value in LIMITS.items())
DURABLE = "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
_REACHING = {
    "connect_timeout": 3,  # for each machine that the address names
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,  # milliseconds: a machine that is gone answers nothing, and closes nothing
    "application_name": "firm-footing",
}

Kind = Literal["reading", "writing"]
READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
WRITING = "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE"


class Address:
    """Where the database is: `postgresql://…`. Its password is in no sentence of ours."""

    def __init__(self, address: str) -> None:
        try:
            self._parts = conninfo.conninfo_to_dict(address)
        except psycopg.ProgrammingError as error:
            raise StoreRefused(
                "FIRM_FOOTING_DATABASE is no address of a database: write postgresql://user:password@host:port/name"
            ) from error

    @property
    def conninfo(self) -> str:
        parts: dict[str, Any] = {**_REACHING, **self._parts}
        return conninfo.make_conninfo(**parts)

    @property
    def without_password(self) -> tuple[str, dict[str, str]]:
        """For another program: what everybody on the machine may see of it, and the environment that has the rest."""
        parts: dict[str, Any] = {**self._parts, "password": None}
        return conninfo.make_conninfo(**parts), {"PGPASSWORD": str(self._parts.get("password") or "")}

    def __str__(self) -> str:
        host = self._parts.get("host") or self._parts.get("hostaddr") or "this machine"
        return f"the database {self._parts.get('dbname', '')} on {host}"


class PostgresConnections:
    """A pool for each process, opened with its first transaction: no connection survives a fork."""

    def __init__(self, address: Address, set_up_more: Callable[[Connection[Any]], None]) -> None:
        self.address = address
        self._set_up_more = set_up_more
        self._replaced: StoreReplaced | None = None
        self._lock = threading.Lock()
        self._pools: dict[int, ConnectionPool[BoundedConnection]] = {}
        self._lent = Counter[int]()  # by process, as the pools
        self._primaries = Primaries()
        self._silence = Silence()
        self._silent_commits = Silence(PAUSE_OF_COMMITS_SECONDS)

    @contextmanager
    def transaction(self, kind: Kind) -> Iterator[Connection[Any]]:
        """One transaction: committed at the end, undone by any error.

        :raises StoreGone: also where it is not known whether what was written is safe
        """
        if kind == "reading":
            with self.lent(READING) as (connection, _):
                yield connection
            return
        with self._silent_commits.attempt(), self.lent(WRITING) as (connection, _):
            yield connection
            try:
                connection.commit_safely()
            except NoAnswer as error:
                self._silent_commits.began(_gone(error))
                raise
            self._silent_commits.ended()

    @contextmanager
    def lent(self, first: str, parameters: Sequence[Any] = ()) -> Iterator[tuple[BoundedConnection, Cursor[Any]]]:
        """A connection, and what it answers to `first`, which may be asked twice.

        :raises StorageError: every fault of PostgreSQL, in our words
        """
        try:
            with self._silence.attempt(), faults_named(), self._one(first, parameters) as found:
                yield found
        except StoreGone as error:
            raise (self._replaced or error) from error

    @contextmanager
    def _one(self, first: str, parameters: Sequence[Any]) -> Iterator[tuple[BoundedConnection, Cursor[Any]]]:
        """:raises StoreBusy: all are lent, which says nothing of the database"""
        pool, process = self._pool(), os.getpid()
        try:
            connection, answer = _that_answers(pool, first, parameters)
        except PoolTimeout as error:
            if self._lent[process] >= MOST_CONNECTIONS:
                raise StoreBusy("every connection to the database is in use", retry_after_seconds=5) from error
            self._silence.began(_gone(error))
            raise
        self._silence.ended()
        with self._lock:
            self._lent[process] += 1
        try:
            with connection:
                yield connection, answer or connection.answer(first, parameters, answering.ANSWER_SECONDS)
        finally:
            try:
                pool.putconn(connection)
            finally:  # after it, or who waits in vain just then would not see that all are lent
                with self._lock:
                    self._lent[process] -= 1

    def use(self) -> dict[str, int]:
        """Of this process's pool, which is not opened for the question."""
        with self._lock:
            pool = self._pools.get(os.getpid())
            stats = pool.get_stats() if pool else {}
            lent = self._lent[os.getpid()]
        return {"size": stats.get("pool_size", 0), "in use": lent, "waiting": stats.get("requests_waiting", 0)}

    def close(self) -> None:
        with self._lock:
            pool = self._pools.pop(os.getpid(), None)
        if pool:
            pool.close()

    def _pool(self) -> ConnectionPool[BoundedConnection]:
        with self._lock:
            if os.getpid() not in self._pools:
                self._pools[os.getpid()] = ConnectionPool(
                    self.address.conninfo,
                    min_size=1,
                    max_size=MOST_CONNECTIONS,
                    open=True,
                    timeout=WAIT_SECONDS,
                    reconnect_timeout=RECONNECT_SECONDS,
                    configure=self._set_up,
                    connection_class=BoundedConnection,
                    kwargs={"autocommit": True},
                    num_workers=1,
                )
            return self._pools[os.getpid()]

    def _set_up(self, connection: Connection[Any]) -> None:
        """In the pool's own thread, where nobody else would hear of what is raised."""
        set_up(connection)
        self._primaries.check(connection)
        try:
            self._set_up_more(connection)
        except StoreReplaced as error:
            self._replaced = error
            raise


def _that_answers(
    pool: ConnectionPool[BoundedConnection], first: str, parameters: Sequence[Any]
) -> tuple[BoundedConnection, Cursor[Any] | None]:
    """A connection and what it says to `first`; nothing yet where another one turned out to be gone, as then each is
    only checked: who has reached the server may wait for long.

    :raises PoolTimeout: none in time
    """
    ends, seconds, statement = time.monotonic() + WAIT_SECONDS, answering.CHECK_SECONDS, (first, parameters)
    while True:
        connection = pool.getconn(ends - time.monotonic())
        try:
            answer = connection.answer(*statement, seconds)
            return connection, answer if statement[0] else None
        except BaseException as error:
            is_gone = connection.closed
            pool.putconn(connection)
            if not (is_gone and isinstance(error, psycopg.OperationalError)):
                raise
        statement, seconds = ("", ()), min(seconds, max(0.0, ends - time.monotonic()))


def connect(address: Address) -> Connection[Any]:
    """A connection of its own. :raises StoreGone: nobody answers"""
    with faults_named():
        connection = psycopg.connect(address.conninfo, autocommit=True)
        set_up(connection)
        return connection


def set_up(connection: Connection[Any]) -> None:
    """As every connection of ours is; an answer acknowledged is an answer on disk."""
    connection.execute(f"{SETTINGS}; {DURABLE}")


@contextmanager
def faults_named() -> Iterator[None]:
    """PostgreSQL's errors become ours, by their class."""
    try:
        yield
    except (psycopg.Error, PoolTimeout) as error:
        raise _named(error) from error


def _named(error: Exception) -> StorageError:
    match error:
        # What is unique or belongs to a record was looked up before: where it fails, another writer came between.
        case (
            errors.SerializationFailure()
            | errors.DeadlockDetected()
            | errors.UniqueViolation()
            | errors.ForeignKeyViolation()
        ):
            return StoreConflict("another writer came between: try again in a moment")
        case errors.LockNotAvailable() | errors.QueryCanceled() | errors.IdleInTransactionSessionTimeout():
            return StoreBusy("the database is busy: try again in a moment", retry_after_seconds=5)
        case errors.DiskFull():
            return StoreFull("no room is left to write: free space on the disk of the database")
        case errors.ReadOnlySqlTransaction():
            return StoreReadOnly("the database takes no writing: it is a copy of another one, or was set so")
        case errors.DataCorrupted() | errors.IndexCorrupted():
            return SealBroken(f"the database is damaged ({_first_line(error)}): put back the newest backup")
        case psycopg.OperationalError() | psycopg.InterfaceError() | PoolTimeout():
            return _gone(error)
        case _:
            return StorageError(f"the database cannot be used ({_first_line(error)})")


def _gone(error: Exception) -> StoreGone:
    return StoreGone(f"the database cannot be reached ({_first_line(error)})", retry_after_seconds=10)


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
