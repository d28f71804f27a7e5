"""What a batch of paper is to hold ⇄ plain JSON, as it waits in the print queue; and how many go into one file."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Literal, cast

from reports.paper.pages import MOST_PAGES as MOST_PAGES_OF_A_PLAN
from reports.paper.plan_paper import PrintOptions
from reports.words.services import Nearby

Json = Mapping[str, Any]
Kind = Literal["pdf", "zip"]
MOST_PAGES = 360
"""In one file, as reckoned below: what a worker can lay out in the memory that it may use."""
_BLANK_PAGES = 16


@dataclass(frozen=True, kw_only=True)
class PersonToPrint:
    """One person of a batch: a plan as it was issued (reports/plan/plan_json.py) with the hash of its words, blank
    lists to fill in, or both.

    `row` is where the person stands in the list or the table, `label` what the clinic calls them. One who is to be
    spoken with first has no paper in the batch unless it is asked for.
    """

    row: int
    label: str
    options: PrintOptions
    plan: Json | None = None
    content_hash: str = ""
    ticks: tuple[Json, ...] = ()
    answered_by: Literal["self", "helper", "unknown"] = "unknown"
    old: str = ""
    blank: tuple[str, ...] = ()
    speak_first: bool = False

    @property
    def pages(self) -> int:
        """How many pages it takes at most, reckoned."""
        plan = MOST_PAGES_OF_A_PLAN[self.options.points] * (2 if self.options.part == "all" else 1) if self.plan else 0
        return (1 if plan and self.options.part == "first" else plan) + (_BLANK_PAGES if self.blank else 0)


@dataclass(frozen=True, kw_only=True)
class Missing:
    """Somebody who gets no paper, and why, in the words of the cover list."""

    row: int
    label: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Order:
    """One file: its people in the order of the list, how its cover list is printed, and of how many it is which part.

    `start` is the address that stands on blank sheets.
    """

    kind: Kind
    options: PrintOptions
    entries: tuple[PersonToPrint, ...]
    missing: tuple[Missing, ...] = ()
    title: str = ""
    with_urgent: bool = False
    start: str = ""
    part: int = 1
    parts: int = 1

    @property
    def printed(self) -> tuple[PersonToPrint, ...]:
        """Those whose paper is made."""
        return tuple(each for each in self.entries if not self.holds_back(each))

    @property
    def held_back(self) -> tuple[PersonToPrint, ...]:
        """Those who are to be spoken with first."""
        return tuple(each for each in self.entries if self.holds_back(each))

    def holds_back(self, entry: PersonToPrint) -> bool:
        """Whether somebody is to be spoken with before their paper is made."""
        return entry.speak_first and not self.with_urgent


def in_parts(order: Order) -> tuple[Order, ...]:
    """The order as files that a worker can make, each as full as it may be; nobody's paper is divided."""
    groups = list(_groups(order.entries)) or [()]
    return tuple(
        replace(
            order,
            entries=group,
            missing=order.missing if number == len(groups) else (),
            part=number,
            parts=len(groups),
        )
        for number, group in enumerate(groups, start=1)
    )


def _groups(entries: Sequence[PersonToPrint]) -> Iterator[tuple[PersonToPrint, ...]]:
    group: list[PersonToPrint] = []
    for each in entries:
        if group and sum(one.pages for one in group) + each.pages > MOST_PAGES:
            yield tuple(group)
            group = []
        group.append(each)
    if group:
        yield tuple(group)


def to_json(order: Order) -> dict[str, Any]:
    """The order as it waits. Of who is to be spoken with first it holds no plan: none is printed."""
    waits = [replace(each, plan=None, ticks=()) if order.holds_back(each) else each for each in order.entries]
    return {
        **_simple(order, "options", "entries", "missing"),
        "options": _options_to(order.options),
        "entries": [{**_simple(each, "options"), "options": _options_to(each.options)} for each in waits],
        "missing": [asdict(each) for each in order.missing],
    }


def from_json(data: Json) -> Order:
    """The same order again."""
    return Order(
        **{
            **data,
            "options": _options_from(data["options"]),
            "entries": tuple(_entry_from(each) for each in data["entries"]),
            "missing": tuple(Missing(**each) for each in data["missing"]),
        }
    )


def _simple(value: Any, *left_out: str) -> dict[str, Any]:
    found = {name: each for name, each in vars(value).items() if name not in left_out}
    return {name: list(each) if isinstance(each, tuple) else each for name, each in found.items()}


def _entry_from(data: Json) -> PersonToPrint:
    lists = {name: tuple(cast(Iterable[Any], data[name])) for name in ("ticks", "blank")}
    return PersonToPrint(**{**data, **lists, "options": _options_from(data["options"])})


def _options_to(options: PrintOptions) -> dict[str, Any]:
    return {**vars(options), "printed_on": options.printed_on.isoformat() if options.printed_on else None}


def _options_from(data: Json) -> PrintOptions:
    on, nearby = data["printed_on"], tuple(Nearby(name, how, tuple(serves)) for name, how, serves in data["nearby"])
    lists = {"nearby": nearby, "reviewers": tuple(data.get("reviewers", ()))}  # an earlier release had none
    return PrintOptions(**{**data, **lists, "printed_on": date.fromisoformat(on) if on else None})
