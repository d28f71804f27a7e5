"""200 people who answer questions at their own pace: how long a question takes to come, on the file and on PostgreSQL.

Each reads a question, answers it, and sees the next one: a page every three to nine seconds, drawn from a fixed seed;
all together ask for some 33 questions a second and send as many answers. Each has an address and a connection of their
own, as phones do. Counted is from when a person wanted the page, so that whoever waits makes nobody else seem quick.
`Walking` takes any people and any server, and may be asked by other measurements.
"""

import heapq
import http.client
import random
import re
import secrets
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from lab.bench.clinic.print_workers import queue_plans, wait_until_printing
from lab.bench.clinic.walking import connection_of_another, slowest_of_twenty
from lab.bench.figures import Figure
from lab.drill.server import serving
from lab.people.stock import add_record
from storage.postgres.engine import open_store as open_postgres
from storage.sqlite.engine import open_store as open_sqlite
from storage.store.store import SealedStore
from tests.postgres_server import running
from tests.web_server import free_port
from web.core.settings import definitions

PEOPLE, SEED = 200, 1
PAUSE_SECONDS = (3.0, 9.0)
WARM_SECONDS, SECONDS = 12.0, 40.0
HANDS = 32
FIRST = "/falls/fell-past-year"
FILES, PLANS = 8, 60
LONGEST_MS, LONGEST_BESIDE_A_BATCH_MS = 100, 150
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
_REPLY = re.compile(r'<button[^>]*class="reply[^>]*>')
_VALUE = re.compile(r'(name|value)="([^"]*)"')


def measure(people: int = PEOPLE, seconds: float = SECONDS) -> list[Figure]:
    """The 95th percentile of a question, on both, alone and beside a batch that the same server prints."""
    figures = []
    for name, engine in (("the file", _on_the_file), ("PostgreSQL", _on_postgres)):
        with engine(people) as (store, walking):
            walking.walk(WARM_SECONDS)
            alone = walking.walk(seconds)
            queue_plans(store, FILES, PLANS)
            wait_until_printing(store)
            beside = walking.walk(seconds)
            if all(each.state == "done" for each in store.list_print_jobs(None)):
                raise RuntimeError("the batch was over before the walk was")
        for what, limit, took in (("", LONGEST_MS, alone), (" beside a batch", LONGEST_BESIDE_A_BATCH_MS, beside)):
            seen = f"a question on {name}{what}, {people} walking, 95th percentile"
            figures.append(Figure(name=seen, value=slowest_of_twenty(took.questions), unit="ms", limit=limit))
            print(f"  {name}{what}: {took}", flush=True)
    return figures


@contextmanager
def _on_the_file(people: int) -> Iterator[tuple[SealedStore, "Walking"]]:
    with TemporaryDirectory(prefix="firm-footing-walking-") as name:
        folder, port = Path(name), free_port()
        with closing(open_sqlite(folder, folder)) as store:
            walkers = walking_people(store, people, port)
            with serving(folder, port):
                yield store, Walking(walkers)


@contextmanager
def _on_postgres(people: int) -> Iterator[tuple[SealedStore, "Walking"]]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="firm-footing-walking-")))
        server, port = stack.enter_context(running(settings=(), in_memory=False)), free_port()
        address = server.new_database()
        store = stack.enter_context(closing(open_postgres(address, folder)))
        walkers = walking_people(store, people, port)
        stack.enter_context(serving(folder, port, database=address))
        yield store, Walking(walkers)


def walking_people(store: SealedStore, count: int, port: int) -> list["WalkingPerson"]:
    """So many, each with a full record and a session, who ask a server at this port."""
    chance, known = random.Random(SEED), definitions()
    store.keep_content(known.content_hash, known.as_json)
    people = []
    for number in range(count):
        record, session_id = add_record(store, chance, 40).record_id, secrets.token_urlsafe(32)
        store.save_session(session_id, {"records": [record], "record": record})
        people.append(WalkingPerson(f"ff={session_id}", connection_of_another(port, number), random.Random(number)))
    return people


@dataclass
class WalkingPerson:
    """Somebody in a browser of their own, at a question or about to open the first."""

    cookie: str
    connection: http.client.HTTPConnection
    chance: random.Random
    path: str = FIRST
    _form: dict[str, str] = field(default_factory=dict)

    def go_on(self) -> float | None:
        """Answers what is asked, and sees the next question; milliseconds that the answer took, if there was one."""
        took = None
        if self._form:
            began = time.perf_counter()
            answer, _ = self._ask("POST", urlencode(self._form))
            took = (time.perf_counter() - began) * 1000
            if answer.status != 303:
                raise RuntimeError(f"{self.path} answered {answer.status}")
            to = (answer.getheader("Location") or "").partition("?")[0]
            self.path = to if to.startswith("/falls/") else FIRST
        return took

    def look(self) -> None:
        """The question. :raises RuntimeError: there is none"""
        answer, page = self._ask("GET", None)
        replies = [dict(_VALUE.findall(each)) for each in _REPLY.findall(page)]
        if answer.status != 200 or not replies:
            raise RuntimeError(f"{self.path} answered {answer.status}")
        reply = self.chance.choice(replies)
        self._form = {**dict(_HIDDEN.findall(page)), reply["name"]: reply["value"]}

    def pause(self) -> float:
        """Seconds until they have read and answered."""
        return self.chance.uniform(*PAUSE_SECONDS)

    def _ask(self, method: str, body: str | None) -> tuple[http.client.HTTPResponse, str]:
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        for is_last in (False, True):
            try:
                self.connection.request(method, self.path, body, headers)
                answer = self.connection.getresponse()
                return answer, answer.read().decode()
            except (http.client.RemoteDisconnected, ConnectionError):  # it was silent for a minute, as in a browser
                self.connection.close()
                if is_last:
                    raise
        raise AssertionError


@dataclass(kw_only=True)
class Took:
    """Milliseconds of each question, from when it was wanted, and of each answer."""

    questions: list[float] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{len(self.questions)} questions, half of them within {statistics.median(self.questions):.0f} ms, "
            f"19 of 20 within {slowest_of_twenty(self.questions):.0f} ms; 19 of 20 answers saved within "
            f"{slowest_of_twenty(self.answers):.0f} ms"
        )


class Walking:
    """People who go on at their own pace, each time it is their turn."""

    def __init__(self, people: Sequence[WalkingPerson]) -> None:
        self._people = people

    def walk(self, seconds: float, is_enough: Callable[[], bool] = lambda: False) -> Took:
        """For so long, or until it is enough. :raises RuntimeError: somebody met no question"""
        took, began = Took(), time.perf_counter()
        turns = [(began + each.pause() - PAUSE_SECONDS[0], number) for number, each in enumerate(self._people)]
        heapq.heapify(turns)
        under_way: list[Future[None]] = []
        with ThreadPoolExecutor(HANDS) as hands:
            while turns[0][0] < began + seconds and not is_enough():
                due, number = heapq.heappop(turns)
                time.sleep(max(0.0, due - time.perf_counter()))
                under_way.append(hands.submit(_one_page, self._people[number], due, took))
                heapq.heappush(turns, (due + self._people[number].pause(), number))
        for each in under_way:
            each.result()
        return took


def _one_page(person: WalkingPerson, due: float, took: Took) -> None:
    answered = person.go_on()
    if answered is not None:
        took.answers.append(answered)
        due += answered / 1000
    person.look()
    took.questions.append((time.perf_counter() - due) * 1000)
