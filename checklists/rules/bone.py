"""OST, ORAI, OSIRIS, height loss and who should ask about a bone density test, with unknown answers kept unknown."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from checklists.files.logic import NO, UNKNOWN, Finding, all_of, any_of, negation
from checklists.rules.facts import World
from checklists.rules.tools import (
    HEIGHT_LOSS_CM,
    OST_FROM_AGE,
    Sex,
    body_mass_index_at_least_25,
    body_mass_index_at_most_20,
    orai,
    osiris,
    osteoporosis_self_assessment,
    osteoporosis_self_assessment_positive,
    plain,
)

LOW_WEIGHT_KG = Decimal("57.6")
_RISK_FACTORS = (
    "bone.parent-broke-hip",
    "bone.steroids-3-months",
    "bone.smokes",
    "bone.drinks-over-2-a-day",
    "bone.rheumatoid-arthritis",
    "bone.bone-thinning-condition",
    "bone.menopause-before-45",
)


def indices(world: World) -> dict[str, Any]:
    """The tools of the bone checklist in one world; their truths also become facts of the world."""
    tools: dict[str, Any] = {}
    for name, tool in (("ost", _ost(world)), ("orai", _orai(world)), ("osiris", _osiris(world))):
        if tool is not None:
            tools[name] = tool
    loss = _height_loss_cm(world)
    if loss is not None and loss >= HEIGHT_LOSS_CM:
        tools["height_loss_cm"] = loss
    tools["dxa"] = _bone_density_test(world)
    return tools


def _ost(world: World) -> dict[str, Any] | None:
    age, weight, sex = _age(world), _number(world, "bone.weight-kg"), _sex(world)
    if age is not None and age < OST_FROM_AGE:
        return None
    value = None if age is None or weight is None else osteoporosis_self_assessment(age, weight)
    positive = None if value is None else osteoporosis_self_assessment_positive(value, sex)
    _fact(world, "tools.ost.positive", positive, "about.age", "bone.weight-kg")
    return {"value": None if value is None else str(value), "positive": positive}


def _orai(world: World) -> dict[str, Any] | None:
    age, weight, estrogen = _age(world), _number(world, "bone.weight-kg"), _yes_no(world, "bone.on-estrogen")
    if _sex(world) == "male" or (age is not None and age < OST_FROM_AGE):
        return None
    if age is None or weight is None or estrogen is None:
        return {"value": None, "positive": None}
    value = orai(age, weight, estrogen)
    return {"value": str(value), "positive": value >= 9}


def _osiris(world: World) -> dict[str, Any] | None:
    age, weight, estrogen = _age(world), _number(world, "bone.weight-kg"), _yes_no(world, "bone.on-estrogen")
    postmenopausal = _yes_no(world, "bone.postmenopausal")
    if _sex(world) == "male" or (age is not None and age < OST_FROM_AGE) or postmenopausal is False:
        return None
    broke = _yes_no(world, "bone.broke-bone-after-50")
    if age is None or weight is None or estrogen is None or broke is None or postmenopausal is None:
        return {"value": None, "positive": None}
    value = osiris(age, weight, estrogen, broke)
    return {"value": plain(value), "positive": value < 1}


def _height_loss_cm(world: World) -> Decimal | None:
    """Tallest - now, or None where a height is unknown; also kept as a fact."""
    tallest, now = _number(world, "bone.tallest-height-cm"), _number(world, "bone.height-cm")
    loss = None if tallest is None or now is None else tallest - now
    world.values["tools.height_loss_cm"] = loss
    world.because["tools.height_loss_cm"] = ("bone.height-cm", "bone.tallest-height-cm")
    return loss


def _bone_density_test(world: World) -> dict[str, Any]:
    """Whether to ask about a DXA, and why.

    Source: USPSTF, JAMA 2025; BHOF 2022 (LeBoff et al., Osteoporos Int 33:2049).
    """
    risk = _risk_factor(world)
    _fact(world, "bone.risk-factor", risk.truth, *risk.because)
    not_lately = negation(world.is_("bone.dexa-past-2-years", "yes"))
    reasons = tuple(_reasons(world, risk))
    due = all_of((not_lately, any_of(finding for _, finding in reasons)))
    but_for_age = all_of(
        (not_lately, any_of(f for name, f in reasons if not (name == "age" and _sex(world) == "male")))
    )
    _fact(world, "tools.dxa.due", due.truth, *due.because)
    _fact(world, "bone.due-but-for-a-mans-age", but_for_age.truth, *but_for_age.because)
    return {"due": due.truth, "why": [name for name, finding in reasons if due.truth and finding.truth]}


def _risk_factor(world: World) -> Finding:
    weight, height = _number(world, "bone.weight-kg"), _number(world, "bone.height-cm")
    light = None if weight is None else weight < LOW_WEIGHT_KG
    thin = None if weight is None or height is None else body_mass_index_at_most_20(weight, height)
    low_weight = any_of((_finding(thin, "bone.weight-kg", "bone.height-cm"), _finding(light, "bone.weight-kg")))
    _fact(world, "bone.low-weight", low_weight.truth, *low_weight.because)
    heavier = None if weight is None or height is None else body_mass_index_at_least_25(weight, height)
    _fact(world, "bone.bmi-25-or-more", heavier, "bone.weight-kg", "bone.height-cm")
    return any_of((*(world.is_(fact, "yes") for fact in _RISK_FACTORS), low_weight))


def _reasons(world: World, risk: Finding) -> Iterator[tuple[str, Finding]]:
    """The reasons in the order in which they are listed; a woman's and a man's rule never both apply."""
    woman = _sex(world) == "female"
    postmenopausal = world.is_("bone.postmenopausal", "yes")
    if woman:
        yield "age", _age_between(world, 65)
    yield "fracture", all_of((_age_between(world, 50), world.is_("bone.broke-bone-after-50", "yes")))
    loss, because = world.number("tools.height_loss_cm")
    shorter = _finding(None if loss is None else loss >= HEIGHT_LOSS_CM, *because)
    yield "height-loss", all_of((_age_between(world, 50), shorter))
    yield "spine-fracture", all_of((_age_between(world, 50), world.is_("about.spine-fracture-now", "yes")))
    if woman:
        yield (
            "ost",
            all_of((postmenopausal, _age_between(world, 0, 64), world.is_("tools.ost.positive", "yes"))),
        )
        yield "risk-factor", all_of((postmenopausal, _age_between(world, 0, 64), risk))
    else:
        yield "risk-factor", all_of((_age_between(world, 50, 69), risk))
        yield "age", _age_between(world, 70)


def _age_between(world: World, low: int, high: int = 120) -> Finding:
    age = _age(world)
    used = ("about.age", "about.sex") if world.person.about.get("sex") in ("female", "male") else ("about.age",)
    return _finding(None if age is None else low <= age <= high, *used)


def _finding(truth: bool | None, *because: str) -> Finding:
    return UNKNOWN if truth is None else Finding(True, because) if truth else NO


def _fact(world: World, fact: str, truth: bool | None, *because: str) -> None:
    world.values[fact] = None if truth is None else "yes" if truth else "no"
    world.because[fact] = because


def _age(world: World) -> int | None:
    age = _number(world, "about.age")
    return None if age is None else int(age)


def _number(world: World, fact: str) -> Decimal | None:
    value = world.values.get(fact)
    return value if isinstance(value, Decimal) else None


def _yes_no(world: World, fact: str) -> bool | None:
    value = world.values.get(fact, "no")
    return None if value is None else value == "yes"


def _sex(world: World) -> Sex:
    return "female" if world.values["about.sex"] == "female" else "male"
