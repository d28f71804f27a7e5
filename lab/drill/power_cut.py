"""Power cuts: the real store on a disk that forgets, cut before a write or sync chosen by chance, then read.

Only SQLite's own sync calls can save an answer there. So with synchronous=FULL nothing acknowledged may be
missing, and the same drill with NORMAL has to lose some, or it proves nothing.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from sqlite_utils import Database

from lab.drill.disk import Disk, DiskConnection
from storage import RecordNotFound
from storage.rows.sealing import KEY, Sealer, load_key
from storage.sqlite.connecting import Connections, with_pragmas
from storage.sqlite.engine import SqliteEngine, open_store
from storage.sqlite.opening import DATABASE
from storage.store.store import SealedStore

Synchronous = Literal["FULL", "NORMAL"]

LONGEST_RUN = 400  # writes, truncations and syncs before the cut


@dataclass(frozen=True, kw_only=True)
class Losses:
    """What some cuts cost; `broken` counts stores that were damaged or held what nobody sent."""

    cuts: int
    acknowledged: int
    lost: int
    broken: int


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One acknowledged answer: in the record's draft, and where it was sent off in a submission too."""

    record_id: str
    name: str
    text: str
    submission_id: str | None


def cut_power(cuts: int, synchronous: Synchronous = "FULL", *, seed: int = 1) -> Losses:
    """What that many power cuts cost, each on a new store."""
    image, sealer = _new_store()
    costs = [_cut_once(image, sealer, synchronous, random.Random(seed * 1_000_000 + n)) for n in range(cuts)]
    return Losses(
        cuts=cuts,
        acknowledged=sum(cost.acknowledged for cost in costs),
        lost=sum(cost.lost for cost in costs),
        broken=sum(cost.broken for cost in costs),
    )


def _new_store() -> tuple[Mapping[str, bytes], Sealer]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        open_store(folder, folder).close()
        return {DATABASE: (folder / DATABASE).read_bytes()}, Sealer(load_key(folder / KEY))


def _cut_once(image: Mapping[str, bytes], sealer: Sealer, synchronous: Synchronous, chance: random.Random) -> Losses:
    disk = Disk(image, chance, cut_before=chance.randint(1, LONGEST_RUN))
    with _store_on(disk, sealer, synchronous) as store:
        answers = _write_until_cut(store, disk, chance)
    try:
        with _store_on(Disk(disk.left or {}, chance), sealer, synchronous) as store:
            lost, broken = _missing(store, answers), 0
    except Exception:  # whatever it was, the store did not survive
        lost, broken = 0, 1
    return Losses(cuts=1, acknowledged=len(answers), lost=lost, broken=broken)


@contextmanager
def _store_on(disk: Disk, sealer: Sealer, synchronous: Synchronous) -> Iterator[SealedStore]:
    connections = Connections(partial(_connect, disk, synchronous))
    with connections.transaction("BEGIN") as db:
        verdict = db.execute("PRAGMA integrity_check").fetchone()[0]
    assert verdict == "ok", verdict
    yield SealedStore(SqliteEngine(connections), sealer, date.today)
    connections.close()


def _connect(disk: Disk, synchronous: Synchronous) -> Database:
    db = Database(DiskConnection(DATABASE, disk), recursive_triggers=False, execute_plugins=False)  # type: ignore[arg-type]
    db.execute("PRAGMA locking_mode = EXCLUSIVE")  # the log then needs no shared memory
    with_pragmas(db)
    db.execute("PRAGMA wal_autocheckpoint = 30")  # pages, so that cuts fall into checkpoints too
    if synchronous == "NORMAL":
        db.execute("PRAGMA synchronous = NORMAL")
    return db


def _write_until_cut(store: SealedStore, disk: Disk, chance: random.Random) -> Sequence[Answer]:
    record_id = store.create_record(content_hash="content", data={}).record_id
    acknowledged: list[Answer] = []
    while True:
        answer = _write(store, record_id, f"question-{len(acknowledged)}", chance)
        if disk.left is not None:
            return acknowledged
        acknowledged.append(answer)


def _write(store: SealedStore, record_id: str, name: str, chance: random.Random) -> Answer:
    text = chance.randbytes(chance.choice((5, 50, 500))).hex()
    draft = store.change_draft(record_id, lambda data: {**data, name: text}, content_hash="content")
    submission_id = None
    if chance.random() < 0.3:
        submission = store.submit(record_id, submit_key=name, content_hash="content", data=draft.data)
        submission_id = submission.submission_id
    return Answer(record_id=record_id, name=name, text=text, submission_id=submission_id)


def _missing(store: SealedStore, answers: Sequence[Answer]) -> int:
    """How many acknowledged answers are gone.

    :raises AssertionError: an answer came back changed, or one that nobody sent
    """
    if not answers:
        return 0
    record_id = answers[0].record_id
    try:
        drafted = store.get_draft(record_id).data
    except RecordNotFound:
        return len(answers)
    sent = {answer.name: answer.text for answer in answers}
    under_way = f"question-{len(answers)}"
    assert all(name == under_way or sent.get(name) == text for name, text in drafted.items())
    return sum(answer.name not in drafted or not _is_submitted(store, answer) for answer in answers)


def _is_submitted(store: SealedStore, answer: Answer) -> bool:
    if answer.submission_id is None:
        return True
    try:
        data = store.get_submission(answer.record_id, answer.submission_id).data
    except RecordNotFound:
        return False
    assert data[answer.name] == answer.text
    return True
