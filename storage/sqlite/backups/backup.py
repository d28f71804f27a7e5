"""A backup: a copy made while others write, checked before it gets its name, and the old ones removed."""

import os
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # pysqlite3 where it is installed

from storage.backup_files import free_name, remove_old
from storage.model import BackupRefused, StorageError, StoreBusy
from storage.rows import clock
from storage.rows.sealing import KEY, Sealer, move_durably
from storage.rows.tables import COUNTS, PASSING
from storage.sqlite.backups.signing import NotSigned, copy_checked, sign
from storage.sqlite.backups.verifying import NotTrusted, verify
from storage.sqlite.connecting import Connections, connect, faults_named
from storage.sqlite.keys import connections_to
from storage.sqlite.opening import DATABASE, alone_in, ready
from storage.sqlite.rows import SqliteRows, sealed_rows_of
from storage.store.check_row import use_present_key

FOLDER = "backups"
BUSY_TRIES, BUSY_PAUSE_SECONDS = 20, 0.25
_UNFINISHED = ".unfinished"


@dataclass(frozen=True, kw_only=True)
class Backup:
    """A backup that was made."""

    path: Path
    records: int
    bytes: int


def back_up(data_folder: Path, key_folder: Path, folder: Path | None, now: datetime) -> Backup:
    """A checked copy of the database in `folder` (`backups` beside it), named by `now` (UTC). The key is not in it.

    :raises StorageError: it could not be made, and nothing of it is left; what was there before is still there
    """
    if not (data_folder / DATABASE).exists() and not (key_folder / KEY).exists():
        raise BackupRefused(f"there is no database in {data_folder} yet: name its folder by FIRM_FOOTING_DATA")
    database, sealer = ready(data_folder, key_folder)
    into = folder or data_folder / FOLDER
    try:
        into.mkdir(mode=0o700, parents=True, exist_ok=True)
        with alone_in(into):
            made, may_remove = _made(database, sealer, into, now)
            if may_remove:
                remove_old(made.path, now.date())
    except OSError as error:
        raise BackupRefused(
            f"{error.filename or into} cannot be written ({error.strerror}): choose another folder, or make room"
        ) from error
    return made


def _made(database: Path, sealer: Sealer, folder: Path, now: datetime) -> tuple[Backup, bool]:
    """The backup, and whether the clock may be believed so far as to remove old ones by it."""
    final = free_name(folder, now, ".db")
    with _unfinished(folder, final) as half:
        with closing(connections_to(database, sealer)) as connections:
            may_remove = _note(connections, sealer, now.date())
        try:
            _copy(database, half)
        except StorageError as error:  # of a copy that fails SQLite gives no code
            fault = error.__cause__ or error
            raise BackupRefused(
                f"no copy can be made in {folder} ({fault}): make room there, or choose another folder"
            ) from error
        records = _verified(half, sealer)
        sign(half, sealer)
        _check_signed(half, sealer)
        size = half.stat().st_size
        move_durably(half, final)
    return Backup(path=final, records=records, bytes=size), may_remove


@contextmanager
def _unfinished(folder: Path, final: Path) -> Iterator[Path]:
    """An empty file that only its owner may read; gone at the end, as are those that were left by a kill."""
    for leftover in folder.glob(f"firm-footing-*{_UNFINISHED}*"):
        leftover.unlink()
    half = final.with_name(final.name + _UNFINISHED)
    os.close(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield half
    finally:
        for ending in ("", "-journal", "-wal", "-shm"):
            half.with_name(half.name + ending).unlink(missing_ok=True)


def _note(connections: Connections, sealer: Sealer, day: date) -> bool:
    """Before the copy is made, so that there is never a backup of which the database does not know."""
    attempt = 0
    while True:
        attempt += 1
        try:
            with connections.transaction("BEGIN IMMEDIATE") as db:
                use_present_key(SqliteRows(db), sealer)
                rows = sealed_rows_of(db, sealer)
                rows.note_backup(day.isoformat())
                return clock.note(rows, day).jumped is None
        except StoreBusy:
            if attempt == BUSY_TRIES:
                raise
            time.sleep(BUSY_PAUSE_SECONDS)


def _copy(database: Path, half: Path) -> None:
    """As the database is at one moment: one step under one read lock, while others go on writing."""
    with faults_named(), closing(connect(database)) as source, closing(sqlite3.connect(half)) as target:
        target.execute("PRAGMA secure_delete = ON")
        target.execute("PRAGMA synchronous = OFF")  # it is synced as a whole before it gets its name
        source.conn.backup(target)
        for table in (*PASSING, COUNTS):  # it lasts some days, and would bring back plans of who erased theirs
            target.execute(f"DELETE FROM {table.name}")
        target.commit()
        target.execute("PRAGMA journal_mode = DELETE")  # nothing is made beside it when it is looked at


def _verified(half: Path, sealer: Sealer) -> int:
    try:
        return verify(half, sealer)
    except NotTrusted as error:
        raise BackupRefused(
            f"the copy {error}, so it is not kept: keep the backups that are there, check the disk, and put back "
            "the newest one with flask restore FILE if the database is damaged too"
        ) from error


def _check_signed(half: Path, sealer: Sealer) -> None:
    """What was written is read once more, byte by byte."""
    try:
        with half.open("rb") as source, open(os.devnull, "wb") as nowhere:
            copy_checked(source, nowhere, sealer)
    except NotSigned as error:
        raise BackupRefused(f"the copy {error}, so it is not kept: check the disk of {half.parent}") from error
