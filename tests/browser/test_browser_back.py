"""Back from an error page: what was typed is there; once it has arrived nothing of it stays in the tab."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.browser.phone import Phone
from tests.browser.seeds import MODERATE, Seeds

STORED = "() => sessionStorage.length"


def without_its_token(route: Route) -> None:
    """The form as a browser sends it after its cookie or token was lost: our own error page answers."""
    body = re.sub("csrf_token=[^&]*", "csrf_token=", route.request.post_data or "")
    route.continue_(post_data=body)


def no_network(route: Route) -> None:
    route.abort("internetdisconnected")


@pytest.mark.parametrize(
    ("path", "field", "typed", "fails"),
    [
        ("/plan/own", "title", "Move the lamp", without_its_token),
        ("/bone/weight-kg", "weight-kg", "151", no_network),
        ("/code", "code", "ACDEF-23456", without_its_token),
        ("/code", "code", "ACDEF-234", Route.continue_),  # a wrong code: the page says so
    ],
)
def test_back_from_an_error_finds_what_was_typed(
    phone: Phone, seeds: Seeds, path: str, field: str, typed: str, fails: Callable[[Route], None]
) -> None:
    seeds.sow(phone, seeds.person(MODERATE, signs=[]))
    phone.open("/see-my-plan")
    phone.press()
    phone.open(path)
    box = phone.page.locator(f'input[name="{field}"]')
    box.fill(typed)
    phone.page.route(f"**{path}", lambda route: fails(route) if route.request.method == "POST" else route.continue_())
    phone.page.locator("#page-form button.go").first.click()
    phone.page.wait_for_function(
        "form => !document.querySelector(form) || document.querySelector('#problem')", arg="#page-form"
    )
    phone.page.go_back()
    expect(phone.page.locator("#problem")).to_have_count(0)
    expect(box).to_have_value(typed)
    phone.page.unroute(f"**{path}")
    phone.open("/checklists")
    assert phone.page.evaluate(STORED) == 0


def test_what_arrived_leaves_nothing_in_the_tab(phone: Phone, seeds: Seeds) -> None:
    seeds.sow(phone, seeds.person(MODERATE, signs=[]))
    phone.open("/bone/weight-kg")
    phone.page.locator("#weight-kg").fill("151")
    phone.press()
    phone.page.wait_for_function("() => sessionStorage.length === 0")
    phone.page.go_back()
    expect(phone.page.locator("#weight-kg")).to_have_value("151")  # as it is saved
    assert phone.page.evaluate(STORED) == 0
