"""flask serve, as a process of its own: what it refuses, what it says, and what a browser gets over the wire."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree
from urllib.request import Request, urlopen

import pytest
from flask import Flask

from commands import serve as web_serving
from storage.rows.sealing import KEY
from storage.sqlite import ballast
from storage.sqlite.connecting import connect
from storage.sqlite.engine import open_store
from storage.sqlite.opening import DATABASE
from tests.processes import NEVER_SECONDS, wait_until
from tests.web_server import free_port, is_listening

ROOT = Path(__file__).parent.parent
Start = Callable[..., subprocess.Popen[str]]
Refused = Callable[..., list[str]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts flask serve on its own folder; ends it afterwards."""
    begun: list[subprocess.Popen[str]] = []

    def run(*arguments: str, **settings: str) -> subprocess.Popen[str]:
        told = {f"FIRM_FOOTING_{name}": value for name, value in settings.items()}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("FIRM_FOOTING_")}
        process = subprocess.Popen(
            [sys.executable, "-m", "flask", "serve", *arguments],
            cwd=ROOT,
            env={**kept, "FIRM_FOOTING_DATA": str(tmp_path), "FIRM_FOOTING_KEYS": str(tmp_path), **told},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        begun.append(process)
        return process

    yield run
    for process in begun:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=NEVER_SECONDS)


def refusal(process: subprocess.Popen[str]) -> list[str]:
    """What a server that does not start says, line by line."""
    out, err = process.communicate(timeout=NEVER_SECONDS)
    assert process.returncode == 1, err
    assert out == ""
    assert "Traceback" not in err
    return err.splitlines()


@pytest.fixture
def refused(app: Flask, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """What the command says that does not start, line by line. It is called in this process, which is ten times as quick;
    that nothing else is said where it is a process of its own, the tests of lost files and of definitions show."""
    monkeypatch.setattr(web_serving, "_serve", lambda *_: pytest.fail("it started"))
    monkeypatch.setenv("FIRM_FOOTING_HOSTS", "")  # which the command sets

    def run(*arguments: str, **settings: str) -> list[str]:
        for name, value in settings.items():
            monkeypatch.setenv(f"FIRM_FOOTING_{name}", value)
        done = app.test_cli_runner().invoke(args=["serve", *arguments])
        assert (done.exit_code, done.stdout) == (1, ""), done.output
        return done.stderr.splitlines()

    return run


@contextmanager
def serving(process: subprocess.Popen[str], port: int) -> Iterator[str]:
    """The address of a server, once it answers."""
    wait_until(
        lambda: process.poll() is not None or is_listening(port), seconds=NEVER_SECONDS, otherwise="nobody listens"
    )
    assert process.poll() is None, process.communicate()
    yield f"http://127.0.0.1:{port}"


@pytest.mark.parametrize(("lost", "left"), [(DATABASE, KEY), (KEY, DATABASE)])
def test_with_one_half_lost_it_refuses_with_one_sentence_and_the_way_out(
    start: Start, tmp_path: Path, lost: str, left: str
) -> None:
    open_store(tmp_path, tmp_path).close()
    (tmp_path / lost).unlink()
    (line,) = refusal(start("--port", str(free_port())))
    assert line.startswith("The app does not start: the ")
    assert lost in line
    assert "put the" in line
    assert "or, to start with no records" in line
    assert not (tmp_path / lost).exists()


def test_a_damaged_database_is_refused(refused: Refused, folder: Path) -> None:
    open_store(folder, folder).close()
    (folder / DATABASE).write_bytes(b"not a database")
    (line,) = refused("--port", str(free_port()))
    assert "is empty, damaged or no database" in line


def test_damaged_definitions_are_refused_with_every_fault(start: Start, tmp_path: Path) -> None:
    folder = tmp_path / "definitions"
    copytree(ROOT / "checklists" / "definitions", folder)
    for name, old, new in (
        ("falls.yaml", "    score: 2", "    score: two points"),
        ("bone.yaml", "answers: yes-no", "answers: perhaps"),
    ):
        text = (folder / name).read_text()
        (folder / name).write_text(re.sub(rf"^(\s*){old.strip()}$", rf"\1{new.strip()}", text, count=1, flags=re.M))
    *faults, last = refusal(start("--port", str(free_port()), DEFINITIONS=str(folder)))
    assert any(re.match(r"falls\.yaml:\d+: ", fault) for fault in faults)
    assert any(re.match(r"bone\.yaml:\d+: ", fault) for fault in faults)
    assert last == "The app does not start: the checklists have faults. Mend them and start again."
    assert not (tmp_path / DATABASE).exists()


def test_a_region_that_nobody_knows_is_refused_with_those_that_are_known(refused: Refused) -> None:
    (line,) = refused("--port", str(free_port()), REGION="fr")
    assert line == 'The app does not start: FIRM_FOOTING_REGION is "fr"; write one of us, uk'


def test_a_zone_that_nobody_knows_is_refused_with_one_that_is_known(refused: Refused) -> None:
    (line,) = refused("--port", str(free_port()), ZONE="PST8")
    assert line == 'The app does not start: FIRM_FOOTING_ZONE is "PST8"; write one like America/Los_Angeles'


def test_a_web_server_in_front_that_is_no_address_is_refused(refused: Refused) -> None:
    (line,) = refused("--port", str(free_port()), PROXIES="*")
    assert line.startswith('The app does not start: FIRM_FOOTING_PROXIES is "*"; write the address')


def test_a_port_that_is_taken_is_refused_with_what_to_do(refused: Refused) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        (line,) = refused("--port", str(port))
    assert line == f"The app cannot listen at 127.0.0.1:{port}: Address already in use. Choose another --port."


def test_an_address_at_which_no_page_would_open_is_refused(refused: Refused) -> None:
    (line,) = refused("--host", "::1", "--port", str(free_port()))
    assert line == "The app cannot listen at an IPv6 address. Use --host 127.0.0.1, or 0.0.0.0 for all."


@pytest.mark.parametrize(
    ("host", "own", "proxies", "told"),
    [
        ("127.0.0.1", (), "", ["127.0.0.1", "only here"]),
        ("127.0.0.1", (), "127.0.0.1", ["127.0.0.1"]),
        ("0.0.0.0", ("127.0.1.1", "192.168.1.5", "10.0.0.5"), "", ["10.0.0.5", "192.168.1.5"]),
        ("0.0.0.0", ("127.0.1.1",), "", ["127.0.0.1"]),
        ("192.168.1.5", (), "", ["192.168.1.5"]),
    ],
)
def test_it_says_at_which_addresses_a_phone_reaches_it(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    host: str,
    own: tuple[str, ...],
    proxies: str,
    told: list[str],
) -> None:
    monkeypatch.setenv("FIRM_FOOTING_PROXIES", proxies)
    monkeypatch.setattr(web_serving, "_addresses", lambda: set(own))
    web_serving._say_where(host, 8000)
    lines = capsys.readouterr().out.splitlines()
    says = {"only here": "Only this computer can open it. For phones in the same network: ./run serve --host 0.0.0.0"}
    assert lines == [says.get(each, f"Firm Footing is at http://{each}:8000/  (press Ctrl+C to end)") for each in told]


def test_a_fresh_machine_serves_keeps_its_key_to_itself_and_ends_when_it_is_told(start: Start, tmp_path: Path) -> None:
    port = free_port()
    process = start("--port", str(port))
    with serving(process, port) as address, urlopen(address) as response:
        assert response.status == 200
        assert b"Firm Footing" in response.read()
        assert (tmp_path / KEY).stat().st_mode & 0o077 == 0
        assert (tmp_path / DATABASE).stat().st_mode & 0o077 == 0
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=NEVER_SECONDS)
    assert f"Firm Footing is at {address}/" in out
    assert "Only this computer can open it." in out
    assert err == ""


def test_over_the_wire_bad_requests_do_no_harm_and_nothing_of_them_is_logged(start: Start) -> None:
    port = free_port()
    process = start("--port", str(port))
    with serving(process, port) as address:
        for sent, expected in WIRE:
            assert exchange(port, sent)[8:12] in expected, sent[:80]
        request = Request(address, headers={"X-Forwarded-Proto": "https"})
        with urlopen(request) as response:
            assert response.status == 200
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=NEVER_SECONDS)
    assert "canary" not in err
    assert "Traceback" not in err


def exchange(port: int, sent: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=NEVER_SECONDS) as connection:
        try:
            connection.sendall(sent)
            return connection.recv(4096)
        except ConnectionError:
            return b""


HOST = b"Host: 127.0.0.1\r\nConnection: close\r\n"
FORM = HOST + b"Content-Type: application/x-www-form-urlencoded\r\n"
BAD = (b" 400", b" 413", b"")
WIRE = (
    (b"GET / HTTP/1.1\r\n" + HOST + b"\r\n", (b" 200",)),
    (b"GET / HTTP/1.1\r\nHost: canary.example\r\nConnection: close\r\n\r\n", BAD),
    (b"GET / HTTP/1.1\r\nSCRIPT_NAME: /canary\r\n" + HOST + b"\r\n", (b" 200",)),
    (b"GET / HTTP/1.0\r\n\r\n", (b" 200",)),
    (b"GET /?" + b"canary" * 1000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", (*BAD, b" 414")),
    (b"GET / HTTP/1.1\r\n" + HOST + b"".join(b"X-%d: canary\r\n" % n for n in range(100)) + b"\r\n", (*BAD, b" 431")),
    (b"GET /../../etc/passwd HTTP/1.1\r\n" + HOST + b"\r\n", (b" 404",)),
    (b"GET /static/../../etc/passwd HTTP/1.1\r\n" + HOST + b"\r\n", (b" 404",)),
    (b"GET http://canary.example/ HTTP/1.1\r\n" + HOST + b"\r\n", (b" 200", *BAD)),
    (b"\x00\x01canary\r\n\r\n", BAD),
    (b"POST /for-whom HTTP/1.1\r\n" + FORM + b"Content-Length: 1000000000\r\n\r\n", BAD),
    (b"POST /for-whom HTTP/1.1\r\n" + FORM + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", BAD),
    (
        b"POST /for-whom HTTP/1.1\r\n" + FORM + b"Transfer-Encoding: chunked\r\n\r\n"
        + b"8000\r\n" + b"a" * 0x8000 + b"\r\n" + b"8001\r\n" + b"b" * 0x8001 + b"\r\n0\r\n\r\n",
        BAD,
    ),
)  # fmt: skip


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_when_it_has_ended_the_database_alone_holds_everything(
    start: Start, tmp_path: Path, how: signal.Signals
) -> None:
    open_store(tmp_path, tmp_path).close()
    reader = connect(tmp_path / DATABASE)  # keeps SQLite from removing the journal by itself
    reader.execute("SELECT count(*) FROM days").fetchone()
    port = free_port()
    process = start("--port", str(port))
    with serving(process, port) as address:
        urlopen(address, timeout=NEVER_SECONDS).read()
        journal = tmp_path / f"{DATABASE}-wal"
        wait_until(
            lambda: journal.exists() and journal.stat().st_size, otherwise="what was noted at the start is not there"
        )
        assert (tmp_path / ballast.NAME).stat().st_size == ballast.BYTES
        process.send_signal(how)
        process.communicate(timeout=NEVER_SECONDS)
    assert not journal.stat().st_size
    reader.close()
