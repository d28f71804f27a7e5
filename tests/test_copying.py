"""flask store copy: everything kept, from one kind of database to the other and back, row by row."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask

from storage import SealBroken, StorageError, StoreBusy, StoreReplaced
from storage.clinics.model import Clinic
from storage.copying.copying import copy_all
from storage.model import BackupRefused
from storage.postgres import engine as postgres
from storage.rows.sealing import KEY
from storage.rows.sql import SqlRows
from storage.rows.tables import EVERY, SUBMISSIONS
from storage.sqlite import engine as sqlite
from storage.sqlite.opening import DATABASE
from storage.store.store import SealedStore
from tests.postgres_server import Databases

PICTURE = bytes(range(256)) * 40


def filled(store: SealedStore) -> dict[str, Any]:
    """Something of everything: what a person, their daughter and their clinic hold in their hands."""
    record = store.create_record(content_hash="c", data={"age": 72, "name": "Ана"}).record_id
    for number in range(3):
        store.submit(record, submit_key=f"plan {number}", content_hash="c", data={"number": number})
        store.add_tick(record, submit_key=f"tick {number}", data={"number": number})
    erased = store.create_record(content_hash="c", data={})
    store.erase(erased.record_id)
    store.keep_content("c", b"the lists")
    store.change_session("browser", lambda data: {**data, "records": [record]})
    share = store.make_share(record, submit_key="s", name="Ana", right="tick", days=9)
    clinic = store.create_clinic(Clinic(clinic_id="", name="Hill Street", phone="555 0100"))
    staff = store.clinic(clinic.clinic_id).add_staff("ana@hill", "manager")
    job = store.queue_print_jobs(clinic.clinic_id, [({"title": "Monday"}, {"plans": ["Ann"]})])[0]
    taken = store.claim_print_job()
    assert taken
    store.finish_print_job(job, taken.job.token, result=b"%PDF-1.7", about={"title": "Monday"})
    return {
        "record": record,
        "way": store.make_link_and_code(record),
        "share": share,
        "photo": store.keep_photo(record, submit_key="p", picture=PICTURE),
        "clinic": clinic,
        "staff": staff,
        "job": job,
    }


def check(store: SealedStore, held: dict[str, Any]) -> None:
    """All of it opens as it did."""
    record = held["record"]
    assert store.open_by_link(held["way"].link).record_id == store.open_by_code(held["way"].code).record_id == record
    assert store.open_by_link(held["share"].link).share == held["share"]
    assert store.get_photo(record, held["photo"]) == PICTURE
    assert store.get_draft(record).data == {"age": 72, "name": "Ана"}
    assert [each.data["number"] for each in store.list_submissions(record)] == [0, 1, 2]
    assert [each["number"] for each in store.list_ticks(record)] == [0, 1, 2]
    assert store.find_session("browser") == {"records": [record]}
    assert store.get_content("c") == b"the lists"
    assert store.list_clinics() == (held["clinic"],)
    assert store.find_staff("ana@hill") == held["staff"]
    assert store.get_print_result(held["clinic"].clinic_id, held["job"]).startswith(b"%PDF")
    assert store.count() == {"records": 1, "submissions": 3}
    store.change_draft(record, lambda data: {**data, "age": 73}, content_hash="c")
    store.change_draft(record, lambda data: {**data, "age": 72}, content_hash="c")


def rows_of(store: SealedStore) -> dict[str, list[Any]]:
    with store.engine.reading() as rows:
        assert isinstance(rows, SqlRows)
        return {table.name: list(rows.in_order(table)) for table in EVERY}


@dataclass(frozen=True)
class Ends:
    """A folder with something of everything, and an empty database."""

    folder: Path
    address: str
    held: dict[str, Any]
    before: dict[str, list[Any]]

    def on_file(self, folder: Path | None = None) -> SealedStore:
        return sqlite.open_store(folder or self.folder, self.folder)

    def on_server(self) -> SealedStore:
        return postgres.open_store(self.address, self.folder)


@pytest.fixture
def ends(tmp_path: Path, databases: Databases) -> Ends:
    folder = tmp_path / "a"
    with closing(sqlite.open_store(folder, folder)) as store:
        held, before = filled(store), rows_of(store)
    return Ends(folder, databases.server.new_database(), held, before)


def test_everything_moves_to_a_server_and_back_byte_by_byte(ends: Ends, tmp_path: Path) -> None:
    done = copy_all(str(ends.folder), ends.address, ends.folder)
    assert (done.records, done.fault, done.rows) == (1, None, sum(map(len, ends.before.values())))
    with closing(ends.on_server()) as there:
        assert rows_of(there) == ends.before
        check(there, ends.held)
        changed = rows_of(there)
    assert copy_all(ends.address, str(tmp_path / "b"), ends.folder).records == 1
    with closing(ends.on_file(tmp_path / "b")) as back:
        assert rows_of(back) == changed
        check(back, ends.held)


def test_where_something_is_already_nothing_is_copied(ends: Ends, tmp_path: Path) -> None:
    copy_all(str(ends.folder), ends.address, ends.folder)
    with pytest.raises(BackupRefused, match="is not empty"):
        copy_all(str(ends.folder), ends.address, ends.folder)
    with pytest.raises(BackupRefused, match="is there already"):
        copy_all(ends.address, str(ends.folder), ends.folder)
    with pytest.raises(BackupRefused, match="there is no"):
        copy_all(str(tmp_path / "nothing"), str(tmp_path / "c"), ends.folder)
    for store in (ends.on_file(), ends.on_server()):
        check(store, ends.held)
        store.close()


def test_nobody_writes_meanwhile_and_who_still_runs_on_the_first_is_told_to_start_again(
    ends: Ends, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What such an app would still keep there would be lost."""
    monkeypatch.setattr("storage.postgres.connecting.SETTINGS", "SET lock_timeout = '100ms'")
    refused: list[type] = []
    real = SqlRows.fill
    running = ends.on_file()

    def meanwhile(*args: Any) -> None:
        if not refused:
            with pytest.raises(StorageError) as error:
                running.create_record(content_hash="c", data={})
            refused.append(error.type)
        real(*args)

    for source, target in ((str(ends.folder), ends.address), (ends.address, str(tmp_path / "b"))):
        refused.clear()
        with monkeypatch.context() as patch:
            patch.setattr("storage.sqlite.rows.SqliteRows.fill", meanwhile)
            patch.setattr("storage.postgres.rows.PostgresRows.fill", meanwhile)
            copy_all(source, target, ends.folder)
        assert refused == [StoreBusy]
        with pytest.raises(StoreReplaced, match=r"restart the app"):
            running.create_record(content_hash="c", data={})
        with pytest.raises(StoreReplaced, match=r"restart the app"):
            running.count()
        running.close()
        running = ends.on_server()
    running.close()
    check(ends.on_file(), ends.held)


@pytest.mark.parametrize("to_server", [True, False])
def test_a_row_that_arrives_otherwise_or_a_kill_leaves_the_first_as_it_was_and_the_second_empty(
    ends: Ends, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, to_server: bool
) -> None:
    source, target = str(ends.folder), str(tmp_path / "b")
    if to_server:
        target = ends.address
    real, asked = SqlRows.in_order, count()

    def without_the_last(self: SqlRows, table: Any) -> Iterator[Any]:
        """The third time it is the second database that is asked."""
        rows = list(real(self, table))
        return iter(rows[:-1] if table is SUBMISSIONS and next(asked) == 2 else rows)

    with monkeypatch.context() as patch:
        patch.setattr(SqlRows, "in_order", without_the_last)
        with pytest.raises(BackupRefused, match="a row of submissions did not arrive"):
            copy_all(source, target, ends.folder)
    with suppress(KeyboardInterrupt), monkeypatch.context() as patch:
        patch.setattr("storage.copying.copying._compared", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        copy_all(source, target, ends.folder)
    with closing(ends.on_file()) as first:
        assert rows_of(first) == ends.before
    assert copy_all(source, target, ends.folder).records == 1


def test_what_was_damaged_before_is_copied_as_it_is_and_told(ends: Ends) -> None:
    with closing(sqlite3.connect(ends.folder / DATABASE)) as db:
        db.execute("UPDATE submissions SET sealed = x'00' WHERE rowid = 2")
        db.execute("DELETE FROM tallies")
        db.commit()
    assert copy_all(str(ends.folder), ends.address, ends.folder).fault is not None
    with closing(ends.on_server()) as there, pytest.raises(SealBroken):
        there.get_draft(ends.held["record"])


def test_the_command_says_what_it_did_and_what_to_do_next(
    ends: Ends, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIRM_FOOTING_KEYS", str(ends.folder))
    run = app.test_cli_runner().invoke
    done = run(args=["store", "copy", str(ends.folder), ends.address])
    assert done.exit_code == 0, done.output
    assert "1 records, and compared each" in done.output
    assert "FIRM_FOOTING_DATABASE" in done.output
    again = run(args=["store", "copy", str(ends.folder), ends.address.replace("postgres@", "postgres:hidden@")])
    assert again.exit_code == 1
    assert "is not empty" in again.output
    assert "hidden" not in again.output


def test_a_database_of_another_key_is_not_copied(ends: Ends, tmp_path: Path) -> None:
    with closing(sqlite.open_store(tmp_path / "other", tmp_path / "other")):
        pass
    assert (tmp_path / "other" / KEY).exists()
    with pytest.raises(StorageError, match="is not the key of"):
        copy_all(str(ends.folder), ends.address, tmp_path / "other")
    with closing(psycopg.connect(ends.address)) as outside:
        assert outside.execute("SELECT to_regclass('records')").fetchone() == (None,)
