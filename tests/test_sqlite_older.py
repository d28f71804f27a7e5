"""Databases that earlier releases made, kept as they wrote them: all is there, and what was noticed is still noticed."""

import gzip
import json
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from storage import RecordNotFound
from storage.rows.note_beside_key import NAME
from storage.rows.sealing import KEY
from storage.rows.totals import Totals
from storage.sqlite.backups.restoring import restore
from storage.sqlite.connecting import connect
from storage.sqlite.engine import open_store
from storage.sqlite.opening import DATABASE, ready
from storage.sqlite.rows import SqliteRows
from storage.store.store import SealedStore

OLDER = Path(__file__).parent / "kept"
DAY = date(2026, 11, 20)


@dataclass(frozen=True)
class Older:
    """A folder with such a database, its key and its note, and what is known of it."""

    folder: Path
    known: dict[str, str]

    @classmethod
    def unpacked(cls, folder: Path, made_by: int) -> "Older":
        known = json.loads((OLDER / f"database-format-{made_by}.json").read_text(encoding="utf-8"))
        (folder / DATABASE).write_bytes(gzip.decompress((OLDER / f"database-format-{made_by}.db.gz").read_bytes()))
        (folder / KEY).write_text(known["key"])
        if known["changes"]:
            (folder / NAME).write_text(f"{known['changes']}\n")
        return cls(folder, known)

    def open(self) -> SealedStore:
        return open_store(self.folder, self.folder, today=lambda: DAY)

    def change(self, statement: str) -> None:
        with closing(connect(self.folder / DATABASE)) as db:
            db.execute(statement)

    def fault(self) -> str | None:
        database, sealer = ready(self.folder, self.folder, check_pages=False)
        with closing(connect(database)) as db:
            return Totals(SqliteRows(db), sealer).fault()


@pytest.fixture(params=[1, 2, 3])
def older(tmp_path: Path, request: pytest.FixtureRequest) -> Older:
    return Older.unpacked(tmp_path, request.param)


@pytest.fixture
def format_2(tmp_path: Path) -> Older:
    return Older.unpacked(tmp_path, 2)


def test_all_of_it_is_there_and_nothing_is_told(older: Older, caplog: pytest.LogCaptureFixture) -> None:
    store, known = older.open(), older.known
    record = known["record"]
    assert store.get_draft(record).data == {"about": {"age": "72"}, "fell": "yes"}
    assert [each.data["plan"] for each in store.list_submissions(record)] == [0, 1, 2]
    assert [each["number"] for each in store.list_ticks(record)] == [0, 1, 2]
    assert store.get_photo(record, known["photo"]) == b"rug" * 50
    assert store.find_session("browser") == {"records": [record]}
    assert store.get_content("c") == b"the definitions"
    assert store.count() == {"records": 5, "submissions": 3}
    for way in (store.open_by_link(known["link"]), store.open_by_code(known["code"])):
        assert (way.record_id, way.share) == (record, None)
    assert store.open_by_link(known["share_link"]).share == store.list_shares(record)[0]
    for gone in (lambda: store.open_by_link(known["taken_back"]), lambda: store.get_draft(known["erased"])):
        with pytest.raises(RecordNotFound):
            gone()
    store.add_tick(record, submit_key="new", data={})
    store.purge()
    store.close()
    older.open().close()
    assert older.fault() is None
    assert not caplog.records


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DELETE FROM records WHERE record_id IN (SELECT min(record_id) FROM records)", "records were removed"),
        ("DELETE FROM records WHERE record_id IN (SELECT max(record_id) FROM records)", "records were removed"),
        ("UPDATE tallies SET changes = changes - 1", "records were removed"),
        ("DELETE FROM erased", "notes of what was erased"),
        ("DELETE FROM totals", "gone or damaged"),
        ("UPDATE totals SET sealed = x'00'", "gone or damaged"),
    ],
)
def test_what_was_changed_before_the_release_came_is_told_after_it_too(
    format_2: Older, statement: str, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    format_2.change(statement)
    for _ in range(2):
        caplog.clear()
        format_2.open().close()
        assert said in caplog.text
    store = format_2.open()
    store.create_record(content_hash="c", data={})
    store.close()
    assert said in (format_2.fault() or "")


def test_an_older_file_is_told_by_the_note_of_the_release_before(
    format_2: Older, caplog: pytest.LogCaptureFixture
) -> None:
    (format_2.folder / NAME).write_text("24\n")
    format_2.open().close()
    assert f"{24 - int(format_2.known['changes'])} changes are missing" in caplog.text


def test_a_backup_of_the_release_before_is_put_back_over_its_own_database(older: Older, tmp_path: Path) -> None:
    """Nobody has opened it with this release yet, so neither of them has the tables that are new."""
    backup = older.folder / "backup.db"
    backup.write_bytes((older.folder / DATABASE).read_bytes())
    restored = restore(backup, older.folder, older.folder, datetime(2026, 11, 20, tzinfo=UTC), unsigned=True)
    assert (restored.records, restored.erased_again, restored.fault) == (5, 0, None)
    store = older.open()
    assert store.list_health_links(older.known["record"], 0) == ()
    assert store.open_by_link(older.known["share_link"]).share
    store.close()
