"""What a clinic says of itself, read and judged alike for the command and the page: each fault is one sentence."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import available_timezones

from checklists.people.plain_text import plain
from reports.printing.photos import NotAPicture, PictureWaits, logo_of
from reports.printing.turns import Asker
from reports.words.services import SERVES
from storage.clinics.model import Clinic, Service
from web.clinic.managing.colors import CONTRAST, contrast_on_white, darker
from web.core.free_text import problem
from web.core.settings import definitions
from web.core.speaking import gettext as _

MOST_LETTERS = {"name": 60, "address": 120, "phone": 40}
MOST_SERVICES = 20
PAGES = ("letter", "a4")
AUDIT_DAYS = (30, 3_650)
_COLOR = re.compile(r"#[0-9A-Fa-f]{6}")


class BadClinic(ValueError):
    """Something that a clinic cannot say of itself; the message is one sentence without its end."""


def checked(before: Clinic, typed: Mapping[str, Any]) -> Clinic:
    """The clinic with what was typed. :raises BadClinic: with the first fault"""
    after, faults = read(before, typed)
    if faults:
        name, sentence = next(iter(faults.items()))
        raise BadClinic(f"{name}: {sentence.rstrip('.')}")
    return after


def read(before: Clinic, typed: Mapping[str, Any]) -> tuple[Clinic, dict[str, str]]:
    """The clinic with what of it can stay, and a sentence on each field that cannot."""
    values: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for name, value in typed.items():
        try:
            values[name] = _READ[name](value) if name in _READ else value
        except BadClinic as error:
            faults[name] = str(error)
    return replace(before, **values), faults


def read_services(lines: Iterable[str]) -> tuple[Service, ...]:
    """Each as `NAME; PHONE; groups of steps`. :raises BadClinic: with the first fault"""
    found: list[Service] = []
    for line in lines:
        parts = [plain(each) for each in line.split(";")]
        if len(parts) != 3 or not all(parts):
            raise BadClinic(f'service: "{plain(line)}" needs three parts: NAME; PHONE; exercise,repairs')
        service = Service(name=parts[0], contact=parts[1], serves=tuple(each.strip() for each in parts[2].split(",")))
        if fault := next(iter(faults_of_service(service).values()), ""):
            raise BadClinic(f"service: {fault.rstrip('.')}")
        found.append(service)
    return tuple(found)


def faults_of_service(service: Service) -> dict[str, str]:
    """What of it cannot stay, by field."""
    faults = {"name": _fault_of_text(service.name, 60), "contact": _fault_of_text(service.contact, 80)}
    unknown = [each for each in service.serves if each not in SERVES]
    if unknown or not service.serves:
        allowed = ", ".join(SERVES)
        faults["serves"] = _("Choose what it helps with: %(allowed)s.", allowed=allowed)
    return {name: fault for name, fault in faults.items() if fault}


def read_logo(sent: bytes, asker: Asker | None = None) -> bytes:
    """The picture as it is kept. :raises BadClinic: it is none, or too large"""
    try:
        return logo_of(sent, asker or Asker("command"))
    except NotAPicture:
        raise BadClinic(_("This file is no PNG or JPEG picture of at most 3 MB that we can read.")) from None
    except PictureWaits:
        raise BadClinic(_("The machine is busy. Try again in a moment.")) from None


def _fault_of_text(text: str, most: int) -> str:
    return problem(text, most) if text else _("Write something here.")


def _text(name: str) -> Any:
    def read_text(typed: str) -> str:
        text = plain(typed)
        if fault := problem(text, MOST_LETTERS[name]):
            raise BadClinic(fault)
        if name == "name" and not text:
            raise BadClinic(_("Write what the clinic is called."))
        return text

    return read_text


def _zone(typed: str) -> str:
    if typed and typed not in available_timezones():
        raise BadClinic(_("Write a time zone like America/Los_Angeles or Europe/London."))
    return typed


def _one_of(allowed: Iterable[str]) -> Any:
    def read_one(typed: str) -> str:
        known = tuple(allowed)
        if typed and typed not in known:
            raise BadClinic(_("Choose one of these: %(allowed)s.", allowed=", ".join(known)))
        return typed

    return read_one


def _lists(typed: str | Iterable[str]) -> tuple[str, ...]:
    named, known = _named(typed), [each.id for each in definitions().checklists]
    if unknown := [each for each in named if each not in known]:
        raise BadClinic(
            _("%(unknown)s is no checklist. Choose %(allowed)s.", unknown=unknown[0], allowed=", ".join(known))
        )
    return tuple(each for each in known if each in named)


def _named(typed: str | Iterable[str]) -> tuple[str, ...]:
    named = typed.split(",") if isinstance(typed, str) else typed
    return tuple(dict.fromkeys(each.strip() for each in named if each.strip()))


def _languages(typed: str | Iterable[str]) -> tuple[str, ...]:
    found = _named(typed)
    known = definitions().languages
    if unknown := [each for each in found if each not in known]:
        raise BadClinic(
            _("%(unknown)s is not spoken here. Choose %(allowed)s.", unknown=unknown[0], allowed=", ".join(known))
        )
    return found


def _color(typed: str) -> str:
    color = plain(typed)
    if not color:
        return ""
    if not _COLOR.fullmatch(color):
        raise BadClinic(_("Write the color as # and six letters or figures, like %(color)s.", color="#0F4C47"))
    if contrast_on_white(color) < CONTRAST:
        raise BadClinic(
            _("This color is too pale to read on white. Use %(color)s or a darker one.", color=darker(color))
        )
    return color.upper()


def _audit_days(typed: str | int) -> int:
    fewest, most = AUDIT_DAYS
    text = plain(str(typed))
    if not (text.isascii() and text.isdecimal()) or not fewest <= int(text[:9]) <= most:
        raise BadClinic(_("Write a number of days from %(fewest)s to %(most)s.", fewest=fewest, most=most))
    return int(text)


_READ: Mapping[str, Any] = {
    **{name: _text(name) for name in MOST_LETTERS},
    "zone": _zone,
    "region": lambda typed: _one_of(each.id for each in definitions().regions.regions)(typed),
    "page": _one_of(PAGES),
    "languages": _languages,
    "lists": _lists,
    "color": _color,
    "audit_days": _audit_days,
}
