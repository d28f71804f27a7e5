"""Scores, levels, tools and measures as Observations; where something is unknown never as a bare number."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from checklists.files.grammar import FALLS
from checklists.rules.assessing import ChecklistResult, CouldBe
from checklists.rules.person import UNABLE
from reports.exports.fhir.case import Case
from reports.exports.fhir.codes import (
    FALL_RISK_LEVEL,
    HL7,
    LOINC,
    OWN,
    SEEN,
    Json,
    coding,
    hl7,
    own,
    quantity,
    system,
)
from reports.exports.fhir.forms import MEASURES, PAIR, PRESSURES, filled
from reports.exports.fhir.responses import RESPONSE
from reports.words.words import LEVELS

OBSERVATION = "Observation"
_SURVEY, _EXAM = "survey", "exam"
_UNKNOWN = hl7("data-absent-reason", "unknown")
_SIZES = {"about": {"age": ("age", "a")}, "bone": {"weight-kg": ("weight", "kg"), "height-cm": ("height", "cm")}}
_TIMED = {
    "tug": ("tug-seconds", "seconds", "s"),
    "tandem": ("tandem-seconds", "seconds", "s"),
    "gait": ("gait-speed-m-s", "m_s", "m/s"),
    "chair_stand": ("chair-stands", "count", "{#}"),
}
_FINDINGS = {True: "at-risk", False: "not-at-risk"}
_FINDING_NAMES = {"at-risk": "At risk by this test", "not-at-risk": "Not at risk by this test"}


def observations(case: Case) -> Iterator[Json]:
    """Everything that was found, each derived from the response that it comes from."""
    for result in case.assessment.checklists:
        yield from _of_list(case, result)
    yield _observed(case, "overall-level", (), **_level(case, case.assessment.overall))
    yield from _sizes(case)
    yield from _measured(case)
    yield from _tools(case)


def concept(case: Case, code: str) -> Json:
    """What is observed: another's code where one means the same, ours, and its name in the reader's language."""
    seen = [coding(LOINC, SEEN[code])] if code in SEEN else []
    return {"coding": [*seen, own(code)], "text": case.text(OWN[code])}


def level(case: Case, code: str) -> Json:
    """A level as our own code."""
    return {
        "coding": [coding(system("level"), code, LEVELS[code].lower())],  # type: ignore[index]
        "text": case.text(LEVELS[code]),  # type: ignore[index]
    }


def _of_list(case: Case, result: ChecklistResult) -> Iterator[Json]:
    title = case.words.definitions.checklist_of[result.id].title
    if result.score:
        low, high = (quantity(each, "{score}") for each in (result.score.low, result.score.high))
        value = {"valueQuantity": low} if low == high else {"valueRange": {"low": low, "high": high}}
        of = {"code": concept(case, "possible-points"), "valueQuantity": quantity(result.score.of, "{score}")}
        code = {"coding": [_of(result.id, "score")], "text": f"{title}: {case.text(OWN['score'])}"}
        yield _observed(case, f"{result.id}-score", (result.id,), code=code, known=low == high, component=[of], **value)
    seen = [coding(LOINC, FALL_RISK_LEVEL)] if result.id == FALLS else []
    code = {"coding": [*seen, _of(result.id, "level")], "text": f"{title}: {case.text(OWN['level'])}"}
    yield _observed(case, f"{result.id}-level", (result.id, "about"), code=code, **_level(case, result.could_be))


def _of(checklist: str, what: str) -> Json:
    return coding(system("result"), f"{checklist}-{what}", f"{checklist.capitalize()}: {OWN[what]}")


def _level(case: Case, could_be: CouldBe) -> Json:
    """The level, or, while answers are missing, each that is possible and none as the value."""
    if len(could_be) == 1:
        return {"valueCodeableConcept": level(case, could_be[0])}
    possible = [{"code": concept(case, "could-be"), "valueCodeableConcept": level(case, each)} for each in could_be]
    return {"dataAbsentReason": _UNKNOWN, "known": False, "component": possible}


def _sizes(case: Case) -> Iterator[Json]:
    person = case.assessment.person
    for form, sizes in _SIZES.items():
        for link_id, (code, unit) in sizes.items():
            value = person.answer(f"{form}.{link_id}")
            if isinstance(value, int | Decimal):
                yield _observed(case, code, (form,), valueQuantity=quantity(value, unit))


def _measured(case: Case) -> Iterator[Json]:
    """What was measured and is no tool by itself."""
    measures = case.assessment.person.measures if FALLS in case.assessment.person.answers else {}
    for link_id in ("frailty", "chair-used-arms"):
        if link_id in measures:
            yield _exam(case, link_id, valueBoolean=measures[link_id] == "yes")
    for time in PRESSURES:
        if pair := measures.get("bp", {}).get(time):
            parts = [
                {"code": concept(case, part), "valueQuantity": quantity(each, "mm[Hg]")}
                for part, each in zip(PAIR, pair, strict=True)
            ]
            yield _exam(case, f"bp-{time}", component=parts)


def _tools(case: Case) -> Iterator[Json]:
    tools = case.assessment.tools
    for name, (_, key, unit) in _TIMED.items():
        if name in tools:
            risky = tools[name]["below_average" if name == "chair_stand" else "at_risk"]
            value = _timed(tools[name][key], unit)
            yield _exam(case, name.replace("_", "-"), interpretation=_finding(risky), **value)
    if "orthostatic" in tools:
        yield _orthostatic(case, tools["orthostatic"])
    if tools.get("wfg"):
        found = coding(system("wfg"), tools["wfg"])
        yield _observed(case, "wfg", (FALLS, MEASURES), valueCodeableConcept={"coding": [found], "text": tools["wfg"]})
    for name in ("ost", "orai", "osiris"):
        if name in tools:
            yield _bone_tool(case, name, tools[name])
    if "height_loss_cm" in tools:
        yield _observed(case, "height-loss", ("bone",), valueQuantity=quantity(tools["height_loss_cm"], "cm"))
    if "dxa" in tools:
        yield _scan_due(case, tools["dxa"])


def _timed(value: Any, unit: str) -> Json:
    if value is None:
        return {"dataAbsentReason": _UNKNOWN, "known": False}
    if value == UNABLE:
        return {"valueCodeableConcept": {"coding": [coding(system("answer"), UNABLE, "Tried and not managed")]}}
    return {"valueQuantity": quantity(value, unit)}


def _orthostatic(case: Case, found: dict[str, Any]) -> Json:
    drops = [
        {"code": concept(case, f"drop-{part}"), "valueQuantity": quantity(each, "mm[Hg]")}
        for part, each in zip(PAIR, found["drop"], strict=True)
    ]
    dizzy = case.assessment.person.measures["bp"].get("dizzy")
    if dizzy is not None:
        drops.append({"code": concept(case, "dizzy-on-standing"), "valueBoolean": dizzy == "yes"})
    return _exam(case, "orthostatic", interpretation=_finding(found["positive"]), component=drops)


def _bone_tool(case: Case, name: str, found: dict[str, Any]) -> Json:
    unknown = found["value"] is None
    value: Json = (
        {"dataAbsentReason": _UNKNOWN} if unknown else {"valueQuantity": quantity(Decimal(found["value"]), "{score}")}
    )
    note = [{"text": case.text("less certain")}] if found.get("less_certain") else None
    forms = ("bone", "about")
    return _observed(
        case, name, forms, known=not unknown, interpretation=_finding(found["positive"]), note=note, **value
    )


def _scan_due(case: Case, found: dict[str, Any]) -> Json:
    due = found["due"]
    why = [
        {"code": concept(case, "bone-scan-why"), "valueCodeableConcept": {"coding": [coding(system("scan"), each)]}}
        for each in found["why"]
    ]
    value = {"dataAbsentReason": _UNKNOWN} if due is None else {"valueBoolean": due}
    return _observed(case, "bone-scan-due", ("bone", "about"), known=due is not None, component=why, **value)


def _finding(risky: bool | None) -> list[Json] | None:
    if risky is None:
        return None
    code = _FINDINGS[risky]
    return [{"coding": [coding(system("finding"), code, _FINDING_NAMES[code])]}]


def _exam(case: Case, name: str, **elements: Any) -> Json:
    return _observed(case, name, (MEASURES,), category=_EXAM, **elements)


def _observed(
    case: Case,
    name: str,
    forms: tuple[str, ...],
    *,
    known: bool = True,
    code: Json | None = None,
    category: str = _SURVEY,
    **elements: Any,
) -> Json:
    """An Observation. One that further answers could change is preliminary."""
    return case.resource(
        OBSERVATION,
        name,
        status="final" if known else "preliminary",
        category=[{"coding": [coding(f"{HL7}/observation-category", category)]}],
        code=code or concept(case, name),
        subject=case.subject,
        effectiveDateTime=case.made_on.isoformat(),
        derivedFrom=derived_from(case, forms),
        **elements,
    )


def derived_from(case: Case, forms: tuple[str, ...]) -> list[Json]:
    """The responses among these forms; all of them where none is named."""
    answered = filled(case.words.definitions, case.assessment.person)
    return [case.ref(RESPONSE, each) for each in answered if each in forms or not forms]
