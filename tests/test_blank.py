"""Blank checklists on paper: the same questions, numbers and answers as on the pages, in large print, nothing lost."""

import io
import logging
import re
from dataclasses import replace
from datetime import date
from xml.etree.ElementTree import fromstring

import pikepdf
import pytest
from markupsafe import escape

from checklists.files.grammar import Condition
from reports.paper.blank import BlankPaper, every_list, with_what_comes_before
from reports.paper.document import blank_html, fill_template
from reports.paper.plan_paper import WayBack
from reports.printing.pdf import render_pdf
from reports.words.questions import answers_of, ask_of, asked, help_of, numbered, only_if
from reports.words.speech import speech
from reports.words.words import words
from storage.clinics.model import Clinic
from tests.pdf_text import MM, ends_of, pages_of
from tests.verapdf import LEAST_CHECKS, judge

SIZES = (12, 14, 18, 24)
LISTS = ("about", "falls", "bone", "home", "posture")
KINDS = ("warning-signs", "about", "bone")
"""Among them every kind of question and of answer, besides those of the home."""
DOOR = WayBack(link=f"https://example.org/open/{'A' * 43}", code_page="https://example.org/code", code="ACDE-F234-56HJ")
START = "https://example.org/"
PX = 0.75
A_BOX = re.compile(r"([-\d.]+) [-\d.]+ ([\d.]+) \2 re")


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


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


every_look = pytest.mark.parametrize(
    ("language", "points", "page"),
    [("en", 14, "letter"), ("en", 24, "a4"), *zip(("es",) * 4, SIZES, ("letter", "a4") * 2, strict=True)],
)


@every_look
def test_each_question_stands_whole_under_its_heading_and_every_page_is_numbered_and_at_least_half_full(
    blank, definitions, language, points, page
) -> None:
    pdf = render_pdf(blank_html(blank(language, print_points=points), page))
    text, ends = pages_of(pdf), ends_of(pdf)
    said = {"en": r"Page (\d+) of (\d+)", "es": r"Página (\d+) de (\d+)"}[language]
    numbers = [re.search(said, each).groups() for each in text]
    assert numbers == [(str(number), str(len(text))) for number in range(1, len(text) + 1)]
    if points == 14:
        assert len(text) <= 16
    lists = [re.search(r"Firm Footing\. (.+)$", each, re.M)[1] for each in text]
    for number, of_list in enumerate(lists[:-1]):
        if of_list == lists[number + 1]:
            assert ends[number] > 0.5, f"page {number + 1} is less than half full"
    check_sizes(pdf, points)
    spoken, text = words(definitions, "us", language), [squeezed(each) for each in text]
    for name, part in ((each, part) for each in LISTS for part in asked(definitions.into(language), each)):
        for number, question in part.questions:
            whole = squeezed(f"{number}{ask_of(question, helping=False)}{hint(question)}")
            pages_of_it = [each for each in text if whole in each]
            assert pages_of_it, f"{name} {number} is parted, or is not there"
            before, _, after = pages_of_it[0].partition(whole)
            answers = [squeezed(label) for _code, label in answers_of(spoken, question, helping=False)]
            for label in answers:
                assert label in (after if question.options else before), f"{name} {number}: no {label} on its page"
            if number == part.questions[0][0]:
                assert squeezed(part.title) in before, f"{part.title} stands alone"


def hint(question) -> str:
    return question.help_short or help_of(question, helping=False)


def check_sizes(pdf: bytes, points: int) -> None:
    """No type under 0.75 of the print size, black on white alone, and boxes of at least 6 mm, in large print 8."""
    drawn = content(pdf)
    assert set(re.findall(r"([\d. ]+) (?:rg|RG)\n", drawn)) <= {"0 0 0", "1 1 1"}
    assert min(float(each) * PX for each in re.findall(r"([\d.]+) Tf", drawn)) >= points * 0.75 - 0.01
    assert max(float(size) * PX / MM for _x, size in A_BOX.findall(drawn)) >= (8 if points >= 18 else 6) - 0.01


def content(pdf: bytes) -> str:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return b"".join(page.Contents.read_bytes() for page in opened.pages).decode("latin-1")


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_a_clinic_hands_out_for_falls_and_bones_is_three_sheets(blank, language) -> None:
    """A list goes on where the one before it ended."""
    lists = with_what_comes_before(("falls", "bone"))
    ends = ends_of(render_pdf(blank_html(blank(language, lists=lists, print_points=14), "letter")))
    assert len(ends) <= 6
    assert all(each > 0.5 for each in ends[:-1]), ends


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("page", ["letter", "a4"])
def test_falls_alone_are_one_sheet_with_its_signs_and_what_it_needs_to_know(blank, language, page) -> None:
    longest = blank(language, lists=("falls",), print_points=14, helping=True, way_back=DOOR)
    front, _back = (squeezed(each) for each in pages_of(render_pdf(blank_html(longest, page))))
    known = longest.words.definitions
    for group in known.warning_signs.groups:
        assert squeezed(group.title) in front
    for _number, question in numbered(known, "about"):
        assert squeezed(question.ask_other) in front


def test_boxes_stand_under_one_another(blank) -> None:
    for name, columns in (("posture", 3), ("home", 4)):
        drawn = content(render_pdf(blank_html(blank(lists=(name,), print_points=14), "letter")))
        boxes = {round(float(x)) for x, size in A_BOX.findall(drawn) if abs(float(size) * PX / MM - 6) < 0.01}
        assert len(boxes) == columns, name


def test_paper_is_judged_to_be_accessible_in_both_languages(blank, tmp_path) -> None:
    files = {
        tmp_path / "en.pdf": blank(lists=KINDS),
        tmp_path / "es.pdf": blank("es", lists=("falls",), print_points=14, helping=True, way_back=DOOR),
    }
    for file, paper in files.items():
        file.write_bytes(render_pdf(blank_html(paper, "a4")))
    verdicts = judge(files)
    for file in files:
        assert verdicts[file].compliant, f"{file.name}: {verdicts[file].faults[:2000]}"
        assert verdicts[file].checks >= LEAST_CHECKS


def test_every_paper_is_xml_which_is_read_quicker(blank) -> None:
    """That our rules for elements give the bytes of all of HTML's is tested with plans: tests/test_pdf.py."""
    papers = [blank(lists=("warning-signs", "bone"), way_back=DOOR), blank("es", print_points=14, lists=("falls",))]
    assert all(fromstring(blank_html(each, "letter")).tag == "html" for each in papers)


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("helping", [False, True])
def test_every_question_has_its_number_words_help_and_boxes_in_one_order(blank, definitions, name, helping) -> None:
    paper = blank(lists=(name,), helping=helping)
    html = blank_html(paper, "letter")
    rows = html.split('<td class="number">')[1:]
    if name == "falls":
        rows = rows[len(numbered(definitions, "about")) :]
    headings = re.findall(r'<th class="check">(.*?)</th>', html)
    questions = numbered(definitions, name)
    assert len(rows) == len(questions)
    for row, (number, question) in zip(rows, questions, strict=True):
        row = row.split("</tr>")[0]
        assert row.startswith(f"{number}</td>")
        assert f'<span class="says">{escape(ask_of(question, helping=helping))}</span>' in row
        assert str(escape(question.help_short or help_of(question, helping=helping))) in row
        answers = [str(escape(label)) for _code, label in answers_of(paper.words, question, helping=helping)]
        assert re.findall(r"<span>(.*?)</span>", row) == (answers if question.options else [])
        boxes = row.count('<td class="check"></td>')
        if question.answers in ("yes-no", "hazard"):
            home = "No such place there" if helping else "No such place here"
            assert headings == ["Yes", "No", "Not sure", *([home] if question.answers == "hazard" else [])] == answers
            assert boxes == len(headings)
        else:
            assert boxes == (question.answers == "decimal")
        assert ('<span class="says lines">' in row) is (question.unit is not None)


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
    for html in (blank_html(blank(), "letter"), blank_html(blank(lists=("falls",)), "letter")):
        for name, each in said.items():
            if name.startswith("falls") or "Bone health" in html:
                assert f">{each}</" in html


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
        weight = html.split('<td class="number">')[1].split("</tr>")[0]
        assert re.findall(r'<span class="unit">(.*?)</span>', weight) == units


def test_the_warning_signs_say_that_a_call_comes_first_and_what_to_do_beside_each(blank, definitions) -> None:
    html = blank_html(blank(), "letter")
    signs = html.split('<h1 data-short="Warning signs"')[1].split("<h1")[0]
    assert "A phone call comes before this paper." in signs
    sheet = blank_html(blank(lists=("falls",)), "letter")
    for sign in definitions.warning_signs.signs:
        if sign.ask:
            assert sign.paper_says or str(escape(blank().words.ringing(sign.do))) in signs
            assert (str(escape(sign.ask)) in signs) is (sign.paper_says is None)
            assert sign.paper_says or str(escape(blank().words.ringing(sign.do))) in sheet
            assert str(escape(sign.paper_says or sign.ask_short)) in sheet
            assert sign.name not in sheet or sign.name in (sign.paper_says or sign.ask_short)
    for each in (signs, sheet):
        assert "<span>Someone to talk to:</span> <b>at any hour, 988</b>" in each
        assert "Call 988 now" not in each
        assert "harming" not in each
    assert "harming" not in html
    assert "Nobody types them in later." in signs
    uk = blank_html(blank(region="uk"), "a4")
    assert "Call 999 first." in uk
    assert "911" not in uk


def test_every_sheet_has_a_place_for_a_name_the_emergency_number_and_the_draft_notice(blank) -> None:
    for name in LISTS:
        html = blank_html(blank(lists=(name,)), "letter")
        for said in ('<span class="who">Name:</span>', '<span class="day">Date:</span>', "checked by a clin"):
            assert html.count(said) == 1, (name, said)
        assert "Call 911 first." in html or (name == "falls" and "Call 911 now." in html)


def test_the_way_back_is_printed_for_a_record_with_one_and_the_start_for_others(blank) -> None:
    text = squeezed(" ".join(pages_of(render_pdf(blank_html(blank(lists=("falls",), way_back=DOOR), "letter")))))
    for said in ("ACDE-F234-56HJ", "https://example.org/code"):
        assert said in text
    html = blank_html(blank(lists=("falls",)), "letter")
    assert START in html
    assert "qr:" not in html


def test_the_same_paper_gives_the_same_bytes(blank) -> None:
    html = blank_html(blank(lists=("falls",)), "letter")
    assert render_pdf(html) == render_pdf(html)
    assert blank_html(replace(blank(lists=("falls",))), "letter") == html


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("page", ["letter", "a4"])
def test_the_poster_for_the_wall_is_one_page_with_all_that_leads_there(language, page) -> None:
    clinic = Clinic(
        clinic_id="",
        name="Northside Community Hospital, Clinic for Falls and Bones",
        phone="+1 (212) 555-0100 ext. 4711",
    )
    head = {
        "speech": speech(language, "us"),
        "clinic": clinic,
        "made_on": date(2026, 11, 29),
        "page": page,
        "points": 14,
    }
    address = "https://steps.hill-street-clinic.example.org/at/3f2a91bc"
    (text,) = pages_of(render_pdf(fill_template("wall_poster.html", **head, address=address)))
    assert address in text.replace("\n", "")
