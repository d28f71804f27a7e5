"""Silent and slow connections beside an ordinary person, who has to be answered as if they were not there."""

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from lab.drill.server import SERVE, Sender, people_at, serving

TICK_SECONDS = 1
LONGEST_OPENING_SECONDS = 30
SHORTEST_PATIENCE_SECONDS = 0.5  # a busy machine makes a page of 10 ms wait as long now and then
_POST = b"POST /code HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
_KINDS: tuple[tuple[bytes, bytes], ...] = (
    (b"", b""),  # says nothing
    (b"GET / HTTP/1.1\r\nX-Slow: ", b"a"),  # never comes to the end of its headers
    (_POST + b"Content-Length: 60000\r\n\r\ncode=", b"a"),  # nor of its form
    (
        b"GET /static/fonts HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    ),  # reads nothing
)
_A_THREAD_EACH = """
import sys
from concurrent.futures import ThreadPoolExecutor
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIServer, make_server

class Server(ThreadingMixIn, WSGIServer):
    threads = ThreadPoolExecutor(8)
    def process_request(self, *asked):
        self.threads.submit(self.process_request_thread, *asked)

from app import create_app
make_server("127.0.0.1", int(sys.argv[-1]), create_app(), Server).serve_forever()
"""
_KEEPS_OUT = f"""
from commands.http_server import Server
Server.close_some = lambda server, *_: setattr(server, "accepting", False)
{SERVE}
"""
TWINS = {"a thread for each connection": _A_THREAD_EACH, "a full house keeps out": _KEEPS_OUT}


@dataclass(frozen=True, kw_only=True)
class BesideSlowness:
    """How an ordinary person fared."""

    connections: int
    asked: int
    in_time: int
    alone_ms: float
    beside_ms: float
    were_there: bool

    @property
    def share(self) -> float:
        """Of what they asked, what was answered within their patience."""
        return self.in_time / self.asked


def stand_beside(connections: int, asked: int, program: str = SERVE, patience_seconds: float = 0) -> BesideSlowness:
    """An ordinary person's success beside that many connections; a twin's program has to fail.

    Their patience is twice the slowest answer of a quiet server, where nothing else is said.
    """
    with TemporaryDirectory() as name:
        people, port = people_at(Path(name))
        person = people[0]
        with serving(Path(name), port, program):
            alone = [_seconds(person) for _ in range(asked)]
            person.patience_seconds = patience_seconds or max(2 * max(alone), SHORTEST_PATIENCE_SECONDS)
            with slow_connections(port, connections) as were_there:
                beside = [_seconds(person) for _ in range(asked)]
    in_time = sum(each <= person.patience_seconds for each in beside)
    alone_ms, beside_ms = (1000 * sorted(each)[asked // 2] for each in (alone, beside))
    return BesideSlowness(
        connections=connections,
        asked=asked,
        in_time=in_time,
        alone_ms=alone_ms,
        beside_ms=beside_ms,
        were_there=were_there,
    )


def _seconds(person: Sender) -> float:
    """How long one form and one page took; for ever, when either was not answered."""
    started = time.monotonic()
    try:
        status, _ = person.send(*person.next_form())
        done = status == 303 and person.look() == 200
    except (OSError, http.client.HTTPException):
        done = False
    return time.monotonic() - started if done else float("inf")


@contextmanager
def slow_connections(port: int, number: int) -> Iterator[bool]:
    """Keeps that many open until the block ends, in turn of each kind; begins anew when one is closed. False where the
    server did not take so many."""
    ended = threading.Event()
    ready = threading.Event()
    holder = threading.Thread(target=_hold, args=(port, number, ready, ended))
    holder.start()
    try:
        yield ready.wait(LONGEST_OPENING_SECONDS)
    finally:
        ended.set()
        holder.join()


def _hold(port: int, number: int, ready: threading.Event, ended: threading.Event) -> None:
    held: list[tuple[socket.socket, bytes]] = []
    kinds = count()
    while not ended.wait(TICK_SECONDS):
        held = [each for each in held if _goes_on(*each)]
        while len(held) < number and not ended.is_set():
            first, more = _KINDS[next(kinds) % len(_KINDS)]
            with suppress(OSError):
                held.append((_begun(port, first), more))
        ready.set()
    for connection, _ in held:
        connection.close()


def _begun(port: int, first: bytes) -> socket.socket:
    connection = socket.socket()
    try:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        connection.settimeout(1)
        connection.connect(("127.0.0.1", port))
        connection.sendall(first)
        connection.setblocking(False)
    except OSError:
        connection.close()
        raise
    return connection


def _goes_on(connection: socket.socket, more: bytes) -> bool:
    """Sends a little more; whether the server still takes it."""
    try:
        if more:
            connection.send(more)
        if connection.recv(1, socket.MSG_PEEK):
            return True
    except BlockingIOError:
        return True
    except OSError:
        pass
    connection.close()
    return False
