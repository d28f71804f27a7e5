"""A file of people: UTF-8 JSON, one object over any number of lines or one object a line."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Record:
    """One person's object, or why it is none; `line` is where it starts, counted from 1."""

    line: int
    value: Any = None
    fault: str | None = None


def read_records(data: bytes) -> Iterator[Record]:
    """Every record in order; blank lines are skipped and counted. Never raises for what stands in the file."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    lines = data.split(b"\n")
    filled = [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    if not filled:
        return
    single = _over_many_lines(data, filled)
    if single is not None:
        yield single
        return
    for number, line in filled:
        yield _record(line, number)


def _over_many_lines(data: bytes, filled: list[tuple[int, bytes]]) -> Record | None:
    """The whole file as one object, where its first line alone is not one."""
    first, line = filled[0]
    if len(filled) == 1 or _record(line, first).fault is None:
        return None
    whole = _record(b"\n".join(data.split(b"\n")[first - 1 :]), first)
    if whole.fault is None:
        return whole
    opens = line.lstrip().startswith(b"{") and not all(text.lstrip().startswith(b"{") for _, text in filled)
    stands_alone = any(_record(text, number).fault is None for number, text in filled)
    return whole if opens and not stands_alone else None


def _record(data: bytes, line: int) -> Record:
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
        return Record(line=line, fault="; ".join(f"{key}: stands twice; keep one of them" for key in twice))
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
        raise ValueError(f"{text} is too large or too small a number") from None


def _no_constant(text: str) -> Any:
    raise ValueError(f"{text} is not a number")
