"""Browsers of a clinic's day: each counts what it costs its owner, takes pictures, and looks over pages for staff."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin

from playwright.sync_api import Browser, Frame

from tests.browser.phone import Phone

LAPTOP, TABLET, PHONE = (1366, 768), (820, 1180), (390, 844)
# A row of the list: what it is called, its state as a class, as a word and as a shape.
ROWS = """() => [...document.querySelectorAll('table.people tbody tr')].map(row => ({
  name: row.querySelector('th span').innerText, state: row.className,
  word: row.querySelector('.where span').innerText.trim(), shape: row.querySelector('.where svg').innerHTML}))"""


@dataclass(frozen=True, kw_only=True)
class OnList:
    """Somebody as the list shows them."""

    name: str
    state: str
    word: str
    shape: str


@dataclass
class StaffBrowser:
    """Somebody of staff at a screen. `taps` is each touch of a link or button and each field that is filled in."""

    phone: Phone
    name: str
    folder: Path
    taps: Counter[str] = field(default_factory=Counter)
    pages: Counter[str] = field(default_factory=Counter)
    about: str = ""
    met: set[str] = field(default_factory=set)
    shapes: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page = self.phone.page
        self.page.on("framenavigated", self._note_page)

    @contextmanager
    def busy_with(self, whom: str) -> Iterator[None]:
        """What it costs counts for this."""
        before, self.about = self.about, whom
        yield
        self.about = before

    def open(self, path: str) -> None:
        self.page.goto(path)
        self.look()

    def press(self, words: str, *, role: str = "button") -> None:
        """Touches the button or link of these words, and looks over where it leads."""
        self.taps[self.about] += 1
        with self.page.expect_navigation():
            self.page.get_by_role(role, name=re.compile(f"^{re.escape(words)}")).first.click()  # type: ignore[arg-type]
        self.look()

    def follow(self, words: str) -> None:
        self.press(words, role="link")

    def fill(self, fields: Mapping[str, str]) -> None:
        """Fields by their names: text, or the answer to choose."""
        for name, value in fields.items():
            self.taps[self.about] += 1
            box = self.page.locator(f'[name="{name}"]').first
            if box.get_attribute("type") in ("radio", "checkbox"):
                self.page.locator(f'input[name="{name}"][value="{value}"] + label').click()
            else:
                box.fill(value)

    def look(self) -> None:
        """A page for staff is in order for axe, each time it has another shape; the first time its picture is taken."""
        kind = re.sub(r"/[\w-]{32,}$|[0-9a-f]{32}", "ID", self.phone.path)
        shape = "|".join([kind, *self.phone.shape()])
        if shape not in self.shapes:
            self.shapes.add(shape)
            self.phone.check_with_axe()
        if kind not in self.met:
            self.met.add(kind)
            self.picture(kind.strip("/").replace("/", "-"))

    def picture(self, called: str) -> None:
        self.page.screenshot(path=self.folder / f"{self.name}-{called}.png", full_page=True)

    def rows(self) -> dict[str, OnList]:
        """Everybody on the list that is open, by what it calls them."""
        found: list[dict[str, str]] = self.page.evaluate(ROWS)
        return {each["name"]: OnList(**each) for each in found}

    def file(self, button: str) -> bytes:
        """What a button that opens a file in another tab gives."""
        self.taps[self.about] += 1
        form = self.page.locator("form", has=self.page.get_by_role("button", name=button)).first
        fields: dict[str, str | float | bool] = form.evaluate("form => Object.fromEntries(new FormData(form))")
        chosen = self.page.get_by_role("button", name=button).first
        if name := chosen.get_attribute("name"):
            fields[name] = chosen.get_attribute("value") or ""
        action = urljoin(self.page.url, chosen.get_attribute("formaction") or form.get_attribute("action") or "")
        origin = {"Origin": urljoin(action, "/")[:-1]}
        answer = self.page.request.post(action, form=fields, timeout=90_000, headers=origin)
        assert answer.ok, f"{button}: {answer.status}"
        return answer.body()

    def _note_page(self, frame: Frame) -> None:
        if frame == self.page.main_frame:
            self.pages[self.about] += 1


def new_browser(browser: Browser, url: str, name: str, size: tuple[int, int], folder: Path) -> StaffBrowser:
    """Somebody's own screen."""
    width, height = size
    context = browser.new_context(
        base_url=url,
        viewport={"width": width, "height": height},
        has_touch=size != LAPTOP,
        is_mobile=size == PHONE,
        locale="en-US",
    )
    return StaffBrowser(Phone(context), name, folder)
