"""A disk without room, as a small one mounted for PostgreSQL: its journal on it, or only its tables."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import psycopg

from lab.drill.postgres.writers import LONGEST_WAIT_SECONDS, Toll, Writer, toll, wait_for, writing
from storage.postgres.engine import open_store
from tests.postgres_server import NOBODY, PostgresServer, not_yet_made
from tests.processes import wait_until

SIZE = "128m"
SMALL_JOURNAL = ("min_wal_size=32MB", "max_wal_size=64MB", "shared_buffers=16MB")
REFUSALS = 20
MOST_MEGABYTES = 1_000


Part = Literal["tables", "journal"]


def fill_disk(writes: int, part: Part, *, hasty: bool = False) -> Toll:
    """So many writes before the disk of this part is full, until some are refused, and as many after there is room
    again. Without a journal the server ends itself.

    :raises PermissionError: only who may mount can have a small disk
    """
    with (
        TemporaryDirectory() as name,
        _on_a_small_disk(part) as (server, disk),
        closing(open_store(address := server.new_database(), Path(name))) as store,
    ):
        with writing(store, hasty=hasty) as writers:
            wait_for(writers, writes)
            rest = _take_what_is_left(disk)
            if part == "journal":
                _write_journal(address)
            _wait_for_refusals(writers)
            rest.unlink()
            if not server.is_running:  # as systemd would: it ends where not even its journal can be read back
                server.stop()
                server.start()
            wait_for(writers, sum(each.acknowledged for each in writers) + (0 if hasty else writes))
        return toll(store, writers)


@contextmanager
def _on_a_small_disk(part: Part) -> Iterator[tuple[PostgresServer, Path]]:
    with not_yet_made(SMALL_JOURNAL) as server:
        journal = Path(tempfile.mkdtemp(prefix="journal-"))
        disk = server.folder if part == "tables" else journal
        mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(disk)]
        try:
            if subprocess.run(mount, check=False, capture_output=True).returncode:
                raise PermissionError("only who may mount can have a small disk")
            for each in (server.folder, journal):
                shutil.chown(each, NOBODY)
            server.make(f"--waldir={journal}/wal")
            server.start()
            yield server, disk
        finally:
            server.stop()
            subprocess.run(["umount", "-l", str(disk)], check=False, capture_output=True)
            shutil.rmtree(journal)


def _write_journal(address: str) -> None:
    """As another program would, until there is no room for it."""
    with suppress(psycopg.Error), closing(psycopg.connect(address, autocommit=True)) as outside:
        for _ in range(MOST_MEGABYTES):
            outside.execute("SELECT pg_logical_emit_message(false, 'other', repeat('x', 1000000))")


def _take_what_is_left(disk: Path) -> Path:
    rest = disk / "something else"
    with rest.open("wb", buffering=0) as file:
        for size in (65536, 4096):
            try:
                while file.write(bytes(size)):
                    pass
            except OSError:
                continue
    return rest


def _wait_for_refusals(writers: list[Writer]) -> None:
    before = sum(each.refused for each in writers)
    wait_until(
        lambda: sum(each.refused for each in writers) >= before + REFUSALS,
        seconds=LONGEST_WAIT_SECONDS,
        otherwise="the disk was never full",
        pause=0.01,
    )
