"""The cards of a plan: each action in words, where it stands, and the forms that change it."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from reports.plan.build import PlannedAction
from reports.plan.steps import Step
from reports.words.services import Nearby, nearby_for
from reports.words.words import WHO, inside_sentence
from web.core.speaking import gettext as _
from web.plan.access import Reader
from web.visitor.own_clinic import clinic_of, nearby_of
from web.visitor.stored_plan import StoredPlan

MOST_BECAUSES = 4
_BY_OWNER = {"doctor": "doctor-talk", "pharmacist": "medicine-bag"}
_BY_GROUP = {"home": "home", "body": "falls", "bones": "bone", "posture": "posture"}


@dataclass(frozen=True, kw_only=True)
class Cards:
    """What all cards of one page share."""

    reader: Reader
    stored: StoredPlan
    photos: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def nearby(self) -> tuple[Nearby, ...]:
        """Whom the clinic of this person names beside steps."""
        return nearby_of(clinic_of(self.reader.open_record.record_id))

    def of(self, steps: Iterable[Step]) -> list[dict[str, Any]]:
        """The cards of these steps, in their order."""
        return [self._card(each) for each in steps]

    def _card(self, step: Step) -> dict[str, Any]:
        reasons = self._reasons(step.planned) if step.planned else _NOTHING
        return {
            "title": self.stored.words.title(step),
            **reasons,
            **self._standing(step),
            "mark": step.mark,
            "beside": self._beside(step),
        }

    def _reasons(self, planned: PlannedAction) -> dict[str, Any]:
        words, person = self.stored.words, self.stored.issued.assessment.person
        because = words.findings(person, planned.because, private=words.other)
        return {
            "lead": _("Because of these answers:") if words.other else _("Because you told us:"),
            "because": list(because[:MOST_BECAUSES]),
            "because_more": max(0, len(because) - MOST_BECAUSES),
            "how": [words.ringing(step) for step in planned.how],
            "why": words.ringing(planned.why),
            "near": () if planned.waits else nearby_for(planned.action, self.nearby),
            "picture": words.definitions.picture_of.get(planned.picture or ""),
            "photos": [
                {"id": self.photos[because.link_id], "shows": words.question_name(because.checklist, because.link_id)}
                for because in planned.fixes
                if because.link_id in self.photos
            ],
        }

    def _standing(self, step: Step) -> dict[str, Any]:
        """Where a step stands, in words, and the form that changes it in one tap."""
        words, planned, standing = self.stored.words, step.planned, step.standing
        return {
            "id": step.id,
            "who": words.who(step.owner) if step.owner else "",
            "when": self._when(step),
            "status": words.standing(standing),
            "shape": {"done": "done", "not-for-me": "skipped", "later": "open"}.get(standing.state, ""),
            "state": standing.state,
            "again": words.again(standing, self.stored.issued.made_on) if planned else "",
            "note": standing.note,
            "note_by": words.note_by(standing),
            "added_by": words.added_by(standing),
            **self._forms(step),
        }

    def _when(self, step: Step) -> str:
        words = self.stored.words
        if step.day:
            return _("by %(day)s", day=words.day(step.day))
        return inside_sentence(words.when_doctor_agrees()) if step.planned and step.planned.waits else ""

    def _beside(self, step: Step) -> str:
        """The drawing that stands beside it where none shows how it is done."""
        group = step.planned.action.group if step.planned else "home"
        return _BY_OWNER.get(step.owner) or _BY_GROUP.get(group, "home")

    def _forms(self, step: Step) -> dict[str, Any]:
        """Where the card is ticked and changed; nowhere for a reader who may only look."""
        if not self.reader.may_tick:
            return {"tick_to": "", "change_to": "", "hidden": []}
        fields = {"action": step.id, "submit_key": secrets.token_hex(16)}
        return {
            "tick_to": self.reader.address("ticks.tick"),
            "change_to": self.reader.address("ticks.action", action_id=step.id),
            "hidden": [*self.reader.hidden, *({"name": name, "value": value} for name, value in fields.items())],
        }


def owners_of(steps: Iterable[Step]) -> dict[str, str]:
    """Everybody who has something to do by a key for an address, which never tells a name: roles first, then names."""
    named = dict.fromkeys(each.owner for each in steps if each.owner)
    names = [each for each in named if each not in WHO]
    return {each: each for each in WHO if each in named} | {f"name-{n}": each for n, each in enumerate(names, start=1)}


_NOTHING: dict[str, Any] = {
    "lead": "",
    "because": [],
    "because_more": 0,
    "how": [],
    "why": "",
    "near": (),
    "picture": None,
    "photos": [],
}
