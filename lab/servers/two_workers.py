"""Two worker processes of one server beside one, on PostgreSQL: question pages in a second.

What asks is one thread that sends the same bytes again and again and reads only the length of an answer, a hundredth of
a core; it and the database share the machine's cores with the workers, so that on two cores two workers cannot reach
twice as many. Both servers stand side by side and are asked in turn, while the other is stopped: a noisy machine meets
both alike, but only a quiet one has a second core to give.
"""

import re
import selectors
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from lab.bench.clinic.processes import stopped, tree
from lab.bench.figures import Figure
from lab.drill.server import SERVE, serving
from lab.servers.people_walking import FIRST, WalkingPerson, walking_people
from storage.postgres.engine import open_store
from tests.postgres_server import running
from tests.web_server import free_port

AT_ONCE, ROUNDS, ROUND_SECONDS = 16, 5, 3.0
LEAST_TIMES_AS_MANY = 1.6
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


def measure() -> list[Figure]:
    """The median of the ratios of so many pairs of rounds."""
    with TemporaryDirectory(prefix="firm-footing-workers-") as name, running(settings=(), in_memory=False) as database:
        folder, address = Path(name), database.new_database()
        with closing(open_store(address, folder)) as store:
            people = walking_people(store, AT_ONCE, 0)
        with ExitStack() as stack:
            one, two = (stack.enter_context(_server(folder, address, workers)) for workers in (1, 2))
            for each in (one, two):
                with stopped(two.processes if each is one else one.processes):
                    _rate(each, people)
            rates = []
            for _ in range(ROUNDS):
                with stopped(two.processes):
                    of_one = _rate(one, people)
                with stopped(one.processes):
                    rates.append((_rate(two, people) / of_one, of_one))
    ratio, of_one = sorted(rates)[ROUNDS // 2]
    seen = f"question pages a second, two workers / one ({ratio * of_one:.0f} / {of_one:.0f})"
    return [Figure(name=seen, value=ratio, limit=LEAST_TIMES_AS_MANY, at_least=True)]


@dataclass(frozen=True, kw_only=True)
class _Server:
    process: int
    port: int
    workers: int

    @property
    def processes(self) -> list[int]:
        return tree(self.process)


@contextmanager
def _server(folder: Path, address: str, workers: int) -> Iterator[_Server]:
    port, program = free_port(), f"import sys; sys.argv += ['--workers', '{workers}']; {SERVE}"
    with serving(folder, port, program, database=address) as process:
        yield _Server(process=process, port=port, workers=workers)


def _rate(server: _Server, people: list[WalkingPerson]) -> float:
    """Pages in a second."""
    began = time.perf_counter()
    pages, asking = _ask(server.port, people, ROUND_SECONDS)
    seconds = time.perf_counter() - began
    print(
        f"  {server.workers} at work: {pages / seconds:.0f} pages a second; asking took "
        f"{100 * asking / seconds:.0f}% of a core",
        flush=True,
    )
    return pages / seconds


def _ask(port: int, people: list[WalkingPerson], seconds: float) -> tuple[int, float]:
    """How many pages came, and how long the processor worked at asking; each has one request under way at a time."""
    began, until, pages = time.thread_time(), time.perf_counter() + seconds, 0
    with ExitStack() as stack, selectors.DefaultSelector() as ready:
        for number, each in enumerate(people):
            asking = _Asking(each, port, number)
            stack.callback(asking.connection.close)
            ready.register(asking.connection, selectors.EVENT_READ, asking)
            asking.send()
        while time.perf_counter() < until:
            for key, _ in ready.select(0.1):
                pages += key.data.receive()
    return pages, time.thread_time() - began


class _Asking:
    """One connection that asks for the same page again as soon as it is there."""

    def __init__(self, person: WalkingPerson, port: int, number: int) -> None:
        self.connection = socket.create_connection(("127.0.0.1", port), 30, (f"127.0.6.{number + 1}", 0))
        self._request = f"GET {FIRST} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {person.cookie}\r\n\r\n".encode()
        self._answer = b""

    def send(self) -> None:
        self._answer = b""
        self.connection.sendall(self._request)

    def receive(self) -> bool:
        """Whether the answer is here as a whole. :raises RuntimeError: it is no page"""
        part = self.connection.recv(256 * 1024)
        self._answer += part
        head, separator, body = self._answer.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if not part or (separator and (not head.startswith(b"HTTP/1.1 200") or length is None)):
            raise RuntimeError(f"{FIRST} answered {head[:40]!r}")
        if not separator or length is None or len(body) < int(length[1]):
            return False
        self.send()
        return True
