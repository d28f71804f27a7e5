"""Blank checklists on paper: the same questions, numbers and answers as on the pages, in large print, nothing lost."""

import io
import itertools
import logging
import re
from dataclasses import replace

import pikepdf
import pytest
from markupsafe import escape
from pypdf import PdfReader
from weasyprint import HTML

from checklists.files.grammar import Condition
from reports.paper.blank import BlankPaper, every_list
from reports.paper.document import blank_html
from reports.paper.plan_paper import WayBack
from reports.printing.pdf import render_pdf
from reports.words.questions import answers_of, ask_of, asked, help_of, numbered, only_if
from reports.words.words import words
from tests.verapdf import LEAST_CHECKS, judge

SIZES = (14, 18, 24)
PAGES = ("letter", "a4")
LISTS = ("about", "falls", "bone", "home", "posture")
KINDS = ("about", "warning-signs", "bone")
"""Among them every kind of question and of answer, besides those of the home."""
DOOR = WayBack(link=f"https://example.org/open/{'A' * 43}", code_page="https://example.org/code", code="ACDE-F234-56HJ")
START = "https://example.org/"
MM = 72 / 25.4


@pytest.fixture(scope="module")
def blank(definitions):
    """A blank paper: all lists in English unless told otherwise."""

    def make(language: str = "en", region: str = "us", **options) -> BlankPaper:
        return BlankPaper(
            **{
                "words": words(definitions, region, language),
                "lists": every_list(definitions),
                "start": START,
                **options,
            }
        )

    return make


@pytest.fixture(autouse=True)
def nothing_is_complained_of(caplog):
    """Any warning of the renderer is a fault of ours."""
    yield
    assert [each.getMessage() for each in caplog.records if each.levelno >= logging.WARNING] == []


def pages(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


every_look = pytest.mark.parametrize(
    ("language", "points", "page"), tuple(itertools.product(("en", "es"), SIZES, PAGES))
)


@every_look
def test_no_question_is_parted_no_heading_stands_alone_and_every_page_has_its_number(
    blank, definitions, language, points, page
) -> None:
    text = pages(render_pdf(blank_html(blank(language, print_points=points), page)))
    said = {"en": r"Page (\d+) of (\d+)", "es": r"Página (\d+) de (\d+)"}[language]
    numbers = [re.search(said, each).groups() for each in text]
    assert numbers == [(str(number), str(len(text))) for number in range(1, len(text) + 1)]
    text = [squeezed(each) for each in text]
    spoken = words(definitions, "us", language)
    for name, part in ((each, part) for each in LISTS for part in asked(definitions.into(language), each)):
        for number, question in part.questions:
            begins = squeezed(f"{number}. {ask_of(question, helping=False)}")
            found = [each for each in text if begins in each]
            assert found, f"{name} {number} is parted, or is not there"
            before, _, after = found[0].partition(begins)
            answers = [label for _code, label in answers_of(spoken, question, helping=False)]
            for belongs in (help_of(question, helping=False), *answers):
                assert squeezed(belongs) in after, f"{name} {number} is parted"
            if number == part.questions[0][0]:
                assert squeezed(part.title) in before, f"{part.title} stands alone"
                assert squeezed(part.intro) in before


def test_every_size_is_judged_to_be_accessible_in_both_languages(blank, tmp_path) -> None:
    files = []
    for language, points in itertools.product(("en", "es"), SIZES):
        file = tmp_path / f"{language}-{points}.pdf"
        door = DOOR if language == "es" else None
        paper = blank(language, print_points=points, lists=KINDS, way_back=door, helping=points == 14)
        file.write_bytes(render_pdf(blank_html(paper, "a4" if door else "letter")))
        files.append(file)
    verdicts = judge(files)
    for file in files:
        assert verdicts[file].compliant, f"{file.name}: {verdicts[file].faults[:2000]}"
        assert verdicts[file].checks >= LEAST_CHECKS


def test_the_rules_for_our_elements_give_the_same_bytes_as_those_for_all_of_html(blank, monkeypatch) -> None:
    papers = [blank(lists=KINDS, way_back=DOOR), blank("es", print_points=14, lists=("bone",))]
    ours = [render_pdf(blank_html(each, "letter")) for each in papers]
    monkeypatch.setattr("reports.printing.pdf.OurPages", HTML)

    assert [render_pdf(blank_html(each, "letter")) for each in papers] == ours


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("helping", [False, True])
def test_every_question_has_its_number_words_help_and_boxes_in_one_order(blank, definitions, name, helping) -> None:
    paper = blank(lists=(name,), helping=helping)
    html = blank_html(paper, "letter")
    blocks = html.split('<div class="question">')[1:]
    questions = numbered(definitions, name)
    assert len(blocks) == len(questions)
    for block, (number, question) in zip(blocks, questions, strict=True):
        assert f'<p class="ask"><b>{number}.</b> {escape(ask_of(question, helping=helping))}</p>' in block
        assert str(escape(help_of(question, helping=helping))) in block
        boxes = re.findall(r"<(?:li|span)>(.*?)</(?:li|span)>", block)
        assert boxes == [str(escape(label)) for _code, label in answers_of(paper.words, question, helping=helping)]
        if question.answers in ("yes-no", "hazard"):
            home = "No such place there" if helping else "No such place here"
            assert boxes == ["Yes", "No", "Not sure", *([home] if question.answers == "hazard" else [])]
        assert ('<p class="lines">' in block) is (question.unit is not None)


def test_a_follow_up_says_who_is_to_answer_it(blank, definitions) -> None:
    spoken = blank().words
    said = {
        f"{name}.{each.link_id}": only_if(spoken, name, each, helping=False)
        for name in LISTS
        for _number, each in numbered(definitions, name)
        if each.enable_when
    }
    assert said["falls.fell-twice"] == "Only if you ticked Yes in 1."
    assert said["bone.dexa-result"] == "Only if you ticked Yes in 16."
    assert said["bone.postmenopausal"] == "Only if you ticked Female in About you, 2."
    assert said["bone.broke-bone-after-50"] == "Only if the number in About you, 1 is 50 or more."
    assert said["bone.bone-injection-late"].startswith("Only if you ticked A shot every six months or I used one")
    html = blank_html(blank(), "letter")
    for each in said.values():
        assert f'<p class="only">{each}</p>' in html


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        ({"more_than": ["about.age", 64]}, "Only if the number in About you, 1 is more than 64."),
        ({"at_most": ["age", 64]}, "Only if the number in 1 is 64 or less."),
        ({"below": ["age", 64]}, "Only if the number in 1 is less than 64."),
        ({"not": {"is": ["lives-alone", "yes"]}}, "Leave it empty if you ticked Yes in 3."),
        ({"all": [{"is": ["lives-alone", "yes"]}]}, "Leave it empty if it does not fit."),
    ],
)
def test_every_condition_has_words(blank, definitions, condition, says) -> None:
    question = definitions.questions["about"][-1].model_copy(
        update={"enable_when": Condition.model_validate(condition)}
    )
    name = "bone" if "about." in str(condition) else "about"
    assert only_if(blank().words, name, question, helping=False) == says


def test_numbers_are_written_on_lines_with_the_units_of_the_region_first(blank) -> None:
    for region, units in (("us", ["pounds", "kg"]), ("uk", ["kg", "pounds"])):
        html = blank_html(blank(region=region, lists=("bone",)), "letter")
        weight = html.split('<div class="question">')[1]
        assert re.findall(r'<span class="unit">(.*?)</span>', weight) == units


def test_the_warning_signs_say_that_a_call_comes_first_and_what_to_do_beside_each(blank, definitions) -> None:
    html = blank_html(blank(), "letter")
    signs = html.split('<h1 data-short="Warning signs"')[1].split("<h1")[0]
    assert "A phone call comes before this paper." in signs
    for sign in definitions.warning_signs.signs:
        if sign.ask:
            assert sign.paper_says or str(escape(blank().words.ringing(sign.do))) in signs
            assert (str(escape(sign.ask)) in signs) is (sign.paper_says is None)
    assert "Someone to talk to: <b>at any hour, 988</b>" in signs
    assert "Call 988 now" not in signs
    assert "harming" not in html
    assert "Nobody types them in later." in signs
    uk = blank_html(blank(region="uk"), "a4")
    assert "Call 999 first." in uk
    assert "911" not in uk


def test_every_sheet_has_a_place_for_a_name_the_emergency_number_and_the_draft_notice(blank) -> None:
    for name in LISTS:
        html = blank_html(blank(lists=(name,)), "letter")
        for said in (
            '<p class="write">Name:</p>',
            '<p class="write">Date:</p>',
            "Call 911 first.",
            "checked by a clin",
        ):
            assert html.count(said) == 1, (name, said)


def test_the_way_back_is_printed_for_a_record_with_one_and_the_start_for_others(blank) -> None:
    text = squeezed(" ".join(pages(render_pdf(blank_html(blank(lists=("falls",), way_back=DOOR), "letter")))))
    for said in ("ACDE-F234-56HJ", "https://example.org/code"):
        assert said in text
    html = blank_html(blank(lists=("falls",)), "letter")
    assert START in html
    assert "qr:" not in html


def test_boxes_are_at_least_six_millimeters_and_black_on_white(blank) -> None:
    for points, least in ((14, 6), (18, 8), (24, 8)):
        pdf = render_pdf(blank_html(blank(lists=("falls",), print_points=points), "letter"))
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            stream = b"".join(page.Contents.read_bytes() for page in opened.pages).decode("latin-1")
        assert set(re.findall(r"([\d. ]+) (?:rg|RG)\n", stream)) <= {"0 0 0", "1 1 1"}
        sizes = [float(each) / MM * 0.75 for each in re.findall(r"[-\d.]+ [-\d.]+ ([\d.]+) \1 re", stream)]
        assert sizes, "no box was drawn"
        assert max(sizes) >= least - 0.01


def test_the_same_paper_gives_the_same_bytes(blank) -> None:
    html = blank_html(blank(lists=("falls",)), "letter")
    assert render_pdf(html) == render_pdf(html)
    assert blank_html(replace(blank(lists=("falls",))), "letter") == html
