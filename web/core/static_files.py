"""Our own files: compressed once, kept by the browser until their content changes."""

import gzip
import hashlib
import re
from functools import cache

from flask import Flask, Response, abort, request
from werkzeug.security import safe_join

from web.core.settings import ROOT

FOLDER = ROOT / "static"
TYPES = {
    "css": "text/css; charset=utf-8",
    "svg": "image/svg+xml",
    "js": "text/javascript; charset=utf-8",
    "woff2": "font/woff2",
    "txt": "text/plain; charset=utf-8",
}
_COMMENTS = re.compile(rb"(?m)^ *//.*\n")
"""Lines of a script that only whoever works on it reads."""
YEAR = "public, max-age=31536000, immutable"


def init_app(app: Flask) -> None:
    app.add_url_rule("/static/<path:filename>", "static", serve)


def serve(filename: str) -> Response:
    """One file with its type; a stylesheet or picture compressed where the browser can read that."""
    plain, packed, tag = _read(filename)
    compress = packed is not None and "gzip" in request.headers.get("Accept-Encoding", "")
    response = Response(packed if compress else plain, content_type=TYPES[filename.rpartition(".")[2]])
    if packed is not None:
        response.headers["Vary"] = "Accept-Encoding"
    if compress:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = YEAR
    response.set_etag(tag + ("-gz" if compress else ""))
    response.make_conditional(request)
    return response


def versioned(filename: str) -> str:
    """The address of a file, which changes with its content."""
    return f"{static_file(filename)}?v={_version(filename)}"


def static_file(filename: str) -> str:
    """The address of a file. Each page names ten, so no router is asked for it."""
    return f"{request.script_root}/static/{filename}"


def read_static(filename: str) -> bytes:
    """The bytes of a file that is served under another address too."""
    return _read(filename)[0]


@cache
def _version(filename: str) -> str:
    return _read(filename)[2][:10]


@cache
def _read(filename: str) -> tuple[bytes, bytes | None, str]:
    path = safe_join(str(FOLDER), filename)
    kind = filename.rpartition(".")[2]
    if path is None or path != f"{FOLDER}/{filename}" or kind not in TYPES:  # one name a file, or the cache fills
        abort(404)
    try:
        with open(path, "rb") as file:
            plain = file.read()
    except (OSError, ValueError):  # a NUL in a name is a ValueError
        abort(404)
    if kind == "js":
        plain = _COMMENTS.sub(b"", plain)
    packed = None if kind == "woff2" else gzip.compress(plain, 9, mtime=0)
    return plain, packed, hashlib.sha256(plain).hexdigest()[:20]
