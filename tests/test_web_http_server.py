"""The server by itself: who holds a thread, who has to go when it is full, and how it stops."""

import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from flask import Flask

from commands import http_server
from commands.http_server import REQUEST_SECONDS, SILENT_SECONDS, Server
from commands.newcomers import keep_newcomers_out
from tests.processes import wait_until

MOST = 6
PATIENCE_SECONDS = 60
LARGE = 20_000_000  # more than the system takes in for who does not read
GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
Connect = Callable[..., socket.socket]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A small app with two threads and room for six connections."""
    monkeypatch.setattr(http_server, "MOST_CONNECTIONS", MOST)
    app = Flask("small")
    app.add_url_rule("/", "small", view_func=lambda: "small")
    app.add_url_rule("/large", "large", view_func=lambda: "x" * LARGE)
    app.add_url_rule("/slow", "slow", view_func=lambda: time.sleep(0.5) or "slow")
    served = Server(app, "127.0.0.1", 0, threads=2)
    served.accept_connections()
    thread = threading.Thread(target=served.serve)
    thread.start()
    yield served
    served.stop()
    thread.join()
    served.trigger.close()


@pytest.fixture
def connect(server: Server) -> Iterator[Connect]:
    """Opens a connection from an address of this machine, and sends what it is told."""
    with ExitStack() as opened:

        def begin(sent: bytes = b"", source: str = "127.0.0.1") -> socket.socket:
            place = ("127.0.0.1", int(server.effective_port))
            connection = opened.enter_context(socket.create_connection(place, PATIENCE_SECONDS, (source, 0)))
            connection.sendall(sent)
            return connection

        yield begin


def ends(connection: socket.socket) -> bool:
    """Whether the server ends it, sooner or later."""
    try:
        return connection.recv(1, socket.MSG_PEEK) == b""
    except TimeoutError:
        return False
    except ConnectionError:
        return True


def is_answered(connection: socket.socket, rest: bytes = GET) -> bool:
    """Whether what is sent now, the rest of a request or a whole one, has an answer: the server has not ended it."""
    connection.sendall(rest)
    return connection.recv(100).startswith(b"HTTP/1.1 ")


def everything(connection: socket.socket) -> bytes:
    """What comes until the server ends it."""
    return b"".join(iter(lambda: connection.recv(1 << 16), b""))


@pytest.mark.parametrize(
    "begun",
    [b"", b"GET /", b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\na"],
    ids=["silent", "half a head", "half a body"],
)
def test_who_has_not_asked_yet_holds_no_thread(connect: Connect, begun: bytes) -> None:
    for _ in range(MOST - 1):
        connect(begun)
    assert b" 200 " in connect(GET).recv(100)


def test_who_does_not_read_the_answer_holds_no_thread(connect: Connect) -> None:
    for _ in range(MOST - 1):
        connect(GET.replace(b"/ ", b"/large ", 1))
    assert b" 200 " in connect(GET).recv(100)


def test_when_it_is_full_the_oldest_goes_of_the_address_that_holds_most(connect: Connect) -> None:
    quiet = connect(source="127.0.0.3")
    greedy = [connect(source="127.0.0.2") for _ in range(MOST)]
    assert b" 200 " in connect(GET, source="127.0.0.4").recv(100)
    assert all(ends(each) for each in greedy[:2])
    assert all(is_answered(each) for each in (quiet, *greedy[2:]))


def test_a_request_that_does_not_come_to_its_end_is_ended(server: Server, connect: Connect) -> None:
    silent, slow = connect(), connect(b"GET /")
    wait_until(lambda: [each for each in server.active_channels.values() if each.request])
    for each in server.active_channels.values():
        if each.request:
            each.request.began -= REQUEST_SECONDS
    slow.sendall(b"more")  # it still says something, now and then
    wait_until(lambda: len(server.active_channels) == 1)
    assert ends(slow)
    assert is_answered(silent)


def test_who_says_and_takes_nothing_is_ended(server: Server, connect: Connect) -> None:
    silent, deaf = connect(), connect(GET.replace(b"/ ", b"/large ", 1))
    wait_until(lambda: [each for each in server.waiting() if each.total_outbufs_len])
    connect()
    wait_until(lambda: len(server.active_channels) == 3)
    for each in list(server.active_channels.values())[:2]:
        each.last_activity -= SILENT_SECONDS
    wait_until(lambda: len(server.active_channels) == 1)
    assert ends(silent)
    assert len(everything(deaf)) < LARGE


def test_together_they_lay_aside_so_much_and_no_more(
    server: Server, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_server, "MOST_BYTES_SENDING", 250_000)
    large = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 200000\r\n\r\n" + b"a" * 100_000
    first, other = (connect(large, source=f"127.0.0.{each}") for each in (2, 3))
    wait_until(lambda: sum(each.request.body_bytes_received for each in server.waiting() if each.request) == 200_000)
    last = connect(large, source="127.0.0.2")
    wait_until(lambda: len(server.active_channels) == 1)
    assert ends(first)
    assert ends(last)
    assert is_answered(other, b"a" * 100_000)


def test_too_long_an_address_and_too_many_headers_are_refused(connect: Connect) -> None:
    assert b" 400 " in connect(b"GET /?" + b"a" * 5000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n").recv(100)
    assert b" 400 " in connect(GET[:-2] + b"X: y\r\n" * 70 + b"\r\n").recv(100)


def test_when_the_app_fails_altogether_the_log_tells_where_and_not_what_was_asked(
    server: Server, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    server.application = lambda *_: 1 / 0
    assert b" 500 " in connect(GET.replace(b"/ ", b"/open/canary ", 1)).recv(100)
    assert "ZeroDivisionError" in caplog.text
    assert "canary" not in caplog.text


def test_what_was_asked_before_it_stops_is_answered(server: Server, connect: Connect) -> None:
    asked = connect(GET.replace(b"/ ", b"/slow ", 1))
    large = connect(GET.replace(b"/ ", b"/large ", 1))
    wait_until(
        lambda: sum(bool(each.requests or each.total_outbufs_len) for each in server.active_channels.values()) == 2
    )
    server.stop()
    assert len(everything(large)) > LARGE
    assert everything(asked).endswith(b"slow")
    with pytest.raises(OSError, match=r"refused|reset"):
        connect(GET).recv(1)


def test_who_knocked_before_it_stopped_is_let_in_and_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SILENT_AT_END_SECONDS", "STOP_SECONDS"):
        monkeypatch.setattr(http_server, name, PATIENCE_SECONDS)
    app = Flask("small")
    app.add_url_rule("/healthz", "small", view_func=lambda: "small")
    served = Server(app, "127.0.0.1", 0, threads=2)
    served.accept_connections()
    address = ("127.0.0.1", int(served.effective_port))
    with ExitStack() as opened:
        knocking = [opened.enter_context(socket.create_connection(address, PATIENCE_SECONDS)) for _ in range(3)]
        for each in knocking[:2]:
            each.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
        served.stopping = True
        thread = threading.Thread(target=served.serve)
        thread.start()
        said = [each.recv(15) for each in knocking[:2]]
        wait_until(lambda: not served.accepting and len(served.active_channels) == 1)
        knocking[2].sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
        said.append(knocking[2].recv(15))
        assert said == [b"HTTP/1.0 200 OK"] * 3
        thread.join()
    served.trigger.close()


@pytest.mark.parametrize("held", [0, http_server.ONE_BY_ONE_BELOW])
def test_of_those_who_knock_at_a_shared_port_each_process_takes_one_at_a_time(
    monkeypatch: pytest.MonkeyPatch, held: int
) -> None:
    knock, taken = 5, []
    monkeypatch.setattr(http_server, "MOST_CONNECTIONS", 2 * http_server.ONE_BY_ONE_BELOW)
    with ExitStack() as opened:
        port = opened.enter_context(socket.create_server(("127.0.0.1", 0)))
        port.setblocking(False)
        shared = [Server(Flask("small"), "127.0.0.1", 0, threads=1, listening=port.dup()) for _ in range(2)]
        for each in shared:
            each.active_channels.update(dict.fromkeys(range(-held, 0)))
        for _ in range(knock):
            opened.enter_context(socket.create_connection(port.getsockname(), 5))
        for each in shared:
            each.handle_accept()
            taken.append(len(each.active_channels) - held)
            for number in range(-held, 0):
                del each.active_channels[number]
            for connection in list(each.active_channels.values()):
                connection.handle_close()
            each.task_dispatcher.shutdown(timeout=0)
            each.trigger.close()
            each.socket.close()
    assert taken == ([knock, 0] if held else [1, 1]), "in a flood the limit of all connections counts"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has filters on sockets")
def test_nobody_can_knock_at_a_port_that_is_about_to_close() -> None:
    with ExitStack() as opened:
        port = opened.enter_context(socket.create_server(("127.0.0.1", 0)))
        before = opened.enter_context(socket.create_connection(port.getsockname(), PATIENCE_SECONDS))
        keep_newcomers_out(port)
        with pytest.raises(TimeoutError):
            socket.create_connection(port.getsockname(), 0.3)
        known, _ = port.accept()
        opened.enter_context(known)
        before.sendall(b"a form")
        assert known.recv(9) == b"a form"
