"""The store on PostgreSQL beside the same store in a file: writers at once, and every verb at a million records.

Both write to disk as they would for people. What is asked of many records and of few goes in turn, as in scale.py, in
rounds: each has the ratio of its two medians, and the middle one counts, as on a busy machine a round may be off by
three times either way. The database of a million takes 20 GB in the temporary folder (TMPDIR).
"""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

from lab.bench.figures import Figure, in_turn
from lab.bench.scale import SMALL, VERBS, Verb
from lab.servers.many_records import FilledDatabase, few_and_many
from storage.postgres.engine import open_store as open_postgres
from storage.sqlite.engine import open_store as open_sqlite
from storage.store.store import SealedStore
from tests.postgres_server import running

LARGE = 1_000_000
Write = Callable[[SealedStore, float], int]
WRITERS, SECONDS, ROUNDS = 8, 1.5, 3
ROUNDS_OF_VERBS, TIMES_A_ROUND = 5, 250
LEAST_SHARE = 0.5
MOST_TIMES_AS_LONG = 1.2


def measure(records: int = LARGE) -> list[Figure]:
    """Ratios: writes to those of the file, and medians of many records to those of few."""
    with TemporaryDirectory(prefix="firm-footing-server-") as name:
        return [*_writes(Path(name) / "writes"), *_verbs(Path(name) / "verbs", records)]


def _writes(folder: Path) -> Iterator[Figure]:
    with (
        running(settings=(), in_memory=False) as server,
        closing(open_sqlite(folder, folder)) as file,
        closing(open_postgres(server.new_database(), folder / "key")) as database,
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


def _verbs(folder: Path, records: int) -> Iterator[Figure]:
    with few_and_many(folder, SMALL, records) as (few, many):
        for name, verb in VERBS.items():
            yield judged(name, records, [_pair(few, many, verb) for _ in range(ROUNDS_OF_VERBS)])


def judged(name: str, records: int, rounds: Sequence[tuple[float, float]]) -> Figure:
    """By the round whose ratio is the middle one of all; how far apart they were is told beside it."""
    ratios = sorted((many / few, few, many) for few, many in rounds)
    ratio, few, many = ratios[len(ratios) // 2]
    seen = f"{name} on PostgreSQL, {records:,} records / {SMALL:,} ({many:.2f} ms / {few:.2f} ms; "
    seen += f"rounds from {ratios[0][0]:.2f} to {ratios[-1][0]:.2f})"
    return Figure(name=seen, value=ratio, limit=MOST_TIMES_AS_LONG)


def _pair(few: FilledDatabase, many: FilledDatabase, verb: Verb) -> tuple[float, float]:
    """The medians of a round. Each has connections of its own, as two processes of a busy server may be served unlike
    each other for seconds; every record is asked once before, so that its pages come from memory on both sides."""
    for side in (few, many):
        side.store.close()
        for each in side.stored[:TIMES_A_ROUND]:
            verb(side.store, each)
    of_few, of_many = cycle(few.stored[:TIMES_A_ROUND]), cycle(many.stored[:TIMES_A_ROUND])
    return in_turn(lambda: verb(few.store, next(of_few)), lambda: verb(many.store, next(of_many)), TIMES_A_ROUND)
