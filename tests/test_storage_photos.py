"""Pictures of hazards in the store: sealed like answers, kept once, only their own record's, and gone when removed."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from storage import RecordNotFound, SealBroken, StoreFull
from storage.rows.tables import PHOTOS
from storage.store.store import SealedStore

PICTURE = b"\xff\xd8 not really a picture, but bytes all the same \xff\xd9" * 400


@pytest.fixture
def store(engine: Callable[..., SealedStore], tmp_path: Path) -> Iterator[SealedStore]:
    opened = engine(tmp_path, tmp_path)
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


def test_on_a_full_disk_a_picture_that_is_kept_already_is_kept_and_no_other(
    store: SealedStore, record: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A phone sends until it is told that the picture is kept."""
    first = store.keep_photo(record, submit_key="k", picture=PICTURE)
    monkeypatch.setattr(type(store.engine), "is_short_of_room", lambda _: True)

    assert store.keep_photo(record, submit_key="k", picture=PICTURE) == first
    with pytest.raises(StoreFull):
        store.keep_photo(record, submit_key="other", picture=PICTURE)


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


def test_a_flipped_bit_of_a_picture_is_noticed_and_it_can_be_removed(store: SealedStore, record: str) -> None:
    photo = store.keep_photo(record, submit_key="k", picture=PICTURE)
    with store.engine.writing() as outside:
        (stored,) = outside.all_of(PHOTOS, record)
        sealed = bytearray(stored.sealed)
        sealed[len(sealed) // 2] ^= 1
        outside.put(PHOTOS, replace(stored, sealed=bytes(sealed)))

    with pytest.raises(SealBroken):
        store.get_photo(record, photo)
    store.delete_photo(record, photo)
    with pytest.raises(RecordNotFound):
        store.get_photo(record, photo)
