"""People who print while others ask for paper without end, and eight who print at the same time.

Every asker has an address of its own on this machine's loopback, as the server tells askers apart by it.
"""

import http.client
import itertools
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from lab.drill.server import SERVE, Sender, people_at, serving

LOOPS = 4
EIGHT = 8
PLAN, BLANK = "/plan.pdf", "/paper/all.pdf"
FIRST_COME = f"""
import threading
from contextlib import contextmanager
import reports.printing.turns
room, lock = threading.BoundedSemaphore(4), threading.Lock()
@contextmanager
def turn(turns, asker):
    if not room.acquire(blocking=False):
        raise reports.printing.turns.TurnRefused
    try:
        with lock:
            yield
    finally:
        room.release()
reports.printing.turns.Turns.turn = turn
{SERVE}
"""
"""The twin, where whoever comes first is served first, and a fifth is sent away."""


@dataclass(frozen=True, kw_only=True)
class Printed:
    """How many plans people asked for and got beside the loops, how long one took (medians), and of eight at once."""

    asked: int
    got: int
    idle: float
    beside: float
    at_once: int


def print_beside_loops(rounds: int, program: str = SERVE) -> Printed:
    """Eight people print one after the other, idle, then so many times beside loops over plans and blank paper."""
    with TemporaryDirectory() as name:
        people, port = people_at(Path(name), LOOPS + EIGHT)
        loopers, others = people[:LOOPS], people[LOOPS:]
        with serving(Path(name), port, program):
            _printed(others[0], 0)
            with ThreadPoolExecutor(EIGHT) as threads:
                at_once = sum(status == 200 for status, _ in threads.map(_printed, others, range(EIGHT)))
            idle = [_printed(*each) for each in zip(others, range(EIGHT), strict=True)]
            with _loops(port, loopers):
                beside = [_printed(*each) for each in [*zip(others, range(EIGHT), strict=True)] * rounds]
    got = [seconds for status, seconds in beside if status == 200]
    return Printed(
        asked=len(beside),
        got=len(got),
        idle=statistics.median(seconds for _, seconds in idle),
        beside=statistics.median(got) if got else 0.0,
        at_once=at_once,
    )


def _printed(person: Sender, number: int) -> tuple[int, float]:
    time.sleep(0.2)
    began = time.monotonic()
    return _get(person.port, PLAN, 100 + number, {"Cookie": person.cookie}), time.monotonic() - began


@contextmanager
def _loops(port: int, loopers: Sequence[Sender]) -> Iterator[None]:
    """Each asks again as soon as it is answered; those of blank paper throw their cookie away and make up a port."""
    stop, ports = threading.Event(), itertools.count(10_000)

    def loop(number: int, ask: Callable[[], tuple[str, dict[str, str]]]) -> None:
        while not stop.is_set():
            path, headers = ask()
            _get(port, path, number, headers)

    def plan(each: Sender) -> Callable[[], tuple[str, dict[str, str]]]:
        return lambda: (f"{PLAN}?print=24", {"Cookie": each.cookie})

    def blank() -> tuple[str, dict[str, str]]:
        return BLANK, {"Host": f"127.0.0.1:{next(ports)}"}

    asking = [*(plan(each) for each in loopers), *[blank] * LOOPS]
    threads = [threading.Thread(target=loop, args=(2 + number, ask)) for number, ask in enumerate(asking)]
    for each in threads:
        each.start()
    time.sleep(1)
    try:
        yield
    finally:
        stop.set()
        for each in threads:
            each.join()


def _get(port: int, path: str, address: int, headers: dict[str, str]) -> int:
    source = (f"127.0.0.{address}", 0)
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=100, source_address=source)) as connection:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
