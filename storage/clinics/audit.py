"""The audit log of a clinic, as rows: numbered one by one, so that a line which somebody cut out leaves a gap."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from storage.clinics import as_json
from storage.clinics.model import AuditLine
from storage.clinics.scope import ClinicRows, new_id
from storage.rows.sealed_rows import Row
from storage.rows.tables import AUDIT

_PLAIN = ("number", "person_id")


@dataclass(frozen=True, kw_only=True)
class AuditPage:
    """Some lines, the last first, and whether there are older ones. `gaps`: a line between them was cut out."""

    lines: tuple[AuditLine, ...]
    has_more: bool
    gaps: bool


def note(rows: ClinicRows, line: AuditLine) -> None:
    """Adds a line."""
    last = rows.rows.stored.where(AUDIT, {"clinic_id": rows.clinic_id}, newest_first=True, at_most=1)
    number = last[0].bound["number"] + 1 if last else 1
    bound = {"number": number, "person_id": line.person_id, "day": line.at.date().isoformat()}
    rows.put(AUDIT, new_id(), bound, as_json.sealed_form(line, without=_PLAIN))


def page(rows: ClinicRows, at_most: int, skip: int = 0) -> AuditPage:
    """The newest lines, but for so many."""
    lines = _lines(rows.where(AUDIT, newest_first=True, at_most=at_most + 1, skip=skip))
    numbers = [each.number for each in lines]
    gaps = any(later - earlier != 1 for later, earlier in pairwise(numbers))
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
    return len(old)


def _lines(found: Iterable[Row]) -> tuple[AuditLine, ...]:
    return tuple(as_json.line_of(row.plain, row.bound) for row in found)
