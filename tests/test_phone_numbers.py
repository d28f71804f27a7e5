"""Phone numbers in what a clinic typed: which are found, what they call, and that they stay in one piece."""

import re

import pytest

from checklists.people.phone_numbers import at_end, unbroken, with_calls


@pytest.mark.parametrize(
    ("typed", "calls"),
    [
        ("555 0100", ["5550100"]),
        ("(555) 010-2233", ["5550102233"]),
        ("Class at the Y, +1 555 010 9988", ["+15550109988"]),
        ("555-010-4477 ext. 12", ["5550104477;ext=12"]),
        ("555.010.4477 x12, Mondays", ["5550104477;ext=12"]),
        ("01632 960001 or 01632 960002", ["01632960001", "01632960002"]),
        ("01632 960001 / 01632 960002", ["01632960001", "01632960002"]),
        ("030/123456", ["030123456"]),
        ("Mondays 10-12, room 101", []),
        ("12345 Oak Street, house 4b", []),
        ("room B-1234567", []),
        ("https://example.org/5550100", []),
        ("", []),
    ],
)
def test_a_number_is_called_and_what_is_none_is_left_alone(typed: str, calls: list[str]) -> None:
    marked = with_calls(typed)
    assert [each.split('"')[0] for each in marked.split('href="tel:')[1:]] == calls
    assert re.sub(r"<[^>]+>", "", marked) == unbroken(typed)


def test_a_number_has_no_place_where_a_line_could_end() -> None:
    assert unbroken("Home Repairs, (555) 010 2233 ext. 4, Mondays") == (
        "Home Repairs, (555)\u00a0010\u00a02233\u00a0ext.\u00a04, Mondays"
    )
    assert with_calls(unbroken("call 555 0100"), "ring") == 'call <a class="ring" href="tel:5550100">555\u00a00100</a>'


def test_what_was_typed_is_never_read_as_html() -> None:
    assert with_calls("<b>A & B</b>, 555 0100") == (
        '&lt;b&gt;A &amp; B&lt;/b&gt;, <a href="tel:5550100">555\u00a00100</a>'
    )


@pytest.mark.parametrize(
    ("typed", "before", "number"),
    [
        ("Hill Clinic, 555 0100", "Hill Clinic", "555\u00a00100"),
        ("Hill Clinic: (555) 010-4477 ext. 12.", "Hill Clinic", "(555)\u00a0010-4477\u00a0ext.\u00a012"),
        ("Hill Clinic 555 0100 or 555 0101", "Hill Clinic 555 0100 or", "555\u00a00101"),
        ("Hill Clinic, 01632 960001 / 01632 960002", "Hill Clinic, 01632 960001", "01632\u00a0960002"),
        ("555 0100, Hill Clinic", "555 0100, Hill Clinic", ""),
        ("Hill Clinic, room 12", "Hill Clinic, room 12", ""),
        ("", "", ""),
    ],
)
def test_the_number_with_which_a_clinic_ends_is_set_apart(typed: str, before: str, number: str) -> None:
    assert at_end(typed) == (before, number)
