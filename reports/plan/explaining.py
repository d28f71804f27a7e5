"""A level opened up: what would change it, and what the unknown answers could do."""

from dataclasses import dataclass, replace

from checklists.files.definitions import Definitions
from checklists.rules.assessing import Assessment, ChecklistResult, CouldBe, Score, assess_alone
from checklists.rules.because import Because
from checklists.rules.person import AnswerValue, Person


@dataclass(frozen=True, kw_only=True)
class Change:
    """What the checklist would say if this one answer were no."""

    because: Because
    could_be: CouldBe
    score: Score | None


@dataclass(frozen=True, kw_only=True)
class Unknown:
    """What the checklist could say once this one question is answered."""

    checklist: str
    link_id: str
    if_yes: CouldBe
    if_no: CouldBe


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """One checklist's changes and those of its unknown answers that could move its level by themselves."""

    changes: tuple[Change, ...]
    unknown: tuple[Unknown, ...]


def explain(definitions: Definitions, assessment: Assessment, result: ChecklistResult) -> Explanation:
    """Every answer that made the level taken away in turn, and every unknown one settled in turn."""
    return Explanation(
        changes=tuple(_changes(definitions, assessment.person, result)),
        unknown=tuple(_unknown(definitions, assessment.person, result)),
    )


def _changes(definitions: Definitions, person: Person, result: ChecklistResult) -> list[Change]:
    changes = []
    for because in result.because:
        if because.checklist == result.id and person.answer(because.fact) == "yes":
            without = _without(definitions, person, because)
            could_be, score = assess_alone(definitions, without, result.id)
            if score != result.score or could_be != result.could_be:
                changes.append(Change(because=because, could_be=could_be, score=score))
    return changes


def _without(definitions: Definitions, person: Person, because: Because) -> Person:
    """The person with one answer no, and the follow-ups of that answer put aside."""
    answers = dict(person.answers[because.checklist])
    answers[because.link_id] = "no"
    for question in definitions.questions[because.checklist]:
        condition = question.enable_when
        if condition and condition.is_ and condition.is_[0] == because.link_id:
            answers.pop(question.link_id, None)
    return replace(person, answers={**person.answers, because.checklist: answers})


def _unknown(definitions: Definitions, person: Person, result: ChecklistResult) -> list[Unknown]:
    found = []
    for link_id in result.missing:
        fact = link_id if "." in link_id else f"{result.id}.{link_id}"
        question = definitions.question_of[fact]
        if question.answers not in ("yes-no", "hazard"):
            continue
        levels = [assess_alone(definitions, _with(person, fact, answer), result.id)[0] for answer in ("yes", "no")]
        if levels[0] != levels[1]:
            checklist, name = fact.split(".", 1)
            found.append(Unknown(checklist=checklist, link_id=name, if_yes=levels[0], if_no=levels[1]))
    return found


def _with(person: Person, fact: str, answer: AnswerValue) -> Person:
    checklist, link_id = fact.split(".", 1)
    if checklist == "about":
        return replace(person, about={**person.about, link_id: answer})
    answers = {**person.answers[checklist], link_id: answer}
    return replace(person, answers={**person.answers, checklist: answers})
