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
class Stored:
    """One field as it is stored."""

    key: str
    read: Callable[[Any], Any] = lambda value: value
    write: Callable[[Any], Any] = lambda value: value


def _value(key: str, kind: Any) -> Stored:
    return Stored(key, kind.from_json, kind.to_json)


def _by_name(
    key: str, read: Callable[[Any], Any] = lambda each: each, write: Callable[[Any], Any] = lambda each: each
) -> Stored:
    return Stored(
        key,
        lambda stored: {name: read(each) for name, each in stored.items()},
        lambda values: {name: write(each) for name, each in values.items()},
    )


FIELDS: Mapping[str, Stored] = {
    "answering": Stored("for"),
    "units": Stored("units"),
    "began": Stored("began", date.fromisoformat, date.isoformat),
    "about": Stored("about", answers_from_json, answers_to_json),
    "lists": _by_name("lists", answers_from_json, answers_to_json),
    "signs": _value("signs", Signs),
    "measures": _value("measures", Measures),
    "absent": Stored("absent", tuple, list),
    "from_paper": _by_name("from_paper", date.fromisoformat, date.isoformat),
    "warnings": Stored(
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
    "in_calendar": Stored("in_calendar", tuple, list),
    "renewals": Stored(RENEWALS),
    "person_name": Stored("person_name"),
    "beside_answers": Stored("beside_answers"),
}
