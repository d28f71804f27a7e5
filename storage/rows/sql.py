"""The rows of an engine that understands SQL: one text for all of them, but for how a value and the order are named."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from storage.rows.protocol import StoredRow, Wanted
from storage.rows.sealing import KEY_ID_BYTES
from storage.rows.tables import EVERY, Table


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """`value` is what stands for a parameter, `came` the column that grows with every row that comes."""

    value: str
    came: str


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


def _sql(table: Table, dialect: Dialect) -> _Sql:
    name, row_id, columns, value = table.name, table.row_id, ", ".join(table.columns), dialect.value
    changes = ", ".join(f"{each} = excluded.{each}" for each in table.columns[1:])
    every = f"SELECT {columns} FROM {name}"
    return _Sql(
        find=f"SELECT {', '.join(table.columns[1:])} FROM {name} WHERE {row_id} = {value}",
        put=f"INSERT INTO {name} ({columns}) VALUES ({', '.join(value for _ in table.columns)}) "
        f"ON CONFLICT ({row_id}) DO UPDATE SET {changes}",
        delete=f"DELETE FROM {name} WHERE {row_id} = {value}",
        ids_of=f"SELECT {row_id} FROM {name} WHERE record_id = {value} ORDER BY {dialect.came}",
        all_of=f"{every} WHERE record_id = {value} ORDER BY {dialect.came}",
        bytes_of=f"SELECT coalesce(sum(length(sealed)), 0) FROM {name} WHERE record_id = {value}",
        all=every,
        ids=f"SELECT {row_id} FROM {name}",
    )


def statements(dialect: Dialect) -> Mapping[str, _Sql]:
    """By table."""
    return {table.name: _sql(table, dialect) for table in EVERY}


class SqlRows:
    """The rows as one transaction sees them; what each call owes stands in rows/protocol.py."""

    dialect: Dialect
    sql: Mapping[str, _Sql]

    def _execute(self, sql: str, parameters: tuple[Any, ...] = ()) -> Any:
        """A cursor on what was found."""
        raise NotImplementedError

    def _every(self, sql: str) -> Iterator[Any]:
        """The same for whole tables, of which never more lies in memory than has to."""
        yield from self._execute(sql)

    def only_of(self, clinic_id: str | None) -> None:
        """Nothing stands in the way of who reads the file."""

    def call_printers(self, job_ids: Sequence[str], *, of_command: bool) -> None:
        """Whoever prints on this machine looks again and again."""

    def fetch(self, wanted: Wanted) -> None:
        """Nothing in the file is far away."""

    def find(self, table: Table, row_id: str) -> StoredRow | None:
        found = self._execute(self.sql[table.name].find, (row_id,)).fetchone()
        return stored_row(table, row_id, found) if found else None

    def put(self, table: Table, row: StoredRow) -> None:
        sealed = (row.sealed,) if table.is_sealed else ()
        self._execute(self.sql[table.name].put, (row.row_id, *(row.bound[each] for each in table.bound), *sealed))

    def delete(self, table: Table, row_id: str) -> None:
        self._execute(self.sql[table.name].delete, (row_id,))

    def id_by(self, table: Table, columns: Mapping[str, str]) -> str | None:
        where = " AND ".join(f"{each} = {self.dialect.value}" for each in columns)
        found = self._value(f"{self.sql[table.name].ids} WHERE {where}", *columns.values())
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
        value, limit = self.dialect.value, (at_most, skip) if at_most >= 0 else ()
        where, held = self._holding(columns)
        order = f"ORDER BY {self.dialect.came} {'DESC' if newest_first else 'ASC'}"
        order += f" LIMIT {value} OFFSET {value}" if limit else ""
        found = self._execute(f"{self.sql[table.name].all} {where} {order}", (*held, *limit))
        rows = [stored_row(table, row_id, rest) for row_id, *rest in found.fetchall()]
        return rows if limit else rows[skip:]

    def heads(self, table: Table, columns: Mapping[str, str | None], size: int) -> list[tuple[str, bytes]]:
        where, held = self._holding(columns)
        sql = (
            f"SELECT {table.row_id}, substr(sealed, 1, {size:d}) FROM {table.name} {where} ORDER BY {self.dialect.came}"
        )
        return [(row_id, head) for row_id, head in self._execute(sql, held).fetchall()]

    def _holding(self, columns: Mapping[str, str | None]) -> tuple[str, tuple[str, ...]]:
        held = {each: text for each, text in columns.items() if text is not None}
        tests = (f"{each} = {self.dialect.value}" if each in held else f"{each} IS NULL" for each in columns)
        return f"WHERE {' AND '.join(tests)}", tuple(held.values())

    def ids_of(self, table: Table, record_id: str) -> list[str]:
        return [row_id for (row_id,) in self._execute(self.sql[table.name].ids_of, (record_id,)).fetchall()]

    def all_of(self, table: Table, record_id: str) -> list[StoredRow]:
        found = self._execute(self.sql[table.name].all_of, (record_id,)).fetchall()
        return [stored_row(table, row_id, rest) for row_id, *rest in found]

    def bytes_of(self, table: Table, record_id: str) -> int:
        return int(self._value(self.sql[table.name].bytes_of, record_id))

    def last_number(self, table: Table, record_id: str) -> int:
        value = self.dialect.value
        return self._value(f"SELECT max(number) FROM {table.name} WHERE record_id = {value}", record_id) or 0

    def total_of(self, table: Table, column: str, columns: Mapping[str, str]) -> int:
        where = " AND ".join(f"{each} = {self.dialect.value}" for each in columns)
        return int(self._value(f"SELECT coalesce(sum({column}), 0) FROM {table.name} WHERE {where}", *columns.values()))

    def now(self) -> int:
        raise NotImplementedError

    def ended(self, table: Table, before: str, at_most: int) -> list[str]:
        value = self.dialect.value
        sql = f"{self.sql[table.name].ids} WHERE {table.ends} < {value} LIMIT {value}"
        return [row_id for (row_id,) in self._execute(sql, (before, at_most)).fetchall()]

    def count_ended(self, table: Table, before: str) -> int:
        value = self.dialect.value
        return int(self._value(f"SELECT count(*) FROM {table.name} WHERE {table.ends} < {value}", before))

    def newest_end(self, table: Table) -> str | None:
        found = self._value(f"SELECT max({table.ends}) FROM {table.name}")
        return None if found is None else str(found)

    def all(self, table: Table) -> Iterator[StoredRow]:
        for row_id, *rest in self._every(self.sql[table.name].all):
            yield stored_row(table, row_id, rest)

    def in_order(self, table: Table) -> Iterator[StoredRow]:
        """Every row, in the order in which they came."""
        for row_id, *rest in self._every(f"{self.sql[table.name].all} ORDER BY {self.dialect.came}"):
            yield stored_row(table, row_id, rest)

    def fill(self, table: Table, rows: Iterable[StoredRow]) -> None:
        """Writes all these into a table that is empty."""
        for row in rows:
            self.put(table, row)

    def ids(self, table: Table) -> list[str]:
        return [row_id for (row_id,) in self._execute(self.sql[table.name].ids).fetchall()]

    def following(self, table: Table, after: str, at_most: int) -> list[StoredRow]:
        sealed = f"substr(sealed, 1, {KEY_ID_BYTES})"
        columns = ", ".join((table.row_id, *table.bound, sealed))
        value, row_id = self.dialect.value, table.row_id
        sql = f"SELECT {columns} FROM {table.name} WHERE {row_id} > {value} ORDER BY {row_id} LIMIT {value}"
        return [stored_row(table, each, rest) for each, *rest in self._execute(sql, (after, at_most)).fetchall()]

    def count(self, table: Table) -> int:
        return int(self._value(f"SELECT count(*) FROM {table.name}"))

    def _value(self, sql: str, *parameters: str) -> Any:
        found = self._execute(sql, parameters).fetchone()
        return found[0] if found else None


def stored_row(table: Table, row_id: str, rest: Any) -> StoredRow:
    """The row of this id, of what its other columns hold."""
    return StoredRow(row_id, dict(zip(table.bound, rest, strict=False)), rest[-1] if table.is_sealed else b"")
