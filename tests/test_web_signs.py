"""Warning signs: asked first, held for a day, and above every level."""

from datetime import datetime

import pytest
import time_machine

from checklists import Definitions
from tests.visitor import Visitor

EVERY_PAGE = (
    "/about/age", "/falls/fell-past-year", "/bone/weight-kg", "/home/stairs", "/warning-signs", "/checklists",
    "/review/falls", "/review/about", "/see-my-plan", "/results", "/plan", "/plan.pdf",
)  # fmt: skip


@pytest.fixture
def walker(visitor: Visitor) -> Visitor:
    """Somebody with a high falls level and a plan."""
    visitor.begin()
    visitor.tick()
    visitor.take("/falls/fell-past-year", {"fell-past-year": "yes", "fell-twice": "yes"}, "no")
    assert visitor.see_plan().levels == {"falls": "High"}
    return visitor


def test_every_sign_that_is_asked_stands_in_one_of_four_groups_with_none_of_these_after_them(
    visitor: Visitor, definitions: Definitions
) -> None:
    visitor.begin()
    page = visitor.open("/warning-signs")
    asked = {each.id for each in definitions.warning_signs.signs if each.ask}
    assert set(page.values("signs")) == asked | {"none"}
    assert page.values("signs")[-1] == "none"
    assert sum(1 for each in page.tree.iter("div") if each.get("role") == "group") == 4


def test_none_of_these_goes_on_and_is_shown_again(visitor: Visitor) -> None:
    visitor.begin()
    assert visitor.tick().path == "/checklists"
    assert visitor.open("/warning-signs").chosen("signs") == ["none"]


def test_nothing_ticked_is_asked_again(visitor: Visitor) -> None:
    visitor.begin()
    page = visitor.open("/warning-signs").send({}, 422)
    assert page.errors == ["Tick each thing that is new, or tick None of these."]


def test_a_sign_and_none_of_these_is_asked_again_with_both_still_ticked(visitor: Visitor) -> None:
    visitor.begin()
    page = visitor.open("/warning-signs").send({"signs": ["stroke-signs", "none"]}, 422)
    assert page.errors == ["Tick what is new, or None of these, but not both."]
    assert page.chosen("signs") == ["stroke-signs", "none"]


def test_signs_that_nobody_asked_are_not_taken(visitor: Visitor) -> None:
    visitor.begin()
    form = visitor.open("/warning-signs").data({})
    form.setlist("signs", ["height-loss", "<b>", "no-such-sign"])
    assert visitor.post("/warning-signs", form, 422).errors


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
    assert page.path == "/warning-signs"
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
    page.send({"answer": "mistake"})
    page = visitor.tick("thoughts-of-self-harm", "stroke-signs")
    assert "Call 911" in page.links()
    assert any("988 Suicide and Crisis Lifeline, 988" in words for words in page.links())


def test_signs_of_yesterday_count_as_never_asked(visitor: Visitor) -> None:
    with time_machine.travel(datetime(2026, 11, 22, 12), tick=False):
        visitor.begin()
        assert visitor.tick("stroke-signs").path == "/warning-signs/now"
    with time_machine.travel(datetime(2026, 11, 23, 12), tick=False):
        hub = visitor.open("/checklists")
        assert hub.path == "/checklists"
        assert "NOW" not in hub.main
        assert "Answer the warning signs for today" in hub.links()
        assert visitor.open("/warning-signs").chosen("signs") == []
        assert visitor.open("/warning-signs/now").path == "/checklists"


def test_none_of_these_is_asked_anew_the_next_day_too(visitor: Visitor) -> None:
    with time_machine.travel(datetime(2026, 11, 22, 23, 59), tick=False):
        visitor.begin()
        visitor.tick()
        assert "Change your warning signs of today" in visitor.open("/checklists").links()
    with time_machine.travel(datetime(2026, 11, 23, 0, 1), tick=False):
        assert visitor.open("/warning-signs").chosen("signs") == []


def test_a_blackout_told_in_an_answer_heads_the_pages_like_a_sign(visitor: Visitor) -> None:
    visitor.begin()
    visitor.take("/falls/fell-past-year", {"fell-past-year": "yes", "fall-blackout": "yes"}, "no")
    assert "TODAY" in visitor.open("/falls/numb-feet").main
    visitor.tick()
    assert "TODAY" not in visitor.open("/falls/numb-feet").main
    assert "SOON" in visitor.open("/checklists").main


def test_a_helper_is_asked_about_the_person(visitor: Visitor, definitions: Definitions) -> None:
    visitor.begin("helper")
    page = visitor.open("/warning-signs")
    for sign in definitions.warning_signs.signs:
        if sign.ask_other:
            assert sign.ask_other in page.main
