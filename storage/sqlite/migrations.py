"""The tables, as ordered steps; sqlite-utils records each step in the transaction that takes it.

Steps are only ever added at the end. The code of an older release refuses a database with a step that it does not know;
one that runs meanwhile has to be stopped first, unless it can go on writing on the result of the step. A step that
changes what it may write raises FORMAT.
"""

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

APPLICATION_ID = 0x46466F74  # "FFot"
FORMAT = 4
_FIRST_FORMAT = 1

migrations = Migrations("firm-footing")
_OF_CLINIC = "clinic_id TEXT NOT NULL REFERENCES clinics ON DELETE CASCADE"
_ONE_A_CLINIC = "clinic_id TEXT NOT NULL PRIMARY KEY REFERENCES clinics ON DELETE CASCADE"

# Plain columns are only random ids, look-up hashes, expiry, content hash, revision and sums; each row's
# seal binds them all (rows.py).
_FIRST_TABLES = (
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {_FIRST_FORMAT}",
    "CREATE TABLE seal_check (name TEXT NOT NULL PRIMARY KEY, sealed BLOB NOT NULL) STRICT",
    "CREATE TABLE sums (name TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL, sealed BLOB NOT NULL) STRICT",
    "CREATE TABLE contents (content_hash TEXT NOT NULL PRIMARY KEY, sealed BLOB NOT NULL) STRICT",
    """CREATE TABLE sessions (
        session_hash TEXT NOT NULL PRIMARY KEY,
        expires TEXT NOT NULL,
        sealed BLOB NOT NULL
    ) STRICT""",
    """CREATE TABLE records (
        record_id TEXT NOT NULL PRIMARY KEY,
        content_hash TEXT NOT NULL,
        revision INTEGER NOT NULL,
        expires TEXT NOT NULL,
        latest_submission_id TEXT,
        sealed BLOB NOT NULL
    ) STRICT""",
    """CREATE TABLE submissions (
        submission_id TEXT NOT NULL PRIMARY KEY,
        record_id TEXT NOT NULL REFERENCES records ON DELETE CASCADE,
        submit_key_hash TEXT NOT NULL,
        content_hash TEXT NOT NULL,
        sealed BLOB NOT NULL,
        UNIQUE (record_id, submit_key_hash)
    ) STRICT""",
)


@migrations()
def first_tables(db: Database) -> None:
    """Sessions, records, submissions, contents and sums, and the row that shows a wrong key."""
    for statement in _FIRST_TABLES:
        db.execute(statement)


@migrations()
def photos(db: Database) -> None:
    """Pictures of hazards, one row each, gone with their record."""
    db.execute(
        """CREATE TABLE photos (
            photo_id TEXT NOT NULL PRIMARY KEY,
            record_id TEXT NOT NULL REFERENCES records ON DELETE CASCADE,
            submit_key_hash TEXT NOT NULL,
            sealed BLOB NOT NULL,
            UNIQUE (record_id, submit_key_hash)
        ) STRICT"""
    )


@migrations()
def ticks(db: Database) -> None:
    """What was done with each action of a plan, one row each, numbered in the order they came, gone with the record."""
    db.execute(
        """CREATE TABLE ticks (
            tick_id TEXT NOT NULL PRIMARY KEY,
            record_id TEXT NOT NULL REFERENCES records ON DELETE CASCADE,
            submit_key_hash TEXT NOT NULL,
            number INTEGER NOT NULL,
            sealed BLOB NOT NULL,
            UNIQUE (record_id, submit_key_hash),
            UNIQUE (record_id, number)
        ) STRICT"""
    )


@migrations()
def doors(db: Database) -> None:
    """The link and the code of a record, by their hashes; and how many wrong codes were tried within an hour."""
    db.execute(
        """CREATE TABLE doors (
            door_hash TEXT NOT NULL PRIMARY KEY,
            record_id TEXT NOT NULL REFERENCES records ON DELETE CASCADE,
            kind TEXT NOT NULL,
            sealed BLOB NOT NULL,
            UNIQUE (record_id, kind)
        ) STRICT"""
    )
    db.execute(
        "CREATE TABLE tries (name TEXT NOT NULL PRIMARY KEY, hour INTEGER NOT NULL, count INTEGER NOT NULL) STRICT"
    )


@migrations()
def expiries(db: Database) -> None:
    """What has expired is found without looking through all that has not."""
    for name in ("records", "sessions"):
        db.execute(f"CREATE INDEX {name}_by_expiry ON {name} (expires)")


@migrations()
def shares(db: Database) -> None:
    """What an owner lets others see, one row each, found by its link or code, gone with the record."""
    db.execute(
        """CREATE TABLE shares (
            share_id TEXT NOT NULL PRIMARY KEY,
            record_id TEXT NOT NULL REFERENCES records ON DELETE CASCADE,
            submit_key_hash TEXT NOT NULL,
            link_hash TEXT NOT NULL UNIQUE,
            code_hash TEXT NOT NULL UNIQUE,
            expires TEXT NOT NULL,
            sealed BLOB NOT NULL,
            UNIQUE (record_id, submit_key_hash)
        ) STRICT"""
    )
    db.execute("CREATE INDEX shares_by_expiry ON shares (expires)")


@migrations()
def backups(db: Database) -> None:
    """The day of the newest backup; and marks of what was erased, so that a backup put back does not bring it back.

    A mark is a keyed hash of the id that was erased: without the key it leads to nothing.
    """
    db.execute("CREATE TABLE backups (name TEXT NOT NULL PRIMARY KEY, day TEXT NOT NULL, sealed BLOB NOT NULL) STRICT")
    db.execute("CREATE TABLE erased (mark TEXT NOT NULL PRIMARY KEY, day TEXT NOT NULL) STRICT")


@migrations()
def days(db: Database) -> None:
    """The days by which a clock that jumped is noticed (clock.py)."""
    db.execute("CREATE TABLE days (name TEXT NOT NULL PRIMARY KEY, day TEXT NOT NULL, sealed BLOB NOT NULL) STRICT")


@migrations()
def tallies(db: Database) -> None:
    """What each record should hold, and the total (tallies.py). A release that knows neither would make them wrong."""
    db.execute(
        """CREATE TABLE tallies (
            record_id TEXT NOT NULL PRIMARY KEY REFERENCES records ON DELETE CASCADE,
            changes INTEGER NOT NULL,
            sealed BLOB NOT NULL
        ) STRICT"""
    )
    db.execute("CREATE TABLE totals (name TEXT NOT NULL PRIMARY KEY, sealed BLOB NOT NULL) STRICT")
    db.execute("PRAGMA user_version = 2")


@migrations()
def derived_keys(db: Database) -> None:
    """What stays as an earlier key gave it when the database gets a new one (resealing.py)."""
    db.execute("CREATE TABLE derived_keys (purpose TEXT NOT NULL PRIMARY KEY, sealed BLOB NOT NULL) STRICT")


@migrations()
def totals_of_parts(db: Database) -> None:
    """A total for each part (totals.py) in the place of one for all; the sums, which every writer touched too, are
    counted now. A release that knows no parts would make the totals wrong."""
    db.execute("DROP TABLE sums")
    db.execute("PRAGMA user_version = 3")


@migrations()
def clinics(db: Database) -> None:
    """Clinics, their staff and people, and who did what; all of it goes with its clinic, and a person with a record."""
    for statement in (
        "CREATE TABLE clinics (clinic_id TEXT NOT NULL PRIMARY KEY, sealed BLOB NOT NULL) STRICT",
        f"CREATE TABLE clinic_keys ({_ONE_A_CLINIC}, sealed BLOB NOT NULL) STRICT",
        f"CREATE TABLE clinic_logos ({_ONE_A_CLINIC}, sealed BLOB NOT NULL) STRICT",
        f"""CREATE TABLE staff (
            staff_id TEXT NOT NULL PRIMARY KEY,
            {_OF_CLINIC},
            name_hash TEXT NOT NULL UNIQUE,
            sealed BLOB NOT NULL
        ) STRICT""",
        f"""CREATE TABLE staff_sessions (
            session_hash TEXT NOT NULL PRIMARY KEY,
            {_OF_CLINIC},
            staff_id TEXT NOT NULL,
            expires TEXT NOT NULL,
            sealed BLOB NOT NULL
        ) STRICT""",
        f"""CREATE TABLE people (
            person_id TEXT NOT NULL PRIMARY KEY,
            {_OF_CLINIC},
            code TEXT NOT NULL,
            record_id TEXT REFERENCES records ON DELETE CASCADE,
            day TEXT NOT NULL,
            sealed BLOB NOT NULL,
            UNIQUE (clinic_id, code)
        ) STRICT""",
        f"""CREATE TABLE audit (
            audit_id TEXT NOT NULL PRIMARY KEY,
            {_OF_CLINIC},
            number INTEGER NOT NULL,
            person_id TEXT,
            day TEXT NOT NULL,
            sealed BLOB NOT NULL,
            UNIQUE (clinic_id, number)
        ) STRICT""",
        "CREATE INDEX staff_by_clinic ON staff (clinic_id)",
        "CREATE INDEX staff_sessions_by_staff ON staff_sessions (clinic_id, staff_id)",
        "CREATE INDEX staff_sessions_by_expiry ON staff_sessions (expires)",
        "CREATE INDEX people_by_day ON people (clinic_id, day)",
        "CREATE INDEX people_by_record ON people (record_id)",
        "CREATE INDEX people_by_expiry ON people (day)",
        "CREATE INDEX audit_by_person ON audit (clinic_id, person_id)",
    ):
        db.execute(statement)


@migrations()
def health_links(db: Database) -> None:
    """Files for a clinic's computer, each sealed with a key that stands in its link alone, gone with their record. A
    release that does not know them would take their sum in a tally for damage."""
    db.execute(
        """CREATE TABLE health_links (
            link_hash TEXT NOT NULL PRIMARY KEY,
            record_id TEXT NOT NULL REFERENCES records ON DELETE CASCADE,
            expires TEXT NOT NULL,
            sealed BLOB NOT NULL
        ) STRICT"""
    )
    for column in ("record_id", "expires"):
        db.execute(f"CREATE INDEX health_links_by_{column} ON health_links ({column})")
    db.execute("PRAGMA user_version = 4")


@migrations()
def print_jobs(db: Database) -> None:
    """What is printed in a batch, of a clinic or of the command: jobs that a worker takes, what is to be made, and the
    files that were."""
    own = "job_id TEXT NOT NULL PRIMARY KEY, clinic_id TEXT REFERENCES clinics ON DELETE CASCADE"
    for statement in (
        f"""CREATE TABLE print_jobs (
            {own},
            state TEXT NOT NULL,
            tries INTEGER NOT NULL,
            token TEXT NOT NULL,
            progress INTEGER NOT NULL,
            until INTEGER NOT NULL,
            expires TEXT NOT NULL,
            sealed BLOB NOT NULL
        ) STRICT""",
        f"CREATE TABLE print_orders ({own}, expires TEXT NOT NULL, sealed BLOB NOT NULL) STRICT",
        f"CREATE TABLE print_results ({own}, expires TEXT NOT NULL, sealed BLOB NOT NULL) STRICT",
        "CREATE INDEX print_jobs_by_state ON print_jobs (state)",
        *(
            f"CREATE INDEX {name}_by_clinic ON {name} (clinic_id)"
            for name in ("print_jobs", "print_orders", "print_results")
        ),
    ):
        db.execute(statement)


@migrations()
def staff_subjects(db: Database) -> None:
    """By whom an organization's own sign-in knows somebody of the staff."""
    columns = f"subject_hash TEXT NOT NULL PRIMARY KEY, {_OF_CLINIC}, staff_id TEXT NOT NULL, sealed BLOB NOT NULL"
    db.execute(f"CREATE TABLE staff_subjects ({columns}) STRICT")
    db.execute("CREATE INDEX staff_subjects_by_staff ON staff_subjects (clinic_id, staff_id)")


@migrations()
def imports(db: Database) -> None:
    """Tables of people that a clinic has sent in, to print from; no release before looks for them."""
    own = f"import_id TEXT NOT NULL PRIMARY KEY, {_OF_CLINIC}, revision INTEGER NOT NULL, expires TEXT NOT NULL"
    db.execute(f"CREATE TABLE imports ({own}, sealed BLOB NOT NULL) STRICT")
    db.execute("CREATE INDEX imports_by_clinic ON imports (clinic_id)")


@migrations()
def audit_ends(db: Database) -> None:
    """Where the audit log of each clinic begins and ends; it is written with the next line."""
    db.execute(f"CREATE TABLE audit_ends ({_ONE_A_CLINIC}, sealed BLOB NOT NULL) STRICT")


def unknown_steps(db: Database) -> list[str]:
    """Steps that a later release took."""
    known = {each.name for each in migrations.pending(Database(memory=True))}
    return [each.name for each in migrations.applied(db) if each.name not in known]
