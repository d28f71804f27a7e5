"""The rows of an engine, on SQLite."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from storage.rows.protocol import StoredRow
from storage.rows.sealed_rows import SealedRows
from storage.rows.sealing import Sealer
from storage.rows.tables import EVERY, Table


@dataclass(frozen=True, kw_only=True)
class _Sql:
    """The statements of a table, as text made once: sqlite-utils' own get and update look the columns up on every call
    (32 µs against 7, and 80 µs more for a write)."""

    find: str
    put: str
    delete: str
    ids_of: str
    all_of: str
    bytes_of: str
    all: str
    ids: str


def _sql(table: Table) -> _Sql:
    name, row_id, columns = table.name, table.row_id, ", ".join(table.columns)
    changes = ", ".join(f"{each} = excluded.{each}" for each in table.columns[1:])
    every = f"SELECT {columns} FROM {name}"
    return _Sql(
        find=f"SELECT {', '.join(table.columns[1:])} FROM {name} WHERE {row_id} = ?",
        put=f"INSERT INTO {name} ({columns}) VALUES ({', '.join('?' for _ in table.columns)}) "
        f"ON CONFLICT ({row_id}) DO UPDATE SET {changes}",
        delete=f"DELETE FROM {name} WHERE {row_id} = ?",
        ids_of=f"SELECT {row_id} FROM {name} WHERE record_id = ? ORDER BY rowid",
        all_of=f"{every} WHERE record_id = ? ORDER BY rowid",
        bytes_of=f"SELECT coalesce(sum(length(sealed)), 0) FROM {name} WHERE record_id = ?",
        all=every,
        ids=f"SELECT {row_id} FROM {name}",
    )


SQL = {table.name: _sql(table) for table in EVERY}


class SqliteRows:
    """The rows as one transaction of a connection sees them; what each call owes stands in rows/protocol.py."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def find(self, table: Table, row_id: str) -> StoredRow | None:
        found = self._db.execute(SQL[table.name].find, (row_id,)).fetchone()
        return _stored(table, row_id, found) if found else None

    def put(self, table: Table, row: StoredRow) -> None:
        sealed = (row.sealed,) if table.is_sealed else ()
        self._db.execute(SQL[table.name].put, (row.row_id, *(row.bound[each] for each in table.bound), *sealed))

    def delete(self, table: Table, row_id: str) -> None:
        self._db.execute(SQL[table.name].delete, (row_id,))  # secure_delete leaves nothing of it, and what is its
        # own goes with a record

    def id_by(self, table: Table, columns: Mapping[str, str]) -> str | None:
        where = " AND ".join(f"{each} = ?" for each in columns)
        found = self._value(f"{SQL[table.name].ids} WHERE {where}", *columns.values())
        return None if found is None else str(found)

    def where(
        self,
        table: Table,
        columns: Mapping[str, str | None],
        *,
        newest_first: bool = False,
        at_most: int = -1,
        skip: int = 0,
    ) -> list[StoredRow]:
        where = " AND ".join(f"{each} IS ?" for each in columns)
        order = f"ORDER BY rowid {'DESC' if newest_first else 'ASC'} LIMIT ? OFFSET ?"
        found = self._db.execute(f"{SQL[table.name].all} WHERE {where} {order}", (*columns.values(), at_most, skip))
        return [_stored(table, row_id, rest) for row_id, *rest in found.fetchall()]

    def ids_of(self, table: Table, record_id: str) -> list[str]:
        return [row_id for (row_id,) in self._db.execute(SQL[table.name].ids_of, (record_id,)).fetchall()]

    def all_of(self, table: Table, record_id: str) -> list[StoredRow]:
        found = self._db.execute(SQL[table.name].all_of, (record_id,)).fetchall()
        return [_stored(table, row_id, rest) for row_id, *rest in found]

    def bytes_of(self, table: Table, record_id: str) -> int:
        return int(self._value(SQL[table.name].bytes_of, record_id))

    def last_number(self, table: Table, record_id: str) -> int:
        return self._value(f"SELECT max(number) FROM {table.name} WHERE record_id = ?", record_id) or 0

    def now(self) -> int:
        return time.time_ns() // 1_000_000  # whoever opens the file is on this machine

    def ended(self, table: Table, before: str, at_most: int) -> list[str]:
        sql = f"{SQL[table.name].ids} WHERE {table.ends} < ? LIMIT ?"
        return [row_id for (row_id,) in self._db.execute(sql, (before, at_most)).fetchall()]

    def count_ended(self, table: Table, before: str) -> int:
        return int(self._value(f"SELECT count(*) FROM {table.name} WHERE {table.ends} < ?", before))

    def newest_end(self, table: Table) -> str | None:
        found = self._value(f"SELECT max({table.ends}) FROM {table.name}")
        return None if found is None else str(found)

    def all(self, table: Table, at_most: int | None = None) -> Iterator[StoredRow]:
        """Every row, or so many of them chosen at random."""
        sql = SQL[table.name].all
        if at_most is not None:
            sql += f" WHERE rowid IN (SELECT rowid FROM {table.name} ORDER BY random() LIMIT {at_most:d})"
        for row_id, *rest in self._db.execute(sql):
            yield _stored(table, row_id, rest)

    def ids(self, table: Table, at_most: int | None = None) -> list[str]:
        """The id of every row, or of so many of them chosen at random."""
        limit = f" ORDER BY random() LIMIT {at_most:d}" if at_most is not None else ""
        return [row_id for (row_id,) in self._db.execute(SQL[table.name].ids + limit).fetchall()]

    def count(self, table: Table) -> int:
        return int(self._value(f"SELECT count(*) FROM {table.name}"))

    def _value(self, sql: str, *parameters: str) -> Any:
        found = self._db.execute(sql, parameters).fetchone()
        return found[0] if found else None


def sealed_rows_of(db: Database, sealer: Sealer) -> SealedRows:
    """The rows as this connection sees them, opened with the key."""
    return SealedRows(SqliteRows(db), sealer)


def _stored(table: Table, row_id: str, rest: Any) -> StoredRow:
    return StoredRow(row_id, dict(zip(table.bound, rest, strict=False)), rest[-1] if table.is_sealed else b"")
