"""A phone in somebody's hand: goes through pages by touch, and looks each of them over."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, CDPSession, Error, Page, Request

from tests.browser.axe import check_with_axe

SIZE = {"width": 390, "height": 844}
OPENING = {"fell-past-year": "yes", "sex": "female", "had-dexa": "yes", "bone-medicine": "stopped"}
"""The answers behind which follow-ups wait."""
TYPED = {
    "age": "72",
    "weight-kg": "128",
    "height-cm-feet": "5",
    "height-cm-inches": "2",
    "tallest-height-cm-feet": "5",
    "tallest-height-cm-inches": "4",
}
# What is seen of the page: every box in CSS pixels, with the words it is known by.
MEASURE = """() => {
  const seen = e => { const r = e.getBoundingClientRect();
    return r.width > 1 && r.height > 1 && r.bottom > 0 && e.checkVisibility({opacityProperty: true, visibilityProperty: true}) };
  const box = e => { const r = e.getBoundingClientRect();
    return {words: e.innerText.trim().slice(0, 40), width: r.width, height: r.height} };
  const all = s => [...document.querySelectorAll(s)].filter(seen);
  const bar = document.querySelector('.wrong') ? 24 : 0;  // beside a question that has a problem
  const column = document.querySelector('main').clientWidth - bar;
  return {
    column,
    width: document.documentElement.scrollWidth,
    body: getComputedStyle(document.body).fontSize,
    bar: document.querySelector('.top').getBoundingClientRect().height,
    small: all('main p, main li, main dd, main dt, main label, main legend, main a, main button, main summary')
      .filter(e => parseFloat(getComputedStyle(e).fontSize) < 19).map(e => e.innerText.trim().slice(0, 40)),
    answers: all('.answers:not(.two) > .answer, .answer-group > .answer, .reply').map(box),
    grid: all('.answers.two > .answer, .look > div').map(box),
    targets: all('a, button:not([aria-hidden]), summary, input[type=text]').map(box),
  };
}"""
# Takes a page apart where it stands, with its listeners and timers: to go to another one costs as much as most tests.
# Only where nothing goes on behind it; whether it could.
LEAVE = """async () => {
  if (!(document instanceof HTMLDocument)) return false;
  const behind = [await indexedDB.databases(), await caches.keys(), await navigator.serviceWorker.getRegistrations()];
  if (behind.some(each => each.length)) return false;
  let last = setTimeout(() => {});
  if (last > 10_000) return false;  // a clock of a test's own
  while (last) clearTimeout(last--);
  document.open();
  document.close();
  sessionStorage.clear();
  return true;
}"""
SHIFT = """() => new Promise(done => {
  const moved = [];
  const from = each => each.sources.map(s => (s.node ? s.node.nodeName + '.' + (s.node.className || '') : 'gone') + ' '
    + JSON.stringify([s.previousRect, s.currentRect]));
  new PerformanceObserver(list => {
    for (const each of list.getEntries()) if (!each.hadRecentInput) moved.push(each.startTime + ' ' + from(each));
  }).observe({type: 'layout-shift', buffered: true});
  requestAnimationFrame(() => setTimeout(() => done(moved), 30));
})"""
# Both at once: each question to a page goes through three other processes.
BUILT = f"async () => {{ const shift = await ({SHIFT})(); return {{...({MEASURE})(), shift}}; }}"

# Each thing that is seen of the page, in order: the same page in another language has the same.
SHAPE = """() => [...document.querySelectorAll('body *')].filter(e => e.checkVisibility())
  .map(e => e.matches('main *') ? e.tagName + '.' + e.className : e.tagName)"""


class Phone:
    """One browser context, with one page in it."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.page: Page = context.new_page()
        self.hosts: set[str] = set()
        context.on("request", self._note)

    def _note(self, request: Request) -> None:
        if not request.url.startswith("blob:"):  # a photo of this phone itself
            self.hosts.add(str(urlsplit(request.url).hostname))

    @cached_property
    def devtools(self) -> CDPSession:
        """What the browser tells of the page to those who develop it."""
        return self.context.new_cdp_session(self.page)

    def wipe(self, origin: str) -> None:
        """As new, for somebody else: nothing is kept or set. Only style sheets and fonts are still there."""
        if not self._leaves(origin):
            self.page.goto(f"{origin}/static/icon.svg")  # without a script; a blank page would begin a new process
            self.page.evaluate("() => sessionStorage.clear()")
        self.page.unroute_all()
        if self.page.viewport_size != SIZE:
            self.page.set_viewport_size(SIZE)  # type: ignore[arg-type]
        self.page.emulate_media(color_scheme="light")
        self.context.set_extra_http_headers({})
        self.devtools.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
        self.hosts.clear()

    def _leaves(self, origin: str) -> bool:
        """Whether its page could be taken apart."""
        try:
            return self.page.url.startswith(origin) and bool(self.page.evaluate(LEAVE))
        except Error:  # on its way to another page just now
            return False

    def speak(self, language: str) -> None:
        """Asks for pages in this language from now on."""
        self.context.set_extra_http_headers({"Accept-Language": language})

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    def open(self, path: str) -> None:
        self.page.goto(path)

    def touch(self, words: str) -> None:
        """Touches the first link or button that begins with these words."""
        here = self.page.locator("a:visible, button:visible:not([aria-hidden])").filter(has_text=words).first
        with self.page.expect_navigation():
            here.click()

    def press(self, what: str = "save") -> None:
        """Presses the button that the page is about, whatever it is called in the page's language."""
        assert what == "save"
        with self.page.expect_navigation():
            self.page.locator("#page-form button.go").first.click()

    def set_text(self, size: str) -> None:
        """Chooses a size of letters on the settings page."""
        self._set("text", size)

    def set_colors(self, colors: str) -> None:
        """Chooses colors on the settings page."""
        self._set("colors", colors)

    def set_saving(self, saving: str) -> None:
        """Chooses on the settings page whether each answer is confirmed."""
        self._set("saving", saving)

    def _set(self, name: str, value: str) -> None:
        self.open("/settings")
        self.choose(name, value)
        with self.page.expect_navigation():
            self.page.locator("#all-settings button.go").click()

    def begin(self, answering: str = "self") -> None:
        """A new record, at its first question."""
        self.open("/for-whom")
        self.choose("answering", answering)
        self.touch("Go on")

    def choose(self, name: str, value: str) -> None:
        """Touches an answer, as a finger does: its label, or the button that saves it and goes on."""
        button = self.page.locator(f'button.reply[name="{name}"][value="{value}"]')
        if button.count():
            with self.page.expect_navigation():
                button.click()
            return
        field = self.page.locator(f'input[name="{name}"][value="{value}"]')
        field.evaluate("e => { const fold = e.closest('details'); if (fold) fold.open = true }")
        self.page.locator(f'label[for="{field.get_attribute("id")}"]').click()

    def fill(self, answers: Mapping[str, str]) -> None:
        """Answers every field of the page: what is named, what opens follow-ups, or else the first answer."""
        names = self.page.eval_on_selector_all("main :is(input:not([type=hidden]), button.reply)", NAMES)
        for name, kind, value in names:
            if kind == "text":
                self.page.locator(f'input[name="{name}"]').fill(TYPED[name])
            elif kind in ("radio", "submit"):
                self.choose(name, answers.get(name) or OPENING.get(name, value))

    def walk(
        self, first: str, look: Callable[[], None] = lambda: None, answers: Mapping[str, str] | None = None
    ) -> list[str]:
        """Through a list from its first address to its end; the addresses that were met."""
        self.open(first)
        met = []
        while self.path != "/checklists" and not self.path.startswith(("/review/", "/warning-signs")):
            met.append(self.path)
            look()
            self.answer(answers or {})
        return met

    def deny_signs(self) -> None:
        """None of these, in every group."""
        self.open("/warning-signs")
        while self.path.startswith("/warning-signs"):
            self.touch("None of these")

    def answer(self, answers: Mapping[str, str]) -> None:
        """Answers the page and goes on; where an answer is a button, that is one tap."""
        one_tap = self.page.locator("button.reply").count()
        self.fill(answers)
        if not one_tap:
            self.press()

    # ---- Looking a page over

    def check(self, then: dict[str, int] = SIZE) -> None:
        """Everything that a page owes on a phone, which has the other size then."""
        seen = self.measure(BUILT)
        assert not seen["shift"], f"{self.path}: moved while the page was built: {seen['shift']}"
        self._check_sizes(seen)
        assert seen["width"] <= 390, self.path
        self.check_with_axe()
        self._check_at_twice(then)
        assert self.hosts <= {"127.0.0.1"}, self.hosts

    def check_with_axe(self, only: tuple[str, ...] | None = None) -> None:
        self.page.wait_for_load_state()
        check_with_axe(self.page, self.devtools, only)

    def measure(self, script: str) -> Any:
        """What a script sees of the whole page; its words stand there before its style sheet does."""
        self.page.wait_for_load_state()
        return self.page.evaluate(script)

    def check_sizes(self) -> None:
        """Answers 72 px high and as wide as the page, in a room 64 px; what else is touched 44 px; text 20 px, hints 19."""
        self._check_sizes(self.measure(MEASURE))

    def _check_sizes(self, seen: dict[str, Any]) -> None:
        assert seen["body"] == "20px"
        assert seen["bar"] <= 56, f"{self.path}: the bar is {seen['bar']} px high"
        small = {
            "text below 19 px": seen["small"],
            "low answers": [each for each in seen["answers"] if each["height"] < 72],
            "narrow answers": [each for each in seen["answers"] if each["width"] < seen["column"] - 1],
            "low answers of a room": [each for each in seen["grid"] if each["height"] < 64],
            "low targets": [each for each in seen["targets"] if each["height"] < 44],
        }
        found = {fault: boxes for fault, boxes in small.items() if boxes}
        assert not found, f"{self.path}, {seen['column']} px wide: {found}"

    def check_widths(self, then: dict[str, int] = SIZE) -> None:
        """Nothing stands out to the side: on this phone, and at 320 px with letters twice as large."""
        assert self.width() <= 390, self.path
        self._check_at_twice(then)

    def _check_at_twice(self, then: dict[str, int]) -> None:
        self.page.set_viewport_size({"width": 320, "height": 640})
        width, widest = self.measure(AT_TWICE)
        assert width <= 320, f"{self.path}: {widest}"
        self.page.set_viewport_size(then)  # type: ignore[arg-type]

    def width(self) -> int:
        return int(self.measure("() => document.documentElement.scrollWidth"))

    def language(self) -> str:
        """By no locator of Playwright, which would put all of its own script into a page that is only looked at."""
        return str(self.measure("() => document.documentElement.lang"))

    def shape(self) -> list[str]:
        """What stands on the page, but for its words."""
        return list(self.measure(SHAPE))


NAMES = """fields => {
  const first = {};
  for (const f of fields) if (!(f.name in first)) first[f.name] = [f.name, f.type, f.value];
  return Object.values(first);
}"""
# How wide the page is with letters twice as large, and what stands out to the side.
AT_TWICE = """() => {
  const whole = document.documentElement;
  whole.style.fontSize = '40px';
  const width = whole.scrollWidth;
  const widest = width <= 320 ? [] : [...document.querySelectorAll('body *')]
    .filter(e => e.getBoundingClientRect().right > 321)
    .map(e => e.tagName + '.' + e.className + ' ' + Math.round(e.getBoundingClientRect().right)).slice(0, 5);
  whole.removeAttribute('style');
  return [width, widest];
}"""
