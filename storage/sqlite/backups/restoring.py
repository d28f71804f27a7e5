"""A backup takes the place of the database: refused, or done at once; what was erased since stays erased."""

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlite_utils import Database

from storage.model import BackupRefused, SealBroken, StorageError, StoreBusy
from storage.rows.note_beside_key import Noted
from storage.rows.sealed_rows import CHECK_NAME
from storage.rows.sealing import KEY, KeyFiles, Sealer, load_key
from storage.rows.tables import BACKUPS, RECORDS, SEAL_CHECK, TOTALS
from storage.sqlite.backups import carrying
from storage.sqlite.backups.backup import BUSY_TRIES
from storage.sqlite.backups.signing import NotSigned, copy_checked
from storage.sqlite.backups.verifying import NotTrusted, check_header, find_fault, verify
from storage.sqlite.connecting import connect, faults_named, transaction
from storage.sqlite.keys import finish_begun, sealer_of
from storage.sqlite.migrations import APPLICATION_ID
from storage.sqlite.opening import DATABASE, alone_in, bring_up_to_date, read_header
from storage.sqlite.replacing import JOURNALS, name_of_new, replace
from storage.sqlite.resealing import reseal
from storage.sqlite.rows import SqliteRows, sealed_rows_of
from storage.store.check_row import sum_up
from storage.store.erasures_listed import ErasuresListed
from storage.store.removing import LINK_TABLES, erase_again

_REMEDIES = {
    "was sealed with another key": f"put the key of that time beside the present one, as {KEY}.before-and-its-day, "
    "or choose another backup",
    "belongs to another program": "choose a backup of Firm Footing",
    "has format": "install the release that made it, or a later one",
    "has no signature": "choose one that flask backup made, or add --unsigned if you know that nobody changed it",
}
_OTHERWISE = "choose another backup"


@dataclass(frozen=True, kw_only=True)
class Restored:
    """What was put back, and where the database that was there before lies now, if there was one.

    `made_on` is the day of the backup; `erased_again` is how many of its records had been erased since, or None where
    neither the database before nor a list beside the key could be asked. `fault` is what of an unsigned copy does not
    fit its tallies.
    """

    database: Path
    records: int
    made_on: date | None
    aside: Path | None
    erased_again: int | None
    fault: str | None = None


@dataclass(frozen=True, kw_only=True)
class _Known:
    """What the present database knows that the backup cannot: who was erased, which links, codes and shares stand
    (those of `records` that are not among `link_ids` were taken back), and of which day the newest backup is."""

    marks: Mapping[str, str]
    newest_backup: str
    records: frozenset[str]
    link_ids: frozenset[str]
    carried: carrying.Carried
    whole: bool
    """No mark was taken out."""


def restore(file: Path, data_folder: Path, key_folder: Path, now: datetime, *, unsigned: bool = False) -> Restored:
    """Puts a backup in the place of the database. Nothing was touched where it is refused.

    `unsigned`: somebody vouches for a copy that has no signature, and for what is missing in it. What an earlier key
    sealed is sealed anew.

    :raises StorageError: one sentence on what is wrong, and the way out
    """
    database, key = data_folder / DATABASE, key_folder / KEY
    _refuse_the_database_itself(file, database)
    try:
        check_header(file)
        _refuse_without_key(key)
        data_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with alone_in(data_folder):
            finish_begun(database, key)
            try:
                restored = _restored(file, database, key, now, unsigned=unsigned)
                Noted(key_folder).forget()
                return restored
            finally:
                for leftover in data_folder.glob(f"{name_of_new(database).name}*"):
                    leftover.unlink()
    except (NotTrusted, NotSigned) as error:
        way_out = next((out for fault, out in _REMEDIES.items() if str(error).startswith(fault)), _OTHERWISE)
        raise BackupRefused(f"{file} {error}: {way_out}") from error
    except SealBroken as error:
        raise BackupRefused(f"{file} is damaged ({error}): {_OTHERWISE}") from error
    except OSError as error:
        raise BackupRefused(_message(error, file, data_folder)) from error


def _restored(file: Path, database: Path, key: Path, now: datetime, *, unsigned: bool) -> Restored:
    new, sealer, of_then = name_of_new(database), _sealer_of_present(database, key), sealer_of(file, key)
    signed = _copy(file, new, of_then)
    records = verify(new, of_then, tallies=not unsigned)
    if not signed and not unsigned:
        raise NotSigned("has no signature")
    fault = find_fault(new, of_then) if unsigned else None
    with faults_named(), closing(connect(new)) as copy:
        bring_up_to_date(copy, of_then)
        if fault:
            with transaction(copy, "BEGIN IMMEDIATE"):
                sum_up(sealed_rows_of(copy, of_then))
        made_on = sealed_rows_of(copy, of_then).newest_backup()
    if of_then.key_id == sealer.key_id:
        sealer = of_then
    else:
        reseal(new, of_then, sealer)
    aside = _free_name(database, now)
    was_there, listed = database.exists(), ErasuresListed(key.parent)
    with _held(database, _sealer_of_present(database, key)) as known:
        erased = _erase_again(new, sealer, known, listed.read(), now.date())
        replace(database, aside)
    if was_there and known is not None:
        _fold(aside)
    return Restored(
        database=database,
        records=records - erased,
        made_on=date.fromisoformat(made_on) if made_on else None,
        aside=aside if was_there else None,
        erased_again=erased if (known is not None and known.whole) or listed.file.exists() else None,
        fault=fault,
    )


def _sealer_of_present(database: Path, key: Path) -> Sealer:
    """The key, with the secrets that the present database has beside it, if it is one of this key."""
    alone = Sealer(load_key(key), KeyFiles(key))
    if database.exists() and (found := sealer_of(database, key)).key_id == alone.key_id:
        return found
    return alone


def _refuse_the_database_itself(file: Path, database: Path) -> None:
    for each in (database, *(database.with_name(database.name + ending) for ending in JOURNALS)):
        if file.exists() and each.exists() and os.path.samefile(file, each):
            raise BackupRefused(f"{file} is the database itself, not a backup of it: name a backup")


def _refuse_without_key(key: Path) -> None:
    if not key.exists():
        raise BackupRefused(
            f"the key {key} is not here, and nothing can be read without it: put it back from where it is kept apart"
        )


def _copy(file: Path, new: Path, sealer: Sealer) -> bool:
    """The backup, checked byte by byte, under its unfinished name; a database set aside brings its journal along.

    Whether it was signed.
    """
    with file.open("rb") as source, open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
        signed = copy_checked(source, target, sealer)
    if os.geteuid() == 0:  # the app may run as another user, whose folder this is
        os.chown(new, new.parent.stat().st_uid, new.parent.stat().st_gid)
    log = file.with_name(file.name + "-wal")
    if not signed and log.exists() and log.stat().st_size:
        new.with_name(new.name + "-wal").write_bytes(log.read_bytes())
        with faults_named(), closing(connect(new)) as copy:
            copy.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return signed


@contextmanager
def _held(database: Path, sealer: Sealer) -> Iterator[_Known | None]:
    """Nobody writes into the present database meanwhile; None where it is gone, damaged or not ours."""
    try:
        db = connect(database) if database.exists() and _is_ours(database) else None
    except Exception:  # a damaged file surprises in many ways, and is moved aside all the same
        db = None
    if db is None:
        yield None
        return
    with closing(db):
        known = _locked(db, sealer)
        try:
            yield known
        finally:
            db.rollback()


def _locked(db: Database, sealer: Sealer) -> _Known | None:
    """:raises BackupRefused: somebody writes all the time"""
    for _ in range(BUSY_TRIES):
        try:
            with faults_named():
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                db.execute("BEGIN IMMEDIATE")
                return _known(db, sealer)
        except StoreBusy:
            continue
        except StorageError:
            return None
    raise BackupRefused("the database is being written all the time: stop the app, and restore again")


def _known(db: Database, sealer: Sealer) -> _Known | None:
    check = SqliteRows(db).find(SEAL_CHECK, CHECK_NAME)
    if check is None or not sealer.has_key_of(check.sealed):
        return None
    rows = sealed_rows_of(db, sealer)
    there = db.table_names()
    if BACKUPS.name not in there:  # of a release that made no backups
        return _Known(
            marks={},
            newest_backup="",
            records=frozenset(),
            link_ids=frozenset(),
            carried=carrying.Carried(),
            whole=True,
        )
    try:
        newest = rows.newest_backup() or ""
    except SealBroken:
        newest = ""
    records = frozenset(rows.stored.ids(RECORDS))
    return _Known(
        marks=rows.marks(),
        newest_backup=newest,
        records=records,
        carried=carrying.read(rows, records),
        link_ids=frozenset(each for table in LINK_TABLES if table.name in there for each in rows.stored.ids(table)),
        whole=TOTALS.name not in there or rows.tallies.totals.marks_fit(),
    )


def _erase_again(new: Path, sealer: Sealer, known: _Known | None, listed: Mapping[str, str], today: date) -> int:
    """Removes what was erased since the copy was made, and ways in that were taken back; how many records that were."""
    with faults_named(), closing(connect(new)) as db:
        with transaction(db, "BEGIN IMMEDIATE"):
            rows = sealed_rows_of(db, sealer)
            rows.note_backup(max(known.newest_backup if known else "", today.isoformat()))
            rows.add_marks(listed)
            removed = erase_again(rows, known.marks if known else {})
            for table in LINK_TABLES:
                for each in tuple(rows.stored.all(table)):
                    if known and each.bound["record_id"] in known.records and each.row_id not in known.link_ids:
                        rows.delete(table, each.row_id)
            if known:
                carrying.take_over(rows, known.carried)
            rows.finish()
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return removed[RECORDS.name]


def _fold(aside: Path) -> None:
    """What is kept aside is one file again, unless the app has it open still."""
    with suppress(Exception), closing(connect(aside)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _is_ours(database: Path) -> bool:
    found = read_header(database)
    return found is not None and found[0] == APPLICATION_ID


def _free_name(database: Path, now: datetime) -> Path:
    stem = f"{database.name}.before-{now:%Y-%m-%dT%H%M%SZ}"
    number = 0
    while (path := database.with_name(f"{stem}{f'-{number}' if number else ''}")).exists():
        number += 1
    return path


def _message(error: OSError, file: Path, data_folder: Path) -> str:
    if isinstance(error, FileNotFoundError) and not file.exists():
        return f"there is no file {file}: check its name"
    if error.errno == errno.ENOSPC:
        return f"there is no room in {data_folder} for the backup beside the database: make room"
    return f"{error.filename or file} cannot be used ({error.strerror}): give this user the right to it"
