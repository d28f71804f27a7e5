"""The files of a key that is changed: a new one waits beside the present one, takes its name, and that gets another.

A new key is put on every server before any of them uses it; which of the two fits, the database says itself. So a kill
between two names does no harm, and each server gives the new key its name when it starts.
"""

import os
import secrets
from datetime import date
from pathlib import Path

from storage.model import StoreRefused
from storage.rows.sealing import KEY_BYTES, KeyFiles, key_id_of, load_key, move_durably, write_key


def make_new(files: KeyFiles) -> Path:
    """A new key that waits to be used, for the same user; the one that waits already, where there is one.

    :raises StoreRefused: there is no present one, which it could follow
    """
    if not files.key.exists():
        raise StoreRefused(f"there is no key {files.key} yet: start the app once, or name its folder")
    if not files.new.exists():
        write_key(files.new, secrets.token_bytes(KEY_BYTES))
        as_owned(files.new, files.key)
    load_key(files.new)
    return files.new


def keep_before(files: KeyFiles, day: date) -> Path:
    """The present key under a name of its own, for what it sealed."""
    path = files.name_before(day.isoformat())
    write_key(path, load_key(files.key))
    as_owned(path, files.key)
    return path


def name_new(files: KeyFiles, key_id: bytes | None, day: date) -> None:
    """The new key takes the name, where it is the one with this id, of the database."""
    if not files.new.exists() or key_id_of(load_key(files.new)) != key_id:
        return
    others = {load_key(each) for each in (files.new, *files.before)}
    if files.key.exists() and load_key(files.key) not in others:
        keep_before(files, day)
    move_durably(files.new, files.key)


def which_before(files: KeyFiles, key_id: bytes) -> Path | None:
    """The file of before that holds the key of this id."""
    return next((each for each in files.before if key_id_of(load_key(each)) == key_id), None)


def as_owned(path: Path, other: Path) -> None:
    """The app may run as another user than the one who types."""
    if os.geteuid() == 0:
        os.chown(path, other.stat().st_uid, other.stat().st_gid)
