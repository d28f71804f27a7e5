"""Figures for Prometheus: of the whole server, bounded, for whoever has the token, and none where nobody asked for them."""

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from reports.printing.renderer import Renderer, RendererBusy, RenderFailed
from reports.printing.turns import TurnRefused
from storage import StoreBusy
from storage.model import StoreGone
from storage.repeating import StoreConflict, repeated
from storage.store.store import SealedStore
from tests.processes import children, wait_until
from tests.test_several_servers import address, start  # noqa: F401  # fixtures
from tests.visitor import Visitor
from web.core import metrics
from web.core.settings import SettingError, metrics_token
from web.core.stores import store

ROOT = Path(__file__).parent.parent
TOKEN = "a-token-of-the-tests-1234567890"
Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch, restart: Callable[[], Flask]) -> Iterator[Flask]:
    """The app with figures."""
    monkeypatch.setenv("FIRM_FOOTING_METRICS", TOKEN)
    metrics.figures.cache_clear()
    listeners = list(metrics.repeating.listeners)
    yield restart()
    metrics.repeating.listeners[:] = listeners
    metrics.figures.cache_clear()


def figures_of(app: Flask) -> Samples:
    answer = app.test_client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}", "Host": "10.0.0.7"})
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    return parsed(answer.get_data(as_text=True))


def parsed(text: str) -> Samples:
    return {
        (each.name.removeprefix("firm_footing_"), tuple(sorted(each.labels.items()))): each.value
        for family in text_string_to_metric_families(text)
        for each in family.samples
    }


def total(found: Samples, name: str, **labels: str) -> float:
    wanted = labels.items()
    return sum(value for (each, held), value in found.items() if each == name and wanted <= dict(held).items())


@pytest.mark.parametrize("sent", ["", "Bearer ", "Bearer wrong", TOKEN, f"Basic {TOKEN}", f"Bearer {TOKEN}\u00e9"])
def test_without_the_token_there_is_no_such_page(counted: Flask, sent: str) -> None:
    answer = counted.test_client().get("/metrics", headers={"Authorization": sent.encode("latin-1").decode("latin-1")})
    assert answer.status_code == 404
    assert b"firm_footing_" not in answer.data
    assert counted.test_client().post("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).status_code >= 400


def test_where_nobody_asked_for_them_there_are_none_and_the_client_is_not_imported(folder: Path) -> None:
    code = (
        "import sys; from app import create_app; client = create_app().test_client()\n"
        f"status = client.get('/metrics', headers={{'Authorization': 'Bearer {TOKEN}'}}).status_code\n"
        "print(status, client.get('/').status_code, 'prometheus_client' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.split() == ["404", "200", "False"], done.stderr


@pytest.mark.parametrize("token", ["short", "with spaces in between them", "é" * 30])
def test_a_token_that_could_be_guessed_or_sent_by_nobody_is_refused(
    monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    monkeypatch.setenv("FIRM_FOOTING_METRICS", token)
    with pytest.raises(SettingError, match="write 20 letters and digits or more"):
        metrics_token()


def test_requests_are_counted_by_rule_and_status_and_no_address_is_named(counted: Flask) -> None:
    visitor = Visitor(counted)
    visitor.begin()
    visitor.open("/open/a-key-that-nobody-has")
    for number in range(20):
        visitor.client.get(f"/margaret-{number}")
    visitor.client.open("/", method="MARGARET")
    found = figures_of(counted)
    assert total(found, "requests_total", route="/open/<token>", method="GET", status="200") == 1
    assert total(found, "requests_total", route="/for-whom", method="POST", status="303") == 1
    assert total(found, "requests_total", route="", status="404") == 20
    assert total(found, "request_seconds_count", route="/for-whom") == total(found, "requests_total", route="/for-whom")
    assert 0 < total(found, "request_seconds_sum", route="/for-whom") < 60
    assert not [each for each in found if "margaret" in str(each).lower() or "a-key" in str(each)]


def test_papers_are_counted_by_what_became_of_them(monkeypatch: pytest.MonkeyPatch, counted: Flask) -> None:
    figures_of(counted)
    renderer = Renderer(tell=metrics.count_paper)
    monkeypatch.setattr(renderer, "_child", SimpleNamespace(ask=lambda *_: b"%PDF", is_running=True))
    renderer.render("<p>one</p>")
    renderer.prepare(b"owner", "<p>two</p>")
    renderer.forget(b"owner")
    monkeypatch.setattr(renderer, "_child", SimpleNamespace(ask=fail))
    with pytest.raises(RenderFailed):
        renderer.render("<p>three</p>")
    monkeypatch.setattr(renderer, "_turns", SimpleNamespace(turn=refuse))
    with pytest.raises(RendererBusy):
        renderer.render("<p>four</p>")
    found = figures_of(counted)
    assert {each: total(found, "papers_total", outcome=each) for each in ("made", "prepared", "failed", "refused")} == {
        "made": 1, "prepared": 1, "failed": 1, "refused": 1,
    }  # fmt: skip
    assert total(found, "papers_total") == 4
    assert total(found, "paper_seconds_count") == 3


def fail(*_: object) -> bytes:
    from reports.printing.child_process import ChildFailed

    raise ChildFailed("it crashed")


def refuse(*_: object) -> Any:
    raise TurnRefused


def test_what_the_database_refuses_and_what_is_done_again_is_counted(
    monkeypatch: pytest.MonkeyPatch, counted: Flask
) -> None:
    visitor = Visitor(counted)
    visitor.begin()
    figures_of(counted)
    left = [StoreConflict("x"), StoreConflict("x")]

    @repeated
    def verb() -> None:
        if left:
            raise left.pop()

    verb()
    for error in (StoreGone("gone"), StoreBusy("busy"), StoreBusy("busy")):
        with monkeypatch.context() as patch:
            patch.setattr(SealedStore, "find_session", raising(error))
            visitor.client.get("/")
    found = figures_of(counted)
    assert total(found, "store_faults_total", fault="repeated") == 2
    assert total(found, "store_faults_total", fault="StoreGone") == 1
    assert total(found, "store_faults_total", fault="StoreBusy") == 2


def raising(error: Exception) -> Callable[..., None]:
    def verb(*_: object, **__: object) -> None:
        raise error

    return verb


def test_the_queue_is_that_of_all(counted: Flask) -> None:
    found = figures_of(counted)
    assert total(found, "print_jobs") == total(found, "print_oldest_seconds") == 0
    store().queue_print_jobs(None, [({"title": "One"}, {"plans": []}), ({"title": "Two"}, {"plans": []})])
    time.sleep(0.05)
    assert store().list_print_jobs(None)[0].about == {"title": "One"}
    found = figures_of(counted)
    assert (total(found, "print_jobs", state="waiting"), total(found, "print_jobs", state="working")) == (2, 0)
    assert 0.05 <= total(found, "print_oldest_seconds") < 60
    for _ in range(4):
        taken = store().claim_print_job()
        assert taken
        store().release_print_job(taken.job.job_id, taken.job.token, failed=True)
    found = figures_of(counted)
    assert (total(found, "print_jobs", state="waiting"), total(found, "print_jobs", state="failed")) == (1, 1)
    assert store().list_print_jobs(None)[0].about == {"title": "One"}


# As processes -----------------------------------------------------------------------------------------------------------


def asked(port: int, path: str) -> tuple[int, str]:
    with closing(HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request("GET", path, headers={"Authorization": f"Bearer {TOKEN}"})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def test_the_figures_are_of_all_workers_whichever_is_asked_and_outlive_one(
    address: str,  # noqa: F811
    start: Any,  # noqa: F811
    tmp_path: Path,
) -> None:
    port = start(address, 2, FIRM_FOOTING_METRICS=TOKEN)
    (process,) = start.begun
    for _ in range(40):
        assert asked(port, "/start/nowhere")[0] == 404

    def counts() -> set[float]:
        return {total(parsed(asked(port, "/metrics")[1]), "requests_total", status="404") for _ in range(12)}

    assert counts() == {40}
    wait_until(lambda: total(parsed(asked(port, "/metrics")[1]), "pool_connections", use="size") >= 2, tmp_path / "log")
    killed = min(children(process.pid))
    subprocess.run(["kill", "-9", str(killed)], check=True)
    wait_until(lambda: len(children(process.pid) - {killed}) == 2, tmp_path / "log")
    assert asked(port, "/start/nowhere")[0] == 404
    assert counts() == {41}


def test_what_is_to_be_watched_is_there(counted: Flask) -> None:
    """docs/operations.md names figures, and what tells them apart."""
    table = [line for line in (ROOT / "docs" / "operations.md").read_text().splitlines() if line.startswith("| `")]
    named = {
        name.partition("{")[0]
        for line in table
        for name in re.findall(r"`([a-z_]+(?:\{[a-z,]+\})?)`", line.split("|")[1])
    }
    counted.test_client().get("/")
    text = counted.test_client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).get_data(as_text=True)
    there = set(re.findall(r"^# TYPE firm_footing_(\w+)", text, re.MULTILINE))
    assert len(named) == 8
    assert {each for each in named if each not in there} == set()
