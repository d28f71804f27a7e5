"""Figures for Prometheus at /metrics, of all processes of this server together, for whoever names the token.

Without FIRM_FOOTING_METRICS there is no such page, and the client is not even imported. Each process writes its numbers
into files of its own, in memory that all may read, and whichever is asked adds them up. What a figure is told apart by
is bounded: rules of addresses, statuses, and words of our own.
"""

import hmac
import logging
import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from flask import Flask

from storage import StorageError, repeating
from web.core.logs import current
from web.core.settings import SettingError, metrics_token
from web.core.stores import store

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger("firm_footing")
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
LOOK_SECONDS = 5.0
REQUEST_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 10)
PAPER_SECONDS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20)


class Figures:
    """All of them; begun once a process, after the folder of its files is named."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, multiprocess

        self._registry = CollectorRegistry()
        shared = bool(os.environ.get(FOLDER))
        if shared:
            multiprocess.MultiProcessCollector(self._registry)  # type: ignore[no-untyped-call]
        self._registry.register(Queue())
        own: Any = {"namespace": "firm_footing", "registry": None if shared else self._registry}
        self._requests = Counter("requests", "Requests answered", ["method", "route", "status"], **own)
        self._seconds = Histogram("request_seconds", "Until they were", ["route"], buckets=REQUEST_SECONDS, **own)
        self._papers = Counter("papers", "Papers (PDF) by what became of them", ["outcome"], **own)
        self._paper_seconds = Histogram("paper_seconds", "Drawing one", buckets=PAPER_SECONDS, **own)
        self._store = Counter("store_faults", "What the database refused, and what was tried again", ["fault"], **own)
        self._pool = Gauge("pool_connections", "To the database", ["use"], multiprocess_mode="livesum", **own)
        repeating.listeners.append(lambda: self.store_fault("repeated"))

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def paper(self, outcome: str, seconds: float | None = None) -> None:
        """Made, prepared, refused (others print first) or failed."""
        self._papers.labels(outcome).inc()
        if seconds is not None:
            self._paper_seconds.observe(seconds)

    def store_fault(self, name: str) -> None:
        """A kind of StorageError that a person met, or a change that was made again."""
        self._store.labels(name).inc()

    def look_at_pool(self) -> None:
        for use, number in store().connections().items():
            self._pool.labels(use).set(number)

    def page(self) -> bytes:
        """As Prometheus reads them."""
        from prometheus_client import generate_latest

        with suppress(StorageError, SettingError):
            self.look_at_pool()
        return generate_latest(self._registry)


class Queue:
    """The print queue as it stands in the database, whichever server asks."""

    def collect(self) -> Iterator[Any]:
        from prometheus_client.core import GaugeMetricFamily

        try:
            found = store().count_print_jobs()
        except (StorageError, SettingError):
            return
        jobs = GaugeMetricFamily("firm_footing_print_jobs", "Files of the print queue", labels=["state"])
        for state, number in (("waiting", found.waiting), ("working", found.running), ("failed", found.needs_help)):
            jobs.add_metric([state], number)
        yield jobs
        oldest = GaugeMetricFamily("firm_footing_print_oldest_seconds", "Since the first that waits was asked for")
        oldest.add_metric([], found.oldest_seconds)
        yield oldest


@cache
def figures() -> Figures | None:
    """None where nobody asked for them. :raises SettingError: the token is too short"""
    return Figures() if metrics_token() else None


class Metrics:
    """Counts every request, and answers the one for the figures before any host, session or form is looked at."""

    def __init__(self, app: "WSGIApplication") -> None:
        self.app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        found = figures()
        if found is None:
            return self.app(environ, start_response)
        if environ.get("PATH_INFO") == "/metrics" and _is_allowed(environ):
            body = found.page()
            headers = [("Content-Type", "text/plain; version=0.0.4"), ("Content-Length", str(len(body)))]
            start_response("200 OK", [*headers, ("Cache-Control", "no-store")])
            return [body]
        return self.app(environ, start_response)


def _is_allowed(environ: "WSGIEnvironment") -> bool:
    sent = environ.get("HTTP_AUTHORIZATION", "").encode("latin-1", "replace")
    return environ["REQUEST_METHOD"] == "GET" and hmac.compare_digest(sent, f"Bearer {metrics_token()}".encode())


def count_request(status: int, seconds: float) -> None:
    """The request that this thread has answered."""
    asked = current.get()
    if asked and (found := figures()):
        found.request(asked.method, asked.route, status, seconds)


def count_paper(outcome: str, seconds: float | None = None) -> None:
    if found := figures():
        found.paper(outcome, seconds)


def count_store_fault(error: StorageError) -> None:
    if found := figures():
        found.store_fault(type(error).__name__)


@contextmanager
def shared() -> Iterator[None]:
    """For a server: a folder for the numbers of all its processes, gone with it."""
    if not metrics_token():
        yield
        return
    with TemporaryDirectory(prefix="firm-footing-figures-") as folder:
        os.environ[FOLDER] = folder
        figures()
        yield
        del os.environ[FOLDER]


def watch_pool() -> None:
    """In each process that serves: how its connections are used, every some seconds."""
    if found := figures():
        threading.Thread(target=_watch_for_ever, args=(found,), name="pool figures", daemon=True).start()


def _watch_for_ever(found: Figures) -> None:
    pause = threading.Event()
    while not pause.wait(LOOK_SECONDS):
        with suppress(StorageError, SettingError):
            found.look_at_pool()


def forget_process(process_id: int) -> None:
    """One has ended: its connections are gone, what it counted is not."""
    if os.environ.get(FOLDER) and figures():
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(process_id)  # type: ignore[no-untyped-call]


def init_app(app: Flask) -> None:
    app.wsgi_app = Metrics(app.wsgi_app)  # type: ignore[method-assign]
