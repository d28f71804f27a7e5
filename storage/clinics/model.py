"""A clinic, its staff, its people, and the lines of its audit log, as values; no SQL."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from reports.review.reviewers import SignedReview
from storage.model import Data, StorageError
from storage.time_limits import AUDIT_STAYS

Role = Literal["reception", "clinician", "manager"]
ROLES: tuple[Role, ...] = ("reception", "clinician", "manager")


CLINIC_PLACE = 8
"""So many letters of its id name a clinic in the address of its poster, which people type too; it opens nothing."""


@dataclass(frozen=True, kw_only=True)
class Service:
    """Somebody near the clinic who helps with some steps of a plan: a class, a handy-person, a falls service."""

    name: str
    contact: str
    serves: tuple[str, ...] = ()
    """The groups of steps beside which it stands."""


@dataclass(frozen=True, kw_only=True)
class Clinic:
    """What a clinic says of itself; all but the name may be empty, and is then as the installation has it."""

    clinic_id: str
    name: str
    address: str = ""
    phone: str = ""
    zone: str = ""
    region: str = ""
    page: str = ""
    languages: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    """The checklists that somebody new is asked, unless staff choose others."""
    color: str = ""
    letterhead: bool = True
    """Its name, phone and logo head each page; off for paper that is printed already."""
    keeps_names: bool = False
    """Its list holds people's names, not only codes and initials."""
    names_staff: bool = False
    """Who looks up who saw a plan reads the names of staff, not only their roles."""
    audit_days: int = AUDIT_STAYS.days
    log_is_counted: bool = False
    """Whether it is noted where its audit log begins and ends; of an earlier release it is with the next line."""
    services: tuple[Service, ...] = ()
    reviews: tuple[SignedReview, ...] = ()
    """Which clinicians have signed which words, the last one last."""

    @property
    def place(self) -> str:
        """What stands for it in the address of its poster."""
        return self.clinic_id[:CLINIC_PLACE]


@dataclass(frozen=True, kw_only=True)
class Staff:
    """One who signs in. `password` is its hash, empty before it is set; `totp` the secret that an authenticator shares.

    `name` is what they sign in with, `shown` what they are called. `recovery` and `set_up` are hashes of codes that
    open once, `set_up` until a day; `last_step` is the last step of their authenticator that was used. `subject` is
    the hash of who they are to the organization's own sign-in.
    """

    staff_id: str
    clinic_id: str
    name: str
    role: Role
    shown: str = ""
    password: str = ""
    totp: str = ""
    last_step: int = 0
    recovery: tuple[str, ...] = ()
    set_up: str = ""
    set_up_until: date | None = None
    subject: str = ""
    is_disabled: bool = False


@dataclass(frozen=True, kw_only=True)
class StaffSession:
    """A browser in which somebody is signed in; of its id only a hash is kept. `data` is what the pages need of it."""

    clinic_id: str
    staff_id: str
    until: date
    data: Data


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody whom a clinic sees: a random code, the day of the visit, and their record once they have begun.

    The row goes with the record. `data` is what the clinic calls them, and what they are to be asked.
    """

    person_id: str
    code: str
    day: date
    record_id: str | None = None
    data: Data


@dataclass(frozen=True, kw_only=True)
class ImportedTable:
    """A table of people that the clinic has sent in, to print from; it is there up to and with the day `expires`.

    `revision` grows by one with each change of `data`, which holds the rows and what became of each.
    """

    import_id: str
    revision: int
    expires: date
    data: Data


@dataclass(frozen=True, kw_only=True)
class AuditLine:
    """Who did what, when, of whom; nothing of anybody's health. `did` is a verb of the app's own list.

    `person_code` is empty where it was about nobody, and `note` says what was changed or how much was printed.
    """

    at: datetime
    staff_id: str
    who: str
    role: str
    did: str
    person_id: str | None = None
    person_code: str = ""
    note: str = ""
    number: int = 0


class ClinicNotFound(StorageError):
    """No clinic has this id, or what was asked for is not this clinic's."""


class SubjectTaken(StorageError):
    """Whom the organization's own sign-in names is connected with somebody else already."""


class NameTaken(StorageError):
    """Somebody signs in with this name already, here or at another clinic."""


ChangeClinic = Callable[[Clinic], Clinic]
ChangeStaff = Callable[[Staff], Staff]
ChangePerson = Callable[[Person], Person]
