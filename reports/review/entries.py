"""The definitions → entries for a clinician to judge: every text, rule, level, step and source, each once.

An entry is what is judged by itself: a question, a step, a sign, a guide, a term, a country's numbers; and of each file
everything else that stands in it. Its mark changes with any of its words or rules, in that language or the first.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import groupby, zip_longest
from typing import Any

from checklists.files.definitions import WRITTEN_IN, Definitions
from checklists.files.grammar import Condition, Strict
from checklists.files.model import Header, Review
from checklists.files.translating import spoken_fields
from reports.review.conditions import in_notation

_ENTRIES = ("questions", "actions", "signs", "guides", "terms", "regions")
_NAMES = ("link_id", "id", "code", "level")
_NOT_WORDS = {"id", "link_id", "code", "order", "picture", "drawing", "layout", "minutes"}
_NOT_JUDGED = {*_NOT_WORDS, "version", "review"}
_TITLES = ("title", "ask", "name", "term")
_LABELS = {
    "ask": "Asks",
    "ask_other": "Asks a helper",
    "ask_short": "Asks on paper",
    "look_for": "To look for",
    "finding": "In the plan",
    "finding_unsure": "In the plan, of Not sure",
    "help_short": "Help on paper",
    "help_other": "Help for a helper",
    "calls_for": "Leads to",
    "leads_nowhere": "Leads to nothing, because",
    "enable_when": "Asked when",
    "from_answers": "From answers",
    "label_other": "Label for a helper",
    "instead_when": "For some people",
    "tiers": "Ranked otherwise",
    "never_told": "Never told",
    "paper_says": "On paper",
    "own_rule": "Rule of this project",
}
MARK_CHARACTERS = 10


@dataclass(frozen=True, kw_only=True)
class ReviewRow:
    """One field: its label, its lines, and those of the first language where that is another."""

    field: str
    lines: tuple[str, ...]
    original: tuple[str, ...] = ()
    is_text: bool = True

    @property
    def label(self) -> str:
        return ": ".join(_label(each) for each in self.field.split("."))


@dataclass(frozen=True, kw_only=True)
class ReviewEntry:
    """What is judged by itself; `key` is its place, as in `falls.fell-past-year`."""

    key: str
    title: str
    rows: tuple[ReviewRow, ...]

    @property
    def blocks(self) -> tuple[tuple[ReviewRow, ...], ...]:
        """Each text alone, and codes and numbers that follow each other together."""
        runs = groupby(self.rows, key=lambda row: row.field if row.is_text else "")
        return tuple(tuple(rows) for _, rows in runs)

    @cached_property
    def mark(self) -> str:
        """Hexadecimal digits that change with any word or rule of it."""
        return _mark([[row.field, row.lines, row.original] for row in self.rows])


@dataclass(frozen=True, kw_only=True)
class ReviewPart:
    """One file of the definitions, in one language."""

    id: str
    language: str
    title: str
    version: str
    review: Review
    entries: tuple[ReviewEntry, ...]

    @cached_property
    def marks(self) -> dict[str, str]:
        """The mark of each entry by its key."""
        return {entry.key: entry.mark for entry in self.entries}

    @cached_property
    def mark(self) -> str:
        """That of the whole file."""
        return sha256("".join(f"{key}={mark};" for key, mark in self.marks.items()).encode()).hexdigest()[
            :MARK_CHARACTERS
        ]

    def changed_since(self, marks: Mapping[str, str]) -> tuple[str, ...]:
        """The keys of what was changed, added or removed since these marks were taken, in the order of the book."""
        now = self.marks
        return (*(key for key in now if now[key] != marks.get(key)), *(key for key in marks if key not in now))


def review_parts(definitions: Definitions, language: str = WRITTEN_IN) -> tuple[ReviewPart, ...]:
    """Every file in this language, in the order of the book; `definitions` are in the first one.

    :raises KeyError: it is not written in that language
    """
    firsts = _headers(definitions)
    if language == WRITTEN_IN:
        return tuple(_part(each, None, language, each.review) for each in firsts)
    translated = _headers(definitions.into(language))
    review = definitions.translations[language].review
    pairs = zip(translated, firsts, strict=True)
    return tuple(_part(each, first, language, review) for each, first in pairs)


def _mark(content: object) -> str:
    return sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()[:MARK_CHARACTERS]


def _headers(definitions: Definitions) -> tuple[Header, ...]:
    return (
        definitions.warning_signs,
        definitions.about,
        *definitions.checklists,
        definitions.actions,
        definitions.guides,
        definitions.glossary,
        definitions.regions,
        definitions.safety,
        definitions.sources,
    )


def _part(header: Header, first: Header | None, language: str, review: Review) -> ReviewPart:
    found = tuple(_entries(header, first, header.id))
    own = ReviewEntry(key=header.id, title=header.title, rows=tuple(_rows(header, first)))
    return ReviewPart(
        id=header.id,
        language=language,
        title=header.title,
        version=header.version,
        review=review,
        entries=(own, *found),
    )


def _entries(model: Strict, first: Strict | None, part: str) -> Iterator[ReviewEntry]:
    for field, value, original in _fields(model, first):
        for each, its_first in _models(value, original):
            if field in _ENTRIES:
                title = next((getattr(each, name) for name in _TITLES if getattr(each, name, None)), "")
                yield ReviewEntry(key=f"{part}.{_name(each)}", title=title, rows=tuple(_rows(each, its_first)))
            else:
                yield from _entries(each, its_first, part)


def _rows(model: Strict, first: Strict | None, place: str = "") -> Iterator[ReviewRow]:
    """Every field but those of entries within; those of models within stand under the names of these."""
    for field, value, original in _fields(model, first):
        models = _models(value, original)
        if models and field in _ENTRIES:
            continue
        for number, (each, its_first) in enumerate(models, start=1):
            of_many = f".{_name(each) or number}" if isinstance(value, tuple) else ""
            yield from _rows(each, its_first, f"{place}{field}{of_many}.")
        if not models and (lines := _lines(value)):
            is_text = field in spoken_fields(type(model))
            beside = _lines(original) if is_text and first is not None else ()
            yield ReviewRow(field=f"{place}{field}", lines=lines, original=beside, is_text=is_text)


def _fields(model: Strict, first: Strict | None) -> Iterator[tuple[str, Any, Any]]:
    skipped = _NOT_JUDGED if isinstance(model, Header) else _NOT_WORDS
    for field in type(model).model_fields:
        if field not in skipped:
            yield field, getattr(model, field), getattr(first, field, None)


def _models(value: Any, first: Any) -> list[tuple[Strict, Strict | None]]:
    """The models in a value, each with the same of the first language; a condition is none."""
    each = value if isinstance(value, tuple) else (value,)
    firsts = first if isinstance(first, tuple) else (first,)
    pairs = zip_longest(each, firsts) if first else ((one, None) for one in each)
    return [(one, its) for one, its in pairs if isinstance(one, Strict) and not isinstance(one, Condition)]


def _lines(value: Any) -> tuple[str, ...]:
    if value in (None, "", (), {}, False):
        return ()
    if isinstance(value, Condition):
        return (in_notation(value),)
    if isinstance(value, Mapping):
        return tuple(f"{key}: {_joined(each)}" for key, each in value.items())
    if isinstance(value, tuple):
        return tuple(_joined(each) for each in value)
    return ("yes" if value is True else str(value),)


def _joined(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{key} {_joined(each)}" for key, each in value.items())
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _name(model: Strict) -> str:
    return next((str(getattr(model, name)) for name in _NAMES if getattr(model, name, None)), "")


def _label(field: str) -> str:
    words = _LABELS.get(field) or field.replace("_", " ")
    return words[:1].upper() + words[1:]
