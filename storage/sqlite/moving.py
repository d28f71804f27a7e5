"""The file as one end of a copy to another database (copying.py): left as it is, or filled before it has its name."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from storage.model import BackupRefused
from storage.rows.sealing import KEY, Sealer, move_durably
from storage.sqlite.connecting import connect, faults_named, transaction
from storage.sqlite.later_migrations import migrations
from storage.sqlite.opening import DATABASE, Files, alone_in, ready
from storage.sqlite.replacing import OLDER_FORMAT, copy, remove_replaced, replace
from storage.sqlite.rows import SqliteRows


@contextmanager
def leaving(folder: Path, key_folder: Path) -> Iterator[tuple[SqliteRows, Sealer]]:
    """Every row while nobody writes. In the end another file with the same rows has the name, so that an app that still
    runs on it writes nothing more: it asks to be started again."""
    if not (folder / DATABASE).exists():
        raise BackupRefused(f"there is no {DATABASE} in {folder}")
    database, sealer = ready(folder, key_folder)
    with alone_in(folder), faults_named(), closing(connect(database)) as db:
        with transaction(db, "BEGIN IMMEDIATE"):
            yield SqliteRows(db), sealer
            copy(database)
            replace(database, database.with_name(database.name + OLDER_FORMAT))
        remove_replaced(database)


@contextmanager
def arriving(folder: Path) -> Iterator[SqliteRows]:
    """Empty tables, which are a database once all is written."""
    files = Files(database=folder / DATABASE, key=folder / KEY)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with alone_in(folder), faults_named():
        if files.database.exists():
            raise BackupRefused(f"{files.database} is there already: choose an empty folder")
        for leftover in folder.glob(files.new_database.name + "*"):
            leftover.unlink()
        os.close(os.open(files.new_database, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with closing(connect(files.new_database)) as db:
            migrations.apply(db)
            with transaction(db, "BEGIN IMMEDIATE"):
                yield SqliteRows(db)
        move_durably(files.new_database, files.database)
