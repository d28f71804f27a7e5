"""Sealed rows: those of an engine, opened with the key, and compared with what they are summed up to."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from storage.model import SealBroken
from storage.rows.clinic_keys import ClinicKeys
from storage.rows.marks import Marks, mark_of
from storage.rows.protocol import Rows, StoredRow, Wanted
from storage.rows.sealing import Sealer
from storage.rows.tables import (
    BACKUPS,
    DAYS,
    ERASED,
    HEALTH_LINKS,
    LINKS_AND_CODES,
    OWN,
    RECORDS,
    SHARES,
    TALLIES,
    Table,
)
from storage.rows.tallies import Tallies

log = logging.getLogger("firm_footing")
CHECK_NAME = "firm-footing"
MARKED = (RECORDS, LINKS_AND_CODES, SHARES, HEALTH_LINKS)
"""The tables of which a row leaves a mark when a person removes it."""
NEWEST_BACKUP = "newest"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One opened row: what its plain columns hold, and the bytes that were sealed."""

    row_id: str
    bound: Mapping[str, Any]
    plain: bytes


class SealedRows(Marks):
    """The rows as one transaction sees them. One that writes ends with `finish`.

    `stored` are the same as they lie there: for counting, and for removing whatever somebody did to them.
    """

    def __init__(self, stored: Rows, sealer: Sealer) -> None:
        super().__init__(stored, sealer, Tallies(stored, sealer))
        self.clinic_keys = ClinicKeys(stored, sealer)
        self.with_damage: set[str] = set()

    def finish(self) -> None:
        """Sums up what this transaction has changed."""
        self.tallies.write()

    def find(self, table: Table, row_id: str) -> Row | None:
        """The opened row.

        :raises SealBroken: it is damaged, belongs elsewhere, was sealed with another key, or was put back from outside
        """
        if table.has_key_of_clinic:
            raise TypeError(f"{table.name}: rows of a clinic are found with its id (clinics/scope.py)")
        found = self._stored(table, row_id)
        if found is None:
            return None
        row = self.open(table, found)
        if table is RECORDS:
            self.tallies.check_record(row_id, found.sealed)
        elif table in OWN:
            self.tallies.check(table, row.bound["record_id"])
        if table in MARKED and self.is_marked(row_id):
            raise SealBroken(f"{table.name}: row {row_id} was removed, and put back from outside")
        return row

    def has(self, table: Table, row_id: str) -> bool:
        """Whether there is such a row, damaged or not."""
        return self._stored(table, row_id) is not None

    def _stored(self, table: Table, row_id: str) -> StoredRow | None:
        return self.stored.find(table, row_id) if _may_be_ours(row_id) else None

    def open(self, table: Table, found: StoredRow) -> Row:
        """The row opened, and not compared. :raises SealBroken: it is damaged, or was sealed with another key"""
        sealer = self.sealer_of(table, found.row_id, found.bound)
        plain = sealer.open(table.name, found.row_id, found.bound, found.sealed)
        return Row(row_id=found.row_id, bound=found.bound, plain=plain)

    def put(self, table: Table, row: Row) -> None:
        """Writes the row, over the one that has this id."""
        sealed = self.seal(table, row)
        if table is RECORDS:
            self.tallies.written(row.row_id, sealed, new=not self.has(table, row.row_id))
        elif table in OWN and not self.has(table, row.row_id):
            self.tallies.added(table, row.bound["record_id"], row.row_id)
        self.stored.put(table, StoredRow(row.row_id, row.bound, sealed))

    def seal(self, table: Table, row: Row) -> bytes:
        """The row as it is kept."""
        return self.sealer_of(table, row.row_id, row.bound).seal(table.name, row.row_id, row.bound, row.plain)

    def sealer_of(self, table: Table, row_id: str, bound: Mapping[str, Any]) -> Sealer:
        """What seals and opens such a row: the key of the clinic that it names, else that of all."""
        if not table.has_key_of_clinic or bound.get("clinic_id", "") is None:
            return self._sealer
        return self.clinic_keys.sealer_of(row_id if table.row_id == "clinic_id" else bound["clinic_id"])

    def find_by_key(self, table: Table, record_id: str, submit_key_hash: str) -> Row | None:
        """What this record made with this key."""
        found = self.stored.id_by(table, {"record_id": record_id, "submit_key_hash": submit_key_hash})
        row = self.find(table, found) if found else None
        if row and (row.bound["record_id"], row.bound["submit_key_hash"]) != (record_id, submit_key_hash):
            raise SealBroken(f"{table.name}: the index by submit key is damaged")
        return row

    def whole_of(self, table: Table, record_id: str) -> list[Row]:
        """This record's rows, in the order in which they came, without damaged ones, each of which stands by itself:
        the log says how many they are, and `with_damage` of which records.

        :raises SealBroken: one of them is gone, or was put back
        """
        rows, found = [], self.stored.all_of(table, record_id)
        for each in found:
            with suppress(SealBroken):
                rows.append(self.open(table, each))
        self.tallies.check(table, record_id)
        if len(rows) < len(found):
            log.error("storage: %d damaged rows of %s were left out of a list", len(found) - len(rows), table.name)
            self.with_damage.add(record_id)
        return rows

    def all(self, table: Table) -> Iterator[Row]:
        """Every row of a table. :raises SealBroken: one of them is damaged, or was sealed with another key"""
        return (self.open(table, each) for each in self.stored.all(table))

    def ids_of(self, table: Table, record_id: str) -> list[str]:
        """The ids of this record's rows, in the order in which they came.

        :raises SealBroken: one of them is gone, or was put back
        """
        self.tallies.check(table, record_id)
        return self.stored.ids_of(table, record_id)

    def delete(self, table: Table, row_id: str) -> None:
        """Removes one row for good, damaged or not."""
        found = self.stored.find(table, row_id) if table in OWN else None
        if found:
            self.tallies.removing(table, found.bound["record_id"], row_id)
        self.stored.delete(table, row_id)

    def delete_of(self, record_id: str, table: Table, row_id: str) -> None:
        """The same for a row of this record; one of another stays."""
        if row_id in self.stored.ids_of(table, record_id):
            self.delete(table, row_id)

    def erase(self, record_id: str) -> Mapping[str, int]:
        """Removes a record and all that is its own, damaged or not; how many rows of each table it had."""
        counts = {table.name: len(self.stored.ids_of(table, record_id)) for table in OWN}
        self.tallies.erasing(record_id)
        self.stored.delete(RECORDS, record_id)
        return counts

    def marked(self, table: Table) -> list[str]:
        """The ids of the rows that are here although they were erased: those that a backup brought back."""
        return self.marked_of(self.stored.ids(table))

    def find_day(self, name: str) -> date | None:
        """A day that was noted under this name; None where it was not, or the note is damaged."""
        try:
            row = self.find(DAYS, name)
        except SealBroken:
            return None
        return date.fromisoformat(row.bound["day"]) if row else None

    def newest_backup(self) -> str | None:
        """The day of the newest backup, or None before the first."""
        row = self.find(BACKUPS, NEWEST_BACKUP)
        return str(row.bound["day"]) if row else None

    def note_backup(self, day: str) -> None:
        """Notes a backup of this day, unless there is a newer one; a damaged note is mended."""
        try:
            noted = self.newest_backup() or ""
        except SealBroken:
            noted = ""
        if day > noted:
            self.put(BACKUPS, Row(row_id=NEWEST_BACKUP, bound={"day": day}, plain=b""))


def of_record(sealer: Sealer, record_id: str) -> Wanted:
    """What `find` asks for a record."""
    return (RECORDS, record_id), (TALLIES, record_id), (ERASED, mark_of(sealer, record_id))


def ours(wanted: Wanted) -> Wanted:
    """Those that may be there."""
    return [(table, row_id) for table, row_id in wanted if _may_be_ours(row_id)]


def _may_be_ours(row_id: str) -> bool:
    """Lone surrogates and NUL are not taken by every engine."""
    return row_id.isascii() and row_id.isprintable()
