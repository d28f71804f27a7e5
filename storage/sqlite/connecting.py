"""Connections to the one file: their pragmas, transactions, and SQLite's faults in our words."""

import os
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Literal

from sqlite_utils import Database
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # pysqlite3 where it is installed

from storage.model import SealBroken, StorageError, StoreBusy, StoreFull, StoreReadOnly, StoreReplaced

SQLITE_VERSION: tuple[int, ...] = sqlite3.sqlite_version_info
BUSY_SECONDS = 0.5
TURN_SECONDS = 1.0
"""For the writers before this one in the same process; only then does it wait for those of other processes."""
FOLDING_TRIES, FOLDING_PAUSE_SECONDS = 5, 0.1
PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",  # an answer acknowledged is an answer on disk: lab/drill/power_cut.py
    "secure_delete = ON",  # FAST leaves the freed overflow pages of long rows readable
    "foreign_keys = ON",
    "trusted_schema = OFF",
    f"busy_timeout = {int(BUSY_SECONDS * 1000)}",
    "mmap_size = 0",
)


def has_wal_reset_bug(version: tuple[int, ...]) -> bool:
    """Whether this SQLite can corrupt a WAL database: 3.7.0 to 3.51.2 but for two backported fixes.

    Source: https://sqlite.org/wal.html#walresetbug
    """
    backported = {(3, 44): (3, 44, 6), (3, 50): (3, 50, 7)}
    return (3, 7) <= version < backported.get((version[0], version[1]), (3, 51, 3))


def connect(path: Path) -> Database:
    """A connection to a file that exists; read-only where the file or its folder may not be written."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?{_mode(path)}",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,  # lent to one thread at a time
    )
    connection.text_factory = _text
    return with_pragmas(Database(connection, recursive_triggers=False, execute_plugins=False))


def connect_unchanging(path: Path) -> Database:
    """A connection to a copy that nobody writes: no journal is made beside it, and not a byte of it changes."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)
    connection.text_factory = _text
    return Database(connection, recursive_triggers=False, execute_plugins=False)


def connect_looking(path: Path) -> Database:
    """A connection that writes nothing to a database that others may have open: what is in its journal counts."""
    journal = path.with_name(path.name + "-wal")
    if not journal.exists() or not journal.stat().st_size:
        return connect_unchanging(path)
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    connection.text_factory = _text
    return Database(connection, recursive_triggers=False, execute_plugins=False)


def with_pragmas(db: Database) -> Database:
    """The same connection, set up as every connection of ours is."""
    try:
        for pragma in PRAGMAS:
            db.execute(f"PRAGMA {pragma}")
    except BaseException:
        db.close()
        raise
    return db


class Connections:
    """Open connections, each lent to one caller at a time; as many stay open as were needed at once.

    One kept open answers in 7 µs, one opened for the question in 60 to 130 µs; the last one to close also
    checkpoints, so that a lone write took 1.2 ms instead of 0.2 (November 2026, SQLite 3.53.4, 2 cores).
    """

    def __init__(self, open_one: Callable[[], Database], file: Path | None = None) -> None:
        self._open_one = open_one
        self.file = file
        self._identity = _identity(file)
        # By process: none may be used or closed across a fork (sqlite.org/howtocorrupt.html, 2.6).
        self._idle: dict[int, deque[Database]] = {}
        self._turns: defaultdict[int, threading.Lock] = defaultdict(threading.Lock)

    @contextmanager
    def transaction(self, kind: Literal["BEGIN", "BEGIN IMMEDIATE"]) -> Iterator[Database]:
        """One transaction: committed at the end, undone by any error.

        :raises StorageError: every fault of SQLite, in our words
        """
        with self._lent(kind) as db, transaction(db, kind):
            if kind == "BEGIN IMMEDIATE":  # a restore replaces the file while it holds this lock
                self._refuse_another_file()
            yield db

    @contextmanager
    def writing_that_may_be_lost(self) -> Iterator[Database]:
        """The same to write, where nobody waits for the disk: it may go with the power, and the file stays whole."""
        with self._lent("BEGIN IMMEDIATE") as db, _hasty(db), transaction(db, "BEGIN IMMEDIATE"):
            self._refuse_another_file()
            yield db

    @contextmanager
    def _lent(self, kind: Literal["BEGIN", "BEGIN IMMEDIATE"]) -> Iterator[Database]:
        self._refuse_another_file()
        with faults_named(), self._turn_to_write() if kind == "BEGIN IMMEDIATE" else nullcontext():
            db = self._take()
            try:
                yield db
            finally:
                self._give_back(db)

    @contextmanager
    def _turn_to_write(self) -> Iterator[None]:
        """SQLite's own wait sleeps and looks again, so whoever comes last often wins; a lock wakes the next at once."""
        turn = self._turns[os.getpid()]
        if not turn.acquire(timeout=TURN_SECONDS):
            raise _busy()
        try:
            yield
        finally:
            turn.release()

    def fold_journal(self) -> bool:
        """Writes the write-ahead log into the file and empties it, so that what was removed is nowhere.

        False where readers held it for half a second; the next write or closing does it then.
        """
        with faults_named():
            db = self._take()
            try:
                for _ in range(FOLDING_TRIES):
                    busy = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
                    if not busy:
                        return True
                    time.sleep(FOLDING_PAUSE_SECONDS)
                return False
            finally:
                self._give_back(db)

    def close(self) -> None:
        """Folds the write-ahead log into the file, so that it alone is whole, and closes those that are not lent."""
        idle = self._idle.pop(os.getpid(), deque())
        if idle:
            with suppress(sqlite3.Error):  # a reader holds it, or nothing may be written
                idle[0].execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for db in idle:
            db.close()

    def _refuse_another_file(self) -> None:
        """SQLite itself would go on writing into the lost file. :raises StoreReplaced: it is another one now"""
        if _identity(self.file) != self._identity:
            raise StoreReplaced(f"{self.file} was moved or replaced: restart the app, which then opens what is there")

    def _take(self) -> Database:
        try:
            return self._idle[os.getpid()].pop()
        except LookupError:
            return self._open_one()

    def _give_back(self, db: Database) -> None:
        if db.conn.in_transaction:  # it could not even be rolled back
            db.close()
        else:
            self._idle.setdefault(os.getpid(), deque()).append(db)


@contextmanager
def _hasty(db: Database) -> Iterator[None]:
    """The next commit that waits for the disk takes along what was written until then (sqlite.org/pragma.html)."""
    db.execute("PRAGMA synchronous = NORMAL")
    try:
        yield
    finally:
        db.execute("PRAGMA synchronous = FULL")


@contextmanager
def transaction(db: Database, kind: Literal["BEGIN", "BEGIN IMMEDIATE"]) -> Iterator[None]:
    """One transaction on this connection."""
    db.execute(kind)
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        db.rollback()  # does nothing where the fault itself (a full disk) has already undone all
        raise


@contextmanager
def faults_named() -> Iterator[None]:
    """SQLite's errors become ours, by their code."""
    try:
        yield
    except sqlite3.Error as error:
        raise _named(error) from error
    except UnicodeDecodeError as error:  # SQLite's message quotes a damaged name
        raise _damaged(error) from error


def _named(error: sqlite3.Error) -> StorageError:
    match getattr(error, "sqlite_errorcode", sqlite3.SQLITE_MISUSE) & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return _busy()
        case sqlite3.SQLITE_FULL:
            return StoreFull("no room is left to write: free space on the disk of the database")
        case sqlite3.SQLITE_READONLY:
            return StoreReadOnly("the database may not be written: make its file and folder writable")
        case sqlite3.SQLITE_ERROR | sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            # Our statements are fixed and tested: one that fails has met a damaged file.
            return _damaged(error)
        case _:
            return StorageError(f"the database cannot be used ({error})")


def _busy() -> StoreBusy:
    return StoreBusy("the database is busy: try again in a moment")


def _identity(file: Path | None) -> tuple[int, int] | None:
    try:
        found = os.stat(file) if file else None
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found else None


def _damaged(error: Exception) -> SealBroken:
    way_out = "stop the app, and put back the newest backup with flask restore FILE"
    return SealBroken(f"the database is damaged ({error}): {way_out}")


def _mode(path: Path) -> str:
    if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
        return "mode=rw"
    # Nothing can write here, so an empty log needs no shared memory file, which could not be made either.
    logged = path.with_name(path.name + "-wal").exists() or os.access(path.parent, os.W_OK)
    return "mode=ro" if logged else "mode=ro&immutable=1"


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")  # a damaged column must reach its seal, and fail there
