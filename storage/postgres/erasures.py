"""A dump that was put back is set right at a server's start, by the list beside its key (store/erasures_listed.py).

It lists what was erased on this server at once, on the others within a minute while this one writes, and all of it at
each start. What it lists and the database does not is erased again before anything is served. What no list has is not
known here.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from storage.rows.sealed_rows import SealedRows
from storage.rows.tables import STAFF_SESSIONS
from storage.store import removing
from storage.store.erasures_listed import NAME, ErasuresListed

log = logging.getLogger("firm_footing")


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
