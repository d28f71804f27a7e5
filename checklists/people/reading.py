"""One person in: a JSON object judged against the definitions, every fault at once."""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import Any

from checklists.files.definitions import Definitions
from checklists.files.model import Measure, Question
from checklists.people.label import LABEL, label_fault, label_of
from checklists.people.quoting import joined, named, shown
from checklists.people.sentence import Sentence, at
from checklists.rules.facts import contradictions
from checklists.rules.person import UNABLE, AnswerValue, Person
from checklists.rules.tools import TALLEST_MAY_BE_BELOW_CM

NO_ANSWERS = Sentence('the record has neither a checklist nor "warning-signs"; give at least one of them')
PAIR = "[120, 80]"
_TENTH = Decimal("0.1")
_YEARS = range(2000, 2200)
_DAY = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


class PersonError(ValueError):
    """A record that cannot be assessed; `faults` names each place, what stands there and what may."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(joined(faults))
        self.faults = tuple(faults)


def read_person(definitions: Definitions, record: object) -> Person:
    """The Person in a record of plain JSON values, whose numbers are int or Decimal.

    :raises PersonError: with every fault of the record
    """
    if not isinstance(record, dict):
        raise PersonError([Sentence("the record is not a JSON object; write {…}")])
    if "resourceType" in record:
        kind = shown(record["resourceType"])
        raise PersonError(
            [Sentence("this is FHIR (%(kind)s); flask people import makes a record of its answers", kind=kind)]
        )
    faults: list[str] = []
    faults += _unknown_keys(record, (LABEL, "today", "warning-signs", "answers", "measures"), "")
    faults += filter(None, [label_fault(record.get(LABEL))])
    today = _today(record.get("today"), faults)
    signs = _signs(definitions, record.get("warning-signs"), faults)
    lists = _object(record.get("answers"), "answers", faults)
    faults += _unknown_keys(lists, definitions.list_ids, "answers.")
    about = _answers(definitions.by_link_id["about"], lists.get("about"), "answers.about", faults)
    answers = {
        checklist.id: _answers(
            definitions.by_link_id[checklist.id], lists[checklist.id], f"answers.{checklist.id}", faults
        )
        for checklist in definitions.checklists
        if lists.get(checklist.id) is not None
    }
    measures = _measures(definitions, record.get("measures"), faults)
    if _says_nothing(definitions, record, lists):
        faults.append(NO_ANSWERS)
    person = Person(answers=answers, about=about, measures=measures, signs=signs, today=today, label=label_of(record))
    faults += _contradictions(person)
    faults += _conditions(definitions, person)
    if faults:
        raise PersonError(faults)
    return person


def _says_nothing(definitions: Definitions, record: dict[str, Any], lists: Mapping[str, Any]) -> bool:
    taken = any(lists.get(checklist) is not None for checklist in definitions.checklist_of)
    return not taken and record.get("warning-signs") is None


def _unknown_keys(found: Mapping[str, Any], known: Collection[str], place: str) -> list[str]:
    return [at(f"{place}{named(key)}", Sentence("there is no such key")) for key in found if key not in known]


def _object(value: object, place: str, faults: list[str]) -> dict[str, Any]:
    if value is None:
        return {}
    if isinstance(value, dict):
        return value
    faults.append(at(place, Sentence("%(value)s is not an object; write {…}", value=shown(value))))
    return {}


def _today(value: object, faults: list[str]) -> date | None:
    if value is None:
        return None
    try:
        if isinstance(value, str) and _DAY.match(value) and date.fromisoformat(value).year in _YEARS:
            return date.fromisoformat(value)
    except ValueError:
        pass
    faults.append(at("today", Sentence("%(value)s is not a day; write it like 2026-11-22", value=shown(value))))
    return None


def _signs(definitions: Definitions, value: object, faults: list[str]) -> frozenset[str] | None:
    if value is None:
        return None
    if not isinstance(value, list):
        fault = Sentence("%(value)s is not a list; write [] for none of these", value=shown(value))
        faults.append(at("warning-signs", fault))
        return None
    known = {sign.id for sign in definitions.warning_signs.signs if sign.ask}
    for sign in value:
        if not isinstance(sign, str) or sign not in known:
            faults.append(
                at("warning-signs", Sentence("%(value)s is not a sign that can be ticked", value=shown(sign)))
            )
    return frozenset(sign for sign in value if isinstance(sign, str))


def _answers(questions: Mapping[str, Question], value: object, place: str, faults: list[str]) -> dict[str, AnswerValue]:
    values = _object(value, place, faults)
    faults += _unknown_keys(values, questions, f"{place}.")
    answers: dict[str, AnswerValue] = {}
    for link_id, question in questions.items():
        answer = values.get(link_id)
        if answer is None:
            continue
        fault = answer_fault(question, answer)
        if fault:
            faults.append(at(f"{place}.{link_id}", fault))
        else:
            answers[link_id] = answer
    return answers


def answer_fault(question: Question, answer: object) -> str | None:
    """What is wrong with one answer, as the end of a sentence, or None."""
    if question.answers in ("whole-number", "decimal"):
        return _number_fault(answer, question.low, question.high, whole=question.answers == "whole-number", places=1)
    if not isinstance(answer, str) or answer not in question.allowed:
        return _none_of(answer, *question.allowed)
    return None


def _none_of(value: object, *allowed: str) -> Sentence:
    return Sentence("%(value)s is not one of %(allowed)s", value=shown(value), allowed=allowed)


def _number_fault(
    value: object, low: Decimal | None, high: Decimal | None, *, whole: bool, places: int | None = None
) -> Sentence | None:
    it = shown(value)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return Sentence("%(value)s is not a number", value=it)
    if whole and not isinstance(value, int):
        return Sentence("%(value)s is not a whole number; write it without point or exponent", value=it)
    if isinstance(value, Decimal) and not value.is_finite():
        return Sentence("%(value)s is not a number", value=it)
    if (low is not None and value < low) or (high is not None and value > high):
        return Sentence("%(value)s is not between %(low)s and %(high)s", value=it, low=str(low), high=str(high))
    if places is not None and isinstance(value, Decimal) and value != value.quantize(_TENTH):
        return Sentence("%(value)s has more than one decimal", value=it)
    return None


def _measures(definitions: Definitions, value: object, faults: list[str]) -> dict[str, Any]:
    values = _object(value, "measures", faults)
    faults += _unknown_keys(values, definitions.measure_of, "measures.")
    measures: dict[str, Any] = {}
    for link_id, measure in definitions.measure_of.items():
        if values.get(link_id) is None:
            continue
        found = list(_measure_faults(measure, values[link_id], f"measures.{link_id}"))
        faults += found
        if not found:
            measures[link_id] = values[link_id]
    return measures


def _measure_faults(measure: Measure, value: object, place: str) -> Iterator[str]:
    if measure.kind == "yes-no":
        if value not in ("yes", "no"):
            yield at(place, _none_of(value, "yes", "no"))
    elif measure.kind == "blood-pressure":
        yield from _blood_pressure_faults(value, place)
    elif isinstance(value, str) and value == UNABLE:
        return
    elif isinstance(value, str):
        yield at(place, Sentence('%(value)s is neither a number nor "unable"', value=shown(value)))
    elif fault := _number_fault(value, measure.low, measure.high, whole=measure.kind == "count"):
        yield at(place, fault)


def _blood_pressure_faults(value: object, place: str) -> Iterator[str]:
    if not isinstance(value, dict):
        fault = Sentence(
            '%(value)s is not an object; write {"lying": [120, 80], "min1": [118, 78]}', value=shown(value)
        )
        yield at(place, fault)
        return
    yield from _unknown_keys(value, ("lying", "min1", "min3", "dizzy"), f"{place}.")
    if value.get("lying") is None:
        yield at(f"{place}.lying", Sentence("is missing; write it like %(pair)s", pair=PAIR))
    if value.get("min1") is None and value.get("min3") is None:
        yield at(place, Sentence("give min1 or min3, measured standing"))
    for key in ("lying", "min1", "min3"):
        if value.get(key) is not None:
            yield from _pair_faults(value[key], f"{place}.{key}")
    if value.get("dizzy") is not None and value["dizzy"] not in ("yes", "no"):
        yield at(f"{place}.dizzy", _none_of(value["dizzy"], "yes", "no"))


def _pair_faults(pair: object, place: str) -> Iterator[str]:
    if not isinstance(pair, list) or len(pair) != 2:
        yield at(place, Sentence("%(value)s is not a pair; write it like %(pair)s", value=shown(pair), pair=PAIR))
        return
    faults = [
        fault
        for value, low, high in zip(pair, (50, 20), (300, 200), strict=True)
        if (fault := _number_fault(value, Decimal(low), Decimal(high), whole=True))
    ]
    yield from (at(place, fault) for fault in faults)
    if not faults and pair[1] >= pair[0]:
        low = Sentence("diastolic %(low)s is not lower than systolic %(high)s", low=pair[1], high=pair[0])
        yield at(place, low)


def _contradictions(person: Person) -> Iterator[str]:
    now, tallest = person.answer("bone.height-cm"), person.answer("bone.tallest-height-cm")
    if not (isinstance(now, int | Decimal) and isinstance(tallest, int | Decimal)):
        return
    if now - tallest > TALLEST_MAY_BE_BELOW_CM:
        fault = Sentence(
            "%(tallest)s is more than %(most)s cm below %(key)s %(now)s; the tallest height cannot be below it",
            tallest=str(tallest),
            most=str(TALLEST_MAY_BE_BELOW_CM),
            key="answers.bone.height-cm",
            now=str(now),
        )
        yield at("answers.bone.tallest-height-cm", fault)


def _conditions(definitions: Definitions, person: Person) -> Iterator[str]:
    for fact, parents in contradictions(definitions, person):
        against = reduce(_and, (f"answers.{parent}: {shown(person.answer(parent))}" for parent in parents))
        fault = Sentence(
            "%(value)s does not fit %(others)s; change one of them, or write no or unsure",
            value=shown(person.answer(fact)),
            others=against,
        )
        yield at(f"answers.{fact}", fault)


def _and(one: str, other: str) -> Sentence:
    return Sentence("%(one)s and %(other)s", one=one, other=other)
