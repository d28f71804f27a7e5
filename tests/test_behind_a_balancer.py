"""nginx before several servers, set up as docs/ shows: the short form of `./run drill servers`."""

import socket
import struct
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import cast

import pytest

from lab.drill.several import clinic_walks, purging
from lab.drill.several.machines import Site, before_machines, site
from lab.drill.several.places import may_make_namespaces, places
from lab.drill.several.programs import ON_ITS_OWN, SEEING
from lab.drill.several.under_load import Knocker, kill_one, restart
from lab.drill.several.walks import public_way, spread, whom_it_sees
from tests.postgres_server import Databases
from tests.web_server import Front


@pytest.fixture(scope="module")
def three(databases: Databases) -> Iterator[Site]:
    """Two servers, and one that finds only the sessions which it has written itself."""
    programs = (SEEING, SEEING, ON_ITS_OWN)
    with site(3, programs=programs, on_this_machine=True, server=databases.server) as found:
        yield found


@pytest.fixture
def pair(three: Site) -> Iterator[Site]:
    """Two servers with nginx before them."""
    with before_machines(three.folder, three.machines[:2]) as front:
        yield replace(three, machines=three.machines[:2], front=front)


def test_each_request_of_a_visitor_may_land_on_another_server(pair: Site) -> None:
    public_way(pair)
    spread(pair, 0)


def test_the_walk_notices_a_server_with_sessions_of_its_own(three: Site) -> None:
    machines = three.machines[1:]
    with before_machines(three.folder, machines) as front, pytest.raises(AssertionError):
        public_way(replace(three, machines=machines, front=front))


def test_each_sees_whom_nginx_names_and_believes_nobody_else(pair: Site) -> None:
    whom_it_sees(pair)


def test_staff_are_in_and_out_on_all_servers_at_once(pair: Site) -> None:
    clinic_walks.sign_in_and_out(pair, clinic_walks.new_clinic(pair))
    spread(pair, 0)


def test_a_tablet_is_handed_over_and_a_file_printed_and_fetched_whichever_server_answers(pair: Site) -> None:
    staff = clinic_walks.hand_over_a_tablet(pair, clinic_walks.new_clinic(pair))
    clinic_walks.print_and_fetch(pair, staff)
    spread(pair, 0)


@pytest.mark.skipif(not may_make_namespaces(), reason="only who may make network namespaces has cables to pull out")
def test_whose_cable_is_pulled_out_is_silent_and_nobody_answers_in_their_place() -> None:
    with places(1) as (place,):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((place.host, place.port), 20)
        place.pull_out()
        with pytest.raises(TimeoutError):
            socket.create_connection((place.host, place.port), 2)


def test_a_purger_that_crashed_does_not_count_as_one_that_removed(pair: Site) -> None:
    done = purging.purge_on_all(pair, "raise SystemExit(3)", 0)
    assert (done, purging.who_removed(done)) == (["ended with 3"] * 2, 0)
    assert purging.who_removed(["40", "0", "waits", "busy", "ended with 1"]) == 1


class _BreaksOff:
    """A front whose first answer breaks off, as when its server is killed in mid-answer; each after it is whole.
    `rudely` resets the connection, as a machine does on which something that was sent lies unread."""

    def __init__(self, listener: socket.socket, *, rudely: bool) -> None:
        self.listener = listener
        self.rudely = rudely
        self.port = listener.getsockname()[1]

    def connect(self, source: str) -> socket.socket:
        return socket.create_connection(self.listener.getsockname(), 30, (source, 0))

    def serve(self, until: threading.Event) -> None:
        for number in range(3):
            connection, _ = self.listener.accept()
            with connection:
                asked = b""
                while not asked.endswith(b"a=b"):
                    asked += connection.recv(4096)
                if number == 0 and self.rudely:
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                kept_open = b"" if number == 0 else b"Connection: close\r\n"
                connection.sendall(b"HTTP/1.1 405 No\r\nContent-Length: 4\r\n" + kept_open + b"\r\n")
                connection.sendall(b"half"[: 2 if number == 0 else 4])
        until.set()


@pytest.mark.parametrize("rudely", [False, True], ids=["it ends", "it is reset"])
def test_who_knocks_goes_on_after_an_answer_that_breaks_off(*, rudely: bool) -> None:
    until = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        front = _BreaksOff(listener, rudely=rudely)
        server = threading.Thread(target=front.serve, args=(until,), daemon=True)
        server.start()
        knocker = Knocker(cast(Front, front), "127.0.5.1")
        knocker.go_on(until)
        server.join()
    assert (knocker.refused, knocker.answered) == (1, 2)


def test_a_server_that_is_stopped_and_one_that_is_killed_lose_nothing(pair: Site) -> None:
    one, other = pair.machines
    seen = restart(pair, [one])
    assert seen.nobody_noticed, seen
    killed = kill_one(pair, other)
    assert killed.nothing_is_lost, killed
    assert killed.most_of_one <= 1, killed
