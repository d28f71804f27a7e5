"""The store on any engine: each verb is one transaction of its rows, which never leave it opened."""

import json
import secrets
import zlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from storage.clinics import people
from storage.clinics.protocol import StoreWithClinics
from storage.model import (
    KEEP_DAYS,
    RENEWED,
    Change,
    Data,
    RecordFull,
    RecordNotFound,
    SealBroken,
    StoredDraft,
    StoreFull,
    Submission,
    SubmitKeyUsed,
    Summarize,
)
from storage.repeating import repeated
from storage.rows.protocol import Wanted
from storage.rows.sealed_rows import Row, SealedRows
from storage.rows.sealing import canonical
from storage.rows.tables import CONTENTS, PHOTOS, RECORDS, SESSIONS, SUBMISSIONS, TICKS
from storage.store.clinics import Clinics
from storage.store.counting import Counting
from storage.store.erasing import Erasing
from storage.store.health_links import HealthLinks
from storage.store.imports import Imports
from storage.store.links_and_codes import LinksAndCodes
from storage.store.print_jobs import PrintJobs
from storage.store.rotating import Rotating
from storage.store.transactions import ID_BYTES, hashed

MOST_TICKS = 2000
MOST_SUBMISSIONS = 500
MOST_PHOTOS = 100
MOST_PHOTO_BYTES = 24_000_000


class SealedStore(
    LinksAndCodes, HealthLinks, Erasing, Clinics, PrintJobs, Imports, Counting, Rotating, StoreWithClinics
):
    """`Store` and `StoreWithClinics` say what each verb owes."""

    def find_session(self, session_id: str) -> Data | None:
        with self._looking(_of_session(session_id)) as rows:
            row = self._find_alive_session(rows, session_id)
        return _data(row) if row else None

    @repeated
    def save_session(self, session_id: str, data: Data) -> None:
        with self._writing() as rows:
            rows.put(SESSIONS, self._session(session_id, data))

    @repeated
    def change_session(self, session_id: str, change: Change, *, days: int = KEEP_DAYS) -> Data:
        with self._writing(_of_session(session_id)) as rows:
            old = self._find_alive_session(rows, session_id)
            new = self._session(session_id, _changed(_data(old) if old else {}, change), days)
            if new != old:
                rows.put(SESSIONS, new)
        return _data(new)

    @repeated
    def renew_session(self, old_id: str, new_id: str, change: Change, *, days: int = KEEP_DAYS) -> Data:
        with self._writing(_of_session(old_id)) as rows:
            old = self._find_alive_session(rows, old_id)
            new = self._session(new_id, _changed(_data(old) if old else {}, change), days)
            rows.put(SESSIONS, new)
            if old:
                rows.put(SESSIONS, self._session(old_id, {**_data(old), RENEWED: True}, 1))
        return _data(new)

    @repeated
    def end_session(self, session_id: str) -> None:
        with self._writing() as rows:
            rows.delete(SESSIONS, hashed(session_id))

    @repeated
    def create_record(self, *, content_hash: str, data: Data) -> StoredDraft:
        bound = {
            "content_hash": content_hash,
            "revision": 1,
            "expires": self._expiry(),
            "latest_submission_id": None,
        }
        row = Row(row_id=secrets.token_hex(ID_BYTES), bound=bound, plain=canonical(data))
        with self._writing() as rows:
            rows.put(RECORDS, row)
        return _draft(row)

    def get_draft(self, record_id: str) -> StoredDraft:
        with self._looking(self._record(record_id)) as rows:
            return _draft(self._get_record(rows, record_id))

    @repeated
    def change_draft(
        self, record_id: str, change: Change, *, content_hash: str, summarize: Summarize | None = None
    ) -> StoredDraft:
        with self._writing(self._record_to_change(record_id)) as rows:
            old = self._get_record(rows, record_id)
            plain = canonical(_changed(_data(old), change))
            is_new = plain != old.plain or content_hash != old.bound["content_hash"]
            new = self._used(
                replace(old, plain=plain), content_hash=content_hash, revision=old.bound["revision"] + is_new
            )
            if new != old:
                rows.put(RECORDS, new)
            if summarize:
                people.keep_summary(rows, record_id, lambda: summarize(_draft(new)))
        return _draft(new)

    @repeated
    def submit(self, record_id: str, *, submit_key: str, content_hash: str, data: Data) -> Submission:
        key_hash, plain = hashed(submit_key), canonical(data)
        with self._writing(self._record_to_change(record_id)) as rows:
            record = self._get_record(rows, record_id)
            row = rows.find_by_key(SUBMISSIONS, record_id, key_hash)
            if row and row.plain != plain:
                raise SubmitKeyUsed("this form was already sent, with other answers")
            if not row:
                if len(rows.stored.ids_of(SUBMISSIONS, record_id)) >= MOST_SUBMISSIONS:
                    raise RecordFull("this record holds as many plans as it may")
                bound = {"record_id": record_id, "submit_key_hash": key_hash, "content_hash": content_hash}
                row = Row(row_id=secrets.token_hex(ID_BYTES), bound=bound, plain=plain)
                rows.put(SUBMISSIONS, row)
                rows.put(RECORDS, self._used(record, latest_submission_id=row.row_id))
        return _submission(row)

    def find_latest_submission(self, record_id: str) -> Submission | None:
        with self._reading(self._record(record_id)) as rows:
            latest = self._get_record(rows, record_id).bound["latest_submission_id"]
            row = rows.find(SUBMISSIONS, latest) if latest else None
        if latest and not row:
            raise SealBroken(f"submissions: the latest of record {record_id} is gone")
        return _submission(row) if row else None

    def list_submissions(self, record_id: str) -> tuple[Submission, ...]:
        with self._reading(self._record(record_id)) as rows:
            latest = self._get_record(rows, record_id).bound["latest_submission_id"]
            found = rows.whole_of(SUBMISSIONS, record_id)
        if latest != (found[-1].row_id if found else None):
            raise SealBroken(f"submissions: the latest of record {record_id} is another")
        return tuple(_submission(row) for row in found)

    def get_submission(self, record_id: str, submission_id: str) -> Submission:
        with self._reading(self._record(record_id)) as rows:
            self._get_record(rows, record_id)
            row = rows.find(SUBMISSIONS, submission_id)
        if row is None or row.bound["record_id"] != record_id:
            raise RecordNotFound("this record has no such submission")
        return _submission(row)

    @repeated
    def keep_photo(self, record_id: str, *, submit_key: str, picture: bytes) -> str:
        key_hash = hashed(submit_key)
        with self._writing(self._record_to_change(record_id)) as rows:
            self._get_record(rows, record_id)
            row = rows.find_by_key(PHOTOS, record_id, key_hash)
            if row is None:
                if self.engine.is_short_of_room():
                    raise StoreFull("the room that is left is kept for answers and for erasing")
                if len(rows.stored.ids_of(PHOTOS, record_id)) >= MOST_PHOTOS:
                    raise RecordFull("this record holds as many photos as it may")
                if rows.stored.bytes_of(PHOTOS, record_id) + len(picture) > MOST_PHOTO_BYTES:
                    raise RecordFull("the photos of this record are as large as they may be")
                bound = {"record_id": record_id, "submit_key_hash": key_hash}
                row = Row(row_id=secrets.token_hex(ID_BYTES), bound=bound, plain=picture)
                rows.put(PHOTOS, row)
        return row.row_id

    def get_photo(self, record_id: str, photo_id: str) -> bytes:
        with self._reading(self._record(record_id)) as rows:
            self._get_record(rows, record_id)
            row = rows.find(PHOTOS, photo_id)
        if row is None or row.bound["record_id"] != record_id:
            raise RecordNotFound("this record has no such photo")
        return row.plain

    @repeated
    def delete_photo(self, record_id: str, photo_id: str) -> None:
        with self._writing(self._record_to_change(record_id)) as rows:
            self._get_record(rows, record_id)
            rows.delete_of(record_id, PHOTOS, photo_id)

    @repeated
    def add_tick(self, record_id: str, *, submit_key: str, data: Data, reserved: int = 0) -> None:
        key_hash = hashed(submit_key)
        with self._writing(self._record_to_change(record_id)) as rows:
            record = self._get_record(rows, record_id)
            if rows.find_by_key(TICKS, record_id, key_hash):
                return
            number = rows.stored.last_number(TICKS, record_id) + 1
            if number > MOST_TICKS - reserved:
                raise RecordFull("this plan has been changed too often")
            bound = {"record_id": record_id, "submit_key_hash": key_hash, "number": number}
            rows.put(TICKS, Row(row_id=secrets.token_hex(ID_BYTES), bound=bound, plain=canonical(data)))
            self._keep_alive(rows, record)

    def list_ticks(self, record_id: str) -> tuple[Data, ...]:
        with self._reading(self._record(record_id)) as rows:
            self._get_record(rows, record_id)
            return tuple(_data(row) for row in sorted(rows.whole_of(TICKS, record_id), key=_number))

    @repeated
    def keep_content(self, content_hash: str, text: bytes) -> None:
        try:
            saved = self.get_content(content_hash)
        except (RecordNotFound, SealBroken):  # a damaged text is mended
            packed = Row(row_id=content_hash, bound={}, plain=zlib.compress(text))
            with self._writing() as rows:
                rows.put(CONTENTS, packed)
        else:
            if saved != text:
                raise ValueError(f"content {content_hash} is kept with another text")

    def get_content(self, content_hash: str) -> bytes:
        with self._looking([(CONTENTS, content_hash)]) as rows:
            row = rows.find(CONTENTS, content_hash)
        if row is None:
            raise RecordNotFound(f"no content is kept under {content_hash}")
        return zlib.decompress(row.plain)

    def count(self) -> Mapping[str, int]:
        with self._reading() as rows:
            return {table.name: rows.stored.count(table) for table in (RECORDS, SUBMISSIONS)}

    def derive(self, purpose: str) -> bytes:
        return self._sealer.derive(purpose)

    def close(self) -> None:
        self._note()
        self.engine.close()

    def _find_alive_session(self, rows: SealedRows, session_id: str) -> Row | None:
        row = rows.find(SESSIONS, hashed(session_id))
        return row if row and self._is_alive(row) else None

    def _session(self, session_id: str, data: Data, days: int = KEEP_DAYS) -> Row:
        return Row(row_id=hashed(session_id), bound={"expires": self._expiry(days)}, plain=canonical(data))


def _of_session(session_id: str) -> Wanted:
    return [(SESSIONS, hashed(session_id))]


def _changed(data: dict[str, Any], change: Change) -> dict[str, Any]:
    returned = change(data)
    return data if returned is None else returned


def _data(row: Row) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(row.plain)
    return data


def _number(row: Row) -> int:
    return int(row.bound["number"])


def _draft(row: Row) -> StoredDraft:
    return StoredDraft(
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
