"""Files for a clinic's computer, as rows: each sealed before it came here, with a key that stands in its link alone."""

import json
from datetime import date

from storage.health_link_model import MOST_HEALTH_LINKS, HealthLink
from storage.model import RecordFull, SubmitKeyUsed
from storage.rows.sealed_rows import Row, SealedRows
from storage.rows.sealing import canonical
from storage.rows.tables import HEALTH_LINKS

_BETWEEN = b"\n"  # the header, then the file


def make(rows: SealedRows, link: HealthLink, expires: date, file: bytes) -> HealthLink:
    """Keeps a new one; the same link again gives what is kept.

    :raises SubmitKeyUsed: it was taken back
    :raises RecordFull: three of them stand
    """
    if rows.is_marked(link.link_id):
        raise SubmitKeyUsed("this link was taken back")
    standing = {each.link_id: each for each in all_of(rows, link.record_id)}
    if link.link_id in standing:
        return standing[link.link_id]
    if sum(each.ends > link.made for each in standing.values()) >= MOST_HEALTH_LINKS:
        raise RecordFull("as many links for a clinic stand as may")
    header = canonical({"made": link.made, "ends": link.ends, "plan_of": link.plan_of.isoformat()})
    bound = {"record_id": link.record_id, "expires": expires.isoformat()}
    rows.put(HEALTH_LINKS, Row(row_id=link.link_id, bound=bound, plain=header + _BETWEEN + file))
    return link


def take_back(rows: SealedRows, record_id: str, link_id: str, day: date) -> None:
    """Removes it, also from a backup that is put back later; one of another record stays."""
    if link_id in rows.stored.ids_of(HEALTH_LINKS, record_id):
        rows.mark_erased(link_id, day.isoformat())
        rows.delete_of(record_id, HEALTH_LINKS, link_id)


def all_of(rows: SealedRows, record_id: str) -> tuple[HealthLink, ...]:
    """Those of a record that were not taken back, over or not, the first first; a damaged one opens nothing."""
    return tuple(_link(each) for each in rows.whole_of(HEALTH_LINKS, record_id))


def find(rows: SealedRows, link_id: str) -> tuple[HealthLink, bytes] | None:
    """A link, over or not, and its file."""
    row = rows.find(HEALTH_LINKS, link_id)
    return (_link(row), row.plain.partition(_BETWEEN)[2]) if row else None


def _link(row: Row) -> HealthLink:
    header = json.loads(row.plain.partition(_BETWEEN)[0])
    return HealthLink(
        link_id=row.row_id,
        record_id=row.bound["record_id"],
        made=header["made"],
        ends=header["ends"],
        plan_of=date.fromisoformat(header["plan_of"]),
    )
