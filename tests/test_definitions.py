"""The shipped definitions against the contract: names, points, edges, sources and every word that people read."""

import re
from typing import Any

import pytest

from checklists.files.actions import Action
from checklists.files.model import Level, Question
from tests.shipped import SHIPPED
from tests.texts import definition_texts

YES_NO = ("yes", "no", "unsure")
HAZARD = ("yes", "no", "unsure", "not-here")

# Contract 5, 6, 7: the questions, in order ------------------------------------------------------------------------------

ABOUT = {
    "age": (18, 120),
    "sex": ("female", "male", "unsure"),
    "lives-alone": YES_NO,
    "known-osteoporosis": YES_NO,
    "spine-fracture-now": YES_NO,
    "hospital-past-3-months": YES_NO,
    "blood-thinner": YES_NO,
    "five-or-more-medicines": YES_NO,
    "cannot-walk": YES_NO,
}
FALLS_POINTS = {
    "fell-past-year": 2,
    "uses-cane-or-walker": 2,
    "unsteady-walking": 1,
    "holds-furniture": 1,
    "worried-about-falling": 1,
    "pushes-with-hands": 1,
    "trouble-with-curb": 1,
    "rushes-to-toilet": 1,
    "numb-feet": 1,
    "medicine-dizzy-tired": 1,
    "medicine-sleep-mood": 1,
    "sad-or-depressed": 1,
    "dizzy-on-standing": 0,
    "brain-or-memory-condition": 0,
    "fell-twice": 0,
    "fall-injury": 0,
    "fall-long-lie": 0,
    "fall-blackout": 0,
}
BONE = {
    "weight-kg": (25, 300),
    "height-cm": (100, 230),
    "tallest-height-cm": (100, 230),
    "postmenopausal": YES_NO,
    "menopause-before-45": YES_NO,
    "on-estrogen": YES_NO,
    "broke-bone-after-50": YES_NO,
    "parent-broke-hip": YES_NO,
    "steroids-3-months": YES_NO,
    "smokes": YES_NO,
    "drinks-over-2-a-day": YES_NO,
    "rheumatoid-arthritis": YES_NO,
    "bone-thinning-condition": YES_NO,
    "bone-medicine": ("none", "tablet-or-drip", "six-month-injection", "other", "stopped", "unsure"),
    "bone-injection-late": YES_NO,
    "had-dexa": YES_NO,
    "dexa-past-2-years": YES_NO,
    "dexa-result": ("normal", "low-bone-mass", "osteoporosis", "unsure"),
    "calcium-daily": YES_NO,
    "vitamin-d-daily": YES_NO,
    "weight-bearing-exercise": YES_NO,
    "strength-exercise": YES_NO,
}
HABITS = {"calcium-daily", "vitamin-d-daily", "weight-bearing-exercise", "strength-exercise"}
_WALKS = {"not": {"is": ["about.cannot-walk", "yes"]}}
CONDITIONS = {
    "falls.uses-cane-or-walker": _WALKS,
    "falls.unsteady-walking": _WALKS,
    "falls.holds-furniture": _WALKS,
    "falls.trouble-with-curb": _WALKS,
    "falls.fell-twice": {"is": ["fell-past-year", "yes"]},
    "falls.fall-injury": {"is": ["fell-past-year", "yes"]},
    "falls.fall-long-lie": {"is": ["fell-past-year", "yes"]},
    "falls.fall-blackout": {"is": ["fell-past-year", "yes"]},
    "bone.postmenopausal": {"is": ["about.sex", "female"]},
    "bone.menopause-before-45": {"is": ["about.sex", "female"]},
    "bone.on-estrogen": {"is": ["about.sex", "female"]},
    "bone.broke-bone-after-50": {"at_least": ["about.age", 50]},
    "bone.bone-injection-late": {"one_of": ["bone-medicine", ["six-month-injection", "stopped"]]},
    "bone.dexa-past-2-years": {"is": ["had-dexa", "yes"]},
    "bone.dexa-result": {"is": ["had-dexa", "yes"]},
}
MEASURES = {
    "tug-seconds": (1, 600),
    "tandem-seconds": (0, 10),
    "gait-speed-m-s": (0.05, 3),
    "chair-stands": (0, 60),
    "chair-used-arms": (None, None),
    "frailty": (None, None),
    "bp": (None, None),
}


def takes(question: Question) -> tuple[Any, ...]:
    number = question.low is not None and question.high is not None
    return (question.low, question.high) if number else question.allowed


def test_about_asks_exactly_what_the_contract_says() -> None:
    assert {q.link_id: takes(q) for q in SHIPPED.questions["about"]} == ABOUT


def test_falls_has_exactly_the_points_of_stay_independent() -> None:
    assert [(q.link_id, q.score) for q in SHIPPED.questions["falls"]] == list(FALLS_POINTS.items())
    assert sum(FALLS_POINTS.values()) == 14
    assert {q.allowed for q in SHIPPED.questions["falls"]} == {YES_NO}


def test_bone_asks_exactly_what_the_contract_says() -> None:
    assert {q.link_id: takes(q) for q in SHIPPED.questions["bone"]} == BONE
    assert {q.link_id for q in SHIPPED.questions["bone"] if q.habit} == HABITS
    assert not SHIPPED.checklist_of["bone"].scored
    assert {q.score for q in SHIPPED.questions["bone"]} == {0}


def test_questions_depend_on_others_exactly_as_the_contract_says() -> None:
    found = {
        fact: question.enable_when.model_dump(mode="json", by_alias=True, exclude_unset=True)
        for fact, question in SHIPPED.question_of.items()
        if question.enable_when
    }
    assert found == CONDITIONS


def test_age_takes_whole_numbers_and_weight_and_heights_decimals() -> None:
    kinds = {f: q.answers for f, q in SHIPPED.question_of.items() if q.low is not None}
    assert kinds == {
        "about.age": "whole-number",
        "bone.weight-kg": "decimal",
        "bone.height-cm": "decimal",
        "bone.tallest-height-cm": "decimal",
    }


def test_measures_have_the_bounds_of_the_contract() -> None:
    found = {m.link_id: (m.low, m.high) for m in SHIPPED.checklist_of["falls"].measures}
    assert {name: tuple(None if b is None else float(b) for b in bounds) for name, bounds in found.items()} == MEASURES


@pytest.mark.parametrize("name", ["home", "posture"])
def test_every_item_of_home_and_posture_counts_one_and_yes_means_something_to_fix(name) -> None:
    for question in SHIPPED.questions[name]:
        assert question.allowed == (HAZARD if name == "home" else YES_NO), question.link_id
        assert question.score == 1, question.link_id
        assert set(question.calls_for) == {"yes"}, f"{question.link_id}: one fix for each hazard and habit"
    assert SHIPPED.checklist_of[name].own_rule


PRESCRIBED = (
    "home.floors-loose-rugs",
    "home.bath-no-grab-bars",
    "home.stairs-no-rails",
    "home.wear-feet-painful",
    "home.wear-eyes-no-check-2-years",
)
PRIORITY_3 = {
    "no full stair rail": "stairs-no-rails",
    "dark stairs": "stairs-dark",
    "a broken step": "stairs-broken-step",
    "a slippery tub or shower": "bath-slippery",
    "no grab bars there": "bath-no-grab-bars",
    "a dark way from bed to toilet": "bed-dark-way-to-toilet",
}


@pytest.mark.parametrize("fact", PRESCRIBED)
def test_the_ids_that_the_contract_prescribes_exist(fact) -> None:
    assert fact in SHIPPED.question_of


@pytest.mark.parametrize(("hazard", "link_id"), PRIORITY_3.items(), ids=PRIORITY_3)
def test_the_gravest_hazards_are_of_priority_3(hazard, link_id) -> None:
    assert SHIPPED.question_of[f"home.{link_id}"].priority == 3


def test_every_home_item_is_named_room_and_thing_and_has_a_priority() -> None:
    for question in SHIPPED.questions["home"]:
        assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)+", question.link_id)
        assert question.priority in (1, 2, 3)


# Contract 9: the warning signs, in order -------------------------------------------------------------------------------

NOW = [
    "numb-saddle-or-bladder",
    "new-leg-weakness",
    "hip-pain-cannot-stand",
    "head-hit-drowsy-or-vomiting",
    "chest-pain-or-breathless",
    "stroke-signs",
    "on-floor-cannot-get-up",
    "back-or-belly-pain-faint",
    "thoughts-of-self-harm",
]
TODAY = [
    "head-hit-on-blood-thinner",
    "neck-pain-after-fall",
    "blackout",
    "sudden-back-pain",
    "back-pain-fever",
    "back-pain-cancer",
    "new-confusion",
    "new-hip-groin-or-thigh-pain",
    "limb-injury",
]
SOON = [
    "spine-check",
    "height-loss",
    "falls-review",
    "long-lie",
    "steroid-bone-review",
    "bone-injection-late",
    "fracture-untreated",
]


def test_the_signs_stand_in_the_order_of_the_contract() -> None:
    found = [(sign.id, sign.urgency) for sign in SHIPPED.warning_signs.signs]
    expected = (("now", NOW), ("today", TODAY), ("soon", SOON))
    assert found == [(sign, urgency) for urgency, signs in expected for sign in signs]


def test_exactly_the_now_and_today_signs_can_be_ticked_in_four_groups() -> None:
    groups = {group.id for group in SHIPPED.warning_signs.groups}
    assert len(groups) == 4
    for sign in SHIPPED.warning_signs.signs:
        assert (sign.ask is not None) is (sign.ask_other is not None) is (sign.urgency != "soon")
        assert (sign.group in groups) is (sign.urgency != "soon")


def test_soon_means_within_7_to_30_days() -> None:
    days = {sign.id: sign.within_days for sign in SHIPPED.warning_signs.signs if sign.urgency == "soon"}
    assert all(7 <= each <= 30 for each in days.values())
    assert days["bone-injection-late"] == days["spine-check"] == 7
    milder = SHIPPED.sign_of["blackout"].from_answers.if_asked
    assert (milder.urgency, 7 <= milder.within_days <= 30) == ("soon", True)


def test_a_now_sign_rings_the_emergency_number_and_self_harm_the_crisis_line() -> None:
    for sign in NOW:
        number = "crisis" if sign == "thoughts-of-self-harm" else "emergency"
        assert SHIPPED.sign_of[sign].number == number
        assert f"{{{number}}}" in SHIPPED.sign_of[sign].do


def test_self_harm_is_someone_to_talk_to_on_paper_and_in_its_actions() -> None:
    sign = SHIPPED.sign_of["thoughts-of-self-harm"]
    assert sign.paper_says == "Someone to talk to"
    for called in sign.calls_for:
        action = SHIPPED.action_of[called]
        assert "{crisis}" in " ".join((action.title, *action.how))
        assert not re.search("harm|suicid|end your life", " ".join((action.title, *action.how, action.why)))


@pytest.mark.parametrize("sign", ["head-hit-on-blood-thinner", "neck-pain-after-fall"])
def test_a_head_or_neck_after_a_fall_goes_to_the_emergency_department(sign) -> None:
    assert "emergency department" in SHIPPED.sign_of[sign].do


def test_after_a_blackout_nobody_drives() -> None:
    sign = SHIPPED.sign_of["blackout"]
    assert "not drive" in sign.do
    assert "not drive" in sign.from_answers.if_asked.do


def test_today_without_a_doctor_means_the_emergency_department() -> None:
    for sign in TODAY:
        for called in SHIPPED.sign_of[sign].calls_for:
            action = SHIPPED.action_of[called]
            assert "emergency department" in " ".join((action.title, *action.how)), called


def test_emergency_and_crisis_numbers_come_from_the_region() -> None:
    numbers = {r.id: (r.emergency, r.crisis.number) for r in SHIPPED.regions.regions}
    assert numbers["us"] == ("911", "988")
    assert numbers["uk"][0] == "999"
    for place, text in definition_texts(SHIPPED):
        if place.startswith("regions."):
            continue
        assert not re.search(r"\b(911|999|988|111|116 123)\b", text), place


# Evidence 4.3, 5 and 9: every row has its item --------------------------------------------------------------------------

HOME_ROWS = {
    "must walk round furniture": "living-furniture-in-way",
    "loose or throw rugs": "floors-loose-rugs",
    "papers, shoes, boxes on the floor": "floors-clutter",
    "cords across the path": "floors-cords",
    "slippery, raised or torn surface": "floors-bad-surface",
    "raised threshold": "floors-raised-threshold",
    "objects on steps": "stairs-things-on-steps",
    "broken or uneven step": "stairs-broken-step",
    "no light at top and bottom": "stairs-dark",
    "switch at one end only": "stairs-one-switch",
    "loose or torn stair carpet": "stairs-loose-carpet",
    "rail loose, one side or too short": "stairs-no-rails",
    "step edges hard to see": "stairs-edges-hard-to-see",
    "daily items up high or very low": "kitchen-high-low-things",
    "unsteady stool, or stands on chair": "kitchen-stands-on-chair",
    "wet or greasy kitchen floor": "kitchen-wet-floor",
    "carries hot or heavy items far": "kitchen-carries-hot-heavy",
    "slippery tub or shower floor": "bath-slippery",
    "no grab bars": "bath-no-grab-bars",
    "no support at toilet, low seat": "bath-toilet-support",
    "stepping over the bath edge is hard": "bath-high-edge",
    "loose bath mat": "bath-loose-mat",
    "light out of reach from bed": "bed-light-out-of-reach",
    "dark path from bed to toilet": "bed-dark-way-to-toilet",
    "bed too high or low": "bed-too-high-or-low",
    "trailing covers": "bed-trailing-covers",
    "glasses, aid, phone out of reach": "bed-things-out-of-reach",
    "low or soft chair": "living-low-chair",
    "cracked or uneven path": "outside-uneven-path",
    "leaves, ice on the path": "outside-slippery-path",
    "outside steps without rail": "outside-steps-no-rail",
    "outside steps without edging": "outside-bad-steps",
    "dark door or path": "outside-dark-door",
    "ice and snow walks": "outside-ice-snow",
    "dim light or glare": "floors-poor-light",
    "pets underfoot": "pets-underfoot",
    "socks, barefoot, slippers, high heels": "wear-socks-or-slippers",
    "multifocals outdoors or on stairs": "wear-multifocals-outdoors",
    "cannot reach a phone from the floor": "after-phone-out-of-reach",
    "no plan to get up": "after-no-get-up-plan",
    "garage: oil, clutter": "garage-oily-or-cluttered",
    "carrying baskets down steps": "garage-baskets-on-steps",
    "painful feet": "wear-feet-painful",
    "eyes not checked": "wear-eyes-no-check-2-years",
}
POSTURE_ROWS = {
    "forward bending": "lift-round-back",
    "twisting": "lift-twisting",
    "back-extensor exercise": "day-no-back-exercise",
    "floor and overhead lifts": "lift-floor-or-overhead",
    "load far from the body": "lift-far-from-body",
    "seat height": "sit-seat-height",
    "arms and rising": "sit-hard-to-rise",
    "lumbar support": "sit-no-low-back-support",
    "screen": "screen-too-low",
    "standing work": "stand-long-one-task",
    "phone and reading": "screen-lap-reading",
    "car seat": "car-seat-and-wheel",
    "sit first, swing legs": "car-twisting-in",
    "sleep": "bed-sleep-position",
    "log-roll": "bed-twisting-up",
    "carrying": "carry-one-side",
    "cough and sneeze": "day-cough-unbraced",
    "stuck windows and blinds": "day-straining",
    "braces and gadgets": "day-brace-no-advice",
}
LOADS_SPINE = {
    "lift-round-back",
    "lift-twisting",
    "lift-floor-or-overhead",
    "lift-far-from-body",
    "bed-twisting-up",
    "day-straining",
    "day-cough-unbraced",
}
TIERS = {
    "book-strength-and-balance": 1,
    "ask-about-bone-injection": 2,
    "ask-about-untreated-fracture": 2,
    "ask-for-home-visit": 3,
    "ask-about-bone-density-test": 4,
    "ask-about-bone-treatment": 4,
    "ask-about-steroid-bone-review": 5,
    "ask-for-falls-check": 5,
    "check-blood-pressure-standing": 6,
    "ask-for-foot-care": 8,
    "start-strength-exercise": 8,
    "ask-for-eye-check": 9,
    "ask-about-glasses-for-outdoors": 10,
    "ask-for-medicine-review": 11,
    "get-help-to-quit-smoking": 11,
    "drink-less-alcohol": 11,
    "get-calcium-from-food": 12,
    "ask-about-vitamin-d": 12,
    "arrange-check-in-and-alarm": 14,
}
SINGLE_HAZARD = 7
"""The tier of a single hazard at home that was only tested within a package: after the visit that was."""


@pytest.mark.parametrize(("row", "link_id"), HOME_ROWS.items(), ids=HOME_ROWS)
def test_every_home_row_of_the_evidence_has_an_item(row, link_id) -> None:
    assert f"home.{link_id}" in SHIPPED.question_of


@pytest.mark.parametrize(("row", "link_id"), POSTURE_ROWS.items(), ids=POSTURE_ROWS)
def test_every_posture_row_of_the_evidence_has_an_item(row, link_id) -> None:
    assert f"posture.{link_id}" in SHIPPED.question_of


def test_bending_twisting_and_straining_load_the_spine() -> None:
    assert {q.link_id for q in SHIPPED.questions["posture"] if q.loads_spine} >= LOADS_SPINE


def test_wall_and_rib_checks_need_a_helper_and_are_no_items() -> None:
    rule = SHIPPED.checklist_of["posture"].rule_says
    assert all(word in rule for word in ("wall", "ribs", "helper", "clinician"))
    assert not any(re.search("wall|rib", q.link_id) for q in SHIPPED.questions["posture"])


@pytest.mark.parametrize(("action", "tier"), TIERS.items(), ids=TIERS)
def test_actions_stand_in_the_tier_of_the_evidence(action, tier) -> None:
    assert SHIPPED.action_of[action].evidence.tier == tier


def test_no_single_hazard_stands_above_the_home_visit() -> None:
    for action in SHIPPED.actions.actions:
        if action.kind == "home" and action.id != "ask-for-home-visit":
            assert action.evidence.tier >= SINGLE_HAZARD, action.id


def test_hip_protectors_are_not_for_people_at_home() -> None:
    assert not any("hip protector" in text.lower() for _, text in definition_texts(SHIPPED))


# Reviews, sources and steps -----------------------------------------------------------------------------------------------


def test_nothing_claims_to_be_reviewed_before_a_clinician_has_done_so() -> None:
    parts = (SHIPPED.about, SHIPPED.warning_signs, *SHIPPED.checklists, SHIPPED.actions, SHIPPED.sources)
    for part in (*parts, SHIPPED.guides, SHIPPED.regions, SHIPPED.safety):
        assert part.review.status == "draft", part.id
        assert part.version


@pytest.mark.parametrize("action", SHIPPED.actions.actions, ids=lambda action: action.id)
def test_every_action_has_a_source_and_one_to_three_steps(action: Action) -> None:
    assert action.source
    assert 1 <= len(action.how) <= 3
    for instead in action.instead_when:
        assert 1 <= len(instead.how) <= 3


@pytest.mark.parametrize("fact", SHIPPED.question_of)
def test_every_question_has_its_wording_for_a_helper_its_why_and_a_source(fact: str) -> None:
    question = SHIPPED.question_of[fact]
    assert question.source
    assert question.why
    if re.search(r"\b(you|your)\b", question.ask, re.I):
        assert question.ask_other != question.ask
    assert not re.search(r"\b(you|your)\b", question.ask_other, re.I), question.ask_other


# The examples inside the definitions --------------------------------------------------------------------------------------

EXAMPLES = [(c.id, example) for c in SHIPPED.checklists for example in c.examples]


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=[f"{n}: {e.name}" for n, e in EXAMPLES])
def test_an_example_has_the_score_and_level_that_it_promises(judged, name, example) -> None:
    walks = {"cannot-walk": "no"} if name == "falls" and "all-others" in example.answers else {}
    record = {
        "answers": {"about": walks | example.about, name: answers_of(name, example.answers)},
        "measures": example.measures,
    }
    found = judged(record)["checklists"][name]
    assert found["could_be"] == list(example.could_be)
    if example.score is not None:
        low, high = (example.score, example.score) if isinstance(example.score, int) else example.score
        assert (found["score"]["low"], found["score"]["high"]) == (low, high)


def answers_of(name: str, given: dict[str, Any]) -> dict[str, Any]:
    """`all-others: "no"` stands for every question of yes and no that is not named (and for no bone medicine).

    In the falls list about.cannot-walk is one of them.
    """
    answers = {key: value for key, value in given.items() if key != "all-others"}
    if "all-others" in given:
        assert given["all-others"] == "no"
        others = {q.link_id: "no" for q in SHIPPED.questions[name] if q.answers in ("yes-no", "hazard")}
        others |= {"bone-medicine": "none"} if name == "bone" else {}
        answers = others | answers
    return answers


PLANS = SHIPPED.actions.examples


@pytest.mark.parametrize("example", PLANS, ids=[each.name for each in PLANS])
def test_a_made_up_person_begins_with_what_the_example_promises(judged, example) -> None:
    found = judged(
        {
            "warning-signs": list(example.signs),
            "answers": {"about": example.about, **example.answers},
            "measures": example.measures,
        }
    )["plan"]
    assert found["first"] == list(example.first)
    order = [each["id"] for each in found["actions"]]
    for above, below in example.before:
        assert order.index(above) < order.index(below), (above, below)
    assert not set(example.without) & set(order)


def test_ten_made_up_people_at_least_say_how_a_plan_begins() -> None:
    assert len(PLANS) >= 10


# The words of single texts (the laws over every text stand in test_words.py) -----------------------------------------------


@pytest.mark.parametrize(
    "action",
    [a for a in SHIPPED.actions.actions if re.search(r"medicine|steroid|injection|your-brace", a.id)],
    ids=lambda a: a.id,
)
def test_an_action_about_a_medicine_or_brace_says_to_ask_before_any_change(action: Action) -> None:
    for words in (action, *action.instead_when):
        assert "sk your doctor or pharmacist before you change anything" in " ".join((*words.how, words.why))


LOW = [level for checklist in SHIPPED.checklists for level in checklist.levels if level.level == "low"]


@pytest.mark.parametrize("level", LOW, ids=[checklist.id for checklist in SHIPPED.checklists])
def test_lower_never_says_safe_or_no_risk(level: Level) -> None:
    assert not re.search(
        r"\b(safe|safely|no risk|fine|all clear|nothing to worry|good news|healthy)\b", level.says, re.I
    )


def test_calcium_and_vitamin_d_are_food_first_and_ask_before_supplements() -> None:
    for action in ("get-calcium-from-food", "ask-about-vitamin-d"):
        words = " ".join(
            (SHIPPED.action_of[action].title, *SHIPPED.action_of[action].how, SHIPPED.action_of[action].why)
        )
        assert re.search(r"\bfood", words, re.I), action
        assert re.search(
            r"\bask\b[^.]*\bbefore\b[^.]*\bsupplement|\bbefore\b[^.]*\bsupplement[^.]*\bask\b", words, re.I
        ), action


def test_home_and_posture_say_that_the_level_is_this_projects_own_rule() -> None:
    for name in ("home", "posture"):
        rule = SHIPPED.checklist_of[name].rule_says
        assert re.search("own rule|rule made for this project", rule)
        assert re.search("no (validated|tested)", rule, re.I)


def test_the_falls_list_says_in_whom_it_was_tested() -> None:
    assert "65 and over" in SHIPPED.checklist_of["falls"].rule_says


def test_known_osteoporosis_or_a_fresh_fracture_means_other_words_for_exercise() -> None:
    for action in SHIPPED.actions.actions:
        if action.kind == "exercise":
            assert action.instead_when, action.id
            for instead in action.instead_when:
                words = " ".join((instead.title, *instead.how)).lower()
                assert "doctor" in words, action.id
