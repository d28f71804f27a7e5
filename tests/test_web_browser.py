"""What one browser may open: ids of sessions that only we make, renewed as rights grow, and nothing let go of unasked."""

from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask

from tests.tapping import code_of, link_of
from tests.visitor import Page, Visitor
from web.core.stores import store

GONE = "We cannot find your answers here"


@pytest.fixture
def link_page(visitor: Visitor) -> Page:
    """The page with the link and the code of somebody who has a plan."""
    visitor.make_small_plan()
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
    app: Flask, link_page: Page, way: str
) -> None:
    placer = Visitor(app)
    placer.open("/for-whom")
    placed = id_of(placer)
    victim = with_cookie(app, placed)
    if way == "begin":
        victim.begin()
    elif way == "link":
        victim.open(link_of(link_page)).send({})
    elif way == "code":
        victim.open("/code").send({"code": code_of(link_page)})
    else:
        shared = link_page.visitor.open("/share").send({"name": "Ana"})
        assert victim.open(link_of(shared)).send({}).path.startswith("/shared/")
    opened = with_cookie(app, id_of(victim))

    assert id_of(victim) != placed
    assert opened.open("/shared").main if way == "share" else opened.open("/checklists").path == "/checklists"
    assert placer.open("/checklists", 404).h1 == GONE
    assert "No plan is shared with this phone" in placer.open("/shared").main


def test_the_placed_id_of_somebody_with_a_record_opens_that_and_nothing_more(app: Flask, link_page: Page) -> None:
    placer = Visitor(app)
    placer.begin()
    own, placed = placer.record_id, id_of(placer)
    victim = with_cookie(app, placed)
    victim.open(link_of(link_page)).send({})

    assert victim.record_id == link_page.visitor.record_id
    assert placer.record_id == own
    refused = placer.open("/falls/numb-feet")
    form = refused.data({"numb-feet": "yes"})
    form["record"] = link_page.visitor.record_id
    assert placer.post("/falls/numb-feet", form, 404).h1 == GONE


def test_a_form_that_was_open_before_in_another_tab_can_still_be_sent(link_page: Page) -> None:
    visitor = link_page.visitor
    mine, tab, before = visitor.record_id, visitor.open("/falls/numb-feet"), id_of(visitor)
    visitor.begin("helper")

    assert id_of(visitor) != before
    tab.send({"numb-feet": "yes"})
    assert store().get_draft(mine).data["lists"]["falls"]["numb-feet"] == "yes"


def test_a_slower_request_under_the_old_id_neither_writes_nor_gives_the_old_cookie_back(
    app: Flask, link_page: Page
) -> None:
    visitor, before = link_page.visitor, id_of(link_page.visitor)
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


def test_a_link_that_is_tapped_twice_keeps_what_the_browser_had_before(app: Flask, link_page: Page) -> None:
    other = Visitor(app)
    other.begin()
    own, before = other.record_id, id_of(other)
    form = other.open(link_of(link_page)).data({})
    other.post("/open", form)
    second = with_cookie(app, before)  # sent before the answer to the first had come
    second.post("/open", form)

    assert second.record_id == link_page.visitor.record_id
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


# ---- None is let go of unasked


@pytest.fixture
def two(visitor: Visitor) -> tuple[Visitor, str, str]:
    """Somebody who answered for themselves, then began for somebody else; with both records, the older first."""
    with time_machine.travel(datetime(2026, 11, 3, 12), tick=False):
        visitor.begin()
        first = visitor.record_id
        visitor.tick()
        visitor.open("/falls/fell-past-year").send({"fell-past-year": "yes"})
        visitor.see_plan()
    with time_machine.travel(datetime(2026, 11, 5, 12), tick=False):
        visitor.begin("helper")
    return visitor, first, visitor.record_id


@time_machine.travel(datetime(2026, 11, 6, 12), tick=False)
def test_from_the_start_there_is_a_way_back_to_each_record_told_apart_without_names(
    two: tuple[Visitor, str, str],
) -> None:
    visitor, first, second = two
    page = visitor.open("/").follow("Whose answers are on this browser")

    assert "For someone you help, started November 5, 2026, no plan yet" in page.main
    assert "For yourself, started November 3, 2026, plan of November 3, 2026" in page.main
    assert page.main.index("For someone") < page.main.index("This one is open now.") < page.main.index("For yourself")
    token = page.hidden("csrf_token")
    assert visitor.post("/this-browser", {"csrf_token": token, "record": first}).path == "/plan"
    assert visitor.record_id == first
    assert visitor.post("/this-browser", {"csrf_token": token, "record": second}).path == "/checklists"
    assert "/this-browser" in visitor.open("/checklists").local_links


def test_a_record_of_somebody_else_is_neither_opened_nor_taken_off(app: Flask, link_page: Page) -> None:
    other = Visitor(app)
    other.begin()
    form = {"csrf_token": other.open("/this-browser").hidden("csrf_token"), "record": link_page.visitor.record_id}
    for path in ("/this-browser", "/leave"):
        assert other.post(path, form, 404).h1 == GONE


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.visitor.open_record.MOST_HELD", 3)


def held_by(visitor: Visitor) -> int:
    return visitor.open("/this-browser").main.count("Take it off this list")


def test_a_full_browser_says_so_and_lets_go_of_none(app: Flask, link_page: Page, few: None) -> None:
    other = Visitor(app)
    other.begin()
    first = other.open("/falls/numb-feet")
    other.begin()
    other.begin()
    for full in (
        other.open("/for-whom").send({"answering": "self"}, 409),
        other.open(link_of(link_page)).send({}, 409),
        other.open("/code").send({"code": code_of(link_page)}, 409),
    ):
        assert full.errors == ["This browser holds as many as it can. Take one off this list, then try again."]
    assert store().count()["records"] == 4, "none was begun and stranded"
    first.send({"numb-feet": "yes"})
    assert held_by(other) == 3
    page = other.open("/this-browser")
    mine = first.hidden("record")
    form = {"csrf_token": page.hidden("csrf_token"), "record": mine}
    assert "There is no link or code yet for" in other.post("/leave", form).main
    assert held_by(other) == 3, "only asked"
    other.post("/leave", {**form, "sure": "yes"})
    assert held_by(other) == 2
    assert other.post("/falls/numb-feet", first.data({"numb-feet": "no"}), 404).h1 == GONE
    assert other.open(link_of(link_page)).send({}).path == "/plan"
    assert store().get_draft(mine).data["lists"]["falls"]["numb-feet"] == "yes", "nothing was erased"


def test_what_is_gone_for_good_makes_room_by_itself(app: Flask, link_page: Page, few: None) -> None:
    other = Visitor(app)
    for _ in range(2):
        other.begin()
    other.open(link_of(link_page)).send({})
    store().erase(other.record_id)
    assert other.begin().path == "/about/age"
    assert held_by(other) == 3


def test_shares_are_not_let_go_of_either(app: Flask, link_page: Page, few: None) -> None:
    friend, links = Visitor(app), []
    for name in ("Ana", "Ben", "Cleo", "Dan"):
        links.append(link_of(link_page.visitor.open("/share").send({"name": name})))
    for link in links[:3]:
        friend.open(link).send({})
    assert friend.open(links[3]).send({}, 409).errors
    assert len([each for each in friend.open("/shared").local_links if each.endswith("/plan")]) == 3
    one, other, *_rest = store().list_shares(link_page.visitor.record_id)
    store().take_back_share(link_page.visitor.record_id, one.share_id)
    assert friend.open(links[3]).send({}).path.endswith("/plan"), "what is gone makes room"
    page = friend.open("/this-browser")
    form = {"csrf_token": page.hidden("csrf_token"), "share": other.share_id}
    assert friend.post("/leave", form).h1 == "Take it off this list?"
    friend.post("/leave", {**form, "sure": "yes"})
    assert friend.open(f"/shared/{other.share_id}/plan", 404).h1 == "This plan is not open to you"
    assert len(friend.open("/this-browser").main.split("Open this one")) == 3


# ---- Leaving


def test_leaving_is_asked_once_more_and_names_what_would_be_lost(two: tuple[Visitor, str, str]) -> None:
    visitor, first, _second = two
    store().make_link_and_code(first)
    page = visitor.open("/keep").follow("Leave this browser")
    asked = visitor.post("/leave", {"csrf_token": page.hidden("csrf_token"), "record": ""})

    assert asked.h1 == "Leave this browser?"
    assert "For someone you help" in asked.main
    assert "For yourself" not in asked.main, "that one has a link"
    assert asked.send({}).path == "/keep", "the first button makes one"
    assert held_by(visitor) == 2


def test_who_left_opens_nothing_any_more_nor_does_a_copy_of_the_cookie(app: Flask, link_page: Page) -> None:
    visitor, copied = link_page.visitor, id_of(link_page.visitor)
    record, tab = visitor.record_id, visitor.open("/falls/numb-feet")
    form = {"csrf_token": tab.hidden("csrf_token"), "record": "", "sure": "yes"}
    response = visitor.client.post("/leave", data=form)

    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert visitor.open("/left").h1 == "You left"
    assert id_of(visitor) != copied
    for each in (visitor, with_cookie(app, copied)):
        assert each.open("/plan", 404).h1 == GONE
        assert "No answers can be opened on this browser now" in each.open("/this-browser").main
    assert store().find_session(copied) is None
    assert visitor.open("/code").send({"code": code_of(link_page)}).path == "/plan"
    assert visitor.record_id == record


def test_a_request_that_was_under_way_while_somebody_left_brings_nothing_back(
    app: Flask, link_page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = id_of(link_page.visitor)
    page = link_page.visitor.open("/checklists")
    form = {**page.settings(), "language": "es"}
    change_session = type(store()).change_session

    def leave_first(self, session_id, change, **options):
        self.end_session(session_id)
        return change_session(self, session_id, change, **options)

    monkeypatch.setattr(type(store()), "change_session", leave_first)
    assert (
        not app.test_client(use_cookies=False)
        .post("/settings", data=form, headers={"Cookie": f"ff={copied}"})
        .headers.getlist("Set-Cookie")
    )
    assert store().find_session(copied) is None


def test_whom_a_share_is_taken_back_from_is_out_at_once(app: Flask, link_page: Page) -> None:
    friend = Visitor(app)
    shared = link_page.visitor.open("/share").send({"name": "Ana"})
    path = friend.open(link_of(shared)).send({}).path
    (share,) = store().list_shares(link_page.visitor.record_id)
    form = {"csrf_token": shared.hidden("csrf_token"), "record": link_page.visitor.record_id, "sure": "yes"}
    link_page.visitor.post(f"/share/{share.share_id}/take-back", form)

    assert friend.open(path, 404).h1 == "This plan is not open to you"
    assert link_page.visitor.open("/plan").path == "/plan"
