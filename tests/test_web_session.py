"""Sessions, forms of other sites, and records of other people: refused, and nothing changes."""

import re
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from tests.page_checks import check_headers
from tests.visitor import Page, Visitor
from web.core.stores import store

COOKIE = "This app needs one cookie to keep your answers."


@pytest.fixture
def question(visitor: Visitor) -> Page:
    """A question of an open record, not answered yet."""
    visitor.begin()
    return visitor.open("/falls/numb-feet")


def answer(page: Page) -> list[str]:
    return page.visitor.open("/falls/numb-feet").chosen("numb-feet")


# ---- Forms of other sites


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://localhost:81"},
        {"Origin": "http://evil.example/http://localhost"},
        {"Origin": "http://localhost@evil.example"},
        {"Origin": "http://["},
        {"Origin": "localhost"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "nonsense"},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
    ],
    ids=lambda headers: " ".join(headers.values()),
)
def test_a_form_sent_from_another_site_is_refused_even_with_the_right_token(
    question: Page, headers: dict[str, str]
) -> None:
    refused = question.send({"numb-feet": "yes"}, 400, headers=headers)
    assert refused.h1 == "This page could not be sent"
    assert answer(question) == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Referer": "https://evil.example/"},
        {},
    ],
    ids=lambda headers: " ".join(headers.values()) or "an old phone that says nothing",
)
def test_a_form_of_our_own_is_taken(question: Page, headers: dict[str, str]) -> None:
    question.send({"numb-feet": "yes"}, headers=headers)
    assert answer(question) == ["yes"]


def test_over_https_a_form_needs_no_referer(app: Flask) -> None:
    visitor = Visitor(app, "https://localhost")
    visitor.begin()
    visitor.open("/falls/numb-feet").send({"numb-feet": "yes"}, headers={"Origin": "https://localhost"})
    page = visitor.open("/falls/numb-feet")
    assert page.chosen("numb-feet") == ["yes"]
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000"


TOKENS: dict[str, Callable[[str], str | None]] = {
    "missing": lambda _: None,
    "empty": lambda _: "",
    "cut short": lambda token: token[:-1],
    # not the last letter, of which two bits say nothing
    "one letter changed": lambda token: token[:-2] + ("A" if token[-2] != "A" else "B") + token[-1],
    "of the session, unsigned": lambda token: token.split(".")[0],
    "nonsense": lambda _: "\x00é.\u202e.🦴",
    "very long": lambda token: token * 15,
}


@pytest.mark.parametrize("change", TOKENS.values(), ids=TOKENS.keys())
def test_a_form_without_the_right_token_is_refused_with_what_to_do(
    question: Page, change: Callable[[str], str | None]
) -> None:
    form = question.data({"numb-feet": "yes"})
    token = change(form.pop("csrf_token"))
    if token is not None:
        form["csrf_token"] = token
    refused = question.visitor.post(question.path, form, 400)
    assert COOKIE in refused.main
    assert answer(question) == []


def test_the_token_of_another_session_is_refused(app: Flask, question: Page) -> None:
    other = Visitor(app)
    other.begin()
    form = question.data({"numb-feet": "yes"})
    form["csrf_token"] = other.open("/falls/numb-feet").hidden("csrf_token")
    question.visitor.post(question.path, form, 400)
    assert answer(question) == []


def test_every_form_that_changes_something_wants_its_token(app: Flask, visitor: Visitor) -> None:
    visitor.begin()
    record = visitor.record_id
    rules = (each.rule for each in app.url_map.iter_rules() if "POST" in (each.methods or ()))
    posts = {re.sub("<.*?>", "x", re.sub("<list.*?>", "falls", each)) for each in rules}
    assert posts
    for path in posts | {"/falls/numb-feet", "/home/stairs"}:
        assert visitor.client.post(path, data={"record": record}).status_code in (400, 404), path


def test_a_token_as_old_as_the_answers_still_works(visitor: Visitor) -> None:
    with time_machine.travel(datetime(2026, 1, 1, 12), tick=False) as clock:
        visitor.begin()
        page = visitor.open("/falls/numb-feet")
        clock.shift(timedelta(days=89))
        page.send({"numb-feet": "yes"})
        assert answer(page) == ["yes"]


def test_a_form_opened_before_a_restart_can_be_sent_after_it(question: Page, restart: Callable[[], Flask]) -> None:
    cookies = question.visitor.client._cookies
    question.visitor.client = restart().test_client()
    question.visitor.client._cookies = cookies
    question.send({"numb-feet": "yes"})
    assert answer(question) == ["yes"]


def test_a_form_that_is_json_is_no_form(question: Page) -> None:
    form = question.data({"numb-feet": "yes"})
    visitor = question.visitor
    visitor.client.post(question.path, json=dict(form))
    response = visitor.client.post(question.path, json=dict(form), headers={"X-CSRFToken": form["csrf_token"]})
    assert response.status_code == 404
    check_headers(response)
    assert answer(question) == []


# ---- Records of other people


def test_a_record_of_somebody_else_is_refused_and_stays_as_it_was(app: Flask, question: Page) -> None:
    victim = Visitor(app)
    victim.begin()
    theirs = victim.record_id
    before = store().get_draft(theirs)
    for path in ("/falls/numb-feet", "/warning-signs/mind", "/warning-signs/now", "/home/stairs", "/see-my-plan"):
        form = question.data({"numb-feet": "yes"})
        for name, value in {"record": theirs, "signs": "stroke-signs", "absent": "yes", "answer": "mistake"}.items():
            form[name] = value
        assert question.visitor.post(path, form, 404).h1 == "We cannot find your answers here"
    assert store().get_draft(theirs) == before
    assert store().count()["submissions"] == 0
    assert question.visitor.record_id != theirs


@pytest.mark.parametrize("record", ["", "0", "%", "' OR '1'='1", "../../x", "\x00", "é" * 500, "[]", "None"])
def test_a_record_that_does_not_exist_is_refused_like_one_of_somebody_else(question: Page, record: str) -> None:
    form = question.data({"numb-feet": "yes"})
    form["record"] = record
    assert question.visitor.post(question.path, form, 404).h1 == "We cannot find your answers here"
    assert answer(question) == []


def test_an_id_in_an_address_opens_nothing(app: Flask, question: Page) -> None:
    theirs = question.visitor.record_id
    other = Visitor(app)
    for path in (f"/results?record={theirs}", f"/plan?record={theirs}", f"/plan.pdf?record={theirs}"):
        assert other.open(path, 404).h1 == "We cannot find your answers here"


def test_one_browser_may_hold_two_records_and_starts_with_the_newer(visitor: Visitor) -> None:
    visitor.begin("self")
    first = visitor.record_id
    visitor.open("/falls/numb-feet").send({"numb-feet": "yes"})
    visitor.begin("helper")
    assert visitor.record_id != first
    assert visitor.open("/falls/numb-feet").chosen("numb-feet") == []


def test_an_old_tab_writes_into_the_record_that_it_shows(visitor: Visitor) -> None:
    visitor.begin("self")
    old_tab, mine = visitor.open("/falls/numb-feet"), visitor.record_id
    visitor.begin("helper")
    theirs = visitor.record_id
    following = old_tab.send({"numb-feet": "yes"})
    assert following.hidden("record") == mine
    assert store().get_draft(mine).data["lists"]["falls"] == {"numb-feet": "yes"}
    assert store().get_draft(theirs).data["lists"] == {}


def test_a_plan_asked_for_in_an_old_tab_is_that_tabs_plan(visitor: Visitor) -> None:
    visitor.begin("self")
    visitor.open("/falls/numb-feet").send({"numb-feet": "yes"})
    old_tab, mine = visitor.open("/see-my-plan"), visitor.record_id
    visitor.begin("helper")
    theirs = visitor.record_id
    old_tab.send({})
    assert store().find_latest_submission(mine)
    assert store().find_latest_submission(theirs) is None


def test_two_tabs_that_answer_at_once_lose_nothing(app: Flask, visitor: Visitor) -> None:
    visitor.begin()
    links = ("numb-feet", "pushes-with-hands", "trouble-with-curb", "rushes-to-toilet", "holds-furniture")
    pages = [visitor.open(f"/falls/{link_id}") for link_id in links]
    cookie, codes = visitor.cookie, []

    def send(page: Page, link_id: str) -> None:
        client = app.test_client(use_cookies=False)
        data = page.data({link_id: "yes"})
        codes.append(client.post(page.path, data=data, headers={"Cookie": cookie}).status_code)

    threads = [threading.Thread(target=send, args=each) for each in zip(pages, links, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [303] * 5
    assert store().get_draft(visitor.record_id).data["lists"]["falls"] == dict.fromkeys(links, "yes")


# ---- The cookie


def test_the_cookie_is_one_random_number_that_no_script_can_read(visitor: Visitor) -> None:
    response = visitor.client.get("/for-whom")
    (cookie,) = response.headers.getlist("Set-Cookie")
    assert re.match(r"ff=[A-Za-z0-9_-]{43}; ", cookie)
    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=7776000"} <= set(cookie.split("; "))
    assert "Secure" not in cookie


def test_over_https_only_this_host_can_set_the_cookie(app: Flask) -> None:
    response = app.test_client().get("/for-whom", base_url="https://localhost")
    (cookie,) = response.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-ff=")
    assert "Secure" in cookie.split("; ")


def test_over_https_a_cookie_that_another_host_could_set_opens_nothing(app: Flask, question: Page) -> None:
    client = app.test_client(use_cookies=False)
    cookie = {"Cookie": question.visitor.cookie}
    assert client.get("/checklists", headers=cookie).status_code == 200
    assert client.get("/checklists", headers=cookie, base_url="https://localhost").status_code == 404


@pytest.mark.parametrize("value", ["", "x", "A" * 43, "A" * 42, "../" * 15, "é" * 43, "A" * 43 + "%0a", "A" * 4000])
def test_a_made_up_cookie_opens_nothing(visitor: Visitor, value: str) -> None:
    visitor.client.set_cookie("ff", value)
    assert visitor.open("/checklists", 404).h1 == "We cannot find your answers here"
    assert visitor.open("/").path == "/"


def test_neither_the_cookie_nor_what_is_made_of_it_stands_in_the_database(visitor: Visitor, folder: Path) -> None:
    visitor.begin()
    visitor.open("/falls/numb-feet").send({"numb-feet": "yes"})
    value = visitor.cookie.partition("=")[2]
    kept = b"".join(each.read_bytes() for each in folder.iterdir() if each.is_file())
    assert value.encode() not in kept
    assert b"numb-feet" not in kept


def test_reading_pages_without_answers_keeps_nothing(visitor: Visitor, folder: Path) -> None:
    for path in ("/", "/for-whom", "/how-this-works", "/nowhere"):
        visitor.client.get(path)
    before = {each.name: each.stat().st_mtime_ns for each in folder.iterdir()}
    visitor.client.get("/for-whom")
    assert {each.name: each.stat().st_mtime_ns for each in folder.iterdir()} == before


def test_who_answers_now_and_then_keeps_the_answers_for_longer_than_90_days(visitor: Visitor) -> None:
    with time_machine.travel(datetime(2026, 1, 1, 12), tick=False) as clock:
        visitor.begin()
        for _ in range(4):
            clock.shift(timedelta(days=60))
            visitor.open("/falls/numb-feet").send({"numb-feet": "yes"})
        assert answer(visitor.open("/falls/numb-feet")) == ["yes"]


def test_after_90_days_without_an_answer_they_are_gone_and_one_can_begin_again(visitor: Visitor) -> None:
    with time_machine.travel(datetime(2026, 1, 1, 12), tick=False) as clock:
        visitor.begin()
        clock.shift(timedelta(days=91))
        assert visitor.open("/falls/numb-feet", 404).follow("Go to the start").path == "/"
        assert visitor.begin().path == "/about/age"
