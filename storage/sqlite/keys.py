"""The files of the key, and how it is changed so that a kill at any moment leaves the one that fits the database.

First the next key is on disk under a name of its own, then the present one also under a name with the day, for the
backups that it sealed; the database is replaced by the copy that the next key seals (replacing.py); and last the next
key takes the name, over the present one. Which of the two fits, the database says itself.
"""

from contextlib import closing, suppress
from datetime import date
from functools import partial
from pathlib import Path

from storage.model import StoreReplaced
from storage.rows.sealed_rows import CHECK_NAME
from storage.rows.sealing import KeyFiles, Sealer, load_key, load_or_create_key, move_durably
from storage.rows.tables import SEAL_CHECK
from storage.sqlite.connecting import Connections, connect, connect_looking
from storage.sqlite.replacing import finish, remove_replaced
from storage.sqlite.rows import SqliteRows, sealed_rows_of
from storage.store.check_row import take_carried
from storage.store.key_files import as_owned, name_new

_NEXT = ".next"


def make_next(key: Path) -> Sealer:
    """A new key, for the same user, which waits for its name."""
    path = _next(key)
    sealer = Sealer(load_or_create_key(path))
    as_owned(path, key)
    return sealer


def finish_begun(database: Path, key: Path) -> None:
    """Ends what a killed restore, conversion or rekey began. For every start, before anything else is looked at."""
    finish(database)
    remove_replaced(database)
    _give_fitting_key_its_name(database, key)


def _give_fitting_key_its_name(database: Path, key: Path) -> None:
    for half in key.parent.glob(f"{key.name}.*.half"):
        half.unlink()
    files, found = KeyFiles(key), key_id_of(database) if database.exists() else None
    name_new(files, found, date.today())
    new = _next(key)
    if not new.exists():
        return
    if found == Sealer(load_key(new)).key_id:
        move_durably(new, key)
    elif key.exists() and found == Sealer(load_key(key)).key_id:
        for each in files.before:
            if load_key(each) == load_key(key):
                each.unlink()
        new.unlink()


def sealer_of(file: Path, key: Path) -> Sealer:
    """What opens this copy of the database: the present key, or one before it that lies beside it."""
    found, files = key_id_of(file), KeyFiles(key)
    sealers = (Sealer(load_key(each), files) for each in (key, *files.before))
    sealer = next((each for each in sealers if each.key_id == found), Sealer(load_key(key), files))
    with suppress(Exception), closing(connect_looking(file)) as db:  # whoever looks at it closer finds the damage
        take_carried(sealed_rows_of(db, sealer), sealer)
    return sealer


def key_id_of(file: Path) -> bytes | None:
    """Which key sealed this database, which stays as it is; None where that cannot be read."""
    with suppress(Exception):  # a damaged file surprises in many ways
        with closing(connect_looking(file)) as db:
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
