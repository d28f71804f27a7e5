"""How wide a text is in our type: the advance widths of the bundled fonts, in em."""

from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

_FONTS = Path(__file__).parent.parent / "static/fonts"
_UNKNOWN_EM = 0.62  # a letter that no font of ours has


def lines(text: str, width_em: float, *, bold: bool = False) -> int:
    """How many lines a text takes, set word by word; kerning is left out, so that it is rather one too many."""
    count, used = (1 if text else 0), 0.0
    space = text_width(" ", bold)
    for word in filter(None, text.split(" ")):
        long = text_width(word, bold)
        if used and used + space + long > width_em:
            count, used = count + 1, 0.0
        used += long + (space if used else 0)
    return count


@cache
def text_width(text: str, bold: bool) -> float:
    """In em."""
    widths = _advances(700 if bold else 400)
    return sum(widths.get(ord(each), _UNKNOWN_EM) for each in text)


@cache
def _advances(weight: int) -> dict[int, float]:
    """Em by code point; the basic file wins over the extended one."""
    found: dict[int, float] = {}
    for subset in ("latin-ext", "latin"):
        (path,) = _FONTS.glob(f"*/*-{subset}-{weight}-normal.woff2")
        with TTFont(path) as font:
            metrics, em = font["hmtx"].metrics, font["head"].unitsPerEm
            found |= {code: metrics[name][0] / em for code, name in font.getBestCmap().items()}
    return found
