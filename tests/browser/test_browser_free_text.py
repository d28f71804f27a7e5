"""What a person types on a phone: the longest words, and letters from right to left."""

from tests.browser.phone import Phone
from tests.browser.reflow import LOST, NOTHING
from tests.browser.seeds import MODERATE, Seeds
from web.plan.ticks import NOTE_CHARACTERS, REASON_CHARACTERS, TITLE_CHARACTERS
from web.sharing.shares import NAME_CHARACTERS

PAGES = ("/plan", "/plan/from-paper", "/share")


def test_given_words_without_a_space_when_pages_show_them_then_they_break_within_the_window(
    phone: Phone, seeds: Seeds
) -> None:
    seeds.sow(phone, seeds.person(MODERATE, signs=[]))
    phone.open("/see-my-plan")
    phone.press("save")
    phone.open("/plan/own")
    phone.page.locator("#title").fill("W" * TITLE_CHARACTERS)
    phone.page.locator("#note").fill("m" * NOTE_CHARACTERS)
    phone.press("save")
    phone.open(str(phone.page.locator("a.change").first.get_attribute("href")))
    phone.choose("state", "not-for-me")
    phone.page.locator("#reason").fill("W" * REASON_CHARACTERS)
    phone.press("save")
    own = phone.page.locator(f'a.change:has-text("{"W" * TITLE_CHARACTERS}")').first.get_attribute("href")
    phone.open("/share")
    phone.page.locator("#name").fill("W" * NAME_CHARACTERS)
    phone.page.locator("#of").fill("m" * NAME_CHARACTERS)
    phone.press("save")
    passed_on = phone.path
    link = str(phone.page.locator(".door-link").get_attribute("href"))

    for path in (*PAGES, str(own), passed_on):
        check(phone, path)
    phone.page.goto(link)
    phone.press("save")
    check(phone, phone.path)
    check(phone, "/shared")


def check(phone: Phone, path: str) -> None:
    phone.page.set_viewport_size({"width": 320, "height": 844})
    phone.open(path)
    assert phone.width() <= 320, path
    assert phone.page.evaluate(LOST) == NOTHING, path


def test_given_a_note_from_right_to_left_when_it_is_shown_then_it_begins_on_the_right(
    phone: Phone, seeds: Seeds
) -> None:
    seeds.sow(phone, seeds.person(MODERATE, signs=[]))
    phone.open("/see-my-plan")
    phone.press("save")
    phone.open("/plan/own")
    phone.page.locator("#title").fill("12 שלום")
    assert phone.page.locator("#title").evaluate("e => getComputedStyle(e).direction") == "rtl"
    phone.page.locator("#note").fill("שלום 555 0100")
    phone.press("save")

    phone.page.locator("details").evaluate_all("all => all.forEach(each => each.open = true)")
    assert phone.page.locator(".note").evaluate("e => getComputedStyle(e).direction") == "rtl"
    shown = phone.page.locator(".place article h3").last
    assert shown.inner_text() == "12 שלום"
    assert shown.evaluate("e => getComputedStyle(e).direction") == "rtl"
