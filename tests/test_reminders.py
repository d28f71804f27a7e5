"""The calendar file: standard, telling nothing of health, one entry a week at most, and a second import that updates."""

import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from flask import Flask
from icalendar import Calendar

from answers.draft import Draft
from reports.exports.calendar import Reminder, calendar
from reports.plan.progress import Standing
from reports.plan.steps import own_step
from reports.plan.weeks import Week, weeks_of
from tests.visitor import After, Visitor
from web.core.stores import store

MADE = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
ALL = "/reminders.ics?again=90"
OLD_FILE = ("secure-rugs", "rail-stairs", "own-11", "gone-since")


def reach(visitor: Visitor) -> None:
    visitor.begin()
    visitor.take("/about/age", {"age": "72", "sex": "female", "hospital-past-3-months": "no"}, "no")
    visitor.tick()
    visitor.take("/falls/fell-past-year", {"unsteady-walking": "yes", "holds-furniture": "yes"}, "no")
    visitor.take("/home/outside", {"floors-loose-rugs": "yes", "stairs-no-rails": "yes"}, "no")
    visitor.see_plan()


@pytest.fixture
def planned(after: After) -> Visitor:
    """Somebody of 72 whose plan has exercise, rugs and rails in it."""
    return after(reach)


def events(visitor: Visitor, address: str) -> dict[str, Any]:
    """The events of a file by their UID, each once."""
    answer = visitor.client.get(address)
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    found = Calendar.from_ical(answer.data).walk("VEVENT")
    by_uid = {str(each["uid"]): each for each in found}
    assert len(by_uid) == len(found)
    return by_uid


def test_a_file_is_what_the_standard_asks_for() -> None:
    made = calendar(
        [Reminder(uid="a@x", title="Ñandú; a, b", day=date(2026, 12, 1), text="ñ" * 99)], name="Plan", made_at=MADE
    )

    assert made.startswith(b"BEGIN:VCALENDAR\r\n")
    assert made.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in made.split(b"\r\n"))
    for line in (
        "VERSION:2.0",
        "METHOD:PUBLISH",
        "UID:a@x",
        "DTSTAMP:20261125T080000Z",
        "DTSTART;VALUE=DATE:20261201",
        "DTEND;VALUE=DATE:20261202",
        "TRANSP:TRANSPARENT",
        "SUMMARY:Ñandú\\; a\\, b",
        f"DESCRIPTION:{'ñ' * 99}",
        "TRIGGER:-PT15H",
    ):
        assert f"\r\n{line}\r\n".encode() in made.replace(b"\r\n ", b""), line


TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("due", "weeks"),
    [
        ({}, []),
        ({7: "open", 13: "open", 14: "open", 30: "open"}, [(1, 7, 2), (2, 14, 1), (4, 28, 1)]),
        ({7: "done", 13: "open"}, [(1, 7, 1)]),
        ({7: "done", 14: "open"}, [(2, 14, 1)]),
        ({7: "done"}, []),
        ({-9: "done", -1: "open", 1: "open", 5: "open"}, [(2, -2, 1), (3, 5, 2)]),
        ({-14: "open", 0: "open"}, [(3, 0, 2)]),
    ],
    ids=["nothing", "weeks from the first", "done", "numbers stay", "all done", "overdue waits for Sunday", "today"],
)
def test_weeks_are_counted_from_the_first_day_and_what_is_overdue_waits_for_the_next(
    due: dict[int, Any], weeks: list[tuple[int, int, int]]
) -> None:
    steps = [
        own_step(f"own-{each}", Standing(due=TODAY + timedelta(days=each), state=state)) for each, state in due.items()
    ]
    expected = tuple(Week(number=n, day=TODAY + timedelta(days=day), count=count) for n, day, count in weeks)
    assert weeks_of(steps, TODAY) == expected


def of_weeks(found: dict[str, Any]) -> list[Any]:
    """The entries of weeks that stand, in order."""
    return [each for each in found.values() if ": week " in each["summary"] and each["status"] == "CONFIRMED"]


def test_there_is_one_entry_a_week_at_most_and_one_to_check_again(planned: Visitor) -> None:
    found = events(planned, ALL)

    weeks = of_weeks(found)
    days = [each.decoded("dtstart") for each in weeks]
    assert len(weeks) > 1
    assert all(later - day >= timedelta(days=7) for day, later in pairwise(days))
    assert [str(each["summary"]) for each in found.values() if each not in weeks] == ["Firm Footing: check again"]
    assert len(found) == len(weeks) + 1
    assert len({str(each["summary"]) for each in found.values()}) == len(found), "titles tell them apart"


def test_titles_and_texts_say_how_many_steps_and_nothing_else(planned: Visitor) -> None:
    weeks = of_weeks(events(planned, ALL))

    for each in weeks:
        begin = " to begin with" if each is weeks[0] else ""
        told = re.fullmatch(rf"Firm Footing: week \d+, (\d+ steps?){begin}", each["summary"])
        assert told, each["summary"]
        assert re.fullmatch(
            rf"{told[1]} of your plan (is|are) for this week\. Open Firm Footing to see (it|them)\.",
            each["description"],
        )
        assert each["class"] == "PRIVATE"
        assert "url" not in each
        assert "://" not in each["description"]


def test_a_second_file_updates_the_first(planned: Visitor) -> None:
    before = events(planned, ALL)
    planned.open("/plan/actions/secure-rugs").send({"when": "90"})
    after = events(planned, ALL)

    assert before.keys() <= after.keys()
    changed = {uid for uid in before if before[uid]["summary"] != after[uid]["summary"]}
    assert changed
    assert all(after[uid]["sequence"] >= before[uid]["sequence"] for uid in before)


def test_a_week_of_which_all_is_done_goes_from_the_calendar(planned: Visitor) -> None:
    before = events(planned, ALL)
    for step in planned.open("/plan").links().values():
        if step.startswith("/plan/actions/"):
            planned.open(step).send({"state": "done"})
    after = events(planned, ALL)

    assert {uid for uid in after if after[uid]["status"] == "CONFIRMED"} < before.keys()
    assert before.keys() == after.keys()
    assert not any(each.walk("VALARM") for each in after.values() if each["status"] == "CANCELLED")


def test_every_entry_of_an_older_file_goes_from_the_calendar(planned: Visitor) -> None:
    new = events(planned, ALL).keys()
    store().change_draft(
        planned.record_id,
        lambda stored: Draft.from_json(stored).brought_to_calendar(OLD_FILE).to_json(),
        content_hash="",
    )
    found = events(planned, ALL)

    cancelled = {uid for uid, each in found.items() if each["status"] == "CANCELLED"}
    assert found.keys() - cancelled == new
    assert len(cancelled) == len(OLD_FILE) + 3, "its days of exercise and two of its three checks too"
    assert {str(found[uid]["summary"]) for uid in cancelled} == {"Firm Footing"}
    assert events(planned, ALL).keys() == found.keys(), "also in the next file: this one may never be opened"


def test_who_wants_no_day_to_check_again_gets_none_and_loses_the_one_of_before(planned: Visitor) -> None:
    assert len(events(planned, "/reminders.ics?again=no")) == len(of_weeks(events(planned, "/reminders.ics")))
    for days in (30, 180):
        found = events(planned, f"/reminders.ics?again={days}")
        assert [each.decoded("dtstart") for each in found.values() if each not in of_weeks(found)] == [
            date.today() + timedelta(days=days)
        ]
    (over,) = (each for each in events(planned, "/reminders.ics?again=no").values() if each["status"] == "CANCELLED")
    assert over["summary"] == "Firm Footing"


def test_every_alarm_stands_before_the_start_of_its_event(planned: Visitor) -> None:
    """Outlook keeps no other."""
    alarms = [alarm for each in events(planned, ALL).values() for alarm in each.walk("VALARM")]

    assert len(alarms) > 2
    assert all(alarm.decoded("trigger") <= timedelta(0) for alarm in alarms)


def test_two_people_have_no_uid_in_common(planned: Visitor) -> None:
    mine = events(planned, ALL).keys()
    planned.make_small_plan()

    assert not mine & events(planned, ALL).keys()


def test_the_file_is_spanish_where_the_page_is(planned: Visitor) -> None:
    planned.post("/settings", {**planned.open("/how-this-works").settings(), "language": "es"})

    found = list(events(planned, ALL).values())
    assert str(found[0]["summary"]).startswith("Firm Footing: semana 1, ")
    assert "de su plan" in str(found[0]["description"])
    assert str(found[-1]["summary"]) == "Firm Footing: revisar otra vez"


def test_weeks_and_the_check_are_days_of_whoever_reads_them(app: Flask) -> None:
    visitor = Visitor(app)
    with time_machine.travel(datetime(2026, 11, 29, 6, 30, tzinfo=UTC), tick=False):
        form = visitor.open("/for-whom").data({"answering": "self"})
        visitor.post("/for-whom", {**form.to_dict(), "zone": "America/Los_Angeles"})
        visitor.tick()
        visitor.open("/falls/fell-past-year").send({"fell-past-year": "yes"})
        visitor.see_plan()
        *_weeks, check = events(visitor, "/reminders.ics?again=30").values()
    assert check.decoded("dtstart") == date(2026, 12, 28)


def test_the_page_leads_from_the_plan_and_makes_that_file(planned: Visitor) -> None:
    page = planned.open("/plan").follow("Reminders in your calendar")

    assert page.chosen("again") == ["90"]
    assert page.names == ["again"]
