"""A step: what the plan says, what somebody set instead, and one's own."""

from dataclasses import replace
from datetime import date

import pytest

from checklists import assess
from lab.people.records import person
from reports.plan.build import PlannedAction, build_plan
from reports.plan.progress import UNTOUCHED, Standing
from reports.plan.steps import own_step, step_of, steps_of
from reports.words.words import words

DAY, OTHER_DAY = date(2026, 11, 22), date(2027, 1, 5)


@pytest.fixture(scope="module")
def planned(definitions) -> PlannedAction:
    """An action with a day."""
    record = {"warning-signs": [], "answers": {"home": {"floors-loose-rugs": "yes"}}}
    plan = build_plan(definitions, assess(definitions, person(definitions, record)), today=DAY)
    return next(each for each in plan.actions if each.day)


def test_untouched_it_is_as_the_plan_says(planned) -> None:
    step = step_of(planned, {})

    assert (step.title, step.owner, step.day) == (planned.title, planned.action.who, planned.day)
    assert (step.standing, step.is_own) == (UNTOUCHED, False)


@pytest.mark.parametrize("later", [False, True])
def test_what_somebody_set_stands_in_place_of_the_plan(planned, later) -> None:
    set_now = Standing(who="trade", due=OTHER_DAY, state="later")
    step = step_of(replace(planned, later=later), {planned.id: set_now})

    assert (step.owner, step.day, step.standing) == ("trade", OTHER_DAY, set_now)


def test_what_is_for_later_has_no_day_until_somebody_sets_one(planned) -> None:
    assert step_of(replace(planned, later=True), {planned.id: Standing(state="done")}).day is None


def test_those_of_the_plan_come_first_then_ones_own_without_those_taken_away(planned) -> None:
    added = Standing(title="Call the landlord", due=OTHER_DAY)
    steps = steps_of([planned], {"own-2": added, "own-1": Standing(), "of-an-earlier-plan": Standing(state="done")})

    assert list(steps) == [planned.id, "own-2"]
    assert steps["own-2"] == own_step("own-2", added)
    assert (steps["own-2"].owner, steps["own-2"].day, steps["own-2"].is_own) == ("", OTHER_DAY, True)


def test_numbers_to_ring_are_filled_in_for_the_plan_and_never_in_what_was_typed(definitions, planned) -> None:
    english = words(definitions, "us", "en")
    calls = next(each.title for each in definitions.actions.actions if "{" in each.title)

    assert english.title(step_of(replace(planned, title=calls), {})) == english.ringing(calls) != calls
    assert english.title(own_step("own-1", Standing(title=calls))) == calls
