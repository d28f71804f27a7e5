"""flask backup on PostgreSQL: its own programs make it, each line is compared, and it opens when it is put back."""

import os
import subprocess
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from flask import Flask

from storage.counts import Use
from storage.model import BackupRefused
from storage.postgres.backing_up import back_up
from storage.postgres.connecting import Address
from storage.postgres.engine import open_store
from storage.rows.tables import COUNTS, RECORDS
from tests.postgres_server import Databases
from tests.visitor import Visitor

NOW = datetime(2026, 11, 29, 9, tzinfo=UTC)
Fake = Callable[[str, str], None]


@pytest.fixture
def address(databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database with a record and a print job; the server's own programs are found first."""
    monkeypatch.setenv("PATH", f"{databases.server.program('')}:{os.environ['PATH']}")
    address = databases.address(tmp_path, tmp_path)
    with closing(open_store(address, tmp_path, today=NOW.date)) as store:
        record = store.create_record(content_hash="c", data={"age": 72, "note": "tab\tand\nline \\ Ана"}).record_id
        store.keep_photo(record, submit_key="p", picture=bytes(range(256)))
        store.queue_print_jobs(None, [({"title": "Monday"}, {"plans": ["Ann"]})])
        store.use_up([Use(kind="few", who="192.0.2.7", amount=1, most=10, an_hour=10)])
    return address


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fake:
    """Puts a program of this name before the real one."""

    def put(name: str, script: str) -> None:
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")

    return put


def test_a_backup_holds_every_row_but_what_is_printed_and_opens_when_it_is_put_back(
    databases: Databases, address: str, tmp_path: Path
) -> None:
    made = back_up(address, tmp_path, tmp_path / "backups", NOW)
    assert (made.records, made.bytes) == (1, made.path.stat().st_size)
    assert (made.path.name, made.path.stat().st_mode & 0o777) == ("firm-footing-2026-11-29T090000Z.dump", 0o600)
    anew = databases.server.new_database()
    subprocess.run([databases.server.program("pg_restore"), "--no-owner", f"--dbname={anew}", made.path], check=True)
    with closing(open_store(anew, tmp_path, today=NOW.date)) as store, store.engine.reading() as rows:
        assert store.count()["records"] == 1
        (record,) = rows.ids(RECORDS)
        assert store.get_draft(record).data["note"] == "tab\tand\nline \\ Ана"
        assert store.list_print_jobs(None) == ()
        assert rows.count(COUNTS) == 0
        with closing(psycopg.connect(anew)) as outside:
            assert outside.execute("SELECT count(*) FROM procrastinate_jobs").fetchone() == (0,)
        store.queue_print_jobs(None, [({}, {})])
        with closing(psycopg.connect(anew)) as outside:
            assert outside.execute("SELECT count(*) FROM procrastinate_jobs").fetchone() == (1,), "who prints is called"
        assert store.find_backup_end() == NOW.date() + timedelta(days=30)


def test_old_backups_go_and_whatever_else_lies_there_stays(address: str, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for name in ("firm-footing-2026-10-01T090000Z.dump", "firm-footing-2026-11-20T090000Z.dump", "mine.dump"):
        (folder / name).write_bytes(b"")
    made = back_up(address, tmp_path, folder, NOW)
    assert {each.name for each in folder.iterdir()} == {
        made.path.name,
        "firm-footing-2026-11-20T090000Z.dump",
        "firm-footing.erased",
        "mine.dump",
    }


def test_a_dump_that_lacks_a_line_is_not_kept(address: str, tmp_path: Path, fake: Fake) -> None:
    fake("pg_restore", 'PATH="${PATH#*:}" pg_restore "$@" | sed "0,/^[0-9a-f]\\{32\\}\\t/{/^[0-9a-f]\\{32\\}\\t/d}"')
    with pytest.raises(BackupRefused, match="is not what the database holds"):
        back_up(address, tmp_path, tmp_path / "backups", NOW)
    assert list((tmp_path / "backups").iterdir()) == []


def test_a_dump_that_cannot_be_read_is_not_kept(address: str, tmp_path: Path, fake: Fake) -> None:
    fake("pg_restore", "exit 1")
    with pytest.raises(BackupRefused, match="cannot be read again"):
        back_up(address, tmp_path, tmp_path / "backups", NOW)
    assert list((tmp_path / "backups").iterdir()) == []


def test_where_the_program_is_lacking_or_too_old_it_is_said_what_to_install(
    address: str, tmp_path: Path, fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake("pg_dump", "echo 'pg_dump: error: aborting because of server version mismatch' >&2; exit 1")
    with pytest.raises(BackupRefused, match=r"version mismatch\. Install postgresql-client-18\."):
        back_up(address, tmp_path, tmp_path / "backups", NOW)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(BackupRefused, match="pg_dump and pg_restore not found: install"):
        back_up(address, tmp_path, tmp_path / "backups", NOW)


def test_nobody_on_the_machine_sees_the_password() -> None:
    seen, environment = Address("postgresql://me:hidden@example.org/clinic").without_password
    assert "hidden" not in seen
    assert environment == {"PGPASSWORD": "hidden"}


def test_the_command_and_the_receipt_of_an_erasure_tell_what_may_still_hold_it(
    address: str, folder: Path, restart: Callable[[], Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIRM_FOOTING_DATABASE", address)
    app = restart()
    visitor = Visitor(app)
    visitor.begin()
    assert "The database server may hold old copies for some time." in visitor.open("/erase").main
    done = app.test_cli_runner().invoke(args=["backup", str(folder / "backups")])
    assert (done.exit_code, "holds 2 records" in done.output) == (0, True), done.output
    assert "A backup may hold these answers until" in visitor.open("/erase").send({}).main
    refused = app.test_cli_runner().invoke(args=["restore", "x.dump"])
    assert (refused.exit_code, "pg_restore --no-owner" in refused.output) == (1, True)
