"""A writer of every kind of thing that a record holds, which notes what it does; and what of it is found afterwards.

Each line of its notes is written at once: what stands there was acknowledged, and the last thing begun may be either
there or not, but whole.
"""

import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from functools import partial
from itertools import count
from pathlib import Path
from threading import RLock
from typing import Any, Literal

from sqlite_utils import Database

from storage import Share, StoreBusy
from storage.sqlite.connecting import Connections, connect, faults_named
from storage.sqlite.engine import SqliteEngine
from storage.sqlite.opening import ready
from storage.store.store import SealedStore

UNDONE = {"photo removed": "photo", "share taken back": "share"}
LATE = 200  # writes; fewer, and the sync of each commit would be most of the time in which a kill can come

Tell = Callable[[str], None]
Kind = Literal[
    "draft",
    "submission",
    "tick",
    "photo",
    "photo removed",
    "link made",
    "link closed",
    "share",
    "share taken back",
]
KINDS: tuple[Kind, ...] = (
    "draft",
    "tick",
    "submission",
    "tick",
    "photo",
    "link made",
    "draft",
    "photo removed",
    "tick",
    "link closed",
    "share",
    "link made",
    "share taken back",
)


def write_for_ever(folder: Path, tell: Tell, open_one: Callable[[Path], SealedStore]) -> None:
    """Writes one thing after the other into a record of its own, until it is killed."""
    store = open_one(folder)
    record_id = store.create_record(content_hash="content", data={}).record_id
    waiting: dict[str, list[int]] = {"photo": [], "share": []}  # what can be taken away again
    for number in count():
        kind = KINDS[number % len(KINDS)]
        about: dict[str, Any] = {"record": record_id, "number": number, "kind": kind}
        if kind in UNDONE:
            about["of"] = waiting[UNDONE[kind]].pop(0)
        tell(json.dumps({**about, "is": "begun"}))
        with suppress(StoreBusy):  # the other writer held the lock too long: not acknowledged, so not told
            values = write_one(store, record_id, number, kind, about.get("of", 0))
            tell(json.dumps({**about, "is": "done", "given": values}))
            if kind in waiting:
                waiting[kind].append(number)


def write_one(store: SealedStore, record_id: str, number: int, kind: Kind, of: int) -> Any:
    """Writes one thing of this kind, and gives back what opens it; `of` is what it takes away again."""
    key, content = str(number), content_of(number)
    match kind:
        case "draft":
            store.change_draft(record_id, lambda data: {**data, key: content}, content_hash="content")
        case "submission":
            return store.submit(record_id, submit_key=key, content_hash="content", data=data_of(number)).submission_id
        case "tick":
            store.add_tick(record_id, submit_key=key, data=data_of(number))
        case "photo":
            return store.keep_photo(record_id, submit_key=key, picture=content.encode() * 40)
        case "photo removed":
            store.delete_photo(record_id, store.keep_photo(record_id, submit_key=str(of), picture=b""))
        case "link made":
            made = store.make_link_and_code(record_id)
            return {"link": made.link, "code": made.code}
        case "link closed":
            store.close_link_and_code(record_id)
        case "share":
            return _share(store, record_id, number).link
        case "share taken back":
            store.take_back_share(record_id, _share(store, record_id, of).share_id)
    return None


def _share(store: SealedStore, record_id: str, number: int) -> Share:
    """Made once; asked for again by its key, the same."""
    return store.make_share(record_id, submit_key=str(number), name=content_of(number), right="see", days=7)


def content_of(number: int) -> str:
    return random.Random(number).randbytes(40).hex()


def data_of(number: int) -> dict[str, Any]:
    return {"number": number, "content": content_of(number)}


def late_store(folder: Path, late: int = LATE) -> SealedStore:
    """The twin: a store that answers first, and commits after so many transactions."""
    database, sealer = ready(folder, folder)
    connections = LateCommits(partial(connect, database), database)
    connections.late = late
    return SealedStore(SqliteEngine(connections), sealer, date.today)


class LateCommits(Connections):
    """Connections that tell the caller that all is done before it is: many transactions share a commit."""

    late = LATE
    _db: Database | None = None
    _waiting = 0
    _one_at_a_time = RLock()

    @contextmanager
    def transaction(self, kind: Literal["BEGIN", "BEGIN IMMEDIATE"]) -> Iterator[Database]:
        """Leaves the transaction open, to be committed with those that follow."""
        del kind
        with self._one_at_a_time, faults_named():
            self._db = self._db or self._open_one()
            if not self._db.conn.in_transaction:
                self._db.execute("BEGIN IMMEDIATE")
            yield self._db
            self._waiting += 1
            if self._waiting % self.late == 0:
                self._db.execute("COMMIT")
