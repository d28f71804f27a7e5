"""What a stranger can have kept is bounded, and said; nobody else and nothing that was begun is hindered by it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask

from storage import RecordFull
from storage.model import StoreGone
from storage.sqlite.connecting import connect
from storage.sqlite.opening import DATABASE
from tests.tapping import link_of
from tests.test_web_preferences import press
from tests.visitor import Page, Visitor
from web.core.stores import store
from web.visitor import budgets
from web.visitor.budgets import FORGETTING_SECONDS, FREE_BYTES, HOUR, RECORDS, Budget, Budgets, Memory, TooMuch, client

FEW = Budget(name="few", by_one=10, by_all=40)
WAIT, NO_ROOM = "Wait a little", "There is no room for more now"


@pytest.fixture
def clock() -> list[float]:
    return [5.0]


@pytest.fixture
def counted(clock: list[float]) -> Budgets:
    return Budgets(lambda: clock[0])


def use(counted: Budgets, who: str, times: int) -> int:
    """How many of so many were let through."""
    passed = 0
    for _ in range(times):
        try:
            counted.spend(FEW, who)
        except TooMuch:
            continue
        passed += 1
    return passed


# ---- Counting


def test_one_uses_up_their_own_and_nobody_elses(counted: Budgets) -> None:
    assert use(counted, "abuser", 1000) == 10
    assert use(counted, "a person", 3) == 3


def test_what_was_used_runs_off_and_the_wait_that_is_told_is_long_enough(counted: Budgets, clock: list[float]) -> None:
    use(counted, "one", 10)
    with pytest.raises(TooMuch) as told:
        counted.spend(FEW, "one")
    assert 0 < told.value.retry_after_seconds <= HOUR / 10 + 1
    clock[0] += told.value.retry_after_seconds
    assert use(counted, "one", 5) == 1
    clock[0] += HOUR
    assert use(counted, "one", 50) == 10


def test_once_all_is_used_up_those_who_have_used_little_go_on(counted: Budgets) -> None:
    assert sum(use(counted, f"abuser {number}", 100) for number in range(4)) == 40
    assert use(counted, "abuser 5", 100) == 1, "a tenth of what one may"
    assert use(counted, "a person", 1) == 1


def test_the_counts_themselves_fill_nothing_up(counted: Budgets, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budgets, "MOST_REMEMBERED", 50)
    for number in range(500):
        use(counted, str(number), 1)
    assert len(counted._memory._used) <= 50


def test_a_clock_that_is_set_neither_lifts_nor_prolongs_a_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.visitor.budgets.time.time", lambda: pytest.fail("the time of day was asked"))
    assert use(Budgets(), "one", 20) == 10


def test_what_was_counted_together_holds_though_old_counts_cannot_be_removed(clock: list[float]) -> None:
    def gone() -> int:
        raise StoreGone("the database cannot be reached")

    together = SimpleNamespace(use_up=Memory(lambda: clock[0]).use_up, total_used=lambda _: 0.0, forget_counts=gone)
    servers = [Budgets(lambda: clock[0], shared=lambda: together) for _ in range(2)]  # type: ignore[arg-type, return-value]
    assert sum(use(each, "one", 9) for each in servers) == 10
    clock[0] += FORGETTING_SECONDS + 1  # of the ten a fifth of one has run off
    assert sum(use(each, "one", 1) for each in servers) == 0, "and nothing is let through by what each counts alone"


@pytest.mark.parametrize(
    ("address", "who"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "20010db800010002"),
        ("2001:db8:1:2:ffff::1", "20010db800010002"),
        ("2001:db8:1:3::1", "20010db800010003"),
        ("a socket", "unknown"),
        ("", "unknown"),
    ],
)
def test_a_client_is_an_address_or_the_first_half_of_one(app: Flask, address: str, who: str) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert client() == who


# ---- Pages


@pytest.fixture
def planned(visitor: Visitor) -> Visitor:
    """Somebody who has used a little of what one browser and one plan may use."""
    visitor.make_small_plan()
    return visitor


def lower(monkeypatch: pytest.MonkeyPatch, where: str, most: float) -> None:
    budget = getattr(budgets, where.rpartition(".")[2])
    monkeypatch.setattr(where, replace(budget, by_one=most))


def from_another(app: Flask) -> Visitor:
    other = Visitor(app)
    other.client.environ_base["REMOTE_ADDR"] = "198.51.100.9"
    return other


def test_new_records_of_one_address_are_bounded_and_those_that_were_begun_go_on(
    app: Flask, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    lower(monkeypatch, "web.visitor.open_record.RECORDS", 3)
    visitor.begin()
    for _ in range(2):
        Visitor(app).begin()
    refused = Visitor(app).open("/for-whom").send({"answering": "self"}, 429)

    assert refused.h1 == WAIT
    assert "go back one page and send it again" in refused.main
    assert int(refused.headers["Retry-After"]) > 0
    assert store().count()["records"] == 3
    visitor.open("/falls/numb-feet").send({"numb-feet": "yes"})
    assert visitor.open("/falls/numb-feet").chosen("numb-feet") == ["yes"]
    assert from_another(app).begin().path == "/about/age"


def test_a_clinic_with_fifty_people_behind_one_address_meets_no_bound() -> None:
    """Each begins twice, sets the language, walks with twenty photos and makes three plans, all in the same hour."""
    counted = Budgets(lambda: 1.0)
    for number in range(50):
        for budget, amount in ((RECORDS, 2), (budgets.SESSIONS, 2), (budgets.STORED_BYTES, 3 * 40_000)):
            counted.spend(budget, "the clinic", amount)
        counted.spend(budgets.PLANS_OF_A_RECORD, str(number), 3)
    for _ in range(10 * 20):
        counted.spend(budgets.STORED_BYTES, "the clinic", 200_000)


def test_a_stranger_leaves_no_more_than_a_word_on_the_settings_page(app: Flask, folder: Path) -> None:
    """519 MB a minute were kept, for 90 days, of what was typed on pages of nobody's record."""
    visitor = Visitor(app)
    form = visitor.open("/").settings()
    sizes = []
    for number in range(10):
        sent = {**form, "language": "es", "to": "/code", **{f"x{number}{each}": "y" * 1900 for each in range(30)}}
        sizes.append(visitor.client.post("/settings", data=sent).status_code)
    assert set(sizes) == {413}
    kept = connect(folder / DATABASE)
    assert kept.execute("SELECT coalesce(sum(length(sealed)), 0) FROM sessions").fetchone()[0] < 1000
    kept.close()


def test_an_address_to_go_back_to_is_no_store_either(visitor: Visitor) -> None:
    form = visitor.open("/").settings()
    assert visitor.post("/settings", {**form, "to": f"/open/{'x' * 1900}", "language": "es"}).path == "/"


def test_new_sessions_of_one_address_are_bounded(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    lower(monkeypatch, "web.visitor.budgets.SESSIONS", 2)
    first = Visitor(app)
    press(first.open("/"), language="es")
    press(Visitor(app).open("/"), language="es")
    other = Visitor(app)
    form = {**other.open("/").settings(), "language": "es"}

    assert other.post("/settings", form, 429).h1 == WAIT
    assert press(first.open("/"), text="larger").tree.get("data-text") == "larger", "who is known goes on"
    assert press(from_another(app).open("/"), language="es").tree.get("lang") == "es"


@pytest.mark.parametrize(
    ("path", "typed"), [("/code", {"code": "ACDE-F234-56H"}), ("/for-whom", {"answering": "helper"})]
)
def test_before_a_record_is_open_what_was_typed_outlives_a_change_of_language(
    visitor: Visitor, path: str, typed: dict[str, str]
) -> None:
    page = press(visitor.open(path), dict(typed), language="es")

    assert page.tree.get("lang") == "es"
    for name, value in typed.items():
        assert page.chosen(name) == [value]


def test_with_a_record_4_kb_are_remembered_and_more_is_told(planned: Visitor) -> None:
    long = "1\n" * 20 + "å" * 440  # as long as a note may be
    page = press(planned.open("/plan/own"), {"title": "Call", "note": long}, language="es")
    assert [each.replace("\r\n", "\n") for each in page.chosen("note")] == [long]
    form = {**page.data({}), "to": "/plan/own", "text": "larger"}
    for number in range(3):
        form[f"x{number}"] = "y" * 1900
    assert planned.post("/settings", form, 413).tree.get("lang") == "es"


def test_plans_of_one_record_are_bounded_and_the_last_one_stands(
    planned: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    lower(monkeypatch, "web.visitor.stored_plan.PLANS_OF_A_RECORD", 3)
    planned.see_plan()
    planned.see_plan()

    assert planned.open("/see-my-plan").send({}, 429).h1 == WAIT
    assert planned.open("/plan").path == "/plan"


def test_a_link_is_taken_back_whatever_was_used_up(planned: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = planned.open("/keep").send({})
    link = link_of(kept)
    lower(monkeypatch, "web.sharing.links_and_codes.STORED_BYTES", 1)
    planned.post("/keep", {**kept.data({}), "do": "take-back"})
    assert Visitor(planned.app).open(link).send({}, 404)


def test_bytes_of_one_address_are_bounded(app: Flask, planned: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    page = planned.open("/plan/own")
    lower(monkeypatch, "web.visitor.budgets.STORED_BYTES", 1000)
    page.send({"title": "Call the landlord", "note": "x" * 300}, 429)


def test_a_link_holder_who_opens_it_all_day_fills_nothing_up(planned: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    link = link_of(planned.open("/keep").send({}))
    lower(monkeypatch, "web.visitor.open_record.OPENINGS_OF_A_RECORD", 3)
    for _ in range(3):
        Visitor(planned.app).open(link).send({})
    assert Visitor(planned.app).open(link).send({}, 429).h1 == WAIT
    assert planned.open("/plan").path == "/plan"


def test_the_photos_of_a_record_are_bounded_in_bytes(planned: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.store.store.MOST_PHOTO_BYTES", 3_000)
    record = planned.record_id
    for number in range(2):
        store().keep_photo(record, submit_key=str(number), picture=b"x" * 1_000)
    with pytest.raises(RecordFull):
        store().keep_photo(record, submit_key="3", picture=b"x" * 1_500)


# ---- A disk that is nearly full


def open_keep(visitor: Visitor) -> Page:
    return visitor.open("/keep").send({})


@pytest.fixture
def crowded(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    return lambda: monkeypatch.setattr("web.visitor.budgets.free_bytes", lambda: FREE_BYTES - 1)


def test_without_room_nothing_new_is_begun_or_added(
    app: Flask, planned: Visitor, crowded: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    own = planned.open("/plan/own")
    crowded()
    refused = [
        Visitor(app).open("/for-whom").send({"answering": "self"}, 503),
        planned.open("/see-my-plan").send({}, 503),
        own.send({"title": "Call the landlord"}, 503),
        planned.open("/share").send({"name": "Ana"}, 503),
    ]
    assert {each.h1 for each in refused} == {NO_ROOM}
    assert all("erase it" in each.main for each in refused)


def test_without_room_answers_are_saved_links_open_and_are_renewed_and_everything_is_erased(
    app: Flask, planned: Visitor, crowded: Callable[[], None]
) -> None:
    page = open_keep(planned)
    crowded()
    planned.open("/falls/numb-feet").send({"numb-feet": "yes"})
    assert planned.open("/falls/numb-feet").chosen("numb-feet") == ["yes"]
    assert Visitor(app).open(link_of(page)).send({}).path == "/plan"
    renewed = planned.post("/keep", {**page.data({}), "do": "make"})
    assert link_of(renewed) != link_of(page)
    assert planned.open("/erase").send({}).h1 == "Everything was erased"
