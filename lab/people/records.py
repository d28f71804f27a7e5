"""Distinct, full records from a fixed seed: every question of every list answered, as people would."""

import json
import random
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any

from checklists import Definitions, load_definitions, read_person
from checklists.files.model import Question
from checklists.rules.facts import base_world, unasked
from checklists.rules.person import Person

DAY = "2026-11-22"
_shipped = cache(load_definitions)


def records(count: int, seed: int = 20261122) -> Iterator[dict[str, Any]]:
    """`count` records as plain JSON values, no two alike."""
    known, chance = _shipped(), random.Random(seed)
    seen: set[str] = set()
    while len(seen) < count:
        record = _record(known, chance)
        text = json.dumps(record, sort_keys=True)
        if text not in seen:
            seen.add(text)
            yield record


def person(definitions: Definitions, record: dict[str, Any]) -> Person:
    """A record as the rules read it."""
    return read_person(definitions, json.loads(json.dumps(record), parse_float=Decimal))


def _record(known: Definitions, chance: random.Random) -> dict[str, Any]:
    rate = chance.choice((0.04, 0.08, 0.14))
    answers: dict[str, dict[str, Any]] = {
        name: {question.link_id: _answer(question, chance, rate) for question in questions}
        for name, questions in known.questions.items()
    }
    answers["about"]["age"] = chance.randint(60, 95)
    answers["bone"]["tallest-height-cm"] = answers["bone"]["height-cm"] + chance.randint(0, 9)
    _put_aside(known, answers)
    ticked = ["back-pain-fever"] if chance.random() < 0.02 else []
    return {"today": DAY, "warning-signs": ticked, "answers": answers, "measures": _measures(chance)}


def _answer(question: Question, chance: random.Random, rate: float) -> Any:
    if question.answers == "whole-number":
        return chance.randint(60, 95)
    if question.answers == "decimal":
        return round(chance.uniform(45, 95), 1) if question.unit == "kg" else chance.randint(148, 188)
    if question.options:
        return chance.choice(question.allowed)
    draw = chance.random()
    if draw < rate:
        return "no" if question.habit else "yes"
    if draw < rate + 0.03:
        return "unsure"
    if draw < rate + 0.06 and "not-here" in question.allowed:
        return "not-here"
    return "yes" if question.habit else "no"


def _put_aside(known: Definitions, answers: dict[str, dict[str, Any]]) -> None:
    """Follow-ups whose condition is no are not answered."""
    values = Person(answers={name: each for name, each in answers.items() if name != "about"}, about=answers["about"])
    for fact, _ in tuple(unasked(base_world(known, values))):
        name, link_id = fact.split(".", 1)
        answers[name].pop(link_id, None)


def _measures(chance: random.Random) -> dict[str, Any]:
    measures: dict[str, Any] = {}
    if chance.random() < 0.5:
        measures["tug-seconds"] = round(chance.uniform(7, 25), 1)
    if chance.random() < 0.3:
        measures["chair-stands"] = chance.randint(0, 18)
    if chance.random() < 0.2:
        measures["bp"] = {"lying": [140, 80], "min1": [chance.randint(100, 140), 76]}
    return measures
