"""The rows of an engine, on SQLite."""

import time
from collections.abc import Iterator
from typing import Any

from sqlite_utils import Database

from storage.rows.protocol import StoredRow
from storage.rows.sealed_rows import SealedRows
from storage.rows.sealing import Sealer
from storage.rows.sql import Dialect, SqlRows, statements, stored_row
from storage.rows.tables import Table


class SqliteRows(SqlRows):
    """The rows as one transaction of a connection sees them. What is deleted is overwritten (secure_delete)."""

    dialect = Dialect(value="?", came="rowid")
    sql = statements(dialect)

    def __init__(self, db: Database) -> None:
        self._db = db

    def _execute(self, sql: str, parameters: tuple[Any, ...] = ()) -> Any:
        return self._db.execute(sql, parameters)

    def now(self) -> int:
        return time.time_ns() // 1_000_000  # whoever opens the file is on this machine

    def all(self, table: Table, at_most: int | None = None) -> Iterator[StoredRow]:
        """Every row, or so many of them chosen at random."""
        sql = self.sql[table.name].all
        if at_most is not None:
            sql += f" WHERE rowid IN (SELECT rowid FROM {table.name} ORDER BY random() LIMIT {at_most:d})"
        for row_id, *rest in self._db.execute(sql):
            yield stored_row(table, row_id, rest)

    def ids(self, table: Table, at_most: int | None = None) -> list[str]:
        """The id of every row, or of so many of them chosen at random."""
        limit = f" ORDER BY random() LIMIT {at_most:d}" if at_most is not None else ""
        return [row_id for (row_id,) in self._db.execute(self.sql[table.name].ids + limit).fetchall()]


def sealed_rows_of(db: Database, sealer: Sealer) -> SealedRows:
    """The rows as this connection sees them, opened with the key."""
    return SealedRows(SqliteRows(db), sealer)
