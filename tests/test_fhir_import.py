"""Answers that come back from a record system: the same assessment as before, and every fault by its place."""

import json
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest

from checklists import PersonError, assess
from lab.people.records import person, records
from reports.exports.fhir.forms import names_of, version_of
from reports.exports.fhir.reading import SHIPPED, read_responses
from reports.exports.result import result
from reports.plan.build import build_plan
from tests.test_fhir import DAY, EDGES, MEASURED, THE_CONTRACTS, Json, flask, forms, resources, sent

__all__ = ["flask", "forms", "sent"]
OURS = "https://firm-footing.example/fhir/Questionnaire"
YES = {"valueCoding": {"code": "yes"}}


@pytest.fixture(scope="module")
def back(definitions, forms):
    """The record that is read from FHIR, as from a file."""

    def read(value: Json) -> Json:
        return read_responses(definitions, forms["en"], json.loads(json.dumps(value), parse_float=Decimal))

    return read


def response(*items: Json, form: str = "falls", version: str = "2026.2", **more: Any) -> Json:
    found = {"questionnaire": f"{OURS}/{form}|{version}", "status": "completed", "item": list(items), **more}
    return {"resourceType": "QuestionnaireResponse", **found}


def item(link_id: str, *answers: Json, **more: Any) -> Json:
    return {"linkId": link_id, **({"answer": list(answers)} if answers else {}), **more}


def faults(back, value: Json) -> tuple[str, ...]:
    with pytest.raises(PersonError) as found:
        back(value)
    return found.value.faults


def test_what_was_sent_is_judged_the_same_when_it_comes_back(sent, back, definitions) -> None:
    def judged(record: Json) -> Json:
        found = assess(definitions, person(definitions, record))
        return result(found, build_plan(definitions, found, today=DAY))

    others = [each for each in EDGES if each.get("answers") or each.get("warning-signs") is not None]
    for n, record in enumerate([*others, *records(50)]):
        assert judged(back(sent(record, ("en", "es")[n % 2]))) == judged(record)


def test_one_response_alone_is_a_record_of_its_day(back) -> None:
    found = back(response(item("fell-past-year", YES), authored="2026-11-20T08:00:00Z"))
    assert found == {"today": "2026-11-20", "answers": {"falls": {"fell-past-year": "yes"}}}


def test_every_version_that_was_sent_is_read(back, definitions) -> None:
    assert {version_of(definitions, name) for name in names_of(definitions)} <= set(SHIPPED)
    for version in SHIPPED:
        assert back(response(item("fell-past-year", YES), version=version))["answers"]


def deep(levels: int) -> Json:
    found = item("section.past-falls")
    for _ in range(levels):
        found = item("section.past-falls", item=[found])
    return found


AGE = item("age", {"valueInteger": 300})
BAD = {
    "another's form": (response(questionnaire="http://loinc.org/q/1234"), "questionnaire: "),
    "an id in its place": (response(questionnaire="falls"), "questionnaire: "),
    "another version": (response(item("fell-past-year", YES), version="2031.1"), "questionnaire: "),
    "no version": (response(questionnaire=f"{OURS}/falls"), "questionnaire: "),
    "no answers at all": ({"resourceType": "Patient"}, "resourceType: "),
    "an empty bundle": ({"resourceType": "Bundle", "entry": 7}, "resourceType: "),
    "taken back": (response(status="entered-in-error"), "status: "),
    "an item that nobody knows": (response(item("shoe-size", YES)), "item[0]: shoe-size is no item of Falls 2026.2"),
    "an item without a name": (response({}), "item[0]: "),
    "an answer that is none": (
        response(item("numb-feet", {"valueCoding": {"code": "maybe"}})),
        "item[0] (numb-feet): ",
    ),
    "another's answer": (
        response(item("numb-feet", {"valueCoding": {"system": "http://snomed.info/sct", "code": "yes"}})),
        "item[0] (numb-feet): ",
    ),
    "two answers": (response(item("numb-feet", YES, YES)), "item[0] (numb-feet): has 2 answers"),
    "a text": (response(item("numb-feet", {"valueString": "yes"})), "item[0] (numb-feet): has valueString"),
    "nothing": (response(item("numb-feet", {})), "item[0] (numb-feet): has no value"),
    "an item twice": (response(item("numb-feet", YES), item("numb-feet", YES)), "item[1] (numb-feet): stands twice"),
    "out of range": (response(AGE, form="about"), "answers.about.age: 300 is not between 18 and 120"),
    "a text for a number": (response(item("age", {"valueInteger": "70"}), form="about"), "answers.about.age: "),
    "contained nowhere": (response(subject={"reference": "#p1"}), "subject.reference: "),
    "nested deeply": (response(deep(12)), "item"),
    "no day": (response(authored="2026-11"), 'authored: "2026-11" is not a day'),
    "a day that is none": (response(authored=20261122), "authored: 20261122 is not a day"),
    "what may mean the opposite": (response(modifierExtension=[{"url": "x"}]), "modifierExtension: "),
    "an item that may": (
        response(item("numb-feet", YES, modifierExtension=[{"url": "x"}])),
        "item[0] (numb-feet).modifierExtension: ",
    ),
    "an answer that may": (
        response(item("numb-feet", {**YES, "modifierExtension": [{"url": "x"}]})),
        "item[0] (numb-feet).answer.modifierExtension: ",
    ),
    "none, and a sign": (
        response(
            item("warning-signs", {"valueCoding": {"code": "none"}}, {"valueCoding": {"code": "stroke-signs"}}),
            form="warning-signs",
        ),
        "item[0] (warning-signs): none stands beside another answer",
    ),
    "a number for yes": (
        response(item("tug-seconds-unable", {"valueBoolean": 1}), form="measures"),
        "item[0] (tug-seconds-unable): 1 is not one of true, false",
    ),
    "a follow-up of what did not happen": (
        response(item("fell-past-year", {"valueCoding": {"code": "no"}}), item("fell-twice", YES)),
        'answers.falls.fell-twice: "yes" does not fit answers.falls.fell-past-year: "no"',
    ),
    "a huge number": (
        response(item("age", {"valueInteger": 10**400}), form="about"),
        "answers.about.age: 1000000000",
    ),
    "a bundle within a bundle": (
        {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Bundle"}}, {"resource": response()}]},
        'entry[0]: "Bundle" is no resource',
    ),
    "an entry that is none": (
        {"resourceType": "Bundle", "entry": [7, {"resource": response()}]},
        "entry[0]: null is no resource",
    ),
    "no list of items": (response() | {"item": {"linkId": "numb-feet"}}, "item: "),
    "a number, and not managed": (
        response(
            item("tug-seconds", {"valueDecimal": 9}),
            item("tug-seconds-unable", {"valueBoolean": True}),
            form="measures",
        ),
        "tug-seconds: ",
    ),
}


@pytest.mark.parametrize(("value", "place"), BAD.values(), ids=BAD)
def test_every_fault_is_told_by_its_place(back, value, place) -> None:
    found = faults(back, value)
    assert len(found) >= 1
    assert found[0].startswith(place)


def test_a_form_that_stands_twice_and_two_people_in_one_are_told(back) -> None:
    one = response(item("shoe-size", YES), subject={"reference": "Patient/1"})
    other = response(item("numb-feet", YES), item("hat", YES), subject={"reference": "Patient/2"})
    found = faults(back, {"resourceType": "Bundle", "entry": [{"resource": one}, {"resource": other}]})
    assert [each.split(": ")[0] for each in found[:2]] == ["entry[0].item[0]", "entry[1]"]
    assert found[-1].startswith("these are answers of 2 people")


@pytest.mark.parametrize("name", ["reference", "identifier"])
def test_two_people_are_told_by_whatever_names_them(back, name) -> None:
    both = [
        response(item(link_id, answer), form=form, subject={name: each})
        for form, link_id, answer, each in (
            ("falls", "numb-feet", YES, "1"),
            ("about", "age", {"valueInteger": 70}, "2"),
        )
    ]
    bundle = {"resourceType": "Bundle", "entry": [{"resource": each} for each in both]}
    assert faults(back, bundle) == ("these are answers of 2 people; give each their own",)
    both[1]["subject"] = both[0]["subject"]
    assert back(bundle)["answers"].keys() == {"falls", "about"}


def test_signs_of_another_day_are_asked_anew(back) -> None:
    """None of these, a year ago, would count as asked today."""
    none = item("warning-signs", {"valueCoding": {"code": "none"}})
    signs = response(none, form="warning-signs", authored="2025-11-20")
    bundle = {
        "resourceType": "Bundle",
        "entry": [{"resource": signs}, {"resource": response(item("numb-feet", YES), authored="2026-11-20")}],
    }
    (fault,) = faults(back, bundle)
    assert fault.startswith("warning-signs: were not answered on 2026-11-20")
    signs["authored"] = "2026-11-20T08:00:00Z"
    assert back(bundle)["warning-signs"] == []


def test_a_sum_that_a_program_made_is_no_answer(back, sent) -> None:
    made = sent(THE_CONTRACTS)
    changed = deepcopy(made)
    for each in resources(changed, "QuestionnaireResponse"):
        each["item"] = [
            i if i["linkId"] != "points-so-far" else item("points-so-far", {"valueDecimal": 99}) for i in each["item"]
        ]
    assert back(changed) == back(made)


def test_a_file_of_answers_becomes_records_that_assess_reads(flask, sent) -> None:
    good = {**THE_CONTRACTS, "measures": MEASURED}
    text = "\n".join(json.dumps(each) for each in (sent(good), response(item("shoe-size", YES))))
    found = flask("people", "import", "-", text=text)
    record, fault = (json.loads(line) for line in found.stdout.splitlines())
    assert found.exit_code == 1
    assert record == good
    assert fault == {"line": 2, "error": "item[0]: shoe-size is no item of Falls 2026.2"}
    assert flask("assess", "-", text=found.stdout.splitlines()[0]).exit_code == 0


@pytest.mark.parametrize(
    "text",
    [
        '{"resourceType": "QuestionnaireResponse", "item": [' + "1," * 5_000_000 + "1]}",
        '{"item": [' * 100_000,
        '{"item": ' + "[" * 100_000 + "]" * 100_000 + "}",
        "",
        "[]",
        json.dumps(response(item("age", {"valueInteger": float("nan")}))),
        json.dumps(response()).encode("utf-16"),
        b'{"resourceType": "\xff"}',
        '{"resourceType": "QuestionnaireResponse", "resourceType": "Bundle"}',
        "<QuestionnaireResponse/>",
    ],
    ids=["10 MB", "open without end", "nested", "nothing", "a list", "NaN", "UTF-16", "no UTF-8", "twice", "XML"],
)
def test_what_is_no_response_at_all_is_one_sentence(flask, text) -> None:
    found = flask("people", "import", "-", text=text)
    assert found.exit_code == 1
    assert len((found.stdout + found.stderr).splitlines()) == 1
    assert "Traceback" not in found.output


def test_what_is_pasted_with_a_mark_of_its_bytes_is_read_and_one_fault_takes_nothing(flask) -> None:
    good = response(item("numb-feet", YES))
    text = b"\xef\xbb\xbf" + json.dumps(good, indent=2).encode()
    found = flask("people", "import", "-", text=text)
    assert (found.exit_code, json.loads(found.stdout)) == (0, {"answers": {"falls": {"numb-feet": "yes"}}})
    half = {"resourceType": "Bundle", "entry": [{"resource": good}, {"resource": response(form="shoes")}]}
    found = flask("people", "import", "-", text=json.dumps(half))
    assert (found.exit_code, list(json.loads(found.stdout))) == (1, ["line", "error"])


def test_a_file_that_we_wrote_with_its_paper_comes_back(flask, tmp_path) -> None:
    """It has the forms and the paper in it, over many lines."""
    made = flask(
        "fhir", "-", "--out", tmp_path, text=json.dumps({**THE_CONTRACTS, "answers": {"falls": {}, "home": {}}})
    )
    assert made.exit_code == 0
    (file,) = tmp_path.iterdir()
    large = json.loads(file.read_text(encoding="utf-8"))
    large["entry"].append({"resource": {"resourceType": "Binary", "data": "A" * 1_200_000}})
    file.write_text(json.dumps(large, indent=1), encoding="utf-8")
    found = flask("people", "import", file)
    assert (found.exit_code, json.loads(found.stdout)["answers"]) == (0, {"falls": {}, "home": {}})
