"""The laws of a check again, over generated people: what is worth asking, and what is never carried over."""

from dataclasses import replace
from datetime import date
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answers.carrying_over import must_be_asked, without_spans
from answers.draft import Draft
from answers.person import person_of
from answers.typed_numbers import Answers, PlainNumber
from checklists import assess
from lab.people.population import people
from reports.plan.build import build_plan
from reports.plan.worth_asking import worth_asking
from tests.shipped import SHIPPED
from tests.test_laws import Json, law, records
from web.asking.way_through import MOST_ASKED, fact_of, may_have_changed, to_ask_again

DAY = date(2026, 11, 22)
SPANS = {fact for fact, question in SHIPPED.question_of.items() if question.spans}


def typed(answers: Json) -> Answers:
    given = {name: each for name, each in answers.items() if each is not None}
    return {
        name: each if isinstance(each, str) else PlainNumber(value=str(each), whole=isinstance(each, int))
        for name, each in given.items()
    }


def draft_of(record: Json) -> Draft:
    answers = {name: typed(each) for name, each in record["answers"].items()}
    about = answers.pop("about", {})
    return replace(Draft.new("self", "metric"), about=about, lists=answers)


def test_what_spans_time_is_marked() -> None:
    falls = {"fell-past-year", "fell-twice", "fall-injury", "fall-long-lie", "fall-blackout"}
    about = {"spine-fracture-now", "hospital-past-3-months", "cannot-walk"}
    assert {f"falls.{each}" for each in falls} | {f"about.{each}" for each in about} == SPANS
    assert len(SPANS) <= MOST_ASKED


@law
@given(records(), st.frozensets(st.sampled_from(sorted(SPANS))))
def test_nothing_that_spans_time_is_carried_over_and_nothing_else_is_touched(
    record: Json, asked: frozenset[str]
) -> None:
    draft = draft_of(record)
    after = without_spans(SHIPPED, draft, asked)

    for subject in ("about", *draft.lists):
        for link_id, answer in draft.answers(subject).items():
            fact = f"{subject}.{link_id}"
            gone = fact in SPANS and fact not in asked
            assert after.answer(subject, link_id) == (None if gone else answer)
        assert after.answers(subject).keys() <= draft.answers(subject).keys()
    careful = must_be_asked(SHIPPED, draft, asked)
    lost = {fact for fact in SPANS - asked if draft.answer(*fact.split(".", 1)) not in (None, "no")}
    assert careful == lost


@law
@given(records(lists=("falls",)), st.data())
def test_a_check_asks_ten_questions_at_most_and_always_what_spans_time(record: Json, data: st.DataObject) -> None:
    draft = draft_of(record)
    facts = [fact_of(page) for page in may_have_changed(SHIPPED, draft, DAY)]
    worth = data.draw(st.lists(st.sampled_from(facts), unique=True))
    draft = draft.begin_check(DAY, [fact for fact in worth if fact not in SPANS])
    for fact in data.draw(st.lists(st.sampled_from(facts), unique=True)):
        draft = draft.with_asked(fact, DAY)

    asked = [fact_of(page) for page in to_ask_again(SHIPPED, draft, DAY)]

    assert len(asked) <= MOST_ASKED
    assert set(asked) >= SPANS & set(facts)


@pytest.mark.parametrize("record", [record for _, record in islice(people(SHIPPED), 2)], ids=["one", "two"])
def test_only_what_moves_something_is_worth_asking(record: Json) -> None:
    draft = draft_of(record)
    person = person_of(SHIPPED, draft, DAY)
    facts = [fact_of(page) for page in may_have_changed(SHIPPED, draft, DAY)]
    worth = worth_asking(SHIPPED, person, facts, DAY)
    before = assess(SHIPPED, person)

    assert worth
    assert set(worth) < set(facts)
    for fact in set(facts) - set(worth) - SPANS:
        subject, link_id = fact.split(".", 1)
        question = SHIPPED.question_of[fact]
        for answer in ("yes", "no") if question.answers == "yes-no" else ():
            changed = draft.with_answers(subject, {link_id: answer})
            after = assess(SHIPPED, person_of(SHIPPED, changed, DAY))
            assert [each.could_be for each in after.checklists] == [each.could_be for each in before.checklists]
            assert [each.id for each in after.warnings] == [each.id for each in before.warnings]
            first = [
                {each.id for each in build_plan(SHIPPED, assessment, today=DAY).first} for assessment in (after, before)
            ]
            assert first[0] <= first[1]
