"""Removing for good: what was erased or has expired is in no file any more, and what remains is as it was."""

import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from storage import RecordNotFound
from storage.sqlite.connecting import connect
from storage.sqlite.engine import open_store
from storage.sqlite.opening import DATABASE
from storage.store.store import SealedStore

DAY, LATER = date(2026, 5, 3), date(2027, 5, 3)
OWN_TABLES = {
    "records": "record_id",
    "submissions": "submission_id",
    "photos": "photo_id",
    "ticks": "tick_id",
    "doors": "door_hash",
    "shares": "share_id",
}


@pytest.fixture
def days() -> list[date]:
    return [DAY]


@pytest.fixture
def store(tmp_path: Path, days: list[date]) -> Iterator[SealedStore]:
    opened = open_store(tmp_path, tmp_path, today=lambda: days[0])
    yield opened
    opened.close()


def full_record(store: SealedStore) -> str:
    """A record with something of everything."""
    record = store.create_record(content_hash="c", data={"about": {"age": "a" * 3000}}).record_id
    store.submit(record, submit_key="s", content_hash="c", data={"given": "g" * 3000})
    store.keep_photo(record, submit_key="p", picture=b"\xff\xd8" + bytes(range(256)) * 40)
    store.add_tick(record, submit_key="t", data={"action": "grab-bars", "state": "done"})
    store.make_ways_back(record)
    store.make_share(record, submit_key="a", name="Ana", right="tick", days=30)
    return record


def traces(folder: Path, record: str) -> list[bytes]:
    """Every id, hash and sealed piece that a record has on disk."""
    found: list[bytes] = [record.encode()]
    with connect(folder / DATABASE).conn as outside:
        for table, row_id in OWN_TABLES.items():
            for each, sealed in outside.execute(
                f"SELECT {row_id}, sealed FROM {table} WHERE record_id = ?", (record,)
            ).fetchall():
                found += [each.encode(), bytes(sealed[:40]), bytes(sealed[-40:]), bytes(sealed[200:240])]
    return [each for each in found if each]


def left(folder: Path, wanted: list[bytes]) -> list[bytes]:
    everything = b"".join(each.read_bytes() for each in folder.iterdir() if each.is_file())
    return [each for each in wanted if each in everything]


def test_what_was_erased_is_in_no_file_any_more(store: SealedStore, tmp_path: Path) -> None:
    record, other = full_record(store), full_record(store)
    mine, theirs = traces(tmp_path, record), traces(tmp_path, other)
    assert len(mine) > 15
    assert left(tmp_path, mine) == mine

    counts = store.erase(record)

    assert counts == {"submissions": 1, "photos": 1, "ticks": 1, "doors": 2, "shares": 1}
    assert left(tmp_path, mine) == []
    assert left(tmp_path, theirs) == theirs
    assert store.count() == {"records": 1, "submissions": 1}
    assert store.list_ticks(other)
    with pytest.raises(RecordNotFound):
        store.get_draft(record)
    with pytest.raises(RecordNotFound):
        store.erase(record)


def test_the_twin_that_only_forgets_the_record_leaves_traces(store: SealedStore, tmp_path: Path) -> None:
    """The check itself: a delete that is skipped, or that leaves the journal alone, is seen."""
    record = full_record(store)
    mine = traces(tmp_path, record)
    assert left(tmp_path, mine) == mine
    with store._writing() as rows:
        rows.erase(record)

    assert left(tmp_path, mine), "the journal still holds it"


def test_a_damaged_record_can_be_erased(store: SealedStore, tmp_path: Path) -> None:
    record = full_record(store)
    with connect(tmp_path / DATABASE).conn as outside:
        outside.execute("UPDATE records SET sealed = x'00'")
        outside.execute("UPDATE submissions SET sealed = x'00'")

    store.erase(record)

    assert store.count() == {"records": 0, "submissions": 0}


@pytest.mark.parametrize("unknown", ["", "0" * 32, "\ud800"])
def test_what_is_not_there_cannot_be_erased(store: SealedStore, unknown: str) -> None:
    with pytest.raises(RecordNotFound):
        store.erase(unknown)


def test_purge_removes_what_has_expired_and_nothing_else(store: SealedStore, tmp_path: Path, days: list[date]) -> None:
    old = [full_record(store) for _ in range(3)]
    store.save_session("an old browser", {"record": old[0]})
    wanted = [trace for record in old for trace in traces(tmp_path, record)]
    days[0] = LATER
    new = full_record(store)
    store.save_session("a new browser", {"record": new})

    assert store.purge(sure=True) == {"records": 3, "sessions": 1, "shares": 0}

    assert left(tmp_path, wanted) == []
    assert store.count() == {"records": 1, "submissions": 1}
    assert store.get_draft(new).record_id == new
    assert store.find_session("a new browser") == {"record": new}
    assert store.purge() == {"records": 0, "sessions": 0, "shares": 0}, "a second time does nothing"


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
    assert len(held) == 1 + 3 + 1 + 1 + 1, "the clock, three steps for records, a look each at sessions, shares, marks"
