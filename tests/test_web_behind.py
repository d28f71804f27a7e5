"""The app behind nginx and Caddy, set up as docs/ shows, and as the usual guides do."""

import json
import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from lab.drill.several.programs import SEEING
from tests.processes import wait_until
from tests.web_server import KINDS, NAME, ROOT, Front, free_port, front, is_listening

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class Served:
    """The app as ./run serve starts it, with a page that tells whom it sees."""

    port: int
    log: Path


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("app")
    port, log = free_port(), folder / "log"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FIRM_FOOTING_")}
    told = {"DATA": str(folder), "KEYS": str(folder), "HOSTS": NAME, "PROXIES": "127.0.0.1"}
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", SEEING, "--app", "app", "serve", "--port", str(port)],
            cwd=ROOT,
            env={**kept, **{f"FIRM_FOOTING_{name}": value for name, value in told.items()}},
            stdout=output,
            stderr=output,
        )
        try:
            wait_until(lambda: process.poll() is not None or is_listening(port), log, 60)
            assert process.poll() is None, log.read_text()
            yield Served(port, log)
        finally:
            process.terminate()
            process.wait(60)


@pytest.fixture(scope="module", params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """nginx, then Caddy."""
    return str(request.param)


@pytest.fixture(scope="module")
def before(kind: str, served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """The web server as docs/ shows it."""
    with front(kind, tmp_path_factory.mktemp(kind), served.port) as started:
        yield started


def test_a_request_has_the_web_servers_own_id_and_not_the_one_that_a_stranger_sent(kind: str, before: Front) -> None:
    made = {"nginx": r"[0-9a-f]{32}", "caddy": r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"}[kind]
    for sent in ("margaret-miller", "9f" * 16):
        response, text = before.ask("/nowhere", headers={"X-Request-ID": sent})
        (found,) = response.headers.get_all("X-Request-ID") or [""]
        assert re.fullmatch(made, found), found
        assert found != sent
        assert f"read out this number: {found[:8]}</p>" in text


def test_forms_cookies_and_printed_links_are_those_of_https(before: Front) -> None:
    before.cookies.clear()
    response, _ = before.ask("/for-whom")
    assert response.headers["Strict-Transport-Security"]
    assert response.headers["Set-Cookie"].startswith("__Host-ff=")
    assert "; Secure;" in response.headers["Set-Cookie"]
    assert before.send("/for-whom", {"answering": "self"})[0] == 303
    assert before.send("/for-whom", {"answering": "self"}, SAME_ORIGIN)[0] == 303
    assert before.send("/keep", {"do": "make"})[0] == 303
    _, page = before.ask("/keep")
    assert f">https://{NAME}:{before.port}/open/" in page
    assert f"https://{NAME}:{before.port}/code" in page


def test_ten_clients_are_ten_whatever_they_say_themselves(before: Front) -> None:
    for number in range(2, 12):
        forged = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "http", "X-Forwarded-Host": "127.0.0.1"}
        response, seen = before.ask("/seen", headers=forged, source=f"127.0.0.{number}")
        assert json.loads(seen) == [f"127.0.0.{number}", "https", f"{NAME}:{before.port}"]
        assert response.status == 200


def test_no_key_to_a_plan_is_in_a_log(before: Front, kind: str, tmp_path: Path) -> None:
    key = secrets.token_urlsafe(16)
    with front(kind, tmp_path, free_port()) as without_app:
        for each in (before, without_app):
            each.ask(f"/open/{key}")
            each.ask("/open", {"token": key})
            each.ask("/code", {"code": key}, {"Referer": f"https://{NAME}/open/{key}"})
    time.sleep(0.2)
    assert key not in before.written
    assert key not in without_app.written


def test_when_the_app_starts_again_the_page_says_what_to_do(kind: str, tmp_path: Path) -> None:
    with front(kind, tmp_path, free_port()) as without_app:
        for form in (None, {"answering": "self"}):
            response, page = without_app.ask("/for-whom", form)
            assert response.status == 503
            assert response.headers["Retry-After"] == "30"
            assert "text/html" in response.headers["Content-Type"]
            assert "go back one page and send it again" in page
            assert "regrese una página" in page


def test_a_large_photo_reaches_the_app(before: Front) -> None:
    before.cookies.clear()
    body = (
        b"--b\r\nContent-Disposition: form-data; name=photo; filename=a.jpg\r\n\r\n"
        + b"x" * 4_000_000
        + b"\r\n--b--\r\n"
    )
    headers = {"Content-Type": "multipart/form-data; boundary=b", **SAME_ORIGIN}
    response, text = before.ask("/walk/photos", body, headers)
    assert response.status == 400  # without its token; what is too large is 413
    assert "Firm Footing" in text


def test_silent_and_slow_clients_keep_nobody_waiting(before: Front) -> None:
    slow = b"POST /code HTTP/1.1\r\nHost: clinic.example\r\nContent-Length: 9000\r\n\r\na"
    with ExitStack() as opened:
        for number in range(60):
            connection = opened.enter_context(before.connect())
            connection.sendall((b"", b"GET / HTTP/1.1\r\n", slow)[number % 3] or b"")
        started = time.monotonic()
        assert before.ask("/")[0].status == 200
        assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    "host",
    ["", "proxy_set_header Host $host;", "proxy_set_header Host $proxy_host;"],
    ids=["default", "no port", "ours"],
)
def test_where_a_guide_changes_host_forms_work_or_name_the_header(served: Served, tmp_path: Path, host: str) -> None:
    with front("nginx", tmp_path, served.port, Host=host, X_Forwarded_Host="") as guide:
        assert guide.send("/for-whom", {"answering": "self"}, SAME_ORIGIN)[0] == 303
        status, page = guide.send("/for-whom", {"answering": "self"})
    assert status == 400
    assert "must pass on the header Host" in re.sub(r"\s+", " ", page)
    assert "must pass on the header Host" in served.log.read_text()


def test_where_a_guide_forgets_the_scheme_the_log_names_the_header(served: Served, tmp_path: Path) -> None:
    with front("nginx", tmp_path, served.port, X_Forwarded_Proto="") as guide:
        assert guide.send("/for-whom", {"answering": "self"})[0] == 303
    assert "let it send X-Forwarded-Proto" in served.log.read_text()
