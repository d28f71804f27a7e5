"""Removing for good: one record with all that is its own, or all that has expired, a few rows at a time.

A record that a person erased leaves a mark behind, so that a copy of before does not bring it back. What time
alone removed leaves none: if the clock was wrong, a backup brings it back.
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import date, timedelta

from storage.model import BACKUP_KEEP_DAYS, RemovingWaits, SealBroken
from storage.repeating import repeated
from storage.rows import clock, links_and_codes
from storage.rows.sealed_rows import SealedRows
from storage.rows.tables import (
    CLINICS,
    COUNTS,
    HEALTH_LINKS,
    LINKS_AND_CODES,
    PASSING,
    PEOPLE,
    RECORDS,
    SESSIONS,
    SHARES,
    STAFF_SESSIONS,
    Table,
)
from storage.store.clinics import remove_old_lines
from storage.store.print_jobs import forget_record
from storage.time_limits import PERSON_STAYS

AT_ONCE = 50
LINK_TABLES = (LINKS_AND_CODES, SHARES, HEALTH_LINKS)
PAUSE_SECONDS = 0.02

Writing = Callable[[], AbstractContextManager[SealedRows]]


def erase(rows: SealedRows, record_id: str, day: date) -> Mapping[str, int]:
    """How many rows of each table were the record's."""
    rows.mark_erased(record_id, day.isoformat())
    forget_record(rows, record_id)
    return rows.erase(record_id)


def erase_again(rows: SealedRows, marks: Mapping[str, str]) -> Counter[str]:
    """Removes what a copy brought back although it was erased or taken back, by its own marks and by these, which it
    has from now on; how many rows of each table."""
    rows.add_marks(marks)
    removed = Counter[str]()
    for table in (RECORDS, CLINICS, *LINK_TABLES):
        for each in links_and_codes.taken_back(rows) if table is LINKS_AND_CODES else rows.marked(table):
            if table is RECORDS:
                forget_record(rows, each)
                rows.erase(each)
            else:
                rows.delete(table, each)
            removed[table.name] += 1
    return removed


def purge(writing: Writing, today: date, *, sure: bool = False) -> Mapping[str, int]:
    """Removes what had expired before today, in steps between which others can write; how many of each table.

    :raises RemovingWaits: the clock may be wrong, and nobody is `sure` of it
    """
    refused = _refused(writing, today, sure=sure)
    if refused:
        raise refused
    ends = {table: today for table in (RECORDS, SESSIONS, SHARES, HEALTH_LINKS, STAFF_SESSIONS, *PASSING)}
    ends[PEOPLE] = today - PERSON_STAYS.after
    removed = {
        table.name: _remove_expired(writing, table, before, AT_ONCE if table is RECORDS else AT_ONCE * 4)
        for table, before in ends.items()
    }
    _remove_expired(writing, COUNTS, today - timedelta(days=1), AT_ONCE * 4)
    _forget_old_marks(writing, today)
    for clinic_id in _clinics(writing):
        while _remove_old_lines(writing, clinic_id, today) == AT_ONCE * 4:
            time.sleep(PAUSE_SECONDS)
    return removed


@repeated
def _remove_old_lines(writing: Writing, clinic_id: str, today: date) -> int:
    with writing() as rows:
        return remove_old_lines(rows, clinic_id, today, AT_ONCE * 4)


@repeated
def _clinics(writing: Writing) -> list[str]:
    with writing() as rows:
        return rows.stored.ids(CLINICS)


@repeated
def _refused(writing: Writing, today: date, *, sure: bool) -> RemovingWaits | None:
    """Why nothing may be removed today; the day is noted all the same."""
    with writing() as rows:
        now = clock.note(rows, today, sure=sure)
        try:
            if not sure:
                clock.refuse_to_remove(rows, now, today)
        except RemovingWaits as error:
            return error
    return None


def newest_backup(rows: SealedRows, today: date) -> date | None:
    """Its day, or None where none was ever made; where nobody can tell any more, it may have been made today."""
    try:
        noted = rows.newest_backup()
    except SealBroken:
        return today
    return date.fromisoformat(noted) if noted else None


@repeated
def _forget_old_marks(writing: Writing, today: date) -> None:
    with writing() as rows:
        newest = min(today, newest_backup(rows, today) or today)  # older ones went when it was made
        rows.forget_marks((newest - timedelta(days=BACKUP_KEEP_DAYS + 1)).isoformat())


def _remove_expired(writing: Writing, table: Table, before: date, most: int) -> int:
    removed = 0
    while True:
        found = _remove_some(writing, table, before, most)
        removed += found
        if found < most:
            return removed
        time.sleep(PAUSE_SECONDS)  # whoever waits for the lock gets it now


@repeated
def _remove_some(writing: Writing, table: Table, before: date, most: int) -> int:
    with writing() as rows:
        found = rows.stored.ended(table, before.isoformat(), most)
        for each in found:
            if table is RECORDS:
                rows.erase(each)
            else:
                rows.delete(table, each)
    return len(found)
