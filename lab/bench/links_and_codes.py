"""Answers to links and codes that open nothing: a wrong one, one taken back, one of an expired record, one erased.

They must not tell by their time which of them it was. Each kind is asked between the others, in an order that changes,
over the app's own pages (its test client), and the slowest median is compared with the quickest. The check is checked
too: with 20 ms more in one branch it has to fail.
"""

import os
import random
import re
import secrets
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from tempfile import TemporaryDirectory
from unittest.mock import patch

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lab.bench.figures import Figure, milliseconds
from storage import LinkAndCode
from storage.model import KEEP_DAYS
from storage.rows.codes import new_code
from storage.rows.links_and_codes import LINK_BYTES
from storage.rows.sealed_rows import Row
from storage.store.store import SealedStore
from web.core.stores import store

ROUNDS = 400
MOST_TIMES_AS_LONG = 1.5
FLOOR_MS = 1.0  # under this nobody on a network tells a difference
LATE_SECONDS = 0.02
KINDS = ("wrong", "taken back", "expired", "erased")

Asking = Callable[[LinkAndCode], object]


def measure() -> list[Figure]:
    """How many times as long the slowest kind takes as the quickest, for links and for codes, and for the twin."""
    with _app() as app:
        stored = store()
        assert isinstance(stored, SealedStore)
        link_and_code = _links_and_codes_of_each_kind(stored)
        asked = {"links": _by_link(app), "codes": _by_code(app)}
        figures = [
            Figure(
                name=f"{what} that open nothing, slowest kind / quickest",
                value=_ratio(link_and_code, ask),
                limit=MOST_TIMES_AS_LONG,
            )
            for what, ask in asked.items()
        ]
        with _late_when_expired(stored):
            for what, ask in asked.items():
                name = f"{what}: the same with {LATE_SECONDS * 1000:.0f} ms more where a record has expired"
                figures.append(
                    Figure(name=name, value=_ratio(link_and_code, ask), limit=MOST_TIMES_AS_LONG, at_least=True)
                )
    return figures


def _ratio(link_and_code: dict[str, list[LinkAndCode]], ask: Asking) -> float:
    """Of the medians; a difference under the floor is none."""
    waits: dict[str, list[float]] = {kind: [] for kind in KINDS}
    chance = random.Random(1)
    for number in range(ROUNDS):
        for kind in chance.sample(KINDS, len(KINDS)):
            each = link_and_code[kind][number % len(link_and_code[kind])]
            waits[kind].append(milliseconds(lambda: ask(each)))  # noqa: B023
    medians = sorted(statistics.median(each) for each in waits.values())
    return medians[-1] / medians[0] if medians[-1] - medians[0] > FLOOR_MS else 1.0


def _by_link(app: Flask) -> Asking:
    client = app.test_client()
    sent = {"csrf_token": _token(client)}
    return lambda link_and_code: _refused(client.post("/open", data={**sent, "token": link_and_code.link}), 404)


def _by_code(app: Flask) -> Asking:
    client = app.test_client()
    sent = {"csrf_token": _token(client)}
    return lambda link_and_code: _refused(client.post("/code", data={**sent, "code": link_and_code.code}), 422)


def _token(client: FlaskClient) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/code").get_data(as_text=True))
    if found is None:
        raise RuntimeError("the page of the code has no token")
    return found[1]


def _refused(answer: TestResponse, status: int) -> None:
    if answer.status_code != status:
        raise RuntimeError(f"{answer.request.path} answered {answer.status_code}")


def _links_and_codes_of_each_kind(stored: SealedStore) -> dict[str, list[LinkAndCode]]:
    link_and_code: dict[str, list[LinkAndCode]] = {kind: [] for kind in KINDS}
    long_ago = date.today() - timedelta(days=KEEP_DAYS + 1)
    for _ in range(ROUNDS):
        link_and_code["wrong"].append(LinkAndCode(link=secrets.token_urlsafe(LINK_BYTES), code=new_code()))
        for kind in KINDS[1:]:
            stored._today = (lambda: long_ago) if kind == "expired" else date.today
            record_id = stored.create_record(content_hash="content", data={}).record_id
            link_and_code[kind].append(stored.make_link_and_code(record_id))
            if kind == "taken back":
                stored.close_link_and_code(record_id)
            elif kind == "erased":
                stored.erase(record_id)
    stored._today = date.today
    return link_and_code


@contextmanager
def _late_when_expired(stored: SealedStore) -> Iterator[None]:
    """The twin: a store that takes its time over a record that has expired."""
    is_alive = stored._is_alive

    def slow(row: Row) -> bool:
        alive = is_alive(row)
        if not alive:
            time.sleep(LATE_SECONDS)
        return alive

    with patch.object(stored, "_is_alive", slow):
        yield


@contextmanager
def _app() -> Iterator[Flask]:
    """The app on a store of its own, in which records of an earlier time have expired."""
    from app import create_app

    with (
        TemporaryDirectory() as name,
        patch.dict(os.environ, FIRM_FOOTING_DATA=name, FIRM_FOOTING_KEYS=name, FIRM_FOOTING_HOSTS=""),
    ):
        store.cache_clear()
        store()
        yield create_app()
        store().close()
        store.cache_clear()
