"""Every row of a copy sealed anew under another key, with the hashes that hang on the key.

The new key gives its own secrets for all that somebody could forge with the old one: sums, backups, codes, the marks in
the ids of sessions, and forms. Codes, and the names of staff, are hashed anew from the sealed row, and each clinic gets
a new key of its own. Three secrets stay those of the first key, as
sealed rows: the one for marks of what was erased, whose ids nobody knows any more, the one for the names of dates in
people's calendars, which would stand there twice, and the one for what an organization's own sign-in calls its staff.
With them one can tell whether an id that one knows was erased.
"""

import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from sqlite_utils import Database

from storage.clinics.staff import hash_of_name
from storage.rows.links_and_codes import hash_of_code
from storage.rows.sealed_rows import Row, SealedRows
from storage.rows.sealing import Sealer
from storage.rows.tables import CLINIC_KEYS, CLINICS, LINKS_AND_CODES, SEALED, SHARES, STAFF, Table
from storage.sqlite.connecting import connect, faults_named, transaction
from storage.sqlite.rows import sealed_rows_of
from storage.store.check_row import note_rekeyed, take_carried


def reseal(copy: Path, old: Sealer, new: Sealer) -> None:
    """A copy that is whole, up to date and nobody else's. Where it ends early the copy cannot be used.

    :raises SealBroken: a row was not sealed with the old key
    """
    with faults_named(), closing(connect(copy)) as db:
        db.execute("PRAGMA journal_mode = OFF")  # it has no place yet, and is synced before it gets one
        db.execute("PRAGMA synchronous = OFF")
        with transaction(db, "BEGIN IMMEDIATE"):
            before, rows = sealed_rows_of(db, old), sealed_rows_of(db, new)
            changes = before.tallies.totals.changes()
            clinics = {each: rows.clinic_keys.new(each) for each in before.stored.ids(CLINICS)}
            for table in SEALED:
                if table is not CLINIC_KEYS:
                    _reseal_table(db, table, before, rows, new)
            for clinic_id, wrapped in clinics.items():
                rows.clinic_keys.keep(clinic_id, wrapped)
            rows.tallies.sum_up(changes)
            note_rekeyed(rows, old, new)
            take_carried(rows, new)


def _reseal_table(db: Database, table: Table, old: SealedRows, new: SealedRows, sealer: Sealer) -> None:
    columns = ", ".join(f"{each} = ?" for each in table.columns)
    update = f"UPDATE {table.name} SET {columns} WHERE {table.row_id} = ?"
    for row_id in old.stored.ids(table):
        found = old.stored.find(table, row_id)
        if found is None:
            continue
        row = _with_hashes(table, old.open(table, found), sealer)
        sealed = new.seal(table, row)
        db.execute(update, (row.row_id, *(row.bound[each] for each in table.bound), sealed, row_id))


def _with_hashes(table: Table, row: Row, sealer: Sealer) -> Row:
    """A code, and the name of staff, is looked up by another hash from now on."""
    if table is LINKS_AND_CODES and row.bound["kind"] == "code":
        return replace(row, row_id=hash_of_code(sealer, row.plain.decode()))
    if table is SHARES:
        return replace(row, bound={**row.bound, "code_hash": hash_of_code(sealer, json.loads(row.plain)["code"])})
    if table is STAFF:
        return replace(row, bound={**row.bound, "name_hash": hash_of_name(sealer, json.loads(row.plain)["name"])})
    return row
