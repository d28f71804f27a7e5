"""The embedded default: the Store protocol on one SQLite file; rows never leave it."""

import hashlib
import json
import secrets
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Literal

from storage import doors, shares
from storage.connecting import Connections, connect
from storage.model import (
    BACKUP_KEEP_DAYS,
    Change,
    Data,
    Doors,
    Draft,
    RecordFull,
    RecordNotFound,
    Right,
    SealBroken,
    Share,
    Store,
    Submission,
    SubmitKeyUsed,
    Way,
)
from storage.opening import ready
from storage.rows import CONTENTS, PHOTOS, RECORDS, SESSIONS, SHARES, SUBMISSIONS, SUM_NAMES, TICKS, Row, Rows, Table
from storage.sealing import Sealer, canonical

KEEP_DAYS = 90
ID_BYTES = 16
MOST_TICKS = 2000
MOST_SUBMISSIONS = 500
MOST_PHOTOS = 100
PURGED_AT_ONCE = 50
PAUSE_SECONDS = 0.02


def open_store(
    data_folder: Path, key_folder: Path, *, today: Callable[[], date] = date.today, check_pages: bool = True
) -> "SqliteStore":
    """The store in these folders, checked and migrated; a first run makes its database and key.

    :raises StoreRefused: one sentence on what is wrong, and the way out
    """
    database, sealer = ready(data_folder, key_folder, check_pages=check_pages)
    return SqliteStore(Connections(partial(connect, database), database), sealer, today)


class SqliteStore(Store):
    """Each verb is one transaction; `Store` says what it owes."""

    def __init__(
        self,
        connections: Connections,
        sealer: Sealer,
        today: Callable[[], date],
        now: Callable[[], float] = time.time,
    ) -> None:
        self._connections = connections
        self._sealer = sealer
        self._today = today
        self._now = now

    def find_session(self, session_id: str) -> Data | None:
        with self._rows("BEGIN") as rows:
            row = self._find_alive_session(rows, session_id)
        return _data(row) if row else None

    def save_session(self, session_id: str, data: Data) -> None:
        with self._rows("BEGIN IMMEDIATE") as rows:
            rows.put(SESSIONS, self._session(session_id, data))

    def change_session(self, session_id: str, change: Change) -> Data:
        with self._rows("BEGIN IMMEDIATE") as rows:
            old = self._find_alive_session(rows, session_id)
            new = self._session(session_id, _changed(_data(old) if old else {}, change))
            if new != old:
                rows.put(SESSIONS, new)
        return _data(new)

    def create_record(self, *, content_hash: str, data: Data) -> Draft:
        bound = {
            "content_hash": content_hash,
            "revision": 1,
            "expires": self._expiry(),
            "latest_submission_id": None,
        }
        row = Row(row_id=secrets.token_hex(ID_BYTES), bound=bound, plain=canonical(data))
        with self._rows("BEGIN IMMEDIATE") as rows:
            rows.put(RECORDS, row)
            rows.set_sum("records", rows.get_sum("records") + 1)
        return _draft(row)

    def get_draft(self, record_id: str) -> Draft:
        with self._rows("BEGIN") as rows:
            return _draft(self._get_record(rows, record_id))

    def change_draft(self, record_id: str, change: Change, *, content_hash: str) -> Draft:
        with self._rows("BEGIN IMMEDIATE") as rows:
            old = self._get_record(rows, record_id)
            plain = canonical(_changed(_data(old), change))
            is_new = plain != old.plain or content_hash != old.bound["content_hash"]
            new = self._used(
                replace(old, plain=plain), content_hash=content_hash, revision=old.bound["revision"] + is_new
            )
            if new != old:
                rows.put(RECORDS, new)
        return _draft(new)

    def submit(self, record_id: str, *, submit_key: str, content_hash: str, data: Data) -> Submission:
        key_hash, plain = _hash(submit_key), canonical(data)
        with self._rows("BEGIN IMMEDIATE") as rows:
            record = self._get_record(rows, record_id)
            row = rows.find_by_key(SUBMISSIONS, record_id, key_hash)
            if row and row.plain != plain:
                raise SubmitKeyUsed("this form was already sent, with other answers")
            if not row:
                if rows.count_of(SUBMISSIONS, record_id) >= MOST_SUBMISSIONS:
                    raise RecordFull("this record holds as many plans as it may")
                bound = {"record_id": record_id, "submit_key_hash": key_hash, "content_hash": content_hash}
                row = Row(row_id=secrets.token_hex(ID_BYTES), bound=bound, plain=plain)
                rows.put(SUBMISSIONS, row)
                rows.put(RECORDS, self._used(record, latest_submission_id=row.row_id))
                rows.set_sum("submissions", rows.get_sum("submissions") + 1)
        return _submission(row)

    def find_latest_submission(self, record_id: str) -> Submission | None:
        with self._rows("BEGIN") as rows:
            latest = self._get_record(rows, record_id).bound["latest_submission_id"]
            row = rows.find(SUBMISSIONS, latest) if latest else None
        if latest and not row:
            raise SealBroken(f"submissions: the latest of record {record_id} is gone")
        return _submission(row) if row else None

    def list_submissions(self, record_id: str) -> tuple[Submission, ...]:
        with self._rows("BEGIN") as rows:
            self._get_record(rows, record_id)
            return tuple(_submission(row) for row in rows.submissions_of(record_id))

    def get_submission(self, record_id: str, submission_id: str) -> Submission:
        with self._rows("BEGIN") as rows:
            self._get_record(rows, record_id)
            row = rows.find(SUBMISSIONS, submission_id)
        if row is None or row.bound["record_id"] != record_id:
            raise RecordNotFound("this record has no such submission")
        return _submission(row)

    def keep_photo(self, record_id: str, *, submit_key: str, picture: bytes) -> str:
        key_hash = _hash(submit_key)
        with self._rows("BEGIN IMMEDIATE") as rows:
            self._get_record(rows, record_id)
            row = rows.find_by_key(PHOTOS, record_id, key_hash)
            if row is None:
                if rows.count_of(PHOTOS, record_id) >= MOST_PHOTOS:
                    raise RecordFull("this record holds as many photos as it may")
                bound = {"record_id": record_id, "submit_key_hash": key_hash}
                row = Row(row_id=secrets.token_hex(ID_BYTES), bound=bound, plain=picture)
                rows.put(PHOTOS, row)
        return row.row_id

    def get_photo(self, record_id: str, photo_id: str) -> bytes:
        with self._rows("BEGIN") as rows:
            self._get_record(rows, record_id)
            row = rows.find(PHOTOS, photo_id)
        if row is None or row.bound["record_id"] != record_id:
            raise RecordNotFound("this record has no such photo")
        return row.plain

    def delete_photo(self, record_id: str, photo_id: str) -> None:
        with self._rows("BEGIN IMMEDIATE") as rows:
            self._get_record(rows, record_id)
            rows.delete_of(record_id, PHOTOS, photo_id)

    def add_tick(self, record_id: str, *, submit_key: str, data: Data) -> None:
        key_hash = _hash(submit_key)
        with self._rows("BEGIN IMMEDIATE") as rows:
            record = self._get_record(rows, record_id)
            if rows.find_by_key(TICKS, record_id, key_hash):
                return
            number = rows.last_number(TICKS, record_id) + 1
            if number > MOST_TICKS:
                raise RecordFull("this plan has been changed too often")
            bound = {"record_id": record_id, "submit_key_hash": key_hash, "number": number}
            rows.put(TICKS, Row(row_id=secrets.token_hex(ID_BYTES), bound=bound, plain=canonical(data)))
            self._keep_alive(rows, record)

    def list_ticks(self, record_id: str) -> tuple[Data, ...]:
        with self._rows("BEGIN") as rows:
            self._get_record(rows, record_id)
            return tuple(_data(row) for row in rows.all_numbered(TICKS, record_id))

    def find_doors(self, record_id: str) -> Doors | None:
        with self._rows("BEGIN") as rows:
            self._get_record(rows, record_id)
            return doors.find(rows, record_id)

    def make_doors(self, record_id: str) -> Doors:
        with self._rows("BEGIN IMMEDIATE") as rows:
            self._keep_alive(rows, self._get_record(rows, record_id))
            return doors.make(rows, self._sealer, record_id)

    def close_doors(self, record_id: str) -> None:
        with self._rows("BEGIN IMMEDIATE") as rows:
            self._get_record(rows, record_id)
            doors.close(rows, record_id)

    def make_share(self, record_id: str, *, submit_key: str, name: str, right: Right, days: int) -> Share:
        made = self._today()
        share = Share(
            share_id=_hash(f"{record_id} {submit_key}")[: 2 * ID_BYTES],
            record_id=record_id,
            name=name,
            right=right,
            made=made,
            until=made + timedelta(days=days),
        )
        with self._rows("BEGIN IMMEDIATE") as rows:
            self._keep_alive(rows, self._get_record(rows, record_id))
            return shares.make(rows, self._sealer, share)

    def list_shares(self, record_id: str) -> tuple[Share, ...]:
        with self._rows("BEGIN") as rows:
            self._get_record(rows, record_id)
            return tuple(each for each in shares.all_of(rows, record_id) if each.until >= self._today())

    def take_back_share(self, record_id: str, share_id: str) -> None:
        with self._rows("BEGIN IMMEDIATE") as rows:
            self._get_record(rows, record_id)
            rows.delete_of(record_id, SHARES, share_id)

    def get_share(self, share_id: str) -> Share:
        with self._rows("BEGIN") as rows:
            return self._get_share(rows, share_id)

    def note_opened(self, share_id: str) -> None:
        if self.get_share(share_id).opened == self._today():
            return
        with self._rows("BEGIN IMMEDIATE") as rows:
            share = self._get_share(rows, share_id)
            shares.note_opened(rows, self._sealer, share, self._today())
            self._keep_alive(rows, self._get_record(rows, share.record_id))

    def open_by_link(self, token: str) -> Way:
        with self._rows("BEGIN IMMEDIATE") as rows:
            way = self._find_way(rows, "link", doors.hash_of_link(token))
        if way is None:
            raise RecordNotFound("this link opens nothing")
        return way

    def open_by_code(self, code: str, *, asked_by: str) -> Way:
        who, now = doors.hash_of_code(self._sealer, asked_by), int(self._now())
        with self._rows("BEGIN IMMEDIATE") as rows:
            doors.check_tries(rows, who, now)
            way = self._find_way(rows, "code", doors.hash_of_code(self._sealer, code))
            if way is None:
                doors.note_wrong(rows, who, now)
        if way is None:  # told only now: what was noted must stay
            raise RecordNotFound("this code opens nothing")
        return way

    def erase(self, record_id: str) -> Mapping[str, int]:
        with self._rows("BEGIN IMMEDIATE") as rows:
            if not rows.has(RECORDS, record_id):
                raise RecordNotFound("no record is kept under this id")
            counts = self._erase_marked(rows, record_id)
        self._connections.fold_journal()
        return counts

    def find_backup_end(self) -> date | None:
        with self._rows("BEGIN") as rows:
            newest = self._newest_backup(rows)
        return newest + timedelta(days=BACKUP_KEEP_DAYS) if newest else None

    def purge(self) -> Mapping[str, int]:
        day = self._today().isoformat()
        records = self._remove_expired(RECORDS, day, PURGED_AT_ONCE, self._erase_marked)
        sessions = self._remove_expired(
            SESSIONS, day, PURGED_AT_ONCE * 4, lambda rows, each: rows.delete(SESSIONS, each)
        )
        over = self._remove_expired(SHARES, day, PURGED_AT_ONCE * 4, lambda rows, each: rows.delete(SHARES, each))
        with self._rows("BEGIN IMMEDIATE") as rows:
            newest = min(self._today(), self._newest_backup(rows) or self._today())  # older ones went when it was made
            rows.forget_marks((newest - timedelta(days=BACKUP_KEEP_DAYS + 1)).isoformat())
        if records or sessions or over:
            self._connections.fold_journal()
        return {"records": records, "sessions": sessions, "shares": over}

    def _erase_marked(self, rows: Rows, record_id: str) -> Mapping[str, int]:
        rows.mark_erased(record_id, self._today().isoformat())
        return rows.erase(record_id)

    def _newest_backup(self, rows: Rows) -> date | None:
        try:
            noted = rows.newest_backup()
        except SealBroken:  # nobody knows: then it may have been made today
            return self._today()
        return date.fromisoformat(noted) if noted else None

    def _remove_expired(self, table: Table, day: str, most: int, remove: Callable[[Rows, str], object]) -> int:
        removed = 0
        while True:
            with self._rows("BEGIN IMMEDIATE") as rows:
                found = rows.expired(table, day, most)
                for each in found:
                    remove(rows, each)
            removed += len(found)
            if len(found) < most:
                return removed
            time.sleep(PAUSE_SECONDS)  # whoever waits for the lock gets it now

    def keep_content(self, content_hash: str, text: bytes) -> None:
        try:
            kept = self.get_content(content_hash)
        except (RecordNotFound, SealBroken):  # a damaged text is mended
            packed = Row(row_id=content_hash, bound={}, plain=zlib.compress(text))
            with self._rows("BEGIN IMMEDIATE") as rows:
                rows.put(CONTENTS, packed)
        else:
            if kept != text:
                raise ValueError(f"content {content_hash} is kept with another text")

    def get_content(self, content_hash: str) -> bytes:
        with self._rows("BEGIN") as rows:
            row = rows.find(CONTENTS, content_hash)
        if row is None:
            raise RecordNotFound(f"no content is kept under {content_hash}")
        return zlib.decompress(row.plain)

    def count(self) -> Mapping[str, int]:
        with self._rows("BEGIN") as rows:
            return {name: rows.get_sum(name) for name in SUM_NAMES}

    def derive(self, purpose: str) -> bytes:
        return self._sealer.derive(purpose)

    def close(self) -> None:
        self._connections.close()

    @contextmanager
    def _rows(self, kind: Literal["BEGIN", "BEGIN IMMEDIATE"]) -> Iterator[Rows]:
        with self._connections.transaction(kind) as db:
            yield Rows(db, self._sealer)

    def _find_way(self, rows: Rows, kind: str, hashed: str) -> Way | None:
        """Where a link or a code leads, whose record lives on from today; None where it opens nothing."""
        record_id, share = doors.record_behind(rows, kind, hashed), shares.behind(rows, kind, hashed)
        if share and share.until >= self._today():
            record_id = share.record_id
        record = rows.find(RECORDS, record_id) if record_id else None
        if record is None or not self._is_alive(record):
            return None
        self._keep_alive(rows, record)
        return Way(record_id=record.row_id, share=share)

    def _get_share(self, rows: Rows, share_id: str) -> Share:
        share = shares.find(rows, share_id)
        if share is None or share.until < self._today():
            raise RecordNotFound("nothing is shared under this id")
        self._get_record(rows, share.record_id)
        return share

    def _keep_alive(self, rows: Rows, record: Row) -> None:
        if (used := self._used(record)) != record:
            rows.put(RECORDS, used)

    def _find_alive_session(self, rows: Rows, session_id: str) -> Row | None:
        row = rows.find(SESSIONS, _hash(session_id))
        return row if row and self._is_alive(row) else None

    def _get_record(self, rows: Rows, record_id: str) -> Row:
        row = rows.find(RECORDS, record_id)
        if row is None or not self._is_alive(row):
            raise RecordNotFound("no record is kept under this id")
        return row

    def _session(self, session_id: str, data: Data) -> Row:
        return Row(row_id=_hash(session_id), bound={"expires": self._expiry()}, plain=canonical(data))

    def _used(self, record: Row, **columns: Any) -> Row:
        return replace(record, bound={**record.bound, "expires": self._expiry(), **columns})

    def _expiry(self) -> str:
        return (self._today() + timedelta(days=KEEP_DAYS)).isoformat()

    def _is_alive(self, row: Row) -> bool:
        return bool(row.bound["expires"] >= self._today().isoformat())


def _changed(data: dict[str, Any], change: Change) -> dict[str, Any]:
    returned = change(data)
    return data if returned is None else returned


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _data(row: Row) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(row.plain)
    return data


def _draft(row: Row) -> Draft:
    return Draft(
        record_id=row.row_id,
        content_hash=row.bound["content_hash"],
        revision=row.bound["revision"],
        data=_data(row),
    )


def _submission(row: Row) -> Submission:
    return Submission(
        submission_id=row.row_id,
        record_id=row.bound["record_id"],
        content_hash=row.bound["content_hash"],
        data=_data(row),
    )
