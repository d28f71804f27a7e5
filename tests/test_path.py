"""The path: three footprints at a time, filled by what is done, of this plan and those before."""

from dataclasses import replace
from datetime import date

import pytest

from reports.plan.path import path_of
from reports.plan.progress import Standing
from reports.plan.steps import own_step

DAY = date(2026, 11, 22)
STEPS = tuple(own_step(f"own-{number}", Standing(title=f"Step {number}")) for number in range(10))


def standing(*states: str):
    """Ten steps, the first of them in these states."""
    given = [Standing(state=state, on=DAY) for state in states]  # type: ignore[arg-type]
    return [
        *(replace(step, standing=each) for step, each in zip(STEPS, given, strict=False)),
        *STEPS[len(given) :],
    ]


@pytest.mark.parametrize(
    ("done", "goal", "prints"),
    [
        (0, 3, ("here", "ahead", "ahead")),
        (1, 3, ("done", "here", "ahead")),
        (3, 3, ("done", "done", "done")),
        (4, 6, ("done", "done", "done", "done", "here", "ahead")),
        (7, 9, ("done", "done", "done", "done", "here", "ahead")),
        (10, 10, ("done",) * 6),
    ],
)
def test_three_footprints_at_a_time_are_filled(done: int, goal: int, prints: tuple[str, ...]) -> None:
    path = path_of(standing(*["done"] * done), {})
    assert (path.done, path.goal, path.prints) == (done, goal, prints)
    assert path.is_there == (done in (3, 10))


def test_what_is_put_off_or_not_meant_is_not_counted() -> None:
    path = path_of(standing("done", "later", "not-for-me")[:4], {})
    assert (path.done, path.goal) == (1, 2)


def test_steps_of_earlier_plans_stay_filled() -> None:
    before = {"secure-rugs": Standing(state="done", on=DAY), "own-1": Standing(state="done", on=DAY)}
    path = path_of(standing("done"), before)
    assert (path.done, path.goal, path.earlier) == (2, 3, 1)


def test_the_latest_is_the_step_that_was_done_last() -> None:
    first, second, *others = standing("done", "done")
    sooner = replace(first, standing=replace(first.standing, on=date(2026, 11, 24), by="Tom"))
    assert path_of([sooner, second, *others], {}).latest == sooner
    assert path_of(others, {}).latest is None


def test_a_plan_without_steps_has_no_path() -> None:
    assert path_of((), {}).prints == ()
