"""The two commands, and what the pages say about backups: a restore while people are there, and after a disaster."""

import re
import shutil
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from commands import backup as backups
from storage.rows.sealing import KEY
from storage.sqlite.opening import DATABASE
from tests.visitor import After, Visitor
from web.core.stores import store


def reach(visitor: Visitor) -> None:
    visitor.make_small_plan()


@pytest.fixture
def planned(after: After) -> Visitor:
    return after(reach)


def run(app: Flask, *words: str | Path) -> tuple[int, str]:
    done = app.test_cli_runner().invoke(args=[str(each) for each in words])
    assert "Traceback" not in done.output
    return done.exit_code, done.output


def newest(folder: Path) -> Path:
    return max(folder.glob("backups/firm-footing-*.db"))


def test_a_backup_is_told_in_one_sentence(app: Flask, planned: Visitor, folder: Path, tmp_path: Path) -> None:
    code, told = run(app, "backup")
    assert code == 0
    pattern = rf"The backup {folder}/backups/firm-footing-\d{{4}}-\d\d-\d\dT\d{{6}}Z\.db holds 1 record in \d+\.\d MB, and was checked\.\n"
    assert re.fullmatch(pattern, told)
    code, told = run(app, "backup", tmp_path / "usb")
    assert (code, len(list((tmp_path / "usb").iterdir()))) == (0, 1)


def test_no_backup_is_told_and_ends_with_1(app: Flask, folder: Path) -> None:
    code, told = run(app, "backup")
    assert code == 1
    assert told.startswith("No backup was made: there is no database in ")
    assert list(folder.iterdir()) == []


def test_a_restore_says_what_to_do_next(app: Flask, planned: Visitor, folder: Path) -> None:
    run(app, "backup")
    planned.begin()
    code, told = run(app, "restore", newest(folder))
    assert code == 0
    first, second = told.splitlines()
    assert first.startswith(f"The backup {newest(folder)} of {date.today()}")
    assert first.endswith(" is in place, with 1 record. Restart the app now.")
    kept = re.fullmatch(r"The database before it is kept as (\S+)\. Remove (\S+)\* by (\S+)\.", second)
    assert kept
    assert Path(kept[1]).exists()


def test_a_restore_that_is_refused_says_why_and_ends_with_1(app: Flask, planned: Visitor, folder: Path) -> None:
    before = (folder / DATABASE).read_bytes()
    for file in (folder / DATABASE, folder / "nothing", folder / KEY):
        code, told = run(app, "restore", file)
        assert code == 1
        assert told.startswith("Nothing was changed: ")
        assert len(told.splitlines()) == 1
    assert (folder / DATABASE).read_bytes() == before


def test_what_may_be_back_is_told(app: Flask, planned: Visitor, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(app, "backup")
    record = planned.record_id
    store().erase(record)
    _, told = run(app, "restore", newest(folder))
    assert "Records that had been erased since, and were erased again: 1." in told
    assert "may be back" not in told
    store().close()
    (folder / DATABASE).unlink()
    _, told = run(app, "restore", newest(folder))
    assert "and were erased again: 1." in told, "the list beside the key knows it"
    assert "may be back" not in told
    (folder / DATABASE).unlink()
    (folder / "firm-footing.erased").unlink()
    _, told = run(app, "restore", newest(folder))
    assert f"Look out: what was erased since {date.today()} may be back" in told
    monkeypatch.setattr(backups, "_now", lambda: datetime.now(UTC) + timedelta(days=40))
    _, told = run(app, "restore", newest(folder))
    assert "may be back" in told, "marks are kept for a month"


def test_while_the_app_runs_every_page_says_that_it_must_be_started_again(
    app: Flask, planned: Visitor, folder: Path, restart: Callable[[], Flask], caplog: pytest.LogCaptureFixture
) -> None:
    run(app, "backup")
    form = planned.open("/falls/numb-feet")
    run(app, "restore", newest(folder))
    for page in (planned.open("/plan", 503), planned.open("/", 503), form.send({"numb-feet": "yes"}, 503)):
        assert page.h1 == "The app must be started again"
        assert page.headers["Retry-After"] == "60"
    assert "storage: StoreReplaced; restart the app" in caplog.text
    cookie = planned.cookie.partition("=")[2]
    again = Visitor(restart())
    again.client.set_cookie("ff", cookie)
    assert again.open("/plan").h1 == "Your plan"
    assert again.open("/falls/numb-feet").chosen("numb-feet") == []


def test_a_new_key_is_told_with_what_to_do_next(app: Flask, planned: Visitor, folder: Path) -> None:
    code, told = run(app, "rekey")
    kept, end = folder / f"{KEY}.before-{date.today()}", date.today() + timedelta(days=30)
    assert code == 0
    assert told.splitlines() == [
        f"The database has a new key, {folder / KEY}, with 1 record sealed anew. Restart the app now.",
        "Copy the new key to where the old one is kept apart, and make a backup.",
        f"Backups of before need the old key, kept as {kept}. Remove it by {end}.",
    ]
    assert kept.exists()


def test_a_new_key_that_is_refused_says_why_and_ends_with_1(app: Flask, folder: Path) -> None:
    code, told = run(app, "rekey")
    assert code == 1
    assert told.startswith("The key stays as it is: there is no database in ")
    assert list(folder.iterdir()) == []


def names_of_dates(visitor: Visitor) -> list[bytes]:
    found = re.findall(rb"UID:\S+", visitor.client.get("/reminders.ics?again=90").data)
    assert found
    return found


def test_under_a_new_key_every_browser_finds_its_plan_and_nobody_who_knows_the_old_one_makes_an_id(
    app: Flask, planned: Visitor, folder: Path, restart: Callable[[], Flask]
) -> None:
    stranger = Visitor(app)
    stranger.open("/for-whom")
    dates = names_of_dates(planned)
    plan, cookies = planned.open("/plan").main, [each.cookie.partition("=")[2] for each in (planned, stranger)]
    form = planned.open("/falls/numb-feet")
    run(app, "rekey")
    assert planned.open("/plan", 503).h1 == "The app must be started again"
    assert form.send({"numb-feet": "yes"}, 503).h1 == "The app must be started again"

    now = restart()
    again, passed_by = Visitor(now), Visitor(now)
    for visitor, cookie in zip((again, passed_by), cookies, strict=True):
        visitor.client.set_cookie("ff", cookie)
    assert again.open("/plan").main == plan
    assert again.open("/falls/numb-feet").send({"numb-feet": "yes"}).status == 200
    assert again.cookie.partition("=")[2] == cookies[0]
    assert names_of_dates(again) == dates, "a date that is in a calendar would stand there twice"
    passed_by.begin()
    assert passed_by.cookie.partition("=")[2] != cookies[1]


def test_after_a_disaster_key_and_backup_give_the_same_plan_within_seconds(
    app: Flask, planned: Visitor, folder: Path, tmp_path_factory: pytest.TempPathFactory, restart: Callable[[], Flask]
) -> None:
    away = tmp_path_factory.mktemp("away")
    run(app, "backup", away)
    plan, cookie = planned.open("/plan").main, planned.cookie.partition("=")[2]
    store().close()
    for each in folder.iterdir():
        if each.name != KEY:
            shutil.rmtree(each) if each.is_dir() else each.unlink()
    (backup,) = away.iterdir()

    began = time.monotonic()
    code, _ = run(app, "restore", backup)
    again = Visitor(restart())
    again.client.set_cookie("ff", cookie)
    assert (code, again.open("/plan").main) == (0, plan)
    assert time.monotonic() - began < 10


def test_the_question_and_the_receipt_say_until_when_a_backup_may_hold_it(app: Flask, planned: Visitor) -> None:
    assert "No other copy is kept here." in planned.open("/erase").main
    run(app, "backup")
    end = date.today() + timedelta(days=30)
    said = f"A backup may hold these answers until {end:%B} {end.day}, {end.year}."
    asked = planned.open("/erase")
    assert said in asked.main
    receipt = asked.send({})
    assert said in receipt.main
    assert "without its key nobody can read it" in receipt.main


def test_where_backups_are_no_longer_made_the_old_one_is_told(
    app: Flask, planned: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backups, "_now", lambda: datetime.now(UTC) - timedelta(days=40))
    run(app, "backup")
    said = "An old backup may hold these answers until a new one is made."
    page = planned.open("/erase")
    assert said in page.main
    assert said in page.send({}).main


def test_a_receipt_stays_as_it_was_when_newer_backups_are_made(
    app: Flask, planned: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned.open("/erase").send({})
    monkeypatch.setattr(backups, "_now", lambda: datetime.now(UTC) + timedelta(days=3))
    run(app, "backup")
    assert "No other copy is kept here." in planned.open("/erased").main
