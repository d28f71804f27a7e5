"""Questions of 200 people while a batch is printed, and while twenty of staff sign in; each round beside one alone."""

import http.client
import re
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from lab.bench.clinic.print_workers import queue_plans, wait_until_printing
from lab.bench.clinic.processes import print_workers_of, stopped
from lab.bench.clinic.walking import THREADS, Walkers, connection_of_another, ratio_of_rounds
from lab.bench.figures import Figure
from lab.drill.server import people_at, serving
from storage.clinics.model import Clinic
from storage.sqlite.engine import open_store
from storage.store.store import SealedStore
from web.clinic.signing_in.passwords import hash_of

WALKING, ROUNDS, ROUND_SECONDS = 200, 9, 2.0
FILES, PLANS = 6, 60
SIGNING_IN, PASSWORD = 20, "four words are good"


def measure() -> list[Figure]:
    """Both in one server, which has its worker beside it."""
    with TemporaryDirectory() as name:
        people, port = people_at(Path(name), WALKING)
        with closing(open_store(Path(name), Path(name))) as store:
            staff = _staff(store, port)
            with serving(Path(name), port) as server, Walkers(people) as walkers:
                walkers.walk_for(ROUND_SECONDS)
                sign_ins = _beside_sign_ins(walkers, staff)
                queue_plans(store, FILES, PLANS)
                batch = _beside_batch(walkers, store, server)
    return [
        Figure(name=f"a question while {SIGNING_IN} sign in / alone, 95th percentile", value=sign_ins, limit=2),
        Figure(name=f"a question beside a batch / alone, {WALKING} walking, 95th percentile", value=batch, limit=2),
    ]


def _beside_batch(walkers: Walkers, store: SealedStore, server: int) -> float:
    wait_until_printing(store)
    workers, alone, beside = print_workers_of(server), [], []
    for _ in range(ROUNDS):
        with stopped(workers):
            alone.append(walkers.walk_for(ROUND_SECONDS))
        beside.append(walkers.walk_for(ROUND_SECONDS))
    if len(workers) < 2 or all(each.state == "done" for each in store.list_print_jobs(None)):
        raise RuntimeError("the batch was over before the walk was")
    return ratio_of_rounds(beside, alone)


@dataclass(kw_only=True)
class _Staff:
    """Somebody at the page for signing in, in a browser of their own."""

    name: str
    connection: http.client.HTTPConnection
    cookie: str = ""
    token: str = ""

    def open_page(self) -> None:
        self.connection.close()  # the server ends one that is silent for a minute
        self.connection.request("GET", "/clinic/sign-in")
        answer = self.connection.getresponse()
        self.cookie = (answer.getheader("Set-Cookie") or "").split(";")[0]
        found = re.search(r'name="csrf_token" value="([^"]*)"', answer.read().decode())
        self.token = found[1] if found else ""

    def sign_in(self) -> None:
        """Sends name and password, and waits until it is let in."""
        fields = urlencode({"csrf_token": self.token, "name": self.name, "password": PASSWORD})
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        self.connection.request("POST", "/clinic/sign-in", fields, headers)
        answer = self.connection.getresponse()
        answer.read()
        if (answer.status, answer.getheader("Location")) != (303, "/clinic"):
            raise RuntimeError(f"signing in answered {answer.status}")


def _staff(store: SealedStore, port: int) -> list[_Staff]:
    clinic = store.clinic(store.create_clinic(Clinic(clinic_id="", name="Hill Street Clinic")).clinic_id)
    password, everybody = hash_of(PASSWORD), []
    for number in range(SIGNING_IN):
        one = clinic.add_staff(f"staff-{number}", "reception")
        clinic.change_staff(one.staff_id, lambda found: replace(found, password=password))
        everybody.append(_Staff(name=one.name, connection=connection_of_another(port, THREADS + number)))
    return everybody


def _beside_sign_ins(walkers: Walkers, staff: list[_Staff]) -> float:
    """A round alone lasts as long as the sign-ins before it."""
    alone, beside = [], []
    with ThreadPoolExecutor(SIGNING_IN) as at_once:
        for _ in range(ROUNDS):
            for each in staff:
                each.open_page()
            began, waiting = time.monotonic(), [at_once.submit(each.sign_in) for each in staff]
            beside.append(walkers.walk(partial(_is_any_waiting, waiting)))
            alone.append(walkers.walk_for(time.monotonic() - began))
            for one in waiting:
                one.result()
    return ratio_of_rounds(beside, alone)


def _is_any_waiting(sign_ins: Sequence[Future[None]]) -> bool:
    return not all(each.done() for each in sign_ins)
