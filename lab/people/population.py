"""2,000 synthetic people from a fixed seed, with published prevalences (population.yaml); each is given a plan."""

import math
import random
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from checklists import Assessment, Definitions, assess
from checklists.files.grammar import NOT_HERE
from checklists.files.model import Question
from checklists.rules.facts import base_world, unasked
from checklists.rules.person import Person
from lab.people.records import DAY, person
from reports.plan.build import ActionPlan, build_plan

SEXES = ("female", "male")

Record = dict[str, Any]
Answers = dict[str, dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Someone:
    """Who answers. `frailty` is the one hidden value: 0 for the average of one's sex and band, its spread is 1."""

    number: int
    age: int
    sex: str
    band: int
    frailty: float


@dataclass(frozen=True, kw_only=True)
class PlannedPerson:
    """Someone with their answers, levels and plan."""

    someone: Someone
    person: Person
    assessment: Assessment
    plan: ActionPlan

    def level(self, of: str) -> str:
        """The level of a checklist or of `overall`; not-known where more than one is possible."""
        if of == "overall":
            return self.assessment.risk_level or "not-known"
        found = next(each for each in self.assessment.checklists if each.id == of)
        return found.risk_level or "not-known"


@cache
def published() -> dict[str, Any]:
    """The prevalences, each with its source."""
    found: dict[str, Any] = yaml.load(Path(__file__).with_suffix(".yaml").read_bytes(), Loader=yaml.CSafeLoader)
    return found


def people(known: Definitions) -> Iterator[tuple[Someone, Record]]:
    """Everybody with a record that the rules can read; the same ones every time."""
    for number in range(published()["people"]["count"]):
        someone = _someone(number)
        answers = _answers(known, someone)
        _put_aside(known, answers)
        yield someone, {"today": DAY, "warning-signs": _signs(known, someone), "answers": answers}


def _chance(number: int, what: str) -> random.Random:
    """Chance of its own for each question of each person: a question that comes or goes changes no other answer."""
    return random.Random(f"{published()['people']['seed']} {number} {what}")


def _someone(number: int) -> Someone:
    shares, chance = published()["people"], _chance(number, "who")
    groups = [(sex, band) for sex in SEXES for band in range(3)]
    sex, band = chance.choices(groups, [shares["percent"][sex][band] for sex, band in groups])[0]
    age = shares["from_age"][band] + int(10 * chance.random() ** shares["decline"])
    return Someone(number=number, age=age, sex=sex, band=band, frailty=chance.gauss(0, 1))


def _answers(known: Definitions, someone: Someone) -> Answers:
    answers: Answers = {name: {} for name in known.questions}
    for name, asked in known.asked.items():
        for fact, question in asked:
            answers[name][question.link_id] = _answer(known, someone, fact, question, answers)
    answers["about"]["age"] = someone.age
    unsure = _chance(someone.number, "sex").random() * 100 < published()["people"]["sex_unsure"]
    answers["about"]["sex"] = "unsure" if unsure else someone.sex
    _size(someone, answers["bone"])
    _agree(someone, answers)
    return answers


def _answer(known: Definitions, someone: Someone, fact: str, question: Question, answers: Answers) -> Any:
    chance = _chance(someone.number, fact)
    osteoporosis = answers["about"].get("known-osteoporosis") == "yes"
    if question.options:
        return _choice(chance, fact, question, osteoporosis)
    row = published()["rows"].get(fact) or published()["others"][fact.split(".", 1)[0]]
    holds = _holds(someone, chance, row, osteoporosis)
    if chance.random() * 100 < row.get("unsure", published()["people"]["unsure"]):
        return "unsure"
    if NOT_HERE in question.allowed and _is_not_here(known, someone, question, chance):
        return NOT_HERE
    return "yes" if holds else "no"


def _holds(someone: Someone, chance: random.Random, row: dict[str, Any], osteoporosis: bool) -> bool:
    """A threshold on frailty and a person's own rest, mixed so that the share stays as published whatever the pull."""
    percent = row.get("known-osteoporosis", row["percent"]) if osteoporosis else row["percent"]
    share = (percent[someone.sex][someone.band] if isinstance(percent, dict) else percent) / 100
    mixed = row["pull"] * someone.frailty + math.sqrt(1 - row["pull"] ** 2) * chance.gauss(0, 1)
    return bool(mixed > -statistics.NormalDist().inv_cdf(share))


def _choice(chance: random.Random, fact: str, question: Question, osteoporosis: bool) -> str:
    kinds = published()["choices"].get(fact)
    if kinds is None:
        return chance.choice(question.allowed)
    shares = kinds["known-osteoporosis" if osteoporosis else "others"]
    return str(chance.choices(list(shares), list(shares.values()))[0])


def _is_not_here(known: Definitions, someone: Someone, question: Question, chance: random.Random) -> bool:
    """A whole part of a home is there or not, for all of its questions alike."""
    part = _part_of(known, question.link_id)
    missing = published()["people"]["parts_not_here"].get(part, 0)
    if _chance(someone.number, f"part {part}").random() * 100 < missing:
        return True
    return bool(chance.random() * 100 < published()["people"]["not_here"])


def _part_of(known: Definitions, link_id: str) -> str:
    sections = known.checklist_of["home"].sections
    return next(each.id for each in sections if link_id in {question.link_id for question in each.questions})


def _size(someone: Someone, bone: dict[str, Any]) -> None:
    """Height, weight and tallest height, nobody ever shorter than now; who is not sure leaves a number out."""
    sizes, normal = published()["sizes"], _chance(someone.number, "size").gauss
    height, weight, loss = (sizes[each] for each in ("height-cm", "weight-kg", "height-loss-cm"))
    mean, spread = weight["mean"][someone.sex][someone.band], weight["spread"][someone.sex]
    now = round(_about(someone, height, normal))
    seen = {
        "weight-kg": round(mean * math.exp(spread * normal(0, 1) - spread**2 / 2), 1),
        "height-cm": now,
        "tallest-height-cm": now + max(0, round(_about(someone, loss, normal))),
    }
    for link_id, value in seen.items():
        if bone.pop(link_id) != "unsure":
            bone[link_id] = value


def _about(someone: Someone, size: dict[str, Any], normal: Callable[[float, float], float]) -> float:
    return normal(size["mean"][someone.sex][someone.band], size["spread"][someone.sex])


def _agree(someone: Someone, answers: Answers) -> None:
    """What follows from an answer by its meaning alone, which the definitions do not ask for.

    Who cannot walk is the same person where the question is not asked yet.
    """
    about, bone = answers["about"], answers["bone"]
    if about["spine-fracture-now"] == "yes":
        about["known-osteoporosis"] = bone["broke-bone-after-50"] = "yes"
    if "yes" in (bone["menopause-before-45"], bone["on-estrogen"]):
        bone["postmenopausal"] = "yes"
    fact = "about.cannot-walk"
    if _holds(someone, _chance(someone.number, fact), published()["rows"][fact], False):
        bone["weight-bearing-exercise"] = "no"


def _put_aside(known: Definitions, answers: Answers) -> None:
    """Follow-ups are not answered where their condition is no, nor by who is not sure of it: a yes would decide it."""
    values = Person(answers={name: each for name, each in answers.items() if name != "about"}, about=answers["about"])
    for fact in [*(fact for fact, _ in unasked(base_world(known, values))), *_of_unsure(known, values)]:
        name, link_id = fact.split(".", 1)
        answers[name].pop(link_id, None)


def _of_unsure(known: Definitions, values: Person) -> Iterator[str]:
    for name, asked in known.conditional.items():
        for fact, question in asked:
            parent = question.enable_when.is_[0] if question.enable_when and question.enable_when.is_ else None
            if parent and values.answer(parent if "." in parent else f"{name}.{parent}") == "unsure":
                yield fact


def _signs(known: Definitions, someone: Someone) -> list[str]:
    chance = _chance(someone.number, "signs")
    ticked = chance.random() * 100 < published()["people"]["warning_sign"]
    signs = [sign.id for sign in known.warning_signs.signs if sign.ask and sign.urgency != "now"]
    return [chance.choice(signs)] if ticked else []


def judge(known: Definitions, someone: Someone, record: Record) -> PlannedPerson:
    """What the rules and the plan make of somebody."""
    values = person(known, record)
    assessment = assess(known, values)
    plan = build_plan(known, assessment, today=date.fromisoformat(DAY))
    return PlannedPerson(someone=someone, person=values, assessment=assessment, plan=plan)
