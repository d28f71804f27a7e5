"""The audit log of a clinic, as rows: numbered one by one, so that a line which somebody cut out leaves a gap.

Where the log begins and ends is sealed beside it, so that lines cut from either end are missed. Who puts back an older
copy of that row with lines of then is not found here, but as an older file (rows/note_beside_key.py).
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from itertools import pairwise

from storage.clinics import as_json
from storage.clinics.model import AuditLine
from storage.clinics.scope import ClinicRows, new_id
from storage.rows.sealed_rows import Row
from storage.rows.sealing import canonical
from storage.rows.tables import AUDIT, AUDIT_ENDS

_PLAIN = ("number", "person_id")
_LOST = 0
"""The first number of a log of which nobody knows any more where it began; lines are numbered from 1."""


@dataclass(frozen=True, kw_only=True)
class _End:
    """The number of the first and of the last line; of an empty log the first is one more."""

    first: int
    last: int


@dataclass(frozen=True, kw_only=True)
class AuditPage:
    """Some lines, the last first, and whether there are older ones. `gaps`: a line between them was cut out."""

    lines: tuple[AuditLine, ...]
    has_more: bool
    gaps: bool


def note(rows: ClinicRows, line: AuditLine, *, is_counted: bool) -> None:
    """Adds a line. `is_counted`: it is noted already where the log begins and ends."""
    end = _end(rows)
    if end is None:  # of an earlier release; or somebody took it away, which no line more may hide
        oldest, newest = _number(rows), _number(rows, newest_first=True)
        end = _End(first=_LOST if is_counted else oldest or 1, last=newest or 0)
    number = end.last + 1
    _put_end(rows, replace(end, last=number))
    bound = {"number": number, "person_id": line.person_id, "day": line.at.date().isoformat()}
    rows.put(AUDIT, new_id(), bound, as_json.sealed_form(line, without=_PLAIN))


def has_both_ends(rows: ClinicRows, is_counted: bool) -> bool:
    """Whether the oldest and the newest line are still there."""
    end, oldest, newest = _end(rows), _number(rows), _number(rows, newest_first=True)
    if end is None:
        return not is_counted
    if oldest is None or newest is None:
        return end.first == end.last + 1
    return (oldest, newest) == (end.first, end.last)


def is_whole(rows: ClinicRows, is_counted: bool) -> bool:
    """Whether every line from the oldest to the newest is there: all are counted."""
    end = _end(rows)
    count = len(rows.rows.stored.heads(AUDIT, {"clinic_id": rows.clinic_id}, 1))
    return has_both_ends(rows, is_counted) and (end is None or count == end.last - end.first + 1)


def page(rows: ClinicRows, at_most: int, skip: int = 0, *, is_counted: bool) -> AuditPage:
    """The newest lines, but for so many."""
    lines = _lines(rows.where(AUDIT, newest_first=True, at_most=at_most + 1, skip=skip))
    numbers = [each.number for each in lines]
    gaps = any(later - earlier != 1 for later, earlier in pairwise(numbers)) or not has_both_ends(rows, is_counted)
    return AuditPage(lines=lines[:at_most], has_more=len(lines) > at_most, gaps=gaps)


def of_person(rows: ClinicRows, person_id: str) -> tuple[AuditLine, ...]:
    """What was done of one person, the last first."""
    return _lines(rows.where(AUDIT, {"person_id": person_id}, newest_first=True))


def remove_before(rows: ClinicRows, day: str, at_most: int) -> int:
    """Removes so many of the oldest lines that are of before this day; how many."""
    found = rows.rows.stored.where(AUDIT, {"clinic_id": rows.clinic_id}, at_most=at_most)
    old = [each.row_id for each in found if each.bound["day"] < day]
    for each in old:
        rows.rows.delete(AUDIT, each)
    end = _end(rows)
    if old and end and end.first != _LOST:
        _put_end(rows, replace(end, first=_number(rows) or end.last + 1))
    return len(old)


def _end(rows: ClinicRows) -> _End | None:
    row = rows.find_own(AUDIT_ENDS)
    return _End(**json.loads(row.plain)) if row else None


def _put_end(rows: ClinicRows, end: _End) -> None:
    rows.put_own(AUDIT_ENDS, canonical(asdict(end)))


def _number(rows: ClinicRows, *, newest_first: bool = False) -> int | None:
    found = rows.rows.stored.where(AUDIT, {"clinic_id": rows.clinic_id}, newest_first=newest_first, at_most=1)
    return int(found[0].bound["number"]) if found else None


def _lines(found: Iterable[Row]) -> tuple[AuditLine, ...]:
    return tuple(as_json.line_of(row.plain, row.bound) for row in found)
