"""Checking again: the signs anew, the last answers kept, what may have changed first, and both plans kept."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from shutil import copytree

import pytest
import time_machine

from answers.check_again import COUNTS_DAYS
from checklists.loading.load import DEFINITIONS
from tests.page_checks import one, text_of
from tests.pdf_text import pages_of, text_of_paper
from tests.visitor import After, Page, Visitor
from web.asking.way_through import MOST_ASKED
from web.core.settings import definitions
from web.core.stores import store
from web.visitor.budgets import Budget

OLD_TITLE = "Remove loose rugs or fix them down"
EARLIER = date.today() - timedelta(days=60)


def reach(visitor: Visitor) -> None:
    with time_machine.travel(EARLIER):
        visitor.begin()
        visitor.take("/about/age", {"age": "72", "sex": "female", "hospital-past-3-months": "no"}, "no")
        visitor.tick()
        visitor.take("/falls/fell-past-year", {"unsteady-walking": "yes", "numb-feet": "unsure"}, "no")
        visitor.take("/home/outside", {"floors-loose-rugs": "yes", "stairs-no-rails": "yes"}, "no")
        visitor.see_plan()


@pytest.fixture
def planned(after: After) -> Visitor:
    """Somebody of 72 whose plan was made 60 days ago."""
    return after(reach)


def begin(visitor: Visitor) -> Page:
    """The first page after the signs of today."""
    visitor.open("/check-again").send({})
    return visitor.tick()


def test_it_is_offered_on_the_plan_and_with_the_checklists_once_there_is_a_plan(visitor: Visitor) -> None:
    visitor.begin()
    assert "Check again" not in visitor.open("/checklists").main
    assert visitor.open("/check-again").path != "/check-again"

    visitor.tick()
    visitor.open("/falls/numb-feet").send({"numb-feet": "yes"})
    visitor.see_plan()

    assert visitor.open("/checklists").follow("Check again").path == "/check-again"
    assert visitor.open("/plan").follow("Check again").path == "/check-again"


def test_the_signs_are_asked_anew_and_nothing_is_taken_as_ticked(planned: Visitor) -> None:
    planned.tick("back-pain-fever")
    page = planned.open("/check-again").send({})

    assert page.path == "/warning-signs/after-a-fall"
    assert page.chosen("signs") == []
    assert planned.tick().path == "/check-again"


def test_a_sign_that_needs_help_now_comes_before_all_else(planned: Visitor) -> None:
    planned.open("/check-again").send({})
    page = planned.tick("stroke-signs")
    assert page.path == "/warning-signs/now"
    assert planned.open("/check-again").path == "/warning-signs/now"

    assert page.send({"answer": "called"}).path == "/check-again"


def answer_all(page: Page) -> tuple[Page, list[str]]:
    """Goes through the questions: the last answer where it is marked, else no; the page after them, and their paths."""
    asked = []
    while page.path != "/check-again":
        asked.append(page.path)
        name = next(each for each in page.names if not each.endswith("-unsure"))
        page = page.send({} if page.chosen(name) else {name: "no"})
    return page, asked


SPANS = {f"/about/{each}" for each in ("spine-fracture-now", "hospital-past-3-months", "cannot-walk")} | {
    "/falls/fell-past-year"
}
FOLLOW_UPS = {f"/falls/{each}" for each in ("fell-twice", "fall-injury", "fall-long-lie", "fall-blackout")}


def test_at_most_ten_questions_are_asked_one_after_the_other_and_lead_back(planned: Visitor) -> None:
    page = begin(planned).send({})
    assert "Check again: 1 of" in text_of(one(page.tree, "body"))
    page, asked = answer_all(page)

    assert set(asked[:4]) == SPANS
    assert 5 <= len(asked) <= MOST_ASKED
    assert page.h1 == "Thank you. That is all for today."
    assert f"{len(asked)} questions were asked again" in page.main
    assert f"Last answered {EARLIER:%B} {EARLIER.day}" in page.main
    assert page.follow("Your home, room by room").path == "/review/home"
    assert page.send({}).path == "/results"


def test_what_spans_time_is_asked_as_if_for_the_first_time_the_rest_with_its_last_answer(planned: Visitor) -> None:
    page = begin(planned).send({})
    while page.path != "/check-again":
        spans, name = page.path in SPANS | FOLLOW_UPS, page.names[0]
        assert bool(page.chosen(name)) != spans
        assert ("Is it still so?" in page.main) != spans
        page = page.send({name: "no"} if spans else {})


def test_a_new_fall_brings_its_follow_ups_in_the_place_of_others(planned: Visitor) -> None:
    page = begin(planned).send({})
    while page.path != "/falls/fell-past-year":
        page = page.send({page.names[0]: "no"})
    page, asked = answer_all(page.send({"fell-past-year": "yes"}))

    assert set(asked) >= FOLLOW_UPS
    assert len(asked) + len(SPANS) <= MOST_ASKED


def test_what_was_skipped_is_not_answered_and_the_rest_is_carried_over_with_its_day(planned: Visitor) -> None:
    begin(planned)
    planned.see_plan()

    draft = store().get_draft(planned.record_id).data
    assert "fell-past-year" not in draft["lists"]["falls"]
    assert "hospital-past-3-months" not in draft["about"]
    assert draft["lists"]["falls"]["unsteady-walking"] == "yes"
    assert draft["carried"]["falls.unsteady-walking"] == EARLIER.isoformat()
    planned.open("/falls/unsteady-walking").send({"unsteady-walking": "no"})
    assert "falls.unsteady-walking" not in store().get_draft(planned.record_id).data["carried"]


@pytest.mark.parametrize("answer", ["yes", "unsure"])
def test_what_made_the_plan_careful_is_asked_before_there_is_a_new_one(planned: Visitor, answer: str) -> None:
    with time_machine.travel(EARLIER):
        planned.open("/about/cannot-walk").send({"cannot-walk": answer})
        planned.see_plan()
    plans = len(store().list_submissions(planned.record_id))

    page = planned.open("/see-my-plan?as=is")
    assert page.path == "/check-again"
    assert "See my plan without being asked again" not in page.links()
    begin(planned)
    page = planned.open("/see-my-plan")
    assert page.path == "/about/cannot-walk"
    key = {"csrf_token": planned.open("/plan/own").hidden("csrf_token"), "record": planned.record_id}
    planned.post("/see-my-plan", {**key, "submit_key": "0" * 32})
    assert len(store().list_submissions(planned.record_id)) == plans

    page.send({"cannot-walk": "no"})
    planned.see_plan()
    assert len(store().list_submissions(planned.record_id)) == plans + 1


def test_what_is_fixed_is_ticked_and_the_rest_stays(planned: Visitor) -> None:
    page = begin(planned).send({"fixed": ["home.floors-loose-rugs"]})
    assert page.path == "/about/spine-fracture-now"
    kept = store().get_draft(planned.record_id).data["lists"]["home"]
    assert (kept["floors-loose-rugs"], kept["stairs-no-rails"]) == ("no", "yes")

    page = planned.open("/check-again")
    assert page.chosen("fixed") == ["home.floors-loose-rugs"]
    page.send({"fixed": []})
    assert store().get_draft(planned.record_id).data["lists"]["home"]["floors-loose-rugs"] == "yes"


@pytest.mark.parametrize(
    "named", ["home.bath-slippery", "falls.unsteady-walking", "home.no-such", "x", "about.age", ""]
)
def test_nothing_is_made_no_that_was_not_there_to_fix(planned: Visitor, named: str) -> None:
    page = begin(planned)
    before = store().get_draft(planned.record_id).data

    planned.post("/check-again/fixed", {**page.data({}), "fixed": named})

    after = store().get_draft(planned.record_id).data
    assert {name: after["lists"].get(name) for name in ("home", "posture", "falls")} == {
        name: before["lists"].get(name) for name in ("home", "posture", "falls")
    }


def test_what_the_plan_says_is_done_is_ticked_until_somebody_says_it_is_not(planned: Visitor) -> None:
    key = {"csrf_token": planned.open("/plan/own").hidden("csrf_token"), "record": planned.record_id}
    planned.post("/plan/tick", {**key, "action": "secure-rugs", "state": "done", "submit_key": "0" * 32})

    page = begin(planned)
    assert "Done on" in page.main
    assert page.chosen("fixed") == ["home.floors-loose-rugs"]
    assert store().get_draft(planned.record_id).data["lists"]["home"]["floors-loose-rugs"] == "yes"

    page.send({"fixed": []})
    assert planned.open("/check-again").chosen("fixed") == []


def test_both_plans_are_kept_and_what_changed_is_told(planned: Visitor) -> None:
    begin(planned).send({"fixed": ["home.floors-loose-rugs"]})
    planned.open("/falls/unsteady-walking?then=again").send({"unsteady-walking": "no"})
    planned.open("/falls/fell-past-year?then=again").send({"fell-past-year": "no"})
    assert "1 point fewer: Falls. 1 thing is fixed." in planned.see_plan().main

    assert len(store().list_submissions(planned.record_id)) == 2
    assert store().get_draft(planned.record_id).data["again"] is None
    plan = planned.open("/plan")
    assert "1 point fewer: Falls. 1 thing is fixed." in plan.main
    assert "Your answers have changed" not in plan.main
    page = plan.follow("See what changed since")
    assert "1 thing fewer to fix. Things then: 2. Things now: 1." in page.main
    assert "Loose rugs" in page.main


def test_what_was_asked_a_week_ago_is_an_old_answer_again(planned: Visitor) -> None:
    with time_machine.travel(date.today() - timedelta(days=COUNTS_DAYS)):
        begin(planned).send({}).send({"spine-fracture-now": "no"})
        assert "1 question was asked again" in planned.open("/check-again").main
        assert "Go on with checking again" in planned.open("/plan").main
    assert planned.open("/check-again").h1 == "Check again"
    assert "Go on with checking again" not in planned.open("/plan").main
    assert "asked again" not in begin(planned).main


def test_an_old_plan_is_not_made_anew_without_being_asked_again_and_says_what_was_not(planned: Visitor) -> None:
    assert "This plan is from" in planned.open("/plan").main
    page = planned.open("/see-my-plan")
    assert page.h1 == "Check again"

    page.follow("See my plan without being asked again").send({})

    told = f"18 answers are from {EARLIER:%B} {EARLIER.day}, {EARLIER.year} or before. They were not asked again."
    for path in ("/plan", "/results"):
        assert told in planned.open(path).main
    assert told in text_of_pdf(planned, "/plan.pdf")
    assert "This plan is from" not in planned.open("/plan").main


def test_a_plan_that_was_refused_makes_no_answer_old(planned: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    answer_all(begin(planned).send({}))
    before = store().get_draft(planned.record_id).data["lists"]
    with monkeypatch.context() as patch:
        patch.setattr("web.visitor.stored_plan.PLANS_OF_A_RECORD", Budget(name="plans", by_one=0.5, by_all=9))
        refused = planned.open("/see-my-plan")
        refused.send({}, 429)
    refused.send({})

    assert "This plan is from" not in planned.open("/plan").main
    assert store().get_draft(planned.record_id).data["lists"] == before


def test_sent_again_it_makes_one_plan(planned: Visitor) -> None:
    begin(planned).send({}).send({"spine-fracture-now": "no"})
    planned.see_plan()

    assert "18 answers are from" in planned.open("/plan").main
    data = planned.open("/see-my-plan").data({})
    for _ in range(2):
        planned.post("/see-my-plan", data)
    assert len(store().list_submissions(planned.record_id)) == 3


def test_what_is_done_and_no_longer_in_the_plan_still_counts_for_the_person(planned: Visitor) -> None:
    key = {"csrf_token": planned.open("/plan/own").hidden("csrf_token"), "record": planned.record_id}
    planned.post("/plan/tick", {**key, "action": "secure-rugs", "state": "done", "submit_key": "0" * 32})
    begin(planned).send({"fixed": ["home.floors-loose-rugs"]})
    planned.see_plan()

    assert "1 step is done that is no longer in the plan." in planned.open("/plan").main


@pytest.mark.parametrize(
    ("query", "pages", "changed"),
    [("much=first", 1, False), ("much=first&print=24", 1, False), ("", 2, False), ("changes=yes", 2, True)],
)
def test_the_paper_can_be_the_first_page_alone_or_go_without_what_changed(
    planned: Visitor, query: str, pages: int, changed: bool
) -> None:
    begin(planned).send({"fixed": ["home.floors-loose-rugs"]})
    planned.see_plan()

    paper = pages_of(planned.client.get(f"/plan.pdf?{query}").data)
    assert len(paper) == 1 if pages == 1 else len(paper) >= pages
    assert ("What changed since" in " ".join(" ".join(paper).split())) == changed


def test_a_double_tap_on_the_new_plan_makes_one(planned: Visitor) -> None:
    begin(planned)
    page = planned.open("/see-my-plan")
    data = page.data({})
    for _ in range(2):
        planned.post("/see-my-plan", data)

    assert len(store().list_submissions(planned.record_id)) == 2


def test_what_changed_can_be_asked_of_any_plan_and_of_no_other(planned: Visitor) -> None:
    begin(planned)
    planned.see_plan()

    for number in ("3", "0", "-1", "x", "1.0", "²"):
        planned.open(f"/changes?since={number}", 404)
        assert planned.client.get(f"/plan.pdf?plan={number}").status_code == 404
    assert planned.open("/changes?since=1").h1.startswith("What changed since")


def test_with_one_plan_there_is_nothing_to_compare_yet(planned: Visitor) -> None:
    page = planned.open("/changes")

    assert page.h1 == "Your plans so far"
    assert "There is one plan so far." in page.main


def text_of_pdf(visitor: Visitor, address: str) -> str:
    return text_of_paper(visitor.client.get(address).data)


def test_an_earlier_plan_prints_as_it_was_given(planned: Visitor) -> None:
    begin(planned).send({"fixed": ["home.floors-loose-rugs", "home.stairs-no-rails"]})
    planned.see_plan()

    old, new = text_of_pdf(planned, "/plan.pdf?plan=1"), text_of_pdf(planned, "/plan.pdf?changes=yes")

    assert "Remove loose rugs" in old
    assert "What changed since" not in old
    assert "Remove loose rugs" not in new.partition("What changed since")[0]
    assert "2 things are fixed." in new


@pytest.fixture
def other_words(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """From now on the app asks and says other things than when the plan was given."""
    changed = folder / "definitions"
    copytree(DEFINITIONS, changed)
    actions = changed / "actions.yaml"
    text = actions.read_text(encoding="utf-8")
    assert OLD_TITLE in text
    actions.write_text(text.replace(OLD_TITLE, "Put every rug away"), encoding="utf-8")
    monkeypatch.setenv("FIRM_FOOTING_DEFINITIONS", str(changed))
    definitions.cache_clear()
    yield
    monkeypatch.undo()
    definitions.cache_clear()


def test_a_plan_of_older_content_opens_as_it_was_says_its_version_and_offers_the_new(
    planned: Visitor, request: pytest.FixtureRequest
) -> None:
    version = definitions().content_hash[:12]
    assert "They have changed since then" not in planned.open("/plan").main
    request.getfixturevalue("other_words")

    page = planned.open("/plan")

    assert definitions().content_hash[:12] != version
    assert f"This plan was made with version {version} of our questions." in page.main
    assert OLD_TITLE in page.main
    assert OLD_TITLE in text_of_pdf(planned, "/plan.pdf")
    page = page.follow("Check again with the new questions")
    assert page.path == "/check-again"
    page.send({}).send({"signs": ["none"]})
    planned.see_plan()
    assert "Put every rug away" in planned.open("/plan").main
    assert version in planned.open("/changes").main
    assert OLD_TITLE in text_of_pdf(planned, "/plan.pdf?plan=1")
