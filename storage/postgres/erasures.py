"""What was erased, listed beside the key of each server, so that a dump that is put back brings none of it back.

A dump holds the marks of its own time (rows/marks.py), the list those that came later: of this server at once, of the
others within a minute while this one writes, and all of them at each start. What it lists and the database does not is
erased again before anything is served. It names nobody: a mark is a keyed hash. What no list has is not known here.
"""

import fcntl
import logging
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from storage.rows.sealed_rows import SealedRows
from storage.rows.sealing import move_durably
from storage.rows.tables import STAFF_SESSIONS
from storage.store import removing

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


@dataclass(frozen=True, kw_only=True)
class CameBack:
    """Of a database that is older than it was, the marks that it lacks."""

    marks: Mapping[str, str]
    is_older: bool


def compare(rows: SealedRows, listed: ErasuresListed, *, is_older: bool) -> CameBack | None:
    """None where nothing is missing: then the list follows the database."""
    before, known = listed.read(), rows.marks()
    if known and not listed.file.exists():
        log.warning(
            "storage: no %s lies beside the key. If this database was put back from a backup, what was erased since "
            "may be back: stop, put that file there from another server or from beside the newest backup, and start",
            NAME,
        )
    lacking = {mark: day for mark, day in before.items() if known.get(mark, "") < day}
    listed.follow({**known, **lacking}, before)
    return CameBack(marks=lacking, is_older=is_older) if lacking or is_older else None


def erase_again(rows: SealedRows, found: CameBack) -> None:
    """Who was erased is gone again, clinics too, and what was taken back is. Staff sign in anew, as somebody may have
    been disabled since."""
    removed = removing.erase_again(rows, found.marks).total() if found.marks else 0
    if removed or found.is_older:
        for each in rows.stored.ids(STAFF_SESSIONS):
            rows.delete(STAFF_SESSIONS, each)
        rows.note_backup(datetime.fromtimestamp(rows.stored.now() / 1000, UTC).date().isoformat())
        log.warning(
            "storage: the database is older than it was. What had been erased or taken back since is so again: %d "
            "rows. Staff sign in anew; look who of them may",
            removed,
        )
    rows.finish()


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
