"""What is found afterwards of all that a writer noted: lost, doubled, or left in halves."""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from lab.drill.writing import Kind, content_of, data_of
from storage import LinkAndCode, RecordNotFound, Way
from storage.rows.totals import Totals
from storage.sqlite.connecting import connect
from storage.sqlite.engine import open_store
from storage.sqlite.opening import DATABASE, ready
from storage.sqlite.rows import SqliteRows
from storage.store.store import SealedStore


@dataclass(frozen=True, kw_only=True)
class WriterLosses:
    """What was acknowledged, and what of it was lost, is there twice, or is there in part."""

    acknowledged: int
    lost: int = 0
    doubled: int = 0
    halved: int = 0

    def __add__(self, other: "WriterLosses") -> "WriterLosses":
        return WriterLosses(
            acknowledged=self.acknowledged + other.acknowledged,
            lost=self.lost + other.lost,
            doubled=self.doubled + other.doubled,
            halved=self.halved + other.halved,
        )


@dataclass(kw_only=True)
class Notes:
    """What one writer noted of its record."""

    record_id: str
    done: list[Mapping[str, Any]] = field(default_factory=list)
    under_way: Mapping[str, Any] | None = None

    def numbers(self, *kinds: Kind) -> list[int]:
        return [each["number"] for each in self.done if each["kind"] in kinds]

    def may_be(self, kind: Kind) -> list[int]:
        """The number of what was under way when the writer was killed, if it was of this kind."""
        return [self.under_way["number"]] if self.under_way and self.under_way["kind"] == kind else []


def read_notes(lines: Sequence[str]) -> list[Notes]:
    """The notes of each record."""
    found: dict[str, Notes] = {}
    for line in map(json.loads, lines):
        notes = found.setdefault(line["record"], Notes(record_id=line["record"]))
        if line["is"] == "done":
            notes.done.append(line)
        notes.under_way = line if line["is"] == "begun" else None
    return list(found.values())


def judge(folder: Path, lines: Sequence[str]) -> WriterLosses:
    """What the writers of these notes lost, doubled or left in halves."""
    cost = WriterLosses(acknowledged=0, halved=_halves(folder) + _unlike_its_tallies(folder))
    store = open_store(folder, folder)
    cost += judge_notes(store, lines)
    store.close()
    return cost + WriterLosses(acknowledged=0, halved=_halves(folder) + _unlike_its_tallies(folder))


def judge_notes(store: SealedStore, lines: Sequence[str]) -> WriterLosses:
    """The same of an open store on any engine, but for what lies in halves under it."""
    return sum((_judge(store, notes) for notes in read_notes(lines)), WriterLosses(acknowledged=0))


def _judge(store: SealedStore, notes: Notes) -> WriterLosses:
    acknowledged = WriterLosses(acknowledged=len(notes.done))
    try:
        store.get_draft(notes.record_id)
    except RecordNotFound:
        return acknowledged + WriterLosses(acknowledged=0, lost=len(notes.done))
    parts = (_drafts, _ticks, _submissions, _photos, _link_and_code, _shares)
    return sum((part(store, notes) for part in parts), acknowledged)


def _drafts(store: SealedStore, notes: Notes) -> WriterLosses:
    data, wanted = store.get_draft(notes.record_id).data, notes.numbers("draft")
    lost = sum(data.get(str(number)) != content_of(number) for number in wanted)
    unasked = set(data) - {str(number) for number in wanted + notes.may_be("draft")}
    return WriterLosses(acknowledged=0, lost=lost, halved=len(unasked))


def _ticks(store: SealedStore, notes: Notes) -> WriterLosses:
    """In the order they came, once each: also after each was sent again with its key."""
    wanted = notes.numbers("tick")
    for number in wanted:
        store.add_tick(notes.record_id, submit_key=str(number), data={"again": True})
    stored = store.list_ticks(notes.record_id)
    found = [each["number"] for each in stored if each == data_of(each.get("number", -1))]
    lost = len(set(wanted) - set(found))
    doubled = len(found) - len(set(found))
    in_order = [each for each in found if each in wanted] == wanted
    strange = set(found) - set(wanted) - set(notes.may_be("tick"))
    return WriterLosses(acknowledged=0, lost=lost, doubled=doubled, halved=len(strange) + (not lost and not in_order))


def _submissions(store: SealedStore, notes: Notes) -> WriterLosses:
    lost = doubled = halved = 0
    for each in notes.done:
        if each["kind"] == "submission":
            number = each["number"]
            try:
                stored = store.get_submission(notes.record_id, each["given"])
            except RecordNotFound:
                lost += 1
                continue
            again = store.submit(notes.record_id, submit_key=str(number), content_hash="content", data=data_of(number))
            doubled += again.submission_id != each["given"]
            halved += stored.data != data_of(number)
    wanted = notes.numbers("submission")
    if wanted and not lost:
        latest = store.find_latest_submission(notes.record_id)
        halved += latest is None or latest.data["number"] not in (wanted[-1], *notes.may_be("submission"))
    return WriterLosses(acknowledged=0, lost=lost, doubled=doubled, halved=halved)


def _photos(store: SealedStore, notes: Notes) -> WriterLosses:
    lost = doubled = 0
    gone = {each["of"] for each in notes.done if each["kind"] == "photo removed"}
    may_be_gone = {notes.under_way["of"]} if notes.may_be("photo removed") and notes.under_way else set()
    for each in notes.done:
        if each["kind"] == "photo" and each["number"] not in may_be_gone:
            number = each["number"]
            is_stored = _photo(store, notes.record_id, each["given"]) == content_of(number).encode() * 40
            lost += is_stored == (number in gone)  # a removal that did not last is one lost too
            if is_stored and number not in gone:
                again = store.keep_photo(notes.record_id, submit_key=str(number), picture=b"")
                doubled += again != each["given"]
    return WriterLosses(acknowledged=0, lost=lost, doubled=doubled)


def _photo(store: SealedStore, record_id: str, photo_id: str) -> bytes | None:
    try:
        return store.get_photo(record_id, photo_id)
    except RecordNotFound:
        return None


def _link_and_code(store: SealedStore, notes: Notes) -> WriterLosses:
    """The last pair opens, unless another was under way; no pair before it does."""
    changes = [each for each in notes.done if each["kind"] in ("link made", "link closed")]
    last = changes[-1]["given"] if changes else None
    found = store.find_link_and_code(notes.record_id)
    lost = doubled = 0
    if not notes.may_be("link made") and not notes.may_be("link closed"):
        lost += found != (LinkAndCode(**last) if last else None)
    if found:
        lost += not _opens(lambda: store.open_by_link(found.link), notes)
        lost += not _opens(lambda: store.open_by_code(found.code), notes)
    for each in changes[:-1]:
        old = each["given"]
        doubled += bool(old) and _opens(partial(store.open_by_link, old["link"]), notes)
    return WriterLosses(acknowledged=0, lost=lost, doubled=doubled)


def _shares(store: SealedStore, notes: Notes) -> WriterLosses:
    """Each that was not taken back opens once; none that was taken back does."""
    lost = 0
    gone = {each["of"] for each in notes.done if each["kind"] == "share taken back"}
    may_be_gone = {notes.under_way["of"]} if notes.may_be("share taken back") and notes.under_way else set()
    standing = Counter(share.name for share in store.list_shares(notes.record_id))
    for each in notes.done:
        if each["kind"] == "share" and each["number"] not in may_be_gone:
            lost += _opens(partial(store.open_by_link, each["given"]), notes) == (each["number"] in gone)
    strange = set(standing) - {content_of(number) for number in notes.numbers("share") + notes.may_be("share")}
    return WriterLosses(acknowledged=0, lost=lost, doubled=standing.total() - len(standing), halved=len(strange))


def _opens(door: Callable[[], Way], notes: Notes) -> bool:
    try:
        return door().record_id == notes.record_id
    except RecordNotFound:
        return False


def _halves(folder: Path) -> int:
    """How many records, pairs and numbers do not fit, or 1 where the file itself is not sound."""
    db = connect(folder / DATABASE)
    try:
        if db.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            return 1
        untallied = db.execute(
            "SELECT count(*) FROM records WHERE record_id NOT IN (SELECT record_id FROM tallies)"
        ).fetchone()[0]
        link_rows = db.execute("SELECT count(*) FROM doors GROUP BY record_id").fetchall()
        numbers = db.execute("SELECT max(number) - count(*) FROM ticks GROUP BY record_id").fetchall()
    finally:
        db.close()
    return int(untallied + sum(found != 2 for (found,) in link_rows) + sum(gap for (gap,) in numbers))


def _unlike_its_tallies(folder: Path) -> int:
    """1 where somebody would have to think that the file was changed from outside."""
    database, sealer = ready(folder, folder)
    with closing(connect(database)) as db:
        return int(Totals(SqliteRows(db), sealer).fault() is not None)
