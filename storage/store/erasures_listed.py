"""What was erased or taken back, listed beside the key, so that a backup that is put back brings none of it back.

A backup holds the marks of its own time (rows/marks.py), the list those that came later, also where the database before
is damaged or gone. It is no part of the database, and it names nobody: a mark is a keyed hash.
"""

import fcntl
import logging
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from storage.rows.sealing import move_durably

NAME = "firm-footing.erased"
_LINE = re.compile(r"([0-9a-f]{64}) (\d{4}-\d{2}-\d{2})\n")
log = logging.getLogger("firm_footing")


class ErasuresListed:
    """The list in this folder, of which every process of a server writes; each line is a mark and its day."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / NAME

    def read(self) -> dict[str, str]:
        """Of two days of a mark the later one; nothing where it cannot be read."""
        found: dict[str, str] = {}
        try:
            for mark, day in _LINE.findall(self.file.read_text(encoding="ascii", errors="replace")):
                found[mark] = max(day, found.get(mark, ""))
        except OSError:
            pass
        return found

    def add(self, marks: Mapping[str, str]) -> None:
        """They are on disk when this returns, or the log says that they are not."""
        try:
            with self._alone() as file:
                file.write(_lines(marks))
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            _log(error)

    def add_lacking(self, marks: Mapping[str, str]) -> None:
        """Those of these that it does not have."""
        before = self.read() if marks else {}
        if lacking := {mark: day for mark, day in marks.items() if before.get(mark, "") < day}:
            self.add(lacking)

    def follow(self, marks: Mapping[str, str], before: Mapping[str, str]) -> None:
        """Only these from now on, and what others have added since it was read as `before`."""
        try:
            with self._alone():
                since = {mark: day for mark, day in self.read().items() if mark not in before}
                half = self.file.with_name(f"{NAME}.half")
                half.write_text(_lines({**since, **marks}), encoding="ascii")
                half.chmod(0o600)
                _give_to_owner(half)
                move_durably(half, self.file)
        except OSError as error:
            _log(error)

    @contextmanager
    def _alone(self) -> Iterator[IO[str]]:
        """The file that has the name now, and no other process writes into it."""
        while True:
            with open(self.file, "a", encoding="ascii", opener=_for_us_alone) as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                if os.path.samestat(os.fstat(file.fileno()), self.file.stat()):
                    yield file
                    return


def _lines(marks: Mapping[str, str]) -> str:
    return "".join(f"{mark} {day}\n" for mark, day in sorted(marks.items()))


def _for_us_alone(path: str, flags: int) -> int:
    is_new = not os.path.exists(path)
    descriptor = os.open(path, flags, 0o600)
    if is_new:
        _give_to_owner(Path(path))
    return descriptor


def _give_to_owner(file: Path) -> None:
    """Root may have typed a command: the app runs as another user, whose folder this is."""
    if os.geteuid() == 0:
        folder = file.parent.stat()
        os.chown(file, folder.st_uid, folder.st_gid)


def _log(error: OSError) -> None:
    log.error("storage: what was erased could not be listed beside the key (%s)", error.strerror)
