"""From paper to the phone: ticks by touch alone, and whole lists by a key a question."""

import time

from tests.browser.phone import Phone
from tests.browser.seeds import HIGH, Seeds

TICKS = 8


def test_given_eight_ticks_on_paper_when_they_are_copied_then_eight_taps_and_one_save_are_enough(
    phone: Phone, seeds: Seeds
) -> None:
    seeds.sow(phone, seeds.person(HIGH, signs=[]))
    phone.open("/see-my-plan")
    phone.press("save")
    phone.open("/plan")
    phone.touch("Copy the ticks from paper")
    boxes = phone.page.locator("#page-form label")
    assert boxes.count() >= TICKS
    started = time.monotonic()
    for number in range(TICKS):
        boxes.nth(number).tap()
    phone.press("save")
    took = time.monotonic() - started

    assert phone.path == "/plan"
    assert phone.page.get_by_text(", from paper.").count() == TICKS
    assert took < 20, "with three seconds for each line that is read, far below a minute"


def test_given_only_a_keyboard_when_ticks_are_copied_then_space_is_enough(phone: Phone, seeds: Seeds) -> None:
    seeds.sow(phone, seeds.person(HIGH, signs=[]))
    phone.open("/see-my-plan")
    phone.press("save")
    phone.open("/plan/from-paper")
    phone.page.locator("#done").focus()
    for _ in range(TICKS):
        phone.page.keyboard.press("Space")
        phone.page.keyboard.press("Tab")
    with phone.page.expect_navigation():
        phone.page.keyboard.press("Enter")

    assert phone.path == "/plan"
    assert phone.page.get_by_text(", from paper.").count() == TICKS
