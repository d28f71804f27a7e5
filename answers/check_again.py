"""Checking again: what a draft says of a check that goes on, of one that is over, and of answers that are old.

What was asked anew counts for a week: after that an answer is an old one again, and the check begins anew. A plan that
is made all the same says how many answers are old.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from storage.time_limits import ASKED_ANEW

COUNTS_DAYS = ASKED_ANEW.days


@dataclass(frozen=True, kw_only=True)
class Check:
    """A check that was begun, the facts that were asked anew in it, and those that are worth asking, the most first."""

    began: date
    asked: frozenset[str] = frozenset()
    worth: tuple[str, ...] = ()

    def goes_on(self, day: date) -> bool:
        """Whether it was begun within the week."""
        return self.began > day - timedelta(days=COUNTS_DAYS)

    def with_asked(self, fact: str) -> "Check":
        return replace(self, asked=self.asked | {fact})

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Check":
        return cls(
            began=date.fromisoformat(stored["began"]),
            asked=frozenset(stored["asked"]),
            worth=tuple(stored.get("worth", ())),
        )

    def to_json(self) -> dict[str, Any]:
        worth = {"worth": list(self.worth)} if self.worth else {}
        return {"began": self.began.isoformat(), "asked": sorted(self.asked), **worth}


@dataclass(frozen=True, kw_only=True)
class Checked:
    """The check since the plan of a day is over, though its own plan may not be kept yet: a form that is sent again
    must not count anew."""

    since: date
    on: date

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Checked":
        return cls(since=date.fromisoformat(stored["since"]), on=date.fromisoformat(stored["on"]))

    def to_json(self) -> dict[str, Any]:
        return {"since": self.since.isoformat(), "on": self.on.isoformat()}


@dataclass(frozen=True, kw_only=True)
class OldAnswers:
    """How many answers were not asked anew, and the day of the plan from which they are, or from before it."""

    count: int
    since: date

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "OldAnswers":
        return cls(count=stored["count"], since=date.fromisoformat(stored["since"]))

    def to_json(self) -> dict[str, Any]:
        return {"count": self.count, "since": self.since.isoformat()}


def is_old(planned_on: date, day: date) -> bool:
    """Whether answers from which a plan was made on that day are to be asked again."""
    return planned_on <= day - timedelta(days=COUNTS_DAYS)
