"""The cards of a plan: each action in words, where it stands, and the forms that change it."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from reports.plan.build import PlannedAction
from reports.plan.steps import Step
from reports.words.words import WHO
from web.core.speaking import gettext as _
from web.plan.access import Reader
from web.visitor.kept_plan import KeptPlan

MOST_BECAUSES = 4


@dataclass(frozen=True, kw_only=True)
class Cards:
    """What all cards of one page share; `only` is the owner whose steps alone are shown, or nothing."""

    reader: Reader
    kept: KeptPlan
    photos: Mapping[str, str] = field(default_factory=dict)
    only: str = ""

    def of(self, steps: Iterable[Step]) -> list[dict[str, Any]]:
        """The cards of these steps, in their order."""
        return [self._card(each) for each in steps if not self.only or each.owner == self.only]

    def _card(self, step: Step) -> dict[str, Any]:
        said = self._told(step.planned) if step.planned else _NOTHING
        return {"title": self.kept.words.title(step), **said, **self._standing(step), "mark": step.mark}

    def _told(self, planned: PlannedAction) -> dict[str, Any]:
        words, person = self.kept.words, self.kept.issued.assessment.person
        because = words.findings(person, planned.because, private=words.other)
        return {
            "lead": _("Because of these answers:") if words.other else _("Because you told us:"),
            "because": list(because[:MOST_BECAUSES]),
            "because_more": max(0, len(because) - MOST_BECAUSES),
            "how": [words.ringing(step) for step in planned.how],
            "why": words.ringing(planned.why),
            "picture": words.definitions.picture_of.get(planned.picture or ""),
            "photos": [
                {"id": self.photos[because.link_id], "shows": words.question_name(because.checklist, because.link_id)}
                for because in planned.fixes
                if because.link_id in self.photos
            ],
        }

    def _standing(self, step: Step) -> dict[str, Any]:
        """Where a step stands, in words, and the form that changes it in one tap."""
        words, planned, standing = self.kept.words, step.planned, step.standing
        waits = words.when_doctor_agrees() if planned and planned.waits else ""
        return {
            "id": step.id,
            "who": words.who(step.owner) if step.owner else "",
            "by": words.day(step.day) if step.day else waits,
            "status": words.standing(standing),
            "shape": {"done": "done", "not-for-me": "skipped", "later": "open"}.get(standing.state, ""),
            "settled": standing.is_settled,
            "again": words.again(standing, self.kept.issued.made_on) if planned else "",
            "note": standing.note,
            "note_by": words.note_by(standing),
            "added_by": words.added_by(standing),
            **self._forms(step),
        }

    def _forms(self, step: Step) -> dict[str, Any]:
        """Where the card is ticked and changed; nowhere for whom may only look."""
        if not self.reader.may_tick:
            return {"tick_to": "", "change_to": "", "hidden": []}
        fields = {"action": step.id, "submit_key": secrets.token_hex(16)}
        return {
            "tick_to": self.reader.address("ticks.tick"),
            "change_to": self.reader.address("ticks.action", action_id=step.id),
            "hidden": [*self.reader.hidden, *({"name": name, "value": value} for name, value in fields.items())],
        }


def owners_of(steps: Iterable[Step]) -> list[str]:
    """Everybody who has something to do, in the order of all owners."""
    named = {each.owner for each in steps}
    return [each for each in WHO if each in named]


_NOTHING: dict[str, Any] = {
    "lead": "",
    "because": [],
    "because_more": 0,
    "how": [],
    "why": "",
    "picture": None,
    "photos": [],
}
