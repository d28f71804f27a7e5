"""Sharing a plan: what a caregiver sees and may do, and everything that stays with the owner."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from tests.page_checks import text_of
from tests.pdf_text import pages_of, text_of_paper
from tests.tapping import code_of, link_of
from tests.test_web_pages import ROUTES
from tests.visitor import Page, Visitor
from web.core.stores import store
from web.sharing.shares import NAME_CHARACTERS

PRIVATE = "self-harm"


@pytest.fixture
def planned(after_falls_and_home: Visitor) -> Visitor:
    return after_falls_and_home


def share(visitor: Visitor, **fields: str) -> Page:
    """The page with the link and the code of a new share."""
    return visitor.open("/share").send({"name": "Ana", **fields})


def come(app: Flask, page: Page) -> Visitor:
    """Somebody with another phone, who has opened the link of this page."""
    other = Visitor(app)
    assert other.open(link_of(page)).send({}).path.startswith("/shared/")
    return other


def at(page_of_share: Page) -> str:
    return page_of_share.path.replace("/share/", "/shared/")


def cards(page: Page) -> dict[str, Any]:
    return {str(each.get("id")): each for each in page.tree.iter("article") if each.get("id")}


def tick(visitor: Visitor, page: Page) -> Page:
    """Done, on the first card."""
    card = next(iter(cards(page).values()))
    form = next(each for each in card.iter("form"))
    data = {str(each.get("name")): str(each.get("value")) for each in form.iter("input")}
    return visitor.post(str(form.get("action")), {**data, "state": "done"})


def test_a_caregiver_sees_the_plan_in_words_about_another_person(app: Flask, planned: Visitor) -> None:
    made = share(planned)
    page = come(app, made).open(f"{at(made)}/plan")

    assert page.h1 == "The plan shared with Ana"
    assert "The falls check shows" in page.main
    assert "Your falls check" not in page.main
    assert "Because you told us" not in page.main
    assert "Because of these answers:" in page.main
    assert "The person this plan is for" in page.main
    assert set(cards(page)) == set(cards(planned.open("/plan")))


def test_a_code_opens_it_too(app: Flask, planned: Visitor) -> None:
    made = share(planned)
    other = Visitor(app)

    assert other.open("/code").send({"code": code_of(made)}).path == f"{at(made)}/plan"


def test_what_a_caregiver_ticks_carries_their_name_for_both(app: Flask, planned: Visitor) -> None:
    made = share(planned)
    ana = come(app, made)

    page = tick(ana, ana.open(f"{at(made)}/plan"))

    assert page.path == f"{at(made)}/plan"
    assert "by Ana." in page.main
    assert "by Ana." in planned.open("/plan").main
    assert "by Ana" in text_of_paper(planned.client.get("/plan.pdf").data)


def test_two_people_tick_and_nothing_is_lost(app: Flask, planned: Visitor) -> None:
    made = share(planned)
    ana = come(app, made)
    mine, hers = planned.open("/plan"), ana.open(f"{at(made)}/plan")
    first, second = list(cards(mine))[:2]
    for visitor, page, name in ((planned, mine, first), (ana, hers, second)):
        form = next(cards(page)[name].iter("form"))
        data = {str(each.get("name")): str(each.get("value")) for each in form.iter("input")}
        visitor.post(str(form.get("action")), {**data, "state": "done"})

    for page in (planned.open("/plan"), ana.open(f"{at(made)}/plan")):
        assert "2 of" in page.main
        assert all("Done on" in text_of(cards(page)[name]) for name in (first, second))


def test_a_caregiver_sets_notes_days_and_own_steps_and_stays_within_the_share(app: Flask, planned: Visitor) -> None:
    made = share(planned)
    ana = come(app, made)
    page = ana.open(f"{at(made)}/own").send({"title": "Ask my brother for his drill"})
    assert page.path == f"{at(made)}/plan"
    assert "Ask my brother" in planned.open("/plan").main

    change = next(href for text, href in page.links().items() if text.startswith("Change or add a note"))
    assert change.startswith(f"{at(made)}/actions/")
    page = ana.open(change).send({"note": "On Sunday", "state": "later"})
    assert page.path == f"{at(made)}/plan"
    assert "On Sunday" in planned.open("/plan").main


def test_ticks_on_the_fridge_are_copied_by_whom_it_is_shared_with(app: Flask, planned: Visitor) -> None:
    made = share(planned)
    ana = come(app, made)
    page = ana.open(f"{at(made)}/plan").follow("Copy the ticks from paper")
    assert page.path == f"{at(made)}/from-paper"

    page = page.send({"done": page.values("done")[:3]})

    assert page.path == f"{at(made)}/plan"
    assert "3 of" in page.main
    assert planned.open("/plan").main.count("by Ana.") == 3


def test_whom_may_only_see_finds_no_button_and_cannot_send(app: Flask, planned: Visitor) -> None:
    made, may_tick = share(planned, right="see"), share(planned, name="Bea")
    ana, bea = come(app, made), come(app, may_tick)
    page = ana.open(f"{at(made)}/plan")
    assert not [each for card in cards(page).values() for each in card.iter("button")]
    assert "Change or add a note" not in page.main

    before = store().list_ticks(planned.record_id)
    form = next(next(iter(cards(bea.open(f"{at(may_tick)}/plan")).values())).iter("form"))
    data = {str(each.get("name")): str(each.get("value")) for each in form.iter("input")}
    token = {"csrf_token": ana.open("/settings").hidden("csrf_token")}
    for path in ("tick", "own", "actions/secure-rugs", "from-paper"):
        refused = ana.post(f"{at(made)}/{path}", {**data, **token, "state": "done", "title": "x"}, 403)
        assert refused.h1 == "You may look at this plan, and not change it"
    for path in ("own", "actions/secure-rugs", "from-paper"):
        ana.open(f"{at(made)}/{path}", 403)
    assert store().list_ticks(planned.record_id) == before


def test_a_caregiver_reaches_no_page_of_the_owner(app: Flask, planned: Visitor) -> None:
    made = share(planned)
    ana = come(app, made)
    record = planned.record_id
    token = ana.open("/settings").hidden("csrf_token")
    for (method, rule), who in ROUTES.items():
        if who != "record" or "<" in rule:
            continue
        if method == "GET":
            response = ana.client.get(rule)
        else:
            response = ana.client.post(rule, data={"csrf_token": token, "record": record})
        assert response.status_code == 404, rule
    assert record not in ana.open(f"{at(made)}/plan").html


def test_a_stranger_with_the_address_alone_sees_nothing(app: Flask, planned: Visitor) -> None:
    made = share(planned)
    stranger = Visitor(app)
    token = stranger.open("/for-whom").hidden("csrf_token")
    for path in ("plan", "plan.pdf", "shopping", "shopping.pdf", "own", "actions/secure-rugs"):
        assert stranger.client.get(f"{at(made)}/{path}").status_code == 404, path
    for path in ("tick", "own", "actions/secure-rugs", "from-paper"):
        assert stranger.post(f"{at(made)}/{path}", {"csrf_token": token}, 404).h1 == "This plan is not open to you"


def test_taken_back_it_is_closed_at_once_and_the_page_says_what_to_do(app: Flask, planned: Visitor) -> None:
    made = share(planned)
    ana = come(app, made)
    asked = made.send({})
    assert asked.h1 == "Take it back from Ana?"
    assert ana.open(f"{at(made)}/plan").status == 200, "one slip of a finger takes nothing back"
    page = asked.send({})
    assert page.path == "/share"
    assert "They cannot open your plan any more." in page.main
    assert "Ana" not in page.main.replace("like Ana", "")
    assert planned.open(made.path).path == "/share", "a page before this one leads back"

    gone = ana.open(f"{at(made)}/plan", 404)
    assert gone.h1 == "This plan is not open to you"
    assert "Ask them for a new link." in gone.main
    assert Visitor(app).open(link_of(made)).send({}, 404).h1 == "This link opens nothing"
    assert ana.client.get(f"{at(made)}/plan.pdf").status_code == 404


def test_over_it_is_told_like_taken_back(app: Flask, planned: Visitor) -> None:
    made = share(planned, days="7")
    ana = come(app, made)
    with time_machine.travel(date.today() + timedelta(days=8)):
        assert ana.open(f"{at(made)}/plan", 404).h1 == "This plan is not open to you"
        assert "Ana" not in planned.open("/share").main.replace("like Ana", "")


def test_the_owner_sees_when_it_was_looked_at(app: Flask, planned: Visitor) -> None:
    made = share(planned)
    assert "Not looked at yet." in planned.open("/share").main
    come(app, made)
    assert "Last looked at on" in planned.open("/share").main


def test_what_was_told_of_self_harm_is_in_no_share(app: Flask, planned: Visitor) -> None:
    made = share(planned)
    ana = come(app, made)
    planned.tick("thoughts-of-self-harm").send({"answer": "called"})
    words = ("harming", "ending my life", "self-harm", "Thoughts", "Thank you for telling us")

    def pages() -> list[str]:
        paper = text_of_paper(ana.client.get(f"{at(made)}/plan.pdf").data)
        own = f"{at(made)}/actions/secure-rugs"
        shown = [ana.open(path).text for path in (f"{at(made)}/plan", f"{at(made)}/shopping", own)]
        return [*shown, paper]

    for text in pages():  # it stands today, and no plan knows of it yet
        assert not [word for word in words if word in text]
    assert "Someone to talk to" not in ana.open(f"{at(made)}/plan").main
    planned.see_plan()
    for text in pages():
        assert not [word for word in words if word in text]
    assert "Someone to talk to" in ana.open(f"{at(made)}/plan").text
    assert "988" in ana.open(f"{at(made)}/plan").text
    assert "Thoughts of self-harm" in planned.open("/plan").text


def test_the_test_above_would_see_it(app: Flask, planned: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its red twin: with names that are not private, it is there."""
    made = share(planned)
    ana = come(app, made)
    planned.tick("thoughts-of-self-harm").send({"answer": "called"})
    import web.plan.access

    told = web.plan.access.warnings_on_top
    monkeypatch.setattr(web.plan.access, "warnings_on_top", lambda *given, **_to_others: told(*given))
    assert "Thoughts of self-harm" in ana.open(f"{at(made)}/plan").text


def test_a_warning_of_today_heads_the_shared_plan_at_once(app: Flask, planned: Visitor) -> None:
    made = share(planned)
    ana = come(app, made)
    planned.tick("back-pain-fever")

    page = ana.open(f"{at(made)}/plan")

    assert page.main.index("TODAY") < page.main.index("The plan shared with Ana")


def test_of_two_forms_of_a_warning_the_more_urgent_heads_the_shared_plan(app: Flask, planned: Visitor) -> None:
    planned.open("/falls/fall-blackout").send({"fall-blackout": "yes"})
    planned.see_plan()
    made = share(planned)
    ana = come(app, made)
    assert "SOON" in ana.open(f"{at(made)}/plan").main

    planned.tick("blackout")

    page = ana.open(f"{at(made)}/plan")
    assert "TODAY" in page.main
    assert "Do not drive" in page.main


def test_no_paper_leaves_out_a_sign_of_today(app: Flask, planned: Visitor) -> None:
    made = share(planned)
    ana = come(app, made)
    planned.tick("back-pain-fever")

    for path in ("plan.pdf", "shopping.pdf"):
        response = ana.client.get(f"{at(made)}/{path}")
        assert (response.status_code, response.location) == (303, f"{at(made)}/plan")
    planned.see_plan()
    assert ana.client.get(f"{at(made)}/plan.pdf").status_code == 200


def test_no_level_stands_beside_a_sign_that_needs_help_now(app: Flask, planned: Visitor) -> None:
    made = share(planned)
    ana = come(app, made)
    planned.tick("stroke-signs")

    page = ana.open(f"{at(made)}/plan")

    assert "First, get help." in page.main
    assert "raised risk" not in page.main


def test_what_is_shared_is_taken_back_also_while_a_sign_needs_help_now(app: Flask, planned: Visitor) -> None:
    made = share(planned)
    come(app, made)
    planned.tick("stroke-signs")

    assert planned.open(made.path).send({}).send({}).path == "/warning-signs/now"
    assert store().list_shares(planned.record_id) == ()


def test_whose_plan_it_is_heads_the_page_of_whom_it_is_shared_with(app: Flask, planned: Visitor) -> None:
    made = share(planned, of="Mom")
    ana = come(app, made)

    assert ana.open(f"{at(made)}/plan").h1 == "The plan of Mom"
    assert "The plan of Mom, until" in ana.open("/shared").main
    assert ana.open("/").follow("Plans that are shared with you").path == "/shared"


def test_notes_and_steps_name_whoever_wrote_them_and_only_they_and_the_owner_remove_a_step(
    app: Flask, planned: Visitor
) -> None:
    made, second = share(planned), share(planned, name="Bea")
    ana, bea = come(app, made), come(app, second)
    page = ana.open(f"{at(made)}/own").send({"title": "Buy night lights", "note": "I pay."})
    own = next(href for text, href in page.links().items() if text.endswith(": Buy night lights"))
    step = own.rpartition("/")[2]

    plan = planned.open("/plan").main
    assert "Added by Ana." in plan
    assert "Note by Ana: I pay." in plan
    text = text_of_paper(planned.client.get("/plan.pdf").data)
    assert "Added by Ana." in text
    assert "Note by Ana: I pay." in text

    of_bea = bea.open(f"{at(second)}/actions/{step}")
    assert "Remove this from the plan" not in of_bea.main
    bea.post(f"{at(second)}/actions/{step}", {**of_bea.data({}), "remove": "yes"})
    assert "Buy night lights" in planned.open("/plan").main
    assert "Remove this from the plan" in planned.open(f"/plan/actions/{step}").main
    ana.open(own).send({"remove": "yes"})
    assert "Buy night lights" not in planned.open("/plan").main


def test_the_steps_of_ones_own_are_counted(app: Flask, planned: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.plan.ticks.MOST_OWN", 1)
    made = share(planned)
    ana = come(app, made)
    ana.open(f"{at(made)}/own").send({"title": "One"})
    page = ana.open(f"{at(made)}/own").send({"title": "Two"}, 422)
    assert page.errors == ["There are 1 steps like this already. Remove one first."]
    assert page.chosen("title") == ["Two"]


def test_whom_it_is_shared_with_cannot_use_up_the_ticks_of_the_owner(
    app: Flask, planned: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.store.store.MOST_TICKS", 3)
    monkeypatch.setattr("web.plan.ticks.RESERVED_FOR_OWNER", 2)
    made = share(planned)
    ana = come(app, made)
    tick(ana, ana.open(f"{at(made)}/plan"))

    full = ana.open(f"{at(made)}/own").send({"title": "Ask my brother"}, 409)

    assert full.h1 == "No more fits in here"
    assert "Ask my brother" in planned.open("/plan/own").send({"title": "Ask my brother"}).main


def test_a_text_that_waits_is_gone_once_it_was_sent(app: Flask, planned: Visitor) -> None:
    made = share(planned)
    ana = come(app, made)
    page = ana.open(f"{at(made)}/actions/secure-rugs")
    ana.post("/settings", {**page.data({"note": "OLD"}), "text": "larger"})
    page = ana.open(f"{at(made)}/actions/secure-rugs")
    assert page.chosen("note") == ["OLD"]
    page.send({})
    planned.open("/plan/actions/secure-rugs").send({"note": "NEW"})

    assert ana.open(f"{at(made)}/actions/secure-rugs").chosen("note") == ["NEW"]


def test_ones_own_warnings_do_not_head_the_plan_of_another(app: Flask, planned: Visitor) -> None:
    made = share(planned)
    ana = come(app, made)
    ana.begin()
    ana.tick("back-pain-fever")

    for path in ("plan", "shopping", "own"):
        assert "TODAY" not in ana.open(f"{at(made)}/{path}").text
    assert "TODAY" in ana.open("/checklists").text


def test_a_plan_that_was_not_made_yet_is_said_kindly(app: Flask, planned: Visitor) -> None:
    made = share(planned)
    ana = come(app, made)
    record = planned.record_id
    new = store().create_record(content_hash="x", data=store().get_draft(record).data).record_id
    shared = store().make_share(new, submit_key="k", name="Ana", right="see", days=7)
    Visitor.open(ana, f"/open/{shared.link}")
    page = ana.post("/open", {"csrf_token": ana.open("/settings").hidden("csrf_token"), "token": shared.link}, 404)

    assert page.h1 == "There is no plan yet"


@pytest.mark.parametrize(
    ("name", "says"),
    [("", "Write a name"), ("   ", "Write a name"), ("A" * (NAME_CHARACTERS + 1), "Use at most 40 letters"),
     ("\u202e", "Write a name"), ("สมชาย", "We cannot print this: ส ม ช า ย."), ("self", "letters only"), ("Helper", "letters only")],
)  # fmt: skip
def test_a_name_that_cannot_be_is_told_with_all_that_was_chosen_kept(planned: Visitor, name: str, says: str) -> None:
    page = planned.open("/share").send({"name": name, "right": "see", "days": "7"}, 422)

    assert says in page.errors[0]
    assert page.chosen("right") == ["see"]
    assert page.chosen("days") == ["7"]
    assert store().list_shares(planned.record_id) == ()


def test_characters_that_no_page_may_hold_are_left_out(planned: Visitor) -> None:
    page = planned.open("/share").send({"name": "A\u0007n\u0000a"})

    assert page.h1 == "Shared with Ana"


def test_nothing_but_the_named_rights_and_days_is_taken(planned: Visitor) -> None:
    data = planned.open("/share").data({"name": "Ana"})
    planned.post("/share", {**data, "right": "own", "days": "99999"})
    (made,) = store().list_shares(planned.record_id)
    assert made.right == "tick"
    assert made.until == date.today() + timedelta(days=90)


def test_a_double_tap_makes_one_share(planned: Visitor) -> None:
    data = planned.open("/share").data({"name": "Ana"})
    assert planned.post("/share", data).path == planned.post("/share", data).path
    assert len(store().list_shares(planned.record_id)) == 1


def test_nobody_sees_or_takes_back_the_share_of_another_owner(app: Flask, planned: Visitor) -> None:
    made = share(planned)
    other = Visitor(app)
    other.begin()
    assert other.client.get(made.path).status_code == 303
    assert code_of(made) not in other.open(made.path).text
    assert other.client.get(f"{made.path}/qr.svg").status_code == 404
    assert other.client.get(f"{made.path}/slip.pdf").status_code == 404
    form = {"csrf_token": other.open("/settings").hidden("csrf_token"), "record": other.record_id}
    other.post(f"{made.path}/take-back", form)
    assert len(store().list_shares(planned.record_id)) == 1


def test_the_steps_of_one_person_alone_keep_their_numbers(app: Flask, planned: Visitor) -> None:
    made = share(planned)
    ana = come(app, made)
    for visitor, path in ((planned, "/plan"), (ana, f"{at(made)}/plan")):
        page = visitor.open(path)
        handy = page.follow("A handy person")
        assert 0 < len(cards(handy)) < len(cards(page))
        assert all("A handy person" in text_of(card) for card in cards(handy).values())
        on_paper = visitor.open("/plan/from-paper" if visitor is planned else f"{at(made)}/from-paper").main
        titles = {name: text_of(next(card.iter("h3"))) for name, card in cards(handy).items()}
        assert all(f"{mark}. {titles[name]}" in on_paper for name, mark in numerals(handy).items())
        assert numerals(handy).keys() == titles.keys()
        assert set(cards(handy.follow("All steps"))) == set(cards(page))


def numerals(page: Page) -> dict[str, str | None]:
    """The numbers of the paper beside the steps that have one."""
    spans = ((name, each) for name, card in cards(page).items() for each in card.iter("span"))
    return {name: each.text for name, each in spans if each.get("class") == "numeral"}


@pytest.mark.parametrize("who", ["nobody", "", "<script>"])
def test_an_owner_that_is_none_shows_everything(planned: Visitor, who: str) -> None:
    assert set(cards(planned.open(f"/plan?who={who}"))) == set(cards(planned.open("/plan")))


def test_the_shopping_list_names_thing_place_cost_and_step_and_shrinks_as_steps_are_done(
    app: Flask, planned: Visitor
) -> None:
    made = share(planned)
    ana = come(app, made)
    page = ana.open(f"{at(made)}/plan").follow("What to buy")
    assert "Firm rails for both sides" in page.main
    assert "Cost: Over $300." in page.main
    assert "Ask before you move things" in page.main
    assert "Ask before you move things" not in planned.open("/plan/shopping").main

    text = text_of_paper(ana.client.get(f"{at(made)}/shopping.pdf").data)
    for words in ("Firm rails for both sides", "Over $300", "Ask before you move things"):
        assert words in text

    plan = planned.open("/plan")
    form = next(cards(plan)["action-fit-stair-rails"].iter("form"))
    data = {str(each.get("name")): str(each.get("value")) for each in form.iter("input")}
    planned.post(str(form.get("action")), {**data, "state": "done"})
    assert "Firm rails for both sides" not in ana.open(f"{at(made)}/shopping").main


def test_the_shared_paper_has_neither_link_nor_code_of_the_owner_nor_a_page_for_the_doctor(
    app: Flask, planned: Visitor
) -> None:
    kept = planned.open("/keep").send({})
    made = share(planned)
    ana = come(app, made)

    def text(visitor: Visitor, path: str) -> str:
        return text_of_paper(visitor.client.get(path).data)

    code = code_of(kept)
    assert code in text(planned, "/plan.pdf")
    shared = text(ana, f"{at(made)}/plan.pdf?clinician=yes&photos=yes&plan=1")
    assert not re.search(r"\b[2-9A-Y]{4}-[2-9A-Y]{4}-[2-9A-Y]{4}\b", shared)
    assert "For your doctor" not in shared


def test_the_slips_carry_link_code_and_until_when(app: Flask, planned: Visitor) -> None:
    made, kept = share(planned, days="7"), planned.open("/keep").send({})
    until = date.today() + timedelta(days=7)

    slips = {made: f"{made.path}/slip.pdf", kept: "/keep/slip.pdf"}
    for page, path in slips.items():
        response = planned.client.get(path)
        assert response.headers["Cache-Control"] == "no-store"
        (sheet,) = pages_of(response.data)
        assert code_of(page) in sheet
    assert f"{until:%B} {until.day}, {until.year}" in text_of_paper(planned.client.get(slips[made]).data)
    made.send({}).send({})
    assert planned.client.get(slips[made]).status_code == 404


def test_two_plans_shared_with_one_phone_stand_side_by_side(app: Flask, planned: Visitor) -> None:
    made = share(planned)
    ana = come(app, made)
    second = share(planned, name="Bea")
    ana.open(link_of(second)).send({})

    page = ana.open("/shared")
    assert {f"{at(made)}/plan", f"{at(second)}/plan"} <= set(page.links().values())
    assert f"{at(second)}/plan" in ana.open(f"{at(made)}/plan").links().values()


def test_the_token_stands_in_no_address_after_the_tap(app: Flask, planned: Visitor) -> None:
    made = share(planned)
    ana = come(app, made)
    page = ana.open(f"{at(made)}/plan")

    token = link_of(made).removeprefix("/open/")
    assert token not in page.html
    assert page.headers["Referrer-Policy"] == "strict-origin"


def test_a_sign_that_is_over_heads_the_shared_plan_no_more_and_its_steps_wait(app: Flask, planned: Visitor) -> None:
    planned.tick("back-pain-fever")
    planned.see_plan()
    made = share(planned)
    ana = come(app, made)
    assert "TODAY" in ana.open(f"{at(made)}/plan").main
    planned.tick()

    page = ana.open(f"{at(made)}/plan")

    assert "TODAY" not in page.main
    assert "The steps wait for a new plan." in page.main
    assert ana.client.get(f"{at(made)}/plan.pdf").status_code == 303
    planned.see_plan()
    assert "The steps wait" not in ana.open(f"{at(made)}/plan").main
