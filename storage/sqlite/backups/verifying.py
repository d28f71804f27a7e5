"""Whether a copy of the database is whole, is ours, and opens with the key: what a backup is trusted for."""

from pathlib import Path

from sqlite_utils import Database

from storage.model import SealBroken, StorageError
from storage.rows.sealed_rows import CHECK_NAME, SealedRows
from storage.rows.sealing import Sealer
from storage.rows.tables import OWN, RECORDS, SEAL_CHECK, SEALED, TALLIES
from storage.sqlite.connecting import connect_unchanging, faults_named
from storage.sqlite.migrations import APPLICATION_ID, FORMAT
from storage.sqlite.opening import read_header
from storage.sqlite.rows import SqliteRows, sealed_rows_of

VERY_LARGE_BYTES = 1 << 30
SAMPLE_ROWS = 1000


class NotTrusted(ValueError):
    """The copy may not be used; the message ends a sentence that begins with the file's name."""


def check_header(copy: Path) -> None:
    """:raises NotTrusted: it is no database, another program's, or of a later release"""
    found = read_header(copy)
    if found is None:
        raise NotTrusted("is empty, cut short, damaged or no database")
    application_id, version = found
    if application_id != APPLICATION_ID:
        raise NotTrusted("belongs to another program")
    if version > FORMAT:
        raise NotTrusted(f"has format {version}, and this program reads up to format {FORMAT}")
    if version < 1:
        raise NotTrusted("is damaged (it has no format)")


def verify(copy: Path, sealer: Sealer, *, tallies: bool = True) -> int:
    """How many records a copy holds that nobody writes, after every check that there is, or all but of its tallies.

    A copy of more than 1 GB has every page checked, and 1,000 rows of each table opened.

    :raises NotTrusted: what is wrong with it
    """
    check_header(copy)
    at_most = SAMPLE_ROWS if copy.stat().st_size > VERY_LARGE_BYTES else None
    try:
        with faults_named():
            db = connect_unchanging(copy)
            try:
                _check_pages(copy, db)
                _check_key(db, sealer)
                _check_rows(db, sealed_rows_of(db, sealer), at_most)
                if tallies:
                    _check_tallies(db, sealed_rows_of(db, sealer), at_most)
                return SqliteRows(db).count(RECORDS)
            finally:
                db.close()
    except SealBroken as error:
        raise NotTrusted(f"is damaged ({str(error).partition(': stop the app')[0]})") from error
    except StorageError as error:
        raise NotTrusted(f"cannot be read ({error})") from error


def find_fault(copy: Path, sealer: Sealer) -> str | None:
    """What of a copy does not fit its tallies, as the end of a sentence."""
    try:
        with faults_named():
            db = connect_unchanging(copy)
            try:
                _check_tallies(db, sealed_rows_of(db, sealer), None)
            finally:
                db.close()
    except SealBroken as error:
        return str(error)
    return None


def _check_pages(copy: Path, db: Database) -> None:
    page_bytes = db.execute("PRAGMA page_size").fetchone()[0]
    if copy.stat().st_size != page_bytes * db.execute("PRAGMA page_count").fetchone()[0]:
        raise NotTrusted("is damaged (it is shorter or longer than it was)")
    verdict = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if verdict != "ok":
        raise NotTrusted("is damaged (a page of it is not in order)")
    if db.execute("PRAGMA foreign_key_check").fetchone():
        raise NotTrusted("is damaged (something belongs to a record that is not there)")


def _check_key(db: Database, sealer: Sealer) -> None:
    found = SqliteRows(db).find(SEAL_CHECK, CHECK_NAME)
    if found is None:
        raise NotTrusted("is damaged (its check row is gone)")
    if not sealer.has_key_of(found.sealed):
        raise NotTrusted("was sealed with another key")


def _check_rows(db: Database, rows: SealedRows, at_most: int | None) -> None:
    """Tables that a later step of ours makes may be missing in an older copy."""
    there = db.table_names()
    for table in SEALED:
        if table.name in there:
            for each in SqliteRows(db).all(table, at_most):
                rows.open(table, each)


def _check_tallies(db: Database, rows: SealedRows, at_most: int | None) -> None:
    there = db.table_names()
    if TALLIES.name not in there:  # of an older release
        return
    own = [table for table in OWN if table.name in there]
    for record_id in SqliteRows(db).ids(RECORDS, at_most):
        rows.tallies.check_all_of(record_id, own)
    if fault := rows.tallies.totals.fault():
        raise SealBroken(fault)
