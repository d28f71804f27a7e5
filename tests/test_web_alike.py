"""A link or a code that opens nothing does not tell why: the words, the status and the headers are the same.

That the time is the same too is measured: `./run bench links-and-codes`.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from storage import LinkAndCode, RecordNotFound, SealBroken, Way
from storage.model import KEEP_DAYS
from storage.rows.codes import new_code
from storage.rows.links_and_codes import record_behind
from storage.rows.sealed_rows import Row, SealedRows
from storage.store.store import SealedStore
from tests.visitor import Visitor
from web.core.stores import store

NUMBER = "X-Request-ID"  # each request has its own, and error pages name it
KINDS = ("wrong", "taken back", "expired", "erased")
Answer = tuple[str, list[tuple[str, str]], str]
Asking = Callable[[Visitor, LinkAndCode], Answer]


@pytest.fixture
def closed(app: Flask) -> dict[str, LinkAndCode]:
    """A link and a code of each kind, of which none opens anything."""
    with app.app_context():
        link_and_code = {"wrong": LinkAndCode(link="A" * 43, code=new_code())}
        for kind in KINDS[1:]:
            if kind == "expired":
                store()._today = lambda: date.today() - timedelta(days=KEEP_DAYS + 1)
            record_id = store().create_record(content_hash="c", data={}).record_id
            link_and_code[kind] = store().make_link_and_code(record_id)
            store()._today = date.today
            if kind == "taken back":
                store().close_link_and_code(record_id)
            elif kind == "erased":
                store().erase(record_id)
    return link_and_code


def by_link(visitor: Visitor, link_and_code: LinkAndCode) -> Answer:
    return answer_to(visitor, f"/open/{link_and_code.link}", "/open", {"token": link_and_code.link})


def by_code(visitor: Visitor, link_and_code: LinkAndCode) -> Answer:
    return answer_to(visitor, "/code", "/code", {"code": link_and_code.code})


def answer_to(visitor: Visitor, page: str, path: str, fields: dict[str, str]) -> Answer:
    """Status, headers and words of the answer, but for the cookie and what every page has new."""
    sent = visitor.open(page).data(fields if "code" in fields else {})
    answer: TestResponse = visitor.client.post(path, data=sent)
    headers = sorted((name, value) for name, value in answer.headers if name not in ("Date", "Set-Cookie", NUMBER))
    words = re.sub(r'value="[^"]*"', "", answer.get_data(as_text=True))  # the token of each form, and the code typed
    return answer.status, headers, words.replace(answer.headers[NUMBER], "")


def check_alike(app: Flask, closed: dict[str, LinkAndCode], ask: Asking, status: str) -> None:
    visitor = Visitor(app)  # the same for all: the token of another browser may be longer
    wrong, *others = (ask(visitor, closed[kind]) for kind in KINDS)
    assert wrong[0].startswith(status)
    for kind, other in zip(KINDS[1:], others, strict=True):
        assert other == wrong, kind


def test_links_that_open_nothing_are_answered_alike(app: Flask, closed: dict[str, LinkAndCode]) -> None:
    check_alike(app, closed, by_link, "404")


def test_codes_that_open_nothing_are_answered_alike(app: Flask, closed: dict[str, LinkAndCode]) -> None:
    check_alike(app, closed, by_code, "422")


@pytest.mark.parametrize(("ask", "status"), [(by_link, "404"), (by_code, "422")])
def test_the_check_notices_a_store_that_tells_what_has_expired(
    app: Flask,
    closed: dict[str, LinkAndCode],
    monkeypatch: pytest.MonkeyPatch,
    ask: Asking,
    status: str,
) -> None:
    find_way = SealedStore._find_way

    def tells(self: SealedStore, rows: SealedRows, kind: str, door_hash: str) -> tuple[Way, Row]:
        try:
            return find_way(self, rows, kind, door_hash)
        except RecordNotFound:
            if record_behind(rows, kind, door_hash):
                raise SealBroken("this one has expired") from None
            raise

    monkeypatch.setattr(SealedStore, "_find_way", tells)
    with pytest.raises(AssertionError):
        check_alike(app, closed, ask, status)
