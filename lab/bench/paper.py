"""A plan on paper beside bare WeasyPrint and warm Chromium, and a whole falls clinic in one file."""

import gc
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path
from unittest.mock import patch

from checklists import assess, load_definitions
from lab.bench import paper_in_chromium, paper_pages
from lab.bench.figures import Figure, in_turn, milliseconds
from lab.people.records import DAY, person, records
from reports.paper.document import plan_html
from reports.paper.plan_paper import Paper
from reports.plan.plan_json import issue_plan
from reports.words.words import words

ROOT = Path(__file__).parent.parent.parent
ACTIONS = 8
PLANS, IN_CHROMIUM = 12, 6
ROUNDS = 5  # what neighbors on the same machine take away (up to half was seen) comes and goes
CLINIC = 60


def measure() -> list[Figure]:
    """Medians of warm renderings, each beside bare WeasyPrint or Chromium on the same HTML in the same run."""
    htmls = [plan_html([paper], "letter") for paper in standard_papers(IN_CHROMIUM)]
    beside_chromium = paper_in_chromium.measure(htmls)
    return [*_one_plan(), *beside_chromium, *_from_request_to_pdf(), *_a_clinic(), *paper_pages.measure()]


def standard_papers(count: int) -> list[Paper]:
    """Plans of exactly eight actions without a warning, at 14 points, no two alike."""
    standard = (paper for paper in any_papers(8_000) if _is_standard(paper))
    found = list(islice(standard, count))
    if len(found) < count:
        raise RuntimeError("too few people have a standard plan")
    return found


def any_papers(count: int) -> Iterator[Paper]:
    """Plans of people as they come, long and short, at 14 points, no two alike."""
    known = load_definitions()
    for record in records(count):
        issued = issue_plan(known, assess(known, person(known, record)), date.fromisoformat(DAY))
        yield Paper(
            words=words(known, "us", "en"),
            assessment=issued.assessment,
            plan=issued.plan,
            explanations=issued.explanations,
            made_on=issued.made_on,
        )


def _is_standard(paper: Paper) -> bool:
    return len(paper.plan.actions) == ACTIONS and not paper.assessment.warnings


def bare(html: str) -> bytes:
    """WeasyPrint by itself: same HTML, same options, fonts and CSS already loaded."""
    from weasyprint import HTML

    from reports.printing.pdf import VARIANT, BundledOnly, style

    fonts, css = style()
    document = HTML(string=html, url_fetcher=BundledOnly())
    pdf: bytes = document.write_pdf(stylesheets=[css], font_config=fonts, pdf_variant=VARIANT)
    return pdf


def _one_plan() -> list[Figure]:
    from reports.printing.renderer import Renderer

    renderer = Renderer()
    papers = standard_papers(PLANS)
    htmls = [plan_html([paper], "letter") for paper in papers]
    for html in htmls[:2]:
        bare(html)
        renderer.render(html)

    def render(paper: Paper) -> bytes:
        return renderer.render(plan_html([paper], "letter"))

    pairs = [_pair(render, paper, html) for paper, html in zip(papers * 2, htmls * 2, strict=True)]
    ours, theirs = (statistics.median(each) for each in zip(*pairs, strict=True))
    pages = statistics.median(_pages(renderer.render(html)) for html in htmls)
    renderer.close()
    idle = float(_measured_by_a_child("plans")[0])
    print(f"  a standard plan of {pages:g} pages, median of the calmest round: {idle:.0f} ms", flush=True)
    return [Figure(name="standard plan / bare WeasyPrint", value=ours / theirs, limit=0.9)]


def _pair(render: Callable[[Paper], bytes], paper: Paper, html: str) -> tuple[float, float]:
    return milliseconds(lambda: render(paper)), milliseconds(lambda: bare(html))


def _pages(pdf: bytes) -> int:
    import io

    from pypdf import PdfReader

    return len(PdfReader(io.BytesIO(pdf)).pages)


def _from_request_to_pdf() -> list[Figure]:
    """GET /plan.pdf of a stored plan, less the renderer's own time for the same HTML."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["FIRM_FOOTING_DATA"] = os.environ["FIRM_FOOTING_KEYS"] = folder
        from answers.draft import Draft
        from app import create_app
        from lab.people.stock import typed
        from web.core import stores
        from web.visitor import paper as papers
        from web.visitor.open_record import OpenRecord
        from web.visitor.stored_plan import make_plan

        stores.store.cache_clear()
        app, record = create_app(), next(records(1, seed=5))
        lists = {name: {key: typed(each) for key, each in values.items()} for name, values in record["answers"].items()}
        draft = replace(Draft.new("self", "metric"), about=lists.pop("about"), lists=lists)
        with app.test_request_context():
            record_id = stores.store().create_record(content_hash="bench", data=draft.to_json()).record_id
            make_plan(OpenRecord(record_id=record_id, revision=1, draft=draft), "bench")
        client = app.test_client()
        client.get("/for-whom")
        cookie = client.get_cookie("ff")
        assert cookie is not None
        stores.store().save_session(cookie.value, {"record": record_id, "records": [record_id]})
        client.get("/plan.pdf")
        renderer = papers.renderer()
        with patch.object(renderer, "render", wraps=renderer.render) as render:
            assert client.get("/plan.pdf").content_type == "application/pdf"
            html: str = render.call_args.args[0]
        whole, rendering = in_turn(lambda: client.get("/plan.pdf"), lambda: renderer.render(html), 25)
        renderer.close()
        stores.store().close()
        stores.store.cache_clear()
    return [Figure(name="added from request to PDF", value=whole - rendering, unit="ms", limit=20)]


def _a_clinic() -> list[Figure]:
    """Sixty people as they come, in one file: each way in a process of its own, so that memory is its own."""
    ours, theirs = zip(*((_child("ours"), _child("bare")) for _ in range(2)), strict=True)
    seconds = [min(each[0] for each in runs) for runs in (ours, theirs)]
    rate = seconds[1] / seconds[0]
    megabytes = max(each[1] for each in ours)
    return [
        Figure(name=f"{CLINIC} people in one file, rate / bare WeasyPrint", value=rate, limit=0.85, at_least=True),
        Figure(name=f"{CLINIC} people in one file", value=seconds[0], unit="s", limit=60),
        Figure(name=f"memory for {CLINIC} people", value=megabytes, unit="MB", limit=350),
    ]


def _child(way: str) -> tuple[float, float]:
    """Seconds of one warm rendering and the peak megabytes of its process."""
    seconds, megabytes = _measured_by_a_child(way)
    return float(seconds), float(megabytes)


def _measured_by_a_child(what: str) -> list[str]:
    command = [sys.executable, "-m", "lab.bench.paper", what]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()


def _render_plans() -> None:
    """The median of each of a few rounds through the standard plans, as the renderer's process would: the least."""
    from reports.printing.pdf import render_pdf

    papers = standard_papers(PLANS)
    for paper in papers[:3]:
        render_pdf(plan_html([paper], "letter"))
    gc.freeze()
    gc.disable()
    rounds = []
    for _ in range(ROUNDS):
        took = []
        for paper in papers:
            took.append(milliseconds(lambda paper=paper: render_pdf(plan_html([paper], "letter"))))  # type: ignore[misc]
            gc.collect()
        rounds.append(statistics.median(took))
    print(min(rounds))


def _render_a_clinic(way: str) -> None:
    papers = list(any_papers(CLINIC))
    html = "" if way == "ours" else plan_html(papers, "letter")
    bare(plan_html(papers[:1], "letter"))
    seconds = milliseconds(lambda: _piled(papers) if way == "ours" else bare(html)) / 1000
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _piled(papers: list[Paper]) -> bytes:
    """As `flask plan` binds them."""
    from reports.printing.pile import Pile

    pile = Pile()
    for paper in papers:
        pile.add(plan_html([paper], "letter", in_pile=True))
    return pile.bind()


if __name__ == "__main__":
    _render_plans() if sys.argv[1] == "plans" else _render_a_clinic(sys.argv[1])
