"""Writers of everything that a record holds, as threads on one store: who was refused sends the same again."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from lab.drill.judging import WriterLosses, judge_notes
from lab.drill.writing import KINDS, UNDONE, Kind, write_one
from storage import RecordNotFound, SealBroken, StorageError
from storage.model import StoreBusy, StoreFull
from storage.rows.tables import RECORDS
from storage.store.store import SealedStore
from tests.processes import wait_until

WRITERS = 4
WRITES_A_RECORD = 10 * len(KINDS)
LONGEST_WAIT_SECONDS = 120
R = TypeVar("R")


@dataclass(frozen=True, kw_only=True)
class Toll:
    """What the writers met: how many writes were refused, the slowest refusal, and what of the rest was lost."""

    refused: int
    slowest_refusal: float
    cost: WriterLosses

    @property
    def holds(self) -> bool:
        """Whether something was acknowledged, and all of it is there, once and whole."""
        return self.cost.lost == self.cost.doubled == self.cost.halved == 0 < self.cost.acknowledged

    def __str__(self) -> str:
        cost = self.cost
        return (
            f"{cost.acknowledged:,} writes acknowledged, {cost.lost} lost, {cost.doubled} doubled, {cost.halved} in "
            f"halves; {self.refused} refused, the slowest after {self.slowest_refusal:.1f} s"
        )


class _Enough(Exception):
    """The drill is over."""


@dataclass
class Writer:
    """`hasty`, the twin, takes every write for acknowledged before it is made."""

    store: SealedStore
    hasty: bool = False
    acknowledged: int = 0
    refused: int = 0
    slowest_refusal: float = 0
    lines: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def write(self) -> None:
        """Until it is over: one record after the other."""
        try:
            while True:
                made = self._insist(lambda: self.store.create_record(content_hash="content", data={}))
                with suppress(RecordNotFound):  # it was lost, as a twin loses it
                    self._fill(made.record_id)
        except _Enough:
            return

    def _fill(self, record_id: str) -> None:
        kinds: Sequence[Kind] = ("tick", "draft") if self.hasty else KINDS
        waiting: dict[str, list[int]] = {"photo": [], "share": []}
        for number in range(WRITES_A_RECORD):
            kind = kinds[number % len(kinds)]
            about = {"record": record_id, "number": number, "kind": kind}
            of = about["of"] = waiting[UNDONE[kind]].pop(0) if kind in UNDONE else 0
            self._note({**about, "is": "begun"})
            if self.hasty:
                self._note({**about, "is": "done", "given": None})
            write = partial(write_one, self.store, record_id, number, kind, of)
            if self.hasty:
                self._once(write)
            else:
                self._note({**about, "is": "done", "given": self._insist(write)})
            self.acknowledged += 1
            if kind in waiting:
                waiting[kind].append(number)

    def _note(self, line: dict[str, object]) -> None:
        self.lines.append(json.dumps(line))

    def _insist(self, verb: Callable[[], R]) -> R:
        while not self.over.is_set():
            started = time.monotonic()
            try:
                return verb()
            except (StoreBusy, StoreFull):
                self.refused += 1
                self.slowest_refusal = max(self.slowest_refusal, time.monotonic() - started)
                time.sleep(0.02)
        raise _Enough

    def _once(self, verb: Callable[[], object]) -> None:
        if self.over.is_set():
            raise _Enough
        try:
            verb()
        except (StoreBusy, StoreFull):
            self.refused += 1


@contextmanager
def writing(store: SealedStore, number: int = WRITERS, *, hasty: bool = False) -> Iterator[list[Writer]]:
    """So many write as long as this lasts."""
    writers = [Writer(store, hasty) for _ in range(number)]
    threads = [threading.Thread(target=each.write) for each in writers]
    for thread in threads:
        thread.start()
    try:
        yield writers
    finally:
        for each in writers:
            each.over.set()
        for thread in threads:
            thread.join()


def wait_for(writers: Sequence[Writer], acknowledged: int) -> None:
    """Until so much was acknowledged, ever."""
    wait_until(
        lambda: sum(each.acknowledged for each in writers) >= acknowledged,
        seconds=LONGEST_WAIT_SECONDS,
        otherwise="nothing is acknowledged any more",
        pause=0.002,
    )


def toll(store: SealedStore, writers: Sequence[Writer]) -> Toll:
    """What is found in the end, when the database answers again."""
    once_it_answers(store)
    cost = sum((judge_notes(store, each.lines) for each in writers), WriterLosses(acknowledged=0))
    return Toll(
        refused=sum(each.refused for each in writers),
        slowest_refusal=max(each.slowest_refusal for each in writers),
        cost=cost + WriterLosses(acknowledged=0, halved=_unlike_their_tallies(store)),
    )


def once_it_answers(store: SealedStore) -> None:
    """Until it can be read and written again."""
    until = time.monotonic() + LONGEST_WAIT_SECONDS
    while True:
        try:
            store.create_record(content_hash="content", data={})
            return
        except StorageError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def _unlike_their_tallies(store: SealedStore) -> int:
    """How many records are not as they were summed up, and 1 where the totals are not."""
    with store._reading() as rows:
        unlike = int(rows.tallies.totals.fault() is not None)
        for record_id in rows.stored.ids(RECORDS):
            try:
                rows.tallies.check_all_of(record_id)
            except SealBroken:
                unlike += 1
    return unlike
