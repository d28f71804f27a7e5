"""Another program holds the only write lock: pages are still read, forms are refused with a word on when, then kept."""

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from lab.drill.server import Sender, people_at, serving
from storage.sqlite.connecting import connect
from storage.sqlite.engine import open_store
from storage.sqlite.opening import DATABASE

LONGEST_REFUSAL_SECONDS = 2.0
LONGEST_PAGE_SECONDS = 1.0


@dataclass(kw_only=True)
class Locked:
    """What people met while the lock was held, and how many of the forms that were refused last were kept after."""

    refusals: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    unexpected: int = 0
    sent_after: int = 0
    acknowledged_after: int = 0

    @property
    def holds(self) -> bool:
        """Whether all were answered as they should be, soon enough, and nothing is missing."""
        soon = (
            max(self.refusals, default=9) <= LONGEST_REFUSAL_SECONDS
            and max(self.pages, default=9) <= LONGEST_PAGE_SECONDS
        )
        return soon and not self.unexpected and self.acknowledged_after == self.sent_after > 0


def hold_lock(seconds: float) -> Locked:
    """Holds the lock for so long while some people send forms and look at their plans."""
    seen = Locked()
    with TemporaryDirectory() as name:
        folder = Path(name)
        people, port = people_at(folder)
        with serving(folder, port):
            for each in people:
                each.look()
            outsider = connect(folder / DATABASE)
            outsider.execute("BEGIN IMMEDIATE")
            until = time.monotonic() + seconds
            works = [
                threading.Thread(target=work, args=(seen, each, until)) for each in people for work in (_send, _look)
            ]
            for work in works:
                work.start()
            time.sleep(seconds)
            for work in works:
                work.join()
            outsider.execute("ROLLBACK")
            outsider.close()
            for each in people:
                seen.sent_after += 1
                each.send_what_waits()
        store = open_store(folder, folder)
        costs = [each.judge(store) for each in people]
        store.close()
        seen.acknowledged_after = sum(cost.acknowledged for cost in costs if not cost.lost + cost.doubled + cost.halved)
    return seen


def _send(seen: Locked, person: Sender, until: float) -> None:
    """The same form again and again, as somebody does who was asked to wait and did not."""
    person.waiting = person.next_form()
    while time.monotonic() < until:
        started = time.monotonic()
        status, retry_after = person.send(*person.waiting)
        seen.refusals.append(time.monotonic() - started)
        seen.unexpected += (status, bool(retry_after)) != (503, True)


def _look(seen: Locked, person: Sender, until: float) -> None:
    while time.monotonic() < until:
        started = time.monotonic()
        seen.unexpected += person.look() != 200
        seen.pages.append(time.monotonic() - started)
        time.sleep(0.05)
