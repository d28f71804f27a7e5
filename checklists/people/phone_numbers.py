"""Phone numbers in what a clinic typed: each can be called at a tap, and none parts at the end of a line."""

import re

from markupsafe import Markup, escape

_NO_BREAK = "\N{NO-BREAK SPACE}"
_NOT_DIALED = str.maketrans("", "", " ()")
_NUMBER = re.compile(
    r"(?<![\w/.-])(?P<number>\+?\(?\d(?:[ \N{NO-BREAK SPACE}().\u2010-\u2013-]{0,3}\d|/\d){5,14})"
    r"(?:,?[ \N{NO-BREAK SPACE}]?(?:ext\.?|x|int\.?)[ \N{NO-BREAK SPACE}]?(?P<inside>\d{1,6}))?(?!\w)"
)


def unbroken(text: str) -> str:
    """The text, each of its numbers in one piece."""
    return _NUMBER.sub(lambda found: found[0].replace(" ", _NO_BREAK), text)


def at_end(text: str) -> tuple[str, str]:
    """What stands before the number with which a text ends, and that number in one piece; else all of it and ""."""
    for found in _NUMBER.finditer(text):
        if not text[found.end() :].strip(" ."):
            return text[: found.start()].strip(" ,;:/"), unbroken(found[0])
    return text, ""


def with_calls(text: str, kind: str = "") -> Markup:
    """The same as HTML, each number a link that calls it, of this class."""
    marked, end = Markup(), 0
    classed = Markup(' class="%s"') % kind if kind else Markup()
    for found in _NUMBER.finditer(text):
        link = Markup('<a%s href="%s">%s</a>') % (classed, _address(found), unbroken(found[0]))
        marked += escape(text[end : found.start()]) + link
        end = found.end()
    return marked + escape(text[end:])


def dialed(number: str) -> str:
    """A region's number as a phone takes it."""
    return number.translate(_NOT_DIALED)


def _address(found: re.Match[str]) -> str:
    plus = "+" if found["number"].startswith("+") else ""
    inside = f";ext={found['inside']}" if found["inside"] else ""
    return f"tel:{plus}{re.sub(r'[^0-9]', '', found['number'])}{inside}"
