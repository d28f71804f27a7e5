"""The border that everything typed comes through: one form for each letter, nothing unseen, nothing that turns."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from checklists.people.plain_text import isolated, plain

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
SEEN = {
    "Jose\u0301 nin\u0303o": "José niño",
    "\u212bngstro\u0308m": "Ångström",
    "\u1112\u1161\u11ab": "\ud55c",  # Hangul, letter by letter
    "Ana\t555 0100": "Ana 555 0100",
    "25\u00a0\u00b5g": "25 µg",
    "one\u2028two\u2029three\r\nfour\x0bfive\x0csix\x85seven": "one two three four five six seven",
    "1\u20031\u30001\u202f1\u16801": "1 1 1 1 1",
    "  two   words ": "two words",
    "Call \u202e5550-100-155 now": "Call 5550-100-155 now",
    "\u2066a\u2069 \u200fb\u200e \u061cc": "a b c",
    "soft\u00adhyphen zero\u200bwidth word\u2060joiner \ufeffmark": "softhyphen zerowidth wordjoiner mark",
    "a\u200db \u200cc d\ufe0f": "ab c d",
    "bell\x07 escape\x1b[31m nul\x00": "bell escape[31m nul",
    "flag\U000e0067\U000e007f": "flag",
    "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645": "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian
    "\u0915\u094d\u200d\u0937": "\u0915\u094d\u200d\u0937",  # Hindi
    FAMILY: FAMILY,
    "\u2764\ufe0f": "\u2764",
    "\U0001fae8": "\U0001fae8",  # younger than our tables
    "6\u2032 8\u2033 \u2020 \u2030 \u2265 x\u2011y": "6\u2032 8\u2033 \u2020 \u2030 \u2265 x\u2011y",
    "half\ud800": "half\N{REPLACEMENT CHARACTER}",
}
UNSEEN = (
    "", " ", "\t\n", "\u00a0", "\u200b", "\u3164", "\u2800", "\u00ad", "\ufe0f", "\ufe00", "\U000e0041", "\U000e0100",
    "\u115f\u1160", "\uffa0", "\u2060", "\ufeff", "\u200d\u200c", "\u034f", "\u180e", "\u202e", "\x00", "\u3164 \u2800",
)  # fmt: skip


@pytest.mark.parametrize(("typed", "kept"), SEEN.items(), ids=map(ascii, SEEN))
def test_what_is_seen_is_kept_in_one_form(typed, kept) -> None:
    assert plain(typed) == kept


@pytest.mark.parametrize("typed", UNSEEN, ids=map(ascii, UNSEEN))
def test_what_nobody_can_see_is_nothing(typed) -> None:
    assert plain(typed) == plain(typed, lines=True) == ""


def test_lines_stand_where_they_may_and_one_empty_line_is_enough() -> None:
    assert plain(" a \r\n\tb\u2028c\r\r\n \n\n\nd\n", lines=True) == "a\nb\nc\n\nd"
    assert plain("a\u2800\nb", lines=True) == "a\nb"


@example("A\u200c\u0300\u200c\u0300")  # a mark that joins its letter leaves the next joiner beside another one
@given(st.text(max_size=30) | st.text("a\u0301\u0323é\u200d\u200c\ufe0f\u212b\U0001f468 \n\u05d0\u2028", max_size=9))
def test_what_is_plain_stays_so_and_holds_nothing_unseen(text) -> None:
    for lines in (False, True):
        once = plain(text, lines=lines)
        assert plain(once, lines=lines) == once
        assert unicodedata.is_normalized("NFC", once)
        assert not any(each.isspace() and each != " " for each in once.replace("\n", "" if lines else "\n"))
        assert not set(once) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u200b\u00ad")


def test_letters_from_right_to_left_turn_none_but_themselves() -> None:
    assert isolated("12 steps, José") == "12 steps, José"
    assert isolated("12 שלום") == "\u206812 שלום\u2069"
    assert plain(isolated("مرحبا 12")) == "مرحبا 12"
