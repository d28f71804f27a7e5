"""Saved means saved: each way in which a phone or a server loses what it was given is broken on purpose, and told."""

from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.browser.phone import Phone
from tests.browser.seeds import Seeds
from tests.browser.test_browser_walk import (
    RUG,
    SAVED,
    WAITING,
    WAITS,
    answers_of,
    expect_status,
    go_to,
    left_nothing,
    photo,
    saved,
    somebody_at_home,
    take,
    until,
    when_the_walk_begins,
)

NO_ROOM = "Not saved yet. This phone cannot keep answers now. Leave this page open until it says Saved."
GONE = "Some answers or photos were lost on this phone. Give them again:"
# A request that succeeds, in a transaction that is undone for want of room: as on a phone that is full.
FULL = """() => {
  const real = IDBObjectStore.prototype.add;
  IDBObjectStore.prototype.add = function (...given) {
    const asked = real.apply(this, given);
    asked.addEventListener("success", () => this.transaction.abort());
    return asked;
  };
}"""
# What a browser does that needs the room for something else: the database is gone, the mark in localStorage stays.
EVICT = """() => new Promise(done => { indexedDB.deleteDatabase("firm-footing-walk").onsuccess = () => done() })"""


@pytest.fixture
def phone(own_phone: Phone) -> Phone:
    """Its own: it loses the network, and scripts are set before its pages."""
    return own_phone


def begin_a_walk(phone: Phone, seeds: Seeds) -> str:
    record = somebody_at_home(phone, seeds)
    when_the_walk_begins(phone)
    go_to(phone, "floors")
    return record


def send_now(phone: Phone) -> None:
    phone.page.evaluate("() => dispatchEvent(new Event('online'))")


def test_without_room_an_answer_goes_to_the_server_or_is_not_called_saved(phone: Phone, seeds: Seeds) -> None:
    record = begin_a_walk(phone, seeds)
    phone.page.evaluate(FULL)
    phone.choose(RUG, "yes")
    saved(phone, seeds, record, {RUG: "yes"})
    phone.context.set_offline(True)
    phone.choose(RUG, "no")
    expect_status(phone, NO_ROOM)
    take(phone, RUG, photo((300, 200)))
    send_now(phone)
    phone.page.wait_for_timeout(300)
    expect_status(phone, NO_ROOM)
    assert phone.page.evaluate(WAITS) == 0
    phone.check_with_axe()
    phone.context.set_offline(False)
    send_now(phone)
    saved(phone, seeds, record, {RUG: "no"})
    until(phone, "() => document.querySelector('#walk-status').dataset.waiting === '0'")
    assert seeds.store.get_draft(record).data["photos"].keys() == {RUG}


@pytest.mark.parametrize("then", ["the page stays open", "the page is loaded again"])
def test_what_the_browser_threw_away_is_named_and_asked_for_again(phone: Phone, seeds: Seeds, then: str) -> None:
    record = begin_a_walk(phone, seeds)
    phone.choose("floors-clutter", "no")
    saved(phone, seeds, record, {"floors-clutter": "no"})
    phone.page.route("**/walk/answers", lambda route: route.abort())
    phone.choose(RUG, "yes")
    expect_status(phone, WAITING)
    phone.page.evaluate(EVICT)
    send_now(phone)
    if then == "the page is loaded again":
        phone.page.reload()
    expect_status(phone, f"{GONE} Loose rugs.")
    assert not phone.page.locator(f'input[name="{RUG}"]:checked').count()
    expect(phone.page.locator('input[name="floors-clutter"][value=no]')).to_be_checked()
    phone.check_with_axe()
    phone.page.unroute("**/walk/answers")
    phone.choose(RUG, "yes")
    send_now(phone)
    saved(phone, seeds, record, {"floors-clutter": "no", RUG: "yes"})


def test_what_the_browser_threw_away_is_told_on_every_page(phone: Phone, seeds: Seeds) -> None:
    begin_a_walk(phone, seeds)
    phone.page.route("**/walk/answers", lambda route: route.abort())
    phone.choose(RUG, "yes")
    expect_status(phone, WAITING)
    phone.page.evaluate(EVICT)
    phone.open("/checklists")
    expect(phone.page.locator("#waiting")).to_contain_text("were lost on this phone", use_inner_text=True)
    phone.check()
    phone.page.get_by_role("button", name="Forget what is on this phone").click()
    expect(phone.page.locator("#waiting")).to_be_hidden()
    left_nothing(phone)


def test_what_waited_for_seven_days_is_named_too(phone: Phone, seeds: Seeds) -> None:
    begin_a_walk(phone, seeds)
    phone.page.route("**/walk/answers", lambda route: route.abort())
    phone.choose(RUG, "yes")
    expect_status(phone, WAITING)
    phone.page.clock.install()
    phone.page.clock.fast_forward(7 * 24 * 3600 * 1000 + 60_000)
    phone.page.reload()
    expect_status(phone, f"{GONE} Loose rugs.")


@pytest.mark.parametrize(
    "reply",
    [
        {"status": 200, "content_type": "text/html", "body": "<h1>Welcome to this hotel</h1>"},
        {"status": 400, "body": "no"},
        {"status": 507, "body": "no"},
    ],
    ids=["a hotel's page", "refused", "a full disk"],
)
def test_only_our_servers_own_word_counts(phone: Phone, seeds: Seeds, reply: dict[str, Any]) -> None:
    record = begin_a_walk(phone, seeds)
    posted = []

    def answer(route: Route) -> None:
        posted.append(1)
        route.fulfill(**reply)

    phone.page.route("**/walk/answers", answer)
    phone.choose(RUG, "yes")
    until(phone, "() => document.querySelector('#walk-status').dataset.waiting === '1'")
    phone.page.wait_for_timeout(200)
    assert posted
    assert phone.page.locator("#walk-status").inner_text() != SAVED
    assert phone.page.evaluate(WAITS) == 1
    phone.page.unroute("**/walk/answers")
    send_now(phone)
    saved(phone, seeds, record, {RUG: "yes"})


def test_a_browser_that_does_not_say_what_it_keeps_is_not_believed(phone: Phone, seeds: Seeds) -> None:
    record = begin_a_walk(phone, seeds)
    broken = "IDBDatabase.prototype.transaction = () => { throw new DOMException('', 'UnknownError') }"
    phone.page.evaluate(f"() => {{ {broken} }}")
    phone.choose(RUG, "yes")
    expect_status(phone, NO_ROOM)
    for _ in range(50):
        if answers_of(seeds, record):
            break
        phone.page.wait_for_timeout(100)
    assert answers_of(seeds, record) == {RUG: "yes"}
