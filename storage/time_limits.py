"""Everything that time alone ends, in one place: what ends, after how long, and what a wrong clock cannot do to it.

The code takes its numbers from here, and tests/test_time_limits.py tries each with a clock that is wrong. Waits of
seconds inside one request are not here: they go by a clock that never jumps (time.monotonic).
"""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, kw_only=True)
class TimeLimit:
    """How long something lasts; the day or instant that it is counted from lies with what it ends."""

    after: timedelta
    ends: str
    if_wrong: str

    @property
    def days(self) -> int:
        return self.after.days

    @property
    def seconds(self) -> int:
        return int(self.after.total_seconds())

    @property
    def milliseconds(self) -> int:
        return self.seconds * 1000


ANSWERS_STAY = TimeLimit(
    after=timedelta(days=90),
    ends="a record, and what a browser may open, since it was last used",
    if_wrong="after a jump nothing is removed and nothing has expired for a week; one set back shortens nothing",
)
BACKED_UP = TimeLimit(
    after=timedelta(days=30),
    ends="a backup, and the marks by which it brings back nobody who was erased",
    if_wrong="after a jump none is removed, and never the newest",
)
SHARED = TimeLimit(
    after=timedelta(days=90),
    ends="what is shared, at the latest; its owner may choose an earlier day",
    if_wrong="what was over by a wrong day is there again on the right one: its row stays after a jump",
)
A_DAY_AT_THE_CLINIC = TimeLimit(
    after=timedelta(hours=24),
    ends="a file for a clinic's computer, unless its owner chose a week",
    if_wrong="as for a week",
)
HEALTH_LINK = TimeLimit(
    after=timedelta(days=7),
    ends="a file for a clinic's computer, at the latest",
    if_wrong="what was over by a wrong clock opens again by the right one: its row stays after a jump",
)
EMPTY_SESSION = TimeLimit(
    after=timedelta(days=1),
    ends="what a browser chose, where it may open nothing",
    if_wrong="it chooses its language and letters again; after a jump none ends for a week",
)
BUDGET = TimeLimit(
    after=timedelta(hours=1),
    ends="what one client, and all, had kept and is counted",
    if_wrong="one set forward ends it early, once; what was counted by a clock that was ahead is over",
)
SIGNS = TimeLimit(
    after=timedelta(hours=24),
    ends="warning signs, and none of these, since they were ticked",
    if_wrong="a sign stands after a jump until it is answered anew; none of these was then never asked",
)
SET_RIGHT = TimeLimit(
    after=timedelta(hours=1),
    ends="none of these, where a clock was set back by more than this since",
    if_wrong="it is asked anew",
)
ASKED_ANEW = TimeLimit(
    after=timedelta(days=7),
    ends="a check again that was begun, and the time in which answers need no asking again",
    if_wrong="answers and what was asked stay; at most more is asked",
)
WORTH_A_CHECK = TimeLimit(
    after=timedelta(days=30),
    ends="the silence of a plan's page about checking again",
    if_wrong="the page speaks of it too early or too late; nothing else hangs on it",
)
ON_THE_PHONE = TimeLimit(
    after=timedelta(days=7),
    ends="answers of a walk that a phone has not sent yet",
    if_wrong="the phone says how long ago, not when; an answer from the future keeps no newer one out",
)
MAY_PASS = TimeLimit(
    after=timedelta(days=10),
    ends="the belief in a clock, where nobody used the store for longer",
    if_wrong="everything waits, as after a jump",
)
JUMP = TimeLimit(
    after=timedelta(days=7),
    ends="the waiting after a jump, where no other comes",
    if_wrong="the week begins anew with every jump, and ends at once when the clock is right again",
)
REMOVED = TimeLimit(
    after=timedelta(days=1),
    ends="the pause before what has expired is removed",
    if_wrong="it goes by a clock that never jumps",
)
PERSON_STAYS = TimeLimit(
    after=timedelta(days=365),
    ends="somebody on a clinic's list, since the day of their visit, where their record did not end before",
    if_wrong="after a jump nothing is removed for a week",
)
AUDIT_STAYS = TimeLimit(
    after=timedelta(days=6 * 365),
    ends="a line of a clinic's audit log, where the clinic names no other time",
    if_wrong="after a jump nothing is removed for a week",
)
PRINTED = TimeLimit(
    after=timedelta(days=7),
    ends="a print job, with what was to be printed and the file that was made",
    if_wrong="after a jump none is removed; what ended too early can be printed again",
)
IMPORTED = TimeLimit(
    after=timedelta(days=3),
    ends="a table of people that a clinic has sent in",
    if_wrong="after a jump none is removed; what ended too early can be sent in again",
)
PRINT_LEASE = TimeLimit(
    after=timedelta(minutes=1),
    ends="the belief in a worker that says nothing",
    if_wrong="another makes the same file, and one of the two is kept; no lease lasts longer than one that begins now",
)
STAFF_IDLE = TimeLimit(
    after=timedelta(minutes=15),
    ends="the work of somebody at a clinic, until the password comes again",
    if_wrong="it is locked, and what was typed waits; one set back does not prolong it",
)
STAFF_SIGNED_IN = TimeLimit(
    after=timedelta(hours=12),
    ends="a sign-in of somebody at a clinic",
    if_wrong="they sign in again; one set back does not prolong it",
)
CODE_ASKED = TimeLimit(
    after=timedelta(minutes=10),
    ends="the time for the six digits, after the password",
    if_wrong="they sign in again; one set back does not prolong it",
)
SET_UP = TimeLimit(
    after=timedelta(days=7),
    ends="the link by which somebody at a clinic chooses a password",
    if_wrong="a manager makes another; one set back prolongs it by as much",
)
ANSWERS_ARE_NEW = TimeLimit(
    after=timedelta(days=90),
    ends="the time in which a clinic's list takes answers for those of this visit",
    if_wrong="they are asked anew, or shown with their day; nothing is removed",
)
TABLET_IDLE = TimeLimit(
    after=timedelta(seconds=120),
    ends="what a tablet at a clinic's desk holds of somebody, where nobody touched it",
    if_wrong="a clock set forward ends it at once, one set back later; what was answered is kept",
)
TABLET_NOTED = TimeLimit(
    after=timedelta(seconds=5),
    ends="the pause between two notes that somebody uses such a tablet",
    if_wrong="it is noted at once, or the tablet ends earlier; what was answered is kept",
)
WAY_IN = TimeLimit(
    after=timedelta(minutes=15),
    ends="a square on a clinic's screen that leads to somebody's questions",
    if_wrong="it leads nowhere, or for longer, and never twice",
)
EVERY = {name: each for name, each in globals().items() if isinstance(each, TimeLimit)}
