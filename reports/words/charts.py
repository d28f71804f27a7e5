"""A checklist over time → the places of a small drawing, in units of its own box; shape and number tell, never color.

The table beside it says the same, for whoever cannot see the drawing or wants the days in full. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from checklists.rules.assessing import CouldBe
from reports.plan.changes import Point, Trend
from reports.words.words import LEVELS, Words

WIDTH, HEIGHT = 360, 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 92, 24, 36, 34
_ALONE = 0.5  # where a single point stands


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One day: a dot, or a bar from `y` to `to` where answers were missing; the number above it, and the day."""

    x: float
    y: float
    to: float
    says: str
    day: str


@dataclass(frozen=True, kw_only=True)
class Chart:
    """The drawing's marks in order, its scale (place and word), and the row of its table for each mark.

    `scored` says whether it shows points; otherwise it shows levels.
    """

    title: str
    scored: bool
    marks: tuple[Mark, ...]
    scale: tuple[tuple[float, str], ...]
    rows: tuple[tuple[str, str], ...]

    @property
    def has_ring(self) -> bool:
        """Whether some answer was not known on one of the days."""
        return any(mark.y != mark.to for mark in self.marks)

    @property
    def path(self) -> str:
        """The line through the marks that are certain, as polyline points."""
        return " ".join(f"{mark.x:g},{mark.y:g}" for mark in self.marks if mark.y == mark.to)


def chart(words: Words, line: Trend) -> Chart:
    """The drawing and the table of one checklist; of one with points, its points, else its level."""
    scored = all(point.score is not None for point in line.points)
    top = max((point.score.of for point in line.points if point.score), default=0) if scored else len(LEVELS) - 1
    days = [words.speech.short_day(point.day) for point in line.points]
    marks = []
    for place, (point, day) in enumerate(zip(line.points, days, strict=True)):
        low, high = _range(point, scored=scored)
        marks.append(
            Mark(
                x=_across(place, len(line.points)),
                y=_up(high, top),
                to=_up(low, top),
                says=_number(low, high) if scored else "",
                day=day,
            )
        )
    scale = [(_up(0, top), "0"), (_up(top, top), str(top))] if scored else _levels(words, top)
    return Chart(
        title=words.definitions.checklist_of[line.checklist].title,
        scored=scored,
        marks=tuple(marks),
        scale=tuple(scale),
        rows=tuple(_row(words, point) for point in line.points),
    )


def _row(words: Words, point: Point) -> tuple[str, str]:
    """The day, and the level with its points where there are any."""
    level = words.level(point.could_be)
    if point.score is None:
        return words.day(point.day), level
    score = words.points(point.score)
    says = words.speech.gettext("%(level)s, %(score)s out of %(of)s", level=level, score=score, of=point.score.of)
    return words.day(point.day), says


def _range(point: Point, *, scored: bool) -> tuple[int, int]:
    if scored and point.score:
        return point.score.low, point.score.high
    places = _places(point.could_be)
    return places[0], places[-1]


def _places(could_be: CouldBe) -> Sequence[int]:
    order = list(LEVELS)
    return [order.index(each) for each in could_be]


def _levels(words: Words, top: int) -> list[tuple[float, str]]:
    return [(_up(place, top), words.level((level,))) for place, level in enumerate(LEVELS)]


def _number(low: int, high: int) -> str:
    return str(low) if low == high else f"{low}–{high}"


def _across(place: int, count: int) -> float:
    share = place / (count - 1) if count > 1 else _ALONE
    return round(_LEFT + 24 + share * (WIDTH - _LEFT - _RIGHT - 48), 1)


def _up(value: int, top: int) -> float:
    return round(HEIGHT - _BOTTOM - (value / top if top else 0) * (HEIGHT - _TOP - _BOTTOM), 1)
