"""One plan from all checklists: merged, ranked, limited, held back while exercise must wait, in words that fit."""

from datetime import date, timedelta
from typing import Any

import pytest

from checklists import Assessment, Definitions, assess
from checklists.files.actions import Ranking
from reports.plan.build import ActionPlan, PlannedAction, build_plan

Json = dict[str, Any]
TODAY = date(2026, 11, 22)
ASK = "ask-when-safe-to-exercise"
FELL = {"fell-past-year": "yes"}


@pytest.fixture(scope="session")
def plan(definitions: Definitions, assessed):
    """A record → its plan."""

    def make(record: Json) -> ActionPlan:
        assessment: Assessment = assessed(record)
        return build_plan(definitions, assessment, today=TODAY)

    return make


def ids(actions: tuple[PlannedAction, ...]) -> list[str]:
    return [action.id for action in actions]


def find(plan: ActionPlan, action: str) -> PlannedAction | None:
    return next((each for each in plan.actions if each.id == action), None)


def facts(action: PlannedAction) -> set[str]:
    return {because.fact for because in action.because}


# Merging ------------------------------------------------------------------------------------------------------------------


def test_one_action_gathers_every_answer_that_calls_for_it(plan) -> None:
    falls = FELL | {"unsteady-walking": "yes", "holds-furniture": "yes", "numb-feet": "no"}
    found = find(plan({"warning-signs": [], "answers": {"falls": falls}}), "book-strength-and-balance")
    assert facts(found) == {"falls.fell-past-year", "falls.unsteady-walking", "falls.holds-furniture"}


def test_one_action_gathers_the_answers_of_several_lists(plan) -> None:
    about = {"five-or-more-medicines": "yes"}
    record = {"answers": {"about": about, "falls": {"medicine-sleep-mood": "yes"}}}
    found = find(plan(record), "ask-for-medicine-review")
    assert facts(found) == {"about.five-or-more-medicines", "falls.medicine-sleep-mood"}


@pytest.mark.parametrize("late", [None, "no", "unsure"])
def test_what_is_said_of_a_question_that_does_not_apply_changes_nothing(plan, late) -> None:
    """Who never took the six-month shot may tick Not sure at the one about a late shot, or leave it out."""
    bone = {"bone-medicine": "tablet-or-drip", "had-dexa": "no"} | ({"bone-injection-late": late} if late else {})
    found = find(
        plan({"warning-signs": [], "answers": {"about": {"age": 70}, "bone": bone}}), "ask-about-bone-medicine-plan"
    )
    assert found is not None


def test_the_earliest_day_is_kept_when_a_warning_calls_too(plan, definitions) -> None:
    """A long lie makes a warning of 14 days, which calls for a plan that alone has 30."""
    assert definitions.action_of["make-get-up-plan"].within_days == 30
    record = {"warning-signs": [], "answers": {"falls": FELL | {"fall-long-lie": "yes"}}}
    found = find(plan(record), "make-get-up-plan")
    assert (found.within_days, found.due, found.of_warning) == (14, TODAY + timedelta(days=14), True)


def test_the_earliest_day_of_several_warnings_is_kept(definitions, assessed) -> None:
    """No two shipped warnings of different days share an action yet, so two are made to."""
    action, sharing = "ask-about-untreated-fracture", ("long-lie", "bone-injection-late", "steroid-bone-review")
    signs = tuple(
        sign.model_copy(update={"calls_for": (action,)}) if sign.id in sharing else sign
        for sign in definitions.warning_signs.signs
    )
    shared = definitions.model_copy(
        update={"warning_signs": definitions.warning_signs.model_copy(update={"signs": signs})}
    )
    bone = {"bone-medicine": "stopped", "bone-injection-late": "yes", "steroids-3-months": "yes"}
    person = assessed({"warning-signs": [], "answers": {"falls": FELL | {"fall-long-lie": "yes"}, "bone": bone}}).person
    found = find(build_plan(shared, assess(shared, person), today=TODAY), action)
    assert (found.within_days, found.due) == (7, TODAY + timedelta(days=7))
    assert facts(found) == {"falls.fall-long-lie", "bone.bone-injection-late", "bone.steroids-3-months"}


def test_a_day_is_due_only_where_today_is_known(definitions, assessed) -> None:
    assessment = assessed({"answers": {"falls": FELL}})
    assert all(each.due is None for each in build_plan(definitions, assessment, today=None).actions)
    for each in build_plan(definitions, assessment, today=TODAY).actions:
        assert each.due == TODAY + timedelta(days=each.within_days)


def test_a_hazard_calls_for_its_fix_and_no_hazard_for_nothing(plan, definitions) -> None:
    for name in ("home", "posture"):
        for question in definitions.questions[name]:
            record = {"warning-signs": [], "answers": {name: {question.link_id: "yes"}}}
            assert set(question.calls_for["yes"]) <= set(ids(plan(record).actions)), question.link_id
            record = {"warning-signs": [], "answers": {name: {question.link_id: "no"}}}
            assert plan(record).actions == ()
            record = {"warning-signs": [], "answers": {name: {question.link_id: "unsure"}}}
            assert ids(plan(record).actions) == list(definitions.checklist_of[name].unsure_calls_for)


def test_habits_for_bones_call_on_no(plan) -> None:
    habits = ("calcium-daily", "vitamin-d-daily", "weight-bearing-exercise", "strength-exercise")
    called = [ids(plan({"warning-signs": [], "answers": {"bone": {habit: "no"}}}).actions) for habit in habits]
    assert [len(each) for each in called] == [1, 1, 1, 1]
    assert plan({"warning-signs": [], "answers": {"bone": dict.fromkeys(habits, "yes")}}).actions == ()


def test_a_follow_up_put_aside_calls_for_nothing(plan) -> None:
    falls = {"fell-past-year": "no", "fall-blackout": "unsure", "fell-twice": "no"}
    assert plan({"warning-signs": [], "answers": {"falls": falls}}).actions == ()


def test_living_alone_with_a_raised_risk_calls_for_an_alarm(plan) -> None:
    falls = {"answers": {"about": {"lives-alone": "yes"}, "falls": FELL}}
    assert "arrange-check-in-and-alarm" in ids(plan(falls).actions)
    falls["answers"]["about"] = {"lives-alone": "no"}
    assert "arrange-check-in-and-alarm" not in ids(plan(falls).actions)


# Ranking ------------------------------------------------------------------------------------------------------------------


def test_the_ranking_stands_in_the_definitions(definitions) -> None:
    ranking: Ranking = definitions.actions.ranking
    assert ranking.order == ("tier", "priority", "cost", "id")
    assert (ranking.first, ranking.shown) == (3, 10)
    assert set(ranking.at_most_one_first) == {"exercise", "home", "medical"}
    assert ranking.says


def test_the_tier_comes_first_then_the_hazards_priority_then_the_cost_then_the_id(plan) -> None:
    hazards = ("stairs-broken-step", "bath-slippery", "floors-loose-rugs", "floors-clutter", "kitchen-wet-floor")
    record = {"warning-signs": [], "answers": {"home": dict.fromkeys(hazards, "yes")}}
    assert ids(plan(record).actions) == [
        "add-grip-in-the-tub",  # tier 3, priority 3, low cost
        "repair-stair-steps",  # tier 3, priority 3, high cost
        "clear-floors",  # tier 3, priority 2, free
        "secure-rugs",  # the same, later in the alphabet
        "keep-kitchen-floor-dry",  # tier 15
    ]


def everything(definitions: Definitions, *, without: tuple[str, ...] = ()) -> Json:
    answers: Json = {
        name: {q.link_id: "yes" for q in definitions.questions[name]} for name in ("falls", "home", "posture")
    }
    answers["falls"] |= dict.fromkeys(("fell-twice", "fall-injury", "fall-long-lie", "fall-blackout"), "no")
    answers["bone"] = {"smokes": "yes", "calcium-daily": "no", "strength-exercise": "no"}
    answers["about"] = {"age": 72, "sex": "female", "five-or-more-medicines": "yes", "hospital-past-3-months": "no"}
    for name in without:
        del answers[name]
    return {"warning-signs": [], "answers": answers}


def test_the_three_first_are_one_exercise_one_home_and_one_medical(plan, definitions) -> None:
    first = plan(everything(definitions)).first
    assert ids(first) == ["book-strength-and-balance", "ask-for-medicine-review", "ask-for-home-visit"]
    assert [each.action.kind for each in first] == ["exercise", "medical", "home"]


def test_more_than_one_of_a_kind_comes_first_only_where_nothing_else_exists(plan) -> None:
    hazards = ("stairs-broken-step", "bath-slippery", "floors-loose-rugs", "floors-clutter")
    record = {"warning-signs": [], "answers": {"home": dict.fromkeys(hazards, "yes")}}
    assert ids(plan(record).first) == ["add-grip-in-the-tub", "repair-stair-steps", "clear-floors"]
    record["answers"]["posture"] = {"day-long-sitting": "yes"}
    assert ids(plan(record).first) == ["add-grip-in-the-tub", "repair-stair-steps", "break-up-long-sitting"]


def test_the_first_ones_keep_the_order_of_the_plan(plan, definitions) -> None:
    for lists in ((), ("falls",), ("home",), ("falls", "home")):
        found = plan(everything(definitions, without=lists))
        order = ids(found.actions)
        assert [order.index(each) for each in ids(found.first)] == sorted(order.index(e) for e in ids(found.first))


def test_ten_actions_are_shown_and_the_others_wait_under_later(plan, definitions) -> None:
    found = plan(everything(definitions))
    assert len(found.first) + len(found.next) == 10
    assert set(ids(found.first + found.next + found.later)) == set(ids(found.actions))
    assert len(found.first + found.next + found.later) == len(found.actions)
    assert found.of_warnings == ()


def test_a_person_with_nothing_to_do_has_an_empty_plan(plan) -> None:
    found = plan({"warning-signs": []})
    assert (found.actions, found.first, found.next, found.later) == ((), (), (), ())


# Warnings ------------------------------------------------------------------------------------------------------------------


def test_the_actions_of_warnings_lead_and_stand_outside_the_three(plan, definitions) -> None:
    record = everything(definitions) | {"warning-signs": ["neck-pain-after-fall", "sudden-back-pain"]}
    found = plan(record)
    leading = ids(found.of_warnings)
    assert set(leading) == {"go-to-emergency-department-today", "be-seen-today"}
    assert ids(found.actions)[: len(leading)] == leading
    assert not set(leading) & set(ids(found.first))
    assert len(found.first) == 3
    assert [each.within_days for each in found.of_warnings] == [0, 0]


def test_a_soon_warning_leads_too(plan) -> None:
    found = plan({"warning-signs": [], "answers": {"falls": FELL | {"fell-twice": "yes"}}})
    assert ids(found.of_warnings) == ["ask-for-falls-check"]
    assert ids(found.actions)[0] == "ask-for-falls-check"
    assert "ask-for-falls-check" not in ids(found.first)


def test_a_sign_is_the_reason_of_its_action(plan) -> None:
    found = plan({"warning-signs": ["sudden-back-pain", "blackout"]})
    assert facts(find(found, "be-seen-today")) == {"warning-signs.sudden-back-pain", "warning-signs.blackout"}


def test_a_blackout_that_was_not_ticked_calls_for_the_milder_action(plan) -> None:
    falls = {"falls": FELL | {"fall-blackout": "yes"}}
    asked, not_asked = plan({"warning-signs": [], "answers": falls}), plan({"answers": falls})
    assert "ask-about-blackout" in ids(asked.of_warnings)
    assert "be-seen-today" not in ids(asked.actions)
    assert "be-seen-today" in ids(not_asked.of_warnings)
    assert find(asked, "ask-about-blackout").within_days == 7


# Hold ----------------------------------------------------------------------------------------------------------------------

HOLDS = [
    ("fresh fracture", [], {"spine-fracture-now": "yes"}, {"about.spine-fracture-now"}),
    ("perhaps a fresh fracture", [], {"spine-fracture-now": "unsure"}, {"about.spine-fracture-now"}),
    ("hospital", [], {"hospital-past-3-months": "yes"}, {"about.hospital-past-3-months"}),
    ("perhaps hospital", [], {"hospital-past-3-months": "unsure"}, {"about.hospital-past-3-months"}),
    ("a today sign", ["sudden-back-pain"], {}, {"warning-signs.sudden-back-pain"}),
    (
        "a sign and hospital",
        ["sudden-back-pain"],
        {"hospital-past-3-months": "yes"},
        {"warning-signs.sudden-back-pain", "about.hospital-past-3-months"},
    ),
]


@pytest.mark.parametrize(("case", "signs", "about", "reasons"), HOLDS, ids=[each[0] for each in HOLDS])
def test_while_a_hold_stands_asking_when_it_is_safe_takes_the_place_of_exercise(
    plan, case, signs, about, reasons
) -> None:
    found = plan({"warning-signs": signs, "answers": {"about": about, "falls": FELL}})
    assert ASK in ids(found.first)
    assert not any(each.action.effort == "move" for each in found.first)
    assert facts(find(found, ASK)) == reasons
    assert "book-strength-and-balance" in ids(found.actions)
    assert ids(found.actions).index(ASK) < ids(found.actions).index("book-strength-and-balance")


@pytest.mark.parametrize("about", [{}, {"spine-fracture-now": "yes"}])
def test_while_a_sign_needs_help_now_nothing_is_first_and_only_the_warning_is_told(plan, about) -> None:
    found = plan({"warning-signs": ["stroke-signs"], "answers": {"about": about, "falls": FELL}})
    assert (found.first, found.next, found.later) == ((), (), ())
    assert found.all_actions == found.of_warnings
    assert ids(found.all_actions) == ["call-emergency-now"]
    assert "book-strength-and-balance" in ids(found.actions), "the record for a clinic keeps it"


NO_HOLDS = [
    ("nothing", [], {}, FELL),
    ("no", [], {"spine-fracture-now": "no", "hospital-past-3-months": "no"}, FELL),
    ("unanswered", None, {}, FELL),
    ("known osteoporosis", [], {"known-osteoporosis": "yes"}, FELL),
    ("only a soon warning", [], {}, FELL | {"fell-twice": "yes"}),
    ("a blackout long ago", [], {}, FELL | {"fall-blackout": "yes"}),
]


@pytest.mark.parametrize(("case", "signs", "about", "falls"), NO_HOLDS, ids=[each[0] for each in NO_HOLDS])
def test_without_a_hold_exercise_comes_first(plan, case, signs, about, falls) -> None:
    found = plan({"warning-signs": signs, "answers": {"about": about, "falls": falls}})
    assert ids(found.first)[0] == "book-strength-and-balance"
    assert ASK not in ids(found.actions)


def test_a_blackout_among_the_answers_holds_where_signs_were_never_asked(plan) -> None:
    found = plan({"answers": {"falls": FELL | {"fall-blackout": "yes"}}})
    assert ASK in ids(found.first)
    assert facts(find(found, ASK)) == {"falls.fall-blackout"}


def test_asking_takes_the_place_of_exercise_also_beside_another_talk_with_the_doctor(plan) -> None:
    """Without the hold the three are the rugs, walking and the review; with it, asking stands where walking stood."""
    answers: Json = {
        "about": {"five-or-more-medicines": "yes", "hospital-past-3-months": "no"},
        "home": {"floors-loose-rugs": "yes"},
        "bone": {"weight-bearing-exercise": "no"},
        "posture": {"sit-no-low-back-support": "yes"},
    }
    free = plan({"warning-signs": [], "answers": answers})
    assert ids(free.first) == ["secure-rugs", "start-weight-bearing-exercise", "ask-for-medicine-review"]
    answers["about"]["hospital-past-3-months"] = "yes"
    held = plan({"warning-signs": [], "answers": answers})
    assert ids(held.first) == ["ask-for-home-visit", ASK, "ask-for-medicine-review"]


def test_asking_is_among_the_first_also_where_three_others_rank_before_it(plan) -> None:
    answers: Json = {
        "about": {"hospital-past-3-months": "yes"},
        "bone": {"strength-exercise": "no"},
        "posture": {"lift-twisting": "yes", "lift-floor-or-overhead": "yes"},
    }
    assert ASK in ids(plan({"warning-signs": [], "answers": answers}).first)


def test_nothing_to_hold_back_needs_no_asking(plan) -> None:
    record = {"warning-signs": [], "answers": {"about": {"spine-fracture-now": "no", "hospital-past-3-months": "yes"}}}
    record["answers"]["home"] = {"floors-loose-rugs": "yes"}
    assert ids(plan(record).actions) == ["ask-for-home-visit", "secure-rugs"]


# Other words ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("about", "says"),
    [
        ({"spine-fracture-now": "yes"}, "doctor has cleared"),
        ({"spine-fracture-now": "unsure"}, "doctor has cleared"),
        ({"known-osteoporosis": "yes"}, "clear you first"),
        ({"known-osteoporosis": "unsure"}, "clear you first"),
        ({"known-osteoporosis": "yes", "spine-fracture-now": "yes"}, "doctor has cleared"),
    ],
)
def test_a_weak_spine_has_other_words_for_exercise(plan, definitions, about, says) -> None:
    usual = definitions.action_of["book-strength-and-balance"]
    found = find(plan({"answers": {"about": about, "falls": FELL}}), "book-strength-and-balance")
    words = " ".join(found.how)
    assert found.title != usual.title
    assert says in words
    assert "do not twist" in words.lower()
    assert "high-impact" in words


@pytest.mark.parametrize("about", [{}, {"known-osteoporosis": "no", "spine-fracture-now": "no"}])
def test_everybody_else_has_the_usual_words(plan, definitions, about) -> None:
    usual = definitions.action_of["book-strength-and-balance"]
    found = find(plan({"answers": {"about": about, "falls": FELL}}), "book-strength-and-balance")
    assert (found.title, found.how, found.why) == (usual.title, usual.how, usual.why)


def test_a_bone_density_test_is_asked_for_only_when_it_is_due(plan) -> None:
    due = {"about": {"age": 65, "sex": "female"}, "bone": {"had-dexa": "no"}}
    assert "ask-about-bone-density-test" in ids(plan({"answers": due}).actions)
    due["about"]["age"] = 64
    assert "ask-about-bone-density-test" not in ids(plan({"answers": due}).actions)


LIGHT = "ask-about-low-weight"


@pytest.mark.parametrize(
    ("kilograms", "centimeters", "not_thin"),
    [
        (57.2, 142, True),  # a BMI of 28
        (56.3, 150, True),  # 25.02
        (56.2, 150, False),  # 24.98
        (49.9, 158, False),
        (57.2, None, False),  # without a height nobody knows
    ],
)
def test_a_low_number_of_kilograms_is_no_low_weight_in_a_short_person(
    plan, definitions, kilograms, centimeters, not_thin
) -> None:
    bone: Json = {"weight-kg": kilograms} | ({"height-cm": centimeters} if centimeters else {})
    found = plan({"answers": {"about": {"age": 80, "sex": "female"}, "bone": bone}})
    asking = find(found, LIGHT)
    assert (asking.title != definitions.action_of[LIGHT].title) == not_thin
    assert (LIGHT in ids(found.first)) != not_thin
    if not_thin:
        assert "too low" not in " ".join((asking.title, *asking.how, asking.why))


def test_also_where_it_is_all_there_is_a_short_persons_weight_is_never_first(plan) -> None:
    bone = {"weight-kg": 57.2, "height-cm": 142, "had-dexa": "yes", "dexa-past-2-years": "yes", "dexa-result": "normal"}
    found = plan({"answers": {"about": {"age": 80, "sex": "female"}, "bone": bone}})
    assert LIGHT in ids(found.actions)
    assert LIGHT not in ids(found.first)
