"""A CSV as a spreadsheet writes it → rows: UTF-8 or Windows-1252, comma, semicolon or tab, any line ends."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from typing import IO

from checklists.people.lent import Lent
from checklists.people.records import LONGEST
from checklists.people.tables.columns import Columns
from checklists.people.tables.header import holds_a_key, read_header
from checklists.people.tables.rows import Row

SEPARATORS = ",;\t"
_LOOKED_AT = 200  # lines in which the header is looked for


def csv_rows(file: IO[bytes], known: Columns) -> Iterator[Row]:
    """Every row, empty ones too, each counted as a spreadsheet counts it. The file stays open."""
    lines = _Lines(file)
    head = list(islice(lines, _LOOKED_AT))
    reader = csv.reader(chain(head, lines), delimiter=_separator(head, known), strict=True)
    number = 0
    while True:
        number += 1
        try:
            yield Row(number=number, cells=next(reader))
        except StopIteration:
            return
        except csv.Error as error:
            quote = "a quotation mark is not closed" if "end of data" in str(error) else f"this is not CSV ({error})"
            yield Row(number=number, fault=f"{quote}; mend it in the row, and save again")


def looks_like_a_table(head: bytes, columns: Callable[[], Columns]) -> bool:
    """Whether a file that begins so is no JSON: one of its first lines is a header, or all are parted into cells."""
    lines = [line for line in islice(_Lines(io.BytesIO(head)), _LOOKED_AT) if line.strip()]
    if not lines or lines[0].lstrip().startswith(("{", "[")):
        return False
    if any(_keys(lines, separator, columns()) for separator in SEPARATORS):
        return True
    return not any(line.lstrip().startswith("{") for line in lines[:2]) and any(each in lines[0] for each in SEPARATORS)


def _separator(head: Sequence[str], known: Columns) -> str:
    return max(SEPARATORS, key=lambda separator: _keys(head, separator, known))


def _keys(head: Sequence[str], separator: str, known: Columns) -> int:
    """How many keys the header has, were this the separator."""
    for line in head:
        try:
            (cells,) = csv.reader([line], delimiter=separator)
        except (csv.Error, ValueError):
            continue
        if holds_a_key(cells, known):
            return len(read_header(1, cells, known).columns)
    return 0


class _Lines(Iterator[str]):
    """The lines as text, whatever ends them; one that is not UTF-8 is Windows-1252.

    Read as Latin-1, every byte stays what it is, so that lines are found first, and letters then.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self.text = io.TextIOWrapper(io.BufferedReader(Lent(file)), "latin-1", newline=None)
        self.is_first = True

    def __next__(self) -> str:
        data = self.text.readline(LONGEST).encode("latin-1")
        if not data:
            raise StopIteration
        if self.is_first:
            data, self.is_first = data.removeprefix(b"\xef\xbb\xbf"), False
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            return data.decode("cp1252", "replace")
