"""Every row of a copy sealed anew under another key, with the hashes that hang on the key.

The new key gives its own secrets for all that somebody could forge with the old one: sums, backups, codes, the marks in
the ids of sessions, and forms. Codes are hashed anew from the sealed row. Two secrets stay those of the first key, as
sealed rows: the one for marks of what was erased, whose ids nobody knows any more, and the one for the names of dates
in people's calendars, which would stand there twice. With them one can tell whether an id that one knows was erased.
"""

import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from sqlite_utils import Database

from storage.model import SealBroken
from storage.rows.links_and_codes import hash_of_code
from storage.rows.sealed_rows import Row, SealedRows
from storage.rows.sealing import Sealer
from storage.rows.tables import DERIVED_KEYS, LINKS_AND_CODES, SEALED, SHARES, Table
from storage.sqlite.connecting import connect, faults_named, transaction
from storage.sqlite.converting import is_rekeyed, note_rekeyed
from storage.sqlite.rows import SqliteRows, sealed_rows_of

_CARRIED = ("erased", "calendar")


def reseal(copy: Path, old: Sealer, new: Sealer) -> None:
    """A copy that is whole, up to date and nobody else's. Where it ends early the copy cannot be used.

    :raises SealBroken: a row was not sealed with the old key
    """
    with faults_named(), closing(connect(copy)) as db:
        db.execute("PRAGMA journal_mode = OFF")  # it has no place yet, and is synced before it gets one
        db.execute("PRAGMA synchronous = OFF")
        with transaction(db, "BEGIN IMMEDIATE"):
            changes = sealed_rows_of(db, old).tallies.totals.changes()
            for table in SEALED:
                _reseal_table(db, table, old, new)
            rows = sealed_rows_of(db, new)
            for purpose in _CARRIED:
                rows.put(DERIVED_KEYS, Row(row_id=purpose, bound={}, plain=old.derive(purpose)))
            rows.tallies.sum_up(changes)
            note_rekeyed(rows)
            take_carried(rows, new)


def take_carried(rows: SealedRows, sealer: Sealer) -> None:
    """From now on the sealer gives the secrets that stayed those of an earlier key.

    :raises SealBroken: one of them was cut out
    """
    for purpose in _CARRIED if is_rekeyed(rows) else ():
        row = rows.find(DERIVED_KEYS, purpose)
        if row is None:
            raise SealBroken(f"{DERIVED_KEYS.name}: row {purpose} is gone")
        sealer.carry(purpose, row.plain)


def _reseal_table(db: Database, table: Table, old: Sealer, new: Sealer) -> None:
    columns = ", ".join(f"{each} = ?" for each in table.columns)
    update = f"UPDATE {table.name} SET {columns} WHERE {table.row_id} = ?"
    stored, rows = SqliteRows(db), sealed_rows_of(db, old)
    for row_id in stored.ids(table):
        found = stored.find(table, row_id)
        if found is None:
            continue
        row = _with_hashes(table, rows.open(table, found), new)
        sealed = new.seal(table.name, row.row_id, row.bound, row.plain)
        db.execute(update, (row.row_id, *(row.bound[each] for each in table.bound), sealed, row_id))


def _with_hashes(table: Table, row: Row, sealer: Sealer) -> Row:
    """A code is looked up by another hash from now on."""
    if table is LINKS_AND_CODES and row.bound["kind"] == "code":
        return replace(row, row_id=hash_of_code(sealer, row.plain.decode()))
    if table is SHARES:
        return replace(row, bound={**row.bound, "code_hash": hash_of_code(sealer, json.loads(row.plain)["code"])})
    return row
