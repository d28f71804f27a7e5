"""The page of a clinic's month: counts of its own people alone, for those who may see results."""

import csv
import io
import re
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from lab.people.records import person, records
from tests.clinic import AtWork, at_work, new_clinic
from tests.shipped import SHIPPED
from tests.visitor import Page
from web.core.stores import store


@pytest.fixture(scope="module")
def plans():
    from checklists import assess
    from reports.plan.plan_json import issue_plan, to_json

    known = SHIPPED
    found = [issue_plan(known, assess(known, person(known, each)), date.today()) for each in records(7)]
    return known, [to_json(each) for each in found]


def come(at: AtWork, plans, screened: int, others: int = 0) -> None:
    """So many people on today's list have made a plan, and so many have not begun."""
    known, issued = plans
    store().keep_content(known.content_hash, known.as_json)
    for number in range(screened + others):
        someone = at.clinic.add_person(date.today(), {})
        if number < screened:
            record = store().create_record(content_hash=known.content_hash, data={})
            data = {"given": issued[number % len(issued)], "revision": 1, "for": "self"}
            store().submit(record.record_id, submit_key="a", content_hash=known.content_hash, data=data)
            at.clinic.change_person(
                someone.person_id, lambda found, record=record: replace(found, record_id=record.record_id)
            )


def counts(page: Page) -> dict[str, str]:
    rows = re.findall(r'<th scope="row">(.*?)</th><td>(.*?)</td>', page.html)
    return {label: re.sub(r"<.*?>", "", count) for label, count in rows}


def test_the_month_counts_who_is_on_the_list_and_nobody_of_another_clinic(app: Flask, plans) -> None:
    mine, other = at_work(app, "clinician"), at_work(app, "clinician", new_clinic("Other"))
    come(mine, plans, 7, 6)
    come(other, plans, 9)
    found = counts(mine.visitor.open("/clinic/month"))
    assert found["Came"].split() == ["13", "100", "%"]
    assert found["Filled in a list"].split() == ["7", "54", "%"]
    assert counts(other.visitor.open("/clinic/month"))["Came"].split()[0] == "9"
    assert counts(mine.visitor.open("/clinic/month?month=2020-02"))["Came"].split()[0] == "0"


def test_few_people_are_nobody_s_business(app: Flask, plans) -> None:
    mine = at_work(app)
    come(mine, plans, 4)
    found = counts(mine.visitor.open("/clinic/month"))
    assert found["Came"] == "not shown"
    assert not any(each[0].isdigit() and not each.startswith("0") for each in found.values())


def test_the_same_comes_as_csv_and_the_log_says_so(app: Flask, plans) -> None:
    mine = at_work(app)
    come(mine, plans, 7)
    month = f"{date.today():%Y-%m}"
    response = mine.visitor.client.get(f"/clinic/month.csv?month={month}")
    rows = list(csv.reader(io.StringIO(response.get_data().decode("utf-8-sig"))))
    assert ["Who came and filled in a list", "Came", "7", "7"] in rows
    assert response.headers["Content-Disposition"] == f'attachment; filename="month-{month}.csv"'
    assert mine.clinic.audit_log(at_most=1).lines[0].did == "exported-month"


@pytest.mark.parametrize("asked", ["2026-13", "1-1", "0000-00", "9999-12", "0001-01", "x", "2026-02-30", "%00"])
def test_a_month_that_is_none_or_still_to_come_shows_one_that_is(app: Flask, asked: str) -> None:
    assert "<h1>" in at_work(app, "clinician").visitor.open(f"/clinic/month?month={asked}").html


def test_a_record_that_was_erased_leaves_the_month_as_it_is(app: Flask, plans) -> None:
    mine = at_work(app)
    come(mine, plans, 9)
    gone = mine.clinic.list_people()[0].record_id
    store().erase(gone)
    assert counts(mine.visitor.open("/clinic/month"))["Filled in a list"].split()[0] == "8"
