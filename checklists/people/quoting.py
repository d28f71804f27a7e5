"""What stood in a record, quoted in a fault: short, on one line, and harmless on a terminal.

An escape sequence clears a screen, a line break forges a line of ours, a mark of direction shows another number.
"""

import json
import re
from collections.abc import Sequence
from decimal import Decimal

from checklists.people.sentence import Sentence

LONGEST_SHOWN = 40
MOST_FAULTS = 200  # more than there are answers, so that only what is no record at all is cut
HOW_IT_COMES_IN = Sentence(
    "write each person as a row of a table (flask people template makes one). "
    "Or write one JSON object on a line (flask checklists list --json names the keys)"
)
_PLAIN_KEY = re.compile(r"[\w.-]{1,40}")


def shown(value: object) -> str:
    """A value as it stood in the JSON, cut where it is long."""
    text = str(value) if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False, default=str)
    return cut(harmless(text))


def named(key: str) -> str:
    """A key as it is, or in quotes where it holds more than letters, digits, points and hyphens."""
    return key if _PLAIN_KEY.fullmatch(key) else shown(key)


def cut(text: str) -> str:
    """At most so much of a text as tells which one it is."""
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def harmless(text: str) -> str:
    """A text with everything that is not seen as itself (controls, line breaks, marks of direction) written as JSON
    writes it, like \\u001b."""
    return text if text.isprintable() else "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text)


def joined(faults: Sequence[str]) -> str:
    """The faults of one record as one sentence."""
    more = len(faults) - MOST_FAULTS
    return "; ".join([*faults[:MOST_FAULTS], *([f"and {more} more"] if more > 0 else [])])
