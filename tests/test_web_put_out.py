"""Put out means out: each with two browsers, also when a backup of before is put back."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from storage.sqlite.backups import carrying
from storage.sqlite.backups.backup import back_up
from storage.sqlite.backups.restoring import restore
from storage.sqlite.connecting import connect
from storage.sqlite.opening import DATABASE
from tests.tapping import link_of
from tests.test_web_browser import GONE, id_of, with_cookie
from tests.visitor import Visitor
from web.core.stores import store

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
Browsers = dict[str, str]


@pytest.fixture
def before(app: Flask, folder: Path) -> tuple[Browsers, Path, str]:
    """The owner and four who were let in, by their cookies; a backup of that time; and the record."""
    owner, thief, leaver, friend, other = (Visitor(app) for _ in range(5))
    owner.make_small_plan()
    kept = owner.open("/keep").send({})
    thief.open(link_of(kept)).send({})
    leaver.begin()
    shared = owner.open("/share").send({"name": "Ana"})
    friend.open(link_of(shared)).send({})
    other.begin()
    backup = back_up(folder, folder, folder / "backups", NOW).path
    assert backup

    owner.post("/keep", {**kept.data({}), "do": "make"})
    (share,) = store().list_shares(owner.record_id)
    store().take_back_share(owner.record_id, share.share_id)
    cookies = {name: id_of(each) for name, each in zip("otlfx", (owner, thief, leaver, friend, other), strict=True)}
    page = leaver.open("/this-browser")
    leaver.post("/leave", {"csrf_token": page.hidden("csrf_token"), "record": "", "sure": "yes"})
    return cookies, backup, owner.record_id


def look(app: Flask, cookies: Browsers) -> None:
    """Who was put out is out, and who was not is in."""
    assert with_cookie(app, cookies["o"]).open("/plan").path == "/plan"
    assert with_cookie(app, cookies["x"]).open("/checklists").path == "/checklists"
    assert with_cookie(app, cookies["t"]).open("/plan", 404).h1 == GONE
    assert with_cookie(app, cookies["l"]).open("/checklists", 404).h1 == GONE
    assert "No plan is shared with this phone" in with_cookie(app, cookies["f"]).open("/shared").main


def put_back(folder: Path, backup: Path) -> None:
    store().close()
    store.cache_clear()
    restore(backup, folder, folder, NOW)


def test_who_was_put_out_is_out_at_once(app: Flask, before: tuple[Browsers, Path, str]) -> None:
    look(app, before[0])


def test_a_backup_of_before_lets_nobody_in_again(
    before: tuple[Browsers, Path, str], folder: Path, restart: Callable[[], Flask]
) -> None:
    cookies, backup, _record = before
    for _ in range(2):  # also when it is put back over itself
        put_back(folder, backup)
        look(restart(), cookies)


def test_the_twin_that_takes_nothing_over_lets_them_in(
    before: tuple[Browsers, Path, str],
    folder: Path,
    restart: Callable[[], Flask],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(carrying, "take_over", lambda *_: None)
    put_back(folder, before[1])
    app = restart()

    assert with_cookie(app, before[0]["t"]).open("/plan").path == "/plan"
    assert with_cookie(app, before[0]["l"]).open("/checklists").path == "/checklists"


def test_a_browser_that_came_after_the_backup_stays_in_where_it_can(
    app: Flask, before: tuple[Browsers, Path, str], folder: Path, restart: Callable[[], Flask]
) -> None:
    _cookies, backup, record = before
    way_in = store().find_link_and_code(record)
    assert way_in
    late = Visitor(app)
    late.open(f"/open/{way_in.link}").send({})
    put_back(folder, backup)

    assert with_cookie(restart(), id_of(late)).open("/plan").path == "/plan"


def test_damaged_sessions_do_not_hinder_a_restore(
    before: tuple[Browsers, Path, str], folder: Path, restart: Callable[[], Flask]
) -> None:
    store().close()
    outside = connect(folder / DATABASE)
    outside.execute("UPDATE sessions SET sealed = x'00'")
    outside.close()
    put_back(folder, before[1])

    assert with_cookie(restart(), before[0]["o"]).open("/plan").path == "/plan"
