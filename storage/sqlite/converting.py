"""A file of an older format is brought up to date in a copy, which takes its place.

So the app of the older release, should it still run, finds another file there and asks to be restarted: it never writes
what the new format would have to take for a change from outside.
"""

from contextlib import closing
from pathlib import Path

from storage.rows.sealed_rows import CHECK_NAME, Row, SealedRows
from storage.rows.sealing import Sealer
from storage.rows.tables import SEAL_CHECK
from storage.sqlite.connecting import connect, transaction
from storage.sqlite.migrations import migrations
from storage.sqlite.replacing import OLDER_FORMAT, copy, remove_replaced, replace
from storage.sqlite.rows import sealed_rows_of

_SUMMED_UP, _REKEYED = b"summed up", b"summed up, rekeyed"


def convert(database: Path, sealer: Sealer) -> None:
    """Under the lock of the folder. A kill at any moment leaves the one or the other file (replacing.py)."""
    with closing(connect(database)) as db:
        db.execute("BEGIN IMMEDIATE")  # whoever waits for this lock looks at the file again when he has it
        with closing(connect(copy(database))) as new:
            migrations.apply(new)
            with transaction(new, "BEGIN IMMEDIATE"):
                bring_sums_up_to_date(sealed_rows_of(new, sealer))
        replace(database, database.with_name(database.name + OLDER_FORMAT))
        db.rollback()
    remove_replaced(database)


def bring_sums_up_to_date(rows: SealedRows) -> None:
    """What an older release summed up otherwise, or not at all."""
    if not is_summed_up(rows):
        sum_up(rows)
    elif rows.tallies.totals.are_whole():
        rows.tallies.totals.divide()


def sum_up(rows: SealedRows) -> None:
    """Takes what the file holds as what was written, and notes in the check row that this was done."""
    rows.tallies.sum_up()
    if not is_summed_up(rows):
        rows.put(SEAL_CHECK, Row(row_id=CHECK_NAME, bound={}, plain=_SUMMED_UP))


def is_summed_up(rows: SealedRows) -> bool:
    """Whether that was done."""
    check = rows.find(SEAL_CHECK, CHECK_NAME)
    return check is not None and check.plain in (_SUMMED_UP, _REKEYED)


def note_rekeyed(rows: SealedRows) -> None:
    """Notes in the check row that the secrets of an earlier key have to be there (resealing.py)."""
    rows.put(SEAL_CHECK, Row(row_id=CHECK_NAME, bound={}, plain=_REKEYED))


def is_rekeyed(rows: SealedRows) -> bool:
    """Whether this key took the place of another."""
    check = rows.find(SEAL_CHECK, CHECK_NAME)
    return check is not None and check.plain == _REKEYED
