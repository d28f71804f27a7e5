"""Photos as phones send them, and everything else that somebody may send instead."""

import io
import os
import signal
import struct
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from types import SimpleNamespace

import pytest
from PIL import Image

from reports.printing import photos as pictures
from reports.printing.child_process import Child
from reports.printing.photos import (
    LARGEST_BYTES,
    LONGEST_SIDE,
    MOST_SCANS,
    TOO_LARGE,
    UNREADABLE,
    NotAPicture,
    PictureWaits,
    cleaned,
    unpacked,
)
from reports.printing.turns import Asker

SOMEBODY = Asker("127.0.0.1")


def picture(kind: str = "JPEG", size: tuple[int, int] = (640, 480), mode: str = "RGB", **options) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "#884422" if mode == "RGB" else 0).save(out, kind, **options)
    return out.getvalue()


def png(size: tuple[int, int], pixels: bytes, *more: tuple[bytes, bytes]) -> bytes:
    """A PNG chunk by chunk."""
    header = struct.pack(">IIBBBBB", *size, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), *more, (b"IDAT", pixels), (b"IEND", b""))
    packed = (
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def scans(count: int, size: tuple[int, int] = (48, 32), before: bytes = b"") -> bytes:
    """A progressive JPEG whose last scan comes so many times more."""
    sent = picture("JPEG", size, "L", progressive=True)
    last = sent.rindex(b"\xff\xda")
    return sent[:last] + before + sent[last:-2] * count + sent[-2:]


def as_image(sent: bytes) -> Image.Image:
    return Image.open(io.BytesIO(unpacked(sent)))


KINDS = [*(("PNG", mode) for mode in ("RGB", "L", "RGBA", "P", "1", "LA")), ("JPEG", "RGB"), ("JPEG", "L")]


@pytest.mark.parametrize(("kind", "mode"), KINDS)
def test_a_photo_or_drawing_of_any_kind_becomes_a_small_jpeg(kind: str, mode: str) -> None:
    found = as_image(picture(kind, (3000, 2000), mode))

    assert found.format == "JPEG"
    assert found.mode == "RGB"
    assert max(found.size) == LONGEST_SIDE


def test_a_small_picture_is_not_blown_up() -> None:
    assert as_image(picture(size=(100, 60))).size == (100, 60)


def test_place_time_and_camera_are_gone_and_the_picture_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "A camera"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (52.0, 30.0, 0.0)
    sent = picture(size=(400, 200), exif=exif)
    assert b"A camera" in sent

    clean = unpacked(sent)

    assert b"A camera" not in clean
    assert b"Exif" not in clean
    assert dict(Image.open(io.BytesIO(clean)).getexif()) == {}
    assert as_image(sent).size == (200, 400)


def test_a_hidden_end_and_a_comment_are_gone() -> None:
    sent = picture(comment=b"secret words") + b"<script>alert(1)</script>"

    assert b"secret" not in unpacked(sent)
    assert b"script" not in unpacked(sent)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
OTHERS = {
    "nothing": b"",
    "words": b"not a picture",
    "a page": b"<!DOCTYPE html><title>x</title>",
    "a drawing with a script": SVG,
    "a GIF": picture("GIF"),
    "a BMP": picture("BMP"),
    "a TIFF": picture("TIFF"),
    "a WebP": picture("WEBP"),
    "a PDF": picture("PDF"),
    "an EPS": picture("EPS"),
    "half a photo": picture()[:200],
    "a photo's head and then noise": picture()[:30] + bytes(range(256)) * 20,
    "zeros": b"\0" * 5000,
}


@pytest.mark.parametrize("sent", OTHERS.values(), ids=OTHERS)
def test_what_is_no_photo_is_refused_with_a_sentence(sent: bytes) -> None:
    with pytest.raises(NotAPicture) as caught:
        unpacked(sent)
    assert str(caught.value) == UNREADABLE


def test_too_many_bytes_are_refused_before_they_are_read() -> None:
    with pytest.raises(NotAPicture, match="too large"):
        cleaned(b"\xff\xd8" + b"\0" * LARGEST_BYTES, SOMEBODY)


@pytest.mark.parametrize("size", [(30_000, 30_000), (100_000, 400), (65_000, 65_000)])
def test_a_pixel_bomb_is_refused_without_being_unpacked(size: tuple[int, int]) -> None:
    """A PNG of a few bytes that says it is enormous."""
    bomb = png(size, zlib.compress(b"\0" * 100))

    with pytest.raises(NotAPicture) as caught:
        unpacked(bomb)
    assert str(caught.value) == TOO_LARGE


def test_whatever_is_bent_in_a_picture_it_is_shown_or_refused_and_never_a_fault() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "A camera"
    exif.get_ifd(0x8825)[2] = (52.0, 30.0, 0.0)
    originals = [picture("JPEG", (48, 32), exif=exif), picture("PNG", (48, 32), exif=exif)]
    random = Random(20261124)
    for _ in range(3000):
        bent = bytearray(random.choice(originals))
        for _ in range(random.randint(1, 6)):
            bent[random.randrange(len(bent))] = random.randrange(256)
        try:
            assert as_image(bytes(bent)).format == "JPEG"
        except NotAPicture as error:
            assert str(error) in (UNREADABLE, TOO_LARGE)


def test_a_picture_of_more_points_than_a_screen_has_is_too_large_before_it_is_unpacked() -> None:
    for size in ((4000, 2001), (1, 10_001), (10_001, 1)):
        with pytest.raises(NotAPicture, match=TOO_LARGE):
            unpacked(picture("PNG", size, "L"))


def test_a_photo_of_two_pictures_is_its_first() -> None:
    two = picture("MPO", (400, 300), save_all=True, append_images=[Image.new("RGB", (40, 30))])

    assert Image.open(io.BytesIO(two)).format == "MPO"
    assert as_image(two).size == (400, 300)


@pytest.mark.parametrize(
    "before", [b"", b"\xff\x01\xff\xff\xff", b"\xff" * 9], ids=["plain", "a marker without a length", "fill"]
)
def test_a_jpeg_of_many_scans_is_refused_before_it_is_unpacked(before: bytes) -> None:
    with pytest.raises(NotAPicture, match=TOO_LARGE):
        unpacked(scans(MOST_SCANS + 1, before=before))


def test_a_png_of_many_packed_texts_is_refused_before_they_are_unpacked() -> None:
    """Each is unpacked, and only the last is kept: a bomb that no limit of Pillow's knows."""
    profile = (b"iCCP", b"k\0\0" + zlib.compress(bytes(1_000_000)))
    pixels = zlib.compress(bytes(31 * 10))
    assert as_image(png((10, 10), pixels, profile)).size == (10, 10)
    with pytest.raises(NotAPicture, match=TOO_LARGE):
        unpacked(png((10, 10), pixels, *[profile] * 2000))


def test_scans_of_a_camera_are_taken_and_what_only_looks_like_some_is_not_counted() -> None:
    hidden = b"\xff\xda" * 100
    for sent in (scans(20), picture(comment=hidden), picture() + hidden):
        assert as_image(sent).format == "JPEG"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch):
    """A child that may take a fifth of a second."""
    child = Child("reports.printing.photos", 0.2)
    for lane in (pictures._ONE_SCAN, pictures._OTHERS):
        monkeypatch.setattr(lane, "child", child)
    yield child
    child.end()


def test_a_picture_that_runs_away_is_ended_and_the_next_is_taken(quick: Child) -> None:
    """Every limit is kept, and yet it would take a second or more."""
    sent = scans(MOST_SCANS - 10, (4800, 4800))
    quick.start()
    folders = {Path(quick._folder.name)}
    began = time.process_time()

    with pytest.raises(NotAPicture, match=TOO_LARGE):
        cleaned(sent, SOMEBODY)

    assert time.process_time() - began < 0.2, "none of it here"
    assert cleaned(picture(size=(10, 10)), SOMEBODY)
    folders.add(Path(quick._folder.name))
    quick.end()
    assert len(folders) == 2
    assert not any(each.exists() for each in folders)


def test_a_photo_of_a_camera_stands_behind_no_picture_that_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    for name, lane in (("one scan", pictures._ONE_SCAN), ("others", pictures._OTHERS)):
        monkeypatch.setattr(lane, "child", SimpleNamespace(ask=lambda _sent, _kind, name=name: asked.append(name)))
    tricked = picture(comment=b"\xff\xda" * 100)

    with pictures._OTHERS.turns.turn(SOMEBODY):
        for sent in (picture(), tricked, picture() + b"\xff\xda" * 100):
            cleaned(sent, SOMEBODY)
    for sent in (scans(2), scans(MOST_SCANS), png((10, 10), zlib.compress(bytes(31 * 10))), b"", _EMPTY_JPEG):
        cleaned(sent, SOMEBODY)

    assert asked == ["one scan"] * 3 + ["others"] * 5


_EMPTY_JPEG = b"\xff\xd8"


def test_a_picture_whose_child_is_ended_from_outside_is_sent_again(
    quick: Child, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quick, "_clock_seconds", 0.3)
    process = quick.start()
    os.kill(process.pid, signal.SIGSTOP)
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(cleaned, picture(size=(10, 10)), SOMEBODY)
        with pytest.raises(PictureWaits):
            answer.result()
    assert process.poll() is not None
