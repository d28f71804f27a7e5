"""What a person typed, made plain where it comes in: one form for each letter, and nothing that cannot be seen.

Every field and option with free text goes through `plain`; what it gives is kept, judged and printed.
"""

import re
import unicodedata

_BLANK = "\u115f\u1160\u2800\u3164\uffa0"  # fillers and an empty braille cell: seen as a gap, and no white space
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_JOINERS = re.compile("[\u200c\u200d]+")
_LAST_LATIN = "\u02ff"
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_PARAGRAPHS = re.compile(r"\n{3,}")
_RIGHT_TO_LEFT = ("R", "AL", "AN")


def plain(text: str, *, lines: bool = False) -> str:
    """The text in NFC with single spaces, without direction controls and invisible letters; "" where nothing is seen.

    Line ends become spaces too, unless `lines` stand; of many empty lines one stays.
    """
    if text.isascii() and text.isprintable():  # most of a table's cells, in a tenth of the time
        return " ".join(text.split())
    text = _UNSEEN.sub("", text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    text = _LINE_ENDS.sub("\n", text.translate(dict.fromkeys(map(ord, _BLANK), " ")))
    text = "".join(each for each in text if each.isspace() or not _stands_for_nothing(each))
    text = _without_needless_joiners(unicodedata.normalize("NFC", text))
    if not lines:
        return " ".join(text.split())
    return _PARAGRAPHS.sub("\n\n", "\n".join(" ".join(line.split()) for line in text.split("\n"))).strip()


def isolated(text: str) -> str:
    """The text so that, beside others on a line, its letters from right to left turn none but themselves."""
    if not text.isascii() and any(unicodedata.bidirectional(each) in _RIGHT_TO_LEFT for each in text):
        return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"
    return text


def _stands_for_nothing(letter: str) -> bool:
    """Control characters, and code points that will never be letters; what Unicode may still give out stays."""
    return unicodedata.category(letter) == "Cc" or ord(letter) & 0xFFFE == 0xFFFE or "\ufdd0" <= letter <= "\ufdef"


def _without_needless_joiners(text: str) -> str:
    """Where one goes, a mark may join its letter, and the next joiner stands beside another one: until all stay."""
    while (shorter := unicodedata.normalize("NFC", _JOINERS.sub(_needed, text))) != text:
        text = shorter
    return text


def _needed(found: re.Match[str]) -> str:
    """A joiner stays between letters that need it: Persian, Indic, a family of emoji."""
    before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
    return found[0] if all(each > _LAST_LATIN and not each.isspace() for each in (before, after)) else ""
