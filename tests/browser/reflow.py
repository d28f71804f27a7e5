"""What must not be lost by other spacing, or much larger: text cut off, things covered, or a window that is all frame."""

from tests.browser.phone import Phone

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
# How much of the window is held by what does not scroll away.
STUCK = """() => [...document.querySelectorAll('body *')]
  .filter(e => ['fixed', 'sticky'].includes(getComputedStyle(e).position) && e.checkVisibility() && !e.closest('.skip'))
  .reduce((sum, e) => sum + e.getBoundingClientRect().height, 0)"""
# As it is, and with that spacing: each question to a page goes through three other processes.
SPACED = f"""() => {{
  const before = ({LOST})();
  ({SPACING})();
  return [before, document.documentElement.scrollWidth, ({LOST})()];
}}"""
AT_400 = f"() => [document.documentElement.scrollWidth, ({LOST})(), ({STUCK})()]"


def check_spacing(phone: Phone) -> None:
    """As it is, and with the text spacing that a person may set for themselves."""
    lost, width, lost_by_spacing = phone.measure(SPACED)
    assert lost == NOTHING
    assert width <= 390
    assert lost_by_spacing == NOTHING


def check_at_400_percent(phone: Phone) -> None:
    """In the window that a desktop has at 400 %, of which what sticks to an edge leaves the half."""
    if phone.page.viewport_size != DESKTOP_AT_400:
        phone.page.set_viewport_size(DESKTOP_AT_400)  # type: ignore[arg-type]
    width, lost, stuck = phone.measure(AT_400)
    assert width <= DESKTOP_AT_400["width"]
    assert lost == NOTHING
    assert stuck <= DESKTOP_AT_400["height"] / 2
