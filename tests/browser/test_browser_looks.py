"""How pages look to other eyes, and what a first visit costs."""

from collections import Counter
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.phone import Phone

LOOKS: dict[str, dict[str, str]] = {
    "dark": {"color_scheme": "dark"},
    "forced colors": {"forced_colors": "active"},
    "more contrast": {"contrast": "more"},
    "less motion": {"reduced_motion": "reduce"},
}


@pytest.mark.parametrize("look", LOOKS)
def test_given_other_colors_when_the_key_pages_are_opened_then_they_are_in_order(
    browser: Browser, browser_context_args: dict[str, Any], look: str
) -> None:
    context = browser.new_context(**browser_context_args, **LOOKS[look])  # type: ignore[arg-type]
    phone = Phone(context)
    phone.begin()
    phone.open("/falls/numb-feet")
    phone.choose("numb-feet", "yes")
    phone.open("/falls/numb-feet")
    phone.check_with_axe()
    phone.open("/home/stairs")
    phone.check_with_axe()
    phone.open("/see-my-plan")
    phone.touch("See my plan")
    phone.check_with_axe()
    phone.open("/plan")
    phone.check_with_axe()
    context.close()


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_given_another_width_when_the_key_pages_are_opened_then_nothing_stands_out(phone: Phone, width: int) -> None:
    phone.page.set_viewport_size({"width": width, "height": 900})
    phone.begin()
    for path in ("/", "/falls/numb-feet", "/bone/height-cm", "/home/stairs", "/warning-signs/back", "/checklists"):
        phone.open(path)
        assert phone.width() <= width


def test_given_a_first_visit_when_the_start_is_shown_then_it_took_30_kb_and_60_with_its_fonts(
    context: BrowserContext,
) -> None:
    page = context.new_page()
    kinds: dict[str, str] = {}
    cost: Counter[str] = Counter()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.responseReceived", lambda each: kinds.update({each["requestId"]: each["type"]}))
    network.on(
        "Network.loadingFinished", lambda each: cost.update({kinds[each["requestId"]]: each["encodedDataLength"]})
    )
    page.goto("/", wait_until="networkidle")
    fonts = cost.pop("Font", 0)
    assert fonts
    assert sum(cost.values()) <= 30 * 1024, cost
    assert sum(cost.values()) + fonts <= 60 * 1024, (cost, fonts)


def test_given_a_question_when_it_is_shown_then_the_font_is_ours(own_phone: Phone) -> None:
    phone = own_phone
    phone.begin()
    phone.page.evaluate("() => document.fonts.ready")
    loaded = phone.page.evaluate("() => [...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)")
    assert any("Atkinson Hyperlegible Next" in family for family in loaded)


def test_given_strings_that_would_run_when_they_come_back_in_a_field_then_no_script_runs(own_phone: Phone) -> None:
    phone = own_phone
    dialogs: list[str] = []
    reports: list[str] = []
    phone.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    phone.page.on("console", lambda message: reports.append(message.text))
    phone.begin()
    phone.open("/bone/weight-kg")
    counts = []
    for typed in (
        "heavy",
        '"><img src=x onerror=alert(1)>',
        "<script>alert(1)</script>",
        "' autofocus onfocus='alert(1)",
    ):
        phone.page.locator("#weight-kg").fill(typed)
        phone.touch("Save and go on")
        assert phone.page.locator("#weight-kg").input_value() == typed
        assert phone.page.locator("main img, main script").count() == 0
        counts.append(phone.page.locator("main *").count())
    assert len(set(counts)) == 1, "no more elements than for a word that does no harm"
    assert dialogs == []
    assert [each for each in reports if "Content Security Policy" in each] == []


def test_given_the_back_key_when_it_is_pressed_then_the_answer_before_is_still_there(phone: Phone) -> None:
    phone.begin()
    phone.open("/falls/fell-past-year")
    phone.choose("fell-past-year", "no")
    phone.page.go_back()
    assert phone.path == "/falls/fell-past-year"
    phone.page.reload()
    assert "your answer" in phone.page.locator('button[value="no"]').inner_text()
