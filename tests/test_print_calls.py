"""Print workers on other machines: they are called to a job in its own transaction, and lose nothing without a call."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from threading import Thread

import psycopg
import pytest
from procrastinate.schema import migrations_path

from lab.drill.print_machines import kill_a_print_machine
from reports.batch.order import Order, PersonToPrint, to_json
from storage import StoreBusy
from storage.clinics.model import Clinic
from storage.postgres import connecting, migrations, print_calls
from storage.postgres.engine import open_store
from storage.postgres.roles import ROLE
from storage.print_queue import LOOK_SECONDS, PrintCalls
from storage.rows.tables import EVERY
from storage.store.store import SealedStore
from tests.postgres_server import Databases, running
from tests.processes import NEVER_SECONDS, children, wait_until
from tests.test_batch import OPTIONS

ROOT = Path(__file__).parent.parent
GONE = "WHERE last_heartbeat < now() - interval '1 minute'"
SOON_SECONDS = print_calls.LOOK_SECONDS / 2
"""Within which nobody comes who only looks."""


@pytest.fixture
def address(databases: Databases, tmp_path: Path) -> str:
    return databases.address(tmp_path, tmp_path)


@pytest.fixture
def store(address: str, tmp_path: Path) -> Iterator[SealedStore]:
    with closing(open_store(address, tmp_path)) as found:
        yield found


@pytest.fixture
def outside(address: str) -> Iterator[psycopg.Connection]:
    """Another program's connection, as the owner of the database."""
    with closing(psycopg.connect(address, autocommit=True)) as connection:
        yield connection


@pytest.fixture
def hearing(store: SealedStore, outside: psycopg.Connection) -> Iterator[PrintCalls]:
    with store.print_calls() as calls:
        wait_until(lambda: listeners(outside) == 1)
        yield calls


def listeners(outside: psycopg.Connection) -> int:
    sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"
    return int(value(outside, sql))


def value(outside: psycopg.Connection, sql: str) -> int:
    found = outside.execute(sql).fetchone()
    assert found
    return int(found[0])


def waited(calls: PrintCalls, what: Callable[[], object]) -> float:
    """For how many seconds a worker waited that was waiting before this was done."""
    done_at = [0.0]

    def do() -> None:
        time.sleep(0.2)
        done_at[0] = time.monotonic()
        what()

    thread = Thread(target=do)
    thread.start()
    calls.wait()
    over_at = time.monotonic()
    thread.join()
    return over_at - done_at[0]


def queued(store: SealedStore, clinic: str | None = None) -> str:
    return store.queue_print_jobs(clinic, [({}, {"plans": ["Ann"]})])[0]


def calls_waiting(outside: psycopg.Connection) -> int:
    return value(outside, "SELECT count(*) FROM procrastinate_jobs")


# Calls ----------------------------------------------------------------------------------------------------------------


def test_whoever_waits_comes_at_once_to_what_is_ordered_asked_for_again_or_let_go(
    store: SealedStore, hearing: PrintCalls, outside: psycopg.Connection
) -> None:
    assert waited(hearing, lambda: queued(store)) < SOON_SECONDS
    for _ in range(3):
        taken = store.claim_print_job()
        assert taken is not None
        let_go = taken.job
        if let_go.tries < 3:
            assert waited(hearing, lambda: store.release_print_job(let_go.job_id, let_go.token, failed=True)) < (  # noqa: B023
                SOON_SECONDS
            )
    store.release_print_job(let_go.job_id, let_go.token, failed=True)
    hearing.wait()
    assert store.claim_print_job() is None
    assert waited(hearing, lambda: store.retry_print_job(None, let_go.job_id)) < SOON_SECONDS
    assert store.claim_print_job()
    began = time.monotonic()
    hearing.wait()
    assert time.monotonic() - began > SOON_SECONDS, "there was no other call"
    assert calls_waiting(outside) == 0


def test_a_job_and_its_call_are_there_together_or_not_at_all(store: SealedStore, outside: psycopg.Connection) -> None:
    with pytest.raises(ZeroDivisionError):  # noqa: PT012, SIM117
        with store.engine.writing() as rows:
            rows.call_printers(["one"], of_command=True)
            raise ZeroDivisionError
    assert calls_waiting(outside) == 0
    job_id = queued(store)
    found = outside.execute("SELECT queue_name, args FROM procrastinate_jobs").fetchall()
    assert found == [(print_calls.COMMANDS, {"job": job_id})], "and the id is all that is said of it"


def test_one_job_calls_one_of_those_who_wait(address: str, tmp_path: Path, store: SealedStore) -> None:
    came: list[int] = []

    def wait_and_work(number: int) -> None:
        with closing(open_store(address, tmp_path)) as own, own.print_calls() as calls:
            ready.append(number)
            deadline = time.monotonic() + SOON_SECONDS + 1
            while time.monotonic() < deadline - 0.1:
                calls.wait()
                if time.monotonic() < deadline:
                    came.append(number)
                    time.sleep(max(0.0, deadline - time.monotonic()))

    ready: list[int] = []
    threads = [Thread(target=wait_and_work, args=(number,)) for number in range(2)]
    for each in threads:
        each.start()
    wait_until(lambda: len(ready) == 2)
    time.sleep(1)
    queued(store)
    for each in threads:
        each.join()
    assert len(came) == 1
    assert store.claim_print_job()


def test_a_worker_of_a_command_is_not_called_to_a_clinics_file(store: SealedStore, outside: psycopg.Connection) -> None:
    clinic = store.create_clinic(Clinic(clinic_id="", name="Hill")).clinic_id
    with store.print_calls(of_command=True) as calls:
        wait_until(lambda: listeners(outside) == 1)
        assert waited(calls, lambda: queued(store, clinic)) > SOON_SECONDS
        assert waited(calls, lambda: queued(store)) < SOON_SECONDS
    assert calls_waiting(outside) == 1


def test_a_call_that_is_lost_costs_one_look(
    store: SealedStore, outside: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(print_calls, "LOOK_SECONDS", 0.3)
    queued(store)
    outside.execute("DELETE FROM procrastinate_jobs")
    with store.print_calls() as calls:
        calls.wait()
        assert store.claim_print_job()


def test_what_a_killed_worker_was_called_to_is_removed(store: SealedStore, outside: psycopg.Connection) -> None:
    queued(store)
    outside.execute(
        "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id)"
        " UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM dead)"
    )
    with store.print_calls():
        wait_until(lambda: calls_waiting(outside) == 0)
        wait_until(lambda: value(outside, f"SELECT count(*) FROM procrastinate_workers {GONE}") == 0)
    assert store.claim_print_job(), "the job itself waits"


def test_calls_are_heard_again_when_the_database_is_back(tmp_path: Path) -> None:
    with (
        running() as server,
        closing(open_store(server.new_database(), tmp_path)) as store,
        store.print_calls() as calls,
    ):
        assert waited(calls, lambda: queued(store)) < SOON_SECONDS
        server.kill()
        time.sleep(1)
        server.start()
        address = server.address("test_0")
        with closing(psycopg.connect(address, autocommit=True)) as outside:
            wait_until(lambda: listeners(outside) == 1)
        assert waited(calls, lambda: queued(store)) < SOON_SECONDS


def test_a_database_that_is_busy_is_told_as_anywhere(
    store: SealedStore, outside: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "SETTINGS", connecting.SETTINGS.replace("'5s'", "'200ms'"))
    with outside.transaction():
        outside.execute("LOCK TABLE procrastinate_jobs IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(StoreBusy):
            queued(store)
    assert store.list_print_jobs(None) == ()


# What it needs --------------------------------------------------------------------------------------------------------


def test_the_steps_know_the_last_of_procrastinates_own_migrations() -> None:
    """A later release of it brings more, and then a step of ours has to take them."""
    last = max(each.stem for each in Path(migrations_path).glob("*.sql"))
    assert f"procrastinate {'_'.join(last.split('_')[:2])}" == migrations.CALLING


def test_the_lesser_role_may_call_and_no_more(store: SealedStore, outside: psycopg.Connection) -> None:
    assert store
    found = outside.execute(
        "SELECT table_name, string_agg(privilege_type, ' ' ORDER BY privilege_type) FROM information_schema.role_table_grants "
        "WHERE grantee = %s AND table_name LIKE 'procrastinate%%' GROUP BY table_name",
        (ROLE,),
    ).fetchall()
    every = "DELETE INSERT SELECT UPDATE"
    assert dict(found) == {
        "procrastinate_jobs": every,
        "procrastinate_workers": every,
        "procrastinate_periodic_defers": every,
        "procrastinate_events": "INSERT",
    }


def test_who_may_call_nobody_looks(databases: Databases, tmp_path: Path) -> None:
    address = databases.own(tmp_path)
    with closing(psycopg.connect(address, autocommit=True)) as outside:
        outside.execute("CREATE ROLE may_not_call LOGIN; GRANT SELECT ON steps TO may_not_call")
        for table in EVERY:
            outside.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table.name} TO may_not_call")
    with (
        closing(open_store(address.replace("postgres@", "may_not_call@"), tmp_path)) as store,
        store.print_calls() as calls,
    ):
        queued(store)
        began = time.monotonic()
        calls.wait()
        assert LOOK_SECONDS <= time.monotonic() - began < SOON_SECONDS
        assert store.claim_print_job()


# Machines -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("moment", ["taken", "made"])
def test_a_machine_that_is_killed_for_good_loses_no_job_and_doubles_none(moment: str) -> None:
    seen = kill_a_print_machine(30, moment)  # type: ignore[arg-type]
    assert (seen.lost, seen.doubled) == (0, 0)


def test_the_drill_notices_files_that_are_handed_out_before_the_job_is_done() -> None:
    assert kill_a_print_machine(30, "made", in_two_steps=True).doubled > 0


@pytest.fixture
def flask_print(address: str, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """`flask print`, as a machine without a web server has it."""
    others = {name: found for name, found in os.environ.items() if not name.startswith("FIRM_FOOTING_")}
    settings = {"FIRM_FOOTING_DATABASE": address, "FIRM_FOOTING_KEYS": str(tmp_path)}
    command = [sys.executable, "-m", "flask", "print", "--workers", "1"]
    process = subprocess.Popen(
        command, cwd=ROOT, env={**others, **settings}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    yield process
    process.kill()
    process.communicate()


def test_a_machine_without_a_web_server_prints_and_replaces_a_worker_that_was_killed(
    store: SealedStore, outside: psycopg.Connection, flask_print: subprocess.Popen[str]
) -> None:
    blank = PersonToPrint(row=9, label="C 9", options=OPTIONS, blank=("falls",))
    order = Order(kind="pdf", options=OPTIONS, entries=(blank,), missing=(), title="Monday", start="http://c")
    wait_until(lambda: listeners(outside) == 1, seconds=NEVER_SECONDS)
    (worker,) = children(flask_print.pid)
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: children(flask_print.pid) not in (set(), {worker}))
    (job_id,) = store.queue_print_jobs(None, [({"title": "Monday"}, to_json(order))])
    wait_until(lambda: store.list_print_jobs(None)[0].state == "done", seconds=NEVER_SECONDS)
    assert store.get_print_result(None, job_id).startswith(b"%PDF")
    flask_print.send_signal(signal.SIGTERM)
    output = flask_print.communicate(timeout=NEVER_SECONDS)[0]
    assert flask_print.returncode == 0
    assert output.startswith("Workers that print: 1  (press Ctrl+C to end)\n")
    assert value(outside, "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'") == 0
