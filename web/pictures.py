"""A picture as it was sent → a small JPEG with nothing else in it, or a sentence on what to do. Knows Pillow alone."""

import io
import threading
import warnings

from PIL import Image, ImageOps

from reports.speech import N_

LARGEST_BYTES = 3 * 1024 * 1024  # our own page sends a tenth of it
LARGEST_PIXELS = {"JPEG": 24_000_000, "PNG": 8_000_000}  # told before anything is unpacked; a PNG is unpacked whole
LONGEST_LINE = 10_000
LONGEST_SIDE = 1280
PAPER_SIDE = 640
QUALITY = 78
UNREADABLE = N_("That file is not a photo that we can read. Take the photo again, or go on without it.")
TOO_LARGE = N_("That photo is too large. Take a smaller one, or go on without it.")


_ONE_AT_A_TIME = threading.Lock()  # so that many pictures at once need the memory of one


class NotAPicture(ValueError):
    """What was sent cannot be shown; the message says what to do."""


def cleaned(sent: bytes) -> bytes:
    """The picture upright, at most 1,280 pixels a side, as a JPEG without place, time or camera.

    Only PNG and JPEG are read, judged by what the bytes are and never by a name.

    :raises NotAPicture: with a sentence for the person
    """
    if len(sent) > LARGEST_BYTES:
        raise NotAPicture(TOO_LARGE)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with _ONE_AT_A_TIME, Image.open(io.BytesIO(sent), formats=("JPEG", "PNG")) as opened:
                return _encoded(opened)
    except NotAPicture:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise NotAPicture(TOO_LARGE) from None
    except Exception:  # a decoder fails in more ways than it tells, and each of them means the same
        raise NotAPicture(UNREADABLE) from None


def size_of(jpeg: bytes) -> tuple[int, int]:
    """Width and height in pixels of a photo that is kept, read from its head alone."""
    with Image.open(io.BytesIO(jpeg)) as opened:
        return opened.size


def for_paper(jpeg: bytes) -> bytes:
    """The same picture for print: at most 640 pixels a side, which is 200 an inch where it stands."""
    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as opened:
        opened.draft("RGB", (PAPER_SIDE, PAPER_SIDE))
        small = opened.convert("RGB")
    small.thumbnail((PAPER_SIDE, PAPER_SIDE))
    out = io.BytesIO()
    small.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def _encoded(opened: Image.Image) -> bytes:
    width, height = opened.size
    if width * height > LARGEST_PIXELS[str(opened.format)] or max(width, height) > LONGEST_LINE:
        raise NotAPicture(TOO_LARGE)
    opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is unpacked no larger than it is needed
    opened.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(opened)
    flat = Image.new("RGB", upright.size, "#fff")
    flat.paste(upright, mask=upright.convert("RGBA").getchannel("A") if _is_see_through(upright) else None)
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def _is_see_through(picture: Image.Image) -> bool:
    return picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
