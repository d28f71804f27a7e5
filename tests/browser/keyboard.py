"""Somebody who has only a keyboard: Tab, arrows, Space, Enter and the letters."""

from collections.abc import Mapping

from playwright.sync_api import Page

from tests.browser.phone import NAMES, OPENING, TYPED, Phone

MOST_STOPS = 80
# Where the focus is: whether a ring of 3 px or more shows it, and whether it can be seen and not just behind something.
FOCUS = """() => {
  const e = document.activeElement;
  const label = e.labels && e.labels.length && ['radio', 'checkbox', 'file'].includes(e.type) ? e.labels[0] : e;
  const ring = [e, label, e.parentElement].map(each => getComputedStyle(each))
    .some(s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 3);
  const box = label.getBoundingClientRect();
  const at = (x, y) => document.elementFromPoint(
    Math.min(Math.max(x, 0), innerWidth - 1), Math.min(Math.max(y, 0), innerHeight - 1));
  const own = hit => hit && (label.contains(hit) || hit.contains(label) || e === hit || label.parentElement === hit.parentElement);
  const middle = box.left + box.width / 2;
  const shown = [box.top + 3, box.top + box.height / 2, box.bottom - 3].some(y => y >= 0 && y <= innerHeight && own(at(middle, y)));
  return {ring, shown, top: box.top + scrollY, bottom: box.bottom + scrollY, sticks: !!e.closest('#waiting'),
          words: e.outerHTML.slice(0, 120)};
}"""


class Keyboard:
    """Goes through the pages of a phone without touching it."""

    def __init__(self, phone: Phone) -> None:
        self.phone = phone

    @property
    def page(self) -> Page:
        return self.phone.page

    def tab_to(self, wanted: str, argument: str | None = None) -> None:
        """Presses Tab until that element has the focus; at every stop it is seen, and it goes down the page."""
        last_bottom = -1.0
        look = f"wanted => ({{...({FOCUS})(), wanted: ({wanted})(document.activeElement, wanted)}})"
        for _ in range(MOST_STOPS):
            self.page.keyboard.press("Tab")
            seen = self.page.evaluate(look, argument)
            where = f"{self.phone.path}: {seen['words']}"
            assert seen["ring"], f"no ring shows the focus on {where}"
            assert seen["shown"], f"the focus is behind something on {where}"
            if not seen["sticks"]:
                assert seen["bottom"] >= last_bottom - 60 or seen["top"] < 60, f"the focus jumped up on {where}"
                last_bottom = seen["top"]
            if seen["wanted"]:
                return
        raise AssertionError(f"no {wanted} {argument or ''} is reached by Tab on {self.page.url}")

    def follow(self, words: str) -> None:
        """Presses Enter on the link or button that begins so."""
        self.tab_to("(e, words) => e.innerText && e.innerText.trim().startsWith(words)", words)
        self.enter()

    def enter(self) -> None:
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def answer(self, answers: Mapping[str, str] | None = None) -> None:
        """Answers each field of this page in order, and saves: by Enter in a text field or on an answer, or by the button."""
        tap = self.page.locator("button.reply").first
        if tap.count():
            name, first = str(tap.get_attribute("name")), str(tap.get_attribute("value"))
            wanted = (answers or {}).get(name) or OPENING.get(name, first)
            self.tab_to("(e, value) => e.matches('.reply') && e.value === value", wanted)
            return self.enter()
        fields = self.page.eval_on_selector_all("main input:not([type=hidden])", NAMES)
        kind = ""
        for name, kind, first in fields:
            if not self.page.locator(f'main [name="{name}"]').first.is_visible():
                kind = ""
                continue
            wanted = (answers or {}).get(name) or OPENING.get(name, first)
            if kind == "text":
                self.tab_to("(e, name) => e.name === name", name)
                self.page.keyboard.press("Control+A")
                self.page.keyboard.type(TYPED[name])
            elif kind == "checkbox":
                if name in (answers or {}):
                    self.tab_to("(e, value) => e.type === 'checkbox' && e.value === value", wanted)
                    self.page.keyboard.press("Space")
            elif not self._is_chosen(name, wanted):
                self.tab_to("(e, name) => e.name === name", name)
                self._choose(name, wanted)
        if kind == "text":
            self.enter()
        else:
            self.tab_to("e => e.matches('#page-form button.go')")
            self.enter()
        return None

    def _is_chosen(self, name: str, value: str) -> bool:
        return self.page.locator(f'input[name="{name}"][value="{value}"]:checked').count() == 1

    def _choose(self, name: str, value: str) -> None:
        self.page.keyboard.press("Space")
        for _ in range(8):
            if self._is_chosen(name, value):
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the arrows do not reach {value} of {name} on {self.page.url}")
