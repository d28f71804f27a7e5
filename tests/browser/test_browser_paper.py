"""From paper to the phone: ticks by touch alone, and whole lists by a key a question."""

import io
import time
from dataclasses import replace

import pytest
from pypdf import PdfReader

from checklists import Definitions
from tests.browser.phone import TYPED, Phone
from tests.browser.seeds import HIGH, Seeds

TICKS = 8


@pytest.fixture
def phone(own_phone: Phone) -> Phone:
    """Its own: a paper opens in another tab."""
    return own_phone


def test_given_eight_ticks_on_paper_when_they_are_copied_then_eight_taps_and_one_save_are_enough(
    phone: Phone, seeds: Seeds
) -> None:
    seeds.sow(phone, seeds.person(HIGH, signs=[]))
    phone.open("/see-my-plan")
    phone.press("save")
    phone.open("/plan")
    phone.page.locator("summary").filter(has_text="Keep this plan").click()
    phone.touch("Copy the ticks from paper")
    boxes = phone.page.locator("#page-form label")
    assert boxes.count() >= TICKS
    started = time.monotonic()
    for number in range(TICKS):
        boxes.nth(number).tap()
    phone.press("save")
    took = time.monotonic() - started

    assert phone.path == "/plan"
    assert phone.page.get_by_text(", from paper.").count() == TICKS
    assert took < 20, "with three seconds for each line that is read, far below a minute"


def test_given_only_a_keyboard_when_ticks_are_copied_then_space_is_enough(phone: Phone, seeds: Seeds) -> None:
    seeds.sow(phone, seeds.person(HIGH, signs=[]))
    phone.open("/see-my-plan")
    phone.press("save")
    phone.open("/plan/from-paper")
    phone.page.locator("#done").focus()
    for _ in range(TICKS):
        phone.page.keyboard.press("Space")
        phone.page.keyboard.press("Tab")
    with phone.page.expect_navigation():
        phone.page.keyboard.press("Enter")

    assert phone.path == "/plan"
    assert phone.page.get_by_text(", from paper.").count() == TICKS


@pytest.mark.parametrize("name", ["about", "falls", "bone", "home", "posture"])
def test_given_only_a_keyboard_when_a_sheet_is_typed_in_then_one_key_a_question_is_enough(
    phone: Phone, seeds: Seeds, definitions: Definitions, name: str
) -> None:
    record = seeds.sow(phone, replace(seeds.person(signs=[]), about={}, lists={}))
    phone.open(f"/enter/{name}")
    keys = 0
    phone.page.locator("[data-row] input").first.focus()
    wanted = {}
    for number, question in enumerate(definitions.questions[name]):
        assert phone.page.evaluate("() => document.activeElement.name").startswith(question.link_id)
        if question.allowed:
            place = number % len(question.allowed)
            wanted[question.link_id] = question.allowed[place]
            phone.page.keyboard.press(str(place + 1))
            keys += 1
        else:
            for field in (each for each in TYPED if each.startswith(question.link_id)):
                phone.page.keyboard.type(TYPED[field])
                phone.page.keyboard.press("Enter")
            wanted[question.link_id] = "a number"
    assert keys == sum(bool(each.allowed) for each in definitions.questions[name])
    assert phone.page.evaluate("() => document.activeElement.matches('#page-form button.go')")
    with phone.page.expect_navigation():
        phone.page.keyboard.press("Control+Enter")

    assert phone.path == f"/review/{name}"
    assert "Entered from paper" in phone.page.inner_text("main")
    data = seeds.store.get_draft(record).data
    saved = data["about"] if name == "about" else data["lists"][name]
    assert {key: "a number" if isinstance(value, dict) else value for key, value in saved.items()} == wanted


def test_given_a_sheet_when_keys_are_pressed_then_enter_passes_backspace_empties_and_nothing_is_sent(
    phone: Phone, seeds: Seeds
) -> None:
    seeds.sow(phone, replace(seeds.person(signs=[]), lists={}))
    phone.open("/enter/bone")
    focused = "() => document.activeElement.name"
    press = phone.page.keyboard.press
    phone.page.locator("#weight-kg").focus()
    phone.page.keyboard.type("15")
    press("Backspace")
    assert phone.page.locator("#weight-kg").input_value() == "1", "in a field it takes away a letter"
    press("Enter")
    assert phone.page.evaluate(focused) == "height-cm-feet"
    press("Enter")
    assert phone.page.evaluate(focused) == "height-cm-inches"
    press("Enter")
    assert phone.page.evaluate(focused) == "tallest-height-cm-feet"
    phone.page.locator("#smokes").focus()
    press("1")
    assert phone.page.evaluate(focused) == "drinks-over-2-a-day"
    press("9")
    assert phone.page.evaluate(focused) == "drinks-over-2-a-day", "there is no ninth answer"
    press("Enter")
    assert phone.page.evaluate(focused) == "rheumatoid-arthritis"
    assert phone.page.locator("input[name=smokes]:checked").input_value() == "yes"
    phone.page.locator("#smokes").focus()
    press("Backspace")
    assert phone.page.locator("input[name=smokes]:checked").count() == 0
    assert phone.path == "/enter/bone"


def test_given_a_sheet_when_a_key_is_held_down_then_one_question_is_answered(phone: Phone, seeds: Seeds) -> None:
    seeds.sow(phone, replace(seeds.person(signs=[]), lists={}))
    phone.open("/enter/falls")
    phone.page.locator("#fell-past-year").focus()
    for _ in range(5):
        phone.page.keyboard.down("2")
    phone.page.keyboard.up("2")
    assert phone.page.locator("[data-row] input:checked").count() == 1


def test_given_no_script_when_a_sheet_is_typed_in_then_it_is_saved_by_its_button_and_never_by_enter(
    phone_without_javascript: Phone, seeds: Seeds
) -> None:
    phone = phone_without_javascript
    record = seeds.sow(phone, replace(seeds.person(signs=[]), lists={}))
    phone.open("/enter/bone")
    assert not phone.page.locator(".keys").is_visible()
    phone.page.locator("#weight-kg").fill("140")
    phone.page.locator("#weight-kg").press("Enter")
    phone.choose("smokes", "no")
    phone.page.locator("input[name=smokes]").first.press("Enter")
    assert phone.path == "/enter/bone"
    assert seeds.store.get_draft(record).data["lists"] == {}
    phone.press("save")
    assert phone.path == "/review/bone"
    assert seeds.store.get_draft(record).data["lists"]["bone"] == {"weight-kg": {"pounds": "140"}, "smokes": "no"}


def test_given_a_sheet_when_units_are_changed_then_what_was_typed_stays(phone: Phone, seeds: Seeds) -> None:
    seeds.sow(phone, replace(seeds.person(signs=[]), lists={}))
    phone.open("/enter/bone")
    phone.choose("smokes", "yes")
    phone.touch("Type in kilograms")
    assert phone.page.locator("#height-cm").count() == 1
    assert phone.page.locator("input[name=smokes]:checked").input_value() == "yes"


SEEN = """() => {
  const seen = [...document.body.querySelectorAll('*')].filter(e => e.checkVisibility() && e.getClientRects().length);
  return {
    colors: [...new Set(seen.flatMap(e => { const s = getComputedStyle(e); return [s.color, s.backgroundColor] }))],
    pressed: seen.filter(e => e.matches('button, input, a:not([href^="tel:"])')).map(e => e.innerText),
    titles: seen.filter(e => e.matches('article h3')).map(e => e.innerText),
  };
}"""


@pytest.mark.parametrize("language", ["en", "es"])
def test_given_a_plan_when_the_browser_itself_prints_it_then_it_is_a_clean_list_in_black_on_white(
    phone: Phone, seeds: Seeds, language: str
) -> None:
    seeds.plan(seeds.sow(phone, seeds.person(HIGH, signs=["back-pain-fever"])))
    phone.open("/settings")
    phone.choose("language", language)
    phone.choose("colors", "dark")
    with phone.page.expect_navigation():
        phone.page.locator("#all-settings button.go").click()
    phone.open("/plan")
    folded = phone.page.locator(".next-step summary span:first-child").first.inner_text()
    assert folded in phone.page.inner_text("main")
    phone.page.emulate_media(media="print")
    seen = phone.page.evaluate(SEEN)
    pages = PdfReader(io.BytesIO(phone.page.pdf(format="Letter", prefer_css_page_size=True))).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())

    assert set(seen["colors"]) <= {"rgb(0, 0, 0)", "rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"}
    assert seen["pressed"] == []
    assert len(seen["titles"]) == len(set(seen["titles"])) == phone.page.locator("article h3").count()
    assert all(title in text for title in seen["titles"]), text
    assert "911" in text
    assert folded not in text
    assert len(pages) == 2


def test_given_a_plan_when_its_paper_is_asked_for_then_it_opens_beside_the_page_which_says_so_before(
    phone: Phone, seeds: Seeds
) -> None:
    seeds.plan(seeds.sow(phone, seeds.person(HIGH, signs=[])))
    phone.open("/plan")
    link = phone.page.get_by_role("link", name="Print the plan")
    said = phone.page.locator("#" + str(link.get_attribute("aria-describedby"))).inner_text()
    with phone.context.expect_page():
        link.tap()

    assert said == "About 3 sheets, both sides. It opens in a new tab, after a moment."
    assert phone.path == "/plan"
