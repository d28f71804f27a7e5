"""What the second engine owes beside what every engine owes: opening, roles, conflicts, limits of time."""

import ast
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Barrier, get_ident

import psycopg
import pytest

from storage import StorageError, StoreBusy, StoreRefused
from storage.clinics.model import Clinic
from storage.model import StoreGone
from storage.postgres import answering, connecting, migrations
from storage.postgres.engine import PostgresEngine, open_store
from storage.postgres.roles import ROLE
from storage.repeating import MOST_TRIES, StoreConflict
from storage.rows.sealing import KEY, unfinished
from storage.rows.tables import CLINICS, EVERY, RECORDS, SESSIONS, STAFF, Table
from storage.store.store import SealedStore
from tests.postgres_server import Databases

ROOT = Path(__file__).parent.parent


@pytest.fixture
def address(databases: Databases, tmp_path: Path) -> str:
    """A database as a first run left it, with its key in `tmp_path`."""
    return databases.address(tmp_path, tmp_path)


@pytest.fixture
def store(address: str, tmp_path: Path) -> Iterator[SealedStore]:
    store = open_store(address, tmp_path)
    yield store
    store.close()


@pytest.fixture
def outside(address: str) -> Iterator[psycopg.Connection]:
    """Another program's connection, as the owner of the database."""
    with closing(psycopg.connect(address, autocommit=True)) as connection:
        yield connection


# Opening --------------------------------------------------------------------------------------------------------------


def test_an_empty_database_and_no_key_is_a_first_run(databases: Databases, tmp_path: Path) -> None:
    address = databases.server.new_database()
    open_store(address, tmp_path / "a" / "b").close()
    with closing(open_store(address, tmp_path / "a" / "b")) as again:
        assert again.count() == {"records": 0, "submissions": 0}
    assert {each.name for each in (tmp_path / "a" / "b").iterdir()} == {KEY, "firm-footing.erased"}


def test_a_first_run_that_was_killed_before_the_key_had_its_name_is_finished(address: str, tmp_path: Path) -> None:
    (tmp_path / KEY).rename(unfinished(tmp_path / KEY))
    open_store(address, tmp_path).close()
    assert (tmp_path / KEY).exists()


def test_one_half_alone_is_refused_with_the_way_out(databases: Databases, address: str, tmp_path: Path) -> None:
    with pytest.raises(StoreRefused, match=r"is here but its key .* is not: put the key there"):
        open_store(address, tmp_path / "elsewhere")
    with pytest.raises(StoreRefused, match=r"the key .* is here but the database test_\d+ on .* is empty"):
        open_store(databases.server.new_database(), tmp_path)


def test_another_key_is_refused(databases: Databases, address: str, tmp_path: Path) -> None:
    open_store(databases.server.new_database(), tmp_path / "other").close()
    with pytest.raises(StoreRefused, match="is not the key of the database"):
        open_store(address, tmp_path / "other")


def test_what_a_later_release_did_is_refused(databases: Databases, tmp_path: Path) -> None:
    address = databases.own(tmp_path)
    with closing(psycopg.connect(address, autocommit=True)) as outside:
        outside.execute("INSERT INTO steps (name) VALUES ('column from_the_future')")
    with pytest.raises(StoreRefused, match=r"a later release wrote .*from_the_future"):
        open_store(address, tmp_path)


LATER = Table(name="later_things", row_id="later_id", bound=("record_id",))


def test_servers_of_this_release_go_on_beside_a_table_that_a_later_one_added(
    databases: Databases, tmp_path: Path
) -> None:
    """What the later one summed up of it stays as it wrote it, so that there nothing seems to be missing."""
    address = databases.own(tmp_path)
    with closing(open_store(address, tmp_path)) as runs:
        records = [runs.create_record(content_hash="c", data={"age": 72}).record_id for _ in range(2)]
        with closing(psycopg.connect(address, autocommit=True)) as later:
            later.execute(migrations.create(LATER))
            later.execute("INSERT INTO steps (name) VALUES (%s)", ("table later_things",))
            for each in records:
                later.execute("INSERT INTO later_things VALUES (%s, %s, '')", (f"of-{each}", each))
        with runs._writing() as rows:
            rows.tallies._tally(records[0]).later = (77,)
            rows.tallies._changed.add(records[0])
        with closing(open_store(address, tmp_path)) as begins:
            for server in (runs, begins):
                server.change_draft(records[0], lambda data: {"age": data["age"] + 1}, content_hash="c")
                server.add_tick(records[0], submit_key=str(id(server)), data={"action": "a", "state": "done"})
            begins.erase(records[1])
            assert begins.get_draft(records[0]).data == {"age": 74}
            with begins._reading() as rows:
                assert rows.tallies._tally(records[0]).later == (77,)
                assert rows.tallies.totals.fault() is None
        with closing(psycopg.connect(address)) as later:
            assert later.execute("SELECT record_id FROM later_things").fetchall() == [(records[0],)]


@pytest.mark.parametrize("wrong", ["postgresql://nobody-there.invalid/x", "postgresql:///x?host=/nowhere"])
def test_where_nobody_answers_one_sentence_says_so_without_the_password(wrong: str, tmp_path: Path) -> None:
    with pytest.raises(StoreRefused, match="cannot be reached") as refused:
        open_store(wrong.replace("://", "://me:hidden@"), tmp_path)
    assert "hidden" not in str(refused.value)


def test_what_is_no_address_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreRefused, match="is no address of a database"):
        open_store("postgresql://a:b:c@/d?nothing", tmp_path)


def test_servers_that_start_at_once_make_the_tables_once(databases: Databases, tmp_path: Path) -> None:
    address = databases.server.new_database()
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _: open_store(address, tmp_path), range(4)):
            found.close()


# Tables and steps -----------------------------------------------------------------------------------------------------


def test_the_tables_are_those_of_the_protocol(store: SealedStore, outside: psycopg.Connection) -> None:
    """Columns, which of them may be empty, what is unique, and what goes with what; all text is compared by its bytes."""
    assert store
    for table in EVERY:
        columns = outside.execute(
            "SELECT column_name, is_nullable, data_type, collation_name FROM information_schema.columns "
            "WHERE table_name = %s AND column_name <> 'came' ORDER BY ordinal_position",
            (table.name,),
        ).fetchall()
        assert tuple(name for name, *_ in columns) == table.columns
        assert {name for name, nullable, *_ in columns if nullable == "YES"} == set(table.optional)
        assert {collation for _, _, kind, collation in columns if kind == "text"} <= {"C"}
        assert {kind for _, _, kind, _ in columns} <= {"text", "bigint", "bytea"}
        assert constraints(outside, table, "u") == {frozenset(each) for each in table.unique}
        assert constraints(outside, table, "p") == {frozenset([table.row_id])}
        assert constraints(outside, table, "f") == {frozenset([each]) for each in table.owners}


def constraints(outside: psycopg.Connection, table: Table, kind: str) -> set[frozenset[str]]:
    found = outside.execute(
        "SELECT array_agg(a.attname::text) FROM pg_constraint c JOIN pg_attribute a "
        "ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey) "
        "WHERE c.conrelid = %s::regclass AND c.contype = %s GROUP BY c.oid",
        (table.name, kind),
    )
    return {frozenset(names) for (names,) in found}


def test_a_table_and_a_step_that_are_new_to_a_database_come_with_its_next_opening(
    databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = databases.own(tmp_path)
    with closing(psycopg.connect(address, autocommit=True)) as outside:
        outside.execute("DROP TABLE sessions; DELETE FROM steps WHERE name = 'table sessions'")
    monkeypatch.setitem(migrations.STEPS, "wider", "ALTER TABLE records ADD COLUMN wider TEXT")
    with closing(open_store(address, tmp_path)) as found:
        found.save_session("one", {"text": "large"})
        assert found.find_session("one") == {"text": "large"}
    with closing(psycopg.connect(address)) as outside:
        assert outside.execute("SELECT count(wider) FROM records").fetchone() == (0,)
    open_store(address, tmp_path).close()


# Whom it goes on as ---------------------------------------------------------------------------------------------------


def test_a_superuser_goes_on_as_a_role_that_can_only_use_rows(store: SealedStore) -> None:
    assert isinstance(store.engine, PostgresEngine)
    with store.engine.connections.transaction("writing") as connection:
        assert connection.execute("SELECT current_user").fetchone() == (ROLE,)
    for forbidden in ("DROP TABLE records", "CREATE TABLE more (a int)", "DELETE FROM steps"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):  # noqa: SIM117
            with store.engine.connections._pool().connection() as connection:
                connection.execute(forbidden)


def test_an_owner_that_may_make_no_role_and_a_role_that_owns_nothing_are_not_refused(
    databases: Databases, tmp_path: Path
) -> None:
    address = databases.server.new_database()
    name = address.partition("@/")[2].partition("?")[0]
    with closing(psycopg.connect(address, autocommit=True)) as outside:
        outside.execute(f"CREATE ROLE {name}_owner LOGIN; ALTER DATABASE {name} OWNER TO {name}_owner")
        outside.execute(f"ALTER SCHEMA public OWNER TO {name}_owner; CREATE ROLE {name}_user LOGIN")
    with closing(open_store(address.replace("postgres@", f"{name}_owner@"), tmp_path)) as by_owner:
        record = by_owner.create_record(content_hash="c", data={"age": 72}).record_id
    with closing(psycopg.connect(address, autocommit=True)) as outside:
        outside.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}_user")
    with closing(open_store(address.replace("postgres@", f"{name}_user@"), tmp_path)) as by_user:
        assert by_user.get_draft(record).data == {"age": 72}


# Clinics apart --------------------------------------------------------------------------------------------------------


def test_the_database_itself_keeps_clinics_apart(store: SealedStore) -> None:
    """A second wall: also what asks for every row in the middle of a clinic's transaction gets its own alone."""
    clinics = [store.create_clinic(Clinic(clinic_id="", name=name)).clinic_id for name in ("Hill", "Dale")]
    for each in clinics:
        store.clinic(each).add_staff(f"ana@{each}", "manager")
    with store.engine.reading() as rows:
        assert (rows.count(STAFF), len(rows.ids(CLINICS))) == (2, 2)
        other = next(row for row in rows.all(STAFF) if row.bound["clinic_id"] == clinics[1])
        rows.only_of(clinics[0])
        assert (rows.ids(CLINICS), rows.count(STAFF), rows.find(STAFF, other.row_id)) == ([clinics[0]], 1, None)
    with pytest.raises(StorageError):  # noqa: PT012, SIM117
        with store.engine.writing() as writing:
            writing.only_of(clinics[0])
            writing.put(STAFF, replace(other, row_id="new", bound={**other.bound, "name_hash": "new"}))
    with store.engine.reading() as rows:
        assert rows.count(STAFF) == 2, "nothing of it stays with the connection"


def test_every_table_of_clinics_has_its_wall_and_without_a_clinic_there_is_nothing(
    store: SealedStore, outside: psycopg.Connection
) -> None:
    store.create_clinic(Clinic(clinic_id="", name="Hill"))
    walled = outside.execute("SELECT tablename FROM pg_policies WHERE policyname = 'one_clinic'").fetchall()
    assert {name for (name,) in walled} == {table.name for table in EVERY if "clinic_id" in table.columns}
    outside.execute(f"SET ROLE {ROLE}")
    assert outside.execute("SELECT count(*) FROM clinics").fetchone() == (0,)


# Writers at once ------------------------------------------------------------------------------------------------------


def changed_at_once(store: SealedStore) -> int:
    """How many of 60 changes by six threads are there in the end."""
    record = store.create_record(content_hash="c", data={"taps": 0}).record_id

    def tap(_: int) -> None:
        store.change_draft(record, lambda data: {"taps": data["taps"] + 1}, content_hash="c")

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(tap, range(60)))
    return int(store.get_draft(record).data["taps"])


def test_writers_at_once_lose_nothing(store: SealedStore) -> None:
    assert changed_at_once(store) == 60


def test_under_read_committed_something_would_be_lost(store: SealedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin of the test above: it can see what it looks for."""
    monkeypatch.setattr(connecting, "WRITING", "BEGIN ISOLATION LEVEL READ COMMITTED")
    try:
        assert changed_at_once(store) < 60
    except Exception as error:
        assert type(error).__name__ == "SealBroken"


def test_a_conflict_is_tried_40_times_and_then_told(store: SealedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    record, tries = store.create_record(content_hash="c", data={}).record_id, []
    monkeypatch.setattr("storage.repeating.LONGEST_PAUSE_SECONDS", 0)

    def overtaken(data: dict[str, object]) -> dict[str, object]:
        tries.append(data)
        raise StoreConflict("another came first")

    with pytest.raises(StoreBusy):
        store.change_draft(record, overtaken, content_hash="c")
    assert len(tries) == MOST_TRIES == 40


def unrepeated(text: str) -> set[str]:
    """Functions that open a transaction that writes, and are not done again where another writer came first."""
    functions = [each for each in ast.walk(ast.parse(text)) if isinstance(each, ast.FunctionDef)]
    return {
        each.name for each in functions if "writing" in transactions_in(each) and "repeated" not in decorators(each)
    }


def transactions_in(function: ast.FunctionDef) -> set[str]:
    items = (item.context_expr for each in ast.walk(function) if isinstance(each, ast.With) for item in each.items)
    calls = {ast.unparse(each.func) for each in items if isinstance(each, ast.Call)}
    return {"writing" for each in calls if each.removesuffix("_all").endswith("writing")}


def decorators(function: ast.FunctionDef) -> set[str]:
    return {ast.unparse(each) for each in function.decorator_list}


def test_every_verb_that_writes_is_done_again_where_another_writer_came_first() -> None:
    files = [file for room in ("store", "clinics") for file in (ROOT / "storage" / room).glob("*.py")]
    found = {name for file in files for name in unrepeated(file.read_text(encoding="utf-8"))}
    assert found == {"_writing"}, "write @repeated (storage/repeating.py) over it: one transaction, nothing beside"


def test_the_moment_is_that_of_the_server_for_all_who_write(store: SealedStore) -> None:
    with store.engine.reading() as rows:
        first = rows.now()
        assert abs(first - time.time() * 1000) < 60_000
        time.sleep(0.01)
        assert rows.now() >= first + 10, "also within one transaction"


# Limits of time, and a database that is gone --------------------------------------------------------------------------


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "WAIT_SECONDS", 0.3)
    monkeypatch.setattr(connecting, "SETTINGS", connecting.SETTINGS.replace("'5s'", "'200ms'"))


def test_whoever_waits_for_a_lock_is_told_and_then_goes_on(
    impatient: None, store: SealedStore, outside: psycopg.Connection
) -> None:
    record = store.create_record(content_hash="c", data={}).record_id
    with outside.transaction():
        outside.execute("LOCK TABLE records IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(StoreBusy) as busy:
            store.get_draft(record)
    assert busy.value.retry_after_seconds > 0
    assert store.get_draft(record).data == {}


def test_when_every_connection_is_lent_the_next_is_told_and_then_goes_on(
    impatient: None, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "MOST_CONNECTIONS", 1)
    with closing(open_store(address, tmp_path)) as store:
        record = store.create_record(content_hash="c", data={}).record_id
        with store.engine.reading(), pytest.raises(StoreBusy):
            store.get_draft(record)
        assert store.get_draft(record).data == {}


def test_a_connection_counts_as_lent_until_the_pool_has_it_again(
    store: SealedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else whoever waits in vain just then would take a busy database for one that is gone."""
    assert isinstance(store.engine, PostgresEngine)
    connections, in_use = store.engine.connections, []
    pool, usual = connections._pool(), connections._pool().putconn
    monkeypatch.setattr(pool, "putconn", lambda each: (in_use.append(connections.use()["in use"]), usual(each)))
    store.count()
    assert (in_use, connections.use()["in use"]) == ([1], 0)


def test_a_process_that_was_forked_has_lent_nothing_yet(store: SealedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(store.engine, PostgresEngine)
    connections = store.engine.connections
    with store.engine.reading():
        assert connections.use()["in use"] == 1
        with monkeypatch.context() as child:
            child.setattr(connecting.os, "getpid", lambda: 0)
            assert connections.use()["in use"] == 0
    assert connections.use()["in use"] == 0


def test_a_connection_that_was_ended_between_two_calls_is_not_noticed(
    store: SealedStore, outside: psycopg.Connection
) -> None:
    record = store.create_record(content_hash="c", data={}).record_id
    for _ in range(5):
        end_all(outside)
        assert store.get_draft(record).data == {}


def test_several_connections_that_were_ended_are_not_noticed_either(
    store: SealedStore, outside: psycopg.Connection
) -> None:
    together = Barrier(3)

    def look(_: int) -> int:
        with store.engine.reading() as rows:
            together.wait(10)  # each has a connection of its own
            return rows.count(RECORDS)

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(look, range(3))) == [0, 0, 0]
    end_all(outside)
    record = store.create_record(content_hash="c", data={"age": 72}).record_id
    assert store.get_draft(record).data == {"age": 72}


def test_who_has_reached_the_server_may_wait_for_its_answer(
    store: SealedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A first statement that takes long does not show that nobody is there: then that is asked, and it is made again."""
    assert isinstance(store.engine, PostgresEngine)
    monkeypatch.setattr(answering, "CHECK_SECONDS", 0.2)
    with store.engine.connections.lent("SELECT %s::text FROM pg_sleep(0.5)", ("late",)) as (_, answer):
        assert answer.fetchone() == ("late",)


def test_no_question_goes_out_only_to_see_whether_the_server_is_there(
    store: SealedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with questions(monkeypatch) as asked:
        store.count()
    assert asked == ["BEGIN", "SELECT", "SELECT"]


def test_a_page_and_a_form_ask_the_server_as_seldom_as_they_can(
    store: SealedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = store.create_record(content_hash="c", data={}).record_id
    store.save_session("browser", {"record": record})
    with questions(monkeypatch) as asked:
        store.find_session("browser")
        store.get_draft(record)
    assert asked == ["SELECT", "SELECT"]
    with questions(monkeypatch) as asked:
        store.change_draft(record, lambda _: {"age": 72}, content_hash="c")
    assert asked == ["BEGIN", "SELECT", "INSERT", "INSERT", "INSERT", "COMMIT"]


@contextmanager
def questions(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What is asked meanwhile; not what the pool asks in its own thread, nor how a transaction that reads ends."""
    asked: list[str] = []
    usual, here = psycopg.Connection.execute, get_ident()

    def execute(connection: psycopg.Connection, query: str, *given: object, **more: object) -> psycopg.Cursor:
        if get_ident() == here:
            asked.append(query.partition(" ")[0])
        return usual(connection, query, *given, **more)  # type: ignore[call-overload, no-any-return]

    with monkeypatch.context() as watched:
        watched.setattr(psycopg.Connection, "execute", execute)
        yield asked


def test_a_connection_that_is_ended_within_a_transaction_leaves_nothing_half_written(
    store: SealedStore, outside: psycopg.Connection
) -> None:
    record = store.create_record(content_hash="c", data={"age": 72}).record_id

    def ended_meanwhile(data: dict[str, object]) -> dict[str, object]:
        end_all(outside)
        return {**data, "age": 73}

    with pytest.raises(StoreGone) as gone:
        store.change_draft(record, ended_meanwhile, content_hash="c")
    assert gone.value.retry_after_seconds > 0
    assert store.get_draft(record).data == {"age": 72}
    with store.engine.reading() as rows:
        assert (rows.count(RECORDS), rows.count(SESSIONS)) == (1, 0)


def end_all(outside: psycopg.Connection) -> None:
    outside.execute(
        "SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid()"
    )


# Who does not want it -------------------------------------------------------------------------------------------------

WITHOUT = """
import sys
from app import create_app
from web.core.stores import store
store().close()
print(*sorted({each.partition(".")[0] for each in sys.modules} & {"procrastinate", "psycopg", "psycopg_pool", "psycopg_binary"}))
"""


def test_without_the_setting_psycopg_is_not_even_imported(folder: Path) -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_a_walk_by_its_pages(
    databases: Databases, folder: Path, restart: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.visitor import Visitor

    address = databases.address(folder, folder)
    monkeypatch.setenv("FIRM_FOOTING_DATABASE", address)
    visitor = Visitor(restart())
    visitor.begin()
    visitor.open("/falls/fell-past-year").send({"fell-past-year": "yes"})
    visitor.see_plan()
    assert [each.name for each in folder.glob("*.db")] == []
    with closing(psycopg.connect(address)) as outside:
        assert outside.execute("SELECT count(*) FROM submissions").fetchone() == (1,)
