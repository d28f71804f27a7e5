"""What the verbs of the store share: one transaction each, the record that is alive, and how long it lives."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Protocol

from storage.model import KEEP_DAYS, RecordNotFound, SealBroken, StorageError
from storage.repeating import repeated
from storage.rows import clock
from storage.rows.clock import Clock
from storage.rows.note_beside_key import Noted
from storage.rows.protocol import Engine, Wanted
from storage.rows.sealed_rows import Row, SealedRows, of_record, ours
from storage.rows.sealing import Sealer
from storage.rows.tables import RECORDS, TOTALS
from storage.rows.totals import part_of
from storage.store.check_row import use_present_key
from storage.store.pace import Pace

ID_BYTES = 16


class Erasures(Protocol):
    """A list of what was erased that lies beside the key, and is no part of the database."""

    def read(self) -> Mapping[str, str]:
        """Marks (rows/marks.py) and their days."""

    def add(self, marks: Mapping[str, str]) -> None:
        """They are on disk when this returns; where that fails, the log says so."""

    def follow(self, marks: Mapping[str, str], before: Mapping[str, str]) -> None:
        """Only these from now on, and what was added since it was read as `before`."""


class Transactions:
    """A store's engine, key and clock."""

    def __init__(
        self,
        engine: Engine,
        sealer: Sealer,
        today: Callable[[], date],
        noted: Noted | None = None,
        listed: Erasures | None = None,
    ) -> None:
        self.engine = engine
        self._sealer = sealer
        self._today = today
        self._pace = Pace()
        self._clock = Clock()
        self._watched = Clock()  # the same, with the days that this process saw since
        self._noted = noted
        self._listed = listed
        self._is_noted = True
        self._is_listed: set[str] = set()  # erasures, also of others, that this process knows to be listed
        self._with_damage: set[str] = set()
        self._read_clock()

    def _read_clock(self) -> None:
        """The days on which this store was in use, as they were noted; where that is damaged, nothing has expired."""
        try:
            with self._reading() as rows:
                self._clock = clock.read(rows)
        except SealBroken:  # what is whole in the rest can still be read
            self._clock = Clock(seen=self._today(), trusted=date.min, jumped=self._today())
        self._watched = self._clock

    def has_damage(self, record_id: str) -> bool:
        return record_id in self._with_damage

    def days_before_jumps(self) -> frozenset[date]:
        self._look_at_the_clock()
        return self._watched.before_jumps

    def _look_at_the_clock(self) -> None:
        """Once a day; where it seems to have jumped, the days that every process noted decide, and this is noted."""
        today = self._today()
        if self._watched.seen == today:
            return
        before, self._watched = self._watched, self._watched.at(today)
        if self._watched.before_jumps != before.before_jumps:
            with suppress(StorageError):
                self._note_the_clock(today, before.seen)

    @repeated
    def _note_the_clock(self, today: date, seen: date | None) -> None:
        with self.engine.writing() as stored:
            use_present_key(stored, self._sealer)
            self._watched = clock.note(SealedRows(stored, self._sealer), today, seen=seen)

    @contextmanager
    def _looking(self, wanted: Wanted) -> Iterator[SealedRows]:
        """These rows and no others."""
        self._look_at_the_clock()
        with self.engine.looking(ours(wanted)) as stored:
            yield SealedRows(stored, self._sealer)

    @contextmanager
    def _reading(self, wanted: Wanted = ()) -> Iterator[SealedRows]:
        """`wanted` are rows that will be asked for."""
        self._look_at_the_clock()
        with self.engine.reading() as stored:
            if wanted:
                stored.fetch(ours(wanted))
            rows = SealedRows(stored, self._sealer)
            yield rows
        self._with_damage |= rows.with_damage

    @contextmanager
    def _writing(self, wanted: Wanted = ()) -> Iterator[SealedRows]:
        self._look_at_the_clock()
        with self.engine.writing() as stored:
            use_present_key(stored, self._sealer, ours(wanted))
            rows = SealedRows(stored, self._sealer)
            yield rows
            rows.finish()
        if self._listed and rows.new_marks:
            self._listed.add(rows.new_marks)
            self._is_listed.update(rows.new_marks)
        if rows.tallies.totals.has_written:
            self._is_noted = False
        if self._noted and self._noted.is_due:
            self._note()

    def _note(self) -> None:
        """Notes how far the database has come, unless another took its place."""
        if self._noted and not self._is_noted:
            with suppress(StorageError):
                with self._reading() as rows:
                    changes = rows.tallies.totals.changes()
                    days = (self._today(), self._today() - timedelta(days=1)) if self._listed else ()
                    marks = [rows.marks_of(day.isoformat()) for day in days]
                self._noted.write(changes)
                for each in marks:
                    self._list_those_of_others(each)
                self._is_noted = True

    def _list_those_of_others(self, marks: Mapping[str, str]) -> None:
        new = {mark: day for mark, day in marks.items() if mark not in self._is_listed}
        if self._listed and new:
            self._listed.add(new)
            self._is_listed.update(new)

    def _record(self, record_id: str) -> Wanted:
        """What `_get_record` asks for."""
        return of_record(self._sealer, record_id)

    def _record_to_change(self, record_id: str) -> Wanted:
        """The same, and what sums it up."""
        return *self._record(record_id), (TOTALS, part_of(record_id))

    def _get_record(self, rows: SealedRows, record_id: str) -> Row:
        row = rows.find(RECORDS, record_id)
        if row is None or not self._is_alive(row):
            raise RecordNotFound("no record is kept under this id")
        return row

    def _keep_alive(self, rows: SealedRows, record: Row) -> None:
        if (used := self._used(record)) != record:
            rows.put(RECORDS, used)

    def _used(self, record: Row, **columns: Any) -> Row:
        until = max(record.bound["expires"], self._expiry())  # a clock that was set back shortens nothing
        return replace(record, bound={**record.bound, "expires": until, **columns})

    def _expiry(self, days: int = KEEP_DAYS) -> str:
        return (self._today() + timedelta(days=days)).isoformat()

    def _is_alive(self, row: Row) -> bool:
        return bool(row.bound["expires"] >= self._clock.day(self._today()).isoformat())


def hashed(secret: str) -> str:
    """What stands in the database for something that must not lie open there."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
