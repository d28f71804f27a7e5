"""Warnings as Flags, and the levels of falls and bones as RiskAssessments: in words, never as a probability."""

from collections.abc import Iterator

from checklists.files.grammar import BONE, FALLS
from checklists.rules.assessing import ChecklistResult
from checklists.rules.warnings import Warning
from reports.exports.fhir.case import Case
from reports.exports.fhir.codes import SNOMED, Json, coding, hl7, sign_code, system
from reports.exports.fhir.observations import OBSERVATION, derived_from
from reports.words.speech import N_

RISK = "RiskAssessment"
_FALL_EVENT = coding(SNOMED, "1912002")
_OUTCOMES = {FALLS: N_("A fall"), BONE: N_("A broken bone")}
_KINDS = {FALLS: N_("Risk of falls"), BONE: N_("Risk of broken bones")}


def flags(case: Case) -> Iterator[Json]:
    """The warnings that stand, now and today and soon."""
    for each in case.assessment.warnings:
        yield case.resource(
            "Flag",
            sign_code(each.sign),
            status="active",
            code={"coding": [coding(system("warning-signs"), sign_code(each.sign))], "text": warning_line(case, each)},
            subject=case.subject,
            period={"start": case.made_on.isoformat()},
        )


def warning_line(case: Case, warning: Warning) -> str:
    """TODAY: sudden back pain. Call your doctor."""
    words = case.words
    name, do = words.warning_name(warning, private=True), words.ringing(warning.form.do)
    return f"{words.urgency(warning.urgency)}: {name}. {do}"


def risks(case: Case) -> Iterator[Json]:
    """One of falls and one of bones, where the list was taken."""
    for result in case.assessment.checklists:
        if result.id in _OUTCOMES:
            yield _risk(case, result)


def _risk(case: Case, result: ChecklistResult) -> Json:
    words, known = case.words, result.risk_level
    checklist = words.definitions.checklist_of[result.id]
    outcome = {"coding": [_FALL_EVENT]} if result.id == FALLS else {}
    level = words.level(result.could_be)
    because = "; ".join(words.findings(case.assessment.person, result.because, private=True))
    prediction = {
        "outcome": {**outcome, "text": case.text(_OUTCOMES[result.id])},
        "qualitativeRisk": {**(hl7("risk-probability", known) if known else {}), "text": level},
        **({"rationale": because} if because else {}),
    }
    sources = "; ".join(words.cite(each) for each in checklist.source)
    names = [f"{result.id}-level", *([f"{result.id}-score"] if result.score else [])]
    return case.resource(
        RISK,
        result.id,
        status="final" if known else "preliminary",
        method={"text": f"Firm Footing {result.id} {checklist.version}: {sources}"},
        code={"coding": [coding(system("risk"), result.id)], "text": case.text(_KINDS[result.id])},
        subject=case.subject,
        occurrenceDateTime=case.made_on.isoformat(),
        basis=[*derived_from(case, (result.id, "about", "measures")), *(case.ref(OBSERVATION, each) for each in names)],
        prediction=[prediction],
        mitigation="; ".join(words.ringing(each.title) for each in case.plan.first),
        note=[{"text": checklist.rule_says}],
    )
