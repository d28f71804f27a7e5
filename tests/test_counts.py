"""Counts on every engine, and of several servers together: how much one address may have kept, how often it may try."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask

from storage.counts import Use
from storage.model import StoreGone
from storage.postgres.engine import open_store as open_postgres
from storage.rows.protocol import StoredRow
from storage.rows.tables import COUNTS
from storage.sqlite.backups.backup import back_up
from storage.sqlite.connecting import connect
from storage.sqlite.engine import SqliteEngine
from storage.sqlite.engine import open_store as open_sqlite
from storage.store.store import SealedStore
from tests.postgres_server import Databases
from tests.stopped_clock import stopped_at
from tests.test_web_budgets import use
from tests.visitor import Visitor
from web.core.stores import store as store_of_app
from web.visitor import budgets
from web.visitor.budgets import FREE_BYTES, Budgets

HALF_PAST = datetime(2026, 11, 29, 12, 30, tzinfo=UTC)
HERE = "192.0.2.7"
USE = Use(kind="few", who=HERE, amount=1, most=10, an_hour=10)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with stopped_at(HALF_PAST) as found:
        yield found


@pytest.fixture
def store(engine: Callable[..., SealedStore], tmp_path: Path, clock: time_machine.Traveller) -> Iterator[SealedStore]:
    with closing(engine(tmp_path, tmp_path, today=lambda: datetime.now(UTC).date())) as made:
        yield made


def used(store: SealedStore, times: int, use: Use = USE) -> int:
    """How many of so many were let through."""
    return [store.use_up([use]) for _ in range(times)].count(0)


def rows_of(store: SealedStore) -> list[StoredRow]:
    with store.engine.reading() as rows:
        return list(rows.all(COUNTS))


# On every engine ------------------------------------------------------------------------------------------------------


def test_one_uses_up_their_own_it_runs_off_and_the_wait_is_long_enough(
    store: SealedStore, clock: time_machine.Traveller
) -> None:
    assert used(store, 30) == 10
    assert used(store, 3, replace(USE, who="198.51.100.9")) == 3
    assert used(store, 3, replace(USE, kind="other")) == 3
    wait = store.use_up([USE])
    assert 0 < wait <= 3600 / 10 + 1
    clock.shift(wait - 2)
    assert store.use_up([USE]) > 0
    clock.shift(2)
    assert used(store, 5) == 1
    clock.shift(timedelta(hours=1))
    assert used(store, 30) == 10


def test_of_several_at_once_all_are_counted_or_none(store: SealedStore) -> None:
    both = [replace(USE, who="one"), replace(USE, who="other", most=3)]
    assert [store.use_up(both) > 0 for _ in range(4)] == [False, False, False, True]
    assert used(store, 30, both[0]) == 7


def test_what_is_given_back_may_be_used_again_and_is_never_refused(store: SealedStore) -> None:
    used(store, 10)
    assert store.use_up([replace(USE, amount=-1)]) == 0
    assert used(store, 5) == 1
    for _ in range(30):
        assert store.use_up([replace(USE, who="nobody", amount=-1)]) == 0
    assert used(store, 30, replace(USE, who="nobody")) == 10, "and nobody saves any up"


def test_nobody_can_tell_whose_count_it_is(
    store: SealedStore, engine: Callable[..., SealedStore], tmp_path: Path
) -> None:
    store.use_up([USE])
    (row,) = rows_of(store)
    assert row.sealed == b""
    assert HERE not in str(row)
    (tmp_path / "other").mkdir()
    with closing(engine(tmp_path / "other", tmp_path / "other")) as other:
        other.use_up([USE])
        is_another_key = other.derive("counts") != store.derive("counts")
        assert (rows_of(other)[0].row_id != row.row_id) == is_another_key


def test_what_a_clock_that_was_ahead_has_counted_is_over(store: SealedStore, clock: time_machine.Traveller) -> None:
    clock.shift(timedelta(hours=5))
    used(store, 10)
    clock.shift(timedelta(hours=-5))
    assert used(store, 30) == 10
    clock.shift(timedelta(seconds=-20))
    assert used(store, 30) == 0, "a clock that was set right by some seconds lets nobody through"


def test_all_together_are_summed_up_over_the_last_hour(store: SealedStore, clock: time_machine.Traveller) -> None:
    for number in range(8):
        used(store, 5, replace(USE, who=str(number)))
    used(store, 5, replace(USE, kind="other"))
    assert store.total_used("few") == 40
    clock.shift(timedelta(minutes=45))  # a quarter into the next hour
    assert store.total_used("few") == 30
    used(store, 1, replace(USE, who="3"))
    assert store.total_used("few") == 31
    clock.shift(timedelta(hours=1))
    assert store.total_used("few") == 0.75
    clock.shift(timedelta(hours=1))
    assert store.total_used("few") == 0


def test_what_says_nothing_any_more_is_removed(store: SealedStore, clock: time_machine.Traveller) -> None:
    used(store, 1)
    clock.shift(timedelta(minutes=89))
    assert store.forget_counts() == 0
    clock.shift(timedelta(minutes=1))
    used(store, 1, replace(USE, who="new"))
    assert (store.forget_counts(), len(rows_of(store))) == (1, 1)
    clock.shift(timedelta(days=2))
    store.purge()
    assert rows_of(store) == []


def test_who_count_at_once_count_exactly(store: SealedStore) -> None:
    with ThreadPoolExecutor(6) as threads:
        waits = list(
            threads.map(
                lambda number: store.use_up([replace(USE, most=50), replace(USE, who=str(number % 3))]), range(60)
            )
        )
    assert waits.count(0) == 30, "each of three may ten times"
    assert store.total_used("few") == 60


def test_no_backup_holds_counts(tmp_path: Path) -> None:
    with closing(open_sqlite(tmp_path, tmp_path)) as store:
        store.use_up([USE])
        made = back_up(tmp_path, tmp_path, tmp_path / "backups", HALF_PAST)
        with closing(connect(made.path)) as copy:
            assert copy.execute("SELECT count(*) FROM counts").fetchone()[0] == 0
        assert len(rows_of(store)) == 1


def test_nobody_waits_for_the_disk_to_count_and_everybody_for_an_answer(tmp_path: Path) -> None:
    with closing(open_sqlite(tmp_path, tmp_path)) as store:
        assert isinstance(store.engine, SqliteEngine)
        with store.engine.counting([]) as rows:
            assert not waits_for_disk(rows)
        with pytest.raises(ZeroDivisionError), store.engine.counting([]):
            raise ZeroDivisionError
        with store.engine.writing() as rows:
            assert waits_for_disk(rows)


def waits_for_disk(rows: Any) -> bool:
    return rows._execute("PRAGMA synchronous").fetchone() == (2,)


# Several servers ------------------------------------------------------------------------------------------------------


@pytest.fixture
def two(databases: Databases, tmp_path: Path) -> Iterator[tuple[SealedStore, SealedStore]]:
    address = databases.address(tmp_path, tmp_path)
    with closing(open_postgres(address, tmp_path)) as one, closing(open_postgres(address, tmp_path)) as other:
        yield one, other


def test_two_servers_count_together_and_a_restart_begins_nothing_anew(two: tuple[SealedStore, SealedStore]) -> None:
    one, other = (Budgets(shared=lambda each=each: each) for each in two)  # type: ignore[misc]
    assert (use(one, HERE, 6), use(other, HERE, 6)) == (6, 4)
    assert use(Budgets(shared=lambda: two[0]), HERE, 6) == 0


def test_once_all_servers_together_have_used_it_up_those_who_have_used_little_go_on(
    two: tuple[SealedStore, SealedStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budgets, "TOTAL_SECONDS", 0)
    servers = [Budgets(shared=lambda each=each: each) for each in two]  # type: ignore[misc]
    assert sum(use(servers[number % 2], f"abuser {number}", 100) for number in range(4)) == 40
    assert use(servers[0], "abuser 5", 100) == 1, "a tenth of what one may"
    assert use(servers[1], "a person", 1) == 1


@pytest.mark.parametrize("is_full", [True, False])
def test_where_nothing_can_be_counted_together_a_process_counts_by_itself(
    two: tuple[SealedStore, SealedStore], monkeypatch: pytest.MonkeyPatch, is_full: bool
) -> None:
    def gone() -> Any:
        raise StoreGone("the database cannot be reached")

    if is_full:
        monkeypatch.setattr(budgets, "free_bytes", lambda: FREE_BYTES - 1)
    counted = Budgets(shared=(lambda: two[0]) if is_full else gone)
    assert use(counted, HERE, 30) == 10
    assert rows_of(two[0]) == []


@pytest.fixture(params=["sqlite", "postgres"])
def servers(
    request: pytest.FixtureRequest, restart: Callable[[], Flask], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Flask, Flask]:
    """The app twice on one database; each knows only what lies there."""
    if request.param == "postgres":
        address = request.getfixturevalue("databases").address(folder, folder)
        monkeypatch.setenv("FIRM_FOOTING_DATABASE", address)
    return restart(), restart()


def test_new_records_of_one_address_are_counted_by_all_servers_and_after_a_restart(
    servers: tuple[Flask, Flask], restart: Callable[[], Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.visitor.open_record.RECORDS", replace(budgets.RECORDS, by_one=3))
    for number in range(3):
        Visitor(servers[number % 2]).begin()
    for app in (*servers, restart()):
        assert Visitor(app).open("/for-whom").send({"answering": "self"}, 429).h1 == "Wait a little"


def test_who_tries_passwords_at_one_server_has_tried_them_at_all(
    servers: tuple[Flask, Flask], restart: Callable[[], Flask]
) -> None:
    store_of_app()
    for number in range(10):
        sign_in(servers[number % 2], 422)
    for app in (*servers, restart()):
        assert sign_in(app, 429).startswith("Too many tries.")


def sign_in(app: Flask, status: int) -> str:
    page = Visitor(app).open("/clinic/sign-in").send({"name": "ana@example.org", "password": "wrong wrong"}, status)
    return page.errors[0]


def test_answers_count_nothing(servers: tuple[Flask, Flask], monkeypatch: pytest.MonkeyPatch) -> None:
    """What most requests do costs no row more."""
    visitor = Visitor(servers[0])
    visitor.begin()
    monkeypatch.setattr(SealedStore, "use_up", lambda *_: pytest.fail("an answer was counted"))
    visitor.open("/falls/fell-past-year").send({"fell-past-year": "yes"})
    visitor.open("/falls/numb-feet").send({"numb-feet": "no"})
