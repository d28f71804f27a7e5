"""What holds for every record that hypothesis can think of. In CI (where CI is set) it takes the same ones each time."""

import json
from decimal import Decimal
from functools import cache
from io import BytesIO
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from checklists import Assessment, PersonError, assess, read_person
from checklists.files.model import Question
from checklists.people.records import read_records
from reports.exports.result import result
from reports.plan.build import build_plan
from reports.plan.explaining import explain
from tests.shipped import SHIPPED

Json = dict[str, Any]
CHECKLISTS = ("falls", "bone", "home", "posture")
TICKED = [sign.id for sign in SHIPPED.warning_signs.signs if sign.ask]
law = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)

# Records --------------------------------------------------------------------------------------------------------------

NUMBERS = {
    "about.age": st.integers(18, 120) | st.sampled_from([44, 45, 49, 50, 64, 65, 69, 70, 74, 75]),
    "bone.weight-kg": st.integers(250, 3000).map(lambda n: n / 10) | st.sampled_from([57.5, 57.6, 60, 70]),
    "bone.height-cm": st.integers(1400, 2000).map(lambda n: n / 10),
    "bone.tallest-height-cm": st.integers(1400, 2000).map(lambda n: n / 10),
}
seconds = st.integers(10, 300).map(lambda n: n / 10) | st.sampled_from([11.9, 12, 15, 15.1, "unable"])
pair = st.tuples(st.integers(100, 200), st.integers(40, 99)).map(list)
MEASURES = st.fixed_dictionaries(
    {},
    optional={
        "tug-seconds": seconds,
        "tandem-seconds": st.sampled_from([0, 9.9, 10, "unable"]),
        "gait-speed-m-s": st.sampled_from([0.4, 0.8, 0.81, 1.4, "unable"]),
        "chair-stands": st.integers(0, 20) | st.just("unable"),
        "chair-used-arms": st.sampled_from(["yes", "no"]),
        "frailty": st.sampled_from(["yes", "no"]),
        "bp": st.fixed_dictionaries({"lying": pair, "min1": pair}, optional={"min3": pair, "dizzy": st.just("yes")}),
    },
)


def answer(fact: str, question: Question) -> st.SearchStrategy[Any]:
    return NUMBERS[fact] if fact in NUMBERS else st.sampled_from(question.allowed)


@cache  # to build and to check a strategy takes longer than to draw from it
def answers(name: str) -> st.SearchStrategy[Json]:
    """Any answers to a list; most of the time most are given, since whole records are where rules meet."""
    asked = {question.link_id: answer(fact, question) for fact, question in SHIPPED.asked[name]}
    some = st.fixed_dictionaries({}, optional=asked)
    mostly = st.fixed_dictionaries({key: each | st.none() for key, each in asked.items()})
    return some | mostly


@cache
def other_lists(lists: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from([each for each in CHECKLISTS if each not in lists]), unique=True)


SIGNS = st.none() | st.just([]) | st.lists(st.sampled_from(TICKED), max_size=2)


@st.composite
def records(draw: st.DrawFn, *, lists: tuple[str, ...] = ()) -> Json:
    """A whole record that the contract allows; contradictions are taken out of it."""
    taken = [*lists, *draw(other_lists(lists))]
    given = {name: draw(answers(name)) for name in sorted({"about", *taken})}
    signs = draw(SIGNS)
    record: Json = {"answers": given, "measures": draw(MEASURES), "today": "2026-11-22"}
    if signs is not None or not taken:
        record["warning-signs"] = signs or []
    return settled(record)


def settled(record: Json) -> Json:
    """The record with the answers that cannot stand together put right."""
    bone = record["answers"].get("bone", {})
    if bone.get("height-cm") and bone.get("tallest-height-cm"):
        bone["tallest-height-cm"] = max(bone["tallest-height-cm"], bone["height-cm"])
    try:
        person_of(record)
    except PersonError as error:
        for fault in error.faults:
            name, link_id = fault.split(":")[0].removeprefix("answers.").split(".")
            del record["answers"][name][link_id]
    return record


def person_of(record: Json) -> Any:
    return read_person(SHIPPED, json.loads(json.dumps(record), parse_float=Decimal))


def assessed(record: Json) -> Assessment:
    return assess(SHIPPED, person_of(record))


def planned(assessment: Assessment) -> Any:
    return build_plan(SHIPPED, assessment, today=assessment.person.today)


PARENTS = {"about.cannot-walk", "falls.fell-past-year", "about.sex", "about.age", "bone.bone-medicine", "bone.had-dexa"}


def answer_of(record: Json, fact: str) -> Any:
    name, link_id = fact.split(".")
    return record["answers"].get(name, {}).get(link_id)


def with_answer(record: Json, fact: str, value: Any) -> Json:
    changed: Json = json.loads(json.dumps(record))
    name, link_id = fact.split(".")
    changed["answers"][name][link_id] = value
    return changed


def openings(record: Json) -> list[str]:
    """Every question of the lists taken that is not known yet and is no other question's condition."""
    return [
        fact
        for name in record["answers"]
        for fact, _ in SHIPPED.asked[name]
        if fact not in PARENTS and answer_of(record, fact) in (None, "unsure")
    ]


def answered(data: st.DataObject, record: Json) -> tuple[str, Json]:
    """The record with one more question answered, where that makes no contradiction."""
    unknown = openings(record)
    assume(unknown)
    fact = data.draw(st.sampled_from(unknown))
    known = answer(fact, SHIPPED.question_of[fact]).filter(lambda each: each != "unsure")
    changed = with_answer(record, fact, data.draw(known))
    try:
        person_of(changed)
    except PersonError:
        assume(False)
    return fact, changed


# Laws --------------------------------------------------------------------------------------------------------------------


@law
@given(records(), st.data())
def test_answering_a_question_never_widens_what_could_be(record: Json, data: st.DataObject) -> None:
    before = assessed(record)
    fact, changed = answered(data, record)
    # a yes that only a woman, a faller or a tested person gives also settles that condition: it only narrows
    after = assessed(changed)
    assert set(after.overall) <= set(before.overall), fact
    for old, new in zip(before.checklists, after.checklists, strict=True):
        assert set(new.could_be) <= set(old.could_be), (fact, old.id)
        if old.score is not None and old.id != "home":
            assert old.score.low <= new.score.low <= new.score.high <= old.score.high


@law
@given(records(), st.data())
def test_answering_more_never_loses_a_warning(record: Json, data: st.DataObject) -> None:
    before = {(warning.id, warning.urgency) for warning in assessed(record).warnings}
    fact, changed = answered(data, record)
    if fact == "about.spine-fracture-now":  # being sure about it is what the warning asks for
        before -= {("spine-check", "soon")}
    assert before <= {(warning.id, warning.urgency) for warning in assessed(changed).warnings}


@law
@given(records(), st.sampled_from(TICKED))
def test_every_ticked_sign_is_a_warning_of_its_own_urgency(record: Json, sign: str) -> None:
    record["warning-signs"] = [*record.get("warning-signs", []), sign]
    found = assessed(record)
    assert set(record["warning-signs"]) <= {warning.id for warning in found.warnings}
    assert SHIPPED.sign_of[sign].urgency == next(w.urgency for w in found.warnings if w.id == sign)
    assert found.overall == ("high",)


HAZARDS = [fact for name in ("home", "posture") for fact, _ in SHIPPED.asked[name]]
RANK = {"low": 0, "moderate": 1, "high": 2}


@law
@given(records(lists=("home", "posture")), st.sampled_from(HAZARDS))
def test_a_hazard_that_turns_from_no_to_yes_never_lowers_a_level(record: Json, fact: str) -> None:
    without, found = (assessed(with_answer(record, fact, each)) for each in ("no", "yes"))
    for old, new in zip(without.checklists, found.checklists, strict=True):
        assert RANK[old.could_be[0]] <= RANK[new.could_be[0]], (fact, old.id)
        assert RANK[old.could_be[-1]] <= RANK[new.could_be[-1]], (fact, old.id)
    assert found.overall == without.overall


@law
@given(records())
def test_the_plan_names_each_action_once_and_each_with_its_because(record: Json) -> None:
    assessment = assessed(record)
    plan = planned(assessment)
    ids = [action.id for action in plan.actions]
    assert len(ids) == len(set(ids))
    assert all(action.because and action.action.source for action in plan.actions)
    assert set(plan.first) <= set(plan.actions)
    assert len(plan.first) <= 3
    assert not any(action.of_warning for action in plan.first)
    for warning in assessment.warnings:
        assert set(warning.form.calls_for) <= set(ids)


@law
@given(records())
def test_every_reason_was_answered_ticked_or_measured(record: Json) -> None:
    assessment = assessed(record)
    reasons = [b for each in assessment.checklists for b in each.because]
    reasons += [b for action in planned(assessment).actions for b in action.because]
    for because in reasons:
        if because.checklist == "measures":
            assert because.link_id in record["measures"]
        elif because.checklist == "warning-signs":
            assert because.link_id in record["warning-signs"]
        elif because.fact not in PARENTS - {"about.age", "about.sex"}:  # a follow-up may tell of its condition
            female = any(
                answer_of(record, f"bone.{link_id}") == "yes"
                for link_id in ("postmenopausal", "menopause-before-45", "on-estrogen")
            )
            assert answer_of(record, because.fact) is not None or (because.fact == "about.sex" and female)


@law
@given(records())
def test_the_result_is_what_the_contract_draws(record: Json) -> None:
    assessment = assessed(record)
    found = result(assessment, planned(assessment))
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert list(found) == ["overall", "warnings", "checklists", "tools", "plan"]
    for name, each in found["checklists"].items():
        assert each["could_be"] == [level for level in RANK if level in each["could_be"]] != []
        assert each["risk_level"] == (each["could_be"][0] if len(each["could_be"]) == 1 else None)
        assert (each["score"] is None) is (name == "bone")
        if each["score"]:
            assert each["score"]["low"] == sum(because["score"] for because in each["because"])
            assert 0 <= each["score"]["low"] <= each["score"]["high"] <= each["score"]["of"]
        keys = [(because["checklist"], because["link_id"]) for because in each["because"]]
        assert len(keys) == len(set(keys))
        assert len(each["missing"]) == len(set(each["missing"]))
    urgencies = [("now", "today", "soon").index(warning["urgency"]) for warning in found["warnings"]]
    assert urgencies == sorted(urgencies)


@law
@given(records())
def test_nothing_unanswered_counts_as_an_answer(record: Json) -> None:
    """A record says the same with its nulls left out, and with unsure in place of every answer left open."""
    bare = json.loads(json.dumps(record))
    open_as_unsure = json.loads(json.dumps(record))
    for name, given_answers in record["answers"].items():
        bare["answers"][name] = {key: value for key, value in given_answers.items() if value is not None}
        for fact, question in SHIPPED.asked[name]:
            if answer_of(record, fact) is None and "unsure" in question.allowed:
                open_as_unsure["answers"][name][question.link_id] = "unsure"
    first = assessed(record)
    for other in (assessed(bare), assessed(open_as_unsure)):
        assert [(e.id, e.could_be, e.score, e.missing) for e in other.checklists] == [
            (e.id, e.could_be, e.score, e.missing) for e in first.checklists
        ]
        assert (other.overall, other.tools) == (first.overall, first.tools)


@settings(law, max_examples=60)
@given(records())
def test_explain_agrees_with_assessing_again(record: Json) -> None:
    assessment = assessed(record)
    for found in assessment.checklists:
        explanation = explain(SHIPPED, assessment, found)
        for change in explanation.changes:
            assert change.because.checklist == found.id
            changed = with_answer(record, change.because.fact, "no")
            for follow_up in SHIPPED.questions[found.id]:
                condition = follow_up.enable_when
                if condition and condition.is_ and condition.is_[0] == change.because.link_id:
                    changed["answers"][found.id].pop(follow_up.link_id, None)
            again = checklist(changed, found.id)
            assert (again.could_be, again.score) == (change.could_be, change.score)
        for unknown in explanation.unknown:
            assert unknown.if_yes != unknown.if_no
            for value, could_be in (("yes", unknown.if_yes), ("no", unknown.if_no)):
                agrees(record, f"{unknown.checklist}.{unknown.link_id}", value, found.id, could_be)


def agrees(record: Json, fact: str, value: str, name: str, could_be: tuple[str, ...]) -> None:
    try:
        again = checklist(with_answer(record, fact, value), name)
    except PersonError:
        return  # this answer would contradict another, so nobody can give it
    assert again.could_be == could_be


def checklist(record: Json, name: str) -> Any:
    return next(each for each in assessed(record).checklists if each.id == name)


# Anything at all is assessed, or is an error that names its place -----------------------------------------------------------

anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from(["yes", "no", "unsure", "unable", "2026-11-22", "9999-12-31", "0001-01-01", *TICKED]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
KEYS = [question.link_id for name in SHIPPED.asked for _, question in SHIPPED.asked[name]]
almost = st.fixed_dictionaries(
    {},
    optional={
        "today": anything,
        "warning-signs": anything | st.lists(st.sampled_from(TICKED)),
        "answers": anything
        | st.dictionaries(
            st.sampled_from([*SHIPPED.asked, "feet"]),
            anything | st.dictionaries(st.sampled_from(KEYS), anything, max_size=5),
        ),
        "measures": anything | st.dictionaries(st.sampled_from(["bp", "tug-seconds", "frailty"]), anything),
    },
)


@law
@given(anything | almost)
def test_any_json_at_all_is_assessed_or_is_a_person_error(value: object) -> None:
    try:
        person = read_person(SHIPPED, value)
    except PersonError as error:
        assert error.faults
        assert all(error.faults)
        return
    assessment = assess(SHIPPED, person)
    json.dumps(result(assessment, planned(assessment)))


@law
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_at_all_are_records_or_faults(data: bytes) -> None:
    for record in read_records(BytesIO(data)):
        assert record.line >= 1
        assert (record.fault is None) is isinstance(record.value, dict)


@law
@given(st.lists(records(), min_size=1, max_size=3))
def test_one_object_a_line_reads_the_same_as_the_objects_alone(people: list[Json]) -> None:
    together = list(read_records(BytesIO("\n".join(json.dumps(person) for person in people).encode())))
    alone = [next(iter(read_records(BytesIO(json.dumps(person, indent=2).encode())))) for person in people]
    assert [record.value for record in together] == [record.value for record in alone]
    assert [record.line for record in together] == list(range(1, len(people) + 1))


@pytest.mark.parametrize("today", ["9999-12-31", "0001-01-01"])
def test_the_first_and_the_last_day_are_assessed_or_refused(today: str) -> None:
    record = {"today": today, "warning-signs": ["blackout"], "answers": {"falls": {"fell-past-year": "yes"}}}
    try:
        assessment = assessed(record)
    except PersonError as error:
        assert "today" in str(error)
    else:
        assert planned(assessment).actions
