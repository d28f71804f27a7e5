"""Answers → Assessment: levels, scores, becauses, what is missing, warnings, tools and the overall level."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from checklists.bone_tools import indices
from checklists.facts import World, base_world, possible_worlds, unasked
from checklists.fall_tools import measured, world_falls_guidelines
from checklists.logic import Finding, Truth, agreed, any_of, evaluate, facts_of
from checklists.model import NOT_HERE, Checklist, Condition, Definitions, IfAsked, RiskLevel, Sign, Urgency
from checklists.person import UNABLE, Person

CouldBe = tuple[RiskLevel, ...]
_URGENCIES: tuple[Urgency, ...] = ("now", "today", "soon")


@dataclass(frozen=True, kw_only=True)
class Because:
    """An answer or measure that scored or decided; `score` is 0 where it has no points."""

    checklist: str
    link_id: str
    score: int = 0

    @property
    def fact(self) -> str:
        return f"{self.checklist}.{self.link_id}"


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
class Warning:
    """A warning that stands, with the answers that made it (or the sign itself, where it was ticked)."""

    sign: Sign
    because: tuple[Because, ...]
    milder: IfAsked | None = None

    @property
    def id(self) -> str:
        return self.sign.id

    @property
    def form(self) -> Sign | IfAsked:
        """What is said, done and called for: the sign's own form, or its milder one."""
        return self.milder or self.sign

    @property
    def urgency(self) -> Urgency:
        return self.form.urgency


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """Everything that the answers mean on the day they are judged; `hold` says why exercise must wait."""

    person: Person
    checklists: tuple[ChecklistResult, ...]
    overall: CouldBe
    warnings: tuple[Warning, ...]
    tools: Mapping[str, Any]
    hold: tuple[Because, ...]
    worlds: tuple[World, ...]
    not_asked: frozenset[str]

    @property
    def risk_level(self) -> RiskLevel | None:
        return self.overall[0] if len(self.overall) == 1 else None

    def find(self, condition: Condition, scope: str) -> Finding:
        """`condition` in every possible world; unknown where they differ."""
        return agreed(evaluate(condition, world, scope) for world in self.worlds)


def assess(definitions: Definitions, person: Person) -> Assessment:
    """The published rules applied to checked answers. Pure: no clock, no chance, nothing outside its arguments."""
    worlds = possible_worlds(definitions, person)
    tools = _tools(worlds, person)
    base = base_world(definitions, person)
    not_asked = frozenset(fact for fact, _ in unasked(base))
    results = tuple(
        _checklist(checklist, worlds, base, not_asked)
        for checklist in definitions.checklists
        if checklist.id in person.answers
    )
    warnings = _warnings(definitions, person, worlds)
    return Assessment(
        person=person,
        checklists=results,
        overall=_overall(worlds, warnings, person),
        warnings=warnings,
        tools=tools,
        hold=_hold(warnings, worlds[0]),
        worlds=worlds,
        not_asked=not_asked,
    )


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
    high, moderate = (
        agreed(evaluate(base.definitions.rule(checklist.id, level), world, checklist.id) for world in worlds)
        for level in ("high", "moderate")
    )
    decided = high if high.truth else moderate
    scored = _scored(checklist, worlds[0])
    because = sort_because(base.definitions, checklist.id, (*scored, *decided.because))
    possible = could_be(high.truth, moderate.truth)
    for world in worlds:
        world.levels[checklist.id] = (possible, tuple(each.fact for each in because))
    return ChecklistResult(
        id=checklist.id,
        could_be=possible,
        score=_score(checklist, worlds[0]),
        because=because,
        missing=_missing(checklist, base, not_asked),
    )


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


def sort_because(definitions: Definitions, scope: str, facts: Iterable[str]) -> tuple[Because, ...]:
    """Each fact once, most points first, then its own checklist in order, then about, measures and others."""
    places = _places(definitions)
    found = []
    for fact in dict.fromkeys(facts):
        name, link_id = fact.split(".", 1)
        question = definitions.question_of.get(fact)
        found.append(Because(checklist=name, link_id=link_id, score=question.score if question else 0))
    return tuple(sorted(found, key=lambda b: (-b.score, b.checklist != scope, places.get(b.fact, 10_000))))


def _places(definitions: Definitions) -> dict[str, int]:
    measures = (f"measures.{link_id}" for link_id in definitions.measure_of)
    return {fact: place for place, fact in enumerate((*definitions.question_of, *measures))}


def _missing(checklist: Checklist, base: World, not_asked: frozenset[str]) -> tuple[str, ...]:
    own = tuple(
        question.link_id
        for fact, question in base.definitions.asked[checklist.id]
        if not question.habit and fact not in not_asked and base.person.given(fact) in (None, "unsure")
    )
    needed = _needed_about(checklist, base)
    return own + tuple(
        fact
        for fact, _ in base.definitions.asked["about"]
        if fact in needed and base.person.given(fact) in (None, "unsure")
    )


def _needed_about(checklist: Checklist, base: World) -> set[str]:
    """Every about question that a rule of this checklist asks, also by way of a tool."""
    asked = {
        fact for level in checklist.levels if level.when is not None for fact in facts_of(level.when, checklist.id)
    }
    if any(fact.startswith(("tools.dxa", "bone.due", "bone.risk")) for fact in asked):
        asked |= {"about.age", "about.sex", "about.spine-fracture-now"}
    measures = base.person.measures
    counted = "chair-stands" in measures and measures["chair-stands"] != UNABLE
    if "tools.chair_stand.below_average" in asked and (counted or _arms_alone(measures)):
        asked |= {"about.age", "about.sex"}
    return asked


def _arms_alone(measures: Mapping[str, Any]) -> bool:
    return "chair-stands" not in measures and measures.get("chair-used-arms") == "yes"


def _warnings(definitions: Definitions, person: Person, worlds: tuple[World, ...]) -> tuple[Warning, ...]:
    """Ticked signs and the warnings that answers make: now, today, soon, each in the order of the file."""
    found = [warning for sign in definitions.warning_signs.signs if (warning := _warning(sign, person, worlds))]
    return tuple(sorted(found, key=lambda warning: _URGENCIES.index(warning.urgency)))


def _warning(sign: Sign, person: Person, worlds: tuple[World, ...]) -> Warning | None:
    if person.signs is not None and sign.id in person.signs:
        ticked = Because(checklist="warning-signs", link_id=sign.id)
        return Warning(sign=sign, because=(ticked,))
    if sign.from_answers is None:
        return None
    finding = agreed(evaluate(sign.from_answers.when, world, "warning-signs") for world in worlds)
    if finding.truth is not True:
        return None
    milder = sign.from_answers.if_asked if person.signs is not None else None
    because = sort_because(worlds[0].definitions, "warning-signs", finding.because)
    return Warning(sign=sign, because=because, milder=milder)


def _overall(worlds: tuple[World, ...], warnings: tuple[Warning, ...], person: Person) -> CouldBe:
    """Falls, bones, a known fracture or osteoporosis, and warnings; home and posture take no part."""
    return could_be(
        agreed(_overall_high(world, warnings, person) for world in worlds).truth,
        agreed(any_of(_reached(world, each, "moderate") for each in ("falls", "bone")) for world in worlds).truth,
    )


def _overall_high(world: World, warnings: tuple[Warning, ...], person: Person) -> Finding:
    urgent = any(warning.urgency != "soon" for warning in warnings)
    return any_of(
        (
            _reached(world, "falls", "high"),
            _reached(world, "bone", "high"),
            world.is_("about.known-osteoporosis", "yes"),
            world.is_("about.spine-fracture-now", "yes"),
            Finding(True if urgent else None if person.signs is None else False),
        )
    )


def _reached(world: World, checklist: str, level: str) -> Finding:
    return world.level(checklist, level) if checklist in world.levels else Finding(None)


def _hold(warnings: tuple[Warning, ...], world: World) -> tuple[Because, ...]:
    """Why no exercise may come first and no test is offered; empty where nothing holds it back."""
    urgent = (because for warning in warnings if warning.urgency != "soon" for because in warning.because)
    about = (
        Because(checklist="about", link_id=link_id)
        for link_id in ("spine-fracture-now", "hospital-past-3-months")
        if world.person.about.get(link_id) in ("yes", "unsure")
    )
    return tuple(dict.fromkeys((*urgent, *about)))


def _tools(worlds: tuple[World, ...], person: Person) -> dict[str, Any]:
    """Each tool field by field: what every world agrees on, None where they differ."""
    falls = [measured(world) if "falls" in person.answers else {} for world in worlds]
    bones = [indices(world) if "bone" in person.answers else {} for world in worlds]
    tools: dict[str, Any] = {}
    for name in ("tug", "tandem", "gait", "chair_stand", "orthostatic"):
        if name in falls[0]:
            tools[name] = _same_fields([dict(each[name]) for each in falls])
    if "falls" in person.answers:
        tools["wfg"] = _same([world_falls_guidelines(world) for world in worlds])
    for name in ("ost", "orai", "osiris"):
        present = [each[name] for each in bones if name in each]
        if present:
            everywhere = len(present) == len(bones)
            tools[name] = _same_fields(present) if everywhere else {"value": None, "positive": None}
    if "bone" in person.answers:
        if worlds[0].person.about.get("sex") == "male" and "ost" in tools:
            tools["ost"]["less_certain"] = True
        if "height_loss_cm" in bones[0]:
            tools["height_loss_cm"] = bones[0]["height_loss_cm"]
        tools["dxa"] = _dxa([each["dxa"] for each in bones])
    return tools


def _dxa(found: list[dict[str, Any]]) -> dict[str, Any]:
    due = _same([each["due"] for each in found])
    return {
        "due": due,
        "why": [why for why in found[0]["why"] if due and all(why in each["why"] for each in found)],
    }


def _same_fields(found: list[dict[str, Any]]) -> dict[str, Any]:
    return {field: _same([each[field] for each in found]) for field in found[0]}


def _same(values: list[Any]) -> Any:
    return values[0] if all(value == values[0] for value in values) else None
