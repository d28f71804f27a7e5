"""Who must not be told what: every cell of safety.yaml, read on page, paper, calendar, shopping list and share."""

import json
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar

from answers.typed_numbers import answers_from_json
from checklists import Definitions, assess, read_person
from checklists.files.definitions import Definitions as Known
from checklists.files.safety import NO_TABLE
from checklists.files.translating import wordings
from checklists.loading.safety_checks import EXERCISE, FROM_FLOOR, ON_FOOT, safety_faults
from reports.paper.document import plan_html
from reports.paper.plan_paper import Paper
from reports.plan.build import ActionPlan
from reports.plan.plan_json import IssuedPlan, from_json, issue_plan, to_json
from reports.words.words import words
from tests.page_checks import UNFILLED, text_of
from tests.shipped import SHIPPED
from tests.tapping import link_of
from tests.visitor import Page, Visitor
from web.core.stores import store

Json = dict[str, Any]
DAY = date(2026, 11, 22)
LANGUAGES = SHIPPED.languages
ROWS = {row.id: row for row in SHIPPED.safety.never_told}
NO_SIGN: Json = {"warning-signs": []}
FELL = {"fell-past-year": "yes"}

# One made-up person in each state, by as little as makes it; `about` and lists as in a record.
PEOPLE: dict[str, tuple[Json, ...]] = {
    "hold": (
        {"warning-signs": ["sudden-back-pain"]},
        {"warning-signs": ["limb-injury"]},
        NO_SIGN | {"about": {"spine-fracture-now": "unsure"}},
        {"falls": FELL | {"fall-blackout": "yes"}},
    ),
    "cannot-walk": (NO_SIGN | {"about": {"cannot-walk": "yes"}},),
    "may-not-walk": (NO_SIGN | {"about": {"cannot-walk": "unsure"}},),
    "back-sign": tuple({"warning-signs": [each]} for each in ("sudden-back-pain", "back-pain-fever")),
    "blackout": tuple(NO_SIGN | {"falls": FELL | {"fall-blackout": each}} for each in ("yes", "unsure")),
    "pressure-drop": (NO_SIGN | {"measures": {"bp": {"lying": [150, 80], "min1": [116, 70]}}},),
    "fresh-fracture": tuple(NO_SIGN | {"about": {"spine-fracture-now": each}} for each in ("yes", "unsure")),
    "hospital": tuple(NO_SIGN | {"about": {"hospital-past-3-months": each}} for each in ("yes", "unsure")),
    "known-osteoporosis": tuple(NO_SIGN | {"about": {"known-osteoporosis": each}} for each in ("yes", "unsure")),
    "bone-high": (NO_SIGN | {"about": {"age": 70}, "bone": {"broke-bone-after-50": "yes"}},),
    "height-loss": (NO_SIGN | {"bone": {"height-cm": 160, "tallest-height-cm": 164}},),
    "long-lie": tuple(NO_SIGN | {"falls": FELL | {"fall-long-lie": each}} for each in ("yes", "unsure")),
    "frail": (NO_SIGN | {"measures": {"frailty": "yes"}},),
    "brain-condition": tuple(NO_SIGN | {"falls": {"brain-or-memory-condition": each}} for each in ("yes", "unsure")),
    "falls-high": (NO_SIGN | {"falls": FELL | {"fell-twice": "yes"}},),
    "test-not-managed": tuple(
        NO_SIGN | {"measures": {each: "unable"}} for each in ("chair-stands", "tug-seconds", "gait-speed-m-s")
    ),
}
CELLS = [(row.id, state) for row in SHIPPED.safety.never_told for state in row.to]
EACH = [(state, number) for state, people in PEOPLE.items() for number in range(len(people))]


def record_of(few: Json) -> Json:
    """That person with everything at home, in their habits and of their body that calls for something."""
    cannot = few.get("about", {}).get("cannot-walk") == "yes"
    walking = ("uses-cane-or-walker", "unsteady-walking", "holds-furniture", "trouble-with-curb")
    falls = {q.link_id: "yes" for q in SHIPPED.questions["falls"] if q.score and q.link_id != "fell-past-year"}
    falls |= dict.fromkeys(walking, "no") if cannot else {}
    answers: Json = {
        "about": {"age": 70, "sex": "female", "lives-alone": "yes", **few.get("about", {})},
        "falls": falls | {"dizzy-on-standing": "yes"} | few.get("falls", {}),
        "bone": {
            "weight-bearing-exercise": "no",
            "strength-exercise": "no",
            "calcium-daily": "no",
            **few.get("bone", {}),
        },
        "home": {q.link_id: "yes" for q in SHIPPED.questions["home"]},
        "posture": {q.link_id: "yes" for q in SHIPPED.questions["posture"]},
    }
    signs = {"warning-signs": few["warning-signs"]} if "warning-signs" in few else {}
    return {**signs, "answers": answers, "measures": few.get("measures", {})}


def issue_to(few: Json, known: Definitions = SHIPPED) -> IssuedPlan:
    person = read_person(known, json.loads(json.dumps(record_of(few)), parse_float=Decimal))
    return issue_plan(known, assess(known, person), DAY)


def forms(plan: ActionPlan) -> Iterator[str]:
    """Every sentence of every action that is told."""
    for each in plan.all_actions:
        yield from (each.title, *each.how, each.why)


def found(row: str, texts: Iterator[str], language: str) -> list[str]:
    if not ROWS[row].words:
        return []
    return [each for text in texts for each in SHIPPED.safety.found_in(row, text, language)]


# The table -------------------------------------------------------------------------------------------------------------------


def test_the_table_has_every_row_and_state_that_it_must_have() -> None:
    assert set(ROWS) == {EXERCISE, FROM_FLOOR, ON_FOOT}
    assert set(ROWS[EXERCISE].to) == set(PEOPLE)
    assert set(ROWS[EXERCISE].to) - set(ROWS[FROM_FLOOR].to) == {"falls-high"}
    assert ROWS[ON_FOOT].to == ("cannot-walk",)
    for row in (FROM_FLOOR, ON_FOOT):
        assert set(ROWS[row].words) == set(LANGUAGES) == set(SHIPPED.safety.with_help)


@pytest.mark.parametrize(("state", "number"), EACH)
def test_the_made_up_people_are_in_their_state(state: str, number: int) -> None:
    assert state in (issue_to(PEOPLE[state][number]).assessment.states or ())


@pytest.mark.parametrize(
    ("row", "language", "text", "is_found"),
    [
        (FROM_FLOOR, "en", "Push up onto your hands and knees. Crawl to a chair.", True),
        (FROM_FLOOR, "es", "Apóyese en las manos y rodillas. Gatee hasta una silla.", True),
        (FROM_FLOOR, "en", "Ask a therapist how to get up from the floor.", False),
        (ON_FOOT, "en", "Walk a little each day.", True),
        (ON_FOOT, "en", "Sit for a moment before you stand.", True),
        (ON_FOOT, "en", "Mark the edge of each step.", False),
        (ON_FOOT, "en", "Use a book stand or a phone stand.", False),
        (ON_FOOT, "es", "Camine un poco cada día.", True),
        (ON_FOOT, "es", "Siéntese antes de ponerse de pie.", True),
        (ON_FOOT, "es", "Ponga una cinta en cada escalón.", False),
    ],
)
def test_the_words_of_a_row_find_what_they_must(row: str, language: str, text: str, is_found: bool) -> None:
    assert bool(SHIPPED.safety.found_in(row, text, language)) is is_found


# Every cell, in every language --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("state", "number"), EACH)
def test_nothing_that_moves_is_told_in_its_ordinary_words(state: str, number: int) -> None:
    given = issue_to(PEOPLE[state][number])
    assert state in (given.assessment.states or ())
    moving = [each for each in given.plan.all_actions if each.action.effort == "move"]
    assert len(moving) >= 2, "there is something to hold back"
    assert [each.id for each in moving if each.instead is None] == []
    if given.assessment.hold:
        assert [each.id for each in moving if not each.waits or each.day] == []
        assert not any(each.action.effort == "move" for each in given.plan.first)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("state", "number"), EACH)
def test_paper_tells_nobody_what_harms_them(state: str, number: int, language: str) -> None:
    given, said = issue_to(PEOPLE[state][number]), words(SHIPPED, "us", language)
    kept = from_json(said.definitions, to_json(given))
    assert state in (kept.assessment.states or ())
    paper = Paper(words=said, assessment=kept.assessment, plan=kept.plan, made_on=DAY, explanations=kept.explanations)
    html = plan_html([paper], "letter")
    assert UNFILLED.findall(html) == []
    fall = re.search(r'<section class="fall[ "].*?</section>', html, re.S)
    assert fall is not None
    sheet = [re.sub(r"<[^>]+>", " ", line) for line in fall[0].splitlines()]
    for row in (FROM_FLOOR, ON_FOOT):
        if state in ROWS[row].to:
            assert found(row, iter([*sheet, *forms(kept.plan)]), language) == []


SURE = {"known-osteoporosis": "no", "spine-fracture-now": "no", "hospital-past-3-months": "no", "cannot-walk": "no"}
MAY = {
    "warning-signs": [],
    "about": SURE,
    "falls": {"fell-past-year": "no", "brain-or-memory-condition": "no"},
    "bone": {q.link_id: "no" for q in SHIPPED.questions["bone"] if q.answers == "yes-no"}
    | {"height-cm": 165, "tallest-height-cm": 166, "weight-kg": 70},
}


def floor_advice(few: Json) -> str:
    said, given = words(SHIPPED, "us", "en"), issue_to(few)
    return plan_html([Paper(words=said, assessment=given.assessment, plan=given.plan, made_on=DAY)], "letter")


def test_who_may_get_up_alone_is_told_how() -> None:
    assert "hands and knees to a sturdy chair" in floor_advice(MAY)


@pytest.mark.parametrize("link_id", SURE)
def test_who_left_open_what_would_forbid_it_is_not_told_to_get_up_alone(link_id: str) -> None:
    left_open = {key: each for key, each in SURE.items() if key != link_id}
    assert "still do not get up alone" in floor_advice(MAY | {"about": left_open})


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_that_everybody_reads_give_none_of_these_orders(language: str) -> None:
    """Guides, and all that stands on blank paper: names, questions, helps and introductions of every list."""
    known = SHIPPED.into(language)
    parts = (known.guides, known.about, known.warning_signs, *known.checklists)
    texts = [
        (key, text)
        for part in parts
        for key, wording in wordings(part).items()
        if key.rpartition(".")[2] in ("ask", "ask_other", "help", "help_other", "intro", "lead", "text", "points")
        for text in ((wording,) if isinstance(wording, str) else wording)
    ]
    orders = [
        (key, sentence)
        for key, text in texts
        for row in (FROM_FLOOR, ON_FOOT)
        for sentence in SHIPPED.safety.found_in(row, text, language, orders_only=row == ON_FOOT)
    ]
    assert orders == []


# The twins: what would be noticed -------------------------------------------------------------------------------------------------


def changed(**updates: Any) -> Known:
    return SHIPPED.model_copy(update=updates)


def with_action(action_id: str, **updates: Any) -> Known:
    actions = tuple(
        each.model_copy(update=updates) if each.id == action_id else each for each in SHIPPED.actions.actions
    )
    return changed(actions=SHIPPED.actions.model_copy(update={"actions": actions}))


def test_the_shipped_actions_fit_the_table_and_others_would_be_refused() -> None:
    assert list(safety_faults(SHIPPED)) == []
    exercise = SHIPPED.action_of["book-strength-and-balance"]
    broken = with_action("book-strength-and-balance", instead_when=exercise.instead_when[1:])
    assert any("hold" in says for _, _, says in safety_faults(broken))
    waiting = exercise.instead_when[0].model_copy(update={"waits": False})
    hurried = with_action("book-strength-and-balance", instead_when=(waiting, *exercise.instead_when[1:]))
    assert any("waits: true" in says for _, _, says in safety_faults(hurried))
    walking = with_action("secure-rugs", how=("Walk around the rug.",), instead_when=())
    assert any("Walk around the rug." in says for _, _, says in safety_faults(walking))
    excluded = with_action("wear-ice-grips", when=None)
    assert list(safety_faults(excluded)) == [] or any("cannot-walk" in says for _, _, says in safety_faults(excluded))


def test_definitions_without_a_table_tell_nobody_to_get_up_alone() -> None:
    assert NO_TABLE.forbids(FROM_FLOOR, frozenset())
    assert SHIPPED.safety.forbids(FROM_FLOOR, None), "and so does a plan that was kept without its states"
    assert not SHIPPED.safety.forbids(FROM_FLOOR, frozenset())


# Page, share, calendar and shopping list ------------------------------------------------------------------------------------------

IN_A_BROWSER = [
    "cannot-walk", "may-not-walk", "fresh-fracture", "back-sign", "hospital", "blackout", "known-osteoporosis", "bone-high", "height-loss", "long-lie",
    "brain-condition", "falls-high",
]  # fmt: skip


SIZES = {
    "height-cm": {"feet": "5", "inches": "3"},
    "tallest-height-cm": {"feet": "5", "inches": "4.6"},
}  # 160 and 164 cm


def planned(visitor: Visitor, few: Json) -> Visitor:
    """With the plan of that person, whose answers were put into the record; how pages take them is tested elsewhere."""
    answers: Json = {name: {**denied(name), **given} for name, given in record_of(few)["answers"].items()}
    answers["about"]["age"] = {"value": "70", "whole": True}
    answers["bone"] |= {key: each for key, each in SIZES.items() if key in few.get("bone", {})}
    visitor.begin()
    visitor.fill({name: answers_from_json(given) for name, given in answers.items()})
    visitor.tick(*few.get("warning-signs", []))
    visitor.see_plan()
    return visitor


def plan_of(visitor: Visitor) -> IssuedPlan:
    """The plan that lies in the store."""
    kept = store().find_latest_submission(visitor.record_id)
    assert kept is not None
    return from_json(SHIPPED, kept.data["given"])


def denied(name: str) -> Json:
    return {q.link_id: "no" for q in SHIPPED.questions[name] if "no" in q.allowed}


def texts_on(page: Page) -> list[str]:
    """The titles, steps and reasons of every action on the page, each a text; not the answers that call for it."""
    found = []
    for card in page.tree.iter("article"):
        found += [text_of(each) for each in card.iter("h3")]
        found += [text_of(each) for each in card.iter("li")]
        found += [text_of(each) for fold in card.iter("details") for each in fold.iter("p")]
    return [each for each in found if not each.startswith("Because ")]


@pytest.mark.parametrize("state", IN_A_BROWSER)
def test_page_share_calendar_and_shopping_list_tell_nobody_what_harms_them(
    app: Flask, visitor: Visitor, state: str
) -> None:
    planned(visitor, PEOPLE[state][0])
    assert state in (plan_of(visitor).assessment.states or ()), "else the pages show somebody else"
    link = link_of(visitor.open("/share").send({"name": "Ana"}))
    other = Visitor(app)
    shared = other.open(link).send({})
    page = visitor.open("/plan")
    calendar = Calendar.from_ical(visitor.client.get("/reminders.ics?again=90").data)
    titles = [str(each["summary"]) for each in calendar.walk("VEVENT")]
    assert titles
    assert all(each.startswith("Firm Footing: ") for each in titles)
    shopping = visitor.open("/plan/shopping")
    usual = {each.title for each in SHIPPED.actions.actions if each.effort == "move"}
    for texts in (texts_on(page), texts_on(shared), titles, [text_of(each) for each in shopping.tree.iter("li")]):
        assert texts
        assert usual & set(texts) == set()
        for row in (FROM_FLOOR, ON_FOOT):
            if state in ROWS[row].to:
                assert found(row, iter(texts), "en") == []


@pytest.mark.parametrize("sign", ["stroke-signs", "numb-saddle-or-bladder"])
def test_while_a_sign_needs_help_now_page_paper_share_and_calendar_tell_nothing_else(
    app: Flask, visitor: Visitor, sign: str
) -> None:
    planned(visitor, NO_SIGN)
    assert not plan_of(visitor).assessment.warnings
    link = link_of(visitor.open("/share").send({"name": "Ana"}))
    other = Visitor(app)
    assert len(texts_on(other.open(link).send({}))) > 30
    visitor.tick(sign)
    waiting = other.open(other.open(link).send({}).path)
    visitor.open("/warning-signs/now").send({"answer": "called"})
    visitor.see_plan()
    assert "now" in {each.urgency for each in plan_of(visitor).assessment.warnings}
    page, shared = visitor.open("/plan"), other.open(other.open(link).send({}).path)
    for each in (page, shared, waiting):
        titles = [text_of(card) for article in each.tree.iter("article") for card in article.iter("h3")]
        assert titles in (["Call 911 now"], []), titles
        assert "wait until a doctor has seen" in each.main
        assert "lower risk" not in each.main
        assert "high risk" not in each.main
    calendar = Calendar.from_ical(visitor.client.get("/reminders.ics").data)
    assert list(calendar.walk("VEVENT")) == [], "it waits for no day"
