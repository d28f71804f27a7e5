"""A second engine, for tests alone: what storage/rows/protocol.py asks for, in dictionaries.

It keeps what a SQLite file keeps, so that whatever the store takes for granted and the protocol does not say is found.
"""

import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Any

from storage import StorageError
from storage.print_queue import Looks, PrintCalls
from storage.rows.note_beside_key import Noted
from storage.rows.protocol import Rows, StoredRow, Wanted
from storage.rows.sealed_rows import CHECK_NAME, SealedRows
from storage.rows.sealing import KEY, KEY_BYTES, KEY_ID_BYTES, KeyFiles, Sealer, key_id_of, write_key
from storage.rows.tables import CLINICS, EVERY, RECORDS, SEAL_CHECK, Table
from storage.store.check_row import sum_up, take_carried
from storage.store.store import SealedStore

Tables = Mapping[str, dict[str, StoredRow]]


class MemoryRows:
    """The rows as one transaction sees them, each table in the order in which its rows came."""

    def __init__(self, tables: Tables, *, writes: bool) -> None:
        self._tables = tables
        self._writes = writes

    def only_of(self, clinic_id: str | None) -> None: ...

    def fetch(self, wanted: Wanted) -> None: ...

    def find(self, table: Table, row_id: str) -> StoredRow | None:
        return self._tables[table.name].get(row_id)

    def put(self, table: Table, row: StoredRow) -> None:
        assert self._writes, "reading writes nothing"
        assert tuple(row.bound) == table.bound
        assert bool(row.sealed) == table.is_sealed
        for columns in table.unique:
            found = self.id_by(table, {each: row.bound[each] for each in columns})
            if found not in (None, row.row_id):
                raise StorageError(f"{table.name}: another row has this {', '.join(columns)}")
        for owner, is_its in ((RECORDS, table.is_of_record), (CLINICS, table.is_of_clinic)):
            if is_its and _column(table, row, owner.row_id) not in {None, *self._tables[owner.name]}:
                raise StorageError(f"{table.name}: nothing in {owner.name} has this id")
        self._tables[table.name][row.row_id] = row

    def delete(self, table: Table, row_id: str) -> None:
        assert self._writes, "reading writes nothing"
        self._tables[table.name].pop(row_id, None)
        for other in EVERY:
            if (table is RECORDS and other.is_of_record) or (table is CLINICS and other.is_of_clinic):
                for each in [each.row_id for each in self.all(other) if _column(other, each, table.row_id) == row_id]:
                    del self._tables[other.name][each]

    def id_by(self, table: Table, columns: Mapping[str, str]) -> str | None:
        found = (each.row_id for each in self.all(table) if columns.items() <= each.bound.items())
        return next(found, None)

    def where(
        self,
        table: Table,
        columns: Mapping[str, str | None],
        *,
        newest_first: bool = False,
        at_most: int = -1,
        skip: int = 0,
    ) -> list[StoredRow]:
        found = [each for each in self.all(table) if columns.items() <= each.bound.items()]
        found = found[::-1] if newest_first else found
        return found[skip:] if at_most < 0 else found[skip : skip + at_most]

    def heads(self, table: Table, columns: Mapping[str, str | None], size: int) -> list[tuple[str, bytes]]:
        return [(each.row_id, each.sealed[:size]) for each in self.where(table, columns)]

    def now(self) -> int:
        return time.time_ns() // 1_000_000

    def total_of(self, table: Table, column: str, columns: Mapping[str, str]) -> int:
        return sum(each.bound[column] for each in self.all(table) if columns.items() <= each.bound.items())

    def call_printers(self, job_ids: Sequence[str], *, of_command: bool) -> None: ...

    def ids_of(self, table: Table, record_id: str) -> list[str]:
        return [each.row_id for each in self.all_of(table, record_id)]

    def all_of(self, table: Table, record_id: str) -> list[StoredRow]:
        return [each for each in self.all(table) if _column(table, each, "record_id") == record_id]

    def bytes_of(self, table: Table, record_id: str) -> int:
        return sum(len(each.sealed) for each in self.all_of(table, record_id))

    def last_number(self, table: Table, record_id: str) -> int:
        return max((each.bound["number"] for each in self.all_of(table, record_id)), default=0)

    def ended(self, table: Table, before: str, at_most: int) -> list[str]:
        return [each.row_id for each in self.all(table) if each.bound[table.ends] < before][:at_most]

    def count_ended(self, table: Table, before: str) -> int:
        return len(self.ended(table, before, self.count(table)))

    def newest_end(self, table: Table) -> str | None:
        return max((each.bound[table.ends] for each in self.all(table)), default=None)

    def all(self, table: Table) -> Iterator[StoredRow]:
        return iter(self._tables[table.name].values())

    def ids(self, table: Table) -> list[str]:
        return list(self._tables[table.name])

    def following(self, table: Table, after: str, at_most: int) -> list[StoredRow]:
        found = sorted((each for each in self.all(table) if each.row_id > after), key=lambda each: each.row_id)
        return [replace(each, sealed=each.sealed[:KEY_ID_BYTES]) for each in found[:at_most]]

    def count(self, table: Table) -> int:
        return len(self._tables[table.name])


class WantedRows(MemoryRows):
    """Those that were asked for: whoever looks for another one finds out."""

    def __init__(self, tables: Tables, wanted: Wanted) -> None:
        super().__init__({}, writes=False)
        self._found = {(table.name, row_id): tables[table.name].get(row_id) for table, row_id in wanted}

    def find(self, table: Table, row_id: str) -> StoredRow | None:
        return self._found[table.name, row_id]


def _column(table: Table, row: StoredRow, name: str) -> Any:
    return row.row_id if table.row_id == name else row.bound[name]


@dataclass
class MemoryEngine:
    """One writer at a time, on a copy that takes the place at the end; who reads goes on with what there was."""

    key: bytes = field(default_factory=lambda: secrets.token_bytes(KEY_BYTES))
    tables: Tables = field(default_factory=lambda: {table.name: {} for table in EVERY})
    lock: Lock = field(default_factory=Lock)

    @contextmanager
    def reading(self) -> Iterator[Rows]:
        yield MemoryRows(self.tables, writes=False)

    @contextmanager
    def looking(self, wanted: Wanted) -> Iterator[Rows]:
        yield WantedRows(self.tables, wanted)

    @contextmanager
    def writing(self) -> Iterator[Rows]:
        with self.lock:
            tables = {name: dict(rows) for name, rows in self.tables.items()}
            yield MemoryRows(tables, writes=True)
            self.tables = tables

    def counting(self, row_ids: Sequence[str]) -> AbstractContextManager[Rows]:
        assert list(row_ids) == sorted(row_ids)
        return self.writing()

    def alone(self, task: str) -> AbstractContextManager[bool]:
        return nullcontext(True)

    def print_calls(self, *, of_command: bool) -> AbstractContextManager[PrintCalls]:
        return nullcontext(Looks())

    def pool(self) -> Mapping[str, int]:
        return {}

    def wait_turn(self, gap_seconds: float) -> None: ...

    def leave_no_trace(self) -> None: ...

    def reserve_room(self) -> None: ...

    def is_short_of_room(self) -> bool:
        return False

    def give_up_room(self) -> None: ...

    def close(self) -> None: ...


_ENGINES: dict[Path, MemoryEngine] = {}


def open_store(data_folder: Path, key_folder: Path, *, today: Callable[[], date] = date.today) -> SealedStore:
    """The store that this folder stands for; nothing is written there but the note."""
    is_new, noted, files = data_folder not in _ENGINES, Noted(key_folder), KeyFiles(key_folder / KEY)
    engine = _ENGINES.setdefault(data_folder, MemoryEngine())
    if not files.key.exists():
        write_key(files.key, engine.key)
    with engine.writing() as stored:
        check = stored.find(SEAL_CHECK, CHECK_NAME)
        key_id = Sealer.key_id_of(check.sealed) if check else key_id_of(engine.key)
        sealer = Sealer(files.in_use(key_id) or engine.key, files)
        rows = SealedRows(stored, sealer)
        if is_new:
            sum_up(rows)
        take_carried(rows, sealer)
        rows.tallies.totals.log_faults(noted.read())
    return SealedStore(engine, sealer, today, noted)
