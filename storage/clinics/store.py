"""What is kept of one clinic, as verbs, each one transaction: nobody has it without the clinic's id."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date

from storage.clinics import as_json, audit, people, staff
from storage.clinics.audit import AuditPage
from storage.clinics.model import (
    AuditLine,
    ChangeClinic,
    ChangePerson,
    ChangeStaff,
    Clinic,
    ClinicNotFound,
    Person,
    Role,
    Staff,
)
from storage.clinics.remembered import LISTS
from storage.clinics.scope import ClinicRows, new_id
from storage.model import Data
from storage.repeating import repeated
from storage.rows.sealed_rows import SealedRows
from storage.rows.sealing import Sealer
from storage.rows.tables import CLINIC_LOGOS, CLINICS

Transaction = Callable[[], AbstractContextManager[SealedRows]]
_PLAIN = ("clinic_id",)


class ClinicStore:
    """The rows of the clinic with this id. Every verb raises ClinicNotFound where there is no such clinic, or where
    what is asked for is not this clinic's."""

    def __init__(self, clinic_id: str, *, reading: Transaction, writing: Transaction, sealer: Sealer) -> None:
        self.clinic_id = clinic_id
        self._reading_all = reading
        self._writing_all = writing
        self._sealer = sealer

    # The clinic itself

    def get(self) -> Clinic:
        """What it says of itself."""
        with self._reading_all() as rows:
            return clinic_in(rows, self.clinic_id)

    @repeated
    def change(self, change: ChangeClinic) -> Clinic:
        """The clinic after `change`, read and written in one transaction."""
        with self._writing_all() as rows:
            before = clinic_in(rows, self.clinic_id)
            after = change(before)
            if after != before:
                put_clinic(rows, after)
        return after

    def logo(self) -> bytes | None:
        """Its logo as PNG, if it has one."""
        with self._reading_all() as rows:
            row = ClinicRows(rows, self.clinic_id).find_own(CLINIC_LOGOS)
        return row.plain if row else None

    @repeated
    def keep_logo(self, png: bytes | None) -> None:
        """This is its logo from now on; None is none."""
        with self._writing_all() as rows:
            clinic_in(rows, self.clinic_id)
            if png is None:
                rows.delete(CLINIC_LOGOS, self.clinic_id)
            else:
                ClinicRows(rows, self.clinic_id).put_own(CLINIC_LOGOS, png)

    # Staff

    def list_staff(self) -> tuple[Staff, ...]:
        """Everybody who signs in here, disabled or not, the first first."""
        with self._reading_all() as rows:
            return staff.all_of(ClinicRows(rows, self.clinic_id))

    def get_staff(self, staff_id: str) -> Staff:
        """The one of this id."""
        with self._reading_all() as rows:
            found = staff.find(ClinicRows(rows, self.clinic_id), staff_id)
        if found is None:
            raise ClinicNotFound("nobody at this clinic has this id")
        return found

    @repeated
    def add_staff(self, name: str, role: Role, shown: str = "") -> Staff:
        """Somebody new, who cannot sign in yet. :raises NameTaken: somebody signs in with this name already"""
        added = Staff(staff_id=new_id(), clinic_id=self.clinic_id, name=name, role=role, shown=shown)
        with self._writing_all() as rows:
            clinic_in(rows, self.clinic_id)
            staff.put(ClinicRows(rows, self.clinic_id), self._sealer, added)
        return added

    @repeated
    def change_staff(self, staff_id: str, change: ChangeStaff) -> Staff:
        """The one of this id after `change`, in one transaction. Who is disabled, has a new password or another role is
        signed out everywhere."""
        with self._writing_all() as rows:
            return staff.change(ClinicRows(rows, self.clinic_id), self._sealer, staff_id, change)

    @repeated
    def save_session(self, session_id: str, staff_id: str, data: Data, *, until: date) -> None:
        """Somebody is signed in in this browser, at the latest until the end of this day."""
        with self._writing_all() as rows:
            scoped = ClinicRows(rows, self.clinic_id)
            if staff.find(scoped, staff_id) is None:
                raise ClinicNotFound("nobody at this clinic has this id")
            staff.put_session(scoped, session_id, staff_id, data, until)

    # People

    @repeated
    def add_person(self, day: date, data: Data) -> Person:
        """Somebody who comes on this day, under a new code."""
        with self._writing_all() as rows:
            clinic_in(rows, self.clinic_id)
            return people.add(ClinicRows(rows, self.clinic_id), day, data)

    @repeated
    def take_on(self, record_id: str, day: date, data: Data) -> Person:
        """Somebody gives the clinic their record: who is on the list already stays as they are.

        :raises RecordNotFound: there is no such record
        """
        with self._writing_all() as rows:
            clinic_in(rows, self.clinic_id)
            return people.take_on(ClinicRows(rows, self.clinic_id), record_id, day, data)

    def find_by_record(self, record_id: str) -> Person | None:
        """Whose record this is, if this clinic sees them."""
        with self._reading_all() as rows:
            return people.find_by_record(ClinicRows(rows, self.clinic_id), record_id)

    def get_person(self, person_id: str) -> Person:
        """The one of this id."""
        with self._reading_all() as rows:
            return people.get(ClinicRows(rows, self.clinic_id), person_id)

    def find_by_code(self, code: str) -> Person | None:
        """The one whom this clinic calls this."""
        with self._reading_all() as rows:
            return people.find_by_code(ClinicRows(rows, self.clinic_id), code)

    def list_people(self, day: date | None = None) -> tuple[Person, ...]:
        """Everybody who comes on this day, or ever, in the order in which they were put on the list."""
        since = LISTS.forgotten
        with self._reading_all() as rows:
            scoped = ClinicRows(rows, self.clinic_id)
            return people.of_day(scoped, day, since) if day else people.all_of(scoped)

    @repeated
    def change_person(self, person_id: str, change: ChangePerson) -> Person:
        """The one of this id after `change`, in one transaction; so their record is linked, too."""
        with self._writing_all() as rows:
            return people.change(ClinicRows(rows, self.clinic_id), person_id, change)

    @repeated
    def change_people(self, changes: Mapping[str, ChangePerson]) -> tuple[Person, ...]:
        """Those of these ids after their change, in one transaction; who is off the list by now is left out."""
        with self._writing_all() as rows:
            scoped = ClinicRows(rows, self.clinic_id)
            there = [(found, change) for each, change in changes.items() if (found := people.find(scoped, each))]
            return tuple(people.change_found(scoped, found, change) for found, change in there)

    @repeated
    def remove_person(self, person_id: str) -> None:
        """Takes somebody off; their record stays theirs."""
        with self._writing_all() as rows:
            people.remove(ClinicRows(rows, self.clinic_id), person_id)
        LISTS.forget(self.clinic_id)

    # The audit log

    @repeated
    def note(self, *lines: AuditLine) -> None:
        """Adds lines to the audit log."""
        with self._writing_all() as rows:
            clinic, scoped = clinic_in(rows, self.clinic_id), ClinicRows(rows, self.clinic_id)
            for number, line in enumerate(lines):
                audit.note(scoped, line, is_counted=clinic.log_is_counted or number > 0)
            if lines and not clinic.log_is_counted:
                put_clinic(rows, replace(clinic, log_is_counted=True))

    def audit_log(self, *, at_most: int, skip: int = 0) -> AuditPage:
        """The newest lines, but for so many."""
        with self._reading_all() as rows:
            is_counted = clinic_in(rows, self.clinic_id).log_is_counted
            return audit.page(ClinicRows(rows, self.clinic_id), at_most, skip, is_counted=is_counted)

    def log_is_whole(self) -> bool:
        """Whether no line of it was cut out but those that time ended."""
        with self._reading_all() as rows:
            is_counted = clinic_in(rows, self.clinic_id).log_is_counted
            return audit.is_whole(ClinicRows(rows, self.clinic_id), is_counted)


def clinic_in(rows: SealedRows, clinic_id: str) -> Clinic:
    """The clinic of this id. :raises ClinicNotFound: there is none"""
    row = ClinicRows(rows, clinic_id).find_own(CLINICS)
    if row is None or rows.is_marked(clinic_id):
        raise ClinicNotFound("no clinic has this id")
    return as_json.clinic_of(row.plain, clinic_id)


def put_clinic(rows: SealedRows, clinic: Clinic) -> None:
    """Writes what it says of itself; a new one first gets a key."""
    wrapped = None if rows.stored.find(CLINICS, clinic.clinic_id) else rows.clinic_keys.new(clinic.clinic_id)
    ClinicRows(rows, clinic.clinic_id).put_own(CLINICS, as_json.sealed_form(clinic, without=_PLAIN))
    if wrapped:
        rows.clinic_keys.keep(clinic.clinic_id, wrapped)


def create(rows: SealedRows, clinic: Clinic) -> Clinic:
    """A new clinic with this description, under a random id and with a key of its own."""
    made = replace(clinic, clinic_id=new_id())
    put_clinic(rows, made)
    return made
