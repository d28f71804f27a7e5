"""A dump put back with pg_restore: what was erased or taken back since is so again before anything is served."""

import logging
import os
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask

from storage import RecordNotFound, RemovingWaits
from storage.clinics.model import Clinic
from storage.postgres import erasures
from storage.postgres.backing_up import back_up
from storage.postgres.engine import open_store
from storage.rows.sealing import KEY, move_durably
from storage.rows.tables import CLINICS, ERASED, RECORDS, SHARES, STAFF, STAFF_SESSIONS
from storage.store import erasures_listed
from storage.store.erasures_listed import NAME, ErasuresListed
from storage.store.store import SealedStore
from tests.postgres_server import Databases
from tests.visitor import Visitor

NOW = datetime(2026, 11, 29, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=3)


class Place:
    """A server's database, the folder of its key, and what was kept there before the dump."""

    def __init__(self, databases: Databases, folder: Path) -> None:
        self.databases, self.folder = databases, folder
        self.address = databases.address(folder, folder)
        with closing(self.open()) as store:
            self.erased, self.stays = (
                store.create_record(content_hash="c", data={"age": age}).record_id for age in (72, 81)
            )
            self.link = store.make_link_and_code(self.stays).link
            self.share = store.make_share(self.stays, submit_key="s", name="Ana", of="", right="see", days=7)
            self.hill, self.dale = (
                store.create_clinic(Clinic(clinic_id="", name=name)).clinic_id for name in ("Hill", "Dale")
            )
            ana = store.clinic(self.dale).add_staff("ana@example.org", "manager")
            store.clinic(self.dale).save_session("browser", ana.staff_id, {}, until=LATER.date())
        self.dump = back_up(self.address, folder, folder / "backups", NOW).path

    def open(self, address: str = "", keys: Path | None = None) -> SealedStore:
        return open_store(address or self.address, keys or self.folder, today=LATER.date)

    def take_away(self, keys: Path | None = None) -> None:
        """What happens after the dump."""
        with closing(self.open(keys=keys)) as store:
            store.erase(self.erased)
            store.erase_clinic(self.hill)
            store.close_link_and_code(self.stays)
            store.take_back_share(self.stays, self.share.share_id)

    def put_back(self) -> str:
        """The address of a database that the dump was put into."""
        anew = self.databases.server.new_database()
        program = self.databases.server.program("pg_restore")
        subprocess.run([program, "--no-owner", f"--dbname={anew}", self.dump], check=True)
        return anew

    def other_server(self) -> Path:
        """The folder of another server's key."""
        keys = self.folder / "other"
        keys.mkdir()
        (keys / KEY).write_bytes((self.folder / KEY).read_bytes())
        return keys


@pytest.fixture
def place(databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setenv("PATH", f"{databases.server.program('')}:{os.environ['PATH']}")
    return Place(databases, tmp_path)


def came_back(store: SealedStore, place: Place) -> set[str]:
    """Which of what was taken away is there."""
    with store.engine.reading() as rows:
        there = {
            "record": place.erased in rows.ids(RECORDS),
            "clinic": place.hill in rows.ids(CLINICS),
            "share": bool(rows.count(SHARES)),
            "session": bool(rows.count(STAFF_SESSIONS)),
        }
        assert place.stays in rows.ids(RECORDS)
        assert rows.count(STAFF) == 1
    try:
        store.open_by_link(place.link)
        there["link"] = True
    except RecordNotFound:
        pass
    return {each for each, is_there in there.items() if is_there}


ALL = {"record", "clinic", "share", "session", "link"}


def test_what_was_taken_away_since_the_dump_is_away_again(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    place.take_away()
    anew = place.put_back()
    with closing(place.open(anew)) as store:
        assert came_back(store, place) == set()
        with pytest.raises(RecordNotFound):
            store.get_draft(place.erased)
        with store._reading() as rows:
            assert rows.tallies.totals.fault() is None
        end = store.find_backup_end()
        assert end is not None
        assert end >= NOW.date() + timedelta(days=30), "a later backup may hold it longer than this one"
    assert "the database is older than it was" in caplog.text
    caplog.clear()
    with closing(place.open(anew)) as store:
        assert came_back(store, place) == set()
    assert "older" not in caplog.text, "once is enough"


def test_without_a_list_it_is_back_and_the_log_says_what_to_do(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    """The twin: the dump does bring back what the list takes away again."""
    with closing(place.open()) as store:
        store.erase(store.create_record(content_hash="c", data={}).record_id)
    place.dump = back_up(place.address, place.folder, place.folder / "backups", NOW).path
    place.take_away()
    anew, keys = place.put_back(), place.other_server()
    with closing(place.open(anew, keys)) as store:
        assert came_back(store, place) == ALL
    assert f"no {NAME} lies beside the key" in caplog.text


def test_what_came_through_another_server_is_known_within_a_minute_and_at_each_start(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = place.other_server()
    with closing(place.open(keys=keys)) as other:
        place.take_away()
        assert ErasuresListed(keys).read() == {}
        monkeypatch.setattr("storage.rows.note_beside_key.Noted.is_due", True)
        other.create_record(content_hash="c", data={})
        monkeypatch.setattr("storage.rows.note_beside_key.Noted.is_due", False)
        marks = ErasuresListed(place.folder).read()
        assert ErasuresListed(keys).read() == marks != {}
    (keys / NAME).unlink()
    place.open(keys=keys).close()
    assert ErasuresListed(keys).read() == marks
    with closing(place.open(place.put_back(), keys)) as store:
        assert came_back(store, place) == set()


def test_a_list_that_comes_later_is_heard_too(place: Place) -> None:
    """The other server starts after this one, which knew nothing."""
    place.take_away()
    anew, keys = place.put_back(), place.other_server()
    with closing(place.open(anew, keys)) as first:
        assert came_back(first, place) == ALL
        place.open(anew).close()
        assert came_back(first, place) == set()


def test_the_newest_backup_knows_what_an_older_one_must_not_bring_back(place: Place) -> None:
    place.take_away()
    back_up(place.address, place.folder, place.folder / "backups", LATER)
    assert (place.folder / "backups" / NAME).stat().st_mode & 0o777 == 0o600
    anew, keys = place.put_back(), place.other_server()
    (keys / NAME).write_bytes((place.folder / "backups" / NAME).read_bytes())
    with closing(place.open(anew, keys)) as store:
        assert came_back(store, place) == set()


def test_a_start_that_is_killed_in_the_middle_is_made_good_by_the_next(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.take_away()
    anew = place.put_back()
    with monkeypatch.context() as patch:
        patch.setattr(erasures, "erase_again", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            place.open(anew)
    with closing(place.open(anew)) as store:
        assert came_back(store, place) == set()


def test_a_database_that_was_not_put_back_is_left_alone(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        with closing(place.open()) as store:
            assert came_back(store, place) == ALL
        place.take_away()
        place.open().close()
        with closing(place.open()) as store:
            assert came_back(store, place) == {"session"}
    assert "older" not in caplog.text


# The list -------------------------------------------------------------------------------------------------------------

MARKS = {f"{number:064x}": "2026-11-29" for number in range(40)}


def test_what_processes_add_while_the_list_follows_is_not_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed, (late, *early) = ErasuresListed(tmp_path), MARKS.items()
    listed.add({"f" * 64: "2026-01-01"})
    before = listed.read()
    listed.add(dict(early))
    adding: list[Thread] = []

    def move_slowly(half: Path, file: Path) -> None:
        adding.append(Thread(target=ErasuresListed(tmp_path).add, args=({late[0]: late[1]},)))
        adding[0].start()
        time.sleep(0.2)  # it waits meanwhile, or writes into the file that goes
        move_durably(half, file)

    monkeypatch.setattr(erasures_listed, "move_durably", move_slowly)
    listed.follow({}, before)
    adding[0].join()
    assert listed.read() == MARKS
    assert listed.file.stat().st_mode & 0o777 == 0o600


def test_what_is_damaged_in_it_is_left_out(tmp_path: Path) -> None:
    listed = ErasuresListed(tmp_path)
    listed.add(MARKS)
    with listed.file.open("ab") as file:
        file.write(b"\xff\x00half a line")
    assert listed.read() == MARKS


@pytest.mark.parametrize("is_alone", [True, False])
def test_it_holds_an_old_mark_for_no_longer_than_the_database_and_a_new_one_in_any_case(
    place: Place, is_alone: bool
) -> None:
    place.take_away()
    listed, server = ErasuresListed(place.folder), place.open()
    new = listed.read()
    listed.add({"e" * 64: "2026-10-01", "f" * 64: "2026-12-01"})
    with closing(server), closing(place.open()) as other:
        listed.add({"e" * 64: "2026-10-01"})
        with other.engine.writing() as rows:
            for each in rows.ids(ERASED):
                rows.delete(ERASED, each)
        if is_alone:
            server.purge()
        else:
            with other.engine.alone("purge"), pytest.raises(RemovingWaits):
                server.purge()
    assert listed.read() == {**new, "f" * 64: "2026-12-01"}


def test_where_it_cannot_be_written_the_log_says_so_and_nothing_is_refused(
    place: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(erasures_listed, "_for_us_alone", refuse)
    place.take_away()
    with closing(place.open()) as store:
        assert came_back(store, place) == {"session"}
    assert "could not be listed beside the key (Permission denied)" in caplog.text


def test_the_receipt_says_what_is_promised(
    databases: Databases, folder: Path, restart: Callable[[], Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIRM_FOOTING_DATABASE", databases.address(folder, folder))
    visitor = Visitor(restart())
    visitor.begin()
    page = visitor.open("/erase").send({})
    assert "The database server may hold old copies for some time." in page.main
    assert "If a backup is put back, these answers are erased again." in page.main
