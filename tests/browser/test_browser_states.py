"""Every state that a page can be in, judged by axe and by our own eyes' rules: no rule off, no violation."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.phone import Phone
from tests.browser.reflow import LOST, check_at_400_percent, check_spacing
from tests.browser.seeds import Seeds
from tests.browser.states import STATES, State

every_state = pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
# Other looks change every page alike: one page of each kind shows it.
OF_EACH_KIND = (
    "start",
    "age, an error",
    "question, answered",
    "height",
    "warning signs of the body",
    "help now",
    "lists, a warning today",
    "review, half done",
    "a room, answered",
    "the walk, an answer waits",
    "a photo",
    "results, raised",
    "results, high",
    "plan, some of it done",
    "an action, an error",
    "a way back",
    "settings",
    "typing in, an error",
)
one_of_each_kind = pytest.mark.parametrize(
    "state", [each for each in STATES if each.name in OF_EACH_KIND], ids=lambda state: state.name
)


@pytest.fixture
def look(browser: Browser, browser_context_args: dict[str, Any]):
    """A phone with other habits; closed after the test."""
    contexts = []

    def opened(**options: Any) -> Phone:
        contexts.append(browser.new_context(**{**browser_context_args, **options}))
        return Phone(contexts[-1])

    yield opened
    for context in contexts:
        context.close()


@every_state
def test_given_a_page_in_any_state_when_it_is_shown_then_it_is_in_order(
    phone: Phone, seeds: Seeds, state: State
) -> None:
    state.reach(phone, seeds)
    phone.check()
    check_spacing(phone)


@every_state
def test_given_a_page_in_spanish_when_it_is_shown_then_it_is_in_order(look, seeds: Seeds, state: State) -> None:
    phone = look(locale="es-US")
    state.reach(phone, seeds)
    assert phone.page.locator("html").get_attribute("lang") == "es"
    phone.check()
    check_at_400_percent(phone)  # Spanish: its words are the longer ones


@one_of_each_kind
def test_given_the_largest_letters_in_the_dark_when_it_is_shown_then_it_is_in_order(
    look, seeds: Seeds, state: State
) -> None:
    phone = look(color_scheme="dark", viewport={"width": 320, "height": 640})
    phone.set_text("largest")
    state.reach(phone, seeds)
    assert phone.width() <= 320
    assert phone.page.locator(".top").bounding_box()["height"] <= 56
    phone.check_with_axe()


@one_of_each_kind
def test_given_high_contrast_when_it_is_shown_then_it_is_in_order(look, seeds: Seeds, state: State) -> None:
    phone = look()
    phone.set_colors("contrast")
    state.reach(phone, seeds)
    phone.check_with_axe()


def test_what_is_broken_on_purpose_is_found(phone: Phone) -> None:
    """The measure itself: a heading cut off, a button drawn over the first answer."""
    phone.begin()
    phone.open("/falls/numb-feet")
    phone.page.evaluate("""() => {
      Object.assign(document.querySelector('h1').style, {height: '1em', overflow: 'hidden'});
      document.querySelectorAll('.reply')[1].style.translate = '0 -4em';
    }""")
    lost = phone.page.evaluate(LOST)
    assert any(each.startswith("H1") for each in lost["cut"])
    assert any("over" in each for each in lost["over"])


def test_the_pages_of_each_kind_are_pages_that_there_are() -> None:
    assert set(OF_EACH_KIND) <= {each.name for each in STATES}
