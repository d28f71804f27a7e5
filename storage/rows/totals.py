"""The totals: what all tallies and marks sum up to, in 256 parts, by the first two digits of their ids.

So who writes one record seldom waits for who writes another, and no row is everybody's. A part's total is a sealed row;
all of them are compared when the store opens, once a day, and in every copy.
"""

import hashlib
import logging
import struct
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from storage.model import SealBroken
from storage.rows.protocol import Rows, StoredRow
from storage.rows.sealing import Sealer
from storage.rows.tables import ERASED, TALLIES, TOTALS

log = logging.getLogger("firm_footing")
SUM_BYTES = 16
MODULUS = 1 << (8 * SUM_BYTES)
PARTS = tuple(f"{number:02x}" for number in range(256))
_TOTAL = struct.Struct(">16s16sQ")
_WHOLE = "all"  # a file of format 2 has one total of this name


def part_of(name: str) -> str:
    """The part to which a record or a mark belongs."""
    return name[:2]


@dataclass(kw_only=True)
class _Total:
    """`changes` grows with each tally that is written, and never shrinks."""

    tallies: int = 0
    marks: int = 0
    changes: int = 0


class Totals:
    """The totals as one transaction sees them. One that changes something ends with `write`."""

    def __init__(self, stored: Rows, sealer: Sealer) -> None:
        self._stored = stored
        self._sealer = sealer
        self._added: defaultdict[str, _Total] = defaultdict(_Total)
        self._to_sum_anew: set[str] = set()
        self._found_all: dict[str, _Total] | None = None
        self.has_written = False

    def hash(self, *parts: str) -> int:
        """What sums add: a number that nobody finds without the key."""
        text = "\n".join(parts).encode("utf-8", "surrogateescape")
        return int.from_bytes(hashlib.blake2b(text, key=self._sealer.derive("tallies"), digest_size=SUM_BYTES).digest())

    def tally_written(self, record_id: str, changes: int) -> None:
        """The tally of this record is now its `changes`th."""
        self.tally_removed(record_id, changes - 1)
        self._added[part_of(record_id)].tallies += self._hash_of_tally(record_id, changes)

    def tally_removed(self, record_id: str, changes: int) -> None:
        """The tally of this record goes now."""
        added = self._added[part_of(record_id)]
        added.tallies -= self._hash_of_tally(record_id, changes)
        added.changes += 1

    def tally_lost(self, record_id: str) -> None:
        """A damaged one goes now, so its part is summed anew."""
        self._added[part_of(record_id)].changes += 1
        self._to_sum_anew.add(part_of(record_id))

    def marked(self, mark: str, day: str) -> None:
        """This mark with its day is there from now on."""
        self._added[part_of(mark)].marks += self.hash("erased", mark, day)

    def unmarked(self, mark: str, day: str) -> None:
        """This mark goes now."""
        self._added[part_of(mark)].marks -= self.hash("erased", mark, day)

    def write(self) -> None:
        """Writes what has changed. A total that is damaged stays so, to be told of, and keeps nobody from writing."""
        anew = self._sums(part_of) if self._to_sum_anew else {}
        for part, added in sorted(self._added.items()):  # in one order, so that no two writers wait for each other
            if total := self._find(part):
                total.tallies = anew[part].tallies if part in self._to_sum_anew else total.tallies + added.tallies
                total.marks += added.marks
                total.changes += added.changes
                self._put(part, total)
                self.has_written = True

    def fault(self) -> str | None:
        """What does not fit, as the end of a sentence."""
        pairs = self._pairs()
        if pairs is None:
            return "its total is gone or damaged"
        if not _tallies_fit(pairs):
            return "records were removed, put back or replaced by older ones from outside"
        if not _marks_fit(pairs):
            return "notes of what was erased were changed from outside"
        return None

    def marks_fit(self) -> bool:
        """Whether no mark was taken out."""
        pairs = self._pairs()
        return pairs is not None and _marks_fit(pairs)

    def changes(self) -> Mapping[str, int]:
        """How often something was written in each part, ever; without those of which nobody can tell."""
        totals = self._every()
        return {part: totals[part].changes for part in PARTS if part in totals}

    def log_faults(self, noted: Mapping[str, int]) -> None:
        """Tells whoever runs the app; whoever only uses it goes on. `noted` is how far each part had come.

        Where an earlier key is not on this server, nobody can tell what it sealed from what is damaged: the start says
        so, and to put back a backup would be wrong."""
        if not self._sealer.lacks_earlier and (fault := self.fault()):
            log.error(
                "the database does not hold what was written: %s. Look who can write its folder, "
                "and put back the newest backup with flask restore FILE",
                fault,
            )
        if missing := self.missing(noted):
            log.error(
                "the database is older than it was: %d changes are missing. Its journal was lost, or an older copy was "
                "put in its place without flask restore. Stop the app and look for the newer one",
                missing,
            )

    def missing(self, noted: Mapping[str, int]) -> int:
        """How many changes there were once, in all parts, and are not there."""
        known = self.changes()
        return sum(max(0, noted[part] - known[part]) for part in noted.keys() & known.keys())

    def are_whole(self) -> bool:
        """There is one, of format 2, and not one for each part."""
        return not {*PARTS}.intersection(self._stored.ids(TOTALS))

    def divide(self) -> None:
        """One for each part, of the one of format 2. What did not fit that one goes to the first, and does not fit it
        either; where that one is gone or damaged, so is the first."""
        whole, sums = self._find(_WHOLE), self._sums(part_of)
        for part in PARTS[1:]:
            sums[part].changes = whole.changes if whole else 0
            self._put(part, sums[part])
        if whole:
            whole.tallies -= sum(sums[part].tallies for part in PARTS[1:])
            whole.marks -= sum(sums[part].marks for part in PARTS[1:])
            self._put(PARTS[0], whole)
        self._stored.delete(TOTALS, _WHOLE)
        self._found_all = None

    def take_as_they_are(self, changes: Mapping[str, int]) -> None:
        """Every total anew, of the tallies and marks that there are."""
        sums = self._sums(part_of)
        for part in PARTS:
            sums[part].changes = changes.get(part, 0)
            self._put(part, sums[part])

    def _pairs(self) -> "list[_Pair] | None":
        """Each total, and what is there; None where a total is gone or damaged."""
        names, part = ((_WHOLE,), _whole) if self.are_whole() else (PARTS, part_of)
        every = self._every()
        if not every.keys() >= set(names):
            return None
        sums, nothing = self._sums(part), _Total()
        strays = [(nothing, sums[name]) for name in sums.keys() - set(names)]
        return [*((every[name], sums.get(name, nothing)) for name in names), *strays]

    def _sums(self, part: Callable[[str], str]) -> defaultdict[str, _Total]:
        sums: defaultdict[str, _Total] = defaultdict(_Total)
        for tally in self._stored.all(TALLIES):
            sums[part(tally.row_id)].tallies += self._hash_of_tally(tally.row_id, tally.bound["changes"])
        for mark in self._stored.all(ERASED):
            sums[part(mark.row_id)].marks += self.hash("erased", mark.row_id, mark.bound["day"])
        return sums

    def _find(self, name: str) -> _Total | None:
        found = self._stored.find(TOTALS, name)
        return self._open(found) if found else None

    def _every(self) -> dict[str, _Total]:
        """By name, without those that are damaged: one question to the engine, which may be on another machine."""
        if self._found_all is None:
            found = self._stored.all(TOTALS)
            self._found_all = {each.row_id: total for each in found if (total := self._open(each))}
        return self._found_all

    def _open(self, found: StoredRow) -> _Total | None:
        try:
            plain = self._sealer.open(TOTALS.name, found.row_id, {}, found.sealed)
            tallies, marks, changes = _TOTAL.unpack(plain)
        except (SealBroken, struct.error):
            return None
        return _Total(tallies=int.from_bytes(tallies), marks=int.from_bytes(marks), changes=changes)

    def _put(self, name: str, total: _Total) -> None:
        self._found_all = None
        plain = _TOTAL.pack(as_bytes(total.tallies), as_bytes(total.marks), total.changes)
        self._stored.put(TOTALS, StoredRow(name, {}, self._sealer.seal(TOTALS.name, name, {}, plain)))

    def _hash_of_tally(self, record_id: str, changes: int) -> int:
        return self.hash("tallies", record_id, str(changes)) if changes else 0


_Pair = tuple[_Total, _Total]


def _tallies_fit(pairs: list[_Pair]) -> bool:
    return not any((total.tallies - there.tallies) % MODULUS for total, there in pairs)


def _marks_fit(pairs: list[_Pair]) -> bool:
    return not any((total.marks - there.marks) % MODULUS for total, there in pairs)


def as_bytes(value: int) -> bytes:
    """A sum as it is sealed."""
    return (value % MODULUS).to_bytes(SUM_BYTES)


def _whole(_: str) -> str:
    return _WHOLE
