"""A record ⇄ the forms that hold it: one a list, one of warning signs, one of measures, each a value by link id."""

from collections.abc import Mapping
from typing import Any

from checklists.files.definitions import Definitions
from checklists.files.grammar import FALLS
from checklists.rules.person import UNABLE, Person
from reports.exports.fhir.codes import NONE, sign_code

SIGNS, MEASURES = "warning-signs", "measures"
UNABLE_ENDING = "-unable"
PRESSURES, PAIR = ("lying", "min1", "min3"), ("systolic", "diastolic")
Filled = dict[str, Any]


def names_of(definitions: Definitions) -> tuple[str, ...]:
    """Every form."""
    return (SIGNS, *definitions.list_ids, MEASURES)


def version_of(definitions: Definitions, name: str) -> str:
    """The version of a form: that of the file it comes from."""
    if name == SIGNS:
        return definitions.warning_signs.version
    return definitions.part_of(FALLS if name == MEASURES else name).version


def filled(definitions: Definitions, person: Person) -> dict[str, Filled]:
    """The forms that this person filled in; a list that was taken is there, though nothing in it was answered."""
    forms: dict[str, Filled] = {}
    if person.signs or (person.signs is not None and not person.unasked_signs):
        forms[SIGNS] = {SIGNS: [sign_code(definitions.sign_of[each]) for each in sorted(person.signs)] or [NONE]}
    if person.about:
        forms["about"] = dict(person.about)
    forms |= {name: dict(answers) for name, answers in person.answers.items()}
    if person.measures:
        forms[MEASURES] = _flat(person.measures)
    return forms


def record_of_forms(definitions: Definitions, forms: Mapping[str, Filled]) -> dict[str, Any]:
    """The record as `flask assess` reads it; nothing in it is judged here."""
    answers = {name: forms[name] for name in definitions.list_ids if name in forms}
    record: dict[str, Any] = {"answers": answers} if answers else {}
    if SIGNS in forms:
        ticked = forms[SIGNS].get(SIGNS)
        if ticked is not None:
            record[SIGNS] = [_sign(definitions, code) for code in ticked if code != NONE]
    if forms.get(MEASURES):
        record[MEASURES] = _nested(forms[MEASURES])
    return record


def _sign(definitions: Definitions, code: str) -> str:
    return next((each.id for each in definitions.warning_signs.signs if sign_code(each) == code), code)


def _flat(measures: Mapping[str, Any]) -> Filled:
    flat: Filled = {}
    for link_id, value in measures.items():
        if value == UNABLE:
            flat[link_id + UNABLE_ENDING] = True
        elif isinstance(value, Mapping):
            for name, each in value.items():
                parts = zip(PAIR, each, strict=True) if name in PRESSURES and each else ()
                flat |= {f"{link_id}-{name}-{part}": number for part, number in parts}
            if value.get("dizzy") is not None:
                flat[f"{link_id}-dizzy"] = value["dizzy"]
        else:
            flat[link_id] = value
    return flat


def _nested(flat: Filled) -> dict[str, Any]:
    measures: dict[str, Any] = {}
    for link_id, value in flat.items():
        if link_id.endswith(UNABLE_ENDING):
            if value:
                measures[link_id.removesuffix(UNABLE_ENDING)] = UNABLE
        elif link_id.startswith("bp-"):
            _, name, *part = link_id.split("-")
            pressure = measures.setdefault("bp", {})
            if part:
                pressure.setdefault(name, [None, None])[PAIR.index(part[0])] = value
            else:
                pressure[name] = value
        else:
            measures[link_id] = value
    return measures
