"""A weight or a height far from usual is asked back: one tap for each answer, nothing lost, and nothing refused."""

from typing import Any

import pytest
from flask import Flask

from answers.typed_numbers import Answers, PlainNumber, Pounds
from checklists import Definitions
from tests.page_checks import text_of
from tests.visitor import Page, Visitor
from web.asking.doubts import doubt_about

WEIGHT, HEIGHT, TALLEST = "weight-kg", "height-cm", "tallest-height-cm"
ASKED = "You wrote 58 pounds and 5 feet 2 inches. That is far from usual. Did you mean 58 kg?"


def kg(number: str) -> PlainNumber:
    return PlainNumber(value=number)


def lb(number: str) -> Pounds:
    return Pounds(pounds=number)


def tap(page: Page, words: str, status: int = 200, **typed: str) -> Page:
    """Presses the button with these words, after typing."""
    (button,) = (each for each in page.tree.iter("button") if text_of(each) == words)
    return page.send({**typed, "meant": str(button.get("value"))}, status)


@pytest.mark.parametrize(
    ("before", "after", "converts"),
    [
        ({HEIGHT: kg("158")}, {WEIGHT: lb("58")}, kg("58")),
        ({WEIGHT: lb("58")}, {HEIGHT: kg("158")}, kg("58")),
        ({HEIGHT: kg("158")}, {WEIGHT: kg("155")}, lb("155")),
        ({WEIGHT: kg("70")}, {WEIGHT: lb("70")}, kg("70")),  # less by a third than before, without any height
        ({HEIGHT: kg("200"), WEIGHT: "unsure"}, {WEIGHT: kg("51.9")}, {}),  # 12.98; as pounds it would be less still
        ({TALLEST: kg("170")}, {HEIGHT: kg("113.3")}, {}),
        ({HEIGHT: kg("113")}, {TALLEST: kg("170")}, {}),
    ],
)
def test_what_is_far_is_asked_back(
    app: Flask, definitions: Definitions, before: Answers, after: Answers, converts: Answers
) -> None:
    with app.test_request_context():
        doubt = doubt_about(bone(definitions), before, {**before, **after})
    assert doubt is not None
    assert dict(doubt.converted) == ({WEIGHT: converts} if converts else {})
    assert bool(doubt.convert) == bool(converts)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({HEIGHT: kg("200")}, {WEIGHT: kg("52")}),  # 13 exactly
        ({HEIGHT: kg("158")}, {WEIGHT: kg("149.7")}),  # 59.97
        ({WEIGHT: kg("90")}, {WEIGHT: kg("60")}),  # a third, and no more
        ({WEIGHT: lb("58"), HEIGHT: kg("158")}, {WEIGHT: kg("58")}),  # it is put right
        ({WEIGHT: lb("58"), HEIGHT: kg("158")}, {WEIGHT: lb("58")}),  # it was asked before
        ({WEIGHT: lb("58"), HEIGHT: kg("158")}, {TALLEST: kg("160")}),
        ({WEIGHT: lb("58")}, {HEIGHT: "unsure"}),
        ({HEIGHT: kg("158")}, {WEIGHT: "unsure"}),
    ],
)
def test_what_is_usual_or_was_asked_before_is_not_asked(
    definitions: Definitions, before: Answers, after: Answers
) -> None:
    assert doubt_about(bone(definitions), before, {**before, **after}) is None


def bone(definitions: Definitions) -> dict[str, Any]:
    return {each.link_id: each for each in definitions.questions["bone"]}


@pytest.fixture
def light(visitor: Visitor) -> Visitor:
    """Somebody who wrote kilograms into the field for pounds."""
    visitor.begin()
    visitor.open("/bone/weight-kg").send({"weight-kg": "58"})
    return visitor


def asked_back(visitor: Visitor) -> Page:
    page = visitor.open("/bone/height-cm").send({"height-cm-feet": "5", "height-cm-inches": "2"}, status=422)
    assert ASKED in page.main
    assert page.chosen("height-cm-feet") == ["5"]
    return page


def test_one_tap_converts_and_both_numbers_are_kept(light: Visitor) -> None:
    tap(asked_back(light), "Yes, 58 kg")
    review = light.open("/review/bone").main
    assert "58 kg" in review
    assert "5 feet 2 inches" in review


def test_one_tap_keeps_what_was_typed_and_it_is_not_asked_again(light: Visitor) -> None:
    tap(asked_back(light), "No, 58 pounds is right")
    review = light.open("/review/bone").main
    assert "58 pounds" in review
    assert "5 feet 2 inches" in review
    assert ASKED not in light.open("/bone/weight-kg").send({}).main


def test_another_number_on_that_page_is_judged_anew(light: Visitor) -> None:
    page = asked_back(light)
    again = tap(page, "Yes, 58 kg", 422, **{"height-cm-inches": "3"})
    assert ASKED.replace("2 inches", "3 inches") in again.main
    again.send({"height-cm-feet": "3", "height-cm-inches": "11"})
    assert "3 feet 11 inches" in light.open("/review/bone").main


def test_a_sheet_from_paper_is_asked_back_with_all_that_was_typed(visitor: Visitor) -> None:
    visitor.begin()
    typed = {"weight-kg": "58", "height-cm-feet": "5", "height-cm-inches": "2", "smokes": "yes"}
    page = visitor.open("/enter/bone?asked=no").send(typed, status=422)
    assert ASKED in page.main
    assert page.chosen("smokes") == ["yes"]
    assert "58 pounds" not in visitor.open("/review/bone").main
    tap(page, "Yes, 58 kg")
    review = visitor.open("/review/bone").main
    assert "58 kg" in review
    assert "5 feet 2 inches" in review


def test_a_sheet_from_paper_may_be_right(visitor: Visitor) -> None:
    visitor.begin()
    page = visitor.open("/enter/bone?asked=no").send(
        {"weight-kg": "58", "height-cm-feet": "5", "height-cm-inches": "2"}, status=422
    )
    tap(page, "No, 58 pounds is right")
    assert "58 pounds" in visitor.open("/review/bone").main
