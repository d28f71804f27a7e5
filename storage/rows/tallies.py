"""What the file should hold, summed up under seal, so that rows cut, put back or made older from outside are noticed.

Each record has a tally, a sealed row with a sum for each table: of its own row, which version it is, and of its
ticks, shares and so on, which there are. One total sums up all tallies, and all marks of what was erased. A sum adds
keyed hashes modulo 2^128: a write changes it without a look at the other rows, so it never covers up what somebody
changed before.

The tally is compared whenever something of the record is read; the total when the store opens, once a day, and in
every copy. Noticed only there: all rows of a record and its tally from an older copy. Not noticed here: an older
session, and a whole older file, for which there is a note beside the key (note_beside_key.py).
"""

import hashlib
import logging
import struct
from dataclasses import dataclass, field

from storage.model import SealBroken
from storage.rows.protocol import Rows, Stored
from storage.rows.sealing import Sealer
from storage.rows.tables import ERASED, OWN, RECORDS, TALLIES, TOTALS, Table

log = logging.getLogger("firm_footing")
_SUMMED = (RECORDS.name, *(table.name for table in OWN))  # a tally holds their sums in this order
_SUM_BYTES, _TAG_BYTES = 16, 16
_MODULUS = 1 << (8 * _SUM_BYTES)
_TOTAL = struct.Struct(">16s16sQ")
_NAME = "all"


@dataclass(kw_only=True)
class _Tally:
    changes: int = 0
    sums: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_SUMMED, 0))


@dataclass(kw_only=True)
class _Total:
    """`changes` grows with each tally that is written, and never shrinks."""

    tallies: int = 0
    marks: int = 0
    changes: int = 0


class Tallies:
    """The tallies as one transaction sees them. One that changes something ends with `write`."""

    def __init__(self, stored: Rows, sealer: Sealer) -> None:
        self._stored = stored
        self._sealer = sealer
        self._key = sealer.derive("tallies")
        self._read: dict[str, _Tally] = {}
        self._changed: set[str] = set()
        self._compared: set[tuple[str, str]] = set()  # a transaction sees one moment
        self._erased: list[tuple[str, int]] = []
        self._marks = 0
        self._must_sum_anew = False
        self.changed_to = 0
        """After `write`: how often something was written, ever; 0 where nobody can tell."""

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
        self._add(table, record_id, self._hash(table.name, row_id))

    def removing(self, table: Table, record_id: str, row_id: str) -> None:
        """This row goes now. Where somebody put one back, the sum stays: without that row it fits again."""
        try:
            if self._fits(table, record_id):
                self._add(table, record_id, -self._hash(table.name, row_id))
        except SealBroken:
            return

    def erasing(self, record_id: str) -> None:
        """The record goes now, with all that is its own. Where its tally is damaged, the others are summed anew."""
        try:
            self._erased.append((record_id, self._tally(record_id).changes))
        except SealBroken:
            self._must_sum_anew = True
        self._changed.discard(record_id)

    def marked(self, mark: str, day: str) -> None:
        """This mark with its day is there from now on."""
        self._marks += self._hash("erased", mark, day)

    def unmarked(self, mark: str, day: str) -> None:
        """This mark goes now."""
        self._marks -= self._hash("erased", mark, day)

    def write(self) -> None:
        """Writes what has changed. A total that is damaged stays so, to be told of, and keeps nobody from writing."""
        if not (self._changed or self._erased or self._marks or self._must_sum_anew):
            return
        found = self._find_total()
        total = found or _Total()
        total.marks += self._marks
        for record_id, changes in self._erased:
            total.tallies -= self._hash_of_tally(record_id, changes)
        for record_id in self._changed:
            tally = self._read[record_id]
            total.tallies += self._hash_of_tally(record_id, tally.changes + 1)
            total.tallies -= self._hash_of_tally(record_id, tally.changes)
            self._put_tally(record_id, tally)
        total.changes += len(self._erased) + len(self._changed)
        if self._must_sum_anew:
            total.tallies = self._sum_of_tallies()
        if found:
            self._put_total(total)
            self.changed_to = total.changes

    def fault(self) -> str | None:
        """What does not fit the total, as the end of a sentence."""
        total = self._find_total()
        if total is None:
            return "its total is gone or damaged"
        if total.tallies % _MODULUS != self._sum_of_tallies() % _MODULUS:
            return "records were removed, put back or replaced by older ones from outside"
        if total.marks % _MODULUS != self._sum_of_marks() % _MODULUS:
            return "notes of what was erased were changed from outside"
        return None

    def log_fault(self) -> None:
        """Tells whoever runs the app; whoever only uses it goes on."""
        if fault := self.fault():
            log.error(
                "the database does not hold what was written: %s. Look who can write its folder, "
                "and put back the newest backup with flask restore FILE",
                fault,
            )

    def marks_fit(self) -> bool:
        """Whether no mark was taken out."""
        total = self._find_total()
        return total is not None and total.marks % _MODULUS == self._sum_of_marks() % _MODULUS

    def check_all_of(self, record_id: str) -> None:
        """:raises SealBroken: something of this record is not as it was written"""
        if found := self._stored.find(RECORDS, record_id):
            self.check_record(record_id, found.sealed)
        for table in OWN:
            self.check(table, record_id)

    def changes(self) -> int:
        """How often something was written, ever; 0 where nobody can tell."""
        total = self._find_total()
        return total.changes if total else 0

    def sum_up(self, changes: int | None = None) -> None:
        """Takes the file as it is: a tally for each record, and the total. For a file that has none yet, or none under
        this key, where `changes` is how often something was written until now."""
        known = self.changes() if changes is None else changes
        for record_id in self._stored.ids(RECORDS):
            found = self._stored.find(RECORDS, record_id)
            sums = {table.name: self._sum_of_rows(table, record_id) for table in OWN}
            sums["records"] = self._hash_of_record(record_id, found.sealed if found else b"")
            self._put_tally(record_id, _Tally(sums=sums))
            known += 1
        self._put_total(_Total(tallies=self._sum_of_tallies(), marks=self._sum_of_marks(), changes=known))

    def _tally(self, record_id: str) -> _Tally:
        if record_id not in self._read:
            found = self._stored.find(TALLIES, record_id)
            if found is None:
                raise SealBroken(f"tallies: row {record_id} is gone")
            plain = self._sealer.open("tallies", record_id, found.bound, found.sealed)
            sums = (plain[at : at + _SUM_BYTES] for at in range(0, len(plain), _SUM_BYTES))
            self._read[record_id] = _Tally(
                changes=found.bound["changes"], sums=dict(zip(_SUMMED, map(int.from_bytes, sums), strict=True))
            )
        return self._read[record_id]

    def _put_tally(self, record_id: str, tally: _Tally) -> None:
        tally.changes += 1
        plain = b"".join(_bytes(tally.sums[table]) for table in _SUMMED)
        bound = {"changes": tally.changes}
        self._stored.put(TALLIES, Stored(record_id, bound, self._sealer.seal("tallies", record_id, bound, plain)))

    def _find_total(self) -> _Total | None:
        found = self._stored.find(TOTALS, _NAME)
        plain = b""
        try:
            if found:
                plain = self._sealer.open("totals", _NAME, {}, found.sealed)
            tallies, marks, changes = _TOTAL.unpack(plain)
        except (SealBroken, struct.error):
            return None
        return _Total(tallies=int.from_bytes(tallies), marks=int.from_bytes(marks), changes=changes)

    def _put_total(self, total: _Total) -> None:
        plain = _TOTAL.pack(_bytes(total.tallies), _bytes(total.marks), total.changes)
        self._stored.put(TOTALS, Stored(_NAME, {}, self._sealer.seal("totals", _NAME, {}, plain)))

    def _add(self, table: Table, record_id: str, hashed: int) -> None:
        self._tally(record_id).sums[table.name] += hashed
        self._changed.add(record_id)

    def _fits(self, table: Table, record_id: str) -> bool:
        return not (self._tally(record_id).sums[table.name] - self._sum_of_rows(table, record_id)) % _MODULUS

    def _sum_of_rows(self, table: Table, record_id: str) -> int:
        return sum(self._hash(table.name, row_id) for row_id in self._stored.ids_of(table, record_id))

    def _sum_of_tallies(self) -> int:
        return sum(self._hash_of_tally(each.row_id, each.bound["changes"]) for each in self._stored.all(TALLIES))

    def _sum_of_marks(self) -> int:
        return sum(self._hash("erased", each.row_id, each.bound["day"]) for each in self._stored.all(ERASED))

    def _hash_of_record(self, record_id: str, sealed: bytes) -> int:
        return self._hash("records", record_id, sealed[-_TAG_BYTES:].hex())

    def _hash_of_tally(self, record_id: str, changes: int) -> int:
        return self._hash("tallies", record_id, str(changes)) if changes else 0

    def _hash(self, *parts: str) -> int:
        text = "\n".join(parts).encode("utf-8", "surrogateescape")
        return int.from_bytes(hashlib.blake2b(text, key=self._key, digest_size=_SUM_BYTES).digest())


def _bytes(value: int) -> bytes:
    return (value % _MODULUS).to_bytes(_SUM_BYTES)
