"""The header of a table: the first row that holds a key. What stands above it is for people."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from checklists.people.label import LABEL
from checklists.people.plain_text import plain
from checklists.people.quoting import shown
from checklists.people.sentence import Sentence, at
from checklists.people.tables.cells import Cell, is_empty
from checklists.people.tables.columns import MEND, SETTINGS, TODAY, Column, Columns

WORDS_BY_CHANCE = (LABEL, TODAY, MEND, *SETTINGS)
"""Keys that may stand anywhere; a row of nothing else could say nothing of anybody."""

_BY_LETTERS = re.compile("column ([A-Z]+)")


@dataclass(frozen=True, kw_only=True)
class HeaderRow:
    """Which column of a table is which, counted from 0, and what is wrong with its first row."""

    row: int
    columns: Mapping[int, Column]
    faults: tuple[str, ...]

    def is_repeated_in(self, cells: Sequence[Cell]) -> bool:
        """Whether a row says the keys again, as on each page of a long list."""
        named = {place: key for place, cell in enumerate(cells) if (key := key_in(cell))}
        return named == {place: column.key for place, column in self.columns.items()}


def key_in(cell: Cell) -> str:
    """What a cell says, as keys are written."""
    return (
        re.sub(r"\s+", "", plain(cell)).casefold().replace("_", "-").replace("–", "-") if isinstance(cell, str) else ""
    )


def holds_a_key(cells: Sequence[Cell], known: Columns) -> bool:
    """Whether a row can be the header."""
    return any((key := key_in(cell)) in known and key not in WORDS_BY_CHANCE for cell in cells)


def is_header(cells: Sequence[Cell], known: Columns) -> bool:
    """Whether a row below the header is one too."""
    first = next((cell for cell in cells if not is_empty(cell)), None)
    return key_in(first) in known and holds_a_key(cells, known)  # nearly always the first word tells


def read_header(row: int, cells: Sequence[Cell], known: Columns) -> HeaderRow:
    """The header in a row that holds a key."""
    named = {place: key_in(cell) for place, cell in enumerate(cells) if not is_empty(cell)}
    times = Counter(named.values())
    faults = [_no_key(place, plain(str(cells[place])), key, known) for place, key in named.items() if key not in known]
    faults += [
        at(key, Sentence("stands in %(many)s columns; keep one", many=many))
        for key, many in times.items()
        if key in known and many > 1
    ]
    columns = {place: known[key] for place, key in named.items() if key in known}
    return HeaderRow(row=row, columns=columns, faults=tuple(faults))


def letters(place: int) -> str:
    """What a spreadsheet calls a column: A, B, …, AA."""
    name, number = "", place + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def place_of_letters(name: str) -> int:
    """The other way round."""
    number = 0
    for each in name:
        number = number * 26 + ord(each) - ord("A") + 1
    return number - 1


def column(place: int) -> Sentence:
    """A column that has no key, counted from 0."""
    return Sentence("column %(letters)s", letters=letters(place))


def place_in(named: str) -> int | None:
    """The place of a column that is called by its letters, as `column` calls it; None where it is not."""
    found = _BY_LETTERS.fullmatch(named)
    return place_of_letters(found[1]) if found else None


def _no_key(place: int, cell: str, key: str, known: Columns) -> Sentence:
    full = [each for each in known if each.split(".")[-1] == key]
    near = full or get_close_matches(key, known, n=1, cutoff=0.8)
    if len(near) == 1:
        fault = Sentence("%(cell)s is no key; write %(key)s, or remove the column", cell=shown(cell), key=near[0])
    else:
        fault = Sentence(
            "%(cell)s is no key; write a key (flask checklists list names them), or remove the column",
            cell=shown(cell),
        )
    return at(column(place), fault)
