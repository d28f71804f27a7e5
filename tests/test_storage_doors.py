"""The link and the code of a record: what opens, what does not, and how slowly codes can be guessed."""

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from storage import RecordNotFound, SealBroken, TooManyTries
from storage.codes import ALPHABET, PLACES, grouped, new_code, read_code
from storage.connecting import connect
from storage.doors import HOUR, WRONG_CODES_AN_HOUR, WRONG_CODES_BY_ONE
from storage.opening import DATABASE
from storage.sqlite import SqliteStore, open_store

NONE_OF_OURS = "2222222222"


@pytest.fixture
def clock() -> list[float]:
    return [1_000_000.0 * HOUR]


@pytest.fixture
def days() -> list[date]:
    return [date(2026, 5, 3)]


@pytest.fixture
def store(tmp_path: Path, clock: list[float], days: list[date]) -> Iterator[SqliteStore]:
    opened = open_store(tmp_path, tmp_path, today=lambda: days[0])
    opened._now = lambda: clock[0]
    yield opened
    opened.close()


@pytest.fixture
def record(store: SqliteStore) -> str:
    return store.create_record(content_hash="c", data={}).record_id


def try_wrong(store: SqliteStore, times: int, asked_by: str = "somebody") -> None:
    for _ in range(times):
        with pytest.raises(RecordNotFound):
            store.open_by_code(NONE_OF_OURS, asked_by=asked_by)


def test_link_and_code_open_their_record_and_can_be_shown_again(store: SqliteStore, record: str) -> None:
    assert store.find_doors(record) is None

    doors = store.make_doors(record)

    assert len(doors.link) == 43
    assert read_code(doors.code) == doors.code
    assert store.open_by_link(doors.link).record_id == record
    assert store.open_by_code(doors.code, asked_by="me").record_id == record
    assert store.find_doors(record) == doors


def test_new_ones_take_the_place_of_those_before(store: SqliteStore, record: str) -> None:
    old = store.make_doors(record)
    new = store.make_doors(record)

    with pytest.raises(RecordNotFound):
        store.open_by_link(old.link)
    with pytest.raises(RecordNotFound):
        store.open_by_code(old.code, asked_by="me")
    assert store.open_by_link(new.link).record_id == record


def test_what_was_taken_back_opens_nothing(store: SqliteStore, record: str) -> None:
    doors = store.make_doors(record)
    store.close_doors(record)

    with pytest.raises(RecordNotFound):
        store.open_by_link(doors.link)
    with pytest.raises(RecordNotFound):
        store.open_by_code(doors.code, asked_by="me")
    assert store.find_doors(record) is None


def test_a_code_is_no_link_and_a_link_no_code(store: SqliteStore, record: str) -> None:
    doors = store.make_doors(record)

    with pytest.raises(RecordNotFound):
        store.open_by_link(doors.code)
    with pytest.raises(RecordNotFound):
        store.open_by_code(doors.link, asked_by="me")


def test_use_keeps_a_record_alive_and_an_expired_one_is_not_found(
    store: SqliteStore, record: str, days: list[date]
) -> None:
    doors = store.make_doors(record)
    days[0] = date(2026, 7, 1)
    store.open_by_link(doors.link)
    days[0] = date(2026, 9, 1)
    assert store.open_by_code(doors.code, asked_by="me").record_id == record
    days[0] = date(2027, 9, 1)

    with pytest.raises(RecordNotFound):
        store.open_by_link(doors.link)
    with pytest.raises(RecordNotFound):
        store.open_by_code(doors.code, asked_by="me")


def test_neither_secret_nor_a_hash_that_can_be_tried_stands_in_the_file(
    store: SqliteStore, record: str, tmp_path: Path
) -> None:
    doors = store.make_doors(record)
    store.close()
    files = b"".join(each.read_bytes() for each in tmp_path.iterdir() if each.name.startswith(DATABASE))

    for secret in (doors.link, doors.code, grouped(doors.code)):
        assert secret.encode() not in files
    assert hashlib.sha256(doors.code.encode()).hexdigest().encode() not in files
    assert hashlib.sha256(doors.link.encode()).hexdigest().encode() in files


def test_wrong_codes_of_one_are_slowed_and_links_and_others_are_not(
    store: SqliteStore, record: str, clock: list[float]
) -> None:
    doors = store.make_doors(record)
    try_wrong(store, WRONG_CODES_BY_ONE)

    with pytest.raises(TooManyTries) as told:
        store.open_by_code(doors.code, asked_by="somebody")
    assert 0 < told.value.retry_after_seconds <= HOUR
    assert store.open_by_link(doors.link).record_id == record
    assert store.open_by_code(doors.code, asked_by="another").record_id == record
    clock[0] += told.value.retry_after_seconds
    assert store.open_by_code(doors.code, asked_by="somebody").record_id == record


def test_wrong_codes_of_all_are_slowed(store: SqliteStore, record: str) -> None:
    doors = store.make_doors(record)
    for number in range(WRONG_CODES_AN_HOUR // WRONG_CODES_BY_ONE):
        try_wrong(store, WRONG_CODES_BY_ONE, asked_by=str(number))

    with pytest.raises(TooManyTries):
        store.open_by_code(doors.code, asked_by="a new one")
    assert store.open_by_link(doors.link).record_id == record


def test_a_right_code_is_no_try(store: SqliteStore, record: str) -> None:
    doors = store.make_doors(record)
    for _ in range(WRONG_CODES_BY_ONE * 3):
        assert store.open_by_code(doors.code, asked_by="me").record_id == record


def test_tries_of_another_hour_are_forgotten(store: SqliteStore, clock: list[float], tmp_path: Path) -> None:
    try_wrong(store, 5)
    clock[0] += HOUR
    try_wrong(store, 1, asked_by="another")

    with connect(tmp_path / DATABASE).conn as outside:
        assert outside.execute("SELECT count(*), max(count) FROM tries").fetchone() == (2, 1)


def test_the_chance_of_a_hit_a_day_is_under_1_in_10_000_with_a_million_records() -> None:
    codes = len(ALPHABET) ** PLACES

    assert 24 * WRONG_CODES_AN_HOUR * 1_000_000 / codes < 1 / 10_000


def test_a_door_that_was_moved_to_another_record_is_noticed(store: SqliteStore, record: str, tmp_path: Path) -> None:
    doors = store.make_doors(record)
    other = store.create_record(content_hash="c", data={}).record_id
    with connect(tmp_path / DATABASE).conn as outside:
        outside.execute("UPDATE doors SET record_id = ?", (other,))

    with pytest.raises(SealBroken):
        store.open_by_link(doors.link)


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "\ud800", "../..", "' OR 1=1 --"])
def test_what_was_never_made_opens_nothing(store: SqliteStore, record: str, token: str) -> None:
    store.make_doors(record)

    with pytest.raises(RecordNotFound):
        store.open_by_link(token)
    with pytest.raises(RecordNotFound):
        store.open_by_code(token, asked_by="me")


def test_a_code_is_ten_letters_and_figures_of_which_none_is_taken_for_another() -> None:
    assert all(len(set(pair) & set(ALPHABET)) <= 1 for pair in ("0O", "1IL", "2Z", "5S", "6G", "8B", "UV"))
    made = {new_code() for _ in range(200)}
    assert len(made) == 200
    assert all(read_code(each) == each for each in made)
    assert grouped("ACDEF23456") == "ACDEF-23456"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("ACDEF-23456", "ACDEF23456"),
        (" acdef 23456 ", "ACDEF23456"),
        ("acdef–23456", "ACDEF23456"),
        ("a c d e f 2 3 4 5 6", "ACDEF23456"),
        ("\u2068ACDEF\u201123456\u2069\ufeff", "ACDEF23456"),  # as a message hands it on
        ("ACDEF\u00ad\u221223\u2003456", "ACDEF23456"),
        ("\uff21\uff23\uff24\uff25\uff26\uff12\uff13\uff14\uff15\uff16", "ACDEF23456"),
        ("ACDEF-2345", None),
        ("ACDEF-234567", None),
        ("ACDEF-2345O", None),
        ("", None),
        ("ACDEF-2345\u0000", None),
    ],
)
def test_a_code_is_read_as_people_type_it(typed: str, read: str | None) -> None:
    assert read_code(typed) == read
