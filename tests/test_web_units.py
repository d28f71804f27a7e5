"""Feet, inches, pounds and metric: exact conversion, half up to 0.1, and sentences for what cannot be."""

from decimal import Decimal

import pytest

from answers.typed_numbers import FeetAndInches, PlainNumber, Pounds, TypedNumber, metric, tenth
from tests.visitor import Visitor
from web.asking.numbers import fields_of

CONVERTED = [
    # typed, metric as kept: 1 lb = 0.45359237 kg and 1 in = 2.54 cm, exactly
    (Pounds(pounds="128"), "58.1"),  # 58.05982336: up
    (Pounds(pounds="56"), "25.4"),
    (Pounds(pounds="55.2"), "25.0"),  # 25.03829…
    (Pounds(pounds="661"), "299.8"),
    (Pounds(pounds="100"), "45.4"),  # 45.359237
    (FeetAndInches(feet="5", inches="2"), "157.5"),  # 157.48
    (FeetAndInches(feet="5", inches="0"), "152.4"),  # 152.40, exactly
    (FeetAndInches(feet="5", inches="11.5"), "181.6"),  # 181.61
    (FeetAndInches(feet="4", inches="11.75"), "151.8"),  # 151.765: half up, not to even
    (FeetAndInches(feet="4", inches="2.5"), "128.3"),  # 128.27
]


@pytest.mark.parametrize(("typed", "kept"), CONVERTED)
def test_pounds_feet_and_inches_convert_exactly_and_round_half_up(typed: TypedNumber, kept: str) -> None:
    assert metric(typed) == Decimal(kept)


@pytest.mark.parametrize(("value", "rounded"), [("0.05", "0.1"), ("0.25", "0.3"), ("0.35", "0.4"), ("0.249", "0.2")])
def test_half_is_rounded_up_and_never_to_even(value: str, rounded: str) -> None:
    assert tenth(Decimal(value)) == Decimal(rounded)


def test_a_weight_typed_in_pounds_comes_back_as_it_was_typed(visitor: Visitor) -> None:
    visitor.begin()
    visitor.open("/bone/weight-kg").send({"weight-kg": "128.5"})
    page = visitor.open("/bone/weight-kg")
    assert page.chosen("weight-kg") == ["128.5"]
    assert "pounds" in page.main
    assert "128.5 pounds" in visitor.open("/review/bone").main


def test_a_height_typed_in_feet_comes_back_as_it_was_typed(visitor: Visitor) -> None:
    visitor.begin()
    visitor.open("/bone/height-cm").send({"height-cm-feet": "5", "height-cm-inches": ""})
    page = visitor.open("/bone/height-cm")
    assert page.chosen("height-cm-feet") == ["5"]
    assert page.chosen("height-cm-inches") == ["0"]


def test_switching_units_shows_the_same_weight_and_back_again(visitor: Visitor) -> None:
    visitor.begin()
    visitor.open("/bone/weight-kg").send({"weight-kg": "128"})
    kilograms = visitor.open("/bone/weight-kg").follow("Use kilograms")
    assert kilograms.chosen("weight-kg") == ["58.1"]
    assert kilograms.follow("Use pounds").chosen("weight-kg") == ["128"]
    kilograms.send({})
    assert "58.1 kg" in visitor.open("/review/bone").main
    assert visitor.open("/bone/height-cm").names == ["height-cm", "height-cm-unsure"]


def test_switching_units_shows_the_same_height_and_back_again(visitor: Visitor) -> None:
    visitor.begin()
    visitor.open("/bone/height-cm").send({"height-cm-feet": "5", "height-cm-inches": "2.5"})
    centimeters = visitor.open("/bone/height-cm").follow("Use centimeters")
    assert centimeters.chosen("height-cm") == ["158.8"]
    feet = centimeters.follow("Use feet and inches")
    assert feet.chosen("height-cm-feet") + feet.chosen("height-cm-inches") == ["5", "2.5"]


def test_switching_units_while_changing_an_answer_still_leads_back_to_the_review(visitor: Visitor) -> None:
    visitor.begin()
    page = visitor.open("/bone/weight-kg?then=review").follow("Use kilograms")
    assert page.send({"weight-kg": "60"}).path == "/review/bone"


def test_every_weight_in_kilograms_survives_a_look_in_pounds(definitions: object) -> None:
    (weight,) = (each for each in definitions.questions["bone"] if each.link_id == "weight-kg")  # type: ignore[attr-defined]
    for tenths in range(250, 3001):
        shown = fields_of(weight, PlainNumber(value=str(Decimal(tenths) / 10)), "imperial")
        assert metric(Pounds(pounds=shown["value"])) == Decimal(tenths) / 10


@pytest.mark.parametrize(
    "typed", ["", "abc", "58 kg", "1e2", "-58", "+58", "NaN", "Infinity", "\u0665\u0668", "5\uff18", "0x3A", "1.2.3"]
)
def test_a_weight_that_is_no_number_comes_back_in_the_field_with_a_sentence(visitor: Visitor, typed: str) -> None:
    visitor.begin()
    page = visitor.open("/bone/weight-kg").send({"weight-kg": typed}, 422)
    assert page.errors == ["Write the weight in pounds, like 140."]
    assert page.chosen("weight-kg") == [typed]


@pytest.mark.parametrize("typed", ["0", "54", "55", "662", "99999999999", "000000000000"])
def test_a_weight_out_of_range_comes_back_with_the_range(visitor: Visitor, typed: str) -> None:
    visitor.begin()
    page = visitor.open("/bone/weight-kg").send({"weight-kg": typed}, 422)
    assert page.errors == ["Write a weight from 56 to 661 pounds."]
    assert page.chosen("weight-kg") == [typed]


@pytest.mark.parametrize(
    ("typed", "fits"), [("24.9", False), ("25", True), ("58,5", True), ("300.0", True), ("300.1", False)]
)
def test_the_range_in_kilograms_is_exact(visitor: Visitor, typed: str, fits: bool) -> None:
    visitor.begin()
    page = visitor.open("/bone/weight-kg?units=metric").send({"weight-kg": typed}, 200 if fits else 422)
    assert page.errors == ([] if fits else ["Write a weight from 25 to 300 kilograms."])


@pytest.mark.parametrize(("typed", "fits"), [("17", False), ("18", True), ("72", True), ("120", True), ("121", False)])
def test_the_range_of_ages_is_exact(visitor: Visitor, typed: str, fits: bool) -> None:
    page = visitor.begin().send({"age": typed}, 200 if fits else 422)
    assert page.errors == ([] if fits else ["Write an age from 18 to 120 years."])


@pytest.mark.parametrize("typed", ["72.5", "seventy", "", "7 2", "72y"])
def test_an_age_is_a_whole_number(visitor: Visitor, typed: str) -> None:
    page = visitor.begin().send({"age": typed}, 422)
    assert page.errors == ["Write the age in whole years, like 72."]
    assert page.chosen("age") == [typed]


@pytest.mark.parametrize(
    ("feet", "inches"), [("", ""), ("", "62"), ("5", "12"), ("5", "x"), ("5.5", "0"), ("-5", "2"), ("5", "-1")]
)
def test_a_height_that_cannot_be_read_comes_back_in_both_fields(visitor: Visitor, feet: str, inches: str) -> None:
    visitor.begin()
    page = visitor.open("/bone/height-cm").send({"height-cm-feet": feet, "height-cm-inches": inches}, 422)
    assert page.errors == ["Write the height in feet and inches, like 5 feet 4 inches."]
    assert page.chosen("height-cm-feet") + page.chosen("height-cm-inches") == [feet, inches]


def test_the_height_range_that_an_error_names_is_accepted(visitor: Visitor) -> None:
    visitor.begin()
    page = visitor.open("/bone/height-cm").send({"height-cm-feet": "9", "height-cm-inches": "0"}, 422)
    assert page.errors == ["Write a height from 3 feet 3.4 inches to 7 feet 6.5 inches."]
    for feet, inches in (("3", "3.4"), ("7", "6.5")):
        visitor.open("/bone/height-cm").send({"height-cm-feet": feet, "height-cm-inches": inches})
    for feet, inches in (("3", "3.3"), ("7", "6.6")):
        visitor.open("/bone/height-cm").send({"height-cm-feet": feet, "height-cm-inches": inches}, 422)


def test_not_sure_of_a_number_is_kept_and_shown_again(visitor: Visitor) -> None:
    visitor.begin()
    visitor.open("/bone/weight-kg").send({"weight-kg-unsure": "unsure"})
    page = visitor.open("/bone/weight-kg")
    assert page.chosen("weight-kg-unsure") == ["unsure"]
    assert page.chosen("weight-kg") == [""]
    page.send({"weight-kg": "140", "weight-kg-unsure": []})
    assert visitor.open("/bone/weight-kg").chosen("weight-kg") == ["140"]


@pytest.mark.parametrize("typed", ["150", "rubbish"])
def test_a_number_and_not_sure_are_asked_again_with_both_still_there(visitor: Visitor, typed: str) -> None:
    visitor.begin()
    page = visitor.open("/bone/weight-kg").send({"weight-kg-unsure": "unsure", "weight-kg": typed}, 422)

    assert page.errors == ["Write a number or tick Not sure, not both."]
    assert page.chosen("weight-kg") == [typed]
    assert page.chosen("weight-kg-unsure") == ["unsure"]


def test_not_sure_takes_the_place_of_a_number_that_was_saved_before(visitor: Visitor) -> None:
    visitor.begin()
    visitor.open("/bone/weight-kg").send({"weight-kg": "150"})
    visitor.open("/bone/weight-kg").send({"weight-kg-unsure": "unsure"})

    assert visitor.open("/bone/weight-kg").chosen("weight-kg-unsure") == ["unsure"]


def test_nobody_was_never_as_tall_as_now(visitor: Visitor) -> None:
    visitor.begin()
    visitor.open("/bone/height-cm?units=metric").send({"height-cm": "160"})
    for typed, fits in (("157.9", False), ("158", True)):
        page = visitor.open("/bone/tallest-height-cm?units=metric").send(
            {"tallest-height-cm": typed}, 200 if fits else 422
        )
        assert bool(page.errors) != fits
    page = visitor.open("/bone/height-cm").send({"height-cm": "160.1"}, 422)
    assert page.errors[0].startswith("The tallest height cannot be less than the height now.")
    assert page.chosen("height-cm") == ["160.1"]


def test_in_the_united_kingdom_pages_ask_in_metric_and_ring_999(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIRM_FOOTING_REGION", "uk")
    visitor.begin()
    page = visitor.open("/bone/weight-kg")
    assert "kg" in page.main
    assert visitor.open("/bone/height-cm").names == ["height-cm", "height-cm-unsure"]
    assert "999" in page.text
    assert "116 123" in page.text
    assert "911" not in page.text
    page = visitor.tick("stroke-signs")
    assert "Call 999" in page.links()
    assert "911" not in page.text


def test_one_inch_is_one(visitor: Visitor) -> None:
    visitor.begin()
    visitor.open("/bone/height-cm").send({"height-cm-feet": "5", "height-cm-inches": "1"})
    review = visitor.open("/review/bone").main
    assert "5 feet 1 inch" in review
    assert "1 inches" not in review
