"""Walking through the house: the network is cut, the page reloaded, the tab killed; nothing is lost, doubled or left."""

import io
import json
import re
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Route, expect

from checklists import Definitions
from storage import RecordNotFound
from tests.browser.phone import Phone
from tests.browser.seeds import Seeds

SAVED = "Saved."
WAITING = "Saved on this phone. It will be sent."
UNREADABLE = "That file is not a photo that we can read. Take the photo again, or go on without it."
RUG, BAR = "floors-loose-rugs", "bath-no-grab-bars"
LEFT = """async () => ({
  databases: (await indexedDB.databases()).map(each => each.name),
  caches: await caches.keys(),
  workers: (await navigator.serviceWorker.getRegistrations()).length,
  marks: Object.keys(localStorage),
})"""
NOTHING = {"databases": [], "caches": [], "workers": 0, "marks": []}
WAITS = """() => new Promise(done => {
  indexedDB.open("firm-footing-walk").onsuccess = opened => {
    const all = opened.target.result.transaction("entries").objectStore("entries").getAll();
    all.onsuccess = () => { opened.target.result.close(); done(all.result.length) };
  };
})"""


LOSE_THE_NEXT_REPLY = """() => {
  const real = window.fetch;
  window.fetch = async (address, ...rest) => {
    const reply = await real(address, ...rest);
    if (address !== "/walk/answers") return reply;
    window.fetch = real;
    window.lost = true;
    throw new TypeError("lost");
  };
}"""


@pytest.fixture
def phone(own_phone: Phone) -> Phone:
    """Its own: it loses the network, and keeps pages and photos."""
    return own_phone


def somebody_at_home(phone: Phone, seeds: Seeds) -> str:
    draft = seeds.person(signs=["none"])
    return seeds.sow(phone, replace(draft, lists={name: each for name, each in draft.lists.items() if name != "home"}))


def when_the_walk_begins(phone: Phone) -> None:
    phone.open("/walk")
    phone.page.locator("#walk-begin").click()
    expect(phone.page.locator(".walk-room:visible")).to_have_count(1)
    expect(phone.page.locator("#walk-status")).to_have_text(SAVED)
    until(phone, "() => caches.match('/walk').then(found => !!found)")


def expect_status(phone: Phone, status: str) -> None:
    expect(phone.page.locator("#walk-status")).to_have_text(status)


def until(phone: Phone, promise: str) -> None:
    """Waits for a promise of the page to come true; wait_for_function takes the promise itself for a yes."""
    for _ in range(600):
        if phone.page.evaluate(promise):
            return
        phone.page.wait_for_timeout(50)
    raise AssertionError(promise)


def left_nothing(phone: Phone) -> None:
    until(phone, f"async () => JSON.stringify(await ({LEFT})()) === '{json.dumps(NOTHING, separators=(',', ':'))}'")


def saved(phone: Phone, seeds: Seeds, record: str, answers: dict[str, str]) -> None:
    """The server has exactly these, and the page says so."""
    for _ in range(300):
        if answers_of(seeds, record) == answers:
            break
        phone.page.wait_for_timeout(100)
    assert answers_of(seeds, record) == answers
    expect_status(phone, SAVED)


def answers_of(seeds: Seeds, record: str) -> dict[str, Any]:
    return dict(seeds.store.get_draft(record).data["lists"].get("home", {}))


def go_to(phone: Phone, room: str) -> None:
    phone.page.evaluate("room => location.hash = room", room)
    expect(phone.page.locator(f"#{room}")).to_be_visible()


def photo(size: tuple[int, int] = (3000, 2000), color: str = "#a52") -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "A camera that tells"
    Image.new("RGB", size, color).save(out, "JPEG", exif=exif)
    return out.getvalue()


def take(phone: Phone, link_id: str, picture: bytes, mime: str = "image/jpeg") -> None:
    file = {"name": "IMG_1.JPG", "mimeType": mime, "buffer": picture}
    phone.page.locator(f'[id="{link_id}-photo"]').set_input_files([file])  # type: ignore[list-item]


def test_a_whole_house_without_a_network_loses_doubles_and_leaves_nothing(
    phone: Phone, seeds: Seeds, definitions: Definitions
) -> None:
    record = somebody_at_home(phone, seeds)
    when_the_walk_begins(phone)
    phone.choose("outside-uneven-path", "yes")
    saved(phone, seeds, record, {"outside-uneven-path": "yes"})

    phone.context.set_offline(True)
    phone.page.reload()
    expect(phone.page.locator("#outside")).to_be_visible()
    expect(phone.page.locator("#walk-offline")).to_contain_text("No network now.")

    given = {"outside-uneven-path": "yes"}
    codes = ("yes", "no", "unsure", "not-here")
    for room in definitions.checklist_of["home"].sections:
        expect(phone.page.locator(f"#{room.id}")).to_be_visible()
        for number, question in enumerate(room.questions):
            if question.link_id not in given:
                given[question.link_id] = codes[number % 4]
                phone.choose(question.link_id, codes[number % 4])
        expect_status(phone, WAITING)
        phone.page.locator(f"#{room.id} .button.go").click()
    expect(phone.page.locator("#walk-done")).to_be_visible()
    assert answers_of(seeds, record) == {"outside-uneven-path": "yes"}

    phone.page.close()  # the tab is killed
    phone.context.set_offline(False)
    phone.page = phone.context.new_page()
    phone.open("/checklists")
    expect(phone.page.locator("#waiting")).to_be_hidden()
    left_nothing(phone)

    draft = seeds.store.get_draft(record)
    assert draft.data["lists"]["home"] == given
    assert list(draft.data["walks"].values()) == [
        len(given) + 1
    ]  # each was heard once; the rest is fine, of the one sent before
    left_nothing(phone)


def test_before_the_button_nothing_at_all_is_put_on_a_phone(phone: Phone, seeds: Seeds) -> None:
    somebody_at_home(phone, seeds)
    for path in ("/home", "/home/floors", "/walk", "/checklists"):
        phone.open(path)
        phone.page.wait_for_load_state("networkidle")
        left_nothing(phone)


def test_at_each_moment_the_page_says_where_an_answer_is(phone: Phone, seeds: Seeds) -> None:
    record = somebody_at_home(phone, seeds)
    when_the_walk_begins(phone)
    go_to(phone, "floors")
    phone.choose(RUG, "yes")
    saved(phone, seeds, record, {RUG: "yes"})
    phone.context.set_offline(True)
    phone.choose(RUG, "no")
    expect_status(phone, WAITING)
    phone.choose(RUG, "unsure")
    expect_status(phone, WAITING)
    assert phone.page.evaluate(WAITS) == 2
    assert answers_of(seeds, record) == {RUG: "yes"}
    phone.context.set_offline(False)
    saved(phone, seeds, record, {RUG: "unsure"})
    assert phone.page.evaluate(WAITS) == 0


def test_an_answer_that_never_reached_the_phone_again_is_sent_once_more_and_counts_once(
    phone: Phone, seeds: Seeds
) -> None:
    """The server heard it, and its reply was lost: the phone cannot know, and says it again."""
    record = somebody_at_home(phone, seeds)
    when_the_walk_begins(phone)
    go_to(phone, "floors")

    phone.page.evaluate(LOSE_THE_NEXT_REPLY)
    phone.choose(RUG, "yes")
    until(phone, "() => window.lost === true")
    expect_status(phone, WAITING)
    assert answers_of(seeds, record) == {RUG: "yes"}
    saved(phone, seeds, record, {RUG: "yes"})
    assert list(seeds.store.get_draft(record).data["walks"].values()) == [1]


def test_a_newer_answer_from_a_page_is_not_undone_by_one_that_waited(phone: Phone, seeds: Seeds) -> None:
    record = somebody_at_home(phone, seeds)
    when_the_walk_begins(phone)
    go_to(phone, "floors")
    phone.page.route("**/walk/answers", lambda route: route.abort())
    phone.choose(RUG, "yes")
    expect_status(phone, WAITING)
    other = phone.context.new_page()  # another tab of the same phone
    other.route("**/walk/answers", lambda route: route.abort())
    other.goto("/home/floors")
    other.locator("#page-form button.go").first.click()  # the rest, and so the rug, is fine
    other.wait_for_url(re.compile("/home/living-room"))
    other.close()
    phone.page.unroute("**/walk/answers")
    expect_status(phone, SAVED)
    assert answers_of(seeds, record)[RUG] == "no"


def test_two_tabs_of_one_walk_send_each_answer_once(phone: Phone, seeds: Seeds) -> None:
    record = somebody_at_home(phone, seeds)
    when_the_walk_begins(phone)
    other = Phone(phone.context)
    other.open("/walk")
    phone.context.set_offline(True)
    go_to(phone, "floors")
    go_to(other, "bathroom")
    phone.choose(RUG, "yes")
    other.choose(BAR, "yes")
    expect_status(phone, WAITING)
    phone.context.set_offline(False)
    expect_status(phone, SAVED)
    expect_status(other, SAVED)
    draft = seeds.store.get_draft(record)
    assert draft.data["lists"]["home"] == {RUG: "yes", BAR: "yes"}
    assert list(draft.data["walks"].values()) == [2]


def test_two_peoples_records_on_one_phone_are_not_mixed(phone: Phone, seeds: Seeds) -> None:
    first = somebody_at_home(phone, seeds)
    when_the_walk_begins(phone)
    phone.context.set_offline(True)
    go_to(phone, "floors")
    phone.choose(RUG, "yes")
    expect_status(phone, WAITING)
    phone.page.close()
    phone.context.set_offline(False)
    phone.page = phone.context.new_page()
    phone.page.route("**/walk/answers", lambda route: route.abort())
    second = somebody_at_home(phone, seeds)
    phone.open("/walk")
    expect(phone.page.locator("#walk-begin")).to_be_visible()  # the other walk is not shown to this person
    phone.page.locator("#walk-begin").click()
    expect(phone.page.locator("#outside")).to_be_visible()
    go_to(phone, "floors")
    assert not phone.page.locator(f'input[name="{RUG}"][value=yes]').is_checked()
    phone.choose(RUG, "no")
    phone.page.unroute("**/walk/answers")
    saved(phone, seeds, second, {RUG: "no"})
    assert answers_of(seeds, first) == {RUG: "yes"}


def test_forget_takes_everything_off_the_phone_at_any_time(phone: Phone, seeds: Seeds) -> None:
    record = somebody_at_home(phone, seeds)
    when_the_walk_begins(phone)
    phone.context.set_offline(True)
    go_to(phone, "floors")
    phone.choose(RUG, "yes")
    expect_status(phone, WAITING)
    phone.page.locator("#walk-forget").click()
    expect(phone.page.get_by_role("button", name="Keep it")).to_be_focused()
    phone.page.get_by_role("button", name="Keep it").click()
    expect_status(phone, WAITING)
    phone.page.locator("#walk-forget").click()
    phone.page.get_by_role("button", name="Delete it").click()
    expect_status(phone, "Nothing of the walk is left on this phone.")
    left_nothing(phone)
    phone.context.set_offline(False)
    phone.open("/checklists")
    assert answers_of(seeds, record) == {}


def test_what_is_all_sent_is_forgotten_without_a_question(phone: Phone, seeds: Seeds) -> None:
    record = somebody_at_home(phone, seeds)
    when_the_walk_begins(phone)
    go_to(phone, "floors")
    phone.choose(RUG, "yes")
    saved(phone, seeds, record, {RUG: "yes"})
    phone.page.locator("#walk-forget").click()
    expect_status(phone, "Nothing of the walk is left on this phone.")
    left_nothing(phone)


def test_after_forget_no_photo_of_one_person_is_shown_to_the_next(phone: Phone, seeds: Seeds) -> None:
    somebody_at_home(phone, seeds)
    when_the_walk_begins(phone)
    go_to(phone, "floors")
    phone.choose(RUG, "yes")
    with phone.page.expect_response("**/walk/photos"):  # "Saved." may still be of the answer
        take(phone, RUG, photo())
    expect(phone.page.locator(f'[data-link="{RUG}"] img')).to_be_visible()
    expect_status(phone, SAVED)
    phone.page.locator("#walk-forget").click()
    expect_status(phone, "Nothing of the walk is left on this phone.")
    tab = Phone(phone.context)
    somebody_at_home(tab, seeds)
    phone.page.locator("#walk-begin").click()
    expect(phone.page.locator("#outside")).to_be_visible()
    go_to(phone, "floors")
    phone.choose(RUG, "yes")
    expect_status(phone, SAVED)
    expect(phone.page.locator(f'[data-link="{RUG}"] img')).to_be_hidden()


def test_a_network_that_swallows_a_request_does_not_hold_up_the_next(phone: Phone, seeds: Seeds) -> None:
    record = somebody_at_home(phone, seeds)
    phone.page.clock.install()
    when_the_walk_begins(phone)
    swallowed: list[Route] = []
    phone.page.route("**/walk/answers", lambda route: swallowed.append(route), times=1)
    go_to(phone, "floors")
    phone.choose(RUG, "yes")
    expect_status(phone, WAITING)
    while not swallowed:
        phone.page.wait_for_timeout(50)
    phone.choose(RUG, "unsure")
    until(phone, f"() => ({WAITS})().then(waiting => waiting === 2)")
    phone.page.clock.fast_forward("02:01")
    saved(phone, seeds, record, {RUG: "unsure"})


def test_a_walk_that_is_forgotten_in_one_tab_is_forgotten_in_the_other(phone: Phone, seeds: Seeds) -> None:
    somebody_at_home(phone, seeds)
    when_the_walk_begins(phone)
    go_to(phone, "floors")
    phone.choose(RUG, "yes")
    expect_status(phone, SAVED)
    other = Phone(phone.context)
    other.open("/walk")
    expect(other.page.locator(".walk-room:visible")).to_have_count(1)
    phone.page.locator("#walk-forget").click()
    expect_status(phone, "Nothing of the walk is left on this phone.")
    expect(other.page.locator("#walk-begin")).to_be_visible()
    assert other.page.locator("input:checked").count() == 0


def test_without_a_network_a_walk_of_somebody_else_is_not_shown(phone: Phone, seeds: Seeds) -> None:
    first = somebody_at_home(phone, seeds)
    when_the_walk_begins(phone)
    phone.page.route("**/walk/answers", lambda route: route.abort())
    go_to(phone, "floors")
    phone.choose(RUG, "yes")
    expect_status(phone, WAITING)
    somebody_at_home(phone, seeds)
    phone.page.route("**/walk/answers", lambda route: route.abort())
    phone.open("/checklists")
    phone.page.locator("#waiting:visible").wait_for()
    until(phone, "() => 'firm-footing-walk-of-another' in localStorage")
    phone.context.set_offline(True)
    phone.page.goto("/walk")
    expect(phone.page.locator("#walk-offline")).to_have_text(
        "A walk of somebody else waits on this phone. It is sent when there is a network."
    )
    expect(phone.page.locator(".walk-room:visible")).to_have_count(0)
    assert phone.page.locator("input:checked").count() == 0
    assert answers_of(seeds, first) == {}


def test_without_a_network_the_buttons_that_need_one_say_so_and_the_walk_stays(phone: Phone, seeds: Seeds) -> None:
    somebody_at_home(phone, seeds)
    when_the_walk_begins(phone)
    go_to(phone, "bathroom")
    phone.context.set_offline(True)
    for words in ("Aa", "Español"):
        phone.page.get_by_role("button", name=words).click()
        expect(phone.page.locator("#walk-offline")).to_have_text("This needs a network. Try again where there is one.")
    expect(phone.page.locator("#bathroom")).to_be_visible()
    go_to(phone, "floors")
    phone.choose(RUG, "yes")
    expect_status(phone, WAITING)
    go_to(phone, "walk-done")
    phone.page.locator("#walk-end").click()
    expect(phone.page.locator("#walk-end-says")).to_contain_text("There is no network here.")
    assert phone.path == "/walk"


def test_larger_letters_in_the_middle_of_a_walk_lead_back_to_the_same_room(phone: Phone, seeds: Seeds) -> None:
    record = somebody_at_home(phone, seeds)
    when_the_walk_begins(phone)
    go_to(phone, "floors")
    phone.choose(RUG, "yes")
    saved(phone, seeds, record, {RUG: "yes"})
    phone.touch("Aa")
    phone.choose("text", "larger")
    phone.touch("Use these")
    assert phone.path == "/walk"
    expect(phone.page.locator("#floors")).to_be_visible()
    expect(phone.page.locator(f'input[name="{RUG}"][value=yes]')).to_be_checked()
    phone.touch("Español")
    expect(phone.page.locator("#floors")).to_be_visible()


def test_the_last_page_names_the_places_where_answers_are_missing(phone: Phone, seeds: Seeds) -> None:
    somebody_at_home(phone, seeds)
    when_the_walk_begins(phone)
    go_to(phone, "floors")
    phone.choose(RUG, "yes")
    go_to(phone, "walk-done")
    link = phone.page.locator("#walk-open a[href='#floors']")
    there = phone.page.locator("#floors .thing").count()
    assert link.inner_text().endswith(f": {there - 1}")
    phone.check()
    link.click()
    expect(phone.page.locator("#floors")).to_be_visible()


@pytest.mark.parametrize("status", [400, 413, 500, 503])
def test_a_photo_that_the_server_did_not_keep_stays_on_the_phone_and_holds_up_nothing(
    phone: Phone, seeds: Seeds, status: int
) -> None:
    record = somebody_at_home(phone, seeds)
    when_the_walk_begins(phone)
    sent = []
    phone.page.route("**/walk/photos", lambda route: (sent.append(1), route.fulfill(status=status, body="no")))
    go_to(phone, "floors")
    phone.choose(RUG, "yes")
    take(phone, RUG, photo())
    expect(phone.page.locator(f'[data-link="{RUG}"] img')).to_be_visible()
    phone.choose("floors-clutter", "no")
    until(phone, "() => document.querySelector('input[name=floors-clutter]:checked')")
    for number in range(100):
        phone.page.evaluate("() => dispatchEvent(new Event('online'))")
        phone.page.wait_for_timeout(200)
        if number >= 5 and len(sent) >= 3 and "floors-clutter" in answers_of(seeds, record):
            break
    assert answers_of(seeds, record) == {RUG: "yes", "floors-clutter": "no"}
    given_up = 3 if status != 503 else len(sent)  # then it waits for the next page, or until somebody asks: it is heavy
    assert len(sent) == given_up >= 3
    expect(phone.page.locator(f'[data-link="{RUG}"] img')).to_be_visible()
    expect_status(phone, WAITING)
    go_to(phone, "walk-done")
    phone.page.locator("#walk-end").click()
    expect(phone.page.locator("#walk-end-says")).to_contain_text("A photo could not be sent.")
    assert len(sent) > given_up
    assert phone.path == "/walk"
    phone.page.unroute("**/walk/photos")
    phone.page.reload()
    saved(phone, seeds, record, {RUG: "yes", "floors-clutter": "no"})
    assert seeds.store.get_draft(record).data["photos"].keys() == {RUG}


def test_what_still_waits_can_be_forgotten_on_every_page(phone: Phone, seeds: Seeds) -> None:
    record = somebody_at_home(phone, seeds)
    when_the_walk_begins(phone)
    phone.page.route("**/walk/answers", lambda route: route.abort())
    go_to(phone, "floors")
    phone.choose(RUG, "yes")
    expect_status(phone, WAITING)
    phone.open("/checklists")
    expect(phone.page.locator("#waiting")).to_be_visible()
    phone.check()
    phone.page.get_by_role("button", name="Forget what is on this phone").click()
    phone.check()
    phone.page.get_by_role("button", name="Delete it").click()
    expect(phone.page.locator("#waiting")).to_be_hidden()
    left_nothing(phone)
    assert answers_of(seeds, record) == {}


def test_what_waited_for_more_than_seven_days_is_taken_off_the_phone(phone: Phone, seeds: Seeds) -> None:
    record = somebody_at_home(phone, seeds)
    when_the_walk_begins(phone)
    phone.context.set_offline(True)
    go_to(phone, "floors")
    phone.choose(RUG, "yes")
    expect_status(phone, WAITING)
    phone.page.close()
    phone.context.set_offline(False)
    phone.page = phone.context.new_page()
    phone.page.clock.install()
    phone.page.clock.fast_forward(7 * 24 * 3600 * 1000 + 60_000)
    phone.open("/checklists")
    expect(phone.page.locator("#waiting")).to_contain_text("were lost on this phone", use_inner_text=True)
    assert phone.page.evaluate(WAITS) == 0
    phone.page.get_by_role("button", name="Forget what is on this phone").click()
    left_nothing(phone)
    assert answers_of(seeds, record) == {}


def test_the_last_page_of_a_walk_leads_to_the_answers_and_leaves_nothing(phone: Phone, seeds: Seeds) -> None:
    record = somebody_at_home(phone, seeds)
    when_the_walk_begins(phone)
    go_to(phone, "floors")
    phone.choose(RUG, "yes")
    saved(phone, seeds, record, {RUG: "yes"})
    go_to(phone, "walk-done")
    with phone.page.expect_navigation():
        phone.page.locator("#walk-end").click()
    assert phone.path == "/review/home"
    left_nothing(phone)


def test_a_photo_waits_is_sent_small_and_stripped_and_stands_beside_the_fix(phone: Phone, seeds: Seeds) -> None:
    record = somebody_at_home(phone, seeds)
    when_the_walk_begins(phone)
    go_to(phone, "floors")
    expect(phone.page.locator(f'[data-link="{RUG}"]')).to_be_hidden()
    phone.choose(RUG, "yes")
    saved(phone, seeds, record, {RUG: "yes"})
    phone.context.set_offline(True)
    take(phone, RUG, photo())
    expect_status(phone, WAITING)
    expect(phone.page.get_by_alt_text("Your photo: Loose rugs")).to_be_visible()
    phone.page.reload()
    expect(phone.page.locator(f'[data-link="{RUG}"] img')).to_have_attribute("src", re.compile("^blob:"))
    phone.context.set_offline(False)
    until(phone, f"() => ({WAITS})().then(waiting => !waiting)")
    expect_status(phone, SAVED)
    kept = seeds.store.get_draft(record).data["photos"][RUG]["id"]
    with Image.open(io.BytesIO(seeds.store.get_photo(record, kept))) as shown:
        assert max(shown.size) <= 1280
        assert not shown.getexif()
    phone.open("/see-my-plan")
    phone.press()
    phone.open("/plan")
    phone.page.locator("main details").evaluate_all("all => all.forEach(each => { each.open = true })")
    expect(phone.page.locator(f'img[src="/photos/{kept}/picture"]')).to_be_visible()
    phone.check()


@pytest.mark.parametrize(
    ("picture", "mime"),
    [(b"not a photo", "image/jpeg"), (photo()[:300], "image/jpeg"), (b"%PDF-1.7", "application/pdf")],
)
def test_what_is_no_photo_gets_a_sentence_and_the_walk_goes_on(
    phone: Phone, seeds: Seeds, picture: bytes, mime: str
) -> None:
    record = somebody_at_home(phone, seeds)
    when_the_walk_begins(phone)
    go_to(phone, "floors")
    phone.choose(RUG, "yes")
    take(phone, RUG, picture, mime)
    expect(phone.page.locator(f'[data-link="{RUG}"] .photo-says')).to_have_text(UNREADABLE)
    phone.choose(RUG, "unsure")
    saved(phone, seeds, record, {RUG: "unsure"})
    assert phone.page.evaluate(WAITS) == 0


def test_a_photo_that_only_the_server_refuses_gets_the_sentence_too(phone: Phone, seeds: Seeds) -> None:
    somebody_at_home(phone, seeds)
    when_the_walk_begins(phone)
    phone.page.route("**/walk/photos", lambda route: route.fulfill(status=422, json={"problem": "No."}), times=1)
    go_to(phone, "floors")
    phone.choose(RUG, "yes")
    with phone.page.expect_response("**/walk/photos"):  # made small first, which takes a busy phone its time
        take(phone, RUG, photo())
    expect(phone.page.locator(f'[data-link="{RUG}"] .photo-says')).to_have_text(UNREADABLE)
    expect_status(phone, SAVED)
    assert phone.page.evaluate(WAITS) == 0


@pytest.mark.parametrize(
    ("missing", "why"),
    [
        ("Object.defineProperty(window, 'isSecureContext', {value: false})", "needs an address that begins with https"),
        ("delete Navigator.prototype.serviceWorker", "too old to walk without a network"),
        ("delete window.indexedDB", "too old to walk without a network"),
    ],
)
def test_where_a_phone_cannot_walk_the_page_says_why(phone: Phone, seeds: Seeds, missing: str, why: str) -> None:
    somebody_at_home(phone, seeds)
    phone.page.add_init_script(missing)
    phone.open("/walk")
    expect(phone.page.locator("#walk-why-not")).to_contain_text(why)
    expect(phone.page.locator("#walk-begin")).to_be_hidden()
    phone.check()
    phone.touch("Answer room by room instead")
    assert phone.path == "/home"


def test_a_phone_that_has_no_room_says_so_and_offers_the_pages(phone: Phone, seeds: Seeds) -> None:
    somebody_at_home(phone, seeds)
    phone.page.add_init_script("IDBFactory.prototype.open = () => { throw new DOMException('', 'QuotaExceededError') }")
    phone.open("/walk")
    phone.page.locator("#walk-begin").click()
    expect_status(phone, "This phone could not begin the walk. Answer room by room instead.")


def test_without_javascript_the_walk_offers_the_pages(phone_without_javascript: Phone, seeds: Seeds) -> None:
    phone = phone_without_javascript
    somebody_at_home(phone, seeds)
    phone.open("/walk")
    expect(phone.page.locator("#walk-why-not")).to_contain_text("This browser did not run our script")
    expect(phone.page.locator("#walk-begin")).to_be_hidden()
    phone.touch("Answer room by room instead")
    assert phone.path == "/home"


def test_a_walk_in_spanish_reads_spanish_without_a_network(phone: Phone, seeds: Seeds) -> None:
    somebody_at_home(phone, seeds)
    phone.open("/settings")
    phone.choose("language", "es")
    with phone.page.expect_navigation():
        phone.page.locator("#all-settings button.go").click()
    phone.open("/walk")
    phone.page.locator("#walk-begin").click()
    until(phone, "() => caches.match('/walk').then(found => !!found)")
    phone.context.set_offline(True)
    phone.page.reload()
    expect(phone.page.locator("html")).to_have_attribute("lang", "es")
    phone.choose("outside-uneven-path", "no")
    expect(phone.page.locator("#walk-status")).to_contain_text("teléfono")


def test_what_waits_for_an_erased_record_leaves_the_phone_with_it(phone: Phone, seeds: Seeds) -> None:
    record = somebody_at_home(phone, seeds)
    when_the_walk_begins(phone)
    phone.page.route("**/walk/answers", lambda route: route.abort())
    go_to(phone, "floors")
    phone.choose(RUG, "yes")
    expect_status(phone, WAITING)
    phone.open("/erase")
    with phone.page.expect_navigation():
        phone.page.get_by_role("main").locator("form button").click()
    assert phone.path == "/erased"
    left_nothing(phone)
    with pytest.raises(RecordNotFound):
        seeds.store.get_draft(record)
