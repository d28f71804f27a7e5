"""Removing for good: what was erased or has expired is gone, and what remains is as it was."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from storage import RecordNotFound
from storage.rows.tables import RECORDS, SUBMISSIONS
from storage.store.store import SealedStore

DAY, LATER = date(2026, 5, 3), date(2027, 5, 3)


@pytest.fixture
def days() -> list[date]:
    return [DAY]


@pytest.fixture
def store(engine: Callable[..., SealedStore], tmp_path: Path, days: list[date]) -> Iterator[SealedStore]:
    opened = engine(tmp_path, tmp_path, today=lambda: days[0])
    yield opened
    opened.close()


def full_record(store: SealedStore) -> str:
    """A record with something of everything."""
    record = store.create_record(content_hash="c", data={"about": {"age": "a" * 3000}}).record_id
    store.submit(record, submit_key="s", content_hash="c", data={"given": "g" * 3000})
    store.keep_photo(record, submit_key="p", picture=b"\xff\xd8" + bytes(range(256)) * 40)
    store.add_tick(record, submit_key="t", data={"action": "grab-bars", "state": "done"})
    store.make_link_and_code(record)
    store.make_share(record, submit_key="a", name="Ana", right="tick", days=30)
    store.make_health_link(record, token=record, file=b"jwe" * 500, plan_of=DAY, made=1, ends=2)
    return record


def test_what_was_erased_is_gone_with_all_that_was_its_own(store: SealedStore) -> None:
    record, other = full_record(store), full_record(store)

    assert store.erase(record) == {
        "submissions": 1,
        "photos": 1,
        "ticks": 1,
        "doors": 2,
        "shares": 1,
        "health_links": 1,
    }

    assert store.count() == {"records": 1, "submissions": 1}
    assert store.list_ticks(other)
    with pytest.raises(RecordNotFound):
        store.get_draft(record)
    with pytest.raises(RecordNotFound):
        store.erase(record)


def test_a_damaged_record_can_be_erased(store: SealedStore) -> None:
    record = full_record(store)
    with store.engine.writing() as outside:
        for table in (RECORDS, SUBMISSIONS):
            for each in tuple(outside.all(table)):
                outside.put(table, replace(each, sealed=b"\0"))

    store.erase(record)

    assert store.count() == {"records": 0, "submissions": 0}


@pytest.mark.parametrize("unknown", ["", "0" * 32, "\ud800"])
def test_what_is_not_there_cannot_be_erased(store: SealedStore, unknown: str) -> None:
    with pytest.raises(RecordNotFound):
        store.erase(unknown)


NOTHING = dict.fromkeys(("records", "sessions", "shares", "health_links", "staff_sessions", "people"), 0)
NOTHING |= dict.fromkeys(("print_jobs", "print_orders", "print_results", "imports"), 0)


def test_purge_removes_what_has_expired_and_nothing_else(store: SealedStore, days: list[date]) -> None:
    old = [full_record(store) for _ in range(3)]
    store.save_session("an old browser", {"record": old[0]})
    days[0] = LATER
    new = full_record(store)
    store.save_session("a new browser", {"record": new})

    assert store.purge(sure=True) == {**NOTHING, "records": 3, "sessions": 1}

    assert store.count() == {"records": 1, "submissions": 1}
    assert store.get_draft(new).record_id == new
    assert store.find_session("a new browser") == {"record": new}
    assert store.purge() == NOTHING, "a second time does nothing"


def test_purge_goes_in_small_steps(store: SealedStore, days: list[date], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.store.removing.AT_ONCE", 2)
    held: list[float] = []
    real = store._writing

    def timed():
        began = time.perf_counter()
        held.append(began)
        return real()

    monkeypatch.setattr(store, "_writing", timed)
    for number in range(5):
        store.create_record(content_hash="c", data={"n": number})
    days[0] = LATER
    held.clear()

    assert store.purge(sure=True)["records"] == 5
    assert len(held) == 1 + 3 + 10 + 2, (
        "the clock, records in three steps, a look each at all else that ends, marks, clinics"
    )
