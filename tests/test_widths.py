"""How wide a text is in our type: exact for single letters, and never fewer lines than the renderer needs."""

import pytest

from reports.paper.letters import lines, text_width


def test_bold_is_wider_and_a_letter_has_its_own_width() -> None:
    assert text_width("i", False) < text_width("m", False) < text_width("m", True)
    assert text_width("", False) == 0
    assert text_width("ii", False) == pytest.approx(2 * text_width("i", False))


def test_a_letter_that_our_type_lacks_still_has_a_width() -> None:
    assert text_width("語", False) > 0


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("", 10, 0),
        ("one", 10, 1),
        ("one two", text_width("one two", False), 1),
        ("one two", text_width("one two", False) - 0.01, 2),
        ("one\u00a0two", text_width("one two", False), 1),
        ("a " * 100, text_width("a a a a", False), 25),
        ("w" * 80, text_width("w" * 20, False), 5),  # a letter may find no room at the end of each
        ("a " + "w" * 80, text_width("w" * 20, False), 6),
    ],
)
def test_lines_break_between_words_and_within_what_is_longer_than_a_line(text, width, expected) -> None:
    assert lines(text, width) == expected
