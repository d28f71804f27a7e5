"""Somebody on a clinic's list: what it calls them, what they are asked, how far they are. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Literal

from answers.summary import Summary, progress
from checklists.files.grammar import BONE, FALLS
from reports.words.speech import N_
from storage.clinics.model import Person
from storage.clinics.people import BY_POSTER, SUMMARY
from storage.clinics.remembered import LISTS
from storage.time_limits import ANSWERS_ARE_NEW

State = Literal["ready", "speak-first", "answering", "not-started", "being-printed", "printed"]
STATES: Mapping[State, str] = {
    "ready": N_("Ready to print"),
    "speak-first": N_("Speak first"),
    "answering": N_("Answering"),
    "not-started": N_("Not started"),
    "being-printed": N_("Being printed"),
    "printed": N_("Printed"),
}
SETS: Mapping[str, tuple[str, ...]] = {"falls": (FALLS,), "falls-bone": (FALLS, BONE)}
SET_NAMES: Mapping[str, str] = {"falls": N_("Falls"), "falls-bone": N_("Falls and bones")}
USUAL_LISTS = SETS["falls-bone"]
MOST_ENTRIES = 4_000
_ENTRIES: dict[str, "ListEntry"] = {}
LISTS.with_them(_ENTRIES.clear)


@dataclass(frozen=True, kw_only=True)
class InFile:
    """A file that holds the paper of these answers, or is going to, and that nobody has printed yet."""

    revision: int
    is_made: bool


@dataclass(frozen=True)
class ListEntry:
    """A person with the day of their visit. Most of a long list are only counted, so each part is read late.

    `summary` is None before they began, and where their answers are old.
    """

    person: Person
    in_file: InFile | None = None

    @property
    def name(self) -> str:
        return str(self.person.data.get("name", ""))

    @property
    def time(self) -> str:
        return str(self.person.data.get("time", ""))

    @property
    def language(self) -> str:
        return str(self.person.data.get("language", ""))

    @property
    def spoken_of(self) -> str:
        """The urgency of the sign of which somebody has spoken with them."""
        return str(self.person.data.get("spoken_of", ""))

    @property
    def lists(self) -> tuple[str, ...]:
        """What they are asked; an earlier release kept the name of a set."""
        return tuple(self.person.data.get("lists", SETS.get(self.person.data.get("set", ""), USUAL_LISTS)))

    @property
    def came_by_poster(self) -> bool:
        """Whether they put themselves on the list."""
        return bool(self.person.data.get(BY_POSTER))

    @property
    def last(self) -> Summary | None:
        """The summary of the last answers, however old."""
        return Summary.from_json(self.person.data[SUMMARY]) if SUMMARY in self.person.data else None

    @property
    def summary(self) -> Summary | None:
        return self.last if self._is_new else None

    @property
    def is_old(self) -> bool:
        """Whether there are answers, and they are from long ago."""
        return SUMMARY in self.person.data and not self._is_new

    @property
    def progress(self) -> tuple[int, int]:
        """How many questions are answered, of how many."""
        return progress(self.person.data[SUMMARY]["parts"], self.lists) if self._is_new else (0, 0)

    @property
    def is_complete(self) -> bool:
        """Whether everything that was to be asked is answered."""
        done, asked = self.progress
        return 0 < asked <= done

    @cached_property
    def state(self) -> State:
        """Where they are. A sign that cannot wait goes before all else, until somebody has spoken with them of it."""
        if not self._is_new:
            return "not-started"
        data = self.person.data
        urgency, revision = data[SUMMARY]["urgency"], data[SUMMARY]["revision"]
        if urgency and self.spoken_of != urgency:
            return "speak-first"
        done, asked = self.progress
        if done < asked:
            return "answering" if done else "not-started"
        if data.get("printed", 0) >= revision:
            return "printed"
        return "being-printed" if self.in_file and self.in_file.revision >= revision else "ready"

    @property
    def _is_new(self) -> bool:
        found = self.person.data.get(SUMMARY)
        return found is not None and found["on"] >= (self.person.day - ANSWERS_ARE_NEW.after).isoformat()


def entries(people: Iterable[Person], in_files: Mapping[str, InFile], since: int) -> list[ListEntry]:
    """The people of a list, with the files by person; `since` is what `LISTS.forgotten` was before. Who is the same
    object as on the last list, and in the same file, is the same entry: where each one is takes longer to work out than
    to look up."""
    return [_remembered(each, in_files.get(each.person_id), since) for each in people]


def _remembered(person: Person, in_file: InFile | None, since: int) -> ListEntry:
    before = _ENTRIES.get(person.person_id)
    if before is not None and before.person is person and before.in_file == in_file:
        return before
    entry = ListEntry(person, in_file)
    LISTS.keep_with_them(partial(_keep, entry), since)
    return entry


def _keep(entry: ListEntry) -> None:
    if len(_ENTRIES) >= MOST_ENTRIES:
        _ENTRIES.clear()
    _ENTRIES[entry.person.person_id] = entry
