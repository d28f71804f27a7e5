"""waitress, told what it needs in code: a request takes a thread only when it is here as a whole.

So silent and slow connections, of which a slow phone makes as many as an attacker, hold no thread; when there are too
many, those go first that wait longest at the address that holds most.
"""

import logging
import signal
import socket
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Flask
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import TcpWSGIServer
from waitress.wasyncore import loop

from commands.fair_threads import FairThreads
from commands.newcomers import KNOCKING_SECONDS, keep_newcomers_out
from web.core.logs import without_values
from web.core.security import LARGEST_BODY_BYTES
from web.core.settings import trusted_proxies
from web.visitor.budgets import client_at

if TYPE_CHECKING:
    from commands.printing.workers import PrintWorkers

MOST_CONNECTIONS = 200  # three files each at most: below the 1,024 that most systems let a process open
ACCEPTED_AT_ONCE = (
    64  # each look at every connection costs a millisecond: one for each newcomer would be a flood's lever
)
ONE_BY_ONE_BELOW = 32
"""A process that shares its port takes newcomers in one by one while it holds fewer connections than that, so that the
others come to some as well: the first that was ready took all of a moment, and had them as long as they stayed."""
SILENT_SECONDS = 60  # longer than a web server in front keeps a connection that it may use again
REQUEST_SECONDS = 120  # from its first byte to its last: a photo of 4 MB with 300 Kbit a second
MOST_BYTES_SENDING = 128 * 1024 * 1024  # of requests that are not whole, in memory and in files
STOP_SECONDS = 15
SILENT_AT_END_SECONDS = 2  # for whoever came just before the end, and has not said yet what they want
LONGEST_FIRST_LINE = 4094
MOST_HEADERS = 60
log = logging.getLogger("waitress")


class Request(HTTPRequestParser):
    """A request that is being received, and since when."""

    def __init__(self, adjustments: Adjustments) -> None:
        super().__init__(adjustments)
        self.began = time.monotonic()

    def parse_header(self, header_plus: bytes) -> None:
        first_line, *headers = header_plus.split(b"\r\n")
        if len(first_line) > LONGEST_FIRST_LINE or len(headers) > MOST_HEADERS:
            raise ParsingError("The address or the headers are too long")
        super().parse_header(header_plus)


class Connection(HTTPChannel):
    """One connection, idle or with a request under way."""

    parser_class = Request
    has_asked = False

    def received(self, data: bytes) -> bool:
        was_taken = bool(super().received(data))
        self.has_asked = self.has_asked or bool(self.requests)
        return was_taken

    def handle_close(self) -> None:
        if self.request is not None:
            self.request.close()  # the file of what came, which waitress leaves to chance
        super().handle_close()


class Server(TcpWSGIServer):
    """One process, whose one child renders paper for all threads; `listening` is shared with others
    (server_processes.py). Nobody can knock before it serves."""

    channel_class = Connection

    def __init__(self, app: Flask, host: str, port: int, threads: int, listening: socket.socket | None = None) -> None:
        log.setLevel(logging.ERROR)  # a warning quotes what a stranger sent, and from which address
        log.addFilter(without_values)
        settings: dict[str, Any] = {
            "threads": threads,
            "server_name": host,
            "ipv6": False,
            "ident": None,
            "cleanup_interval": 1,
            "connection_limit": 2 * MOST_CONNECTIONS,  # never reached: it would keep everybody out
            "max_request_header_size": 16 * 1024,
            "max_request_body_size": LARGEST_BODY_BYTES,  # the app says no before, with a page
            "inbuf_overflow": 64 * 1024,
            "outbuf_overflow": 256 * 1024,
            "outbuf_high_watermark": 1 << 30,  # what a slow reader has not taken lies in a file, and holds no thread
            "clear_untrusted_proxy_headers": False,  # web.core.proxies does it
            "log_socket_errors": False,
            "asyncore_use_poll": True,
        }
        threads_by_client = FairThreads(partial(client_of, trusted=frozenset(map(str, trusted_proxies()))))
        threads_by_client.set_thread_count(threads)
        settings |= {"listen": f"{host}:{port}", "dispatcher": threads_by_client}
        super().__init__(app, _start=False, _sock=listening, bind_socket=listening is None, **settings)
        self.stopping = False
        self._is_shared = listening is not None

    def run(self, say_ready: Callable[[], None] | None = None) -> None:
        """Serves until a signal tells it to stop; what was answered last is then in the database itself."""
        from web.core.stores import close_store

        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, self.stop)
        workers = warm(is_alone=not self._is_shared)
        self.accept_connections()  # so that what is said next is true
        if say_ready:
            say_ready()
        self.serve()
        if workers:
            workers.end()
        close_store()

    def serve(self) -> None:
        """Serves until it is told to stop; what was asked before is still answered."""
        while not self.stopping:
            self.look_once()
        self.let_in_the_last()
        began = time.monotonic()
        while self.is_busy(time.monotonic() - began) and time.monotonic() - began < STOP_SECONDS:
            self.look_once()
        self.task_dispatcher.shutdown(timeout=0)
        for each in list(self.active_channels.values()):
            each.handle_close()

    def let_in_the_last(self) -> None:
        """Closes the port; whoever knocked before is in."""
        if not self._is_shared:
            keep_newcomers_out(self.socket)
        knocking = time.monotonic() + KNOCKING_SECONDS
        while time.monotonic() < knocking:
            self.look_once(KNOCKING_SECONDS / 5)
        before = -1
        while before != len(self.active_channels):
            before = len(self.active_channels)
            self.handle_accept()
        self.accepting = False
        self.del_channel()
        self.socket.close()

    def look_once(self, seconds: float = 1) -> None:
        """What came in or may go out on any connection; returns when nothing did for so long."""
        loop(timeout=seconds, use_poll=True, map=self._map, count=1)

    def stop(self, *_: object) -> None:
        """For a signal."""
        self.stopping = True
        self.pull_trigger()

    def is_busy(self, seconds: float) -> bool:
        """Whether a request is being answered, or an answer still on its way; or, so soon after the port was closed,
        somebody has not asked yet."""
        may_ask = seconds < SILENT_AT_END_SECONDS
        return any(
            each.requests or each.total_outbufs_len or (may_ask and not each.has_asked)
            for each in self.active_channels.values()
        )

    def handle_accept(self) -> None:
        at_once = 1 if self._is_shared and len(self.active_channels) < ONE_BY_ONE_BELOW else ACCEPTED_AT_ONCE
        for _ in range(at_once):
            before = len(self.active_channels)
            super().handle_accept()
            if len(self.active_channels) == before:
                break
        if len(self.active_channels) > MOST_CONNECTIONS:
            self.close_some(self.waiting(), len(self.active_channels) - MOST_CONNECTIONS)

    def close_some(self, waiting: list[Connection], number: int) -> None:
        """Nobody is kept out: the oldest go, of the address that has most."""
        held = Counter(each.addr[0] for each in waiting)
        waiting.sort(key=lambda each: (-held[each.addr[0]], each.creation_time))
        for each in waiting[:number]:
            each.handle_close()

    def waiting(self) -> list[Connection]:
        """Who has no whole request here: silent, still sending one, or still taking an answer."""
        return [each for each in self.active_channels.values() if not each.requests]

    def maintenance(self, now: float) -> None:
        """Every second. Ends at once who is late: waitress would wait until they take what they do not take."""
        too_old = time.monotonic() - REQUEST_SECONDS
        for each in self.waiting():
            late = each.request is not None and each.request.began < too_old
            if late or each.last_activity < now - SILENT_SECONDS:
                each.handle_close()
        sending = [each for each in self.waiting() if each.request]
        if sum(each.request.body_bytes_received for each in sending) > MOST_BYTES_SENDING:
            self.close_some(sending, (len(sending) + 1) // 2)


def client_of(connection: Connection, trusted: frozenset[str]) -> str:
    """Who asks: whom a web server in front names, where it is trusted, else the other end of the connection."""
    address = str(connection.addr[0])
    if address in trusted:
        headers = connection.requests[0].headers
        address = headers.get("X_FORWARDED_FOR", "").rpartition(",")[2].strip() or address
    return client_at(address)


def warm(*, is_alone: bool) -> "PrintWorkers | None":
    """Opens store and renderer before the first visitor comes; who `is_alone` also prints, and begins to remove what
    has expired: several leave that to the process beside them (printing/paper_process.py)."""
    import reports.paper.document  # noqa: F401  # slow to import: not while the first person waits
    from commands.printing.workers import print_while_served
    from commands.purge import purge_every_day
    from web.core.metrics import watch_pool
    from web.core.stores import store, trust_pages
    from web.visitor.paper import preparing, renderer

    trust_pages()  # commands.serve checked them: a large file is gone through once, and not while this one must answer
    store().reserve_room()
    renderer().warm()
    preparing().start()
    watch_pool()
    if not is_alone:
        return None
    purge_every_day()
    return print_while_served()
