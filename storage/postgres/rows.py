"""The rows of an engine, on PostgreSQL."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import count, islice
from typing import Any

from psycopg import Connection, Cursor

from storage.rows.protocol import StoredRow, Wanted
from storage.rows.sql import Dialect, SqlRows, statements, stored_row
from storage.rows.tables import Table

AT_ONCE = 1000
"""So many rows of a whole table are fetched at a time, however many there are."""
Found = Mapping[tuple[str, str], StoredRow | None]
"""What is known of rows, by the names of their tables and their ids."""


def together(wanted: Wanted) -> tuple[str, tuple[str, ...]]:
    """One statement that finds all these rows, and its parameters."""
    return _joined(tuple(table for table, _ in wanted)), tuple(row_id for _, row_id in wanted)


@lru_cache(maxsize=256)
def _joined(tables: tuple[Table, ...]) -> str:
    columns = (f"t{number}.{each}" for number, table in enumerate(tables) for each in table.columns)
    joins = (
        f"LEFT JOIN {table.name} t{number} ON t{number}.{table.row_id} = %s" for number, table in enumerate(tables)
    )
    return f"SELECT {', '.join(columns)} FROM (VALUES (0)) one {' '.join(joins)}"


def rows_in(answer: Cursor[Any], wanted: Wanted) -> Found:
    """What it answered; an id that is not there comes as nothing."""
    values, found = iter(answer.fetchone() or ()), {}
    for table, row_id in wanted:
        here, *rest = islice(values, len(table.columns))
        found[table.name, row_id] = None if here is None else stored_row(table, row_id, rest)
    return found


class FoundRows(SqlRows):
    """Rows that were found at one moment: nothing else can be asked of them."""

    def __init__(self, found: Found) -> None:
        self._found = found

    def find(self, table: Table, row_id: str) -> StoredRow | None:
        return self._found[table.name, row_id]


class PostgresRows(SqlRows):
    """The rows as one transaction of a connection sees them."""

    dialect = Dialect(value="%s", came="came")
    sql = statements(dialect)

    def __init__(self, connection: Connection[Any], *, calls_printers: bool = False) -> None:
        self._connection = connection
        self._calls_printers = calls_printers
        self._cursors = count()
        self._fetched: dict[tuple[str, str], StoredRow | None] = {}

    def _execute(self, sql: str, parameters: tuple[Any, ...] = ()) -> Any:
        return self._connection.execute(sql, parameters, binary=True)

    def fetch(self, wanted: Wanted) -> None:
        if wanted:
            self._fetched.update(rows_in(self._execute(*together(wanted)), wanted))

    def find(self, table: Table, row_id: str) -> StoredRow | None:
        """Whoever else writes meanwhile, a transaction that reads or writes sees one moment."""
        known = (table.name, row_id)
        return self._fetched[known] if known in self._fetched else super().find(table, row_id)

    def put(self, table: Table, row: StoredRow) -> None:
        self._fetched.pop((table.name, row.row_id), None)
        super().put(table, row)

    def delete(self, table: Table, row_id: str) -> None:
        self._fetched.clear()  # other rows go with it
        super().delete(table, row_id)

    def only_of(self, clinic_id: str | None) -> None:
        self._fetched.clear()
        self._execute("SELECT set_config('app.clinic', %s, true)", (clinic_id or "*",))  # gone with the transaction

    def call_printers(self, job_ids: Sequence[str], *, of_command: bool) -> None:
        if self._calls_printers:
            from storage.postgres.print_calls import call  # procrastinate is loaded by who prints

            call(self._connection, job_ids, of_command=of_command)

    def now(self) -> int:
        return int(self._value("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint"))

    def _every(self, sql: str) -> Iterator[Any]:
        with self._connection.cursor(f"every_{next(self._cursors)}") as cursor:
            cursor.itersize = AT_ONCE
            yield from cursor.execute(sql, binary=True)

    def fill(self, table: Table, rows: Iterable[StoredRow]) -> None:
        columns = ", ".join(table.columns)
        with self._connection.cursor() as cursor, cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy:
            for row in rows:
                sealed = (row.sealed,) if table.is_sealed else ()
                copy.write_row((row.row_id, *(row.bound[each] for each in table.bound), *sealed))
