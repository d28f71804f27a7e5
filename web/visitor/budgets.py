"""How much one client, and all together, may have kept within an hour; and that the disk never fills up.

Anybody may begin without a name, so what a stranger can have kept is bounded: by address, far above what a clinic with
fifty people behind one address needs, and in all. Once all together have used up theirs, whoever has used little still
goes on, so that a crowd of abusers does not shut others out; what stops those is the room that is left on the disk.
Below that nothing new is begun or added, while answers are still saved and everything can be read, printed and erased.

It is counted in the memory of the one process that serves: a row a form would be one more thing to fill up, and a
restart gives an abuser one more hour's share. What was used runs off steadily, by a clock that nobody sets, so who is
refused waits for minutes at most.
"""

import ipaddress
import shutil
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app, request

from storage.time_limits import BUDGET
from web.core.settings import data_folder, database

HOUR = BUDGET.seconds
FREE_BYTES = 256 * 1024 * 1024
MOST_REMEMBERED = 20_000
SMALL_SHARE = 0.1


@dataclass(frozen=True, kw_only=True)
class Budget:
    """So much an hour for one, and for all together."""

    name: str
    by_one: float
    by_all: float


MEGABYTE = 1_000_000
SESSIONS = Budget(name="sessions", by_one=300, by_all=6_000)
RECORDS = Budget(name="records", by_one=200, by_all=4_000)
STORED_BYTES = Budget(name="bytes", by_one=60 * MEGABYTE, by_all=600 * MEGABYTE)
PLANS_OF_A_RECORD = Budget(name="plans", by_one=30, by_all=6_000)
OPENINGS_OF_A_RECORD = Budget(name="openings", by_one=60, by_all=6_000)
"""How often a link or code is opened counts for what it opens, and not for an address: no other's use refuses it."""

HEALTH_LINKS_OF_A_RECORD = Budget(name="health links", by_one=20, by_all=2_000)
FETCHES_OF_A_FILE = Budget(name="fetches", by_one=60, by_all=6_000)
"""How often a clinic's computer may fetch one file, whatever its address."""


class TooMuch(Exception):
    """This client, or all together, have had so much kept in this hour; after `retry_after_seconds` it goes on."""

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__("the budget of this hour is used up")
        self.retry_after_seconds = retry_after_seconds


class NoRoom(Exception):
    """So little is left on the disk that nothing new is kept."""


class Budgets:
    """What each has used, less what has run off since."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._used: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()

    def spend(self, budget: Budget, who: str, amount: float = 1) -> None:
        """:raises TooMuch: and nothing is counted"""
        one, everybody = (budget.name, who), (budget.name, "")
        with self._lock:
            now = self._now()
            by_one, by_all = self._used_by(one, budget.by_one, now), self._used_by(everybody, budget.by_all, now)
            most = budget.by_one if by_all + amount <= budget.by_all else budget.by_one * SMALL_SHARE
            if by_one + amount > most:
                raise TooMuch(int((by_one + amount - most) * HOUR / budget.by_one) + 1)
            for key, used in ((one, by_one), (everybody, by_all)):
                self._used[key] = (used + amount, now)
                self._used.move_to_end(key)
            while len(self._used) > MOST_REMEMBERED:
                self._used.popitem(last=False)

    def _used_by(self, key: tuple[str, str], an_hour: float, now: float) -> float:
        used, at = self._used.get(key, (0.0, now))
        return max(0.0, used - (now - at) * an_hour / HOUR)


def init_app(app: Flask) -> None:
    app.extensions["budgets"] = Budgets()


def spend(budget: Budget, who: str, amount: float = 1) -> None:
    """Counts what is about to be kept. :raises TooMuch: it is not"""
    current_app.extensions["budgets"].spend(budget, who, amount)


def spend_bytes(amount: int) -> None:
    """The same for something new of this size, from this client. :raises TooMuch, NoRoom: it is not kept"""
    refuse_without_room()
    spend(STORED_BYTES, client(), amount)


def refuse_without_room() -> None:
    """:raises NoRoom: nothing new is kept now"""
    if free_bytes() < FREE_BYTES:
        raise NoRoom


def client() -> str:
    """Whose request this is."""
    return client_at(request.remote_addr or "")


def client_at(address: str) -> str:
    """The address, or of IPv6, where one household has so many, its first half."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        return str(found.ipv4_mapped or f"{int(found) >> 64:x}")
    return str(found)


def free_bytes() -> int:
    """What is left on the disk of the database; of another machine's nobody here can tell."""
    if database():
        return FREE_BYTES
    try:
        return shutil.disk_usage(data_folder()).free
    except OSError:  # the store says what is wrong with it
        return FREE_BYTES
