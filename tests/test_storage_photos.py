"""Pictures of hazards in the store: sealed like answers, kept once, only their own record's, and gone when removed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import RecordNotFound, SealBroken
from storage.sqlite.connecting import connect
from storage.sqlite.engine import open_store
from storage.sqlite.opening import DATABASE
from storage.store.store import SealedStore

PICTURE = b"\xff\xd8 not really a picture, but bytes all the same \xff\xd9" * 400


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SealedStore]:
    opened = open_store(tmp_path, tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def record(store: SealedStore) -> str:
    return store.create_record(content_hash="c", data={}).record_id


def test_a_picture_comes_back_as_it_was(store: SealedStore, record: str) -> None:
    photo = store.keep_photo(record, submit_key="k", picture=PICTURE)

    assert store.get_photo(record, photo) == PICTURE


def test_a_picture_that_is_sent_twice_is_kept_once(store: SealedStore, record: str) -> None:
    first = store.keep_photo(record, submit_key="k", picture=PICTURE)

    assert store.keep_photo(record, submit_key="k", picture=b"another") == first
    assert store.get_photo(record, first) == PICTURE
    assert store.keep_photo(record, submit_key="other", picture=PICTURE) != first


def test_a_picture_is_not_reached_through_another_record(store: SealedStore, record: str) -> None:
    other = store.create_record(content_hash="c", data={}).record_id
    photo = store.keep_photo(record, submit_key="k", picture=PICTURE)

    with pytest.raises(RecordNotFound):
        store.get_photo(other, photo)
    store.delete_photo(other, photo)
    assert store.get_photo(record, photo) == PICTURE
    assert store.keep_photo(other, submit_key="k", picture=b"theirs") != photo


@pytest.mark.parametrize("unknown", ["", "0" * 32, "\ud800", "x" * 4000])
def test_an_unknown_picture_is_simply_not_found(store: SealedStore, record: str, unknown: str) -> None:
    with pytest.raises(RecordNotFound):
        store.get_photo(record, unknown)
    store.delete_photo(record, unknown)
    with pytest.raises(RecordNotFound):
        store.keep_photo(unknown, submit_key="k", picture=PICTURE)


def test_no_byte_of_a_removed_picture_is_left_in_the_file(tmp_path: Path, store: SealedStore, record: str) -> None:
    photo = store.keep_photo(record, submit_key="k", picture=PICTURE)
    store.close()
    sealed = _sealed(tmp_path, photo)
    assert any(sealed[:64] in path.read_bytes() for path in tmp_path.glob(f"{DATABASE}*"))

    store.delete_photo(record, photo)
    store.close()

    parts = [sealed[at : at + 32] for at in range(0, len(sealed) - 32, 512)]
    left = b"".join(path.read_bytes() for path in tmp_path.glob(f"{DATABASE}*"))
    assert [part for part in parts if part in left] == []


def test_a_picture_is_sealed_and_a_flipped_bit_is_noticed(tmp_path: Path, store: SealedStore, record: str) -> None:
    photo = store.keep_photo(record, submit_key="k", picture=PICTURE)
    store.close()
    assert PICTURE[:24] not in (tmp_path / DATABASE).read_bytes()
    sealed = bytearray(_sealed(tmp_path, photo))
    sealed[len(sealed) // 2] ^= 1
    db = connect(tmp_path / DATABASE)
    db.execute("UPDATE photos SET sealed = ? WHERE photo_id = ?", (bytes(sealed), photo))
    db.close()

    with pytest.raises(SealBroken):
        store.get_photo(record, photo)
    store.delete_photo(record, photo)
    with pytest.raises(RecordNotFound):
        store.get_photo(record, photo)


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


def _sealed(folder: Path, photo: str) -> bytes:
    db = connect(folder / DATABASE)
    (found,) = db.execute("SELECT sealed FROM photos WHERE photo_id = ?", (photo,)).fetchone()
    db.close()
    return bytes(found)
