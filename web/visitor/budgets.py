"""How much one client, and all together, may have kept within an hour; and that the disk never fills up.

Anybody may begin without a name, so what a stranger can have kept is bounded: by address, far above what a clinic with
fifty people behind one address needs, and in all. Once all together have used up theirs, whoever has used little still
goes on, so that a crowd of abusers does not shut others out; what stops those is the room that is left on the disk.
Below that nothing new is begun or added, while answers are still saved and everything can be read, printed and erased.

It is counted in the database (storage/counts.py), so all servers and processes that share it count as one, and a
restart begins nothing anew; what all together have used is asked for every few seconds. Where that fails, or the disk
has little room, this process counts in its memory instead. What was used runs off steadily, so who is refused waits for
minutes at most.
"""

import ipaddress
import shutil
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from flask import Flask, current_app, request

from storage import StorageError
from storage.counts import Counts, Use
from storage.time_limits import BUDGET
from web.core.settings import data_folder, database
from web.core.stores import store
from web.visitor.sessions import own_session

HOUR = BUDGET.seconds
FREE_BYTES = 256 * 1024 * 1024
MOST_REMEMBERED = 20_000
SMALL_SHARE = 0.1
TOTAL_SECONDS = 10.0
"""So old at most is what this process knows of all others; what it counts itself it knows at once."""
FORGETTING_SECONDS = 60.0


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
CLINICS_OF_A_RECORD = Budget(name="clinics", by_one=10, by_all=2_000)
"""How often the answers of a record are given to a clinic, which keeps a line of it each time."""
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


class Memory:
    """The counts of one process: what each has used, less what has run off since."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._used: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()

    def use_up(self, uses: Sequence[Use]) -> int:
        """As `Counts` says."""
        with self._lock:
            now = self._now()
            used = [self._used_at((use.kind, use.who), use.an_hour, now) for use in uses]
            over = [each + use.amount - use.most for use, each in zip(uses, used, strict=True)]
            if wait := max(
                int(more * HOUR / use.an_hour) + 1 if use.amount > 0 and more > 0 else 0
                for use, more in zip(uses, over, strict=True)
            ):
                return wait
            for use, before in zip(uses, used, strict=True):
                self._used[use.kind, use.who] = (max(0.0, before + use.amount), now)
                self._used.move_to_end((use.kind, use.who))
            while len(self._used) > MOST_REMEMBERED:
                self._used.popitem(last=False)
        return 0

    def used(self, kind: str, who: str, an_hour: float) -> float:
        with self._lock:
            return self._used_at((kind, who), an_hour, self._now())

    def _used_at(self, key: tuple[str, str], an_hour: float, now: float) -> float:
        used, at = self._used.get(key, (0.0, now))
        return max(0.0, used - (now - at) * an_hour / HOUR)


@dataclass
class _UsedByAll:
    """What all together had used at a moment, and what this process has since."""

    used: float
    asked_at: float
    since: float = 0


class Budgets:
    """What each has used, and all together; `shared` gives the counts of everybody, or raises StorageError."""

    def __init__(self, now: Callable[[], float] = time.monotonic, shared: Callable[[], Counts] | None = None) -> None:
        self._now = now
        self._shared = shared
        self._memory = Memory(now)
        self._totals: dict[str, _UsedByAll] = {}
        self._forgot_at = now()

    def spend(self, budget: Budget, who: str, amount: float = 1) -> None:
        """:raises TooMuch: and nothing is counted"""
        self.spend_all([(budget, who)], amount)

    def spend_all(self, spent: Sequence[tuple[Budget, str]], amount: float = 1) -> None:
        """The same of several at once: all of them, or none."""
        wait = None
        if self._shared and free_bytes() >= FREE_BYTES:
            with suppress(StorageError):
                wait = self._spend_shared(self._shared(), spent, amount)
        if wait is None:
            wait = self._spend_here(spent, amount)
        if wait:
            raise TooMuch(wait)

    def _spend_shared(self, counts: Counts, spent: Sequence[tuple[Budget, str]], amount: float) -> int:
        totals = [self._total(counts, budget.name) for budget, _ in spent]
        pairs = list(zip(spent, totals, strict=True))
        uses = [_use(budget, who, amount, each.used + each.since) for (budget, who), each in pairs]
        wait = counts.use_up(uses)
        if not wait:
            for each in totals:
                each.since += amount
        if self._now() - self._forgot_at > FORGETTING_SECONDS:
            self._forgot_at = self._now()
            with suppress(StorageError):  # what was spent is counted by now, and not once more in memory
                counts.forget_counts()
        return wait

    def _total(self, counts: Counts, kind: str) -> _UsedByAll:
        known, now = self._totals.get(kind), self._now()
        if known is None or now - known.asked_at > TOTAL_SECONDS:
            known = self._totals[kind] = _UsedByAll(counts.total_used(kind), now)
        return known

    def _spend_here(self, spent: Sequence[tuple[Budget, str]], amount: float) -> int:
        everybody = [
            Use(kind=each.name, who="", amount=amount, most=float("inf"), an_hour=each.by_all) for each, _ in spent
        ]
        totals = [self._memory.used(each.kind, "", each.an_hour) for each in everybody]
        uses = [_use(budget, who, amount, total) for (budget, who), total in zip(spent, totals, strict=True)]
        return self._memory.use_up([*uses, *everybody])


def _use(budget: Budget, who: str, amount: float, by_all: float) -> Use:
    most = budget.by_one if by_all + amount <= budget.by_all else budget.by_one * SMALL_SHARE
    return Use(kind=budget.name, who=who, amount=amount, most=most, an_hour=budget.by_one)


def init_app(app: Flask) -> None:
    app.extensions["budgets"] = Budgets(shared=store)


def spend(budget: Budget, who: str, amount: float = 1) -> None:
    """Counts what is about to be kept. :raises TooMuch: it is not"""
    spend_all([(budget, who)], amount)


def spend_all(spent: Sequence[tuple[Budget, str]], amount: float = 1) -> None:
    """The same of several at once: all of them, or none."""
    current_app.extensions["budgets"].spend_all(spent, amount)


def spend_bytes(amount: int) -> None:
    """The same for something new of this size, from this client. :raises TooMuch, NoRoom: it is not kept"""
    refuse_without_room()
    spend(STORED_BYTES, client(), amount)


def spend_session() -> None:
    """Counts a session that is about to be kept; one that is kept already costs nothing. :raises TooMuch: it is not"""
    own = own_session()
    if own is None or not own.has_row:
        spend(SESSIONS, client())


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
