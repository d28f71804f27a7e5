"""The longest plans of 200 generated people on paper: how many pages, how full, how small the letters (contract 12).

Prints a table; each figure has the contract's limit.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any

from checklists import Definitions, assess, load_definitions
from checklists.people.units import PrintPoints
from lab.bench.figures import Figure
from lab.people.records import DAY, person, records
from reports.paper.compose import PlanToPrint, compose
from reports.paper.pages import MOST_PAGES
from reports.paper.plan_paper import PrintOptions, WayBack
from reports.plan.plan_json import IssuedPlan, issue_plan

PEOPLE, LONGEST = 200, 12
LANGUAGES = ("en", "es")
SMALLEST, SMALL, SMALL_SHARE = 0.75, 0.85, 0.05
WAY_BACK = WayBack(
    link=f"https://clinic.example.org/open/{'a' * 43}", code_page="clinic.example.org/code", code="ABCD-EFGH-JKLM"
)
"""What a plan that was printed from a page has besides."""
_FOOT_PT, _HEAD_PT = 46.0, 37.0


@dataclass(frozen=True, kw_only=True)
class PageRead:
    """A page read back from a PDF: its letters by their size in points, and how much of its height is used."""

    text: str
    letters: dict[float, int]
    filled: float


def measure() -> list[Figure]:
    known = load_definitions()
    figures = []
    for points, language in product(MOST_PAGES, LANGUAGES):
        spoken = known.into(language)
        counts, shares = [], []
        for record in longest(known, LONGEST):
            read = read_pages(pdf_of(spoken, issued(spoken, record), points, language))
            counts.append(len(read))
            shares.append(share_of_small(read, points))
        print(f"  {points} points, {language}: pages {sorted(counts)}", flush=True)
        name = f"pages at {points} points, {language}, the longest of {PEOPLE}"
        figures += [
            Figure(name=name, value=max(counts), limit=MOST_PAGES[points]),
            Figure(name=f"small letters at {points} points, {language}", value=max(shares), limit=SMALL_SHARE),
        ]
    return figures


def longest(known: Definitions, count: int, people: int = PEOPLE) -> list[dict[str, Any]]:
    """Those of so many with the most steps, the longest first; without the pages that a fresh fracture brings."""
    everybody = (each for each in records(people) if each["answers"]["about"].get("spine-fracture-now") != "yes")
    return sorted(everybody, key=lambda each: -len(issued(known, each).plan.all_actions))[:count]


def hardest(known: Definitions) -> dict[str, Any]:
    """Somebody with everything to fix at home, every habit and every finding, but no fresh fracture: some 90 steps."""
    answers: dict[str, dict[str, Any]] = {
        name: {q.link_id: "yes" for q in questions if q.answers in ("yes-no", "hazard") and not q.habit}
        for name, questions in known.questions.items()
    }
    answers["about"] |= {"age": 82, "sex": "female", "cannot-walk": "no", "spine-fracture-now": "no"}
    answers["bone"] |= {"weight-kg": 48, "height-cm": 150, "tallest-height-cm": 160}
    answers["bone"] |= {"bone-medicine": "stopped", "dexa-result": "osteoporosis"}
    return {"today": DAY, "warning-signs": ["back-pain-fever"], "answers": answers, "measures": {"tug-seconds": 30}}


def issued(known: Definitions, record: dict[str, Any]) -> IssuedPlan:
    return issue_plan(known, assess(known, person(known, record)), date.fromisoformat(DAY))


def pdf_of(known: Definitions, plan: IssuedPlan, points: PrintPoints, language: str) -> bytes:
    from reports.printing.pdf import render_pdf

    options = PrintOptions(region="us", language=language, points=points, clinic="Riverside Family Clinic, 555-0142")
    return render_pdf(compose(known, [PlanToPrint(issued=plan, answered_by="self", way_back=WAY_BACK)], options))


def read_pages(pdf: bytes) -> list[PageRead]:
    from pypdf import PdfReader

    return [_read(page) for page in PdfReader(io.BytesIO(pdf)).pages]


def _read(page: Any) -> PageRead:
    letters: dict[float, int] = {}
    lowest = height = float(page.mediabox.height)

    def visit(text: str, within: list[float], matrix: list[float], _font: object, size: float) -> None:
        nonlocal lowest
        if not text.strip():
            return
        points = round(abs(size * matrix[3] * within[3]), 2)
        letters[points] = letters.get(points, 0) + len(text.replace(" ", "").strip())
        from_foot = matrix[5] * within[3] + within[5]
        if from_foot > _FOOT_PT:
            lowest = min(lowest, from_foot)

    text = page.extract_text(visitor_text=visit)
    return PageRead(text=text, letters=letters, filled=(height - _HEAD_PT - lowest) / (height - _HEAD_PT - _FOOT_PT))


def share_of_small(pages: list[PageRead], points: int) -> float:
    """The share of letters under 0.85 of the print size."""
    sizes = list(_sizes(pages))
    return sum(count for size, count in sizes if size < SMALL * points) / sum(count for _, count in sizes)


def smallest(pages: list[PageRead]) -> float:
    """The smallest letters, in points."""
    return min(size for size, _ in _sizes(pages))


def _sizes(pages: list[PageRead]) -> Iterator[tuple[float, int]]:
    return (each for page in pages for each in page.letters.items())
