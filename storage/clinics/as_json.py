"""Clinics, staff and lines of the audit log as the JSON that is sealed. What a later release adds is left out."""

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any

from storage.clinics.model import AuditLine, Clinic, Service, Staff
from storage.rows.sealing import canonical


def sealed_form(value: Clinic | Staff | AuditLine, *, without: tuple[str, ...]) -> bytes:
    """All fields but those that stand in plain columns."""
    found = {name: each for name, each in asdict(value).items() if name not in without}
    return canonical({name: each.isoformat() if isinstance(each, date) else each for name, each in found.items()})


def clinic_of(plain: bytes, clinic_id: str) -> Clinic:
    """The clinic that was sealed."""
    found = _known(Clinic, plain)
    services = tuple(Service(**{**each, "serves": tuple(each["serves"])}) for each in found.pop("services", ()))
    return Clinic(**{**found, "languages": tuple(found.get("languages", ()))}, clinic_id=clinic_id, services=services)


def staff_of(plain: bytes, staff_id: str, clinic_id: str) -> Staff:
    """Who was sealed."""
    found = _known(Staff, plain)
    until = found.pop("set_up_until", None)
    return Staff(
        **{**found, "recovery": tuple(found.get("recovery", ()))},
        staff_id=staff_id,
        clinic_id=clinic_id,
        set_up_until=date.fromisoformat(until) if until else None,
    )


def line_of(plain: bytes, bound: Mapping[str, Any]) -> AuditLine:
    """The line that was sealed."""
    found = _known(AuditLine, plain)
    at = datetime.fromisoformat(found.pop("at"))
    return AuditLine(**found, at=at, number=bound["number"], person_id=bound["person_id"])


def _known(kind: type[Clinic | Staff | AuditLine], plain: bytes) -> dict[str, Any]:
    names = {each.name for each in fields(kind)}
    return {name: each for name, each in json.loads(plain).items() if name in names}
