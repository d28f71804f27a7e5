"""What a phone remembered while it walked through a home → the draft: in order, once, the newer answer winning.

Each entry is {"sequence", "link_id", "answer", "ago"}: its place in the walk, and how many milliseconds ago it came,
so that the clock of a phone need not be right. `link_id` may be a room, which is then absent ("yes") or not ("no").
With `if_open` it counts only where nothing is answered yet: the rest is fine, and what was found stays found.
No Flask, no database.
"""

from dataclasses import dataclass, replace

from pydantic import Field, ValidationError

from answers.draft import Draft
from checklists import Definitions
from checklists.files.grammar import Code, Strict
from storage.time_limits import ON_THE_PHONE

MOST_WALKS = 8
SEVEN_DAYS_MS = ON_THE_PHONE.milliseconds
MOST_ENTRIES = 200


class Entry(Strict):
    """One answer, as a phone sends it."""

    sequence: int = Field(ge=1, le=1_000_000)
    link_id: Code
    answer: Code
    ago: int = Field(ge=0, le=SEVEN_DAYS_MS * 2)
    if_open: bool = False


class WalkBatch(Strict):
    """What a phone sends at once: the walk's own key, and its entries."""

    record: str = Field(max_length=64)
    key: str = Field(pattern=r"^[A-Za-z0-9_-]{16,64}$")
    entries: list[Entry] = Field(max_length=MOST_ENTRIES)


@dataclass(frozen=True)
class NotSent(ValueError):
    """What came is nothing that our page sends."""


def read_sent(body: bytes) -> WalkBatch:
    """JSON as it came. :raises NotSent: it has another shape"""
    try:
        return WalkBatch.model_validate_json(body)
    except ValidationError:
        raise NotSent from None


def heard(definitions: Definitions, draft: Draft, sent: WalkBatch, now_ms: int) -> Draft:
    """The draft with what was sent; a repeat changes nothing, and an entry older than seven days is let go."""
    last = draft.walks.get(sent.key, 0)
    for entry in sorted(sent.entries, key=lambda each: each.sequence):
        if entry.sequence > last:
            last = entry.sequence
            if entry.ago <= SEVEN_DAYS_MS:
                draft = _hear(definitions, draft, entry, now_ms - entry.ago, now_ms)
    others = {key: number for key, number in draft.walks.items() if key != sent.key}
    walks = {**others, sent.key: last}
    return replace(draft, walks=dict(list(walks.items())[-MOST_WALKS:]))


def _hear(definitions: Definitions, draft: Draft, entry: Entry, at_ms: int, now_ms: int) -> Draft:
    if draft.has_newer(entry.link_id, at_ms, now_ms):
        return draft
    home = definitions.rooms
    if entry.if_open and draft.answer(home.id, entry.link_id) is not None:
        return draft
    question = definitions.question_of.get(f"{home.id}.{entry.link_id}")
    if question is not None and entry.answer in question.allowed:
        draft = draft.with_answers(home.id, {entry.link_id: entry.answer})
    elif any(room.id == entry.link_id and room.may_be_absent for room in home.sections):
        draft = draft.begin(home.id).with_room(entry.link_id, absent=entry.answer == "yes")
    else:
        return draft  # a page from before an update asked something that is no longer asked
    return draft.answered((entry.link_id,), at_ms)
