"""Ticking off: one tap for Done, a page for the rest, own actions, and all of it on the page and on the paper."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from flask import Flask

from tests.page_checks import text_of
from tests.visitor import Page, Visitor
from web.core.stores import store
from web.plan.ticks import NOTE_CHARACTERS, REASON_CHARACTERS, TITLE_CHARACTERS


@pytest.fixture
def planned(after_falls_and_home: Visitor) -> Visitor:
    return after_falls_and_home


def cards(visitor: Visitor) -> dict[str, Element]:
    """The actions on the plan's page, by their id."""
    return cards_of(visitor.open("/plan"))


def cards_of(page: Page) -> dict[str, Element]:
    articles = page.tree.iter("article")
    return {str(each.get("id")).removeprefix("action-"): each for each in articles if each.get("id")}


def some_action(visitor: Visitor) -> str:
    return next(iter(cards(visitor)))


def form_of(card: Element, state: str) -> dict[str, str]:
    data = {str(each.get("name")): str(each.get("value")) for each in card.iter("input")}
    button = next(each for each in card.iter("button") if each.get("name") == "state")
    assert button.get("value") == state
    return {**data, "state": state}


def ticks(app: Flask, visitor: Visitor) -> tuple[Any, ...]:
    with app.app_context():
        return store().list_ticks(visitor.record_id)


def press(visitor: Visitor, action: str, state: str = "done") -> Page:
    return visitor.post("/plan/tick", form_of(cards(visitor)[action], state))


def test_one_tap_ticks_an_action_off_and_leads_back_to_it(planned: Visitor) -> None:
    action = some_action(planned)
    assert "Done on" not in text_of(cards(planned)[action])

    page = press(planned, action)

    assert page.path == "/plan"
    assert "Done on" in text_of(cards(planned)[action])
    assert "1 of" in page.text


def test_a_tick_can_be_taken_back_and_what_was_is_kept_as_history(app: Flask, planned: Visitor) -> None:
    action = some_action(planned)
    press(planned, action)
    press(planned, action, "open")

    assert "Done on" not in text_of(cards(planned)[action])
    assert [each["state"] for each in ticks(app, planned)] == ["done", "open"]


def test_a_double_tap_is_one_tick(app: Flask, planned: Visitor) -> None:
    data = form_of(cards(planned)[some_action(planned)], "done")
    planned.post("/plan/tick", data)
    planned.post("/plan/tick", data)

    assert len(ticks(app, planned)) == 1


def test_everything_about_an_action_can_be_set(planned: Visitor) -> None:
    action = some_action(planned)
    page = planned.open(f"/plan/actions/{action}")
    page.send({"state": "later", "who": "family", "when": "30", "note": "Ask Ana on Sunday.\nShe has a drill."})

    said = text_of(cards(planned)[action])
    assert "Later." in said
    assert "You, family or a friend" in said
    assert "Ask Ana on Sunday." in said
    page = planned.open(f"/plan/actions/{action}")
    assert page.chosen("state") == ["later"]
    assert page.chosen("who") == ["family"]
    assert page.chosen("when") == ["as-it-is"]
    assert page.chosen("note") == ["Ask Ana on Sunday.\nShe has a drill."]
    due = date.today() + timedelta(days=30)
    assert f"{due:%B} {due.day}, {due.year}" in page.text


def test_when_a_step_is_settled_the_next_moves_up_and_the_way_back_fits(planned: Visitor) -> None:
    """Done, then put off, then left out: three others stand there, and each of the three says how it is taken back."""
    gone, undo = [], ["Undo: it is not done yet", "Take it up again", "Take it up again"]
    for state in ("done", "later", "not-for-me"):
        first, *others = list(cards(planned))[:3]
        page = planned.post("/plan/tick", {**form_of(cards(planned)[first], "done"), "state": state})
        assert page.path == "/plan"
        assert "Well done." in page.main or "The next step moves up." in page.main
        assert list(cards(planned))[:2] == others
        gone.append(first)
    for name, words in zip(gone, undo, strict=True):
        said = text_of(cards(planned)[name])
        assert words in said
        assert "It is done" not in said
    assert "1 of 2 done" in planned.open("/plan").main, "one is left that was not put off"


def test_a_name_does_a_step_and_stands_in_no_address(planned: Visitor) -> None:
    action = some_action(planned)
    page = planned.open(f"/plan/actions/{action}").send({"name": "Tom Okafor"})
    assert "Tom Okafor, by " in text_of(cards(planned)[action])
    alone = page.follow("Tom Okafor")
    assert "Tom" not in alone.address
    assert set(cards_of(alone)) == {action}
    page = planned.open(f"/plan/actions/{list(cards(planned))[1]}")
    assert "Tom Okafor" in page.main, "a name is offered again"
    assert not [each for each in page.values("who") if "Tom" in each]
    key = next(each for each in page.values("who") if each.startswith("name-"))
    page.send({"who": key})
    assert len(cards_of(planned.open("/plan").follow("Tom Okafor"))) == 2


def test_a_step_of_ones_own_stands_behind_the_first_where_it_was_put(planned: Visitor) -> None:
    first = some_action(planned)
    planned.open("/plan/own").send({"title": "Call the landlord", "first": "yes"})
    order = list(cards(planned))
    assert order[0] == first
    assert order[1].startswith("own-")


def test_what_is_not_for_me_says_why_and_does_not_count(planned: Visitor) -> None:
    first, second = list(cards(planned))[:2]
    planned.open(f"/plan/actions/{first}").send({"state": "not-for-me", "reason": "I rent this room"})
    page = press(planned, second)

    assert "Not for me: I rent this room" in text_of(cards(planned)[first])
    assert "1 of 3 done" in page.text


def test_an_action_of_ones_own_is_added_changed_and_removed(planned: Visitor) -> None:
    planned.open("/plan/own").send({"title": "Call the landlord", "when": "7"})
    name = next(each for each in cards(planned) if each.startswith("own-"))
    assert "Call the landlord" in text_of(cards(planned)[name])
    press(planned, name)
    planned.open(f"/plan/actions/{name}").send({"title": "Call the landlord again"})

    said = text_of(cards(planned)[name])
    assert "Call the landlord again" in said
    assert "Done on" in said
    page = planned.open(f"/plan/actions/{name}")
    planned.post(f"/plan/actions/{name}", {**page.data({}), "remove": "yes"})
    assert name not in cards(planned)
    planned.open(f"/plan/actions/{name}", status=404)


@pytest.mark.parametrize(
    ("path", "typed", "says"),
    [
        ("/plan/own", {"title": ""}, "Write what you will do"),
        ("/plan/own", {"title": "x" * (TITLE_CHARACTERS + 1)}, f"at most {TITLE_CHARACTERS} letters"),
        ("action", {"note": "ñ" * (NOTE_CHARACTERS + 1)}, f"at most {NOTE_CHARACTERS} letters"),
        ("action", {"reason": "x" * (REASON_CHARACTERS + 1), "state": "not-for-me"}, f"at most {REASON_CHARACTERS}"),
    ],
)
def test_what_cannot_be_kept_says_what_to_do_and_is_still_there(
    planned: Visitor, path: str, typed: dict[str, str], says: str
) -> None:
    address = path if path != "action" else f"/plan/actions/{some_action(planned)}"

    page = planned.open(address).send({**typed, "who": "family"}, status=422)

    assert any(says in each for each in page.errors)
    assert page.chosen("who") == ["family"]
    for name, value in typed.items():
        assert page.chosen(name) == [value]


def test_markup_in_a_note_is_text_on_the_page_and_on_the_paper(planned: Visitor) -> None:
    action = some_action(planned)
    planned.open(f"/plan/actions/{action}").send({"note": "<b>bold</b> & <script>alert(1)</script>"})

    card = cards(planned)[action]
    assert "<b>bold</b> & <script>alert(1)</script>" in text_of(card)
    assert [each.tag for each in card.iter() if each.tag in ("script", "b")] == []


def test_two_who_change_other_parts_of_one_action_lose_nothing(planned: Visitor) -> None:
    action = some_action(planned)
    address = f"/plan/actions/{action}"
    one, other = planned.open(address), planned.open(address)
    one.send({"note": "The screws are in the shed."})
    other.send({"who": "family", "state": "done"})

    said = text_of(cards(planned)[action])
    assert "The screws are in the shed." in said
    assert "Done on" in said


def test_two_who_tick_at_once_lose_nothing(app: Flask, planned: Visitor) -> None:
    forms = [form_of(card, "done") for card in cards(planned).values()]
    with ThreadPoolExecutor(4) as pool:
        codes = pool.map(lambda data: send(app, planned.cookie, data), forms)
    assert set(codes) == {303}

    assert all("Done on" in text_of(card) for card in cards(planned).values())


def send(app: Flask, cookie: str, data: dict[str, str]) -> int:
    client = app.test_client(use_cookies=False)
    return client.post("/plan/tick", data=data, headers={"Cookie": cookie}).status_code


def test_a_tick_carries_over_to_the_next_plan(planned: Visitor) -> None:
    action = some_action(planned)
    press(planned, action)
    planned.open("/falls/numb-feet").send({"numb-feet": "yes"})
    planned.see_plan()

    assert "Done on" in text_of(cards(planned)[action])


@pytest.mark.parametrize("action", ["nothing-we-know", "own-0000", "", "../plan"])
def test_an_action_that_is_not_in_the_plan_is_not_found(planned: Visitor, action: str) -> None:
    data = {**form_of(cards(planned)[some_action(planned)], "done"), "action": action}

    planned.post("/plan/tick", data, 404)


def test_nobody_ticks_in_the_record_of_somebody_else(app: Flask, planned: Visitor) -> None:
    data = form_of(cards(planned)[some_action(planned)], "done")
    stranger = Visitor(app)
    page = stranger.open("/")
    data["csrf_token"] = page.settings()["csrf_token"]

    stranger.post("/plan/tick", data, 404)
    assert "Done on" not in planned.open("/plan").text


def test_a_state_that_a_tap_cannot_give_is_refused(planned: Visitor) -> None:
    planned.post("/plan/tick", {**form_of(cards(planned)[some_action(planned)], "done"), "state": "xx"}, 400)


def test_before_the_plan_there_is_nothing_to_tick(visitor: Visitor) -> None:
    visitor.begin()

    assert visitor.open("/plan/own").path != "/plan/own"


def test_the_paper_shows_what_is_done_in_words_and_in_its_box(planned: Visitor, printed: list[str]) -> None:
    first, second = list(cards(planned))[:2]
    press(planned, first)
    planned.open(f"/plan/actions/{second}").send({"state": "not-for-me", "note": "Ask again in May."})
    planned.open("/plan/own").send({"title": "Call the landlord"})

    assert planned.client.get("/plan.pdf").status_code == 200
    for words in (
        'class="box done"',
        'class="box not-for-me"',
        "Done on",
        "Not for me.",
        "Note: Ask again in May.",
        "My own steps",
        "Call the landlord",
    ):
        assert words in printed[0]


def test_what_waits_for_a_doctor_has_no_day_until_somebody_sets_one(visitor: Visitor, printed: list[str]) -> None:
    visitor.begin()
    visitor.take("/about/age", {"age": "78", "sex": "female", "spine-fracture-now": "yes"}, "no")
    visitor.tick()
    visitor.take("/falls/fell-past-year", {"fell-past-year": "yes", "unsteady-walking": "yes"}, "no")
    visitor.see_plan()

    said = text_of(cards(visitor)["book-strength-and-balance"])
    assert "Start strength and balance work later" in said
    assert ", when your doctor says yes" in said
    visitor.client.get("/plan.pdf")
    assert "When your doctor says yes" in printed[0]
    visitor.open("/plan/actions/book-strength-and-balance").send({"when": "30"})
    due = date.today() + timedelta(days=30)
    assert f"by {due:%B} {due.day}, {due.year}" in text_of(cards(visitor)["book-strength-and-balance"])
