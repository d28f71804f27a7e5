"""The tests of balance, legs and blood pressure: measures in, tool results and facts out."""

from decimal import Decimal
from typing import Any

from checklists.files.grammar import FALLS
from checklists.files.logic import any_of, evaluate
from checklists.rules.facts import World
from checklists.rules.person import UNABLE
from checklists.rules.tools import (
    DROP_DIASTOLIC_MMHG,
    DROP_SYSTOLIC_MMHG,
    SLOW_GAIT_M_S,
    TANDEM_SECONDS,
    TUG_AT_RISK_SECONDS,
    TUG_SLOW_SECONDS,
    stands_below_average,
)

Tool = dict[str, Any]
ON_FOOT = ("chair-stands", "tug-seconds", "gait-speed-m-s")
"""The tests of which "unable" says that a person needs help on their feet."""
KEY_QUESTIONS = ("falls.fell-past-year", "falls.unsteady-walking", "falls.worried-about-falling")


def measured(world: World) -> dict[str, Tool]:
    """The tools whose measure was made; each `at_risk` also becomes a fact of the world."""
    measures = world.person.measures
    tools: dict[str, Tool] = {}
    if "tug-seconds" in measures:
        tools["tug"] = _timed(world, "tug", "tug-seconds", lambda seconds: seconds >= TUG_AT_RISK_SECONDS)
    if "tandem-seconds" in measures:
        tools["tandem"] = _timed(world, "tandem", "tandem-seconds", lambda seconds: seconds < TANDEM_SECONDS)
    if "gait-speed-m-s" in measures:
        tools["gait"] = _gait(world)
    if "chair-stands" in measures or measures.get("chair-used-arms") == "yes":
        tools["chair_stand"] = _chair_stand(world)
    if "bp" in measures:
        tools["orthostatic"] = _orthostatic(world)
    world.values["measures.frailty"] = measures.get("frailty", "no")
    unable = tuple(f"measures.{each}" for each in ON_FOOT if measures.get(each) == UNABLE)
    _fact(world, "tools.not-managed", bool(unable), *unable)
    return tools


def world_falls_guidelines(world: World) -> str | None:
    """The World Falls Guidelines' level: low, intermediate, high, needs-gait-test, or None where unknown.

    Source: Montero-Odasso et al., Age Ageing 2022;51:afac205.
    """
    severity = evaluate(world.definitions.rule(FALLS, "high"), world, FALLS).truth
    if severity is not False:
        return "high" if severity else None
    if world.is_("about.cannot-walk", "yes").truth:
        return None  # its key question and its tests are about walking
    key = any_of(world.is_(question, "yes") for question in KEY_QUESTIONS).truth
    if key is not True:
        return "low" if key is False else None
    gait = world.person.measures.get("gait-speed-m-s")
    tug = world.person.measures.get("tug-seconds")
    if gait is None and tug is None:
        return "needs-gait-test"
    slow_gait = gait is not None and (gait == UNABLE or gait <= SLOW_GAIT_M_S)
    slow_tug = tug is not None and (tug == UNABLE or tug > TUG_SLOW_SECONDS)
    return "intermediate" if slow_gait or slow_tug else "low"


def _timed(world: World, tool: str, measure: str, at_risk: Any) -> Tool:
    value = world.person.measures[measure]
    risky = value == UNABLE or at_risk(value)
    _fact(world, f"tools.{tool}.at_risk", risky, f"measures.{measure}")
    return {"seconds": value, "at_risk": risky}


def _gait(world: World) -> Tool:
    value = world.person.measures["gait-speed-m-s"]
    risky = value == UNABLE or value <= SLOW_GAIT_M_S
    _fact(world, "tools.gait.at_risk", risky, "measures.gait-speed-m-s")
    return {"m_s": value, "at_risk": risky}


def _chair_stand(world: World) -> Tool:
    stands = world.person.measures.get("chair-stands")
    used = ["measures.chair-stands"] if stands is not None else []
    if stands != UNABLE and world.person.measures.get("chair-used-arms") == "yes":
        stands, used = 0, [*used, "measures.chair-used-arms"]
    if stands == UNABLE:
        below: bool | None = True
    else:
        age, sex = world.values.get("about.age"), world.values.get("about.sex")
        known = isinstance(age, Decimal)
        below = stands_below_average(int(stands), int(age), sex) if known else None  # type: ignore[arg-type]
        used += ["about.age"]
        if world.person.about.get("sex") in ("female", "male"):
            used.append("about.sex")
        if known and below is None:
            _fact(world, "tools.chair_stand.below_average", False)
            return {"count": stands, "below_average": None}
    _fact(world, "tools.chair_stand.below_average", below, *used)
    return {"count": stands, "below_average": below}


def _orthostatic(world: World) -> Tool:
    pressure = world.person.measures["bp"]
    standing = [pressure[key] for key in ("min1", "min3") if pressure.get(key) is not None]
    drop = [max(pressure["lying"][i] - pair[i] for pair in standing) for i in (0, 1)]
    positive = drop[0] >= DROP_SYSTOLIC_MMHG or drop[1] >= DROP_DIASTOLIC_MMHG or pressure.get("dizzy") == "yes"
    _fact(world, "tools.orthostatic.positive", positive, "measures.bp")
    return {"drop": drop, "positive": positive}


def _fact(world: World, fact: str, truth: bool | None, *because: str) -> None:
    world.values[fact] = None if truth is None else "yes" if truth else "no"
    world.because[fact] = because
