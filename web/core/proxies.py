"""The web server in front: whom its headers say it speaks for, believed only from addresses that are trusted."""

import logging
from collections.abc import Iterable
from functools import cache, cached_property
from ipaddress import ip_address
from typing import TYPE_CHECKING

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

from web.core.settings import trusted_proxies

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger("firm_footing")
_FAULT = "firm_footing.malformed"


class MalformedHeader(Exception):
    """The web server in front sent a header, the one that is named, that cannot be followed."""


class TrustedProxies:
    """Client address, scheme and host as a trusted web server tells them; from all others its headers change nothing.

    ProxyFix alone believes everybody who reaches the app, and takes any words for an address.
    """

    def __init__(self, app: "WSGIApplication") -> None:
        self.app = app
        self.behind_proxy = ProxyFix(app, x_for=1, x_proto=1, x_host=1)

    @cached_property
    def trusted(self) -> frozenset[str]:
        """Read with the first request: every command makes an app, and only a server needs the setting."""
        return frozenset(map(str, trusted_proxies()))

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ.get("REMOTE_ADDR") not in self.trusted:
            return self.app(environ, start_response)
        for header in ("X-Forwarded-For", "X-Forwarded-Proto"):
            if f"HTTP_{header.upper().replace('-', '_')}" not in environ:
                note_missing(header)
        if malformed := _malformed(environ):
            environ[_FAULT] = malformed
            return self.app(environ, start_response)
        return self.behind_proxy(environ, start_response)


def init_app(app: Flask) -> None:
    app.wsgi_app = TrustedProxies(app.wsgi_app)  # type: ignore[method-assign]

    @app.before_request
    def refuse_malformed() -> None:
        if _FAULT in request.environ:
            raise MalformedHeader(request.environ[_FAULT])


@cache
def note_missing(header: str) -> None:
    """Once: without it all who come through the web server are one, or their cookies not secure, and no page fails."""
    log.warning("the web server in front sends no %s (docs/web-server.md)", header)


def _malformed(environ: "WSGIEnvironment") -> str:
    """The header whose last value, which the trusted web server wrote, cannot be followed."""
    address, scheme = (
        environ.get(f"HTTP_X_FORWARDED_{name}", usual).rpartition(",")[2].strip()
        for name, usual in (("FOR", "127.0.0.1"), ("PROTO", "http"))
    )
    if not _is_address(address):
        return "X-Forwarded-For"
    return "" if scheme in ("http", "https") else "X-Forwarded-Proto"


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
