"""Every state that a page can be in, judged by axe and by our own eyes' rules: no rule off, no violation."""

import pytest

from tests.browser.axe import OF_SIGHT
from tests.browser.phone import SIZE, Phone
from tests.browser.reflow import DESKTOP_AT_400, LOST, check_at_400_percent, check_spacing
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


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_given_a_page_in_any_state_when_it_is_shown_then_it_is_in_order_in_both_languages(
    phone: Phone, base_url: str, seeds: Seeds, state: State
) -> None:
    state.reach(phone, seeds)
    phone.check()
    if state.name in OF_EACH_KIND:
        check_other_looks(phone)
    shape = phone.shape()
    check_spacing(phone)
    phone.speak("es-US")
    phone.page.reload()
    if phone.language() != "es" or phone.shape() != shape:  # made once by a form or script, or a language was set
        phone.wipe(base_url)
        phone.speak("es-US")
        state.reach(phone, seeds)
    assert phone.language() == "es"
    phone.check(then=DESKTOP_AT_400)
    check_at_400_percent(phone)  # Spanish: its words are the longer ones


def check_other_looks(phone: Phone) -> None:
    """As the settings set them (test_web_preferences.py): the largest letters in the dark, and high contrast."""
    page, shape = phone.page, phone.shape()
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 320, "height": 640})
    page.evaluate("() => { document.documentElement.dataset.text = 'largest' }")
    assert phone.width() <= 320
    assert page.evaluate("() => document.querySelector('.top').getBoundingClientRect().height") <= 56
    phone.check_with_axe(OF_SIGHT if phone.shape() == shape else None)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(SIZE)  # type: ignore[arg-type]
    page.evaluate("() => { delete document.documentElement.dataset.text }")
    page.evaluate("() => { document.documentElement.dataset.theme = 'contrast' }")
    phone.check_with_axe(OF_SIGHT if phone.shape() == shape else None)
    page.evaluate("() => { delete document.documentElement.dataset.theme }")


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


@pytest.mark.parametrize("behind", ["() => {}", "() => caches.open('kept')"], ids=["a page", "what goes on behind it"])
def test_a_wiped_phone_holds_nothing(phone: Phone, base_url: str, behind: str) -> None:
    phone.begin()
    phone.speak("es")
    phone.page.evaluate("() => { localStorage.kept = sessionStorage.kept = 'yes' }")
    phone.page.evaluate(behind)
    phone.page.evaluate("() => { addEventListener('pagehide', () => { sessionStorage.late = 'yes' }) }")
    phone.wipe(base_url)
    assert phone.context.cookies() == []
    phone.open("/")
    assert phone.language() == "en"
    assert (
        phone.page.evaluate(
            "async () => [localStorage.kept, sessionStorage.kept, sessionStorage.late, ...await caches.keys()]"
        )
        == [None] * 3
    )


def test_the_pages_of_each_kind_are_pages_that_there_are() -> None:
    assert set(OF_EACH_KIND) <= {each.name for each in STATES}
