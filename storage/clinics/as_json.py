"""Clinics, staff and lines of the audit log as the JSON that is sealed. What a later release adds is left out."""

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any

from reports.review.reviewers import SignedReview
from storage.clinics.model import AuditLine, Clinic, Service, Staff
from storage.rows.sealing import canonical


def sealed_form(value: Clinic | Staff | AuditLine, *, without: tuple[str, ...]) -> bytes:
    """All fields but those that stand in plain columns."""
    found = {name: each for name, each in asdict(value).items() if name not in without}
    return canonical(_plain(found))


def clinic_of(plain: bytes, clinic_id: str) -> Clinic:
    """The clinic that was sealed."""
    found = _known(Clinic, plain)
    services = tuple(Service(**{**each, "serves": tuple(each["serves"])}) for each in found.pop("services", ()))
    reviews = tuple(_review(each) for each in found.pop("reviews", ()))
    found |= {name: tuple(found.get(name, ())) for name in ("languages", "lists")}
    return Clinic(**found, clinic_id=clinic_id, services=services, reviews=reviews)


def _review(found: Mapping[str, Any]) -> SignedReview:
    on, until = (date.fromisoformat(found[name]) for name in ("on", "until"))
    return SignedReview(**{**found, "on": on, "until": until})


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


def _plain(value: Any) -> Any:
    """The same with every day as text."""
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def _known(kind: type[Clinic | Staff | AuditLine], plain: bytes) -> dict[str, Any]:
    names = {each.name for each in fields(kind)}
    return {name: each for name, each in json.loads(plain).items() if name in names}
