"""A CSV as a spreadsheet writes it → rows: any letters, comma, semicolon, tab or bar, any line ends."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from typing import IO

from checklists.people.peeked_file import PeekedFile
from checklists.people.records import LONGEST
from checklists.people.sentence import Sentence
from checklists.people.tables.columns import Columns
from checklists.people.tables.encodings import WRITTEN_IN, old_encoding, wide_encoding, without_foreign
from checklists.people.tables.header import holds_a_key, read_header
from checklists.people.tables.rows import SheetRow

SEPARATORS = ",;\t|"
_LOOKED_AT = 200  # lines in which the header is looked for
_HEAD = 64 * 1024  # bytes by whose letters the set of all is known
_FOR_EXCEL = re.compile(r'"?sep=(.)"?\s*')  # a first line that Excel takes in, and does not count


def csv_rows(file: IO[bytes], known: Columns) -> Iterator[SheetRow]:
    """Every row, empty ones too, each counted as a spreadsheet counts it. The file stays open."""
    lines = _Lines(file)
    head = list(islice(lines, _LOOKED_AT))
    separator_line = _FOR_EXCEL.fullmatch(head[0]) if head else None
    separator = separator_line[1] if separator_line else _separator(head, known)
    reader = csv.reader(chain(head[1:] if separator_line else head, lines), delimiter=separator, strict=True)
    number = 0
    while True:
        number += 1
        try:
            yield SheetRow(number=number, cells=next(reader))
        except StopIteration:
            return
        except csv.Error as error:
            yield SheetRow(number=number, fault=_fault(str(error)))


def _fault(error: str) -> Sentence:
    if "end of data" in error:
        return Sentence("a quotation mark is not closed; mend it in the row, and save again")
    return Sentence("this is not CSV (%(error)s); mend it in the row, and save again", error=error)


def looks_like_a_table(head: bytes, columns: Callable[[], Columns]) -> bool:
    """Whether a file that begins so is no JSON: it has a header, or is parted into cells, or is nothing of the kind."""
    lines = [line for line in islice(_Lines(io.BytesIO(head)), _LOOKED_AT) if line.strip()]
    if not lines or lines[0].lstrip().startswith(("{", "[")):
        return False
    if _FOR_EXCEL.fullmatch(lines[0]):
        return True
    if any(_keys(lines, separator, columns()) for separator in SEPARATORS):
        return True
    if any(each in lines[0] for each in SEPARATORS):
        return not any(line.lstrip().startswith("{") for line in lines[:2])
    return not any(line.lstrip().startswith("{") for line in lines) and not _is_json(lines[0])


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


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
    """The lines as text, whatever ends them; one that is not UTF-8 is in the old letters of the whole file.

    Read as Latin-1, every byte stays what it is, so that lines are found first, and letters then.
    """

    def __init__(self, file: IO[bytes]) -> None:
        data = io.BufferedReader(PeekedFile(file), _HEAD)
        head = data.peek()
        self.wide, self.old = wide_encoding(head), old_encoding(head)
        self.text = io.TextIOWrapper(data, self.wide or "latin-1", "replace", newline=None)
        self.is_first = True

    def __next__(self) -> str:
        line = self.text.readline(LONGEST)
        if not line:
            raise StopIteration
        if not self.wide:
            line = self._letters(line.encode("latin-1"))
        if self.is_first:
            line, self.is_first = line.removeprefix("\ufeff"), False
        return line

    def _letters(self, line: bytes) -> str:
        try:
            return line.decode(WRITTEN_IN)
        except UnicodeDecodeError:
            return without_foreign(line.decode(self.old, "replace"))
