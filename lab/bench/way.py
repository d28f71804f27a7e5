"""What the whole way costs somebody: three people of different age, size and language walk it in a browser.

A, 82, reads Spanish in the largest letters; B, 74, is impatient on a small phone; C, 51, answers for her mother on a
laptop and prints. What they answer is drawn once from a fixed seed. A tap is each touch of an answer, link or button,
and a number is as many as its digits and one more for its box. What one must read is all that is seen in the main part
of each page without opening anything. The dozen longest plans of many made-up people are printed as well.
"""

import io
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext
from pypdf import PdfReader

from answers.draft import Draft
from answers.signs import Signs
from checklists import Definitions, assess, load_definitions
from lab.bench.figures import Figure
from lab.bench.paper_pages import LONGEST, issued, longest, pdf_of
from lab.bench.phone import open_browser
from lab.bench.walker import LISTS, Cost, Walker
from lab.people.records import person, records
from lab.people.stock import typed
from reports.paper.pages import MOST_PAGES
from storage.sqlite.engine import open_store
from tests.browser.conftest import serving
from tests.browser.phone import Phone
from tests.browser.seeds import Seeds

Json = dict[str, Any]
PEOPLE = 200
STEPS = 36
"""In the plan of each who walks, as near as can be."""
SHORT = {"taps": 36, "pages": 30, "words one must read": 1_200}
EVERYTHING = {"taps": 120, "pages": 72, "words one must read": 3_500}
AGAIN = {"taps": 28, "pages": 20}
SCREENS, LARGEST_SCREENS, SCREEN = 4, 7, {"width": 390, "height": 844}
SINCE = timedelta(days=60)


@dataclass(frozen=True, kw_only=True)
class Somebody:
    """Who walks, and on what."""

    name: str
    age: int
    width: int
    height: int
    language: str = "en"
    text: str = "standard"
    helping: bool = False
    prints: bool = False
    also: tuple[tuple[str, str], ...] = ()

    @property
    def options(self) -> Json:
        size = {"viewport": {"width": self.width, "height": self.height}}
        return size if self.width > 600 else {**size, "is_mobile": True, "has_touch": True}


A = Somebody(name="A", age=82, width=390, height=844, language="es", text="largest")
B = Somebody(name="B", age=74, width=320, height=568)
C = Somebody(
    name="C", age=79, width=1366, height=768, helping=True, prints=True, also=(("brain-or-memory-condition", "yes"),)
)


def measure(people: int = PEOPLE) -> list[Figure]:
    """Everything by all three, falls alone and the check after 60 days by B, and the longest of so many on paper."""
    known = load_definitions()
    found = {each.name: record for each, record in zip((A, B, C), _walkers(known), strict=True)}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(serving(folder))
        seeds = Seeds(open_store(folder, folder), known)
        stack.callback(seeds.store.close)
        browser = stack.enter_context(open_browser())
        figures = _short(browser, url, found["B"])
        for each in (A, B, C):
            figures += _everything(browser, url, each, found[each.name])
        figures += _again(browser, url, seeds, found["B"])
    return [*figures, *_paper(known, people)]


def _short(browser: Browser, url: str, record: Json) -> list[Figure]:
    with _context(browser, url, B) as context:
        return _figures("B, falls only", _walk(context, B, record, ("falls",)).go_to_plan(), SHORT)


def _everything(browser: Browser, url: str, who: Somebody, record: Json) -> list[Figure]:
    with _context(browser, url, who) as context:
        walker = _walk(context, who, record)
        figures = _figures(f"{who.name}, everything", walker.go_to_plan(), EVERYTHING)
        if who.text != "standard":
            figures.append(_screens(walker, f"{who.name}, screens of the plan, {who.text} letters", LARGEST_SCREENS))
            _set(walker.phone, replace(who, text="standard"))
        figures.append(_screens(walker, f"{who.name}, screens of the plan", SCREENS))
        if who.prints:
            pages = _pages(context.request.get("/plan.pdf", timeout=60_000).body())
            figures.append(Figure(name=f"{who.name}, printed pages", value=pages, limit=MOST_PAGES[14]))
        return figures


def _screens(walker: Walker, name: str, limit: int) -> Figure:
    walker.page.set_viewport_size(SCREEN)  # type: ignore[arg-type]
    walker.page.goto("/plan")
    height = walker.page.evaluate("() => document.documentElement.scrollHeight")
    return Figure(name=name, value=height / SCREEN["height"], limit=limit)


def _again(browser: Browser, url: str, seeds: Seeds, record: Json) -> list[Figure]:
    with _context(browser, url, B) as context:
        walker = Walker(context, _answers(B, record), lists=())
        draft, before = _draft(B, record), date.today() - SINCE
        seeds.plan(seeds.sow(walker.phone, draft), replace(draft, signs=Signs(day=before, ticked=())), before)
        walker.set_out()
        walker.tap_link("/check-again")
        walker.step()
        while walker.phone.path != "/results":
            walker.step()
        return _figures("check again", walker.go_to_plan(), AGAIN)


def _paper(known: Definitions, people: int) -> list[Figure]:
    """Of so many people those with the most steps, in every language: the plan that takes the most pages."""
    plans = [
        (spoken, issued(spoken, record), language)
        for language in known.languages
        for spoken in (known.into(language),)
        for record in longest(known, LONGEST, people)
    ]
    return [
        Figure(
            name=f"paper at {points} points, the longest of {people} in {len(known.languages)} languages",
            value=max(_pages(pdf_of(spoken, plan, points, language)) for spoken, plan, language in plans),
            unit="pages",
            limit=most,
        )
        for points, most in MOST_PAGES.items()
    ]


def _pages(pdf: bytes) -> int:
    return len(PdfReader(io.BytesIO(pdf)).pages)


def _figures(way: str, cost: Cost, limits: dict[str, int]) -> list[Figure]:
    found = {"taps": cost.taps, "pages": cost.pages, "words one must read": cost.to_read}
    print(f"  {way}: {cost.shown} words shown", flush=True)
    return [Figure(name=f"{way}, {what}", value=found[what], limit=limit) for what, limit in limits.items()]


def _walk(context: BrowserContext, who: Somebody, record: Json, lists: tuple[str, ...] = LISTS) -> Walker:
    """At the start page, with letters and language as this person has them."""
    walker = Walker(context, _answers(who, record), lists, who.helping)
    _set(walker.phone, who)
    walker.set_out()
    return walker


def _set(phone: Phone, who: Somebody) -> None:
    phone.open("/settings")
    phone.choose("text", who.text)
    phone.choose("language", who.language)
    with phone.page.expect_navigation():
        phone.page.locator("#all-settings button.go").click()


@contextmanager
def _context(browser: Browser, url: str, who: Somebody) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=url, **who.options)
    yield context
    context.close()


def _walkers(known: Definitions) -> list[Json]:
    """Three whose plans have about 36 steps, of which none has to wait for a doctor."""
    people = (_worse(one, other) for one, other in pairwise(records(200)))
    free = [each for each in people if "hold" not in (assess(known, person(known, each)).states or ())]
    return sorted(free, key=lambda each: abs(len(issued(known, each).plan.all_actions) - STEPS))[:3]


def _worse(one: Json, other: Json) -> Json:
    """Somebody with what is wrong in the homes and habits of two: one alone has seldom so many steps."""
    both = {name: one["answers"][name] | _found(other["answers"][name]) for name in ("home", "posture")}
    return {**one, "answers": one["answers"] | both}


def _found(values: Json) -> Json:
    return {link_id: answer for link_id, answer in values.items() if answer == "yes"}


def _answers(who: Somebody, record: Json) -> Json:
    """By question: no two lists ask one of the same id."""
    return {k: v for values in record["answers"].values() for k, v in values.items()} | {
        "age": who.age,
        **dict(who.also),
    }


def _draft(who: Somebody, record: Json) -> Draft:
    lists = {name: {key: typed(each) for key, each in values.items()} for name, values in record["answers"].items()}
    about = {**lists.pop("about"), "age": typed(who.age)}
    return replace(Draft.new("self", "metric"), about=about, lists=lists)
