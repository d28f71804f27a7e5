"""One person as one FHIR R4 Bundle, a collection: who, warnings, plan, levels, findings, answers, forms."""

import base64
from collections.abc import Iterator

from checklists.files.definitions import Definitions
from reports.exports.fhir.care_plan import CARE_PLAN, care_plan
from reports.exports.fhir.case import Case
from reports.exports.fhir.codes import BASE, Json, hl7, own, system
from reports.exports.fhir.forms import filled, names_of
from reports.exports.fhir.observations import observations
from reports.exports.fhir.questionnaires import Tongues, questionnaire
from reports.exports.fhir.responses import responses
from reports.exports.fhir.risks import flags, risks
from reports.words.words import words

_ABOUT_SEX = {"female": "female", "male": "male"}


def bundle(case: Case) -> Json:
    """Everything of one person that a record system files."""
    found = [*_who(case), *_found(case)]
    made_at = case.made_at.isoformat(timespec="seconds")
    whole = [*found, _provenance(case, [each for each in found if each["resourceType"] != "Questionnaire"], made_at)]
    return {
        "resourceType": "Bundle",
        "id": case.id("Bundle"),
        "language": case.language,
        "identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{case.id('Bundle')}"},
        "type": "collection",
        "timestamp": made_at,
        "entry": [{"fullUrl": f"{BASE}/{_place(each)}", "resource": each} for each in whole],
    }


def _place(resource: Json) -> str:
    """Where a resource stands, as others of the bundle refer to it."""
    return f"{resource['resourceType']}/{resource['id']}"


def forms_of(definitions: Definitions, region: str, language: str) -> dict[str, Json]:
    """Every form as a Questionnaire, in this language with all others in it."""
    languages = sorted(definitions.languages, key=lambda each: each != language)
    tongues = Tongues(all=tuple(words(definitions, region, each) for each in languages))
    return {name: questionnaire(tongues, name) for name in names_of(definitions)}


def _who(case: Case) -> Iterator[Json]:
    """The person, without a name."""
    sex = case.assessment.person.about.get("sex")
    identifier = [{"system": system("clinic-identifier"), "value": case.identifier}] if case.identifier else None
    yield case.resource("Patient", identifier=identifier, gender=_ABOUT_SEX.get(str(sex)))
    if case.answered_by == "helper":
        yield case.resource("RelatedPerson", patient=case.subject)


def _found(case: Case) -> Iterator[Json]:
    yield from flags(case)
    yield care_plan(case)
    yield from risks(case)
    yield from observations(case)
    yield from responses(case)
    if case.pdf is not None:
        yield _paper(case, case.pdf)
    yield from (case.forms[name] for name in filled(case.words.definitions, case.assessment.person))


def _paper(case: Case, pdf: bytes) -> Json:
    title = case.text("Action plan")
    attachment = {
        "contentType": "application/pdf",
        "language": case.language,
        "data": base64.b64encode(pdf).decode(),
        "title": title,
        "creation": case.made_on.isoformat(),
    }
    return case.resource(
        "DocumentReference",
        status="current",
        type={"coding": [own("plan")], "text": title},
        subject=case.subject,
        date=case.made_at.isoformat(timespec="seconds"),
        content=[{"attachment": attachment}],
        context={"related": [case.ref(CARE_PLAN)]},
    )


def _provenance(case: Case, made: list[Json], made_at: str) -> Json:
    """Which program made it, from which content."""
    return case.resource(
        "Provenance",
        target=[{"reference": _place(each)} for each in made],
        recorded=made_at,
        agent=[{"type": hl7("provenance-participant-type", "assembler"), "who": {"display": "Firm Footing"}}],
        policy=[f"{BASE}/content/{case.words.definitions.content_hash}"],
    )
