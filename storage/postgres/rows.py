"""The rows of an engine, on PostgreSQL."""

from collections.abc import Iterator
from itertools import count
from typing import Any

from psycopg import Connection

from storage.rows.protocol import StoredRow
from storage.rows.sql import Dialect, SqlRows, statements, stored_row
from storage.rows.tables import Table

AT_ONCE = 1000
"""So many rows of a whole table are fetched at a time, however many there are."""


class PostgresRows(SqlRows):
    """The rows as one transaction of a connection sees them."""

    dialect = Dialect(value="%s", came="came")
    sql = statements(dialect)

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection
        self._cursors = count()

    def _execute(self, sql: str, parameters: tuple[Any, ...] = ()) -> Any:
        return self._connection.execute(sql, parameters, binary=True)

    def now(self) -> int:
        return int(self._value("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint"))

    def all(self, table: Table) -> Iterator[StoredRow]:
        with self._connection.cursor(f"all_{next(self._cursors)}") as cursor:
            cursor.itersize = AT_ONCE
            for row_id, *rest in cursor.execute(self.sql[table.name].all, binary=True):
                yield stored_row(table, row_id, rest)
