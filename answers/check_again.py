"""Checking again, in a draft: `again` is {"began": day, "asked": [facts asked anew]}. No Flask, no database.

`checked` is {"since": the day of the plan before, "on": day}: the check since that plan is over, though its own plan
may not be kept yet; the form that is sent again must not count anew.

What was asked anew counts for a week: after that an answer is an old one again, and the check begins anew. A plan that
is made all the same says how many answers are old: `old` is {"count": how many, "since": the day of the plan before}.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from storage.time_limits import ASKED_ANEW

Data = Mapping[str, Any]
COUNTS_DAYS = ASKED_ANEW.days


def begun(day: date) -> dict[str, Any]:
    """What a draft holds from the moment that a check begins."""
    return {"began": day.isoformat(), "asked": []}


def is_checking(data: Data, day: date) -> bool:
    """Whether a check was begun within the week and is not finished yet."""
    again = data.get("again")
    return again is not None and date.fromisoformat(again["began"]) > day - timedelta(days=COUNTS_DAYS)


def asked_anew(data: Data, day: date) -> frozenset[str]:
    """The facts that were asked anew."""
    return frozenset(data["again"]["asked"]) if is_checking(data, day) else frozenset()


def note_asked(data: dict[str, Any], fact: str, day: date) -> None:
    """This was asked anew, if a check goes on."""
    if is_checking(data, day):
        data["again"] = {**data["again"], "asked": sorted({*data["again"]["asked"], fact})}


def is_old(planned_on: date, day: date) -> bool:
    """Whether answers from which a plan was made on that day are to be asked again."""
    return planned_on <= day - timedelta(days=COUNTS_DAYS)


def is_finished(data: Data, planned_on: date, day: date) -> bool:
    """Whether the check since the plan of that day is over already, and none was begun after it."""
    checked = data.get("checked")
    if data.get("again") or not checked or checked["since"] != planned_on.isoformat():
        return False
    return not is_old(date.fromisoformat(checked["on"]), day)


def finish(data: dict[str, Any], not_asked: int, planned_on: date, day: date) -> None:
    """The check is over, or was passed over; so many answers are those of the plan before, or still older."""
    before = data.get("old") if not (data.get("again") or {}).get("asked") else None
    since = before["since"] if before else planned_on.isoformat()
    data["checked"] = {"since": planned_on.isoformat(), "on": day.isoformat()}
    data.update(again=None, old={"count": not_asked, "since": since} if not_asked else None)
