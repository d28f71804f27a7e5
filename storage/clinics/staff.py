"""Who signs in at a clinic, and in which browsers, as rows."""

import hashlib
import hmac
import json
from datetime import date

from storage.clinics import as_json
from storage.clinics.model import ChangeStaff, ClinicNotFound, NameTaken, Staff, StaffSession, SubjectTaken
from storage.clinics.scope import ClinicRows
from storage.model import Data
from storage.rows.sealed_rows import Row, SealedRows
from storage.rows.sealing import Sealer, canonical
from storage.rows.tables import STAFF, STAFF_SESSIONS, STAFF_SUBJECTS

_PLAIN = ("staff_id", "clinic_id")


def hash_of_name(sealer: Sealer, name: str) -> str:
    """What somebody is looked up by who signs in: names are few enough that all could be tried without the key."""
    return hmac.digest(sealer.derive("staff"), name.casefold().encode("utf-8", "surrogatepass"), "sha256").hex()


def hash_of_session(session_id: str) -> str:
    """What a session is looked up by: a random id needs no key."""
    return hashlib.sha256(session_id.encode("utf-8", "surrogatepass")).hexdigest()


def clinic_of_name(rows: SealedRows, sealer: Sealer, name: str) -> tuple[str, str] | None:
    """The clinic and the id of who signs in with this name."""
    staff_id = rows.stored.id_by(STAFF, {"name_hash": hash_of_name(sealer, name)})
    found = rows.stored.find(STAFF, staff_id) if staff_id else None
    return (found.bound["clinic_id"], found.row_id) if found else None


def find(rows: ClinicRows, staff_id: str) -> Staff | None:
    """The one of this id at this clinic."""
    row = rows.find(STAFF, staff_id)
    return _staff(row) if row else None


def all_of(rows: ClinicRows) -> tuple[Staff, ...]:
    """Everybody, the first first."""
    return tuple(_staff(row) for row in rows.where(STAFF))


def put(rows: ClinicRows, sealer: Sealer, staff: Staff) -> None:
    """:raises NameTaken: somebody else signs in with this name"""
    name_hash = hash_of_name(sealer, staff.name)
    if rows.id_at_any(STAFF, {"name_hash": name_hash}) not in (None, staff.staff_id):
        raise NameTaken("somebody signs in with this name already")
    rows.put(STAFF, staff.staff_id, {"name_hash": name_hash}, as_json.sealed_form(staff, without=_PLAIN))
    _put_subject(rows, staff)


def of_subject(rows: SealedRows, subject: str) -> tuple[str, str] | None:
    """The clinic and the id of whom the organization's own sign-in knows under this hash."""
    found = rows.stored.find(STAFF_SUBJECTS, subject)
    return (found.bound["clinic_id"], found.bound["staff_id"]) if found else None


def _put_subject(rows: ClinicRows, staff: Staff) -> None:
    """They are found by their subject, and by none that they had before. :raises SubjectTaken: it is another's"""
    if staff.subject and of_subject(rows.rows, staff.subject) not in (None, (staff.clinic_id, staff.staff_id)):
        raise SubjectTaken("somebody else is connected with this sign-in")
    before = rows.where(STAFF_SUBJECTS, {"staff_id": staff.staff_id})
    for each in before:
        if each.row_id != staff.subject:
            rows.delete(STAFF_SUBJECTS, each.row_id)
    if staff.subject and staff.subject not in {each.row_id for each in before}:
        rows.put(STAFF_SUBJECTS, staff.subject, {"staff_id": staff.staff_id}, canonical({}))


def change(rows: ClinicRows, sealer: Sealer, staff_id: str, change: ChangeStaff) -> Staff:
    """Who is disabled, or has a new password, is signed out everywhere."""
    before = find(rows, staff_id)
    if before is None:
        raise ClinicNotFound("nobody at this clinic has this id")
    after = change(before)
    if after != before:
        put(rows, sealer, after)
    if after.is_disabled or after.password != before.password or after.role != before.role:
        end_sessions(rows, staff_id)
    return after


def find_session(rows: SealedRows, session_id: str) -> StaffSession | None:
    """The session of this browser, which says of which clinic it is."""
    found = rows.stored.find(STAFF_SESSIONS, hash_of_session(session_id))
    if found is None:
        return None
    row = rows.open(STAFF_SESSIONS, found)
    return StaffSession(
        clinic_id=row.bound["clinic_id"],
        staff_id=row.bound["staff_id"],
        until=date.fromisoformat(row.bound["expires"]),
        data=json.loads(row.plain),
    )


def put_session(rows: ClinicRows, session_id: str, staff_id: str, data: Data, until: date) -> None:
    """Keeps what the session holds."""
    bound = {"staff_id": staff_id, "expires": until.isoformat()}
    rows.put(STAFF_SESSIONS, hash_of_session(session_id), bound, canonical(data))


def end_session(rows: SealedRows, session_id: str) -> str | None:
    """Removes it, damaged or not, and says of which clinic it was; None, and no fault, where it is not there."""
    found = rows.stored.find(STAFF_SESSIONS, hash_of_session(session_id))
    rows.delete(STAFF_SESSIONS, hash_of_session(session_id))
    return found.bound["clinic_id"] if found else None


def end_sessions(rows: ClinicRows, staff_id: str) -> None:
    """Signs this one out everywhere."""
    found = rows.rows.stored.where(STAFF_SESSIONS, {"clinic_id": rows.clinic_id, "staff_id": staff_id})
    for each in found:
        rows.rows.delete(STAFF_SESSIONS, each.row_id)


def _staff(row: Row) -> Staff:
    return as_json.staff_of(row.plain, row.row_id, row.bound["clinic_id"])
