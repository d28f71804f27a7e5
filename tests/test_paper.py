"""The paper as HTML: one plan held against a golden page, and what may and may not stand on it."""

import os
import re
from datetime import date
from pathlib import Path

import pytest

from checklists import assess
from reports.paper.document import plan_html
from reports.paper.plan_paper import Paper
from reports.plan.plan_json import issue_plan
from reports.words.words import words

DAY = date(2026, 11, 22)
GOLDEN = Path(__file__).parent / "golden" / "plan.html"
RECORD = {
    "today": "2026-11-22",
    "warning-signs": [],
    "answers": {
        "about": {"age": 72, "sex": "female", "lives-alone": "yes", "blood-thinner": "unsure"},
        "falls": {"fell-past-year": "yes", "fell-twice": "no", "unsteady-walking": "unsure"},
        "bone": {"weight-kg": 58.0, "height-cm": 158, "tallest-height-cm": 162, "broke-bone-after-50": "no"},
        "home": {"floors-loose-rugs": "yes", "stairs-no-rails": "not-here"},
    },
    "measures": {"tug-seconds": 13.0},
}


@pytest.fixture(scope="module")
def html_of(definitions, read):
    """A record → the HTML of its paper."""

    def make(record, **options) -> str:
        given = issue_plan(definitions, assess(definitions, read(record)), DAY)
        paper = Paper(
            words=words(definitions, "us", "en"),
            assessment=given.assessment,
            plan=given.plan,
            explanations=given.explanations,
            made_on=DAY,
            **options,
        )
        return plan_html([paper], "letter")

    return make


def test_a_plan_is_the_golden_page(html_of) -> None:
    """After a change of words or layout: GOLDEN=new ./run test tests/test_paper.py, and read the difference."""
    html = re.sub(
        r"text [0-9a-f]{12}", "text HASH", html_of(RECORD, clinic="Hill Clinic, 555 0100", for_clinician=True)
    )
    if os.environ.get("GOLDEN") == "new":
        GOLDEN.write_text(html, encoding="utf-8")

    assert html == GOLDEN.read_text(encoding="utf-8")


def test_a_blackout_that_was_asked_about_has_its_milder_words(html_of) -> None:
    record = {
        "warning-signs": [],
        "answers": {"about": {"age": 80}, "falls": {"fell-past-year": "yes", "fall-blackout": "yes"}},
    }
    html = html_of(record)

    assert "If no doctor has looked into it, see yours this week. Do not drive until then." in html
    assert "See a doctor today" not in html
    assert "TODAY" not in html


@pytest.mark.parametrize(("answer", "told"), [("yes", True), ("unsure", True), ("no", False)])
def test_not_being_sure_of_a_blood_thinner_counts_as_taking_one(html_of, answer, told) -> None:
    record = {"warning-signs": [], "answers": {"about": {"age": 80, "blood-thinner": answer}, "falls": {}}}

    assert ("You take, or may take, a blood thinner." in html_of(record)) is told


@pytest.mark.parametrize(("answer", "told"), [("yes", True), ("unsure", True), ("no", False)])
def test_with_a_fresh_fracture_nobody_is_told_to_get_up_from_the_floor_alone(html_of, answer, told) -> None:
    about = {"age": 80, "spine-fracture-now": answer, "known-osteoporosis": "no", "hospital-past-3-months": "no"}
    falls = {"fell-past-year": "no", "brain-or-memory-condition": "no"}
    html = html_of({"warning-signs": [], "answers": {"about": about | {"cannot-walk": "no"}, "falls": falls}})

    assert ("do not get up alone" in html) is told
    assert ("until your back is checked" in html) is (answer == "unsure")
    assert ("hands and knees to a sturdy chair" in html) is not told


def test_many_answers_behind_one_action_are_summed_up(html_of, definitions) -> None:
    falls = {each.link_id: "yes" for each in definitions.questions["falls"] if each.answers == "yes-no"}
    html = html_of({"warning-signs": [], "answers": {"about": {"age": 80}, "falls": falls}})

    assert re.search(r"(You told us:|Why:</b>) [^<]*, and more\.", html)


def test_what_a_clinic_calls_itself_is_text_and_never_markup(html_of) -> None:
    html = html_of(RECORD, clinic="<script>alert(1)</script>\n" * 40)

    assert "<script>" not in html
    assert html.count("&lt;script&gt;") == 40  # at the head


def test_nobody_to_print_for_is_an_error() -> None:
    with pytest.raises(ValueError, match="no plan to print"):
        plan_html([], "letter")


def test_the_rules_for_a_plan_hold_for_no_other_paper() -> None:
    root = GOLDEN.parent.parent.parent
    css = re.sub(r"/\*.*?\*/|\{[^}]*\}", "\n", (root / "static/print-plan.css").read_text("utf-8"), flags=re.S)
    rules = {
        each
        for each in re.findall(r"(?m)^\.([a-z-]+)", css)
        if not each.startswith(("plan", "large", "small-print", "points-"))
    }
    assert "step" in rules
    for name in ("blank", "cover", "shopping", "slip"):
        html = (root / f"templates/reports/{name}.html").read_text("utf-8")
        used = {word for each in re.findall(r'class="([^"]*)', html) for word in re.findall(r"[a-z-]+", each)}
        assert rules & used == set(), name


@pytest.mark.parametrize(
    ("clinic", "asks"),
    [
        ("Hill Clinic, 555 0100", "Questions about this plan? Call <b>555\u00a00100</b>"),
        (
            "Hill Clinic, 555 0100 ext. 12",
            'Questions about this plan? Call <b style="font-size: 31pt">555\u00a00100\u00a0ext.\u00a012</b>',
        ),
        ("Hill Clinic, 555-010-4477 x1234", 'Call <b style="font-size: 28pt">555-010-4477\u00a0x1234</b>'),
        ("Hill Clinic, room 4", "In an emergency, call <b>911</b>"),
    ],
)
def test_page_one_has_the_number_of_the_clinic_with_its_extension(html_of, clinic: str, asks: str) -> None:
    assert asks in re.sub(r"</?a[^>]*>|</?p>", "", html_of(RECORD, clinic=clinic))
