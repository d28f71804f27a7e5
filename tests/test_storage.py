"""What a store owes, on every engine."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import RecordFull, RecordNotFound, StoreBusy, SubmitKeyUsed
from storage.sqlite.connecting import connect
from storage.sqlite.engine import open_store
from storage.sqlite.later_migrations import migrations
from storage.sqlite.opening import DATABASE
from storage.store.store import SealedStore

Engine = Callable[..., SealedStore]
ANSWERS = {"falls": {"fell-past-year": "yes"}, "about": {"age": 72, "height-cm": 158.5, "sex": None}}
WITH_CONTENT = {"content_hash": "content-1"}


class Calendar:
    """A day that a test turns."""

    def __init__(self) -> None:
        self.day = date(2026, 11, 22)

    def __call__(self) -> date:
        return self.day


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
def store(engine: Engine, tmp_path: Path, calendar: Calendar) -> Iterator[SealedStore]:
    store = engine(tmp_path, tmp_path, today=calendar)
    yield store
    store.close()


def answer(name: str, value: Any) -> Any:
    return lambda data: {**data, name: value}


def test_a_new_record_holds_what_was_given(store: SealedStore) -> None:
    draft = store.create_record(data=ANSWERS, **WITH_CONTENT)
    assert (draft.revision, draft.content_hash, draft.data) == (1, "content-1", ANSWERS)
    assert store.get_draft(draft.record_id) == draft


def test_record_ids_are_random(store: SealedStore) -> None:
    ids = {store.create_record(data={}, **WITH_CONTENT).record_id for _ in range(100)}
    assert len(ids) == 100
    assert all(len(bytes.fromhex(record_id)) == 16 for record_id in ids)


def test_a_change_raises_the_revision_and_names_its_content(store: SealedStore) -> None:
    record_id = store.create_record(data={}, **WITH_CONTENT).record_id
    draft = store.change_draft(record_id, answer("age", 72), content_hash="content-2")
    assert (draft.revision, draft.content_hash, draft.data) == (2, "content-2", {"age": 72})
    assert store.get_draft(record_id) == draft


def test_a_change_may_be_made_in_place(store: SealedStore) -> None:
    record_id = store.create_record(data={"age": 7}, **WITH_CONTENT).record_id
    store.change_draft(record_id, lambda data: data.update(age=72), **WITH_CONTENT)
    assert store.get_draft(record_id).data == {"age": 72}


@pytest.mark.parametrize("change", [dict, lambda _: None], ids=["returned", "left alone"])
def test_the_same_answers_again_are_no_new_revision(store: SealedStore, change: Any) -> None:
    draft = store.create_record(data=ANSWERS, **WITH_CONTENT)
    assert store.change_draft(draft.record_id, change, **WITH_CONTENT) == draft


def test_one_and_true_are_different_answers(store: SealedStore) -> None:
    record_id = store.create_record(data={"ticked": 1}, **WITH_CONTENT).record_id
    assert store.change_draft(record_id, answer("ticked", True), **WITH_CONTENT).revision == 2
    assert store.get_draft(record_id).data["ticked"] is True


def test_a_change_that_fails_leaves_the_draft_as_it_was(store: SealedStore) -> None:
    draft = store.create_record(data=ANSWERS, **WITH_CONTENT)

    def fail(data: dict[str, Any]) -> None:
        data.clear()
        raise KeyError("no such question")

    with pytest.raises(KeyError):
        store.change_draft(draft.record_id, fail, **WITH_CONTENT)
    assert store.get_draft(draft.record_id) == draft
    assert store.change_draft(draft.record_id, answer("age", 72), **WITH_CONTENT).revision == 2


def test_what_is_not_json_is_not_kept(store: SealedStore) -> None:
    draft = store.create_record(data=ANSWERS, **WITH_CONTENT)
    for value in (date(2026, 11, 22), float("nan"), {1, 2}):
        with pytest.raises((TypeError, ValueError)):
            store.change_draft(draft.record_id, answer("day", value), **WITH_CONTENT)
    assert store.get_draft(draft.record_id) == draft


def test_two_threads_that_change_a_draft_lose_nothing(store: SealedStore) -> None:
    record_id = store.create_record(data={}, **WITH_CONTENT).record_id

    def write(thread: int) -> None:
        for number in range(50):
            store.change_draft(record_id, answer(f"{thread}-{number}", "yes"), **WITH_CONTENT)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(write, range(2)))
    draft = store.get_draft(record_id)
    assert draft.data == {f"{thread}-{number}": "yes" for thread in range(2) for number in range(50)}
    assert draft.revision == 101


def test_eight_threads_that_share_a_session_lose_nothing(store: SealedStore) -> None:
    def add(number: int) -> None:
        for _ in count():
            try:
                store.change_session("browser", answer(str(number), "record"))
            except StoreBusy:
                continue
            return

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(add, range(80)))
    assert store.find_session("browser") == {str(number): "record" for number in range(80)}


def test_a_submission_is_kept_as_it_was(store: SealedStore) -> None:
    record_id = store.create_record(data=ANSWERS, **WITH_CONTENT).record_id
    submission = store.submit(record_id, submit_key="k1", data={"plan": ["a"]}, **WITH_CONTENT)
    store.change_draft(record_id, answer("age", 73), content_hash="content-2")
    assert store.get_submission(record_id, submission.submission_id) == submission
    assert (submission.record_id, submission.data) == (record_id, {"plan": ["a"]})


def test_every_submission_of_a_record_is_listed_in_the_order_they_came(store: SealedStore) -> None:
    mine, others = (store.create_record(data=ANSWERS, **WITH_CONTENT).record_id for _ in range(2))
    for number in range(9):
        store.submit(mine, submit_key=f"k{number}", data={"number": number}, **WITH_CONTENT)
        store.submit(others, submit_key=f"k{number}", data={"number": -number}, **WITH_CONTENT)
    assert [each.data["number"] for each in store.list_submissions(mine)] == list(range(9))
    assert store.list_submissions(mine)[-1] == store.find_latest_submission(mine)


def test_a_record_holds_so_many_submissions_and_says_so(store: SealedStore, monkeypatch) -> None:
    monkeypatch.setattr("storage.store.store.MOST_SUBMISSIONS", 2)
    record_id = store.create_record(data=ANSWERS, **WITH_CONTENT).record_id
    for key in ("k1", "k2", "k1"):
        store.submit(record_id, submit_key=key, data=ANSWERS, **WITH_CONTENT)
    with pytest.raises(RecordFull):
        store.submit(record_id, submit_key="k3", data=ANSWERS, **WITH_CONTENT)
    assert len(store.list_submissions(record_id)) == 2


def test_a_double_tap_stores_once(store: SealedStore) -> None:
    record_id = store.create_record(data=ANSWERS, **WITH_CONTENT).record_id
    first = store.submit(record_id, submit_key="k1", data=ANSWERS, **WITH_CONTENT)
    assert store.submit(record_id, submit_key="k1", data=ANSWERS, **WITH_CONTENT) == first
    assert store.count() == {"records": 1, "submissions": 1}


def test_taps_at_the_same_moment_store_once(store: SealedStore) -> None:
    record_id = store.create_record(data=ANSWERS, **WITH_CONTENT).record_id

    def tap(_: int) -> str:
        return store.submit(record_id, submit_key="k1", data=ANSWERS, **WITH_CONTENT).submission_id

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(tap, range(16)))) == 1
    assert store.count()["submissions"] == 1


def test_a_submit_key_stands_for_one_set_of_answers(store: SealedStore) -> None:
    record_id = store.create_record(data=ANSWERS, **WITH_CONTENT).record_id
    first = store.submit(record_id, submit_key="k1", data=ANSWERS, **WITH_CONTENT)
    with pytest.raises(SubmitKeyUsed):
        store.submit(record_id, submit_key="k1", data={"other": "answers"}, **WITH_CONTENT)
    assert store.find_latest_submission(record_id) == first
    assert store.count()["submissions"] == 1


def test_another_record_may_use_the_same_key(store: SealedStore) -> None:
    one, other = (store.create_record(data={}, **WITH_CONTENT).record_id for _ in range(2))
    store.submit(one, submit_key="k1", data={"of": "one"}, **WITH_CONTENT)
    store.submit(other, submit_key="k1", data={"of": "other"}, **WITH_CONTENT)
    assert (store.find_latest_submission(one), store.find_latest_submission(other)) == (
        store.submit(one, submit_key="k1", data={"of": "one"}, **WITH_CONTENT),
        store.submit(other, submit_key="k1", data={"of": "other"}, **WITH_CONTENT),
    )


def test_the_latest_submission_is_the_last_one_made(store: SealedStore) -> None:
    record_id = store.create_record(data=ANSWERS, **WITH_CONTENT).record_id
    assert store.find_latest_submission(record_id) is None
    for number in range(5):
        made = store.submit(record_id, submit_key=f"k{number}", data={"n": number}, **WITH_CONTENT)
        assert store.find_latest_submission(record_id) == made
    assert store.get_draft(record_id).revision == 1


def test_a_submission_is_not_reached_through_another_record(store: SealedStore) -> None:
    one, other = (store.create_record(data={}, **WITH_CONTENT).record_id for _ in range(2))
    submission = store.submit(one, submit_key="k1", data=ANSWERS, **WITH_CONTENT)
    with pytest.raises(RecordNotFound):
        store.get_submission(other, submission.submission_id)


@given(unknown=st.text())
def test_an_unknown_id_is_simply_not_found(store_of_examples: SealedStore, known_record: str, unknown: str) -> None:
    store = store_of_examples
    for ask in (
        lambda: store.get_draft(unknown),
        lambda: store.change_draft(unknown, dict, **WITH_CONTENT),
        lambda: store.submit(unknown, submit_key=unknown, data={}, **WITH_CONTENT),
        lambda: store.find_latest_submission(unknown),
        lambda: store.get_submission(unknown, unknown),
        lambda: store.list_submissions(unknown),
        lambda: store.get_submission(known_record, unknown),
        lambda: store.get_content(unknown),
    ):
        with pytest.raises(RecordNotFound):
            ask()
    assert store.find_session(unknown) is None


@pytest.fixture(scope="module")
def store_of_examples(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SealedStore]:
    folder = tmp_path_factory.mktemp("examples")
    store = engine(folder, folder)
    yield store
    store.close()


@pytest.fixture(scope="module")
def known_record(store_of_examples: SealedStore) -> str:
    return store_of_examples.create_record(data={}, **WITH_CONTENT).record_id


json_objects = st.dictionaries(
    st.text(),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=5,
    ),
)


@given(typed=json_objects)
def test_whatever_was_typed_comes_back(store_of_examples: SealedStore, typed: Mapping[str, Any]) -> None:
    record_id = store_of_examples.create_record(data=typed, **WITH_CONTENT).record_id
    assert store_of_examples.get_draft(record_id).data == typed


def test_a_session_is_found_by_its_id_alone(store: SealedStore) -> None:
    assert store.find_session("browser-1") is None
    store.save_session("browser-1", {"records": ["r1"]})
    store.save_session("browser-1", {"records": ["r1", "r2"]})
    store.save_session("browser-2", {"records": []})
    assert store.find_session("browser-1") == {"records": ["r1", "r2"]}


def test_a_session_may_be_changed_before_it_exists(store: SealedStore) -> None:
    assert store.change_session("browser", answer("lang", "es")) == {"lang": "es"}
    assert store.find_session("browser") == {"lang": "es"}


@pytest.mark.parametrize(("days", "alive"), [(0, True), (90, True), (91, False), (4000, False)])
def test_records_and_sessions_expire_90_days_after_they_were_written(
    store: SealedStore, calendar: Calendar, days: int, alive: bool
) -> None:
    record_id = store.create_record(data={}, **WITH_CONTENT).record_id
    submission = store.submit(record_id, submit_key="k1", data={}, **WITH_CONTENT)
    store.save_session("browser", {})
    calendar.day += timedelta(days=days)
    assert (store.find_session("browser") is not None) is alive
    for ask in (
        lambda: store.get_draft(record_id),
        lambda: store.change_draft(record_id, dict, **WITH_CONTENT),
        lambda: store.get_submission(record_id, submission.submission_id),
    ):
        with nullcontext() if alive else pytest.raises(RecordNotFound):
            ask()


def test_every_use_moves_the_expiry(store: SealedStore, calendar: Calendar) -> None:
    record_id = store.create_record(data=ANSWERS, **WITH_CONTENT).record_id
    for use in (
        lambda: store.change_draft(record_id, answer("age", 1), **WITH_CONTENT),
        lambda: store.change_draft(record_id, dict, **WITH_CONTENT),
        lambda: store.submit(record_id, submit_key="k1", data={}, **WITH_CONTENT),
    ):
        calendar.day += timedelta(days=60)
        use()
    assert store.get_draft(record_id).revision == 2


def test_an_expired_session_starts_empty(store: SealedStore, calendar: Calendar) -> None:
    store.save_session("browser", {"records": ["r1"]})
    calendar.day += timedelta(days=91)
    assert store.change_session("browser", answer("lang", "en")) == {"lang": "en"}


def test_content_is_kept_once_and_never_rewritten(store: SealedStore) -> None:
    store.keep_content("hash-1", b"Stand up slowly. " * 1000)
    store.keep_content("hash-1", b"Stand up slowly. " * 1000)
    with pytest.raises(ValueError, match="another text"):
        store.keep_content("hash-1", b"Stand up fast.")
    assert store.get_content("hash-1") == b"Stand up slowly. " * 1000


def test_counts_follow_the_writes(store: SealedStore) -> None:
    assert store.count() == {"records": 0, "submissions": 0}
    for number in range(3):
        record_id = store.create_record(data={}, **WITH_CONTENT).record_id
        for key in range(number):
            store.submit(record_id, submit_key=str(key), data={}, **WITH_CONTENT)
    assert store.count() == {"records": 3, "submissions": 3}


def test_everything_is_there_after_a_restart(engine: Engine, tmp_path: Path, calendar: Calendar) -> None:
    first = engine(tmp_path, tmp_path, today=calendar)
    draft = first.create_record(data=ANSWERS, **WITH_CONTENT)
    secret = first.derive("csrf")
    first.close()
    second = engine(tmp_path, tmp_path, today=calendar)
    assert second.get_draft(draft.record_id) == draft
    assert second.derive("csrf") == secret
    second.close()


def test_a_closed_store_opens_again_when_it_is_asked(store: SealedStore) -> None:
    draft = store.create_record(data=ANSWERS, **WITH_CONTENT)
    store.close()
    assert store.get_draft(draft.record_id) == draft


PLAIN_COLUMNS = {
    "seal_check": "name sealed",
    "days": "name day sealed",
    "contents": "content_hash sealed",
    "sessions": "session_hash expires sealed",
    "records": "record_id content_hash revision expires latest_submission_id sealed",
    "shares": "share_id record_id submit_key_hash link_hash code_hash expires sealed",
    "health_links": "link_hash record_id expires sealed",
    "submissions": "submission_id record_id submit_key_hash content_hash sealed",
    "photos": "photo_id record_id submit_key_hash sealed",
    "ticks": "tick_id record_id submit_key_hash number sealed",
    "doors": "door_hash record_id kind sealed",
    "tries": "name hour count",
    "print_jobs": "job_id clinic_id state tries token progress until expires sealed",
    "print_orders": "job_id clinic_id expires sealed",
    "print_results": "job_id clinic_id expires sealed",
    "imports": "import_id clinic_id revision expires sealed",
    "backups": "name day sealed",
    "erased": "mark day",
    "counts": "count_hash kind hour used used_at spent spent_before",
    "tallies": "record_id changes sealed",
    "totals": "name sealed",
    "derived_keys": "purpose sealed",
    "clinics": "clinic_id sealed",
    "clinic_keys": "clinic_id sealed",
    "clinic_logos": "clinic_id sealed",
    "staff": "staff_id clinic_id name_hash sealed",
    "staff_sessions": "session_hash clinic_id staff_id expires sealed",
    "staff_subjects": "subject_hash clinic_id staff_id sealed",
    "people": "person_id clinic_id code record_id day sealed",  # a code is random, and opens nothing
    "audit_ends": "clinic_id sealed",
    "audit": "audit_id clinic_id number person_id day sealed",
}
"""Of each table; what is sealed says nothing."""


def test_plain_columns_of_sqlite_are_only_ids_hashes_expiry_and_revision(tmp_path: Path) -> None:
    open_store(tmp_path, tmp_path).close()
    db = connect(tmp_path / DATABASE)
    columns = {f"{table.name}.{column.name}" for table in db.tables for column in table.columns}
    expected = {f"{table}.{column}" for table, names in PLAIN_COLUMNS.items() for column in names.split()}
    assert {name for name in columns if not name.startswith("_sqlite_migrations.")} == expected
    assert migrations.pending(db) == []
    db.close()


FORKING = """
import os, sys
from pathlib import Path
from storage.sqlite.engine import open_store
store = open_store(Path(sys.argv[1]), Path(sys.argv[1]))
record_id = store.create_record(content_hash="c", data={}).record_id
for _ in range(3):
    if os.fork() == 0:
        store.change_draft(record_id, lambda data: {**data, str(os.getpid()): "yes"}, content_hash="c")
        sys.exit()
    os.wait()
    store.change_draft(record_id, lambda data: {**data, "parent": "yes"}, content_hash="c")
print(len(store.get_draft(record_id).data))
"""


def test_a_sqlite_store_that_was_open_before_a_fork_works_on_both_sides(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FORKING, str(tmp_path)],
        cwd=Path(__file__).parent.parent,
        env={**os.environ, "PYTHONPATH": "."},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("4\n", "")
