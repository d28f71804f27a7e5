"""What was done with a plan: ticks, each a small change, folded into where every action stands now. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from reports.plan.tick import State, Tick

OWN = "own-"
"""What the ids of a person's own actions begin with."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where one action stands: its state since a day and by whom; who does it and by when, where somebody set that.

    `title` names an action of the person's own, and `is_first` says that it stands among the next ones. `on`, `by` and
    `from_paper` (it was ticked there first) are those of the last change of the state, `note_by` and `added_by` say who
    wrote the note and who added the action.
    """

    state: State = "open"
    on: date | None = None
    by: str = ""
    reason: str = ""
    who: str = ""
    due: date | None = None
    note: str = ""
    title: str = ""
    note_by: str = ""
    added_by: str = ""
    from_paper: bool = False
    is_first: bool = False

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to do."""
        return self.state in ("done", "not-for-me")


UNTOUCHED = Standing()


def standings(stored: Iterable[Mapping[str, Any]]) -> dict[str, Standing]:
    """Every action that somebody touched, by its id, from ticks as they are stored; the newest of each part stands."""
    now: dict[str, Standing] = {}
    for tick in map(Tick.from_json, stored):
        now[tick.action] = _after(now.get(tick.action, UNTOUCHED), tick)
    return now


def _after(before: Standing, tick: Tick) -> Standing:
    now = before
    if tick.who is not None:
        now = replace(now, who=tick.who)
    if tick.note is not None:
        now = replace(now, note=tick.note, note_by=tick.by)
    if tick.title is not None:
        now = replace(now, title=tick.title, added_by=before.added_by if before.title else tick.by)
    if tick.is_first is not None:
        now = replace(now, is_first=tick.is_first)
    if tick.due is not None:
        now = replace(now, due=tick.due or None)
    if tick.state is not None:
        now = replace(now, reason=tick.reason)
        if tick.state != before.state:
            now = replace(now, state=tick.state, on=tick.on, by=tick.by, from_paper=tick.from_paper)
    return now


def own_actions(now: Mapping[str, Standing]) -> dict[str, Standing]:
    """The person's own actions, in the order they were added; an emptied title removes one."""
    return {name: each for name, each in now.items() if name.startswith(OWN) and each.title}
