"""The store on PostgreSQL beside the same store in a file: writers at once, every verb at many records, and the copy.

Both write to disk as they would for people. What is asked of many records and of few goes in turn, as in scale.py.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

from lab.bench.figures import Figure, in_turn
from lab.bench.scale import SMALL, TIMES, VERBS
from lab.people.stock import StoredRecord, fill
from storage.copying.copying import copy_all
from storage.postgres.engine import open_store as open_postgres
from storage.sqlite.engine import open_store as open_sqlite
from storage.store.store import SealedStore
from tests.postgres_server import PostgresServer, running

LARGE = 20_000
Write = Callable[[SealedStore, float], int]
WRITERS, SECONDS, ROUNDS = 8, 1.5, 3
LEAST_SHARE = 0.5
MOST_TIMES_AS_LONG = 1.2


def measure(records: int = LARGE) -> list[Figure]:
    """Ratios: writes to those of the file, and medians of many records to those of few."""
    with TemporaryDirectory(prefix="firm-footing-server-") as name, running(settings=(), in_memory=False) as server:
        return [*_writes(Path(name) / "writes", server), *_verbs(Path(name), server, records)]


def _writes(folder: Path, server: PostgresServer) -> Iterator[Figure]:
    address = server.new_database()
    with (
        closing(open_sqlite(folder, folder)) as file,
        closing(open_postgres(address, folder / "key")) as database,
        ThreadPoolExecutor(WRITERS) as threads,
    ):
        for name, write in (("changing drafts", _change), ("new records", _create)):
            counts = [tuple(_in_a_while(store, write, threads) for store in (file, database)) for _ in range(ROUNDS)]
            of_file, of_database = (sorted(each)[ROUNDS // 2] / SECONDS for each in zip(*counts, strict=True))
            seen = f"{name}, {WRITERS} at once, PostgreSQL / file ({of_database:,.0f} / {of_file:,.0f} a second)"
            yield Figure(name=seen, value=of_database / of_file, limit=LEAST_SHARE, at_least=True)


def _in_a_while(store: SealedStore, write: Write, threads: ThreadPoolExecutor) -> int:
    until = time.perf_counter() + SECONDS
    return sum(threads.map(lambda _: write(store, until), range(WRITERS)))


def _change(store: SealedStore, until: float) -> int:
    record, count = store.create_record(content_hash="c", data={}).record_id, 0
    while time.perf_counter() < until:
        count += 1
        store.change_draft(record, lambda data, number=count: {**data, "age": number}, content_hash="c")  # type: ignore[misc]
    return count


def _create(store: SealedStore, until: float) -> int:
    count = 0
    while time.perf_counter() < until:
        store.create_record(content_hash="c", data={"age": 72})
        count += 1
    return count


def _verbs(folder: Path, server: PostgresServer, records: int) -> Iterator[Figure]:
    few, many = (_side(folder / str(count), server, count) for count in (SMALL, records))
    for name, verb in VERBS.items():
        of_few, of_many = cycle(few[1]), cycle(many[1])
        pair = in_turn(lambda: verb(few[0], next(of_few)), lambda: verb(many[0], next(of_many)), TIMES)  # noqa: B023
        seen = f"{name} on PostgreSQL, {records:,} records / {SMALL:,} ({pair[1]:.2f} ms / {pair[0]:.2f} ms)"
        yield Figure(name=seen, value=pair[1] / pair[0], limit=MOST_TIMES_AS_LONG)
    for store, _ in (few, many):
        store.close()


def _side(folder: Path, server: PostgresServer, count: int) -> tuple[SealedStore, list[StoredRecord]]:
    stored, address = fill(folder, count, remember=TIMES), server.new_database()
    started = time.perf_counter()
    done = copy_all(str(folder), address, folder)
    seconds = time.perf_counter() - started
    print(f"  {done.rows:,} rows copied and compared in {seconds:.1f} s", flush=True)
    server.run(address, "VACUUM ANALYZE")
    return open_postgres(address, folder), stored
