"""The code that finds a plan again: twelve characters that nobody mistakes for one another, in three groups. Pure.

Twenty-six characters, twelve places: 9.5e16 codes. storage/store/pace.py says what that is good for.
"""

import secrets
import unicodedata

from checklists.people.plain_text import plain

ALPHABET = "23456789ACDEFHJKMNPQRTVWXY"  # no 0 O, 1 I L, and of 2 Z, 5 S, 6 G, 8 B and U V only one each
PLACES = 12
GROUP = 4
_BREAKS = ("Pd", "Pc", "Zs")  # dashes, underlines and spaces of any kind


def new_code() -> str:
    """A random code, as it is kept: twelve characters without a break."""
    return "".join(secrets.choice(ALPHABET) for _ in range(PLACES))


def grouped(code: str) -> str:
    """As people see it: ACDE-FGHJ-KMNP."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def read_code(typed: str) -> str | None:
    """The code that was typed, in any case and with any breaks; None where it can be none of ours."""
    text = unicodedata.normalize("NFKC", plain(typed)).upper()
    code = "".join(each for each in text if unicodedata.category(each) not in _BREAKS and each not in "−.·")
    return code if len(code) == PLACES and set(code) <= set(ALPHABET) else None
