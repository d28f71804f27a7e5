"""A backup as PostgreSQL's own pg_dump makes it, compared line by line with what the database held at that moment."""

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from psycopg import Connection

from storage.backup_files import free_name, remove_old
from storage.model import BACKUP_KEEP_DAYS, BackupRefused
from storage.postgres.connecting import Address, connect, faults_named
from storage.postgres.opening import ready
from storage.postgres.rows import PostgresRows
from storage.repeating import repeated
from storage.rows import clock
from storage.rows.sealed_rows import SealedRows
from storage.rows.sealing import Sealer, move_durably
from storage.rows.tables import COUNTS, EVERY, PASSING, RECORDS
from storage.store.check_row import use_present_key
from storage.store.erasures_listed import ErasuresListed

_LEFT_OUT = (*PASSING, COUNTS)
_HELD = tuple(table.name for table in EVERY if table not in _LEFT_OUT)
_COPY = re.compile(rb"COPY (?:\w+\.)?(\w+) \((.*)\) FROM stdin;\n")
_SUM_BYTES = 16


@dataclass(frozen=True, kw_only=True)
class DumpMade:
    """A backup that was made."""

    path: Path
    records: int
    bytes: int


def back_up(address: str, key_folder: Path, folder: Path, now: datetime) -> DumpMade:
    """A checked dump in `folder`, named by `now` (UTC), while the app runs. The key is not in it, nor what is printed.

    :raises StorageError: it could not be made, and nothing of it is left; what was there before is still there
    """
    database, programs = Address(address), _programs()
    sealer = ready(database, key_folder).sealer
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        final = free_name(folder, now, ".dump")
        half = final.with_name(f"{final.name}.unfinished")
        try:
            with closing(connect(database)) as connection:
                may_remove = _note(connection, sealer, now.date())
                with _moment(connection) as snapshot:
                    _dump(programs["pg_dump"], database, half, snapshot, connection)
                    _check(programs["pg_restore"], half, connection)
                    records = PostgresRows(connection).count(RECORDS)
                    _list_beside(folder, SealedRows(PostgresRows(connection), sealer).marks(), now.date())
            size = half.stat().st_size
            move_durably(half, final)
        finally:
            half.unlink(missing_ok=True)
        if may_remove:
            remove_old(final, now.date())
    except OSError as error:
        raise BackupRefused(
            f"{error.filename or folder} cannot be written ({error.strerror}): choose another folder, or make room"
        ) from error
    return DumpMade(path=final, records=records, bytes=size)


def _list_beside(folder: Path, marks: Mapping[str, str], today: date) -> None:
    """Where a server is lost with its key's folder, the newest backup still knows what an older one must not bring
    back."""
    listed = ErasuresListed(folder)
    before, since = listed.read(), (today - timedelta(days=BACKUP_KEEP_DAYS)).isoformat()
    listed.follow({**{mark: day for mark, day in before.items() if day > since}, **marks}, before)


def _programs() -> dict[str, str]:
    found = {name: shutil.which(name) for name in ("pg_dump", "pg_restore")}
    if missing := [name for name, path in found.items() if path is None]:
        raise BackupRefused(f"{' and '.join(missing)} not found: install postgresql-client of your server's version")
    return {name: path for name, path in found.items() if path}


@repeated
def _note(connection: Connection[Any], sealer: Sealer, day: date) -> bool:
    """Before it is made, so that there is never a backup of which the database does not know."""
    with faults_named(), connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")
        stored = PostgresRows(connection)
        use_present_key(stored, sealer)
        rows = SealedRows(stored, sealer)
        rows.note_backup(day.isoformat())
        return clock.note(rows, day).jumped is None


@contextmanager
def _moment(connection: Connection[Any]) -> Iterator[str]:
    """A moment that other connections can look at too."""
    with faults_named():
        connection.execute("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0")
        with connection.transaction():
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            (snapshot,) = connection.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
            yield snapshot


def _dump(program: str, address: Address, half: Path, snapshot: str, connection: Connection[Any]) -> None:
    os.close(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={half}"]
    options += [f"--exclude-table-data={name}" for name in (*(table.name for table in _LEFT_OUT), "procrastinate_*")]
    conninfo, environment = address.without_password
    done = subprocess.run(
        [program, *options, f"--dbname={conninfo}"], env={**os.environ, **environment}, capture_output=True, text=True
    )
    if done.returncode:
        server = connection.info.server_version // 10000
        remedy = f" Install postgresql-client-{server}." if "version mismatch" in done.stderr else ""
        raise BackupRefused(f"pg_dump says: {' '.join(done.stderr.split())[:300]}.{remedy}")


def _check(program: str, half: Path, connection: Connection[Any]) -> None:
    """What was written is read once more, and every line compared, whatever their order."""
    with subprocess.Popen([program, "--data-only", "--file=-", half], stdout=subprocess.PIPE) as reading:
        assert reading.stdout
        found = set()
        for line in reading.stdout:
            if head := _COPY.fullmatch(line):
                table, columns = head[1].decode(), head[2].decode()
                if _sum(_lines(reading.stdout)) != _sum(_rows(connection, table, columns)):
                    raise BackupRefused(f"the dump of {table} is not what the database holds: check the disk")
                found.add(table)
    if reading.returncode or not found.issuperset(_HELD):
        raise BackupRefused(f"the dump cannot be read again: check the disk of {half.parent}")


def _lines(output: Iterable[bytes]) -> Iterator[bytes]:
    for line in output:
        if line == b"\\.\n":
            return
        yield line


def _rows(connection: Connection[Any], table: str, columns: str) -> Iterator[bytes]:
    with connection.cursor().copy(f"COPY {table} ({columns}) TO STDOUT") as copy:
        yield from map(bytes, copy)


def _sum(lines: Iterable[bytes]) -> tuple[int, int]:
    """How many there are, and a sum that no other lines have."""
    number = total = 0
    for line in lines:
        number += 1
        total += int.from_bytes(hashlib.blake2b(line, digest_size=_SUM_BYTES).digest())
    return number, total
