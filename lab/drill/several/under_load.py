"""People who send forms through nginx without a pause, while servers behind it are killed, stopped or started anew.

Whoever is refused sends the same form again, as the page says. At the end each form that was answered with yes has to
be in the store, once and in its order.
"""

import http.client
import random
import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

from lab.drill.judging import WriterLosses
from lab.drill.server import Sender
from lab.drill.several.machines import Machine, Site
from lab.people.stock import add_record
from tests.processes import wait_until
from tests.web_server import NAME, Front
from web.core.settings import definitions

PEOPLE, KNOCKERS = 6, 4
BEFORE_SECONDS, AFTER_SECONDS = 1.0, 2.0
KNOCKING_SECONDS = 0.01
PATIENCE_SECONDS = 90
ASKED_AGAIN_SECONDS = 60
NOT_ANSWERED = (502, 503, 504)


@dataclass(kw_only=True)
class Customer(Sender):
    """Somebody with an address of their own, who also looks at their plan; `refused` are the pages to load again."""

    front: Front
    looked: int = 0
    refused: list[int] = field(default_factory=list)
    slowest: float = 0.0

    def go_on(self, until: threading.Event) -> None:
        """Sends and looks in turn."""
        while not until.is_set():
            self.send_once()
            self._look_once()

    def send_once(self) -> None:
        """One form, or the one that was refused once more."""
        self.waiting = self.waiting or self.next_form()
        status, _ = self.send(*self.waiting)
        if status == 303:
            self.note_answered()
        else:
            self._load_again(status)

    def _look_once(self) -> None:
        status = self.look()
        self.looked += status == 200
        if status != 200:
            self._load_again(status)

    def _load_again(self, status: int) -> None:
        """:raises RuntimeError: that is not what this page says"""
        if status not in NOT_ANSWERED:
            raise RuntimeError(f"a page or a form was answered {status}")
        self.refused.append(status)

    def ask(self, method: str, path: str, body: str | None = None) -> tuple[http.client.HTTPResponse, str]:
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        started = time.monotonic()
        with closing(http.client.HTTPConnection(NAME, self.front.port)) as connection:
            connection.sock = self.front.connect(self.address)
            connection.sock.settimeout(PATIENCE_SECONDS)
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            page = _whole(answer) or ""
        self.slowest = max(self.slowest, time.monotonic() - started)
        return answer, page


def _whole(answer: http.client.HTTPResponse) -> str | None:
    """The page; None for one that broke off, as its server was killed: to be loaded again like one that never came."""
    try:
        return answer.read().decode()
    except (http.client.IncompleteRead, ConnectionError):
        answer.status = NOT_ANSWERED[0]
        answer.close()
        return None


@dataclass
class Knocker:
    """Somebody whose small forms, none of which is right, come one after the other: whenever a server ends, some are on
    their way to it. nginx sends no form to a second server."""

    front: Front
    address: str
    answered: int = 0
    refused: int = 0

    def go_on(self, until: threading.Event) -> None:
        """Until then."""
        with closing(http.client.HTTPConnection(NAME, self.front.port)) as connection:
            while not until.wait(KNOCKING_SECONDS):
                if connection.sock is None:
                    connection.sock = self.front.connect(self.address)
                    connection.sock.settimeout(PATIENCE_SECONDS)
                connection.request("POST", "/healthz", "a=b", {"Content-Type": "application/x-www-form-urlencoded"})
                answer = connection.getresponse()
                if _whole(answer) is None:
                    connection.close()  # nginx ends it too, and whoever asks on it once more gets no answer at all
                is_refused = answer.status in NOT_ANSWERED
                self.refused += is_refused
                self.answered += not is_refused


@dataclass(frozen=True, kw_only=True)
class Served:
    """What people met meanwhile: forms stored, pages seen, pages to load again in all and at most of one; the slowest
    answer in seconds; small forms answered and not; and what became of the forms that were stored."""

    stored: int
    seen: int
    refused: int
    most_of_one: int
    slowest: float
    knocks: int
    knocks_refused: int
    cost: WriterLosses

    @property
    def nothing_is_lost(self) -> bool:
        return self.cost.lost == self.cost.doubled == self.cost.halved == 0 < self.stored

    @property
    def nobody_noticed(self) -> bool:
        return self.nothing_is_lost and self.refused == self.knocks_refused == 0 < self.knocks

    def __str__(self) -> str:
        return (
            f"{self.stored} forms stored, {self.seen} pages seen, {self.cost.lost} lost, {self.cost.doubled} doubled, "
            f"{self.cost.halved} in halves; {self.refused} pages to load again, of one person at most "
            f"{self.most_of_one}; {self.knocks_refused} of {self.knocks} small forms not answered; "
            f"the slowest page {self.slowest:.1f} s"
        )


@dataclass(frozen=True, kw_only=True)
class Load:
    """Who sends forms, and who only knocks."""

    site: Site
    customers: list[Customer]
    knockers: list[Knocker]

    def served(self) -> Served:
        """Once it is over: each sends what was refused last, and what was answered is looked for."""
        for each in self.customers:
            for _ in range(20):
                if each.waiting:
                    each.send_once()
        return Served(
            stored=sum(each.answered for each in self.customers),
            seen=sum(each.looked for each in self.customers),
            refused=sum(len(each.refused) for each in self.customers),
            most_of_one=max(len(each.refused) for each in self.customers),
            slowest=max(each.slowest for each in self.customers),
            knocks=sum(each.answered for each in self.knockers),
            knocks_refused=sum(each.refused for each in self.knockers),
            cost=sum((each.judge(self.site.store) for each in self.customers), WriterLosses(acknowledged=0)),
        )


@contextmanager
def load(site: Site) -> Iterator[Load]:
    """So many who go on from the beginning of the block to its end. :raises Exception: that one of them met"""
    knockers = [Knocker(site.front, f"127.0.5.{number + 1}") for number in range(KNOCKERS)]
    made, until = Load(site=site, customers=_customers(site, PEOPLE), knockers=knockers), threading.Event()
    with ThreadPoolExecutor(PEOPLE + KNOCKERS) as threads:
        going_on = [threads.submit(each.go_on, until) for each in made.customers]
        going_on += [threads.submit(each.go_on, until) for each in knockers]
        try:
            wait_until(
                lambda: all(each.answered for each in made.customers) or any(each.done() for each in going_on),
                seconds=PATIENCE_SECONDS,
                otherwise="not everybody is answered",
            )
            time.sleep(BEFORE_SECONDS)
            yield made
        finally:
            until.set()
        for each in going_on:
            each.result()


def kill_one(site: Site, machine: Machine) -> Served:
    """kill -9 in mid-load, for good."""
    with load(site) as made:
        machine.kill()
        time.sleep(AFTER_SECONDS)
    return made.served()


def pull_cable(site: Site, machine: Machine) -> Served:
    """The network of one is gone in mid-load, and nothing says so."""
    with load(site) as made:
        machine.place.pull_out()
        time.sleep(AFTER_SECONDS)
    return made.served()


def restart(site: Site, machines: Sequence[Machine]) -> Served:
    """One after the other: stopped by SIGTERM, started, ready, and asked again by nginx before the next."""
    with load(site) as made:
        for each in machines:
            if status := each.stop():
                raise RuntimeError(f"a server that was told to stop ended with {status}")
            each.start()
            each.wait()
            _wait_until_asked(site, each)
    return made.served()


def _wait_until_asked(site: Site, machine: Machine) -> None:
    before = len(site.front.answered)
    wait_until(
        lambda: [machine.address] in site.front.answered[before:],
        seconds=ASKED_AGAIN_SECONDS,
        otherwise="nginx does not ask a server that was started again",
        pause=0.1,
    )


def _customers(site: Site, count: int) -> list[Customer]:
    chance, known = random.Random(1), definitions()
    site.store.keep_content(known.content_hash, known.as_json)
    people = []
    for number in range(count):
        stored, session_id = add_record(site.store, chance, count), secrets.token_urlsafe(32)
        site.store.save_session(session_id, {"records": [stored.record_id], "record": stored.record_id})
        address = f"127.0.4.{number + 1}"
        cookie = f"__Host-ff={session_id}"
        people.append(Customer(stored, cookie, site.front.port, front=site.front, address=address))
    return people
