"""A million records in PostgreSQL within minutes: a thousand that the app made itself, and copies of them around.

Each copy has ids of its own, so that tables, indexes and what the server knows of them are those of so many; only what
is sealed in it stays that of the first, and does not open. The thousand lie scattered among the copies, and are asked.
"""

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from lab.people.stock import StoredRecord, fill
from storage.copying.copying import copy_all
from storage.postgres.engine import open_store
from storage.rows.tables import LINKS_AND_CODES, RECORDS, SHARES, SUBMISSIONS, TALLIES, TICKS, Table
from storage.store.store import SealedStore
from tests.postgres_server import not_yet_made

COPIED = (RECORDS, SUBMISSIONS, TICKS, LINKS_AND_CODES, SHARES, TALLIES)
OWN_IDS = ("record_id", "latest_submission_id", "submit_key_hash", "link_hash", "code_hash")
"""The columns of which no two copies may hold the same, beside the id of each row."""
AT_ONCE = 10
FILLING = (
    *("fsync=off", "full_page_writes=off", "autovacuum=off", "wal_level=minimal", "max_wal_senders=0"),
    *("shared_buffers=1GB", "maintenance_work_mem=512MB", "max_wal_size=8GB"),
)
_NEW_ID = """CREATE FUNCTION pg_temp.new_id(id text, copy int) RETURNS text IMMUTABLE LANGUAGE SQL RETURN
    CASE WHEN length(id) = 32 THEN md5(id || copy) ELSE encode(sha256((id || copy)::bytea), 'hex') END"""


@dataclass(frozen=True, kw_only=True)
class FilledDatabase:
    """A store, those of its records that are asked, and how many bytes one takes on disk."""

    store: SealedStore
    stored: list[StoredRecord]
    bytes_a_record: float


@contextmanager
def few_and_many(folder: Path, few: int, many: int) -> Iterator[tuple[FilledDatabase, FilledDatabase]]:
    """Two databases of one server, which is as it is installed once both are there."""
    with not_yet_made(FILLING, in_memory=False) as server:
        server.make()
        server.start()
        small, stored = server.new_database(), fill(folder, few, remember=few)
        rows, seconds = _timed(lambda: copy_all(str(folder), small, folder).rows)
        print(f"  {rows:,} rows copied from the file and compared in {seconds:.1f} s", flush=True)
        large = server.new_database(str(conninfo_to_dict(small)["dbname"]))
        _, seconds = _timed(lambda: multiply(large, many // few))
        print(f"  {many:,} records made of {few:,} in {seconds:.0f} s", flush=True)
        for address in (small, large):
            server.run(address, "VACUUM ANALYZE")
        server.stop()
        server.settings = ()
        server.start()
        sides = [_filled(address, folder, stored, count) for address, count in ((small, few), (large, many))]
        try:
            yield sides[0], sides[1]
        finally:
            for each in sides:
                each.store.close()


def _filled(address: str, folder: Path, stored: list[StoredRecord], count: int) -> FilledDatabase:
    with closing(psycopg.connect(address)) as outside:
        sizes = {
            table.name: _value(outside, f"SELECT pg_total_relation_size('{table.name}')") / count for table in COPIED
        }
    parts = ", ".join(f"{name} {size:,.0f}" for name, size in sizes.items())
    print(f"  bytes a record on disk, of {count:,}: {sum(sizes.values()):,.0f} ({parts})", flush=True)
    store = open_store(address, folder, check_sums=False)  # the copies are in no sum
    return FilledDatabase(store=store, stored=stored, bytes_a_record=sum(sizes.values()))


def multiply(address: str, times: int) -> None:
    """Each record so many times, one of them itself: with all that is its own, in one transaction."""
    names = ", ".join(table.name for table in COPIED)
    with closing(psycopg.connect(address, autocommit=True)) as outside:
        outside.execute("SET session_replication_role = replica")  # all that is copied goes together
        outside.execute("SET temp_buffers = '256MB'")
        outside.execute(_NEW_ID)
        outside.execute(
            "CREATE TEMP TABLE places AS SELECT record_id, (row_number() OVER ()) %% %s AS place FROM records", (times,)
        )
        for table in COPIED:
            outside.execute(f"CREATE TEMP TABLE first_{table.name} AS SELECT * FROM {table.name} ORDER BY came")
        with outside.transaction():
            outside.execute(f"TRUNCATE {names} CASCADE")
            for start in range(0, times, AT_ONCE):
                for table in COPIED:
                    outside.execute(_copies(table), (start, min(start + AT_ONCE, times) - 1))


def _copies(table: Table) -> str:
    own = {table.row_id, *OWN_IDS}
    values = [
        f"CASE WHEN copy = place THEN {each} ELSE pg_temp.new_id({each}, copy) END" if each in own else each
        for each in table.columns
    ]
    return (
        f"INSERT INTO {table.name} ({', '.join(table.columns)}) SELECT {', '.join(values)} "
        f"FROM generate_series(%s::int, %s) copy CROSS JOIN first_{table.name} JOIN places USING (record_id)"
    )


def _timed(work: Any) -> tuple[Any, float]:
    started = time.perf_counter()
    return work(), time.perf_counter() - started


def _value(outside: psycopg.Connection[Any], sql: str) -> Any:
    found = outside.execute(sql).fetchone()
    return found[0] if found else None
