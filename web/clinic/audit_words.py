"""What the audit log may say that somebody did: a list of verbs, so that no line tells of anybody's health."""

from typing import Literal

from reports.words.speech import N_

Verb = Literal[
    "signed-in",
    "signed-out",
    "set-up",
    "changed-password",
    "changed-authenticator",
    "changed-clinic",
    "changed-services",
    "added-staff",
    "changed-staff",
    "disabled-staff",
    "enabled-staff",
    "reset-staff",
    "saw-log",
    "added-person",
    "started-person",
    "saw-person",
    "changed-person",
    "removed-person",
    "printed-person",
    "exported-person",
    "printed-day",
    "cancelled-printing",
]
VERBS: dict[Verb, str] = {
    "signed-in": N_("signed in"),
    "signed-out": N_("signed out"),
    "set-up": N_("chose a password"),
    "changed-password": N_("changed their password"),
    "changed-authenticator": N_("changed their authenticator"),
    "changed-clinic": N_("changed the clinic"),
    "changed-services": N_("changed local services"),
    "added-staff": N_("added staff"),
    "changed-staff": N_("changed staff"),
    "disabled-staff": N_("stopped a sign-in"),
    "enabled-staff": N_("allowed a sign-in again"),
    "reset-staff": N_("made a new set-up link"),
    "saw-log": N_("read this log"),
    "added-person": N_("put a person on the list"),
    "started-person": N_("started a person"),
    "saw-person": N_("opened a person"),
    "changed-person": N_("changed a person"),
    "removed-person": N_("took a person off the list"),
    "printed-person": N_("printed a plan"),
    "exported-person": N_("exported a plan"),
    "printed-day": N_("printed plans of the day"),
    "cancelled-printing": N_("stopped a print job"),
}
