"""Tables that a clinic has sent in, as verbs: seen by that clinic alone, mended by whoever saw the last state."""

import json
import secrets
from datetime import date

from storage.clinics.model import ClinicNotFound, ImportedTable
from storage.clinics.scope import ClinicRows
from storage.clinics.store import clinic_in
from storage.model import Data, RecordFull, StoreFull
from storage.repeating import repeated
from storage.rows.sealed_rows import Row
from storage.rows.sealing import canonical
from storage.rows.tables import IMPORTS
from storage.store.transactions import ID_BYTES, Transactions
from storage.time_limits import IMPORTED

MOST_IMPORTS = 10


class Imports(Transactions):
    """Part of the store; `StoreWithClinics` says what each verb owes."""

    @repeated
    def keep_import(self, clinic_id: str, data: Data) -> str:
        if self.engine.is_short_of_room():
            raise StoreFull("the room that is left is kept for answers and for erasing")
        import_id, expires = secrets.token_hex(ID_BYTES), self._expiry(IMPORTED.days)
        with self._writing() as rows:
            clinic_in(rows, clinic_id)
            scoped = ClinicRows(rows, clinic_id)
            there = [each for each in scoped.where(IMPORTS) if self._is_alive(each)]
            if len(there) >= MOST_IMPORTS:
                raise RecordFull("this clinic has as many tables as it may")
            scoped.put(IMPORTS, import_id, {"revision": 1, "expires": expires}, canonical(data))
        return import_id

    def list_imports(self, clinic_id: str) -> tuple[ImportedTable, ...]:
        with self._reading() as rows:
            found = ClinicRows(rows, clinic_id).where(IMPORTS)
        return tuple(_table(each) for each in found if self._is_alive(each))

    def get_import(self, clinic_id: str, import_id: str) -> ImportedTable:
        with self._reading() as rows:
            return _table(self._own_import(ClinicRows(rows, clinic_id), import_id))

    @repeated
    def change_import(self, clinic_id: str, import_id: str, revision: int, data: Data) -> bool:
        with self._writing() as rows:
            scoped = ClinicRows(rows, clinic_id)
            row = self._own_import(scoped, import_id)
            if row.bound["revision"] != revision:
                return False
            bound = {"revision": revision + 1, "expires": row.bound["expires"]}
            scoped.put(IMPORTS, import_id, bound, canonical(data))
        return True

    @repeated
    def remove_import(self, clinic_id: str, import_id: str) -> None:
        with self._writing() as rows:
            scoped = ClinicRows(rows, clinic_id)
            self._own_import(scoped, import_id)
            scoped.delete(IMPORTS, import_id)
        self.engine.leave_no_trace()

    def _own_import(self, rows: ClinicRows, import_id: str) -> Row:
        row = rows.find(IMPORTS, import_id)
        if row is None or not self._is_alive(row):
            raise ClinicNotFound("this clinic has no such table")
        return row


def _table(row: Row) -> ImportedTable:
    return ImportedTable(
        import_id=row.row_id,
        revision=row.bound["revision"],
        expires=date.fromisoformat(row.bound["expires"]),
        data=json.loads(row.plain),
    )
