"""Whether the clock may be believed where time alone would end something: after a jump everything waits for a week.

A clock that is wrong is mended within days, mostly; what it removed would be gone for good. So the store notes the days
on which it was in use. Where they stop for long and then go on, the clock may have jumped: nothing is removed by time
and nothing counts as expired until a week has passed without another jump, or somebody says that the day is right.
The last day before each jump stays noted, also of one back: what stood on it cannot be counted on by hours.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from storage.model import KEEP_DAYS, RemovingWaits
from storage.rows.sealed_rows import Row, SealedRows
from storage.rows.tables import DAYS, RECORDS
from storage.time_limits import JUMP, MAY_PASS

MAY_PASS_DAYS = MAY_PASS.days
"""So long may nobody start the app without anything waiting."""
WAIT_DAYS = JUMP.days
MANY = 20
"""More records than this, and more than half of all, do not go at once before a week has passed either."""

_SEEN, _TRUSTED, _JUMPED, _MANY_WAIT = "seen", "trusted", "jumped", "many-wait"
_BEFORE = "before-"


@dataclass(frozen=True, kw_only=True)
class Clock:
    """The last day on which the store was in use, the last before a jump, and the day of the jump while it counts.

    `before_jumps` are the last days before any jump that there ever was.
    """

    seen: date | None = None
    trusted: date | None = None
    jumped: date | None = None
    before_jumps: frozenset[date] = frozenset()

    def at(self, today: date) -> "Clock":
        """What is known of it once it is today."""
        if self.seen == self.trusted == today and self.jumped is None:
            return self  # on all but the first look of a day
        steady = replace(self, seen=today, trusted=today, jumped=None)
        if self.seen is None or (self.jumped and today < self.jumped) or self._has_waited(today):
            return steady
        if abs(today - self.seen) <= timedelta(days=MAY_PASS_DAYS):
            return replace(self, seen=today) if self.jumped else steady
        before = self.before_jumps | {self.seen}
        if today < self.seen:  # nothing is removed too early by it, and the way back is a jump like any other
            return replace(steady, before_jumps=before)
        return replace(self, seen=today, jumped=today, before_jumps=before)

    def day(self, today: date) -> date:
        """The day by which something may have expired: the last one before a jump, as long as that counts."""
        now = self.at(today)
        return min(today, now.trusted or today) if now.jumped else today

    @property
    def waits_until(self) -> date | None:
        return self.jumped + timedelta(days=WAIT_DAYS) if self.jumped else None

    def _has_waited(self, today: date) -> bool:
        if self.jumped is None or self.seen is None:
            return False
        steady = today - self.seen <= timedelta(days=MAY_PASS_DAYS)
        return steady and today >= self.jumped + timedelta(days=WAIT_DAYS)


def read(rows: SealedRows) -> Clock:
    """The clock as it was noted; before the first note, by the newest use of any record."""
    days = {name: rows.find_day(name) for name in (_SEEN, _TRUSTED, _JUMPED)}
    before = frozenset(filter(None, (_day_in(each) for each in rows.stored.ids(DAYS))))
    if days[_SEEN] is None:
        newest = rows.stored.newest_end(RECORDS)
        used = date.fromisoformat(newest) - timedelta(days=KEEP_DAYS) if newest else None
        return Clock(seen=used, trusted=used, before_jumps=before)
    return Clock(seen=days[_SEEN], trusted=days[_TRUSTED], jumped=days[_JUMPED], before_jumps=before)


def note(rows: SealedRows, today: date, *, sure: bool = False, seen: date | None = None) -> Clock:
    """The clock today, noted.

    `sure`: somebody says that this day is right; `seen`: a day on which this process saw the store in use.
    """
    known = read(rows)
    if seen and known.seen and known.seen < seen:
        known = replace(known, seen=seen)
    clock = known.at(today)
    if sure:
        clock = replace(clock, seen=today, trusted=today, jumped=None)
    if seen and clock.before_jumps != known.before_jumps:
        clock = replace(clock, before_jumps=clock.before_jumps | {seen})
    for before in clock.before_jumps - known.before_jumps:
        _put(rows, f"{_BEFORE}{before}", before)
    for name, day in ((_SEEN, clock.seen), (_TRUSTED, clock.trusted), (_JUMPED, clock.jumped)):
        _put(rows, name, day)
    return clock


def refuse_to_remove(rows: SealedRows, clock: Clock, today: date) -> None:
    """:raises RemovingWaits: after a jump, or where most records would go at once"""
    if clock.waits_until:
        raise RemovingWaits(
            f"the clock went from {clock.trusted} to {clock.jumped} at once, so nothing is removed before "
            f"{clock.waits_until}: set it right, or run flask purge --the-day-is-right"
        )
    expired, every = rows.stored.count_ended(RECORDS, today.isoformat()), rows.stored.count(RECORDS)
    if expired <= MANY or expired * 2 <= every:
        _put(rows, _MANY_WAIT, None)
        return
    since = rows.find_day(_MANY_WAIT) or today
    _put(rows, _MANY_WAIT, since)
    until = since + timedelta(days=WAIT_DAYS)
    if today < until:
        raise RemovingWaits(
            f"{expired} of {every} records would go at once, so nothing is removed before {until}: "
            "look at the clock, or run flask purge --the-day-is-right"
        )


def _day_in(name: str) -> date | None:
    try:
        return date.fromisoformat(name.removeprefix(_BEFORE)) if name.startswith(_BEFORE) else None
    except ValueError:  # damaged
        return None


def _put(rows: SealedRows, name: str, day: date | None) -> None:
    if day is None:
        rows.delete(DAYS, name)
    else:
        rows.put(DAYS, Row(row_id=name, bound={"day": day.isoformat()}, plain=b""))
