"""How far the database had come, noted beside its key: no seal within a file tells that all of it is an older one.

A number for each part (totals.py), so that a part put back alone is noticed too. The note is written when the store
closes, and at most once a minute, of what was committed: it never runs ahead. So it tells of an older copy in the place
of the database and of a journal that was lost, but for what was written since the note. Whoever can also write the
folder of the key can undo that.
"""

import contextlib
import time
from collections.abc import Mapping
from pathlib import Path

from storage.rows.totals import PARTS

NAME = "firm-footing.changes"
A_MINUTE_SECONDS = 60


class Noted:
    """The note in this folder."""

    def __init__(self, key_folder: Path) -> None:
        self._file = key_folder / NAME
        self._written_at = time.monotonic()

    @property
    def is_due(self) -> bool:
        """It was not written for a minute."""
        return time.monotonic() - self._written_at >= A_MINUTE_SECONDS

    def write(self, changes: Mapping[str, int]) -> None:
        """Notes it; where the folder of the key may not be written, nothing is noted."""
        self._written_at = time.monotonic()
        half = self._file.with_name(f"{NAME}.half")
        with contextlib.suppress(OSError):
            half.write_text(f"{' '.join(str(changes.get(part, 0)) for part in PARTS)}\n", encoding="ascii")
            half.replace(self._file)

    def read(self) -> dict[str, int]:
        """How far each part had come; nothing where nobody can tell. Before there were parts, one number was noted, and
        each of them began there (`Totals.divide`)."""
        try:
            return dict(zip(PARTS, map(int, self._file.read_text(encoding="ascii").split()), strict=False))
        except (OSError, ValueError):
            return {}

    def forget(self) -> None:
        """Another database takes the place."""
        with contextlib.suppress(OSError):
            self._file.unlink()
