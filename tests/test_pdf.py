"""The paper as a file: tagged, one language, our fonts only, the same bytes twice, and nothing fetched."""

import io
import itertools
import logging
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

import pikepdf
import pydyf
import pytest
from markupsafe import escape
from pypdf import PdfReader
from weasyprint import HTML, VERSION
from weasyprint.css import ComputedStyle
from weasyprint.formatting_structure.boxes import Box
from weasyprint.images import SVGImage
from weasyprint.pdf.stream import Stream
from weasyprint.svg import SVG
from weasyprint.text.line_break import Layout

from checklists import assess
from checklists.rules.person import Person
from lab.people.records import person, records
from reports.batch.making import bind_after
from reports.exports.shopping import Thing
from reports.paper.blank import BlankPaper
from reports.paper.cover import NotPrinted, pages_in_file, write_cover
from reports.paper.document import blank_html, cover_html, plan_html, shopping_html, slip_html
from reports.paper.plan_paper import Paper, WayBack
from reports.plan.changes import Point, Trend
from reports.plan.plan_json import issue_plan
from reports.plan.progress import Standing
from reports.printing.pdf import (
    VARIANT,
    BundledOnly,
    OurPages,
    RenderError,
    _laid_out,
    _page_for_anybody,
    as_pdf,
    laid_out,
    render_pdf,
)
from reports.printing.pile import Pile
from reports.printing.prepared import OWNER_BYTES
from reports.printing.quicker import WRITTEN_FOR, quickly
from reports.printing.renderer import Renderer, RenderFailed, RenderTimeout
from reports.words.changes_in_words import ChangesInWords, LineInWords
from reports.words.charts import chart
from reports.words.naming import of_named
from reports.words.services import Nearby
from reports.words.words import words
from tests.browser.states import picture_of_a_tub
from tests.pdf_text import pages_of
from tests.test_letters import every_letter
from tests.verapdf import LEAST_CHECKS, judge

DAY = date(2026, 11, 22)
SIZES = (12, 14, 18, 24)
PAGES = ("letter", "a4")
JPEG = picture_of_a_tub()
RUG = "home.loose-rug"
TO_BUY = (Thing(mark="1", what="A bath mat", where="The bathroom", cost="Under $50"),)
LONGEST_LABEL = "Ward 7, bed 12, Wilhelmina Mountbatten-Montgomery, record number 10442-2026-0099"
TITLE = "Your plan to stay steady"
REACHED: dict[str, Any] = {
    "clinic": "Hill Clinic, 555 0100",
    "nearby": (Nearby("Strong & Steady Class at the Senior Center", "(555) 010-2233 ext. 4", ("exercise", "repairs")),),
}


@pytest.fixture(scope="module")
def paper_of(definitions):
    """A person, or a record of plain values → Paper."""

    def make(who, **options) -> Paper:
        someone = who if isinstance(who, Person) else person(definitions, who)
        given = issue_plan(definitions, assess(definitions, someone), DAY)
        return Paper(
            words=words(definitions, "us", "en"),
            assessment=given.assessment,
            plan=given.plan,
            explanations=given.explanations,
            made_on=DAY,
            **options,
        )

    return make


@pytest.fixture(scope="module")
def everything(definitions, paper_of):
    """The longest plan that answers can make: every hazard, every habit, every warning that lets a plan be told."""
    record = {
        "warning-signs": [sign.id for sign in definitions.warning_signs.signs if sign.ask and sign.urgency != "now"],
        "answers": {
            name: {q.link_id: "yes" for q in questions if q.answers in ("yes-no", "hazard") and not q.habit}
            for name, questions in definitions.questions.items()
        },
        "measures": {"tug-seconds": 30, "frailty": "yes"},
    }
    record["answers"]["about"] |= {"age": 88, "sex": "female", "cannot-walk": "no"}
    record["answers"]["bone"] |= {
        "weight-kg": 48,
        "height-cm": 150,
        "tallest-height-cm": 160,
        "bone-medicine": "stopped",
        "dexa-result": "osteoporosis",
    }
    return lambda signs=None, **options: paper_of(record | ({"warning-signs": signs} if signs else {}), **options)


@pytest.fixture(scope="module")
def needing_help(everything):
    """The same person with every sign ticked: nothing but help is told."""
    return lambda **options: everything(signs=["stroke-signs", "thoughts-of-self-harm", "sudden-back-pain"], **options)


@pytest.mark.parametrize("points", SIZES)
def test_while_a_sign_needs_help_now_the_paper_holds_it_the_fall_page_and_the_numbers(needing_help, points) -> None:
    text = pages_of(pdf_of(needing_help(print_points=points)))
    whole = " ".join(" ".join(text).split())

    assert "First, get help. All other steps wait until a doctor has seen you." in whole
    for said in ("NOW", "If you fall", "911", "988", "What helps now"):
        assert said in whole
    for heading in (
        "Do these",
        "Do this first",
        "Later",
        "At home",
        "How your result was made",
        "Because you told us: a fall",
    ):
        assert heading not in whole
    assert len(text) <= {12: 4, 14: 4, 18: 6, 24: 8}[points]


@pytest.fixture(scope="module")
def many(paper_of):
    """A dozen people with all sorts of answers."""
    return [paper_of(record) for record in records(12, seed=3)]


@pytest.fixture(autouse=True)
def nothing_is_complained_of(caplog):
    """Any warning of the renderer is a fault of ours."""
    yield
    assert [each.getMessage() for each in caplog.records if each.levelno >= logging.WARNING] == []


def first_page(paper: Paper, page: str) -> str:
    """What stands on it; the pages after it, which change nothing of it, are not laid out."""
    (text,) = pages_of(pdf_of(replace(paper, part="first"), page))
    return text


def pdf_of(paper: Paper, page: str = "letter") -> bytes:
    return rendered(plan_html([paper], page))


@cache
def rendered(html: str) -> bytes:
    """Many tests look at the same papers, each for another thing."""
    return render_pdf(html)


def pile_of(papers: Sequence[Paper]) -> bytes:
    """Plans behind their cover list, as rows of a table from row 3."""
    cover = write_cover(
        papers[0].words, list(enumerate(papers, start=3)), [NotPrinted(row=9, label="Eve", why="no age")]
    )
    pile = Pile()
    pages = [(pile.add(plan_html([each], "letter", in_pile=True)),) for each in papers]
    return bind_after(pile, lambda own: cover_html(cover, "letter", tuple(pages_in_file(own, pages)), DAY))


def bound_of(papers: Sequence[Paper]) -> bytes:
    """Plans that were laid out one by one, each called otherwise."""
    pile = Pile()
    for paper in papers:
        pile.add(plan_html([replace(paper, label="AB-12", printed_by="Ana", printed_on=DAY)], "letter"))
    return pile.bind()


def what_changed(paper: Paper) -> ChangesInWords:
    """As if every level had been known in part a month before."""
    drawn = []
    for each in paper.assessment.checklists:
        before = Point(day=DAY - timedelta(days=30), could_be=("low", "moderate"), score=each.score)
        points = (before, Point(day=DAY, could_be=each.could_be, score=each.score))
        drawn.append(chart(paper.words, Trend(checklist=each.id, before=before, points=points)))
    lines = tuple(LineInWords(says="The level is as it was.", chart=each) for each in drawn)
    told = {name: ("a loose rug",) for name in ("fixed", "done", "gone", "new", "other", "steps")}
    return ChangesInWords(
        since="April 3, 2026", summary="1 thing is fixed.", gains="1 thing less to fix.", lines=lines, **told
    )


def contents(pdf: bytes) -> list[bytes]:
    """What is drawn, page by page."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return [page.Contents.read_bytes() for page in opened.pages]


def photos_on(page: pikepdf.Page) -> int:
    """How often a page draws a picture that is made of pixels."""
    named = page.resources.get("/XObject", {})
    names = {str(name) for name, each in named.items() if each.get("/Subtype") == "/Image"}
    steps = pikepdf.parse_content_stream(page)
    return sum(str(step.operator) == "Do" and str(step.operands[0]) in names for step in steps)


def test_every_size_on_every_paper_is_judged_to_be_accessible(many, everything, tmp_path) -> None:
    letters = tmp_path / "letters.pdf"
    letters.write_bytes(every_letter())
    pile = tmp_path / "pile.pdf"
    pile.write_bytes(pile_of(many[:3]))
    files = [letters, pile]
    for points, page in itertools.product(SIZES, PAGES):
        plain = tmp_path / f"plain-{points}-{page}.pdf"
        plain.write_bytes(pdf_of(replace(many[0], print_points=points), page))
        files.append(plain)
    for points, page in zip(SIZES, itertools.cycle(PAGES), strict=False):  # the longest: 250 pages, not 500
        long = tmp_path / f"long-{points}-{page}.pdf"
        long.write_bytes(pdf_of(everything(print_points=points, for_clinician=True, clinic="Hill Clinic"), page))
        files.append(long)
    group = tmp_path / "group.pdf"
    group.write_bytes(rendered(plan_html(many[:6], "letter")))
    bound = tmp_path / "bound.pdf"
    bound.write_bytes(bound_of(many[:3]))
    changed, to_buy, slip = (tmp_path / f"{name}.pdf" for name in ("changed", "to-buy", "slip"))
    photos = {"home.bath-no-grab-bars": JPEG, "home.stairs-no-rails": JPEG}
    paper = everything(photos=photos, way_back=DOOR, **REACHED)
    paper = replace(paper, standings=some_done(paper), changes=what_changed(paper))
    changed.write_bytes(pdf_of(paper))
    to_buy.write_bytes(render_pdf(shopping_html(replace(paper.words, other=True), TO_BUY, DAY, 14, "letter")))
    slip.write_bytes(render_pdf(slip_html(paper.words, DOOR, "The plan of Mom", "It opens until then.", DAY, 18, "a4")))
    also = (group, bound, changed, to_buy, slip)
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(
        render_pdf('<!DOCTYPE html><html lang=en><title>Bad</title><h1>Bad</h1><img alt="" src="bundled:high.svg">')
    )
    verdicts = judge([*files, *also, bad])

    for file in (*files, *also):
        assert verdicts[file].compliant, f"{file.name}: {verdicts[file].faults}"
        assert verdicts[file].checks >= LEAST_CHECKS or file in (to_buy, slip)  # these are short
    assert not verdicts[bad].compliant, "a judge that lets a picture without words pass judges nothing"


def test_a_file_is_packed_by_us_and_holds_what_weasyprint_would_pack(many) -> None:
    document = laid_out(plan_html([many[0]], "letter"))
    theirs = document.write_pdf(pdf_variant=VARIANT)
    ours = as_pdf(document)

    assert ours != theirs
    assert len(ours) < 1.06 * len(theirs)
    assert streams(ours) == streams(theirs)


def test_pages_are_packed_as_they_are_drawn_and_tags_lie_as_in_the_file_while_it_is_written(many, monkeypatch) -> None:
    """Or all that 60 people have would lie there at once, each several times as large."""
    write, in_the_end = pydyf.PDF.write, []

    def spied(pdf: pydyf.PDF, *rest: object) -> None:
        in_the_end.extend(each for each in pdf.objects if isinstance(each, dict) and each.get("Type") == "/StructElem")
        write(pdf, *rest)

    def with_tags(pdf: pydyf.PDF) -> None:
        pages = [each for each in pdf.objects if isinstance(each, Stream) and "Type" not in each.extra]
        unpacked.extend(each for each in pages if each.compress)
        tags.extend(each for each in pdf.objects if isinstance(each, dict) and each.get("Type") == "/StructElem")

    unpacked, tags = list[Stream](), list[object]()
    monkeypatch.setattr(pydyf.PDF, "write", spied)

    assert as_pdf(laid_out(plan_html([many[0]], "letter")), with_tags)
    assert unpacked == []
    assert tags != []
    assert in_the_end == []


@pytest.mark.parametrize(("language", "largest"), [("en", 12), ("es", 24)])
def test_our_own_rules_and_what_is_done_quicker_than_weasyprint_does_it_give_the_same_bytes(
    definitions, many, everything, language, largest, monkeypatch
) -> None:
    """print-elements.css is a part of WeasyPrint's own rules; where a template needs another, this tells."""
    spoken = words(definitions.into(language), "us", language)
    papers = [replace(each, words=spoken, print_points=points) for each, points in zip(many, SIZES, strict=False)]
    longest = everything(way_back=DOOR, for_clinician=True, clinic="Hill Clinic", photos={RUG: JPEG})
    papers.append(replace(longest, words=spoken, print_points=largest))
    htmls = [plan_html([each], page) for each, page in zip(papers, itertools.cycle(PAGES), strict=False)]
    blank = BlankPaper(
        words=spoken, lists=("warning-signs", "falls", "bone"), start="https://example.org/", way_back=DOOR
    )
    one_sheet = replace(blank, lists=("falls",), print_points=14, way_back=None)
    htmls.append(blank_html(one_sheet if language == "es" else blank, "letter"))
    htmls.append(shopping_html(spoken, TO_BUY, DAY, 14, "letter"))
    _page_for_anybody.cache_clear()
    ours = [render_pdf(each) for each in htmls]
    _page_for_anybody.cache_clear()
    published = (ComputedStyle.__init__, Layout.setup, Layout.deactivate, Box.is_in_normal_flow)
    monkeypatch.setattr("reports.printing.pdf.quickly", nullcontext)
    monkeypatch.setattr("reports.printing.pdf.OurPages", HTML)

    assert [render_pdf(each) == own for each, own in zip(htmls, ours, strict=True)] == [True] * len(htmls)
    assert all(each.__module__.startswith("weasyprint.") for each in published), "they would stay for all other papers"


@pytest.mark.parametrize(
    "line",
    [
        "Ana 😀 and ☎ and ✂",
        "مارغريت and מרגרט",
        "q\u0303\u0301 a\u0301\u0323 x\u20d7 بِسْمِ",
        "no\u00adthing at\u200ball \u2060 is \ufeff here",
        "\ue123 \U0010fffd \U000e0001",
        "Ålesund Żółć Ĳ ﬁ",
        '<span style="letter-spacing: 2px">spaced</span> <span style="word-spacing: 9px">so far</span>',
        '<span style="font-variant: small-caps">Small</span> x<sup>2</sup> <i>slanted</i> <b>bold</b>',
        '<span style="display: block; width: 3em; overflow: hidden; text-overflow: ellipsis; white-space: pre">far too long</span>',
        '<span style="display: block; width: 4em; continue: discard; max-lines: 1; block-ellipsis: auto">one two three four</span>',
        '<span style="visibility: hidden">none</span> <span style="font-size: 0.1px">small</span> &#160; ',
    ],
)
def test_a_line_is_drawn_as_weasyprint_draws_it_whatever_stands_in_it(line: str, monkeypatch) -> None:
    fonts = "font: 14pt 'Atkinson Hyperlegible Next', sans-serif"
    html = (
        f'<!DOCTYPE html><html lang="en"><title>x</title><body><p style="{fonts}">{line}</p><p>{line}</p></body></html>'
    )
    ours = render_pdf(html)
    monkeypatch.setattr("reports.printing.pdf.quickly", nullcontext)
    assert render_pdf(html) == ours


def test_it_is_done_quicker_in_the_version_that_that_was_written_for_and_in_no_other(monkeypatch) -> None:
    assert VERSION == WRITTEN_FOR, "read reports/printing/quicker.py beside the new one before this is changed"
    with quickly():
        assert Layout.setup.__module__ == quickly.__module__
    monkeypatch.setattr("reports.printing.quicker.VERSION", "71.0")
    with quickly():
        assert Layout.setup.__module__ == Layout.__module__


def test_a_paper_that_fails_and_papers_of_many_people_leave_weasyprint_as_it_is_published(many, monkeypatch) -> None:
    with pytest.raises(RenderError):
        render_pdf('<!DOCTYPE html><html lang="en"><title>x</title><img alt="x" src="file:///etc/passwd"/></html>')
    assert Layout.setup.__module__ == Layout.__module__
    monkeypatch.setattr("reports.printing.pdf.quickly", lambda: pytest.fail("it would take a fifth more memory"))

    assert render_pdf(plan_html(many[:2], "letter"))


def streams(pdf: bytes) -> list[bytes]:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        found = [each for each in opened.objects if isinstance(each, pikepdf.Stream)]
        return [each.read_bytes() for each in found if each.get("/Type") != "/XRef"]  # which says where all others lie


def test_every_paper_is_read_as_xml_which_is_quicker(many, everything, monkeypatch) -> None:
    longest = everything(for_clinician=True, part="all", way_back=DOOR, label="<O'Hara & Söhne>", photos={RUG: JPEG})
    papers = [*many, longest, replace(longest, changes=what_changed(longest)), everything(signs=["stroke-signs"])]
    htmls = [plan_html([each], "letter") for each in papers]
    htmls.append(shopping_html(longest.words, TO_BUY, DAY, 14, "letter"))
    htmls.append(slip_html(longest.words, DOOR, "Mom & Dad", "It opens until then.", DAY, 18, "a4"))

    def read_as_html(*_args: object, **_named: object) -> None:
        pytest.fail("it was not XML")

    monkeypatch.setattr(HTML, "__init__", read_as_html)
    assert all(OurPages(html, BundledOnly()).etree_element.tag == "html" for html in htmls)


def test_a_drawing_is_drawn_once_for_its_size_and_stands_as_if_it_were_drawn_anew(many, monkeypatch) -> None:
    html = plan_html([many[0]], "letter")
    rendered(html)
    monkeypatch.setattr(SVG, "draw", lambda *_: pytest.fail("it was drawn again"))
    kept = contents(_laid_out(html).write_pdf(pdf_variant=VARIANT))
    monkeypatch.undo()
    monkeypatch.setattr(
        "reports.printing.pictures._drawing", lambda url, file: SVGImage(fromstring(file), url, None, None)
    )

    assert kept == contents(_laid_out(html).write_pdf(pdf_variant=VARIANT))


DOOR = WayBack(link=f"https://example.org/open/{'A' * 43}", code_page="https://example.org/code", code="ACDE-F234-56HJ")


@pytest.mark.parametrize("points", SIZES)
def test_whom_to_call_is_one_piece_on_paper_and_a_link_where_a_screen_shows_it(paper_of, points) -> None:
    record = next(records(1, seed=3))
    pdf = pdf_of(paper_of(record, print_points=points, **REACHED))
    read = PdfReader(io.BytesIO(pdf))
    text = " ".join(page.extract_text() for page in read.pages)  # poppler gives all spaces alike
    found = [each.get_object() for page in read.pages for each in page.get("/Annots", ())]

    assert {each["/A"]["/URI"] for each in found} == {"tel:5550100", "tel:5550102233;ext=4"}
    assert text.count("Local help:") == text.count("(555)\u00a0010-2233\u00a0ext.\u00a04") > 0


def some_done(paper: Paper) -> dict[str, Standing]:
    """Of the plan's actions in turn one is done, one not meant for a long reason, one put off with a note."""
    day = date(2026, 11, 25)
    states = itertools.cycle(
        (
            Standing(state="done", on=day, by="self"),
            Standing(state="not-for-me", on=day, reason="The owner of the house does not want holes in any wall. " * 2),
            Standing(state="later", on=day, note="Ask Ana on Sunday. " * 25, who="family", due=date(2027, 1, 9)),
        )
    )
    own = Standing(title="Call the landlord about the stairs", who="family", note="He is home at night.")
    return {**{each.id: next(states) for each in paper.plan.actions}, "own-1": own}


def test_a_ticked_plan_says_so_and_shows_the_way_back(everything) -> None:
    paper = everything(way_back=DOOR)
    text = _squeezed(" ".join(pages_of(pdf_of(replace(paper, standings=some_done(paper))))))

    for said in (
        "Done on November 25, 2026.",
        "Not for me: The owner",
        "Later. Who: You, family",
        "Note: Ask Ana",
        "Call the landlord about the stairs",
        "ACDE-F234-56HJ",
        "https://example.org/code",
    ):
        assert _squeezed(said) in text, said


@pytest.mark.parametrize(("points", "page"), tuple(itertools.product(SIZES, PAGES)))
def test_only_the_first_page_is_one_page_whatever_stands_on_it(many, everything, needing_help, points, page) -> None:
    """What gives way is never the number to call."""
    ticked = replace(many[0], standings=some_done(many[0]))
    clinic = "Hill Street Clinic for Bones and Falls, 555 0100"
    for paper in (*many[:2], ticked, everything(clinic=clinic), needing_help(clinic=clinic)):
        (text,) = pages_of(pdf_of(replace(paper, print_points=points, part="first"), page))
        found = _squeezed(text)
        assert found.startswith(_squeezed(clinic.split(",")[0] if paper.clinic else TITLE))
        assert ("5550100" if paper.clinic and paper.plan.first else "Inanemergency,call911") in found


@pytest.mark.parametrize(("points", "page"), tuple(zip(SIZES, itertools.cycle(PAGES), strict=False)))
def test_the_page_for_after_a_fall_is_one_page(everything, points, page) -> None:
    text = [_squeezed(each) for each in pages_of(pdf_of(everything(print_points=points), page), 3)]
    assert text[1].find("Ifyoufall") >= 0
    assert "1-800-799-7233" in text[1]
    assert "Yoursteps" in text[2]


@pytest.mark.parametrize(("points", "page"), tuple(itertools.product(SIZES, PAGES)))
def test_title_owner_and_date_of_the_first_three_stand_on_page_one(many, points, page) -> None:
    for paper in [each for each in many if not each.assessment.warnings][:3]:
        text = _squeezed(first_page(replace(paper, print_points=points), page))
        for planned in paper.plan.first:
            assert _squeezed(planned.title) in text
            assert _squeezed(f"{planned.due:%B} {planned.due.day}, {planned.due.year}") in text
            assert _squeezed(paper.words.who(planned.action.who)) in text


def test_larger_print_is_set_anew_and_never_zoomed(many) -> None:
    readers = [PdfReader(io.BytesIO(pdf_of(replace(many[0], print_points=points)))) for points in SIZES]
    counts = [len(reader.pages) for reader in readers]

    assert counts == sorted(counts)
    assert counts[3] > counts[1]
    for reader in readers:
        assert {tuple(page.mediabox[2:]) for page in reader.pages} == {(612, 792)}


def test_the_file_says_its_language_and_title_and_is_tagged(many) -> None:
    with pikepdf.open(io.BytesIO(pdf_of(many[0]))) as pdf:
        assert str(pdf.Root.Lang) == "en"
        assert str(pdf.docinfo["/Title"]) == TITLE
        assert bool(pdf.Root.MarkInfo.Marked)
        assert "/StructTreeRoot" in pdf.Root
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)


def test_a_photo_stands_beside_its_fix_with_words_and_never_on_the_first_page(everything, tmp_path) -> None:
    paper = everything(photos={"home.bath-no-grab-bars": JPEG})
    fixes = [
        each for each in paper.plan.actions if "home.bath-no-grab-bars" in {because.fact for because in each.fixes}
    ]
    file = tmp_path / "plan.pdf"
    file.write_bytes(pdf_of(paper))
    with pikepdf.open(file) as pdf:
        drawn = [photos_on(page) for page in pdf.pages]
        alts = [str(each.Alt) for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and "/Alt" in each]
    assert sum(drawn) == len(fixes) > 0
    assert drawn[0] == 0
    assert alts.count("Your photo: no grab bars") == len(fixes)


def test_it_is_read_in_the_order_in_which_it_stands(everything, tmp_path) -> None:
    file = tmp_path / "plan.pdf"
    file.write_bytes(pdf_of(everything(for_clinician=True)))
    read = subprocess.run(["pdfinfo", "-struct-text", str(file)], capture_output=True, text=True, check=True).stdout
    headings = (
        TITLE,
        "TODAY",
        "SOON",
        "If you fall",
        "Numbers to call",
        "Your steps",
        "Later",
        "For my visit",
        "For the clinician",
    )
    order = [read.index(f'"{each}') for each in headings]

    assert order == sorted(order)


def test_only_our_fonts_are_inside(everything, tmp_path) -> None:
    file = tmp_path / "plan.pdf"
    file.write_bytes(pdf_of(everything(for_clinician=True, clinic="Ärztehaus Łódź, 555 0100")))
    listed = subprocess.run(["pdffonts", str(file)], capture_output=True, text=True, check=True).stdout
    fonts = [line.split()[0] for line in listed.splitlines()[2:]]

    assert fonts
    assert all("Atkinson-Hyperlegible-Next" in font for font in fonts), listed


def test_the_same_plan_gives_the_same_bytes(many) -> None:
    html = plan_html([many[1]], "letter")

    assert render_pdf(html) == render_pdf(html)
    assert plan_html([many[1]], "letter") == html


def test_a_page_that_is_the_same_for_many_stands_as_if_it_were_laid_out_with_the_others(many, everything) -> None:
    heeded = everything(print_points=24)
    for paper, page in ((many[0], "letter"), (many[1], "a4"), (heeded, "letter")):
        html = plan_html([paper], page)
        whole, joined = _laid_out(html).write_pdf(pdf_variant=VARIANT), rendered(html)
        read = [PdfReader(io.BytesIO(each)) for each in (whole, joined)]
        assert contents(whole) == contents(joined)
        assert _outline(read[0].outline) == _outline(read[1].outline)


def _outline(entries: list) -> list:
    return [_outline(each) if isinstance(each, list) else each.title for each in entries]


def test_a_page_that_is_the_same_for_many_is_laid_out_once_and_never_kept_where_it_names_somebody(many) -> None:
    _page_for_anybody.cache_clear()
    htmls = [plan_html([each], "letter") for each in many if not each.assessment.warnings]
    for html in htmls:
        render_pdf(html)
    known = _page_for_anybody.cache_info()
    assert known.hits + known.misses == len(htmls)
    assert known.hits >= len(htmls) // 2
    named = replace(many[0], words=of_named(many[0].words, "Mom"))
    render_pdf(plan_html([named], "letter"))
    assert _page_for_anybody.cache_info() == known


def test_everybody_in_a_file_starts_on_a_right_hand_page_with_their_own_numbers(many) -> None:
    group = many[:6]
    text = pages_of(rendered(plan_html(group, "letter")))
    starts = [number for number, page in enumerate(text) if TITLE in page]

    assert len(starts) == len(group)
    assert all(start % 2 == 0 for start in starts), "counted from 0, a right-hand page is even"
    assert all(re.search(r"Page 1 of \d+", text[start]) for start in starts)
    for start, after in itertools.pairwise((*starts, len(text))):
        own = [page for page in text[start:after] if page.strip()]
        numbers = [re.search(r"Page (\d+) of (\d+)", page).groups() for page in own]
        assert numbers == [(str(i), str(len(own))) for i in range(1, len(own) + 1)]


def test_the_cover_list_says_whose_pages_are_which_most_urgent_first(many) -> None:
    urgent = next(each for each in many if each.assessment.warnings)
    calm = next(each for each in many if each.assessment.overall == min(one.assessment.overall for one in many[:4]))
    papers = [replace(calm, label="Ana"), replace(urgent, label="Ida")]
    cover, *rest = pages_of(pile_of(papers))
    rows = re.findall(r"^(\d+) (Ana|Ida)\b.*?(\d+)–(\d+) 14 en", cover, re.MULTILINE | re.DOTALL)
    assert [name for _, name, *_ in rows] == ["Ida", "Ana"]
    for row, name, first, last in rows:
        assert row == {"Ana": "3", "Ida": "4"}[name]
        own = rest[int(first) - 2 : int(last) - 1]
        assert f"Name: {name}" in own[0]
        assert f"Page {len(own)} of {len(own)}" in own[-1]
    assert "Row 9, Eve: no age" in " ".join(cover.split())


def test_no_box_is_split_and_every_step_stands_whole_on_one_page(many) -> None:
    paper = many[0]
    text = [_squeezed(page) for page in pages_of(pdf_of(paper))[2:]]
    for planned in paper.plan.next[:5]:
        first, second = (_squeezed(each) for each in planned.how[:2])
        assert any(_squeezed(planned.title) in page and first in page and second in page for page in text), planned.id


def test_no_level_and_no_private_sign_stand_beside_a_sign_that_needs_help_now(needing_help) -> None:
    paper = needing_help()
    text = " ".join(pages_of(pdf_of(paper)))

    assert "Someone to talk to" in text
    assert "harming" not in text.lower()
    assert "thoughts" not in text.lower()
    assert "988" in text
    assert "How your result was made" not in text
    assert not re.search(r"shows a (lower|raised|high) risk", text)


def test_the_clinician_reads_the_private_sign(needing_help) -> None:
    text = " ".join(pages_of(pdf_of(needing_help(for_clinician=True))))

    assert text.lower().index("thoughts of") > text.index("For the clinician")


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "http://127.0.0.1:9/x.svg", "bundled:../../app.py", "data:,x", "data:image/svg+xml,<svg/>"],
)
def test_nothing_but_our_own_files_is_ever_fetched(address) -> None:
    with pytest.raises(RenderError):
        render_pdf(f'<!DOCTYPE html><html lang=en><title>x</title><h1>x</h1><img alt="x" src="{address}">')


@pytest.fixture(scope="module")
def renderer():
    renderer = Renderer(seconds=2)
    renderer.warm()
    yield renderer
    renderer.close()


class TestTheRenderer:
    """One warm child process: killed when it runs away, replaced when it dies."""

    def test_it_gives_what_the_command_line_gives(self, renderer, many) -> None:
        html = plan_html([many[2]], "a4")

        assert renderer.render(html) == render_pdf(html)

    def test_to_begin_it_starts_no_other_program(self) -> None:
        """To search for a library by its name starts a compiler."""

        def started(work: str) -> str:
            watching = "sys.addaudithook(lambda event, given: event == 'subprocess.Popen' and print(given[1]))"
            program = f"import subprocess, sys; {watching}; {work}"
            return subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout

        assert started("subprocess.run(['true'])") == "['true']\n"
        assert started("import reports.printing.pdf") == ""

    def test_a_runaway_paper_is_ended_and_the_next_is_made(self, renderer, many) -> None:
        with pytest.raises(RenderTimeout):
            renderer.render("<p>x</p>" * 400_000)

        assert renderer.render(plan_html([many[3]], "letter")).startswith(b"%PDF")

    def test_a_paper_that_asks_for_a_file_fails_alone(self, renderer, many) -> None:
        with pytest.raises(RenderFailed):
            renderer.render('<img alt="x" src="file:///etc/passwd">')

        assert renderer.render(plan_html([many[3]], "letter")).startswith(b"%PDF")

    def test_what_was_made_while_one_waited_is_not_made_again(self, renderer) -> None:
        assert renderer.render("<p>never laid out</p>", made_meanwhile=lambda: b"made") == b"made"

    def test_a_paper_may_take_long_on_a_busy_machine(self) -> None:
        """What is limited is the work, of which a stopped process does none."""
        renderer = Renderer(seconds=1.5)
        renderer.warm()
        process = renderer._child.start()
        renderer.render("<p>x</p>")
        with ThreadPoolExecutor() as pool:
            paper = pool.submit(renderer.render, "<p>x</p>" * 600)
            time.sleep(0.05)
            os.kill(process.pid, signal.SIGSTOP)
            time.sleep(1.7)
            os.kill(process.pid, signal.SIGCONT)
            assert paper.result().startswith(b"%PDF")
        renderer.close()

    def test_deep_nesting_fails_alone(self, renderer, many) -> None:
        with pytest.raises(RenderFailed):
            renderer.render("<div>" * 2000)

        assert renderer.render(plan_html([many[3]], "letter")).startswith(b"%PDF")

    def test_a_child_that_was_killed_is_replaced(self, renderer, many) -> None:
        renderer.render(plan_html([many[4]], "letter"))
        process = renderer._child.start()
        process.kill()
        process.wait()

        assert renderer.render(plan_html([many[4]], "letter")).startswith(b"%PDF")

    def test_what_was_prepared_goes_with_its_child_and_is_made_anew(self, renderer, many) -> None:
        html = plan_html([many[6]], "letter")
        renderer.prepare(b"o" * OWNER_BYTES, html)
        prepared = renderer.render(html)
        renderer.forget(b"o" * OWNER_BYTES)
        assert renderer.render(html) == prepared

        renderer.prepare(b"o" * OWNER_BYTES, html)
        renderer._child.end()
        renderer.forget(b"o" * OWNER_BYTES)
        assert not renderer._child.is_running, "there is nothing to forget, and no child is begun for it"
        assert renderer.render(html) == prepared

    def test_nobody_is_left_behind(self, many) -> None:
        renderer = Renderer()
        renderer.render(plan_html([many[5]], "letter"))
        process, folder = renderer._child.start(), Path(renderer._child._folder.name)
        assert any(folder.iterdir()), "fonts, as WeasyPrint lays them down"
        renderer.close()

        assert process.poll() is not None
        assert not folder.exists()

    def test_a_child_whose_server_was_killed_leaves_nothing_either(self, tmp_path) -> None:
        folder = tmp_path / "folder"
        folder.mkdir()
        subprocess.run(
            [sys.executable, "-m", "reports.printing.pdf", folder, "10"], check=True, input=b"", capture_output=True
        )

        assert not folder.exists()


def _squeezed(text: str) -> str:
    """Without spaces and line breaks, which say nothing about what stands on a page."""
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize(("points", "page"), tuple(itertools.product((18, 24), PAGES)))
def test_large_print_with_a_warning_still_keeps_the_first_three_on_page_one(paper_of, points, page) -> None:
    """Two frames in the largest print, or three in large print, are more than a page can hold beside them."""
    whose = ("", "", LONGEST_LABEL, LONGEST_LABEL)
    for record, signs, label in zip(records(4, seed=8), (["back-pain-fever"], ["limb-injury"]) * 2, whose, strict=True):
        record["warning-signs"] = signs
        record["answers"]["falls"] |= {"fell-past-year": "no"}
        for follow_up in ("fell-twice", "fall-injury", "fall-long-lie", "fall-blackout"):
            record["answers"]["falls"].pop(follow_up, None)
        record["answers"]["bone"] |= {"bone-medicine": "none", "broke-bone-after-50": "no", "steroids-3-months": "no"}
        record["answers"]["bone"].pop("bone-injection-late", None)
        record["answers"]["bone"]["tallest-height-cm"] = record["answers"]["bone"]["height-cm"]
        record["measures"] = {}
        record["answers"]["about"]["spine-fracture-now"] = "no"
        paper = paper_of(record, print_points=points, label=label)
        assert len({each.urgency for each in paper.assessment.warnings}) == 1
        text = _squeezed(first_page(paper, page))
        for planned in paper.plan.first:
            assert _squeezed(planned.title) in text
            assert _squeezed(f"{planned.day:%B} {planned.day.day}, {planned.day.year}") in text


@pytest.mark.parametrize("points", SIZES)
def test_of_the_first_three_two_hows_and_a_because_are_told_whatever_the_first_page_holds(many, points) -> None:
    for paper in many:  # the hardest plan keeps its length first: tests/test_paper_pages.py
        text = _squeezed(re.sub(r"<[^>]+>", "", plan_html([replace(paper, print_points=points)], "letter")))
        for planned in paper.plan.first:
            for said in (planned.title, *planned.how[:2]):
                assert _squeezed(str(escape(paper.words.ringing(said)))) in text
            found = paper.words.findings(paper.assessment.person, planned.because, private=True)[0]
            assert _squeezed(str(escape(found))).lower() in text.lower()
