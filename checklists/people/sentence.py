"""What is said of a file, in English, and kept so that a room above can say it in another language."""

from collections.abc import Callable, Mapping
from typing import Any

Value = str | int | tuple[str, ...]


class Sentence(str):
    """An English sentence that remembers its %(names)s; a tuple among them is a list of words.

    The sentences of these calls are collected for translations/<language>.po.
    """

    english: str
    values: Mapping[str, Value]

    def __new__(cls, english: str, /, **values: Value) -> "Sentence":
        """The sentence, its names filled in."""
        made = super().__new__(cls, english % {name: _listed(value) for name, value in values.items()})
        made.english, made.values = english, values
        return made

    def in_words(self, gettext: Callable[..., str]) -> str:
        """The same as `gettext` says it."""
        return gettext(self.english, **{name: _listed(value, gettext) for name, value in self.values.items()})

    def replaced(self, old: str, new: str) -> "Sentence":
        """The same, with something else in what was filled in."""
        return Sentence(self.english, **{name: _replaced(value, old, new) for name, value in self.values.items()})


class SentenceFault(ValueError):
    """What is wrong, as a sentence of ours."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def in_words(text: str, gettext: Callable[..., str]) -> str:
    """A text as `gettext` says it, where it is a sentence of ours."""
    return text.in_words(gettext) if isinstance(text, Sentence) else text


def at(place: str, fault: Value) -> Sentence:
    """A fault of a place; in English, the place stands before the first colon."""
    return Sentence("%(place)s: %(fault)s", place=place, fault=fault)


def place_of(fault: str) -> str:
    """Where a fault is."""
    return fault.split(": ", 1)[0]


def to_json(text: str) -> Any:
    """A sentence as plain JSON, so that it can be told in another language later."""
    if not isinstance(text, Sentence):
        return text
    return {"says": text.english, "with": {name: _value_to(value) for name, value in text.values.items()}}


def from_json(data: Any) -> str:
    """The same sentence again."""
    if not isinstance(data, dict):
        return str(data)
    english, values = data["says"], data["with"]
    return Sentence(english, **{name: _value_from(value) for name, value in values.items()})


def _value_to(value: Value) -> Any:
    return (
        [to_json(each) for each in value]
        if isinstance(value, tuple)
        else value
        if isinstance(value, int)
        else to_json(value)
    )


def _value_from(data: Any) -> Value:
    if isinstance(data, list):
        return tuple(from_json(each) for each in data)
    return data if isinstance(data, int) else from_json(data)


def _listed(value: Value, gettext: Callable[..., str] | None = None) -> str | int:
    if isinstance(value, int):
        return value
    words = [value] if isinstance(value, str) else value
    return ", ".join(in_words(word, gettext) if gettext else word for word in words)


def _replaced(value: Value, old: str, new: str) -> Value:
    if isinstance(value, Sentence):
        return value.replaced(old, new)
    return value.replace(old, new) if isinstance(value, str) else value
