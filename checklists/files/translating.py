"""The words of the definitions in other languages: one flat key a text, as in definitions/<language>/."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Annotated, Any, TypeVar, get_args

from pydantic import BeforeValidator

from checklists.files.grammar import Condition, ForPeople, Strict, as_tuple
from checklists.files.model import Review

Wording = str | tuple[str, ...]
Words = Mapping[str, Wording]
Fault = tuple[str, str]
"""A key, and what is wrong with it and what to do."""

_Model = TypeVar("_Model", bound=Strict)
_NAMES = ("link_id", "id", "code", "level")
_WELL_KNOWN = (
    "questions",
    "actions",
    "signs",
    "guides",
    "terms",
    "regions",
)  # go by their own name, wherever they stand
_SINGULAR = {
    "sections": "section",
    "options": "option",
    "levels": "level",
    "measures": "measure",
    "groups": "group",
    "parts": "part",
    "instead_when": "instead",
    "pictures": "picture",
}
_PLACEHOLDER = re.compile(r"\{[^}]*\}")


class Translation(Strict):
    """One language: who has reviewed it, and its words by their keys."""

    review: Review
    words: dict[str, Annotated[Wording, BeforeValidator(as_tuple)]]


def wordings(model: Strict) -> dict[str, Wording]:
    """Every text of `model` that people read, by its key: `falls.fell-past-year.ask`, `actions.keep-moving.how`."""
    return dict(_read(model, _name(model) or ""))


def translated(model: _Model, words: Words) -> _Model:
    """`model` saying `words` wherever they have its key, and its own words elsewhere."""
    return _written(model, _name(model) or "", words)


def wording_faults(model: Strict, words: Words) -> Iterator[Fault]:
    """What is missing, unknown or of another shape in the words of one definition; every fault at once."""
    own = wordings(model)
    for key, text in own.items():
        if key not in words:
            yield key, f"{key} is missing; add it ({_shown(text)})"
        elif isinstance(text, str) != isinstance(words[key], str):
            yield key, f"{key} is {_kind(words[key])}; write {_kind(text)}"
        elif len(_lines(text)) != len(_lines(words[key])):
            yield key, f"{key} has {len(_lines(words[key]))} lines; write {len(_lines(text))}"
        elif _placeholders(text) != _placeholders(words[key]):
            yield key, f"{key} names other numbers to ring; use {', '.join(_placeholders(text)) or 'none'}"
    for key in words:
        if key not in own:
            yield key, f"there is no text {key}; mend its spelling or remove it"


def _read(model: Strict, place: str) -> Iterator[tuple[str, Wording]]:
    for field, value in _values(model):
        if value and field in spoken_fields(type(model)):
            yield f"{place}.{field}", value
        for key, part in _parts(place, field, value):
            yield from _read(part, key)


def _written(model: _Model, place: str, words: Words) -> _Model:
    changed: dict[str, Any] = {}
    for field, value in _values(model):
        if field in spoken_fields(type(model)):
            if f"{place}.{field}" in words:
                changed[field] = words[f"{place}.{field}"]
        elif parts := [_written(part, key, words) for key, part in _parts(place, field, value)]:
            changed[field] = tuple(parts) if isinstance(value, tuple) else parts[0]
    return model.model_copy(update=changed) if changed else model


def _values(model: Strict) -> Iterator[tuple[str, Any]]:
    return ((field, getattr(model, field)) for field in type(model).model_fields)


def _parts(place: str, field: str, value: Any) -> Iterator[tuple[str, Strict]]:
    """The models inside a value, each with its key; those of a list go by their name, or else by their number."""
    if isinstance(value, Condition):
        return
    if isinstance(value, Strict):
        yield f"{place}.{field}", value
    if isinstance(value, tuple):
        for number, part in enumerate(value, start=1):
            if isinstance(part, Strict):
                yield _key(place, field, _name(part) or str(number)), part


def _key(place: str, field: str, name: str) -> str:
    if field in _WELL_KNOWN:
        return f"{place.split('.')[0]}.{name}"
    return f"{place}.{_SINGULAR.get(field, field)}.{name}"


def _name(model: Strict) -> str | None:
    return next((getattr(model, name) for name in _NAMES if name in type(model).model_fields), None)


@cache
def spoken_fields(model: type[Strict]) -> frozenset[str]:
    """The fields of a model that hold texts for people."""
    return frozenset(
        name
        for name, field in model.model_fields.items()
        if any(isinstance(each, ForPeople) for each in field.metadata) or _is_spoken(field.annotation)
    )


def _is_spoken(annotation: Any) -> bool:
    """Whether the mark stands anywhere inside `Said | None` or `tuple[Said, ...]`, models aside."""
    if any(isinstance(each, ForPeople) for each in getattr(annotation, "__metadata__", ())):
        return True
    return any(_is_spoken(each) for each in get_args(annotation))


def _lines(wording: Wording) -> tuple[str, ...]:
    return (wording,) if isinstance(wording, str) else wording


def _placeholders(wording: Wording) -> list[str]:
    return sorted(each for line in _lines(wording) for each in _PLACEHOLDER.findall(line))


def _kind(wording: Wording) -> str:
    return "one text" if isinstance(wording, str) else "a list of texts"


def _shown(wording: Wording) -> str:
    text = " / ".join(_lines(wording))
    return text if len(text) <= 60 else f"{text[:59]}…"
