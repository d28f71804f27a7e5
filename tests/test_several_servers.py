"""Several servers, and several processes of one, on one database: as processes, over the wire."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, nullcontext, suppress
from datetime import date, timedelta
from http.client import HTTPConnection
from pathlib import Path

import pytest
from flask import Flask

from lab.bench.clinic.processes import spent
from storage import RemovingWaits, StoreBusy
from storage.postgres.engine import PostgresEngine, open_store
from storage.store.pace import GAP_SECONDS
from storage.store.store import SealedStore
from tests.postgres_server import Databases, running
from tests.processes import children, started, wait_until
from tests.web_server import free_port

ROOT = Path(__file__).parent.parent


@pytest.fixture
def address(databases: Databases, tmp_path: Path) -> str:
    return databases.address(tmp_path, tmp_path)


@pytest.fixture
def two(address: str, tmp_path: Path) -> Iterator[tuple[SealedStore, SealedStore]]:
    """The store as two servers have it."""
    with closing(open_store(address, tmp_path)) as one, closing(open_store(address, tmp_path)) as other:
        yield one, other


def test_what_one_server_keeps_the_other_has(two: tuple[SealedStore, SealedStore]) -> None:
    one, other = two
    record = one.create_record(content_hash="c", data={"age": 72}).record_id
    other.change_session("browser", lambda data: {**data, "records": [record]})
    assert one.find_session("browser") == {"records": [record]}
    assert one.derive("csrf") == other.derive("csrf")
    with ThreadPoolExecutor(4) as pool:
        for number in range(20):
            pool.submit(two[number % 2].change_draft, record, lambda data: {"age": data["age"] + 1}, content_hash="c")
    assert other.get_draft(record).data == {"age": 92}


def test_one_server_at_a_time_removes_what_has_expired(two: tuple[SealedStore, SealedStore]) -> None:
    one, other = two
    with one.engine.alone("purge"), pytest.raises(RemovingWaits, match="another server is removing it right now"):
        other.purge()
    assert other.purge()["records"] == 0


def purge_at_once(stores: tuple[SealedStore, ...]) -> list[int]:
    """How many records each removed at the same moment; -1 where it left it to another."""

    def purge(store: SealedStore) -> int:
        try:
            return store.purge(sure=True)["records"]
        except RemovingWaits:
            return -1
        except StoreBusy:  # the twin's, which stand in each other's way
            return 0

    with ThreadPoolExecutor(len(stores)) as pool:
        return sorted(pool.map(purge, stores))


def test_of_two_that_remove_at_the_same_moment_one_does(
    two: tuple[SealedStore, SealedStore], address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def keep_long_ago() -> None:
        with closing(open_store(address, tmp_path, today=lambda: date.today() - timedelta(days=120))) as then:
            for _ in range(120):
                then.create_record(content_hash="c", data={})

    keep_long_ago()
    assert purge_at_once(two) == [-1, 120]
    keep_long_ago()
    monkeypatch.setattr(PostgresEngine, "alone", lambda *_: nullcontext(True))
    assert -1 not in purge_at_once(two), "the twin without the lock has to be seen"


def test_wrong_codes_are_answered_one_after_the_other_by_all_servers_together(
    two: tuple[SealedStore, SealedStore],
) -> None:
    began = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: two[number % 2].engine.wait_turn(GAP_SECONDS), range(40)))
    assert time.monotonic() - began >= 40 * GAP_SECONDS


# As processes -----------------------------------------------------------------------------------------------------------

Start = Callable[..., int]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts flask serve on a database; the port where it answers."""
    begun: list[subprocess.Popen[bytes]] = []

    def serve(address: str, workers: int, **more: str) -> int:
        port = free_port()
        arguments = ["serve", "--port", str(port), "--workers", str(workers)]
        others = {name: value for name, value in os.environ.items() if not name.startswith("FIRM_FOOTING_")}
        settings = {"FIRM_FOOTING_DATABASE": address, "FIRM_FOOTING_KEYS": str(tmp_path), **more}
        with (tmp_path / "log").open("ab") as log:
            command = [sys.executable, "-m", "flask", *arguments]
            begun.append(subprocess.Popen(command, cwd=ROOT, env={**others, **settings}, stdout=log, stderr=log))
        wait_until(lambda: asked(port, "/healthz")[0] == 200, tmp_path / "log")
        return port

    serve.begun = begun  # type: ignore[attr-defined]
    yield serve
    for process in begun:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def asked(port: int, path: str) -> tuple[int, str]:
    """The status of an answer and when to ask again; 0 where nobody answers."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.headers.get("Retry-After", "")
    except OSError:
        return 0, ""
    finally:
        connection.close()


def test_a_database_that_is_gone_is_told_and_there_again_by_itself_and_a_worker_that_is_killed_is_replaced(
    start: Start, tmp_path: Path
) -> None:
    """A server of its own, as it is stopped; all with two workers, who begin once."""
    with running() as server:
        address = server.new_database()
        port = start(address, 2)
        (process,) = start.begun  # type: ignore[attr-defined]
        assert asked(port, "/readyz") == (200, "")

        kill_each_in_mid_use(process.pid, port, tmp_path / "log")

        server.stop()
        assert asked(port, "/readyz") == (503, "5")
        assert asked(port, "/healthz") == (200, "")
        assert page_of_somebody(port) == (503, "10")

        server.start()
        wait_until(lambda: asked(port, "/readyz")[0] == 200, tmp_path / "log", 20)
        wait_until(lambda: page_of_somebody(port)[0] == 200, tmp_path / "log", 20)  # the other worker, too

        stop_while_somebody_knocks(process, port)
        assert asked(port, "/healthz")[0] == 0
    assert "Traceback" not in (tmp_path / "log").read_text()


def kill_each_in_mid_use(server: int, port: int, log: Path) -> None:
    """A worker; the process that has the renderers, of which a page tells nobody; a renderer. Each comes again."""
    paper = next(each for each in children(server) if renderers(each))
    worker = min(children(server) - {paper})
    with ThreadPoolExecutor(1) as waiting:
        for killed, of, statuses in ((worker, "home", {200, 0}), (paper, "bone", {200}), (0, "posture", {200, 503})):
            worked = work_of_renderers(server)
            printing = waiting.submit(asked, port, f"/paper/{of}.pdf")
            wait_until(lambda: work_of_renderers(server) > worked + 0.05, log)  # noqa: B023
            os.kill(killed or max(renderers(papers(server).pop())), signal.SIGKILL)
            assert printing.result()[0] in statuses
            wait_until(lambda: len(children(server) - {killed}) == 3 and bool(papers(server)), log)  # noqa: B023
            wait_until(lambda: asked(port, "/paper/falls.pdf")[0] == 200, log, 120)
    assert len(papers(server)) == 1


def work_of_renderers(server: int) -> float:
    """Seconds on a core."""
    return sum(spent([each]).running for paper in papers(server) for each in renderers(paper))


def papers(server: int) -> set[int]:
    """The children of a server that have renderers."""
    return {each for each in children(server) if renderers(each)}


def renderers(process: int) -> set[int]:
    """Those of a process."""
    with suppress(OSError):  # one ends just now
        return {each for each in children(process) if b"printing.pdf" in Path(f"/proc/{each}/cmdline").read_bytes()}
    return set()


def stop_while_somebody_knocks(process: "subprocess.Popen[bytes]", port: int) -> None:
    """Nobody lets them in before the signal comes; they are answered all the same."""
    workers = children(process.pid)
    for each in workers:
        os.kill(each, signal.SIGSTOP)
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as knocking:
        knocking.request("GET", "/healthz")
        process.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        for each in workers:
            os.kill(each, signal.SIGCONT)
        assert knocking.getresponse().status == 200
    assert process.wait(60) == 0


def page_of_somebody(port: int) -> tuple[int, str]:
    """A page whose session has to be looked up."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    with closing(connection):
        connection.request("GET", "/", headers={"Cookie": f"ff={'a' * 43}"})
        answer = connection.getresponse()
        text = answer.read().decode()
        assert answer.status == 200 or "We cannot reach your answers right now" in text
        return answer.status, answer.headers.get("Retry-After", "")


ONLY_WORKERS = """
import os, socket, threading
from commands.server_processes import Workers

def serve(listening, without_parent):
    ended = threading.Event()
    without_parent(ended.set)
    os.write(1, f"{os.getpid()}\\n".encode())  # at once: two write, and print may write the end of a line by itself
    ended.wait()

Workers([serve] * 2, socket.create_server(("127.0.0.1", 0))).run()
"""


ENDS_LATE = """
import os, signal, socket, threading, time
from commands.server_processes import Workers

listening = socket.create_server(("127.0.0.1", 0))

def serve(shared, without_parent):
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    without_parent(ended.set)
    print(os.getpid(), listening.getsockname()[1], flush=True)
    ended.wait()

def beside(without_parent):
    without_parent(lambda: os._exit(1))
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    threading.Event().wait(120)

Workers([serve], listening, [beside]).run()
"""


def test_the_port_is_closed_once_nobody_serves_though_a_renderer_ends_later() -> None:
    """Who knocks then is to meet a closed port, and not one that nobody looks at."""
    with started([sys.executable, "-c", ENDS_LATE], cwd=ROOT, stdout=subprocess.PIPE) as parent:
        worker, port = map(int, parent.stdout.readline().split())
        parent.terminate()
        wait_until(lambda: not Path(f"/proc/{worker}").exists())
        assert parent.poll() is None
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=5)


def test_workers_whose_parent_was_killed_end_by_themselves() -> None:
    """Else they would hold the port."""
    with started([sys.executable, "-c", ONLY_WORKERS], cwd=ROOT, stdout=subprocess.PIPE) as parent:
        workers = {int(parent.stdout.readline()) for _ in range(2)}
        parent.kill()
        assert parent.stdout.read() == b"", "it ends when the last of them has"
    assert len(workers) == 2


def test_more_than_one_worker_needs_a_server(app: Flask) -> None:
    done = app.test_cli_runner().invoke(args=["serve", "--workers", "2", "--port", str(free_port())])
    assert (done.exit_code, "need PostgreSQL" in done.output) == (1, True)


def test_health_is_told_to_any_host_and_without_a_session(app: Flask) -> None:
    client = app.test_client()
    for path in ("/healthz", "/readyz"):
        answer = client.get(path, headers={"Host": "10.0.0.7"})
        assert (answer.status_code, answer.data, "Set-Cookie" in answer.headers) == (200, b"yes\n", False)
    assert client.post("/healthz").status_code != 200
