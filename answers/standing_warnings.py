"""What a draft keeps of the warnings that stand, so that every page can head with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal


@dataclass(frozen=True, kw_only=True)
class StandingWarning:
    """A sign by its id; `milder` where only answers say it, and it was not asked as a sign."""

    id: str
    milder: bool

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "StandingWarning":
        return cls(id=stored["id"], milder=stored["milder"])

    def to_json(self) -> dict[str, Any]:
        return {"id": self.id, "milder": self.milder}


@dataclass(frozen=True, kw_only=True)
class Settled:
    """When the warnings were worked out, and whether signs held then, all or "some" of them asked.

    An earlier release kept the day alone.
    """

    day: date
    with_signs: bool | Literal["some"] | None

    @classmethod
    def from_json(cls, stored: Any) -> "Settled":
        day, with_signs = (stored, None) if isinstance(stored, str) else stored
        return cls(day=date.fromisoformat(day), with_signs=with_signs)

    def to_json(self) -> Any:
        day = self.day.isoformat()
        return day if self.with_signs is None else [day, self.with_signs]
