"""First run, restart, and every state of the two folders in which the store refuses to open."""

import shutil
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from storage import StoreRefused
from storage.rows.sealing import KEY
from storage.sqlite.connecting import has_wal_reset_bug, sqlite3
from storage.sqlite.engine import open_store
from storage.sqlite.migrations import FORMAT
from storage.sqlite.opening import DATABASE, refuse_library
from storage.store.store import SealedStore


class Folders:
    """A data folder and a key folder, apart."""

    def __init__(self, root: Path) -> None:
        self.data, self.keys = root / "data", root / "keys"
        self.database, self.key = self.data / DATABASE, self.keys / KEY

    def open(self) -> SealedStore:
        return open_store(self.data, self.keys)

    def names(self) -> list[str]:
        return sorted(path.name for folder in (self.data, self.keys) for path in folder.iterdir())


@pytest.fixture
def fresh(tmp_path: Path) -> Folders:
    return Folders(tmp_path)


@pytest.fixture
def used(fresh: Folders) -> Folders:
    """Folders with one record in them, and the store stopped."""
    store = fresh.open()
    store.create_record(content_hash="c", data={"age": 72})
    store.close()
    return fresh


def refusal(folders: Folders) -> str:
    """The sentence; whatever lay there must lie there still."""
    before = {path: path.read_bytes() for path in folders.data.parent.rglob("*") if path.is_file()}
    with pytest.raises(StoreRefused) as caught:
        folders.open()
    after = {path: path.read_bytes() for path in folders.data.parent.rglob("*") if path.is_file()}
    assert after == before
    return str(caught.value)


def test_a_first_run_makes_the_key_and_the_database(fresh: Folders) -> None:
    store = fresh.open()
    assert store.count() == {"records": 0, "submissions": 0}
    store.close()
    assert fresh.names() == [DATABASE, KEY]
    assert stat.S_IMODE(fresh.key.stat().st_mode) == 0o400
    assert stat.S_IMODE(fresh.database.stat().st_mode) == 0o600
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in (fresh.data, fresh.keys)] == [0o700, 0o700]


def test_servers_that_start_at_once_share_one_first_run(fresh: Folders) -> None:
    with ThreadPoolExecutor(4) as threads:
        stores = list(threads.map(lambda _: fresh.open(), range(4)))
    for store in stores:
        store.create_record(content_hash="c", data={})
    assert [store.count()["records"] for store in stores] == [4, 4, 4, 4]
    for store in stores:
        store.close()


def test_a_database_without_its_key_is_refused(used: Folders) -> None:
    used.key.unlink()
    assert "put the key back" in refusal(used)


def test_a_key_without_its_database_is_refused(used: Folders) -> None:
    used.database.unlink()
    assert "put the database back" in refusal(used)


def test_the_log_of_a_lost_database_is_never_played_into_a_new_one(used: Folders) -> None:
    used.database.rename(used.data / f"{DATABASE}-wal")
    used.key.unlink()
    store = used.open()
    assert store.count() == {"records": 0, "submissions": 0}
    store.close()
    assert len([name for name in used.names() if name.startswith(f"{DATABASE}-wal.lost-")]) == 1


def test_the_key_of_another_database_is_refused(used: Folders, tmp_path: Path) -> None:
    other = Folders(tmp_path / "other")
    other.open().close()
    used.key.unlink()
    shutil.copy(other.key, used.key)
    assert "is not the key of" in refusal(used)


def make_empty(database: Path) -> None:
    database.write_bytes(b"")


def zero_page_1(database: Path) -> None:
    database.write_bytes(bytes(4096) + database.read_bytes()[4096:])


def truncate(database: Path) -> None:
    database.write_bytes(database.read_bytes()[:-4096])


def truncate_to_the_header(database: Path) -> None:
    database.write_bytes(database.read_bytes()[:100])


def scribble_over_a_page(database: Path) -> None:
    content = bytearray(database.read_bytes())
    content[5 * 4096 : 6 * 4096] = b"\xa5" * 4096
    database.write_bytes(content)


def replace_by_text(database: Path) -> None:
    database.write_text("Shopping list\n" * 1000)


def replace_by_a_foreign_database(database: Path) -> None:
    database.unlink()
    db = sqlite3.connect(database)
    db.execute("CREATE TABLE bookmarks (url TEXT)")
    db.commit()
    db.close()


def raise_the_format(database: Path) -> None:
    db = sqlite3.connect(database)
    db.execute(f"PRAGMA user_version = {FORMAT + 1}")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def lose_the_check_row(database: Path) -> None:
    db = sqlite3.connect(database)
    db.execute("DELETE FROM seal_check")
    db.commit()
    db.close()


def lose_a_table(database: Path) -> None:
    db = sqlite3.connect(database)
    db.execute("DROP TABLE seal_check")
    db.commit()
    db.close()


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (make_empty, "is empty, damaged or no database: put back the newest backup of it with flask restore FILE"),
        (zero_page_1, "is empty, damaged or no database: put back the newest backup of it with flask restore FILE"),
        (truncate, "is damaged|does not open"),
        (truncate_to_the_header, "is damaged|does not open"),
        (scribble_over_a_page, "is damaged|does not open"),
        (replace_by_text, "is empty, damaged or no database"),
        (replace_by_a_foreign_database, "belongs to another program"),
        (raise_the_format, "run the release that wrote it"),
        (lose_the_check_row, "its check row is gone"),
        (lose_a_table, "no such table"),
    ],
)
def test_a_file_that_is_not_our_database_is_refused_and_left_alone(
    used: Folders, damage: Callable[[Path], None], sentence: str
) -> None:
    damage(used.database)
    told = refusal(used)
    assert str(used.database) in told
    assert any(part in told for part in sentence.split("|"))


def test_a_damaged_key_is_refused(used: Folders) -> None:
    used.key.chmod(0o600)
    used.key.write_text("0" * 12)
    assert "put back the copy" in refusal(used)


def test_a_folder_that_is_a_file_is_refused(fresh: Folders) -> None:
    fresh.data.write_text("not a folder")
    assert "FIRM_FOOTING_DATA" in refusal(fresh)


def half_a_key(folders: Folders) -> None:
    folders.keys.mkdir()
    (folders.keys / f"{KEY}.unfinished.half").write_text("0a")


def key_only(folders: Folders) -> None:
    folders.open().close()
    folders.key.rename(folders.keys / f"{KEY}.unfinished")
    folders.database.unlink()


def half_a_database(folders: Folders) -> None:
    key_only(folders)
    for ending in ("", "-wal", "-shm", "-journal"):
        (folders.data / f"{DATABASE}.unfinished{ending}").write_bytes(b"\xff" * 5000)


def all_but_the_last_name(folders: Folders) -> None:
    folders.open().close()
    folders.key.rename(folders.keys / f"{KEY}.unfinished")


@pytest.mark.parametrize("crash", [half_a_key, key_only, half_a_database, all_but_the_last_name])
def test_a_first_run_that_crashed_is_finished_by_the_next(fresh: Folders, crash: Callable[[Folders], None]) -> None:
    crash(fresh)
    store = fresh.open()
    store.create_record(content_hash="c", data={})
    assert store.count()["records"] == 1
    store.close()
    assert not any(name.endswith(".unfinished") for name in fresh.names())


def test_an_unfinished_key_never_replaces_a_lost_one(used: Folders) -> None:
    used.key.rename(used.keys / "lost")
    (used.keys / f"{KEY}.unfinished").write_text("0" * 64)
    assert "is not the key of" in refusal(used)
    assert not used.key.exists()


@pytest.mark.parametrize(
    ("version", "affected"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 44, 7), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 0), True),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 4), False),
        ((4, 0, 0), False),
    ],
)
def test_a_sqlite_that_can_corrupt_the_file_is_known(version: tuple[int, ...], affected: bool) -> None:
    assert has_wal_reset_bug(version) is affected


def test_a_sqlite_that_can_corrupt_the_file_is_refused() -> None:
    refuse_library((3, 51, 3))
    with pytest.raises(StoreRefused, match=r"SQLite 3\.40\.1 .* pip install -r requirements\.txt"):
        refuse_library((3, 40, 1))
