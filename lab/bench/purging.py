"""Removing what has expired while another process writes: how long its writes wait."""

import multiprocessing
import secrets
import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from itertools import cycle
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lab.bench.figures import Figure, milliseconds
from lab.people.stock import StoredRecord, a_tick, fill
from storage import StoreBusy
from storage.model import KEEP_DAYS
from storage.sqlite.engine import open_store
from storage.store.store import SealedStore

EXPIRED, ALIVE = 100_000, 1_000
PAUSE_SECONDS = 0.005
LONGEST_WAIT_MS = 200
LONGEST_SILENCE_SECONDS = 60
REFUSED_MS = 10_000  # a write that was refused counts as one that waited long


def measure(expired: int = EXPIRED) -> list[Figure]:
    """The longest wait of any write, and the 99th of a hundred, beside what they are when nothing is removed."""
    with TemporaryDirectory(prefix="firm-footing-purge-") as name:
        folder = Path(name)
        fill(folder, expired, remember=0, day=date.today() - timedelta(days=KEEP_DAYS + 1))
        alive = fill(folder, ALIVE, remember=ALIVE, seed=2)
        quiet, _ = _waits_while(folder, alive, lambda: time.sleep(5))
        store = open_store(folder, folder)
        waits, seconds = _waits_while(folder, alive, partial(store.purge, sure=True))
        left = store.count()["records"]
        store.close()
    if left != ALIVE:
        raise RuntimeError(f"{left} records are left, and {ALIVE} should be")
    seen = f"{expired:,} expired records removed in {seconds:.0f} s beside {len(waits):,} ticks"
    seen += f" (alone: 99 of 100 within {_of_a_hundred(quiet):.1f} ms, longest {max(quiet):.0f} ms)"
    return [
        Figure(name=f"{seen}: longest wait of a tick", value=max(waits), unit="ms", limit=LONGEST_WAIT_MS),
        Figure(name="99 of 100 ticks within", value=_of_a_hundred(waits), unit="ms", limit=LONGEST_WAIT_MS),
    ]


def _waits_while(folder: Path, alive: list[StoredRecord], work: Callable[[], object]) -> tuple[list[float], float]:
    """What each write of another process took while the work was done, and how many seconds that was."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    writer = spawn.Process(target=_write, args=(folder, alive, theirs), daemon=True)
    writer.start()
    theirs.close()  # so that its end is noticed here
    try:
        _heard(ours)  # it writes
        started = time.monotonic()
        work()
        seconds = time.monotonic() - started
        ours.send("enough")
        return _heard(ours), seconds
    finally:
        writer.join(1)
        writer.kill()


def _heard(pipe: Connection) -> Any:
    if not pipe.poll(LONGEST_SILENCE_SECONDS):
        raise RuntimeError("the writer is silent")
    return pipe.recv()


def _write(folder: Path, alive: list[StoredRecord], pipe: Connection) -> None:
    store = open_store(folder, folder)
    waits: list[float] = []
    pipe.send("writing")
    for each in cycle(alive):
        waits.append(_wait_of_a_tick(store, each))
        if pipe.poll(PAUSE_SECONDS):
            break
    store.close()
    pipe.send(waits)


def _wait_of_a_tick(store: SealedStore, each: StoredRecord) -> float:
    key, data = secrets.token_hex(16), a_tick(each.actions[0])
    try:
        return milliseconds(lambda: store.add_tick(each.record_id, submit_key=key, data=data))
    except StoreBusy:
        return REFUSED_MS


def _of_a_hundred(waits: list[float]) -> float:
    """What 99 of 100 do not go beyond."""
    return statistics.quantiles(waits, n=100)[98]
