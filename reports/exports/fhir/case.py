"""One person's answers and plan as they are handed to a record system, and what each resource of theirs is called."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Literal
from uuid import UUID, uuid5

from checklists.rules.assessing import Assessment
from reports.exports.fhir.codes import Json
from reports.exports.personal_export import record_of
from reports.plan.build import ActionPlan
from reports.plan.progress import Standing
from reports.words.words import Words

_NAMES = UUID("6c1b0a4e-8f0e-5c35-9d0b-3f1f8b0f8a52")
AnsweredBy = Literal["self", "helper"]


@dataclass(frozen=True, kw_only=True)
class Case:
    """What is sent of one person. `made_at` has a time zone; `line` tells apart people of one file who answered alike.

    `forms` are the Questionnaires by name (bundle.forms_of).
    `identifier` is what staff of a clinic typed to find the person again; no name is ever sent.
    """

    words: Words
    forms: Mapping[str, Json]
    assessment: Assessment
    plan: ActionPlan
    made_on: date
    made_at: datetime
    line: int = 0
    identifier: str = ""
    answered_by: AnsweredBy | None = None
    standings: Mapping[str, Standing] = field(default_factory=dict)
    pdf: bytes | None = None

    @cached_property
    def seed(self) -> UUID:
        """The same for the same answers; a private sign leaves no trace in it."""
        record = record_of(self.words.definitions, self.assessment.person, self.made_on)
        known = [self.line, self.identifier, self.words.definitions.content_hash, record]
        return uuid5(_NAMES, json.dumps(known, sort_keys=True))

    def id(self, kind: str, name: str = "") -> str:
        return str(uuid5(self.seed, f"{kind}/{name}"))

    def ref(self, kind: str, name: str = "") -> Json:
        """A reference to a resource of this bundle."""
        return {"reference": f"{kind}/{self.id(kind, name)}"}

    def resource(self, kind: str, name: str = "", **elements: object) -> Json:
        """A resource of this bundle; an element without a value is left out, as FHIR knows nothing empty."""
        filled = {key: each for key, each in elements.items() if each not in (None, "", [], {})}
        return {"resourceType": kind, "id": self.id(kind, name), "language": self.language, **filled}

    @property
    def subject(self) -> Json:
        return self.ref("Patient")

    @property
    def language(self) -> str:
        return self.words.definitions.language

    def text(self, message: str) -> str:
        """A sentence of the interface in the language of this person's paper."""
        return self.words.speech.gettext(message)
