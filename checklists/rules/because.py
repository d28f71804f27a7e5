"""The answers behind a score, a level, a warning or an action, each once and in order."""

from collections.abc import Iterable
from dataclasses import dataclass

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
    places = definitions.places
    found = []
    for fact in dict.fromkeys(facts):
        name, link_id = fact.split(".", 1)
        question = definitions.question_of.get(fact)
        found.append(Because(checklist=name, link_id=link_id, score=question.score if question else 0))
    if len(found) == 1:
        return (found[0],)
    return tuple(sorted(found, key=lambda b: (-b.score, b.checklist != scope, places.get(b.fact, 10_000))))
