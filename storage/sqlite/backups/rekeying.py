"""The database gets a new key: a copy of it, sealed anew row by row, takes its place.

Who has the old key, and an old file or backup, goes on reading what stood there, links and codes too, and these still
open what they open until their owners renew them. The old key opens nothing in the new file, nor in what is backed up
from now on; with it one can forge no session, form or code, but still a backup of before. So it stays beside the new
one only as long as there are backups of before, which `flask restore` seals anew under the new key.
"""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from storage.model import RekeyRefused, SealBroken, StorageError, StoreBusy
from storage.rows.sealing import KEY, KeyFiles, Sealer
from storage.sqlite.backups.backup import BUSY_TRIES
from storage.sqlite.backups.verifying import NotTrusted, find_fault, verify
from storage.sqlite.connecting import connect, faults_named
from storage.sqlite.keys import connections_to, finish_begun, make_next
from storage.sqlite.opening import DATABASE, alone_in, ready
from storage.sqlite.replacing import OLDER_KEY, copy, replace
from storage.sqlite.resealing import reseal
from storage.store.key_files import keep_before

_ROOM_TO_SPARE_BYTES = 16 << 20


@dataclass(frozen=True, kw_only=True)
class Rekeyed:
    """The new key, where the one before it is kept, and how many records were sealed anew."""

    key: Path
    before: Path
    records: int


def rekey(data_folder: Path, key_folder: Path, now: datetime) -> Rekeyed:
    """Gives the database a new key. Nothing was touched where it is refused; the app must be started again.

    :raises StorageError: one sentence on what is wrong, and the way out
    """
    database, key = data_folder / DATABASE, key_folder / KEY
    if not database.exists() and not key.exists():
        raise RekeyRefused(f"there is no database in {data_folder} yet: name its folder by FIRM_FOOTING_DATA")
    _, sealer = ready(data_folder, key_folder)
    try:
        with alone_in(data_folder):
            connections_to(database, sealer).close()  # another rekey may have come first
            _refuse_without_room(database)
            try:
                return _rekeyed(database, key, sealer, now)
            finally:
                finish_begun(database, key)
    except (NotTrusted, SealBroken) as error:
        raise RekeyRefused(
            f"the database cannot be copied as a whole ({error}): put back the newest backup with flask restore FILE"
        ) from error
    except OSError as error:
        raise RekeyRefused(
            f"{error.filename or key_folder} cannot be written ({error.strerror}): give this user the right to it, "
            "or make room"
        ) from error


def _rekeyed(database: Path, key: Path, old: Sealer, now: datetime) -> Rekeyed:
    new, before = make_next(key), keep_before(KeyFiles(key), now.date())
    with _locked(database):
        with _naming_lack_of_room(database.parent):
            resealed = copy(database)
        _check(resealed, old)
        with _naming_lack_of_room(database.parent):
            reseal(resealed, old, new)
        records = verify(resealed, new)
        replace(database, database.with_name(database.name + OLDER_KEY))
    return Rekeyed(key=key, before=before, records=records)


def _check(copied: Path, sealer: Sealer) -> None:
    """All is summed up anew, so what somebody changed from outside would count as written."""
    verify(copied, sealer, tallies=False)
    if fault := find_fault(copied, sealer):
        raise NotTrusted(fault)


@contextmanager
def _locked(database: Path) -> Iterator[None]:
    """Nobody writes into the present file meanwhile; who waits for that finds another file there."""
    with closing(connect(database)) as db:
        _lock(db)
        try:
            yield
        finally:
            db.rollback()


def _lock(db: Database) -> None:
    for _ in range(BUSY_TRIES):
        with suppress(StoreBusy), faults_named():
            db.execute("BEGIN IMMEDIATE")
            return
    raise RekeyRefused("the database is being written all the time: stop the app, and try again")


def _refuse_without_room(database: Path) -> None:
    journal = database.with_name(f"{database.name}-wal")
    needed = database.stat().st_size + (journal.stat().st_size if journal.exists() else 0)
    if shutil.disk_usage(database.parent).free < needed + _ROOM_TO_SPARE_BYTES:
        raise RekeyRefused(f"there is no room in {database.parent} for a copy of {needed / 1e6:,.0f} MB: make room")


@contextmanager
def _naming_lack_of_room(folder: Path) -> Iterator[None]:
    try:
        with faults_named():
            yield
    except SealBroken:
        raise
    except StorageError as error:  # of a copy that fails SQLite gives no code
        raise RekeyRefused(f"no copy can be made in {folder} ({error.__cause__ or error}): make room there") from error
