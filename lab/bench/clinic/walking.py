"""Many people who go from page to page, always by the same hands, so that two times of theirs can be compared."""

import http.client
import statistics
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from types import TracebackType
from typing import Self

from lab.drill.server import Sender

THREADS, PACE_SECONDS = 16, 0.025
PAGE = "/falls/fell-past-year"


class Walkers:
    """So many people, of whom one asks for a question every 25 ms, whoever still waits; each hand is another client."""

    def __init__(self, people: Sequence[Sender]) -> None:
        self._people = people
        self._threads = ThreadPoolExecutor(THREADS)
        self._local = threading.local()
        self._number = count()
        self._asked = count()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        self._threads.shutdown()

    def walk(self, goes_on: Callable[[], bool]) -> list[float]:
        """Milliseconds of each page, from when it was due."""
        asked, due = [], time.perf_counter()
        while goes_on():
            asked.append(self._threads.submit(self._ask, self._people[next(self._asked) % len(self._people)], due))
            due = max(due + PACE_SECONDS, time.perf_counter())
            time.sleep(max(0.0, due - time.perf_counter()))
        return [each.result() for each in asked]

    def walk_for(self, seconds: float) -> list[float]:
        """The same for so long."""
        until = time.monotonic() + seconds
        return self.walk(lambda: time.monotonic() < until)

    def _ask(self, person: Sender, due: float) -> float:
        if not hasattr(self._local, "connection"):
            self._local.connection = connection_of_another(person.port, next(self._number))
        try:
            _get(self._local.connection, person)
        except (http.client.RemoteDisconnected, ConnectionResetError):  # it was silent for a minute: between two rounds
            self._local.connection.close()
            _get(self._local.connection, person)
        return (time.perf_counter() - due) * 1000


def _get(connection: http.client.HTTPConnection, person: Sender) -> None:
    connection.request("GET", PAGE, headers={"Cookie": person.cookie})
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{PAGE} answered {answer.status}")


def connection_of_another(port: int, number: int) -> http.client.HTTPConnection:
    """A connection that comes from an address of its own, where this machine has more than one."""
    own = (f"127.1.{number // 250}.{number % 250 + 1}", 0) if sys.platform == "linux" else None
    return http.client.HTTPConnection("127.0.0.1", port, timeout=60, source_address=own)


def slowest_of_twenty(took: Sequence[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(took, n=20)[-1]


def ratio_of_rounds(beside: Sequence[Sequence[float]], alone: Sequence[Sequence[float]]) -> float:
    """The 95th percentile of a round beside something, of that of a round alone: the median over all rounds."""
    return statistics.median(map(slowest_of_twenty, beside)) / statistics.median(map(slowest_of_twenty, alone))
