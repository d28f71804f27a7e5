"""Which cells of a row a fault speaks of, and what a column that nobody knows may be."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from checklists.people.sentence import Sentence, place_of
from checklists.people.tables.columns import MEND, Columns
from checklists.people.tables.header import HeaderRow, key_in, place_in
from checklists.people.tables.spelling import spelled

MOST_NEAR = 3
_LIKELY = 0.6
_KEY = re.compile(r"[a-z][\w.-]+")


@dataclass(frozen=True, kw_only=True)
class CellFaults:
    """A cell to look at again, and what is wrong with it; nothing where another cell does not go with it.

    `place` is its column, counted from 0, and `key` is empty where that column has none.
    """

    place: int
    key: str
    faults: tuple[str, ...]


def cells_at_fault(faults: Iterable[str], header: HeaderRow) -> tuple[list[CellFaults], list[str]]:
    """The cells in the order of the table, and the faults that are of no cell."""
    places = {column.key: place for place, column in header.columns.items()}
    found: dict[int, list[str]] = {}
    of_none = []
    for fault in faults:
        own = _own_places(place_of(fault), places)
        if not own:
            of_none.append(fault)
            continue
        found.setdefault(own[0], []).append(fault)
        mentioned = [places[key] for key in _KEY.findall(fault) if key in places]
        for place in (*own, *mentioned):
            found.setdefault(place, [])
    keys = {place: column.key for place, column in header.columns.items()}
    cells = [
        CellFaults(place=place, key=keys.get(place, ""), faults=tuple(each)) for place, each in sorted(found.items())
    ]
    return cells, of_none


def what_it_says(fault: str) -> str:
    """A fault without the place that it begins with."""
    if isinstance(fault, Sentence) and "fault" in fault.values:
        found = fault.values["fault"]
        return found if isinstance(found, str) else str(fault)
    return fault


def near_keys(heading: str, known: Columns, asks: Mapping[str, str], taken: Iterable[str]) -> list[str]:
    """What a column with this heading may be, the likeliest first: by its key, the end of it, or its question."""
    there, typed = {*taken, MEND}, key_in(heading)
    spelling = spelled(heading)
    likely = []
    for key in known:
        likeness = max(_likeness(typed, key), _likeness(typed, key.rpartition(".")[2]))
        likeness = max(likeness, _likeness(spelling, spelled(asks.get(key, ""))))
        if key not in there and likeness >= _LIKELY:
            likely.append((-likeness, key))
    return [key for _, key in sorted(likely, key=lambda each: each[0])[:MOST_NEAR]]


def _likeness(one: str, other: str) -> float:
    if not one or not other:
        return 0
    words, others = set(one.split("-")), set(re.split(r"[.-]", other))
    if words <= others and 2 * len(words) >= len(others):  # weight of weight-kg, and no phone among five words
        return 0.7 + 0.3 * len(words) / len(others)
    matcher = SequenceMatcher(None, one, other)
    return matcher.ratio() if matcher.real_quick_ratio() >= _LIKELY else 0


def _own_places(place: str, places: Mapping[str, int]) -> list[int]:
    if (without_key := place_in(place)) is not None:
        return [without_key]
    whole = [found for key, found in places.items() if place == key or place.startswith(f"{key}.")]
    return whole or [found for key, found in places.items() if key.startswith(f"{place}.")]
