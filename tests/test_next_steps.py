"""What to do next: the next moves up when a step is done, put off or refused, and what may not be first never does."""

from collections.abc import Mapping
from datetime import date

import pytest

from checklists import assess
from lab.people.records import person, records
from reports.plan.build import ASK_FIRST
from reports.plan.next_steps import next_steps
from reports.plan.order import parts_of
from reports.plan.plan_json import IssuedPlan, from_json, issue_plan, to_json
from reports.plan.progress import Standing

DAY = date(2026, 11, 22)
DONE, PUT_OFF, REFUSED = (Standing(state=state, on=DAY) for state in ("done", "later", "not-for-me"))
LANDLORD, LAMP = Standing(title="Call the landlord", is_first=True), Standing(title="Buy a lamp")


@pytest.fixture(scope="module")
def people(definitions) -> list[IssuedPlan]:
    """Two dozen people, every fifth with a sign that holds back what makes them move; read back as a page does."""
    found = []
    for number, record in enumerate(records(24, seed=5)):
        record["warning-signs"] = ["back-pain-fever"] if number % 5 == 0 else []
        issued = issue_plan(definitions, assess(definitions, person(definitions, record)), DAY)
        found.append(from_json(definitions, to_json(issued)))
    return found


@pytest.fixture
def ids(definitions):
    """The ids of what is next for somebody as things stand."""

    def find(issued: IssuedPlan, standings: Mapping[str, Standing]) -> list[str]:
        return [each.id for each in next_steps(definitions, issued.assessment, issued.plan, standings)]

    return find


def test_untouched_they_are_the_plans_own_first(people, ids) -> None:
    for each in people:
        assert ids(each, {}) == [one.id for one in each.plan.first]


@pytest.mark.parametrize("settled", [DONE, PUT_OFF, REFUSED])
def test_the_next_moves_up_behind_those_that_stay(people, ids, settled) -> None:
    for each in people:
        first, *others = ids(each, {})
        after = ids(each, {first: settled})
        assert after[: len(others)] == others, "no card moves under a finger"
        assert len(after) == 3
        assert first not in after


def test_one_by_one_every_step_that_may_be_first_comes_once_and_none_that_may_not(people, ids, definitions) -> None:
    held = 0
    for each in people:
        settled: dict[str, Standing] = {}
        while found := ids(each, settled):
            assert not settled.keys() & set(found)
            settled[found[0]] = DONE
        may_not = {
            one.id
            for one in each.plan.actions
            if one.of_warning or one.never_first or (each.assessment.hold and one.action.effort == "move")
        }
        held += bool(each.assessment.hold)
        assert settled.keys() == {one.id for one in each.plan.actions} - may_not
    assert held


def test_no_kind_comes_twice_while_there_are_others(people, ids, definitions) -> None:
    alone = definitions.actions.ranking.at_most_one_first
    for each in people:
        kind = {one.id: "exercise" if one.id == ASK_FIRST else one.action.kind for one in each.plan.actions}
        settled = {each.plan.first[0].id: DONE}
        found = ids(each, settled)
        others = [
            one.id
            for one in each.plan.actions
            if kind[one.id] not in alone
            and not (one.never_first or one.of_warning or one.id in settled)
            and not (each.assessment.hold and one.action.effort == "move")
        ]
        doubled = [kind[one] for one in found if kind[one] in alone]
        assert len(doubled) == len(set(doubled)) or set(others) <= set(found)


def test_a_step_keeps_the_number_that_it_has_on_paper(people, definitions) -> None:
    for each in people:
        settled = {one.id: DONE for one in each.plan.first}
        marks = {
            one.id: one.mark for part in parts_of(definitions, each.assessment, each.plan, {}) for one in part.actions
        }
        found = next_steps(definitions, each.assessment, each.plan, settled)
        assert found
        assert all(one.mark == marks[one.id] for one in found)


def test_ones_own_stand_behind_the_first_of_the_plan(people, ids) -> None:
    each = people[1]
    first = [one.id for one in each.plan.first]
    assert ids(each, {"own-1": LAMP}) == first, "only what was put there"
    assert ids(each, {"own-1": LANDLORD}) == [first[0], "own-1", first[1]]
    crowd = {f"own-{number}": LANDLORD for number in range(5)}
    assert ids(each, crowd) == [first[0], "own-0", "own-1"], "the plan's own stays the one to begin with"


def test_ones_own_come_when_the_plan_has_none_left(people, ids) -> None:
    each = people[1]
    settled = {one.id: DONE for one in each.plan.actions}
    assert ids(each, {**settled, "own-1": LAMP, "own-2": LANDLORD}) == ["own-2", "own-1"]


def test_while_a_sign_needs_help_now_nothing_is_next(people, definitions) -> None:
    each = people[1]
    assert next_steps(definitions, each.assessment, each.plan.waiting(), {"own-1": LANDLORD}) == ()
