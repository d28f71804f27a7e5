"""Letters on paper, by the tables of the bundled fonts: which can be shown, and how wide a text is, in em."""

import unicodedata
from functools import cache, lru_cache
from pathlib import Path

_FONTS = Path(__file__).parent.parent.parent / "static/fonts"
_UNKNOWN_EM = 0.62  # a letter that no font of ours has
_WIDEST_EM = 1.0  # what a broken line may leave empty
_JOINER = "\N{ZERO WIDTH JOINER}"
_NEED_NO_SHAPE = frozenset("\n\N{ZERO WIDTH NON-JOINER}" + _JOINER)
_SKINS = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"


def lines(text: str, width_em: float, *, bold: bool = False) -> int:
    """How many lines a text takes, set word by word, and broken within what is longer than a line.

    Kerning is left out, so that it is rather one too many.
    """
    count, used = (1 if text else 0), 0.0
    space = text_width(" ", bold)
    for word in filter(None, text.split(" ")):
        long = text_width(word, bold)
        if used and used + space + long > width_em:
            count, used = count + 1, 0.0
        used += long + (space if used else 0)
        if long > width_em:  # broken within
            whole, used = divmod(used, max(width_em - _WIDEST_EM, _WIDEST_EM))
            count += int(whole)
    return count


@lru_cache(maxsize=20_000)  # words of people are among them, which must not pile up
def text_width(text: str, bold: bool) -> float:
    """In em."""
    widths = advances(700 if bold else 400)
    return sum(widths.get(ord(each), _UNKNOWN_EM) for each in text)


@cache
def advances(weight: int) -> dict[int, float]:
    """Em by code point, of every letter that can be printed; the face that static/print.css names first wins."""
    from fontTools.ttLib import TTFont  # 100 ms, which no other command or page has to wait for

    found: dict[int, float] = {}
    for face in ("dejavu-sans-subset", "next-latin-ext", "next-latin"):
        (path,) = _FONTS.glob(f"*/*{face}-{weight}-normal.woff2")
        with TTFont(path) as font:
            metrics, em = font["hmtx"].metrics, font["head"].unitsPerEm
            found |= {code: metrics[name][0] / em for code, name in font.getBestCmap().items()}
    return found


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
