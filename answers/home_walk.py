"""What a phone remembered while it walked through a home → the draft: in order, once, the newer answer winning.

Each entry is {"sequence", "link_id", "answer", "ago"}: its place in the walk, and how many milliseconds ago it came,
so that the clock of a phone need not be right. `link_id` may be a room, which is then absent ("yes") or not ("no").
No Flask, no database.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import Field, ValidationError

from answers.draft import Data
from checklists import Definitions
from checklists.files.grammar import Code, Strict
from storage.time_limits import ON_THE_PHONE

WALKS_KEPT = 8
SEVEN_DAYS_MS = ON_THE_PHONE.milliseconds
MOST_ENTRIES = 200


class Entry(Strict):
    """One answer, as a phone sends it."""

    sequence: int = Field(ge=1, le=1_000_000)
    link_id: Code
    answer: Code
    ago: int = Field(ge=0, le=SEVEN_DAYS_MS * 2)


class Sent(Strict):
    """What a phone sends at once: the walk's own key, and its entries."""

    record: str = Field(max_length=64)
    key: str = Field(pattern=r"^[A-Za-z0-9_-]{16,64}$")
    entries: list[Entry] = Field(max_length=MOST_ENTRIES)


@dataclass(frozen=True)
class NotSent(ValueError):
    """What came is nothing that our page sends."""


def read_sent(body: bytes) -> Sent:
    """JSON as it came. :raises NotSent: it has another shape"""
    try:
        return Sent.model_validate_json(body)
    except ValidationError:
        raise NotSent from None


def heard(definitions: Definitions, data: dict[str, Any], sent: Sent, now_ms: int) -> None:
    """Puts what was sent into the draft; a repeat changes nothing, and an entry older than seven days is let go."""
    walks = data.setdefault("walks", {})
    last = walks.get(sent.key, 0)
    for entry in sorted(sent.entries, key=lambda each: each.sequence):
        if entry.sequence > last:
            last = entry.sequence
            if entry.ago <= SEVEN_DAYS_MS:
                _hear(definitions, data, entry, now_ms - entry.ago, now_ms)
    walks.pop(sent.key, None)
    walks[sent.key] = last
    data["walks"] = dict(list(walks.items())[-WALKS_KEPT:])


def note_time(data: dict[str, Any], names: Iterable[str], now_ms: int) -> None:
    """Remembers when answers of the home list were given, for an older one that may still be on its way."""
    data.setdefault("at", {}).update(dict.fromkeys(names, now_ms))


def add_photo(data: dict[str, Any], link_id: str, photo_id: str, at_ms: int, now_ms: float = math.inf) -> str | None:
    """Puts a photo beside its hazard; the id of the one that is no longer shown, which is this one if it is older."""
    photos = data.setdefault("photos", {})
    kept = photos.get(link_id)
    if kept and kept["id"] == photo_id:
        return None
    if kept and _is_newer(kept["at"], at_ms, now_ms):
        return photo_id
    photos[link_id] = {"id": photo_id, "at": at_ms}
    return (kept["id"] or None) if kept else None


def remove_photo(data: dict[str, Any], link_id: str, at_ms: int) -> None:
    """Takes a photo away, and with it every older one that a phone may still send."""
    data.setdefault("photos", {})[link_id] = {"id": "", "at": at_ms}


def photos_of(data: Data) -> Mapping[str, str]:
    """The id of each hazard's photo."""
    return {link_id: str(photo["id"]) for link_id, photo in data.get("photos", {}).items() if photo["id"]}


def _is_newer(kept_ms: int, at_ms: int, now_ms: float) -> bool:
    """Whether what is kept came later; what is from the future came by a wrong clock, and keeps nothing out."""
    return at_ms < kept_ms <= now_ms


def _hear(definitions: Definitions, data: dict[str, Any], entry: Entry, at_ms: int, now_ms: int) -> None:
    if _is_newer(data.get("at", {}).get(entry.link_id, 0), at_ms, now_ms):
        return
    home = definitions.rooms
    question = definitions.question_of.get(f"{home.id}.{entry.link_id}")
    if question is not None and entry.answer in question.allowed:
        data["lists"].setdefault(home.id, {})[entry.link_id] = entry.answer
    elif any(room.id == entry.link_id and room.may_be_absent for room in home.sections):
        others = [each for each in data["absent"] if each != entry.link_id]
        data["absent"] = [*others, entry.link_id] if entry.answer == "yes" else others
        data["lists"].setdefault(home.id, {})
    else:
        return  # a page from before an update asked something that is no longer asked
    note_time(data, (entry.link_id,), at_ms)
