"""What was done with a plan, in the store: sealed, in order, only ever added to, each tap once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from storage import RecordFull, RecordNotFound, SealBroken
from storage.rows.protocol import Rows, StoredRow
from storage.rows.tables import TICKS
from storage.store import store as the_store
from storage.store.store import SealedStore

Engine = Callable[..., SealedStore]
DONE = {"action": "grab-bars", "state": "done"}
OPEN = {"action": "grab-bars", "state": "open"}


@pytest.fixture
def day() -> list[date]:
    return [date(2026, 1, 1)]


@pytest.fixture
def store(engine: Engine, tmp_path: Path, day: list[date]) -> Iterator[SealedStore]:
    opened = engine(tmp_path, tmp_path, today=lambda: day[0])
    yield opened
    opened.close()


@pytest.fixture
def record(store: SealedStore) -> str:
    return store.create_record(content_hash="c", data={}).record_id


def test_what_was_ticked_comes_back_in_order(store: SealedStore, record: str) -> None:
    assert store.list_ticks(record) == ()

    for number, data in enumerate((DONE, OPEN, DONE)):
        store.add_tick(record, submit_key=str(number), data=data)

    assert store.list_ticks(record) == (DONE, OPEN, DONE)


def test_a_double_tap_is_one_tick(store: SealedStore, record: str) -> None:
    store.add_tick(record, submit_key="k", data=DONE)
    store.add_tick(record, submit_key="k", data=OPEN)

    assert store.list_ticks(record) == (DONE,)


def test_two_people_who_tick_at_once_lose_nothing(store: SealedStore, record: str) -> None:
    ticks = [{"action": f"a{number}", "state": "done"} for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda tick: store.add_tick(record, submit_key=tick["action"], data=tick), ticks))

    assert sorted(store.list_ticks(record), key=lambda each: int(each["action"][1:])) == ticks


def test_ticks_belong_to_their_record(store: SealedStore, record: str) -> None:
    other = store.create_record(content_hash="c", data={}).record_id
    store.add_tick(record, submit_key="k", data=DONE)
    store.add_tick(other, submit_key="k", data=OPEN)

    assert store.list_ticks(other) == (OPEN,)


def test_a_record_that_is_not_there_has_no_ticks(store: SealedStore) -> None:
    with pytest.raises(RecordNotFound):
        store.list_ticks("0" * 32)
    with pytest.raises(RecordNotFound):
        store.add_tick("0" * 32, submit_key="k", data=DONE)


def test_there_is_an_end_to_ticks(store: SealedStore, record: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(the_store, "MOST_TICKS", 3)
    for number in range(3):
        store.add_tick(record, submit_key=str(number), data=DONE)

    with pytest.raises(RecordFull):
        store.add_tick(record, submit_key="one more", data=DONE)
    store.add_tick(record, submit_key="2", data=DONE)
    assert len(store.list_ticks(record)) == 3


def cut_one_out(outside: Rows, ticks: list[StoredRow]) -> None:
    outside.delete(TICKS, ticks[1].row_id)


def number_one_anew(outside: Rows, ticks: list[StoredRow]) -> None:
    outside.put(TICKS, replace(ticks[2], bound={**ticks[2].bound, "number": 13}))


def cut_a_byte_off(outside: Rows, ticks: list[StoredRow]) -> None:
    outside.put(TICKS, replace(ticks[0], sealed=ticks[0].sealed[1:]))


def repeat_the_first(outside: Rows, ticks: list[StoredRow]) -> None:
    outside.put(TICKS, replace(ticks[1], sealed=ticks[0].sealed))


def harmed(store: SealedStore, record: str, harm: Callable[..., None]) -> None:
    for number in range(3):
        store.add_tick(record, submit_key=str(number), data={**DONE, "number": number})
    with store.engine.writing() as outside:
        harm(outside, outside.all_of(TICKS, record))


def test_a_tick_that_is_gone_is_noticed(store: SealedStore, record: str) -> None:
    harmed(store, record, cut_one_out)
    with pytest.raises(SealBroken):
        store.list_ticks(record)


@pytest.mark.parametrize(
    ("harm", "left"), [(number_one_anew, [0, 1]), (cut_a_byte_off, [1, 2]), (repeat_the_first, [0, 2])]
)
def test_one_that_was_changed_from_outside_is_left_out_and_that_is_told(
    store: SealedStore, record: str, harm: Callable[..., None], left: list[int]
) -> None:
    other = store.create_record(content_hash="c", data={}).record_id
    harmed(store, record, harm)
    assert [each["number"] for each in store.list_ticks(record)] == left
    assert (store.has_damage(record), store.has_damage(other)) == (True, False)
    store.add_tick(record, submit_key="new", data={**DONE, "number": 9})
    assert [each["number"] for each in store.list_ticks(record)] == [*left, 9]


def test_ticks_that_were_laid_in_another_order_are_read_in_theirs(store: SealedStore, record: str) -> None:
    for number in range(3):
        store.add_tick(record, submit_key=str(number), data={"number": number})
    with store.engine.writing() as outside:
        first = outside.all_of(TICKS, record)[0]
        outside.delete(TICKS, first.row_id)
        outside.put(TICKS, first)

    assert [each["number"] for each in store.list_ticks(record)] == [0, 1, 2]


def test_a_tick_moves_the_expiry_of_its_record(store: SealedStore, record: str, day: list[date]) -> None:
    day[0] = date(2026, 3, 1)
    store.add_tick(record, submit_key="k", data=DONE)
    day[0] = date(2026, 5, 1)

    assert store.list_ticks(record) == (DONE,)
