"""A file of an older format is brought up to date in a copy, which takes its place.

So the app of the older release, should it still run, finds another file there and asks to be restarted: it never writes
what the new format would have to take for a change from outside.
"""

import os
from contextlib import closing
from pathlib import Path

from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # pysqlite3 where it is installed

from storage.connecting import connect, transaction
from storage.migrations import migrations
from storage.replacing import JOURNALS, name_of_new, replace
from storage.rows import CHECK_NAME, SEAL_CHECK, Row, Rows
from storage.sealing import Sealer

_ASIDE = ".older-format"


def convert(database: Path, sealer: Sealer) -> None:
    """Under the lock of the folder. A kill at any moment leaves the one or the other file (replacing.py)."""
    new, aside = name_of_new(database), database.with_name(database.name + _ASIDE)
    os.close(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    if os.geteuid() == 0:  # the app may run as another user
        os.chown(new, database.stat().st_uid, database.stat().st_gid)
    with closing(connect(database)) as db:
        db.execute("BEGIN IMMEDIATE")  # whoever waits for this lock looks at the file again when he has it
        with closing(connect(database)) as source, closing(sqlite3.connect(new)) as target:
            source.conn.backup(target)
        with closing(connect(new)) as copy:
            migrations.apply(copy)
            with transaction(copy, "BEGIN IMMEDIATE"):
                sum_up(Rows(copy, sealer))
        replace(database, aside)
        db.rollback()
    remove_converted(database)


def remove_converted(database: Path) -> None:
    """The file of the older format, which a kill may have left: what is erased from now on would stay in it."""
    if database.exists():
        for ending in ("", *JOURNALS):
            database.with_name(database.name + _ASIDE + ending).unlink(missing_ok=True)


def sum_up(rows: Rows) -> None:
    """Takes what the file holds as what was written, and notes in the check row that this was done."""
    rows.tallies.sum_up()
    rows.put(SEAL_CHECK, Row(row_id=CHECK_NAME, bound={}, plain=b"summed up"))


def is_summed_up(rows: Rows) -> bool:
    """Whether that was done."""
    check = rows.find(SEAL_CHECK, CHECK_NAME)
    return check is not None and check.plain == b"summed up"
