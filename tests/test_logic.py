"""Three-valued logic: unknown never counts as no, and never as yes."""

import pytest

from checklists.files.grammar import BOUNDS, Condition
from checklists.files.logic import Finding, agreed, all_of, any_of, negation

YES, NO, UNKNOWN = Finding(True, ("a",)), Finding(False), Finding(None)
NAMES = {True: "yes", False: "no", None: "unknown"}

ALL = {
    (YES, YES): True,
    (YES, NO): False,
    (YES, UNKNOWN): None,
    (NO, NO): False,
    (NO, UNKNOWN): False,
    (UNKNOWN, UNKNOWN): None,
}
ANY = {
    (YES, YES): True,
    (YES, NO): True,
    (YES, UNKNOWN): True,
    (NO, NO): False,
    (NO, UNKNOWN): None,
    (UNKNOWN, UNKNOWN): None,
}


def name(parts):
    return " and ".join(NAMES[part.truth] for part in parts) if isinstance(parts, tuple) else NAMES[parts]


@pytest.mark.parametrize(("parts", "truth"), ALL.items(), ids=name)
def test_all_is_no_if_any_part_is_no(parts, truth) -> None:
    assert all_of(parts).truth is truth
    assert all_of(reversed(parts)).truth is truth


@pytest.mark.parametrize(("parts", "truth"), ANY.items(), ids=name)
def test_any_is_yes_if_any_part_is_yes(parts, truth) -> None:
    assert any_of(parts).truth is truth
    assert any_of(reversed(parts)).truth is truth


def test_all_of_nothing_is_yes_and_any_of_nothing_is_no() -> None:
    assert all_of(()).truth is True
    assert any_of(()).truth is False


@pytest.mark.parametrize(("part", "truth"), [(YES, False), (NO, True), (UNKNOWN, None)])
def test_not_unknown_is_unknown(part, truth) -> None:
    assert negation(part).truth is truth


@pytest.mark.parametrize("parts", ALL, ids=name)
def test_any_is_the_mirror_of_all(parts) -> None:
    assert negation(all_of(parts)).truth is any_of(negation(part) for part in parts).truth


@pytest.mark.parametrize(
    ("worlds", "truth"),
    [
        ((YES, YES), True),
        ((NO, NO), False),
        ((YES, NO), None),
        ((YES, UNKNOWN), None),
        ((UNKNOWN, NO), None),
        ((UNKNOWN, UNKNOWN), None),
        ((YES,), True),
    ],
)
def test_a_truth_stands_where_both_worlds_agree(worlds, truth) -> None:
    assert agreed(worlds).truth is truth
    assert agreed(reversed(worlds)).truth is truth


def test_only_a_yes_names_its_reasons() -> None:
    one, other = Finding(True, ("one",)), Finding(True, ("other",))
    assert all_of((one, other)).because == ("one", "other")
    assert any_of((one, NO, UNKNOWN, other)).because == ("one", "other")
    assert all_of((one, NO)).because == all_of((one, UNKNOWN)).because == ()
    assert any_of((NO, UNKNOWN)).because == negation(NO).because == ()


POINTS = ("rushes-to-toilet", "numb-feet", "medicine-dizzy-tired", "sad-or-depressed", "pushes-with-hands")
INTERVALS = [
    ("all no", 0, 0, ["low"]),
    ("three yes", 3, 0, ["low"]),
    ("three yes, one unknown", 3, 1, ["low", "moderate"]),
    ("four yes", 4, 0, ["moderate"]),
    ("four yes, one unknown", 4, 1, ["moderate"]),
    ("three unknown", 0, 3, ["low"]),
    ("four unknown", 0, 4, ["low", "moderate"]),
    ("two yes, one unknown", 2, 1, ["low"]),
    ("two yes, two unknown", 2, 2, ["low", "moderate"]),
]


@pytest.mark.parametrize(("case", "yes", "unknown", "could_be"), INTERVALS, ids=[i[0] for i in INTERVALS])
def test_a_score_is_an_interval_and_4_points_are_yes_no_or_unknown(
    definitions, judged, case, yes, unknown, could_be
) -> None:
    answers = {question.link_id: "no" for question in definitions.questions["falls"]}
    answers |= dict.fromkeys(POINTS[:yes], "yes") | dict.fromkeys(POINTS[yes : yes + unknown], "unsure")
    walks = {"cannot-walk": "no"}  # without this answer falls are never exactly low
    found = judged({"answers": {"about": walks, "falls": answers}})["checklists"]["falls"]
    assert found["score"] == {"low": yes, "high": yes + unknown, "of": 14}
    assert found["could_be"] == could_be


def test_every_key_of_a_condition_is_found_whatever_it_asks() -> None:
    there = {
        "is": ["about.sex", "female"],
        "one_of": ["about.sex", ["female", "male"]],
        **{bound: ["about.age", 65] for bound in BOUNDS},
        "score": 4,
        "count": {"at_least": 1},
        "level": ["falls", "high"],
        "state": "hold",
        "all": [{"state": "hold"}],
        "any": [{"state": "hold"}],
        "not": {"state": "hold"},
    }
    assert {each.removesuffix("_") for each in Condition.model_fields} == set(there)
    found = {key: Condition.model_validate({key: value}).asks for key, value in there.items()}
    assert {key: asked.removesuffix("_") for key, (asked, _) in found.items()} == {key: key for key in there}
    assert (found["score"][1], found["is"][1]) == (4, ("about.sex", "female"))
