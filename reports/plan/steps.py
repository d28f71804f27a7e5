"""A step: an action of a plan, or one of the person's own, as it stands now. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from reports.plan.build import PlannedAction
from reports.plan.progress import OWN, UNTOUCHED, Standing, own_actions


@dataclass(frozen=True, kw_only=True)
class Step:
    """What the plan says of an action, with what was set and done since; `planned` is None for one of the person's own.

    `owner` and `day` are those that somebody set, else those of the plan. `mark` is its number or letter on page and
    paper, for a step that stands in its place there (order.py).
    """

    id: str
    title: str
    owner: str
    day: date | None
    standing: Standing
    planned: PlannedAction | None
    mark: str = ""

    @property
    def is_own(self) -> bool:
        return self.id.startswith(OWN)


def step_of(planned: PlannedAction, standings: Mapping[str, Standing], mark: str = "") -> Step:
    """An action of a plan as it stands."""
    standing = standings.get(planned.id, UNTOUCHED)
    return Step(
        id=planned.id,
        title=planned.title,
        owner=standing.who or planned.action.who,
        day=standing.due or planned.day,
        standing=standing,
        planned=planned,
        mark=mark,
    )


def own_step(name: str, standing: Standing, mark: str = "") -> Step:
    """What the person added, as it stands."""
    return Step(
        id=name, title=standing.title, owner=standing.who, day=standing.due, standing=standing, planned=None, mark=mark
    )


def steps_of(actions: Iterable[PlannedAction], standings: Mapping[str, Standing]) -> dict[str, Step]:
    """These actions of a plan by their ids, then the person's own in the order they were added."""
    steps = [step_of(each, standings) for each in actions]
    steps += [own_step(name, each) for name, each in own_actions(standings).items()]
    return {each.id: each for each in steps}
