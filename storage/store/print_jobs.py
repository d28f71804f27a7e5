"""The print queue, as verbs. The row is the truth: who holds its token may say what became of it, and nobody else."""

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from typing import Any

from storage.model import RecordNotFound, SealBroken, StoreFull
from storage.print_queue import (
    ERASED,
    MOST_TRIES,
    QUEUED,
    RECORDS_IN,
    Json,
    PrintCalls,
    PrintCounts,
    PrintJob,
    TakenJob,
)
from storage.repeating import repeated
from storage.rows.protocol import StoredRow
from storage.rows.sealed_rows import Row, SealedRows
from storage.rows.sealing import canonical
from storage.rows.tables import PRINT_JOBS, PRINT_ORDERS, PRINT_RESULTS, PRINTING, Table
from storage.store.transactions import ID_BYTES, Transactions
from storage.time_limits import PRINT_LEASE as PRINT_LEASE  # a drill sets a shorter one
from storage.time_limits import PRINTED

_COUNTED = ("waiting", "running", "needs-help")
_FREE = {"token": "", "until": 0}


class PrintJobs(Transactions):
    """Part of the store; `PrintQueue` says what each verb owes."""

    @repeated
    def queue_print_jobs(self, clinic_id: str | None, jobs: Sequence[tuple[Json, Json]]) -> tuple[str, ...]:
        if self.engine.is_short_of_room():
            raise StoreFull("the room that is left is kept for answers and for erasing")
        ids = tuple(secrets.token_hex(ID_BYTES) for _ in jobs)
        new = {"state": "waiting", "tries": 0, "token": "", "progress": 0, "until": 0}
        own, expires = {"clinic_id": clinic_id}, {"expires": self._expiry(PRINTED.days)}
        with self._writing() as rows:
            for job_id, (about, order) in zip(ids, jobs, strict=True):
                plain = canonical({**about, QUEUED: rows.stored.now()})
                rows.put(PRINT_JOBS, Row(row_id=job_id, bound={**own, **new, **expires}, plain=plain))
                rows.put(PRINT_ORDERS, Row(row_id=job_id, bound={**own, **expires}, plain=canonical(order)))
            rows.stored.call_printers(ids, of_command=clinic_id is None)
        return ids

    def list_print_jobs(self, clinic_id: str | None) -> tuple[PrintJob, ...]:
        with self._reading() as rows:
            stored = rows.stored.where(PRINT_JOBS, {"clinic_id": clinic_id})
            found = [_unsealed(rows, PRINT_JOBS, each) for each in stored]
        return tuple(_job(each) for each in found if each and self._is_alive(each))

    def count_print_jobs(self) -> PrintCounts:
        with self._reading() as rows:
            found = {state: rows.stored.where(PRINT_JOBS, {"state": state}) for state in _COUNTED}
            first = next(filter(None, (_unsealed(rows, PRINT_JOBS, each) for each in found["waiting"])), None)
            since = json.loads(first.plain).get(QUEUED) if first else None
            seconds = max(0.0, (rows.stored.now() - since) / 1000) if since else 0.0
        waiting, running, needs_help = (len(found[state]) for state in _COUNTED)
        return PrintCounts(waiting=waiting, running=running, needs_help=needs_help, oldest_seconds=seconds)

    def is_printing_due(self) -> bool:
        with self._reading() as rows:
            return next(_due(rows), None) is not None

    def print_calls(self, *, of_command: bool = False) -> AbstractContextManager[PrintCalls]:
        return self.engine.print_calls(of_command=of_command)

    @repeated
    def claim_print_job(self, *, of_command: bool = False) -> TakenJob | None:
        if not self.is_printing_due():  # who only looks keeps nobody from writing
            return None
        with self._writing() as rows:
            for row in _due(rows):
                if of_command and row.bound["clinic_id"] is not None:
                    continue
                order = _find(rows, PRINT_ORDERS, row.row_id)
                if row.bound["tries"] >= MOST_TRIES or order is None:
                    _put(rows, row, {"state": "needs-help", **_FREE})
                    continue
                held = {"token": secrets.token_hex(ID_BYTES), "until": _lease_from_now(rows)}
                taken = _put(rows, row, {"state": "running", "tries": row.bound["tries"] + 1, "progress": 0, **held})
                return TakenJob(job=_job(taken), order=json.loads(order.plain))
        return None

    @repeated
    def beat_print_job(self, job_id: str, token: str, progress: int) -> bool:
        with self._writing() as rows:
            row = _held(rows, job_id, token)
            if row:
                _put(rows, row, {"progress": progress, "until": _lease_from_now(rows)})
        return row is not None

    @repeated
    def finish_print_job(self, job_id: str, token: str, *, result: bytes, about: Json) -> bool:
        with self._writing() as rows:
            row = _held(rows, job_id, token)
            if row:
                own = {each: row.bound[each] for each in PRINT_RESULTS.bound}
                rows.put(PRINT_RESULTS, Row(row_id=job_id, bound=own, plain=result))
                _put(rows, replace(row, plain=canonical(about)), {"state": "done", **_FREE})
                rows.delete(PRINT_ORDERS, job_id)
        return row is not None

    @repeated
    def release_print_job(self, job_id: str, token: str, *, failed: bool) -> None:
        with self._writing() as rows:
            if row := _held(rows, job_id, token):
                tries = row.bound["tries"] if failed else row.bound["tries"] - 1
                _put(rows, row, {"state": "waiting" if tries < MOST_TRIES else "needs-help", "tries": tries, **_FREE})
                _call(rows, row)  # where it needs help, who comes finds nothing to do

    @repeated
    def retry_print_job(self, clinic_id: str | None, job_id: str) -> None:
        with self._writing() as rows:
            row = self._own(rows, clinic_id, job_id)
            if row.bound["state"] == "needs-help":
                _put(rows, row, {"state": "waiting", "tries": 0, "progress": 0})
                _call(rows, row)

    @repeated
    def cancel_print_job(self, clinic_id: str | None, job_id: str) -> None:
        with self._writing() as rows:
            _take_away(rows, self._own(rows, clinic_id, job_id))
        self.engine.leave_no_trace()

    def get_print_result(self, clinic_id: str | None, job_id: str) -> bytes:
        with self._reading() as rows:
            row = self._own(rows, clinic_id, job_id)
            found = rows.stored.find(PRINT_RESULTS, row.row_id)
            if found is None or row.bound["state"] != "done":
                raise RecordNotFound("no file is kept under this id")
            return rows.open(PRINT_RESULTS, found).plain

    def _own(self, rows: SealedRows, clinic_id: str | None, job_id: str) -> Row:
        row = _find(rows, PRINT_JOBS, job_id)
        if row is None or row.bound["clinic_id"] != clinic_id or not self._is_alive(row):
            raise RecordNotFound("no print job is kept under this id")
        return row


def forget_record(rows: SealedRows, record_id: str) -> None:
    """Files and orders with this record's plan go with it; of a damaged job too, as nobody can tell whose it is."""
    for job_id in rows.stored.ids(PRINT_JOBS):
        row = _find(rows, PRINT_JOBS, job_id)
        if row is None:
            for table in PRINTING:
                rows.delete(table, job_id)
        elif record_id in json.loads(row.plain).get(RECORDS_IN, ()):
            _take_away(rows, row, erased=True)


def _due(rows: SealedRows) -> Iterator[Row]:
    """Jobs to be taken. A lease that ends later than any may was given by a clock that was ahead: it is over."""
    now = rows.stored.now()
    for state in ("running", "waiting"):
        for each in rows.stored.where(PRINT_JOBS, {"state": state}):
            if not now < each.bound["until"] <= now + PRINT_LEASE.milliseconds and (
                row := _unsealed(rows, PRINT_JOBS, each)
            ):
                yield row


def _lease_from_now(rows: SealedRows) -> int:
    return rows.stored.now() + PRINT_LEASE.milliseconds


def _find(rows: SealedRows, table: Table, job_id: str) -> Row | None:
    """The row, or None where it is gone or damaged: one that is keeps no other from being printed."""
    is_ours = job_id.isascii() and job_id.isprintable()
    found = rows.stored.find(table, job_id) if is_ours else None
    return _unsealed(rows, table, found) if found else None


def _unsealed(rows: SealedRows, table: Table, found: StoredRow) -> Row | None:
    try:
        return rows.open(table, found)
    except SealBroken:
        return None


def _held(rows: SealedRows, job_id: str, token: str) -> Row | None:
    row = _find(rows, PRINT_JOBS, job_id)
    return row if row and row.bound["state"] == "running" and row.bound["token"] == token else None


def _call(rows: SealedRows, row: Row) -> None:
    rows.stored.call_printers([row.row_id], of_command=row.bound["clinic_id"] is None)


def _take_away(rows: SealedRows, row: Row, *, erased: bool = False) -> None:
    about = json.loads(row.plain)
    about.pop(RECORDS_IN, None)
    rows.delete(PRINT_ORDERS, row.row_id)
    rows.delete(PRINT_RESULTS, row.row_id)
    plain = canonical({**about, ERASED: True} if erased else about)
    _put(rows, replace(row, plain=plain), {"state": "cancelled", **_FREE})


def _put(rows: SealedRows, row: Row, columns: Mapping[str, Any]) -> Row:
    new = replace(row, bound={**row.bound, **columns})
    rows.put(PRINT_JOBS, new)
    return new


def _job(row: Row) -> PrintJob:
    bound = row.bound
    return PrintJob(
        job_id=row.row_id,
        clinic_id=bound["clinic_id"],
        state=bound["state"],
        tries=bound["tries"],
        progress=bound["progress"],
        expires=date.fromisoformat(bound["expires"]),
        about={name: each for name, each in json.loads(row.plain).items() if name != QUEUED},
        token=bound["token"],
    )
