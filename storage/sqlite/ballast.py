"""Room kept back: a file that goes when the disk is full, so that people can still erase and answer.

To erase needs room: what goes is overwritten by way of the journal. Photos get none of the room kept back.
"""

import contextlib
import logging
import os
from pathlib import Path

NAME = "firm-footing.ballast"
BYTES = 8 << 20
LOW_BYTES = 1 << 20
TIMES_FREE = 4  # so many times its size has to be free before it is made
log = logging.getLogger("firm_footing")


class Ballast:
    """The file in this folder."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / NAME

    def keep(self) -> None:
        """Before each write: gives the room up when there is little left, and takes it again when there is enough."""
        try:
            found = os.statvfs(self._file.parent)
        except OSError:  # the folder is gone, which the transaction tells
            return
        free = found.f_bavail * found.f_frsize
        if free < LOW_BYTES:
            self.give_up()
        elif free > BYTES * TIMES_FREE and not self.is_there:
            self._make()

    def give_up(self) -> bool:
        """Whether there is more room now."""
        try:
            self._file.unlink()
        except OSError:
            return False
        log.error(
            "the disk of %s is full: make room. People can still answer and erase, and keep no photos", self._file
        )
        return True

    @property
    def is_there(self) -> bool:
        return self._file.exists()

    def _make(self) -> None:
        half = self._file.with_name(f"{NAME}.half")
        with contextlib.suppress(OSError):
            with half.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, BYTES)
            half.rename(self._file)
