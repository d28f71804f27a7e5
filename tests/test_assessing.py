"""The rules of the contract, sentence by sentence, each with both of its edges."""

from typing import Any

import pytest

from checklists import Definitions, Person, PersonError, assess
from checklists.rules import facts as rules
from checklists.rules.assessing import assess_alone
from lab.people.records import person as read_whole
from lab.people.records import records

Json = dict[str, Any]
ALL = ["low", "moderate", "high"]
FOLLOW_UPS = ("fell-twice", "fall-injury", "fall-long-lie", "fall-blackout")

CONTRACT_PERSON: Json = {
    "today": "2026-11-22",
    "warning-signs": [],
    "answers": {
        "about": {
            "age": 72,
            "sex": "female",
            "lives-alone": "yes",
            "known-osteoporosis": "no",
            "spine-fracture-now": "no",
        },
        "falls": {"fell-past-year": "yes", "fell-twice": "no", "unsteady-walking": "unsure"},
        "bone": {"weight-kg": 58.0, "height-cm": 158, "tallest-height-cm": 162, "broke-bone-after-50": "no"},
        "home": {"floors-loose-rugs": "yes", "stairs-no-rails": "not-here"},
    },
    "measures": {"tug-seconds": 13.0},
}


@pytest.fixture(scope="session")
def no(definitions):
    """Every question of a list answered no (and no bone medicine), but for what is given; None leaves one open."""

    def answers(name: str, **given: Any) -> Json:
        base = {q.link_id: "no" for q in definitions.questions[name] if q.answers in ("yes-no", "hazard")}
        if name == "bone":
            base |= {"weight-kg": 80, "height-cm": 170, "tallest-height-cm": 170, "bone-medicine": "none"}
        return base | {key.replace("_", "-"): value for key, value in given.items()}

    return answers


WALKS = {"cannot-walk": "no"}
"""Without this answer falls are never exactly low."""


def person(age: Any = 60, sex: Any = "female", **about: Any) -> Json:
    known = {"age": age, "sex": sex, "known-osteoporosis": "no", "spine-fracture-now": "no", **WALKS}
    return known | {key.replace("_", "-"): value for key, value in about.items()}


def facts(because: list[Json]) -> list[str]:
    return [f"{each['checklist']}.{each['link_id']}" for each in because]


# The person of section 2 is the result of section 3 -------------------------------------------------------------------


def test_the_person_of_the_contract_has_the_result_of_the_contract(judged, definitions) -> None:
    found = judged(CONTRACT_PERSON)
    falls, bone, home = (found["checklists"][name] for name in ("falls", "bone", "home"))
    assert found["overall"] == {"risk_level": None, "could_be": ["moderate", "high"]}
    assert found["warnings"] == []
    assert (falls["risk_level"], falls["could_be"]) == (None, ["moderate", "high"])
    assert falls["score"] == {"low": 2, "high": 14, "of": 14}
    assert falls["because"] == [
        {"checklist": "falls", "link_id": "fell-past-year", "score": 2},
        {"checklist": "measures", "link_id": "tug-seconds", "score": 0},
    ]
    assert falls["missing"][:2] == ["uses-cane-or-walker", "unsteady-walking"]
    assert (bone["risk_level"], bone["could_be"], bone["score"]) == (None, ["moderate", "high"], None)
    assert "had-dexa" in bone["missing"]
    of = len(definitions.questions["home"]) - 1
    assert (home["risk_level"], home["could_be"]) == (None, ALL)
    assert home["score"] == {"low": 1, "high": of, "of": of}
    assert found["tools"] == {
        "tug": {"seconds": 13.0, "at_risk": True},
        "wfg": None,
        "ost": {"value": "-2", "positive": True},
        "orai": {"value": None, "positive": None},
        "osiris": {"value": None, "positive": None},
        "height_loss_cm": 4.0,
        "dxa": {"due": None, "why": []},
    }
    first = found["plan"]["actions"][0]
    assert set(first) == {"id", "who", "within_days", "because", "source"}
    assert "book-strength-and-balance" in found["plan"]["first"]


# Falls -----------------------------------------------------------------------------------------------------------------

ITEMS = [
    "fell-past-year",
    "uses-cane-or-walker",
    "unsteady-walking",
    "holds-furniture",
    "worried-about-falling",
    "pushes-with-hands",
    "trouble-with-curb",
    "rushes-to-toilet",
    "numb-feet",
    "medicine-dizzy-tired",
    "medicine-sleep-mood",
    "sad-or-depressed",
]
STAY_INDEPENDENT = [
    ((), 0, "low"),
    ((1,), 2, "moderate"),
    ((2,), 2, "moderate"),  # contract: a cane or walker is moderate by itself
    ((1, 2), 4, "moderate"),
    ((5,), 1, "moderate"),
    ((3,), 1, "moderate"),
    ((3, 4, 5), 3, "moderate"),
    ((4,), 1, "low"),
    ((8, 9, 10), 3, "low"),
    ((2, 4), 3, "moderate"),
    ((8, 9, 10, 11), 4, "moderate"),
    ((2, 6, 7), 4, "moderate"),
    ((8, 9, 10, 11, 12), 5, "moderate"),
    (tuple(range(1, 13)), 14, "moderate"),
    ((1, 3, 5, 6, 10), 6, "moderate"),
]


@pytest.mark.parametrize(("yes", "score", "level"), STAY_INDEPENDENT)
def test_stay_independent_rows_of_the_evidence(judged, no, yes, score, level) -> None:
    answers = no("falls") | {ITEMS[i - 1]: "yes" for i in yes}
    found = judged({"answers": {"about": WALKS, "falls": answers}})["checklists"]["falls"]
    assert found["score"] == {"low": score, "high": score, "of": 14}
    assert found["risk_level"] == level
    assert sum(each["score"] for each in found["because"]) == score


CANNOT_WALK = [
    ("yes, and nothing else", {"cannot-walk": "yes"}, {}, ["moderate"], []),
    ("not sure", {"cannot-walk": "unsure"}, {}, ["low", "moderate"], ["about.cannot-walk"]),
    ("never asked", {}, {}, ["low", "moderate"], ["about.cannot-walk"]),
    ("no", {"cannot-walk": "no"}, {}, ["low"], []),
    ("yes, questions about walking not sure", {"cannot-walk": "yes"}, {"unsteady-walking": "unsure"}, ["moderate"], []),
]


@pytest.mark.parametrize(
    ("case", "about", "answers", "could_be", "missing"), CANNOT_WALK, ids=[c[0] for c in CANNOT_WALK]
)
def test_who_cannot_walk_is_never_exactly_low(judged, no, case, about, answers, could_be, missing) -> None:
    found = judged({"answers": {"about": about, "falls": no("falls") | answers}})["checklists"]["falls"]
    assert (found["could_be"], found["missing"]) == (could_be, missing)


ABOUT_WALKING = ("uses-cane-or-walker", "unsteady-walking", "holds-furniture", "trouble-with-curb")


@pytest.mark.parametrize("link_id", ABOUT_WALKING)
def test_an_answer_about_walking_contradicts_not_being_able_to_walk(read, no, link_id) -> None:
    answers = {"about": {"cannot-walk": "yes"}, "falls": no("falls") | {link_id: "yes"}}
    with pytest.raises(PersonError) as raised:
        read({"answers": answers})
    assert f"answers.falls.{link_id}" in str(raised.value)
    assert "answers.about.cannot-walk" in str(raised.value)
    read({"answers": {**answers, "about": {"cannot-walk": "unsure"}}})


def falls_level(judged, answers: Json, measures: Json | None = None, about: Json | None = None) -> list[str]:
    record = {"answers": {"falls": answers, "about": WALKS if about is None else about}, "measures": measures or {}}
    return judged(record)["checklists"]["falls"]["could_be"]


@pytest.mark.parametrize("follow_up", FOLLOW_UPS)
def test_a_fall_with_any_follow_up_is_high(judged, no, follow_up) -> None:
    fell = no("falls", fell_past_year="yes")
    assert falls_level(judged, fell) == ["moderate"]
    assert falls_level(judged, fell | {follow_up: "yes"}) == ["high"]
    assert falls_level(judged, fell | {follow_up: "unsure"}) == ["moderate", "high"]
    assert falls_level(judged, fell | {follow_up: None}) == ["moderate", "high"]


@pytest.mark.parametrize("follow_up", FOLLOW_UPS)
@pytest.mark.parametrize("fell", [None, "unsure"])
def test_a_follow_up_tells_that_there_was_a_fall(judged, no, follow_up, fell) -> None:
    found = judged({"answers": {"falls": no("falls", fell_past_year=fell) | {follow_up: "yes"}}})
    assert found["checklists"]["falls"]["could_be"] == ["high"]
    assert found["checklists"]["falls"]["score"] == {"low": 2, "high": 2, "of": 14}


def test_an_unsure_fall_with_every_follow_up_no_cannot_be_high(judged, no) -> None:
    assert falls_level(judged, no("falls", fell_past_year="unsure")) == ["low", "moderate"]


def test_frailty_is_high_even_without_a_fall(judged, no) -> None:
    assert falls_level(judged, no("falls"), {"frailty": "yes"}) == ["high"]
    assert falls_level(judged, no("falls"), {"frailty": "no"}) == ["low"]


def test_a_brain_or_memory_condition_is_moderate_and_dizziness_is_not(judged, no) -> None:
    assert falls_level(judged, no("falls", brain_or_memory_condition="yes")) == ["moderate"]
    assert falls_level(judged, no("falls", brain_or_memory_condition="unsure")) == ["low", "moderate"]
    assert falls_level(judged, no("falls", dizzy_on_standing="yes")) == ["low"]


AT_RISK = [
    ({"tug-seconds": 11.9}, ["low"]),
    ({"tug-seconds": 12}, ["moderate"]),
    ({"tug-seconds": "unable"}, ["moderate"]),
    ({"tandem-seconds": 9.99}, ["moderate"]),
    ({"tandem-seconds": 10}, ["low"]),
    ({"tandem-seconds": "unable"}, ["moderate"]),
    ({"gait-speed-m-s": 0.8}, ["moderate"]),
    ({"gait-speed-m-s": 0.81}, ["low"]),
    ({"gait-speed-m-s": "unable"}, ["moderate"]),
    ({"bp": {"lying": [140, 80], "min1": [120, 78]}}, ["moderate"]),
    ({"bp": {"lying": [140, 80], "min1": [121, 71]}}, ["low"]),
    ({"bp": {"lying": [140, 80], "min1": [121, 71], "dizzy": "yes"}}, ["moderate"]),
    ({"chair-stands": 9}, ["moderate"]),
    ({"chair-stands": 10}, ["low"]),
    ({"chair-stands": 20, "chair-used-arms": "no"}, ["low"]),
    ({"chair-stands": 20, "chair-used-arms": "yes"}, ["moderate"]),
    ({"chair-used-arms": "yes"}, ["moderate"]),
    ({"chair-used-arms": "no"}, ["low"]),
    ({"chair-stands": "unable", "chair-used-arms": "no"}, ["moderate"]),
]


@pytest.mark.parametrize(("measures", "could_be"), AT_RISK)
def test_a_measure_at_risk_is_moderate(judged, no, measures, could_be) -> None:
    assert falls_level(judged, no("falls"), measures, person(72, "female")) == could_be


CHAIR = [
    (72, "female", {"chair-stands": 9}, {"count": 9, "below_average": True}, ["moderate"]),
    (72, "male", {"chair-stands": 11}, {"count": 11, "below_average": True}, ["moderate"]),
    (72, "unsure", {"chair-stands": 9}, {"count": 9, "below_average": True}, ["moderate"]),
    (72, "unsure", {"chair-stands": 11}, {"count": 11, "below_average": None}, ["low", "moderate"]),
    (72, "unsure", {"chair-stands": 12}, {"count": 12, "below_average": False}, ["low"]),
    (86, None, {"chair-stands": 7}, {"count": 7, "below_average": True}, ["moderate"]),
    (59, "female", {"chair-stands": 0}, {"count": 0, "below_average": None}, ["low"]),
    (95, "female", {"chair-stands": 0}, {"count": 0, "below_average": None}, ["low"]),
    (60, "female", {"chair-stands": 0}, {"count": 0, "below_average": True}, ["moderate"]),
    (94, "female", {"chair-stands": 0}, {"count": 0, "below_average": True}, ["moderate"]),
    (None, "female", {"chair-stands": 30}, {"count": 30, "below_average": None}, ["low", "moderate"]),
    (None, "female", {"chair-used-arms": "yes"}, {"count": 0, "below_average": None}, ["low", "moderate"]),
    (59, "female", {"chair-stands": "unable"}, {"count": "unable", "below_average": True}, ["moderate"]),
    (None, None, {"chair-stands": "unable"}, {"count": "unable", "below_average": True}, ["moderate"]),
    (
        72,
        "female",
        {"chair-stands": "unable", "chair-used-arms": "yes"},
        {"count": "unable", "below_average": True},
        ["moderate"],
    ),
    (
        72,
        "male",
        {"chair-stands": 20, "chair-used-arms": "yes"},
        {"count": 0, "below_average": True},
        ["moderate"],
    ),
    (72, "male", {"chair-used-arms": "yes"}, {"count": 0, "below_average": True}, ["moderate"]),
    (72, "male", {"chair-used-arms": "no"}, None, ["low"]),
]


@pytest.mark.parametrize(("age", "sex", "measures", "tool", "could_be"), CHAIR)
def test_chair_stands_are_judged_by_age_and_sex(judged, no, age, sex, measures, tool, could_be) -> None:
    record = {"answers": {"falls": no("falls"), "about": person(age, sex)}, "measures": measures}
    found = judged(record)
    assert found["tools"].get("chair_stand") == tool
    assert ("chair_stand" in found["tools"]) is (tool is not None)
    assert found["checklists"]["falls"]["could_be"] == could_be


def test_a_count_asks_for_age_and_sex_among_what_is_missing(judged, no) -> None:
    about = {"known-osteoporosis": "no", **WALKS}
    record = {"answers": {"falls": no("falls"), "about": about}, "measures": {"chair-stands": 9}}
    assert judged(record)["checklists"]["falls"]["missing"] == ["about.age", "about.sex"]
    record["measures"] = {"tug-seconds": 9}
    assert judged(record)["checklists"]["falls"]["missing"] == []


@pytest.mark.parametrize(("age", "missing"), [(59, []), (60, ["about.sex"]), (94, ["about.sex"]), (95, [])])
def test_a_count_at_an_age_outside_the_table_asks_nobody_for_their_sex(judged, no, age, missing) -> None:
    about = {"age": age, "known-osteoporosis": "no", **WALKS}
    record = {"answers": {"falls": no("falls"), "about": about}, "measures": {"chair-stands": 60}}
    assert judged(record)["checklists"]["falls"]["missing"] == missing


def test_measures_without_falls_are_checked_and_then_ignored(judged) -> None:
    measures = {"tug-seconds": 30, "frailty": "yes", "chair-stands": "unable", "gait-speed-m-s": "unable"}
    found = judged({"warning-signs": [], "answers": {"home": {}}, "measures": measures})
    assert (found["tools"], found["warnings"]) == ({}, [])


WFG = [
    ({}, {"gait-speed-m-s": 0.7}, "low"),
    ({"unsteady-walking": "yes"}, {"gait-speed-m-s": 0.80}, "intermediate"),
    ({"unsteady-walking": "yes"}, {"gait-speed-m-s": 0.81}, "low"),
    ({"worried-about-falling": "yes"}, {"tug-seconds": 15.0}, "low"),
    ({"worried-about-falling": "yes"}, {"tug-seconds": 15.1}, "intermediate"),
    ({"fell-past-year": "yes"}, {"tug-seconds": "unable"}, "intermediate"),
    ({"fell-past-year": "yes"}, {"gait-speed-m-s": "unable", "tug-seconds": 9}, "intermediate"),
    ({"fell-past-year": "yes"}, {"gait-speed-m-s": 1.2, "tug-seconds": 16}, "intermediate"),
    ({"fell-past-year": "yes", "fell-twice": "yes"}, {"tug-seconds": 9}, "high"),
    ({"fell-past-year": "yes", "fall-long-lie": "yes"}, {}, "high"),
    ({"fell-past-year": "yes"}, {}, "needs-gait-test"),
    ({"fell-past-year": "yes"}, {"chair-stands": 3}, "needs-gait-test"),
    ({}, {"frailty": "yes"}, "high"),
    ({}, {}, "low"),
    ({"uses-cane-or-walker": "yes"}, {}, "low"),
    ({"unsteady-walking": "unsure"}, {"tug-seconds": 30}, None),
    ({"fell-past-year": "yes", "fell-twice": "unsure"}, {"tug-seconds": 9}, None),
    ({"fell-past-year": "unsure"}, {}, None),
]


@pytest.mark.parametrize(("answers", "measures", "level"), WFG)
def test_world_falls_guidelines_rows(judged, no, answers, measures, level) -> None:
    found = judged({"answers": {"falls": no("falls") | answers}, "measures": measures})
    assert found["tools"]["wfg"] == level


def test_world_falls_guidelines_say_nothing_of_who_cannot_walk_unless_it_is_high(judged, no) -> None:
    fell = no("falls", fell_past_year="yes")
    for answers, level in ((no("falls"), None), (fell, None), (fell | {"fall-injury": "yes"}, "high")):
        found = judged({"answers": {"about": {"cannot-walk": "yes"}, "falls": answers}, "measures": {"tug-seconds": 9}})
        assert found["tools"]["wfg"] == level


def test_world_falls_guidelines_never_lower_the_level(judged, no) -> None:
    found = judged({"answers": {"falls": no("falls", fell_past_year="yes")}, "measures": {"tug-seconds": 13}})
    assert found["tools"]["wfg"] == "low"
    assert found["checklists"]["falls"]["risk_level"] == "moderate"


# Bone: tools ------------------------------------------------------------------------------------------------------------


def bone_tools(judged, answers: Json, about: Json) -> Json:
    return judged({"answers": {"about": about, "bone": answers}})["tools"]


PRESENT = [
    ("a woman of 44", person(44), {}, set()),
    ("a woman of 45", person(45), {}, {"ost", "orai"}),
    ("a woman of 45 past menopause", person(45), {"postmenopausal": "yes"}, {"ost", "orai", "osiris"}),
    ("menopause unknown", person(60), {"postmenopausal": None}, {"ost", "orai", "osiris"}),
    ("a man of 44", person(44, "male"), {}, set()),
    ("a man of 45", person(45, "male"), {}, {"ost"}),
    ("age unknown, female", person(None), {}, {"ost", "orai"}),
    ("age unknown, male", person(None, "male"), {}, {"ost"}),
    ("sex unknown", person(60, None), {"postmenopausal": None}, {"ost", "orai", "osiris"}),
    ("sex unknown, menopause no", person(60, "unsure"), {}, {"ost", "orai"}),
    ("sex unknown at 44", person(44, "unsure"), {"postmenopausal": None}, set()),
]


@pytest.mark.parametrize(("case", "about", "answers", "tools"), PRESENT, ids=[each[0] for each in PRESENT])
def test_a_tool_is_absent_only_where_it_certainly_cannot_apply(judged, no, case, about, answers, tools) -> None:
    found = bone_tools(judged, no("bone") | answers, about)
    assert {name for name in found if name in ("ost", "orai", "osiris")} == tools
    assert "dxa" in found


INDEX_VALUES = [
    (person(60), {"weight-kg": 70}, "ost", {"value": "2", "positive": False}),
    (person(60), {"weight-kg": 69.9}, "ost", {"value": "1", "positive": True}),
    (person(70), {"weight-kg": 66}, "ost", {"value": "0", "positive": True}),
    (person(60, "male"), {"weight-kg": 80}, "ost", {"value": "4", "positive": False, "less_certain": True}),
    (person(60, "male"), {"weight-kg": 79.9}, "ost", {"value": "3", "positive": True, "less_certain": True}),
    (person(60, "unsure"), {"weight-kg": 69.9}, "ost", {"value": "1", "positive": True}),
    (person(60, "unsure"), {"weight-kg": 70}, "ost", {"value": "2", "positive": None}),
    (person(60, "unsure"), {"weight-kg": 80}, "ost", {"value": "4", "positive": False}),
    (person(60, None), {"weight-kg": 80}, "ost", {"value": "4", "positive": False}),
    (person(None), {"weight-kg": 80}, "ost", {"value": None, "positive": None}),
    (person(60), {"weight-kg": None}, "ost", {"value": None, "positive": None}),
    (
        person(60, "male"),
        {"weight-kg": None},
        "ost",
        {"value": None, "positive": None, "less_certain": True},
    ),
    (person(54), {"weight-kg": 59.9, "on-estrogen": "yes"}, "orai", {"value": "9", "positive": True}),
    (person(64), {"weight-kg": 69.9, "on-estrogen": "yes"}, "orai", {"value": "8", "positive": False}),
    (person(50), {"weight-kg": 70, "on-estrogen": "yes"}, "orai", {"value": "0", "positive": False}),
    (person(64), {"weight-kg": 69.9, "on-estrogen": "unsure"}, "orai", {"value": None, "positive": None}),
    (person(64, "unsure"), {"weight-kg": 69.9}, "orai", {"value": None, "positive": None}),
    (
        person(60),
        {"weight-kg": 65, "postmenopausal": "yes"},
        "osiris",
        {"value": "1", "positive": False},
    ),
    (
        person(60),
        {"weight-kg": 64.5, "postmenopausal": "yes"},
        "osiris",
        {"value": "0.9", "positive": True},
    ),
    (
        person(60),
        {"weight-kg": 60, "postmenopausal": "yes"},
        "osiris",
        {"value": "0", "positive": True},
    ),
    (
        person(75),
        {"weight-kg": 50, "postmenopausal": "yes", "broke-bone-after-50": "yes"},
        "osiris",
        {"value": "-7", "positive": True},
    ),
    (
        person(45),
        {"weight-kg": 60, "postmenopausal": "yes", "broke-bone-after-50": None},  # under 50: counts as no
        "osiris",
        {"value": "3", "positive": False},
    ),
    (
        person(60),
        {"weight-kg": 65, "postmenopausal": "yes", "broke-bone-after-50": "unsure"},
        "osiris",
        {"value": None, "positive": None},
    ),
    (
        person(60),
        {"weight-kg": 65, "postmenopausal": "unsure"},
        "osiris",
        {"value": None, "positive": None},
    ),
    # a yes that only a woman gives makes an unknown sex female
    (
        person(60, None),
        {"weight-kg": 65, "postmenopausal": "yes"},
        "osiris",
        {"value": "1", "positive": False},
    ),
    (person(60, "unsure"), {"weight-kg": 70, "on-estrogen": "yes"}, "ost", {"value": "2", "positive": False}),
    (person(60, None), {"weight-kg": 70, "menopause-before-45": "yes"}, "orai", {"value": "7", "positive": False}),
]


@pytest.mark.parametrize(("about", "answers", "tool", "expected"), INDEX_VALUES)
def test_an_index_is_exact_text_or_unknown(judged, no, about, answers, tool, expected) -> None:
    assert bone_tools(judged, no("bone") | answers, about)[tool] == expected


DXA = [
    ("woman of 64", person(64), {}, False, []),
    ("woman of 65", person(65), {}, True, ["age"]),
    ("man of 69", person(69, "male"), {}, False, []),
    ("man of 70", person(70, "male"), {}, True, ["age"]),
    ("break at 50", person(50), {"broke-bone-after-50": "yes"}, True, ["fracture"]),
    ("break at an unknown age", person(None), {"broke-bone-after-50": "yes"}, None, []),
    ("height loss at 49", person(49), {"tallest-height-cm": 173.8}, False, []),
    ("height loss 3.8 at 50", person(50), {"tallest-height-cm": 173.8}, True, ["height-loss"]),
    ("height loss 3.7 at 50", person(50), {"tallest-height-cm": 173.7}, False, []),
    ("spine fracture at 49", person(49, spine_fracture_now="yes"), {}, False, []),
    ("spine fracture at 50", person(50, spine_fracture_now="yes"), {}, True, ["spine-fracture"]),
    ("spine fracture unsure", person(50, spine_fracture_now="unsure"), {}, None, []),
    ("OST 1 past menopause", person(62), {"weight-kg": 70, "postmenopausal": "yes"}, True, ["ost"]),
    ("OST 2 past menopause", person(60), {"weight-kg": 70, "postmenopausal": "yes"}, False, []),
    ("OST 1 before menopause", person(62), {"weight-kg": 70}, False, []),
    ("OST 1, menopause unsure", person(62), {"weight-kg": 70, "postmenopausal": "unsure"}, None, []),
    ("OST 1 at 65 is age only", person(65), {"weight-kg": 70, "postmenopausal": "yes"}, True, ["age"]),
    ("OST 0 at 44 counts as no", person(44), {"weight-kg": 58, "postmenopausal": "yes"}, False, []),
    ("smoking past menopause", person(55), {"postmenopausal": "yes", "smokes": "yes"}, True, ["risk-factor"]),
    ("smoking before menopause", person(55), {"smokes": "yes"}, False, []),
    ("smoking at 65 is age only", person(65), {"postmenopausal": "yes", "smokes": "yes"}, True, ["age"]),
    ("man of 49 who smokes", person(49, "male"), {"smokes": "yes"}, False, []),
    ("man of 50 who smokes", person(50, "male"), {"smokes": "yes"}, True, ["risk-factor"]),
    ("man of 69 who smokes", person(69, "male"), {"smokes": "yes"}, True, ["risk-factor"]),
    ("man of 70 who smokes", person(70, "male"), {"smokes": "yes"}, True, ["age"]),
    ("man of 60, OST 3", person(60, "male"), {"weight-kg": 75}, False, []),
    ("tested lately", person(72), {"had-dexa": "yes", "dexa-past-2-years": "yes", "dexa-result": "normal"}, False, []),
    ("tested long ago", person(72), {"had-dexa": "yes", "dexa-result": "normal"}, True, ["age"]),
    ("tested, unsure when", person(72), {"had-dexa": "yes", "dexa-past-2-years": "unsure"}, None, []),
    ("unsure whether tested", person(72), {"had-dexa": "unsure", "dexa-past-2-years": None}, None, []),
    ("result without had-dexa", person(72), {"had-dexa": None, "dexa-result": "normal"}, True, ["age"]),
    ("tested lately, had-dexa open", person(72), {"had-dexa": None, "dexa-past-2-years": "yes"}, False, []),
    ("sex unknown, 66", person(66, None), {}, None, []),
    ("sex unknown, 70", person(70, "unsure"), {}, True, ["age"]),
    ("sex unknown, 64", person(64, None), {}, False, []),
    ("sex unknown, 66, break", person(66, None), {"broke-bone-after-50": "yes"}, True, ["fracture"]),
    ("age unknown", person(None), {}, None, []),
    (
        "all of a woman under 65, in order",
        person(60, spine_fracture_now="yes"),
        {
            "weight-kg": 55,
            "tallest-height-cm": 175,
            "postmenopausal": "yes",
            "broke-bone-after-50": "yes",
        },
        True,
        ["fracture", "height-loss", "spine-fracture", "ost", "risk-factor"],
    ),
    (
        "all of a woman over 65, in order",
        person(70, spine_fracture_now="yes"),
        {"tallest-height-cm": 175, "broke-bone-after-50": "yes"},
        True,
        ["age", "fracture", "height-loss", "spine-fracture"],
    ),
    (
        "all of a man over 70, in order",
        person(70, "male", spine_fracture_now="yes"),
        {"tallest-height-cm": 175, "broke-bone-after-50": "yes"},
        True,
        ["fracture", "height-loss", "spine-fracture", "age"],
    ),
]


@pytest.mark.parametrize(("case", "about", "answers", "due", "why"), DXA, ids=[each[0] for each in DXA])
def test_a_bone_density_test_is_due_for_these_reasons_in_this_order(judged, no, case, about, answers, due, why) -> None:
    assert bone_tools(judged, no("bone") | answers, about)["dxa"] == {"due": due, "why": why}


# Bone: levels -----------------------------------------------------------------------------------------------------------

RISK_FACTORS = [
    {"parent-broke-hip": "yes"},
    {"steroids-3-months": "yes"},
    {"smokes": "yes"},
    {"drinks-over-2-a-day": "yes"},
    {"rheumatoid-arthritis": "yes"},
    {"bone-thinning-condition": "yes"},
    {"menopause-before-45": "yes"},
    {"weight-kg": 57.8},  # BMI exactly 20 at 170 cm
    {"weight-kg": 57.5, "height-cm": 150, "tallest-height-cm": 150},
]
NO_RISK_FACTORS = [
    {"weight-kg": 57.9},
    {"weight-kg": 57.6, "height-cm": 150, "tallest-height-cm": 150},
    {"calcium-daily": "no", "strength-exercise": "no"},
    {"on-estrogen": "yes"},
]


@pytest.mark.parametrize("answers", RISK_FACTORS)
def test_a_risk_factor_is_moderate(judged, no, answers) -> None:
    assert bone_level(judged, no("bone") | answers, person(48)) == ["moderate"]


@pytest.mark.parametrize("answers", NO_RISK_FACTORS)
def test_what_is_just_no_risk_factor_is_lower(judged, no, answers) -> None:
    assert bone_level(judged, no("bone") | answers, person(48)) == ["low"]


def bone_level(judged, answers: Json, about: Json) -> list[str]:
    return judged({"answers": {"about": about, "bone": answers}})["checklists"]["bone"]["could_be"]


DEXA = {"had-dexa": "yes", "dexa-past-2-years": "yes"}
BONE_LEVELS = [
    ("a low-force break", person(60), {"broke-bone-after-50": "yes"}, ["high"]),
    ("osteoporosis on a test", person(60), DEXA | {"dexa-result": "osteoporosis"}, ["high"]),
    ("low bone mass on a test", person(60), DEXA | {"dexa-result": "low-bone-mass"}, ["moderate"]),
    ("normal on a test", person(60), DEXA | {"dexa-result": "normal"}, ["low"]),
    ("a test with an unsure result", person(60), DEXA | {"dexa-result": "unsure"}, ["low", "moderate", "high"]),
    ("height loss 6.0", person(48), {"tallest-height-cm": 176}, ["moderate"]),
    ("height loss 6.1", person(48), {"tallest-height-cm": 176.1}, ["moderate"]),
    ("height loss 3.8", person(48), {"tallest-height-cm": 173.8}, ["moderate"]),
    ("height loss 3.7", person(48), {"tallest-height-cm": 173.7}, ["low"]),
    ("tallest height open", person(48), {"tallest-height-cm": None}, ["low", "moderate"]),
    ("known osteoporosis", person(48, known_osteoporosis="yes"), {}, ["high"]),
    ("osteoporosis unsure", person(48, known_osteoporosis="unsure"), {}, ["low", "high"]),
    ("a fresh spine fracture", person(48, spine_fracture_now="yes"), {}, ["high"]),
    (
        "a late injection",
        person(48),
        {"bone-medicine": "six-month-injection", "bone-injection-late": "yes"},
        ["high"],
    ),
    (
        "an unsure injection",
        person(48),
        {"bone-medicine": "stopped", "bone-injection-late": "unsure"},
        ["low", "high"],
    ),
    ("late, medicine unsure", person(48), {"bone-medicine": "unsure", "bone-injection-late": "yes"}, ["high"]),
    (
        "injection open, medicine a tablet",
        person(48),
        {"bone-medicine": "tablet-or-drip", "bone-injection-late": None},
        ["low"],
    ),
    ("medicine and injection open", person(48), {"bone-medicine": None, "bone-injection-late": None}, ["low", "high"]),
    ("a woman due by age", person(65), {}, ["moderate"]),
    ("a woman due by age, last test normal", person(65), {"had-dexa": "yes", "dexa-result": "normal"}, ["low"]),
    ("a man due by age alone", person(70, "male"), {}, ["low"]),
    ("a man due by age with a height loss", person(70, "male"), {"tallest-height-cm": 173.8}, ["moderate"]),
    ("sex unknown at 70", person(70, None), {}, ["low", "moderate"]),
    ("sex unknown at 70 with a break", person(70, None), {"broke-bone-after-50": "yes"}, ["high"]),
    ("a woman due by OST", person(62), {"weight-kg": 70, "postmenopausal": "yes"}, ["moderate"]),
    ("age unknown, the rest no", person(None), {}, ["low", "moderate"]),
    ("weight open", person(48), {"weight-kg": None}, ["low", "moderate"]),
    ("weight 57.5, height open", person(48), {"weight-kg": 57.5, "height-cm": None}, ["moderate"]),
]


@pytest.mark.parametrize(("case", "about", "answers", "could_be"), BONE_LEVELS, ids=[each[0] for each in BONE_LEVELS])
def test_bone_levels_and_their_edges(judged, no, case, about, answers, could_be) -> None:
    assert bone_level(judged, no("bone") | answers, about) == could_be


def test_habits_make_actions_and_not_levels(judged, no) -> None:
    answers = no("bone") | dict.fromkeys(
        ("calcium-daily", "vitamin-d-daily", "weight-bearing-exercise", "strength-exercise")
    )
    found = judged({"answers": {"about": person(48), "bone": answers}})["checklists"]["bone"]
    assert (found["could_be"], found["missing"], found["because"]) == (["low"], [], [])


def test_what_is_missing_stands_in_order_with_about_last_and_without_what_cannot_apply(judged) -> None:
    record = {"answers": {"about": {"sex": "male"}, "bone": {"bone-medicine": "none", "had-dexa": "no"}}}
    missing = judged(record)["checklists"]["bone"]["missing"]
    assert missing == [
        "weight-kg",
        "height-cm",
        "tallest-height-cm",
        "broke-bone-after-50",
        "parent-broke-hip",
        "steroids-3-months",
        "smokes",
        "drinks-over-2-a-day",
        "rheumatoid-arthritis",
        "bone-thinning-condition",
        "about.age",
        "about.known-osteoporosis",
        "about.spine-fracture-now",
    ]


def test_questions_that_may_apply_are_missing_too(judged) -> None:
    missing = judged({"answers": {"bone": {}}})["checklists"]["bone"]["missing"]
    assert {"postmenopausal", "broke-bone-after-50", "bone-injection-late", "dexa-result", "about.sex"} <= set(missing)


# Because ------------------------------------------------------------------------------------------------------------------


def test_because_has_most_points_first_then_the_order_of_the_definition(judged, no) -> None:
    answers = no("falls", numb_feet="yes", uses_cane_or_walker="yes", fell_past_year="yes", unsteady_walking="yes")
    record = {"answers": {"falls": answers | {"fell-twice": "yes"}}}
    assert judged(record)["checklists"]["falls"]["because"] == [
        {"checklist": "falls", "link_id": "fell-past-year", "score": 2},
        {"checklist": "falls", "link_id": "uses-cane-or-walker", "score": 2},
        {"checklist": "falls", "link_id": "unsteady-walking", "score": 1},
        {"checklist": "falls", "link_id": "numb-feet", "score": 1},
        {"checklist": "falls", "link_id": "fell-twice", "score": 0},
    ]


def test_a_tool_is_named_by_the_answers_that_it_used(judged, no) -> None:
    record = {"answers": {"about": person(72), "falls": no("falls")}, "measures": {"chair-stands": 9}}
    because = judged(record)["checklists"]["falls"]["because"]
    assert set(facts(because)) == {"measures.chair-stands", "about.age", "about.sex"}
    record = {"answers": {"about": person(48), "bone": no("bone", tallest_height_cm=174)}}
    because = judged(record)["checklists"]["bone"]["because"]
    assert facts(because) == ["bone.height-cm", "bone.tallest-height-cm"]


def test_an_answer_that_was_never_given_is_no_reason(judged, no) -> None:
    record = {"answers": {"about": person(72, None), "bone": no("bone", tallest_height_cm=174)}}
    found = judged(record)
    assert "about.sex" not in facts(found["checklists"]["bone"]["because"])
    for action in found["plan"]["actions"]:
        assert "about.sex" not in facts(action["because"]), action["id"]
    record = {"answers": {"about": person(72, None), "falls": no("falls")}, "measures": {"chair-stands": 9}}
    assert "about.sex" not in facts(judged(record)["checklists"]["falls"]["because"])


def test_known_osteoporosis_is_a_reason_from_about(judged, no) -> None:
    record = {"answers": {"about": person(48, known_osteoporosis="yes"), "bone": no("bone")}}
    assert judged(record)["checklists"]["bone"]["because"] == [
        {"checklist": "about", "link_id": "known-osteoporosis", "score": 0}
    ]


# Home and posture ---------------------------------------------------------------------------------------------------------

GRAVE = ("stairs-no-rails", "bath-slippery", "bath-no-grab-bars", "stairs-dark")
SMALL = ("floors-loose-rugs", "floors-clutter", "pets-underfoot", "kitchen-wet-floor")
HOME_LEVELS = [
    ((), (), ["low"]),
    (SMALL[:2], (), ["low"]),
    (SMALL[:3], (), ["moderate"]),
    (SMALL[:2], SMALL[2:3], ["low", "moderate"]),
    (SMALL[:1], SMALL[1:2], ["low"]),
    (GRAVE[:1], (), ["moderate"]),
    (GRAVE[:2], (), ["moderate"]),
    (GRAVE[:3], (), ["high"]),
    (GRAVE[:2], GRAVE[2:3], ["moderate", "high"]),
    (GRAVE[:1], GRAVE[1:2], ["moderate"]),
    ((), GRAVE[:3], ["low", "moderate", "high"]),
    ((), GRAVE[:2], ["low", "moderate"]),
    ((), GRAVE[:1], ["low", "moderate"]),
    (SMALL, (), ["moderate"]),
]


@pytest.mark.parametrize(("yes", "unsure", "could_be"), HOME_LEVELS)
def test_home_counts_hazards_and_the_gravest_ones(judged, no, yes, unsure, could_be) -> None:
    answers = no("home") | dict.fromkeys(yes, "yes") | dict.fromkeys(unsure, "unsure")
    found = judged({"answers": {"home": answers}})["checklists"]["home"]
    assert found["could_be"] == could_be
    assert (found["score"]["low"], found["score"]["high"]) == (len(yes), len(yes) + len(unsure))
    assert sum(each["score"] for each in found["because"]) == len(yes)


def test_what_is_not_here_is_not_counted_and_not_missing(judged, no, definitions) -> None:
    items = [question.link_id for question in definitions.questions["home"]]
    stairs = dict.fromkeys((i for i in items if i.startswith("stairs-")), "not-here")
    found = judged({"answers": {"home": stairs}})["checklists"]["home"]
    left = len(items) - len(stairs)
    assert found["score"] == {"low": 0, "high": left, "of": left}
    assert found["missing"] == [item for item in items if item not in stairs]


LIGHT = ("sit-seat-height", "screen-too-low", "day-long-sitting", "stand-long-one-task", "sit-no-low-back-support")
HEAVY = "lift-twisting"
TAKEN_BONE_HIGH = {"broke-bone-after-50": "yes"}
POSTURE_LEVELS = [
    ("two habits", LIGHT[:2], person(), None, ["low"]),
    ("three habits", LIGHT[:3], person(), None, ["moderate"]),
    ("five habits", LIGHT, person(), None, ["moderate"]),
    ("six habits", (*LIGHT, "day-no-back-exercise"), person(), None, ["high"]),
    ("loading, bone not taken", (HEAVY,), person(), None, ["low"]),
    ("loading, known osteoporosis", (HEAVY,), person(known_osteoporosis="yes"), None, ["high"]),
    ("not loading, known osteoporosis", LIGHT[:1], person(known_osteoporosis="yes"), None, ["low"]),
    ("loading, osteoporosis unsure", (HEAVY,), person(known_osteoporosis="unsure"), None, ["low", "high"]),
    ("loading, fresh fracture", (HEAVY,), person(spine_fracture_now="yes"), None, ["high"]),
    ("loading, bone high", (HEAVY,), person(), TAKEN_BONE_HIGH, ["high"]),
    ("loading, bone moderate", (HEAVY,), person(), {"smokes": "yes"}, ["low"]),
    ("loading, bone perhaps high", (HEAVY,), person(), {"broke-bone-after-50": "unsure"}, ["low", "high"]),
    ("loading, height loss 3.8", (HEAVY,), person(), {"tallest-height-cm": 173.8}, ["high"]),
    ("loading, height loss 3.7", (HEAVY,), person(), {"tallest-height-cm": 173.7}, ["low"]),
    ("loading, height loss unknown", (HEAVY,), person(), {"tallest-height-cm": None}, ["low", "high"]),
    ("not loading, bone high", LIGHT[:1], person(), TAKEN_BONE_HIGH, ["low"]),
]


@pytest.mark.parametrize(
    ("case", "yes", "about", "bone", "could_be"), POSTURE_LEVELS, ids=[each[0] for each in POSTURE_LEVELS]
)
def test_posture_counts_habits_and_those_that_load_a_weak_spine(judged, no, case, yes, about, bone, could_be) -> None:
    answers = {"about": about, "posture": no("posture") | dict.fromkeys(yes, "yes")}
    if bone is not None:
        answers["bone"] = no("bone") | bone
    found = judged({"answers": answers})["checklists"]["posture"]
    assert found["could_be"] == could_be
    assert found["score"]["low"] == found["score"]["high"] == len(yes)


def test_a_habit_that_may_load_a_weak_spine_leaves_high_possible(judged, no) -> None:
    answers = {"about": person(known_osteoporosis="yes"), "posture": no("posture", lift_twisting="unsure")}
    assert judged({"answers": answers})["checklists"]["posture"]["could_be"] == ["low", "high"]


# Warnings -------------------------------------------------------------------------------------------------------------------

FELL = {"fell-past-year": "yes"}
WARNINGS = [
    ("a blackout, signs never asked", None, {"falls": FELL | {"fall-blackout": "yes"}}, {}, ["blackout today"]),
    ("a blackout, none ticked", [], {"falls": FELL | {"fall-blackout": "yes"}}, {}, ["blackout soon"]),
    (
        "a blackout, another ticked",
        ["sudden-back-pain"],
        {"falls": FELL | {"fall-blackout": "yes"}},
        {},
        ["sudden-back-pain today", "blackout soon"],
    ),
    (
        "a blackout, ticked too",
        ["blackout"],
        {"falls": FELL | {"fall-blackout": "yes"}},
        {},
        ["blackout today"],
    ),
    ("a blackout unsure", None, {"falls": FELL | {"fall-blackout": "unsure"}}, {}, []),
    ("two falls", [], {"falls": FELL | {"fell-twice": "yes"}}, {}, ["falls-review soon"]),
    ("an injury", [], {"falls": FELL | {"fall-injury": "yes"}}, {}, ["falls-review soon"]),
    ("one fall", [], {"falls": FELL}, {}, []),
    ("frailty", [], {"falls": {}}, {"frailty": "yes"}, ["falls-review soon"]),
    ("frailty without falls taken", [], {"home": {}}, {"frailty": "yes"}, []),
    ("a long lie", [], {"falls": FELL | {"fall-long-lie": "yes"}}, {}, ["long-lie soon"]),
    ("steroids", [], {"bone": {"steroids-3-months": "yes"}}, {}, ["steroid-bone-review soon"]),
    ("a back nobody has checked", [], {"about": {"spine-fracture-now": "unsure"}}, {}, ["spine-check soon"]),
    (
        "a back nobody has checked, signs never asked",
        None,
        {"about": {"spine-fracture-now": "unsure"}, "home": {}},
        {},
        ["spine-check soon"],
    ),
    ("a spine fracture that is known", [], {"about": {"spine-fracture-now": "yes"}}, {}, []),
    ("a hurt wrist", ["limb-injury"], {}, {}, ["limb-injury today"]),
    ("steroids unsure", [], {"bone": {"steroids-3-months": "unsure"}}, {}, []),
    (
        "a late injection",
        [],
        {"bone": {"bone-medicine": "stopped", "bone-injection-late": "yes"}},
        {},
        ["bone-injection-late soon"],
    ),
    ("height loss 6.0", [], {"bone": {"height-cm": 160, "tallest-height-cm": 166}}, {}, []),
    ("height loss 6.1", [], {"bone": {"height-cm": 160, "tallest-height-cm": 166.1}}, {}, ["height-loss soon"]),
    (
        "a break without medicine",
        [],
        {"bone": {"broke-bone-after-50": "yes", "bone-medicine": "none"}},
        {},
        ["fracture-untreated soon"],
    ),
    (
        "a break, medicine stopped",
        [],
        {"bone": {"broke-bone-after-50": "yes", "bone-medicine": "stopped"}},
        {},
        ["fracture-untreated soon"],
    ),
    (
        "a break, on tablets",
        [],
        {"bone": {"broke-bone-after-50": "yes", "bone-medicine": "tablet-or-drip"}},
        {},
        [],
    ),
    (
        "a break, medicine unsure",
        [],
        {"bone": {"broke-bone-after-50": "yes", "bone-medicine": "unsure"}},
        {},
        [],
    ),
    (
        "everything, in the order of the contract",
        ["new-confusion", "stroke-signs", "limb-injury", "numb-saddle-or-bladder", "neck-pain-after-fall"],
        {
            "about": {"spine-fracture-now": "unsure"},
            "falls": FELL | dict.fromkeys(FOLLOW_UPS, "yes"),
            "bone": {
                "height-cm": 160,
                "tallest-height-cm": 167,
                "steroids-3-months": "yes",
                "bone-medicine": "stopped",
                "bone-injection-late": "yes",
                "broke-bone-after-50": "yes",
            },
        },
        {},
        [
            "numb-saddle-or-bladder now",
            "stroke-signs now",
            "neck-pain-after-fall today",
            "new-confusion today",
            "limb-injury today",
            "blackout soon",
            "spine-check soon",
            "height-loss soon",
            "falls-review soon",
            "long-lie soon",
            "steroid-bone-review soon",
            "bone-injection-late soon",
            "fracture-untreated soon",
        ],
    ),
]


@pytest.mark.parametrize(
    ("case", "signs", "answers", "measures", "expected"), WARNINGS, ids=[each[0] for each in WARNINGS]
)
def test_warnings_come_from_signs_and_answers_in_their_order(judged, case, signs, answers, measures, expected) -> None:
    found = judged({"warning-signs": signs, "answers": answers, "measures": measures})["warnings"]
    assert [f"{each['id']} {each['urgency']}" for each in found] == expected


@pytest.mark.parametrize("follow_up", FOLLOW_UPS)
def test_a_follow_up_makes_its_warning_also_when_the_fall_itself_is_unsure(judged, follow_up) -> None:
    assert judged({"answers": {"falls": {"fell-past-year": "unsure", follow_up: "yes"}}})["warnings"]


# Overall ----------------------------------------------------------------------------------------------------------------------

LOW_FALLS, MODERATE_FALLS = {}, {"numb-feet": "yes", "unsteady-walking": "yes"}
HIGH_FALLS = FELL | {"fell-twice": "yes"}
OVERALL = [
    ("all low", [], "no", {}, {}, ["low"]),
    ("signs never asked", None, "no", {}, {}, ["low", "high"]),
    ("falls moderate", [], "no", MODERATE_FALLS, {}, ["moderate"]),
    ("bone moderate", [], "no", {}, {"smokes": "yes"}, ["moderate"]),
    ("falls high", [], "no", HIGH_FALLS, {}, ["high"]),
    ("bone high", [], "no", {}, DEXA | {"dexa-result": "osteoporosis"}, ["high"]),
    ("falls high, signs never asked", None, "no", HIGH_FALLS, {}, ["high"]),
    ("known osteoporosis", [], "yes", {}, {}, ["high"]),
    ("osteoporosis unsure", [], "unsure", {}, {}, ["low", "moderate", "high"]),
    ("a today sign", ["blackout"], "no", {}, {}, ["high"]),
    ("a now sign", ["stroke-signs"], "no", {}, {}, ["high"]),
    ("falls not taken", [], "no", None, {}, ["low", "moderate", "high"]),
    ("bone not taken", [], "no", {}, None, ["low", "moderate", "high"]),
    ("falls moderate, bone not taken", [], "no", MODERATE_FALLS, None, ["moderate", "high"]),
    ("falls high, bone not taken", [], "no", HIGH_FALLS, None, ["high"]),
    ("falls perhaps moderate", [], "no", {"unsteady-walking": "unsure"}, {}, ["low", "moderate"]),
    ("falls perhaps high", [], "no", FELL | {"fell-twice": "unsure"}, {}, ["moderate", "high"]),
    ("a soon warning alone", [], "no", {}, {"steroids-3-months": "yes"}, ["moderate"]),
]


@pytest.mark.parametrize(
    ("case", "signs", "osteoporosis", "falls", "bone", "could_be"), OVERALL, ids=[each[0] for each in OVERALL]
)
def test_overall_follows_falls_bones_and_warnings(judged, no, case, signs, osteoporosis, falls, bone, could_be) -> None:
    answers: Json = {"about": person(48, known_osteoporosis=osteoporosis), "home": no("home", stairs_dark="yes")}
    answers |= {"falls": no("falls") | falls} if falls is not None else {}
    answers |= {"bone": no("bone") | bone} if bone is not None else {}
    found = judged({"warning-signs": signs, "answers": answers})["overall"]
    assert found == {"could_be": could_be, "risk_level": could_be[0] if len(could_be) == 1 else None}


def test_a_blackout_among_the_answers_is_high_where_signs_were_never_asked(judged, no) -> None:
    answers = {"about": person(48), "bone": no("bone"), "falls": {"fall-blackout": "yes"}}
    assert judged({"answers": answers})["overall"]["could_be"] == ["high"]


def test_signs_alone_leave_every_level_open(judged) -> None:
    assert judged({"warning-signs": []})["overall"]["could_be"] == ALL
    found = judged({"warning-signs": ["stroke-signs"]})
    assert (found["overall"]["could_be"], found["checklists"], found["tools"]) == (["high"], {}, {})


def test_home_and_posture_take_no_part_overall(judged, no) -> None:
    answers = {"about": person(48), "falls": no("falls"), "bone": no("bone")}
    worst = {name: {q: "yes" for q in no(name)} for name in ("home", "posture")}
    found = judged({"warning-signs": [], "answers": answers | worst})
    assert found["checklists"]["home"]["risk_level"] == found["checklists"]["posture"]["risk_level"] == "high"
    assert found["overall"]["risk_level"] == "low"


# Results are plain ---------------------------------------------------------------------------------------------------------------


def test_checklists_and_tools_of_lists_that_were_not_taken_are_absent(judged) -> None:
    found = judged({"answers": {"posture": {}}})
    assert list(found["checklists"]) == ["posture"]
    assert found["tools"] == {}
    assert list(judged({"answers": {"falls": {}}})["tools"]) == ["wfg"]
    assert set(judged({"answers": {"bone": {}, "about": person(44, "male")}})["tools"]) == {"dxa"}


def test_a_checklist_judged_alone_says_what_it_says_among_the_others(definitions) -> None:
    raised = 0
    for record in records(40):
        someone = read_whole(definitions, record)
        for each in assess(definitions, someone).checklists:
            assert assess_alone(definitions, someone, each.id) == (each.could_be, each.score)
            raised += each.id == "posture" and each.could_be != ("low",)
    assert raised, "a level that depends on another checklist's"


def test_what_is_at_odds_is_sought_among_what_was_answered_alone(
    definitions: Definitions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each page looks for it: of the two lists here eight conditions were judged."""
    judged, usual = [], rules.evaluate

    def evaluate(*given: Any) -> Any:
        judged.append(given[0])
        return usual(*given)

    monkeypatch.setattr(rules, "evaluate", evaluate)
    answers = {"fell-past-year": "no", "fell-twice": "yes", "fall-injury": "no", "unsteady-walking": "yes"}
    known = Person(answers={"falls": answers}, about={"cannot-walk": "no"})
    assert dict(rules.contradictions(definitions, known)) == {"falls.fell-twice": ("falls.fell-past-year",)}
    assert len(judged) == 2
    judged.clear()
    assert dict(rules.contradictions(definitions, Person(answers={"falls": {}}))) == {}
    assert not judged
