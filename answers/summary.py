"""What a clinic's list keeps of somebody's answers, so that it opens without opening theirs. No Flask, no database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from answers.draft import ABOUT, Draft
from answers.person import person_of
from checklists import Definitions, Person, assess
from checklists.files.grammar import FALLS
from checklists.rules.assessing import CouldBe
from checklists.rules.facts import base_world, unasked
from checklists.rules.needed import about_needed

SIGNS = "warning-signs"


@dataclass(frozen=True, kw_only=True)
class Summary:
    """`revision` is that of the answers, for what was printed of them. `parts` is how much is answered and how much is
    asked, of each list that was begun and of what goes before. `urgency` is that of the first warning where it cannot
    wait, which the list marks and never names.
    """

    on: date
    revision: int
    parts: Mapping[str, tuple[int, int]]
    levels: Mapping[str, CouldBe]
    urgency: str = ""
    age: int | None = None

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Summary":
        return cls(
            on=date.fromisoformat(stored["on"]),
            revision=stored["revision"],
            parts={name: (each[0], each[1]) for name, each in stored["parts"].items()},
            levels={name: tuple(each) for name, each in stored["levels"].items()},
            urgency=stored["urgency"],
            age=stored["age"],
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "on": self.on.isoformat(),
            "revision": self.revision,
            "parts": {name: list(each) for name, each in self.parts.items()},
            "levels": {name: list(each) for name, each in self.levels.items()},
            "urgency": self.urgency,
            "age": self.age,
        }

    def progress(self, lists: Iterable[str]) -> tuple[int, int]:
        """How much is answered, and how much is asked, of these lists and of what goes before them."""
        return progress(self.parts, lists)


def progress(parts: Mapping[str, Sequence[int]], lists: Iterable[str]) -> tuple[int, int]:
    """The same of parts as they are stored."""
    done = asked = 0
    for each in (ABOUT, SIGNS, *lists):
        of_part = parts.get(each, (0, 1))
        done, asked = done + of_part[0], asked + of_part[1]
    return done, asked


def summary_of(definitions: Definitions, draft: Draft, revision: int, day: date) -> Summary:
    """The summary of a draft of this revision on a day."""
    person = person_of(definitions, draft, day)
    found = assess(definitions, person)
    groups = [each.id for each in definitions.warning_signs.groups]
    to_ask = draft.signs.to_ask(definitions) if draft.signs else groups
    urgent = [each.urgency for each in found.warnings if each.urgency != "soon"]
    age = person.about.get("age")
    return Summary(
        on=day,
        revision=revision,
        parts={SIGNS: (len(groups) - len(to_ask), len(groups)), **_parts(definitions, draft, person)},
        levels={each.id: each.could_be for each in found.checklists},
        urgency=urgent[0] if urgent else "",
        age=int(age) if isinstance(age, int) else None,
    )


def _parts(definitions: Definitions, draft: Draft, person: Person) -> dict[str, tuple[int, int]]:
    """By list: the questions that apply or may apply, and those of them that are answered."""
    hidden = {fact for fact, _ in unasked(base_world(definitions, person))}
    needed = about_needed(definitions, FALLS)
    parts = {}
    for name in (ABOUT, *person.answers):
        asked = [
            question
            for fact, question in definitions.asked[name]
            if fact not in hidden and (name != ABOUT or fact in needed)
        ]
        answered = {
            *draft.answers(name),
            *person.answers.get(name, ()),
        }  # "not sure" of a number; a room that is not there
        parts[name] = (sum(each.link_id in answered for each in asked), len(asked))
    return parts
