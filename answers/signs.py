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

    `called` is whether somebody said that they called. `to_ask` is true once they are being asked anew: what was ticked
    stands until the new answer comes.
    """

    ticked: tuple[str, ...]
    at: int | None = None
    day: date | None = None
    called: bool = False
    to_ask: bool = False

    def hold(self, definitions: Definitions, now_ms: int, before_jumps: Collection[date]) -> bool:
        """Whether they count at this moment; else they were never asked.

        None of these counts for 24 hours by a clock that can be believed. A sign stands longer rather than shorter:
        while help is needed now and nobody has called, and after a jump of the clock, until it is answered anew.
        """
        at = self._ticked_at()
        passed = now_ms - at
        if not self.ticked:
            return -SET_RIGHT.milliseconds <= passed < SIGNS.milliseconds
        return passed < SIGNS.milliseconds or self.wait_for_call(definitions) or _stood_at_a_jump(at, before_jumps)

    def wait_for_call(self, definitions: Definitions) -> bool:
        """Whether a sign that needs help now was ticked, and nobody has said yet that they called."""
        known = [definitions.sign_of[each] for each in self.ticked if each in definitions.sign_of]
        return not self.called and any(each.urgency == "now" for each in known)

    def asked_anew(self) -> "Signs | None":
        """They are to be asked anew: what was ticked stands meanwhile, none of these was never asked."""
        return replace(self, to_ask=True) if self.ticked else None

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
            to_ask=stored.get("to_ask", False),
        )

    def to_json(self) -> dict[str, Any]:
        at = {} if self.at is None else {"at": self.at}
        day = {} if self.day is None else {"day": self.day.isoformat()}
        return {
            **at,
            **day,
            "ticked": [*self.ticked],
            "called": self.called,
            **({"to_ask": True} if self.to_ask else {}),
        }


def _stood_at_a_jump(at: int, before_jumps: Collection[date]) -> bool:
    """Whether they were ticked a day before the clock jumped, in any zone: nobody knows for how long they stood."""
    day = datetime.fromtimestamp(at / 1000).date()
    return any(abs(each - day) <= timedelta(days=1) for each in before_jumps)
