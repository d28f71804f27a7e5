"""Somebody who goes from page to page by what each offers, and what that costs: taps, pages and words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Frame

from checklists.people.units import CM_PER_INCH, KG_PER_POUND
from tests.browser.phone import Phone

MOST_PAGES = 250
LISTS = ("falls", "bone", "posture", "home")
# What can be touched or filled in the main part, in the order in which it stands there.
OFFERS = """() => {
  const main = document.querySelector('main');
  const open = e => !e.closest('details:not([open])') && e.checkVisibility({visibilityProperty: true});
  const all = s => [...main.querySelectorAll(s)].filter(open);
  const field = e => ({name: e.name, type: e.type, value: e.value, checked: e.checked});
  const way = e => ({at: [...main.querySelectorAll('a, button')].indexOf(e), main: e.matches('.go'),
    href: e.getAttribute('href') || '', button: e.matches('.button')});
  return {fields: all('input:not([type=hidden]), textarea').map(field),
    replies: all('button.reply').map(field),
    room: all('button[name=rest][value=fine]').length > 0,
    units: main.querySelector('input[name=units]')?.value,
    ways: all('a, button:not([type=button], .reply)').map(way)};
}"""
# Words that are seen: none of a closed fold but its summary, none that only a screen reader says.
WORDS = """root => {
  const count = e => {
    let words = 0;
    const walk = document.createTreeWalker(e, NodeFilter.SHOW_TEXT);
    for (let text; (text = walk.nextNode());) {
      const at = text.parentElement, folded = at.closest('details:not([open])') && !at.closest('summary');
      if (folded || at.closest('.unseen, .skip, script, style') || !at.checkVisibility()) continue;
      words += (text.data.match(/[\\p{L}\\p{N}]+/gu) || []).length;
    }
    return words;
  };
  return [count(document.body), count(document.querySelector('main'))];
}"""


@dataclass
class Cost:
    """What a way took so far."""

    taps: int = 0
    pages: int = 0
    shown: int = 0
    to_read: int = 0


@dataclass
class Walker:
    """A person with answers, in a browser of their own, or on a page of it that is open already; `lists` are those they
    want to go through, if any."""

    context: BrowserContext
    answers: Mapping[str, Any]
    lists: tuple[str, ...] = LISTS
    helping: bool = False
    cost: Cost = field(default_factory=Cost)
    own: Phone | None = None

    def __post_init__(self) -> None:
        self.phone = self.own or Phone(self.context)
        self.page = self.phone.page
        self.met: set[str] = set()

    def set_out(self, path: str = "/") -> None:
        """Opens a page; from there everything counts."""
        self.page.on("framenavigated", self._note_page)
        self.page.goto(path)
        self._read()

    def go_to_plan(self) -> Cost:
        """By what the pages offer to the plan. :raises RuntimeError: a page leads nowhere"""
        while self.phone.path != "/plan":
            self.step()
        return self.cost

    def step(self) -> None:
        """Answers what this page asks and goes on."""
        if self.cost.pages > MOST_PAGES:
            raise RuntimeError(f"still at {self.phone.path} after {MOST_PAGES} pages")
        self.met.add(self.phone.path.split("/")[1])
        offers = self.page.evaluate(OFFERS)
        if offers["replies"]:
            name = offers["replies"][0]["name"]
            self._touch(name, self._answer(name, [each["value"] for each in offers["replies"]]))
        else:
            self._fill(offers)
            self._press(self._way_on(offers))
        self._read()

    def tap_link(self, path: str) -> None:
        """One tap on a link to this path, wherever it stands on the page."""
        self.cost.taps += 1
        with self.page.expect_navigation():
            self.page.locator(f'main a[href="{path}"]:visible').first.click()
        self._read()

    def _fill(self, offers: dict[str, Any]) -> None:
        groups: dict[str, list[dict[str, Any]]] = {}
        for each in offers["fields"]:
            groups.setdefault(each["name"], []).append(each)
        for name, fields in groups.items():
            if fields[0]["type"] == "text":
                self._type(name, offers["units"])
            elif fields[0]["type"] == "radio":
                values = [each["value"] for each in fields]
                wanted = str(self.answers.get(name)) if offers["room"] else self._answer(name, values)
                if wanted in values and wanted not in [each["value"] for each in fields if each["checked"]]:
                    self._touch(name, wanted)

    def _type(self, name: str, units: str | None) -> None:
        typed = self._number(name, units)
        box = self.page.locator(f'main input[name="{name}"]')
        if typed and box.input_value() != typed:
            box.fill(typed)
            self.cost.taps += len(typed) + 1

    def _number(self, name: str, units: str | None) -> str:
        question, _, part = name.partition("-cm-")
        value = self.answers.get(f"{question}-cm" if part else name)
        if value is None:
            return ""
        if part:
            feet, inches = divmod(round(float(value) / float(CM_PER_INCH)), 12)
            return str(feet if part == "feet" else inches)
        if name.endswith("-kg") and units == "imperial":
            return str(round(float(value) / float(KG_PER_POUND)))
        return str(value)

    def _answer(self, name: str, values: list[str]) -> str:
        """What the person says; of what nobody knows, no, or else what comes first."""
        wanted = {"answering": "helper" if self.helping else "self"}.get(name) or self.answers.get(name, "no")
        return wanted if wanted in values else values[0]

    def _touch(self, name: str, value: str) -> None:
        self.cost.taps += 1
        self.phone.choose(name, value)

    def _press(self, way: int) -> None:
        self.cost.taps += 1
        with self.page.expect_navigation():
            self.page.locator("main").locator("a, button").nth(way).click()

    def _way_on(self, offers: dict[str, Any]) -> int:
        """The list that is still wanted, the plan when none is, else the first button that a page is about."""
        buttons, path = offers["ways"], self.phone.path
        if path == "/":
            wanted = _sorted_by_way(buttons, short=self.lists == ("falls",))
        elif offers["fields"] or path.startswith("/warning-signs") or not self.lists:
            wanted = []
        elif left := [name for name in self.lists if name not in self.met]:
            hub = path.startswith(("/checklists", "/review"))
            wanted = [each for name in left for each in buttons if hub and _part(each) == name]
        else:
            wanted = [each for each in buttons if _part(each) in ("see-my-plan", "plan")]
        for each in (*wanted, *(each for each in buttons if each["main"])):
            return int(each["at"])
        raise RuntimeError(f"{path} leads nowhere")

    def _note_page(self, frame: Frame) -> None:
        if frame == self.page.main_frame:
            self.cost.pages += 1

    def _read(self) -> None:
        self.page.wait_for_load_state()
        shown, to_read = self.page.evaluate(WORDS)
        self.cost.shown += shown
        self.cost.to_read += to_read


def _sorted_by_way(buttons: list[dict[str, Any]], *, short: bool) -> list[dict[str, Any]]:
    """The buttons that begin, those of falls alone first or last."""
    begins = [each for each in buttons if each["button"] and _part(each) == "for-whom"]
    return sorted(begins, key=lambda each: ("falls" in each["href"]) != short)


def _part(way: dict[str, Any]) -> str:
    """What the path of a link begins with."""
    return str(urlsplit(way["href"]).path).strip("/").split("/")[0]
