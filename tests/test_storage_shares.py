"""What is shared of a record: by link and code, for so long, taken back, gone with the record; every secret sealed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from storage import RecordFull, RecordNotFound, SealBroken, Share, SubmitKeyUsed
from storage.model import MOST_SHARES
from storage.rows.tables import SHARES, SUBMISSIONS, Table
from storage.store.store import SealedStore

TODAY = date(2026, 11, 25)


class Clock:
    """A day that the tests move on."""

    day = TODAY

    def __call__(self) -> date:
        return self.day


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(engine: Callable[..., SealedStore], tmp_path: Path, clock: Clock) -> SealedStore:
    return engine(tmp_path, tmp_path, today=clock)


@pytest.fixture
def record(store: SealedStore) -> str:
    return store.create_record(content_hash="content", data={"about": {}}).record_id


@pytest.fixture
def share(store: SealedStore, record: str) -> Callable[..., Share]:
    def make(key: str = "k", **options: Any) -> Share:
        return store.make_share(record, **{"submit_key": key, "name": "Ana", "right": "tick", "days": 30, **options})

    return make


def test_a_share_opens_by_link_and_by_code_and_is_not_the_owners_way(store, record, share) -> None:
    made = share()
    for way in (store.open_by_link(made.link), store.open_by_code(made.code)):
        assert (way.record_id, way.share) == (record, made)
    link_and_code = store.make_link_and_code(record)
    assert store.open_by_link(link_and_code.link).share is None
    assert store.open_by_code(link_and_code.code).share is None


def test_the_same_key_makes_one_share_and_another_key_another(store, record, share) -> None:
    assert share("k1") == share("k1")
    assert share("k2") != share("k1")
    assert len(store.list_shares(record)) == 2


@pytest.mark.parametrize("other", [{"name": "Bea"}, {"right": "see"}, {"days": 7}])
def test_a_key_stands_for_one_share_and_no_other(store, record, share, other) -> None:
    made = share("k1")
    with pytest.raises(SubmitKeyUsed):
        share("k1", **other)
    assert store.list_shares(record) == (made,)


def test_a_form_sent_again_after_its_share_was_taken_back_or_is_over_opens_nothing_to_whom_had_it(
    store, record, share, clock
) -> None:
    first = share("k1", days=7)
    store.take_back_share(record, first.share_id)
    second = share("k1", name="Carla", days=7)
    clock.day += timedelta(days=8)
    third = share("k1", name="Carla", days=7)
    assert len({each.share_id for each in (first, second, third)}) == 3
    for gone in (first, second):
        with pytest.raises(RecordNotFound):
            store.get_share(gone.share_id)


def test_it_lasts_through_its_last_day_and_no_longer(store, record, share, clock) -> None:
    made = share(days=7)
    clock.day = TODAY + timedelta(days=7)
    assert store.get_share(made.share_id) == made
    assert store.open_by_link(made.link).share == made
    clock.day += timedelta(days=1)
    for ask in (
        lambda: store.get_share(made.share_id),
        lambda: store.open_by_link(made.link),
        lambda: store.open_by_code(made.code),
        lambda: store.note_opening(made.share_id),
    ):
        with pytest.raises(RecordNotFound):
            ask()
    assert store.list_shares(record) == ()


def test_taken_back_it_opens_nothing_and_taking_it_back_twice_is_no_fault(store, record, share) -> None:
    made, other = share("k1"), share("k2")
    for _ in range(2):
        store.take_back_share(record, made.share_id)
    with pytest.raises(RecordNotFound):
        store.open_by_link(made.link)
    with pytest.raises(RecordNotFound):
        store.open_by_code(made.code)
    assert store.list_shares(record) == (other,)


def test_nobody_takes_back_or_lists_what_is_shared_of_another_record(store, share) -> None:
    made = share()
    other = store.create_record(content_hash="content", data={}).record_id
    store.take_back_share(other, made.share_id)
    assert store.get_share(made.share_id) == made
    assert store.list_shares(other) == ()


def test_its_owner_sees_when_it_was_opened_last_and_the_record_lives_on(store, record, share, clock) -> None:
    made = share(days=90)
    assert made.last_opened is None
    clock.day = TODAY + timedelta(days=60)
    store.note_opening(made.share_id)
    (found,) = store.list_shares(record)
    assert found.last_opened == clock.day
    clock.day = TODAY + timedelta(days=120)
    assert store.get_draft(record).record_id == record


def test_looking_again_on_the_same_day_writes_nothing(store, share, monkeypatch) -> None:
    made = share()
    store.note_opening(made.share_id)
    monkeypatch.setattr("storage.rows.shares.note_opening", lambda *_: pytest.fail("it was written again"))
    store.note_opening(made.share_id)


def test_a_record_is_shared_at_most_twenty_times_at_once(store, record, share, clock) -> None:
    for number in range(MOST_SHARES):
        share(str(number), days=7)
    with pytest.raises(RecordFull):
        share("one more")
    clock.day += timedelta(days=8)
    assert share("one more").name == "Ana"


def test_erasing_and_purging_take_the_shares_along(store, record, share, clock) -> None:
    made = share(days=7)
    other = store.create_record(content_hash="content", data={}).record_id
    kept = store.make_share(other, submit_key="k", name="Bea", right="see", days=90)
    assert store.erase(record)["shares"] == 1
    with pytest.raises(RecordNotFound):
        store.get_share(made.share_id)
    over = store.make_share(other, submit_key="k2", name="Bea", right="see", days=7)
    clock.day += timedelta(days=8)
    assert store.purge()["shares"] == 1
    assert store.list_shares(other) == (kept,)
    assert over not in store.list_shares(other)


def damage(store: SealedStore, table: Table, record: str, which: int) -> None:
    with store.engine.writing() as outside:
        row = outside.all_of(table, record)[which]
        outside.put(table, replace(row, sealed=row.sealed[:-1] + bytes([row.sealed[-1] ^ 1])))


def test_one_damaged_row_keeps_nobody_from_the_list_of_the_others(store, record, share, caplog) -> None:
    damaged, kept = share("k1"), share("k2", name="Bea")
    damage(store, SHARES, record, 0)
    assert store.list_shares(record) == (kept,)
    assert "storage: 1 damaged rows of shares were left out of a list" in caplog.text
    with pytest.raises(SealBroken):
        store.open_by_link(damaged.link)
    assert share("k3").name == "Ana"
    store.take_back_share(record, damaged.share_id)
    assert len(store.list_shares(record)) == 2

    plans = [store.submit(record, submit_key=str(each), content_hash="c", data={"given": each}) for each in range(3)]
    damage(store, SUBMISSIONS, record, 1)
    assert store.list_submissions(record) == (plans[0], plans[2])
    damage(store, SUBMISSIONS, record, 2)
    with pytest.raises(SealBroken):  # the one that everything else is about
        store.list_submissions(record)


@pytest.mark.parametrize("guess", ["", "0" * 32, "x", "\ud800", "é"])
def test_an_unknown_share_is_simply_not_found(store, record, guess) -> None:
    with pytest.raises(RecordNotFound):
        store.get_share(guess)
    store.take_back_share(record, guess)
