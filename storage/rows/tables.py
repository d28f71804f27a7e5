"""What is kept, as tables: an id, the plain columns that each seal binds, and the sealed rest. Any engine has them."""

from collections.abc import Mapping
from dataclasses import dataclass

WHOLE_NUMBERS = (
    *("revision", "number", "changes", "tries", "progress", "until"),
    *("used", "used_at", "spent", "spent_before"),
)
"""The plain columns that hold no text."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """`unique` are groups of columns of which no two rows hold the same; `ends` is the column of a row's last day;
    `optional` are the columns that may hold nothing, `sought` groups of columns by which rows are looked for."""

    name: str
    row_id: str
    bound: tuple[str, ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()
    ends: str = ""
    optional: tuple[str, ...] = ()
    sought: tuple[tuple[str, ...], ...] = ()
    is_sealed: bool = True

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.row_id, *self.bound, *(("sealed",) if self.is_sealed else ()))

    @property
    def is_of_record(self) -> bool:
        """Its rows go with the record that they name."""
        return "record_id" in self.columns and self.name != "records"

    @property
    def is_of_clinic(self) -> bool:
        """Its rows go with the clinic that they name."""
        return "clinic_id" in self.columns and self.name != "clinics"

    @property
    def owners(self) -> Mapping[str, str]:
        """The columns that name a row of another table, with which these rows go: by column, its table."""
        of_record = {"record_id": "records"} if self.is_of_record else {}
        return {**of_record, "clinic_id": "clinics"} if self.is_of_clinic else of_record

    @property
    def has_key_of_clinic(self) -> bool:
        """Its rows are sealed with the own key of the clinic that they name, if they name one."""
        return "clinic_id" in self.columns and self.name != "clinic_keys"


_BY_KEY = ("record_id", "submit_key_hash")

SEAL_CHECK = Table(name="seal_check", row_id="name")
CONTENTS = Table(name="contents", row_id="content_hash")
SESSIONS = Table(name="sessions", row_id="session_hash", bound=("expires",), ends="expires")
RECORDS = Table(
    name="records",
    row_id="record_id",
    bound=("content_hash", "revision", "expires", "latest_submission_id"),
    ends="expires",
    optional=("latest_submission_id",),
)
SUBMISSIONS = Table(name="submissions", row_id="submission_id", bound=(*_BY_KEY, "content_hash"), unique=(_BY_KEY,))
PHOTOS = Table(name="photos", row_id="photo_id", bound=_BY_KEY, unique=(_BY_KEY,))
TICKS = Table(name="ticks", row_id="tick_id", bound=(*_BY_KEY, "number"), unique=(_BY_KEY, ("record_id", "number")))
# the table keeps the name that it had in earlier releases
LINKS_AND_CODES = Table(name="doors", row_id="door_hash", bound=("record_id", "kind"), unique=(("record_id", "kind"),))
SHARES = Table(
    name="shares",
    row_id="share_id",
    bound=(*_BY_KEY, "link_hash", "code_hash", "expires"),
    unique=(_BY_KEY, ("link_hash",), ("code_hash",)),
    ends="expires",
)
HEALTH_LINKS = Table(name="health_links", row_id="link_hash", bound=("record_id", "expires"), ends="expires")
BACKUPS = Table(name="backups", row_id="name", bound=("day",))
DAYS = Table(name="days", row_id="name", bound=("day",))
DERIVED_KEYS = Table(name="derived_keys", row_id="purpose")
CLINICS = Table(name="clinics", row_id="clinic_id")
CLINIC_LOGOS = Table(name="clinic_logos", row_id="clinic_id")
STAFF = Table(name="staff", row_id="staff_id", bound=("clinic_id", "name_hash"), unique=(("name_hash",),))
STAFF_SESSIONS = Table(
    name="staff_sessions",
    row_id="session_hash",
    bound=("clinic_id", "staff_id", "expires"),
    ends="expires",
    sought=(("clinic_id", "staff_id"),),
)
STAFF_SUBJECTS = Table(
    name="staff_subjects",
    row_id="subject_hash",
    bound=("clinic_id", "staff_id"),
    sought=(("clinic_id", "staff_id"),),
)
PEOPLE = Table(
    name="people",
    row_id="person_id",
    bound=("clinic_id", "code", "record_id", "day"),
    unique=(("clinic_id", "code"),),
    ends="day",
    optional=("record_id",),
    sought=(("clinic_id", "day"),),
)
AUDIT = Table(
    name="audit",
    row_id="audit_id",
    bound=("clinic_id", "number", "person_id", "day"),
    unique=(("clinic_id", "number"),),
    optional=("person_id",),
    sought=(("clinic_id", "person_id"),),
)
AUDIT_ENDS = Table(name="audit_ends", row_id="clinic_id")
"""Of each clinic the first and the last number of its audit log, so that lines cut from either end are missed."""
CLINIC_KEYS = Table(name="clinic_keys", row_id="clinic_id")
PRINT_JOBS = Table(
    name="print_jobs",
    row_id="job_id",
    bound=("clinic_id", "state", "tries", "token", "progress", "until", "expires"),
    ends="expires",
    optional=("clinic_id",),
    sought=(("state",),),
)
PRINT_ORDERS = Table(
    name="print_orders", row_id="job_id", bound=("clinic_id", "expires"), ends="expires", optional=("clinic_id",)
)
PRINT_RESULTS = Table(
    name="print_results", row_id="job_id", bound=("clinic_id", "expires"), ends="expires", optional=("clinic_id",)
)
IMPORTS = Table(name="imports", row_id="import_id", bound=("clinic_id", "revision", "expires"), ends="expires")
PRINTING = (PRINT_JOBS, PRINT_ORDERS, PRINT_RESULTS)
"""What is printed in a batch, of a clinic or of the command."""
PASSING = (*PRINTING, IMPORTS)
"""What lasts some days, and no backup holds."""
OF_CLINICS = (CLINICS, CLINIC_LOGOS, STAFF, STAFF_SESSIONS, PEOPLE, AUDIT, STAFF_SUBJECTS, AUDIT_ENDS)
"""What is sealed with a clinic's own key."""
OWN = (SUBMISSIONS, PHOTOS, TICKS, LINKS_AND_CODES, SHARES, HEALTH_LINKS)
"""What belongs to a record and is summed up in its tally. Such a row never becomes another one; a new table comes
at the end (tallies.py)."""
SEALED = (
    SEAL_CHECK,
    CONTENTS,
    SESSIONS,
    RECORDS,
    *OWN,
    BACKUPS,
    DAYS,
    DERIVED_KEYS,
    *OF_CLINICS,
    CLINIC_KEYS,
    *PASSING,
)

TALLIES = Table(name="tallies", row_id="record_id", bound=("changes",))
TOTALS = Table(name="totals", row_id="name")
ERASED = Table(name="erased", row_id="mark", bound=("day",), is_sealed=False)
COUNTS = Table(
    name="counts",
    row_id="count_hash",
    bound=("kind", "hour", "used", "used_at", "spent", "spent_before"),
    ends="hour",
    sought=(("kind", "hour"),),
    is_sealed=False,
)
"""How much of something each has used within the hour (store/counting.py); no backup holds it."""
EVERY = (*SEALED, TALLIES, TOTALS, ERASED, COUNTS)


def owners_first() -> tuple[Table, ...]:
    """Every table after those whose rows its own rows name."""
    found: list[Table] = []
    while waiting := [each for each in EVERY if each not in found]:
        names = {each.name for each in found}
        found += [each for each in waiting if names.issuperset(each.owners.values())]
    return tuple(found)
