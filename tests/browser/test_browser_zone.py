"""The day is that of whoever holds the phone, wherever the server is."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser

from tests.browser.phone import Phone
from tests.browser.seeds import MODERATE, Seeds

FAR = ("Pacific/Kiritimati", "Pacific/Pago_Pago")
"""In one of them it is always another day than on the server."""


@pytest.mark.parametrize("zone", FAR)
def test_given_a_phone_in_another_zone_when_a_plan_is_made_then_it_bears_the_phones_day(
    browser: Browser, browser_context_args: dict[str, Any], seeds: Seeds, zone: str
) -> None:
    context = browser.new_context(**browser_context_args, timezone_id=zone)
    phone = Phone(context)
    seeds.sow(phone, seeds.person(MODERATE, signs=[]))
    phone.open("/see-my-plan")
    phone.press("save")
    days = {datetime.now(ZoneInfo(zone)).date()}
    phone.open("/plan")
    text = phone.page.locator("body").inner_text()
    days.add(datetime.now(ZoneInfo(zone)).date())
    assert any(f"{day:%B} {day.day}, {day.year}" in text for day in days)
    context.close()
