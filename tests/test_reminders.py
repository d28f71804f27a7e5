"""The calendar file: standard, private unless asked, and a second import that updates instead of doubling."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from icalendar import Calendar

from reports.exports.calendar import Entry, calendar, first_on
from tests.visitor import After, Visitor

MADE = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
ALL = "/reminders.ics?steps=yes&exercise=mwf&again=30&again=90&again=180&told="


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


def events(visitor: Visitor, address: str) -> dict[str, dict]:
    """The events of a file by their UID, each once."""
    answer = visitor.client.get(address)
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    found = Calendar.from_ical(answer.data).walk("VEVENT")
    by_uid = {str(each["uid"]): each for each in found}
    assert len(by_uid) == len(found)
    return by_uid


def test_a_file_is_what_the_standard_asks_for() -> None:
    made = calendar([Entry(uid="a@x", title="Ñandú; a, b", day=date(2026, 12, 1))], name="Plan", made_at=MADE)

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
        "TRIGGER:-PT15H",
    ):
        assert f"\r\n{line}\r\n".encode() in made, line


def test_weekdays_repeat_until_a_day_and_begin_on_one_of_them() -> None:
    day = first_on((0, 2, 4), date(2026, 11, 25))
    made = calendar(
        [Entry(uid="e", title="t", day=day, weekdays=(0, 2, 4), until=date(2027, 5, 24))], name="n", made_at=MADE
    )

    assert day == date(2026, 11, 27)
    assert b"RRULE:FREQ=WEEKLY;UNTIL=20270524;BYDAY=MO,WE,FR" in made.replace(b"\r\n ", b"")


def test_every_step_has_its_day_and_titles_tell_nothing_unless_asked(planned: Visitor) -> None:
    quiet, told = events(planned, f"{ALL}no"), events(planned, f"{ALL}yes")

    assert {str(each["summary"]) for each in quiet.values()} == {"A reminder from Firm Footing"}
    titles = {str(each["summary"]) for each in told.values()}
    assert {"Remove loose rugs or fix them down", "Strength and balance"} <= titles
    assert quiet.keys() == told.keys()
    assert all(str(each["class"]) == "PRIVATE" for each in quiet.values())


def test_a_second_file_updates_the_first(planned: Visitor) -> None:
    before = events(planned, f"{ALL}yes")
    page = planned.open("/plan/actions/secure-rugs")
    page.send({"when": "90"})
    after = events(planned, f"{ALL}yes")

    assert before.keys() == after.keys()
    moved = [uid for uid in before if before[uid].decoded("dtstart") != after[uid].decoded("dtstart")]
    assert [str(after[uid]["summary"]) for uid in moved] == ["Remove loose rugs or fix them down"]
    assert after[moved[0]].decoded("dtstart") == date.today() + timedelta(days=90)
    assert all(after[uid]["sequence"] >= before[uid]["sequence"] for uid in before)


def test_what_is_done_goes_from_the_calendar(planned: Visitor) -> None:
    events(planned, f"{ALL}yes")
    planned.open("/plan/actions/secure-rugs").send({"state": "done"})

    found = {str(each["summary"]): each for each in events(planned, f"{ALL}yes").values()}
    assert str(found["Remove loose rugs or fix them down"]["status"]) == "CANCELLED"
    assert str(found["Strength and balance"]["status"]) == "CONFIRMED"


@pytest.mark.parametrize("before", ["", "/reminders.ics?steps=no&exercise=mwf&told=yes"])
def test_what_was_done_before_it_was_in_any_file_is_in_none(planned: Visitor, before: str) -> None:
    if before:
        events(planned, before)
    planned.open("/plan/actions/secure-rugs").send({"state": "done"})
    first, second = events(planned, f"{ALL}yes"), events(planned, f"{ALL}yes")

    assert "Remove loose rugs or fix them down" not in {str(each["summary"]) for each in first.values()}
    assert first.keys() == second.keys()
    assert {str(each["status"]) for each in first.values()} == {"CONFIRMED"}


def test_every_alarm_stands_before_the_start_of_its_event(planned: Visitor) -> None:
    """Outlook keeps no other."""
    alarms = [alarm for each in events(planned, f"{ALL}yes").values() for alarm in each.walk("VALARM")]

    assert len(alarms) > 3
    assert all(alarm.decoded("trigger") <= timedelta(0) for alarm in alarms)


def test_only_what_was_chosen_is_in_the_file(planned: Visitor) -> None:
    assert events(planned, "/reminders.ics?steps=no&exercise=none&told=no") == {}
    again = events(planned, "/reminders.ics?steps=no&again=30&again=180&again=xx&told=yes")
    days = sorted(each.decoded("dtstart") - date.today() for each in again.values())
    assert days == [timedelta(days=30), timedelta(days=180)]


def test_nobody_is_reminded_to_exercise_while_a_doctor_should_be_asked_first(visitor: Visitor) -> None:
    visitor.begin()
    visitor.take("/about/age", {"age": "72", "spine-fracture-now": "yes", "hospital-past-3-months": "no"}, "no")
    visitor.tick()
    visitor.take("/falls/fell-past-year", {"unsteady-walking": "yes"}, "no")
    visitor.see_plan()

    assert "Days for strength and balance?" not in visitor.open("/reminders").main
    found = events(visitor, "/reminders.ics?steps=no&exercise=mwf&told=yes")
    assert found == {}


def test_two_people_have_no_uid_in_common(planned: Visitor, app: Flask) -> None:
    mine = events(planned, f"{ALL}yes").keys()
    planned.begin()
    planned.tick()
    planned.open("/falls/fell-past-year").send({"fell-past-year": "yes"})
    planned.see_plan()

    assert not mine & events(planned, f"{ALL}yes").keys()


def test_the_file_is_spanish_where_the_page_is(planned: Visitor) -> None:
    planned.post("/settings", {**planned.open("/how-this-works").settings(), "language": "es"})

    titles = {str(each["summary"]) for each in events(planned, f"{ALL}no").values()}
    assert titles == {"Un recordatorio de Firm Footing"}


def test_the_page_leads_from_the_plan_and_makes_that_file(planned: Visitor) -> None:
    page = planned.open("/plan").follow("Reminders in your calendar")

    assert page.chosen("again") == ["90"]
    assert page.chosen("told") == ["no"]
    assert "Days for strength and balance?" in page.main
