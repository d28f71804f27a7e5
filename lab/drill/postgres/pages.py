"""People at a real server on PostgreSQL while something is wrong with the database: what each page said, how soon."""

import http.client
import re
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from lab.drill.judging import WriterLosses
from lab.drill.server import ANSWERS, SERVE, Sender, people_at, serving
from storage.copying.copying import copy_all
from storage.store.store import SealedStore

PEOPLE = 4
PAUSE_SECONDS = 0.25
HUNG_SECONDS = 40
MOST_OWN = 25
SENTENCES = ("We cannot reach your answers right now", "Saving does not work right now")


@dataclass(kw_only=True)
class Seen:
    """What people met: how long pages took that said no with 503, Retry-After and a sentence, and those that came; how
    long `/healthz` took, which needs no database; and every other answer."""

    refusals: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    health: list[float] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)
    cost: WriterLosses = field(default_factory=lambda: WriterLosses(acknowledged=0))

    @property
    def slowest(self) -> float:
        """How long somebody waited at most for a page, or for a 503."""
        return max([*self.refusals, *self.pages], default=0)

    def holds(self, longest_seconds: float, longest_health_seconds: float = 2) -> bool:
        """Whether every answer was right and soon enough, and nothing that was acknowledged is missing."""
        lost = self.cost.lost + self.cost.doubled + self.cost.halved
        in_time = self.slowest <= longest_seconds and bool(self.health) and max(self.health) <= longest_health_seconds
        return in_time and not self.unexpected and not lost and self.cost.acknowledged > 0

    def __str__(self) -> str:
        lost = self.cost.lost + self.cost.doubled + self.cost.halved
        return (
            f"{self.cost.acknowledged} forms of people kept, {lost} lost; {len(self.refusals)} pages said 503, the "
            f"slowest after {max(self.refusals, default=0):.1f} s; {len(self.pages)} came, the slowest after "
            f"{max(self.pages, default=0):.1f} s; /healthz within {max(self.health, default=0):.2f} s; "
            f"other answers: {sorted(set(self.unexpected)) or 'none'}"
        )


class Person:
    """Somebody who sends and looks, with an address of their own: a server answers each address in turn."""

    def __init__(self, sender: Sender, number: int, seen: Seen) -> None:
        self.sender = sender
        self._seen = seen
        sender.patience_seconds = HUNG_SECONDS
        sender.address = f"127.0.0.{number + 2}"

    def go_on(self, over: threading.Event) -> None:
        """A form and a look at the plan in turn; what was refused is sent again."""
        while not over.is_set():
            self.sender.waiting = self.sender.waiting or self._next_form()
            self.send_what_waits()
            self._note("/plan", 200)
            over.wait(PAUSE_SECONDS)

    def send_what_waits(self) -> None:
        """Once, if there is something."""
        if self.sender.waiting and self._note(*self.sender.waiting[:1], 303, self.sender.waiting[1]):
            self.sender.note_answered()

    def _next_form(self) -> tuple[str, dict[str, str]]:
        """In the end only answers, as a plan holds some thirty steps of one's own."""
        if len(self.sender.notes) < MOST_OWN:
            return self.sender.next_form()
        return "/falls/fell-past-year", {"fell-past-year": ANSWERS[len(self.sender.values) % 3]}

    def _note(self, path: str, wanted: int, fields: dict[str, str] | None = None) -> bool:
        started = time.monotonic()
        try:
            answer, text = self.sender.ask("GET", path) if fields is None else self.sender.post(path, fields)
        except (OSError, http.client.HTTPException) as error:
            self._seen.unexpected.append(f"{path}: {type(error).__name__}")
            return False
        seconds = time.monotonic() - started
        if answer.status == wanted:
            self._seen.pages.append(seconds)
        elif answer.status == 503 and answer.headers["Retry-After"] and any(each in text for each in SENTENCES):
            self._seen.refusals.append(seconds)
        else:
            heading = re.search(r"<h1[^>]*>(.*?)</h1>", text, re.DOTALL)
            self._seen.unexpected.append(f"{path}: {answer.status} {heading[1].strip() if heading else text[:60]}")
        return answer.status == wanted


@contextmanager
def people_on(folder: Path, address: str, *, program: str = SERVE) -> Iterator[tuple[Seen, Sequence[Person]]]:
    """People with a plan each in this empty database, and a server on it; they go on as long as this lasts. In the end
    whoever still waits is answered."""
    senders, port = people_at(folder, PEOPLE)
    copy_all(str(folder), address, folder)
    seen, over = Seen(), threading.Event()
    people = [Person(each, number, seen) for number, each in enumerate(senders)]
    with serving(folder, port, program, database=address):
        for each in senders:
            each.send(*each.next_form())  # and so has the hidden fields of a form
            each.waiting = None
            each.look()
        works = [threading.Thread(target=each.go_on, args=(over,)) for each in people]
        works.append(threading.Thread(target=_watch, args=(port, seen, over)))
        for work in works:
            work.start()
        try:
            yield seen, people
        finally:
            over.set()
            for work in works:
                work.join()
        _answer_all(people)


def judge(seen: Seen, people: Sequence[Person], store: SealedStore) -> Seen:
    """The same with what is found in the end."""
    seen.cost = sum((each.sender.judge(store) for each in people), WriterLosses(acknowledged=0))
    return seen


def _answer_all(people: Sequence[Person]) -> None:
    until = time.monotonic() + HUNG_SECONDS
    for each in people:
        while each.sender.waiting and time.monotonic() < until:
            each.send_what_waits()
            time.sleep(PAUSE_SECONDS)


def _watch(port: int, seen: Seen, over: threading.Event) -> None:
    """As a balancer asks."""
    while not over.wait(PAUSE_SECONDS):
        started = time.monotonic()
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=HUNG_SECONDS)) as connection:
            connection.request("GET", "/healthz")
            if connection.getresponse().status != 200:
                seen.unexpected.append("/healthz")
        seen.health.append(time.monotonic() - started)
