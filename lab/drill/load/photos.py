"""Pictures made to run away, sent without end, beside people who open pages and send photos."""

import http.client
import io
import json
import secrets
import statistics
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from lab.drill.server import SERVE, Sender, people_at, serving
from reports.printing.photos import MOST_SCANS

LOOPS = 8
SHOWS = "floors-loose-rugs"
IN_THE_SERVER = f"""
import threading
import reports.printing.photos, web.asking.walk
lock = threading.Lock()
reports.printing.photos._scans_of = lambda jpeg: 1
def cleaned(sent, asker):
    with lock:
        return reports.printing.photos.unpacked(sent)
web.asking.walk.cleaned = cleaned
{SERVE}
"""
"""The twin, which unpacks whatever comes, by itself and for as long as it takes."""


@dataclass(frozen=True, kw_only=True)
class PhotosSent:
    """How many photos somebody sent and had kept, and how long that and a page took (medians, seconds)."""

    sent: int
    stored: int
    idle: float
    beside: float
    page_idle: float
    page_beside: float


def send_beside_loops(photos: int, program: str = SERVE, scans: int = 5000) -> PhotosSent:
    """Somebody opens pages and sends photos, idle, then while eight send pictures that are made to run away."""
    with TemporaryDirectory() as name:
        people, port = people_at(Path(name), LOOPS + 1)
        person, photo = people[-1], _photo(1280, 960)
        with serving(Path(name), port, program):
            _send(person, photo)
            idle, page_idle = [_timed(_send, person, photo) for _ in range(8)], _pages(person)
            with _loops(people[:LOOPS], [many_scans(scans), many_profiles(), many_scans(MOST_SCANS - 5)]):
                beside = [_timed(_send_as_a_phone, person, photo) for _ in range(photos)]
                page_beside = _pages(person) if all(status == 200 for status, _ in beside) else 0.0
    stored = [seconds for status, seconds in beside if status == 200]
    return PhotosSent(
        sent=photos,
        stored=len(stored),
        idle=statistics.median(seconds for _, seconds in idle),
        beside=statistics.median(stored) if stored else 0.0,
        page_idle=page_idle,
        page_beside=page_beside,
    )


def many_scans(count: int) -> bytes:
    """A JPEG whose last scan comes again and again, each of them over the whole picture."""
    sent = _photo(4000, 3000, progressive=True)
    last = sent.rindex(b"\xff\xda")
    head = sent[: sent.index(b"\xff\xda")]
    empty = _photo(4000, 3000, color=0, progressive=True)
    return head + sent[len(head) : last] + empty[empty.rindex(b"\xff\xda") : -2] * count + b"\xff\xd9"


def many_profiles() -> bytes:
    """A PNG of 2 MB with 2,000 color profiles of a megabyte each."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    profile = chunk(b"iCCP", b"k\0\0" + zlib.compress(bytes(1_000_000)))
    head = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 10, 10, 8, 2, 0, 0, 0))
    return head + profile * 2000 + chunk(b"IDAT", zlib.compress(bytes(310))) + chunk(b"IEND", b"")


def _photo(width: int, height: int, *, color: int = 120, **options: bool) -> bytes:
    out = io.BytesIO()
    Image.new("L", (width, height), color).save(out, "JPEG", **options)
    return out.getvalue()


def _pages(person: Sender) -> float:
    return statistics.median(_timed(person.look)[1] for _ in range(20))


def _timed(do: Callable[..., int], *what: object) -> tuple[int, float]:
    began = time.monotonic()
    return do(*what), time.monotonic() - began


def _send_as_a_phone(person: Sender, photo: bytes) -> int:
    """A photo that was not looked at is sent again after five seconds (static/outbox.js); here for a minute at most."""
    for _ in range(12):
        try:
            status = _send(person, photo)
        except TimeoutError:
            return 504
        if status != 503:
            break
        time.sleep(5)
    return status


def _send(person: Sender, photo: bytes) -> int:
    with closing(http.client.HTTPConnection("127.0.0.1", person.port, timeout=30)) as connection:
        connection.request("GET", "/walk/state", headers={"Cookie": person.cookie})
        state = json.loads(connection.getresponse().read())
        named = {"record": state["record"], "key": secrets.token_hex(16), "link_id": SHOWS, "ago": "0"}
        file = FileStorage(io.BytesIO(photo), "photo.jpg", content_type="image/jpeg")
        boundary, body = encode_multipart({**named, "photo": file})
        kind = f"multipart/form-data; boundary={boundary}"
        headers = {"Cookie": person.cookie, "X-CSRFToken": state["token"], "Content-Type": kind}
        connection.request("POST", "/walk/photos", body, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status


@contextmanager
def _loops(people: Sequence[Sender], pictures: Sequence[bytes]) -> Iterator[None]:
    stop = threading.Event()

    def loop(person: Sender, picture: bytes) -> None:
        while not stop.is_set():
            try:
                _send(person, picture)
            except (OSError, ValueError, http.client.HTTPException):
                time.sleep(0.1)

    threads = [
        threading.Thread(target=loop, args=(each, pictures[number % len(pictures)]), daemon=True)
        for number, each in enumerate(people)
    ]
    for each in threads:
        each.start()
    time.sleep(1)
    try:
        yield
    finally:
        stop.set()
