"""The rows of an engine, on PostgreSQL."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import Any

from psycopg import Connection

from storage.rows.protocol import StoredRow
from storage.rows.sql import Dialect, SqlRows, statements
from storage.rows.tables import Table

AT_ONCE = 1000
"""So many rows of a whole table are fetched at a time, however many there are."""


class PostgresRows(SqlRows):
    """The rows as one transaction of a connection sees them."""

    dialect = Dialect(value="%s", came="came")
    sql = statements(dialect)

    def __init__(self, connection: Connection[Any], *, calls_printers: bool = False) -> None:
        self._connection = connection
        self._calls_printers = calls_printers
        self._cursors = count()

    def _execute(self, sql: str, parameters: tuple[Any, ...] = ()) -> Any:
        return self._connection.execute(sql, parameters, binary=True)

    def only_of(self, clinic_id: str | None) -> None:
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
