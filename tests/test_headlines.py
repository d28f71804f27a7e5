"""The first sentence of a plan, and the phrases behind its steps: contract 10, for every record that can be thought of."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklists import assess
from reports.plan.build import build_plan
from reports.words.headline import headline as headline_of
from reports.words.words import words
from tests.shipped import SHIPPED
from tests.test_laws import assessed, law, person_of, records

Json = dict[str, Any]
LANGUAGES = SHIPPED.languages
LOWER = {"en": "lower risk", "es": "riesgo bajo"}
WALKS = {"spine-fracture-now": "no", "known-osteoporosis": "no", "cannot-walk": "no", "age": 66, "sex": "male"}
NO_FALLS = {q.link_id: "no" for q in SHIPPED.questions["falls"]}
SURE_BONES = {"weight-kg": 80, "height-cm": 175, "tallest-height-cm": 175, "bone-medicine": "none"}
NO_BONES = {q.link_id: "no" for q in SHIPPED.questions["bone"] if q.answers == "yes-no"} | SURE_BONES


def headline(record: Json, language: str = "en", *, other: bool = False) -> str:
    assessment = assess(SHIPPED, person_of(record))
    plan = build_plan(SHIPPED, assessment, today=None)
    said = words(SHIPPED, "us", language)
    if other:
        said = type(said)(definitions=said.definitions, region=said.region, speech=said.speech, other=True)
    return headline_of(said, assessment, plan)


def begins_with_lower(text: str, language: str) -> bool:
    return LOWER[language] in text.split(".")[0]


@law
@given(records(), st.sampled_from(LANGUAGES), st.booleans())
def test_a_headline_never_begins_with_lower_while_anything_else_stands(
    record: Json, language: str, other: bool
) -> None:
    assessment = assessed(record)
    text = headline(record, language, other=other)
    assert text
    about = assessment.person.about
    stands = (
        bool(assessment.warnings)
        or any(about.get(each) in ("yes", "unsure") for each in ("spine-fracture-now", "known-osteoporosis"))
        or any(each.could_be != ("low",) for each in assessment.checklists)
    )
    if stands:
        assert not begins_with_lower(text, language), text
    if assessment.overall == ("high",) or "low" not in assessment.overall:
        assert not begins_with_lower(text, language), "it would contradict the overall level"
    if assessment.needs_help_now:
        assert LOWER[language] not in text
        assert "risk" not in text


HEADLINES: list[tuple[str, Json, str]] = [
    (
        "everything low",
        {"warning-signs": [], "answers": {"about": WALKS, "falls": NO_FALLS, "bone": NO_BONES}},
        "Your falls check shows a lower risk. Your bone check shows a lower risk.",
    ),
    (
        "bones not taken are named and hinder nothing",
        {"warning-signs": [], "answers": {"about": WALKS, "falls": NO_FALLS}},
        "Your falls check shows a lower risk. Not done yet: Bones.",
    ),
    (
        "a fresh fracture and known osteoporosis, falls lower",
        {
            "warning-signs": [],
            "answers": {
                "about": WALKS | {"spine-fracture-now": "yes", "known-osteoporosis": "yes", "age": 78, "sex": "female"},
                "falls": NO_FALLS,
            },
        },
        "A new spine fracture needs care first. Your falls check shows a lower risk. Not done yet: Bones. "
        "Start with these two.",
    ),
    (
        "a back nobody has checked",
        {"warning-signs": [], "answers": {"about": WALKS | {"spine-fracture-now": "unsure"}, "falls": NO_FALLS}},
        "Act on the warning first. Your falls check shows a lower risk. Not done yet: Bones.",
    ),
    (
        "the worse one first",
        {"warning-signs": [], "answers": {"about": WALKS, "falls": NO_FALLS, "bone": NO_BONES | {"smokes": "yes"}}},
        "Your bone check shows a raised risk. Your falls check shows a lower risk.",
    ),
    (
        "a home with things to fix",
        {
            "warning-signs": [],
            "answers": {
                "about": WALKS,
                "falls": NO_FALLS,
                "home": {q.link_id: "no" for q in SHIPPED.questions["home"]} | {"bath-no-grab-bars": "yes"},
            },
        },
        "Your home check shows things to fix. Your falls check shows a lower risk. Not done yet: Bones. "
        "Start with this step.",
    ),
    (
        "a sign that needs help now",
        {"warning-signs": ["stroke-signs"], "answers": {"about": WALKS, "falls": NO_FALLS, "bone": NO_BONES}},
        "First, get help. All other steps wait until a doctor has seen you.",
    ),
    (
        "osteoporosis not sure",
        {"warning-signs": [], "answers": {"about": WALKS | {"known-osteoporosis": "unsure"}, "falls": NO_FALLS}},
        "First, ask your doctor about osteoporosis. Your falls check shows a lower risk. Not done yet: Bones.",
    ),
]


@pytest.mark.parametrize(("case", "record", "says"), HEADLINES, ids=[each[0] for each in HEADLINES])
def test_a_headline_reads(case: str, record: Json, says: str) -> None:
    assert headline(record).startswith(says), headline(record)


# The phrases behind a step ----------------------------------------------------------------------------------------------------

CALLING = [
    (name, fact, code)
    for name, calling in SHIPPED.calling.items()
    for fact, question, calls in calling
    for code, actions in calls.items()
    if actions
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_stands_after_because_you_told_us_reads_as_a_phrase(language: str) -> None:
    """For every answer that calls for an action: lower case, no full stop, nobody named, its own words for Not sure."""
    said = words(SHIPPED, "us", language)
    for name, fact, code in CALLING:
        question = said.definitions.question_of[fact]
        option = next((each.finding for each in question.options if each.code == code), None)
        phrase = option or (question.finding_unsure if code == "unsure" else question.finding)
        assert phrase, (name, fact, code)
        assert phrase[0].islower() or phrase[0].isdigit(), phrase
        assert not phrase.endswith("."), phrase
        assert "«" not in phrase, phrase
        if code == "unsure":
            assert phrase.startswith({"en": "not being sure", "es": "duda sobre"}[language]), phrase


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_stands_within_its_phrase(language: str) -> None:
    said = words(SHIPPED, "us", language)
    for fact, question in said.definitions.question_of.items():
        if question.low is not None:
            assert question.finding.count("…") == 1, fact


def test_what_one_is_not_sure_of_is_said_once() -> None:
    record = {
        "warning-signs": [],
        "answers": {"falls": {"numb-feet": "unsure", "sad-or-depressed": "unsure", "fell-past-year": "no"}},
    }
    assessment = assessed(record)
    (action,) = build_plan(SHIPPED, assessment, today=None).actions
    said = words(SHIPPED, "us", "en").findings(assessment.person, action.because)
    assert said == ("not being sure about feeling in the feet", "low mood")
