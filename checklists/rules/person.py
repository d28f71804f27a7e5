"""A person's checked answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

AnswerValue = str | int | Decimal
UNABLE = "unable"


@dataclass(frozen=True, kw_only=True)
class Person:
    """Checked answers. A list that is absent was not taken; `signs` is None where they were never asked.

    `unasked_signs` are those that were not asked yet while others were.
    `label` is what a clinic calls the person; nothing is judged by it.
    """

    answers: Mapping[str, Mapping[str, AnswerValue]]
    about: Mapping[str, AnswerValue] = field(default_factory=dict)
    measures: Mapping[str, Any] = field(default_factory=dict)
    signs: frozenset[str] | None = None
    unasked_signs: frozenset[str] = frozenset()
    today: date | None = None
    label: str | None = None

    def answer(self, fact: str) -> AnswerValue | None:
        """The answer as it was given to `checklist.link_id`, or None."""
        checklist, link_id = fact.split(".", 1)
        answers = self.about if checklist == "about" else self.answers.get(checklist, {})
        return answers.get(link_id)
