"""An address and the folder of a key → a database that may be used and its sealer, or a refusal.

A first run makes the key under its unfinished name, the tables in one transaction, and last gives the key its name: so
whatever a crash leaves behind, tables beside an unfinished key that opens them mean a first run to be finished, and
exactly one half alone that the other was lost. Servers that start at once take turns by a lock of the database.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from psycopg import Connection

from storage.model import SealBroken, StorageError, StoreGone, StoreRefused
from storage.postgres import erasures, migrations
from storage.postgres.connecting import Address, connect, faults_named
from storage.postgres.roles import choose_role, may_call
from storage.postgres.rows import PostgresRows
from storage.repeating import repeated
from storage.rows.note_beside_key import Noted
from storage.rows.sealed_rows import CHECK_NAME, SealedRows
from storage.rows.sealing import KEY, KeyFiles, Sealer, load_key, load_or_create_key, move_durably, unfinished
from storage.rows.tables import SEAL_CHECK
from storage.store.check_row import is_summed_up, sum_up, take_carried, use_present_key
from storage.store.erasures_listed import ErasuresListed
from storage.store.key_files import name_new, which_before

OPENING_LOCK = 0x46466F74  # "FFot"
OLDEST_VERSION = 130000


@dataclass(frozen=True, kw_only=True)
class Ready:
    """`role` is what its connections go on as; None where the address names one that may do no more than it has to.
    `times_left` is how often it was copied elsewhere until now; `calls_printers`: whether that role may."""

    sealer: Sealer
    role: str | None
    times_left: int
    calls_printers: bool


def ready(address: Address, key_folder: Path, *, check_sums: bool = True) -> Ready:
    """The database, checked and migrated; a first run makes its tables and the key.

    :raises StoreRefused: one sentence on what is wrong, and the way out
    """
    key = key_folder / KEY
    try:
        key_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with closing(connect(address)) as connection:
            return _ready(connection, address, key, check_sums)
    except (StoreRefused, SealBroken):
        raise
    except StoreGone as error:
        raise StoreRefused(f"{address} cannot be reached: {error.__cause__}. Look at FIRM_FOOTING_DATABASE") from error
    except StorageError as error:
        raise StoreRefused(f"{address} does not open: {error}") from error
    except OSError as error:
        raise StoreRefused(
            f"{error.filename or key_folder} cannot be used ({error.strerror}): give this user the right to "
            "it, or choose another folder by FIRM_FOOTING_KEYS"
        ) from error


def _ready(connection: Connection[Any], address: Address, key: Path, check_sums: bool) -> Ready:
    check_server(connection, address)
    with faults_named(), alone(connection):
        used, checked = _migrated(connection, address, key)
        if used != key:
            move_durably(used, key)
        was_put_back = _erase_again(connection, checked.sealer, key.parent)
    if check_sums:
        _log_changes_from_outside(connection, checked.sealer, Noted(key.parent))
    if was_put_back:
        Noted(key.parent).forget()
    return checked


@contextmanager
def alone(connection: Connection[Any]) -> Iterator[None]:
    """Until the key has its name, too: no lock of a transaction lasts so long."""
    connection.execute("SET lock_timeout = 0; SET statement_timeout = 0")
    connection.execute("SELECT pg_advisory_lock(%s)", (OPENING_LOCK,))
    yield
    connection.execute("SELECT pg_advisory_unlock(%s)", (OPENING_LOCK,))


def _migrated(connection: Connection[Any], address: Address, key: Path) -> tuple[Path, Ready]:
    """The file of the key that fits, and the rest; where anything is raised, nothing was made."""
    with connection.transaction():
        is_new = not migrations.table_names(connection)
        used = _found_key(address, key, is_new=is_new)
        if not is_new:
            name_new(KeyFiles(key), _key_id_of(connection), date.today())
        sealer = Sealer(load_or_create_key(used) if is_new else load_key(used), KeyFiles(key))
        rows = SealedRows(PostgresRows(connection), sealer)
        if unknown := migrations.unknown_steps(connection):
            raise StoreRefused(f"a later release wrote {address} ({unknown[-1]}): run that release, or a later one")
        if not is_new:
            _check_seal(rows, sealer, address, key)
        if migrations.pending_steps(connection):
            migrations.take_steps(connection)
        role = choose_role(connection)
        take_carried(rows, sealer)
        if is_new or not is_summed_up(rows):
            sum_up(rows)
            rows.finish()
    return used, Ready(
        sealer=sealer,
        role=role,
        times_left=migrations.times_left(connection),
        calls_printers=may_call(connection, role),
    )


def _erase_again(connection: Connection[Any], sealer: Sealer, key_folder: Path) -> bool:
    """Whether the database was put back: then nothing of it is served before. Others may write into it all the same."""
    noted = Noted(key_folder).read()
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        rows = SealedRows(PostgresRows(connection), sealer)
        is_older = rows.tallies.totals.missing(noted) > 0
        found = erasures.compare(rows, ErasuresListed(key_folder), is_older=is_older)
    if found:
        _write_alone(connection, sealer, found)
    return found is not None


@repeated
def _write_alone(connection: Connection[Any], sealer: Sealer, found: erasures.CameBack) -> None:
    with faults_named(), connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")
        stored = PostgresRows(connection)
        use_present_key(stored, sealer)
        erasures.erase_again(SealedRows(stored, sealer), found)


def check_server(connection: Connection[Any], address: Address) -> None:
    """:raises StoreRefused: it is too old, or keeps text otherwise"""
    if connection.info.server_version < OLDEST_VERSION:
        raise StoreRefused(f"{address} is PostgreSQL {connection.info.server_version // 10000}: 13 or newer is needed")
    if (encoding := connection.info.parameter_status("server_encoding")) != "UTF8":
        raise StoreRefused(f"{address} keeps text as {encoding}: make one with CREATE DATABASE … ENCODING 'UTF8'")


def _found_key(address: Address, key: Path, *, is_new: bool) -> Path:
    if is_new and key.exists():
        raise StoreRefused(
            f"the key {key} is here but {address} is empty: put the database back, bring what is kept elsewhere with "
            "flask store copy, or, to start with no records, move the key away"
        )
    if is_new or (unfinished(key).exists() and not key.exists()):
        return unfinished(key)
    if not key.exists():
        raise StoreRefused(
            f"{address} is here but its key {key} is not: put the key there, from another server or from where it is "
            "kept apart, or, to start with no records, choose an empty database"
        )
    return key


def _check_seal(rows: SealedRows, sealer: Sealer, address: Address, key: Path) -> None:
    found = rows.stored.find(SEAL_CHECK, CHECK_NAME)
    if found and not sealer.has_key_of(found.sealed):
        if (earlier := which_before(KeyFiles(key), sealer.key_id_of(found.sealed))) is not None:
            raise StoreRefused(
                f"{key} is not the key of {address}, which was sealed with one of before: {earlier}. To use the "
                f"database as it is, give that file the name {key.name}"
            )
        raise StoreRefused(
            f"{key} is not the key of {address}: put the right key there, or, to start with no records, choose an "
            "empty database and another folder by FIRM_FOOTING_KEYS"
        )
    if found is None:
        raise StoreRefused(f"{address} is damaged (its check row is gone): put the newest backup back")


def _key_id_of(connection: Connection[Any]) -> bytes | None:
    found = PostgresRows(connection).find(SEAL_CHECK, CHECK_NAME)
    return Sealer.key_id_of(found.sealed) if found else None


def _log_changes_from_outside(connection: Connection[Any], sealer: Sealer, noted: Noted) -> None:
    """At one moment, as others may write; and what was noted is read before it, as the note may come further then."""
    changes = noted.read()
    with faults_named(), connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        SealedRows(PostgresRows(connection), sealer).tallies.totals.log_faults(changes)
