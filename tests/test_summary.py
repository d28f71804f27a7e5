"""What a clinic's list keeps of somebody's answers, and what a clinician measured as a part of them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from answers.draft import Draft
from answers.measures import Measures
from answers.person import person_of
from answers.signs import Signs
from answers.summary import Summary, summary_of
from answers.typed_numbers import PlainNumber
from checklists import Definitions, assess

DAY = date(2026, 11, 29)
NEW = Draft.new("self", "metric", DAY)
NO_SIGNS = Signs(ticked=(), at=0)


def test_nothing_answered_is_nothing_done(definitions: Definitions) -> None:
    found = summary_of(definitions, NEW, 1, DAY)
    assert (found.levels, found.urgency, found.age) == ({}, "", None)
    assert found.progress(["falls"])[0] == 0


def test_everything_that_is_asked_and_answered_is_all_of_it(definitions: Definitions) -> None:
    answers = {question.link_id: "no" for question in definitions.questions["falls"]}
    about = {question.link_id: "no" for question in definitions.questions["about"]}
    about |= {"sex": "female", "age": PlainNumber(value="81", whole=True)}
    draft = replace(NEW, about=about, lists={"falls": answers}, signs=NO_SIGNS)
    found = summary_of(definitions, draft, 1, DAY)
    done, asked = found.progress(["falls"])
    assert done == asked > 12
    assert (found.age, found.levels) == (81, {"falls": ("low",)})
    assert found.progress(["falls", "bone"]) == (done, asked + 1)  # a list that was not begun counts as one more thing
    open_again = summary_of(definitions, draft.without_answers("falls", ["numb-feet"]), 1, DAY)
    assert open_again.progress(["falls"]) == (done - 1, asked)
    assert Summary.from_json(found.to_json()) == found


@pytest.mark.parametrize(("sign", "urgency"), [("stroke-signs", "now"), ("back-pain-fever", "today")])
def test_a_sign_that_cannot_wait_is_marked_and_not_named(definitions: Definitions, sign: str, urgency: str) -> None:
    found = summary_of(definitions, NEW.with_signs(Signs(ticked=(sign,), at=0)), 1, DAY)
    assert found.urgency == urgency
    assert sign not in str(found.to_json())


def test_what_was_measured_counts_with_falls_and_not_without(definitions: Definitions) -> None:
    measured = Measures(values={"tug-seconds": Decimal("12.0"), "a-later-test": 3}, on=DAY)
    alone = replace(NEW, measures=measured)
    assert person_of(definitions, alone, DAY).measures == {"tug-seconds": Decimal("12.0")}
    assert assess(definitions, person_of(definitions, alone, DAY)).tools == {}
    tools = assess(definitions, person_of(definitions, alone.begin("falls"), DAY)).tools
    assert tools["tug"] == {"seconds": Decimal("12.0"), "at_risk": True}
