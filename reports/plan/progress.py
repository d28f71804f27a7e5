"""What was done with a plan: ticks, each a small change, folded into where every action stands now. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

State = Literal["open", "done", "later", "not-for-me"]
STATES: tuple[State, ...] = ("open", "done", "later", "not-for-me")
OWN = "own-"
"""What the ids of a person's own actions begin with."""
FROM_PAPER = "paper"


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


def standings(ticks: Iterable[Mapping[str, Any]]) -> dict[str, Standing]:
    """Every action that somebody touched, by its id; the newest change of each part stands.

    A tick is {"action", "on" (ISO), "by"} with any of "state" (and "reason"), "who", "due" (ISO or ""), "note", "title"
    and "first" (bool); with "from": "paper" where it was copied from there.
    """
    now: dict[str, Standing] = {}
    for tick in ticks:
        before = now.get(tick["action"], UNTOUCHED)
        now[tick["action"]] = replace(before, **_changes(before, tick))
    return now


def _changes(before: Standing, tick: Mapping[str, Any]) -> dict[str, Any]:
    changes: dict[str, Any] = {name: tick[name] for name in ("who", "note", "title") if name in tick}
    if "note" in tick:
        changes["note_by"] = tick["by"]
    if "title" in tick and not before.title:
        changes["added_by"] = tick["by"]
    if "first" in tick:
        changes["is_first"] = tick["first"]
    if "due" in tick:
        changes["due"] = date.fromisoformat(tick["due"]) if tick["due"] else None
    if "state" in tick:
        changes["reason"] = tick.get("reason", "")
        if tick["state"] != before.state:
            on, from_paper = date.fromisoformat(tick["on"]), tick.get("from") == FROM_PAPER
            changes.update(state=tick["state"], on=on, by=tick["by"], from_paper=from_paper)
    return changes


def own_actions(now: Mapping[str, Standing]) -> dict[str, Standing]:
    """The person's own actions, in the order they were added; an emptied title removes one."""
    return {name: each for name, each in now.items() if name.startswith(OWN) and each.title}
