"""Everything that is kept, from one database to another, each row compared byte by byte; the key stays where it is.

Rows are sealed for their place in a table and not for an engine, so they move as they lie there, in the order in which
they came. Either end may be a folder or an address. Nobody writes meanwhile, and a kill at any moment leaves the first
as it was and the second empty.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from storage.model import BackupRefused
from storage.rows.sealed_rows import SealedRows
from storage.rows.sealing import Sealer
from storage.rows.sql import SqlRows
from storage.rows.tables import EVERY, RECORDS, Table, owners_first


@dataclass(frozen=True, kw_only=True)
class CopyDone:
    """`fault` is what did not fit its sums before either, as the end of a sentence."""

    rows: int
    records: int
    fault: str | None


def copy_all(source: str, target: str, key_folder: Path) -> CopyDone:
    """:raises StorageError: one sentence on why nothing was copied"""
    with _leaving(source, key_folder) as (old, sealer), _arriving(target) as new:
        for table in owners_first():
            new.fill(table, old.in_order(table))
        rows = sum(_compared(table, old, new) for table in EVERY)
        fault = SealedRows(new, sealer).tallies.totals.fault()
        return CopyDone(rows=rows, records=new.count(RECORDS), fault=fault)


def _compared(table: Table, old: SqlRows, new: SqlRows) -> int:
    count = 0
    for before, after in zip_longest(old.in_order(table), new.in_order(table)):
        if before != after:
            raise BackupRefused(f"a row of {table.name} did not arrive as it was: try again, and report this")
        count += 1
    return count


def _leaving(where: str, key_folder: Path) -> AbstractContextManager[tuple[SqlRows, Sealer]]:
    if is_address(where):
        from storage.postgres import connecting, moving

        return moving.leaving(connecting.Address(where), key_folder)
    from storage.sqlite import moving as moving_file

    return moving_file.leaving(Path(where), key_folder)


def _arriving(where: str) -> AbstractContextManager[SqlRows]:
    if is_address(where):
        from storage.postgres import connecting, moving

        return moving.arriving(connecting.Address(where))
    from storage.sqlite import moving as moving_file

    return moving_file.arriving(Path(where))


def is_address(where: str) -> bool:
    """Whether this is PostgreSQL, and no folder."""
    return where.startswith(("postgresql://", "postgres://"))
