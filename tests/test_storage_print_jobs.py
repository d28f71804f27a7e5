"""The print queue on every engine: taken once, kept once, seen by its own clinic alone, gone in time."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlite_utils import Database

from storage import RecordNotFound
from storage.clinics.model import Clinic
from storage.print_queue import MOST_TRIES, PrintJob
from storage.rows.tables import PRINT_JOBS, PRINTING
from storage.sqlite.backups.backup import back_up
from storage.sqlite.engine import open_store
from storage.store.store import SealedStore
from storage.time_limits import PRINT_LEASE, PRINTED
from tests.stopped_clock import stopped_at

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
ABOUT, ORDER = {"title": "Monday"}, {"plans": ["Ann", "Ben"]}


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with stopped_at(NOON) as found:
        yield found


@pytest.fixture
def store(engine: Callable[..., SealedStore], tmp_path: Path, clock: time_machine.Traveller) -> Iterator[SealedStore]:
    made = engine(tmp_path, tmp_path, today=lambda: datetime.now(UTC).date())
    yield made
    made.close()


def job(store: SealedStore, clinic: str | None = None) -> PrintJob:
    return store.list_print_jobs(clinic)[-1]


def queued(store: SealedStore, clinic: str | None = None, **about: object) -> str:
    return store.queue_print_jobs(clinic, [({**ABOUT, **about}, ORDER)])[0]


def test_a_job_is_taken_worked_on_and_its_file_is_kept(store: SealedStore) -> None:
    assert not store.is_printing_due()
    assert store.claim_print_job() is None
    job_id = queued(store)
    assert store.is_printing_due()
    taken = store.claim_print_job()
    assert taken is not None
    assert (taken.job.job_id, taken.order, taken.job.tries) == (job_id, ORDER, 1)
    assert not store.is_printing_due()
    assert store.beat_print_job(job_id, taken.job.token, 1)
    assert (job(store).state, job(store).progress) == ("running", 1)
    with pytest.raises(RecordNotFound):
        store.get_print_result(None, job_id)
    assert store.finish_print_job(job_id, taken.job.token, result=b"%PDF", about={**ABOUT, "pages": 9})
    assert (job(store).state, job(store).about["pages"]) == ("done", 9)
    assert store.get_print_result(None, job_id) == b"%PDF"
    assert not store.finish_print_job(job_id, taken.job.token, result=b"again", about={})
    assert store.get_print_result(None, job_id) == b"%PDF"


def test_jobs_are_taken_in_the_order_in_which_they_came_by_one_each(store: SealedStore) -> None:
    ids = store.queue_print_jobs(None, [({}, {"number": number}) for number in range(3)])
    taken = [store.claim_print_job() for _ in range(4)]
    assert [each and each.job.job_id for each in taken] == [*ids, None]
    assert len({each.job.token for each in taken if each}) == 3


def test_a_worker_that_says_nothing_loses_its_job_and_may_not_finish_it(
    store: SealedStore, clock: time_machine.Traveller
) -> None:
    queued(store)
    dead = store.claim_print_job()
    assert dead is not None
    clock.shift(PRINT_LEASE.seconds - 1)
    assert store.beat_print_job(dead.job.job_id, dead.job.token, 1), "a beat begins the lease anew"
    clock.shift(PRINT_LEASE.seconds - 1)
    assert store.claim_print_job() is None
    clock.shift(1)
    heir = store.claim_print_job()
    assert heir is not None
    assert (heir.job.job_id, heir.job.tries, job(store).progress) == (dead.job.job_id, 2, 0)
    assert not store.beat_print_job(dead.job.job_id, dead.job.token, 2)
    assert not store.finish_print_job(dead.job.job_id, dead.job.token, result=b"late", about={})
    store.release_print_job(dead.job.job_id, dead.job.token, failed=True)
    assert job(store).state == "running"
    assert store.finish_print_job(heir.job.job_id, heir.job.token, result=b"right", about={})
    assert store.get_print_result(None, heir.job.job_id) == b"right"


def test_a_lease_given_by_a_clock_that_was_ahead_is_over(store: SealedStore, clock: time_machine.Traveller) -> None:
    clock.shift(timedelta(hours=5))
    queued(store)
    assert store.claim_print_job()
    clock.shift(timedelta(hours=-5))
    assert store.claim_print_job()


def test_what_was_tried_too_often_needs_help_until_somebody_asks_again(store: SealedStore) -> None:
    job_id = queued(store)
    for _ in range(MOST_TRIES):
        taken = store.claim_print_job()
        assert taken is not None
        store.release_print_job(job_id, taken.job.token, failed=True)
    assert job(store).state == "needs-help"
    assert store.claim_print_job() is None
    store.retry_print_job(None, job_id)
    taken = store.claim_print_job()
    assert taken is not None
    assert taken.job.tries == 1
    store.release_print_job(job_id, taken.job.token, failed=False)
    assert (job(store).state, job(store).tries) == ("waiting", 0), "a server that ends has not tried"


def test_a_job_that_kills_whoever_takes_it_needs_help_and_others_are_taken(
    store: SealedStore, clock: time_machine.Traveller
) -> None:
    queued(store)
    for _ in range(MOST_TRIES):
        assert store.claim_print_job()
        clock.shift(PRINT_LEASE.seconds)
    other = queued(store)
    taken = store.claim_print_job()
    assert taken is not None
    assert taken.job.job_id == other
    assert [each.state for each in store.list_print_jobs(None)] == ["needs-help", "running"]


@pytest.mark.parametrize("when", ["waiting", "running", "done"])
def test_what_is_cancelled_is_gone_at_once(store: SealedStore, when: str) -> None:
    job_id = queued(store)
    taken = store.claim_print_job() if when != "waiting" else None
    if when == "done":
        assert taken is not None
        assert store.finish_print_job(job_id, taken.job.token, result=b"file", about=ABOUT)
    store.cancel_print_job(None, job_id)
    assert job(store).state == "cancelled"
    assert store.claim_print_job() is None
    if when == "running":
        assert taken is not None
        assert not store.beat_print_job(job_id, taken.job.token, 1)
        assert not store.finish_print_job(job_id, taken.job.token, result=b"late", about=ABOUT)
    with pytest.raises(RecordNotFound):
        store.get_print_result(None, job_id)
    assert rows_left(store) == 1


def rows_left(store: SealedStore) -> int:
    with store.engine.reading() as rows:
        return sum(rows.count(table) for table in PRINTING)


def test_a_clinic_sees_takes_and_ends_only_its_own(store: SealedStore) -> None:
    north, south = (store.create_clinic(Clinic(clinic_id="", name=name)).clinic_id for name in ("North", "South"))
    own = queued(store, north)
    for of_another in (south, None, "nobody"):
        for verb in (store.cancel_print_job, store.retry_print_job, store.get_print_result):
            with pytest.raises(RecordNotFound):
                verb(of_another, own)
        assert store.list_print_jobs(of_another) == ()
    assert store.claim_print_job(of_command=True) is None
    taken = store.claim_print_job()
    assert taken is not None
    assert (taken.job.job_id, taken.job.clinic_id, taken.order) == (own, north, ORDER)
    store.finish_print_job(own, taken.job.token, result=b"file", about=ABOUT)
    assert store.get_print_result(north, own) == b"file"
    store.erase_clinic(north)
    assert rows_left(store) == 0


def test_who_erases_takes_along_every_file_with_their_plan(store: SealedStore) -> None:
    erased, stays = (store.create_record(content_hash="c", data={}).record_id for _ in range(2))
    queued(store, records=[erased, stays])
    other = queued(store, records=[stays])
    while taken := store.claim_print_job():
        store.finish_print_job(taken.job.job_id, taken.job.token, result=b"file", about=taken.job.about)
    queued(store, records=[erased])
    store.erase(erased)
    assert [(each.state, each.about.get("erased")) for each in store.list_print_jobs(None)] == [
        ("cancelled", True),
        ("done", None),
        ("cancelled", True),
    ]
    assert all(erased not in json.dumps(each.about) for each in store.list_print_jobs(None))
    assert store.get_print_result(None, other) == b"file"


def test_a_job_is_over_after_some_days_and_then_removed(store: SealedStore, clock: time_machine.Traveller) -> None:
    job_id = queued(store)
    taken = store.claim_print_job()
    assert taken is not None
    store.finish_print_job(job_id, taken.job.token, result=b"file", about=ABOUT)
    clock.shift(PRINTED.after)
    assert store.get_print_result(None, job_id) == b"file"
    clock.shift(timedelta(days=1))
    assert store.list_print_jobs(None) == ()
    with pytest.raises(RecordNotFound):
        store.get_print_result(None, job_id)
    store.purge()
    assert rows_left(store) == 0


def test_a_damaged_job_keeps_no_other_from_being_printed(store: SealedStore) -> None:
    first, second = queued(store), queued(store)
    with store.engine.writing() as rows:
        found = rows.find(PRINT_JOBS, first)
        assert found is not None
        rows.put(PRINT_JOBS, type(found)(first, {**found.bound, "tries": -1}, found.sealed))
    taken = store.claim_print_job()
    assert taken is not None
    assert taken.job.job_id == second
    assert store.claim_print_job() is None


def test_no_backup_holds_what_is_printed(tmp_path: Path) -> None:
    with closing(open_store(tmp_path, tmp_path, today=date.today)) as store:
        queued(store)
    made = back_up(tmp_path, tmp_path, None, NOON)
    with closing(Database(made.path).conn) as copy:
        assert [copy.execute(f"SELECT count(*) FROM {table.name}").fetchone() for table in PRINTING] == [(0,)] * 3
