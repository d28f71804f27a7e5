"""Marks of what a person erased or took back, by which a copy of before does not bring it back.

A mark is a keyed hash of an id: it names to nobody what is gone.
"""

import hmac
from collections.abc import Iterable, Mapping

from sqlite_utils import Database

from storage.rows.sealing import Sealer
from storage.rows.tallies import Tallies


class Marks:
    """The marks as one transaction sees them."""

    def __init__(self, db: Database, sealer: Sealer, tallies: Tallies) -> None:
        self._db = db
        self._sealer = sealer
        self.tallies = tallies

    def mark_erased(self, row_id: str, day: str) -> None:
        """Notes that this record was erased, or this way in taken back, on this day; nobody learns which one it was."""
        self.add_marks({self._mark(row_id): day})

    def marked_of(self, ids: Iterable[str]) -> list[str]:
        """Those of these ids that were erased."""
        marks = self.marks()
        return [each for each in ids if self._mark(each) in marks] if marks else []

    def marks(self) -> dict[str, str]:
        """Every mark and its day."""
        return dict(self._db.execute("SELECT mark, day FROM erased").fetchall())

    def add_marks(self, marks: Mapping[str, str]) -> None:
        """Adds marks; of two days the later one stands."""
        known = self.marks() if len(marks) > 1 else {each: day for each in marks if (day := self._day_of_mark(each))}
        new = {mark: day for mark, day in marks.items() if day > known.get(mark, "")}
        self.tallies.unmarked((mark, known[mark]) for mark in new if mark in known)
        self.tallies.marked(new.items())
        self._db.conn.executemany("INSERT OR REPLACE INTO erased VALUES (?, ?)", tuple(new.items()))

    def forget_marks(self, before: str) -> None:
        """Lets go of marks that no backup is old enough for any more."""
        self.tallies.unmarked(self._db.execute("SELECT mark, day FROM erased WHERE day < ?", (before,)).fetchall())
        self._db.execute("DELETE FROM erased WHERE day < ?", (before,))

    def is_marked(self, row_id: str) -> bool:
        """Whether what has this id was erased, or taken back."""
        return self._day_of_mark(self._mark(row_id)) is not None

    def _day_of_mark(self, mark: str) -> str | None:
        found = self._db.execute("SELECT day FROM erased WHERE mark = ?", (mark,)).fetchone()
        return str(found[0]) if found else None

    def _mark(self, row_id: str) -> str:
        return hmac.digest(self._sealer.derive("erased"), row_id.encode("utf-8", "surrogatepass"), "sha256").hex()
