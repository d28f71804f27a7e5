"""Tests that a clinician made, with their day, in a draft. Numbers are exact."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

_WORDS = ("unable", "yes", "no")


@dataclass(frozen=True, kw_only=True)
class Measures:
    """`values` as a record in a file has them; `walked` are the meters and seconds that made the walking speed."""

    values: Mapping[str, Any]
    on: date
    walked: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Measures":
        return cls(
            values={name: _exact(each) for name, each in stored["values"].items()},
            on=date.fromisoformat(stored["on"]),
            walked=tuple(stored.get("walked", ())),
        )

    def to_json(self) -> dict[str, Any]:
        walked = {"walked": list(self.walked)} if self.walked else {}
        values = {name: str(each) if isinstance(each, Decimal) else each for name, each in self.values.items()}
        return {"values": values, "on": self.on.isoformat(), **walked}


def _exact(stored: Any) -> Any:
    return Decimal(stored) if isinstance(stored, str) and stored not in _WORDS else stored
