"""What is known of a person: answers with their conditions settled, ready for rules to ask about."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from checklists.files.definitions import Asked, Definitions
from checklists.files.grammar import Condition, Count, RiskLevel
from checklists.files.logic import NO, UNKNOWN, Finding, Truth, agreed, evaluate, facts_of
from checklists.files.model import Question
from checklists.rules.person import Person
from checklists.rules.tools import Sex

Value = str | Decimal | None


@dataclass(kw_only=True)
class World:
    """One possible world: every answer as a value, None where unknown.

    `values` holds a code or a number by fact, `because` the answers behind a derived fact, `levels`
    what each checklist's level could be and why, `states` which of safety.yaml hold, once all of these are
    known. A fact that is absent from `values` is no, or zero: a checklist that was not taken, or a measure
    that was not made, takes no part in any rule.
    """

    definitions: Definitions
    person: Person
    values: dict[str, Value]
    because: dict[str, tuple[str, ...]] = field(default_factory=dict)
    levels: dict[str, tuple[tuple[RiskLevel, ...], tuple[str, ...]]] = field(default_factory=dict)
    states: dict[str, Finding] = field(default_factory=dict)

    def is_(self, fact: str, code: str) -> Finding:
        """Whether a fact is `code`; `unsure` asks for the answer as it was given, where the question applies."""
        value = self.values.get(fact, "no")
        if code == "unsure":
            return self._found(self.person.answer(fact) == "unsure" and value != "no", fact)
        return UNKNOWN if value is None else self._found(value == code, fact)

    def number(self, fact: str) -> tuple[Decimal | None, tuple[str, ...]]:
        """A number and the answers it came from; None where it is unknown."""
        value = self.values.get(fact, Decimal(0))
        return (value if isinstance(value, Decimal) else None), self.because.get(fact, (fact,))

    def score_at_least(self, scope: str, points: int) -> Finding:
        low, high = self.interval(scope)
        yes = tuple([fact for fact, _ in self._scores(scope) if self.values.get(fact, "no") == "yes"])
        return _bounded(low, high, points, yes)

    def count(self, scope: str, count: Count) -> Finding:
        """Whether at least so many of the counted items are yes."""
        counted = self.definitions.counted(scope, count) if scope in self.person.answers else ()
        yes = tuple([fact for fact, score in counted if score and self.values.get(fact, "no") == "yes"])
        unknown = [fact for fact, _ in counted if self.values.get(fact, "no") is None]
        return _bounded(len(yes), len(yes) + len(unknown), count.at_least, yes)

    def level(self, checklist: str, level: str) -> Finding:
        """Whether the level is at least `level`; a checklist that was not taken counts as no."""
        could_be, because = self.levels.get(checklist, (("low",), ()))
        reached = ("high",) if level == "high" else ("moderate", "high")
        if all(member in reached for member in could_be):
            return Finding(True, because)
        return UNKNOWN if any(member in reached for member in could_be) else NO

    def state(self, name: str) -> Finding:
        """Whether a state of safety.yaml holds."""
        return self.states[name]

    def interval(self, scope: str) -> tuple[int, int]:
        """The lowest and the highest score that the answers of a checklist allow."""
        low = maybe = 0
        for fact, score in self._scores(scope):
            value = self.values.get(fact, "no")
            if value == "yes":
                low += score
            elif value is None:
                maybe += score
        return low, low + maybe

    def _found(self, holds: bool, fact: str) -> Finding:
        return Finding(True, self.because.get(fact, (fact,))) if holds else NO

    def _scores(self, scope: str) -> tuple[tuple[str, int], ...]:
        return self.definitions.scores[scope] if scope in self.person.answers else ()


def base_world(definitions: Definitions, person: Person, among: Asked | None = None) -> World:
    """The world before sex is supposed: given answers, and what a follow-up says of an unknown condition.

    `among` are the questions that anybody will ask about.
    """
    values: dict[str, Value] = {}
    for name, answers in (("about", person.about), *person.answers.items()):
        for fact, question in (among or definitions.asked)[name]:
            answer = answers.get(question.link_id)
            if isinstance(answer, str):
                values[fact] = None if answer == "unsure" else answer
            else:
                values[fact] = None if answer is None else Decimal(answer)
    for fact, question in _conditional(definitions, ("about", *person.answers)):
        implied = _implied(question, person, fact)
        if implied and values.get(implied[0]) is None:
            values[implied[0]] = implied[1]
    return World(definitions=definitions, person=person, values=values)


def possible_worlds(base: World) -> tuple[World, ...]:
    """The world of a known sex, or one for a woman and one for a man, with every condition settled."""
    sex = base.values.get("about.sex")
    supposed: tuple[Sex, ...] = ("female", "male") if sex is None else (sex,)  # type: ignore[assignment]
    worlds = []
    for each in supposed:
        world = World(definitions=base.definitions, person=base.person, values={**base.values, "about.sex": each})
        for fact, _ in unasked(world):
            world.values[fact] = "no"
        worlds.append(world)
    return tuple(worlds)


def in_every(worlds: tuple[World, ...], condition: Condition, scope: str) -> Finding:
    """`condition` in every possible world; unknown where they differ."""
    if len(worlds) == 1:
        return evaluate(condition, worlds[0], scope)
    return agreed([evaluate(condition, world, scope) for world in worlds])


def unasked(world: World, lists: Iterable[str] = ()) -> Iterator[tuple[str, Condition]]:
    """Every question of these lists, or of all that were taken, whose condition is no, with that condition."""
    return _of_no(_conditional(world.definitions, lists or ("about", *world.person.answers)), world)


def _of_no(asked: Iterable[tuple[str, Question]], world: World) -> Iterator[tuple[str, Condition]]:
    for fact, question in asked:
        condition = question.enable_when
        if condition is not None and evaluate(condition, world, fact.split(".", 1)[0]).truth is False:
            yield fact, condition


def contradictions(
    definitions: Definitions, person: Person, among: Asked | None = None
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Answers to questions whose condition is no, with the facts that the condition asks about. Each page asks, and few
    such questions are answered: no other condition is judged."""
    asked = _conditional(definitions, ("about", *person.answers))
    answered = [each for each in asked if person.answer(each[0]) not in (None, "no", "unsure")]
    if answered:
        for fact, condition in _of_no(answered, base_world(definitions, person, among)):
            yield fact, tuple(sorted(facts_of(condition, fact.split(".", 1)[0])))


def _conditional(definitions: Definitions, lists: Iterable[str]) -> Iterator[tuple[str, Question]]:
    for name in lists:
        yield from definitions.conditional[name]


def _implied(question: Question, person: Person, fact: str) -> tuple[str, str] | None:
    """A yes, or a choice, tells that the condition held: nobody falls twice without having fallen."""
    if question.enable_when is None or question.enable_when.is_ is None:
        return None
    answer = person.answer(fact)
    tells = answer == "yes" if question.answers == "yes-no" else answer not in (None, "unsure")
    if not tells:
        return None
    parent, code = question.enable_when.is_
    return (parent if "." in parent else f"{fact.split('.', 1)[0]}.{parent}"), code


def _bounded(low: int, high: int, at_least: int, because: tuple[str, ...]) -> Finding:
    truth: Truth = True if low >= at_least else False if high < at_least else None
    return Finding(truth, because if truth else ())
