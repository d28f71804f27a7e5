"""Whole journeys by keyboard alone."""

import re
from dataclasses import replace

from playwright.sync_api import expect

from tests.browser.keyboard import Keyboard
from tests.browser.phone import Phone
from tests.browser.seeds import MODERATE, Seeds

ENDS = re.compile(r"/(warning-signs/[\w-]+|checklists|review/\w+)$")


def walk(keyboard: Keyboard, answers: dict[str, str] | None = None) -> int:
    """Through a list to its end; how many pages it was."""
    pages = 0
    while not ENDS.search(keyboard.phone.path):
        keyboard.answer(answers)
        pages += 1
    return pages


def test_given_only_a_keyboard_when_everything_is_answered_then_the_plan_is_reached_and_printed(phone: Phone) -> None:
    keyboard = Keyboard(phone)
    phone.open("/")
    keyboard.follow("Start: everything")
    keyboard.answer({"answering": "self"})
    assert walk(keyboard) >= 5
    while phone.path.startswith("/warning-signs"):
        keyboard.follow("None of these")
    for name in ("falls", "bone", "home", "posture"):
        if name != "falls":
            assert phone.path == "/checklists"
            keyboard.tab_to("(e, name) => e.pathname && e.pathname.startsWith('/' + name)", name)
            keyboard.enter()
        assert walk(keyboard) >= 4, name
        if phone.path.startswith("/review/"):
            keyboard.tab_to("e => e.pathname === '/checklists'")
            keyboard.enter()
    keyboard.follow("See my plan")
    assert phone.path == "/results"
    keyboard.follow("See what to do first")
    assert phone.path == "/plan"
    keyboard.tab_to("e => e.pathname === '/plan.pdf'")


def test_given_only_a_keyboard_when_a_page_is_sent_empty_then_the_summary_leads_to_the_field_and_on(
    phone: Phone, seeds: Seeds
) -> None:
    keyboard = Keyboard(phone)
    seeds.sow(phone, replace(seeds.person(), about={}, lists={}))
    phone.open("/bone/height-cm")
    keyboard.tab_to("e => e.matches('#page-form button.go')")
    keyboard.enter()
    expect(phone.page.locator("#problem")).to_be_focused()
    keyboard.tab_to("e => e.closest('#problem') && e.matches('a')")
    phone.page.keyboard.press("Enter")
    assert phone.page.evaluate("() => document.activeElement.name") == "height-cm-feet"
    phone.page.keyboard.type("5")
    phone.page.keyboard.press("Tab")
    phone.page.keyboard.type("4")
    keyboard.enter()
    assert phone.path != "/bone/height-cm"


def test_given_only_a_keyboard_when_letters_are_made_larger_then_what_was_typed_is_still_there(
    phone: Phone, seeds: Seeds
) -> None:
    keyboard = Keyboard(phone)
    seeds.sow(phone, replace(seeds.person(), lists={}))
    phone.open("/bone/weight-kg")
    keyboard.tab_to("e => e.name === 'weight-kg'")
    phone.page.keyboard.type("15")
    while phone.page.evaluate("() => !document.activeElement.innerText.startsWith('Aa')"):
        phone.page.keyboard.press("Shift+Tab")
    keyboard.enter()
    assert phone.path == "/settings"
    keyboard.tab_to("e => e.name === 'text'")
    phone.page.keyboard.press("ArrowDown")
    keyboard.tab_to("e => e.matches('#all-settings button.go')")
    keyboard.enter()
    assert phone.path == "/bone/weight-kg"
    assert phone.page.locator("#weight-kg").input_value() == "15"


def test_given_only_a_keyboard_when_the_house_is_walked_then_answers_wait_and_are_sent(
    phone: Phone, seeds: Seeds
) -> None:
    keyboard = Keyboard(phone)
    record = seeds.sow(phone, replace(seeds.person(signs=[]), lists={}))
    phone.open("/walk")
    keyboard.tab_to("e => e.id === 'walk-begin'")
    phone.page.keyboard.press("Enter")
    phone.page.locator(".walk-room:visible").wait_for()
    phone.page.route("**/walk/answers", lambda route: route.abort())
    keyboard.tab_to("e => e.type === 'radio' && e.name === 'outside-uneven-path'")
    phone.page.keyboard.press("Space")
    phone.page.locator("#walk-status[data-waiting='1']").wait_for()
    keyboard.tab_to("e => e.type === 'radio' && e.name !== 'outside-uneven-path'")
    phone.page.unroute("**/walk/answers")
    phone.page.keyboard.press("Space")
    phone.page.locator("#walk-status[data-waiting='0']").wait_for()
    saved = seeds.store.get_draft(record).data["lists"]["home"]
    assert len(saved) == 2


def test_given_only_a_keyboard_when_the_plan_is_read_then_every_fold_opens_and_closes(
    phone: Phone, seeds: Seeds
) -> None:
    keyboard = Keyboard(phone)
    seeds.sow(phone, seeds.person(MODERATE, signs=[]))
    phone.open("/see-my-plan")
    phone.press("save")
    phone.open("/plan")
    keyboard.tab_to("e => e.matches('main summary')")
    for open_now in (True, False):
        phone.page.keyboard.press("Enter")
        assert phone.page.evaluate("() => document.activeElement.parentElement.open") is open_now
