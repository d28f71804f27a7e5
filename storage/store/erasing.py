"""Erasing and removing, as verbs: what a person takes away, what nobody used, and the room that both need."""

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, timedelta

from storage.clinics.remembered import LISTS
from storage.model import BACKUP_KEEP_DAYS, RecordNotFound, RemovingWaits, StorageError, StoreFull
from storage.repeating import repeated
from storage.rows.tables import HEALTH_LINKS, PHOTOS, RECORDS, Table
from storage.store import removing
from storage.store.transactions import Transactions


class Erasing(Transactions):
    """Part of the store; `Store` says what each verb owes."""

    def erase(self, record_id: str) -> Mapping[str, int]:
        try:
            counts = self._erase(record_id)
        except StoreFull:
            large = self._erase_large(record_id)
            counts = {**self._erase(record_id), **large}
        LISTS.forget()
        self.engine.leave_no_trace()
        return counts

    def reserve_room(self) -> None:
        self.engine.reserve_room()

    def find_backup_end(self) -> date | None:
        with self._reading() as rows:
            newest = removing.newest_backup(rows, self._today())
        return newest + timedelta(days=BACKUP_KEEP_DAYS) if newest else None

    def purge(self, *, sure: bool = False) -> Mapping[str, int]:
        try:
            with self.engine.alone("purge") as is_alone:
                if not is_alone:
                    raise RemovingWaits("another server is removing it right now")
                return self._purge(sure=sure)
        finally:
            self._let_list_follow()

    def _purge(self, *, sure: bool) -> Mapping[str, int]:
        noted = self._noted.read() if self._noted else {}  # before the look, as it may come further then
        with self._reading() as rows:
            rows.tallies.totals.log_faults(noted)
        try:
            removed = removing.purge(self._writing, self._today(), sure=sure)
        finally:
            self._read_clock()
        if any(removed.values()):
            self.engine.leave_no_trace()
        return removed

    def _let_list_follow(self) -> None:
        """So that it holds an old mark for no longer than the database does. A new one stays: if the database was put
        back while this server ran, its next start needs it."""
        if self._listed:
            before, since = self._listed.read(), (self._today() - timedelta(days=BACKUP_KEEP_DAYS)).isoformat()
            with suppress(StorageError):
                with self._reading() as rows:
                    marks = rows.marks()
                self._listed.follow({**{mark: day for mark, day in before.items() if day > since}, **marks}, before)

    @repeated
    def _erase(self, record_id: str) -> Mapping[str, int]:
        with self._writing() as rows:
            if not rows.has(RECORDS, record_id):
                raise RecordNotFound("no record is kept under this id")
            return removing.erase(rows, record_id, self._today())

    def _erase_large(self, record_id: str) -> Mapping[str, int]:
        """One by one: what a step overwrites has to fit into what room is left, and the rest of a record is small."""
        self.engine.give_up_room()
        self.engine.leave_no_trace()
        with self._reading() as rows:
            large = [(table, each) for table in (PHOTOS, HEALTH_LINKS) for each in rows.stored.ids_of(table, record_id)]
        for table, each in large:
            self._erase_one(table, record_id, each)
            self.engine.leave_no_trace()
        return Counter(table.name for table, _ in large)

    @repeated
    def _erase_one(self, table: Table, record_id: str, row_id: str) -> None:
        with self._writing() as rows:
            rows.delete_of(record_id, table, row_id)
