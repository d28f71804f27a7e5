"""Faults of the database server that nothing acknowledged may suffer from: the short form of `./run drill postgres`."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from lab.drill.judging import WriterLosses
from lab.drill.postgres import waiting
from lab.drill.postgres.full_disk import Part, fill_disk
from lab.drill.postgres.killed import end_backends, kill_server
from lab.drill.postgres.pages import Seen
from lab.drill.postgres.replica import follow, promote, promote_beside_people
from storage import RecordNotFound, StorageError, StoreBusy
from storage.model import StoreGone
from storage.postgres import answering, connecting
from storage.postgres.engine import PostgresEngine, open_store
from storage.store.store import SealedStore
from tests.postgres_server import PostgresServer, address_of, not_yet_made, running

# What is acknowledged is there, once and whole ------------------------------------------------------------------------


def test_what_was_acknowledged_outlives_a_database_server_that_is_killed() -> None:
    found = kill_server(2, 60)
    assert found.holds, found
    assert found.cost.acknowledged >= 120
    assert found.refused >= 2


def test_the_drill_notices_commits_that_do_not_wait_for_the_disk() -> None:
    assert kill_server(2, 60, forgetful=True).cost.lost > 0


def test_a_connection_that_is_ended_in_mid_transaction_costs_nothing() -> None:
    found = end_backends(10, 5)
    assert found.holds, found
    assert found.refused >= 1


def test_the_drill_notices_writers_that_acknowledge_before_it_is_kept() -> None:
    assert end_backends(5, 5, hasty=True).cost.lost > 0


@pytest.mark.parametrize("part", ["tables", "journal"])
def test_a_disk_that_is_full_costs_nothing_and_all_goes_on_when_there_is_room(part: Part) -> None:
    try:
        found = fill_disk(40, part)
    except PermissionError as error:
        pytest.skip(str(error))
    assert found.holds, found
    assert found.refused >= 10


def test_a_synchronous_replica_that_is_promoted_has_everything_that_was_acknowledged() -> None:
    found = promote(1, 60)
    assert found.holds, found
    assert found.cost.acknowledged >= 120


def test_the_drill_notices_a_replica_that_comes_after() -> None:
    assert promote(1, 60, synchronous=False).cost.lost > 0


# What people see ------------------------------------------------------------------------------------------------------


def test_a_server_goes_on_with_the_replica_by_itself_and_says_so_meanwhile() -> None:
    seen = promote_beside_people(1, 1)
    assert not seen.unexpected
    assert (seen.cost.lost, seen.cost.doubled, seen.cost.halved) == (0, 0, 0)
    assert seen.refusals


def test_beside_a_lock_each_page_is_answered_soon_and_all_goes_on_when_it_is_gone() -> None:
    seen = waiting.lock(4)
    assert seen.holds(30), seen  # ./run drill takes the time
    assert seen.refusals


def test_only_who_waited_shows_that_people_were_kept_waiting() -> None:
    """The drill's twins are judged by it, and other answers are no wait."""
    assert Seen(unexpected=["/plan: 500 Something went wrong"]).slowest == 0
    assert Seen(refusals=[2.0], pages=[0.1, 12.5]).slowest == 12.5
    assert not Seen(pages=[0.1], cost=WriterLosses(acknowledged=1)).holds(8), "nobody asked how it is"
    assert Seen(pages=[0.1], health=[0.1], cost=WriterLosses(acknowledged=1)).holds(8)


# A database that does not answer --------------------------------------------------------------------------------------

SHORT, PATIENT = 0.4, 60.0
END_ALL = """SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """One that may be stopped."""
    with running() as server:
        yield server


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering.BoundedConnection, "patience_seconds", SHORT)
    for name in ("ANSWER_SECONDS", "COMMIT_SECONDS", "CHECK_SECONDS", "PAUSE_SECONDS"):
        monkeypatch.setattr(answering, name, SHORT)
    monkeypatch.setattr(connecting, "PAUSE_OF_COMMITS_SECONDS", SHORT)
    monkeypatch.setattr(connecting, "WAIT_SECONDS", SHORT)


@pytest.fixture
def store(hurried: None, server: PostgresServer, tmp_path: Path) -> Iterator[SealedStore]:
    with closing(open_store(server.new_database(), tmp_path)) as store:
        yield store


def again(verb: Callable[[], object]) -> None:
    """Done as soon as it is not refused any more."""
    until = time.monotonic() + PATIENT
    while True:
        try:
            verb()
        except StoreBusy:
            assert time.monotonic() < until
            time.sleep(0.1)
        else:
            return


def test_nobody_waits_for_a_database_that_hangs_and_most_hear_it_at_once(
    server: PostgresServer, store: SealedStore
) -> None:
    record = store.create_record(content_hash="c", data={"age": 72}).record_id
    processes = server.pause()
    try:
        for _ in range(2):
            with pytest.raises(StoreGone):
                store.get_draft(record)
        began = time.monotonic()
        with ThreadPoolExecutor(40) as threads:
            told = list(threads.map(lambda _: refused(lambda: store.get_draft(record)), range(200)))
        assert all(each.retry_after_seconds > 0 for each in told)
        assert time.monotonic() - began < 200 * SHORT / 4, "not each of them waits"
    finally:
        server.go_on(processes)
    again(lambda: store.get_draft(record))


def refused(verb: Callable[[], object]) -> StoreBusy:
    with pytest.raises(StoreBusy) as busy:
        verb()
    return busy.value


@pytest.fixture
def without_replica(server: PostgresServer, store: SealedStore) -> Iterator[SealedStore]:
    """A primary that waits for a replica that is gone: each commit for ever."""
    server.set(synchronous_standby_names="gone")
    until_set(server, "gone")
    yield store
    server.set(synchronous_standby_names="")


def until_set(server: PostgresServer, value: str) -> None:
    deadline = time.monotonic() + PATIENT
    with closing(psycopg.connect(server.address("postgres"), autocommit=True)) as outside:
        while (found := outside.execute("SHOW synchronous_standby_names").fetchone()) != (value,):
            assert time.monotonic() < deadline, f"it is still {found}"
            time.sleep(0.01)


def test_a_commit_that_waits_for_a_replica_is_not_acknowledged_and_reading_goes_on(
    server: PostgresServer, without_replica: SealedStore
) -> None:
    server.set(synchronous_standby_names="")
    until_set(server, "")
    record = without_replica.create_record(content_hash="c", data={"age": 72}).record_id
    server.set(synchronous_standby_names="gone")
    until_set(server, "gone")
    for _ in range(3):
        refused(lambda: without_replica.add_tick(record, submit_key="one", data={"n": 1}))
        assert without_replica.get_draft(record).data == {"age": 72}
    server.set(synchronous_standby_names="")
    again(lambda: without_replica.add_tick(record, submit_key="one", data={"n": 1}))
    assert without_replica.list_ticks(record) == ({"n": 1},)


def test_a_commit_whose_wait_somebody_cancels_is_not_acknowledged(
    server: PostgresServer, without_replica: SealedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL itself says COMMIT then, and warns."""
    monkeypatch.setattr(answering, "COMMIT_SECONDS", PATIENT)
    canceler = threading.Thread(target=cancel_the_wait, args=(server,))
    canceler.start()
    with pytest.raises(StoreGone, match="written and not safe"):
        without_replica.create_record(content_hash="c", data={})
    canceler.join()


def cancel_the_wait(server: PostgresServer) -> None:
    with closing(psycopg.connect(server.address("postgres"), autocommit=True)) as outside:
        sql = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
        until = time.monotonic() + PATIENT
        while not outside.execute(sql).fetchall() and time.monotonic() < until:
            time.sleep(0.01)


def test_a_transaction_that_failed_within_is_never_taken_for_one_that_was_committed(store: SealedStore) -> None:
    assert isinstance(store.engine, PostgresEngine)
    connections = store.engine.connections
    with pytest.raises(StorageError, match="could not be committed"):  # noqa: PT012, SIM117
        with connections.transaction("writing") as connection:
            with pytest.raises(psycopg.Error):
                connection.execute("SELECT nothing")


def test_when_every_connection_is_lent_that_is_busy_and_not_gone(
    hurried: None, server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the next ones would hear at once that nobody answers."""
    monkeypatch.setattr(connecting, "MOST_CONNECTIONS", 1)
    with closing(open_store(server.new_database(), tmp_path)) as store:
        with store.engine.reading():
            assert not isinstance(refused(store.count), StoreGone)
        assert store.count()["records"] == 0


def test_who_did_not_come_so_far_as_to_ask_leaves_the_attempt_to_the_next(
    store: SealedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else everybody would hear for a pause that nobody answers, and nobody would have asked."""
    assert isinstance(store.engine, PostgresEngine)
    commits = store.engine.connections._silent_commits
    nobody_answered_until_now(commits, monkeypatch)
    with pytest.raises(RecordNotFound):
        store.add_tick("0" * 32, submit_key="one", data={})
    assert store.create_record(content_hash="c", data={})


def test_who_finds_every_connection_lent_leaves_the_attempt_to_the_next(
    hurried: None, server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "MOST_CONNECTIONS", 1)
    with closing(open_store(server.new_database(), tmp_path)) as store:
        assert isinstance(store.engine, PostgresEngine)
        with store.engine.reading():
            nobody_answered_until_now(store.engine.connections._silence, monkeypatch)
            assert not isinstance(refused(store.count), StoreGone)
        assert store.count()["records"] == 0


def nobody_answered_until_now(silence: answering.Silence, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next who asks finds out whether that is still so, and the others wait for them."""
    monkeypatch.setattr(silence, "_pause_seconds", 3_600)
    silence.began(StoreGone("nobody answers"))
    silence._until = 0.0


def test_only_who_was_not_answered_keeps_the_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    silence = answering.Silence()
    nobody_answered_until_now(silence, monkeypatch)
    for fault in (StoreBusy, RecordNotFound, KeyboardInterrupt):
        with pytest.raises(fault), silence.attempt():
            raise fault("something else")
    with pytest.raises(StoreGone, match="not now"), silence.attempt():
        raise StoreGone("not now")
    with pytest.raises(StoreGone, match="nobody answers"), silence.attempt():
        raise AssertionError("it is refused at once")


def test_an_attempt_that_is_given_back_shortens_no_pause_that_began_since(monkeypatch: pytest.MonkeyPatch) -> None:
    silence = answering.Silence()
    nobody_answered_until_now(silence, monkeypatch)
    with pytest.raises(StoreBusy), silence.attempt():
        meet_another_fault_after(silence)
    with pytest.raises(StoreGone, match="not even now"), silence.attempt():
        raise AssertionError("it is refused at once")


def meet_another_fault_after(silence: answering.Silence) -> None:
    silence.began(StoreGone("not even now"))
    raise StoreBusy("something else")


# Several machines -----------------------------------------------------------------------------------------------------


def test_a_primary_in_whose_place_another_was_put_is_not_believed_when_it_comes_back(
    hurried: None, tmp_path: Path
) -> None:
    with not_yet_made() as old, not_yet_made() as new:
        old.make()
        old.start()
        database = old.new_database().partition("@/")[2].partition("?")[0]
        follow([old, new], 0, synchronous=True)
        with closing(open_store(address_of(database, old, new), tmp_path)) as store:
            record = store.create_record(content_hash="c", data={"age": 72}).record_id
            old.kill()
            with closing(psycopg.connect(new.address("postgres"), autocommit=True)) as outside:
                outside.execute("SELECT pg_promote()")
            again(lambda: store.add_tick(record, submit_key="new", data={"on": "new"}))
            old.start()
            old.set(synchronous_standby_names="")  # else it would wait for its replica itself
            with closing(psycopg.connect(new.address(database), autocommit=True)) as outside:
                outside.execute(
                    "SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            for _ in range(3):
                refused(lambda: store.add_tick(record, submit_key="old", data={"on": "old"}))
            old.stop()
            again(lambda: store.add_tick(record, submit_key="old", data={"on": "new, too"}))
            assert store.list_ticks(record) == ({"on": "new"}, {"on": "new, too"})
