"""Clinics, as verbs of the store: what is asked before it is known which clinic it is about."""

from datetime import date, timedelta

from storage.clinics import audit, people, staff
from storage.clinics import store as one_clinic
from storage.clinics.model import CLINIC_PLACE, AuditLine, Clinic, Person, Staff, StaffSession
from storage.clinics.remembered import LISTS
from storage.clinics.scope import ClinicRows
from storage.clinics.store import ClinicStore
from storage.repeating import repeated
from storage.rows.sealed_rows import SealedRows
from storage.rows.tables import CLINICS
from storage.store.transactions import Transactions


class Clinics(Transactions):
    """Part of the store; `StoreWithClinics` says what each verb owes."""

    def clinic(self, clinic_id: str) -> ClinicStore:
        return ClinicStore(clinic_id, reading=self._reading, writing=self._writing, sealer=self._sealer)

    @repeated
    def create_clinic(self, clinic: Clinic) -> Clinic:
        with self._writing() as rows:
            return one_clinic.create(rows, clinic)

    def list_clinics(self) -> tuple[Clinic, ...]:
        with self._reading() as rows:
            return tuple(one_clinic.clinic_in(rows, each) for each in rows.stored.ids(CLINICS))

    def find_clinic_at(self, place: str) -> Clinic | None:
        with self._reading() as rows:
            found = [each for each in rows.stored.ids(CLINICS) if each[:CLINIC_PLACE] == place]
            return one_clinic.clinic_in(rows, found[0]) if found else None

    @repeated
    def erase_clinic(self, clinic_id: str) -> None:
        with self._writing() as rows:
            one_clinic.clinic_in(rows, clinic_id)
            rows.mark_erased(clinic_id, self._today().isoformat())
            rows.delete(CLINICS, clinic_id)
        LISTS.forget(clinic_id)
        self.engine.leave_no_trace()

    def find_staff(self, name: str) -> Staff | None:
        with self._reading() as rows:
            found = staff.clinic_of_name(rows, self._sealer, name)
            return staff.find(ClinicRows(rows, found[0]), found[1]) if found else None

    def find_staff_by_subject(self, subject: str) -> Staff | None:
        with self._reading() as rows:
            found = staff.of_subject(rows, subject)
            return staff.find(ClinicRows(rows, found[0]), found[1]) if found else None

    def find_staff_session(self, session_id: str) -> tuple[StaffSession, Staff, Clinic] | None:
        with self._reading() as rows:
            session = staff.find_session(rows, session_id)
            if session is None or session.until < self._today():
                return None
            found = staff.find(ClinicRows(rows, session.clinic_id), session.staff_id)
            if found is None or found.is_disabled:
                return None
            return session, found, one_clinic.clinic_in(rows, session.clinic_id)

    @repeated
    def end_staff_session(self, session_id: str) -> None:
        with self._writing() as rows:
            clinic_id = staff.end_session(rows, session_id)
        if clinic_id is not None:
            LISTS.forget(clinic_id)

    @repeated
    def use_way_in(self, token: str, now_ms: int) -> tuple[Clinic, Person]:
        with self._writing() as rows:
            clinic_id, person = people.use_way_in(rows, token, now_ms)
            return one_clinic.clinic_in(rows, clinic_id), person

    def find_clinic_of(self, record_id: str) -> Clinic | None:
        with self._reading() as rows:
            found = people.of_record(rows, record_id)
            return one_clinic.clinic_in(rows, found[-1][0]) if found else None

    def who_saw(self, record_id: str) -> tuple[tuple[Clinic, tuple[AuditLine, ...]], ...]:
        with self._reading() as rows:
            self._get_record(rows, record_id)
            return tuple(
                (one_clinic.clinic_in(rows, clinic_id), audit.of_person(ClinicRows(rows, clinic_id), person_id))
                for clinic_id, person_id in people.of_record(rows, record_id)
            )


def remove_old_lines(rows: SealedRows, clinic_id: str, today: date, at_most: int) -> int:
    """Removes so many lines of the audit log that are older than the clinic keeps them; how many."""
    clinic = one_clinic.clinic_in(rows, clinic_id)
    before = (today - timedelta(days=clinic.audit_days)).isoformat()
    return audit.remove_before(ClinicRows(rows, clinic_id), before, at_most)
