"""A crowd sends forms at once: nobody may be told that saving does not work only because others save too."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from lab.drill.server import SERVE, Sender, people_at, serving
from storage import StoreBusy
from storage.sqlite.connecting import Connections
from storage.sqlite.engine import open_store
from storage.store.store import SealedStore

_NO_TURNS = f"""
from contextlib import nullcontext
from storage.sqlite.connecting import Connections
Connections._turn_to_write = lambda _: nullcontext()
{SERVE}
"""


@dataclass(kw_only=True)
class Crowd:
    """How long each write took that was kept, and how many were refused as the database was busy."""

    stored: list[float] = field(default_factory=list)
    refused: int = 0

    def within(self, share: float) -> float:
        """So many milliseconds did this share of the writes that were kept take at most."""
        return sorted(self.stored)[int(len(self.stored) * share)] * 1000 if self.stored else 0


def crowd_in(people: int, seconds: float, *, turns: bool = True) -> Crowd:
    """So many people send forms to a server for so long. Without `turns`, the twin, some have to be refused."""
    seen = Crowd()
    with TemporaryDirectory() as name:
        folder = Path(name)
        crowd, port = people_at(folder, people)
        with serving(folder, port, SERVE if turns else _NO_TURNS):
            for each in crowd:
                each.send(*each.next_form())
            until = time.monotonic() + seconds
            works = [threading.Thread(target=_send, args=(seen, each, until)) for each in crowd]
            for work in works:
                work.start()
            for work in works:
                work.join()
    return seen


def _send(seen: Crowd, person: Sender, until: float) -> None:
    while time.monotonic() < until:
        form, started = person.next_form(), time.monotonic()
        status, _ = person.send(*form)
        if status == 303:
            seen.stored.append(time.monotonic() - started)
        else:
            seen.refused += 1


def crowd_one_store(threads: int, seconds: float, *, turns: bool = True) -> Crowd:
    """The same without a server, for the tests: so many threads write for so long into one store."""
    seen = Crowd()
    with TemporaryDirectory() as name, _turns(turns):
        store = open_store(Path(name), Path(name))
        until = time.monotonic() + seconds
        works = [threading.Thread(target=_write, args=(seen, store, until)) for _ in range(threads)]
        for work in works:
            work.start()
        for work in works:
            work.join()
        store.close()
    return seen


def _write(seen: Crowd, store: SealedStore, until: float) -> None:
    number = 0
    while time.monotonic() < until:
        number, started = number + 1, time.monotonic()
        try:
            store.create_record(content_hash="content", data={"number": number, "text": os.urandom(1000).hex()})
            seen.stored.append(time.monotonic() - started)
        except StoreBusy:
            seen.refused += 1


@contextmanager
def _turns(wanted: bool) -> Iterator[None]:
    real = Connections._turn_to_write
    if not wanted:
        Connections._turn_to_write = lambda _: nullcontext()  # type: ignore[method-assign,assignment,return-value]
    try:
        yield
    finally:
        Connections._turn_to_write = real  # type: ignore[method-assign]
