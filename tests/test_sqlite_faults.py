"""Locks, full disks, read-only files, bit rot and thieves: an answer is right, or an error, or unreadable."""

import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from storage import SealBroken, StorageError, StoreBusy, StoreFull, StoreReadOnly, StoreRefused
from storage.sqlite.connecting import Connections, connect
from storage.sqlite.engine import SqliteEngine, open_store
from storage.sqlite.opening import DATABASE, ready
from storage.store.store import SealedStore

NOBODY = 65534
SECRET = "fell-in-the-bathroom-and-told-nobody"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SealedStore]:
    store = open_store(tmp_path, tmp_path)
    yield store
    store.close()


@pytest.fixture
def outsider(tmp_path: Path, store: SealedStore) -> Iterator[Database]:
    """Another program's connection to the same file."""
    db = connect(tmp_path / DATABASE)
    yield db
    db.close()


def new_record(store: SealedStore, **data: Any) -> str:
    return store.create_record(content_hash="c", data=data).record_id


def test_a_held_lock_is_told_within_a_second_and_reading_goes_on(store: SealedStore, outsider: Database) -> None:
    record_id = new_record(store, age=72)
    outsider.execute("BEGIN IMMEDIATE")
    started = time.monotonic()
    with pytest.raises(StoreBusy) as caught:
        store.change_draft(record_id, dict, content_hash="other")
    assert 0.4 < time.monotonic() - started < 1
    assert caught.value.retry_after_seconds >= 1
    assert store.get_draft(record_id).data == {"age": 72}
    outsider.execute("ROLLBACK")
    assert store.change_draft(record_id, dict, content_hash="other").revision == 2


def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path) -> None:
    database, sealer = ready(tmp_path, tmp_path)
    opened: list[Database] = []

    def connect_with_little_room() -> Database:
        opened.append(connect(database))
        opened[-1].execute("PRAGMA max_page_count = 40")
        return opened[-1]

    store = SealedStore(SqliteEngine(Connections(connect_with_little_room)), sealer, date.today)
    kept: list[str] = []
    with pytest.raises(StoreFull):
        kept.extend(new_record(store, text=SECRET * 50) for _ in range(1000))
    assert [store.get_draft(record_id).data for record_id in kept] == [{"text": SECRET * 50}] * len(kept)
    assert store.count()["records"] == len(kept) > 0
    for db in opened:
        db.execute("PRAGMA max_page_count = 1000")
    kept.append(new_record(store, text=SECRET * 50))
    assert store.count()["records"] == len(kept)
    store.close()


@contextmanager
def as_nobody(*owned: Path) -> Iterator[None]:
    """As a user that file modes bind, for root is not; `owned` belongs to that user."""
    if os.geteuid() != 0:
        yield
        return
    for path in owned:
        os.chown(path, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can reach: pytest's own are closed to all but the owner."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yield folder
        folder.chmod(0o700)


@pytest.mark.parametrize("folder_mode", [0o500, 0o700])
def test_a_read_only_file_is_read_and_its_writes_are_told(open_folder: Path, folder_mode: int) -> None:
    store = open_store(open_folder, open_folder)
    record_id = new_record(store, age=72)
    store.close()
    (open_folder / DATABASE).chmod(0o400)
    open_folder.chmod(folder_mode)
    with as_nobody(open_folder, *open_folder.iterdir()):
        store = open_store(open_folder, open_folder)
        with pytest.raises(StoreReadOnly):
            new_record(store)
        assert store.get_draft(record_id).data == {"age": 72}
        store.close()


def test_a_first_run_in_a_read_only_folder_is_refused(open_folder: Path) -> None:
    open_folder.chmod(0o500)
    with as_nobody(open_folder), pytest.raises(StoreRefused, match=r"cannot be used \(Permission denied\)"):
        open_store(open_folder, open_folder)
    assert list(open_folder.iterdir()) == []


def swap_two_rows(db: Database) -> None:
    (first, one), (second, other) = db.execute("SELECT record_id, sealed FROM records LIMIT 2").fetchall()
    db.execute("UPDATE records SET sealed = ? WHERE record_id = ?", (other, first))
    db.execute("UPDATE records SET sealed = ? WHERE record_id = ?", (one, second))


def swap_two_ids(db: Database) -> None:
    first, second = (found[0] for found in db.execute("SELECT record_id FROM records LIMIT 2").fetchall())
    for old, new in ((first, "aside"), (second, first), ("aside", second)):
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("UPDATE records SET record_id = ? WHERE record_id = ?", (new, old))


def put_off_the_expiry(db: Database) -> None:
    db.execute("UPDATE records SET expires = '2999-01-01'")


def name_another_content(db: Database) -> None:
    db.execute("UPDATE records SET content_hash = 'other'")


def name_an_older_submission(db: Database) -> None:
    db.execute("UPDATE records SET latest_submission_id = (SELECT min(submission_id) FROM submissions)")


@pytest.mark.parametrize(
    "change",
    [swap_two_rows, swap_two_ids, put_off_the_expiry, name_another_content, name_an_older_submission],
)
def test_a_row_changed_from_outside_is_not_shown(
    store: SealedStore, outsider: Database, change: Callable[[Database], None]
) -> None:
    ids = [new_record(store, person=number) for number in range(2)]
    for key in range(8):  # of eight random ids the least is rarely the last: then its change is none
        store.submit(ids[0], submit_key=str(key), content_hash="c", data={"n": key})
        store.submit(ids[1], submit_key=str(key), content_hash="c", data={"n": key})
    change(outsider)
    shown = 0
    for record_id in ids:
        try:
            store.find_latest_submission(record_id)
            store.get_draft(record_id)
            shown += 1
        except SealBroken:
            continue
    assert shown <= (change is name_an_older_submission)


def test_a_latest_submission_that_is_gone_is_no_first_visit(store: SealedStore, outsider: Database) -> None:
    record_id = new_record(store)
    store.submit(record_id, submit_key="k", content_hash="c", data={})
    outsider.execute("DELETE FROM submissions")
    with pytest.raises(SealBroken):
        store.find_latest_submission(record_id)


def test_one_damaged_row_leaves_the_others_readable(store: SealedStore, outsider: Database) -> None:
    damaged, sound = new_record(store, age=72), new_record(store, age=73)
    outsider.execute("UPDATE records SET sealed = zeroblob(60) WHERE record_id = ?", (damaged,))
    with pytest.raises(SealBroken):
        store.get_draft(damaged)
    with pytest.raises(SealBroken):
        store.change_draft(damaged, dict, content_hash="c")
    assert store.get_draft(sound).data == {"age": 73}


def test_a_damaged_content_is_mended_when_it_is_kept_again(store: SealedStore, outsider: Database) -> None:
    store.keep_content("hash-1", b"Stand up slowly.")
    outsider.execute("UPDATE contents SET sealed = zeroblob(60)")
    with pytest.raises(SealBroken):
        store.get_content("hash-1")
    store.keep_content("hash-1", b"Stand up slowly.")
    assert store.get_content("hash-1") == b"Stand up slowly."


def test_nothing_is_acknowledged_into_a_file_that_was_removed(tmp_path: Path, store: SealedStore) -> None:
    record_id = new_record(store)
    aside = (tmp_path / DATABASE).rename(tmp_path / "aside")
    with pytest.raises(StorageError, match="was moved or replaced"):
        store.change_draft(record_id, lambda _: {"age": 72}, content_hash="c")
    shutil.copy(aside, tmp_path / DATABASE)
    with pytest.raises(StorageError, match="was moved or replaced"):
        store.get_draft(record_id)
    aside.rename(tmp_path / DATABASE)
    assert store.change_draft(record_id, lambda _: {"age": 72}, content_hash="c").revision == 2


def test_a_folder_that_is_gone_is_a_fault_of_the_store(tmp_path: Path) -> None:
    """As when a disk is no longer mounted: pages tell of it, as of any other fault."""
    folder = tmp_path / "disk"
    store = open_store(folder, tmp_path)
    store.reserve_room()
    record_id = new_record(store)
    folder.rename(tmp_path / "gone")
    for ask in (lambda: store.get_draft(record_id), lambda: new_record(store), lambda: store.erase(record_id)):
        with pytest.raises(StorageError, match="was moved or replaced"):
            ask()
    store.close()


def test_a_file_damaged_while_it_is_open_is_told(tmp_path: Path, store: SealedStore) -> None:
    record_id = new_record(store, age=72)
    store.close()
    with open(tmp_path / DATABASE, "r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (os.path.getsize(tmp_path / DATABASE) - 4096))
    with pytest.raises(SealBroken, match="the database is damaged"):
        store.get_draft(record_id)


def test_pages_that_were_not_gone_through_still_give_no_wrong_answer(tmp_path: Path) -> None:
    store = open_store(tmp_path, tmp_path)
    ids = [new_record(store, person=number, text=SECRET * 99) for number in range(80)]
    store.close()
    with open(tmp_path / DATABASE, "r+b") as file:
        whole = os.path.getsize(tmp_path / DATABASE)
        file.seek(whole * 6 // 10)
        file.write(b"\xa5" * (whole * 4 // 10))
    with pytest.raises(StoreRefused):
        open_store(tmp_path, tmp_path)

    store = open_store(tmp_path, tmp_path, check_pages=False)
    told = []
    for number, record_id in enumerate(ids):
        try:
            told.append(store.get_draft(record_id).data == {"person": number, "text": SECRET * 99})
        except StorageError:
            continue
    store.close()
    assert all(told)
    assert len(told) < len(ids)


def test_no_flipped_bit_of_the_file_gives_a_wrong_answer(tmp_path: Path) -> None:
    told = flip_bits(tmp_path, flips=300, chance=random.Random(1))
    assert told["wrong"] == 0
    assert told["noticed"] > 0 < told["right"]


def flip_bits(folder: Path, *, flips: int, chance: random.Random) -> dict[str, int]:
    """How often reading everything after one flip was right, was noticed, or was wrong."""
    store = open_store(folder, folder)
    truth = Truth(store)
    store.close()
    sound = (folder / DATABASE).read_bytes()
    told = {"right": 0, "noticed": 0, "wrong": 0}
    for _ in range(flips):
        damaged = bytearray(sound)
        damaged[chance.randrange(len(sound))] ^= 1 << chance.randrange(8)
        (folder / DATABASE).write_bytes(damaged)
        told[truth.compare(folder)] += 1
        for ending in ("-wal", "-shm"):
            (folder / f"{DATABASE}{ending}").unlink(missing_ok=True)
    return told


class Truth:
    """Everything that a store was given, one question each, and the answers it gave when it was sound."""

    def __init__(self, store: SealedStore) -> None:
        self.questions: list[Callable[[SealedStore], object]] = [lambda store: store.count()]
        store.keep_content("hash-1", b"Stand up slowly.")
        self.questions.append(lambda store: store.get_content("hash-1"))
        for number in range(5):
            self._add_person(store, number)
        self.answers = [question(store) for question in self.questions]

    def _add_person(self, store: SealedStore, number: int) -> None:
        record_id = new_record(store, person=number, text=SECRET * 9 * number)
        sent = store.submit(record_id, submit_key="k", content_hash="c", data={"person": number})
        store.save_session(f"browser-{number}", {"records": [record_id]})
        self.questions += [
            lambda store: store.get_draft(record_id),
            lambda store: store.find_latest_submission(record_id),
            lambda store: store.get_submission(record_id, sent.submission_id),
            lambda store: store.find_session(f"browser-{number}") or no_such_session(),
        ]

    def compare(self, folder: Path) -> str:
        try:
            store = open_store(folder, folder)
        except StorageError:
            return "noticed"
        told = {self._judge(store, *pair) for pair in zip(self.questions, self.answers, strict=True)}
        store.close()
        return next(verdict for verdict in ("wrong", "noticed", "right") if verdict in told)

    def _judge(self, store: SealedStore, question: Callable[[SealedStore], object], answer: object) -> str:
        try:
            return "right" if question(store) == answer else "wrong"
        except StorageError:
            return "noticed"


def no_such_session() -> None:
    """A session that is not found makes the browser start anew: no answer, so no wrong one."""
    raise StorageError("no such session")


def test_a_thief_of_the_file_reads_nothing(tmp_path: Path, store: SealedStore) -> None:
    record_id = new_record(store, text=SECRET)
    store.submit(record_id, submit_key="key-of-the-form", content_hash="c", data={"text": SECRET})
    store.save_session("id-in-the-cookie", {"note": SECRET})
    for _ in ("with the log", "with the log folded in"):
        kept = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.name.startswith(DATABASE))
        assert record_id.encode() in kept
        for secret in (SECRET, SECRET[5:20], "text", "note", "key-of-the-form", "id-in-the-cookie"):
            assert secret.encode() not in kept
        store.close()


def test_what_was_deleted_is_gone_from_the_file(tmp_path: Path, store: SealedStore, outsider: Database) -> None:
    record_id = new_record(store, short="x", long=[random.Random(1).randbytes(20_000).hex()])
    store.submit(record_id, submit_key="k", content_hash="c", data={})
    blobs = [found[0] for found in outsider.execute("SELECT sealed FROM records").fetchall()]
    blobs += [found[0] for found in outsider.execute("SELECT sealed FROM submissions").fetchall()]
    outsider.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert all(blob[-16:] in (tmp_path / DATABASE).read_bytes() for blob in blobs)

    outsider.execute("DELETE FROM records")
    outsider.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert outsider.execute("SELECT count(*) FROM submissions").fetchone()[0] == 0
    for blob in blobs:
        assert not [at for at in range(0, len(blob) - 16, 16) if blob[at : at + 16] in kept]
    assert record_id.encode() not in kept
