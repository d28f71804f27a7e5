"""What each record should hold, summed up under seal: rows cut, put back or made older from outside are noticed.

Each record has a tally, a sealed row with a sum for each table: of its own row, which version it is, and of its ticks,
shares and so on, which there are. The totals sum up all tallies, and all marks of what was erased (totals.py). A sum
adds keyed hashes modulo 2^128: a write changes it without a look at the other rows, so it never covers up what somebody
changed before.

The tally is compared whenever something of the record is read; the totals when the store opens, once a day, and in
every copy. Noticed only there: all rows of a record and its tally from an older copy. Not noticed here: an older
session; and the whole file, or all of one part and its total, from an older copy, for which there is a note beside the
key (note_beside_key.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from storage.model import SealBroken
from storage.rows.protocol import Rows, StoredRow
from storage.rows.sealing import Sealer
from storage.rows.tables import OWN, RECORDS, TALLIES, Table
from storage.rows.totals import MODULUS, PARTS, SUM_BYTES, Totals, as_bytes, part_of

_SUMMED = (RECORDS.name, *(table.name for table in OWN))  # a tally holds their sums in this order
_TAG_BYTES = 16


@dataclass(kw_only=True)
class _Tally:
    changes: int = 0
    sums: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_SUMMED, 0))
    later: tuple[int, ...] = ()
    """Of tables that a later release added, while servers of both run: they stay as that one wrote them."""


class Tallies:
    """The tallies as one transaction sees them. One that changes something ends with `write`."""

    def __init__(self, stored: Rows, sealer: Sealer) -> None:
        self._stored = stored
        self._sealer = sealer
        self.totals = Totals(stored, sealer)
        self._read: dict[str, _Tally] = {}
        self._changed: set[str] = set()
        self._compared: set[tuple[str, str]] = set()  # a transaction sees one moment

    def check_record(self, record_id: str, sealed: bytes) -> None:
        """:raises SealBroken: this row of the record is not the one that was written last"""
        if self._tally(record_id).sums["records"] != self._hash_of_record(record_id, sealed):
            raise SealBroken(f"records: row {record_id} is an older one, put back from outside")

    def check(self, table: Table, record_id: str) -> None:
        """:raises SealBroken: a row of this record in this table is gone or was put back"""
        if (table.name, record_id) in self._compared:
            return
        if not self._fits(table, record_id):
            raise SealBroken(f"{table.name}: a row of record {record_id} is gone or was put back from outside")
        self._compared.add((table.name, record_id))

    def written(self, record_id: str, sealed: bytes, *, new: bool) -> None:
        """This is the record's row now."""
        tally = self._read.setdefault(record_id, _Tally()) if new else self._tally(record_id)
        tally.sums["records"] = self._hash_of_record(record_id, sealed)
        self._changed.add(record_id)

    def added(self, table: Table, record_id: str, row_id: str) -> None:
        """There is one row more."""
        self._add(table, record_id, self.totals.hash(table.name, row_id))

    def removing(self, table: Table, record_id: str, row_id: str) -> None:
        """This row goes now. Where somebody put one back, the sum stays: without that row it fits again."""
        try:
            if self._fits(table, record_id):
                self._add(table, record_id, -self.totals.hash(table.name, row_id))
        except SealBroken:
            return

    def erasing(self, record_id: str) -> None:
        """The record goes now, with all that is its own."""
        self._changed.discard(record_id)
        try:
            self.totals.tally_removed(record_id, self._tally(record_id).changes)
        except SealBroken:
            self.totals.tally_lost(record_id)

    def write(self) -> None:
        """Writes what has changed."""
        for record_id in self._changed:
            self._put_tally(record_id, self._read[record_id])
            self.totals.tally_written(record_id, self._read[record_id].changes)
        self.totals.write()

    def check_all_of(self, record_id: str, own: Sequence[Table] = OWN) -> None:
        """:raises SealBroken: something of this record, in these tables, is not as it was written"""
        if found := self._stored.find(RECORDS, record_id):
            self.check_record(record_id, found.sealed)
        for table in own:
            self.check(table, record_id)

    def sum_up(self, changes: Mapping[str, int] | None = None) -> None:
        """Takes the file as it is: a tally for each record, and the totals. For a file that has none yet, or none under
        this key, where `changes` is how often something was written until now; no tally of before fits again."""
        known = self.totals.changes() if changes is None else changes
        now = {part: known.get(part, 0) + 1 for part in PARTS}
        for record_id in self._stored.ids(RECORDS):
            found = self._stored.find(RECORDS, record_id)
            sums = {table.name: self._sum_of_rows(table, record_id) for table in OWN}
            sums[RECORDS.name] = self._hash_of_record(record_id, found.sealed if found else b"")
            self._put_tally(record_id, _Tally(changes=now[part_of(record_id)] - 1, sums=sums))
        self.totals.take_as_they_are(now)

    def _tally(self, record_id: str) -> _Tally:
        if record_id not in self._read:
            found = self._stored.find(TALLIES, record_id)
            if found is None:
                raise SealBroken(f"tallies: row {record_id} is gone")
            plain = self._sealer.open("tallies", record_id, found.bound, found.sealed)
            sums = [int.from_bytes(plain[at : at + SUM_BYTES]) for at in range(0, len(plain), SUM_BYTES)]
            tables_since = (0,) * (len(_SUMMED) - len(sums))  # in which this record had nothing then
            self._read[record_id] = _Tally(
                changes=found.bound["changes"],
                sums=dict(zip(_SUMMED, (*sums, *tables_since), strict=False)),
                later=tuple(sums[len(_SUMMED) :]),
            )
        return self._read[record_id]

    def _put_tally(self, record_id: str, tally: _Tally) -> None:
        tally.changes += 1
        plain = b"".join(map(as_bytes, (*(tally.sums[table] for table in _SUMMED), *tally.later)))
        bound = {"changes": tally.changes}
        self._stored.put(TALLIES, StoredRow(record_id, bound, self._sealer.seal("tallies", record_id, bound, plain)))

    def _add(self, table: Table, record_id: str, hashed: int) -> None:
        self._tally(record_id).sums[table.name] += hashed
        self._changed.add(record_id)

    def _fits(self, table: Table, record_id: str) -> bool:
        return not (self._tally(record_id).sums[table.name] - self._sum_of_rows(table, record_id)) % MODULUS

    def _sum_of_rows(self, table: Table, record_id: str) -> int:
        return sum(self.totals.hash(table.name, row_id) for row_id in self._stored.ids_of(table, record_id))

    def _hash_of_record(self, record_id: str, sealed: bytes) -> int:
        return self.totals.hash("records", record_id, sealed[-_TAG_BYTES:].hex())
