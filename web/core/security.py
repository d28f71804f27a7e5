"""What every response says, and what every request may bring."""

import logging
from functools import cache
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request

log = logging.getLogger("firm_footing")

CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'"
)
CSP_WITH_PHOTOS = CSP.replace("img-src 'self'", "img-src 'self' blob:")  # a photo just taken, before it is sent
QUERY_CHARACTERS = 2_000
PHOTO_BYTES = 4 * 1024 * 1024
"""What a form with a photo may weigh; every other form 64 KB."""
TABLE_BYTES = PHOTO_BYTES
"""What a clinic's table may weigh, as a file or as rows that are pasted."""
MENDED_BYTES = 2 * 1024 * 1024
"""What a page of cells may weigh that are mended: 30 rows, most of whose cells are long and not understood."""
LARGEST_BODY_BYTES = 24 * 1024 * 1024
"""What is received at all, so that a page says that it is too much; beyond that, the connection ends."""
PHOTO_FORM_MEMORY_BYTES = 512 * 1024
"""What of it may lie in memory at once. Werkzeug reads 64 KB at a time and keeps what it could not place yet:
a limit of 64 KB refuses a photo whenever a byte is left over."""

LARGE_FORMS = {
    "walk.send_photo": (PHOTO_BYTES, PHOTO_FORM_MEMORY_BYTES),
    "the_clinic.send_logo": (PHOTO_BYTES, PHOTO_FORM_MEMORY_BYTES),
    "tables.send": (TABLE_BYTES, TABLE_BYTES),
    "one_table.mend": (MENDED_BYTES, MENDED_BYTES),
}


class OtherHost(Exception):
    """A form of an address that is not the one it was sent to: of another site, or the web server changes Host."""


def init_app(app: Flask) -> None:
    app.before_request(let_large_forms_in)
    app.before_request(refuse_other_sites)
    app.before_request(refuse_oversized_queries)
    app.after_request(add_headers)
    app.jinja_env.autoescape = True


def let_large_forms_in() -> None:
    """Before anybody reads the form: only these addresses take so much, of which so much may be text."""
    if request.endpoint in LARGE_FORMS:
        request.max_content_length, request.max_form_memory_size = LARGE_FORMS[request.endpoint]


def refuse_other_sites() -> None:
    """A form of another site never reaches ours, token or not.

    What the browser itself says counts, and no page can forge it; browsers that say nothing, or are spoken to without
    https, name the page's own address, which must be the one that was reached.
    """
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    origin = request.headers.get("Origin")
    if origin is not None and origin.startswith("https:") and not request.is_secure:
        note_untold_https()
    site = request.headers.get("Sec-Fetch-Site", "none")
    if site == "same-origin":
        return
    if site != "none":
        abort(400)
    if origin is not None and _host(origin) != request.host:
        raise OtherHost


@cache
def note_untold_https() -> None:
    """Once: whoever sets up a web server sees it nowhere else."""
    log.warning(
        "a browser uses https and the app was not told: name the web server in front in FIRM_FOOTING_PROXIES, "
        "and let it send X-Forwarded-Proto (docs/web-server.md)"
    )


def _host(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:  # "http://[" is no address
        return ""


def refuse_oversized_queries() -> None:
    """No address of ours is that long. The field of a form says its own limit, with what was typed still there."""
    if any(len(value) > QUERY_CHARACTERS for _, value in request.args.items(multi=True)):
        abort(413)


def add_headers(response: Response) -> Response:
    """Strict, small and the same on every page; answers are never cached."""
    headers = response.headers
    headers["Content-Security-Policy"] = CSP_WITH_PHOTOS if request.endpoint == "walk.walk" else CSP
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "strict-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), interest-cohort=()"
    headers["X-Robots-Tag"] = "noindex"
    if request.is_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint != "static" or response.status_code >= 400:
        headers["Cache-Control"] = "no-store"
    return response
