"""The files of backups in their folder: how each is named by its moment, and which are old enough to go."""

import re
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path

from storage.model import BACKUP_KEEP_DAYS

_OURS = r"firm-footing-([0-9]{4}-[0-9]{2}-[0-9]{2})T[0-9]{6}Z(-[0-9]+)?"


def free_name(folder: Path, now: datetime, suffix: str) -> Path:
    """A name for a backup of this moment (UTC) that no file has yet."""
    stem = f"firm-footing-{now:%Y-%m-%dT%H%M%SZ}"
    names = (f"{stem}{f'-{number}' if number else ''}{suffix}" for number in count())
    return next(path for name in names if not (path := folder / name).exists())


def remove_old(newest: Path, today: date) -> None:
    """Backups of ours by their names, of the kind of the one just made and never that one; all else there stays."""
    ours, oldest = re.compile(_OURS + re.escape(newest.suffix)), today - timedelta(days=BACKUP_KEEP_DAYS)
    for each in newest.parent.iterdir():
        named = ours.fullmatch(each.name)
        if named and each != newest and named[1] < oldest.isoformat():
            each.unlink()
