"""The forms that a person filled in, as QuestionnaireResponses."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from reports.exports.fhir.case import Case
from reports.exports.fhir.codes import Json, number
from reports.exports.fhir.forms import filled
from reports.exports.fhir.questionnaires import SCORE, canonical

RESPONSE = "QuestionnaireResponse"


def responses(case: Case) -> Iterator[Json]:
    """One response a form that was filled in."""
    definitions = case.words.definitions
    for name, answers in filled(definitions, case.assessment.person).items():
        yield case.resource(
            RESPONSE,
            name,
            questionnaire=canonical(definitions, name),
            status="completed",
            subject=case.subject,
            authored=case.made_on.isoformat(),
            source=_source(case),
            item=list(_items(case.forms[name]["item"], {**answers, **_score(case, name)})),
        )


def _source(case: Case) -> Json | None:
    if case.answered_by is None:
        return None
    return case.subject if case.answered_by == "self" else case.ref("RelatedPerson")


def _score(case: Case, name: str) -> dict[str, Any]:
    found = next((each.score for each in case.assessment.checklists if each.id == name), None)
    return {SCORE: Decimal(found.low)} if found else {}


def _items(items: list[Json], answers: Mapping[str, Any]) -> Iterator[Json]:
    for item in items:
        link_id = item["linkId"]
        head = {"linkId": link_id, "text": item["text"]}
        if item["type"] == "group":
            if inside := list(_items(item["item"], answers)):
                yield {**head, "item": inside}
        elif link_id in answers:
            value = answers[link_id]
            yield {
                **head,
                "answer": [_answer(item, each) for each in (value if isinstance(value, list) else [value])],
            }


def _answer(item: Json, value: Any) -> Json:
    match item["type"]:
        case "choice":
            found = next(each["valueCoding"] for each in item["answerOption"] if each["valueCoding"]["code"] == value)
            return {"valueCoding": {key: found[key] for key in ("system", "code", "display")}}
        case "boolean":
            return {"valueBoolean": value}
        case "integer":
            return {"valueInteger": value}
        case _:
            return {"valueDecimal": number(value)}
