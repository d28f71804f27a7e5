"""Files for a clinic's computer: for so long, taken back, gone with the record, and found by their link alone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from storage import HealthLink, RecordFull, RecordNotFound, SealBroken, StoreFull, SubmitKeyUsed
from storage.health_link_model import MOST_HEALTH_LINKS
from storage.rows.tables import HEALTH_LINKS
from storage.store.store import SealedStore
from tests.test_storage_shares import TODAY, Clock

DAY_SECONDS = 24 * 3600
NOW = 1_795_600_000
FILE = b"head..iv.\ntext\n.tag" * 60_000


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
def link(store: SealedStore, record: str) -> Callable[..., HealthLink]:
    def make(token: str = "t", **other: Any) -> HealthLink:
        options = {"file": FILE, "plan_of": TODAY, "made": NOW, "ends": NOW + DAY_SECONDS, **other}
        return store.make_health_link(record, token=token, **options)

    return make


def test_its_file_comes_back_as_it_was_until_the_second_in_which_it_ends(store, record, link) -> None:
    made = link()
    assert (made.plan_of, made.ends) == (TODAY, NOW + DAY_SECONDS)
    assert store.list_health_links(record, NOW) == (made,)
    assert store.get_health_file("t", made.ends - 1) == FILE
    assert store.list_health_links(record, made.ends) == ()
    for token, now in (("t", made.ends), ("u", NOW), (made.link_id, NOW), ("", NOW), ("\ud800", NOW)):
        with pytest.raises(RecordNotFound):
            store.get_health_file(token, now)


def test_the_same_token_keeps_the_first_file_and_three_stand_at_most(store, record, link) -> None:
    assert link(file=b"first") == link(file=b"second")
    assert store.get_health_file("t", NOW) == b"first"
    for number in range(1, MOST_HEALTH_LINKS):
        link(str(number))
    with pytest.raises(RecordFull):
        link("one more")
    assert link("a day later", made=NOW + DAY_SECONDS, ends=NOW + 2 * DAY_SECONDS)


def test_taken_back_it_is_gone_and_its_token_opens_nothing_ever_again(store, record, link) -> None:
    made, other = link(), link("other")
    stranger = store.create_record(content_hash="content", data={}).record_id
    store.take_back_health_link(stranger, made.link_id)
    assert store.get_health_file("t", NOW) == FILE
    for _ in range(2):
        store.take_back_health_link(record, made.link_id)
    with pytest.raises(RecordNotFound):
        store.get_health_file("t", NOW)
    with pytest.raises(SubmitKeyUsed):
        link()
    assert store.list_health_links(record, NOW) == (other,)


def test_erasing_and_purging_take_it_along(store, record, link, clock) -> None:
    link()
    link("for a week", ends=NOW + 7 * DAY_SECONDS)
    clock.day += timedelta(days=2)
    assert store.purge()["health_links"] == 1
    assert store.get_health_file("for a week", NOW) == FILE
    assert store.erase(record)["health_links"] == 1
    with pytest.raises(RecordNotFound):
        store.get_health_file("for a week", NOW)


def test_one_that_was_changed_or_put_back_from_outside_is_not_given(store, record, link) -> None:
    link()
    kept = link("kept")
    with store.engine.writing() as outside:
        (whole, _) = outside.all_of(HEALTH_LINKS, record)
        outside.put(HEALTH_LINKS, replace(whole, sealed=whole.sealed[:-1] + bytes([whole.sealed[-1] ^ 1])))
    with pytest.raises(SealBroken):
        store.get_health_file("t", NOW)
    assert store.list_health_links(record, NOW) == (kept,)
    store.take_back_health_link(record, whole.row_id)
    with store.engine.writing() as outside:
        outside.put(HEALTH_LINKS, whole)
    for ask in (lambda: store.get_health_file("t", NOW), lambda: store.list_health_links(record, NOW)):
        with pytest.raises(SealBroken):
            ask()


def test_the_room_that_is_left_is_kept_for_answers(store, record, link, monkeypatch) -> None:
    monkeypatch.setattr(type(store.engine), "is_short_of_room", lambda _: True)
    with pytest.raises(StoreFull):
        link()
    assert store.list_health_links(record, NOW) == ()


def test_the_record_lives_on_from_when_it_was_made(store, record, link, clock) -> None:
    clock.day = date(2027, 1, 20)
    link()
    clock.day = date(2027, 4, 1)
    assert store.get_draft(record).record_id == record
