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
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlite_utils import Database

from storage.model import SealBroken
from storage.rows.sealing import Sealer

log = logging.getLogger("firm_footing")
OWN = {
    "submissions": "submission_id",
    "photos": "photo_id",
    "ticks": "tick_id",
    "doors": "door_hash",
    "shares": "share_id",
}
"""The tables of what belongs to a record, with the name of their id. Such a row never becomes another one."""
_SUMMED = ("records", *OWN)  # a tally holds their sums in this order
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

    def __init__(self, db: Database, sealer: Sealer) -> None:
        self._db = db
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

    def check(self, table: str, record_id: str) -> None:
        """:raises SealBroken: a row of this record in this table is gone or was put back"""
        if (table, record_id) in self._compared:
            return
        if not self._fits(table, record_id):
            raise SealBroken(f"{table}: a row of record {record_id} is gone or was put back from outside")
        self._compared.add((table, record_id))

    def written(self, record_id: str, sealed: bytes, *, new: bool) -> None:
        """This is the record's row now."""
        tally = self._read.setdefault(record_id, _Tally()) if new else self._tally(record_id)
        tally.sums["records"] = self._hash_of_record(record_id, sealed)
        self._changed.add(record_id)

    def added(self, table: str, record_id: str, row_id: str) -> None:
        """There is one row more."""
        self._add(table, record_id, self._hash(table, row_id))

    def removing(self, table: str, record_id: str, row_id: str) -> None:
        """This row goes now. Where somebody put one back, the sum stays: without that row it fits again."""
        try:
            if self._fits(table, record_id):
                self._add(table, record_id, -self._hash(table, row_id))
        except SealBroken:
            return

    def erasing(self, record_id: str) -> None:
        """The record goes now, with all that is its own. Where its tally is damaged, the others are summed anew."""
        try:
            self._erased.append((record_id, self._tally(record_id).changes))
        except SealBroken:
            self._must_sum_anew = True
        self._changed.discard(record_id)

    def marked(self, marks: Iterable[tuple[str, str]]) -> None:
        """These marks, each with its day, are there from now on."""
        self._marks += sum(self._hash("erased", *each) for each in marks)

    def unmarked(self, marks: Iterable[tuple[str, str]]) -> None:
        """These marks go now."""
        self._marks -= sum(self._hash("erased", *each) for each in marks)

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
        (sealed,) = self._db.execute("SELECT sealed FROM records WHERE record_id = ?", (record_id,)).fetchone()
        self.check_record(record_id, sealed)
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
        for (record_id,) in self._db.execute("SELECT record_id FROM records").fetchall():
            (sealed,) = self._db.execute("SELECT sealed FROM records WHERE record_id = ?", (record_id,)).fetchone()
            sums = {table: self._sum_of_rows(table, record_id) for table in OWN}
            sums["records"] = self._hash_of_record(record_id, sealed)
            self._put_tally(record_id, _Tally(sums=sums))
            known += 1
        self._put_total(_Total(tallies=self._sum_of_tallies(), marks=self._sum_of_marks(), changes=known))

    def _tally(self, record_id: str) -> _Tally:
        if record_id not in self._read:
            found = self._db.execute("SELECT changes, sealed FROM tallies WHERE record_id = ?", (record_id,)).fetchone()
            if found is None:
                raise SealBroken(f"tallies: row {record_id} is gone")
            plain = self._sealer.open("tallies", record_id, {"changes": found[0]}, found[1])
            sums = (plain[at : at + _SUM_BYTES] for at in range(0, len(plain), _SUM_BYTES))
            self._read[record_id] = _Tally(
                changes=found[0], sums=dict(zip(_SUMMED, map(int.from_bytes, sums), strict=True))
            )
        return self._read[record_id]

    def _put_tally(self, record_id: str, tally: _Tally) -> None:
        tally.changes += 1
        plain = b"".join(_bytes(tally.sums[table]) for table in _SUMMED)
        sealed = self._sealer.seal("tallies", record_id, {"changes": tally.changes}, plain)
        self._db.execute(
            "INSERT INTO tallies VALUES (?, ?, ?)"
            " ON CONFLICT (record_id) DO UPDATE SET changes = excluded.changes, sealed = excluded.sealed",
            (record_id, tally.changes, sealed),
        )

    def _find_total(self) -> _Total | None:
        found = self._db.execute("SELECT sealed FROM totals WHERE name = ?", (_NAME,)).fetchone()
        try:
            tallies, marks, changes = _TOTAL.unpack(self._sealer.open("totals", _NAME, {}, found[0]) if found else b"")
        except (SealBroken, struct.error):
            return None
        return _Total(tallies=int.from_bytes(tallies), marks=int.from_bytes(marks), changes=changes)

    def _put_total(self, total: _Total) -> None:
        plain = _TOTAL.pack(_bytes(total.tallies), _bytes(total.marks), total.changes)
        self._db.execute(
            "INSERT INTO totals VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed",
            (_NAME, self._sealer.seal("totals", _NAME, {}, plain)),
        )

    def _add(self, table: str, record_id: str, hashed: int) -> None:
        self._tally(record_id).sums[table] += hashed
        self._changed.add(record_id)

    def _fits(self, table: str, record_id: str) -> bool:
        return not (self._tally(record_id).sums[table] - self._sum_of_rows(table, record_id)) % _MODULUS

    def _sum_of_rows(self, table: str, record_id: str) -> int:
        found = self._db.execute(f"SELECT {OWN[table]} FROM {table} WHERE record_id = ?", (record_id,)).fetchall()
        return sum(self._hash(table, row_id) for (row_id,) in found)

    def _sum_of_tallies(self) -> int:
        return sum(self._hash_of_tally(*each) for each in self._db.execute("SELECT record_id, changes FROM tallies"))

    def _sum_of_marks(self) -> int:
        return sum(self._hash("erased", *each) for each in self._db.execute("SELECT mark, day FROM erased"))

    def _hash_of_record(self, record_id: str, sealed: bytes) -> int:
        return self._hash("records", record_id, sealed[-_TAG_BYTES:].hex())

    def _hash_of_tally(self, record_id: str, changes: int) -> int:
        return self._hash("tallies", record_id, str(changes)) if changes else 0

    def _hash(self, *parts: str) -> int:
        text = "\n".join(parts).encode("utf-8", "surrogateescape")
        return int.from_bytes(hashlib.blake2b(text, key=self._key, digest_size=_SUM_BYTES).digest())


def _bytes(value: int) -> bytes:
    return (value % _MODULUS).to_bytes(_SUM_BYTES)
