"""One abuser beside an ordinary person at a real server: guessing codes, storing all they can, staying in when put out.

The figure is the person's success: every form answered as it should be, and soon. "Soon" is twice the time of the same
forms on the idle server, or a second, which does not yet interrupt a thought. The abuser comes from
another address of this machine. Each twin has one of the mends undone in its server.
"""

import http.client
import math
import random
import re
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from lab.drill.server import people_at, serving
from storage.rows.codes import new_code
from storage.sqlite.engine import open_store

CONNECTIONS = 4
IDLE_ROUNDS = 8
SOON_SECONDS = 1.0
PERSON, ABUSER = "127.0.0.2", "127.0.0.3"
MOST_ROUNDS = 150  # under what one address may begin in an hour
_SERVE = "from flask.cli import main; main()"
COUNTS_WRONG_CODES = f"""
from storage.model import RecordNotFound
from storage.store.links_and_codes import LinksAndCodes
asked, count = LinksAndCodes.open_by_code, []
def open_by_code(self, code):
    if len(count) >= 10:
        raise RecordNotFound
    try:
        return asked(self, code)
    except RecordNotFound:
        count.append(1)
        raise
LinksAndCodes.open_by_code = open_by_code
{_SERVE}
"""
COUNTS_ALL_AS_ONE = f"""
import web.visitor.budgets, web.visitor.open_record, web.visitor.preferences
for each in (web.visitor.budgets, web.visitor.open_record, web.visitor.preferences):
    each.client = lambda: "everybody"
{_SERVE}
"""
COUNTS_NOTHING = f"""
import web.visitor.budgets, web.visitor.preferences
web.visitor.budgets.Budgets.spend_all = lambda *_, **__: None
web.visitor.preferences.TYPED_BYTES_BEFORE = 10**9
{_SERVE}
"""
RENEWS_FOR_NOBODY = f"""
import web.sharing.links_and_codes
web.sharing.links_and_codes.end_other_browsers = lambda opened: None
{_SERVE}
"""


@dataclass(kw_only=True)
class BesideAbuse:
    """What a person met beside an abuser, in how many times the time of an idle server, and what the abuser got."""

    rounds: int = 0
    answered: int = 0  # as they should be, soon or late
    succeeded: int = 0  # and soon
    idle: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    abused: int = 0
    grown_bytes: int = 0

    @property
    def was_abused(self) -> bool:
        """Whether the abuser was there at all: without one, everybody succeeds."""
        return self.abused > 5 * self.rounds

    @property
    def let_in(self) -> float:
        """As `success`, however long it took: what a test may ask of a busy machine."""
        return self._share(self.answered)

    @property
    def success(self) -> float:
        return self._share(self.succeeded)

    def _share(self, count: int) -> float:
        """Of nobody it is no number, which is neither enough nor, for a twin, too little."""
        return count / self.rounds if self.rounds else math.nan

    @property
    def times_as_long(self) -> float:
        return statistics.median(self.waits) / statistics.median(self.idle) if self.waits else math.nan


class Browser:
    """Somebody with a cookie and an address of their own."""

    def __init__(self, port: int, address: str, cookie: str = "") -> None:
        self.port, self.address, self.cookie = port, address, cookie
        self.hidden: dict[str, str] = {}

    def get(self, path: str) -> int:
        status, page = self._ask("GET", path)
        self.hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
        return status

    def post(self, path: str, **fields: str) -> int:
        return self._ask("POST", path, urlencode({**self.hidden, **fields}))[0]

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        with closing(
            http.client.HTTPConnection("127.0.0.1", self.port, timeout=20, source_address=(self.address, 0))
        ) as connection:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            self.cookie = (answer.headers["Set-Cookie"] or self.cookie).partition(";")[0]
            return answer.status, answer.read().decode()


def guess_codes(seconds: float, program: str = _SERVE) -> BesideAbuse:
    """Wrong codes as fast as they are answered, beside somebody who types a right one."""

    def prepare(folder: Path, record: str) -> str:
        store = open_store(folder, folder)
        code = store.make_link_and_code(record).code
        store.close()
        return code

    def abuse(port: int, address: str) -> int:
        abuser = Browser(port, address)
        abuser.get("/code")
        return abuser.post("/code", code=new_code())

    def come_in(port: int, code: str) -> bool:
        person = Browser(port, PERSON)
        return person.get("/code") == 200 and person.post("/code", code=code) == 303

    return _beside(seconds, program, abuse, come_in, prepare, most=50)


def store_all(seconds: float, program: str = _SERVE) -> BesideAbuse:
    """New records, and typed text on the settings page, always by a new browser; beside somebody who begins."""
    typed = {f"x{number}": "y" * 1900 for number in range(28)}

    def abuse(port: int, address: str) -> int:
        for path, fields in (("/settings", {**typed, "to": "/code", "language": "es"}), ("/for-whom", {})):
            abuser = Browser(port, address)
            abuser.get("/for-whom")
            status = abuser.post(path, answering="self", **fields)
        return status

    def begin(port: int, _message: str) -> bool:
        person = Browser(port, PERSON)
        person.get("/for-whom")
        began = person.post("/for-whom", answering="self") == 303
        return began and person.get("/about/age") == 200 and person.post("/about/age", age="80") == 303

    return _beside(seconds, program, abuse, begin, lambda *_: "", most=MOST_ROUNDS)


def _beside(
    seconds: float,
    program: str,
    abuse: Callable[[int, str], int],
    act: Callable[[int, str], bool],
    prepare: Callable[[Path, str], str],
    *,
    most: int,
) -> BesideAbuse:
    found = BesideAbuse()
    abuser = f"127.0.0.{random.randrange(3, 250)}"  # the ports of an address that was used just now may be used up
    with TemporaryDirectory() as name:
        folder = Path(name)
        people, port = people_at(folder)
        seen = prepare(folder, people[0].stored.record_id)
        with serving(folder, port, program):
            for _ in range(IDLE_ROUNDS):
                found.idle.append(_timed(lambda: act(port, seen))[0])
            before, until = _size(folder), time.monotonic() + seconds
            with _abused(found, until, lambda: abuse(port, abuser)):
                time.sleep(seconds / 2)  # by then the abuser has used up what there is
                _go_on(found, until, seconds / 2 / min(most - IDLE_ROUNDS, 40), lambda: act(port, seen))
            found.grown_bytes = _size(folder) - before
    return found


@contextmanager
def _abused(found: BesideAbuse, until: float, abuse: Callable[[], int]) -> Iterator[None]:
    """By several connections, until then."""

    def go_on() -> None:
        while time.monotonic() < until:
            try:
                abuse()
            except (OSError, http.client.HTTPException):
                continue
            found.abused += 1

    threads = [threading.Thread(target=go_on) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for thread in threads:
            thread.join()


def _go_on(found: BesideAbuse, until: float, pause: float, act: Callable[[], bool]) -> None:
    """What the person meets until then, with so long a pause after each round."""
    soon = max(2 * statistics.median(found.idle), SOON_SECONDS)
    while time.monotonic() < until:
        wait, succeeded = _timed(act)
        found.rounds += 1
        found.answered += succeeded
        found.succeeded += succeeded and wait <= soon
        found.waits.append(wait)
        time.sleep(pause)


def stay_in(renewals: int, program: str = _SERVE) -> tuple[int, int]:
    """How often who came in by the link still saw the plan after it was renewed, and how often its owner did."""
    thief_saw = owner_saw = 0
    with TemporaryDirectory() as name:
        folder = Path(name)
        people, port = people_at(folder)
        record = people[0].stored.record_id
        store = open_store(folder, folder)
        store.make_link_and_code(record)
        with serving(folder, port, program):
            owner = Browser(port, PERSON, people[0].cookie)
            for _ in range(renewals):
                way = store.find_link_and_code(record)
                assert way
                thief = Browser(port, ABUSER)
                thief.get(f"/open/{way.link}")
                thief.post("/open")
                owner.get("/keep")
                owner.post("/keep", record=record, do="make")
                thief_saw += thief.get("/plan") == 200
                owner_saw += owner.get("/plan") == 200
        store.close()
    return thief_saw, owner_saw


def _timed(act: Callable[[], bool]) -> tuple[float, bool]:
    started = time.monotonic()
    try:
        succeeded = act()
    except (OSError, http.client.HTTPException):
        succeeded = False
    return time.monotonic() - started, succeeded


def _size(folder: Path) -> int:
    return sum(each.stat().st_size for each in folder.glob("*.db*"))
