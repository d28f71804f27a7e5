"""What a restore takes over from the database before, so that nobody who was put out since the backup is in again.

Sessions stand as they stand now: those that were left are gone, those that came later are there. And how often the link
of each record was renewed, which is what keeps those out who came in by an older one. And the staff of each clinic, who
sign in anew: nobody who was disabled since is let in, or by an older password. Where the database before is gone or
damaged, all this comes from the backup.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from storage.model import RENEWALS, SealBroken, StorageError
from storage.rows.sealed_rows import Row, SealedRows
from storage.rows.sealing import canonical
from storage.rows.tables import CLINICS, RECORDS, SESSIONS, STAFF, STAFF_SESSIONS
from storage.sqlite.connecting import faults_named


@dataclass(frozen=True, kw_only=True)
class Carried:
    """None for sessions that cannot be read."""

    sessions: tuple[Row, ...] | None = None
    renewals: Mapping[str, int] = field(default_factory=dict)
    staff: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    """By clinic."""


def read(rows: SealedRows, records: Iterable[str]) -> Carried:
    """What the present database holds of it; what is damaged is left out."""
    try:
        with faults_named():
            return Carried(
                sessions=tuple(rows.all(SESSIONS)),
                renewals={each: count for each in records if (count := _renewals(rows, each))},
                staff=_staff(rows),
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
    _take_over_staff(rows, carried.staff)
    for record_id, count in carried.renewals.items():
        row = rows.find(RECORDS, record_id)
        if row and json.loads(row.plain).get(RENEWALS, 0) < count:
            rows.put(RECORDS, replace(row, plain=canonical({**json.loads(row.plain), RENEWALS: count})))


def _take_over_staff(rows: SealedRows, staff: Mapping[str, tuple[Row, ...]]) -> None:
    for session_hash in rows.stored.ids(STAFF_SESSIONS):
        rows.delete(STAFF_SESSIONS, session_hash)
    clinics = [each for each in rows.stored.ids(CLINICS) if each in staff]
    for found in [each for clinic_id in clinics for each in rows.stored.where(STAFF, {"clinic_id": clinic_id})]:
        rows.delete(STAFF, found.row_id)
    for row in [each for clinic_id in clinics for each in staff[clinic_id]]:
        rows.put(STAFF, row)


def _renewals(rows: SealedRows, record_id: str) -> int:
    try:
        row = rows.find(RECORDS, record_id)
    except SealBroken:
        return 0
    return int(json.loads(row.plain).get(RENEWALS, 0)) if row else 0


def _staff(rows: SealedRows) -> dict[str, tuple[Row, ...]]:
    try:
        with faults_named():
            found: dict[str, tuple[Row, ...]] = {each: () for each in rows.stored.ids(CLINICS)}
            for row in rows.all(STAFF):
                found[row.bound["clinic_id"]] += (row,)
            return found
    except StorageError:  # a release before had no clinics
        return {}
