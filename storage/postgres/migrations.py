"""The tables, as ordered steps that the database itself notes; all that are new are taken in one transaction.

A new database gets every table as storage/rows/tables.py describes it, and one that lacks a table gets that one: a new
table costs no step. A step is for what changes in a table that is there already; it is only ever added at the end, and
goes with the same change in tables.py.
"""

from typing import Any

from psycopg import Connection

from storage.rows.tables import EVERY, WHOLE_NUMBERS, Table, owners_first

_LEFT, _TABLE = "left ", "table "
STEPS: dict[str, str] = {}
"""By name, what changes in a table that is there already."""
_FILL_PERCENT = 70
"""So much of a page is filled by new rows: one that is changed then finds room beside it, and no index has to learn."""


_ITS_OWN = "current_setting('app.clinic', true) IN ('*', clinic_id)"
_APART = (
    "; ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"
    f"; CREATE POLICY one_clinic ON {{name}} USING ({_ITS_OWN}) WITH CHECK ({_ITS_OWN})"
)
"""Whoever is not the owner sees and writes rows of one clinic alone, or none; the owner has to, to back up."""


def create(table: Table) -> str:
    """A table as it is described. Text is compared byte by byte, whatever the database's own order is."""
    columns = [f"{each} {_type(table, each)}" for each in table.columns]
    owners = [
        f"FOREIGN KEY ({column}) REFERENCES {owner} ({column}) ON DELETE CASCADE"
        for column, owner in table.owners.items()
    ]
    unique = [f"UNIQUE ({', '.join(each)})" for each in table.unique]
    came = "came BIGINT GENERATED ALWAYS AS IDENTITY"
    parts = ", ".join((*columns, came, f"PRIMARY KEY ({table.row_id})", *unique, *owners))
    indexes = "".join(
        f"; CREATE INDEX {table.name}_by_{'_and_'.join(each)} ON {table.name} ({', '.join(each)})"
        for each in _to_be_found_by(table)
    )
    apart = _APART.format(name=table.name) if "clinic_id" in table.columns else ""
    return f"CREATE TABLE {table.name} ({parts}) WITH (fillfactor = {_FILL_PERCENT}){indexes}{apart}"


CALLING = "procrastinate 03.04.00_50"
"""What wakes print workers (print_calls.py), as the last of its own migrations leaves it. A release with a later one
gets its file as a step of its own."""


def take_steps(connection: Connection[Any]) -> None:
    """In the transaction that is open, whose lock keeps others from doing the same."""
    connection.execute(
        'CREATE TABLE IF NOT EXISTS steps (name TEXT COLLATE "C" PRIMARY KEY, taken TIMESTAMPTZ NOT NULL DEFAULT now())'
    )
    taken, is_new = steps_taken(connection), not table_names(connection)
    pending = [name for name in STEPS if name not in taken]
    for name in pending:
        if not is_new:
            connection.execute(STEPS[name])
    missing = [table for table in owners_first() if _step_of(table) not in taken]
    for table in missing:
        connection.execute(create(table))
    calling = [CALLING] if CALLING not in taken else []
    if calling:
        from procrastinate.schema import SchemaManager  # by whoever makes it, once

        connection.execute(SchemaManager.get_schema())
    for name in (*pending, *map(_step_of, missing), *calling):
        connection.execute("INSERT INTO steps (name) VALUES (%s)", (name,))


def steps_taken(connection: Connection[Any]) -> list[str]:
    """In order; none where nothing was ever made."""
    if not _is_there(connection, "steps"):
        return []
    return [name for (name,) in connection.execute("SELECT name FROM steps ORDER BY taken, name")]


def pending_steps(connection: Connection[Any]) -> list[str]:
    """What this release would do."""
    taken = set(steps_taken(connection))
    return [each for each in _known() if each not in taken]


def unknown_steps(connection: Connection[Any]) -> list[str]:
    """What a later release changed in tables that this one uses. Tables that it added are in nobody's way: a server of
    this release goes on, and may be started, while others are taken to the next one."""
    known = set(_known())
    return [each for each in steps_taken(connection) if each not in known and not each.startswith((_LEFT, _TABLE))]


def note_left(connection: Connection[Any]) -> None:
    """Everything was copied elsewhere: servers that run on it have to be started again."""
    connection.execute("INSERT INTO steps (name) SELECT %s || clock_timestamp()", (_LEFT,))


def times_left(connection: Connection[Any]) -> int:
    """How often that was done."""
    found = connection.execute("SELECT count(*) FROM steps WHERE starts_with(name, %s)", (_LEFT,)).fetchone()
    return found[0] if found else 0


def table_names(connection: Connection[Any]) -> list[str]:
    """Our tables that are there."""
    names = [table.name for table in EVERY]
    found = connection.execute("SELECT name FROM unnest(%s::text[]) name WHERE to_regclass(name) IS NOT NULL", (names,))
    return [name for (name,) in found]


def _known() -> list[str]:
    return [*STEPS, *(_step_of(table) for table in EVERY), CALLING]


def _step_of(table: Table) -> str:
    return f"{_TABLE}{table.name}"


def _is_there(connection: Connection[Any], name: str) -> bool:
    found = connection.execute("SELECT to_regclass(%s)", (name,)).fetchone()
    return bool(found and found[0])


def _type(table: Table, column: str) -> str:
    if column == "sealed":
        kind = "BYTEA"
    else:
        kind = "BIGINT" if column in WHOLE_NUMBERS else 'TEXT COLLATE "C"'
    return kind if column in table.optional else f"{kind} NOT NULL"


def _to_be_found_by(table: Table) -> list[tuple[str, ...]]:
    """What no key or other group of columns begins with already."""
    led = {table.row_id, *(group[0] for group in (*table.unique, *table.sought))}
    single = dict.fromkeys(each for each in (table.ends, *table.owners) if each and each not in led)
    return [*table.sought, *((each,) for each in single)]
