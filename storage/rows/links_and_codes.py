"""The link and the code of a record, as rows."""

import hashlib
import hmac
import secrets
from contextlib import suppress
from datetime import date

from storage.model import LinkAndCode, SealBroken
from storage.rows.codes import PLACES, new_code
from storage.rows.sealed_rows import Row, SealedRows
from storage.rows.sealing import Sealer
from storage.rows.tables import LINKS_AND_CODES

LINK_BYTES = 32


def hash_of_link(token: str) -> str:
    """What a link is looked up by: 256 random bits need no key."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def hash_of_code(sealer: Sealer, code: str) -> str:
    """What a code is looked up by, under a key that is not in the database: 56 bits alone could all be tried."""
    return hmac.digest(sealer.derive("codes"), code.encode("utf-8", "surrogatepass"), "sha256").hex()


def find(rows: SealedRows, record_id: str) -> LinkAndCode | None:
    """The link and code of this record, or None where none was made, it was taken back, or codes were shorter."""
    found = [row for each in rows.ids_of(LINKS_AND_CODES, record_id) if (row := rows.find(LINKS_AND_CODES, each))]
    kinds = {row.bound["kind"]: row.plain.decode() for row in found}
    return LinkAndCode(**kinds) if kinds.keys() == {"link", "code"} and len(kinds["code"]) == PLACES else None


def make(rows: SealedRows, sealer: Sealer, record_id: str, day: date) -> LinkAndCode:
    """A new link and code in the place of those before."""
    close(rows, record_id, day)
    link_and_code = LinkAndCode(link=secrets.token_urlsafe(LINK_BYTES), code=new_code())
    for kind, secret, hashed in (
        ("link", link_and_code.link, hash_of_link(link_and_code.link)),
        ("code", link_and_code.code, hash_of_code(sealer, link_and_code.code)),
    ):
        rows.put(
            LINKS_AND_CODES, Row(row_id=hashed, bound={"record_id": record_id, "kind": kind}, plain=secret.encode())
        )
    return link_and_code


def close(rows: SealedRows, record_id: str, day: date) -> None:
    """Takes both back, also from a backup that is put back later."""
    for each in rows.stored.ids_of(LINKS_AND_CODES, record_id):
        for name in _marked_as(rows, each):
            rows.mark_erased(name, day.isoformat())
        rows.delete_of(record_id, LINKS_AND_CODES, each)


def taken_back(rows: SealedRows) -> list[str]:
    """The ids of links and codes that are here although they were taken back: those that a backup brought back.

    One that is damaged opens nothing, and is left out.
    """
    found = {}
    for each in rows.stored.all(LINKS_AND_CODES):
        with suppress(SealBroken):
            found[hash_of_link(rows.open(LINKS_AND_CODES, each).plain.decode())] = each.row_id
    return list({*rows.marked(LINKS_AND_CODES), *(found[each] for each in rows.marked_of(found))})


def record_behind(rows: SealedRows, kind: str, door_hash: str) -> str | None:
    """The id of the record that a link or a code belongs to, expired or not; None where there is no such way."""
    way_back = rows.find(LINKS_AND_CODES, door_hash)
    return str(way_back.bound["record_id"]) if way_back and way_back.bound["kind"] == kind else None


def _marked_as(rows: SealedRows, door_hash: str) -> set[str]:
    """A code has another hash under another key, so its mark is also one that is the same under all."""
    try:
        row = rows.find(LINKS_AND_CODES, door_hash)
    except SealBroken:
        row = None
    return {door_hash, hash_of_link(row.plain.decode())} if row else {door_hash}
