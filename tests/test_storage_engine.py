"""What every engine owes, asked of its rows as they lie there."""

from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from storage import StorageError
from storage.rows.protocol import Engine, StoredRow
from storage.rows.tables import (
    CLINICS,
    ERASED,
    EVERY,
    LINKS_AND_CODES,
    PEOPLE,
    RECORDS,
    SESSIONS,
    SUBMISSIONS,
    TALLIES,
    Table,
)
from storage.sqlite.connecting import connect
from storage.sqlite.engine import open_store
from storage.sqlite.opening import DATABASE
from storage.store.store import SealedStore

DAY = "2026-11-28"


@pytest.fixture
def rows(engine: Callable[..., SealedStore], tmp_path: Path) -> Iterator[Engine]:
    store = engine(tmp_path, tmp_path)
    yield store.engine
    store.close()


def session(name: str, expires: str = DAY) -> StoredRow:
    return StoredRow(name, {"expires": expires}, b"sealed")


def record(name: str) -> StoredRow:
    bound = {"content_hash": "c", "revision": 1, "expires": DAY, "latest_submission_id": None}
    return StoredRow(name, bound, b"sealed")


def submission(name: str, of: str, key: str) -> StoredRow:
    return StoredRow(name, {"record_id": of, "submit_key_hash": key, "content_hash": "c"}, name.encode())


def person(name: str, of: str, record_id: str | None = None) -> StoredRow:
    return StoredRow(name, {"clinic_id": of, "code": name, "record_id": record_id, "day": DAY}, name.encode())


def put(engine: Engine, *rows: tuple[Table, StoredRow]) -> None:
    with engine.writing() as writing:
        for table, row in rows:
            writing.put(table, row)


def test_what_was_put_is_found_as_it_was_and_a_later_one_takes_its_place(rows: Engine) -> None:
    put(rows, (RECORDS, record("r")), (RECORDS, record("s")))
    with rows.reading() as reading:
        assert (reading.find(RECORDS, "r"), reading.find(RECORDS, "t")) == (record("r"), None)
        assert (reading.count(RECORDS), sorted(reading.ids(RECORDS))) == (2, ["r", "s"])


def test_what_is_fetched_at_once_is_found_as_one_by_one_also_after_it_was_written(rows: Engine) -> None:
    put(rows, (RECORDS, record("r")), (SESSIONS, session("a")), (SUBMISSIONS, submission("s", "r", "k")))
    wanted = [(RECORDS, "r"), (SESSIONS, "a"), (SESSIONS, "b"), (SUBMISSIONS, "s"), (ERASED, "r")]
    with rows.writing() as writing:
        writing.fetch(())
        writing.fetch(wanted)
        found = [writing.find(*each) for each in wanted]
        assert found == [record("r"), session("a"), None, submission("s", "r", "k"), None]
        writing.put(SESSIONS, session("b"))
        writing.put(SESSIONS, session("a", "2027-01-01"))
        writing.put(ERASED, StoredRow("r", {"day": DAY}))
        assert writing.find(SESSIONS, "b") == session("b")
        assert writing.find(SESSIONS, "a") == session("a", "2027-01-01")
        assert writing.find(ERASED, "r") == StoredRow("r", {"day": DAY})
        writing.fetch(wanted)
        writing.delete(RECORDS, "r")
        assert [writing.find(*each) for each in ((RECORDS, "r"), (SUBMISSIONS, "s"))] == [None, None]


def test_who_looks_finds_what_they_named_and_nothing_else(rows: Engine) -> None:
    put(rows, (RECORDS, record("r")), (SESSIONS, session("a")))
    wanted = [(RECORDS, "r"), (SESSIONS, "a"), (SESSIONS, "b")]
    with rows.looking(wanted) as looking:
        assert [looking.find(*each) for each in wanted] == [record("r"), session("a"), None]
    with rows.looking(()):
        pass


def test_where_anything_is_raised_nothing_was_written(rows: Engine) -> None:
    put(rows, (SESSIONS, session("a")))
    with suppress(KeyError), rows.writing() as writing:
        writing.put(SESSIONS, session("a", "2027-01-01"))
        writing.put(SESSIONS, session("b"))
        writing.delete(SESSIONS, "a")
        raise KeyError
    with rows.reading() as reading:
        assert list(reading.all(SESSIONS)) == [session("a")]


def test_who_reads_sees_one_moment_while_others_write(rows: Engine) -> None:
    put(rows, (SESSIONS, session("a")))
    with rows.reading() as reading:
        assert reading.count(SESSIONS) == 1
        put(rows, (SESSIONS, session("b")))
        assert reading.count(SESSIONS) == 1
    with rows.reading() as reading:
        assert reading.count(SESSIONS) == 2


def test_rows_of_a_record_stand_in_the_order_in_which_they_came(rows: Engine) -> None:
    put(rows, (RECORDS, record("r")), (RECORDS, record("other")))
    put(rows, *((SUBMISSIONS, submission(name, "r", name)) for name in "cab"))
    put(rows, (SUBMISSIONS, submission("x", "other", "c")), (SUBMISSIONS, submission("c", "r", "anew")))
    with rows.reading() as reading:
        assert reading.ids_of(SUBMISSIONS, "r") == ["c", "a", "b"]
        assert [each.row_id for each in reading.all_of(SUBMISSIONS, "r")] == ["c", "a", "b"]
        assert reading.bytes_of(SUBMISSIONS, "r") == 3
        assert reading.id_by(SUBMISSIONS, {"record_id": "r", "submit_key_hash": "anew"}) == "c"
        assert reading.id_by(SUBMISSIONS, {"record_id": "r", "submit_key_hash": "c"}) is None


def test_what_is_unique_stays_so_and_nothing_belongs_to_a_record_that_is_not_there(rows: Engine) -> None:
    put(rows, (RECORDS, record("r")), (SUBMISSIONS, submission("s", "r", "k")))
    for another in (submission("t", "r", "k"), submission("t", "nobody", "k")):
        with pytest.raises(StorageError):
            put(rows, (SUBMISSIONS, another))
    with rows.reading() as reading:
        assert reading.ids(SUBMISSIONS) == ["s"]


def test_a_record_takes_along_what_is_its_own(rows: Engine) -> None:
    put(rows, (RECORDS, record("r")), (RECORDS, record("other")), (SUBMISSIONS, submission("s", "r", "k")))
    put(
        rows,
        (TALLIES, StoredRow("r", {"changes": 1}, b"t")),
        (LINKS_AND_CODES, StoredRow("d", {"record_id": "r", "kind": "link"}, b"d")),
    )
    put(rows, (SUBMISSIONS, submission("t", "other", "k")))
    with rows.writing() as writing:
        writing.delete(RECORDS, "r")
    with rows.reading() as reading:
        left = [each for table in (RECORDS, SUBMISSIONS, TALLIES, LINKS_AND_CODES) for each in reading.ids(table)]
    assert left == ["other", "t"]


def test_a_clinic_takes_along_what_is_its_own_and_its_rows_are_found_by_what_they_hold(rows: Engine) -> None:
    put(rows, *((CLINICS, StoredRow(clinic, {}, b"c")) for clinic in "ab"), (RECORDS, record("r")))
    put(rows, *((PEOPLE, person(name, "b" if name == "z" else "a")) for name in "zyxwv"))
    put(rows, (PEOPLE, person("y", "a", record_id="r")))
    with rows.reading() as reading:
        of_a = {"clinic_id": "a"}
        assert [each.row_id for each in reading.where(PEOPLE, of_a)] == ["y", "x", "w", "v"]
        newest = reading.where(PEOPLE, of_a, newest_first=True, at_most=2, skip=1)
        assert newest == [person("w", "a"), person("x", "a")]
        assert [each.row_id for each in reading.where(PEOPLE, {**of_a, "record_id": "r"})] == ["y"]
        assert [each.row_id for each in reading.where(PEOPLE, {**of_a, "record_id": None})] == ["x", "w", "v"]
        assert reading.heads(PEOPLE, {"clinic_id": "b"}, 9) == [("z", b"z")]
        assert reading.heads(PEOPLE, {**of_a, "record_id": None}, 0) == [("x", b""), ("w", b""), ("v", b"")]
    with pytest.raises(StorageError):
        put(rows, (PEOPLE, person("u", "c")))
    with rows.writing() as writing:
        writing.delete(RECORDS, "r")
    with rows.writing() as writing:
        writing.delete(CLINICS, "b")
    with rows.reading() as reading:
        assert sorted(reading.ids(PEOPLE)) == ["v", "w", "x"]


def test_what_has_ended_is_found_by_its_day(rows: Engine) -> None:
    put(
        rows, *((SESSIONS, session(name, f"2026-11-{day}")) for name, day in zip("abcd", (10, 20, 27, 28), strict=True))
    )
    with rows.reading() as reading:
        assert sorted(reading.ended(SESSIONS, "2026-11-28", 9)) == ["a", "b", "c"]
        assert len(reading.ended(SESSIONS, "2026-11-28", 2)) == 2
        assert reading.count_ended(SESSIONS, "2026-11-28") == 3
        assert (reading.newest_end(SESSIONS), reading.newest_end(RECORDS)) == ("2026-11-28", None)


def test_the_tables_of_the_sqlite_file_are_those_of_the_protocol(tmp_path: Path) -> None:
    """Columns, what is unique, and what goes with a record: no engine knows more of them than another."""
    open_store(tmp_path, tmp_path).close()
    with closing(connect(tmp_path / DATABASE)) as db:
        for table in EVERY:
            there = db[table.name]
            assert tuple(each.name for each in there.columns) == table.columns
            assert there.pks == [table.row_id]
            unique = {tuple(each.columns) for each in there.indexes if each.unique} - {(table.row_id,)}
            assert unique == set(table.unique)
            owners = {each.other_table for each in there.foreign_keys}
            assert owners == {*["records"] * table.is_of_record, *["clinics"] * table.is_of_clinic}
