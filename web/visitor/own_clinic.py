"""The clinic that somebody is seen at, on their own pages and paper: its name, whom it names near, its numbers."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, tzinfo
from functools import partial
from typing import cast
from zoneinfo import ZoneInfo

from flask import g, session

from checklists import Definitions
from checklists.files.grammar import BONE, FALLS
from checklists.people.units import PageSize
from reports.paper.plan_paper import PrintOptions
from reports.review.reviewers import reviewers
from reports.words.services import Nearby
from reports.words.speech import N_
from storage.clinics.model import Clinic
from web.core.settings import definitions, zone
from web.core.speaking import has_reviewers, speak_as_reviewed
from web.core.stores import store
from web.visitor.sessions import REGION
from web.visitor.time_zone import day_in

SEEN = "clinic"
"""In a session: that a clinic sees whose record or share it holds, so that its pages ask which one. It stays as long as
the session does: beside what is opened next, the others are still held."""
PERSON = "person"
"""In a line of the audit log, the role of somebody who acts for themselves."""
ROLE_NAMES: Mapping[str, str] = {
    "reception": N_("Reception"),
    "clinician": N_("Clinician"),
    "manager": N_("Manager"),
    PERSON: N_("The person"),
}


def usual_lists(clinic: Clinic) -> tuple[str, ...]:
    """What somebody new is asked at this clinic, unless something else is chosen."""
    return clinic.lists or (FALLS, BONE)


def most_letters(clinic: Clinic) -> int:
    """How long what this clinic calls somebody may be: a name, or initials."""
    return 60 if clinic.keeps_names else 4


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


def logo_of(clinic: Clinic | None) -> bytes | None:
    """Its logo as PNG, where it has one."""
    return store().clinic(clinic.clinic_id).logo() if clinic else None


def nearby_of(clinic: Clinic | None) -> tuple[Nearby, ...]:
    """Whom it names beside steps."""
    return tuple(Nearby(each.name, each.contact, each.serves) for each in clinic.services) if clinic else ()


def remember_clinic(record_id: str) -> None:
    """From now on this browser reads the numbers of the country of the clinic that sees this record; or not."""
    g.pop("clinic_of", None)  # it may have begun or ended to see them since this page has asked
    clinic = clinic_of(record_id)
    if clinic and not session.get(SEEN):
        session[SEEN] = True
    region = clinic.region if clinic else ""
    if region or session.get(REGION):
        session[REGION] = region or None


def forget_clinic() -> None:
    """The numbers are those of the installation again."""
    if session.get(REGION):
        session[REGION] = None


def remember_shared(record_id: str) -> None:
    """What is shared with this browser may be the plan of somebody whom a clinic sees."""
    if clinic_of(record_id):
        session[SEEN] = True


def speak_for_clinic_of(record_id: str) -> None:
    """This page names who has reviewed its words for the clinic that sees whose record this is; it costs a look only
    where this browser knows that there is one."""
    if session.get(SEEN) and not has_reviewers() and (clinic := clinic_of(record_id)):
        speak_for(clinic)


def speak_for(clinic: Clinic) -> None:
    """From here on this page, and paper made on it, names who has reviewed its words for this clinic."""
    speak_as_reviewed(partial(reviewers_of, clinic))


def act_for(clinic: Clinic) -> None:
    """This page is the clinic's own, with its numbers to call, and names who has reviewed its words for it."""
    if clinic.region:
        g.region = clinic.region
    speak_for(clinic)


def reviewers_of(clinic: Clinic, known: Definitions, language: str) -> tuple[str, ...]:
    """Who has reviewed all words of these definitions for this clinic; nobody where any of them is without a review.
    `known` are in the language in which they were written."""
    return reviewers(known, language, clinic.reviews, day_at(clinic))


def day_at(clinic: Clinic) -> date:
    """The day at this clinic."""
    return day_in(zone_of(clinic))


def on_its_paper(
    options: PrintOptions, clinic: Clinic | None, *, page: str = "", known: Definitions | None = None
) -> PrintOptions:
    """Paper with the head, the colour, the services and the reviewers of this clinic, in its size where none was asked
    for. `known` are the definitions that a plan was made from, where those are not today's."""
    if clinic is None:
        return options
    options = as_reviewed(options, clinic, known or definitions())
    if clinic.page and not page:
        options = replace(options, page=cast(PageSize, clinic.page))
    options = replace(options, nearby=nearby_of(clinic), color=clinic.color)
    if not clinic.letterhead:
        return options
    logo = logo_of(clinic)
    return replace(options, clinic=head_of(clinic), logo=b64encode(logo).decode() if logo else "")


def as_reviewed(options: PrintOptions, clinic: Clinic, known: Definitions) -> PrintOptions:
    """Paper that names who has reviewed these words for the clinic in its own language."""
    return replace(options, reviewers=reviewers_of(clinic, known, options.language))


def head_of(clinic: Clinic) -> str:
    """Its name and phone, as they stand on top of paper."""
    return f"{clinic.name}, {clinic.phone}" if clinic.phone else clinic.name
