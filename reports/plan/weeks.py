"""The steps of a plan by weeks: what a calendar reminds of, once a week at most. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from reports.plan.steps import Step

WEEK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Week:
    """The seven days from `day`, by the end of which this many steps that are still open are due."""

    number: int
    day: date
    count: int


def weeks_of(steps: Iterable[Step], today: date) -> tuple[Week, ...]:
    """Weeks with something to do, counted from the first day of any step, so that none gets another number by a tick.

    What is overdue counts in the next week to begin: the entry of its own is over and reminds nobody.
    """
    dated = [(each.day, each.standing.is_settled) for each in steps if each.day]
    if not dated:
        return ()
    first = min(day for day, _settled in dated)
    coming = max(0, -((first - today) // WEEK))  # the first week that does not begin before today
    counts = Counter((day - first) // WEEK if day >= today else coming for day, settled in dated if not settled)
    return tuple(Week(number=each + 1, day=first + each * WEEK, count=counts[each]) for each in sorted(counts))
