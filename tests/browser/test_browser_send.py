"""A link is sent by what the phone sends with, and copied with a word said aloud."""

from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.phone import SIZE, Phone
from tests.visitor import Visitor

HOST = "clinic.example"
SHARE = "navigator.share = async what => { window.sent = what }"


@pytest.fixture
def page(browser: Browser, browser_context_args: dict[str, Any], app: Flask) -> Any:
    """A browser for which every address is one of the app, over a secure connection."""
    app.config["TRUSTED_HOSTS"] = [HOST]
    visitor = Visitor(app, f"https://{HOST}")
    visitor.begin()
    visitor.tick()
    visitor.open("/falls/fell-past-year").send({"fell-past-year": "yes"})
    visitor.see_plan()
    visitor.open("/keep").send({})

    def answer(route: Route) -> None:
        asked = route.request
        sent = {
            "method": asked.method,
            "data": asked.post_data_buffer,
            "content_type": asked.headers.get("content-type"),
            "headers": {"Origin": visitor.base_url, "Sec-Fetch-Site": "same-origin"},
        }
        path = asked.url.removeprefix(visitor.base_url)
        got = visitor.client.open(path, base_url=visitor.base_url, **sent)
        headers = {name: value for name, value in got.headers if name != "Set-Cookie"}
        route.fulfill(status=got.status_code, headers=headers, body=got.data)

    context = browser.new_context(**browser_context_args, permissions=["clipboard-read", "clipboard-write"])
    context.route("**/*", answer)
    yield context.new_page()
    context.close()


def test_a_link_is_sent_or_copied_and_that_is_said(page: Page) -> None:
    page.add_init_script(SHARE)
    page.goto(f"https://{HOST}/keep")
    shown = page.locator(".door-link").get_attribute("href")
    assert shown
    page.locator("[data-send] button").nth(0).click()
    assert page.evaluate("window.sent.url") == f"https://{HOST}{shown}"
    page.locator("[data-send] button").nth(1).click()
    expect(page.locator("[data-send] [role=status]")).to_have_text("Copied. You can paste it into a message.")
    assert page.evaluate("navigator.clipboard.readText()") == f"https://{HOST}{shown}"


def test_a_square_for_a_clinic_is_sent_as_text_and_a_note_copied(page: Page) -> None:
    """To a browser a link of no known kind is no address."""
    page.add_init_script(SHARE)
    page.goto(f"https://{HOST}/for-a-clinic")
    page.locator("[data-send-field] button").click()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#note").input_value()
    page.get_by_role("button", name="Make a square").click()
    expect(page.locator("h1")).to_have_text("Show this square")
    page.locator("[data-send] button").nth(0).click()
    link = page.evaluate("window.sent.text")
    assert link.startswith("shlink:/ey")
    assert page.evaluate("window.sent.url") is None
    page.get_by_text("The link as text").click()
    expect(page.locator(".door-link")).to_have_text(link)
    page.locator("[data-send] button").nth(1).click()
    expect(page.locator("[data-send] [role=status]")).to_have_text("Copied. You can paste it into a message.")
    assert page.evaluate("navigator.clipboard.readText()") == link


def test_the_pages_for_a_clinic_are_in_order_over_a_secure_connection(page: Page) -> None:
    phone = Phone(page.context)
    phone.page.set_viewport_size(SIZE)  # type: ignore[arg-type]
    phone.page.goto(f"https://{HOST}/for-a-clinic")
    for title in ("For a clinic", "Show this square"):
        expect(phone.page.locator("h1")).to_have_text(title)
        phone.check_sizes()
        phone.check_widths()
        phone.check_with_axe()
        if title == "For a clinic":
            phone.page.get_by_role("button", name="Make a square").click()


def test_where_nothing_is_sent_or_copied_the_link_stands_alone(page: Page) -> None:
    page.add_init_script(
        "delete Navigator.prototype.share; Object.defineProperty(navigator, 'clipboard', { value: undefined })"
    )
    page.goto(f"https://{HOST}/keep")
    expect(page.locator(".door-link")).to_be_visible()
    expect(page.locator("[data-send] button:visible")).to_have_count(0)
