"""kill -9 of the whole server, as ./run serve starts it, while people send forms; each unanswered form is sent again.

At the end every form that was answered is in the store exactly once, in its order.
"""

import http.client
import os
import random
import re
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from lab.drill.judging import WriterLosses
from lab.drill.kill import Kills
from lab.people.stock import StoredRecord, fill
from storage.sqlite.engine import open_store
from storage.store.store import SealedStore
from tests.processes import wait_until
from tests.web_server import free_port
from web.plan.ticks import MOST_OWN

ROOT = Path(__file__).parent.parent.parent
PEOPLE = 4
LONGEST_SERVING_SECONDS = 1.5
ANSWERS = ("yes", "no", "unsure")
SERVE = "from flask.cli import main; main()"
_EARLY = f"""
import storage.sqlite.engine
from lab.drill.writing import late_store
storage.sqlite.engine.open_store = lambda data_folder, *_, **__: late_store(data_folder, {10**9})
{SERVE}
"""


def kill_servers(kills: int, *, early: bool = False, seed: int = 1) -> Kills:
    """What that many killed servers cost. `early` is the twin, which answers before it commits and has to lose some."""
    chance = random.Random(seed)
    with TemporaryDirectory() as name:
        folder = Path(name)
        people, port = people_at(folder)
        for _ in range(kills):
            answered = sum(each.answered for each in people)
            threads = [threading.Thread(target=each.send_for_ever) for each in people]
            with serving(folder, port, _EARLY if early else SERVE):
                for thread in threads:
                    thread.start()
                _wait_for_any(people, answered)
                time.sleep(chance.uniform(0.2, LONGEST_SERVING_SECONDS))
            for thread in threads:
                thread.join()
        with serving(folder, port):
            for each in people:
                wait_until(each.was_answered, otherwise="a form that was sent again and again was never answered")
        store = open_store(folder, folder)
        cost = sum((each.judge(store) for each in people), WriterLosses(acknowledged=0))
        store.close()
    return Kills(kills=kills, cost=cost)


@dataclass
class Sender:
    """Somebody who sends one form after the other, and the one that was not answered once more."""

    stored: StoredRecord
    cookie: str
    port: int
    patience_seconds: float = 20
    address: str = "127.0.0.1"
    notes: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    waiting: tuple[str, dict[str, str]] | None = None
    _hidden: dict[str, str] = field(default_factory=dict)

    @property
    def answered(self) -> int:
        """How many forms the server has answered."""
        return len(self.notes) + len(self.values)

    def send_for_ever(self) -> None:
        """Sends until nobody answers."""
        try:
            while True:
                self.send_what_waits()
                self.waiting = self.waiting or self.next_form()  # a form that was refused is sent again as it was
        except (OSError, http.client.HTTPException):
            return  # the server was killed

    def send_what_waits(self) -> None:
        """Sends the form that has had no answer yet, and notes the answer."""
        if self.waiting:
            status, _ = self.send(*self.waiting)
            if status not in (303, 503):  # busy: sent again
                raise RuntimeError(f"{self.waiting[0]} answered {status}")
            if status == 303:
                self.note_answered()

    def was_answered(self) -> bool:
        """Sends the form that waits, if one does, and says whether none does any more."""
        self.send_what_waits()
        return self.waiting is None

    def note_answered(self) -> None:
        """The form that waited is answered, and must be found in the store."""
        if self.waiting:
            _, fields = self.waiting
            (self.notes if "title" in fields else self.values).append(fields.get("title") or fields["fell-past-year"])
            self.waiting = None

    def send(self, path: str, fields: Mapping[str, str]) -> tuple[int, str | None]:
        """The status, and after how long the form may be sent again, where that was said."""
        answer, _ = self.post(path, fields)
        return answer.status, answer.headers["Retry-After"]

    def post(self, path: str, fields: Mapping[str, str]) -> tuple[http.client.HTTPResponse, str]:
        """The answer to a form, and its page."""
        if not self._hidden:
            answer, page = self.ask("GET", "/plan/own")
            if answer.status != 200:  # whoever sees no form sends none
                return answer, page
            self._hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
        return self.ask("POST", path, urlencode({**self._hidden, **fields}))

    def look(self) -> int:
        """The status of the plan's page."""
        return self.ask("GET", "/plan")[0].status

    def ask(self, method: str, path: str, body: str | None = None) -> tuple[http.client.HTTPResponse, str]:
        """The answer to anything, and its page."""
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        patience, source = self.patience_seconds, (self.address, 0)
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, patience, source)) as connection:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer, answer.read().decode()

    def next_form(self) -> tuple[str, dict[str, str]]:
        """Something of one's own for the plan, or an answer; answers alone once a plan takes no more of one's own."""
        number = self.answered
        if number % 3 and len(self.notes) < MOST_OWN:
            title = {"title": f"Thing {number}", "state": "open", "who": "self", "when": "7", "note": ""}
            return "/plan/own", {**title, "submit_key": secrets.token_hex(16)}
        return "/falls/fell-past-year", {"fell-past-year": ANSWERS[len(self.values) % 3]}

    def judge(self, store: SealedStore) -> WriterLosses:
        """How many of the forms that were answered are not kept, or twice, or in another order."""
        ticks = store.list_ticks(self.stored.record_id)
        found = [str(each["title"]) for each in ticks if each.get("title")]
        last = store.get_draft(self.stored.record_id).data["lists"]["falls"]["fell-past-year"]
        lost = len(set(self.notes) - set(found)) + (bool(self.values) and last != self.values[-1])
        doubled = len(found) - len(set(found))
        in_order = lost or doubled or found == self.notes
        return WriterLosses(acknowledged=self.answered, lost=lost, doubled=doubled, halved=not in_order)


def _wait_for_any(people: Sequence[Sender], before: int) -> None:
    """Until somebody has an answer: a server killed before that shows nothing."""
    wait_until(lambda: sum(each.answered for each in people) > before, otherwise="nobody was answered", pause=0.01)


def people_at(folder: Path, count: int = PEOPLE) -> tuple[list[Sender], int]:
    """Some people with a plan each, in a new store, and a port at which it can be served."""
    stored = fill(folder, count, remember=count)
    store = open_store(folder, folder)
    port, people = free_port(), []
    for each in stored:
        session_id = secrets.token_urlsafe(32)
        store.save_session(session_id, {"records": [each.record_id], "record": each.record_id})
        people.append(Sender(each, f"ff={session_id}", port))
    store.close()
    return people, port


@contextmanager
def serving(folder: Path, port: int, program: str = SERVE, *, database: str = "") -> Iterator[int]:
    """The process of a server, which is killed with all that it has started at the end; `database`: PostgreSQL's."""
    places = dict.fromkeys(("FIRM_FOOTING_DATA", "FIRM_FOOTING_KEYS", "TMPDIR"), str(folder))
    if database:
        places["FIRM_FOOTING_DATABASE"] = database
    server = subprocess.Popen(
        [sys.executable, "-c", program, "--app", str(ROOT / "app.py"), "serve", "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, **places},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait_for(port)
        yield server.pid
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
                connection.request("GET", "/")
                connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"nothing listens on port {port}")
