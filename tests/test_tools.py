"""Every published vector of the tools that the contract names, with both edges and the traps of binary floating point."""

from decimal import Decimal

import pytest

from checklists.rules.tools import (
    body_mass_index_at_least_25,
    body_mass_index_at_most_20,
    orai,
    osiris,
    osteoporosis_self_assessment,
    osteoporosis_self_assessment_positive,
    plain,
    stands_below_average,
)

WOMEN_OST = [
    (60, "70", 2, False),
    (60, "69.9", 1, True),
    (62, "70", 1, True),
    (65, "70", 1, True),
    (70, "66", 0, True),
    (70, "55", -3, True),
    (70, "54.9", -3, True),
    (80, "63", -3, True),
    (80, "58", -4, True),
    (75, "45", -6, True),
    (55, "70", 3, False),
    (72, "58", -2, True),
    (52, "75", 4, False),
    (58, "70", 2, False),
    (71, "81.0", 2, False),
    (51, "36.0", -3, True),
    (45, "47.5", 0, True),
    (45, "42.5", 0, True),
    (45, "50", 1, True),
    (45, "55", 2, False),
]


@pytest.mark.parametrize(("age", "kg", "value", "positive"), WOMEN_OST)
def test_ost_of_women_is_truncated_toward_zero_and_positive_below_2(
    age: int, kg: str, value: int, positive: bool
) -> None:
    assert osteoporosis_self_assessment(age, Decimal(kg)) == value
    assert osteoporosis_self_assessment_positive(value, "female") is positive


MEN_OST = [
    (60, "80", 4, False),
    (60, "79.9", 3, True),
    (60, "75", 3, True),
    (70, "80", 2, True),
    (75, "70", -1, True),
    (80, "70", -2, True),
    (72, "58", -2, True),
    (68, "66", 0, True),
]


@pytest.mark.parametrize(("age", "kg", "value", "positive"), MEN_OST)
def test_ost_of_men_is_positive_at_3_or_below(age: int, kg: str, value: int, positive: bool) -> None:
    assert osteoporosis_self_assessment(age, Decimal(kg)) == value
    assert osteoporosis_self_assessment_positive(value, "male") is positive


def test_ost_agrees_with_whole_tenths_at_every_age_and_weight() -> None:
    """Binary floating point gave 51 wrong answers over these ages and weights; whole numbers give none."""
    for age in range(45, 96):
        for tenths in range(350, 1300):
            fifties = tenths - 10 * age
            truncated = abs(fifties) // 50 * (1 if fifties >= 0 else -1)
            assert osteoporosis_self_assessment(age, Decimal(tenths) / 10) == truncated


ORAI = [
    (54, "60.0", False, 5),
    (54, "59.9", True, 9),
    (55, "60.0", False, 10),
    (64, "69.9", True, 8),
    (64, "70.0", False, 7),
    (65, "80", True, 9),
    (60, "75", True, 5),
    (70, "55", False, 20),
    (75, "50", False, 26),
    (45, "70", True, 0),
    (74, "80", True, 9),
    (75, "80", True, 15),
    (58, "70", True, 5),
    (52, "75", False, 2),
    (72, "58", False, 20),
]


@pytest.mark.parametrize(("age", "kg", "on_estrogen", "points"), ORAI)
def test_orai_adds_the_points_of_age_weight_and_estrogen(age: int, kg: str, on_estrogen: bool, points: int) -> None:
    assert orai(age, Decimal(kg), on_estrogen) == points


OSIRIS = [
    (60, "65", False, False, "1"),
    (60, "64.5", False, False, "0.9"),
    (59, "60", False, False, "0.2"),
    (55, "70", True, False, "5"),
    (75, "50", False, True, "-7"),
    (70, "55", False, False, "-3"),
    (70, "54", False, False, "-3.2"),
    (64, "61", True, False, "1.4"),
    (68, "60", True, True, "-1.6"),
    (60, "60", False, False, "0"),
    (60, "50", True, False, "0"),
    (60, "64.9", False, False, "0.98"),
]


@pytest.mark.parametrize(("age", "kg", "on_estrogen", "broke", "value"), OSIRIS)
def test_osiris_is_exact_and_written_without_trailing_zeros(
    age: int, kg: str, on_estrogen: bool, broke: bool, value: str
) -> None:
    assert plain(osiris(age, Decimal(kg), on_estrogen, broke)) == value


@pytest.mark.parametrize("age", [18, 44])
def test_no_index_is_worked_out_under_45(age: int) -> None:
    for index in (
        lambda: osteoporosis_self_assessment(age, Decimal(60)),
        lambda: orai(age, Decimal(60), False),
        lambda: osiris(age, Decimal(60), False, False),
    ):
        with pytest.raises(ValueError, match="45"):
            index()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0", "0"),
        ("-0", "0"),
        ("0.00", "0"),
        ("-0.0", "0"),
        ("10", "10"),
        ("100", "100"),
        ("1E+2", "100"),
        ("0.90", "0.9"),
        ("-3.20", "-3.2"),
    ],
)
def test_a_decimal_is_written_plainly_and_zero_has_no_sign(value: str, text: str) -> None:
    assert plain(Decimal(value)) == text


STANDS_BELOW = {
    60: (14, 12),
    65: (12, 11),
    70: (12, 10),
    75: (11, 10),
    80: (10, 9),
    85: (8, 8),
    90: (7, 4),
}


@pytest.mark.parametrize(("youngest", "norms"), STANDS_BELOW.items())
@pytest.mark.parametrize("years", [0, 4])
def test_chair_stands_are_below_average_only_under_the_norm(youngest: int, norms: tuple[int, int], years: int) -> None:
    for sex, norm in zip(("male", "female"), norms, strict=True):
        assert stands_below_average(norm - 1, youngest + years, sex) is True  # type: ignore[arg-type]
        assert stands_below_average(norm, youngest + years, sex) is False  # type: ignore[arg-type]


STANDS_VECTORS = [
    ("male", 60, 13, True),
    ("male", 64, 14, False),
    ("male", 65, 12, False),
    ("male", 84, 9, True),
    ("male", 89, 7, True),
    ("male", 94, 6, True),
    ("male", 72, 0, True),
    ("female", 60, 11, True),
    ("female", 74, 10, False),
    ("female", 75, 9, True),
    ("female", 89, 8, False),
    ("female", 94, 3, True),
    ("female", 94, 4, False),
    ("female", 59, 2, None),
    ("male", 95, 2, None),
]


@pytest.mark.parametrize(("sex", "age", "stands", "below"), STANDS_VECTORS)
def test_chair_stand_vectors_of_the_published_norms(sex: str, age: int, stands: int, below: bool | None) -> None:
    assert stands_below_average(stands, age, sex) is below  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kg", "cm", "thin"),
    [
        ("57.8", "170", True),  # exactly 20
        ("57.9", "170", False),
        ("57.7", "170", True),
        ("51.2", "160", True),  # exactly 20
        ("51.3", "160", False),
        ("39.2", "140", True),  # exactly 20
        ("39.3", "140", False),
        ("64.8", "180", True),  # exactly 20, where 64.8 / 1.8 ** 2 in binary is not
        ("64.9", "180", False),
    ],
)
def test_body_mass_index_of_exactly_20_counts(kg: str, cm: str, thin: bool) -> None:
    assert body_mass_index_at_most_20(Decimal(kg), Decimal(cm)) is thin


@pytest.mark.parametrize(
    ("kg", "cm", "heavier"), [("64", "160", True), ("63.9", "160", False), ("81", "180", True), ("80.9", "180", False)]
)
def test_body_mass_index_of_exactly_25_counts(kg: str, cm: str, heavier: bool) -> None:
    assert body_mass_index_at_least_25(Decimal(kg), Decimal(cm)) is heavier


MEASURES = [
    ("tug-seconds", 11.9, "tug", {"seconds": 11.9, "at_risk": False}),
    ("tug-seconds", 12.0, "tug", {"seconds": 12.0, "at_risk": True}),
    ("tug-seconds", 12, "tug", {"seconds": 12, "at_risk": True}),
    ("tug-seconds", 1, "tug", {"seconds": 1, "at_risk": False}),
    ("tug-seconds", 600, "tug", {"seconds": 600, "at_risk": True}),
    ("tug-seconds", "unable", "tug", {"seconds": "unable", "at_risk": True}),
    ("tandem-seconds", 9.9, "tandem", {"seconds": 9.9, "at_risk": True}),
    ("tandem-seconds", 10.0, "tandem", {"seconds": 10.0, "at_risk": False}),
    ("tandem-seconds", 0, "tandem", {"seconds": 0, "at_risk": True}),
    ("tandem-seconds", "unable", "tandem", {"seconds": "unable", "at_risk": True}),
    ("gait-speed-m-s", 0.79, "gait", {"m_s": 0.79, "at_risk": True}),
    ("gait-speed-m-s", 0.80, "gait", {"m_s": 0.8, "at_risk": True}),
    ("gait-speed-m-s", 0.81, "gait", {"m_s": 0.81, "at_risk": False}),
    ("gait-speed-m-s", "unable", "gait", {"m_s": "unable", "at_risk": True}),
]


@pytest.mark.parametrize(("measure", "value", "tool", "expected"), MEASURES)
def test_walking_and_balance_measures_have_their_edges(judged, measure, value, tool, expected) -> None:
    tools = judged({"answers": {"falls": {}}, "measures": {measure: value}})["tools"]
    assert tools[tool] == expected


PRESSURES = [
    ([140, 80], [120, 78], [125, 78], "no", [20, 2], True),
    ([140, 80], [121, 71], [125, 72], "no", [19, 9], False),
    ([140, 80], [135, 70], [138, 75], "no", [5, 10], True),
    ([130, 75], [128, 74], [110, 70], "no", [20, 5], True),
    ([140, 80], [139, 80], [138, 80], "yes", [2, 0], True),
    ([140, 80], [139, 80], [138, 80], "no", [2, 0], False),
    ([120, 70], [124, 74], [122, 72], "no", [-2, -2], False),
    ([140, 80], None, [120, 80], "no", [20, 0], True),
    ([140, 80], [121, 80], None, None, [19, 0], False),
]


@pytest.mark.parametrize(("lying", "min1", "min3", "dizzy", "drop", "positive"), PRESSURES)
def test_a_drop_of_20_or_10_or_dizziness_is_positive(judged, lying, min1, min3, dizzy, drop, positive) -> None:
    pressure = {"lying": lying, "min1": min1, "min3": min3, "dizzy": dizzy}
    tools = judged({"answers": {"falls": {}}, "measures": {"bp": pressure}})["tools"]
    assert tools["orthostatic"] == {"drop": drop, "positive": positive}


HEIGHTS = [
    (161.2, 165, 3.8),
    (161.3, 165, None),
    (158.8, 162.6, 3.8),  # 62.5 and 64.0 inches, each rounded to a millimeter
    (164.0, 170, 6.0),
    (163.9, 170, 6.1),
    (158, 162, 4.0),
    (160, 160, None),
    (162, 160, None),
    (100.3, 104.1, 3.8),  # binary: 3.799999…
]


@pytest.mark.parametrize(("now", "tallest", "loss"), HEIGHTS)
def test_height_loss_is_told_from_3_8_cm(judged, now, tallest, loss) -> None:
    tools = judged({"answers": {"bone": {"height-cm": now, "tallest-height-cm": tallest}}})["tools"]
    assert tools.get("height_loss_cm") == loss
    assert ("height_loss_cm" in tools) is (loss is not None)


@pytest.mark.parametrize("missing", ["height-cm", "tallest-height-cm"])
def test_height_loss_is_absent_when_a_height_is_missing(judged, missing) -> None:
    heights = {"height-cm": 150, "tallest-height-cm": 170} | {missing: None}
    assert "height_loss_cm" not in judged({"answers": {"bone": heights}})["tools"]
