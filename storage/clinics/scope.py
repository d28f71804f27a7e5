"""The one way to a clinic's rows: with the clinic's id. What another clinic has is the same as what nobody has."""

import secrets
from collections.abc import Mapping
from typing import Any

from storage.rows.sealed_rows import Row, SealedRows
from storage.rows.tables import Table

ID_BYTES = 16


class ClinicRows:
    """The rows of one clinic as a transaction sees them; each names the clinic and is sealed with its key."""

    def __init__(self, rows: SealedRows, clinic_id: str) -> None:
        self.rows = rows
        self.clinic_id = clinic_id
        if _is_ours(clinic_id):
            rows.stored.only_of(clinic_id)

    def find_own(self, table: Table) -> Row | None:
        """The one row that the clinic itself has in this table."""
        found = self.rows.stored.find(table, self.clinic_id) if _is_ours(self.clinic_id) else None
        return self.rows.open(table, found) if found else None

    def put_own(self, table: Table, plain: bytes) -> None:
        """Writes that row."""
        self.rows.put(table, Row(row_id=self.clinic_id, bound={}, plain=plain))

    def find(self, table: Table, row_id: str) -> Row | None:
        """The opened row of this id, if it is this clinic's."""
        found = self.rows.stored.find(table, row_id) if _is_ours(row_id) else None
        return self.rows.open(table, found) if found and found.bound["clinic_id"] == self.clinic_id else None

    def where(self, table: Table, columns: Mapping[str, str] | None = None, **slice_of: Any) -> list[Row]:
        """This clinic's rows that hold this, in the order in which they came (rows/protocol.py)."""
        found = self.rows.stored.where(table, {"clinic_id": self.clinic_id, **(columns or {})}, **slice_of)
        return [self.rows.open(table, each) for each in found]

    def id_at_any(self, table: Table, columns: Mapping[str, str]) -> str | None:
        """The id of the row that holds what no two clinics may both hold."""
        self.rows.stored.only_of(None)
        found = self.rows.stored.id_by(table, columns)
        self.rows.stored.only_of(self.clinic_id)
        return found

    def put(self, table: Table, row_id: str, bound: Mapping[str, Any], plain: bytes) -> None:
        """Writes the row, over the one of this id."""
        self.rows.put(table, Row(row_id=row_id, bound={"clinic_id": self.clinic_id, **bound}, plain=plain))

    def delete(self, table: Table, row_id: str) -> None:
        """Removes the row; another clinic's stays."""
        found = self.rows.stored.find(table, row_id) if _is_ours(row_id) else None
        if found and found.bound["clinic_id"] == self.clinic_id:
            self.rows.delete(table, row_id)


def new_id() -> str:
    """A random id of 128 bits."""
    return secrets.token_hex(ID_BYTES)


def _is_ours(row_id: str) -> bool:
    return row_id.isascii() and row_id.isprintable()
