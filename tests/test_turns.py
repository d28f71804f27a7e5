"""Turns at what only one can use: who goes first, who is sent away, and that nothing is ever stuck."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from reports.printing.turns import Asker, TurnRefused, Turns

ANN, BEN = Asker("10.0.0.1", "ann"), Asker("10.0.0.2", "ben")
CLINIC = Asker("10.0.0.3")


class Queue:
    """Turns of which each writes down whose it was, while the test has the first."""

    def __init__(self, turns: Turns, pool: ThreadPoolExecutor) -> None:
        self.turns, self.pool = turns, pool
        self.had: list[Asker] = []
        self.go_on = threading.Event()
        self.go_on.set()

    def ask(self, asker: Asker) -> "Future[None]":
        """Comes and waits; returns when it does, or has been sent away."""
        joined = threading.Event()
        join = self.turns._join

        def noted(who: Asker):
            place = join(who)
            joined.set()
            return place

        self.turns._join = noted  # type: ignore[method-assign]
        future = self.pool.submit(self._take, asker)
        assert joined.wait(60)
        self.turns._join = join  # type: ignore[method-assign]
        return future

    def _take(self, asker: Asker) -> None:
        with self.turns.turn(asker):
            self.had.append(asker)
            assert self.go_on.wait(60)


@pytest.fixture
def queue_of() -> Iterator[Callable[..., Queue]]:
    with ThreadPoolExecutor(12) as pool:
        yield lambda most, wait=60.0: Queue(Turns(most, wait), pool)


def test_who_asks_again_at_once_goes_after_all_who_have_had_nothing(queue_of) -> None:
    queue = queue_of(8)
    loops = [Asker(f"10.1.0.{number}", "loop") for number in range(4)]
    queue.turns._used_until.update(dict.fromkeys(loops, 0.5))
    with queue.turns.turn(ANN):
        all_of = [queue.ask(each) for each in (*loops, BEN, ANN)]
    for each in all_of:
        each.result()

    assert queue.had == [BEN, ANN, *loops], "Ann has had a turn, but a short one"


def test_a_turn_counts_as_long_as_it_was(queue_of) -> None:
    queue = queue_of(8)
    queue.go_on.clear()
    with queue.turns.turn(ANN):
        all_of = [queue.ask(CLINIC)]
        time.sleep(0.02)
    all_of += [queue.ask(ANN), queue.ask(BEN)]  # while the clinic has its turn
    queue.go_on.set()
    for each in all_of:
        each.result()

    assert queue.had == [CLINIC, BEN, ANN]


def test_when_too_many_wait_the_one_who_had_most_is_sent_away_not_the_last(queue_of) -> None:
    queue = queue_of(2)
    with queue.turns.turn(Asker("other")):
        queue.turns._used_until[BEN] = queue.turns._now + 1
        ben, clinic, ann = queue.ask(BEN), queue.ask(CLINIC), queue.ask(ANN)
        with pytest.raises(TurnRefused):
            ben.result(10)
    for each in (clinic, ann):
        each.result()
    assert queue.had == [CLINIC, ANN]


def test_a_browser_waits_once_and_what_it_asked_for_last_is_what_it_gets(queue_of) -> None:
    queue = queue_of(8)
    with queue.turns.turn(Asker("other")):
        first, between, second = queue.ask(ANN), queue.ask(BEN), queue.ask(ANN)
        with pytest.raises(TurnRefused):
            first.result(10)
    for each in (between, second):
        each.result()
    assert sorted(each.browser for each in queue.had) == ["ann", "ben"]


def test_an_address_without_browsers_may_be_several_people(queue_of) -> None:
    queue = queue_of(8)
    with queue.turns.turn(Asker("other")):
        all_of = [queue.ask(CLINIC), queue.ask(CLINIC), queue.ask(ANN)]
    for each in all_of:
        each.result()
    assert queue.had == [CLINIC, ANN, CLINIC]


def test_a_new_cookie_gives_no_new_turn(queue_of) -> None:
    queue = queue_of(8)
    with queue.turns.turn(Asker("other")):
        queue.turns._used_until[Asker(BEN.address)] = queue.turns._now + 1
        fresh, ann = queue.ask(Asker(BEN.address, "fresh")), queue.ask(ANN)
    for each in (fresh, ann):
        each.result()
    assert [each.browser for each in queue.had] == ["ann", "fresh"]


def test_the_wait_has_an_end_and_what_fails_gives_its_turn_back(queue_of) -> None:
    queue = queue_of(8, 0.05)
    with queue.turns.turn(ANN):
        late = queue.ask(BEN)
        with pytest.raises(TurnRefused):
            late.result(10)
    with pytest.raises(ZeroDivisionError), queue.turns.turn(ANN):
        raise ZeroDivisionError
    with queue.turns.turn(BEN):
        assert not queue.turns._waiting
    for number in range(100):
        with queue.turns.turn(Asker(str(number))):
            pass
    assert len(queue.turns._used_until) < 9, "only who had a turn just now is remembered"


def test_who_asks_in_vain_again_and_again_does_not_keep_the_places(queue_of) -> None:
    queue = queue_of(2)
    loops = [Asker("10.1.0.1", f"loop {number}") for number in range(3)]
    with queue.turns.turn(Asker("other")):
        in_vain = [queue.ask(loops[number % 3]) for number in range(9)]
        ann = queue.ask(ANN)
        more = [queue.ask(loops[number % 3]) for number in range(9)]
    ann.result()
    refused = [isinstance(each.exception(), TurnRefused) for each in (*in_vain, *more)]
    assert queue.had[0] == ANN or queue.had[1] == ANN
    assert refused.count(False) == 1


class FirstCome:
    """The twin: whoever comes first is first, and who finds no room is sent away."""

    def __init__(self, most_waiting: int) -> None:
        self._room = threading.BoundedSemaphore(1 + most_waiting)
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, asker: Asker) -> Iterator[None]:
        if not self._room.acquire(blocking=False):
            raise TurnRefused
        try:
            with self._lock:
                yield
        finally:
            self._room.release()


def test_a_spare_turn_begins_when_nobody_waits_and_whoever_asks_meanwhile_is_next(queue_of) -> None:
    queue = queue_of(8)
    had = queue.had
    with queue.turns.turn(ANN):
        spare = queue.pool.submit(_spare, queue)
        other = queue.ask(BEN)
    other.result()
    spare.result()
    assert had == [BEN, CLINIC]

    with queue.turns.spare_turn():
        third = queue.ask(ANN)
    third.result()
    assert had == [BEN, CLINIC, ANN]


def _spare(queue: Queue) -> None:
    with queue.turns.spare_turn():
        queue.had.append(CLINIC)


def test_a_spare_turn_is_given_up_where_there_is_always_somebody(queue_of) -> None:
    queue = queue_of(8, 0.05)
    with queue.turns.turn(ANN), pytest.raises(TurnRefused), queue.turns.spare_turn():
        pass


def served_beside_loops(turns: Any, loops: int = 4, times: int = 20) -> int:
    """How often somebody gets a turn beside some who ask without end (`./run drill` does it with papers)."""
    stop = threading.Event()

    def loop(number: int) -> None:
        while not stop.is_set():
            with suppress(TurnRefused), turns.turn(Asker(f"10.1.0.{number}", "loop")):
                time.sleep(0.01)

    threads = [threading.Thread(target=loop, args=(number,)) for number in range(loops)]
    for each in threads:
        each.start()
    time.sleep(0.05)
    served = 0
    for _ in range(times):
        with suppress(TurnRefused), turns.turn(ANN):
            served += 1
        time.sleep(0.02)
    stop.set()
    for each in threads:
        each.join()
    return served


def test_somebody_is_served_every_time_beside_loops_that_fill_every_place() -> None:
    assert served_beside_loops(Turns(3)) == 20
    assert served_beside_loops(FirstCome(3)) < 20, "the twin, which has to refuse some"
