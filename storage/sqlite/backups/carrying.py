"""What a restore takes over from the database before, so that nobody who was put out since the backup is in again.

Sessions stand as they stand now: those that were left are gone, those that came later are there. And how often the link
of each record was renewed, which is what keeps those out who came in by an older one. Where the database before is gone
or damaged, both come from the backup.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from storage.model import RENEWALS, SealBroken, StorageError
from storage.rows.sealed_rows import Row, SealedRows
from storage.rows.sealing import canonical
from storage.rows.tables import RECORDS, SESSIONS
from storage.sqlite.connecting import faults_named


@dataclass(frozen=True, kw_only=True)
class Carried:
    """None for sessions that cannot be read."""

    sessions: tuple[Row, ...] | None = None
    renewals: Mapping[str, int] = field(default_factory=dict)


def read(rows: SealedRows, records: Iterable[str]) -> Carried:
    """What the present database holds of it; what is damaged is left out."""
    try:
        with faults_named():
            return Carried(
                sessions=tuple(rows.all(SESSIONS)),
                renewals={each: count for each in records if (count := _renewals(rows, each))},
            )
    except StorageError:
        return Carried()


def take_over(rows: SealedRows, carried: Carried) -> None:
    """Puts it into the copy that takes the place."""
    if carried.sessions is not None:
        for old in tuple(rows.all(SESSIONS)):
            rows.delete(SESSIONS, old.row_id)
        for each in carried.sessions:
            rows.put(SESSIONS, each)
    for record_id, count in carried.renewals.items():
        row = rows.find(RECORDS, record_id)
        if row and json.loads(row.plain).get(RENEWALS, 0) < count:
            rows.put(RECORDS, replace(row, plain=canonical({**json.loads(row.plain), RENEWALS: count})))


def _renewals(rows: SealedRows, record_id: str) -> int:
    try:
        row = rows.find(RECORDS, record_id)
    except SealBroken:
        return 0
    return int(json.loads(row.plain).get(RENEWALS, 0)) if row else 0
