"""A clock that is wrong: nothing is lost for good, nothing expires by it, and what is right again goes on as before."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from storage import RecordNotFound, RemovingWaits
from storage.rows.clock import MANY, MAY_PASS_DAYS, WAIT_DAYS, Clock
from storage.rows.protocol import StoredRow
from storage.rows.tables import DAYS
from storage.store.store import SealedStore

Engine = Callable[..., SealedStore]
DAY = date(2026, 11, 28)
NOTHING = dict.fromkeys(("records", "sessions", "shares", "health_links", "staff_sessions", "people"), 0)
NOTHING |= dict.fromkeys(("print_jobs", "print_orders", "print_results", "imports"), 0)


class Place:
    """One folder, whose app is started on any day."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        self.folder = folder
        self.engine = engine
        self.opened: SealedStore | None = None

    def start(self, day: date) -> SealedStore:
        """As flask serve does: opened, and what has expired removed, if that may be."""
        self.stop()
        self.opened = self.engine(self.folder, self.folder, today=lambda: day)
        return self.opened

    def stop(self) -> None:
        if self.opened:
            self.opened.close()
        self.opened = None


@pytest.fixture
def place(tmp_path: Path, engine: Engine) -> Iterator[Place]:
    made = Place(tmp_path, engine)
    yield made
    made.stop()


def person(store: SealedStore) -> str:
    return store.create_record(content_hash="c", data={"age": 78}).record_id


def test_one_start_with_a_clock_100_days_ahead_removes_nobody(place: Place) -> None:
    store = place.start(DAY)
    record = person(store)
    store.save_session("a browser", {"record": record})
    assert store.purge() == NOTHING
    wrong = place.start(DAY + timedelta(days=100))
    with pytest.raises(RemovingWaits, match="the clock went from 2026-11-28 to 2027-03-08 at once"):
        wrong.purge()
    assert wrong.get_draft(record).data == {"age": 78}, "nothing counts as expired by a clock that jumped"
    assert wrong.find_session("a browser") == {"record": record}, "so no browser forgets what it may open"
    again = place.start(DAY + timedelta(days=1))
    assert again.purge() == NOTHING
    assert again.get_draft(record).data == {"age": 78}


def test_where_the_days_are_damaged_the_rest_is_read_and_nothing_is_removed(place: Place) -> None:
    store = place.start(DAY)
    record = person(store)
    store.purge()
    with store.engine.writing() as outside:
        for each in (*outside.all(DAYS), StoredRow("before-2026-13-0x", {"day": "2026-11-28"})):
            outside.put(DAYS, replace(each, sealed=b"\0" * 40))
    damaged = place.start(DAY + timedelta(days=100))
    assert damaged.get_draft(record).data == {"age": 78}
    with pytest.raises(RemovingWaits):
        damaged.purge()
    assert damaged.get_draft(record).data == {"age": 78}


def test_a_day_that_is_right_after_all_is_believed_after_a_week_or_when_somebody_says_so(place: Place) -> None:
    store = place.start(DAY)
    first, later = person(store), DAY + timedelta(days=100)
    store.purge()
    for day in range(WAIT_DAYS):
        store = place.start(later + timedelta(days=day))
        with pytest.raises(RemovingWaits):
            store.purge()
        store.change_draft(first, lambda data: data, content_hash="c")
    store = place.start(later + timedelta(days=WAIT_DAYS))
    assert store.purge()["records"] == 0, "its owner used it meanwhile"

    other = place.start(later + timedelta(days=200))
    with pytest.raises(RemovingWaits):
        other.purge()
    assert other.purge(sure=True)["records"] == 1
    with pytest.raises(RecordNotFound):
        other.get_draft(first)


def test_whoever_starts_the_app_once_a_week_waits_for_nothing(place: Place) -> None:
    store = place.start(DAY)
    record = person(store)
    store.purge()
    removed = []
    for week in range(1, 15):
        store = place.start(DAY + timedelta(days=7 * week))
        removed.append(store.purge()["records"])
    assert sum(removed) == 1
    assert removed[12] == 1, "on the first start after 90 days"
    with pytest.raises(RecordNotFound):
        store.get_draft(record)


def test_before_the_first_note_the_newest_use_tells_of_a_jump(place: Place) -> None:
    """The first start with this release may be the one with the wrong clock."""
    store = place.start(DAY)
    person(store)
    wrong = place.start(DAY + timedelta(days=100))
    with pytest.raises(RemovingWaits):
        wrong.purge()


def test_most_records_do_not_go_at_once_before_a_week(place: Place) -> None:
    """A clock that is wrong by less than what counts as a jump, or counts that are wrong in another way."""
    store = place.start(DAY)
    for _ in range(MANY + 1):
        person(store)
    for day in range(10, 91, 10):
        store = place.start(DAY + timedelta(days=day))
        assert store.purge() == NOTHING
    for day in range(91, 91 + WAIT_DAYS):
        store = place.start(DAY + timedelta(days=day))
        with pytest.raises(RemovingWaits, match="21 of 21 records would go at once"):
            store.purge()
    store = place.start(DAY + timedelta(days=91 + WAIT_DAYS))
    assert store.purge()["records"] == MANY + 1


def test_a_clock_that_was_set_back_shortens_nothing(place: Place) -> None:
    store = place.start(DAY)
    record = person(store)
    store.purge()
    back = place.start(DAY - timedelta(days=300))
    back.change_draft(record, lambda data: data, content_hash="c")
    back.purge()
    right = place.start(DAY + timedelta(days=5))
    with pytest.raises(RemovingWaits):
        right.purge()
    assert right.get_draft(record)


STEPS = [
    ("the first day", Clock(), 0, Clock(seen=DAY, trusted=DAY)),
    ("the next day", Clock(seen=DAY, trusted=DAY), 1, Clock(seen=DAY + timedelta(1), trusted=DAY + timedelta(1))),
    (
        "the longest pause",
        Clock(seen=DAY, trusted=DAY),
        MAY_PASS_DAYS,
        Clock(seen=DAY + timedelta(MAY_PASS_DAYS), trusted=DAY + timedelta(MAY_PASS_DAYS)),
    ),
    (
        "a day longer is a jump",
        Clock(seen=DAY, trusted=DAY),
        MAY_PASS_DAYS + 1,
        Clock(
            seen=DAY + timedelta(MAY_PASS_DAYS + 1),
            trusted=DAY,
            jumped=DAY + timedelta(MAY_PASS_DAYS + 1),
            before_jumps=frozenset({DAY}),
        ),
    ),
    (
        "set back by as long is a jump too, and nothing waits for it",
        Clock(seen=DAY, trusted=DAY),
        -(MAY_PASS_DAYS + 1),
        Clock(
            seen=DAY - timedelta(MAY_PASS_DAYS + 1),
            trusted=DAY - timedelta(MAY_PASS_DAYS + 1),
            before_jumps=frozenset({DAY}),
        ),
    ),
    (
        "mended",
        Clock(seen=DAY + timedelta(100), trusted=DAY, jumped=DAY + timedelta(100)),
        1,
        Clock(seen=DAY + timedelta(1), trusted=DAY + timedelta(1)),
    ),
    (
        "another jump begins the week anew",
        Clock(seen=DAY, trusted=DAY - timedelta(100), jumped=DAY),
        50,
        Clock(
            seen=DAY + timedelta(50),
            trusted=DAY - timedelta(100),
            jumped=DAY + timedelta(50),
            before_jumps=frozenset({DAY}),
        ),
    ),
]


@pytest.mark.parametrize(("case", "clock", "days", "then"), STEPS, ids=[each[0] for each in STEPS])
def test_what_is_known_of_a_clock(case: str, clock: Clock, days: int, then: Clock) -> None:
    assert clock.at(DAY + timedelta(days)) == then
