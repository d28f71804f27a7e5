"""The border of a draft: each of its fields, the key under which it is stored, and how it is read and written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from answers.check_again import Check, Checked, OldAnswers
from answers.measures import Measures
from answers.photos import Photo
from answers.signs import Signs
from answers.standing_warnings import Settled, StandingWarning
from answers.typed_numbers import answers_from_json, answers_to_json
from storage.model import RENEWALS


@dataclass(frozen=True)
class StoredField:
    """One field as it is stored."""

    key: str
    read: Callable[[Any], Any] = lambda value: value
    write: Callable[[Any], Any] = lambda value: value


def _value(key: str, kind: Any) -> StoredField:
    return StoredField(key, kind.from_json, kind.to_json)


def _by_name(
    key: str, read: Callable[[Any], Any] = lambda each: each, write: Callable[[Any], Any] = lambda each: each
) -> StoredField:
    return StoredField(
        key,
        lambda stored: {name: read(each) for name, each in stored.items()},
        lambda values: {name: write(each) for name, each in values.items()},
    )


FIELDS: Mapping[str, StoredField] = {
    "answering": StoredField("for"),
    "units": StoredField("units"),
    "began": StoredField("began", date.fromisoformat, date.isoformat),
    "about": StoredField("about", answers_from_json, answers_to_json),
    "lists": _by_name("lists", answers_from_json, answers_to_json),
    "signs": _value("signs", Signs),
    "measures": _value("measures", Measures),
    "absent": StoredField("absent", tuple, list),
    "from_paper": _by_name("from_paper", date.fromisoformat, date.isoformat),
    "warnings": StoredField(
        "warnings",
        lambda stored: tuple(StandingWarning.from_json(each) for each in stored),
        lambda warnings: [each.to_json() for each in warnings],
    ),
    "settled": _value("settled", Settled),
    "answered_at": _by_name("at"),
    "walks": _by_name("walks"),
    "photos": _by_name("photos", Photo.from_json, Photo.to_json),
    "again": _value("again", Check),
    "checked": _value("checked", Checked),
    "old": _value("old", OldAnswers),
    "carried": _by_name("carried", date.fromisoformat, date.isoformat),
    "in_calendar": StoredField("in_calendar", tuple, list),
    "renewals": StoredField(RENEWALS),
    "person_name": StoredField("person_name"),
    "beside_answers": StoredField("beside_answers"),
}
