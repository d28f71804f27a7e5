"""What stands on one person's paper, in the words that are printed: plain values for the templates."""

from dataclasses import dataclass

from reports.paper import Paper

LARGE_PRINT_POINTS = 18


@dataclass(frozen=True, kw_only=True)
class Card:
    """One action in the words that are printed."""

    title: str
    because: tuple[str, ...]
    how: tuple[str, ...]
    why: str
    who: str
    by: str
    cost: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """The warnings of one urgency: each thing to do with the signs that ask for it, then their actions."""

    word: str
    calls: tuple[tuple[str, tuple[str, ...]], ...]
    actions: tuple[Card, ...]
    says: tuple[tuple[str, str], ...]

    def is_told(self, form: "FridgeForm") -> bool:
        """Whether the first page tells it in full, or only that it stands."""
        return form.soon or self.word != "SOON"


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
    sources: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One person's paper, ready to be laid out."""

    paper: Paper
    number: int
    clinic: str
    day: str
    message: str
    alarms: tuple[Alarm, ...]
    first: tuple[Card, ...]
    rooms: tuple[Room, ...]
    later: tuple[Card, ...]
    made: tuple[Made, ...]
    questions: tuple[str, ...]
    levels_shown: bool
    draft: bool
    blood_thinner: bool
    clinical: tuple[tuple[str, tuple[str, ...]], ...]
    form: "FridgeForm"

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
        words = [alarm.word for alarm in self.alarms if alarm.word != "SOON"]
        return f"{' and '.join(words)}: see page 1 first" if words else ""


@dataclass(frozen=True, kw_only=True)
class FridgeForm:
    """What the first page says: so many becauses and hows an action, and how fully it tells the warnings."""

    becauses: int = 99
    hows: int = 1
    alarm_hows: bool = True
    alarm_in_lines: bool = True
    alarm_signs: int = 99
    soon: bool = True
