"""A picture as it was sent → a small JPEG with nothing else in it, or a sentence on what to do.

Whatever a stranger sends is unpacked in a child process (`python -m reports.printing.photos`), which can be ended: a
small file can make a decoder work for hours, and each kind of picture has its own ways.
"""

import atexit
import io
import re
import warnings

from PIL import Image, ImageOps

from reports.printing.child_process import Child, ChildEnded, ChildFailed, ChildRefused, ChildSpent
from reports.printing.pipe_protocol import ASK, DONE, FAILED, Answer, answer_frames, begin_child
from reports.printing.turns import Asker, TurnRefused, Turns
from reports.words.speech import N_

LARGEST_BYTES = 3 * 1024 * 1024  # our own page sends a tenth of it
LARGEST_PIXELS = {"JPEG": 24_000_000, "MPO": 24_000_000, "PNG": 8_000_000}
"""Told before anything is unpacked. An MPO is a JPEG with another behind it; a PNG is unpacked whole."""
MOST_SCANS = 50  # of a JPEG; cameras and phones make one, pages of the web some ten
MOST_TEXTS = 50  # packed ones of a PNG
LONGEST_LINE = 10_000
LONGEST_SIDE = 1280
PAPER_SIDE = 640
LOGO_SIDE = 600
QUALITY = 78
LONGEST_SECONDS = 4.0  # of processor time; what is let through takes one or two
MEMORY_BYTES = 512 * 1024 * 1024
UNREADABLE = N_("That file is not a photo that we can read. Take the photo again, or go on without it.")
TOO_LARGE = N_("That photo is too large. Take a smaller one, or go on without it.")

_MARKER = re.compile(rb"\xff([\x02-\xcf\xd9-\xfe])")  # those with a length, and the end; packed pixels hold none
_SCAN, _END = b"\xda", b"\xd9"
_JPEG = b"\xff\xd8"
_LOGO = b"g"
"""What a child is asked for a logo."""
_PACKED = (b"iCCP", b"zTXt", b"iTXt")


class NotAPicture(ValueError):
    """What was sent cannot be shown; the message says what to do."""


class PictureWaits(Exception):
    """Nothing is known of the picture yet, as the machine is busy: it is worth sending again."""


class Lane:
    """A child of its own, with turns at it."""

    def __init__(self, most_waiting: int) -> None:
        self.turns = Turns(most_waiting)
        self.child = Child("reports.printing.photos", LONGEST_SECONDS)
        atexit.register(self.child.end)


_ONE_SCAN, _OTHERS = Lane(most_waiting=3), Lane(most_waiting=1)
"""A JPEG of one scan, as cameras and our own page make it, takes no longer than its pixels; it never stands behind
pictures that may be made to take long."""


def cleaned(sent: bytes, asker: Asker) -> bytes:
    """The picture upright, at most 1,280 pixels a side, as a JPEG without place, time or camera.

    Only PNG and JPEG are read, judged by what the bytes are and never by a name.

    :raises NotAPicture: with a sentence for the person
    :raises PictureWaits: it was not looked at
    """
    return _asked(sent, asker, ASK)


def logo_of(sent: bytes, asker: Asker) -> bytes:
    """The picture on white, at most 600 pixels a side and 256 colours, as a PNG. Raises what `cleaned` does."""
    return _asked(sent, asker, _LOGO)


def _asked(sent: bytes, asker: Asker, kind: bytes) -> bytes:
    if len(sent) > LARGEST_BYTES:
        raise NotAPicture(TOO_LARGE)
    lane = _ONE_SCAN if sent.startswith(_JPEG) and _scans_of(sent) == 1 else _OTHERS
    try:
        with lane.turns.turn(asker):
            return lane.child.ask(sent, kind)
    except (TurnRefused, ChildEnded):
        raise PictureWaits from None
    except ChildRefused as error:
        raise NotAPicture(str(error)) from None
    except ChildSpent:
        raise NotAPicture(TOO_LARGE) from None
    except ChildFailed:
        raise NotAPicture(UNREADABLE) from None


def size_of(jpeg: bytes) -> tuple[int, int]:
    """Width and height in pixels of a photo that is kept, read from its head alone."""
    with Image.open(io.BytesIO(jpeg)) as image:
        return image.size


def for_paper(jpeg: bytes) -> bytes:
    """The same picture for print: at most 640 pixels a side, which is 200 an inch where it stands."""
    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as image:
        image.draft("RGB", (PAPER_SIDE, PAPER_SIDE))
        small = image.convert("RGB")
    small.thumbnail((PAPER_SIDE, PAPER_SIDE))
    out = io.BytesIO()
    small.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def unpacked(sent: bytes, kind: bytes = ASK) -> bytes:
    """What `cleaned` or `logo_of` gives, made here. :raises NotAPicture: with a sentence for the person"""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            if _scans_of(sent) > MOST_SCANS if sent.startswith(_JPEG) else _has_too_many_texts(sent):
                raise NotAPicture(TOO_LARGE)
            with Image.open(io.BytesIO(sent), formats=("JPEG", "PNG")) as image:
                return _encoded(image, kind)
    except NotAPicture:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise NotAPicture(TOO_LARGE) from None
    except Exception:  # a decoder fails in more ways than it tells, and each of them means the same
        raise NotAPicture(UNREADABLE) from None


def _scans_of(jpeg: bytes) -> int:
    """How many, or one more than may be. Each goes over the whole picture again, however few bytes it has.

    What follows the picture is not read.
    """
    at, scans = 0, 0
    while found := _MARKER.search(jpeg, at):
        at = found.end()
        scans += found[1] == _SCAN
        if found[1] == _END or scans > MOST_SCANS:
            break
        at += int.from_bytes(jpeg[at : at + 2])
    return scans


def _has_too_many_texts(png: bytes) -> bool:
    """Each profile and packed text is unpacked, up to a megabyte, though only the last is kept."""
    return sum(map(png.count, _PACKED)) > MOST_TEXTS


def _encoded(image: Image.Image, kind: bytes) -> bytes:
    width, height = image.size
    if width * height > LARGEST_PIXELS[str(image.format)] or max(width, height) > LONGEST_LINE:
        raise NotAPicture(TOO_LARGE)
    side = LOGO_SIDE if kind == _LOGO else LONGEST_SIDE
    image.draft("RGB", (side, side))  # a JPEG is unpacked no larger than it is needed
    if kind == _LOGO and image.mode == "P":
        image = image.convert("RGBA")  # colours of a palette cannot be mixed
    image.thumbnail((side, side))
    upright = ImageOps.exif_transpose(image)
    flat = Image.new("RGB", upright.size, "#fff")
    flat.paste(upright, mask=upright.convert("RGBA").getchannel("A") if _is_see_through(upright) else None)
    out = io.BytesIO()
    if kind == _LOGO:
        flat.quantize(256).save(out, "PNG", optimize=True)
    else:
        flat.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def _is_see_through(picture: Image.Image) -> bool:
    return picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info


def _answer(kind: bytes, sent: bytes) -> Answer:
    try:
        return DONE, unpacked(sent, kind)
    except NotAPicture as error:
        return FAILED, str(error).encode()


if __name__ == "__main__":
    begin_child(MEMORY_BYTES)
    answer_frames(_answer)
