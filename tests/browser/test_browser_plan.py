"""The plan and the start as a person meets them: short, one thing first, and on a laptop two columns."""

import pytest

from tests.browser.phone import Phone
from tests.browser.seeds import Seeds
from tests.browser.states import STATES

STATE = {each.name: each for each in STATES}
SCREENS = "() => document.documentElement.scrollHeight / innerHeight"


@pytest.mark.parametrize("name", ["plan, high", "plan, some of it done", "a shared plan"])
def test_given_a_phone_when_the_plan_is_folded_then_it_is_at_most_four_screens(
    phone: Phone, seeds: Seeds, name: str
) -> None:
    STATE[name].reach(phone, seeds)
    assert phone.page.evaluate(SCREENS) <= 4


def test_given_a_small_phone_when_somebody_starts_then_no_button_to_begin_is_below_the_fold(
    phone: Phone, seeds: Seeds
) -> None:
    phone.page.set_viewport_size({"width": 320, "height": 568})
    for name in ("start", "start with a plan"):
        STATE[name].reach(phone, seeds)
        box = phone.page.locator("main a.button").first.bounding_box()
        assert box
        assert box["y"] + box["height"] <= 568, name


def test_given_a_laptop_when_the_plan_is_shown_then_progress_people_and_paper_stand_on_the_right(
    phone: Phone, seeds: Seeds
) -> None:
    phone.page.set_viewport_size({"width": 1280, "height": 800})
    STATE["plan, high"].reach(phone, seeds)
    boxes = {name: phone.page.locator(f".plan-{name}").bounding_box() for name in ("main", "top", "side")}
    main, top, side = (boxes[name] or {} for name in ("main", "top", "side"))
    assert main["x"] + main["width"] < top["x"] == side["x"]
    assert main["y"] == top["y"]
    assert phone.page.evaluate(SCREENS) <= 2.5


def test_given_a_plan_without_a_script_when_a_step_is_ticked_then_it_is_praised_and_the_next_stands_there(
    phone_without_javascript: Phone, seeds: Seeds
) -> None:
    phone = phone_without_javascript
    STATE["plan, raised"].reach(phone, seeds)
    first, then = (phone.page.locator("article h3").nth(place).inner_text() for place in (0, 1))
    phone.touch("It is done")
    told = phone.page.locator(".news")
    assert "Well done." in told.inner_text()
    assert first in told.inner_text()
    assert phone.page.locator(".next-step h3").inner_text() == then
    assert phone.page.locator(".print.done").count() == 1
    phone.touch("Undo: it is not done yet")
    assert phone.page.locator(".next-step h3").inner_text() == first
