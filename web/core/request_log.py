"""Each request has an id, which its answer, its error page and every line of the log about it name; and a line."""

import logging
import re
import secrets
import time
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from flask import Flask, request

from web.core.logs import Asked, current
from web.core.metrics import count_request
from web.core.settings import trusted_proxies

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger("firm_footing")
HEADER = "X-Request-ID"
METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH")
_OF_A_WEB_SERVER = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""As nginx and Caddy make them. Anything else a stranger may have written, and it would stand in the log."""
_READ_OUT = 8


class RequestLog:
    """The outermost of all: what goes wrong anywhere below it belongs to a request."""

    def __init__(self, app: "WSGIApplication") -> None:
        self.app = app

    @cached_property
    def trusted(self) -> frozenset[str]:
        """Read with the first request, as in proxies.py."""
        return frozenset(map(str, trusted_proxies()))

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        method = environ.get("REQUEST_METHOD", "")
        asked = Asked(self._id(environ), method if method in METHODS else "other")
        before, began, status = current.set(asked), time.perf_counter(), 500

        def start(status_line: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            nonlocal status
            status = int(status_line[:3])
            return start_response(status_line, [*headers, (HEADER, asked.request_id)], *more)

        try:
            return self.app(environ, start)
        finally:
            seconds = time.perf_counter() - began
            count_request(status, seconds)
            log.info("request", extra={"figures": {"status": status, "ms": round(seconds * 1000, 1)}})
            current.reset(before)

    def _id(self, environ: "WSGIEnvironment") -> str:
        sent = environ.get("HTTP_X_REQUEST_ID", "")
        if environ.get("REMOTE_ADDR") in self.trusted and _OF_A_WEB_SERVER.fullmatch(sent):
            return str(sent)
        return new_id()


def new_id() -> str:
    """Twelve digits in groups, as somebody may have to read them out on a phone, in any language."""
    digits = f"{secrets.randbelow(10**12):012}"
    return f"{digits[:4]}-{digits[4:8]}-{digits[8:]}"


def number_to_read_out() -> str:
    """What an error page names: our own id, or as much of a web server's as finds it in the log."""
    asked = current.get()
    if asked is None:
        return ""
    return asked.request_id[:_READ_OUT] if _OF_A_WEB_SERVER.fullmatch(asked.request_id) else asked.request_id


def init_app(app: Flask) -> None:
    """After every other part that stands before the app."""
    app.wsgi_app = RequestLog(app.wsgi_app)  # type: ignore[method-assign]
    app.jinja_env.globals.update(number_to_read_out=number_to_read_out)

    def note_route() -> None:
        if asked := current.get():
            asked.route = request.url_rule.rule if request.url_rule else ""

    app.before_request_funcs.setdefault(None, []).insert(0, note_route)  # before whatever refuses a request
