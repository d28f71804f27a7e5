"""The clinic that somebody is seen at, on their own pages and paper: its name, whom it names near, its numbers."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from datetime import tzinfo
from typing import cast
from zoneinfo import ZoneInfo

from flask import g, session

from checklists.people.units import PageSize
from reports.paper.plan_paper import PrintOptions
from reports.words.services import Nearby
from reports.words.speech import N_
from storage.clinics.model import Clinic
from web.core.settings import zone
from web.core.stores import store
from web.visitor.sessions import REGION

ROLE_NAMES: Mapping[str, str] = {"reception": N_("Reception"), "clinician": N_("Clinician"), "manager": N_("Manager")}


def zone_of(clinic: Clinic) -> tzinfo | None:
    """Where the clinic is; None for where the server is."""
    return ZoneInfo(clinic.zone) if clinic.zone else zone()


def clinic_of(record_id: str) -> Clinic | None:
    """The clinic that sees whose record this is, looked up once a page; where there is none, nobody is told of any."""
    if "clinic_of" not in g:
        g.clinic_of = {}
    if record_id not in g.clinic_of:
        g.clinic_of[record_id] = store().find_clinic_of(record_id)
    found: Clinic | None = g.clinic_of[record_id]
    return found


def nearby_of(clinic: Clinic | None) -> tuple[Nearby, ...]:
    """Whom it names beside steps."""
    return tuple(Nearby(each.name, each.contact, each.serves) for each in clinic.services) if clinic else ()


def remember_region(record_id: str) -> None:
    """From now on this browser reads the numbers to call of the clinic's country."""
    clinic = clinic_of(record_id)
    if clinic and clinic.region:
        session[REGION] = clinic.region
    else:
        forget_region()


def forget_region() -> None:
    """They are those of the installation again."""
    if session.get(REGION):
        session[REGION] = None


def on_its_paper(options: PrintOptions, clinic: Clinic | None, *, page: str = "") -> PrintOptions:
    """Paper with the head, the colour and the services of this clinic, in its size where none was asked for."""
    if clinic is None:
        return options
    if clinic.page and not page:
        options = replace(options, page=cast(PageSize, clinic.page))
    options = replace(options, nearby=nearby_of(clinic), color=clinic.color)
    if not clinic.letterhead:
        return options
    logo = store().clinic(clinic.clinic_id).logo()
    return replace(options, clinic=head_of(clinic), logo=b64encode(logo).decode() if logo else "")


def head_of(clinic: Clinic) -> str:
    """Its name and phone, as they stand on top of paper."""
    return f"{clinic.name}, {clinic.phone}" if clinic.phone else clinic.name
