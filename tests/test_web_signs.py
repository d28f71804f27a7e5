"""Warning signs: asked first, held for 24 hours, and above every level."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from answers.draft import Draft
from checklists import Definitions
from tests.conftest import close_store
from tests.page_checks import text_of
from tests.visitor import After, Page, Visitor
from web.core.settings import definitions as definitions_of_the_app
from web.core.stores import store

EVERY_PAGE = (
    "/about/age", "/falls/fell-past-year", "/bone/weight-kg", "/home/stairs", "/warning-signs", "/checklists",
    "/review/falls", "/review/about", "/see-my-plan", "/results", "/plan", "/plan.pdf",
)  # fmt: skip


def reach(visitor: Visitor) -> None:
    visitor.begin()
    visitor.tick()
    visitor.take("/falls/fell-past-year", {"fell-past-year": "yes", "fell-twice": "yes"}, "no")
    assert visitor.see_plan().levels == {"falls": "High"}


@pytest.fixture
def walker(after: After) -> Visitor:
    """Somebody with a high falls level and a plan."""
    return after(reach)


def test_every_sign_that_is_asked_stands_in_one_of_four_groups_with_none_of_these_after_them(
    visitor: Visitor, definitions: Definitions
) -> None:
    visitor.begin()
    asked: list[str] = []
    for group in definitions.warning_signs.groups:
        page = visitor.open(f"/warning-signs/{group.id}")
        assert group.title in page.h1
        assert [text_of(each) for each in page.tree.iter("button") if each.get("name") == "signs"] == ["None of these"]
        asked += page.values("signs")
    assert sorted(asked) == sorted(each.id for each in definitions.warning_signs.signs if each.ask)


def denied(visitor: Visitor) -> list[bool]:
    """Of each group, whether "None of these" was tapped."""
    groups = definitions_of_the_app().warning_signs.groups
    return ["none chosen" in visitor.open(f"/warning-signs/{each.id}").html for each in groups]


def test_none_of_these_goes_on_and_is_shown_again(visitor: Visitor) -> None:
    visitor.begin()
    assert visitor.tick().path == "/falls/fell-past-year", "nothing is begun yet"
    assert denied(visitor) == [True] * 4


def test_nothing_ticked_is_asked_again(visitor: Visitor) -> None:
    visitor.begin()
    page = visitor.open("/warning-signs").send({}, 422)
    assert page.errors == ["Tick each thing that is new, or tap None of these."]


def test_a_sign_and_none_of_these_is_asked_again_with_what_was_ticked(visitor: Visitor) -> None:
    visitor.begin()
    page = visitor.open("/warning-signs/whole-body").send({"signs": ["stroke-signs", "none"]}, 422)
    assert page.errors == ["Tick what is new, or tap None of these, but not both."]
    assert page.chosen("signs") == ["stroke-signs"]


def test_signs_that_nobody_asked_are_not_taken(visitor: Visitor) -> None:
    visitor.begin()
    form = visitor.open("/warning-signs").data({})
    form.setlist("signs", ["height-loss", "<b>", "no-such-sign"])
    assert visitor.post("/warning-signs/mind", form, 422).errors
    assert visitor.open("/warning-signs/now-and-then", 404)


def test_a_now_sign_locks_every_page_until_somebody_has_called(walker: Visitor) -> None:
    page = walker.tick("stroke-signs")
    assert page.path == "/warning-signs/now"
    for path in EVERY_PAGE:
        page = walker.open(path)
        assert page.path == "/warning-signs/now"
        assert "Call 911" in page.links()
        assert page.names == []
        assert "High" not in page.main
    page = page.send({"answer": "called"})
    assert page.path == "/checklists"
    for path in EVERY_PAGE[:-1]:
        assert walker.open(path).path != "/warning-signs/now"


@pytest.mark.parametrize("sign", ["stroke-signs", "on-floor-cannot-get-up", "thoughts-of-self-harm"])
def test_no_level_is_shown_while_a_now_sign_stands_not_even_after_the_call(walker: Visitor, sign: str) -> None:
    walker.tick(sign).send({"answer": "called"})
    for path in ("/results", "/plan"):
        page = walker.open(path)
        assert page.path == "/see-my-plan", "the plan from before does not know the sign"
        assert "NOW" in page.main
    results = walker.see_plan()
    assert results.levels == {}
    assert "No level is shown while a sign needs help now." in results.main
    for page in (results, walker.open("/plan"), walker.open("/checklists"), walker.open("/falls/numb-feet")):
        assert "NOW" in page.main


def test_a_today_sign_heads_every_page_and_no_plan_from_before_hides_it(walker: Visitor) -> None:
    walker.tick("sudden-back-pain")
    for path in ("/checklists", "/falls/numb-feet", "/home/stairs", "/review/falls", "/see-my-plan"):
        assert "TODAY" in walker.open(path).main
    assert walker.open("/results").path == "/see-my-plan"
    assert walker.open("/plan.pdf").path == "/see-my-plan"
    results = walker.see_plan()
    assert "TODAY" in results.main
    assert results.levels == {"falls": "High"}
    assert "TODAY" in walker.open("/plan").main


def test_a_mistake_asks_the_signs_again(walker: Visitor) -> None:
    page = walker.tick("stroke-signs").send({"answer": "mistake"})
    assert page.path == "/warning-signs/whole-body", "only where it was ticked"
    assert page.chosen("signs") == []
    walker.tick()
    assert walker.open("/results").levels == {"falls": "High"}


def test_neither_called_nor_mistake_changes_nothing(walker: Visitor) -> None:
    assert walker.tick("stroke-signs").send({}).path == "/warning-signs/now"
    assert walker.open("/checklists").path == "/warning-signs/now"


def test_thoughts_of_self_harm_lead_to_the_crisis_line(visitor: Visitor) -> None:
    visitor.begin()
    page = visitor.tick("thoughts-of-self-harm")
    assert "Call 988" in page.links()
    page.send({"answer": "mistake"}).send({"signs": ["none"]})
    answered(visitor, "whole-body", "stroke-signs").send({"answer": "called"})
    page = answered(visitor, "mind", "thoughts-of-self-harm")
    assert "Call 911" in page.links()
    assert any("988 Suicide and Crisis Lifeline, 988" in words for words in page.links())


NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as found:
        yield found


def put_signs(visitor: Visitor, **changes: Any) -> None:
    """Puts signs into the draft as an earlier release kept them, or under way."""
    record, known = visitor.record_id, definitions_of_the_app()
    store().change_draft(
        record, lambda data: {**data, "signs": changes or None, "settled": None}, content_hash=known.content_hash
    )


@pytest.mark.parametrize("sign", ["sudden-back-pain", "stroke-signs"])
def test_a_sign_holds_for_24_hours_whatever_the_day_and_then_was_never_asked(
    clock: time_machine.Traveller, walker: Visitor, sign: str
) -> None:
    word = "NOW" if sign == "stroke-signs" else "TODAY"
    page = walker.tick(sign)
    if word == "NOW":
        page.send({"answer": "called"})
    plan = walker.see_plan()
    assert word in plan.main
    for hours in (11.9, 12.1, 23.9):  # before and after midnight, and before it is over
        clock.move_to(NOON + timedelta(hours=hours))
        for path in ("/checklists", "/falls/numb-feet", "/plan"):
            assert word in walker.open(path).main
    clock.move_to(NOON + timedelta(hours=23, minutes=59))
    walker.open("/falls/numb-feet").send({"numb-feet": "yes"})  # settled on this day, and over before it ends
    assert word in walker.open("/checklists").main
    clock.move_to(NOON + timedelta(hours=24, seconds=1))
    hub = walker.open("/checklists")
    assert word not in hub.main
    assert "Answer the warning signs for today" in hub.links()
    assert walker.open("/warning-signs/back").chosen("signs") == []


def test_a_sign_that_nobody_has_called_about_stands_until_somebody_has(
    clock: time_machine.Traveller, walker: Visitor
) -> None:
    walker.tick("stroke-signs")
    clock.shift(timedelta(days=9))
    assert walker.open("/checklists").path == "/warning-signs/now"
    page = walker.open("/plan").send({"answer": "called"})
    assert page.path == "/warning-signs/after-a-fall", "the 24 hours are over, so they are asked anew"
    assert page.chosen("signs") == []


def test_the_example_of_a_server_in_utc_and_a_person_in_california(visitor: Visitor) -> None:
    with time_machine.travel(datetime(2026, 11, 22, 23, 58, tzinfo=UTC), tick=False) as clock:
        visitor.begin()
        visitor.tick("stroke-signs")
        clock.shift(timedelta(minutes=4))
        assert visitor.open("/checklists").path == "/warning-signs/now"


def test_none_of_these_holds_for_24_hours(clock: time_machine.Traveller, visitor: Visitor) -> None:
    visitor.begin()
    visitor.tick()
    clock.shift(timedelta(hours=23, minutes=59))
    assert "Change your warning signs of today" in visitor.open("/checklists").links()
    clock.shift(timedelta(minutes=2))
    assert "Answer the warning signs for today" in visitor.open("/checklists").links()
    assert denied(visitor) == [False] * 4


def test_a_plan_that_warns_of_what_is_over_leads_to_the_signs_and_keeps_what_is_typed(
    clock: time_machine.Traveller, walker: Visitor
) -> None:
    walker.tick("sudden-back-pain")
    walker.see_plan()
    step = walker.open("/plan/own")
    clock.shift(timedelta(hours=25))
    for path in ("/plan", "/results", "/plan.pdf", "/reminders"):
        assert walker.open(path).path == "/warning-signs/after-a-fall"
    step.send({"title": "Call Ana"})
    walker.tick()
    assert walker.open("/plan").path == "/see-my-plan"
    walker.see_plan()
    plan = walker.open("/plan")
    assert "TODAY" not in plan.main
    assert "Call Ana" in plan.main


def test_an_answer_of_none_frees_the_plan_at_once(walker: Visitor) -> None:
    walker.tick("stroke-signs").send({"answer": "called"})
    walker.see_plan()
    walker.tick()
    assert walker.open("/plan").path == "/see-my-plan"


@pytest.mark.parametrize("how", ["mistake", "again"])
def test_a_sign_stands_until_the_new_answer_comes(walker: Visitor, how: str) -> None:
    page = walker.tick("stroke-signs")
    if how == "mistake":
        page = page.send({"answer": "mistake"})
        assert walker.open("/plan").path == "/warning-signs/now"
    else:
        page.send({"answer": "called"})
        walker.see_plan()
        page = walker.open("/check-again").send({})
        assert "NOW" in walker.open("/checklists").main
    assert page.path.startswith("/warning-signs/")
    assert page.chosen("signs") == []
    walker.tick()
    assert "NOW" not in walker.open("/checklists").main


@pytest.mark.parametrize(("signs", "until"), [(["sudden-back-pain"], 24 + 24), (["stroke-signs"], None), ([], 24)])
def test_where_an_earlier_release_kept_only_the_day_it_is_read_on_the_safe_side(
    clock: time_machine.Traveller, walker: Visitor, signs: list[str], until: int | None
) -> None:
    midnight = datetime(2026, 11, 22).astimezone()
    put_signs(walker, day="2026-11-22", ticked=signs, called=False)
    for hours in (12, 23.9, 24.1, 47.9, 48.1):
        clock.move_to(midnight + timedelta(hours=hours))
        page = walker.open("/checklists")
        held = page.path == "/warning-signs/now" if signs == ["stroke-signs"] else "TODAY" in page.main
        held = any(denied(walker)) if not signs else held
        assert held == (until is None or hours < until), hours


def test_after_a_jump_of_the_clock_a_hold_stays_until_it_is_answered_anew(
    clock: time_machine.Traveller, walker: Visitor
) -> None:
    walker.tick("sudden-back-pain")
    clock.shift(timedelta(days=30))
    assert "TODAY" in walker.open("/checklists").main
    clock.move_to(NOON + timedelta(days=2))
    assert "TODAY" in walker.open("/checklists").main, "also when the clock is right again"
    close_store()
    assert "TODAY" in walker.open("/checklists").main, "and after a start"
    walker.tick()
    assert "TODAY" not in walker.open("/checklists").main


def test_none_of_these_does_not_hold_by_a_clock_that_jumped(clock: time_machine.Traveller, walker: Visitor) -> None:
    for days in (30, -30, -1):
        clock.move_to(NOON)
        walker.tick()
        clock.shift(timedelta(days=days))
        assert denied(walker) == [False] * 4


def test_a_blackout_told_in_an_answer_heads_the_pages_like_a_sign(visitor: Visitor) -> None:
    visitor.begin()
    visitor.take("/falls/fell-past-year", {"fell-past-year": "yes", "fall-blackout": "yes"}, "no")
    assert "TODAY" in visitor.open("/falls/numb-feet").main
    visitor.tick()
    assert "TODAY" not in visitor.open("/falls/numb-feet").main
    assert "SOON" in visitor.open("/checklists").main


def test_a_helper_is_asked_about_the_person(visitor: Visitor, definitions: Definitions) -> None:
    visitor.begin("helper")
    said = " ".join(visitor.open(f"/warning-signs/{each.id}").main for each in definitions.warning_signs.groups)
    for sign in definitions.warning_signs.signs:
        if sign.ask_other:
            assert sign.ask_other in said


# One group after the other ------------------------------------------------------------------------------------------


def answered(visitor: Visitor, group: str, *signs: str) -> Page:
    return visitor.open(f"/warning-signs/{group}").send({"signs": list(signs) or ["none"]})


def test_a_sign_counts_at_once_and_none_only_after_the_last_group(walker: Visitor) -> None:
    with time_machine.travel(NOON + timedelta(days=3)):
        assert "Answer the warning signs for today" in walker.open("/checklists").links()
        answered(walker, "after-a-fall")
        answered(walker, "back", "sudden-back-pain")
        hub = walker.open("/checklists")
        assert "TODAY" in hub.main
        assert "Answer the warning signs for today" in hub.links()
        assert walker.open("/warning-signs").path == "/warning-signs/whole-body"
        answered(walker, "whole-body")
        assert answered(walker, "mind").path == "/checklists"
        assert "Change your warning signs of today" in walker.open("/checklists").links()


def test_a_blackout_in_an_answer_is_milder_only_once_its_own_group_was_asked(visitor: Visitor) -> None:
    visitor.begin()
    visitor.take("/falls/fell-past-year", {"fell-past-year": "yes", "fall-blackout": "yes"}, "no")
    answered(visitor, "back", "back-pain-fever")
    assert "Blackout" in visitor.open("/checklists").main
    answered(visitor, "whole-body")
    assert "Falls" in visitor.open("/checklists").main
    draft = Draft.from_json(store().get_draft(visitor.record_id).data)
    assert {each.id: each.milder for each in draft.warnings}["blackout"]


def test_each_none_holds_for_24_hours_of_its_own(clock: time_machine.Traveller, visitor: Visitor) -> None:
    """Groups answered hours apart are asked again from when the first one is over, not the last."""
    visitor.begin()
    answered(visitor, "after-a-fall")
    clock.shift(timedelta(hours=20))
    for group in ("back", "whole-body", "mind"):
        page = answered(visitor, group)
    assert page.path == "/falls/fell-past-year"
    clock.shift(timedelta(hours=5))
    assert "Answer the warning signs for today" in visitor.open("/checklists").links()


def test_a_sign_of_now_that_was_called_about_is_asked_about_again_when_it_is_ticked_again(walker: Visitor) -> None:
    walker.tick("stroke-signs").send({"answer": "called"})
    assert answered(walker, "mind").path == "/checklists", "another group brings no second call"
    assert answered(walker, "whole-body", "stroke-signs").path == "/warning-signs/now"


def test_a_mistake_in_two_groups_leaves_each_sign_until_its_own_answer(walker: Visitor) -> None:
    answered(walker, "after-a-fall", "on-floor-cannot-get-up").send({"answer": "called"})
    page = answered(walker, "mind", "thoughts-of-self-harm").send({"answer": "mistake"})
    assert page.path == "/warning-signs/after-a-fall"
    page = page.send({"signs": ["none"]})
    assert page.path == "/warning-signs/now", "the other one stands"
    assert "Call 988" in page.links()
