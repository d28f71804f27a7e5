"""Who at a clinic looked at one's plan, changed or printed it: by day and role, by name where the clinic allows it."""

from collections.abc import Iterable
from datetime import date

from flask import Blueprint, render_template

from reports.words.speech import N_
from storage.clinics.model import AuditLine, Clinic
from web.core.speaking import gettext as _
from web.core.speaking import wording
from web.core.stores import store
from web.visitor.must_go_first import get_led
from web.visitor.own_clinic import PERSON, ROLE_NAMES, zone_of

pages = Blueprint("who_looked", __name__)
DID = {
    "came-by-poster": N_("gave the answers to this clinic"),
    "added-person": N_("put you on the list"),
    "started-person": N_("started the questions with you"),
    "saw-person": N_("opened your plan"),
    "changed-person": N_("wrote something into your plan"),
    "printed-person": N_("printed your plan"),
    "exported-person": N_("copied your plan into another system"),
}


@pages.get("/who-looked")
def who_looked() -> str:
    """A line for each day and each of the staff; nothing where no clinic sees this person."""
    found = store().who_saw(get_led().record_id)
    return render_template(
        "sharing/who_looked.html",
        clinics=[{"name": clinic.name, "phone": clinic.phone, "days": _days(clinic, lines)} for clinic, lines in found],
    )


def _days(clinic: Clinic, lines: Iterable[AuditLine]) -> list[dict[str, str]]:
    """The newest day first; what one did on it in the order in which they did it."""
    did: dict[tuple[date, str], list[str]] = {}
    for line in lines:
        if line.did in DID:
            who = _("You") if line.role == PERSON else _(ROLE_NAMES.get(line.role, line.role))
            who = f"{line.who}, {who}" if clinic.names_staff and line.who else who
            did.setdefault((line.at.astimezone(zone_of(clinic)).date(), who), []).append(line.did)
    listed = wording().speech.listed
    return [
        {
            "day": wording().day(day),
            "who": who,
            "did": listed([_(DID[each]) for each in dict.fromkeys(reversed(verbs))]),
        }
        for (day, who), verbs in did.items()
    ]
