"""A store that is busy, full, read-only, damaged or gone, as a person meets it: a clear page, and nothing half-written."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlite_utils import Database

from storage import StorageError, StoreBusy, StoreFull, StoreReadOnly, StoreReplaced
from storage.rows.sealing import KEY
from storage.sqlite.connecting import connect
from storage.sqlite.engine import open_store
from storage.sqlite.opening import DATABASE
from storage.store.store import SealedStore
from tests.visitor import After, Page, Visitor
from web.core.stores import store

READING = ("/", "/checklists", "/falls/fell-past-year", "/review/falls", "/results", "/plan", "/warning-signs/mind")


def reach(visitor: Visitor) -> None:
    visitor.begin()
    visitor.open("/falls/fell-past-year").send({"fell-past-year": "yes"})
    visitor.see_plan()


@pytest.fixture
def walker(after: After) -> Visitor:
    """Somebody with an answer and a plan."""
    return after(reach)


@pytest.fixture
def outsider(walker: Visitor, folder: Path) -> Iterator[Database]:
    """Another program's connection to the same file."""
    db = connect(folder / DATABASE)
    yield db
    db.close()


def forms(walker: Visitor) -> list[tuple[Page, dict[str, str]]]:
    """One of each form, ready to send."""
    filled = (
        ("/for-whom", {"answering": "self"}),
        ("/falls/fell-past-year", {"fell-past-year": "no"}),
        ("/warning-signs/mind", {"signs": "none"}),
        ("/home/bathroom", {"bath-no-grab-bars": "yes"}),
        ("/see-my-plan", {}),
    )
    return [(walker.open(path), answers) for path, answers in filled]


def refuse_all(ready: list[tuple[Page, dict[str, str]]]) -> None:
    """Every form gets a page that says what to do; reading goes on."""
    walker = ready[0][0].visitor
    for page, answers in ready:
        refused = page.send(answers, 503)
        assert refused.h1 == "Saving does not work right now"
        assert "send it again" in refused.main
        assert 1 <= int(refused.headers["Retry-After"]) <= 60
    for path in READING:
        walker.open(path)
    assert walker.open("/falls/fell-past-year").chosen("fell-past-year") == ["yes"]


def test_while_another_program_holds_the_lock_saving_waits_shortly_and_reading_goes_on(
    walker: Visitor, outsider: Database
) -> None:
    ready = forms(walker)
    counted = store().count()
    outsider.execute("BEGIN IMMEDIATE")
    refuse_all(ready)
    outsider.execute("ROLLBACK")
    assert store().count() == counted
    page, answers = ready[1]
    page.send(answers)
    assert walker.open("/falls/fell-past-year").chosen("fell-past-year") == ["no"]


def limited(pragma: str) -> Callable[[Path], Database]:
    def open_one(path: Path) -> Database:
        db = connect(path)
        db.execute(f"PRAGMA {pragma}")
        return db

    return open_one


def reopened(walker: Visitor, folder: Path, monkeypatch: pytest.MonkeyPatch, pragma: str) -> SealedStore:
    """The app's store again, with connections that a pragma holds back."""
    import storage.sqlite.keys

    opening = limited(pragma)
    monkeypatch.setattr(storage.sqlite.keys, "connect", opening)
    store().close()
    store.cache_clear()
    return store()


def test_with_no_room_left_saving_says_so_and_reading_goes_on(
    walker: Visitor, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = forms(walker)
    with monkeypatch.context() as patch:
        full = reopened(walker, folder, patch, "max_page_count = 1")
        with pytest.raises(StoreFull):
            full.create_record(content_hash="x", data={"long": "x" * 100_000})
        page = ready[0][0]
        codes = [
            page.visitor.client.post("/for-whom", data=page.data({"answering": "self"})).status_code for _ in range(40)
        ]
        assert codes[-1] == 503
        for path in READING:
            walker.open(path)
    store().close()
    store.cache_clear()
    assert walker.begin().path == "/about/age", "there is room again, and nothing was restarted but the store"


def test_a_database_that_may_only_be_read_is_still_read(
    walker: Visitor, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = forms(walker)
    with monkeypatch.context() as patch:
        with pytest.raises(StoreReadOnly):
            reopened(walker, folder, patch, "query_only = ON").create_record(content_hash="x", data={})
        refuse_all(ready)
    store().close()
    store.cache_clear()
    page, answers = ready[1]
    page.send(answers)


TABLES = ("records", "submissions", "sessions")


@pytest.mark.parametrize("table", TABLES)
def test_a_damaged_row_is_never_shown_and_one_can_begin_again(
    walker: Visitor, outsider: Database, table: str, caplog: pytest.LogCaptureFixture
) -> None:
    walker.open("/")  # whose links are tried once in a process, and lead somewhere while nothing is damaged
    damage(outsider, table)
    page = walker.open("/results", 500)
    assert page.h1 == "These answers cannot be read"
    assert "Begin again from the start" in page.main
    assert page.follow("Go to the start").path == "/"
    assert walker.begin().path == "/about/age"
    assert walker.open("/falls/fell-past-year").chosen("fell-past-year") == []
    assert "Traceback" not in caplog.text


def damage(db: Database, table: str, at_most: int = -1) -> None:
    """Flips one bit of every sealed value of a table, or of so many."""
    (column,) = (each.name for each in db.table(table).columns if each.type == "BLOB")
    for key, sealed in db.execute(f"SELECT rowid, {column} FROM {table} LIMIT {at_most}").fetchall():
        flipped = sealed[:-1] + bytes([sealed[-1] ^ 1])
        db.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (flipped, key))


def test_a_damaged_record_of_one_person_leaves_the_others_alone(
    app: Flask, walker: Visitor, outsider: Database
) -> None:
    damage(outsider, "records")
    other = Visitor(app)
    other.begin()
    assert other.open("/falls/fell-past-year").status == 200
    walker.open("/checklists", 500)


def test_a_damaged_share_tick_or_older_plan_keeps_its_owner_from_nothing_else(
    walker: Visitor, outsider: Database
) -> None:
    walker.open("/share").send({"name": "Ana"})
    walker.see_plan()
    assert "damaged" not in walker.open("/plan").main
    done = {"action": "any", "on": "2026-11-22", "by": "self", "state": "done"}
    store().add_tick(walker.record_id, submit_key="t", data=done)
    for table in ("shares", "submissions", "ticks"):
        damage(outsider, table, at_most=1)
    page = walker.open("/share").send({"name": "Bea"}).back()
    assert "Bea" in page.main
    assert "Ana" not in page.main.replace("like Ana", "")
    for path in ("/plan", "/changes", "/plan/own", "/download"):
        assert walker.open(path).status == 200
    for path in ("/plan", "/share"):
        assert "Part of what was kept here is damaged and left out." in walker.open(path).main


@pytest.mark.parametrize(
    ("error", "wait"),
    [
        (StoreBusy("busy", retry_after_seconds=3), "3"),
        (StoreFull("full"), "60"),
        (StoreReadOnly("read-only"), "60"),
        (StoreReplaced("replaced"), "60"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_every_fault_of_the_store_is_a_503_that_says_when_to_come_again(
    walker: Visitor, monkeypatch: pytest.MonkeyPatch, error: StorageError, wait: str
) -> None:
    page = walker.open("/falls/fell-past-year")

    def refuse(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(SealedStore, "change_draft", refuse)
    assert page.send({"fell-past-year": "no"}, 503).headers["Retry-After"] == wait


def test_a_database_moved_away_while_the_app_runs_is_not_made_anew(walker: Visitor, folder: Path) -> None:
    os.rename(folder / DATABASE, folder / "elsewhere")
    page = walker.open("/checklists", 503)
    assert page.headers["Retry-After"]
    assert not (folder / DATABASE).exists()


@pytest.mark.parametrize("lost", [DATABASE, KEY])
def test_without_its_database_or_key_every_page_says_that_it_does_not_work_and_none_is_made(
    walker: Visitor, folder: Path, restart: Callable[[], Flask], lost: str, caplog: pytest.LogCaptureFixture
) -> None:
    store().close()
    for each in folder.glob(f"{lost}*"):
        each.unlink()
    visitor = Visitor(restart())
    for path in ("/", "/checklists", "/for-whom", "/nowhere"):
        response = visitor.client.get(path)
        assert response.status_code == 503
        assert response.headers["Retry-After"]
        assert "The app cannot open its data" in response.get_data(as_text=True)
    assert not (folder / lost).exists()
    assert "Traceback" not in caplog.text
    assert "or, to start with no records, move the" in caplog.text, "the way out"


def test_a_lock_held_while_somebody_begins_leaves_no_half_of_a_beginning(walker: Visitor, outsider: Database) -> None:
    fresh = Visitor(walker.app)
    page = fresh.open("/for-whom")
    outsider.execute("BEGIN IMMEDIATE")
    page.send({"answering": "self"}, 503)
    outsider.execute("ROLLBACK")
    fresh.open("/checklists", 404)
    assert page.send({"answering": "self"}).path == "/about/age"


@pytest.mark.parametrize(("trusts", "times"), [(True, 1), (False, 2)], ids=["as it is", "the twin"])
def test_a_server_goes_through_a_large_file_once_and_not_while_its_worker_must_answer(
    folder: Path, monkeypatch: pytest.MonkeyPatch, trusts: bool, times: int
) -> None:
    from commands import http_server
    from commands import purge as purging
    from commands import serve as serving
    from commands.printing import workers as printing
    from web.core import stores
    from web.visitor import paper as papers

    looks: list[object] = []
    monkeypatch.setattr("storage.sqlite.opening._check_pages", lambda *_: looks.append(folder))
    monkeypatch.setattr(stores, "_pages_to_check", True)
    monkeypatch.setattr(papers, "renderer", lambda: SimpleNamespace(warm=lambda: None))
    monkeypatch.setattr(papers, "preparing", lambda: SimpleNamespace(start=lambda: None))
    monkeypatch.setattr(purging, "purge_every_day", lambda: None)
    monkeypatch.setattr(printing, "print_while_served", lambda: None)
    if not trusts:
        monkeypatch.setattr(stores, "trust_pages", lambda: None)
    open_store(folder, folder).close()
    looks.clear()

    serving.refuse_on_faults()
    http_server.warm(is_alone=True)

    assert len(looks) == times
