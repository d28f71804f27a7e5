"""The photos beside hazards: the newest of each stands, whatever comes late."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Photo:
    """Its id in the store, none where it was removed, and its moment in milliseconds."""

    id: str
    at: int

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Photo":
        return cls(id=str(stored["id"]), at=stored["at"])

    def to_json(self) -> dict[str, Any]:
        return {"id": self.id, "at": self.at}


def unseen_beside(old: Photo | None, new: Photo, now_ms: float = math.inf) -> str | None:
    """Where two photos show one thing, the id of the one that is not shown: of the new one, if it is older."""
    if old is None or old.id == new.id:
        return None
    return new.id if is_newer(old.at, new.at, now_ms) else old.id or None


def is_newer(saved_ms: int, at_ms: int, now_ms: float) -> bool:
    """Whether what is saved came later; what is from the future came by a wrong clock, and keeps nothing out."""
    return at_ms < saved_ms <= now_ms
