"""Another key for a database that people go on using: what is new is sealed with it at once, the rest bit by bit.

The change itself is one transaction, which seals the check row with the new key; whoever writes looks there first
(check_row.py). Then every table is gone through by id, some rows in a transaction, and what an earlier key sealed is
sealed anew. A kill at any moment leaves rows of both keys, which all open, and the same command goes on. Last the check
row no longer names the earlier key: from then on nothing is opened that it sealed.

Everything by which people and rows are looked up stays, as sealed rows: no code, session or form ends. So this is for a
key that has become old. Where somebody may have seen it, sqlite/backups/rekeying.py changes those secrets too.
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from storage.model import SealBroken, StoreBusy
from storage.repeating import P, R, StoreConflict, repeated
from storage.rows.protocol import StoredRow
from storage.rows.sealed_rows import CHECK_NAME, Row, SealedRows
from storage.rows.sealing import Sealer, key_id_of
from storage.rows.tables import CLINIC_KEYS, DERIVED_KEYS, RECORDS, SEAL_CHECK, SEALED, TALLIES, TOTALS, Table
from storage.store.check_row import EVERY_SECRET, earlier_keys, need_earlier_keys, note_rotated, use_present_key
from storage.store.transactions import Transactions

SEALED_AT_ONCE, TOTALS_AT_ONCE, LOOKED_AT_FOR_EACH, COUNTED_AT_ONCE = 50, 4, 4, 2_000
BYTES_AT_ONCE = 4 * 1024 * 1024
"""In a transaction. Records of one part follow each other by id, so that one total is held or two (totals.py)."""
PAUSE_SECONDS, LOOK_AGAIN_SECONDS, LONGEST_PAUSE_SECONDS, LONGEST_WAIT_SECONDS = 0.005, 0.05, 0.5, 60.0
"""Between two of them, and as long as one took: on the file only one writes, and people go first."""
_TABLES = tuple(table for table in (*SEALED, TALLIES, TOTALS) if table not in (SEAL_CHECK, CLINIC_KEYS))


@dataclass(frozen=True, kw_only=True)
class KeyStep:
    """What one transaction did: up to which id it came (None: to the end), and how many rows were sealed anew, or
    cannot be opened by anybody and stay as they are."""

    until: str | None
    sealed: int
    damaged: int


@dataclass(frozen=True, kw_only=True)
class KeysInUse:
    """How many rows there are, and by table how many an earlier key sealed. `is_over`: none is opened any more, and
    those that are left are damaged."""

    present: bytes
    rows: int
    earlier: Counter[str]
    is_over: bool


class Rotating(Transactions):
    """Part of the store, for flask keys."""

    @repeated
    def begin_rotation(self, key: bytes) -> None:
        """This key seals from now on, on every server; where it does already nothing changes."""
        with self._writing() as rows:
            if key_id_of(key) != self._sealer.key_id:
                _begin(rows, self._sealer, key)

    def seal_anew(self, tell: Callable[[int], None] = lambda _: None) -> int:
        """Whatever an earlier key sealed; how many rows cannot be opened by anybody. It may be ended at any moment,
        and begun again.

        :raises StoreRefused: an earlier key is not on this server
        """
        with self._reading() as rows:
            use_present_key(rows.stored, self._sealer)
            need_earlier_keys(rows, self._sealer)
        sealed, damaged, goes_on = 0, 0, True
        while goes_on:  # again, as a server may have ended with the earlier key what it had begun
            before, damaged = sealed, 0
            for step in self._steps():
                sealed, damaged = sealed + step.sealed, damaged + step.damaged
                tell(sealed)
            # Only read: where everything was gone through once more to see that, people's writes failed beside it.
            goes_on = sealed > before and self.keys_in_use().earlier.total() > damaged
        for clinic_id in self._clinics_with_key():
            _patiently(self._drop_earlier_keys_of, clinic_id)
        _patiently(self._end_rotation)
        return damaged

    def keys_in_use(self) -> KeysInUse:
        """Gone through bit by bit, while others write."""
        counted, earlier = 0, Counter[str]()
        with self._reading() as rows:
            use_present_key(rows.stored, self._sealer)
        for table in (SEAL_CHECK, CLINIC_KEYS, *_TABLES):
            after: str | None = ""
            while after is not None:
                with self._reading() as rows:
                    found = rows.stored.following(table, after, COUNTED_AT_ONCE)
                    counted += len(found)
                    earlier[table.name] += sum(not _is_present(rows, table, each) for each in found)
                after = found[-1].row_id if found else None
        with self._reading() as rows:
            check = rows.stored.find(SEAL_CHECK, CHECK_NAME)
            is_over = not earlier_keys(rows)
        present = Sealer.key_id_of(check.sealed) if check else self._sealer.key_id
        return KeysInUse(present=present, rows=counted, earlier=+earlier, is_over=is_over)

    def _steps(self) -> Iterator[KeyStep]:
        """Once through everything."""
        for clinic_id in self._clinics_with_key():
            yield _patiently(self._renew_key_of, clinic_id)
        for table in _TABLES:
            yield from self._through(table)

    def _through(self, table: Table) -> Iterator[KeyStep]:
        after: str | None = ""
        at_once = TOTALS_AT_ONCE if table is TOTALS else SEALED_AT_ONCE
        while after is not None:
            began = time.monotonic()
            try:
                step = _patiently(self._seal_some_anew, table, after, at_once)
            except StoreConflict:  # people write these very rows all the time, and one row is seldom written
                if at_once == 1:
                    raise
                at_once = max(1, at_once // 4)
            else:
                yield step
                after = step.until
                time.sleep(min(LONGEST_PAUSE_SECONDS, time.monotonic() - began + PAUSE_SECONDS))

    @repeated
    def _seal_some_anew(self, table: Table, after: str, at_once: int) -> KeyStep:
        sealed = damaged = size = 0
        until: str | None = None
        with self._writing() as rows:
            for each in rows.stored.following(table, after, at_once * LOOKED_AT_FOR_EACH):
                until = each.row_id
                if _is_present(rows, table, each):
                    continue
                try:
                    size += _seal_anew(rows, table, each.row_id)
                    sealed += 1
                except SealBroken:
                    damaged += 1
                if sealed == at_once or size > BYTES_AT_ONCE:
                    break
        return KeyStep(until=until, sealed=sealed, damaged=damaged)

    def _clinics_with_key(self) -> list[str]:
        with self._reading() as rows:
            return rows.stored.ids(CLINIC_KEYS)

    @repeated
    def _renew_key_of(self, clinic_id: str) -> KeyStep:
        with self._writing() as rows:
            try:
                return KeyStep(until=None, sealed=int(rows.clinic_keys.renew(clinic_id)), damaged=0)
            except SealBroken:
                return KeyStep(until=None, sealed=0, damaged=1)

    @repeated
    def _drop_earlier_keys_of(self, clinic_id: str) -> None:
        with self._writing() as rows, suppress(SealBroken):
            rows.clinic_keys.drop_earlier(clinic_id)

    @repeated
    def _end_rotation(self) -> None:
        with self._writing() as rows:
            if earlier_keys(rows):
                note_rotated(rows, ())


def _patiently(verb: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Somebody else may write the file for long: this can wait, and a conflict of rows is another matter."""
    deadline = time.monotonic() + LONGEST_WAIT_SECONDS
    while True:
        try:
            return verb(*args, **kwargs)
        except StoreBusy as error:
            if isinstance(error, StoreConflict) or time.monotonic() > deadline:
                raise
            time.sleep(random.uniform(PAUSE_SECONDS, LOOK_AGAIN_SECONDS))


def _begin(rows: SealedRows, sealer: Sealer, key: bytes) -> None:
    secrets = {purpose: sealer.derive(purpose) for purpose in EVERY_SECRET}
    earlier = {sealer.key_id, *earlier_keys(rows)} - {key_id_of(key)}
    sealer.turn_to_key(key)
    for purpose, secret in secrets.items():
        rows.put(DERIVED_KEYS, Row(row_id=purpose, bound={}, plain=secret))
        sealer.carry(purpose, secret)
    note_rotated(rows, sorted(earlier))


def _is_present(rows: SealedRows, table: Table, found: StoredRow) -> bool:
    """Whether the key seals it that seals such rows now. A clinic's rows have one that is changed with the other."""
    try:
        return rows.sealer_of(table, found.row_id, found.bound).has_key_of(found.sealed)
    except SealBroken:  # the clinic's own key is damaged
        return False


def _seal_anew(rows: SealedRows, table: Table, row_id: str) -> int:
    """How many bytes that were. A record that was put back from outside is not taken for the one that was written last.

    :raises SealBroken: it is damaged
    """
    if found := rows.stored.find(table, row_id):
        row = rows.find(table, row_id) if table is RECORDS else rows.open(table, found)
        if row and table is RECORDS:
            rows.put(table, row)
        elif row:
            rows.stored.put(table, StoredRow(row.row_id, row.bound, rows.seal(table, row)))
        return len(found.sealed)
    return 0
