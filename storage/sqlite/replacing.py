"""Another database takes the place of the present one, so that a kill at any moment leaves one of them, whole.

The order is: a note of what is going on, the present one goes aside with its journal, the new one gets the name,
the note goes. While the note is there: a new one that still has its own name beside a present one was never to be
used; one without a present one only waits for its name; and where there is no new one, all is done.
"""

import os
from contextlib import closing
from pathlib import Path

from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # pysqlite3 where it is installed

from storage.rows.sealing import move_durably, sync
from storage.sqlite.connecting import connect

JOURNALS = ("-wal", "-shm")
OLDER_FORMAT, OLDER_KEY = ".older-format", ".older-key"
"""What a file is called that a copy of itself has replaced, until it is removed."""


def name_of_new(database: Path) -> Path:
    """What the new one is called until it takes its place."""
    return database.with_name(database.name + ".restored.unfinished")


def copy(database: Path) -> Path:
    """What is to take the place begins as a copy of the present one, for its user. Whoever calls holds its lock."""
    new = name_of_new(database)
    os.close(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    if os.geteuid() == 0:  # the app may run as another user
        os.chown(new, database.stat().st_uid, database.stat().st_gid)
    with closing(connect(database)) as source, closing(sqlite3.connect(new)) as target:
        source.conn.backup(target)
    return new


def replace(database: Path, aside: Path) -> None:
    """The new one takes its place; the present one, if there is one, lies `aside` with its journal."""
    note = _note_of(database)
    sync(name_of_new(database))
    note.write_text(aside.name, encoding="utf-8")
    sync(note)
    sync(note.parent)
    if database.exists():
        move_durably(database, aside)
    _take_the_place(database, aside)


def finish(database: Path) -> None:
    """Ends what a killed restore began. For every start, before anything else is looked at."""
    note = _note_of(database)
    if note.exists():
        aside = database.with_name(note.read_text(encoding="utf-8") or f"{database.name}.lost")
        if name_of_new(database).exists() and not database.exists():
            _take_the_place(database, aside)
        note.unlink(missing_ok=True)
    for leftover in database.parent.glob(f"{name_of_new(database).name}*"):
        leftover.unlink()


def remove_replaced(database: Path) -> None:
    """The file that a copy of itself has replaced, which a kill may have left: what is erased from now on would stay
    in it."""
    if database.exists():
        for name in (OLDER_FORMAT, OLDER_KEY):
            for ending in ("", *JOURNALS):
                database.with_name(database.name + name + ending).unlink(missing_ok=True)


def _take_the_place(database: Path, aside: Path) -> None:
    for ending in JOURNALS:  # SQLite would play them into the new one
        journal = database.with_name(database.name + ending)
        if journal.exists():
            move_durably(journal, aside.with_name(aside.name + ending))
    move_durably(name_of_new(database), database)
    _note_of(database).unlink()
    sync(database.parent)


def _note_of(database: Path) -> Path:
    return database.with_name(database.name + ".restoring")
