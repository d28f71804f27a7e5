"""Our forms in another's renderer: shown in both languages, filled in by clicks, and read back as the same person."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Browser

from checklists import Assessment, Definitions, assess
from lab.people.records import person, records
from reports.exports.fhir.bundle import forms_of
from reports.exports.fhir.case import Case
from reports.exports.fhir.codes import number
from reports.exports.fhir.forms import filled
from reports.exports.fhir.questionnaires import SCORE
from reports.exports.fhir.reading import read_responses
from reports.exports.fhir.responses import responses
from reports.exports.result import result
from reports.plan.build import build_plan
from reports.words.words import words
from tests.browser.lforms import Forms, form_page

Json = dict[str, Any]
FILLED, TAKEN_IN = 2, 50
DAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def lforms(browser: Browser) -> Iterator[Forms]:
    page = browser.new_page()
    with form_page(page) as shown:
        yield shown
    page.close()


@pytest.fixture(scope="module")
def forms(definitions: Definitions) -> dict[str, dict[str, Json]]:
    return {language: forms_of(definitions, "us", language) for language in definitions.languages}


def same_person(definitions: Definitions, forms: dict[str, Json], ours: Assessment, answered: list[Json]) -> bool:
    """Whether what came back is judged as ours was."""
    bundle = {"resourceType": "Bundle", "entry": [{"resource": each} for each in answered]}
    record = read_responses(definitions, forms, json.loads(json.dumps(bundle), parse_float=Decimal))
    theirs = assess(definitions, person(definitions, record))
    one, other = (result(each, build_plan(definitions, each, today=DAY)) for each in (ours, theirs))
    return one == other


def test_each_form_is_filled_in_by_clicks_and_adds_up_to_our_score(definitions, forms, lforms) -> None:
    for each, language in zip(records(FILLED), definitions.languages, strict=True):
        ours = assess(definitions, person(definitions, each))
        scores = {found.id: found.score.low for found in ours.checklists if found.score}
        answered = []
        for name, answers in filled(definitions, ours.person).items():
            form = forms[language][name]
            assert form["item"][0]["text"] in lforms.show(form)
            given = {key: number(value) if isinstance(value, Decimal) else value for key, value in answers.items()}
            answered.append(lforms.fill(given))
            if name in scores:
                total = [item["answer"] for item in answered[-1]["item"] if item["linkId"] == SCORE]
                assert total == ([[{"valueDecimal": scores[name]}]] if total or scores[name] else []), name
        assert same_person(definitions, forms["en"], ours, answered)


def test_what_was_sent_is_taken_in_and_comes_out_as_the_same_person(definitions, forms, lforms) -> None:
    lforms.convert(list(forms["en"].values()))
    said = replace(words(definitions, "us", "en"), other=True)
    for each in records(TAKEN_IN):
        ours = assess(definitions, person(definitions, each))
        plan = build_plan(definitions, ours, today=DAY)
        now = datetime(2026, 11, 22, tzinfo=UTC)
        case = Case(words=said, forms=forms["en"], assessment=ours, plan=plan, made_on=DAY, made_at=now)
        answered = lforms.take_in(list(responses(case)))
        assert len(answered) >= len(ours.checklists)
        assert same_person(definitions, forms["en"], ours, answered)
