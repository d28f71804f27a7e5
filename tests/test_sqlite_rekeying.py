"""A new key: everything goes on under it, the old one opens nothing any more, and a kill leaves a file and its key."""

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import storage.sqlite.backups.backup
import storage.sqlite.backups.rekeying
import storage.sqlite.engine
from storage import RecordNotFound, SealBroken, StorageError, StoreRefused, StoreReplaced
from storage.model import RekeyRefused
from storage.rows import links_and_codes as stored_links_and_codes
from storage.rows.links_and_codes import hash_of_code
from storage.rows.note_beside_key import Noted
from storage.rows.sealed_rows import SealedRows
from storage.rows.sealing import KEY, Sealer, load_key, move_durably
from storage.rows.tables import PHOTOS, RECORDS, SEALED
from storage.sqlite.backups.rekeying import Rekeyed, rekey
from storage.sqlite.backups.restoring import restore
from storage.sqlite.backups.verifying import verify
from storage.sqlite.connecting import connect, sqlite3
from storage.sqlite.opening import DATABASE, ready
from storage.sqlite.replacing import replace
from storage.sqlite.rows import SqliteRows, sealed_rows_of
from storage.store.store import SealedStore
from tests.test_sqlite_backup import NOW, Place, person
from tests.test_sqlite_restoring import dies_at

LATER = NOW + timedelta(hours=5)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "here")


@pytest.fixture
def shared(place: Place) -> list[str]:
    """Two people, of whom the first shares her plan; the app has ended since."""
    store = place.open()
    records = [person(store, number) for number in range(2)]
    store.make_share(records[0], submit_key="a", name="Ana", right="tick", days=30)
    store.keep_content("c", b"questions")
    store.close()
    return records


def give_key(place: Place) -> Rekeyed:
    return rekey(place.data, place.keys, LATER)


def put_back(place: Place, file: Path) -> None:
    restore(file, place.data, place.keys, LATER)


def everything(store: SealedStore, records: list[str]) -> list[Any]:
    """What people find, by every way that they have."""
    found: list[Any] = [store.get_content("c"), store.count()]
    for number, record in enumerate(records):
        link_and_code = store.find_link_and_code(record)
        assert link_and_code
        shares = store.list_shares(record)
        with store.engine.reading() as rows:
            photos = rows.ids_of(PHOTOS, record)
        found += [
            store.get_draft(record),
            store.list_submissions(record),
            store.list_ticks(record),
            [store.get_photo(record, each) for each in photos],
            [store.open_by_link(link_and_code.link), store.open_by_code(link_and_code.code)],
            [(each, store.open_by_link(each.link), store.open_by_code(each.code)) for each in shares],
            store.find_session(f"browser-{number}"),
        ]
    return found


def found_in(place: Place, records: list[str]) -> list[Any]:
    with closing(place.open()) as store:
        return everything(store, records)


def files(place: Place) -> list[str]:
    return sorted(each.name for folder in (place.data, place.keys) for each in folder.iterdir())


def test_everything_is_found_under_the_new_key_and_nothing_opens_with_the_old(place: Place, shared: list[str]) -> None:
    if os.geteuid() == 0:
        for each in (place.key, place.database):
            os.chown(each, 65534, 65534)
    before, old = found_in(place, shared), place.sealer
    done = give_key(place)

    new = place.sealer
    assert (done.records, done.key, done.before) == (2, place.key, place.keys / f"{KEY}.before-2026-11-25")
    assert found_in(place, shared) == before
    assert load_key(done.before) != load_key(place.key)
    assert Sealer(load_key(done.before)).key_id == old.key_id != new.key_id
    assert {stat.S_IMODE(each.stat().st_mode) for each in (done.before, place.key)} == {0o400}
    assert {each.stat().st_uid for each in (done.before, place.key, place.database)} == {place.database.stat().st_uid}
    assert files(place) == sorted([DATABASE, KEY, "firm-footing.changes", done.before.name])
    assert new.key_id in place.database.read_bytes(), "the check can see what is there"
    assert old.key_id not in place.database.read_bytes()
    with closing(connect(place.database)) as db:
        for table in SEALED:
            for row in SqliteRows(db).all(table):
                with pytest.raises(SealBroken):
                    old.open(table.name, row.row_id, row.bound, row.sealed)
    assert verify(place.database, new) == 2


def test_the_old_key_gives_no_secret_by_which_anything_could_be_forged(place: Place, shared: list[str]) -> None:
    with closing(place.open()) as store:
        old, same = place.sealer, store.derive("calendar")
        code = store.find_link_and_code(shared[0]).code
    give_key(place)
    with closing(place.open()) as store:
        for purpose in ("tallies", "backup", "codes", "session", "session-id", "csrf"):
            assert store.derive(purpose) != old.derive(purpose)
        assert store.derive("calendar") == same, "a date that is in a calendar would stand there twice"
    assert hash_of_code(old, code).encode() not in place.database.read_bytes()


def test_a_database_can_get_a_new_key_again(place: Place, shared: list[str]) -> None:
    before = found_in(place, shared)
    kept = {give_key(place).before.name for _ in range(3)}
    assert kept == {f"{KEY}.before-2026-11-25{each}" for each in ("", "-1", "-2")}
    assert len({load_key(each) for each in place.keys.glob(f"{KEY}*")}) == 4
    assert found_in(place, shared) == before


def test_what_is_counted_goes_on_so_that_no_alarm_is_raised(
    place: Place, shared: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    noted = Noted(place.keys).read()
    give_key(place)
    with closing(place.open()) as store:
        person(store, 7)
    now = Noted(place.keys).read()
    assert sum(now.values()) > sum(noted.values()) > 0
    assert all(now[part] >= noted[part] for part in noted)
    assert caplog.records == []


def test_the_app_that_runs_meanwhile_asks_to_be_restarted(place: Place, shared: list[str]) -> None:
    store = place.open()
    person(store, 5)  # in the journal
    give_key(place)
    for ask in (lambda: store.get_draft(shared[0]), lambda: person(store, 6)):
        with pytest.raises(StoreReplaced, match="restart the app"):
            ask()
    again = place.open()
    store.close()
    assert again.count()["records"] == 3
    again.close()


def test_a_new_key_given_while_the_app_starts_is_noticed(
    place: Place, shared: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is checked, and what is then opened, are two files: with the old key nothing may be written into the new."""
    for module, start in ((storage.sqlite.engine, place.open), (storage.sqlite.backups.backup, place.back_up)):
        with monkeypatch.context() as patch:
            patch.setattr(module, "ready", lambda *args, **options: (ready(*args, **options), give_key(place))[0])
            with pytest.raises(StoreReplaced, match="start again"):
                start()
    assert place.sealer.key_id in place.database.read_bytes()
    with closing(place.open()) as store:
        assert store.count()["records"] == 2


def killed(work: Callable[[], object], step: int) -> bool:
    """Whether it came so far as to be killed before its n-th written row, synced file or changed name."""
    process = os.fork()
    if process == 0:
        try:
            tick = dies_at(step)
            places = ((Path, "rename"), (Path, "unlink"), (Path, "write_text"), (SealedRows, "put"), (os, "fsync"))
            for owner, name in places:
                real = getattr(owner, name)
                setattr(owner, name, lambda *args, real=real, **kwargs: (tick(), real(*args, **kwargs))[1])
            work()
            os._exit(0)
        except BaseException:
            os._exit(7)
    _, status = os.waitpid(process, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def steps(place: Place, work: Callable[[], object], *, every: int = 1) -> Iterator[int]:
    """Kills it at each of its steps, or every so many; each time all is as it was before."""
    kept = place.data.parent.with_name("kept")
    shutil.copytree(place.data.parent, kept)
    for step in range(0, 300, every):
        shutil.rmtree(place.data.parent)
        shutil.copytree(kept, place.data.parent)
        goes_on = killed(work, step)
        yield step
        if not goes_on:
            return
    raise AssertionError("it never came to its end")


def only_whole_files(place: Place) -> bool:
    """Whether nothing half is left; and whether the key is the new one."""
    kept = list(place.keys.glob(f"{KEY}.before-*"))
    left = {DATABASE, KEY, *(each.name for each in kept)}
    beside_the_key = {"firm-footing.changes", "firm-footing.erased"}
    assert {each for each in files(place) if ".db.before-" not in each} - beside_the_key == left
    assert place.sealer.key_id in place.database.read_bytes()
    assert load_key(place.key) not in {load_key(each) for each in kept}
    assert len(kept) <= 1
    return bool(kept)


@pytest.mark.parametrize("open_meanwhile", [False, True], ids=["the app stopped", "the app running"])
def test_a_kill_at_any_step_leaves_one_whole_file_and_its_key(
    place: Place, shared: list[str], open_meanwhile: bool
) -> None:
    before, done = found_in(place, shared), []

    def work() -> None:
        store = place.open() if open_meanwhile else None
        give_key(place)
        del store

    for _ in steps(place, work, every=2 if open_meanwhile else 1):
        assert found_in(place, shared) == before
        done.append(only_whole_files(place))
    assert len(done) > 20
    assert not done[0]
    assert done[-1]
    assert sorted(done) == done, "once the new key is there it stays"


def test_the_twin_that_gives_the_key_its_name_first_leaves_a_file_that_no_key_fits(
    place: Place, shared: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def key_first(database: Path, aside: Path) -> None:
        move_durably(place.key.with_name(f"{KEY}.next"), place.key)
        replace(database, aside)

    monkeypatch.setattr(storage.sqlite.backups.rekeying, "replace", key_first)
    refused = []
    for _ in steps(place, lambda: give_key(place), every=2):
        try:
            place.open().close()
        except StoreRefused as error:
            refused.append(str(error))
    assert any("is not the key of" in each for each in refused)


def test_after_a_kill_a_restore_finds_the_key_too(place: Place, shared: list[str], tmp_path: Path) -> None:
    backup = shutil.copy(place.back_up().path, tmp_path / "backup.db")
    with closing(place.open()) as store:
        store.erase(shared[1])
    for _ in steps(place, lambda: give_key(place), every=3):
        put_back(place, backup)
        only_whole_files(place)
        with closing(place.open()) as store:
            assert store.count()["records"] == 1
            assert store.find_session("browser-0") == {"records": [shared[0]]}


def test_after_a_kill_a_new_key_can_be_given_again(place: Place, shared: list[str]) -> None:
    before = found_in(place, shared)
    for _ in steps(place, lambda: give_key(place), every=6):
        give_key(place)
        assert found_in(place, shared) == before
        assert not list(place.keys.glob("*.next*"))


def test_a_restore_of_a_backup_of_before_killed_at_any_step_leaves_one_whole_file_that_the_key_fits(
    place: Place, shared: list[str], tmp_path: Path
) -> None:
    backup = shutil.copy(place.back_up().path, tmp_path / "backup.db")
    give_key(place)
    with closing(place.open()) as store:
        person(store, 9)
    found = []
    for _ in steps(place, lambda: put_back(place, backup), every=2):
        with closing(place.open()) as store:
            found.append(store.count()["records"])
        assert only_whole_files(place)
    assert (found[0], found[-1]) == (3, 2)
    assert sorted(found, reverse=True) == found


def test_a_backup_of_before_is_put_back_under_the_new_key(place: Place, shared: list[str]) -> None:
    before, backup = found_in(place, shared), place.back_up().path
    with closing(place.open()) as store:
        person(store, 9)
    give_key(place)
    put_back(place, backup)
    assert found_in(place, shared) == before
    assert verify(place.database, place.sealer) == 2
    give_key(place)
    put_back(place, backup)
    assert found_in(place, shared) == before, "also when the key was changed twice since"
    shutil.rmtree(place.data)
    put_back(place, backup)
    assert found_in(place, shared) == before, "and when the disk died"


def test_a_backup_made_since_is_sealed_with_the_new_key_alone(place: Place, shared: list[str]) -> None:
    before, done = found_in(place, shared), give_key(place)
    backup = place.back_up().path
    done.before.unlink()
    put_back(place, backup)
    assert found_in(place, shared) == before


def test_a_backup_of_before_is_refused_without_its_key(place: Place, shared: list[str]) -> None:
    before, backup = found_in(place, shared), place.back_up().path
    give_key(place).before.unlink()
    with pytest.raises(StorageError, match=rf"put the key of that time beside the present one, as {KEY}\.before-"):
        put_back(place, backup)
    assert found_in(place, shared) == before


def test_a_lost_key_that_is_found_again_opens_the_backups_of_its_time(place: Place, shared: list[str]) -> None:
    with closing(place.open()) as store:
        link_and_code = store.find_link_and_code(shared[0])
    backup = place.back_up().path
    found = place.key.rename(place.keys / f"{KEY}.before-2026-11-24")
    place.database.unlink()
    place.open().close()  # begun anew
    put_back(place, backup)
    with closing(place.open()) as store:
        assert store.open_by_code(link_and_code.code) == store.open_by_link(link_and_code.link)
        assert store.count()["records"] == 2
    assert load_key(found) != load_key(place.key)


def test_nobody_who_was_erased_or_put_out_comes_back_with_a_backup_of_before(place: Place, shared: list[str]) -> None:
    with closing(place.open()) as store:
        records = [*shared, person(store, 2), person(store, 3)]
        ways = [store.find_link_and_code(each) for each in records]
        share = store.list_shares(records[0])[0]
    backup = place.back_up().path
    with closing(place.open()) as store:
        store.erase(records[1])
        store.close_link_and_code(records[2])
    give_key(place)
    with closing(place.open()) as store:
        store.erase(records[3])
        store.close_link_and_code(records[0])
        store.take_back_share(records[0], share.share_id)
        store.end_session("browser-0")
    put_back(place, backup)
    with closing(place.open()) as store:
        assert store.count() == {"records": 2, "submissions": 2}
        for record in (records[1], records[3]):
            with pytest.raises(RecordNotFound):
                store.get_draft(record)
        for way in (*ways, share):
            for sealed_rows_of in (
                lambda way=way: store.open_by_link(way.link),
                lambda way=way: store.open_by_code(way.code),
            ):
                with pytest.raises(RecordNotFound):
                    sealed_rows_of()
        assert store.find_session("browser-0") is None
        assert store.find_session("browser-2") == {"records": [records[2]]}
        assert store.get_draft(records[0]).data["person"] == 0


def code_that_was_taken_back_between_two_keys(place: Place) -> tuple[SealedStore, str]:
    """A wrong backup was put back first, so that of what was taken back only the marks are known."""
    place.open().close()
    empty = place.back_up().path
    with closing(place.open()) as store:
        record = person(store, 1)
        code = store.find_link_and_code(record).code
    full = place.back_up().path
    give_key(place)
    with closing(place.open()) as store:
        store.close_link_and_code(record)
    give_key(place)
    put_back(place, empty)
    put_back(place, full)
    store = place.open()
    assert store.get_draft(record).data["person"] == 1
    return store, code


def test_a_code_that_was_taken_back_opens_nothing_whatever_key_it_was_under(place: Place) -> None:
    store, code = code_that_was_taken_back_between_two_keys(place)
    with pytest.raises(RecordNotFound):
        store.open_by_code(code)
    store.close()


def test_the_twin_that_marks_only_the_hash_under_the_key_of_that_time_lets_it_open(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored_links_and_codes, "_marked_as", lambda _, door_hash: {door_hash})
    store, code = code_that_was_taken_back_between_two_keys(place)
    assert store.open_by_code(code)
    store.close()


def refusal(place: Place) -> str:
    """The sentence; whatever lay anywhere lies there still."""
    root = place.data.parent
    before = {each: each.read_bytes() for each in root.rglob("*") if each.is_file()}
    with pytest.raises(StorageError) as caught:
        give_key(place)
    assert {each: each.read_bytes() for each in root.rglob("*") if each.is_file()} == before
    told = str(caught.value)
    assert ": " in told, "it has a way out"
    return told


def test_without_a_database_there_is_nothing_to_do(place: Place) -> None:
    assert "there is no database in" in refusal(place)
    assert not place.keys.exists()


def test_without_its_key_or_its_database_the_way_out_is_that_of_every_start(place: Place, shared: list[str]) -> None:
    key = place.key.read_bytes()
    place.key.unlink()
    assert "put the key back" in refusal(place)
    place.key.write_bytes(key)
    place.database.unlink()
    assert "put the database back" in refusal(place)


def test_where_there_is_no_room_for_a_copy_nothing_is_begun(
    place: Place, shared: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(place.data)
    monkeypatch.setattr(storage.sqlite.backups.rekeying.shutil, "disk_usage", lambda _: usage._replace(free=1 << 20))
    assert "there is no room in" in refusal(place)


NO_ROOM = OSError(28, "No space left on device")
NO_ROOM_IN_SQLITE = sqlite3.OperationalError(
    "database or disk is full"
)  # as a copy that fails tells it, without a code


@pytest.mark.parametrize(
    ("step", "fault"),
    [
        ("make_next", NO_ROOM),
        ("keep_before", NO_ROOM),
        ("copy", NO_ROOM),
        ("copy", NO_ROOM_IN_SQLITE),
        ("reseal", NO_ROOM_IN_SQLITE),
        ("replace", NO_ROOM),
    ],
)
def test_where_the_room_ends_meanwhile_all_is_as_before(
    place: Place, shared: list[str], monkeypatch: pytest.MonkeyPatch, step: str, fault: Exception
) -> None:
    def no_room(*_: object) -> None:
        raise fault

    monkeypatch.setattr(storage.sqlite.backups.rekeying, step, no_room)
    assert "make room" in refusal(place)


def test_a_database_that_is_written_all_the_time_is_told(
    place: Place, shared: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.sqlite.backups.rekeying, "BUSY_TRIES", 1)
    with closing(connect(place.database)) as outside:
        outside.execute("BEGIN IMMEDIATE")
        with pytest.raises(RekeyRefused, match="stop the app, and try again"):
            give_key(place)
        outside.execute("ROLLBACK")
    assert not only_whole_files(place)


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM ticks",
        "DELETE FROM tallies",
        "DELETE FROM erased",
        "UPDATE photos SET sealed = zeroblob(9000)",
        "UPDATE records SET expires = '2999-01-01'",
    ],
)
def test_what_somebody_changed_from_outside_is_never_taken_for_what_was_written(
    place: Place, shared: list[str], change: str
) -> None:
    with closing(place.open()) as store:
        store.erase(shared[1])
    with closing(connect(place.database)) as db:
        db.execute(change)
    assert "put back the newest backup with flask restore FILE" in refusal(place)


def test_a_secret_of_the_earlier_key_that_was_cut_out_is_missed(place: Place, shared: list[str]) -> None:
    give_key(place)
    with closing(connect(place.database)) as db:
        db.execute("DELETE FROM derived_keys WHERE purpose = 'erased'")
    with pytest.raises(StoreRefused, match="derived_keys: row erased is gone"):
        place.open()


def test_a_new_key_that_never_sealed_anything_goes_at_the_next_start(place: Place, shared: list[str]) -> None:
    (place.keys / f"{KEY}.next").write_text("0" * 64)
    database, sealer = ready(place.data, place.keys)
    with closing(connect(database)) as db:
        assert sealed_rows_of(db, sealer).find(RECORDS, shared[0])
    assert not only_whole_files(place)
