"""Answers → FreshAssessment: levels, scores, becauses, what is missing, warnings, tools and the overall level."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from checklists.files.definitions import Definitions
from checklists.files.grammar import BONE, FALLS, NOT_HERE, Condition, RiskLevel
from checklists.files.logic import Finding, Truth, agreed, any_of, evaluate
from checklists.files.model import Checklist
from checklists.rules.because import Because, sort_because
from checklists.rules.facts import Value, World, base_world, in_every, possible_worlds, unasked
from checklists.rules.person import UNABLE, Person
from checklists.rules.tool_results import tool_results
from checklists.rules.tools import stands_below_average
from checklists.rules.warnings import Warning, find_warnings

CouldBe = tuple[RiskLevel, ...]


@dataclass(frozen=True, kw_only=True)
class Score:
    """Points or counted items: unknown ones add nothing to `low` and their points to `high`."""

    low: int
    high: int
    of: int


@dataclass(frozen=True, kw_only=True)
class ChecklistResult:
    """What one checklist says; `could_be` has more than one level while answers are unknown."""

    id: str
    could_be: CouldBe
    score: Score | None
    because: tuple[Because, ...]
    missing: tuple[str, ...]

    @property
    def risk_level(self) -> RiskLevel | None:
        return self.could_be[0] if len(self.could_be) == 1 else None


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """Everything that the answers mean on the day they are judged, as it is also kept.

    `hold` says why exercise must wait; `states` are those of safety.yaml that hold, `possible_states` those that may,
    None where that was not kept.
    """

    person: Person
    checklists: tuple[ChecklistResult, ...]
    overall: CouldBe
    warnings: tuple[Warning, ...]
    tools: Mapping[str, Any]
    hold: tuple[Because, ...]
    states: frozenset[str] | None
    possible_states: frozenset[str] | None

    @property
    def risk_level(self) -> RiskLevel | None:
        return self.overall[0] if len(self.overall) == 1 else None

    @property
    def needs_help_now(self) -> bool:
        """Whether a sign stands that cannot wait an hour."""
        return any(warning.urgency == "now" for warning in self.warnings)


@dataclass(frozen=True, kw_only=True)
class FreshAssessment(Assessment):
    """One that was just made: further rules can be asked of it. One that was kept has no worlds any more."""

    worlds: tuple[World, ...]
    not_asked: frozenset[str]

    def find(self, condition: Condition, scope: str) -> Finding:
        """`condition` in every possible world; unknown where they differ."""
        return in_every(self.worlds, condition, scope)


def assess(definitions: Definitions, person: Person) -> FreshAssessment:
    """The published rules applied to checked answers. Pure: no clock, no chance, nothing outside its arguments."""
    base = base_world(definitions, person)
    worlds = possible_worlds(base)
    tools = tool_results(worlds, person)
    not_asked = frozenset(fact for fact, _ in unasked(base))
    results = tuple(
        _checklist(checklist, worlds, base, not_asked)
        for checklist in definitions.checklists
        if checklist.id in person.answers
    )
    warnings = find_warnings(definitions, person, worlds)
    states = _states(definitions, worlds, warnings)
    return FreshAssessment(
        person=person,
        checklists=results,
        overall=_overall(worlds, warnings, person),
        warnings=warnings,
        tools=tools,
        hold=tuple(_because(fact) for fact in states["hold"].because) if "hold" in states else (),
        states=frozenset(name for name, finding in states.items() if finding.truth),
        possible_states=frozenset(name for name, finding in states.items() if finding.truth is not False),
        worlds=worlds,
        not_asked=not_asked,
    )


def assess_alone(definitions: Definitions, person: Person, checklist_id: str) -> tuple[CouldBe, Score | None]:
    """What `assess` says of one checklist the person took, and nothing that no level depends on."""
    worlds = possible_worlds(base_world(definitions, person))
    tool_results(worlds, person)
    for checklist in definitions.checklists:
        if checklist.id in person.answers:
            possible, decided = _judged(checklist, worlds)
            if checklist.id == checklist_id:
                return possible, _score(checklist, worlds[0])
            _tell(worlds, checklist, possible, decided.because)
    raise KeyError(checklist_id)


def could_be(high: Truth, moderate: Truth) -> CouldBe:
    """The levels that are possible, in order: high alone once its rule is yes."""
    if high:
        return ("high",)
    possible: list[RiskLevel] = []
    if moderate is not True:
        possible.append("low")
    if moderate is not False:
        possible.append("moderate")
    if high is None:
        possible.append("high")
    return tuple(possible)


def _checklist(
    checklist: Checklist, worlds: tuple[World, ...], base: World, not_asked: frozenset[str]
) -> ChecklistResult:
    possible, decided = _judged(checklist, worlds)
    scored = _scored(checklist, worlds[0])
    because = sort_because(base.definitions, checklist.id, (*scored, *decided.because))
    _tell(worlds, checklist, possible, tuple(each.fact for each in because))
    return ChecklistResult(
        id=checklist.id,
        could_be=possible,
        score=_score(checklist, worlds[0]),
        because=because,
        missing=_missing(checklist, base, not_asked),
    )


def _judged(checklist: Checklist, worlds: tuple[World, ...]) -> tuple[CouldBe, Finding]:
    """The levels that are possible, and what decided."""
    high, moderate = (
        in_every(worlds, worlds[0].definitions.rule(checklist.id, level), checklist.id)
        for level in ("high", "moderate")
    )
    return could_be(high.truth, moderate.truth), high if high.truth else moderate


def _tell(worlds: tuple[World, ...], checklist: Checklist, possible: CouldBe, because: tuple[str, ...]) -> None:
    """Lets the rules that come after ask for this level."""
    for world in worlds:
        world.levels[checklist.id] = (possible, because)


def _scored(checklist: Checklist, world: World) -> tuple[str, ...]:
    return tuple(
        fact
        for fact, question in world.definitions.asked[checklist.id]
        if question.score and world.values[fact] == "yes"
    )


def _score(checklist: Checklist, world: World) -> Score | None:
    if not checklist.scored:
        return None
    low, high = world.interval(checklist.id)
    of = sum(q.score for fact, q in world.definitions.asked[checklist.id] if world.values[fact] != NOT_HERE)
    return Score(low=low, high=high, of=of)


def _missing(checklist: Checklist, base: World, not_asked: frozenset[str]) -> tuple[str, ...]:
    answers = base.person.answers[checklist.id]
    own = tuple(
        question.link_id
        for fact, question in base.definitions.asked[checklist.id]
        if not question.habit and fact not in not_asked and answers.get(question.link_id, "unsure") == "unsure"
    )
    needed = _needed_about(checklist, base)
    return own + tuple(
        fact
        for fact, _ in base.definitions.asked["about"]
        if fact in needed and base.person.answer(fact) in (None, "unsure")
    )


def _needed_about(checklist: Checklist, base: World) -> set[str]:
    """Every about question that a rule of this checklist asks, also by way of a tool."""
    asked = set(base.definitions.level_facts[checklist.id])
    if any(fact.startswith(("tools.dxa", "bone.due", "bone.risk")) for fact in asked):
        asked |= {"about.age", "about.sex", "about.spine-fracture-now"}
    measures = base.person.measures
    counted = "chair-stands" in measures and measures["chair-stands"] != UNABLE
    if "tools.chair_stand.below_average" in asked and (counted or _arms_alone(measures)):
        asked |= {"about.age", *(("about.sex",) if _has_usual_stands(base.values.get("about.age")) else ())}
    return asked


def _has_usual_stands(age: Value) -> bool:
    """Whether the usual number of chair stands is known at this age, which may be unknown itself."""
    return not isinstance(age, Decimal) or stands_below_average(0, int(age), "female") is not None


def _arms_alone(measures: Mapping[str, Any]) -> bool:
    return "chair-stands" not in measures and measures.get("chair-used-arms") == "yes"


def _overall(worlds: tuple[World, ...], warnings: tuple[Warning, ...], person: Person) -> CouldBe:
    """Falls, bones, a known fracture or osteoporosis, and warnings; no other list takes part."""
    return could_be(
        agreed(_overall_high(world, warnings, person) for world in worlds).truth,
        agreed(any_of(_reached(world, each, "moderate") for each in (FALLS, BONE)) for world in worlds).truth,
    )


def _overall_high(world: World, warnings: tuple[Warning, ...], person: Person) -> Finding:
    urgent = any(warning.urgency != "soon" for warning in warnings)
    return any_of(
        (
            _reached(world, FALLS, "high"),
            _reached(world, BONE, "high"),
            world.is_("about.known-osteoporosis", "yes"),
            world.is_("about.spine-fracture-now", "yes"),
            Finding(True if urgent else None if person.signs is None else False),
        )
    )


def _reached(world: World, checklist: str, level: str) -> Finding:
    return world.level(checklist, level) if checklist in world.levels else Finding(None)


def _states(definitions: Definitions, worlds: tuple[World, ...], warnings: tuple[Warning, ...]) -> dict[str, Finding]:
    """Whether each state holds in every world, with its reasons; actions may ask for them from now on."""
    urgent = [each for each in warnings if each.urgency != "soon"]
    found = {
        "warnings.cannot-wait": urgent,
        "warnings.back": [each for each in urgent if each.sign.group == "back"],
    }
    for world in worlds:
        for fact, standing in found.items():
            world.values[fact] = "yes" if standing else "no"
            world.because[fact] = tuple(dict.fromkeys(because.fact for each in standing for because in each.because))
        for state in definitions.safety.states:
            world.states[state.id] = evaluate(state.when, world, "safety")
    return {each.id: agreed(world.states[each.id] for world in worlds) for each in definitions.safety.states}


def _because(fact: str) -> Because:
    checklist, link_id = fact.split(".", 1)
    return Because(checklist=checklist, link_id=link_id)
