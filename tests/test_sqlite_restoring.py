"""A backup put back: refused for every fault it can have, done whole or not at all, and what was erased stays erased."""

import os
import random
import shutil
import signal
import sqlite3 as any_sqlite
import stat
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

import storage.sqlite.backups.restoring
import storage.sqlite.replacing
from storage import BackupRefused, RecordNotFound, StorageError, StoreRefused, StoreReplaced
from storage.rows.sealed_rows import CHECK_NAME, Row, SealedRows
from storage.rows.sealing import Sealer, load_or_create_key
from storage.rows.tables import RECORDS, SEAL_CHECK
from storage.sqlite.backups.backup import back_up
from storage.sqlite.backups.restoring import Restored, restore
from storage.sqlite.connecting import connect
from storage.sqlite.later_migrations import migrations
from storage.sqlite.opening import DATABASE
from storage.sqlite.rows import sealed_rows_of
from storage.store.store import SealedStore
from tests.test_sqlite_backup import NOW, Place, person

LATER = NOW + timedelta(hours=5)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "here")


@pytest.fixture
def backup(place: Place) -> Path:
    """A backup of two people; the app has ended since, after a third came."""
    store = place.open()
    for number in range(2):
        person(store, number)
    path = place.back_up().path
    person(store, 2)
    store.close()
    return path


def put_back(place: Place, file: Path, *, unsigned: bool = False) -> Restored:
    return restore(file, place.data, place.keys, LATER, unsigned=unsigned)


def people(place: Place) -> int:
    """How many the app finds when it is started."""
    store = place.open()
    found = store.count()["records"]
    store.close()
    return found


def everything(place: Place) -> dict[str, bytes]:
    return {
        str(each.relative_to(place.data.parent)): each.read_bytes()
        for each in place.data.parent.rglob("*")
        if each.is_file()
    }


def refusal(place: Place, file: Path) -> str:
    """The sentence; whatever lay anywhere lies there still, and the app starts as before."""
    before = everything(place)
    with pytest.raises(StorageError) as caught:
        put_back(place, file)
    assert everything(place) == before
    told = str(caught.value)
    assert ": " in told, "it has a way out"
    assert "\n" not in told
    return told


def test_a_backup_takes_the_place_of_the_database_which_is_kept(place: Place, backup: Path) -> None:
    assert people(place) == 3
    if os.geteuid() == 0:
        os.chown(place.data, 65534, 65534)
    restored = put_back(place, backup)

    assert (restored.records, restored.erased_again, restored.made_on) == (2, 0, NOW.date())
    assert restored.aside == place.data / f"{DATABASE}.before-2026-11-25T081507Z"
    assert people(place) == 2
    assert stat.S_IMODE(place.database.stat().st_mode) == 0o600
    assert place.database.stat().st_uid == place.data.stat().st_uid, "the app can read what root put back"
    assert sorted(each.name for each in place.data.iterdir()) == [DATABASE, restored.aside.name]
    back = put_back(place, restored.aside, unsigned=True)
    assert back.records == 3, "and what was set aside can be put back the same way"
    assert people(place) == 3


def cut_short(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def lose_the_last_byte(file: Path) -> None:
    os.truncate(file, file.stat().st_size - 1)


def lose_the_last_page(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: -(file.stat().st_size % 4096) - 4096])


def make_empty(file: Path) -> None:
    file.write_bytes(b"")


def make_text(file: Path) -> None:
    file.write_text("Shopping list\n" * 1000)


def make_zeros(file: Path) -> None:
    file.write_bytes(bytes(file.stat().st_size))


def make_foreign(file: Path) -> None:
    file.unlink()
    with any_sqlite.connect(file) as db:
        db.execute("CREATE TABLE bookmarks (url TEXT)")
    db.close()


def make_newer(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[60:64] = (99).to_bytes(4, "big")
    file.write_bytes(content)


def add_a_page(file: Path) -> None:
    file.write_bytes(file.read_bytes() + bytes(4096))


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (cut_short, "is damaged"),
        (lose_the_last_byte, "is damaged"),
        (lose_the_last_page, "is damaged"),
        (add_a_page, "is damaged"),
        (make_empty, "is empty, cut short, damaged or no database: choose another backup"),
        (make_text, "no database: choose another backup"),
        (make_zeros, "no database: choose another backup"),
        (make_foreign, "belongs to another program: choose a backup of Firm Footing"),
        (make_newer, "has format 99, and this program reads up to format 4: install the release that made it"),
        (Path.unlink, "there is no file"),
    ],
)
def test_a_file_that_is_no_whole_backup_is_refused_and_nothing_is_touched(
    place: Place, backup: Path, damage: Callable[[Path], None], sentence: str
) -> None:
    damage(backup)
    told = refusal(place, backup)
    assert sentence in told
    assert str(backup) in told
    assert people(place) == 3


def flipped(content: bytes, at: int, bit: int) -> bytes:
    changed = bytearray(content)
    changed[at] ^= 1 << bit
    return bytes(changed)


def test_no_flipped_bit_anywhere_is_put_back(place: Place, backup: Path) -> None:
    sound, chance = backup.read_bytes(), random.Random(7)
    before = everything(place)
    places = [
        *range(0, 100, 3),
        *range(len(sound) - 63, len(sound)),
        *(chance.randrange(len(sound)) for _ in range(250)),
    ]
    for at in places:
        backup.write_bytes(flipped(sound, at, chance.randrange(8)))
        with pytest.raises(BackupRefused):
            put_back(place, backup)
    backup.write_bytes(sound)
    assert everything(place) == before
    assert people(place) == 3


def sealed_places(content: bytes, key_id: bytes) -> list[int]:
    """Where sealed values begin."""
    found, at = [], content.find(key_id)
    while at >= 0:
        found.append(at)
        at = content.find(key_id, at + 1)
    return found


def test_a_flipped_bit_in_a_sealed_value_of_a_plain_copy_is_refused(place: Place, backup: Path, tmp_path: Path) -> None:
    """A copy that was made without the command has no code over all its bytes: its rows have their seals."""
    plain = tmp_path / "plain.db"
    shutil.copy(place.database, plain)
    sound = plain.read_bytes()
    tried = sealed_places(sound, place.sealer.key_id)
    assert len(tried) > 20
    for at in tried:
        plain.write_bytes(flipped(sound, at + 12, 3))
        assert "is damaged" in refusal(place, plain)


def test_the_twin_that_does_not_look_puts_a_damaged_copy_back(
    place: Place, backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = tmp_path / "plain.db"
    shutil.copy(place.database, plain)
    sound = plain.read_bytes()
    plain.write_bytes(flipped(sound, sealed_places(sound, place.sealer.key_id)[-1] + 12, 3))
    assert "is damaged" in refusal(place, plain)
    monkeypatch.setattr(storage.sqlite.backups.restoring, "verify", lambda *_, **__: 3)
    monkeypatch.setattr(storage.sqlite.backups.restoring, "find_fault", lambda *_: None)
    assert put_back(place, plain, unsigned=True).records == 3


def test_a_backup_of_another_key_is_refused(place: Place, backup: Path, tmp_path: Path) -> None:
    other = Place(tmp_path / "elsewhere")
    other.open().close()
    theirs = back_up(other.data, other.keys, other.backups, NOW).path
    told = refusal(place, theirs)
    assert "was sealed with another key: put the key of that time beside the present one" in told
    plain = tmp_path / "plain.db"
    shutil.copy(other.database, plain)
    assert "was sealed with another key" in refusal(place, plain)


def test_a_backup_from_before_the_key_was_made_is_refused(place: Place, backup: Path) -> None:
    """The key was lost and all was begun anew: what the old key sealed is of no use beside the new one."""
    for each in (place.key, *place.data.iterdir()):
        if each.is_file():
            each.unlink()
    place.open().close()
    assert "put the key of that time beside the present one" in refusal(place, backup)


def test_the_database_is_no_backup_of_itself(place: Place, backup: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(place.database)
    for same in (place.database, link):
        assert "is the database itself" in refusal(place, same)


def test_a_folder_is_no_backup(place: Place, backup: Path) -> None:
    assert "cannot be used" in refusal(place, backup.parent)


def test_without_the_key_nothing_is_put_back(place: Place, backup: Path) -> None:
    place.key.unlink()
    assert "put it back from where it is kept apart" in refusal(place, backup)


def test_a_damaged_key_is_told(place: Place, backup: Path) -> None:
    place.key.chmod(0o600)
    place.key.write_text("0" * 12)
    assert "put back the copy" in refusal(place, backup)


def test_a_full_disk_changes_nothing(place: Place, backup: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(*_: object) -> bool:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage.sqlite.backups.restoring, "copy_checked", no_room)
    assert "make room" in refusal(place, backup)


def test_when_the_disk_died_the_key_and_a_backup_are_enough(place: Place, backup: Path) -> None:
    shutil.rmtree(place.data)
    restored = put_back(place, backup)
    assert (restored.aside, restored.erased_again) == (None, None)
    assert people(place) == 2


@pytest.mark.parametrize("ruin", [make_empty, make_text, make_zeros, make_foreign, cut_short])
def test_a_ruined_database_is_set_aside_as_it_is(place: Place, backup: Path, ruin: Callable[[Path], None]) -> None:
    ruin(place.database)
    ruined = place.database.read_bytes()
    restored = put_back(place, backup)
    assert restored.erased_again is None
    assert restored.aside is not None
    assert restored.aside.read_bytes() == ruined
    assert people(place) == 2


def test_the_journal_of_the_database_before_is_never_played_into_the_new_one(place: Place, backup: Path) -> None:
    store = place.open()
    for number in range(5, 25):
        person(store, number)
    journal = place.database.with_name(f"{DATABASE}-wal")
    assert journal.stat().st_size > 50_000
    kept = {each.name: each.read_bytes() for each in place.data.iterdir() if each.is_file()}
    store.close()
    for name, content in kept.items():  # as a power cut leaves it
        (place.data / name).write_bytes(content)

    restored = put_back(place, backup)
    assert not journal.exists()
    assert people(place) == 2
    assert restored.aside is not None
    assert put_back(place, restored.aside, unsigned=True).records == 23, "and it is whole where it lies now"


def test_a_lost_journal_beside_no_database_is_set_aside(place: Place, backup: Path) -> None:
    place.database.rename(place.data / f"{DATABASE}-wal")
    put_back(place, backup)
    assert people(place) == 2
    assert len(list(place.data.glob(f"{DATABASE}.before-*-wal"))) == 1


def test_the_app_that_runs_meanwhile_writes_nothing_into_the_lost_file(place: Place, backup: Path) -> None:
    store = place.open()
    record = person(store, 9)
    restored = put_back(place, backup)
    assert restored.aside is not None
    for ask in (lambda: store.get_draft(record), lambda: person(store, 10), lambda: store.erase(record)):
        with pytest.raises(StoreReplaced, match="restart the app"):
            ask()
    again = place.open()
    person(again, 11)
    store.close()  # the old app ends after the new one began
    assert again.count()["records"] == 3
    again.close()
    assert people(place) == 3
    assert put_back(place, restored.aside, unsigned=True).records == 4


def test_a_writer_that_waits_for_the_lock_while_the_file_is_replaced_is_refused(
    place: Place, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The identity was right when it asked for the lock, and another when it got it."""
    store = place.open()
    person(store, 9)
    real, asked = store.engine.connections._refuse_another_file, []

    def replaced_after_the_first_look() -> None:
        real()
        if not asked:
            asked.append(put_back(place, backup))

    monkeypatch.setattr(store.engine.connections, "_refuse_another_file", replaced_after_the_first_look)
    with pytest.raises(StoreReplaced):
        store.create_record(content_hash="c", data={})
    assert asked[0].aside is not None
    store.close()
    assert people(place) == 2
    assert put_back(place, asked[0].aside, unsigned=True).records == 4


STEPS = 40


def dies_at(step: int) -> Callable[[], None]:
    left = [step]

    def count_down() -> None:
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return count_down


def killed_restore(place: Place, backup: Path, step: int) -> bool:
    """Whether a restore that is killed before its n-th change of a name was killed at all."""
    process = os.fork()
    if process == 0:
        try:
            tick = dies_at(step)
            for name in ("rename", "unlink", "write_text"):
                real = getattr(Path, name)
                setattr(Path, name, lambda *args, real=real, **kwargs: (tick(), real(*args, **kwargs))[1])
            real_sync = storage.sqlite.replacing.sync
            storage.sqlite.replacing.sync = lambda path: (tick(), real_sync(path))[1]
            put_back(place, backup)
            os._exit(0)
        except BaseException:
            os._exit(7)
    _, status = os.waitpid(process, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


@pytest.mark.parametrize("open_meanwhile", [False, True], ids=["the app stopped", "the app running"])
def test_a_restore_killed_at_any_step_leaves_one_of_the_two_whole(
    place: Place, backup: Path, tmp_path: Path, open_meanwhile: bool
) -> None:
    found: list[int] = []
    shutil.copytree(place.data, tmp_path / "kept")
    for step in range(STEPS):
        shutil.rmtree(place.data)
        shutil.copytree(tmp_path / "kept", place.data)
        store = place.open() if open_meanwhile else None
        expected = 3
        if store:
            person(store, 50)  # in the journal
            expected = 4
        killed = killed_restore(place, backup, step)
        if store:
            try:
                person(store, 51)
                expected += 1
            except StorageError:
                pass
            store.close()
        found.append(people(place))
        assert found[-1] in (2, expected), f"step {step}"
        assert not list(place.data.glob("*.restoring"))
        assert not list(place.data.glob("*.unfinished*"))
        if not killed:
            break
    else:
        raise AssertionError("it never came to its end")
    assert found[-1] == 2
    assert found[0] == expected or found[0] > 2
    assert len(found) > 8
    assert sorted(found, reverse=True) == found, "once the new one is there it stays"


def test_restores_killed_at_a_random_moment_leave_one_of_the_two_whole(
    place: Place, backup: Path, tmp_path: Path
) -> None:
    chance, kept = random.Random(3), tmp_path / "kept"
    shutil.copytree(place.data, kept)
    found = []
    for _ in range(25):
        shutil.rmtree(place.data)
        shutil.copytree(kept, place.data)
        process = os.fork()
        if process == 0:
            try:
                put_back(place, backup)
            finally:
                os._exit(0)
        time.sleep(chance.uniform(0, 0.04))
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        found.append(people(place))
    assert set(found) <= {2, 3}
    assert 3 in found, "some were killed in time"


def test_what_was_erased_since_stays_erased(place: Place) -> None:
    store = place.open()
    erased, kept = person(store, 1), person(store, 2)
    backup = place.back_up().path
    store.erase(erased)
    store.close()

    restored = put_back(place, backup)

    assert (restored.records, restored.erased_again) == (1, 1)
    store = place.open()
    with pytest.raises(RecordNotFound):
        store.get_draft(erased)
    assert store.get_draft(kept).data["person"] == 2
    assert store.count() == {"records": 1, "submissions": 1}
    store.close()
    assert erased.encode() not in place.database.read_bytes()
    again = put_back(place, backup)
    assert again.erased_again == 1, "the marks went over into the database that was put back"


@pytest.mark.parametrize("ruin", [Path.unlink, make_zeros, cut_short])
def test_it_stays_erased_where_the_database_before_cannot_be_read(place: Place, ruin: Callable[[Path], None]) -> None:
    """Damage is what a backup is for."""
    store = place.open()
    erased, kept = person(store, 1), person(store, 2)
    backup = place.back_up().path
    store.erase(erased)
    store.close()
    ruin(place.database)
    restored = put_back(place, backup)
    assert (restored.records, restored.erased_again) == (1, 1)
    store = place.open()
    with pytest.raises(RecordNotFound):
        store.get_draft(erased)
    assert store.get_draft(kept).data["person"] == 2
    store.close()
    assert erased.encode() not in place.database.read_bytes()


def test_without_the_list_it_is_back_and_nobody_says_otherwise(place: Place) -> None:
    """The twin, and what a start lists of a database that an earlier release wrote."""
    store = place.open()
    erased = person(store, 1)
    backup = place.back_up().path
    store.erase(erased)
    store.close()
    listed = place.keys / "firm-footing.erased"
    listed.unlink()
    place.open().close()
    assert len(listed.read_text().splitlines()) > 0, "listed at the next start"
    listed.unlink()
    place.database.unlink()
    restored = put_back(place, backup)
    assert (restored.records, restored.erased_again) == (1, None)


def test_the_twin_without_marks_brings_it_back(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    store = place.open()
    erased = person(store, 1)
    backup = place.back_up().path
    monkeypatch.setattr(SealedRows, "mark_erased", lambda *_: None)
    store.erase(erased)
    store.close()
    put_back(place, backup)
    store = place.open()
    assert store.get_draft(erased).record_id == erased
    store.close()


def test_a_link_and_a_code_that_were_taken_back_open_nothing_after_a_restore(place: Place) -> None:
    store = place.open()
    records = [person(store, number) for number in range(3)]
    before = [store.find_link_and_code(each) for each in records]
    backup = place.back_up().path
    store.close_link_and_code(records[0])
    renewed = store.make_link_and_code(records[1])
    store.close()
    put_back(place, backup)
    store = place.open()
    for number in (0, 1):
        with pytest.raises(RecordNotFound):
            store.open_by_link(before[number].link)
        with pytest.raises(RecordNotFound):
            store.open_by_code(before[number].code)
    assert store.find_link_and_code(records[1]) is None
    assert renewed.link != before[1].link
    assert store.open_by_link(before[2].link).record_id == records[2]
    store.close()


def test_a_share_or_health_link_that_was_taken_back_stays_taken_back_after_a_restore(place: Place) -> None:
    store = place.open()
    record = person(store, 1)
    kept, gone = (store.make_share(record, submit_key=key, name="Ana", right="tick", days=90) for key in ("a", "b"))
    files = [
        store.make_health_link(record, token=token, file=b"jwe", plan_of=NOW.date(), made=0, ends=9) for token in "ab"
    ]
    backup = place.back_up().path
    store.take_back_share(record, gone.share_id)
    store.take_back_health_link(record, files[1].link_id)
    store.close()
    put_back(place, backup)
    store = place.open()
    assert store.list_shares(record) == (kept,)
    assert store.list_health_links(record, 1) == (files[0],)
    assert store.get_health_file("a", 1) == b"jwe"
    for ask in (lambda: store.open_by_link(gone.link), lambda: store.get_health_file("b", 1)):
        with pytest.raises(RecordNotFound):
            ask()
    store.close()


def test_what_was_taken_back_stays_so_when_a_wrong_backup_is_put_back_first(place: Place) -> None:
    store = place.open()
    store.close()
    older = place.back_up().path
    store = place.open()
    record = person(store, 1)
    link_and_code, share = (
        store.find_link_and_code(record),
        store.make_share(record, submit_key="a", name="A", right="see", days=90),
    )
    newer = place.back_up().path
    store.take_back_share(record, share.share_id)
    store.close_link_and_code(record)
    store.close()
    put_back(place, older)
    put_back(place, newer)
    store = place.open()
    assert store.find_link_and_code(record) is None
    assert store.list_shares(record) == ()
    for link in (link_and_code.link, share.link):
        with pytest.raises(RecordNotFound):
            store.open_by_link(link)
    store.close()


def test_what_time_alone_removed_comes_back_with_a_backup(place: Place) -> None:
    """If the clock was wrong it was not to go; if it was right, it goes again."""
    day = NOW.date()
    store = place.open(day - timedelta(days=100))
    old = person(store, 1)
    store.close()
    backup = place.back_up().path
    store = place.open(day)
    assert store.purge(sure=True)["records"] == 1
    store.close()
    assert put_back(place, backup).erased_again == 0
    assert old.encode() in place.database.read_bytes()
    store = place.open(day)
    assert store.purge(sure=True)["records"] == 1
    with pytest.raises(RecordNotFound):
        store.get_draft(old)
    store.close()


def marks(place: Place) -> int:
    with connect(place.database).conn as db:
        return int(db.execute("SELECT count(*) FROM erased").fetchone()[0])


def test_marks_tell_nothing_and_go_after_31_days(place: Place) -> None:
    day = NOW.date()
    store = place.open(day)
    record = person(store, 1)
    store.erase(record)
    store.close()
    with connect(place.database).conn as db:
        ((mark, noted),) = db.execute("SELECT mark, day FROM erased").fetchall()
    assert (len(mark), noted) == (64, day.isoformat())
    assert record[:8] not in mark
    for age, left in ((31, 1), (32, 0)):
        store = place.open(day + timedelta(days=age))
        store.purge()
        store.close()
        assert marks(place) == left


def test_a_mark_stays_as_long_as_the_newest_backup_is_of_before_it(place: Place) -> None:
    """Whoever stops to make backups keeps the last one, and may put it back in a year."""
    day = NOW.date()
    store = place.open(day)
    record = person(store, 1)
    backup = place.back_up().path
    store.erase(record)
    store.close()
    store = place.open(day + timedelta(days=300))
    store.purge(sure=True)
    store.close()
    assert put_back(place, backup).erased_again == 1

    place.back_up(NOW + timedelta(days=301))
    store = place.open(day + timedelta(days=301))
    store.purge(sure=True)
    store.close()
    assert marks(place) == 0, "the backup that it was for went when this one was made"


def test_after_a_restore_the_receipt_counts_from_today(place: Place, backup: Path) -> None:
    """What was set aside, and newer backups, hold it too."""
    old = LATER + timedelta(days=9)
    restore(backup, place.data, place.keys, old)
    store = place.open(old.date())
    assert store.find_backup_end() == old.date() + timedelta(days=30)
    store.close()


@pytest.fixture
def earlier(place: Place) -> Path:
    """A database as the release before doors, expiries and backups made it, with one person in it."""
    sealer = Sealer(load_or_create_key(place.key))
    place.data.mkdir()
    place.database.touch()
    db = connect(place.database)
    migrations.apply(db, stop_before="doors")
    rows = sealed_rows_of(db, sealer)
    rows.put(SEAL_CHECK, Row(row_id=CHECK_NAME, bound={}, plain=b""))
    bound = {"content_hash": "c", "revision": 1, "expires": "2999-01-01", "latest_submission_id": None}
    rows.put(RECORDS, Row(row_id="0" * 32, bound=bound, plain=b"{}"))
    db.close()
    kept = place.database.rename(place.data.parent / "earlier.db")
    return kept


@pytest.mark.parametrize("newer_is_there", [True, False])
def test_a_database_of_an_earlier_step_is_put_back_and_brought_up_to_date(
    place: Place, earlier: Path, newer_is_there: bool
) -> None:
    if newer_is_there:
        shutil.copy(earlier, place.database)
        store = place.open()
        store.erase("0" * 32)
        store.close()
    restored = put_back(place, earlier, unsigned=True)
    assert restored.records == (0 if newer_is_there else 1)
    assert people(place) == restored.records
    with connect(place.database).conn as db:
        assert migrations.pending(connect(place.database)) == []
        assert db.execute("SELECT count(*) FROM doors").fetchone()[0] == 0


def test_an_earlier_database_can_also_be_the_one_that_is_replaced(place: Place, earlier: Path, tmp_path: Path) -> None:
    shutil.copy(earlier, place.database)
    store = place.open()
    person(store, 3)
    backup = place.back_up().path
    store.close()
    shutil.copy(earlier, place.database)
    assert put_back(place, backup).erased_again == 0
    assert people(place) == 2


def test_a_database_that_is_written_all_the_time_is_told(
    place: Place, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.sqlite.backups.restoring, "BUSY_TRIES", 2)
    outside = connect(place.database)
    outside.execute("BEGIN IMMEDIATE")
    with pytest.raises(BackupRefused, match="stop the app, and restore again"):
        put_back(place, backup)
    outside.execute("ROLLBACK")
    outside.close()
    assert people(place) == 3


def test_a_lost_database_is_still_never_made_anew(place: Place, backup: Path) -> None:
    place.database.unlink()
    with pytest.raises(StoreRefused, match="flask restore FILE"):
        place.open()


def test_everything_but_key_and_backup_is_gone_and_the_store_answers_the_same(place: Place) -> None:
    store: SealedStore = place.open()
    record = person(store, 1)
    before = (
        store.get_draft(record),
        store.list_submissions(record),
        store.list_ticks(record),
        store.find_link_and_code(record),
    )
    backup = place.back_up().path
    store.close()
    shutil.rmtree(place.data)
    began = time.monotonic()
    put_back(place, backup)
    store = place.open()
    after = (
        store.get_draft(record),
        store.list_submissions(record),
        store.list_ticks(record),
        store.find_link_and_code(record),
    )
    assert time.monotonic() - began < 5
    assert after == before
    assert store.find_session("browser-1") == {"records": [record]}
    store.close()
