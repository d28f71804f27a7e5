"""A tick: one change of one step, as it is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, Self, get_args

State = Literal["open", "done", "later", "not-for-me"]
STATES: tuple[State, ...] = get_args(State)
_PAPER = "paper"


@dataclass(frozen=True, kw_only=True)
class Tick:
    """What somebody changed of a step on a day; None is what they left as it was.

    A `reason` goes with a state, and `from_paper` with one that was copied from there. An empty `due` takes the day
    away, and an empty `title` the step.
    """

    action: str
    on: date
    by: str
    state: State | None = None
    reason: str = ""
    from_paper: bool = False
    who: str | None = None
    due: date | Literal[""] | None = None
    note: str | None = None
    title: str | None = None
    is_first: bool | None = None

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        due = stored.get("due")
        return cls(
            action=stored["action"],
            on=date.fromisoformat(stored["on"]),
            by=stored["by"],
            state=stored.get("state"),
            reason=stored.get("reason", ""),
            from_paper=stored.get("from") == _PAPER,
            who=stored.get("who"),
            due=date.fromisoformat(due) if due else due,
            note=stored.get("note"),
            title=stored.get("title"),
            is_first=stored.get("first"),
        )

    def to_json(self) -> dict[str, Any]:
        stored = {
            "action": self.action,
            "state": self.state,
            "reason": self.reason or None,
            "from": _PAPER if self.from_paper else None,
            "who": self.who,
            "due": self.due.isoformat() if self.due else self.due,
            "note": self.note,
            "title": self.title,
            "first": self.is_first,
            "on": self.on.isoformat(),
            "by": self.by,
        }
        return {name: value for name, value in stored.items() if value is not None}
