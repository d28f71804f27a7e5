"""What exists on one engine only, in one place, each with its reason; all else is the same on the file and PostgreSQL.

tests/test_one_engine_only.py finds whatever is not listed: modules, calls that an engine answers by doing nothing, who
asks which engine it is, and tests that try one engine alone.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class OneEngineOnly:
    """`on` is the engine that has it; `code` are modules, and calls that the other one answers by doing nothing;
    `tests` are files of tests, or single ones, that need this engine."""

    on: Literal["sqlite", "postgres"]
    what: str
    reason: str
    code: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()


EVERY = (
    OneEngineOnly(
        on="sqlite",
        what="what is removed is overwritten, and gone from the journal at once",
        reason="a server writes its journal, its replicas and its free space by itself; the receipt says so",
        code=("storage/postgres/engine.py:leave_no_trace", "web/sharing/erase.py"),
        tests=("tests/test_sqlite_traces.py",),
    ),
    OneEngineOnly(
        on="sqlite",
        what="room kept back on the disk, so that people can answer and erase when it is full",
        reason="the disk of a server is not this machine's: what is left of it is for its own watch to tell",
        code=(
            "storage/sqlite/ballast.py",
            "storage/postgres/engine.py:reserve_room",
            "storage/postgres/engine.py:is_short_of_room",
            "storage/postgres/engine.py:give_up_room",
            "web/visitor/budgets.py",
        ),
        tests=("tests/test_sqlite_full.py",),
    ),
    OneEngineOnly(
        on="sqlite",
        what="flask restore, and backups that are signed and know which file they replace",
        reason="a dump goes back by pg_restore into an empty database, and a server has recovery to any moment",
        code=(
            "storage/sqlite/backups/backup.py",
            "storage/sqlite/backups/carrying.py",
            "storage/sqlite/backups/restoring.py",
            "storage/sqlite/backups/signing.py",
            "storage/sqlite/backups/verifying.py",
            "storage/sqlite/replacing.py",
        ),
        tests=(
            "tests/test_sqlite_backup.py",
            "tests/test_sqlite_restoring.py",
            "tests/test_storage_clinics.py::test_a_backup_brings_back_a_clinic_but_nobody_who_was_put_out_since",
            "tests/test_storage_imports.py::test_no_backup_holds_a_table",
            "tests/test_storage_print_jobs.py::test_no_backup_holds_what_is_printed",
        ),
    ),
    OneEngineOnly(
        on="sqlite",
        what="flask rekey: a new key for the whole file while the app is stopped",
        reason="it seals everything anew in one copy of the file, and other servers would go on with the old key",
        code=("storage/sqlite/backups/rekeying.py", "storage/sqlite/resealing.py", "storage/sqlite/keys.py"),
        tests=(
            "tests/test_sqlite_rekeying.py",
            "tests/test_storage_clinics.py::test_a_new_key_of_the_installation_gives_each_clinic_a_new_one_too",
        ),
    ),
    OneEngineOnly(
        on="sqlite",
        what="files of earlier formats, brought up to date in a copy; pages of a file checked when it opens",
        reason="no release before this one wrote into PostgreSQL, and a server checks its own pages",
        code=("storage/sqlite/converting.py", "storage/sqlite/later_migrations.py"),
        tests=(
            "tests/test_sqlite_older.py",
            "tests/test_sqlite_opening.py",
            "tests/test_sqlite_faults.py",
            "tests/test_sqlite_tallies.py",
            "tests/test_storage.py::test_plain_columns_of_sqlite_are_only_ids_hashes_expiry_and_revision",
            "tests/test_storage.py::test_a_sqlite_store_that_was_open_before_a_fork_works_on_both_sides",
            "tests/test_storage_engine.py::test_the_tables_of_the_sqlite_file_are_those_of_the_protocol",
        ),
    ),
    OneEngineOnly(
        on="postgres",
        what="backups by pg_dump, compared line by line",
        reason="only the server's own tool copies it while others write",
        code=("storage/postgres/backing_up.py", "commands/backup.py"),
        tests=("tests/test_postgres_backup.py",),
    ),
    OneEngineOnly(
        on="postgres",
        what="the list of who was erased, beside the key, sets a database right that was put back when a server starts",
        reason="a dump goes back without us; flask restore of the file looks at the list itself",
        code=("storage/postgres/erasures.py",),
        tests=("tests/test_postgres_restoring.py",),
    ),
    OneEngineOnly(
        on="postgres",
        what="several processes and servers: who purges or seals rows anew, whose turn a wrong code is",
        reason="one process serves the file, and whoever writes there waits for its one lock",
        code=(
            "storage/sqlite/engine.py:alone",
            "storage/sqlite/engine.py:wait_turn",
            "commands/keys.py",
            "commands/serve.py",
        ),
        tests=("tests/test_several_servers.py",),
    ),
    OneEngineOnly(
        on="postgres",
        what="calls that wake print workers on any machine",
        reason="the file's workers are processes of its machine and look by themselves",
        code=(
            "storage/postgres/print_calls.py",
            "storage/sqlite/engine.py:print_calls",
            "storage/rows/sql.py:call_printers",
        ),
    ),
    OneEngineOnly(
        on="postgres",
        what="a lesser role, and a wall of the database between clinics",
        reason="whoever reads the file reads all of it: there the key of each clinic is the wall",
        code=("storage/postgres/roles.py", "storage/rows/sql.py:only_of"),
        tests=("tests/test_postgres.py",),
    ),
    OneEngineOnly(
        on="postgres",
        what="a database that does not answer, that another takes the place of, or whose connections are used up",
        reason="a file is there or it is not",
        code=("storage/postgres/answering.py", "storage/postgres/primaries.py"),
        tests=("tests/test_postgres_faults.py",),
    ),
    OneEngineOnly(
        on="postgres",
        what="rows that are known to be needed come with one question",
        reason="a server is a journey away, and nothing in the file is",
        code=("storage/rows/sql.py:fetch",),
    ),
)
ON_BOTH = ("connecting.py", "engine.py", "migrations.py", "moving.py", "opening.py", "rows.py")
"""The modules that each engine has: how rows lie, lock and are copied."""
CHOOSES = ("web/core/stores.py", "web/core/settings.py")
"""Where it is asked which engine it is, to open that one."""
