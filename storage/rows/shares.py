"""What an owner lets others see of a record, as rows: a name, a right, a last day, and a link and a code of its own."""

import json
import secrets
from dataclasses import replace
from datetime import date
from typing import Any, cast

from storage.model import MOST_SHARES, RecordFull, Right, Share, SubmitKeyUsed
from storage.rows.codes import new_code
from storage.rows.links_and_codes import LINK_BYTES, hash_of_code, hash_of_link
from storage.rows.sealed_rows import Row, SealedRows
from storage.rows.sealing import Sealer, canonical
from storage.rows.tables import SHARES


def make(rows: SealedRows, sealer: Sealer, share: Share, key_hash: str) -> Share:
    """Keeps a new share with its link and code; the one that this key made and that still stands is given again.

    :raises SubmitKeyUsed: that one is for somebody else, or gives another right
    :raises RecordFull: there are 20 that still stand
    """
    if saved := _made_before(rows, share, key_hash):
        return saved
    standing = [each for each in all_of(rows, share.record_id) if each.until >= share.made]
    if len(standing) >= MOST_SHARES:
        raise RecordFull("this record is shared as often as it may be")
    made = replace(share, link=secrets.token_urlsafe(LINK_BYTES), code=new_code())
    rows.put(SHARES, _row(sealer, made, key_hash))
    return made


def take_back(rows: SealedRows, record_id: str, share_id: str, day: date) -> None:
    """Removes it, also from a backup that is put back later; one of another record stays."""
    if share_id in rows.stored.ids_of(SHARES, record_id):
        rows.mark_erased(share_id, day.isoformat())
        rows.delete_of(record_id, SHARES, share_id)


def find(rows: SealedRows, share_id: str) -> Share | None:
    """The share of this id, over or not."""
    row = rows.find(SHARES, share_id)
    return _share(row) if row else None


def all_of(rows: SealedRows, record_id: str) -> tuple[Share, ...]:
    """Every share of a record that was not taken back, the first first; a damaged one opens nothing to anybody."""
    return tuple(_share(each) for each in rows.whole_of(SHARES, record_id))


def behind(rows: SealedRows, kind: str, hashed: str) -> Share | None:
    """The share that a link or a code belongs to, over or not."""
    share_id = rows.stored.id_by(SHARES, {f"{kind}_hash": hashed})
    return find(rows, share_id) if share_id else None


def note_opening(rows: SealedRows, sealer: Sealer, share: Share, day: date) -> None:
    """It was looked at on this day."""
    row = rows.find(SHARES, share.share_id)
    if row:
        rows.put(SHARES, _row(sealer, replace(share, last_opened=day), row.bound["submit_key_hash"]))


def _made_before(rows: SealedRows, share: Share, key_hash: str) -> Share | None:
    row = rows.find_by_key(SHARES, share.record_id, key_hash)
    saved = _share(row) if row else None
    if saved is None:
        return None
    if saved.until < share.made:  # over: the same form makes a new one
        rows.delete(SHARES, saved.share_id)
        return None
    if (saved.name, saved.right, saved.until) != (share.name, share.right, share.until):
        raise SubmitKeyUsed("this form was already sent, for another share")
    return saved


def _row(sealer: Sealer, share: Share, key_hash: str) -> Row:
    bound = {
        "record_id": share.record_id,
        "submit_key_hash": key_hash,
        "link_hash": hash_of_link(share.link),
        "code_hash": hash_of_code(sealer, share.code),
        "expires": share.until.isoformat(),
    }
    last_opened = share.last_opened.isoformat() if share.last_opened else ""
    saved = {
        "name": share.name,
        "of": share.of,
        "right": share.right,
        "made": share.made.isoformat(),
        "opened": last_opened,
    }
    return Row(row_id=share.share_id, bound=bound, plain=canonical({**saved, "link": share.link, "code": share.code}))


def _share(row: Row) -> Share:
    saved: dict[str, Any] = json.loads(row.plain)
    return Share(
        share_id=row.row_id,
        record_id=row.bound["record_id"],
        name=saved["name"],
        of=saved["of"],
        right=cast(Right, saved["right"]),
        made=date.fromisoformat(saved["made"]),
        until=date.fromisoformat(row.bound["expires"]),
        last_opened=date.fromisoformat(saved["opened"]) if saved["opened"] else None,
        link=saved["link"],
        code=saved["code"],
    )
