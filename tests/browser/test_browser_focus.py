"""In a small window with the largest text, wherever the focus goes, it is seen."""

from collections.abc import Callable

import pytest

from tests.browser.keyboard import FOCUS
from tests.browser.phone import Phone
from tests.browser.seeds import Seeds
from tests.browser.states import STATES

STOPS = 30
REACH: dict[str, Callable[[Phone, Seeds], None]] = {each.name: each.reach for each in STATES}
# At least a finger's height of it, or all of it, stands in the window.
IN_SIGHT = """() => {
  const e = document.activeElement, label = e.labels?.length && e.type !== 'text' ? e.labels[0] : e;
  const box = label.getBoundingClientRect();
  return Math.min(box.bottom, innerHeight) - Math.max(box.top, 0) >= Math.min(box.height, 40) - 1;
}"""


def small(phone: Phone, width: int, height: int) -> Phone:
    phone.set_text("largest")
    phone.page.set_viewport_size({"width": width, "height": height})
    return phone


@pytest.mark.parametrize(
    ("width", "height", "state"),
    [
        (320, 256, "height, an error"),
        (320, 256, "lists, an answer waits"),
        (320, 256, "the walk, an answer waits"),
        (844, 390, "the walk, an answer waits"),
        (390, 600, "lists, an answer waits"),
    ],
)
def test_every_stop_of_tab_is_seen(phone: Phone, seeds: Seeds, width: int, height: int, state: str) -> None:
    REACH[state](small(phone, width, height), seeds)
    unseen = []
    for _ in range(STOPS):
        phone.page.keyboard.press("Tab")
        if phone.page.evaluate("() => document.activeElement === document.body"):
            continue
        seen = phone.page.evaluate(FOCUS)
        if not seen["shown"] or not phone.page.evaluate(IN_SIGHT):
            unseen.append(seen["words"])
    assert unseen == []


@pytest.mark.parametrize(
    ("width", "height", "state"),
    [(320, 256, "height, an error"), (320, 256, "question, an error"), (844, 390, "height, an error")],
)
def test_the_link_of_an_error_leads_to_a_field_that_is_seen(
    phone: Phone, seeds: Seeds, width: int, height: int, state: str
) -> None:
    REACH[state](small(phone, width, height), seeds)
    phone.page.locator("#problem a").focus()
    phone.page.keyboard.press("Enter")
    phone.page.wait_for_function("() => document.activeElement.matches('input')")
    phone.page.wait_for_function(IN_SIGHT)
