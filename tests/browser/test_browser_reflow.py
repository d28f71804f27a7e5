"""Other spacing, and much larger: every state again, and nothing of it is cut off, covered or out of reach."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.phone import Phone
from tests.browser.seeds import Seeds
from tests.browser.states import STATES, State

# WCAG 2.2, 1.4.12, set on the elements themselves: a style sheet of somebody else would be refused by our CSP.
SPACING = """() => {
  for (const each of document.querySelectorAll('body, body *')) {
    const set = (name, value) => each.style.setProperty(name, value, 'important');
    set('line-height', '1.5'); set('letter-spacing', '.12em'); set('word-spacing', '.16em');
    if (each.matches('p')) set('margin-bottom', '2em');
  }
}"""
# Text that is cut off by its own box, and things to touch that lie over one another.
LOST = """() => {
  const seen = e => e.checkVisibility({opacityProperty: true, visibilityProperty: true}) && !e.closest('.unseen, .skip');
  const name = e => e.tagName + '.' + e.className + ' ' + e.innerText.trim().slice(0, 40);
  const all = [...document.querySelectorAll('body *')].filter(seen);
  const cut = all.filter(e => e.innerText && !['visible', 'auto', 'scroll'].includes(getComputedStyle(e).overflowX)
    && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1)).map(name);
  const targets = all.filter(e => e.matches('a, button, summary, .answer label, input[type=text]') && !e.closest('#waiting'));
  const over = [];
  const boxes = targets.map(e => e.getBoundingClientRect());
  for (let i = 0; i < targets.length; i++) for (let j = i + 1; j < targets.length; j++) {
    const a = boxes[i], b = boxes[j];
    const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (wide > 2 && high > 2 && !targets[i].contains(targets[j])) over.push(name(targets[i]) + ' over ' + name(targets[j]));
  }
  const spilt = all.filter(e => e.matches('a.button, button, summary, .answer label') && e.scrollWidth > e.clientWidth + 1).map(name);
  return {cut, over, spilt};
}"""
NOTHING: dict[str, list[str]] = {"cut": [], "over": [], "spilt": []}
DESKTOP_AT_400 = {"width": 320, "height": 256}  # a screen of 1280 by 1024 at 400 %
every_state = pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)


@every_state
def test_given_text_spacing_of_ones_own_when_a_page_is_shown_then_nothing_is_lost(
    phone: Phone, seeds: Seeds, state: State
) -> None:
    state.reach(phone, seeds)
    assert phone.page.evaluate(LOST) == NOTHING
    phone.page.evaluate(SPACING)
    assert phone.width() <= 390
    assert phone.page.evaluate(LOST) == NOTHING


@every_state
def test_given_a_desktop_at_400_percent_in_spanish_when_a_page_is_shown_then_nothing_is_lost(
    browser: Browser, browser_context_args: dict[str, Any], seeds: Seeds, state: State
) -> None:
    """Spanish: its words are the longer ones. What sticks to the edge leaves most of the window to the page."""
    desktop = {"viewport": DESKTOP_AT_400, "device_scale_factor": 4, "is_mobile": False, "has_touch": False}
    context = browser.new_context(**{**browser_context_args, **desktop}, locale="es-US")
    phone = Phone(context)
    state.reach(phone, seeds)
    assert phone.width() <= DESKTOP_AT_400["width"]
    assert phone.page.evaluate(LOST) == NOTHING
    assert phone.page.evaluate(STUCK) <= DESKTOP_AT_400["height"] * 0.5
    context.close()


# How much of the window is held by what does not scroll away.
STUCK = """() => [...document.querySelectorAll('body *')]
  .filter(e => ['fixed', 'sticky'].includes(getComputedStyle(e).position) && e.checkVisibility() && !e.closest('.skip'))
  .reduce((sum, e) => sum + e.getBoundingClientRect().height, 0)"""


def test_what_is_broken_on_purpose_is_found(phone: Phone) -> None:
    """The measure itself: a heading cut off, a button drawn over the first answer."""
    phone.begin()
    phone.open("/falls/numb-feet")
    phone.page.evaluate("""() => {
      Object.assign(document.querySelector('h1').style, {height: '1em', overflow: 'hidden'});
      document.querySelector('#page-form button.go').style.translate = '0 -6em';
    }""")
    lost = phone.page.evaluate(LOST)
    assert any(each.startswith("H1") for each in lost["cut"])
    assert any("over" in each for each in lost["over"])
