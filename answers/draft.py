"""A draft: what somebody answered so far, as it was typed, with all that goes with it. No Flask, no database.

A draft never changes: each method that changes something gives another. It is JSON only where it is stored and read
(`Draft.from_json`, `Draft.to_json`; the keys are in answers/draft_json.py). What a later release may have stored beside
it stays as it was.
"""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from answers.check_again import Check, Checked, OldAnswers, is_old
from answers.draft_json import FIELDS
from answers.measures import Measures
from answers.photos import Photo, is_newer, unseen_beside
from answers.signs import Signs
from answers.standing_warnings import Settled, StandingWarning
from answers.typed_numbers import Answer, Answers
from checklists import Definitions

ABOUT = "about"
_OF_THE_APP = ("walks", "photos", "in_calendar", "checked", "carried", "renewals", "beside_answers")


@dataclass(frozen=True, kw_only=True)
class Draft:
    """Answers by checklist and link_id, and what is known of how and when they were given."""

    answering: str
    """Who answers: self, or helper."""
    units: str
    """Imperial or metric, as numbers were typed last."""
    began: date | None = None
    """The day of the first answer; older drafts do not say."""
    about: Answers = field(default_factory=dict)
    lists: Mapping[str, Answers] = field(default_factory=dict)
    signs: Signs | None = None
    measures: Measures | None = None
    """What a clinician measured last."""
    absent: tuple[str, ...] = ()
    """Rooms that this home does not have."""
    from_paper: Mapping[str, date] = field(default_factory=dict)
    """The day on which a checklist was typed in from paper."""
    warnings: tuple[StandingWarning, ...] = ()
    settled: Settled | None = None
    answered_at: Mapping[str, int] = field(default_factory=dict)
    """When each answer about the home, or a room, was given, in milliseconds."""
    walks: Mapping[str, int] = field(default_factory=dict)
    """How far each walk through the home was heard."""
    photos: Mapping[str, Photo] = field(default_factory=dict)
    again: Check | None = None
    checked: Checked | None = None
    old: OldAnswers | None = None
    carried: Mapping[str, date] = field(default_factory=dict)
    """The day of each answer that stands in the newest plan though it was not asked for it."""
    in_calendar: tuple[str, ...] = ()
    """What calendar files brought: weeks, the check, and in older files each step."""
    renewals: int = 0
    """How often its link and code were renewed."""
    person_name: str = ""
    """What a helper calls the person; nothing where they gave none."""
    beside_answers: int = 0
    """How many changes touched no answer: a plan is as new after them as before."""
    others: Mapping[str, Any] = field(default_factory=dict)
    """What is stored beside these, under keys that this release does not know."""
    empty: frozenset[str] = field(default=frozenset(), compare=False, repr=False)
    """Fields that are stored even while nothing is in them."""

    @classmethod
    def new(cls, answering: str, units: str, day: date | None = None) -> "Draft":
        """A draft in which nothing is answered yet, begun on this day."""
        empty = frozenset({"about", "lists", "absent", "warnings"})
        return cls(answering=answering, units=units, began=day, empty=empty)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Draft":
        there = {name: each for name, each in FIELDS.items() if each.key in stored}
        values = {name: each.read(stored[each.key]) for name, each in there.items() if stored[each.key] is not None}
        known = {each.key for each in there.values()}
        others = {key: value for key, value in stored.items() if key not in known}
        return cls(**values, others=others, empty=frozenset(there))

    def to_json(self) -> dict[str, Any]:
        """As it is stored; read and written again it is the same, to the last key."""
        stored = dict(self.others)
        for name, each in FIELDS.items():
            value = getattr(self, name)
            if value or name in self.empty:
                stored[each.key] = None if value is None else each.write(value)
        return stored

    def as_typed(self) -> dict[str, Any]:
        """What the person gave, without what keeps order and ids of photos, for a file of their own."""
        hidden = {FIELDS[name].key for name in _OF_THE_APP}
        return {key: value for key, value in self.to_json().items() if key not in hidden}

    def beside_plan(self) -> dict[str, Any]:
        """What is stored beside a plan that is made of this: who answered, and how many answers are old."""
        return {"for": self.answering, "old": self.old.to_json() if self.old else None}

    @property
    def helping(self) -> bool:
        """Whether somebody answers for another person."""
        return self.answering == "helper"

    @property
    def can_be_assessed(self) -> bool:
        """Whether there is anything to make a plan from: a list that was begun, or a warning that stands."""
        return bool(self.lists or self.warnings)

    def has_begun(self, subject: str) -> bool:
        """Whether this list was begun."""
        return subject in self.lists

    def answers(self, subject: str) -> Answers:
        """What is answered of a list, or of the questions about the person, by link_id."""
        return self.about if subject == ABOUT else self.lists.get(subject, {})

    def answer(self, subject: str, link_id: str) -> Answer | None:
        return self.answers(subject).get(link_id)

    def begin(self, subject: str) -> "Draft":
        """A list is begun, though nothing in it may be answered yet."""
        return self.with_answers(subject, {})

    def with_answers(self, subject: str, new_answers: Answers) -> "Draft":
        """These answers beside those before, or in their place."""
        now = {f"{subject}.{link_id}" for link_id in new_answers}
        carried = {fact: day for fact, day in self.carried.items() if fact not in now}
        return replace(self._with_all(subject, {**self.answers(subject), **new_answers}), carried=carried)

    def without_answers(self, subject: str, link_ids: Iterable[str]) -> "Draft":
        """These are not answered any more, which is never a no."""
        gone = set(link_ids)
        return self._with_all(subject, {name: each for name, each in self.answers(subject).items() if name not in gone})

    def _with_all(self, subject: str, answers: Answers) -> "Draft":
        if subject == ABOUT:
            return replace(self, about=answers)
        return replace(self, lists={**self.lists, subject: answers})

    def typed_in(self, units: str, new_answers: Answers) -> "Draft":
        """The units of the page, where any of its answers is a number."""
        return self if all(isinstance(each, str) for each in new_answers.values()) else replace(self, units=units)

    def typed_from_paper(self, subject: str, day: date) -> "Draft":
        return replace(self, from_paper={**self.from_paper, subject: day})

    def with_absent(self, rooms: Iterable[str]) -> "Draft":
        """These rooms, and no others, are not there."""
        return replace(self, absent=tuple(rooms))

    def with_room(self, room: str, *, absent: bool) -> "Draft":
        others = tuple(each for each in self.absent if each != room)
        return replace(self, absent=(*others, room) if absent else others)

    def answered(self, names: Iterable[str], at_ms: int) -> "Draft":
        """Remembers when answers about the home were given, for an older one that may still be on its way."""
        return replace(self, answered_at={**self.answered_at, **dict.fromkeys(names, at_ms)})

    def has_newer(self, name: str, at_ms: int, now_ms: int) -> bool:
        """Whether an answer about the home, or a room, was given after this moment."""
        return is_newer(self.answered_at.get(name, 0), at_ms, now_ms)

    @property
    def photo_ids(self) -> Mapping[str, str]:
        """The id of each hazard's photo."""
        return {link_id: photo.id for link_id, photo in self.photos.items() if photo.id}

    def with_photo(self, link_id: str, photo: Photo, now_ms: float = math.inf) -> tuple["Draft", str | None]:
        """A photo beside its hazard; and the id of the one that is not shown then, which is this one if it is older."""
        old = self.photos.get(link_id)
        unseen = unseen_beside(old, photo, now_ms)
        stays = old is not None and (old.id == photo.id or unseen == photo.id)
        return self if stays else replace(self, photos={**self.photos, link_id: photo}), unseen

    def without_photo(self, link_id: str, at_ms: int) -> "Draft":
        """Takes a photo away, and with it every older one that a phone may still send."""
        return replace(self, photos={**self.photos, link_id: Photo(id="", at=at_ms)})

    @property
    def signs_are_asked(self) -> bool:
        """Whether signs that hold need no asking."""
        return self.signs is not None and self.signs.asked is None

    def waits_for_call(self, definitions: Definitions) -> bool:
        """Whether a sign that needs help now was ticked, and nobody has said yet that they called."""
        return self.signs is not None and self.signs.wait_for_call(definitions)

    def with_signs(self, signs: Signs | None) -> "Draft":
        return replace(self, signs=signs, empty=self.empty | {"signs"})

    def called(self) -> "Draft":
        """Somebody said that they called."""
        return self.with_signs(replace(self.signs, called=True)) if self.signs else self

    def asking_signs_anew(self, but: Collection[str] = ()) -> "Draft":
        """The warning signs are asked anew, but for these groups."""
        return self.with_signs(self.signs.asked_anew(but) if self.signs else None)

    def is_checking(self, day: date) -> bool:
        """Whether a check was begun within the week and is not finished yet."""
        return self.again is not None and self.again.goes_on(day)

    def asked_anew(self, day: date) -> frozenset[str]:
        """The facts that were asked anew in a check that goes on."""
        return self.again.asked if self.again and self.again.goes_on(day) else frozenset()

    def begin_check(self, day: date, worth: Iterable[str] = ()) -> "Draft":
        """A check begins: the answers stay, the signs are asked anew, then what is worth asking."""
        return replace(self.asking_signs_anew(), again=Check(began=day, worth=tuple(worth)))

    def with_asked(self, fact: str, day: date) -> "Draft":
        """This was asked anew, if a check goes on."""
        return replace(self, again=self.again.with_asked(fact)) if self.again and self.again.goes_on(day) else self

    def is_checked(self, planned_on: date, day: date) -> bool:
        """Whether the check since the plan of that day is over already, and none was begun after it."""
        if self.again or not self.checked or self.checked.since != planned_on:
            return False
        return not is_old(self.checked.on, day)

    def finish_check(self, not_asked: Collection[str], planned_on: date, day: date) -> "Draft":
        """The check is over, or was passed over; the answers to these facts are those of a plan before."""
        before = None if self.again and self.again.asked else self.old
        since = before.since if before else planned_on
        return replace(
            self,
            again=None,
            checked=Checked(since=planned_on, on=day),
            old=OldAnswers(count=len(not_asked), since=since) if not_asked else None,
            carried={fact: self.carried.get(fact, planned_on) for fact in not_asked},
            empty=self.empty | {"again", "old"},
        )

    def brought_to_calendar(self, names: Iterable[str]) -> "Draft":
        return self._with_beside(in_calendar=tuple(sorted({*self.in_calendar, *names})))

    def named(self, name: str) -> "Draft":
        """The person has this name from now on, or none; no plan is older for it."""
        return self._with_beside(person_name=name)

    def renewed(self, times: int) -> "Draft":
        """Its link and code were renewed so often."""
        return self._with_beside(renewals=max(times, self.renewals))

    def _with_beside(self, **fields: Any) -> "Draft":
        return replace(self, beside_answers=self.beside_answers + 1, **fields)
