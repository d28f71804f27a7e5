"""What stands on one person's paper, in the words that are printed: plain values for the templates."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field

from checklists.files.actions import Picture
from checklists.files.guides import Guide
from checklists.people.units import LARGE_PRINT_POINTS
from reports.paper.forms import FallForm, PosterForm, StepsForm
from reports.paper.plan_paper import Paper
from reports.plan.tick import State
from reports.printing.pipe_protocol import JPEG, PNG
from reports.words.speech import Speech

FEW_REQUESTS = 4
MOST_NEXT = 3
MOST_OF_LABEL = 30


@dataclass(frozen=True, kw_only=True)
class PrintedPhoto:
    """A JPEG of what is to be changed, and what it shows."""

    jpeg: bytes
    shows: str

    @property
    def address(self) -> str:
        """The picture itself as an address; paper is never made of what lies elsewhere."""
        return f"{JPEG}{b64encode(self.jpeg).decode()}"


@dataclass(frozen=True, kw_only=True)
class Card:
    """One step in the words that are printed; `mark` is its number, or the letter of a warning's step.

    `status` is what was done with it, `set` who and by when where somebody chose that. Its one box stands where
    `has_box` says so.
    """

    id: str
    mark: str
    title: str
    who: str = ""
    by: str = ""
    because: tuple[str, ...] = ()
    how: tuple[str, ...] = ()
    why: str = ""
    cost: str = ""
    is_today: bool = False
    photos: tuple[PrintedPhoto, ...] = ()
    picture: Picture | None = None
    state: State = "open"
    status: str = ""
    set: str = ""
    note: str = ""
    note_by: str = ""
    near: tuple[str, ...] = ()
    has_box: bool = True


@dataclass(frozen=True, kw_only=True)
class WarningCall:
    """One thing to do about warnings, the signs that ask for it, and the steps that no call before it has."""

    do: str
    signs: tuple[str, ...]
    cards: tuple[Card, ...]

    @property
    def reasons(self) -> str:
        """The signs, each a sentence."""
        return " ".join(f"{sign}." for sign in self.signs)

    @property
    def boxes(self) -> tuple[tuple[Card, str], ...]:
        """The steps with what is said of each: of the first what to do, of a further one its title."""
        return tuple((card, card.title if place else self.do) for place, card in enumerate(self.cards))


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """The warnings of one urgency, and what is known of their signs."""

    word: str
    is_now: bool
    is_soon: bool
    calls: tuple[WarningCall, ...]
    says: tuple[tuple[str, str], ...]

    @property
    def cards(self) -> tuple[Card, ...]:
        return tuple(card for call in self.calls for card in call.cards)


@dataclass(frozen=True, kw_only=True)
class Group:
    """Steps that belong together, under one heading: of a room, of one's own, or to ask one kind of person."""

    title: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, kw_only=True)
class Made:
    """How one checklist came to its level; `level` is empty where none may be shown."""

    title: str
    short: str
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

    @property
    def findings(self) -> tuple[str, ...]:
        """The answers that made it, without their points."""
        return tuple(finding for finding, _ in self.because)


@dataclass(frozen=True, kw_only=True)
class FallStep:
    """What to do after a fall: a drawing, a few words, a line."""

    drawing: str
    says: str
    more: str


@dataclass(frozen=True, kw_only=True)
class Fall:
    """The page for after a fall, with the numbers to call: number, what for, and whose it is."""

    title: str
    thinner: tuple[str, str]
    steps: tuple[FallStep, ...]
    numbers: tuple[tuple[str, str, str], ...]
    lines: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One person's paper, ready to be laid out.

    `first` stand on the first page and `next` are named there, `visit` is to tear off, `steps` are told in full.
    """

    paper: Paper
    number: int
    title: str
    clinic: str
    ring: tuple[str, str]
    day: str
    message: str
    small_print: tuple[str, ...]
    alarms: tuple[Alarm, ...]
    first: tuple[Card, ...]
    next: tuple[Card, ...]
    fall: Fall
    settled: tuple[Card, ...]
    made: tuple[Made, ...]
    explained: tuple[tuple[str, str], ...]
    own_rule: str
    near_title: str
    draft: bool
    clinical: tuple[tuple[str, tuple[str, ...]], ...]
    guides: tuple[Guide, ...]
    visit: tuple[Group, ...] = ()
    steps: tuple[Card, ...] = ()
    later: tuple[Group, ...] = ()
    details: tuple[Card, ...] = ()
    poster: PosterForm = field(default_factory=PosterForm)
    fall_form: FallForm = field(default_factory=FallForm)
    steps_form: StepsForm = field(default_factory=StepsForm)

    @property
    def everything(self) -> bool:
        return self.paper.part == "all"

    @property
    def fall_is_for_anybody(self) -> bool:
        """Whether nothing on the page for after a fall says whose it is: it is laid out once for many people then."""
        return not self._speech.person

    @property
    def elsewhere(self) -> bool:
        """Whether the box of anything to ask stands on the first page."""
        return any(not each.has_box for group in self.visit for each in group.cards)

    @property
    def small_print_on_visit(self) -> bool:
        """Whether the small print stands on the sheet to tear off, where there is room, and not after the steps."""
        return bool(self.visit) and not self.steps_form.tight

    @property
    def visit_is_short(self) -> bool:
        """Whether there is room to prepare for a visit under what is to be asked."""
        return not self.large_print and sum(len(group.cards) for group in self.visit) <= FEW_REQUESTS

    @property
    def next_named(self) -> tuple[Card, ...]:
        """Those that the first page names after the first ones."""
        return self.next[: MOST_NEXT - 1 if self.large_print else MOST_NEXT]

    def lines_beside(self, form: StepsForm) -> int:
        """How many lines of what can wait stand beside each other."""
        usual, tight = {12: (3, 3), 14: (2, 3), 18: (1, 2), 24: (1, 2)}[self.paper.print_points]
        return tight if form.tight else usual

    @property
    def later_lines(self) -> tuple[tuple[Card, str], ...]:
        """Each step that can wait, with the room or part of life it belongs to."""
        return tuple((card, group.title) for group in self.later for card in group.cards)

    @property
    def rules_from(self) -> str:
        """Where the published rules come from, list by list."""
        return " ".join(f"{each.title}: {each.source}." for each in self.made if not each.own_rule)

    @property
    def logo(self) -> str:
        """The clinic's logo as an address, where there is one."""
        return f"{PNG}{self.paper.logo}" if self.paper.logo else ""

    @property
    def large_print(self) -> bool:
        return self.paper.print_points >= LARGE_PRINT_POINTS

    @property
    def short_label(self) -> str:
        """What a clinic calls the person, as it fits under every page."""
        label = self.paper.label or ""
        return label if len(label) <= MOST_OF_LABEL else f"{label[: MOST_OF_LABEL - 1].rstrip()}…"

    @property
    def heed(self) -> str:
        """What heads every page after the first while a warning cannot wait."""
        words = [alarm.word for alarm in self.alarms if not alarm.is_soon]
        if not words:
            return ""
        return self._speech.gettext("%(words)s: see page 1 first", words=self._speech.listed(words))

    @property
    def on_poster(self) -> tuple[Alarm, ...]:
        """The warnings that the first page tells."""
        return tuple(each for each in self.alarms if self.poster.soon or not each.is_soon)

    def some(self, phrases: Sequence[str], most: int, between: str = ", ") -> str:
        """So many of the phrases, and that there are more; nothing where none may stand."""
        more = self._speech.gettext(", and more") if 0 < most < len(phrases) else ""
        return between.join(phrases[:most]) + more

    def because_lines(self, card: Card, most: int) -> str:
        """The answers behind a step, so many of them."""
        if not card.because or not most:
            return ""
        return self._speech.gettext("You told us: %(answers)s.", answers=self.some(card.because, most))

    def is_on_poster(self, card: Card) -> bool:
        """Whether its number, who and by when stand on the first page."""
        return card.id in {each.id for each in self.first[: self.poster.first]}

    def facts(self, card: Card) -> tuple[str, ...]:
        """Who and by when, a line each in narrow columns, unless the first page has said it."""
        facts = () if self.is_on_poster(card) else tuple(filter(None, (card.who, card.by)))
        return (" · ".join(facts),) if self.large_print and facts else facts

    def made_by(self, made: Made, form: StepsForm) -> str:
        """The answers behind a level, as a sentence."""
        findings = self.some(made.findings, form.findings)
        return f"{findings[:1].upper()}{findings[1:]}." if findings else ""

    def why(self, card: Card, form: StepsForm) -> str:
        """The answers behind a step, unless the first page has said them."""
        stands_there = self.poster.becauses and self.is_on_poster(card)
        return "" if stands_there or not card.because else f"{self.some(card.because, form.becauses)}."

    def how(self, card: Card, form: StepsForm) -> tuple[str, ...]:
        """How it is done, less what the first page has said."""
        return card.how[self.poster.hows if self.is_on_poster(card) else 0 : form.hows]

    def rows(self, form: StepsForm) -> tuple[Card, ...]:
        """The steps of which there is more to say than stands on the first page."""
        return tuple(each for each in self.steps if self._has_more(each, form))

    def _has_more(self, card: Card, form: StepsForm) -> bool:
        details = (self.why(card, form), self.how(card, form), card.note, card.photos, card.near)
        return not self.is_on_poster(card) or any(details)

    @property
    def _speech(self) -> Speech:
        return self.paper.words.speech
