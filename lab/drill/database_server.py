"""PostgreSQL ended as by a power cut while several write, again and again: what was acknowledged has to be there, once.

The twin acknowledges each write before it is made.
"""

import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from storage import StorageError
from storage.postgres.engine import open_store
from storage.store.store import SealedStore
from tests.postgres_server import running

WRITERS = 4
WRITES_A_KILL = 100


@dataclass(frozen=True, kw_only=True)
class ServerKills:
    """`lost` were acknowledged and are not there; `doubled` are there twice; `unsummed`: what is there does not fit."""

    kills: int
    acknowledged: int
    refused: int
    lost: int
    doubled: int
    unsummed: int

    @property
    def holds(self) -> bool:
        return not (self.lost or self.doubled or self.unsummed)


def kill_database_server(kills: int, *, hasty: bool = False) -> ServerKills:
    """Writers add ticks to records of their own; the server goes in the middle, and comes again."""
    with (
        tempfile.TemporaryDirectory() as name,
        running() as server,
        closing(open_store(server.new_database(), Path(name))) as store,
        ThreadPoolExecutor(WRITERS) as threads,
    ):
        writers = [_TickWriter(store, hasty=hasty) for _ in range(WRITERS)]
        for number in range(1, kills + 1):
            done = [threads.submit(each.write_until_refused) for each in writers]
            _wait(writers, number * WRITES_A_KILL)
            server.kill()
            for each in done:
                each.result()
            server.start()
        return _judged(kills, store, writers)


class _TickWriter:
    def __init__(self, store: SealedStore, *, hasty: bool) -> None:
        self._store = store
        self._hasty = hasty
        self.record = store.create_record(content_hash="c", data={}).record_id
        self.acknowledged: list[int] = []
        self.refused = 0

    def write_until_refused(self) -> None:
        number = self._next()
        while True:
            if self._hasty:
                self.acknowledged.append(number)
            try:
                self._store.add_tick(self.record, submit_key=str(number), data={"number": number})
            except StorageError:
                self.refused += 1
                return
            if not self._hasty:
                self.acknowledged.append(number)
            number += 1

    def _next(self) -> int:
        """Whoever was refused sends the same form again."""
        deadline = time.monotonic() + 60
        while True:
            try:
                self._store.list_ticks(self.record)
                return (self.acknowledged[-1] + 1) if self.acknowledged else 0
            except StorageError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)


def _wait(writers: list[_TickWriter], count: int) -> None:
    deadline = time.monotonic() + 30
    while sum(len(each.acknowledged) for each in writers) < count and time.monotonic() < deadline:
        time.sleep(0.005)


def _judged(kills: int, store: SealedStore, writers: list[_TickWriter]) -> ServerKills:
    lost = doubled = 0
    for each in writers:
        each._next()
        there = [tick["number"] for tick in store.list_ticks(each.record)]
        lost += len(set(each.acknowledged) - set(there))
        doubled += len(there) - len(set(there))
    with store._reading() as rows:
        unsummed = int(rows.tallies.totals.fault() is not None)
    return ServerKills(
        kills=kills,
        acknowledged=sum(len(each.acknowledged) for each in writers),
        refused=sum(each.refused for each in writers),
        lost=lost,
        doubled=doubled,
        unsummed=unsummed,
    )
