"""Threads by client: one request of each at a time, others go on, and a wait for a turn does not count."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
from waitress.task import ThreadedTaskDispatcher

from commands.fair_threads import FairThreads
from commands.http_server import client_of
from reports.printing.turns import NOBODY, Turns

THREADS = 4
SOON = 60


@dataclass
class Request:
    """Something that goes on until it is let go of."""

    client: str
    act: Callable[[], None] = lambda: None
    began: threading.Event = field(default_factory=threading.Event)
    may_end: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)

    def service(self) -> None:
        self.began.set()
        self.act()
        self.may_end.wait(SOON)
        self.ended.set()

    def cancel(self) -> None: ...


@pytest.fixture
def threads() -> Iterator[FairThreads]:
    found = FairThreads(lambda request: request.client)
    found.set_thread_count(THREADS)
    yield found
    found.shutdown(timeout=SOON)


def test_one_client_has_one_thread_and_another_begins_at_once(threads: FairThreads) -> None:
    greedy = [Request("greedy") for _ in range(2 * THREADS)]
    other = Request("other")
    for each in (*greedy, other):
        threads.add_task(each)

    assert other.began.wait(SOON)
    assert [each.began.is_set() for each in greedy] == [True] + [False] * (2 * THREADS - 1)
    for each in (*greedy, other):
        each.may_end.set()
    assert all(each.ended.wait(SOON) for each in greedy), "nothing is forgotten"


def test_the_threads_of_the_server_itself_would_all_go_to_one() -> None:
    """The twin: first come, first served."""
    threads = ThreadedTaskDispatcher()
    threads.set_thread_count(THREADS)
    greedy, other = [Request("greedy") for _ in range(THREADS)], Request("other")
    for each in (*greedy, other):
        threads.add_task(each)

    assert all(each.began.wait(SOON) for each in greedy)
    assert not other.began.is_set()
    for each in (*greedy, other):
        each.may_end.set()
    assert threads.shutdown(timeout=SOON)


def test_clients_go_round(threads: FairThreads) -> None:
    order: list[str] = []

    def asking(name: str) -> Request:
        request = Request(name, lambda: order.append(name))
        request.may_end.set()
        return request

    threads.set_thread_count(1)
    first = Request("a")
    threads.add_task(first)
    assert first.began.wait(SOON)
    waiting = [asking(name) for name in ("a", "a", "b", "c", "b")]
    for each in waiting:
        threads.add_task(each)
    first.may_end.set()

    assert all(each.ended.wait(SOON) for each in waiting)
    assert order == ["a", "b", "c", "a", "b"]


def test_who_waits_for_a_turn_keeps_no_other_request_of_theirs_waiting(threads: FairThreads) -> None:
    turns = Turns(most_waiting=4)
    with turns.turn(NOBODY):

        def wait() -> None:
            with turns.turn(NOBODY):
                pass

        printing, page = Request("clinic", wait), Request("clinic")
        threads.add_task(printing)
        threads.add_task(page)
        assert page.began.wait(SOON)
    for each in (printing, page):
        each.may_end.set()
        assert each.ended.wait(SOON)


def test_a_request_that_fails_lets_the_next_go_on(threads: FairThreads, caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise ValueError

    threads.add_task(Request("a", fail))
    after = Request("a")
    after.may_end.set()
    threads.add_task(after)

    assert after.ended.wait(SOON)


@pytest.mark.parametrize(
    ("peer", "header", "client"),
    [
        ("192.0.2.7", "198.51.100.9", "192.0.2.7"),
        ("10.0.0.1", "198.51.100.9", "198.51.100.9"),
        ("10.0.0.1", "203.0.113.1, 198.51.100.9", "198.51.100.9"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "rubbish", "unknown"),
        ("10.0.0.1", "2001:db8:0:7::1", "20010db800000007"),
    ],
)
def test_a_client_is_whom_a_trusted_web_server_names(peer: str, header: str, client: str) -> None:
    headers = {"X_FORWARDED_FOR": header} if header else {}
    connection = SimpleNamespace(addr=(peer, 1), requests=[SimpleNamespace(headers=headers)])

    assert client_of(connection, frozenset({"10.0.0.1"})) == client  # type: ignore[arg-type]
