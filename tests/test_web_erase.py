"""Erasing: asked once, done at once, told on a receipt; and what has expired goes by itself."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask

from commands import purge as purging
from storage import StoreBusy
from storage.sqlite.engine import open_store
from tests.visitor import After, Visitor
from web.core.stores import store


def reach(visitor: Visitor) -> None:
    visitor.make_small_plan()
    visitor.open("/plan/own").send({"title": "Call the landlord"})
    visitor.open("/keep").send({})


@pytest.fixture
def planned(after: After) -> Visitor:
    return after(reach)


def test_everything_is_erased_after_one_question_and_the_receipt_says_what(planned: Visitor) -> None:
    record = planned.record_id
    page = planned.open("/erase")
    assert "Keep everything" in page.links()
    page = page.send({})

    assert page.path == "/erased"
    for words in ("1 plan", "0 photos", "1 tick or note", "the link and the code"):
        assert words in page.main
    assert store().count() == {"records": 0, "submissions": 0}
    assert record not in (store().find_session(planned.cookie.partition("=")[2]) or {})["records"]
    assert planned.open("/plan", status=404).path == "/plan"
    assert "Go on where you were" not in planned.open("/").links()
    assert record not in planned.open("/how-this-works").html


def test_the_receipt_can_be_opened_again_and_without_one_leads_to_the_start(planned: Visitor, app: Flask) -> None:
    planned.open("/erase").send({})

    assert planned.open("/erased").path == "/erased"
    assert Visitor(app).open("/erased").path == "/"


def test_a_link_of_what_was_erased_opens_nothing(planned: Visitor, app: Flask) -> None:
    link = next(path for path in planned.open("/keep").links().values() if path.startswith("/open/"))
    planned.open("/erase").send({})

    Visitor(app).open(link).send({}, 404)


def test_a_second_person_in_this_browser_keeps_their_answers(planned: Visitor) -> None:
    first = planned.record_id
    planned.begin()
    second = planned.record_id
    page = planned.open("/erase")
    planned.post("/erase", {**page.data({}), "record": first})

    assert planned.open("/for-whom").path == "/for-whom"
    assert store().get_draft(second).record_id == second


def test_nobody_erases_what_belongs_to_somebody_else(planned: Visitor, app: Flask) -> None:
    stranger = Visitor(app)
    token = stranger.open("/").settings()["csrf_token"]

    stranger.post("/erase", {"csrf_token": token, "record": planned.record_id}, 404)
    assert store().count()["records"] == 1


def test_looking_at_the_question_erases_nothing(planned: Visitor) -> None:
    planned.open("/erase").follow("Keep everything")

    assert store().count()["records"] == 1


def test_the_command_says_what_it_removed_and_is_safe_twice(
    app: Flask, folder: Path, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.begin()
    after = date.today() + timedelta(days=91)
    monkeypatch.setattr(purging, "open_configured_store", lambda: open_store(folder, folder, today=lambda: after))
    runner = app.test_cli_runner()

    refused = runner.invoke(args=["purge"])
    assert refused.exit_code == 1
    assert "the clock went from" in refused.output
    assert "run flask purge --the-day-is-right" in refused.output
    first, second = runner.invoke(args=["purge", "--the-day-is-right"]), runner.invoke(args=["purge"])

    assert first.output == "Removed what nobody used for 90 days. Records: 1. Sessions: 1.\n"
    assert second.output == "Removed what nobody used for 90 days. Records: 0. Sessions: 0.\n"


def test_the_daily_purge_goes_on_after_a_fault(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    days = []

    class Faulty:
        def purge(self) -> None:
            days.append(1)
            raise StoreBusy("somebody writes")

    class Pause:
        def wait(self, seconds: float) -> bool:
            assert seconds == purging.A_DAY_SECONDS
            return len(days) == 3

    monkeypatch.setattr(purging, "store", lambda: Faulty())
    purging._purge_for_ever(Pause())  # type: ignore[arg-type]

    assert len(days) == 3
