"""Whom the app goes on as: a role of its own that reads and writes rows, and can neither make nor drop a table.

An address often names the owner of the database, or even a superuser. It makes the tables, and then every connection
takes the lesser role. Where it may make none, it goes on as itself: that is no reason to refuse.
"""

import logging
from typing import Any

from psycopg import Connection, errors

from storage.rows.tables import EVERY

ROLE = "firm_footing_app"
_MAY = "SELECT, INSERT, UPDATE, DELETE"
_MAY_CALL = {  # by table of procrastinate; its functions run as who calls them, its own keys as the owner
    "procrastinate_jobs": _MAY,
    "procrastinate_workers": _MAY,
    "procrastinate_events": "INSERT",
    "procrastinate_periodic_defers": _MAY,
}
_COUNTING = ("procrastinate_jobs_id_seq", "procrastinate_events_id_seq", "procrastinate_periodic_defers_id_seq")
log = logging.getLogger("firm_footing")


def choose_role(connection: Connection[Any]) -> str | None:
    """The role to take, which may use every table now; None to go on as the address says."""
    if not _value(connection, "SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = to_regclass('records')"):
        return None
    try:
        with connection.transaction():
            _make(connection)
            _let_use(connection)
    except errors.InsufficientPrivilege:
        log.info("storage: the role of the database's address may make no lesser one, and goes on as it is")
        return None
    return ROLE


def _make(connection: Connection[Any]) -> None:
    if not _value(connection, "SELECT count(*) FROM pg_roles WHERE rolname = %s", ROLE):
        try:
            with connection.transaction():
                connection.execute(f"CREATE ROLE {ROLE} NOLOGIN")
        except (errors.DuplicateObject, errors.UniqueViolation):  # for another database of this server, just now
            pass
    if not _value(connection, "SELECT pg_has_role(%s, 'MEMBER')", ROLE):
        connection.execute(f"GRANT {ROLE} TO current_user")


def _let_use(connection: Connection[Any]) -> None:
    schema = _value(connection, "SELECT quote_ident(current_schema())")
    if not _value(connection, "SELECT has_schema_privilege(%s, current_schema(), 'USAGE')", ROLE):
        connection.execute(f"GRANT USAGE ON SCHEMA {schema} TO {ROLE}")
    names = [table.name for table in EVERY]
    new = "SELECT name FROM unnest(%s::text[]) name WHERE NOT has_table_privilege(%s, name, 'DELETE')"
    for (name,) in connection.execute(new, (names, ROLE)).fetchall():
        connection.execute(f"GRANT {_MAY} ON {name} TO {ROLE}")
    if not may_call(connection, ROLE):
        for name, rights in _MAY_CALL.items():
            connection.execute(f"GRANT {rights} ON {name} TO {ROLE}")
        connection.execute(f"GRANT USAGE ON SEQUENCE {', '.join(_COUNTING)} TO {ROLE}")


def may_call(connection: Connection[Any], role: str | None) -> bool:
    """Whether this role, or that of the connection, may call print workers and hear them (print_calls.py)."""
    rights = [(name, right) for name, rights in _MAY_CALL.items() for right in rights.split(", ")]
    tables = (
        "SELECT bool_and(has_table_privilege(coalesce(%s, current_user), name, one)) "
        "FROM unnest(%s::text[], %s::text[]) rights (name, one)"
    )
    counting = (
        "SELECT bool_and(has_sequence_privilege(coalesce(%s, current_user), name, 'USAGE')) "
        "FROM unnest(%s::text[]) name"
    )
    names, each_right = map(list, zip(*rights, strict=True))
    return bool(
        _value(connection, tables, role, names, each_right) and _value(connection, counting, role, list(_COUNTING))
    )


def _value(connection: Connection[Any], sql: str, *parameters: Any) -> Any:
    found = connection.execute(sql, parameters).fetchone()
    return found[0] if found else None
