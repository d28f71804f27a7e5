"""The drawings that explain: each has a meaning and an action, and fits who it is for."""

import pytest

from checklists import Definitions
from checklists.files.actions import Action
from reports.plan.build import build_plan
from tests.shipped import SHIPPED

MOVES = ("strength-and-balance", "walk", "hip-hinge", "load-close", "log-roll", "rise-from-chair", "car-swing")
QUESTIONS = tuple(SHIPPED.questions.items())


@pytest.mark.parametrize("answer", ["yes", "unsure"])
def test_who_may_have_a_fresh_fracture_sees_nobody_exercise_bend_or_lift(assessed, answer: str) -> None:
    answers = {name: {q.link_id: "yes" for q in qs if q.answers in ("yes-no", "hazard")} for name, qs in QUESTIONS}
    answers["about"]["cannot-walk"] = "no"
    answers["about"]["spine-fracture-now"] = answer
    plan = build_plan(SHIPPED, assessed({"warning-signs": [], "answers": answers}), today=None)
    shown = {each.picture for each in plan.actions if each.picture}
    assert len(shown) > 10
    assert not shown & {"strength-and-balance", "walk", "hip-hinge", "load-close"}


def movements() -> list[Action]:
    return [action for action in SHIPPED.actions.actions if action.picture in MOVES]


def test_other_words_with_another_meaning_have_no_picture_of_the_usual_one() -> None:
    assert len(movements()) >= 7
    for action in movements():
        assert any(instead.picture is None for instead in action.instead_when), action.id


def test_a_picture_that_is_not_described_or_not_used_is_named() -> None:
    from checklists.loading.cross_checks import meaning_faults

    hinge = SHIPPED.action_of["hinge-at-your-hips"].model_copy(update={"picture": "nobody-drew-this"})
    actions = tuple(hinge if each.id == hinge.id else each for each in SHIPPED.actions.actions)
    unused = SHIPPED.actions.pictures[0].model_copy(update={"id": "used-by-nobody"})
    pictures = (*SHIPPED.actions.pictures, unused, SHIPPED.actions.pictures[1])
    bad: Definitions = SHIPPED.model_copy(
        update={"actions": SHIPPED.actions.model_copy(update={"actions": actions, "pictures": pictures})}
    )
    said = [says for _, _, says in meaning_faults(bad)]
    assert any("there is no picture nobody-drew-this" in each for each in said)
    assert any("no action has the picture used-by-nobody" in each for each in said)
    assert any(f"picture {pictures[1].id} stands twice" in each for each in said)
