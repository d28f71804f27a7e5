"""A million full records beside a thousand: every verb of the store that a page waits for, and two pages over HTTP.

Both stores are made by lab/people/stock.py and asked in turn, so that a noisy machine meets both alike, and each call
goes to another record, chosen by chance. What a large file costs shows as the ratio of the two medians. The files
lie in the temporary folder (TMPDIR), 16 GB of them for a million records, and are removed however the measurement ends.
"""

import http.client
import re
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from lab.bench.figures import Figure, in_turn
from lab.bench.pages import our_command, served
from lab.people.stock import StoredRecord, a_tick, fill
from storage.sqlite.engine import open_store
from storage.store.store import SealedStore

SMALL, LARGE = 1_000, 1_000_000
TIMES = 1_000
REQUESTS = 200
MOST_TIMES_AS_LONG = 1.5
LONGEST_SECONDS_A_GIGABYTE = 10  # what a cold disk gives

Verb = Callable[[SealedStore, StoredRecord], object]
VERBS: dict[str, Verb] = {
    "opening a record": lambda store, each: store.get_draft(each.record_id),
    "finding its plan": lambda store, each: store.find_latest_submission(each.record_id),
    "listing ticks": lambda store, each: store.list_ticks(each.record_id),
    "opening by link": lambda store, each: store.open_by_link(each.link_and_code.link),
    "opening by code": lambda store, each: store.open_by_code(each.link_and_code.code),
    "listing plans": lambda store, each: store.list_submissions(each.record_id),
    "listing shares": lambda store, each: store.list_shares(each.record_id),
    "finding a share": lambda store, each: store.get_share(each.share.share_id),
    "opening a share": lambda store, each: store.open_by_link(each.share.link),
    "adding a tick": lambda store, each: store.add_tick(
        each.record_id, submit_key=secrets.token_hex(16), data=a_tick(each.actions[0])
    ),
    "changing answers": lambda store, each: store.change_draft(
        each.record_id, lambda data: {**data, "changed": secrets.token_hex(4)}, content_hash="content"
    ),
    "keeping a plan": lambda store, each: store.submit(
        each.record_id, submit_key=secrets.token_hex(16), content_hash="content", data=a_tick(each.actions[0])
    ),
    "beginning a record": lambda store, each: store.create_record(content_hash="content", data=a_tick(each.actions[0])),
    "keeping a session": lambda store, each: store.save_session(secrets.token_hex(16), {"record": each.record_id}),
}


@dataclass(frozen=True, kw_only=True)
class Side:
    """A store, and some of its records in an order chosen by chance."""

    folder: Path
    count: int
    stored: list[StoredRecord]


def measure(records: int = LARGE) -> list[Figure]:
    """Ratios of medians, the large store to the small one."""
    with TemporaryDirectory(prefix="firm-footing-scale-") as name:
        started = time.perf_counter()
        small, large = (_side(Path(name) / each, count) for each, count in (("small", SMALL), ("large", records)))
        gigabytes = sum(each.stat().st_size for each in large.folder.iterdir()) / 1e9
        print(f"  {records:,} records made in {time.perf_counter() - started:.0f} s, {gigabytes:.1f} GB", flush=True)
        figures = [*_verbs(small, large), *_pages(small, large)]
    return figures


def _side(folder: Path, count: int) -> Side:
    return Side(folder=folder, count=count, stored=fill(folder, count, remember=TIMES))


def _verbs(small: Side, large: Side) -> Iterator[Figure]:
    few = open_store(small.folder, small.folder)
    started = time.perf_counter()
    many = open_store(large.folder, large.folder)
    opening = time.perf_counter() - started
    name = f"opening the large store, each page checked, in {opening:.0f} s: a gigabyte"
    gigabytes = sum(each.stat().st_size for each in large.folder.iterdir()) / 1e9
    yield Figure(name=name, value=opening / gigabytes, unit="s", limit=LONGEST_SECONDS_A_GIGABYTE)
    for name, verb in VERBS.items():
        of_few, of_many = cycle(small.stored), cycle(large.stored)
        pair = in_turn(lambda: verb(few, next(of_few)), lambda: verb(many, next(of_many)), TIMES)  # noqa: B023
        yield _figure(name, large, *pair)
    few.close()
    many.close()


def _pages(small: Side, large: Side) -> Iterator[Figure]:
    with ExitStack() as stack:
        few, many = (
            _Browsers(stack.enter_context(served(our_command(), side.folder)), side) for side in (small, large)
        )
        for each in (few, many):
            each.get()
        yield _figure("GET /plan", large, *in_turn(few.get, many.get, REQUESTS))
        yield _figure("POST /plan/tick", large, *in_turn(few.tick, many.tick, REQUESTS))


def _figure(name: str, large: Side, few: float, many: float) -> Figure:
    seen = f"{name}, {large.count:,} records / {SMALL:,} ({many:.2f} ms / {few:.2f} ms)"
    return Figure(name=seen, value=many / few, limit=MOST_TIMES_AS_LONG)


class _Browsers:
    """Many people, each in a browser with a session of their own, at one server as ./run serve starts it."""

    def __init__(self, port: int, side: Side) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        store = open_store(side.folder, side.folder, check_pages=False)
        self._cookies = [self._signed_in(store, each) for each in side.stored[: REQUESTS + 1]]
        store.close()
        self._turn = cycle(self._cookies)
        self._forms: list[tuple[str, str]] = []

    def get(self) -> None:
        """The next person looks at their plan."""
        cookie = next(self._turn)
        page = self._ask("GET", cookie, None, 200)
        form = re.search(r'<form[^>]*action="/plan/tick".*?</form>', page, re.DOTALL)
        if form is None:
            raise RuntimeError("the plan has no form to tick")
        fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[0]))
        self._forms.append((cookie, urlencode({**fields, "state": "done"})))

    def tick(self) -> None:
        """The next person who looked at their plan ticks the first action off."""
        cookie, body = self._forms.pop()
        self._ask("POST", cookie, body, 303)

    def _ask(self, method: str, cookie: str, body: str | None, status: int) -> str:
        path = "/plan/tick" if body else "/plan"
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        page = answer.read().decode()
        if answer.status != status:
            raise RuntimeError(f"{method} {path} answered {answer.status}")
        return page

    def _signed_in(self, store: SealedStore, stored: StoredRecord) -> str:
        session_id = secrets.token_urlsafe(32)
        store.save_session(session_id, {"records": [stored.record_id], "record": stored.record_id})
        return f"ff={session_id}"
