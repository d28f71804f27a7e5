"""What one browser may open: ids of sessions that only we make, renewed as rights grow, and nothing let go of unasked."""

from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask

from tests.test_web_doors import code_of, link_of
from tests.visitor import Page, Visitor
from web.stores import store

GONE = "We cannot find your answers here"


@pytest.fixture
def kept(visitor: Visitor) -> Page:
    """The page with the link and the code of somebody who has a plan."""
    visitor.begin()
    visitor.tick()
    visitor.open("/falls/fell-past-year").send({"fell-past-year": "yes"})
    visitor.see_plan()
    return visitor.open("/keep").send({})


def id_of(visitor: Visitor) -> str:
    return visitor.cookie.partition("=")[2]


def with_cookie(app: Flask, value: str) -> Visitor:
    other = Visitor(app)
    other.client.set_cookie("ff", value)
    return other


# ---- Ids of our making, renewed as rights grow


@pytest.mark.parametrize("value", ["A" * 43, "x" * 43, "0123456789_-" * 3 + "abcdefg"])
def test_an_id_that_a_browser_brings_along_is_never_taken_over(app: Flask, value: str) -> None:
    visitor = with_cookie(app, value)
    page = visitor.open("/for-whom")
    assert id_of(visitor) != value
    page.send({"answering": "self"})
    assert store().find_session(value) is None


@pytest.mark.parametrize("way", ["begin", "link", "code", "share"])
def test_who_placed_an_id_of_their_own_sees_nothing_of_what_is_opened_under_it(
    app: Flask, kept: Page, way: str
) -> None:
    placer = Visitor(app)
    placer.open("/for-whom")
    placed = id_of(placer)
    victim = with_cookie(app, placed)
    if way == "begin":
        victim.begin()
    elif way == "link":
        victim.open(link_of(kept)).send({})
    elif way == "code":
        victim.open("/code").send({"code": code_of(kept)})
    else:
        shared = kept.visitor.open("/share").send({"name": "Ana"})
        assert victim.open(link_of(shared)).send({}).path.startswith("/shared/")
    opened = with_cookie(app, id_of(victim))

    assert id_of(victim) != placed
    assert opened.open("/shared").main if way == "share" else opened.open("/checklists").path == "/checklists"
    assert placer.open("/checklists", 404).h1 == GONE
    assert "No plan is shared with this phone" in placer.open("/shared").main


def test_the_placed_id_of_somebody_with_a_record_opens_that_and_nothing_more(app: Flask, kept: Page) -> None:
    placer = Visitor(app)
    placer.begin()
    own, placed = placer.record_id, id_of(placer)
    victim = with_cookie(app, placed)
    victim.open(link_of(kept)).send({})

    assert victim.record_id == kept.visitor.record_id
    assert placer.record_id == own
    refused = placer.open("/falls/numb-feet")
    form = refused.data({"numb-feet": "yes"})
    form["record"] = kept.visitor.record_id
    assert placer.post("/falls/numb-feet", form, 404).h1 == GONE


def test_a_form_that_was_open_before_in_another_tab_can_still_be_sent(kept: Page) -> None:
    visitor = kept.visitor
    mine, tab, before = visitor.record_id, visitor.open("/falls/numb-feet"), id_of(visitor)
    visitor.begin("helper")

    assert id_of(visitor) != before
    tab.send({"numb-feet": "yes"})
    assert store().get_draft(mine).data["lists"]["falls"]["numb-feet"] == "yes"


def test_a_slower_request_under_the_old_id_neither_writes_nor_gives_the_old_cookie_back(app: Flask, kept: Page) -> None:
    visitor, before = kept.visitor, id_of(kept.visitor)
    slow = visitor.open("/falls/numb-feet").data({"numb-feet": "yes"})
    mine = visitor.record_id
    visitor.begin("helper")
    held = store().find_session(before)
    client = app.test_client(use_cookies=False)
    settings = {"csrf_token": slow["csrf_token"], "to": "/", "language": "es"}
    answers = [
        client.post("/falls/numb-feet", data=slow, headers={"Cookie": f"ff={before}"}),
        client.post("/settings", data=settings, headers={"Cookie": f"ff={before}"}),
    ]

    assert [each.status_code for each in answers] == [303, 303]
    assert [each.headers.getlist("Set-Cookie") for each in answers] == [[], []]
    assert store().find_session(before) == held
    assert store().get_draft(mine).data["lists"]["falls"]["numb-feet"] == "yes", "the answer itself is saved"


def test_a_link_that_is_tapped_twice_keeps_what_the_browser_had_before(app: Flask, kept: Page) -> None:
    other = Visitor(app)
    other.begin()
    own, before = other.record_id, id_of(other)
    form = other.open(link_of(kept)).data({})
    other.post("/open", form)
    second = with_cookie(app, before)  # sent before the answer to the first had come
    second.post("/open", form)

    assert second.record_id == kept.visitor.record_id
    page = second.open("/falls/numb-feet")
    data = page.data({"numb-feet": "no"})
    data["record"] = own
    assert second.post("/falls/numb-feet", data).hidden("record") == own


def test_without_a_record_a_session_lives_a_day_and_with_one_for_90(app: Flask) -> None:
    with time_machine.travel(datetime(2026, 1, 1, 12), tick=False) as clock:
        looker, visitor = Visitor(app), Visitor(app)
        looker.post("/settings", {**looker.open("/").settings(), "language": "es"})
        visitor.begin()
        clock.shift(timedelta(days=2))
        assert looker.open("/").tree.get("lang") == "en"
        assert visitor.open("/checklists").path == "/checklists"
        assert store().purge()["sessions"] == 1
