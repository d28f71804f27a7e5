"""The ways into a record, as verbs: its owner's link and code, and what is shared of it."""

import secrets
from datetime import timedelta

from storage.model import LinkAndCode, RecordNotFound, Right, Share, Way
from storage.repeating import repeated
from storage.rows import links_and_codes, shares
from storage.rows.sealed_rows import Row, SealedRows
from storage.rows.tables import RECORDS
from storage.store.pace import GAP_SECONDS
from storage.store.transactions import ID_BYTES, Transactions, hashed


class LinksAndCodes(Transactions):
    """Part of the store; `Store` says what each verb owes."""

    def find_link_and_code(self, record_id: str) -> LinkAndCode | None:
        with self._reading(self._record(record_id)) as rows:
            self._get_record(rows, record_id)
            return links_and_codes.find(rows, record_id)

    @repeated
    def make_link_and_code(self, record_id: str) -> LinkAndCode:
        with self._writing(self._record_to_change(record_id)) as rows:
            self._keep_alive(rows, self._get_record(rows, record_id))
            return links_and_codes.make(rows, self._sealer, record_id, self._today())

    @repeated
    def close_link_and_code(self, record_id: str) -> None:
        with self._writing(self._record_to_change(record_id)) as rows:
            self._get_record(rows, record_id)
            links_and_codes.close(rows, record_id, self._today())

    @repeated
    def make_share(self, record_id: str, *, submit_key: str, name: str, right: Right, days: int, of: str = "") -> Share:
        made = self._today()
        share = Share(
            share_id=secrets.token_hex(ID_BYTES),
            record_id=record_id,
            name=name,
            right=right,
            made=made,
            until=made + timedelta(days=days),
            of=of,
        )
        with self._writing(self._record_to_change(record_id)) as rows:
            self._keep_alive(rows, self._get_record(rows, record_id))
            return shares.make(rows, self._sealer, share, hashed(submit_key))

    def list_shares(self, record_id: str) -> tuple[Share, ...]:
        with self._reading(self._record(record_id)) as rows:
            self._get_record(rows, record_id)
            return tuple(each for each in shares.all_of(rows, record_id) if each.until >= self._today())

    @repeated
    def take_back_share(self, record_id: str, share_id: str) -> None:
        with self._writing(self._record_to_change(record_id)) as rows:
            self._get_record(rows, record_id)
            shares.take_back(rows, record_id, share_id, self._today())

    def get_share(self, share_id: str) -> Share:
        with self._reading() as rows:
            return self._get_share(rows, share_id)

    @repeated
    def note_opening(self, share_id: str) -> None:
        if self.get_share(share_id).last_opened == self._today():
            return
        with self._writing() as rows:
            share = self._get_share(rows, share_id)
            shares.note_opening(rows, self._sealer, share, self._today())
            self._keep_alive(rows, self._get_record(rows, share.record_id))

    def open_by_link(self, token: str) -> Way:
        return self._open("link", links_and_codes.hash_of_link(token))

    def open_by_code(self, code: str) -> Way:
        try:
            return self._open("code", links_and_codes.hash_of_code(self._sealer, code))
        except RecordNotFound:
            self._pace.wait()
            self.engine.wait_turn(GAP_SECONDS)
            raise

    @repeated
    def _open(self, kind: str, hashed: str) -> Way:
        """Where a link or a code leads, whose record lives on from today. Who guesses wrong never holds the lock, and
        who opens it again on that day needs none."""
        with self._reading() as rows:
            way, record = self._find_way(rows, kind, hashed)
        if self._used(record) == record:
            return way
        with self._writing() as rows:
            way, record = self._find_way(rows, kind, hashed)
            self._keep_alive(rows, record)
        return way

    def _find_way(self, rows: SealedRows, kind: str, hashed: str) -> tuple[Way, Row]:
        record_id, share = links_and_codes.record_behind(rows, kind, hashed), shares.behind(rows, kind, hashed)
        if share and share.until >= self._today():
            record_id = share.record_id
        record = rows.find(RECORDS, record_id) if record_id else None
        if record is None or not self._is_alive(record):
            raise RecordNotFound(f"this {kind} opens nothing")
        return Way(record_id=record.row_id, share=share), record

    def _get_share(self, rows: SealedRows, share_id: str) -> Share:
        share = shares.find(rows, share_id)
        if share is None or share.until < self._today():
            raise RecordNotFound("nothing is shared under this id")
        self._get_record(rows, share.record_id)
        return share
