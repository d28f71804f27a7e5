"""The one order in which a plan is read, and the mark of every action, the same on page, paper and entry page. Pure.

First the actions of warnings, A, B, C; then the three to begin with, what follows by group (at home by room), what can
wait, and at last what the person added, numbered on through all of these.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from string import ascii_uppercase
from typing import Literal

from checklists.files.definitions import Definitions
from checklists.files.grammar import GROUPS
from checklists.rules.assessing import Assessment
from reports.plan.build import ActionPlan, PlannedAction
from reports.plan.progress import Standing, own_actions
from reports.plan.steps import Step, own_step, step_of

Kind = Literal["warnings", "first", "group", "later", "own"]


@dataclass(frozen=True, kw_only=True)
class PlanPart:
    """Steps that stand together: of one kind, and of what follows the first three, of one group and room."""

    kind: Kind
    actions: tuple[Step, ...]
    group: str = ""
    room: str = ""


def parts_of(
    definitions: Definitions, assessment: Assessment, plan: ActionPlan, standings: Mapping[str, Standing]
) -> tuple[PlanPart, ...]:
    """Every action of a plan once, and the person's own, in the order in which they are read; no part is empty.

    While a sign needs help now there is only what warnings ask for today: everything else waits.
    """
    numbers = (str(number) for number in count(1))

    def numbered(actions: Iterable[PlannedAction]) -> tuple[Step, ...]:
        return tuple(step_of(each, standings, next(numbers)) for each in actions)

    of_warnings = tuple(
        step_of(each, standings, mark) for each, mark in zip(_of_warnings(assessment, plan), letters(), strict=False)
    )
    parts = [PlanPart(kind="warnings", actions=of_warnings), PlanPart(kind="first", actions=numbered(plan.first))]
    for group, room, actions in _by_place(definitions, plan.next):
        parts.append(PlanPart(kind="group", group=group, room=room, actions=numbered(actions)))
    parts.append(PlanPart(kind="later", actions=numbered(plan.later)))
    added = {} if plan.help_first else own_actions(standings)
    own = tuple(own_step(name, each, next(numbers)) for name, each in added.items())
    parts.append(PlanPart(kind="own", actions=own))
    return tuple(part for part in parts if part.actions)


def letters() -> Iterator[str]:
    """A to Z, then AA to ZZ: more than there are actions."""
    yield from ascii_uppercase
    yield from (one + other for one in ascii_uppercase for other in ascii_uppercase)


def _of_warnings(assessment: Assessment, plan: ActionPlan) -> tuple[PlannedAction, ...]:
    """In the order of the warnings that call for them: now, today, soon."""
    order = list(dict.fromkeys(action for each in assessment.warnings for action in each.form.calls_for))
    from_warnings = (each for each in plan.all_actions if each.of_warning)
    return tuple(sorted(from_warnings, key=lambda each: order.index(each.id)))


def _by_place(
    definitions: Definitions, actions: tuple[PlannedAction, ...]
) -> Iterator[tuple[str, str, list[PlannedAction]]]:
    """By group, and at home by room in the order of the home list; what belongs to no room comes first."""
    order = ["", *_rooms(definitions)]
    for group in GROUPS:
        of_group = [each for each in actions if each.action.group == group]
        for room in order:
            if found := [each for each in of_group if _room(each, order) == room]:
                yield group, room, found


def _rooms(definitions: Definitions) -> list[str]:
    return [section.id for section in definitions.rooms.sections if section.room]


def _room(planned: PlannedAction, rooms: list[str]) -> str:
    return planned.action.room if planned.action.room in rooms else ""
