"""Which letters the paper can show: those that stand in a font of ours, by the tables of the fonts themselves."""

import unicodedata

from reports.paper.widths import advances

_JOINER = "\N{ZERO WIDTH JOINER}"
_NEED_NO_SHAPE = frozenset("\n\N{ZERO WIDTH NON-JOINER}" + _JOINER)
_SKINS = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"


def unprintable(text: str) -> tuple[str, ...]:
    """Each letter once, with all that belongs to it, that no font of ours has."""
    shapes = advances(400).keys() & advances(700).keys()
    missing = {each for each in text if ord(each) not in shapes} - _NEED_NO_SHAPE
    if not missing:
        return ()
    return tuple(dict.fromkeys(letter for letter in _letters(text) if not missing.isdisjoint(letter)))


def _letters(text: str) -> list[str]:
    """The text letter by letter: accents, skin colors and whole families of emoji stay with what they belong to."""
    found: list[str] = []
    for each in text:
        belongs = unicodedata.category(each).startswith("M") or each in _SKINS or each in _NEED_NO_SHAPE - {"\n"}
        if found and (belongs or found[-1].endswith(_JOINER)):
            found[-1] += each
        else:
            found.append(each)
    return found
