"""What changed between two plans of one person, judged without pages; and the drawing that says the same as its table."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from checklists import Definitions, Person, assess
from reports.plan.changes import MOST_POINTS, changes, planned_before
from reports.plan.plan_json import IssuedPlan, issue_plan
from reports.plan.progress import standings
from reports.words.changes_in_words import say_changes
from reports.words.charts import HEIGHT, WIDTH, chart
from reports.words.words import Words, words

Plan = Callable[..., IssuedPlan]


@pytest.fixture
def plan(definitions: Definitions, read: Callable[[dict[str, Any]], Person]) -> Plan:
    """The plan of a day for answers; what is not named is no."""

    def planned(day: str, **answers: dict[str, str]) -> IssuedPlan:
        person = read({"answers": answers})
        return issue_plan(definitions, assess(definitions, person), date.fromisoformat(day))

    return planned


@pytest.fixture
def english(definitions: Definitions) -> Words:
    return words(definitions, "us", "en")


def no_to_all(definitions: Definitions, name: str, **changed: str) -> dict[str, str]:
    asked = definitions.questions[name]
    return {
        **{each.link_id: "no" for each in asked if each.answers in ("yes-no", "hazard") and not each.enable_when},
        **changed,
    }


def test_yes_then_no_is_fixed_at_home_and_gone_elsewhere_and_no_then_yes_is_new(definitions, plan) -> None:
    before = plan("2026-05-03", home={"floors-loose-rugs": "yes", "bath-slippery": "no"}, falls={"numb-feet": "yes"})
    after = plan("2026-11-03", home={"floors-loose-rugs": "no", "bath-slippery": "yes"}, falls={"numb-feet": "no"})

    found = changes(definitions, before, [before, after], {})

    assert found.since == date(2026, 5, 3)
    assert found.fixed == ("home.floors-loose-rugs",)
    assert found.gone == ("falls.numb-feet",)
    assert found.new == ("home.bath-slippery",)
    assert not found.is_nothing


@pytest.mark.parametrize("later", ["unsure", None])
def test_what_is_not_known_any_more_is_neither_fixed_nor_gone(definitions, plan, later) -> None:
    answers = {} if later is None else {"floors-loose-rugs": later}
    before, after = plan("2026-05-03", home={"floors-loose-rugs": "yes"}), plan("2026-11-03", home=answers)

    found = changes(definitions, before, [before, after], {})

    assert (found.fixed, found.gone, found.new) == ((), (), ())


def test_what_nobody_had_asked_is_not_new(definitions, plan) -> None:
    before, after = plan("2026-05-03", falls={}), plan("2026-11-03", falls={"numb-feet": "yes"})

    assert changes(definitions, before, [before, after], {}).new == ()


def test_a_good_habit_is_neither_new_nor_gone(definitions, plan) -> None:
    habit = next(each.link_id for each in definitions.questions["bone"] if each.habit)
    before, after = plan("2026-05-03", bone={habit: "yes"}), plan("2026-11-03", bone={habit: "no"})

    assert changes(definitions, before, [before, after], {}).gone == ()
    assert changes(definitions, after, [after, before], {}).new == ()


def test_numbers_and_choices_that_are_others_now_are_told_with_both(definitions, plan, english) -> None:
    before = plan("2026-05-03", bone={"weight-kg": 58, "bone-medicine": "none", "height-cm": 158})
    after = plan("2026-11-03", bone={"weight-kg": 54, "bone-medicine": "tablet-or-drip"})

    found = changes(definitions, before, [before, after], {})

    assert [each.fact for each in found.other] == ["bone.weight-kg", "bone.bone-medicine"]
    told = say_changes(english, found, planned_before([before, after]), {}, levels=True)
    assert told.other[0].endswith(": 58 kg (128 pounds) then, 54 kg (119 pounds) now")
    assert english.answer_in_words("bone.bone-medicine", "tablet-or-drip") in told.other[1]
    assert told.summary == "Some answers are others now."


def test_steps_that_came_into_the_plan_are_told(definitions, plan, english) -> None:
    before, after = plan("2026-05-03", home={}), plan("2026-11-03", home={"floors-loose-rugs": "yes"})

    told = say_changes(
        english, changes(definitions, before, [before, after], {}), planned_before([before, after]), {}, levels=True
    )

    assert definitions.action_of["secure-rugs"].title in told.steps


def test_points_are_told_where_the_level_hides_that_they_fell(definitions, plan, english) -> None:
    many = {"floors-loose-rugs": "yes", "stairs-no-rails": "yes", "bath-slippery": "yes"}
    before = plan("2026-05-03", home=no_to_all(definitions, "home", **many))
    after = plan("2026-11-03", home=no_to_all(definitions, "home", **{"stairs-no-rails": "yes"}))

    (line,) = say_changes(english, changes(definitions, before, [before, after], {}), {}, {}, levels=True).lines

    assert line.says.startswith("2 things fewer to fix. Things then: 3. Things now: 1. The level is as it was: ")


@pytest.mark.parametrize(
    ("before", "now", "fewer"),
    [
        ("yes", "no", 2),
        ("unsure", "no", 1),
        ("yes", "unsure", 1),
        ("no", "unsure", 0),
        ("no", "yes", 0),
        ("unsure", "unsure", 1),
    ],
)
def test_only_what_is_known_to_be_over_makes_points_fewer(definitions, plan, before: str, now: str, fewer: int) -> None:
    """Beside one thing that was put right for certain."""
    then, later = (
        {"floors-loose-rugs": rugs, "stairs-no-rails": other} for rugs, other in (("yes", before), ("no", now))
    )
    plans = [plan("2026-05-03", home=then), plan("2026-11-03", home=later)]

    (line,) = changes(definitions, plans[0], plans, {}).lines

    assert line.fewer == fewer


def test_only_what_was_done_since_counts_as_done(definitions, plan) -> None:
    before, after = plan("2026-05-03", home={"floors-loose-rugs": "yes"}), plan("2026-11-03", home={})
    ticks = [
        {"action": "secure-rugs", "state": "done", "on": "2026-05-03", "by": "self"},
        {"action": "earlier", "state": "done", "on": "2026-05-02", "by": "self"},
        {"action": "taken-back", "state": "done", "on": "2026-06-01", "by": "self"},
        {"action": "taken-back", "state": "open", "on": "2026-06-02", "by": "self"},
        {"action": "own-0", "state": "done", "title": "Call the landlord", "on": "2026-06-03", "by": "self"},
    ]

    found = changes(definitions, before, [before, after], standings(ticks))

    assert found.done == ("secure-rugs",)
    assert found.own_done == ("own-0",)


def test_nothing_changed_is_said_plainly(definitions, plan, english) -> None:
    before, after = plan("2026-05-03", falls={"numb-feet": "yes"}), plan("2026-11-03", falls={"numb-feet": "yes"})
    found = changes(definitions, before, [before, after], {})

    assert found.is_nothing
    assert (
        say_changes(english, found, {}, {}, levels=True).summary == "Nothing that you told us has changed since then."
    )


def test_it_is_told_in_words_with_titles_of_steps_that_only_an_earlier_plan_had(definitions, plan, english) -> None:
    before = plan("2026-05-03", home=no_to_all(definitions, "home", **{"floors-loose-rugs": "yes"}))
    after = plan("2026-11-03", home=no_to_all(definitions, "home"))
    now = standings([{"action": "secure-rugs", "state": "done", "on": "2026-06-03", "by": "self"}])

    told = say_changes(
        english, changes(definitions, before, [before, after], now), planned_before([before, after]), now, levels=True
    )

    assert told.summary == "1 thing is fixed. 1 step is done."
    assert told.fixed == (definitions.question_of["home.floors-loose-rugs"].finding,)
    assert told.done == (definitions.action_of["secure-rugs"].title,)
    assert [line.says for line in told.lines] == [
        "1 thing fewer to fix. Things then: 1. Things now: 0. The level is as it was: Lower."
    ]


def test_no_level_is_told_beside_a_sign_that_needs_help_now(definitions, plan, english) -> None:
    before, after = plan("2026-05-03", falls={}), plan("2026-11-03", falls={})
    found = changes(definitions, before, [before, after], {})

    assert say_changes(english, found, {}, {}, levels=False).lines == ()
    assert len(say_changes(english, found, {}, {}, levels=True).lines) == 1


def test_a_chart_keeps_the_first_day_and_the_newest_and_one_point_a_day(definitions, plan, english) -> None:
    days = [f"2026-{month:02}-03" for month in range(1, 9)]
    plans = [plan(day, falls=no_to_all(definitions, "falls")) for day in days]
    again = plan(days[-1], falls=no_to_all(definitions, "falls", **{"numb-feet": "yes"}))

    (line,) = changes(definitions, plans[0], [*plans, again], {}).lines

    assert len(line.points) == MOST_POINTS
    assert [line.points[0].day, line.points[-1].day] == [date(2026, 1, 3), date(2026, 8, 3)]
    assert line.points[-1].score is not None
    assert line.points[-1].score.low == 1


@pytest.mark.parametrize("name", ["falls", "bone", "home", "posture"])
def test_drawing_and_table_say_the_same(definitions, plan, english, name) -> None:
    first = next(each.link_id for each in definitions.questions[name] if each.answers in ("yes-no", "hazard"))
    plans = [
        plan("2026-01-03", **{name: {}}),
        plan("2026-03-03", **{name: no_to_all(definitions, name)}),
        plan("2026-05-03", **{name: no_to_all(definitions, name, **{first: "yes"})}),
    ]
    (line,) = changes(definitions, plans[0], plans, {}).lines

    drawn = chart(english, line)

    assert len(drawn.marks) == len(drawn.rows) == len(line.points) == 3
    for mark, (day, says), point in zip(drawn.marks, drawn.rows, line.points, strict=True):
        assert day == english.day(point.day)
        assert english.level(point.could_be) in says
        assert mark.says.replace("–", " to ") in says
        assert 0 < mark.x < WIDTH
        assert 0 < mark.y <= mark.to < HEIGHT
        assert (mark.y == mark.to) == (f"{mark.x:g},{mark.y:g}" in drawn.path)
    heights = [y for y, _word in drawn.scale]
    assert all(min(heights) <= mark.y <= max(heights) for mark in drawn.marks)


def test_a_higher_score_stands_higher_and_a_higher_level_too(definitions, plan, english) -> None:
    few, many = no_to_all(definitions, "home"), no_to_all(definitions, "home", **{"floors-loose-rugs": "yes"})
    plans = [plan("2026-01-03", home=few), plan("2026-02-03", home=many)]
    (line,) = changes(definitions, plans[0], plans, {}).lines
    low, high = chart(english, line).marks
    assert high.y < low.y

    points = tuple(
        replace(each, could_be=(level,), score=None) for each, level in zip(line.points, ("low", "high"), strict=True)
    )
    low, high = chart(english, replace(line, points=points)).marks
    assert high.y < low.y
