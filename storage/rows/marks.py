"""Marks of what a person erased or took back, by which a copy of before does not bring it back.

A mark is a keyed hash of an id: it names to nobody what is gone.
"""

import hmac
from collections.abc import Iterable, Mapping

from storage.rows.protocol import Rows, StoredRow
from storage.rows.sealing import Sealer
from storage.rows.tables import ERASED
from storage.rows.tallies import Tallies


class Marks:
    """The marks as one transaction sees them."""

    def __init__(self, stored: Rows, sealer: Sealer, tallies: Tallies) -> None:
        self.stored = stored
        self._sealer = sealer
        self.tallies = tallies
        self.new_marks: dict[str, str] = {}
        """Those that this transaction adds."""

    def mark_erased(self, row_id: str, day: str) -> None:
        """Notes that this record was erased, or this way in taken back, on this day; nobody learns which one it was."""
        self.add_marks({self._mark(row_id): day})

    def marked_of(self, ids: Iterable[str]) -> list[str]:
        """Those of these ids that were erased."""
        marks = self.marks()
        return [each for each in ids if self._mark(each) in marks] if marks else []

    def marks(self) -> dict[str, str]:
        """Every mark and its day."""
        return {each.row_id: each.bound["day"] for each in self.stored.all(ERASED)}

    def marks_of(self, day: str) -> dict[str, str]:
        """Those of one day."""
        return {each.row_id: day for each in self.stored.where(ERASED, {"day": day})}

    def add_marks(self, marks: Mapping[str, str]) -> None:
        """Adds marks; of two days the later one stands."""
        for mark, day in marks.items():
            known = self.stored.find(ERASED, mark)
            if known is None or known.bound["day"] < day:
                if known:
                    self.tallies.totals.unmarked(mark, known.bound["day"])
                self.tallies.totals.marked(mark, day)
                self.stored.put(ERASED, StoredRow(mark, {"day": day}))
                self.new_marks[mark] = day

    def forget_marks(self, before: str) -> None:
        """Lets go of marks that no backup is old enough for any more."""
        for mark, day in self.marks().items():
            if day < before:
                self.tallies.totals.unmarked(mark, day)
                self.stored.delete(ERASED, mark)

    def is_marked(self, row_id: str) -> bool:
        """Whether what has this id was erased, or taken back."""
        return self.stored.find(ERASED, self._mark(row_id)) is not None

    def _mark(self, row_id: str) -> str:
        return mark_of(self._sealer, row_id)


def mark_of(sealer: Sealer, row_id: str) -> str:
    """What is noted of this id once it is erased."""
    return hmac.digest(sealer.derive("erased"), row_id.encode("utf-8", "surrogatepass"), "sha256").hex()
