"""What the verbs of the store share: one transaction each, the record that is alive, and how long it lives."""

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Literal

from storage import clock
from storage.ballast import Ballast
from storage.clock import Clock
from storage.connecting import Connections
from storage.model import KEEP_DAYS, RecordNotFound, SealBroken
from storage.noted import Noted
from storage.rows import RECORDS, Row, Rows
from storage.sealing import Sealer

ID_BYTES = 16


class SqliteBase:
    """A store's connections, key and clock."""

    def __init__(
        self,
        connections: Connections,
        sealer: Sealer,
        today: Callable[[], date],
        now: Callable[[], float] = time.time,
    ) -> None:
        self._connections = connections
        self._sealer = sealer
        self._today = today
        self._now = now
        self._clock = Clock()
        self._noted: Noted | None = None
        self._ballast: Ballast | None = None

    def _read_clock(self) -> None:
        """The days on which this store was in use, as they were noted; where that is damaged, nothing has expired."""
        try:
            with self._rows("BEGIN") as rows:
                self._clock = clock.read(rows)
        except SealBroken:  # what is whole in the rest can still be read
            self._clock = Clock(seen=self._today(), trusted=date.min, jumped=self._today())

    @contextmanager
    def _rows(self, kind: Literal["BEGIN", "BEGIN IMMEDIATE"]) -> Iterator[Rows]:
        if self._ballast and kind == "BEGIN IMMEDIATE":
            self._ballast.keep()
        with self._connections.transaction(kind) as db:
            rows = Rows(db, self._sealer)
            yield rows
            rows.finish()
        if self._noted and rows.tallies.changed_to:
            self._noted.committed(rows.tallies.changed_to)

    def _get_record(self, rows: Rows, record_id: str) -> Row:
        row = rows.find(RECORDS, record_id)
        if row is None or not self._is_alive(row):
            raise RecordNotFound("no record is kept under this id")
        return row

    def _keep_alive(self, rows: Rows, record: Row) -> None:
        if (used := self._used(record)) != record:
            rows.put(RECORDS, used)

    def _used(self, record: Row, **columns: Any) -> Row:
        until = max(record.bound["expires"], self._expiry())  # a clock that was set back shortens nothing
        return replace(record, bound={**record.bound, "expires": until, **columns})

    def _expiry(self) -> str:
        return (self._today() + timedelta(days=KEEP_DAYS)).isoformat()

    def _is_alive(self, row: Row) -> bool:
        return bool(row.bound["expires"] >= self._clock.day(self._today()).isoformat())


def hashed(secret: str) -> str:
    """What stands in the database for something that must not lie open there."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
