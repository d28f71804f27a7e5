"""How far somebody has come: footprints that fill, three at a time, and never everything that is left. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from reports.plan.progress import OWN, Standing
from reports.plan.steps import Step

Print = Literal["done", "here", "ahead"]
AT_A_TIME = 3
MOST_PRINTS = 6


@dataclass(frozen=True, kw_only=True)
class Path:
    """`done` steps of the next `goal`; `earlier` of them are of plans before this one. `latest` was done last."""

    done: int
    goal: int
    earlier: int
    latest: Step | None

    @property
    def is_there(self) -> bool:
        """Whether the steps that were gone for are all done."""
        return 0 < self.done == self.goal

    @property
    def prints(self) -> tuple[Print, ...]:
        """The footprints to draw, the newest ones where there are many."""
        return tuple(
            "done" if at < self.done else "here" if at == self.done else "ahead"
            for at in range(max(0, self.goal - MOST_PRINTS), self.goal)
        )


def path_of(steps: Iterable[Step], standings: Mapping[str, Standing]) -> Path:
    """The way of the steps of a plan as they stand: the goal is three steps, then six, or as many as there are."""
    steps = tuple(steps)
    here = {each.id for each in steps}
    earlier = sum(
        each.state == "done" for name, each in standings.items() if name not in here and not name.startswith(OWN)
    )
    taken = [each for each in steps if each.standing.state == "done"]
    still_open = sum(each.standing.state == "open" for each in steps)
    done = earlier + len(taken)
    rounds = max(1, -(-done // AT_A_TIME))
    dated = [each for each in taken if each.standing.on]
    return Path(
        done=done,
        goal=min(rounds * AT_A_TIME, done + still_open),
        earlier=earlier,
        latest=max(dated, key=lambda each: str(each.standing.on), default=None),
    )
