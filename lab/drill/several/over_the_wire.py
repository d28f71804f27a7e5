"""A visitor of the tests whose pages come over https from the web server in front, not from an app in this process."""

import http.client
from collections.abc import Iterable, Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from werkzeug.datastructures import EnvironHeaders
from werkzeug.test import Client

from tests.visitor import Page, Visitor
from tests.web_server import NAME, Front

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class OverTheWire:
    """What stands where tests have an app. Each request has a connection of its own, from `source`."""

    def __init__(self, front: Front, source: str = "127.0.0.1") -> None:
        self.base_url = f"https://{NAME}:{front.port}"
        self._front = front
        self._source = source

    def test_client(self) -> Client:
        """A browser with one cookie jar."""
        return Client(self._ask)

    def _ask(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        headers = dict(EnvironHeaders(environ).items())
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        method = environ["REQUEST_METHOD"]
        if method == "POST":
            headers.setdefault("Origin", self.base_url)
        with closing(http.client.HTTPConnection(NAME, self._front.port)) as connection:
            connection.sock = self._front.connect(self._source)
            connection.request(method, environ["REQUEST_URI"], body, headers)
            answer = connection.getresponse()
            content = answer.read()
        start_response(f"{answer.status} {answer.reason}", _end_to_end(answer.getheaders()))
        return [content]


def _end_to_end(headers: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [each for each in headers if each[0].lower() not in ("connection", "transfer-encoding")]


class PassingBy(Visitor):
    """Somebody who opens no link to look whether it leads anywhere, as the tests do."""

    def _check_links(self, page: Page) -> None:
        pass


def visitor_of(front: Front, source: str = "127.0.0.1") -> Visitor:
    """Somebody with a browser of their own."""
    app = OverTheWire(front, source)
    return PassingBy(app, app.base_url)  # type: ignore[arg-type]
