"""The sums in a SQLite file: how an older format gets them, and what is told of an older copy and of a lost journal."""

import os
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

import storage.sqlite.replacing
from storage import BackupRefused, StoreRefused, StoreReplaced
from storage.rows import note_beside_key as noted
from storage.rows.sealed_rows import CHECK_NAME, Row, SealedRows
from storage.rows.tables import SEAL_CHECK
from storage.rows.totals import Totals
from storage.sqlite.backups.restoring import restore
from storage.sqlite.backups.signing import TRAILER_BYTES
from storage.sqlite.connecting import connect
from storage.sqlite.opening import DATABASE, ready
from storage.sqlite.rows import SqliteRows, sealed_rows_of
from storage.store.store import SealedStore
from tests.test_sqlite_backup import NOW, Place, person
from tests.test_sqlite_restoring import dies_at


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "here")


def change(place: Place, *statements: str) -> None:
    """What somebody does who can write the file."""
    with closing(connect(place.database)) as db:
        for each in statements:
            db.execute(each)


def fault(place: Place) -> str | None:
    database, sealer = ready(place.data, place.keys, check_pages=False)
    with closing(connect(database)) as db:
        return Totals(SqliteRows(db), sealer).fault()


def filled(place: Place) -> tuple[SealedStore, list[str]]:
    store = place.open()
    return store, [person(store, number) for number in range(3)]


def as_the_release_before(db: Database, sealer_rows: SealedRows) -> None:
    db.execute("DROP TABLE tallies")
    db.execute("DROP TABLE totals")
    db.execute(
        "CREATE TABLE sums (name TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL, sealed BLOB NOT NULL) STRICT"
    )
    db.execute("DELETE FROM _sqlite_migrations WHERE name IN ('tallies', 'totals_of_parts')")
    db.execute("PRAGMA user_version = 1")
    sealer_rows.put(SEAL_CHECK, Row(row_id=CHECK_NAME, bound={}, plain=b""))


def killed_after_the_new_tables(db: Database, sealer_rows: SealedRows) -> None:
    db.execute("DELETE FROM tallies")
    db.execute("DELETE FROM totals")
    sealer_rows.put(SEAL_CHECK, Row(row_id=CHECK_NAME, bound={}, plain=b""))


@pytest.mark.parametrize("made", [as_the_release_before, killed_after_the_new_tables])
def test_what_the_release_before_wrote_is_summed_up_once(
    place: Place, made: Callable[[Database, SealedRows], None]
) -> None:
    store, (record, *_) = filled(place)
    draft, ticks = store.get_draft(record), store.list_ticks(record)
    store.close()
    with closing(connect(place.database)) as db:
        made(db, sealed_rows_of(db, place.sealer))
    store = place.open()
    assert (store.get_draft(record), store.list_ticks(record)) == (draft, ticks)
    store.close()
    assert fault(place) is None
    assert [each.name for each in place.data.iterdir()] == [DATABASE]
    change(place, "DELETE FROM tallies", "DELETE FROM totals")
    assert fault(place), "only once"


def test_the_release_before_that_still_runs_writes_nothing_into_the_new_format(place: Place) -> None:
    older, (record, *_) = filled(place)
    with closing(connect(place.database)) as db:
        as_the_release_before(db, sealed_rows_of(db, place.sealer))
    newer = place.open()
    for ask in (lambda: older.add_tick(record, submit_key="new", data={}), lambda: older.get_draft(record)):
        with pytest.raises(StoreReplaced, match="restart the app"):
            ask()
    older.close()
    newer.add_tick(record, submit_key="newer", data={"state": "done"})
    newer.close()
    store = place.open()
    assert store.list_ticks(record)[-1] == {"state": "done"}
    store.close()
    assert fault(place) is None


@pytest.mark.parametrize("step", range(1, 12))
def test_a_kill_while_the_format_changes_leaves_one_file_whole(place: Place, step: int) -> None:
    store, (record, *_) = filled(place)
    draft = store.get_draft(record)
    store.close()
    with closing(connect(place.database)) as db:
        as_the_release_before(db, sealed_rows_of(db, place.sealer))
    process = os.fork()
    if process == 0:
        tick = dies_at(step)
        for name in ("rename", "unlink", "write_text"):
            real = getattr(Path, name)
            setattr(Path, name, lambda *args, real=real, **kwargs: (tick(), real(*args, **kwargs))[1])
        storage.sqlite.replacing.sync = lambda _: tick()
        place.open().close()
        os._exit(0)
    os.waitpid(process, 0)
    store = place.open()
    assert store.get_draft(record) == draft
    store.close()
    assert fault(place) is None
    assert [each.name for each in place.data.iterdir()] == [DATABASE]


def test_a_backup_without_its_signature_is_refused_and_with_the_flag_what_is_missing_is_told(place: Place) -> None:
    store, records = filled(place)
    backup = place.back_up().path
    store.close()
    cut = shutil.copy(backup, place.data.parent / "cut.db")
    with cut.open("r+b") as file:
        file.truncate(backup.stat().st_size - TRAILER_BYTES)
    with pytest.raises(BackupRefused, match=r"has no signature: .* add --unsigned"):
        restore(cut, place.data, place.keys, NOW)
    with closing(connect(cut)) as db:
        db.execute("DELETE FROM ticks")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with pytest.raises(BackupRefused, match="is gone or was put back"):
        restore(cut, place.data, place.keys, NOW)
    restored = restore(cut, place.data, place.keys, NOW, unsigned=True)
    assert "is gone or was put back" in (restored.fault or "")
    store = place.open()
    assert store.list_ticks(records[0]) == ()
    store.close()
    assert fault(place) is None
    assert restore(backup, place.data, place.keys, NOW).fault is None


@pytest.mark.parametrize(("is_listed", "told"), [(False, (3, None)), (True, (2, 1))])
def test_where_marks_were_taken_out_a_restore_without_a_list_says_that_it_cannot_tell(
    place: Place, is_listed: bool, told: tuple[int, int | None]
) -> None:
    store, (record, *_) = filled(place)
    backup = place.back_up().path
    store.erase(record)
    store.close()
    change(place, "DELETE FROM erased")
    if not is_listed:
        (place.keys / "firm-footing.erased").unlink()
    restored = restore(backup, place.data, place.keys, NOW)
    assert (restored.records, restored.erased_again) == told


def test_a_journal_that_was_cut_and_an_older_copy_are_told(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    store, (record, *_) = filled(place)
    store.close()
    older = place.database.read_bytes()
    store = place.open()
    for number in range(3):
        store.add_tick(record, submit_key=f"new {number}", data={"state": "done"})
    assert place.database.read_bytes() == older, "they are in the journal alone"
    store.close()
    place.open().close()
    assert not caplog.records
    place.database.write_bytes(older)
    place.open().close()
    assert "3 changes are missing" in caplog.text


def test_after_a_restore_nothing_is_missing(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    store, (record, *_) = filled(place)
    backup = place.back_up().path
    store.add_tick(record, submit_key="new", data={"state": "done"})
    store.close()
    restore(backup, place.data, place.keys, NOW)
    place.open().close()
    assert not caplog.records


def test_after_a_restore_under_an_app_that_runs_nothing_is_missing(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    """As the README says: the app is stopped afterwards, and what it had noted of the database before is not written."""
    store, (record, *_) = filled(place)
    backup = place.back_up().path
    for number in range(3):
        store.add_tick(record, submit_key=f"new {number}", data={"state": "done"})
    restore(backup, place.data, place.keys, NOW)
    store.close()
    place.open().close()
    assert not caplog.records


def test_a_note_that_cannot_be_written_or_read_keeps_nobody_from_anything(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    store, _ = filled(place)
    (place.keys / noted.NAME).mkdir()
    store.close()
    place.open().close()
    assert not caplog.records


def test_the_note_is_written_after_a_minute(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    store, (record, *_) = filled(place)
    assert not (place.keys / noted.NAME).exists()
    monkeypatch.setattr(noted, "A_MINUTE_SECONDS", 0)
    store.add_tick(record, submit_key="new", data={"state": "done"})
    with closing(connect(place.database)) as db:
        changes = Totals(SqliteRows(db), place.sealer).changes()
    assert noted.Noted(place.keys).read() == changes
    assert sum(changes.values()) > 3
    store.close()


def test_a_step_that_a_later_release_took_is_refused(place: Place) -> None:
    filled(place)[0].close()
    backup = place.back_up().path
    later = "INSERT INTO _sqlite_migrations (migration_set, name) VALUES ('firm-footing', 'moods')"
    change(place, later)
    with pytest.raises(StoreRefused, match=r"a later release wrote this database \(moods\): run that release"):
        place.open()
    copy = shutil.copy(place.database, place.data.parent / "later.db")
    with pytest.raises(StoreRefused, match="run that release"):
        restore(copy, place.data, place.keys, NOW, unsigned=True)
    restore(backup, place.data, place.keys, NOW)
    place.open().close()


def test_opening_while_others_write_raises_no_alarm(
    place: Place, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody writes, and notes it, after the total was read and before the tallies are."""
    store, (record, *_) = filled(place)
    monkeypatch.setattr(noted, "A_MINUTE_SECONDS", 0)
    real = Totals._find

    def then_somebody_writes(self: Totals, name: str) -> object:
        found = real(self, name)
        with monkeypatch.context() as patch:
            patch.setattr(Totals, "_find", real)
            store.add_tick(record, submit_key=os.urandom(4).hex(), data={})
        return found

    with monkeypatch.context() as patch:
        patch.setattr(Totals, "_find", then_somebody_writes)
        place.open().close()
    assert not caplog.records
    store.close()
