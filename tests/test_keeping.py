"""A plan as it was given survives being kept: nothing is worked out anew when it is read back."""

import json
from dataclasses import fields, replace
from datetime import date

import pytest

from checklists import Assessment, assess
from checklists.loading.load import definitions_from_json
from lab.people.records import person, records
from reports.plan.plan_json import from_json, issue_plan, to_json

DAY = date(2026, 11, 22)


@pytest.mark.parametrize("record", list(records(40, seed=7)), ids=range(40))
def test_what_was_given_is_read_back_as_it_was(definitions, record) -> None:
    given = issue_plan(definitions, assess(definitions, person(definitions, record)), DAY)

    back = from_json(definitions, json.loads(json.dumps(to_json(given))))

    assert back.plan == given.plan
    assert back.explanations == given.explanations
    assert back.made_on == DAY
    assert _without_workings(back.assessment) == _without_workings(given.assessment)
    assert not hasattr(back.assessment, "find"), "no further rules can be asked of what is read back"


def test_an_earlier_plan_keeps_its_words_when_the_content_changes(definitions) -> None:
    record = next(records(1, seed=11))
    given = issue_plan(definitions, assess(definitions, person(definitions, record)), DAY)
    kept = json.dumps(to_json(given))
    text = definitions.model_dump_json(by_alias=True, exclude_unset=True)
    edited = definitions_from_json(text.replace(given.plan.first[0].title, "Another title"))

    assert from_json(definitions_from_json(text), json.loads(kept)).plan == given.plan
    assert from_json(edited, json.loads(kept)).plan.first[0].title == "Another title"


def test_definitions_survive_being_kept(definitions) -> None:
    text = definitions.model_dump_json(by_alias=True, exclude_unset=True)

    assert definitions_from_json(text) == definitions


def _without_workings(assessment):
    kept = Assessment(**{each.name: getattr(assessment, each.name) for each in fields(Assessment)})
    return replace(kept, person=replace(assessment.person, today=None))
