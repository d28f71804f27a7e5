"""The files of the key, and how it is changed so that a kill at any moment leaves the one that fits the database.

First the next key is on disk under a name of its own, then the present one also under a name with the day, for the
backups that it sealed; the database is replaced by the copy that the next key seals (replacing.py); and last the next
key takes the name, over the present one. Which of the two fits, the database says itself.
"""

import os
from contextlib import closing, suppress
from datetime import datetime
from functools import partial
from itertools import count
from pathlib import Path

from storage.model import StoreReplaced
from storage.rows.sealed_rows import CHECK_NAME
from storage.rows.sealing import Sealer, load_key, load_or_create_key, move_durably, write_key
from storage.rows.tables import SEAL_CHECK
from storage.sqlite.connecting import Connections, connect, connect_unchanging
from storage.sqlite.replacing import finish, remove_replaced
from storage.sqlite.rows import SqliteRows

_NEXT, _BEFORE = ".next", ".before-"


def make_next(key: Path) -> Sealer:
    """A new key, for the same user, which waits for its name."""
    path = _next(key)
    sealer = Sealer(load_or_create_key(path))
    _as_owned(path, key)
    return sealer


def keep_before(key: Path, now: datetime) -> Path:
    """The present key under a name of its own."""
    stem = f"{key.name}{_BEFORE}{now:%Y-%m-%d}"
    names = (f"{stem}{f'-{number}' if number else ''}" for number in count())
    path = next(path for name in names if not (path := key.with_name(name)).exists())
    write_key(path, load_key(key))
    _as_owned(path, key)
    return path


def finish_begun(database: Path, key: Path) -> None:
    """Ends what a killed restore, conversion or rekey began. For every start, before anything else is looked at."""
    finish(database)
    remove_replaced(database)
    _give_fitting_key_its_name(database, key)


def _give_fitting_key_its_name(database: Path, key: Path) -> None:
    for half in key.parent.glob(f"{key.name}.*.half"):
        half.unlink()
    new = _next(key)
    if not new.exists():
        return
    found = key_id_of(database)
    if found == Sealer(load_key(new)).key_id:
        move_durably(new, key)
    elif key.exists() and found == Sealer(load_key(key)).key_id:
        for each in _before(key):
            if load_key(each) == load_key(key):
                each.unlink()
        new.unlink()


def sealer_of(file: Path, key: Path) -> Sealer:
    """What opens this copy of the database: the present key, or one before it that lies beside it."""
    found = key_id_of(file)
    sealers = (Sealer(load_key(each)) for each in (key, *_before(key)))
    return next((each for each in sealers if each.key_id == found), Sealer(load_key(key)))


def key_id_of(file: Path) -> bytes | None:
    """Which key sealed this database, which stays as it is; None where that cannot be read."""
    with suppress(Exception):  # a damaged file surprises in many ways
        with closing(connect_unchanging(file)) as db:
            found = SqliteRows(db).find(SEAL_CHECK, CHECK_NAME)
        return Sealer.key_id_of(found.sealed) if found else None
    return None


def connections_to(database: Path, sealer: Sealer) -> Connections:
    """Connections to a database that was checked a moment ago.

    :raises StoreReplaced: it was given another key since
    """
    connections = Connections(partial(connect, database), database)
    with connections.transaction("BEGIN") as db:
        found = SqliteRows(db).find(SEAL_CHECK, CHECK_NAME)
    if not (found and sealer.has_key_of(found.sealed)):
        connections.close()
        raise StoreReplaced(f"{database} was given a new key just now: start again")
    return connections


def _next(key: Path) -> Path:
    return key.with_name(key.name + _NEXT)


def _before(key: Path) -> list[Path]:
    return sorted(key.parent.glob(f"{key.name}{_BEFORE}*"))


def _as_owned(path: Path, other: Path) -> None:
    if os.geteuid() == 0:  # the app may run as another user
        os.chown(path, other.stat().st_uid, other.stat().st_gid)
