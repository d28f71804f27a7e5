"""Counts, as verbs: a row for each who used something up, which nobody else writes, and no sum that everybody would."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from storage.counts import Use
from storage.repeating import repeated
from storage.rows.protocol import StoredRow
from storage.rows.tables import COUNTS
from storage.store.transactions import Transactions
from storage.time_limits import BUDGET

HOUR_MS = BUDGET.milliseconds
PARTS = 1000
"""Whole numbers are kept: thousandths of what is counted."""
AHEAD_MS = HOUR_MS // 60
"""What was counted later than this from now on was counted by a clock that was ahead: it is over."""
FORGOTTEN_AT_ONCE = 500
_HASH_BYTES = 16


@dataclass(frozen=True, kw_only=True)
class _Counted:
    """`used` is what has not run off at `used_at`; `spent` is all of a clock hour, `spent_before` of that before it."""

    hour: str
    used: int = 0
    used_at: int
    spent: int = 0
    spent_before: int = 0

    @classmethod
    def of(cls, bound: Mapping[str, Any]) -> "_Counted":
        return cls(**{name: bound[name] for name in ("hour", "used", "used_at", "spent", "spent_before")})

    def at(self, now: int, an_hour: float) -> "_Counted":
        """The same at this moment, in milliseconds since 1970, where so much has run off since."""
        if self.used_at > now + AHEAD_MS:
            return _Counted(hour=_hour(now), used_at=now)
        run_off = int(max(0, now - self.used_at) * an_hour * PARTS / HOUR_MS)
        later = replace(self, hour=_hour(now), used=max(0, self.used - run_off), used_at=max(now, self.used_at))
        if self.hour == _hour(now):
            return later
        is_next = self.hour == _hour(now - HOUR_MS)
        return replace(later, spent=0, spent_before=self.spent if is_next else 0)


class Counting(Transactions):
    """Part of the store; `Counts` says what each verb owes."""

    @repeated
    def use_up(self, uses: Sequence[Use]) -> int:
        by_id = {self._count_id(use): use for use in uses}
        with self.engine.counting(sorted(by_id)) as rows:
            now, counted = rows.now(), {}
            for row_id, use in by_id.items():
                found = rows.find(COUNTS, row_id)
                before = _Counted.of(found.bound) if found else _Counted(hour=_hour(now), used_at=now)
                counted[row_id] = before.at(now, use.an_hour)
            wait = max(_seconds_until(use, counted[row_id]) for row_id, use in by_id.items())
            if not wait:
                for row_id, use in by_id.items():
                    rows.put(COUNTS, _row(row_id, use, counted[row_id]))
        return wait

    def total_used(self, kind: str) -> float:
        with self.engine.reading() as rows:
            now = rows.now()
            this, last = ({"kind": kind, "hour": _hour(each)} for each in (now, now - HOUR_MS))
            before = rows.total_of(COUNTS, "spent_before", this) + rows.total_of(COUNTS, "spent", last)
            share = 1 - now % HOUR_MS / HOUR_MS
            return (rows.total_of(COUNTS, "spent", this) + share * before) / PARTS

    def connections(self) -> Mapping[str, int]:
        return self.engine.pool()

    @repeated
    def forget_counts(self) -> int:
        with self.engine.writing() as rows:
            found = rows.ended(COUNTS, _hour(rows.now() - HOUR_MS), FORGOTTEN_AT_ONCE)
            for each in found:
                rows.delete(COUNTS, each)
        return len(found)

    def _count_id(self, use: Use) -> str:
        """Without the key nobody can tell of whom, not even by trying every address there is."""
        named = f"{use.kind}\0{use.who}".encode("utf-8", "surrogatepass")
        return hashlib.blake2b(named, key=self._sealer.derive("counts"), digest_size=_HASH_BYTES).hexdigest()


def _seconds_until(use: Use, counted: _Counted) -> int:
    over = counted.used / PARTS + use.amount - use.most
    return int(over * HOUR_MS / 1000 / use.an_hour) + 1 if use.amount > 0 and over > 0 else 0


def _row(row_id: str, use: Use, counted: _Counted) -> StoredRow:
    amount = round(use.amount * PARTS)
    used, spent = (max(0, each + amount) for each in (counted.used, counted.spent))
    columns = {"kind": use.kind, "hour": counted.hour, "used": used, "used_at": counted.used_at}
    return StoredRow(row_id, {**columns, "spent": spent, "spent_before": counted.spent_before})


def _hour(moment: int) -> str:
    """The clock hour of a moment in milliseconds, as text that is in order: 2026-11-29T17."""
    return f"{datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=moment):%Y-%m-%dT%H}"
