"""How long warning signs hold: for 24 hours from when they were ticked, and on where letting go could harm. No Flask.

In a draft `signs` is {"at": when they were ticked, in milliseconds, "ticked": [...], "called": whether somebody said
that they called}; `to_ask` is true once they are being asked anew: what was ticked stands until the new answer comes.
An earlier release kept {"day"} in place of `at`.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from checklists import Definitions
from storage.time_limits import SET_RIGHT, SIGNS

Data = Mapping[str, Any]


def ticked(signs: list[str], now_ms: int) -> dict[str, Any]:
    """What a draft keeps of signs, or of none of these, that are ticked now."""
    return {"at": now_ms, "ticked": signs, "called": False}


def hold(definitions: Definitions, signs: Data | None, now_ms: int, before_jumps: Collection[date]) -> bool:
    """Whether signs as a draft keeps them count at this moment; else they were never asked.

    None of these counts for 24 hours by a clock that can be believed. A sign stands longer rather than shorter: while
    help is needed now and nobody has called, and after a jump of the clock, until it is answered anew.
    """
    if not signs:
        return False
    at = _ticked_at(signs)
    passed = now_ms - at
    if not signs["ticked"]:
        return -SET_RIGHT.milliseconds <= passed < SIGNS.milliseconds
    return passed < SIGNS.milliseconds or waits_for_call(definitions, signs) or _stood_at_a_jump(at, before_jumps)


def waits_for_call(definitions: Definitions, signs: Data | None) -> bool:
    """Whether a sign that needs help now was ticked, and nobody has said yet that they called."""
    if not signs or signs.get("called"):
        return False
    return any(definitions.sign_of[each].urgency == "now" for each in signs["ticked"] if each in definitions.sign_of)


def are_asked(signs: Data | None) -> bool:
    """Whether signs that hold need no asking."""
    return bool(signs and not signs.get("to_ask"))


def asked_anew(signs: Data | None) -> dict[str, Any] | None:
    """Signs that are to be asked anew: what was ticked stands meanwhile, none of these was never asked."""
    return {**signs, "to_ask": True} if signs and signs["ticked"] else None


def _stood_at_a_jump(at: int, before_jumps: Collection[date]) -> bool:
    """Whether they were ticked a day before the clock jumped, in any zone: nobody knows for how long they stood."""
    day = datetime.fromtimestamp(at / 1000).date()
    return any(abs(each - day) <= timedelta(days=1) for each in before_jumps)


def _ticked_at(signs: Data) -> int:
    """The instant; where only the day is known, its end for what was ticked, and its beginning for none of these."""
    if "at" in signs:
        return int(signs["at"])
    day = date.fromisoformat(signs["day"]) + timedelta(days=1 if signs["ticked"] else 0)
    return int(datetime.combine(day, time.min).timestamp() * 1000)
