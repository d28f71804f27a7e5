"""What lies in the file: nothing that can be read, and nothing of what was removed."""

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from storage import RecordNotFound
from storage.rows.codes import grouped
from storage.rows.tables import OWN, PHOTOS, RECORDS
from storage.sqlite.connecting import connect
from storage.sqlite.engine import open_store
from storage.sqlite.opening import DATABASE
from storage.store.store import SealedStore
from tests.test_storage_erasing import DAY, LATER, full_record
from tests.test_storage_links_and_codes import NONE_OF_OURS
from tests.test_storage_photos import PICTURE


@pytest.fixture
def days() -> list[date]:
    return [DAY]


@pytest.fixture
def store(tmp_path: Path, days: list[date]) -> Iterator[SealedStore]:
    opened = open_store(tmp_path, tmp_path, today=lambda: days[0])
    yield opened
    opened.close()


@pytest.fixture
def record(store: SealedStore) -> str:
    return store.create_record(content_hash="c", data={}).record_id


def traces(store: SealedStore, record: str) -> list[bytes]:
    """Every id, hash and sealed piece that a record has on disk."""
    found: list[bytes] = [record.encode()]
    with store.engine.reading() as rows:
        for row in [rows.find(RECORDS, record), *(row for table in OWN for row in rows.all_of(table, record))]:
            found += [row.row_id.encode(), row.sealed[:40], row.sealed[-40:], row.sealed[200:240]]
    return [each for each in found if each]


def left(folder: Path, wanted: list[bytes]) -> list[bytes]:
    everything = b"".join(each.read_bytes() for each in folder.iterdir() if each.is_file())
    return [each for each in wanted if each in everything]


def test_what_was_erased_is_in_no_file_any_more(store: SealedStore, tmp_path: Path) -> None:
    record, other = full_record(store), full_record(store)
    mine, theirs = traces(store, record), traces(store, other)
    assert len(mine) > 15
    assert left(tmp_path, mine) == mine

    store.erase(record)

    assert left(tmp_path, mine) == []
    assert left(tmp_path, theirs) == theirs


def test_the_twin_that_only_forgets_the_record_leaves_traces(store: SealedStore, tmp_path: Path) -> None:
    """The check itself: a delete that is skipped, or that leaves the journal alone, is seen."""
    record = full_record(store)
    mine = traces(store, record)
    assert left(tmp_path, mine) == mine
    with store._writing() as rows:
        rows.erase(record)

    assert left(tmp_path, mine), "the journal still holds it"


def test_what_has_expired_is_in_no_file_any_more(store: SealedStore, tmp_path: Path, days: list[date]) -> None:
    wanted = [trace for record in [full_record(store) for _ in range(3)] for trace in traces(store, record)]
    days[0] = LATER

    assert store.purge(sure=True)["records"] == 3

    assert left(tmp_path, wanted) == []


def test_no_byte_of_a_removed_picture_is_left_in_the_file(tmp_path: Path, store: SealedStore, record: str) -> None:
    photo = store.keep_photo(record, submit_key="k", picture=PICTURE)
    store.close()
    sealed = _sealed(store, photo)
    assert any(sealed[:64] in path.read_bytes() for path in tmp_path.glob(f"{DATABASE}*"))

    store.delete_photo(record, photo)
    store.close()

    parts = [sealed[at : at + 32] for at in range(0, len(sealed) - 32, 512)]
    left = b"".join(path.read_bytes() for path in tmp_path.glob(f"{DATABASE}*"))
    assert [part for part in parts if part in left] == []


def test_a_picture_is_sealed(tmp_path: Path, store: SealedStore, record: str) -> None:
    store.keep_photo(record, submit_key="k", picture=PICTURE)
    store.close()
    assert PICTURE[:24] not in (tmp_path / DATABASE).read_bytes()


def test_a_database_from_before_there_were_pictures_gets_a_place_for_them(tmp_path: Path) -> None:
    store = open_store(tmp_path, tmp_path)
    record = store.create_record(content_hash="c", data={"kept": "yes"}).record_id
    store.close()
    db = connect(tmp_path / DATABASE)
    db.execute("DROP TABLE photos")
    db.execute("DELETE FROM _sqlite_migrations WHERE name = 'photos'")
    db.close()

    store = open_store(tmp_path, tmp_path)

    assert store.get_draft(record).data == {"kept": "yes"}
    photo = store.keep_photo(record, submit_key="k", picture=PICTURE)
    assert store.get_photo(record, photo) == PICTURE
    store.close()


def _sealed(store: SealedStore, photo: str) -> bytes:
    with store.engine.reading() as rows:
        return rows.find(PHOTOS, photo).sealed


def test_neither_secret_nor_a_hash_that_can_be_tried_stands_in_the_file(
    store: SealedStore, record: str, tmp_path: Path
) -> None:
    link_and_code = store.make_link_and_code(record)
    store.close()
    files = b"".join(each.read_bytes() for each in tmp_path.iterdir() if each.name.startswith(DATABASE))

    for secret in (link_and_code.link, link_and_code.code, grouped(link_and_code.code)):
        assert secret.encode() not in files
    assert hashlib.sha256(link_and_code.code.encode()).hexdigest().encode() not in files
    assert hashlib.sha256(link_and_code.link.encode()).hexdigest().encode() in files


def test_a_guesser_never_holds_the_only_write_lock(store: SealedStore, tmp_path: Path) -> None:
    outside = connect(tmp_path / DATABASE)
    outside.execute("BEGIN IMMEDIATE")
    with pytest.raises(RecordNotFound):
        store.open_by_code(NONE_OF_OURS)
    with pytest.raises(RecordNotFound):
        store.open_by_link("A" * 43)
    outside.execute("ROLLBACK")
    outside.close()


def test_no_name_link_or_code_of_a_share_lies_open(store: SealedStore, record: str, tmp_path: Path) -> None:
    made = store.make_share(record, submit_key="k", name="Anastasia", right="tick", days=30)
    store.close()
    written = b"".join(path.read_bytes() for path in tmp_path.glob("firm-footing.db*"))
    assert made.share_id.encode() in written
    for secret in ("Anastasia", made.link, made.code):
        assert secret.encode() not in written
