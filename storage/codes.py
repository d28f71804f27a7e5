"""The code that finds a plan again: ten characters that nobody mistakes for one another, in two groups of five. Pure.

Twenty-six characters, ten places: 1.4e14 codes. With 1,000,000 records kept and 300 wrong codes let through an hour
(storage.doors), the chance that anybody guesses any record at all is 1 in 19,000 a day.
"""

import secrets
import unicodedata

from checklists.plain_text import plain

ALPHABET = "23456789ACDEFHJKMNPQRTVWXY"  # no 0 O, 1 I L, and of 2 Z, 5 S, 6 G, 8 B and U V only one each
PLACES = 10
GROUP = 5
_BREAKS = ("Pd", "Pc", "Zs")  # dashes, underlines and spaces of any kind


def new_code() -> str:
    """A random code, as it is kept: ten characters without a break."""
    return "".join(secrets.choice(ALPHABET) for _ in range(PLACES))


def grouped(code: str) -> str:
    """As people see it: ABCDE-FGHJK."""
    return f"{code[:GROUP]}-{code[GROUP:]}"


def read_code(typed: str) -> str | None:
    """The code that was typed, in any case and with any breaks; None where it can be none of ours."""
    text = unicodedata.normalize("NFKC", plain(typed)).upper()
    code = "".join(each for each in text if unicodedata.category(each) not in _BREAKS and each not in "−.·")
    return code if len(code) == PLACES and set(code) <= set(ALPHABET) else None
