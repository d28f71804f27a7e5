"""Somebody who can write the file, and has no key, puts rows back from an older copy of it, or cuts some out.

A row of ours is sealed, so each of them is real: only what else was written tells that it should not stand there.
"""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal
from unittest.mock import patch

from sqlite_utils import Database

from storage import LinkAndCode, RecordNotFound, SealBroken, Share
from storage.rows.marks import Marks
from storage.rows.note_beside_key import Noted
from storage.rows.tables import OWN
from storage.rows.tallies import Tallies
from storage.rows.totals import Totals
from storage.sqlite.connecting import connect
from storage.sqlite.engine import open_store
from storage.sqlite.opening import DATABASE, ready
from storage.sqlite.rows import SqliteRows
from storage.store.store import SealedStore

Noticed = Literal["when the record is read", "when all is summed up", "by the note beside the key", "never"]
_READ: Noticed = "when the record is read"
_SUMMED: Noticed = "when all is summed up"
_NOTED: Noticed = "by the note beside the key"
_ALL_OF_IT = ("records", *(table.name for table in OWN), "tallies")

_CUT = "DELETE FROM {} WHERE record_id = ?"
TAMPERINGS: dict[str, tuple[Noticed, tuple[str, ...]]] = {
    "an old row of the record": (_READ, ("records",)),
    "an old tally": (_READ, ("tallies",)),
    "a photo that was deleted": (_READ, ("photos",)),
    "a share that was taken back": (_READ, ("shares",)),
    "a link that was taken back": (_READ, ("doors",)),
    "a clinic's file that was taken back": (_READ, ("health_links",)),
    "a share with its record and tally": (_READ, ("records", "tallies", "shares")),
    "a link with its record and tally": (_READ, ("records", "tallies", "doors")),
    "a record that was erased": (_READ, _ALL_OF_IT),
    "no last tick": (_READ, (_CUT.format("ticks") + " AND number = 2",)),
    "no first plan": (
        _READ,
        (_CUT.format("submissions") + " AND submission_id NOT IN (SELECT latest_submission_id FROM records)",),
    ),
    "no shares": (_READ, (_CUT.format("shares"),)),
    "no tally": (_READ, (_CUT.format("tallies"),)),
    "everything of a record as it was": (_SUMMED, (_CUT.format("records"), *_ALL_OF_IT, "DELETE FROM erased")),
    "no record": (_SUMMED, (_CUT.format("records"),)),
    "no marks of what was erased": (_SUMMED, ("DELETE FROM erased",)),
    "an old total": (_SUMMED, ("totals",)),
    "everything in the file as it was": (
        _NOTED,
        (_CUT.format("records"), *_ALL_OF_IT, "DELETE FROM erased", "totals"),
    ),
    "no total": (_SUMMED, ("DELETE FROM totals",)),
}
"""What is done, when it has to be noticed, and how: tables put back from the older copy, or statements."""


@dataclass(kw_only=True)
class Tampered:
    """When it was noticed, and whether another record can be read as before."""

    noticed: Noticed
    others_read: bool


@dataclass(kw_only=True)
class _Victim:
    record_id: str
    photo_id: str
    link_and_code: LinkAndCode
    share: Share


def tamper(*, looking: bool = True) -> dict[str, Tampered]:
    """What comes of each way. The twin, which is not `looking`, has to notice none."""
    with TemporaryDirectory() as name, _looking(looking):
        folder = Path(name)
        database, store = folder / DATABASE, open_store(folder, folder)
        other, victim = _person(store), _person(store)
        store.close()
        older = Path(shutil.copy(database, folder / "older.db"))
        _live_on(store, victim)
        store.close()
        alive, noted = database.read_bytes(), Noted(folder).read()
        store.erase(victim.record_id)
        store.close()
        erased = database.read_bytes()
        seen = {}
        for what, (_, steps) in TAMPERINGS.items():
            database.write_bytes(erased if "erased" in what and steps is _ALL_OF_IT else alive)
            Noted(folder).write(noted)
            _put_back(database, older, victim.record_id, steps)
            noticed: Noticed = _READ if not _reads(store, victim) else _when_all_is_looked_at(folder)
            seen[what] = Tampered(noticed=noticed, others_read=_draft_reads(store, other.record_id))
            store.close()
    return seen


def _person(store: SealedStore) -> _Victim:
    record_id = store.create_record(content_hash="content", data={"fell": "yes"}).record_id
    store.make_health_link(record_id, token=record_id, file=b"jwe", plan_of=date(2026, 11, 22), made=0, ends=9)
    for number in range(2):
        store.submit(record_id, submit_key=str(number), content_hash="content", data={"plan": number})
    store.add_tick(record_id, submit_key="1", data={"state": "open"})
    return _Victim(
        record_id=record_id,
        photo_id=store.keep_photo(record_id, submit_key="p", picture=b"rug"),
        link_and_code=store.make_link_and_code(record_id),
        share=store.make_share(record_id, submit_key="s", name="Ana", right="see", days=30),
    )


def _live_on(store: SealedStore, victim: _Victim) -> None:
    """What a person does after the older copy was made, and nobody may undo."""
    record_id = victim.record_id
    store.change_draft(record_id, lambda data: {**data, "fell": "no"}, content_hash="content")
    store.add_tick(record_id, submit_key="2", data={"state": "done"})
    store.delete_photo(record_id, victim.photo_id)
    store.close_link_and_code(record_id)
    store.take_back_share(record_id, victim.share.share_id)
    for each in store.list_health_links(record_id, 0):
        store.take_back_health_link(record_id, each.link_id)
    store.make_share(record_id, submit_key="t", name="Ben", right="see", days=30)


def _put_back(database: Path, older: Path, record_id: str, steps: tuple[str, ...]) -> None:
    with closing(connect(database)) as db:
        db.execute("PRAGMA synchronous = OFF")
        db.execute("ATTACH ? AS older", (str(older),))
        for step in steps:
            statement = step if step.startswith("DELETE") else _replacing(db, step)
            db.execute(statement, (record_id,) * statement.count("?"))


def _replacing(db: Database, table: str) -> str:
    columns = [each[1] for each in db.execute(f"PRAGMA table_info({table})").fetchall()]
    changes = ", ".join(f"{each} = excluded.{each}" for each in columns[1:])
    which = "record_id = ?" if "record_id" in columns else "true"
    old = f"SELECT * FROM older.{table} WHERE {which}"
    return f"INSERT INTO main.{table} {old} ON CONFLICT ({columns[0]}) DO UPDATE SET {changes}"


def _reads(store: SealedStore, victim: _Victim) -> bool:
    """Whether all that may be asked of the record is answered, as it was or not."""
    record_id = victim.record_id
    asked = (
        lambda: store.get_draft(record_id),
        lambda: store.list_ticks(record_id),
        lambda: store.list_submissions(record_id),
        lambda: store.list_shares(record_id),
        lambda: store.find_link_and_code(record_id),
        lambda: store.get_photo(record_id, victim.photo_id),
        lambda: store.open_by_link(victim.link_and_code.link),
        lambda: store.open_by_link(victim.share.link),
        lambda: store.list_health_links(record_id, 0),
        lambda: store.get_health_file(record_id, 0),
    )
    try:
        for ask in asked:
            try:
                ask()
            except RecordNotFound:
                continue
    except SealBroken:
        return False
    return True


def _draft_reads(store: SealedStore, record_id: str) -> bool:
    try:
        return store.get_draft(record_id).data == {"fell": "yes"}
    except SealBroken:
        return False


def _when_all_is_looked_at(folder: Path) -> Noticed:
    database, sealer = ready(folder, folder, check_pages=False)
    with closing(connect(database)) as db:
        totals = Totals(SqliteRows(db), sealer)
        if totals.fault():
            return _SUMMED
        return _NOTED if totals.missing(Noted(folder).read()) else "never"


@contextmanager
def _looking(wanted: bool) -> Iterator[None]:
    if wanted:
        yield
        return
    with (
        patch.object(Tallies, "check", lambda *_: None),
        patch.object(Tallies, "check_record", lambda *_: None),
        patch.object(Totals, "fault", lambda _: None),
        patch.object(Totals, "missing", lambda *_: 0),
        patch.object(Marks, "is_marked", lambda *_: False),
    ):
        yield
