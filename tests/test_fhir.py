"""FHIR R4 for record systems: judged by others' programs, by hand where they look away, and never with a name in it."""

import base64
import gzip
import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from app import create_app
from checklists import Definitions, assess
from checklists.loading.load import definitions_from_json
from lab.people.records import person, records
from reports.exports.fhir.bundle import bundle, forms_of
from reports.exports.fhir.case import Case
from reports.exports.fhir.codes import BASE, FALL_RISK_LEVEL, LOINC, OWN, SEEN, SNOMED
from reports.plan.build import build_plan
from reports.plan.progress import standings
from reports.words.words import words
from tests.fhir_judge import judge
from tests.pdf_text import text_of_paper

Json = dict[str, Any]
MADE_AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
DAY = date(2026, 11, 22)
PEOPLE = 200
THE_CONTRACTS = {
    "today": "2026-11-22",
    "warning-signs": [],
    "answers": {
        "about": {"age": 72, "sex": "female", "lives-alone": "yes", "known-osteoporosis": "no"},
        "falls": {"fell-past-year": "yes", "fell-twice": "no", "unsteady-walking": "unsure"},
        "bone": {"weight-kg": 58.0, "height-cm": 158, "tallest-height-cm": 162, "broke-bone-after-50": "no"},
        "home": {"floors-loose-rugs": "yes", "stairs-no-rails": "not-here"},
    },
    "measures": {"tug-seconds": 13.0},
}
MEASURED = {
    "tug-seconds": "unable",
    "chair-stands": 9,
    "frailty": "no",
    "bp": {"lying": [150, 80], "min1": [128, 78], "dizzy": "yes"},
}
EDGES: list[Json] = [
    THE_CONTRACTS,
    {"warning-signs": []},
    {"warning-signs": ["thoughts-of-self-harm", "stroke-signs"]},
    {"answers": {"falls": {}, "bone": {}, "home": {}, "posture": {}}},
    {"answers": {"posture": {}}},
    {"answers": {"about": {"sex": "male", "age": 60}, "falls": {}, "bone": {}}, "measures": MEASURED},
]
"""Nobody's answer but signs, signs that cannot wait, nothing known, nothing to do, a test not managed."""


@pytest.fixture(scope="module")
def forms(definitions: Definitions) -> dict[str, dict[str, Json]]:
    return {language: forms_of(definitions, "us", language) for language in definitions.languages}


@pytest.fixture(scope="module")
def sent(definitions: Definitions, forms: dict[str, dict[str, Json]]):
    def make(record: Json, language: str = "en", **more: Any) -> Json:
        known = definitions.into(language)
        assessment = assess(known, person(known, record))
        case = Case(
            words=replace(words(definitions, "us", language), other=True),
            forms=forms[language],
            assessment=assessment,
            plan=build_plan(known, assessment, today=DAY),
            made_on=DAY,
            made_at=MADE_AT,
            **more,
        )
        return bundle(case)

    return make


def each_form_once(bundles: list[Json]) -> Iterator[Json]:
    """The same bundles, each Questionnaire in the first that holds it, as they are the same and nine tenths of all."""
    seen: set[str] = set()
    for made in bundles:
        new = [e for e in made["entry"] if e["resource"]["resourceType"] != "Questionnaire" or e["fullUrl"] not in seen]
        seen |= {each["fullUrl"] for each in new}
        yield {**made, "entry": new}


@pytest.fixture(scope="module")
def everybody(sent, definitions: Definitions) -> list[Json]:
    languages = definitions.languages
    edges = [sent(record, language, line=1) for record in EDGES for language in languages]
    others = [sent(each, languages[n % len(languages)], line=n) for n, each in enumerate(records(PEOPLE))]
    return list(each_form_once([*edges, *others]))


def resources(made: Json, kind: str = "") -> list[Json]:
    found = [each["resource"] for each in made["entry"]]
    return [each for each in found if kind in ("", each["resourceType"])]


def coded(made: Json, code: str) -> Json:
    """The observation with this code of ours."""
    (found,) = [
        each
        for each in resources(made, "Observation")
        if any(of["code"] == code and of["system"].startswith(BASE) for of in each["code"]["coding"])
    ]
    return found


def nodes(value: Any) -> Iterator[Json]:
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from nodes(each)


# ---- Judged by others


def _with(path: str, value: Any, kind: str) -> Any:
    """Puts a fault into the first resource of a kind: a value, or nothing where it is taken away."""

    def spoil(made: Json) -> Json:
        made = deepcopy(made)
        place: Any = resources(made, kind)[0]
        *steps, last = (int(each) if each.isdigit() else each for each in path.split("."))
        for step in steps:
            place = place[step]
        if value is None:
            del place[last]
        else:
            place[last] = value
        return made

    return spoil


FAULTS = {
    "a required element is missing": _with("status", None, "Observation"),
    "an element that R4 does not know": _with("score", 7, "Observation"),
    "a wrong type": _with("derivedFrom", "nowhere", "Observation"),
    "a bad date": _with("authored", "22.11.2026", "QuestionnaireResponse"),
    "a code that is none": _with("status", "foo", "Observation"),
    "a type of R5": _with("item.0.type", "coding", "Questionnaire"),
    "a probability of more than all": _with("prediction.0.probabilityDecimal", 140, "RiskAssessment"),
    "a detail and a reference": _with("activity.0.reference", {"reference": "Task/1"}, "CarePlan"),
    "two values": _with("valueString", "6", "Observation"),
    "no type of bundle": lambda made: {key: each for key, each in made.items() if key != "type"},
}


def test_others_accept_everybody_and_refuse_what_was_spoiled(everybody, sent) -> None:
    whole = sent({**THE_CONTRACTS, "answers": {**THE_CONTRACTS["answers"], "falls": {"fell-past-year": "yes"}}})
    spoiled = [spoil(whole) for spoil in FAULTS.values()]
    *verdicts, last = judge([*everybody, *spoiled, whole])
    accepted, refused = verdicts[: len(everybody)], verdicts[len(everybody) :]
    assert [each for each in (*accepted, last) if each] == []
    assert [name for name, faults in zip(FAULTS, refused, strict=True) if not faults] == []


# ---- What others do not look at, and known faults of other exporters


def test_nothing_is_empty_doubled_or_points_to_nowhere(everybody) -> None:
    for made in everybody:
        places = {each["fullUrl"].removeprefix(f"{BASE}/") for each in made["entry"]}
        assert len(places) == len(made["entry"])
        assert all(each["fullUrl"].endswith(each["resource"]["id"]) for each in made["entry"])
        for each in resources(made):
            if each["resourceType"] == "Questionnaire":
                continue
            assert "contained" not in each
            for node in nodes(each):
                assert [] not in node.values()
                assert {} not in node.values()
                assert "" not in node.values()
                assert node.get("reference") is None or node["reference"] in places
                assert "probabilityDecimal" not in node


def test_every_answer_is_one_that_its_form_of_this_version_allows(everybody, forms) -> None:
    form_of = {f"{each['url']}|{each['version']}": each for each in forms["en"].values()}
    for made in everybody:
        answered = resources(made, "QuestionnaireResponse")
        for each in answered:
            items = {item["linkId"]: item for item in nodes(form_of[each["questionnaire"]]) if "linkId" in item}
            for item in (node for node in nodes(each) if "answer" in node):
                asked = items[item["linkId"]]
                allowed = {o["valueCoding"]["code"] for o in asked.get("answerOption", ())}
                assert all(a["valueCoding"]["code"] in allowed for a in item["answer"] if "valueCoding" in a)


def test_every_form_has_points_conditions_and_all_languages(forms, definitions: Definitions) -> None:
    for of_language in forms.values():
        for name, form in of_language.items():
            items = [each for each in nodes(form) if "linkId" in each]
            assert len({each["linkId"] for each in items}) == len(items)
            assert all(len(each["_text"]["extension"]) == len(definitions.languages) - 1 for each in items)
            by_id = {each["linkId"]: each for each in items}
            for question in definitions.questions.get(name, ()):
                if question.score:
                    points = {
                        o["valueCoding"]["code"]: {e["url"].split("/")[-1]: e["valueDecimal"] for e in o["extension"]}
                        for o in by_id[question.link_id]["answerOption"]
                        if "extension" in o
                    }
                    assert points["yes"] == {"ordinalValue": question.score, "itemWeight": question.score}
                    assert points["no"] == {"ordinalValue": 0, "itemWeight": 0}
                    assert "unsure" not in points  # what is not known is never nought
                compared = question.enable_when and (question.enable_when.is_ or question.enable_when.one_of)
                if compared and "." not in compared[0]:
                    assert by_id[question.link_id]["enableWhen"]


def test_forms_of_content_that_was_kept_with_an_earlier_plan_can_be_made() -> None:
    (kept,) = Path("tests/kept").glob("definitions-*.json.gz")
    found = json.loads(gzip.decompress(kept.read_bytes()))
    assert set(forms_of(definitions_from_json(json.dumps(found).encode()), "us", "es")) >= {"falls", "bone"}


def test_codes_of_others_are_only_those_that_were_seen(everybody) -> None:
    found = {
        (node["system"], node["code"])
        for made in everybody
        for node in nodes(made)
        if "system" in node and "code" in node
    }
    strangers = {each for each in found if each[0] in (LOINC, SNOMED)}
    assert strangers == {(LOINC, each) for each in (*SEEN.values(), FALL_RISK_LEVEL)} | {(SNOMED, "1912002")}


# ---- What is said


def test_what_is_unknown_is_an_interval_and_never_a_bare_number(sent) -> None:
    made = sent(THE_CONTRACTS)
    score = coded(made, "falls-score")
    assert (score["valueRange"]["low"]["value"], score["valueRange"]["high"]["value"]) == (2, 14)
    assert "valueQuantity" not in score
    assert score["status"] == "preliminary"
    level = coded(made, "falls-level")
    assert "valueCodeableConcept" not in level
    possible = [each["valueCodeableConcept"]["coding"][0]["code"] for each in level["component"]]
    assert possible == ["moderate", "high"]
    assert coded(made, "bone-scan-due")["dataAbsentReason"]["coding"][0]["code"] == "unknown"
    falls, bone = resources(made, "RiskAssessment")
    assert falls["prediction"][0]["qualitativeRisk"] == {"text": "Raised or High"}
    assert "fall" in falls["prediction"][0]["rationale"]
    assert bone["status"] == "preliminary"


def test_tools_and_measures_come_from_their_answers(sent) -> None:
    made = sent(EDGES[-1])
    assert coded(made, "tug")["valueCodeableConcept"]["coding"][0]["code"] == "unable"
    assert coded(made, "tug")["interpretation"][0]["coding"][0]["code"] == "at-risk"
    assert coded(made, "chair-stand")["valueQuantity"]["value"] == 9
    drops = {each["code"]["coding"][-1]["code"]: each for each in coded(made, "orthostatic")["component"]}
    assert drops["drop-systolic"]["valueQuantity"]["value"] == 22
    responses = {f"QuestionnaireResponse/{each['id']}": each for each in resources(made, "QuestionnaireResponse")}
    (source,) = coded(made, "tug")["derivedFrom"]
    assert "/Questionnaire/measures|" in responses[source["reference"]]["questionnaire"]
    exact = coded(sent(THE_CONTRACTS), "tug")
    assert exact["valueQuantity"] == {"value": 13, "unit": "s", "system": "http://unitsofmeasure.org", "code": "s"}


def test_the_plan_has_owners_days_and_ticks_and_is_there_when_empty(sent) -> None:
    (quiet,) = resources(sent({"warning-signs": []}), "CarePlan")
    assert "activity" not in quiet
    record = {"answers": {"falls": {"fell-past-year": "yes"}}}
    first = resources(sent(record), "CarePlan")[0]["activity"][0]["detail"]
    assert (first["status"], first["scheduledPeriod"]["end"] > "2026-11-22") == ("not-started", True)
    assert first["performer"][0]
    ticked = [
        {"action": first["code"]["coding"][0]["code"], "on": "2026-11-23", "by": "", "state": "done"},
        {"action": "own-1", "on": "2026-11-23", "by": "", "title": "Call the landlord", "who": "Rosa"},
    ]
    done = resources(sent(record, standings=standings(ticked)), "CarePlan")[0]["activity"]
    assert done[0]["detail"]["status"] == "completed"
    assert done[-1]["detail"]["description"] == "Call the landlord"
    assert "Rosa" not in json.dumps(done)


def test_while_a_sign_needs_help_now_every_other_step_is_on_hold(sent) -> None:
    made = sent({"warning-signs": ["stroke-signs"], "answers": {"falls": {"fell-past-year": "yes"}}})
    (plan,) = resources(made, "CarePlan")
    status = {each["detail"]["code"]["coding"][0]["code"]: each["detail"]["status"] for each in plan["activity"]}
    assert status.pop("call-emergency-now") == "not-started"
    assert set(status.values()) == {"on-hold"}
    assert plan["description"].startswith("NOW: ")
    assert made["entry"][1]["resource"]["resourceType"] == "Flag"


# ---- No name, and the same twice


def test_a_private_sign_has_another_name_everywhere(everybody, definitions: Definitions) -> None:
    assert sum(bool(each.paper_says) for each in definitions.warning_signs.signs) == 1  # one code is kept for it
    with_it = [
        made
        for made in everybody
        if "someone-to-talk-to" in {f["code"]["coding"][0]["code"] for f in resources(made, "Flag")}
    ]
    assert len(with_it) >= 2
    for made in everybody:
        assert "self-harm" not in json.dumps(made)


def test_the_same_answers_give_the_same_bundle_and_another_line_another(sent) -> None:
    one = sent(THE_CONTRACTS, line=3)
    assert one == sent(THE_CONTRACTS, line=3)
    ids = [
        {each["id"] for each in resources(sent(THE_CONTRACTS, line=n)) if each["resourceType"] != "Questionnaire"}
        for n in (3, 4)
    ]
    assert not ids[0] & ids[1]


def test_a_clinics_identifier_and_a_helper_are_named_as_such(sent) -> None:
    made = sent(THE_CONTRACTS, identifier="MRN 12", answered_by="helper")
    (patient,) = resources(made, "Patient")
    assert patient["identifier"][0]["value"] == "MRN 12"
    assert set(patient) == {"resourceType", "id", "language", "identifier", "gender"}
    (helper,) = resources(made, "RelatedPerson")
    assert {each["source"]["reference"] for each in resources(made, "QuestionnaireResponse")} == {
        f"RelatedPerson/{helper['id']}"
    }


# ---- flask fhir


@pytest.fixture(scope="module")
def flask():
    runner = create_app().test_cli_runner()
    return lambda *args, text="": runner.invoke(args=[str(arg) for arg in args], input=text)


def test_one_bundle_a_line_and_faults_in_their_place(flask) -> None:
    wrong = {"label": "Ana", "answers": {"falls": {"fell-past-year": "maybe"}}}
    text = "\n".join(json.dumps(each) for each in ({**THE_CONTRACTS, "label": "Rosa"}, wrong, {"warning-signs": []}))
    found = flask("fhir", "-", "--no-paper", text=text)
    first, fault, last = (json.loads(line) for line in found.stdout.splitlines())
    assert found.exit_code == 1
    assert (first["resourceType"], last["resourceType"]) == ("Bundle", "Bundle")
    assert fault == {
        "line": 2,
        "label": "Ana",
        "error": 'answers.falls.fell-past-year: "maybe" is not one of yes, no, unsure',
    }
    assert "Rosa" not in json.dumps(first)


def test_a_folder_has_a_file_a_person_with_the_paper_and_no_name_in_either(flask, tmp_path) -> None:
    out = tmp_path / "out"
    found = flask("fhir", "-", "--out", out, text=json.dumps({**THE_CONTRACTS, "label": "Rosa Núñez"}))
    assert (found.exit_code, found.stdout) == (0, "")
    (file,) = out.iterdir()
    assert file.name == "line-1-Rosa-Núñez.fhir.json"
    made = json.loads(file.read_text(encoding="utf-8"))
    (paper,) = resources(made, "DocumentReference")
    text = text_of_paper(base64.b64decode(paper["content"][0]["attachment"]["data"]))
    assert len(text) > 1000
    assert "Rosa" not in text + file.read_text(encoding="utf-8")
    assert judge([made]) == [[]]


# ---- docs/interop.md


def faults_within(part: Any, whole: Any, place: str = "") -> Iterator[str]:
    """Where a part does not stand in the whole: every key, and every entry of a list in its order."""
    if part == "…":
        return
    if isinstance(part, dict) and isinstance(whole, dict):
        for key, each in part.items():
            yield from faults_within(each, whole.get(key), f"{place}.{key}")
    elif isinstance(part, list) and isinstance(whole, list):
        rest = iter(whole)
        for number, each in enumerate(part):
            if not any(not list(faults_within(each, other)) for other in rest):
                yield f"{place}[{number}]"
    elif part != whole:
        yield f"{place}: {part!r} is {whole!r}"


def test_the_worked_person_of_the_document_is_what_is_sent(flask) -> None:
    text = (Path(__file__).parent.parent / "docs" / "interop.md").read_text(encoding="utf-8")
    person_, shown = (block.partition("```")[0] for block in text.split("```json\n")[1:3])
    found = flask("fhir", "-", "--no-paper", text=person_)
    assert found.exit_code == 0
    made, part = json.loads(found.stdout), json.loads(shown)
    for each in part["entry"]:
        kind = each["resource"]["resourceType"]
        assert not list(faults_within([each], made["entry"])), each
        assert kind in text.partition("## One person")[0]
    assert not list(faults_within(part, made)), "they stand in this order"
    assert f"a bundle of {len(made['entry'])} resources" in text
    spoiled = json.loads(shown.replace('"value": 2,', '"value": 3,'))
    assert next(faults_within(spoiled, made)) == ".entry[3]"


def test_the_document_names_every_code_of_ours_with_its_meaning() -> None:
    text = " ".join((Path(__file__).parent.parent / "docs" / "interop.md").read_text(encoding="utf-8").split())
    assert [code for code, meaning in OWN.items() if f"`{code}` {meaning}" not in text] == []
    for code in (*SEEN.values(), FALL_RISK_LEVEL):
        assert code in text
