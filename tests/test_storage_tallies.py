"""What a record and the whole store should hold, summed up: what is mended by itself, and what is told to whom."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from storage import SealBroken
from storage.rows.note_beside_key import Noted
from storage.rows.protocol import Rows
from storage.rows.tables import ERASED, OWN, RECORDS, SHARES, SUBMISSIONS, TALLIES, TOTALS
from storage.rows.tallies import Tallies
from storage.rows.totals import PARTS
from storage.store.store import SealedStore
from tests.test_sqlite_backup import person

Engine = Callable[..., SealedStore]


@pytest.fixture
def store(engine: Engine, tmp_path: Path) -> Iterator[SealedStore]:
    opened = engine(tmp_path, tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def records(store: SealedStore) -> list[str]:
    return [person(store, number) for number in range(3)]


def fault(store: SealedStore) -> str | None:
    with store._reading() as rows:
        return rows.tallies.totals.fault()


def test_whatever_is_written_and_removed_fits(store: SealedStore, records: list[str]) -> None:
    share = store.make_share(records[0], submit_key="s", name="Ana", right="see", days=9)
    store.note_opening(share.share_id)
    store.delete_photo(records[0], store.keep_photo(records[0], submit_key="p", picture=b"rug"))
    store.make_link_and_code(records[0])
    store.take_back_share(records[0], share.share_id)
    store.erase(records[1])
    store.purge()
    assert fault(store) is None
    assert store.list_shares(records[0]) == ()
    with store._reading() as rows:
        rows.tallies.check_all_of(records[2])


def test_no_row_is_everybodys(store: SealedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """On an engine that locks rows, who writes one record would wait for whoever writes any other."""
    put: set[tuple[str, str]] = set()
    with store.engine.reading() as rows:
        owner, real = type(rows), type(rows).put
    monkeypatch.setattr(
        owner, "put", lambda self, table, row: (put.add((table.name, row.row_id)), real(self, table, row))[1]
    )
    everybodys, written = None, 0
    for number in range(6):
        put.clear()
        record = person(store, number)
        store.change_draft(record, lambda data: {**data, "age": "72"}, content_hash="c")
        share = store.make_share(record, submit_key="s", name="Ana", right="see", days=9)
        store.delete_photo(record, store.keep_photo(record, submit_key="p", picture=b"rug"))
        store.take_back_share(record, share.share_id)
        store.make_link_and_code(record)
        store.close_link_and_code(record)
        store.change_session(f"browser {number}", lambda data: {**data, "record": record})  # noqa: B023
        store.erase(record)
        everybodys = put.copy() if everybodys is None else everybodys & put
        written += len(put)
    assert written > 6 * 15, "the check can see what is written"
    assert everybodys == set()


def test_a_list_is_compared_once_however_long_it_is(
    store: SealedStore, records: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    record = records[0]
    for number in range(20):
        store.submit(record, submit_key=f"n{number}", content_hash="c", data={"given": number})
    compared: list[str] = []
    real = Tallies._sum_of_rows
    monkeypatch.setattr(
        Tallies, "_sum_of_rows", lambda self, table, record: (compared.append(table.name), real(self, table, record))[1]
    )
    assert len(store.list_submissions(record)) == 21
    assert compared == ["submissions"]


def test_when_what_was_put_back_is_taken_back_again_the_rest_can_be_read(
    store: SealedStore, records: list[str]
) -> None:
    record = records[0]
    share = store.make_share(record, submit_key="s", name="Ana", right="see", days=9)
    kept = store.make_share(record, submit_key="t", name="Ben", right="see", days=9)
    with store.engine.reading() as rows:
        before = rows.find(SHARES, share.share_id)
    store.take_back_share(record, share.share_id)
    with store.engine.writing() as outside:
        outside.put(SHARES, before)
    with pytest.raises(SealBroken):
        store.list_shares(record)
    store.take_back_share(record, share.share_id)
    assert store.list_shares(record) == (kept,)


def cut_out(outside: Rows, record: str) -> None:
    outside.delete(TALLIES, record)


def overwritten(outside: Rows, record: str) -> None:
    outside.put(TALLIES, replace(outside.find(TALLIES, record), sealed=b"\0"))


@pytest.mark.parametrize("harm", [cut_out, overwritten])
def test_a_record_whose_tally_is_damaged_can_be_erased_and_all_fits_again(
    store: SealedStore, records: list[str], harm: Callable[[Rows, str], None]
) -> None:
    damaged, sound, _ = records
    with store.engine.writing() as outside:
        harm(outside, damaged)
    with pytest.raises(SealBroken):
        store.get_draft(damaged)
    with pytest.raises(SealBroken):
        store.add_tick(damaged, submit_key="new", data={})
    assert store.get_draft(sound)
    store.erase(damaged)
    assert fault(store) is None


def test_a_damaged_total_keeps_nobody_from_writing_and_is_told(
    engine: Engine, store: SealedStore, records: list[str], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with store.engine.writing() as outside:
        for each in tuple(outside.all(TOTALS)):
            outside.put(TOTALS, replace(each, sealed=b"\0"))
    store.add_tick(records[0], submit_key="new", data={"state": "done"})
    assert store.list_ticks(records[0])[-1] == {"state": "done"}
    store.close()
    engine(tmp_path, tmp_path).close()
    assert "does not hold what was written: its total is gone or damaged" in caplog.text


def everything_of(outside: Rows, record: str) -> list[tuple]:
    return [(table, row) for table in (RECORDS, *OWN, TALLIES) for row in outside.all_of(table, record)]


@pytest.mark.parametrize("marks", [True, False])
def test_a_record_that_is_as_it_was_or_is_gone_is_told_and_so_are_marks(
    store: SealedStore, records: list[str], marks: bool
) -> None:
    with store.engine.reading() as rows:
        before = everything_of(rows, records[0])
    store.add_tick(records[0], submit_key="new", data={})
    with store.engine.writing() as outside:
        outside.delete(RECORDS, records[0])
        for table, row in before:
            outside.put(table, row)
    assert store.list_ticks(records[0]), "it can be read"
    assert "records were removed, put back" in (fault(store) or "")
    store.erase(records[0])
    with store.engine.writing() as outside:
        for mark in outside.ids(ERASED):
            outside.delete(ERASED, mark)
    assert fault(store)


def test_submissions_whose_last_is_another_are_noticed(store: SealedStore, records: list[str]) -> None:
    """The rows are all there, and laid in another order."""
    record = records[0]
    store.submit(record, submit_key="later", content_hash="c", data={"given": "later"})
    with store.engine.writing() as outside:
        first = outside.all_of(SUBMISSIONS, record)[0]
        outside.delete(SUBMISSIONS, first.row_id)
        outside.put(SUBMISSIONS, first)
    with pytest.raises(SealBroken):
        store.list_submissions(record)


def test_a_part_that_was_put_back_with_its_total_is_told_by_the_note_alone(
    engine: Engine, store: SealedStore, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    record = person(store)
    with store.engine.reading() as rows:
        before = [*everything_of(rows, record), (TOTALS, rows.find(TOTALS, record[:2]))]
    store.add_tick(record, submit_key="new", data={})
    store.close()
    assert list(Noted(tmp_path).read()) == list(PARTS)
    with store.engine.writing() as outside:
        outside.delete(RECORDS, record)
        for table, row in before:
            outside.put(table, row)
    assert fault(store) is None
    store.purge()
    assert "1 changes are missing" in caplog.text
    caplog.clear()
    engine(tmp_path, tmp_path).close()
    assert "1 changes are missing" in caplog.text
