"""How long warning signs hold: for 24 hours from when they were ticked, and on where letting go could harm."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from checklists import Definitions
from storage.time_limits import SET_RIGHT, SIGNS


@dataclass(frozen=True, kw_only=True)
class Signs:
    """Which signs were ticked, or none of these, and when: at a moment in milliseconds, in an earlier release on a day.

    They are asked in groups, one after the other. `asked` names the groups that are answered while others are not;
    None once all are. In a group that is not answered, what was ticked before stands until its answer comes. `at` is
    when a group was answered last, `since` when the first one was. `called` is whether somebody said that they called.
    """

    ticked: tuple[str, ...]
    at: int | None = None
    since: int | None = None
    day: date | None = None
    called: bool = False
    asked: tuple[str, ...] | None = None

    def hold(self, definitions: Definitions, now_ms: int, before_jumps: Collection[date]) -> bool:
        """Whether they count at this moment; else they were never asked.

        None of these counts for 24 hours by a clock that can be believed. A sign stands longer rather than shorter:
        while help is needed now and nobody has called, and after a jump of the clock, until it is answered anew.
        """
        at = self._ticked_at()
        if not self.ticked:
            return self._denies(now_ms)
        passed = now_ms - at
        return passed < SIGNS.milliseconds or self.wait_for_call(definitions) or _stood_at_a_jump(at, before_jumps)

    def wait_for_call(self, definitions: Definitions) -> bool:
        """Whether a sign that needs help now was ticked, and nobody has said yet that they called."""
        known = [definitions.sign_of[each] for each in self.ticked if each in definitions.sign_of]
        return not self.called and any(each.urgency == "now" for each in known)

    def as_of(self, definitions: Definitions, now_ms: int, before_jumps: Collection[date]) -> "Signs | None":
        """The signs that count at this moment; what was denied more than 24 hours ago is asked again."""
        if not self.hold(definitions, now_ms, before_jumps):
            return None
        return self if self._denies(now_ms) or self.asked is not None else replace(self, asked=())

    def _denies(self, now_ms: int) -> bool:
        """Whether "none of these" counts still, by a clock that can be believed."""
        passed = now_ms - self.denied_since()
        return -SET_RIGHT.milliseconds <= passed < SIGNS.milliseconds

    def denied_since(self) -> int:
        """The moment of the first group; where only the last one is known, that."""
        return self._ticked_at() if self.since is None else self.since

    def asked_anew(self, groups: Collection[str] = ()) -> "Signs | None":
        """All are to be asked anew but these groups: what was ticked stands meanwhile."""
        return replace(self, asked=tuple(groups)) if self.ticked or groups else None

    def to_ask(self, definitions: Definitions) -> tuple[str, ...]:
        """The groups that are not answered yet, in their order."""
        if self.asked is None:
            return ()
        return tuple(each.id for each in definitions.warning_signs.groups if each.id not in self.asked)

    @property
    def counted(self) -> frozenset[str] | None:
        """The signs as rules read them: none of these is an answer once all groups are answered."""
        return frozenset(self.ticked) if self.ticked or self.asked is None else None

    def unasked(self, definitions: Definitions) -> frozenset[str]:
        """The signs that no answer denies or confirms yet."""
        groups = self.to_ask(definitions)
        return frozenset(each.id for each in definitions.warning_signs.signs if each.group in groups and each.ask)

    def _ticked_at(self) -> int:
        """The moment; where only the day is known, its end for what was ticked, and its beginning for none of these."""
        if self.at is not None:
            return self.at
        assert self.day is not None
        day = self.day + timedelta(days=1 if self.ticked else 0)
        return int(datetime.combine(day, time.min).timestamp() * 1000)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Signs":
        return cls(
            ticked=tuple(stored["ticked"]),
            at=int(stored["at"]) if "at" in stored else None,
            day=date.fromisoformat(stored["day"]) if "day" in stored else None,
            called=stored.get("called", False),
            since=stored.get("since"),
            asked=() if stored.get("to_ask") else tuple(stored["asked"]) if "asked" in stored else None,
        )

    def to_json(self) -> dict[str, Any]:
        at = {} if self.at is None else {"at": self.at}
        day = {} if self.day is None else {"day": self.day.isoformat()}
        return {
            **at,
            **day,
            "ticked": [*self.ticked],
            "called": self.called,
            **({} if self.since is None else {"since": self.since}),
            **({} if self.asked is None else {"asked": [*self.asked]} if self.asked else {"to_ask": True}),
        }


def answer_group(
    signs: Signs | None, definitions: Definitions, group: str, ticked: Collection[str], now_ms: int
) -> Signs:
    """The signs once those of a group are ticked, or none of them; the other groups stay as they are."""
    of_group = {each.id for each in definitions.warning_signs.signs if each.group == group}
    before = signs or Signs(ticked=(), asked=())
    others = tuple(each for each in before.ticked if each not in of_group)
    asked = None if before.asked is None else (*(each for each in before.asked if each != group), group)
    changed = replace(before, ticked=(*others, *ticked), at=now_ms, day=None, asked=asked)
    urgent = any(definitions.sign_of[each].urgency == "now" for each in ticked)
    return replace(
        changed,
        since=now_ms if before.asked == () else before.denied_since(),
        called=before.called and not urgent,
        asked=asked if changed.to_ask(definitions) else None,
    )


def _stood_at_a_jump(at: int, before_jumps: Collection[date]) -> bool:
    """Whether they were ticked a day before the clock jumped, in any zone: nobody knows for how long they stood."""
    day = datetime.fromtimestamp(at / 1000).date()
    return any(abs(each - day) <= timedelta(days=1) for each in before_jumps)
