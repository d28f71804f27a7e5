"""Tables that a clinic has sent in, on every engine: seen by that clinic alone, changed by one at a time, gone in time."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from storage import RecordFull, SealBroken
from storage.clinics.model import Clinic, ClinicNotFound
from storage.rows.tables import CLINIC_KEYS, IMPORTS
from storage.sqlite.backups.backup import back_up
from storage.sqlite.engine import open_store
from storage.store.imports import MOST_IMPORTS
from storage.store.store import SealedStore
from storage.time_limits import IMPORTED
from tests.test_storage_clinics import NOW

DATA = {"rows": [[3, ["Ann", 81]]], "name": "people.csv"}


class Today:
    def __init__(self) -> None:
        self.day = date(2026, 11, 29)

    def __call__(self) -> date:
        return self.day


@pytest.fixture
def today() -> Today:
    return Today()


@pytest.fixture
def store(engine: Callable[..., SealedStore], tmp_path: Path, today: Today) -> Iterator[SealedStore]:
    made = engine(tmp_path, tmp_path, today=today)
    yield made
    made.close()


def clinic(store: SealedStore, name: str = "North") -> str:
    return store.create_clinic(Clinic(clinic_id="", name=name)).clinic_id


def rows_left(store: SealedStore) -> int:
    with store.engine.reading() as rows:
        return rows.count(IMPORTS)


def test_a_table_comes_back_as_it_was_and_who_saw_an_older_state_changes_nothing(store: SealedStore) -> None:
    north = clinic(store)
    import_id = store.keep_import(north, DATA)
    found = store.get_import(north, import_id)
    assert (found.data, found.revision, found.expires) == (DATA, 1, date(2026, 11, 29) + IMPORTED.after)
    assert store.change_import(north, import_id, 1, {"rows": []})
    assert not store.change_import(north, import_id, 1, DATA)
    assert [(each.data, each.revision) for each in store.list_imports(north)] == [({"rows": []}, 2)]
    store.remove_import(north, import_id)
    assert rows_left(store) == 0
    with pytest.raises(ClinicNotFound):
        store.get_import(north, import_id)


def test_a_clinic_sees_changes_and_removes_only_its_own(store: SealedStore) -> None:
    north, south = clinic(store), clinic(store, "South")
    own = store.keep_import(north, DATA)
    for verb in (
        lambda: store.get_import(south, own),
        lambda: store.change_import(south, own, 1, {}),
        lambda: store.remove_import(south, own),
    ):
        with pytest.raises(ClinicNotFound):
            verb()
    assert store.list_imports(south) == ()
    assert store.get_import(north, own).data == DATA
    with pytest.raises(ClinicNotFound):
        store.keep_import("nobody", DATA)
    store.erase_clinic(north)
    assert rows_left(store) == 0


def test_what_a_row_says_opens_with_the_key_of_its_clinic_alone(store: SealedStore) -> None:
    north, south = clinic(store), clinic(store, "South")
    own = store.keep_import(north, DATA)
    with store.engine.writing() as rows:
        key = rows.find(CLINIC_KEYS, south)
        assert key is not None
        found = rows.find(IMPORTS, own)
        assert found is not None
        assert b"Ann" not in found.sealed
        rows.put(IMPORTS, type(found)(own, {**found.bound, "clinic_id": south}, found.sealed))
    with pytest.raises(SealBroken, match="imports"):
        store.get_import(south, own)


def test_a_table_is_over_after_some_days_and_then_removed(store: SealedStore, today: Today) -> None:
    north = clinic(store)
    import_id = store.keep_import(north, DATA)
    today.day += IMPORTED.after
    assert store.get_import(north, import_id)
    today.day += timedelta(days=1)
    assert store.list_imports(north) == ()
    for verb in (store.get_import, store.remove_import):
        with pytest.raises(ClinicNotFound):
            verb(north, import_id)
    store.purge()
    assert rows_left(store) == 0


def test_a_clinic_has_so_many_and_one_that_is_over_makes_room(store: SealedStore, today: Today) -> None:
    north = clinic(store)
    for _ in range(MOST_IMPORTS):
        store.keep_import(north, DATA)
    with pytest.raises(RecordFull):
        store.keep_import(north, DATA)
    store.keep_import(clinic(store, "South"), DATA)
    today.day += IMPORTED.after + timedelta(days=1)
    assert store.keep_import(north, DATA)


def test_no_backup_holds_a_table(tmp_path: Path) -> None:
    with closing(open_store(tmp_path, tmp_path, today=date.today)) as store:
        store.keep_import(clinic(store), DATA)
    made = back_up(tmp_path, tmp_path, None, NOW)
    with closing(Database(made.path).conn) as copy:
        assert copy.execute("SELECT count(*) FROM imports").fetchone() == (0,)
        assert copy.execute("SELECT count(*) FROM clinics").fetchone() == (1,)
