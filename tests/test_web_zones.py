"""Whose day it is: that of the browser, else the clinic's, else the machine's; a server in UTC decides nothing."""

from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask

from storage.rows.tables import SESSIONS
from tests.visitor import Visitor
from web.core.settings import SettingError, clinic_today, zone
from web.core.stores import store

EVENING = datetime(2026, 11, 29, 7, 58, tzinfo=UTC)
"""23:58 on the 28th in Los Angeles, and the 29th in UTC."""
LATER = datetime(2026, 11, 29, 8, 2, tzinfo=UTC)
ABOUT = {"fell-past-year": "yes", "fell-twice": "yes"}


def made_on(app: Flask, zone: str) -> str:
    """The day on the plan of somebody whose browser tells this zone."""
    visitor = Visitor(app)
    form = visitor.open("/for-whom").data({"answering": "self"})
    form["zone"] = zone
    visitor.post("/for-whom", form)
    visitor.take("/falls/fell-past-year", ABOUT, "no")
    visitor.see_plan()
    return next(day for day in ("November 28", "November 29") if f"{day}, 2026" in visitor.open("/plan").text)


@pytest.mark.parametrize(
    ("told", "clinic", "day"),
    [
        ("America/Los_Angeles", "", "November 28"),
        ("America/Los_Angeles", "Asia/Tokyo", "November 28"),
        ("US/Pacific", "", "November 28"),
        ("Asia/Calcutta", "America/Los_Angeles", "November 29"),
        ("", "America/Los_Angeles", "November 28"),
        ("Nowhere/Land", "America/Los_Angeles", "November 28"),
        ("../../etc/passwd", "America/Los_Angeles", "November 28"),
        ("\0", "Asia/Tokyo", "November 29"),
    ],
)
def test_the_day_on_a_plan_is_the_browsers_else_the_clinics(
    app: Flask, monkeypatch: pytest.MonkeyPatch, told: str, clinic: str, day: str
) -> None:
    monkeypatch.setenv("FIRM_FOOTING_ZONE", clinic)
    with time_machine.travel(EVENING, tick=False):
        assert made_on(app, told) == day


def plan_of(visitor: Visitor) -> str:
    visitor.see_plan()
    return visitor.open("/plan").text


def test_the_zone_stays_with_the_browser_and_changes_with_the_next_form(app: Flask) -> None:
    visitor = Visitor(app)
    with time_machine.travel(EVENING, tick=False) as clock:
        form = visitor.open("/for-whom").data({"answering": "self"})
        form["zone"] = "America/Los_Angeles"
        visitor.post("/for-whom", form)
        visitor.take("/falls/fell-past-year", ABOUT, "no")
        assert "November 28, 2026" in plan_of(visitor)
        clock.move_to(LATER)
        assert "November 29, 2026" in plan_of(visitor)
        clock.move_to(EVENING)
        form = visitor.open("/falls/numb-feet").data({"numb-feet": "no"})
        form["zone"] = "Europe/Paris"
        visitor.post("/falls/numb-feet", form)
        assert "November 29, 2026" in plan_of(visitor)


def test_whoever_keeps_nothing_gets_no_row_for_a_zone(app: Flask, visitor: Visitor) -> None:
    form = visitor.open("/for-whom").data({})
    form["zone"] = "America/Los_Angeles"
    visitor.post("/for-whom", form, 422)
    with store().engine.reading() as rows:
        assert rows.count(SESSIONS) == 0


@pytest.mark.parametrize("name", ["Nowhere", "America", "../etc/passwd", "/etc/localtime", "\N{SNOWMAN}"])
def test_a_clinics_zone_that_nobody_knows_is_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("FIRM_FOOTING_ZONE", name)
    for ask in (zone, clinic_today):
        with pytest.raises(SettingError, match="write one like America/Los_Angeles"):
            ask()
