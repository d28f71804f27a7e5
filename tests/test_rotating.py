"""Another key while everybody goes on, on every engine: nothing is lost, nothing stays behind, and a kill does no harm."""

import os
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from storage import StoreRefused
from storage.clinics.model import AuditLine, Clinic
from storage.postgres import opening
from storage.postgres.backing_up import _note as note_in_postgres
from storage.postgres.connecting import Address, connect
from storage.postgres.engine import open_store as open_postgres
from storage.postgres.erasures import CameBack
from storage.postgres.opening import ready as postgres_ready
from storage.repeating import StoreConflict
from storage.rows.protocol import Rows, StoredRow
from storage.rows.sealing import KEY, KeyFiles, Sealer, load_key, write_key
from storage.rows.tables import CLINIC_KEYS, OF_CLINICS, RECORDS, SEALED, SESSIONS, TALLIES, TOTALS
from storage.sqlite.backups.backup import _note as note_in_file
from storage.sqlite.backups.backup import back_up
from storage.sqlite.backups.rekeying import rekey
from storage.sqlite.backups.restoring import restore
from storage.sqlite.engine import open_store as open_sqlite
from storage.sqlite.keys import connections_to
from storage.sqlite.opening import ready as sqlite_ready
from storage.store import rotating, transactions
from storage.store.key_files import make_new, name_new
from storage.store.rotating import KeysInUse
from storage.store.store import SealedStore
from tests.postgres_server import Databases
from tests.processes import started
from tests.test_sqlite_backup import NOW, person
from tests.test_sqlite_rekeying import everything

Open = Callable[[], SealedStore]
TOKEN, NOBODYS = "health-link", "0" * 64
TODAY, SECONDS = date.today(), int(time.time())
ROOT = Path(__file__).parent.parent


@pytest.fixture
def files(tmp_path: Path) -> KeyFiles:
    return KeyFiles(tmp_path / KEY)


@pytest.fixture
def one_more_server(engine: Callable[..., SealedStore], tmp_path: Path) -> Iterator[Open]:
    """Opens the store as one server more has it."""
    stores: list[SealedStore] = []

    def one_more() -> SealedStore:
        stores.append(engine(tmp_path, tmp_path))
        return stores[-1]

    yield one_more
    for each in stores:
        each.close()


@pytest.fixture
def store(one_more_server: Open) -> SealedStore:
    """One server, with something of everything."""
    found = one_more_server()
    fill(found)
    return found


def fill(store: SealedStore) -> None:
    records = [person(store, number) for number in range(2)]
    store.make_share(records[0], submit_key="a", name="Ana", right="tick", days=30)
    store.keep_content("c", b"questions")
    store.make_health_link(records[0], token=TOKEN, file=b"sealed", plan_of=TODAY, made=SECONDS, ends=SECONDS + 80_000)
    clinic = store.clinic(store.create_clinic(Clinic(clinic_id="", name="Hill Street")).clinic_id)
    clinic.keep_logo(b"png")
    staff = clinic.add_staff("ana@example.org", "manager", "Ana")
    clinic.change_staff(staff.staff_id, lambda found: replace(found, subject="subject-of-ana"))
    clinic.save_session("staff-session", staff.staff_id, {"stage": "in"}, until=TODAY)
    clinic.add_person(TODAY, {"name": "MH"})
    clinic.note(AuditLine(at=NOW, staff_id=staff.staff_id, who="Ana", role="manager", did="signed-in"))
    store.queue_print_jobs(clinic.clinic_id, [({"title": "Monday"}, {"plans": ["Ann"]})])
    store.queue_print_jobs(None, [({"title": "Command"}, {"plans": ["Ben"]})])


def found_in(store: SealedStore) -> list[Any]:
    """What people find, by every way that they have."""
    with store.engine.reading() as rows:
        records = sorted(rows.ids(RECORDS), key=lambda each: store.get_draft(each).data["person"])
    (clinic_id,) = (each.clinic_id for each in store.list_clinics())
    clinic, signed_in = store.clinic(clinic_id), store.find_staff_session("staff-session")
    found = [
        *everything(store, records),
        store.get_health_file(TOKEN, SECONDS + 1),
        (clinic.get(), clinic.logo(), clinic.list_staff(), clinic.list_people(), clinic.audit_log(at_most=9)),
        (store.find_staff("ANA@example.org"), store.find_staff_by_subject("subject-of-ana"), signed_in),
        [(each.about, each.state) for whose in (clinic_id, None) for each in store.list_print_jobs(whose)],
        [store.derive(each) for each in ("csrf", "session", "session-id", "calendar", "subjects")],
    ]
    assert signed_in
    assert not store.has_damage(records[0])
    with store._reading() as rows:
        assert rows.tallies.totals.fault() is None
    return found


def rotate(store: SealedStore, files: KeyFiles) -> int:
    key = load_key(make_new(files))
    rotating._patiently(store.begin_rotation, key)
    return store.seal_anew()


def key_ids(store: SealedStore) -> set[bytes]:
    """Of all that the key of the installation seals."""
    tables = [each for each in (*SEALED, TALLIES, TOTALS) if not each.has_key_of_clinic]
    with store.engine.reading() as rows:
        return {Sealer.key_id_of(each.sealed) for table in tables for each in rows.all(table)}


def test_everything_is_found_and_nothing_needs_the_key_of_before(
    store: SealedStore, one_more_server: Open, files: KeyFiles
) -> None:
    before, old, (clinic,) = found_in(store), load_key(files.key), store.list_clinics()
    with store._reading() as rows:
        of_clinic = rows.clinic_keys.sealer_of(clinic.clinic_id).key_id
    assert rotate(store, files) == 0
    assert found_in(store) == before
    assert key_ids(store) == {Sealer(load_key(files.new)).key_id}
    with store._reading() as rows:
        assert rows.clinic_keys.sealer_of(clinic.clinic_id).key_id != of_clinic, "a clinic's own key is changed too"
        assert not [
            each for table in OF_CLINICS for each in rows.stored.all(table) if each.sealed.startswith(of_clinic)
        ]
    counted = store.keys_in_use()
    assert (counted.is_over, counted.earlier.total()) == (True, 0)
    assert counted.rows > 280
    name_new(files, store.keys_in_use().present, TODAY)
    (kept,) = files.before
    assert load_key(kept) == old
    kept.unlink()
    assert found_in(one_more_server()) == before


def test_it_can_be_done_again_and_again(store: SealedStore, one_more_server: Open, files: KeyFiles) -> None:
    before = found_in(store)
    for number in range(3):
        rotate(store, files)
        name_new(files, store.keys_in_use().present, TODAY)
        assert len(files.before) == number + 1
    for each in files.before:
        each.unlink()
    assert found_in(store) == found_in(one_more_server()) == before


class Killed(BaseException):
    """Nothing is done any more."""


@contextmanager
def killed_after(store: SealedStore, writes: int, *, committed: bool) -> Iterator[None]:
    """The process ends with its so many-th transaction that writes, before or after that is kept."""
    begun, usual = [0], store.engine.writing

    @contextmanager
    def writing() -> Iterator[Rows]:
        begun[0] += 1
        with usual() as rows:
            yield rows
            if begun[0] == writes and not committed:
                raise Killed
        if begun[0] == writes:
            raise Killed

    store.engine.writing = writing  # type: ignore[method-assign]
    try:
        yield
    finally:
        del store.engine.writing  # type: ignore[method-assign]


def test_killed_at_every_step_it_goes_on_and_everything_opens_meanwhile(
    store: SealedStore, one_more_server: Open, files: KeyFiles, request: pytest.FixtureRequest
) -> None:
    before, server = found_in(store), one_more_server()
    every = next(each for name, each in (("postgres", 9), ("sqlite", 3), ("memory", 1)) if name in request.node.name)
    left = []
    for number in (*range(1, 60, every), *range(60, 500, 97)):
        again = one_more_server()
        try:
            with killed_after(again, number, committed=number % 2 == 0):
                rotate(again, files)
        except Killed:
            left.append(again.keys_in_use().earlier.total())
            assert found_in(server) == before, "a server that runs"
            assert found_in(one_more_server()) == before, "and one that begins"
        else:
            break
    else:
        raise AssertionError("it never ends")
    assert len(left) > 40 // every
    assert sorted(left[2:], reverse=True) == left[2:], "what is done stays done"
    assert server.keys_in_use().earlier.total() == 0
    assert found_in(server) == before


def test_a_process_that_is_killed_for_good_is_taken_up_by_the_next(tmp_path: Path) -> None:
    with closing(open_sqlite(tmp_path, tmp_path)) as store:
        fill(store)
        for number in range(150):
            store.create_record(content_hash="c", data={"person": 9, "number": number})
    others = {name: value for name, value in os.environ.items() if not name.startswith("FIRM_FOOTING_")}
    settings = {"FIRM_FOOTING_DATA": str(tmp_path), "FIRM_FOOTING_KEYS": str(tmp_path)}
    slow = (
        "import time; from storage.store.rotating import Rotating as R; usual = R._seal_some_anew\n"
        "R._seal_some_anew = lambda *a: (print('step', flush=True), time.sleep(0.05), usual(*a))[2]\n"
        "from flask.cli import main; main()"
    )
    for steps in (1, 3, 9, 14):
        command = [sys.executable, "-c", slow, "--app", "app", "keys", "rotate"]
        with started(command, cwd=ROOT, env={**others, **settings}, stdout=subprocess.PIPE, text=True) as process:
            lines = iter(process.stdout)
            while steps:
                steps -= next(lines) == "step\n"
            process.kill()
        with closing(open_sqlite(tmp_path, tmp_path)) as store:
            assert not store.keys_in_use().is_over
            assert store.count()["records"] == 152
    with closing(open_sqlite(tmp_path, tmp_path)) as store:
        assert store.seal_anew() == 0
        assert store.keys_in_use().is_over
        assert store.keys_in_use().earlier.total() == 0
    assert len(list(tmp_path.glob(f"{KEY}.before-*"))) == 1


def test_people_read_and_write_meanwhile_on_every_server(
    store: SealedStore, one_more_server: Open, files: KeyFiles, request: pytest.FixtureRequest
) -> None:
    is_file = "sqlite" in request.node.name  # which one server uses, and the command beside it
    servers, over = [store] * 3 if is_file else [store, one_more_server(), one_more_server()], threading.Event()
    records = [store.create_record(content_hash="c", data={"person": 5, "count": 0}).record_id for _ in range(4)]
    counts, faults = [0] * 4, []

    def use(number: int) -> None:
        turn = 0
        while not over.is_set():
            server, turn = servers[(number + turn) % 3], turn + 1
            over.wait(0.005)
            try:
                server.change_draft(records[number], counted, content_hash="c")
                counts[number] += 1
                assert server.get_draft(records[number]).data["count"] == counts[number]
                server.change_session(f"browser-{number}", lambda data: {**data, "turn": counts[number]})
                server.add_tick(records[number], submit_key=f"t{turn}", data={"action": "a", "state": "done"})
                if turn % 5 == 0:
                    link = server.make_link_and_code(records[number])
                    assert servers[turn % 3].open_by_code(link.code) == servers[turn % 2].open_by_link(link.link)
            except Exception as error:
                faults.append(error)
                raise

    threads = [threading.Thread(target=use, args=(number,), daemon=True) for number in range(4)]
    for each in threads:
        each.start()
    for _ in range(1 if is_file else 2):
        rotate(one_more_server(), files)
        name_new(files, store.keys_in_use().present, TODAY)
    over.set()
    for each in threads:
        each.join()
    assert not faults
    assert sum(counts) > 20
    assert [store.get_draft(each).data["count"] for each in records] == counts
    assert key_ids(store) == {Sealer(load_key(files.key)).key_id}
    for each in files.before:
        each.unlink()
    assert [one_more_server().get_draft(each).data["count"] for each in records] == counts


def counted(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "count": data["count"] + 1}


def test_what_is_new_is_sealed_with_the_new_key_at_once_on_every_server(
    store: SealedStore, one_more_server: Open, files: KeyFiles
) -> None:
    other, key = one_more_server(), load_key(make_new(files))
    store.begin_rotation(key)
    for number, server in enumerate((store, other)):
        server.save_session(f"new-{number}", {})
    with store.engine.reading() as rows:
        ids = [Sealer.key_id_of(each.sealed) for each in rows.all(SESSIONS)]
    assert ids.count(Sealer(key).key_id) == 2
    assert len(ids) == 4
    counted_now = store.keys_in_use()
    assert not counted_now.is_over
    assert counted_now.earlier["sessions"] == 2
    assert counted_now.earlier["totals"] > 200


def test_a_server_without_the_new_key_writes_nothing_and_says_what_to_do(
    engine: Callable[..., SealedStore], one_more_server: Open, tmp_path: Path, files: KeyFiles
) -> None:
    store, elsewhere = one_more_server(), tmp_path / "other-server"
    elsewhere.mkdir()
    shutil.copy(files.key, elsewhere) if files.key.exists() else None
    other = engine(tmp_path, elsewhere)
    rotate(store, files)
    with pytest.raises(StoreRefused, match=rf"put it beside {KEY} as {KEY}\.new, from the server on which"):
        other.save_session("browser", {})
    write_key(KeyFiles(elsewhere / KEY).new, b"0" * 32)
    with pytest.raises(StoreRefused, match="has a new key, which is not on this server"):
        other.save_session("browser", {})
    KeyFiles(elsewhere / KEY).new.unlink()
    shutil.copy(files.new, elsewhere)
    other.save_session("browser", {"now": "it goes on"})
    assert store.find_session("browser") == {"now": "it goes on"}
    other.close()


def test_nothing_is_given_up_where_an_earlier_key_is_not_on_this_server(
    engine: Callable[..., SealedStore],
    store: SealedStore,
    tmp_path: Path,
    files: KeyFiles,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Nobody can tell there what that key sealed from what is damaged."""
    before, old, elsewhere = found_in(store), load_key(files.key), KeyFiles(tmp_path / "other-server" / KEY)
    store.begin_rotation(load_key(make_new(files)))
    elsewhere.key.parent.mkdir()
    write_key(elsewhere.key, load_key(files.new))
    with closing(engine(tmp_path, elsewhere.key.parent)) as other:
        assert "an earlier key is not on this server" in caplog.text, "it says so when it starts"
        assert "flask restore" not in caplog.text, "no backup is to be put back for that"
        with pytest.raises(StoreRefused, match=rf"put its file beside {KEY} as {KEY}\.before-and-its-day"):
            other.seal_anew()
        assert not other.keys_in_use().is_over
        assert found_in(store) == before
        write_key(elsewhere.name_before("2026-11-29"), old)
        assert other.seal_anew() == 0, "the same server, once it is there"
        assert other.keys_in_use().is_over
        assert found_in(store) == found_in(other) == before


def test_once_it_is_over_nothing_opens_that_the_key_of_before_sealed(
    store: SealedStore, one_more_server: Open, files: KeyFiles
) -> None:
    with store.engine.reading() as rows:
        (old, *_) = rows.all(SESSIONS)
    store.begin_rotation(load_key(make_new(files)))
    assert sessions(one_more_server()) == 2, "until it is over they do"
    store.seal_anew()
    name_new(files, store.keys_in_use().present, TODAY)
    assert files.before
    assert sessions(one_more_server()) == 2
    with store.engine.writing() as rows:
        rows.put(SESSIONS, old)
    assert sessions(one_more_server()) == 1, "whoever has that key, and can write the file, puts nothing back"


def sessions(store: SealedStore) -> int:
    """How many open."""
    with store._reading() as rows:
        found = list(rows.stored.all(SESSIONS))
        return sum(bool(attempt(lambda each=each: rows.open(SESSIONS, each))) for each in found)


def attempt(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except Exception:
        return None


def with_a_flipped_bit(found: StoredRow) -> StoredRow:
    return replace(found, sealed=found.sealed[:-1] + bytes([found.sealed[-1] ^ 1]))


def test_it_ends_where_nothing_more_can_be_sealed_whatever_is_still_counted(
    store: SealedStore, files: KeyFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, counted_for_real = [], store.keys_in_use

    def one_more_each_time() -> KeysInUse:
        assert len(asked) < 5, "it would go on for ever"
        asked.append(counted_for_real())
        return replace(asked[-1], earlier=Counter(records=9))

    monkeypatch.setattr(store, "keys_in_use", one_more_each_time)
    assert rotate(store, files) == 0
    assert len(asked) == 1, "after the pass that sealed something"


def test_a_damaged_row_stays_as_it_is_and_holds_nothing_up(
    store: SealedStore, one_more_server: Open, files: KeyFiles
) -> None:
    with store.engine.writing() as rows:
        first = next(iter(rows.all(SESSIONS)))
        rows.put(SESSIONS, with_a_flipped_bit(first))
        record = next(iter(rows.all(RECORDS)))
    store.change_draft(record.row_id, lambda data: {**data, "new": 1}, content_hash="c")
    with store.engine.writing() as rows:
        rows.put(RECORDS, record)  # an older one, put back from outside
    assert rotate(store, files) == 2
    counted_now = store.keys_in_use()
    assert (counted_now.is_over, counted_now.earlier) == (True, {"sessions": 1, "records": 1})


def test_a_damaged_key_of_a_clinic_holds_up_no_other(store: SealedStore, files: KeyFiles) -> None:
    (whole,) = store.list_clinics()
    broken = store.create_clinic(Clinic(clinic_id="", name="Mill Lane")).clinic_id
    store.clinic(broken).add_person(TODAY, {"name": "ZQ"})
    with store.engine.writing() as rows:
        found = rows.find(CLINIC_KEYS, broken)
        assert found
        rows.put(CLINIC_KEYS, with_a_flipped_bit(found))
    damaged = {"clinic_keys": 1, "clinics": 1, "people": 1}
    assert rotate(store, files) == 3
    counted_now = store.keys_in_use()
    assert (counted_now.is_over, counted_now.earlier) == (True, damaged)
    assert [each.data for each in store.clinic(whole.clinic_id).list_people()] == [{"name": "MH"}]


def test_what_somebody_wrote_with_the_key_of_before_meanwhile_is_sealed_anew_too(
    store: SealedStore, one_more_server: Open, files: KeyFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, late = one_more_server(), []

    def write_late(_: int) -> None:
        if not late and store.keys_in_use().earlier.keys() <= {"totals"}:
            with monkeypatch.context() as change:
                change.setattr(transactions, "use_present_key", lambda *_: None)
                other.save_session("late", {"late": True})
                late.append(other.create_clinic(Clinic(clinic_id="", name="Mill Lane")).clinic_id)

    store.begin_rotation(load_key(make_new(files)))
    assert store.seal_anew(write_late) == 0
    assert key_ids(store) == {Sealer(load_key(files.new)).key_id}
    assert store.find_session("late") == {"late": True}
    assert store.clinic(late[0]).get().name == "Mill Lane"


@pytest.fixture
def two(databases: Databases, tmp_path: Path, files: KeyFiles) -> Iterator[tuple[SealedStore, SealedStore]]:
    address = databases.address(tmp_path, tmp_path)
    with closing(open_postgres(address, tmp_path)) as one, closing(open_postgres(address, tmp_path)) as other:
        yield one, other


def linger(two: tuple[SealedStore, SealedStore], files: KeyFiles) -> set[bytes]:
    """Who began to write before the change and ends after it; the keys of all rows in the end."""
    one, other = two

    def write_late() -> None:
        with other._writing() as rows:
            rotate(one, files)
            rows.put(SESSIONS, replace(other._session("late", {}), row_id=NOBODYS))

    with pytest.raises(StoreConflict):
        write_late()
    return key_ids(one)


def test_who_began_to_write_before_the_change_leaves_nothing_of_the_key_of_before(
    two: tuple[SealedStore, SealedStore], files: KeyFiles
) -> None:
    assert linger(two, files) == {Sealer(load_key(files.new)).key_id}


def test_the_twin_that_does_not_look_at_the_check_row_leaves_a_row_that_no_key_will_open(
    two: tuple[SealedStore, SealedStore], files: KeyFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transactions, "use_present_key", lambda *_: None)
    with pytest.raises(pytest.fail.Exception):
        linger(two, files)
    assert len(key_ids(two[0])) == 2


@pytest.mark.parametrize("writes", ["a backup", "what came back"])
def test_a_command_that_has_not_heard_of_the_change_writes_with_the_new_key(
    databases: Databases, tmp_path: Path, files: KeyFiles, writes: str
) -> None:
    """It looked at the database before."""
    address = databases.own(tmp_path)
    sealer = postgres_ready(Address(address), tmp_path).sealer
    with closing(open_postgres(address, tmp_path)) as store, closing(connect(Address(address))) as connection:
        rotate(store, files)
        if writes == "a backup":
            note_in_postgres(connection, sealer, TODAY)
        else:
            opening._write_alone(connection, sealer, CameBack(marks={}, is_older=True))
        assert key_ids(store) == {Sealer(load_key(files.new)).key_id}
        assert store.find_backup_end()


def test_a_database_of_before_is_refused_and_its_key_named(
    databases: Databases, tmp_path: Path, files: KeyFiles
) -> None:
    """As pg_restore brings it back."""
    address, older = databases.own(tmp_path), databases.own(tmp_path)
    with closing(open_postgres(address, tmp_path)) as store:
        rotate(store, files)
    open_postgres(address, tmp_path).close()
    (before,) = files.before
    with pytest.raises(StoreRefused, match=f"sealed with one of before: {before}. To use the database as it is, give"):
        open_postgres(older, tmp_path)
    before.unlink()
    with pytest.raises(StoreRefused, match=f"{files.key} is not the key of the database"):
        open_postgres(older, tmp_path)


def test_two_servers_do_not_rotate_at_once(
    databases: Databases, tmp_path: Path, files: KeyFiles, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = databases.own(tmp_path)
    monkeypatch.setenv("FIRM_FOOTING_DATABASE", address)
    with closing(open_postgres(address, tmp_path)) as store:
        make_new(files)
        with store.engine.alone("keys"):
            done = app.test_cli_runner().invoke(args=["keys", "rotate"])
    assert (done.exit_code, "another server is at it right now" in done.output) == (1, True)


# The file: backups, and a key that somebody may have seen -------------------------------------------------------------------


@pytest.fixture
def place(tmp_path: Path) -> Path:
    with closing(open_sqlite(tmp_path, tmp_path)) as store:
        fill(store)
    return tmp_path


def rotated(place: Path, *, writes: int = 0) -> None:
    """Through, or to its so many-th transaction."""
    with closing(open_sqlite(place, place)) as store:
        try:
            with killed_after(store, writes, committed=True):
                rotate(store, KeyFiles(place / KEY))
        except Killed:
            assert not store.keys_in_use().is_over


def all_in(place: Path) -> list[Any]:
    with closing(open_sqlite(place, place)) as store:
        return found_in(store)


def people_in(place: Path) -> list[Any]:
    with closing(open_sqlite(place, place)) as store, store.engine.reading() as rows:
        records = sorted(rows.ids(RECORDS), key=lambda each: store.get_draft(each).data["person"])
        return everything(store, records)


def test_a_backup_that_has_not_heard_of_the_change_is_noted_with_the_new_key(place: Path) -> None:
    database, sealer = sqlite_ready(place, place)
    with closing(connections_to(database, sealer)) as connections, closing(open_sqlite(place, place)) as store:
        rotate(store, KeyFiles(place / KEY))
        note_in_file(connections, sealer, TODAY)
        assert key_ids(store) == {Sealer(load_key(KeyFiles(place / KEY).new)).key_id}


@pytest.mark.parametrize("writes", [0, 1, 20], ids=["through", "begun", "half"])
def test_backups_of_before_and_meanwhile_are_put_back(place: Path, writes: int, tmp_path_factory: Any) -> None:
    elsewhere = tmp_path_factory.mktemp("backups")
    before, of_before = people_in(place), back_up(place, place, elsewhere, NOW).path
    rotated(place, writes=writes)
    meanwhile = back_up(place, place, elsewhere, NOW + timedelta(hours=1)).path
    for each in (of_before, meanwhile, of_before):
        done = restore(each, place, place, NOW + timedelta(hours=2))
        assert (done.records, done.erased_again) == (2, 0), "the one before could be asked"
        assert people_in(place) == before


def test_what_was_erased_since_stays_erased_with_a_backup_of_before(place: Path, tmp_path_factory: Any) -> None:
    backup = back_up(place, place, tmp_path_factory.mktemp("backups"), NOW).path
    rotated(place, writes=20)
    with closing(open_sqlite(place, place)) as store:
        with store.engine.reading() as rows:
            gone = rows.ids(RECORDS)[0]
        store.erase(gone)
    assert restore(backup, place, place, NOW + timedelta(hours=2)).erased_again == 1
    with closing(open_sqlite(place, place)) as store:
        assert store.count()["records"] == 1


def test_a_backup_of_before_is_refused_without_its_key(place: Path, tmp_path_factory: Any) -> None:
    backup = back_up(place, place, tmp_path_factory.mktemp("backups"), NOW).path
    rotated(place)
    open_sqlite(place, place).close()
    for each in KeyFiles(place / KEY).before:
        each.unlink()
    with pytest.raises(Exception, match="put the key of that time beside the present one"):
        restore(backup, place, place, NOW)


@pytest.mark.parametrize("writes", [0, 1, 20], ids=["through", "begun", "half"])
def test_a_key_that_somebody_saw_is_still_changed_with_all_its_secrets(place: Path, writes: int) -> None:
    before = people_in(place)
    rotated(place, writes=writes)
    rekey(place, place, NOW)
    for each in KeyFiles(place / KEY).before:
        each.unlink()
    assert people_in(place) == before
    with closing(open_sqlite(place, place)) as store:
        assert store.keys_in_use().earlier.total() == 0
        assert store.find_staff("ana@example.org")


def test_staff_of_an_organization_are_known_under_a_new_key_too(place: Path) -> None:
    with closing(open_sqlite(place, place)) as store:
        secret = store.derive("subjects")
    rekey(place, place, NOW)
    with closing(open_sqlite(place, place)) as store:
        assert store.derive("subjects") == secret
        assert store.derive("codes") != secret


def test_the_commands_say_what_to_do_next(folder: Path, app: Flask) -> None:
    with closing(open_sqlite(folder, folder)) as store:
        fill(store)
    says = app.test_cli_runner().invoke
    assert "0 of them are still sealed with an earlier key" in says(args=["keys", "status"]).output
    assert f"as {KEY}.new" in says(args=["keys", "new"]).output
    done = says(args=["keys", "rotate"])
    assert done.exit_code == 0
    assert "Everything is sealed with the new key" in done.output
    status = says(args=["keys", "status"]).output
    assert f"No row needs {KEY}.before-" in status
    refused = says(args=["keys", "forget"])
    assert (refused.exit_code, "add --sure" in refused.output) == (1, True)
    assert f"Removed {folder / KEY}.before-" in says(args=["keys", "forget", "--sure"]).output
    rotated(folder, writes=3)
    assert "type flask keys rotate. The earlier key must stay" in says(args=["keys", "status"]).output
    refused = says(args=["keys", "forget", "--sure"])
    assert (refused.exit_code, "rows still need an earlier key" in refused.output) == (1, True)
    assert says(args=["keys", "rotate"]).exit_code == 0
    assert all_in(folder)


def test_damaged_rows_are_named_and_no_key_stays_for_them(folder: Path, app: Flask) -> None:
    with closing(open_sqlite(folder, folder)) as store:
        fill(store)
        with store.engine.writing() as rows:
            rows.put(SESSIONS, with_a_flipped_bit(next(iter(rows.all(SESSIONS)))))
    says = app.test_cli_runner().invoke
    assert "1 rows were damaged before" in says(args=["keys", "rotate"]).output
    status = says(args=["keys", "status"]).output
    assert "1 of them are damaged" in status
    assert "  sessions: 1" in status
    assert "still sealed" not in status
    forgotten = says(args=["keys", "forget", "--sure"])
    assert (forgotten.exit_code, f"Removed {folder / KEY}.before-" in forgotten.output) == (0, True)
    assert "  sessions: 1" in forgotten.output


def test_a_key_that_a_kill_left_half_written_is_none_of_before(files: KeyFiles) -> None:
    write_key(files.key, b"1" * 32)
    make_new(files)
    half = files.name_before(TODAY.isoformat())
    half = half.with_name(f"{half.name}.half")
    half.write_bytes(b"3131")
    name_new(files, Sealer(load_key(files.new)).key_id, TODAY)
    (kept,) = files.before
    assert load_key(kept) == b"1" * 32


def test_with_the_keys_of_before_goes_what_a_kill_left_of_them(
    databases: Databases, tmp_path: Path, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file removes it at each start, PostgreSQL's servers have it until then."""
    monkeypatch.setenv("FIRM_FOOTING_DATABASE", databases.own(tmp_path))
    half = tmp_path / f"{KEY}.before-2026-11-29.half"
    half.write_bytes(b"1" * 64)
    assert app.test_cli_runner().invoke(args=["keys", "forget", "--sure"]).exit_code == 0
    assert not half.exists()


def test_every_secret_that_is_derived_goes_on(place: Path) -> None:
    """A purpose that is not among them would change for who opens the store after a rotation."""
    names = set()
    for room in ("storage", "web"):
        for file in (ROOT / room).rglob("*.py"):
            names |= {part.split('"')[0] for part in file.read_text().replace("'", '"').split('.derive("')[1:]}
    assert names == set(rotating.EVERY_SECRET)
