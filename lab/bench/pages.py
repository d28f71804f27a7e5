"""A question page over HTTP beside an empty Flask app, and what a first visit weighs."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from lab.bench.clinic.walking import PAGE
from lab.bench.figures import Figure, in_turn
from lab.drill.server import people_at
from tests.web_server import free_port

ROOT = Path(__file__).parent.parent.parent
REQUESTS = 400
EMPTY_APP = """
import sys
from flask import Flask
from waitress import serve
app = Flask(__name__)

@app.get("/")
def index():
    return "<!DOCTYPE html><title>Empty</title><h1>Empty</h1>"

serve(app, host="127.0.0.1", port=int(sys.argv[1]), threads=8)
"""
BROWSER = os.environ.get("FIRM_FOOTING_BROWSER", "/usr/bin/chromium")


def measure() -> list[Figure]:
    """The ratio of the two medians, one client, both under waitress; bytes as Chromium receives them."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        (person,), _ = people_at(Path(folder), 1)
        ours = stack.enter_context(served(our_command(), Path(folder)))
        empty = stack.enter_context(served(_empty_command(Path(folder)), Path(folder)))
        browser, bare = (http.client.HTTPConnection("127.0.0.1", port, timeout=60) for port in (ours, empty))
        for _ in range(50):
            _get(browser, PAGE, person.cookie)
            _get(bare, "/", "")
        page, nothing = in_turn(lambda: _get(browser, PAGE, person.cookie), lambda: _get(bare, "/", ""), REQUESTS)
        plain, fonts = _first_visit_kilobytes(ours)
    return [
        Figure(name="question page / empty app", value=page / nothing, limit=4),
        Figure(name="question page, median", value=page, unit="ms", limit=20),
        Figure(name="first visit without fonts", value=plain, unit="KB", limit=30),
        Figure(name="first visit with fonts", value=plain + fonts, unit="KB", limit=60),
    ]


def _get(connection: http.client.HTTPConnection, address: str, cookie: str) -> str:
    connection.request("GET", address, headers={"Cookie": cookie})
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{address} answered {answer.status}")
    return body.decode()


def our_command() -> list[str]:
    return [sys.executable, "-m", "flask", "--app", str(ROOT / "app.py"), "serve", "--port", "{port}"]


def _empty_command(folder: Path) -> list[str]:
    (folder / "empty_app.py").write_text(EMPTY_APP, encoding="utf-8")
    return [sys.executable, str(folder / "empty_app.py"), "{port}"]


@contextmanager
def served(command: list[str], folder: Path) -> Iterator[int]:
    """A server process on a free port, until the block ends."""
    port = free_port()
    data = dict.fromkeys(("FIRM_FOOTING_DATA", "FIRM_FOOTING_KEYS", "TMPDIR"), str(folder))
    server = subprocess.Popen(
        [part.format(port=port) for part in command],
        cwd=ROOT,
        env={**os.environ, **data},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


def _wait_for(port: int) -> None:
    for _ in range(1200):  # a large file is gone through first
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"nothing listens on port {port}")


def _first_visit_kilobytes(port: int) -> tuple[float, float]:
    """What Chromium receives for the start page and its first question: (all but fonts, fonts)."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        devtools = page.context.new_cdp_session(page)
        kinds: dict[str, str] = {}
        received: dict[str, float] = {}
        devtools.on("Network.responseReceived", lambda e: kinds.update({e["requestId"]: e["type"]}))
        devtools.on("Network.loadingFinished", lambda e: received.update({e["requestId"]: e["encodedDataLength"]}))
        devtools.send("Network.enable")
        page.goto(f"http://127.0.0.1:{port}/", wait_until="networkidle")
        browser.close()
    fonts = sum(size for each, size in received.items() if kinds.get(each) == "Font")
    return (sum(received.values()) - fonts) / 1024, fonts / 1024
