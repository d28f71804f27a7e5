"""Sealed rows: a table is its id, the plain columns that each seal binds, and the sealed rest."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlite_utils import Database

from storage.model import SealBroken
from storage.rows.marks import Marks
from storage.rows.sealing import Sealer
from storage.rows.tallies import OWN, Tallies


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table of migrations.py. Its statements are text made once: sqlite-utils' own get and update look the
    columns up on every call (32 µs against 7, and 80 µs more for a write)."""

    name: str
    row_id: str
    bound: tuple[str, ...] = ()

    @cached_property
    def find_sql(self) -> str:
        return f"SELECT {', '.join((*self.bound, 'sealed'))} FROM {self.name} WHERE {self.row_id} = ?"

    @cached_property
    def find_by_key_sql(self) -> str:
        return f"SELECT {self.row_id} FROM {self.name} WHERE record_id = ? AND submit_key_hash = ?"

    @cached_property
    def all_numbered_sql(self) -> str:
        columns = ", ".join((self.row_id, *self.bound, "sealed"))
        return f"SELECT {columns} FROM {self.name} WHERE record_id = ? ORDER BY number"

    @cached_property
    def all_sql(self) -> str:
        return f"SELECT {', '.join((self.row_id, *self.bound, 'sealed'))} FROM {self.name}"

    @cached_property
    def put_sql(self) -> str:
        columns = (self.row_id, *self.bound, "sealed")
        changes = ", ".join(f"{column} = excluded.{column}" for column in columns[1:])
        return (
            f"INSERT INTO {self.name} ({', '.join(columns)}) VALUES ({', '.join('?' for _ in columns)}) "
            f"ON CONFLICT ({self.row_id}) DO UPDATE SET {changes}"
        )


SEAL_CHECK = Table(name="seal_check", row_id="name")
SUMS = Table(name="sums", row_id="name", bound=("value",))
CONTENTS = Table(name="contents", row_id="content_hash")
SESSIONS = Table(name="sessions", row_id="session_hash", bound=("expires",))
RECORDS = Table(
    name="records", row_id="record_id", bound=("content_hash", "revision", "expires", "latest_submission_id")
)
SUBMISSIONS = Table(name="submissions", row_id="submission_id", bound=("record_id", "submit_key_hash", "content_hash"))
PHOTOS = Table(name="photos", row_id="photo_id", bound=("record_id", "submit_key_hash"))
TICKS = Table(name="ticks", row_id="tick_id", bound=("record_id", "submit_key_hash", "number"))
DOORS = Table(name="doors", row_id="door_hash", bound=("record_id", "kind"))
SHARES = Table(
    name="shares", row_id="share_id", bound=("record_id", "submit_key_hash", "link_hash", "code_hash", "expires")
)
BACKUPS = Table(name="backups", row_id="name", bound=("day",))
DAYS = Table(name="days", row_id="name", bound=("day",))
DERIVED_KEYS = Table(name="derived_keys", row_id="purpose")
_OF_RECORDS = (RECORDS, SUBMISSIONS, PHOTOS, TICKS, DOORS, SHARES)
SEALED = (SEAL_CHECK, SUMS, CONTENTS, SESSIONS, *_OF_RECORDS, BACKUPS, DAYS, DERIVED_KEYS)

CHECK_NAME = "firm-footing"
MARKED = (RECORDS, DOORS, SHARES)
"""The tables of which a row leaves a mark when a person removes it."""
SUM_NAMES = ("records", "submissions")
NEWEST_BACKUP = "newest"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One opened row: what its plain columns hold, and the bytes that were sealed."""

    row_id: str
    bound: Mapping[str, Any]
    plain: bytes


class Rows(Marks):
    """The rows as one transaction sees them. One that writes ends with `finish`."""

    def __init__(self, db: Database, sealer: Sealer) -> None:
        super().__init__(db, sealer, Tallies(db, sealer))

    def finish(self) -> None:
        """Sums up what this transaction has changed."""
        self.tallies.write()

    def find(self, table: Table, row_id: str) -> Row | None:
        """The opened row.

        :raises SealBroken: it is damaged, belongs elsewhere, was sealed with another key, or was put back from outside
        """
        if not row_id.isascii():  # never one of ours, and SQLite takes no lone surrogates
            return None
        found = self._db.execute(table.find_sql, (row_id,)).fetchone()
        if found is None:
            return None
        bound = dict(zip(table.bound, found, strict=False))
        plain = self._sealer.open(table.name, row_id, bound, found[-1])
        if table is RECORDS:
            self.tallies.check_record(row_id, found[-1])
        elif table.name in OWN:
            self.tallies.check(table.name, bound["record_id"])
        if table in MARKED and self.is_marked(row_id):
            raise SealBroken(f"{table.name}: row {row_id} was removed, and put back from outside")
        return Row(row_id=row_id, bound=bound, plain=plain)

    def has(self, table: Table, row_id: str) -> bool:
        """Whether there is such a row, damaged or not."""
        sql = f"SELECT 1 FROM {table.name} WHERE {table.row_id} = ?"
        return row_id.isascii() and self._db.execute(sql, (row_id,)).fetchone() is not None

    def put(self, table: Table, row: Row) -> None:
        """Writes the row, over the one that has this id."""
        columns = [row.bound[column] for column in table.bound]
        sealed = self._sealer.seal(table.name, row.row_id, row.bound, row.plain)
        if table is RECORDS:
            self.tallies.written(row.row_id, sealed, new=not self.has(table, row.row_id))
        elif table.name in OWN and not self.has(table, row.row_id):
            self.tallies.added(table.name, row.bound["record_id"], row.row_id)
        self._db.execute(table.put_sql, (row.row_id, *columns, sealed))

    def find_by_key(self, table: Table, record_id: str, submit_key_hash: str) -> Row | None:
        """The submission or photo that this record made with this key."""
        found = self._db.execute(table.find_by_key_sql, (record_id, submit_key_hash)).fetchone()
        row = self.find(table, found[0]) if found else None
        if row and (row.bound["record_id"], row.bound["submit_key_hash"]) != (record_id, submit_key_hash):
            raise SealBroken(f"{table.name}: the index by submit key is damaged")
        return row

    def all_numbered(self, table: Table, record_id: str) -> list[Row]:
        """The numbered rows of this record, 1 first.

        :raises SealBroken: one of them is damaged or missing
        """
        found = self._db.execute(table.all_numbered_sql, (record_id,)).fetchall()
        rows = []
        for row_id, *columns, sealed in found:
            bound = dict(zip(table.bound, columns, strict=True))
            rows.append(Row(row_id=row_id, bound=bound, plain=self._sealer.open(table.name, row_id, bound, sealed)))
        self.tallies.check(table.name, record_id)
        return rows

    def all_of(self, table: Table, at_most: int | None = None) -> Iterator[Row]:
        """Every row of a table, or so many of them chosen at random.

        :raises SealBroken: one of them is damaged, or was sealed with another key
        """
        sql = table.all_sql
        if at_most is not None:
            sql += f" WHERE rowid IN (SELECT rowid FROM {table.name} ORDER BY random() LIMIT {at_most:d})"
        for row_id, *columns, sealed in self._db.execute(sql):
            bound = dict(zip(table.bound, columns, strict=True))
            yield Row(row_id=row_id, bound=bound, plain=self._sealer.open(table.name, row_id, bound, sealed))

    def ids(self, table: Table, at_most: int | None = None) -> Iterator[str]:
        """The id of every row, or of so many of them chosen at random."""
        limit = f" ORDER BY random() LIMIT {at_most:d}" if at_most is not None else ""
        for (row_id,) in self._db.execute(f"SELECT {table.row_id} FROM {table.name}{limit}"):
            yield row_id

    def submissions_of(self, record_id: str) -> list[Row]:
        """The submissions of this record, the oldest first."""
        return [row for each in self.ids_of(SUBMISSIONS, record_id) if (row := self.find(SUBMISSIONS, each))]

    def ids_of(self, table: Table, record_id: str) -> list[str]:
        """The ids of this record's rows, in the order in which they came.

        :raises SealBroken: one of them is gone, or was put back
        """
        self.tallies.check(table.name, record_id)
        return self.ids_found(table, record_id)

    def ids_found(self, table: Table, record_id: str) -> list[str]:
        """The same, whatever somebody did to them: for removing."""
        sql = f"SELECT {table.row_id} FROM {table.name} WHERE record_id = ? ORDER BY rowid"
        found = self._db.execute(sql, (record_id,))
        return [row_id for (row_id,) in found.fetchall()]

    def id_by(self, table: Table, column: str, value: str) -> str | None:
        """The id of the row that has this value in a unique column."""
        found = self._db.execute(f"SELECT {table.row_id} FROM {table.name} WHERE {column} = ?", (value,)).fetchone()
        return str(found[0]) if found else None

    def last_number(self, table: Table, record_id: str) -> int:
        """The highest number of this record's rows; 0 where there are none."""
        found = self._db.execute(f"SELECT max(number) FROM {table.name} WHERE record_id = ?", (record_id,)).fetchone()
        return found[0] or 0

    def count_of(self, table: Table, record_id: str) -> int:
        """How many rows of the table are this record's."""
        found = self._db.execute(f"SELECT count(*) FROM {table.name} WHERE record_id = ?", (record_id,)).fetchone()
        return int(found[0])

    def bytes_of(self, table: Table, record_id: str) -> int:
        """How many bytes are sealed in this record's rows of the table."""
        sql = f"SELECT coalesce(sum(length(sealed)), 0) FROM {table.name} WHERE record_id = ?"
        return int(self._db.execute(sql, (record_id,)).fetchone()[0])

    def delete_of(self, record_id: str, table: Table, row_id: str) -> None:
        """Removes a row of this record, damaged or not; secure_delete leaves nothing of it in the file."""
        if row_id in self.ids_found(table, record_id):
            self.tallies.removing(table.name, record_id, row_id)
            self._db.execute(f"DELETE FROM {table.name} WHERE {table.row_id} = ?", (row_id,))

    def erase(self, record_id: str) -> Mapping[str, int]:
        """Removes a record and all that is its own, damaged or not; how many rows of each table it had."""
        kinds = (SUBMISSIONS, PHOTOS, TICKS, DOORS, SHARES)
        counts = {table.name: self.count_of(table, record_id) for table in kinds}
        self.tallies.erasing(record_id)
        self._db.execute("DELETE FROM records WHERE record_id = ?", (record_id,))  # the rest goes with it
        self.set_sum("records", self.get_sum("records") - 1)
        self.set_sum("submissions", self.get_sum("submissions") - counts["submissions"])
        return counts

    def expired(self, table: Table, day: str, most: int) -> list[str]:
        """The ids of so many rows that had expired before this day."""
        sql = f"SELECT {table.row_id} FROM {table.name} WHERE expires < ? LIMIT ?"
        return [row_id for (row_id,) in self._db.execute(sql, (day, most)).fetchall()]

    def count_expired(self, table: Table, day: str) -> int:
        """How many rows had expired before this day."""
        return int(self._db.execute(f"SELECT count(*) FROM {table.name} WHERE expires < ?", (day,)).fetchone()[0])

    def count_all(self, table: Table) -> int:
        """How many rows there are."""
        return int(self._db.execute(f"SELECT count(*) FROM {table.name}").fetchone()[0])

    def newest_expiry(self) -> str | None:
        """The day until which the record that was used last is kept; None where there is none."""
        (found,) = self._db.execute(f"SELECT max(expires) FROM {RECORDS.name}").fetchone()
        return str(found) if found else None

    def find_day(self, name: str) -> date | None:
        """A day that was noted under this name; None where it was not, or the note is damaged."""
        try:
            row = self.find(DAYS, name)
        except SealBroken:
            return None
        return date.fromisoformat(row.bound["day"]) if row else None

    def names_of_days(self, beginning: str) -> list[str]:
        """The names that begin so under which a day was noted."""
        found = self._db.execute("SELECT name FROM days WHERE name LIKE ?", (f"{beginning}%",)).fetchall()
        return [name for (name,) in found]

    def delete(self, table: Table, row_id: str) -> None:
        """Removes one row; secure_delete leaves nothing of it in the file."""
        if table.name in OWN:
            sql = f"SELECT record_id FROM {table.name} WHERE {table.row_id} = ?"
            for (record_id,) in self._db.execute(sql, (row_id,)).fetchall():
                self.tallies.removing(table.name, record_id, row_id)
        self._db.execute(f"DELETE FROM {table.name} WHERE {table.row_id} = ?", (row_id,))

    def get_sum(self, name: str) -> int:
        """The sum as it was last written; its seal holds nothing but the binding of that number."""
        row = self.find(SUMS, name)
        if row is None:
            raise SealBroken(f"sums: row {name} is missing")
        return int(row.bound["value"])

    def set_sum(self, name: str, value: int) -> None:
        """Writes the sum."""
        self.put(SUMS, Row(row_id=name, bound={"value": value}, plain=b""))

    def owners(self, table: Table) -> list[tuple[str, str]]:
        """The id of every row of a table, with that of the record it belongs to."""
        return list(self._db.execute(f"SELECT {table.row_id}, record_id FROM {table.name}").fetchall())

    def marked(self, table: Table) -> list[str]:
        """The ids of the rows that are here although they were erased: those that a backup brought back."""
        return self.marked_of(self.ids(table))

    def newest_backup(self) -> str | None:
        """The day of the newest backup, or None before the first."""
        row = self.find(BACKUPS, NEWEST_BACKUP)
        return str(row.bound["day"]) if row else None

    def note_backup(self, day: str) -> None:
        """Notes a backup of this day, unless there is a newer one; a damaged note is mended."""
        try:
            noted = self.newest_backup() or ""
        except SealBroken:
            noted = ""
        if day > noted:
            self.put(BACKUPS, Row(row_id=NEWEST_BACKUP, bound={"day": day}, plain=b""))
