"""How far the database had come, noted beside its key: no seal within a file tells that all of it is an older one.

The note is written when the store closes, and at most once a minute, after a commit: it never runs ahead. So it tells
of an older copy in the place of the file and of a journal that was lost, but for what was written since the note.
Whoever can also write the folder of the key can undo that.
"""

import contextlib
import logging
import time
from pathlib import Path

NAME = "firm-footing.changes"
A_MINUTE_SECONDS = 60
log = logging.getLogger("firm_footing")


class Noted:
    """The note in this folder."""

    def __init__(self, key_folder: Path) -> None:
        self._file = key_folder / NAME
        self._changes = 0
        self._written_at = time.monotonic()

    def committed(self, changes: int) -> None:
        """The database has come so far."""
        self._changes = max(changes, self._changes)
        if time.monotonic() - self._written_at >= A_MINUTE_SECONDS:
            self.write()

    def write(self) -> None:
        """Notes it; where the folder of the key may not be written, nothing is noted."""
        self._written_at = time.monotonic()
        if self._changes:
            half = self._file.with_name(f"{NAME}.half")
            with contextlib.suppress(OSError):
                half.write_text(f"{self._changes}\n", encoding="ascii")
                half.replace(self._file)

    def read(self) -> int:
        """How far the database had come; 0 where nobody can tell."""
        try:
            return int(self._file.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return 0

    def log_missing(self, changes: int) -> None:
        """Tells whoever runs the app that the database has not come as far as it had."""
        log.error(
            "the database is older than it was: %d changes are missing. Its journal (-wal) was lost, or an older "
            "copy was put in its place without flask restore. Stop the app and look for the newer one",
            changes,
        )

    def forget(self) -> None:
        """Another database takes the place."""
        with contextlib.suppress(OSError):
            self._file.unlink()
