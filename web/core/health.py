"""Two addresses for whatever watches a server: whether it answers, and whether it can also reach what is kept.

They stand before everything else: no host, session, page or form counts there, and they say nothing but yes or no.
"""

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask

from storage import StorageError
from web.core.settings import SettingError
from web.core.stores import store

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger("firm_footing")
RETRY_AFTER_SECONDS = 5


class Health:
    """`/healthz` is yes as long as this process answers, `/readyz` as long as the store does too."""

    def __init__(self, app: "WSGIApplication") -> None:
        self.app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path, is_asked = environ.get("PATH_INFO"), environ.get("REQUEST_METHOD") in ("GET", "HEAD")
        if path not in ("/healthz", "/readyz") or not is_asked:
            return self.app(environ, start_response)
        is_well = path == "/healthz" or is_ready()
        body = b"yes\n" if is_well else b"no\n"
        headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(body))), ("Cache-Control", "no-store")]
        if not is_well:
            headers.append(("Retry-After", str(RETRY_AFTER_SECONDS)))
        start_response("200 OK" if is_well else "503 Service Unavailable", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def is_ready() -> bool:
    """Whether something can be looked up now."""
    try:
        store().find_session("nobody's")
    except (StorageError, SettingError) as error:
        log.warning("not ready: %s", type(error).__name__)
        return False
    return True


def init_app(app: Flask) -> None:
    app.wsgi_app = Health(app.wsgi_app)  # type: ignore[method-assign]
