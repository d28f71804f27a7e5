"""What a store owes that keeps clinics too."""

from typing import Protocol

from storage.clinics.model import AuditLine, Clinic, ImportedTable, Person, Staff, StaffSession
from storage.clinics.store import ClinicStore
from storage.counts import Counts
from storage.model import Data, Store


class StoreWithClinics(Store, Counts, Protocol):
    """As `Store`: what a call returned is on disk, and every call may raise StorageError."""

    def clinic(self, clinic_id: str) -> ClinicStore:
        """What is kept of this clinic; looked up only by its verbs."""

    def create_clinic(self, clinic: Clinic) -> Clinic:
        """A new clinic that says this of itself, under a new id and with a key of its own."""

    def list_clinics(self) -> tuple[Clinic, ...]:
        """Every clinic of this installation."""

    def find_clinic_at(self, place: str) -> Clinic | None:
        """The clinic whose poster names this place: the first CLINIC_PLACE letters of its id."""

    def erase_clinic(self, clinic_id: str) -> None:
        """Removes the clinic with its staff, list, audit log and key, also from a backup that is put back later.
        Its people's records stay theirs. :raises ClinicNotFound: there is none"""

    def find_staff(self, name: str) -> Staff | None:
        """Who signs in with this name, at whichever clinic."""

    def find_staff_by_subject(self, subject: str) -> Staff | None:
        """Whom the organization's own sign-in knows under this hash, at whichever clinic."""

    def find_staff_session(self, session_id: str) -> tuple[StaffSession, Staff, Clinic] | None:
        """Who is signed in in this browser, and where; None where nobody is, or they were disabled."""

    def end_staff_session(self, session_id: str) -> None:
        """Nobody is signed in there any more, and the clinic's names are gone from memory."""

    def use_way_in(self, token: str, now_ms: int) -> tuple[Clinic, Person]:
        """Where a square on a clinic's screen leads, once (clinics/people.py). :raises RecordNotFound: nowhere"""

    def find_clinic_of(self, record_id: str) -> Clinic | None:
        """The clinic that sees whose record this is; of several the last one that took them on its list."""

    def who_saw(self, record_id: str) -> tuple[tuple[Clinic, tuple[AuditLine, ...]], ...]:
        """What was done of whose record this is, at each clinic that sees them, the last first."""

    def keep_import(self, clinic_id: str, data: Data) -> str:
        """The id of a new table of this clinic, which is gone after storage.time_limits.IMPORTED.

        :raises RecordFull: it has ten of them already
        """

    def list_imports(self, clinic_id: str) -> tuple[ImportedTable, ...]:
        """The tables of this clinic, the first first."""

    def get_import(self, clinic_id: str, import_id: str) -> ImportedTable:
        """One of them. :raises ClinicNotFound: this clinic has none of this id, or it is over"""

    def change_import(self, clinic_id: str, import_id: str, revision: int, data: Data) -> bool:
        """Replaces what it holds. False: somebody has changed it since this revision, and nothing is written."""

    def remove_import(self, clinic_id: str, import_id: str) -> None:
        """Takes it away at once."""
