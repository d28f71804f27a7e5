"""What stands on one person's paper, in the words that are printed: plain values for the templates."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from checklists.files.actions import Picture
from checklists.files.guides import Guide
from reports.paper.plan_paper import Paper
from reports.plan.progress import State
from reports.printing.pipe_protocol import JPEG
from reports.words.speech import Speech

LARGE_PRINT_POINTS = 18
MOST_BECAUSES = 6
GettingUp = Literal["alone", "with-help", "fresh-fracture", "back-unchecked"]
"""How a person may get up after a fall, and why not alone."""


@dataclass(frozen=True, kw_only=True)
class Photo:
    """A JPEG of what is to be changed, and what it shows."""

    jpeg: bytes
    shows: str

    @property
    def address(self) -> str:
        """The picture itself as an address; paper is never made of what lies elsewhere."""
        return f"{JPEG}{b64encode(self.jpeg).decode()}"


@dataclass(frozen=True, kw_only=True)
class Card:
    """One action in the words that are printed; `mark` is its number, or the letter of a warning's action."""

    mark: str
    title: str
    because: tuple[str, ...]
    how: tuple[str, ...]
    why: str
    facts: str
    cost: str
    is_today: bool
    photos: tuple[Photo, ...] = ()
    picture: Picture | None = None
    state: State = "open"
    note: str = ""
    note_by: str = ""

    def has_more_becauses(self, form: "FridgeForm") -> bool:
        """Whether page 2 would say more of them than the first page does."""
        return min(len(self.because), MOST_BECAUSES) > form.becauses

    def is_told(self, form: "FridgeForm", hows: int) -> bool:
        """Whether nothing of it is left for page 2 to say."""
        return (
            not (self.photos or self.note) and form.whys and not self.has_more_becauses(form) and len(self.how) <= hows
        )


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """The warnings of one urgency: each thing to do with the signs that ask for it, then their actions."""

    word: str
    is_now: bool
    is_soon: bool
    calls: tuple[tuple[str, tuple[str, ...]], ...]
    actions: tuple[Card, ...]
    says: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Room:
    """Actions that belong together, under one heading."""

    title: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, kw_only=True)
class Made:
    """How one checklist came to its level; `level` is empty where none may be shown."""

    title: str
    level: str
    word: str
    score: str
    because: tuple[tuple[str, int], ...]
    changes: tuple[tuple[str, str], ...]
    could_move: tuple[str, ...]
    unknown: tuple[str, ...]
    own_rule: bool
    note: str
    source: str


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One person's paper, ready to be laid out."""

    paper: Paper
    number: int
    title: str
    clinic: str
    day: str
    message: str
    first_title: str
    small_print: str
    versions: str
    alarms: tuple[Alarm, ...]
    first: tuple[Card, ...]
    rooms: tuple[Room, ...]
    later: tuple[Card, ...]
    own: tuple[Card, ...]
    made: tuple[Made, ...]
    explained: tuple[tuple[str, str], ...]
    questions: tuple[str, ...]
    levels_shown: bool
    draft: bool
    blood_thinner: bool
    getting_up: GettingUp
    clinical: tuple[tuple[str, tuple[str, ...]], ...]
    guides: tuple[Guide, ...]
    form: "FridgeForm"

    @property
    def name(self) -> str:
        """What stands on the line for the name, before anybody writes on it."""
        return f"{self._speech.gettext('Name:')} {self.paper.label or ''}".rstrip()

    @property
    def tells_more_of_alarms(self) -> bool:
        """Whether there is more to say of the warnings than stands on the first page."""
        return any(
            alarm.says or any(not (self.form.alarm_hows and each.is_today) for each in alarm.actions)
            for alarm in self.alarms
        )

    @property
    def half_told(self) -> tuple[tuple[Card, int], ...]:
        """Those of the first three of which the first page could not say all: card, how many steps it told."""
        told = zip(self.first, self.form.hows, strict=False)
        return tuple((card, hows) for card, hows in told if not card.is_told(self.form, hows))

    @property
    def rules_from(self) -> str:
        """Where the published rules come from, list by list."""
        return " ".join(f"{each.title}: {each.source}." for each in self.made if not each.own_rule)

    @property
    def large_print(self) -> bool:
        return self.paper.print_points >= LARGE_PRINT_POINTS

    @property
    def message_last(self) -> bool:
        """In the largest print the three things to do come before the sentence about them, to stay on page 1."""
        return self.paper.print_points > LARGE_PRINT_POINTS

    @property
    def heed(self) -> str:
        """What heads every page after the first while a warning cannot wait."""
        words = [alarm.word for alarm in self.alarms if not alarm.is_soon]
        if not words:
            return ""
        return self._speech.gettext("%(words)s: see page 1 first", words=self._speech.listed(words))

    def some(self, phrases: Sequence[str], most: int, between: str = ", ") -> str:
        """So many of the phrases, and that there are more; nothing where none may stand."""
        more = self._speech.gettext(", and more") if 0 < most < len(phrases) else ""
        return between.join(phrases[:most]) + more

    def told_us(self, card: Card, most: int = MOST_BECAUSES) -> str:
        """The answers behind an action, so many of them."""
        return self._speech.gettext("Because you told us: %(answers)s.", answers=self.some(card.because, most))

    def told(self, alarm: Alarm, form: "FridgeForm") -> tuple[tuple[str, str], ...]:
        """What the first page says of warnings: each thing to do with its signs, or only that page 2 says more."""
        if alarm.is_soon and not form.soon:
            return (("", self._speech.gettext("More signs to act on: the next pages say what to do.")),)
        calls = alarm.calls if alarm.is_now else alarm.calls[: form.alarm_calls]
        signs = [f"{self.some(each, form.alarm_signs, '. ')}." if form.alarm_signs else "" for _, each in calls]
        if len(calls) < len(alarm.calls) or not form.alarm_signs:
            signs[-1] = self._speech.gettext("More: next pages.")
        return tuple((do, said) for (do, _), said in zip(calls, signs, strict=True))

    @property
    def _speech(self) -> Speech:
        return self.paper.words.speech


@dataclass(frozen=True, kw_only=True)
class FridgeForm:
    """What the first page says: so many becauses and hows an action, whether why, and how fully it tells warnings."""

    becauses: int = 99
    hows: tuple[int, int, int] = (1, 1, 1)
    whys: bool = False
    alarm_hows: bool = True
    alarm_in_lines: bool = True
    alarm_signs: int = 99
    alarm_calls: int = 99
    soon: bool = True
    alarms_joined: bool = False
