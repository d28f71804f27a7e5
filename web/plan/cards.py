"""The cards of a plan: each action in words, where it stands, and the forms that change it."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from reports.plan.build import PlannedAction
from reports.plan.order import Marked
from reports.plan.progress import UNTOUCHED, Standing
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
    now: Mapping[str, Standing]
    photos: Mapping[str, str] = field(default_factory=dict)
    only: str = ""

    def of(self, actions: tuple[Marked, ...]) -> list[dict[str, Any]]:
        """The cards of these actions, in their order."""
        shown = (each for each in actions if not self.only or self.owner(each) == self.only)
        return [self._card(each) for each in shown]

    def owner(self, marked: Marked) -> str:
        """Who does it, as somebody set it or as the plan says."""
        standing = self.now.get(marked.id, UNTOUCHED)
        return standing.who or (marked.planned.action.who if marked.planned else "")

    def owners(self, actions: tuple[Marked, ...]) -> list[str]:
        """Everybody who has something to do, in the order of all owners."""
        named = {self.owner(each) for each in actions}
        return [each for each in WHO if each in named]

    def _card(self, marked: Marked) -> dict[str, Any]:
        standing, planned = self.now.get(marked.id, UNTOUCHED), marked.planned
        said = self._told(planned) if planned else {"title": standing.title, **_NOTHING}
        return {**said, **self._standing(marked, standing), "mark": marked.mark}

    def _told(self, planned: PlannedAction) -> dict[str, Any]:
        words, person = self.kept.words, self.kept.issued.assessment.person
        because = words.findings(person, planned.because, private=words.other)
        return {
            "title": words.ringing(planned.title),
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

    def _standing(self, marked: Marked, standing: Standing) -> dict[str, Any]:
        """Where an action stands, in words, and the form that changes it in one tap."""
        words, planned, owner = self.kept.words, marked.planned, self.owner(marked)
        day = standing.due or (planned.day if planned else None)
        waits = words.when_doctor_agrees() if planned and planned.waits else ""
        return {
            "id": marked.id,
            "who": words.who(owner) if owner else "",
            "by": words.day(day) if day else waits,
            "status": words.standing(standing),
            "shape": {"done": "done", "not-for-me": "skipped", "later": "open"}.get(standing.state, ""),
            "settled": standing.is_settled,
            "again": words.again(standing, self.kept.issued.made_on) if planned else "",
            "note": standing.note,
            "note_by": words.note_by(standing),
            "added_by": words.added_by(standing),
            **self._forms(marked),
        }

    def _forms(self, marked: Marked) -> dict[str, Any]:
        """Where the card is ticked and changed; nowhere for whom may only look."""
        if not self.reader.may_tick:
            return {"tick_to": "", "change_to": "", "hidden": []}
        fields = {"action": marked.id, "submit_key": secrets.token_hex(16)}
        return {
            "tick_to": self.reader.address("ticks.tick"),
            "change_to": self.reader.address("ticks.action", action_id=marked.id),
            "hidden": [*self.reader.hidden, *({"name": name, "value": value} for name, value in fields.items())],
        }


_NOTHING: dict[str, Any] = {
    "lead": "",
    "because": [],
    "because_more": 0,
    "how": [],
    "why": "",
    "picture": None,
    "photos": [],
}
