"""Somebody on a clinic's list: what it calls them, what they are asked, how far they are. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from answers.summary import Summary
from checklists.files.grammar import BONE, FALLS
from reports.words.speech import N_
from storage.clinics.model import Person
from storage.clinics.people import SUMMARY
from storage.time_limits import ANSWERS_ARE_NEW

State = Literal["ready", "speak-first", "answering", "not-started", "printed"]
STATES: Mapping[State, str] = {
    "ready": N_("Ready to print"),
    "speak-first": N_("Speak first"),
    "answering": N_("Answering"),
    "not-started": N_("Not started"),
    "printed": N_("Printed"),
}
SETS: Mapping[str, tuple[str, ...]] = {"falls": (FALLS,), "falls-bone": (FALLS, BONE)}
SET_NAMES: Mapping[str, str] = {"falls": N_("Falls"), "falls-bone": N_("Falls and bones")}
USUAL_SET = "falls-bone"


@dataclass(frozen=True, kw_only=True)
class ListEntry:
    """A person with the day of their visit. `summary` is None before they began, and where their answers are old."""

    person: Person
    name: str
    time: str
    set_id: str
    language: str
    summary: Summary | None
    last: Summary | None
    printed: int
    spoken_of: str

    @classmethod
    def of(cls, person: Person) -> "ListEntry":
        data = person.data
        last = Summary.from_json(data[SUMMARY]) if SUMMARY in data else None
        is_new = last is not None and (person.day - last.on).days <= ANSWERS_ARE_NEW.days
        return cls(
            person=person,
            name=data.get("name", ""),
            time=data.get("time", ""),
            set_id=data.get("set", USUAL_SET),
            language=data.get("language", ""),
            summary=last if is_new else None,
            last=last,
            printed=data.get("printed", 0),
            spoken_of=data.get("spoken_of", ""),
        )

    @property
    def lists(self) -> tuple[str, ...]:
        return SETS[self.set_id]

    @property
    def is_old(self) -> bool:
        """Whether there are answers, and they are from long ago."""
        return self.last is not None and self.summary is None

    @property
    def progress(self) -> tuple[int, int]:
        """How many questions are answered, of how many."""
        return self.summary.progress(self.lists) if self.summary else (0, 0)

    @property
    def state(self) -> State:
        """Where they are. A sign that cannot wait goes before all else, until somebody has spoken with them of it."""
        if self.summary is None:
            return "not-started"
        if self.summary.urgency and self.spoken_of != self.summary.urgency:
            return "speak-first"
        done, asked = self.progress
        if done < asked:
            return "answering" if done else "not-started"
        return "printed" if self.printed >= self.summary.revision else "ready"

    def changed(self, **values: Any) -> dict[str, Any]:
        """What is kept of them, with these in it."""
        return {**self.person.data, **values}
