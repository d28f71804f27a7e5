"""Which questions are worth asking again: those whose answer could change a level, a warning or a first step. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from checklists.files.definitions import Definitions
from checklists.files.model import Question
from checklists.rules.assessing import assess
from checklists.rules.facts import contradictions
from checklists.rules.person import AnswerValue, Person
from reports.plan.build import build_plan


@dataclass(frozen=True, kw_only=True)
class _Judged:
    """What a person reads first of a plan."""

    levels: frozenset[tuple[object, ...]]
    warnings: frozenset[str]
    first: frozenset[str]

    def moved_from(self, other: "_Judged") -> tuple[int, int, int]:
        """How many levels are others, then how many warnings, then how many first steps."""
        return (
            len(self.levels - other.levels),
            len(self.warnings ^ other.warnings),
            len(self.first - other.first),
        )


def worth_asking(definitions: Definitions, person: Person, facts: Iterable[str], day: date) -> tuple[str, ...]:
    """Of these facts those of which another answer alone would move anything, what would move most first."""
    before = _judged(definitions, person, day)
    moved = {
        fact: max(
            (_judged(definitions, each, day).moved_from(before) for each in _otherwise(definitions, person, fact)),
            default=(0, 0, 0),
        )
        for fact in facts
    }
    return tuple(sorted((fact for fact in moved if any(moved[fact])), key=lambda fact: moved[fact], reverse=True))


def _judged(definitions: Definitions, person: Person, day: date) -> _Judged:
    assessment = assess(definitions, person)
    return _Judged(
        levels=frozenset((each.id, each.could_be) for each in assessment.checklists),
        warnings=frozenset(each.id for each in assessment.warnings),
        first=frozenset(each.id for each in build_plan(definitions, assessment, today=day).first),
    )


def _otherwise(definitions: Definitions, person: Person, fact: str) -> Iterator[Person]:
    """The person with each other answer to one question; follow-ups that no longer apply are put aside."""
    subject, link_id = fact.split(".", 1)
    question = definitions.question_of[fact]
    values = person.about if subject == "about" else person.answers[subject]
    for answer in _answers(question, values.get(link_id)):
        changed = {**values, link_id: answer}
        if subject == "about":
            other = replace(person, about=changed)
        else:
            other = replace(person, answers={**person.answers, subject: changed})
        yield _agreeing(definitions, other)


def _answers(question: Question, last: AnswerValue | None) -> Iterator[AnswerValue]:
    if question.allowed:
        yield from (each for each in question.allowed if each not in ("unsure", last))
    elif question.unit == "years" and isinstance(last, Decimal | int):
        yield last + 1  # nobody grows younger, and a check comes before the next birthday but one
    else:
        bounds = (each for each in (question.low, question.high) if each is not None)
        yield from (int(each) if question.answers == "whole-number" else each for each in bounds)


def _agreeing(definitions: Definitions, person: Person) -> Person:
    aside = {fact for fact, _ in contradictions(definitions, person)}
    return replace(
        person,
        answers={
            name: {link_id: each for link_id, each in values.items() if f"{name}.{link_id}" not in aside}
            for name, values in person.answers.items()
        },
    )
