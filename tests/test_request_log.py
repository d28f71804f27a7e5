"""Every request has an id that its answer, its error page and its log lines name; and no line holds a personal word."""

import io
import json
import logging
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import argon2
import pytest
from flask import Flask

from storage import StoreBusy
from tests.clinic import SECRET, at_work, new_clinic
from tests.tapping import code_of, link_of
from tests.test_web_clinic_desk import add, answer_to_the_end, press, show
from tests.test_web_shares import at, come, share
from tests.test_web_ticks import some_action
from tests.visitor import Visitor
from web.clinic.signing_in import passwords
from web.core import request_log
from web.core.logs import JsonLines, PlainLines, without_values
from web.core.settings import SettingError, log_lines
from web.core.stores import store

ROOT = Path(__file__).parent.parent
OWN_ID = re.compile(r"\d{4}-\d{4}-\d{4}")
OF_NGINX, OF_CADDY = "9f" * 16, "0b8f0c3e-5a7e-4a55-9c3b-1f2e3d4c5b6a"
PLANTED = "Zyxa"
"""Begins every word that somebody types on the way."""
PEER = {"REMOTE_ADDR": "10.0.0.5"}
REQUEST = {"time", "level", "event", "request", "method", "route", "status", "ms"}


@dataclass
class Written:
    """What a server would have written, in both of its forms, whoever wrote it."""

    json_text: io.StringIO
    plain_text: io.StringIO

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(each) for each in self.json_text.getvalue().splitlines()]

    @property
    def everything(self) -> str:
        return self.json_text.getvalue() + self.plain_text.getvalue()


@pytest.fixture
def written() -> Iterator[Written]:
    found, root = Written(io.StringIO(), io.StringIO()), logging.getLogger()
    ours, level = logging.getLogger("firm_footing"), root.level
    handlers = []
    for stream, form in ((found.json_text, JsonLines()), (found.plain_text, PlainLines())):
        handlers.append(logging.StreamHandler(stream))
        handlers[-1].setFormatter(form)
        root.addHandler(handlers[-1])
    root.setLevel(logging.INFO)
    ours.setLevel(logging.INFO)
    yield found
    ours.setLevel(logging.NOTSET)
    root.setLevel(level)
    for each in handlers:
        root.removeHandler(each)


@pytest.fixture
def behind(monkeypatch: pytest.MonkeyPatch, restart: Callable[[], Flask]) -> Flask:
    """The app behind a web server at 10.0.0.5."""
    monkeypatch.setenv("FIRM_FOOTING_PROXIES", "10.0.0.5")
    return restart()


def id_of(app: Flask, sent: str, peer: str = "10.0.0.5") -> str:
    headers = {request_log.HEADER: sent, "X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "http"}
    answer = app.test_client().get("/healthz", headers=headers, environ_base={"REMOTE_ADDR": peer})
    return str(answer.headers[request_log.HEADER])


@pytest.mark.parametrize(("path", "host"), [("/", ""), ("/nowhere", ""), ("/static/site.css", ""), ("/readyz", ""), ("/", "evil.example")])  # fmt: skip
def test_each_answer_has_an_id_of_its_own(visitor: Visitor, path: str, host: str) -> None:
    answers = [visitor.client.get(path, headers={"Host": host or "localhost"}) for _ in range(2)]
    first, second = (each.headers[request_log.HEADER] for each in answers)
    assert OWN_ID.fullmatch(first)
    assert first != second


@pytest.mark.parametrize("sent", [OF_NGINX, OF_CADDY])
def test_the_id_of_a_trusted_web_server_goes_on(behind: Flask, sent: str) -> None:
    assert id_of(behind, sent) == sent
    assert OWN_ID.fullmatch(id_of(behind, sent, "10.0.0.6")), "nobody else is believed"


@pytest.mark.parametrize(
    "sent", ["", "margaret-miller", "9f" * 15, "9f" * 17, f"{OF_NGINX}, {OF_NGINX}", "9F" * 16, "\u0661" * 32, "1234-5678-9012"]
)  # fmt: skip
def test_an_id_that_no_web_server_makes_is_replaced(behind: Flask, sent: str) -> None:
    found = id_of(behind, sent.encode().decode("latin-1"))
    assert OWN_ID.fullmatch(found)
    assert found != sent


def test_an_error_page_names_the_id_to_read_out(visitor: Visitor) -> None:
    page = visitor.open("/nowhere", 404)
    assert f"If you ask for help, read out this number: {page.headers[request_log.HEADER]}" in page.main
    bare = visitor.client.get("/", headers={"Host": "evil.example"})
    assert f"Number: {bare.headers[request_log.HEADER]}" in bare.get_data(as_text=True)


def test_of_a_web_servers_long_id_the_page_names_what_finds_it(behind: Flask) -> None:
    headers = {request_log.HEADER: OF_CADDY, "X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "http"}
    answer = behind.test_client().get("/nowhere", headers=headers, environ_base=PEER)
    assert f"read out this number: {OF_CADDY[:8]}</p>" in answer.get_data(as_text=True)


def test_a_request_is_one_line_with_the_rule_of_its_address(visitor: Visitor, written: Written) -> None:
    answer = visitor.client.get("/open/a-key-that-nobody-has")
    (line,) = written.lines
    assert set(line) == REQUEST
    assert line["route"] == "/open/<token>"
    assert (line["event"], line["level"], line["method"], line["status"]) == (
        "request",
        "info",
        "GET",
        answer.status_code,
    )
    assert line["request"] == answer.headers[request_log.HEADER]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", line["time"])
    assert 0 < line["ms"] < 60_000
    (plain,) = written.plain_text.getvalue().splitlines()
    assert plain == f"{plain.split()[0]} info {line['request']} request"


@pytest.mark.parametrize(("path", "method", "route", "named"), [
    ("/nowhere/margaret", "GET", "", "GET"), ("/readyz", "GET", "", "GET"), ("/", "MARGARET", "", "other"),
    ("/", "HEAD", "/", "HEAD"), ("/static/site.css", "GET", "/static/<path:filename>", "GET"),
])  # fmt: skip
def test_what_no_rule_knows_is_not_quoted(
    app: Flask, written: Written, path: str, method: str, route: str, named: str
) -> None:
    app.test_client().open(path, method=method)
    assert (written.lines[-1]["route"], written.lines[-1]["method"]) == (route, named)
    assert "margaret" not in written.everything.lower()


def busy(*_: object, **__: object) -> None:
    raise StoreBusy(f"{PLANTED} writes")


def test_what_goes_wrong_within_a_request_names_it(
    visitor: Visitor, written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.begin()
    monkeypatch.setattr(type(store()), "change_draft", busy)
    page = visitor.open("/falls/fell-past-year").send({"fell-past-year": "yes"}, 503)
    number = page.headers[request_log.HEADER]
    assert number in page.main
    of_it = [each for each in written.lines if each["request"] == number]
    assert [(each["event"], each["level"]) for each in of_it] == [("storage: StoreBusy", "error"), ("request", "info")]
    assert of_it[1]["status"] == 503
    assert f"error {number} storage: StoreBusy" in written.plain_text.getvalue()


@pytest.fixture(params=["", "as a server does"])
def filtered(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log of waitress, alone or as a server of ours has it (commands/http_server.py)."""
    monkeypatch.setattr(logging.getLogger("waitress"), "filters", [without_values] if request.param else [])


def test_of_others_lines_only_what_stands_in_their_code_is_written(filtered: None, written: Written) -> None:
    logging.getLogger("psycopg.pool").warning("error connecting in %r: %s", "pool-1", "margaret")
    logging.getLogger("weasyprint").error("Ignored margaret")
    try:
        raise ValueError("margaret")
    except ValueError:
        logging.getLogger("waitress").exception("Exception while serving /open/margaret")
        logging.getLogger("firm_footing").exception("it failed")
    events = [each["event"] for each in written.lines]
    assert events[0] == "psycopg.pool: error connecting in %r: %s"
    assert events[1].startswith("weasyprint: test_request_log:")
    assert "ValueError at " in events[2]
    assert events[3].startswith("it failed: ValueError at ")
    assert "margaret" not in written.everything


UNCAUGHT = """
import logging, sys, threading
from web.core import logs
logs.set_up(sys.argv[1])
def fail(): raise ValueError("margaret")
class Fails:
    def __del__(self): fail()
thread = threading.Thread(target=fail); thread.start(); thread.join()
Fails()
logging.getLogger("firm_footing").info("only in json")
fail()
"""


@pytest.mark.parametrize("form", ["plain", "json"])
def test_a_fault_that_nobody_caught_is_a_line_with_its_place_and_no_traceback(form: str) -> None:
    done = subprocess.run([sys.executable, "-c", UNCAUGHT, form], cwd=ROOT, capture_output=True, text=True)
    assert "margaret" not in done.stderr
    assert "Traceback" not in done.stderr
    lines = done.stderr.splitlines()
    assert len([each for each in lines if "nobody caught ValueError at <string>:" in each]) == 3
    assert len(lines) == (4 if form == "json" else 3)
    assert all(each.startswith("{") == (form == "json") for each in lines)


def test_a_form_that_nobody_knows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRM_FOOTING_LOG", "xml")
    with pytest.raises(SettingError, match="write plain or json"):
        log_lines()


# No personal word -------------------------------------------------------------------------------------------------------

CHEAP = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
EVENTS = re.compile(
    r"request|storage: \w+|single sign-on: \w+|RuntimeError on (GET|POST) [\w.]+ at (\S+:\d+( < )?)+"
)  # fmt: skip


def test_the_whole_public_way_leaves_no_personal_word(app: Flask, written: Written) -> None:
    visitor = Visitor(app)
    visitor.open("/for-whom").send({"answering": "helper", "person_name": f"{PLANTED} mother"})
    record = visitor.record_id
    visitor.take("/about/age", {"age": "82", "sex": "female"}, "no")
    visitor.open("/about/age").send({"age": f"{PLANTED}eighty"}, 422)
    visitor.tick()
    visitor.take("/falls/fell-past-year", {"fell-past-year": "yes", "unsteady-walking": "yes"}, "no")
    visitor.see_plan()
    visitor.open(f"/plan/actions/{some_action(visitor)}").send({"name": f"{PLANTED} Tom", "note": f"{PLANTED} note"})
    visitor.open("/plan/own").send({"title": f"{PLANTED} title", "note": f"{PLANTED} more"})
    visitor.client.get(f"/plan?q={PLANTED}")
    keeping = visitor.open("/keep").send({})
    other = Visitor(app)
    other.open(link_of(keeping)).send({})
    other.open("/code").send({"code": code_of(keeping)})
    Visitor(app).open("/code").send({"code": "2222-2222-2222"}, 422)
    shared = share(visitor, name=f"{PLANTED} Ana", of=f"{PLANTED} Mom")
    reader = come(app, shared)
    reader.open(f"{at(shared)}/plan")
    visitor.open("/who-looked")
    visitor.open("/for-a-clinic")
    visitor.client.get("/reminders.ics?steps=yes")
    visitor.client.get(f"/{PLANTED}/address")
    visitor.client.get("/", headers={"Host": f"{PLANTED}.example", "Cookie": f"ff={PLANTED}", "User-Agent": PLANTED})
    cookies = cookies_of(visitor, other, reader)
    visitor.open("/erase").send({})
    check(app, written, record, *cookies, link_of(keeping), code_of(keeping), code_of(shared))


def test_the_clinic_leaves_no_personal_word(app: Flask, written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "hasher", lambda: CHEAP)
    clinic = new_clinic(f"{PLANTED} Clinic")
    staff = clinic.add_staff(f"{PLANTED}@example.org", "reception", f"{PLANTED} Ruiz")
    clinic.change_staff(
        staff.staff_id, lambda found: type(found)(**{**vars(found), "password": CHEAP.hash(f"{PLANTED} lamp")})
    )
    desk = Visitor(app)
    desk.open("/clinic/sign-in").send({"name": f"{PLANTED}@example.org", "password": f"{PLANTED} wrong"}, 422)
    desk.open("/clinic/sign-in").send({"name": f"{PLANTED}@example.org", "password": f"{PLANTED} lamp"})
    manager = at_work(app, "manager", clinic)
    manager.visitor.open("/clinic/settings").send({"name": f"{PLANTED} Clinic", "phone": f"{PLANTED} 555"})
    manager.visitor.open("/clinic/services").send({}, 422)
    manager.visitor.open("/clinic/staff/new").send(
        {"name": f"{PLANTED}-two@example.org", "shown": f"{PLANTED} Two", "role": "reception"}
    )
    person = add(manager, name=f"{PLANTED[:4]}", set="falls")
    page = press(show(manager, person), "/tablet").send({"age": "81"})
    record = page.hidden("record")
    answer_to_the_end(page)
    clinician = at_work(app, "clinician", clinic)
    show(clinician, person)
    clinician.visitor.open(f"/clinic/people/{person.person_id}/{PLANTED}", 404)
    manager = at_work(app, "manager", clinic)
    manager.visitor.open("/clinic/log")
    manager.visitor.open("/clinic/print")
    check(app, written, record, person.person_id, person.code, SECRET, *cookies_of(desk, manager.visitor))


def cookies_of(*visitors: Visitor) -> list[str]:
    return [each.value for visitor in visitors for each in visitor.client._cookies.values()]  # type: ignore[union-attr]


def check(app: Flask, written: Written, *secrets: str) -> None:
    """Every line holds what it may and nothing else, and so many were written that it was a way."""
    rules = {"", *(each.rule for each in app.url_map.iter_rules())}
    lines = written.lines
    assert len(lines) > 40
    for each in lines:
        assert set(each) <= REQUEST
        assert EVENTS.fullmatch(each["event"]), each["event"]
        assert each["route"] in rules
        assert each["method"] in (*request_log.METHODS, "other")
        assert OWN_ID.fullmatch(each["request"])
    for secret in (PLANTED, *secrets):
        assert secret
        assert secret.lower() not in written.everything.lower(), secret
