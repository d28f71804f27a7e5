"""A file of an older format is brought up to date in a copy, which takes its place.

So the app of the older release, should it still run, finds another file there and asks to be restarted: it never writes
what the new format would have to take for a change from outside.
"""

from contextlib import closing
from pathlib import Path

from storage.rows.sealed_rows import SealedRows
from storage.rows.sealing import Sealer
from storage.sqlite.connecting import connect, transaction
from storage.sqlite.later_migrations import migrations
from storage.sqlite.replacing import OLDER_FORMAT, copy, remove_replaced, replace
from storage.sqlite.rows import sealed_rows_of
from storage.store.check_row import is_summed_up, sum_up


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
