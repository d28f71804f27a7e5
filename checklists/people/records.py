"""A file of people: UTF-8 JSON, one object over any number of lines or one object a line."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import IO, Any

from checklists.people.quoting import HOW_IT_COMES_IN, cut, joined, named

LONGEST = 1024 * 1024  # bytes of one record: a hundred times what every answer takes


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How long one record may be, and what whoever wrote something else is told."""

    longest: int = LONGEST
    how: str = HOW_IT_COMES_IN


USUAL = Limits()


@dataclass(frozen=True, kw_only=True)
class Record:
    """One person's object, or why it is none; `line` is where it starts, counted from 1."""

    line: int
    value: Any = None
    fault: str | None = None


def read_records(file: IO[bytes], limits: Limits = USUAL) -> Iterator[Record]:
    """Every record in order, one at a time; blank lines are skipped and counted. Never raises for what stands in it."""
    lines = _lines(file, limits.longest)
    head = _head(lines, limits)
    if not head:
        return
    start, first = head[0]
    if len(head) > 1 or _record(first, start, limits).fault is not None:
        filled = [(number, line) for number, line in head if line.strip()]
        alone = _one_list(filled, start, limits) or _over_many_lines(head, filled, limits)
        if alone is not None:
            yield alone
            return
    for number, line in chain(head, lines):
        if line.strip():
            yield _record(line, number, limits)


def _lines(file: IO[bytes], longest: int) -> Iterator[tuple[int, bytes]]:
    """Every line with its number; of one that is longer than a record may be, only so much that it shows."""
    number = 0
    while line := file.readline(longest + 1):
        number += 1
        rest = line
        while len(rest) > longest and not rest.endswith(b"\n"):
            rest = file.readline(longest + 1)
        line = line.removesuffix(b"\n")
        yield number, line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line


def _head(lines: Iterator[tuple[int, bytes]], limits: Limits) -> list[tuple[int, bytes]]:
    """The first line that holds something; where it is no record, as many more as one record may be long."""
    head: list[tuple[int, bytes]] = []
    length = 0
    for number, line in lines:
        if not head and not line.strip():
            continue
        head.append((number, line))
        length += len(line)
        if (len(head) == 1 and _record(line, number, limits).fault is None) or length > limits.longest:
            break
    return head


def _one_list(filled: list[tuple[int, bytes]], start: int, limits: Limits) -> Record | None:
    """A list of people was never meant as JSON Lines: one sentence instead of a fault a line."""
    first = filled[0][1].lstrip()
    objects = [line for _, line in filled[:2] if line.lstrip().startswith(b"{")]
    if first.strip() == b"[" or (first.startswith(b"[{") and not objects):
        return Record(line=start, fault=f"this is one JSON list, which is not read; {limits.how}")
    return None


def _over_many_lines(head: list[tuple[int, bytes]], filled: list[tuple[int, bytes]], limits: Limits) -> Record | None:
    """One object over many lines, where its first line alone is none; `head` is the file, or its first MB."""
    if len(filled) == 1:
        return None
    start = filled[0][0]
    whole = _record(b"\n".join(line for _, line in head), start, limits)
    if whole.fault is None:
        return whole
    opens = filled[0][1].lstrip().startswith(b"{") and not all(text.lstrip().startswith(b"{") for _, text in filled)
    stands_alone = any(_record(text, number, limits).fault is None for number, text in filled)
    return whole if opens and not stands_alone else None


def _record(data: bytes, line: int, limits: Limits) -> Record:
    if len(data) > limits.longest:
        megabytes = limits.longest // (1024 * 1024)
        return Record(line=line, fault=f"this is longer than a record may be ({megabytes} MB); {limits.how}")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return Record(line=line, fault=f"this is not UTF-8 (byte {error.start + 1}); save the file as UTF-8")
    twice: list[str] = []
    try:
        value = json.loads(
            text,
            parse_float=_decimal,
            parse_int=_whole,
            parse_constant=_no_constant,
            object_pairs_hook=lambda pairs: _object(pairs, twice),
        )
    except json.JSONDecodeError as error:
        where = f" on line {line + error.lineno - 1}" if error.lineno > 1 else ""
        return Record(line=line, fault=f"this is not JSON: {error.msg} at character {error.colno}{where}")
    except RecursionError:
        return Record(line=line, fault="this is not a record: it is nested too deeply")
    except ValueError as error:
        return Record(line=line, fault=f"this is not JSON: {error}")
    if twice:
        return Record(line=line, fault=joined([f"{named(key)}: stands twice; keep one of them" for key in twice]))
    if not isinstance(value, dict):
        return Record(line=line, fault="this is not a JSON object; write {…}")
    return Record(line=line, value=value)


def _object(pairs: list[tuple[str, Any]], twice: list[str]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice += (key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
    return found


def _whole(text: str) -> int | Decimal:
    return int(text) if len(text) <= 20 else Decimal(text)


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except ArithmeticError:
        raise ValueError(f"{cut(text)} is too large or too small a number") from None


def _no_constant(text: str) -> Any:
    raise ValueError(f"{text} is not a number")
