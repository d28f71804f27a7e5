"""Answers back from a record system: QuestionnaireResponses of our forms → the record that `flask assess` reads.

Every fault is told by its place, an item that nobody knows too, and nothing is taken from a response that has one.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from checklists.files.definitions import Definitions
from checklists.people.quoting import named, shown
from checklists.people.reading import PersonError, read_person
from checklists.people.sentence import Sentence, at
from reports.exports.fhir.codes import NONE, Json, number
from reports.exports.fhir.forms import SIGNS, UNABLE_ENDING, Filled, record_of_forms
from reports.exports.fhir.questionnaires import SCORE, address
from reports.exports.fhir.responses import RESPONSE

SHIPPED = ("2026.1", "2026.2")
"""Every version of our forms that was ever sent; a later one has all items of an earlier one."""
_DEEPEST = 8
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(T|$)")
_TAKEN = ("completed", "amended", "in-progress")
_REFERENCES = ("subject", "source", "author", "encounter")
_VALUES = {"choice": ("valueCoding",), "boolean": ("valueBoolean",), "integer": ("valueInteger",)}
_NUMBERS = ("valueDecimal", "valueInteger")
_NOT_ANSWERS = ("group", "display")


def read_responses(definitions: Definitions, forms: Mapping[str, Json], value: Json) -> dict[str, Any]:
    """The record in a response, or in a bundle of one person's; numbers are int or float.

    :raises PersonError: with every fault
    """
    faults: list[str] = []
    found: dict[str, Filled] = {}
    days, people, days_of_signs = [], set(), set()
    for place, response in _responses(value, faults):
        form = _form(forms, response, place, faults)
        subject = response.get("subject")
        people.add(str(_of(subject, "reference") or json.dumps(subject, sort_keys=True, default=str)))
        days.append(_day(response, place, faults))
        faults += [*_references(response, place), *_not_understood(response, place)]
        if form is None:
            continue
        name, questionnaire = form
        if name in found:
            faults.append(at(place, Sentence("answers of %(form)s stand twice; keep one of them", form=name)))
            continue
        found[name] = _Reading(questionnaire, place, faults).answers(response.get("item"))
        if name == SIGNS:
            days_of_signs.add(days[-1])
    if days_of_signs - {max(days, default="")}:  # they hold for a day, whichever signs were ticked
        fault = Sentence("were not answered on %(day)s, as the newest answers were; ask them anew", day=max(days))
        faults.append(at(SIGNS, fault))
    if len(people) > 1:
        faults.append(Sentence("these are answers of %(count)s people; give each their own", count=len(people)))
    record = record_of_forms(definitions, found)
    if day := max(days, default=""):
        record = {"today": day, **record}
    if not faults:
        try:
            read_person(definitions, record)
        except PersonError as error:
            faults += error.faults
    if faults:
        raise PersonError(faults)
    plain: dict[str, Any] = _plain(record)
    return plain


def _responses(value: Json, faults: list[str]) -> Iterator[tuple[str, Json]]:
    """Each response with where it stands."""
    kind = value.get("resourceType")
    entries = value.get("entry")
    if kind == RESPONSE:
        yield "", value
        return
    within = []
    for n, each in enumerate(entries if isinstance(entries, list) else []):
        place, resource = f"entry[{n}]", _of(each, "resource")
        if not isinstance(resource, dict) or resource.get("resourceType") == "Bundle":
            unread = Sentence("%(value)s is no resource that is read here", value=shown(_of(resource, "resourceType")))
            faults.append(at(place, unread))
        elif resource.get("resourceType") == RESPONSE:
            within.append((place, resource))
    if kind != "Bundle" or not within:
        fault = "%(kind)s holds no answers; give a QuestionnaireResponse, or a Bundle with some"
        faults.append(at("resourceType", Sentence(fault, kind=shown(kind))))
    yield from within


def _of(value: object, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None


def _form(forms: Mapping[str, Json], response: Json, place: str, faults: list[str]) -> tuple[str, Json] | None:
    """The form that was answered; its address and version are ours."""
    if response.get("status") not in _TAKEN:
        fault = Sentence("%(value)s is not one of %(allowed)s", value=shown(response.get("status")), allowed=_TAKEN)
        faults.append(at(_join(place, "status"), fault))
    canonical = response.get("questionnaire")
    where, _, version = str(canonical).partition("|")
    name = next((each for each in forms if address(each) == where), None)
    if name is None:
        names = tuple(address(each) for each in forms)
        fault = Sentence("%(value)s is no form of ours; those are %(forms)s", value=shown(canonical), forms=names)
    elif version not in SHIPPED:
        fault = Sentence(
            "%(value)s names no version that we sent; those are %(versions)s",
            value=shown(canonical)[-40:],
            versions=SHIPPED,
        )
    else:
        return name, forms[name]
    faults.append(at(_join(place, "questionnaire"), fault))
    return None


def _references(response: Json, place: str) -> Iterator[str]:
    """References into the response itself that lead nowhere."""
    contained = response.get("contained")
    there = {f"#{_of(each, 'id')}" for each in (contained if isinstance(contained, list) else [])}
    for key in _REFERENCES:
        reference = _of(response.get(key), "reference")
        if isinstance(reference, str) and reference.startswith("#") and reference not in there:
            fault = Sentence("%(value)s is not contained", value=shown(reference))
            yield at(_join(place, f"{key}.reference"), fault)


def _not_understood(element: Json, place: str) -> Iterator[str]:
    """What may turn the meaning of an element into another one, so that nobody may read it who does not know it."""
    if element.get("modifierExtension"):
        yield at(_join(place, "modifierExtension"), Sentence("is not understood here"))


def _day(response: Json, place: str, faults: list[str]) -> str:
    """The day on which it was written; nothing where that is not said."""
    authored = response.get("authored")
    if authored is None:
        return ""
    if not isinstance(authored, str) or not _DAY.match(authored):
        fault = Sentence("%(value)s is not a day; write it like 2026-11-22", value=shown(authored))
        faults.append(at(_join(place, "authored"), fault))
        return ""
    return authored[:10]


def _join(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key


@dataclass
class _Reading:
    """The answers of one form while they are read."""

    questionnaire: Json
    place: str
    faults: list[str]
    found: Filled = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.items = {each["linkId"]: each for each in _all(self.questionnaire["item"])}

    def answers(self, items: object) -> Filled:
        """Every answer by its link id."""
        seen: set[str] = set()
        self._items(items, _join(self.place, "item"), seen, 1)
        for link_id in self.found:
            if self.found.get(link_id + UNABLE_ENDING) is True:
                self._fault(link_id, Sentence("has a number and was not managed; keep one of them"))
        return self.found

    def _fault(self, place: str, fault: str) -> None:
        self.faults.append(at(place, fault))

    def _items(self, items: object, place: str, seen: set[str], depth: int) -> None:
        if items is None:
            return
        if not isinstance(items, list):
            self._fault(place, Sentence("%(value)s is not a list", value=shown(items)))
        elif depth > _DEEPEST:
            self._fault(place, Sentence("is nested too deeply"))
        else:
            for number_, item in enumerate(items):
                self._item(item, f"{place}[{number_}]", seen, depth)

    def _item(self, item: object, place: str, seen: set[str], depth: int) -> None:
        link_id = _of(item, "linkId")
        asked = self.items.get(link_id) if isinstance(link_id, str) else None
        if not isinstance(item, dict) or asked is None:
            name = named(link_id) if isinstance(link_id, str) else shown(link_id)
            form = f"{self.questionnaire['name']} {self.questionnaire['version']}"
            self._fault(place, Sentence("%(item)s is no item of %(form)s", item=name, form=form))
            return
        place = f"{place} ({link_id})"
        self.faults += _not_understood(item, place)
        if link_id in seen:
            self._fault(place, Sentence("stands twice; keep one of them"))
            return
        seen.add(asked["linkId"])
        answers = item.get("answer")
        self._items(item.get("item"), f"{place}.item", seen, depth + 1)
        if answers is None:
            return
        if not isinstance(answers, list) or not all(isinstance(each, dict) for each in answers):
            self._fault(place, Sentence("%(value)s is not a list of answers", value=shown(answers)))
            return
        for each in answers:
            self._items(each.get("item"), f"{place}.answer.item", seen, depth + 1)
        if asked["linkId"] != SCORE:  # what a program added up is no answer
            self._answer(asked, answers, place)

    def _answer(self, asked: Json, answers: list[Json], place: str) -> None:
        repeats = asked.get("repeats") is True
        if asked["type"] in _NOT_ANSWERS or (len(answers) != 1 and not repeats):
            allowed = 0 if asked["type"] in _NOT_ANSWERS else 1
            self._fault(
                place, Sentence("has %(count)s answers; %(most)s may be there", count=len(answers), most=allowed)
            )
            return
        for each in answers:
            self.faults += _not_understood(each, f"{place}.answer")
        values = [value for each in answers if (value := self._value(asked, each, place)) is not None]
        if NONE in values and len(set(values)) > 1:
            self._fault(place, Sentence("%(none)s stands beside another answer; keep one of them", none=NONE))
        elif len(values) == len(answers):
            self.found[asked["linkId"]] = values if repeats else values[0]

    def _value(self, asked: Json, answer: Json, place: str) -> Any:
        """What was answered; None where that is a fault."""
        allowed = _VALUES.get(asked["type"], _NUMBERS)
        keys = [key for key in answer if key.startswith("value")]
        if len(keys) != 1 or keys[0] not in allowed:
            what = tuple(keys) or ("no value",)
            self._fault(place, Sentence("has %(what)s; give %(allowed)s", what=what, allowed=allowed))
            return None
        value = answer[keys[0]]
        if asked["type"] == "boolean" and not isinstance(value, bool):
            allowed = ("true", "false")
            self._fault(place, Sentence("%(value)s is not one of %(allowed)s", value=shown(value), allowed=allowed))
            return None
        if asked["type"] != "choice":
            return value
        codings = [each["valueCoding"] for each in asked["answerOption"]]
        for each in codings:
            if _of(value, "code") == each["code"] and _of(value, "system") in (None, each["system"]):
                return each["code"]
        codes = tuple(each["code"] for each in codings)
        code = shown(_of(value, "code"))
        self._fault(place, Sentence("%(value)s is not one of %(allowed)s", value=code, allowed=codes))
        return None


def _all(items: list[Json]) -> Iterator[Json]:
    for each in items:
        yield each
        yield from _all(each.get("item", []))


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value
