"""The answers behind a score, a level, a warning or an action, each once and in order."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from checklists.files.definitions import Definitions


@dataclass(frozen=True, kw_only=True)
class Because:
    """An answer or measure that scored or decided; `score` is 0 where it has no points."""

    checklist: str
    link_id: str
    score: int = 0

    @property
    def fact(self) -> str:
        return f"{self.checklist}.{self.link_id}"


def sort_because(definitions: Definitions, scope: str, facts: Iterable[str]) -> tuple[Because, ...]:
    """Each fact once, most points first, then its own checklist in order, then about, measures and others."""
    questions, places = definitions.question_of, definitions.places
    found = [
        _because(fact, question.score if (question := questions.get(fact)) else 0) for fact in dict.fromkeys(facts)
    ]
    if len(found) > 1:
        found.sort(key=lambda b: (-b.score, b.checklist != scope, places.get(b.fact, 10_000)))
    return tuple(found)


@cache
def _because(fact: str, score: int) -> Because:
    """Made once: everybody's stand on the same few hundred facts of the definitions."""
    checklist, link_id = fact.split(".", 1)
    return Because(checklist=checklist, link_id=link_id, score=score)
