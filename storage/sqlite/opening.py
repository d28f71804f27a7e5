"""Folders → a database that may be used and its sealer, or a refusal; a lost half is never made anew.

A first run makes the key under its unfinished name, the database under another, moves the database to its
name, and last the key: only then is anything acknowledged. So whatever a crash leaves behind, no final name
means a first run, the database beside an unfinished key that opens it means a first run to be finished, and
exactly one final name means that the other half was lost.
"""

import fcntl
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from storage.model import StorageError, StoreBusy, StoreRefused
from storage.rows.note_beside_key import Noted
from storage.rows.sealed_rows import CHECK_NAME
from storage.rows.sealing import KEY, KeyFiles, Sealer, load_key, load_or_create_key, move_durably, unfinished
from storage.rows.tables import SEAL_CHECK
from storage.sqlite.connecting import SQLITE_VERSION, connect, faults_named, has_wal_reset_bug, transaction
from storage.sqlite.converting import bring_sums_up_to_date, convert
from storage.sqlite.keys import finish_begun
from storage.sqlite.later_migrations import migrations
from storage.sqlite.migrations import APPLICATION_ID, FORMAT, unknown_steps
from storage.sqlite.rows import SqliteRows, sealed_rows_of
from storage.store.check_row import is_summed_up, sum_up, take_carried
from storage.store.erasures_listed import ErasuresListed

DATABASE = "firm-footing.db"


@dataclass(frozen=True, kw_only=True)
class Files:
    """Where the two halves lie, and under which names a first run makes them."""

    database: Path
    key: Path

    @property
    def new_database(self) -> Path:
        return unfinished(self.database)

    @property
    def new_key(self) -> Path:
        return unfinished(self.key)

    @property
    def way_out(self) -> str:
        return (
            "put back the newest backup of it with flask restore FILE, or, to start with no records, "
            f"move {self.database}* and {self.key} away"
        )


def ready(data_folder: Path, key_folder: Path, *, check_pages: bool = True) -> tuple[Path, Sealer]:
    """The database's path, checked and migrated, and what opens its rows; a first run makes both.

    To go through every page takes a second a gigabyte: whoever has just done it need not do it again.

    :raises StoreRefused: one sentence on what is wrong, and the way out
    :raises StoreBusy: it is locked, and cannot be checked now
    """
    place = Files(database=data_folder / DATABASE, key=key_folder / KEY)
    refuse_library(SQLITE_VERSION)
    try:
        for folder in (data_folder, key_folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with alone_in(data_folder):
            finish_begun(place.database, place.key)
            return place.database, _checked(place, check_pages)
    except OSError as error:
        raise StoreRefused(
            f"{error.filename or data_folder} cannot be used ({error.strerror}): give this user the right to "
            "it, or choose other folders by FIRM_FOOTING_DATA and FIRM_FOOTING_KEYS"
        ) from error


def refuse_library(version: tuple[int, ...]) -> None:
    """:raises StoreRefused: this SQLite can corrupt a database in WAL mode"""
    if has_wal_reset_bug(version):
        raise StoreRefused(
            f"SQLite {'.'.join(map(str, version))} can corrupt this database (the WAL-reset bug): "
            "install a newer one with pip install -r requirements.txt"
        )


def _checked(place: Files, check_pages: bool) -> Sealer:
    if not place.database.exists() and not place.key.exists():
        _set_lost_log_aside(place)
        _create(place)
    key = _found_key(place)
    sealer = Sealer(load_key(key), KeyFiles(place.key))
    _check_header(place)
    try:
        with faults_named():
            _check_database(place, sealer, check_pages)
    except (StoreRefused, StoreBusy):
        raise
    except Exception as error:  # a damaged schema surprises sqlite-utils in many ways
        raise StoreRefused(
            f"{place.database} does not open ({error.__cause__ or error}): make its folder writable, with "
            f"room on the disk, or {place.way_out}"
        ) from error
    if key == place.new_key:
        move_durably(key, place.key)
    return sealer


def _found_key(place: Files) -> Path:
    if not place.database.exists():
        raise StoreRefused(
            f"the key {place.key} is here but its database {place.database} is not: put the database back "
            "(flask restore FILE does it with a backup), or, to start with no records, move the key away"
        )
    if place.key.exists():
        return place.key
    if place.new_key.exists():
        return place.new_key
    raise StoreRefused(
        f"the database {place.database} is here but its key {place.key} is not: put the key back from where "
        "it is kept apart, or, to start with no records, move the database away"
    )


def _set_lost_log_aside(place: Files) -> None:
    log = place.database.with_name(place.database.name + "-wal")
    if log.exists():  # of a database that is gone; SQLite would play it into the new one
        log.rename(log.with_name(f"{log.name}.lost-{log.stat().st_mtime_ns}"))


def _create(place: Files) -> None:
    sealer = Sealer(load_or_create_key(place.new_key))
    for leftover in place.database.parent.glob(place.new_database.name + "*"):
        leftover.unlink()
    os.close(os.open(place.new_database, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with faults_named():
            _fill(place.new_database, sealer)
    except StorageError as error:
        raise StoreRefused(f"{place.database} cannot be made: {error}") from error
    move_durably(place.new_database, place.database)


def _fill(database: Path, sealer: Sealer) -> None:
    db = connect(database)
    try:
        migrations.apply(db)
        with transaction(db, "BEGIN IMMEDIATE"):
            sum_up(sealed_rows_of(db, sealer))
    finally:
        db.close()  # the last connection folds the log into the file


def read_header(file: Path) -> tuple[int, int] | None:
    """The application id and the format of a database; None where the file is none. SQLite never sees it."""
    with file.open("rb") as file_head:
        head = file_head.read(100)
    if len(head) < 100 or not head.startswith(b"SQLite format 3\0"):
        return None
    user_version, application_id = struct.unpack(">4xI4xI", head[56:72])
    return application_id, user_version


def _check_header(place: Files) -> None:
    """Before SQLite sees the file: setting WAL mode would already change a foreign one."""
    found = read_header(place.database)
    if found is None:
        raise StoreRefused(f"{place.database} is empty, damaged or no database: {place.way_out}")
    application_id, user_version = found
    if application_id != APPLICATION_ID:
        raise StoreRefused(f"{place.database} belongs to another program: {place.way_out}")
    _refuse_format(place, user_version)


def _refuse_format(place: Files, found: int) -> None:
    if not 1 <= found <= FORMAT:
        raise StoreRefused(
            f"{place.database} has format {found} and this program reads up to format {FORMAT}: "
            "run the release that wrote it, or a later one"
        )


def _check_database(place: Files, sealer: Sealer, check_pages: bool) -> None:
    db = connect(place.database)
    try:
        found = db.execute("PRAGMA user_version").fetchone()[0]  # the journal may hold a newer one than the file
        _refuse_format(place, found)
        if check_pages:
            _check_pages(place, db)
        _check_seal(place, db, sealer)
        if found < FORMAT:
            db.close()
            convert(place.database, sealer)
            db = connect(place.database)
        bring_up_to_date(db, sealer)
        ErasuresListed(place.key.parent).add_lacking(sealed_rows_of(db, sealer).marks())
        if check_pages:
            log_changes_from_outside(db, sealer, Noted(place.key.parent))
    finally:
        db.close()


def log_changes_from_outside(db: Database, sealer: Sealer, noted: Noted) -> None:
    """At one moment, as others may write; and what was noted is read before it, as the note may come further then."""
    changes = noted.read()
    with transaction(db, "BEGIN"):
        sealed_rows_of(db, sealer).tallies.totals.log_faults(changes)


def bring_up_to_date(db: Database, sealer: Sealer) -> None:
    """The steps that are new to this file; what an older release wrote is summed up once.

    :raises StoreRefused: a later release took steps that are not known here
    """
    if unknown := unknown_steps(db):
        raise StoreRefused(f"a later release wrote this database ({unknown[-1]}): run that release, or a later one")
    if pending := migrations.pending(db):
        migrations.apply(db)
    take_carried(sealed_rows_of(db, sealer), sealer)
    if pending or not is_summed_up(sealed_rows_of(db, sealer)):
        with transaction(db, "BEGIN IMMEDIATE"):
            bring_sums_up_to_date(sealed_rows_of(db, sealer))


def _check_pages(place: Files, db: Database) -> None:
    verdict = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        raise StoreRefused(f"{place.database} is damaged ({verdict}): {place.way_out}")


def _check_seal(place: Files, db: Database, sealer: Sealer) -> None:
    found = SqliteRows(db).find(SEAL_CHECK, CHECK_NAME)
    if found and not sealer.has_key_of(found.sealed):
        raise StoreRefused(
            f"{place.key} is not the key of {place.database}: put the right key back, or, to start with no "
            "records, move both away"
        )
    if sealed_rows_of(db, sealer).find(SEAL_CHECK, CHECK_NAME) is None:
        raise StoreRefused(f"{place.database} is damaged (its check row is gone): {place.way_out}")


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Two processes that start at once take turns."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
