"""The month of a clinic: what is counted, and that no small number can be worked out from what is shown."""

import csv
import io
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklists import assess
from lab.people.records import person, records
from reports.month.as_csv import month_csv
from reports.month.hiding import SMALLEST_SHOWN, Sum, hidden
from reports.month.month import MEDICINES_REVIEW, Visit, month_of
from reports.plan.plan_json import issue_plan
from reports.plan.progress import Standing
from reports.words.words import words
from tests.shipped import SHIPPED

# Hiding ---------------------------------------------------------------------------------------------------------------

SUMS = (
    Sum(total="all", parts=("none", "some")),
    Sum(total="some", parts=("low", "high")),
    Sum(total="some", parts=("done", "open")),
)


def counted(none: int, low: int, high: int, done: int) -> dict[str, int]:
    some = low + high
    done = min(done, some)
    return {"all": none + some, "none": none, "some": some, "low": low, "high": high, "done": done, "open": some - done}


def could_be(counts: dict[str, int], away: frozenset[str]) -> dict[str, set[int]]:
    """Every number that each count could be, to whoever sees what is shown and knows the sums."""
    found: dict[str, set[int]] = {name: set() for name in counts}
    for all_, none, low in product(range(counts["all"] + 3), repeat=3):
        high = all_ - none - low
        if high < 0 or ("all" not in away and all_ != counts["all"]) or ("low" not in away and low != counts["low"]):
            continue
        for done in range(low + high + 1):
            other = counted(none, low, high, done)
            if all(other[each] == counts[each] for each in counts if each not in away):
                for name, count in other.items():
                    found[name].add(count)
    return found


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 7), st.integers(0, 7), st.integers(0, 7), st.integers(0, 14))
def test_no_sum_gives_a_small_number_away(none: int, low: int, high: int, done: int) -> None:
    counts = counted(none, low, high, done)
    away = hidden(counts, SUMS)
    possible = could_be(counts, away)
    for name, count in counts.items():
        assert count in possible[name]
        if 0 < count < SMALLEST_SHOWN:
            assert name in away
            assert len(possible[name]) > 1, (counts, away)


def test_what_is_large_enough_is_all_shown() -> None:
    assert hidden(counted(10, 12, 20, 9), SUMS) == frozenset()
    assert hidden(counted(0, 0, 20, 0), SUMS) == frozenset()


def test_one_small_number_takes_its_neighbor_along() -> None:
    assert hidden(counted(10, 2, 20, 9), SUMS) == {"low", "high"}


def test_two_small_numbers_of_a_small_sum_take_a_third() -> None:
    assert hidden({"all": 22, "a": 1, "b": 1, "c": 20}, (Sum(total="all", parts=("a", "b", "c")),)) == {"a", "b", "c"}


# The month ------------------------------------------------------------------------------------------------------------

MADE_ON, TODAY = date(2026, 9, 1), date(2026, 11, 29)


@pytest.fixture(scope="module")
def known():
    return SHIPPED


@pytest.fixture(scope="module")
def plans(known):
    return [issue_plan(known, assess(known, person(known, each)), MADE_ON) for each in records(60)]


def tables(known, visits, language: str = "en", today: date = TODAY) -> dict[str, dict[str, tuple]]:
    found = month_of(words(known, "us", language), visits, today)
    return {table.id: {row.label: (row.count, row.of) for row in table.rows} for table in found}


def test_each_person_counts_once_in_every_table(known, plans) -> None:
    visits = [*(Visit(plans=(each,)) for each in plans), *[Visit()] * 9]
    found = tables(known, visits)
    assert found["screened"]["Came"] == (69, 69)
    assert found["screened"]["Filled in a list"] == (60, 69)
    levels = [each.checklists for each in (plan.assessment for plan in plans)]
    for name in ("falls", "bone"):
        results = [
            next((one.risk_level or "unknown" for one in each if one.id == name), "not-taken") for each in levels
        ]
        assert sum(results.count(each) for each in ("low", "moderate", "high", "unknown", "not-taken")) == 60
        shown = {label: count for label, (count, _of) in found[name].items() if count is not None}
        words_of = {"low": "Lower", "moderate": "Raised", "high": "High", "unknown": "Not known yet", "not-taken": "List not taken"}  # fmt: skip
        assert shown
        assert all(results.count(level) == shown[word] for level, word in words_of.items() if word in shown)
        small = {words_of[each] for each in words_of if 0 < results.count(each) < SMALLEST_SHOWN}
        assert small.isdisjoint(shown)


def test_steps_count_when_they_were_done_in_time(known, plans) -> None:
    def done(after: int) -> dict[str, Standing]:
        return {MEDICINES_REVIEW: Standing(state="done", on=MADE_ON + timedelta(days=after))}

    asked = [next(each for each in plans if MEDICINES_REVIEW in {one.id for one in each.plan.actions})] * 20
    visits = [
        Visit(plans=(each,), standings=done(after)) for each, after in zip(asked, [30, 31, 90, 91] * 5, strict=False)
    ]
    found = tables(known, visits, today=MADE_ON + timedelta(days=100))
    steps = sum(len(visit.plans[0].plan.actions) for visit in visits)
    assert found["steps"]["Done within 30 days"] == (5, steps)
    assert found["steps"]["Done within 90 days"] == (15, steps)
    assert found["medicines"]["Done"] == (20, 20)
    early = tables(known, visits, today=MADE_ON + timedelta(days=89))
    assert early["steps"]["Done within 90 days"] == (None, None)


def test_a_later_plan_speaks_for_the_person(known, plans) -> None:
    warned = next(each for each in plans if each.assessment.warnings)
    well = next(each for each in plans if not each.assessment.warnings)
    visits = [Visit(plans=(warned, well))] * 6
    found = tables(known, visits)
    assert found["warnings"]["Had a warning sign"] == (6, 6)
    assert found["warnings"]["All that it asks for is done"] == (0, 6)
    called = {name for warning in warned.assessment.warnings for name in known.sign_of[warning.id].calls_for}
    closed = [Visit(plans=(warned,), standings={name: Standing(state="done", on=MADE_ON) for name in called})] * 6
    assert tables(known, closed)["warnings"]["All that it asks for is done"] == (6, 6)


def test_what_an_older_warning_asked_for_is_closed_by_nothing(known, plans) -> None:
    warned = next(each for each in plans if each.assessment.warnings)
    emptied = replace(warned, plan=replace(warned.plan, actions=(), first=()))
    assert tables(known, [Visit(plans=(emptied,))] * 6)["warnings"]["All that it asks for is done"] == (0, 6)


def test_a_few_steps_of_a_few_people_are_hidden_too(known, plans) -> None:
    step = next(iter(plans[0].plan.actions)).id
    visits = [
        Visit(plans=(plans[0],), standings={step: Standing(state="done", on=MADE_ON)} if number < 3 else {})
        for number in range(6)
    ]
    steps = 6 * len(plans[0].plan.actions)
    assert tables(known, visits)["steps"]["Done within 30 days"] == (None, steps)


def test_hazards_of_few_people_are_left_out(known, plans) -> None:
    found = month_of(words(known, "us", "en"), [Visit(plans=(each,)) for each in plans], TODAY)[-1]
    assert found.rows
    assert all(row.count >= SMALLEST_SHOWN for row in found.rows)
    assert [row.count for row in found.rows] == sorted((row.count for row in found.rows), reverse=True)
    assert month_of(words(known, "us", "en"), [Visit(plans=(each,)) for each in plans[:4]], TODAY)[-1].rows == ()


@pytest.mark.parametrize("language", ["en", "es"])
def test_nobody_came_is_a_month_too(known, language) -> None:
    found = tables(known, [], language)
    assert [len(rows) for rows in found.values()] == [3, 5, 5, 2, 2, 2, 0]


def test_the_csv_says_what_is_hidden_and_holds_no_formula(known, plans) -> None:
    spoken = words(known, "us", "es")
    found = month_of(spoken, [Visit(plans=(each,)) for each in plans[:7]], TODAY)
    rows = list(csv.reader(io.StringIO(month_csv(found, spoken.speech).decode("utf-8-sig"))))
    assert len(rows) == 1 + sum(len(table.rows) for table in found)
    assert {row[2] for row in rows[1:] if not row[2].isdigit()} == {"no se muestra"}
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
