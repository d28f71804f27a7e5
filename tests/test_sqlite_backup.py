"""Backups: made while others write, checked before they get their name, and never with the key in them."""

import os
import random
import re
import signal
import stat
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest

import storage.sqlite.backups.backup
from storage import BackupRefused, StorageError, StoreBusy, StoreRefused
from storage.rows.sealing import KEY, Sealer, load_key
from storage.sqlite.backups.backup import Backup, back_up
from storage.sqlite.backups.signing import TRAILER_BYTES, copy_checked
from storage.sqlite.backups.verifying import NotTrusted, verify
from storage.sqlite.connecting import connect, connect_unchanging
from storage.sqlite.engine import open_store
from storage.sqlite.opening import DATABASE
from storage.store.store import SealedStore

NOW = datetime(2026, 11, 25, 3, 15, 7, tzinfo=UTC)
TODAY = NOW.date()


class Place:
    """Data, key and backups, each in a folder of its own."""

    def __init__(self, root: Path) -> None:
        self.data, self.keys, self.backups = root / "data", root / "keys", root / "backups"
        self.database, self.key = self.data / DATABASE, self.keys / KEY

    def open(self, day: date = TODAY) -> SealedStore:
        return open_store(self.data, self.keys, today=lambda: day)

    def back_up(self, now: datetime = NOW) -> Backup:
        return back_up(self.data, self.keys, self.backups, now)

    @property
    def sealer(self) -> Sealer:
        return Sealer(load_key(self.key))

    def names(self) -> list[str]:
        return sorted(each.name for each in self.backups.iterdir())


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture
def store(place: Place) -> Iterator[SealedStore]:
    opened = place.open()
    yield opened
    opened.close()


def person(store: SealedStore, number: int = 0) -> str:
    """A record with something of everything."""
    record = store.create_record(content_hash="c", data={"person": number, "text": "t" * 3000}).record_id
    store.submit(record, submit_key="s", content_hash="c", data={"given": number})
    store.keep_photo(record, submit_key="p", picture=random.Random(number).randbytes(9000))
    store.add_tick(record, submit_key="t", data={"action": "grab-bars", "state": "done"})
    store.make_link_and_code(record)
    store.save_session(f"browser-{number}", {"records": [record]})
    return record


def unsigned(backup: Path, place: Place, target: Path) -> Path:
    """The database in a backup, checked as a restore does it."""
    with backup.open("rb") as source, target.open("wb") as out:
        assert copy_checked(source, out, place.sealer)
    return target


def test_a_backup_holds_everything_under_a_name_with_its_time(place: Place, store: SealedStore, tmp_path: Path) -> None:
    person(store, 1)
    made = place.back_up()

    assert made.path == place.backups / "firm-footing-2026-11-25T031507Z.db"
    assert (made.records, made.bytes) == (1, made.path.stat().st_size)
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert place.names() == [made.path.name], "nothing unfinished is left"
    assert verify(unsigned(made.path, place, tmp_path / "copy"), place.sealer) == 1
    with connect_unchanging(tmp_path / "copy").conn as copy:
        for table in ("records", "submissions", "photos", "ticks", "sessions"):
            assert copy.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 1
        assert copy.execute("SELECT count(*) FROM doors").fetchone()[0] == 2


def test_the_key_is_in_no_backup(place: Place, store: SealedStore) -> None:
    person(store)
    kept = place.back_up().path.read_bytes()
    key = load_key(place.key)

    assert len(key) == 32
    assert place.sealer.key_id in kept, "the check can see what is there"
    for secret in (key, key.hex().encode(), key.hex().upper().encode(), key[:16], key[16:], place.key.read_bytes()):
        assert secret not in kept
    assert not list(place.backups.glob("*.key*"))


def test_any_tool_can_open_a_backup_and_a_plain_copy_of_it_serves(place: Place, store: SealedStore) -> None:
    """The way of before there was a command: copied over a database that is not in use."""
    record = person(store)
    made = place.back_up()
    assert connect_unchanging(made.path).execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    store.close()
    place.database.write_bytes(made.path.read_bytes())
    again = place.open()
    assert again.get_draft(record).data["person"] == 0
    person(again, 2)
    again.close()
    again = place.open()
    assert again.count()["records"] == 2
    again.close()


def test_backups_made_while_eight_write_are_each_whole_and_of_one_moment(
    place: Place, store: SealedStore, tmp_path: Path
) -> None:
    stop = threading.Event()
    first = person(store)

    def write(number: int) -> int:
        for turn in count():
            if stop.is_set():
                return turn
            try:
                record = store.create_record(content_hash="c", data={"n": number}).record_id
                store.submit(record, submit_key="a", content_hash="c", data={"turn": turn})
                store.change_draft(first, lambda data, turn=turn: {**data, "turn": turn}, content_hash="c")
                if turn % 3 == 0:
                    store.erase(record)
            except StoreBusy:
                continue
        raise AssertionError

    made = []
    with ThreadPoolExecutor(8) as threads:
        writing = [threads.submit(write, number) for number in range(8)]
        try:
            made = [place.back_up(NOW + timedelta(seconds=number)) for number in range(5)]
        finally:
            stop.set()
        assert sum(each.result() for each in writing) > 0
    for number, each in enumerate(made):
        assert verify(unsigned(each.path, place, tmp_path / f"copy-{number}"), place.sealer) == each.records
    assert len({each.records for each in made}) > 1, "somebody did write meanwhile"
    assert [each.path.name for each in made] == place.names()


def test_a_copy_that_is_damaged_gets_no_name(place: Place, store: SealedStore) -> None:
    person(store)
    with connect(place.database).conn as outside:
        outside.execute("UPDATE photos SET sealed = zeroblob(60)")
    with pytest.raises(BackupRefused, match=r"the copy is damaged .*: keep the backups that are there"):
        place.back_up()
    assert place.names() == []


def test_the_twin_that_skips_the_check_keeps_a_damaged_copy(
    place: Place, store: SealedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    person(store)
    with connect(place.database).conn as outside:
        outside.execute("UPDATE photos SET sealed = zeroblob(60)")
    monkeypatch.setattr(storage.sqlite.backups.backup, "verify", lambda *_: 1)
    assert place.back_up().path.exists()


def test_a_disk_that_changes_what_is_written_is_noticed(
    place: Place, store: SealedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    person(store)
    real = storage.sqlite.backups.backup.sign

    def bad_disk(file: Path, sealer: Sealer) -> None:
        real(file, sealer)
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.write_bytes(content)

    monkeypatch.setattr(storage.sqlite.backups.backup, "sign", bad_disk)
    with pytest.raises(BackupRefused, match="check the disk"):
        place.back_up()
    assert place.names() == []


@pytest.mark.parametrize(
    "statement", ["UPDATE tallies SET changes = 7", "DELETE FROM submissions", "DELETE FROM seal_check"]
)
def test_what_was_changed_from_outside_is_not_trusted(place: Place, store: SealedStore, statement: str) -> None:
    person(store)
    store.close()
    with connect(place.database).conn as outside:
        outside.execute(statement)
        outside.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with pytest.raises(NotTrusted, match="is damaged"):
        verify(place.database, place.sealer)


def test_a_row_without_its_record_is_not_trusted(place: Place, store: SealedStore) -> None:
    person(store)
    store.close()
    with connect(place.database).conn as outside:
        outside.execute("PRAGMA foreign_keys = OFF")
        outside.execute("UPDATE ticks SET record_id = 'nobody'")
        outside.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with pytest.raises(NotTrusted, match="a record that is not there"):
        verify(place.database, place.sealer)


def test_a_very_large_copy_has_a_thousand_rows_of_each_table_opened(
    place: Place, store: SealedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(30):
        store.save_session(str(number), {})
    store.close()
    opened: list[str] = []
    real = Sealer.open

    def counting(self, table, *rest):
        opened.append(table)
        return real(self, table, *rest)

    monkeypatch.setattr(Sealer, "open", counting)
    monkeypatch.setattr("storage.sqlite.backups.verifying.SAMPLE_ROWS", 10)
    verify(place.database, place.sealer)
    assert opened.count("sessions") == 30
    opened.clear()
    monkeypatch.setattr("storage.sqlite.backups.verifying.VERY_LARGE_BYTES", 1000)
    verify(place.database, place.sealer)
    assert opened.count("sessions") == 10


def test_backups_of_more_than_30_days_go_and_nothing_else_does(place: Place, store: SealedStore) -> None:
    person(store)
    days = [
        NOW - timedelta(days=age) for age in (38, 31, 30, 21, 11, 1)
    ]  # no pause so long that the clock may be wrong
    made = [place.back_up(day).path.name for day in sorted(days)]
    for other in ("notes.txt", "firm-footing-2020-01-01.db", "firm-footing-2020-01-01T000000Z.db.gpg"):
        (place.backups / other).write_text("kept")
    newest = place.back_up().path.name

    names = place.names()
    assert newest in names
    assert {*made[2:], "notes.txt", "firm-footing-2020-01-01.db"} <= set(names)
    assert made[0] not in names
    assert made[1] not in names
    assert "firm-footing-2020-01-01T000000Z.db.gpg" in names


def test_the_newest_stays_however_old_it_is(place: Place, store: SealedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    old = place.back_up(NOW - timedelta(days=100)).path
    monkeypatch.setattr(
        storage.sqlite.backups.backup, "verify", lambda *_: (_ for _ in ()).throw(NotTrusted("is damaged"))
    )
    with pytest.raises(BackupRefused):
        place.back_up()
    assert place.names() == [old.name]


def test_two_backups_of_one_second_have_two_names(place: Place, store: SealedStore) -> None:
    with ThreadPoolExecutor(2) as threads:
        made = list(threads.map(lambda _: place.back_up().path, range(2)))
    assert sorted(each.name for each in made) == place.names()
    assert len(set(made)) == 2


def test_what_a_killed_backup_left_goes_with_the_next(place: Place, store: SealedStore) -> None:
    place.backups.mkdir()
    (place.backups / "firm-footing-2026-11-24T031507Z.db.unfinished").write_bytes(b"half")
    (place.backups / "firm-footing-2026-11-24T031507Z.db.unfinished-journal").write_bytes(b"half")
    made = place.back_up()
    assert place.names() == [made.path.name]


def test_of_backups_killed_at_a_random_moment_only_whole_ones_have_a_name(place: Place, tmp_path: Path) -> None:
    store = place.open()
    for number in range(10):
        person(store, number)
    store.close()
    began = time.monotonic()
    place.back_up(NOW - timedelta(days=1))
    takes, chance = time.monotonic() - began, random.Random(5)
    for turn in range(25):
        process = os.fork()
        if process == 0:
            try:
                place.back_up(NOW + timedelta(seconds=turn))
            finally:
                os._exit(0)
        time.sleep(chance.uniform(0, takes * 2))
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
    assert place.back_up(NOW + timedelta(days=1)).records == 10
    names = place.names()
    assert len(names) < 27, "some were killed in time"
    for number, name in enumerate(names):
        assert verify(unsigned(place.backups / name, place, tmp_path / f"copy-{number}"), place.sealer) == 10


def test_where_there_is_nothing_no_backup_is_made_and_no_database_either(place: Place) -> None:
    with pytest.raises(BackupRefused, match=r"there is no database in .* FIRM_FOOTING_DATA"):
        place.back_up()
    assert not place.data.exists()
    place.open().close()
    place.key.unlink()
    with pytest.raises(StoreRefused, match="put the key back"):
        place.back_up()


def test_a_folder_that_cannot_be_written_is_told(place: Place, store: SealedStore) -> None:
    place.backups.write_text("a file")
    with pytest.raises(BackupRefused, match="cannot be written"):
        place.back_up()


def test_a_full_disk_is_told_and_leaves_nothing(
    place: Place, store: SealedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        person(store, number)
    real = storage.sqlite.backups.backup.sqlite3.connect

    def with_little_room(*args):
        connection = real(*args)
        connection.execute("PRAGMA max_page_count = 5")
        return connection

    monkeypatch.setattr(storage.sqlite.backups.backup, "sqlite3", SimpleNamespace(connect=with_little_room))
    with pytest.raises(StorageError, match="room"):
        storage.sqlite.backups.backup.back_up(place.data, place.keys, place.backups, NOW)
    assert place.names() == []


def test_the_database_knows_until_when_a_backup_may_hold_what_is_erased(place: Place) -> None:
    def end_on(day: date) -> date | None:
        opened = place.open(day)
        found = opened.find_backup_end()
        opened.close()
        return found

    day = NOW.date()
    assert end_on(day) is None
    place.back_up()
    assert end_on(day) == date(2026, 12, 25)
    place.back_up(NOW - timedelta(days=3))
    assert end_on(day) == date(2026, 12, 25), "an older one changes nothing"
    place.back_up(NOW + timedelta(days=1))
    assert end_on(day + timedelta(days=31)) == date(2026, 12, 26)
    assert end_on(day + timedelta(days=90)) == date(2026, 12, 26), "it has passed, but the newest is never removed"


def test_the_note_is_written_before_the_copy_so_that_a_kill_between_them_is_told_too_late_and_never_too_early(
    place: Place, store: SealedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(storage.sqlite.backups.backup, "_copy", killed)
    with pytest.raises(KeyboardInterrupt):
        place.back_up()
    assert store.find_backup_end() == date(2026, 12, 25)


def test_a_damaged_note_counts_as_a_backup_of_today(place: Place, store: SealedStore) -> None:
    place.back_up(NOW - timedelta(days=20))
    with connect(place.database).conn as outside:
        outside.execute("UPDATE backups SET day = '2020-01-01'")
    assert store.find_backup_end() == date(2026, 12, 25)
    assert place.back_up(NOW + timedelta(days=1)).records == 0, "and the next one mends it"
    assert store.find_backup_end() == date(2026, 12, 26)


def test_a_backup_waits_for_a_writer(place: Place, store: SealedStore) -> None:
    outside = connect(place.database)
    outside.execute("BEGIN IMMEDIATE")
    threading.Timer(1.0, lambda: outside.execute("COMMIT")).start()
    assert place.back_up().path.exists()
    outside.close()


def test_the_last_bytes_are_few_and_fixed(place: Place, store: SealedStore) -> None:
    made = place.back_up()
    pages = made.path.read_bytes()[:-TRAILER_BYTES]
    assert len(pages) % 4096 == 0
    assert re.fullmatch(rb"\nFirm Footing backup 1\n.{41}", made.path.read_bytes()[-TRAILER_BYTES:], re.DOTALL)
    assert os.path.getsize(made.path) == len(pages) + TRAILER_BYTES


def test_submissions_are_listed_the_oldest_first_and_only_ones_own(store: SealedStore) -> None:
    one, other = (store.create_record(content_hash="c", data={}).record_id for _ in range(2))
    made = []
    for number in range(9):
        made.append(store.submit(one, submit_key=str(number), content_hash="c", data={"n": number}))
        store.submit(other, submit_key=str(number), content_hash="c", data={"n": -number})
    assert store.list_submissions(one) == tuple(made)
    assert store.list_submissions(store.create_record(content_hash="c", data={}).record_id) == ()


def test_after_a_jump_of_the_clock_old_backups_stay(place: Place) -> None:
    store = place.open()
    person(store)
    store.close()
    for day in (0, 1, 40):  # 40: nobody started it for long, or its clock is wrong
        back_up(place.data, place.keys, place.backups, NOW + timedelta(days=day))
    assert len(place.names()) == 3
    for day in (41, 48):
        back_up(place.data, place.keys, place.backups, NOW + timedelta(days=day))
    assert [each[13:23] for each in place.names()] == ["2027-01-04", "2027-01-05", "2027-01-12"]
