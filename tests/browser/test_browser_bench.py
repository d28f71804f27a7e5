"""What the bench of a slow phone notes of a page, on each kind of page that asks something."""

import pytest

from lab.bench.phone import note
from tests.browser.phone import Phone
from tests.browser.seeds import MODERATE, Seeds


@pytest.mark.parametrize(
    "path", ["/for-whom", "/warning-signs/back", "/about/age", "/falls/holds-furniture", "/home/bathroom"]
)
def test_text_and_tap_are_noted_and_nothing_moves(phone: Phone, seeds: Seeds, path: str) -> None:
    seeds.sow(phone, seeds.person(MODERATE, signs=[]))
    text, tap, shift = note(phone, path)
    assert text > 0
    assert tap > 0
    assert shift == 0
