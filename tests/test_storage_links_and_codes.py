"""The link and the code of a record: what opens, what does not, and that codes cannot be guessed."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from storage import RecordNotFound, SealBroken
from storage.rows import links_and_codes
from storage.rows.codes import ALPHABET, PLACES, grouped, new_code, read_code
from storage.rows.tables import LINKS_AND_CODES
from storage.store.pace import GAP_SECONDS, Pace
from storage.store.store import SealedStore

NONE_OF_OURS = "2" * PLACES
SECONDS_A_YEAR = 366 * 24 * 3600


@pytest.fixture
def days() -> list[date]:
    return [date(2026, 5, 3)]


@pytest.fixture
def store(engine: Callable[..., SealedStore], tmp_path: Path, days: list[date]) -> Iterator[SealedStore]:
    opened = engine(tmp_path, tmp_path, today=lambda: days[0])
    yield opened
    opened.close()


@pytest.fixture
def record(store: SealedStore) -> str:
    return store.create_record(content_hash="c", data={}).record_id


def test_link_and_code_open_their_record_and_can_be_shown_again(store: SealedStore, record: str) -> None:
    assert store.find_link_and_code(record) is None

    link_and_code = store.make_link_and_code(record)

    assert len(link_and_code.link) == 43
    assert read_code(link_and_code.code) == link_and_code.code
    assert store.open_by_link(link_and_code.link).record_id == record
    assert store.open_by_code(link_and_code.code).record_id == record
    assert store.find_link_and_code(record) == link_and_code


def test_new_ones_take_the_place_of_those_before(store: SealedStore, record: str) -> None:
    old = store.make_link_and_code(record)
    new = store.make_link_and_code(record)

    with pytest.raises(RecordNotFound):
        store.open_by_link(old.link)
    with pytest.raises(RecordNotFound):
        store.open_by_code(old.code)
    assert store.open_by_link(new.link).record_id == record


def test_what_was_taken_back_opens_nothing(store: SealedStore, record: str) -> None:
    link_and_code = store.make_link_and_code(record)
    store.close_link_and_code(record)

    with pytest.raises(RecordNotFound):
        store.open_by_link(link_and_code.link)
    with pytest.raises(RecordNotFound):
        store.open_by_code(link_and_code.code)
    assert store.find_link_and_code(record) is None


def test_a_way_in_that_was_used_today_opens_while_nothing_can_be_written(
    store: SealedStore, record: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    link_and_code = store.make_link_and_code(record)
    monkeypatch.setattr(type(store.engine), "writing", lambda _: pytest.fail("it was written again"))
    assert store.open_by_link(link_and_code.link).record_id == record
    assert store.open_by_code(link_and_code.code).record_id == record


def test_a_code_is_no_link_and_a_link_no_code(store: SealedStore, record: str) -> None:
    link_and_code = store.make_link_and_code(record)

    with pytest.raises(RecordNotFound):
        store.open_by_link(link_and_code.code)
    with pytest.raises(RecordNotFound):
        store.open_by_code(link_and_code.link)


def test_use_keeps_a_record_alive_and_an_expired_one_is_not_found(
    store: SealedStore, record: str, days: list[date]
) -> None:
    link_and_code = store.make_link_and_code(record)
    days[0] = date(2026, 7, 1)
    store.open_by_link(link_and_code.link)
    days[0] = date(2026, 9, 1)
    assert store.open_by_code(link_and_code.code).record_id == record
    days[0] = date(2027, 9, 1)

    with pytest.raises(RecordNotFound):
        store.open_by_link(link_and_code.link)
    with pytest.raises(RecordNotFound):
        store.open_by_code(link_and_code.code)


def test_a_right_code_opens_at_once_after_any_number_of_wrong_ones(
    store: SealedStore, record: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is counted: 300 wrong ones from anywhere used to shut everybody out for an hour."""
    code, slept = store.make_link_and_code(record).code, []
    monkeypatch.setattr("storage.store.pace.time.sleep", slept.append)
    for _ in range(400):
        with pytest.raises(RecordNotFound):
            store.open_by_code(NONE_OF_OURS)
    waited = len(slept)

    assert waited == 400, "each wrong one waits for its turn"
    assert store.open_by_code(code).record_id == record
    assert len(slept) == waited, "and the right one for none"


def test_turns_are_a_gap_apart_whatever_is_done_to_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight threads that come at once wait for eight gaps at most; the time of day takes no part."""
    slept: list[float] = []
    monkeypatch.setattr("storage.store.pace.time.sleep", slept.append)
    monkeypatch.setattr("storage.store.pace.time.monotonic", lambda: 1000.0)
    monkeypatch.setattr("storage.store.pace.time.time", lambda: pytest.fail("the clock was asked"))
    pace = Pace()
    for _ in range(8):
        pace.wait()

    assert slept == pytest.approx([GAP_SECONDS * (number + 1) for number in range(8)])
    assert max(slept) <= 0.05


def test_the_odds_that_a_code_is_guessed_in_a_year_are_under_1_in_1000_with_10000_of_them() -> None:
    """At the highest pace, day and night; where a right code is never refused, nothing else holds a guesser back."""
    guesses = SECONDS_A_YEAR / GAP_SECONDS
    odds = guesses * 10_000 / len(ALPHABET) ** PLACES

    assert 1 / 2000 < odds < 1 / 1000
    assert guesses * 10_000 / len(ALPHABET) ** 10 > 1 / 3, "ten places were too few for that"


def test_a_pair_made_when_codes_had_ten_places_is_offered_anew_and_its_link_still_opens(
    store: SealedStore, record: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr(links_and_codes, "new_code", lambda: "ACDEF23456")
        link = store.make_link_and_code(record).link

    assert store.find_link_and_code(record) is None
    assert store.open_by_link(link).record_id == record
    assert store.make_link_and_code(record).code != "ACDEF23456"
    with pytest.raises(RecordNotFound):
        store.open_by_link(link)


def test_a_door_that_was_moved_to_another_record_is_noticed(store: SealedStore, record: str) -> None:
    link_and_code = store.make_link_and_code(record)
    other = store.create_record(content_hash="c", data={}).record_id
    with store.engine.writing() as outside:
        for each in outside.all_of(LINKS_AND_CODES, record):
            outside.put(LINKS_AND_CODES, replace(each, bound={**each.bound, "record_id": other}))

    with pytest.raises(SealBroken):
        store.open_by_link(link_and_code.link)


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "\ud800", "../..", "' OR 1=1 --"])
def test_what_was_never_made_opens_nothing(store: SealedStore, record: str, token: str) -> None:
    store.make_link_and_code(record)

    with pytest.raises(RecordNotFound):
        store.open_by_link(token)
    with pytest.raises(RecordNotFound):
        store.open_by_code(token)


def test_a_code_is_twelve_letters_and_figures_of_which_none_is_taken_for_another() -> None:
    assert all(len(set(pair) & set(ALPHABET)) <= 1 for pair in ("0O", "1IL", "2Z", "5S", "6G", "8B", "UV"))
    made = {new_code() for _ in range(200)}
    assert len(made) == 200
    assert all(read_code(each) == each for each in made)
    assert grouped("ACDEF23456HJ") == "ACDE-F234-56HJ"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("ACDE-F234-56HJ", "ACDEF23456HJ"),
        (" acde f234 56hj ", "ACDEF23456HJ"),
        ("acde–f234–56hj", "ACDEF23456HJ"),
        ("a c d e f 2 3 4 5 6 h j", "ACDEF23456HJ"),
        ("\u2068ACDE\u2011F234\u201156HJ\u2069\ufeff", "ACDEF23456HJ"),  # as a message hands it on
        ("ACDEF\u00ad\u221223\u2003456HJ", "ACDEF23456HJ"),
        ("\uff21\uff23\uff24\uff25\uff26\uff12\uff13\uff14\uff15\uff16HJ", "ACDEF23456HJ"),
        ("ACDE-F234-56H", None),
        ("ACDE-F234-56HJK", None),
        ("ACDE-F234-56HO", None),
        ("ACDEF-23456", None),
        ("", None),
        ("ACDE-F234-56H\u0000", None),
    ],
)
def test_a_code_is_read_as_people_type_it(typed: str, read: str | None) -> None:
    assert read_code(typed) == read
