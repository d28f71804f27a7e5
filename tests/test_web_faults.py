"""A database that is locked, on a full disk or read-only, met by every form of a plan: refused whole, and kept after."""

import io
import re
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from werkzeug.test import TestResponse

from storage import StorageError, StoreBusy
from storage.sqlite.connecting import connect
from storage.sqlite.opening import DATABASE
from tests.page_checks import check_headers
from tests.test_web_store import limited
from tests.visitor import After, Page, Visitor
from web import errors
from web.core.stores import store

RUG = "floors-loose-rugs"
READING = ("/", "/plan", "/results", "/plan/own", "/keep", "/checklists", "/home/bathroom", "/walk", "/erase", "/code")
Fault = Callable[[Path], AbstractContextManager[None]]


@dataclass(kw_only=True)
class Form:
    """A form ready to be sent, and by whom."""

    client: Any
    path: str
    data: Any
    options: dict[str, Any] = field(default_factory=dict)

    def send(self) -> TestResponse:
        answer: TestResponse = self.client.post(self.path, data=self.data, **self.options)
        return answer


def reach(visitor: Visitor) -> None:
    visitor.begin()
    visitor.tick()
    visitor.open("/falls/fell-past-year").send({"fell-past-year": "yes"})
    assert photo(visitor, 1).send().status_code == 200
    visitor.see_plan()
    visitor.open("/keep").send({})


@pytest.fixture
def planned(after: After) -> Visitor:
    """Somebody with a plan, a link, a code, and a photo of a rug."""
    return after(reach)


def photo(visitor: Visitor, number: int) -> Form:
    state = visitor.client.get("/walk/state").get_json()
    out = io.BytesIO()
    Image.new("RGB", (80, 60), "#933").save(out, "JPEG")
    names = {"record": state["record"], "key": f"a-walk-of-somebody-{number}", "link_id": RUG, "ago": "0"}

    class Again(Form):
        def send(self) -> TestResponse:
            out.seek(0)
            sent = {**names, "photo": (io.BytesIO(out.getvalue()), "photo.jpg", "image/jpeg")}
            answer: TestResponse = self.client.post(self.path, data=sent, **self.options)
            return answer

    return Again(
        client=visitor.client, path="/walk/photos", data=None, options={"headers": {"X-CSRFToken": state["token"]}}
    )


def forms(app: Flask, planned: Visitor) -> list[Form]:
    """One of each, in an order in which all of them can be kept."""
    client, keep = planned.client, planned.open("/keep")
    state = client.get("/walk/state").get_json()
    heard = {"record": state["record"], "key": "a-walk-of-somebody-0001"}
    entries = [{"sequence": 1, "link_id": "bath-no-grab-bars", "answer": "yes", "ago": 0}]
    card = next(each for each in planned.open("/plan").tree.iter("form") if each.get("action") == "/plan/tick")
    tick = {str(each.get("name")): str(each.get("value")) for each in card.iter("input")}
    action = planned.open(f"/plan/actions/{tick['action']}")
    own, erase, settings = planned.open("/plan/own"), planned.open("/erase"), planned.open("/checklists").settings()
    link = next(path for path in keep.links().values() if path.startswith("/open/"))
    code = re.findall(r"\b[2-9A-Y]{4}-[2-9A-Y]{4}-[2-9A-Y]{4}\b", keep.main)[0]
    by_link, by_code = Visitor(app), Visitor(app)
    seen = state["photos"][RUG].removesuffix("/picture")
    return [
        Form(client=client, path="/plan/tick", data={**tick, "state": "done"}),
        Form(client=client, path=action.path, data=action.data({"note": "Ask Sam about the rail"})),
        Form(client=client, path="/plan/own", data=own.data({"title": "Call the landlord"})),
        Form(client=client, path="/settings", data={**settings, "text": "larger"}),
        Form(
            client=client,
            path="/walk/answers",
            data=None,
            options={"json": {**heard, "entries": entries}, "headers": {"X-CSRFToken": state["token"]}},
        ),
        Form(client=client, path=f"{seen}/remove", data=planned.open(seen).data({})),
        photo(planned, 2),
        Form(client=by_link.client, path="/open", data=by_link.open(link).data({})),
        Form(client=by_code.client, path="/code", data=by_code.open("/code").data({"code": code})),
        Form(client=client, path="/keep", data={**keep.data({}), "do": "make"}),
        Form(client=client, path="/keep", data={**keep.data({}), "do": "take-back"}),
        Form(client=client, path="/erase", data=erase.data({})),
    ]


def refused(app: Flask, visitor: Visitor, form: Form) -> Page:
    """The page that this form gets: what happened, what to do, and when."""
    answer = form.send()
    assert answer.status_code == 503, f"{form.path}: {answer.status}"
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    page = Page(visitor, answer)
    assert page.h1 == "Saving does not work right now"
    assert "send it again" in page.main
    return page


def everything(folder: Path) -> dict[str, list[Any]]:
    """Every row of every table."""
    db = connect(folder / DATABASE)
    tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()]
    rows = {name: db.execute(f"SELECT * FROM {name}").fetchall() for name in tables}
    db.close()
    return rows


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Another program holds the only write lock."""
    db = connect(folder / DATABASE)
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        db.execute("ROLLBACK")
        db.close()


@contextmanager
def full(folder: Path) -> Iterator[None]:
    """No file takes a byte more."""
    del folder
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))
    sys.dont_write_bytecode, usual = True, sys.dont_write_bytecode  # Python does not notice that it was cut short
    try:
        yield
    finally:
        sys.dont_write_bytecode = usual
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """The file may be read and not be written."""
    del folder
    connections = store().engine.connections  # type: ignore[attr-defined]
    usual, connections._open_one = connections._open_one, lambda: limited("query_only = ON")(connections.file)
    connections.close()
    try:
        yield
    finally:
        connections._open_one = usual
        connections.close()


FAULTS: tuple[Fault, ...] = (locked, full, read_only)


def named(fault: Fault) -> str:
    return fault.__name__


@pytest.mark.parametrize("fault", FAULTS, ids=named)
def test_every_form_of_a_plan_is_refused_whole_and_kept_when_the_fault_has_gone(
    app: Flask, planned: Visitor, folder: Path, fault: Fault
) -> None:
    ready = forms(app, planned)
    before = everything(folder)
    with fault(folder):
        for form in ready:
            refused(app, planned, form)
        for path in READING:
            planned.open(path)
    assert everything(folder) == before
    for form in ready:
        answer = form.send()
        assert answer.status_code in (200, 303), f"{form.path}: {answer.status}"
        check_headers(answer)
    assert store().count() == {"records": 0, "submissions": 0}, "the last form erased it all"


@pytest.mark.parametrize("fault", FAULTS, ids=named)
def test_the_first_form_of_a_day_which_also_writes_the_session_is_refused_in_words_too(
    app: Flask, planned: Visitor, folder: Path, fault: Fault
) -> None:
    ready = forms(app, planned)
    session_id = planned.cookie.partition("=")[2]
    store().change_session(session_id, lambda data: {**data, "used": "2026-01-01"})
    with fault(folder):
        for form in ready:
            refused(app, planned, form)
    assert ready[0].send().status_code == 303


def test_a_lock_held_for_long_holds_up_no_page_and_each_form_only_shortly(
    app: Flask, planned: Visitor, folder: Path
) -> None:
    form = forms(app, planned)[0]
    tries = 0
    with locked(folder):
        until = time.monotonic() + 3
        while time.monotonic() < until:
            started = time.monotonic()
            refused(app, planned, form)
            assert time.monotonic() - started < 2, "the wait for a lock, and no second one"
            planned.open("/plan")
            tries += 1
    assert tries >= 2
    assert form.send().status_code == 303
    assert len(store().list_ticks(planned.record_id)) == 1


Handlers = dict[type[Exception], Callable[[Exception], object]]


def without_mapping(handlers: Handlers) -> None:
    """The twin: a fault of the store is no page of ours."""
    del handlers[StorageError]


def without_retry_after(handlers: Handlers) -> None:
    """The twin: the page does not say when."""
    title, text = errors._TEXTS[503]
    handlers[StorageError] = lambda _: errors.page(title, text, 503)


@pytest.mark.parametrize("twin", [without_mapping, without_retry_after])
def test_the_check_notices_a_fault_that_is_not_told(
    app: Flask, planned: Visitor, folder: Path, monkeypatch: pytest.MonkeyPatch, twin: Callable[[Handlers], None]
) -> None:
    ready = forms(app, planned)
    handlers = dict(app.error_handler_spec[None][None])
    twin(handlers)
    with monkeypatch.context() as patch, locked(folder):
        patch.setitem(app.error_handler_spec[None], None, handlers)
        with pytest.raises((AssertionError, KeyError)):
            refused(app, planned, ready[0])


@pytest.mark.parametrize("fault", FAULTS, ids=named)
def test_purging_says_that_it_could_not_and_goes_on_when_the_fault_has_gone(
    app: Flask, planned: Visitor, folder: Path, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store(), "_today", lambda: date(2099, 1, 1))
    before = everything(folder)
    with fault(folder), pytest.raises(StorageError):
        store().purge(sure=True)
    assert everything(folder) == before
    assert store().purge(sure=True)["records"] == 1
    assert store().count() == {"records": 0, "submissions": 0}


def test_a_photo_hidden_before_a_fault_is_removed_when_the_form_is_sent_again(
    app: Flask, planned: Visitor, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = next(each for each in forms(app, planned) if each.path.endswith("/remove"))
    with monkeypatch.context() as patch:
        patch.setattr(store(), "delete_photo", busy)
        refused(app, planned, form)
    assert len(everything(folder)["photos"]) == 1

    form.send()

    assert everything(folder)["photos"] == []


def busy(*_: object) -> None:
    raise StoreBusy("another program has just taken the lock")
