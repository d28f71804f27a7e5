"""A disk that is really full: people can still erase and answer, and nothing is lost."""

import os
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import RecordNotFound, StoreFull
from storage.sqlite import ballast
from storage.sqlite.engine import open_store
from storage.store.store import SealedStore

PHOTO_BYTES, PHOTOS = 60_000, 30


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)], check=False)
    if made.returncode:
        pytest.skip("only who may mount can have a small disk")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def store(disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SealedStore]:
    monkeypatch.setattr(ballast, "BYTES", 400_000)
    monkeypatch.setattr(ballast, "LOW_BYTES", 50_000)
    opened = open_store(disk, tmp_path / "keys")
    yield opened
    opened.close()


def person(store: SealedStore) -> str:
    record = store.create_record(content_hash="c", data={"text": "t" * 3000}).record_id
    for number in range(PHOTOS):
        store.keep_photo(record, submit_key=str(number), picture=random.Random(number).randbytes(PHOTO_BYTES))
    return record


def fill(store: SealedStore, disk: Path) -> Path:
    """Something else takes all the room that is left."""
    store.engine.leave_no_trace()
    rest = disk / "something else"
    with rest.open("wb", buffering=0) as file:
        for size in (4096, 1):
            try:
                while file.write(b"\xa5" * size):
                    pass
            except OSError:
                continue
    assert os.statvfs(disk).f_bavail == 0
    return rest


def test_on_a_full_disk_one_can_answer_and_erase_even_what_is_larger_than_the_room(
    store: SealedStore, disk: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store.reserve_room()
    assert (disk / ballast.NAME).stat().st_blocks * 512 >= ballast.BYTES
    record, other = person(store), store.create_record(content_hash="c", data={}).record_id
    rest = fill(store, disk)

    for number in range(20):
        store.change_draft(other, lambda _, number=number: {"number": number}, content_hash="c")
    assert "is full: make room" in caplog.text
    with pytest.raises(StoreFull):
        store.keep_photo(other, submit_key="p", picture=b"rug")
    assert store.erase(record)["photos"] == PHOTOS
    with pytest.raises(RecordNotFound):
        store.get_draft(record)
    assert store.get_draft(other).data == {"number": 19}

    rest.unlink()
    store.change_draft(other, lambda _: {"number": 20}, content_hash="c")
    assert (disk / ballast.NAME).exists(), "made again when there is room"
    assert store.keep_photo(other, submit_key="p", picture=b"rug")


def test_the_twin_that_keeps_no_room_can_do_neither(store: SealedStore, disk: Path) -> None:
    record = person(store)
    fill(store, disk)
    with pytest.raises(StoreFull):
        store.change_draft(record, lambda _: {"number": 1}, content_hash="c")
    with pytest.raises(StoreFull):
        store.erase(record)
