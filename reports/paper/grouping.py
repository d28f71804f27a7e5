"""Which step stands where on the paper: on the first page, told in full, to ask on a visit, in a line, or settled."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from reports.paper.compose_card import compose_card
from reports.paper.plan_paper import Paper
from reports.paper.sheet import Card, Group
from reports.plan.next_steps import next_steps
from reports.plan.order import parts_of
from reports.plan.steps import Step
from reports.words.speech import N_

_ASKED = {"doctor": N_("My doctor"), "pharmacist": N_("My pharmacist"), "therapist": N_("A therapist")}
_IN_A_LINE = {"home": N_("At home"), "body": N_("Body"), "bones": N_("Bones"), "posture": N_("Posture")}
"""The part of life, where no room is named; the long names of the page (words.py) would cost a line each here."""
_AT_ONCE = ("warning", "exercise")  # kinds of step that do not wait for a visit


@dataclass(frozen=True, kw_only=True)
class Steps:
    """Every step of a plan as it stands, in the order in which it is read, and its words."""

    paper: Paper
    all: Mapping[str, Step]
    cards: Mapping[str, Card]
    first: tuple[str, ...]

    @property
    def requests(self) -> tuple[str, ...]:
        """What is asked of a doctor, pharmacist or therapist and is still to do."""
        return tuple(name for name, each in self.all.items() if _is_request(each) and each.standing.state == "open")

    @property
    def settled(self) -> tuple[str, ...]:
        return tuple(name for name, each in self.all.items() if each.standing.is_settled)

    def in_full(self, most: int) -> tuple[str, ...]:
        """What is told in full: what cannot wait, the next ones, those of warnings, what else is open."""
        plan = self.paper.plan
        of_warnings = [name for name, each in self.all.items() if each.planned and each.planned.of_warning]
        at_once = [each for each in of_warnings if self.cards[each].is_today]
        named = (*at_once, *self.first, *of_warnings, *(each.id for each in (*plan.first, *plan.next)))
        still_open = [each for each in dict.fromkeys(named) if self.all[each].standing.state == "open"]
        cut = None if plan.help_first else max(most, len(at_once))
        return tuple(sorted(still_open[:cut], key=list(self.all).index))

    def after_first(self, in_full: Iterable[str]) -> Iterator[str]:
        """Of these what follows the first ones; what warnings call for has its own place above them."""
        for name in in_full:
            planned = self.all[name].planned
            if name not in self.first and not (planned and planned.of_warning):
                yield name

    def waiting(self, in_full: Collection[str]) -> tuple[str, ...]:
        """What is neither told in full nor to be asked."""
        elsewhere = {*in_full, *self.requests, *self.settled}
        return tuple(name for name in self.all if name not in elsewhere)

    def here(self, names: Iterable[str], elsewhere: Collection[str] = ()) -> tuple[Card, ...]:
        """These steps in words; those that have their box elsewhere without one."""
        return tuple(replace(self.cards[each], has_box=each not in elsewhere) for each in names)

    def visit(self, boxes_elsewhere: Collection[str]) -> Iterator[Group]:
        """Every request, by whom to ask."""
        if self.paper.plan.help_first:
            return
        for who, title in _ASKED.items():
            names = [each for each in self.requests if _asked_of(self.all[each]) == who]
            if names:
                yield Group(title=self.paper.words.speech.gettext(title), cards=self.here(names, boxes_elsewhere))

    def later(self, in_full: Collection[str]) -> Iterator[Group]:
        """A line each: by room, in the order of the house, what belongs to none after it; one's own come last."""
        words, waiting = self.paper.words, self.waiting(in_full)
        rooms = {each.id: each.title for each in self.paper.definitions.rooms.sections}
        titles = {**rooms, **{name: words.speech.gettext(title) for name, title in _IN_A_LINE.items()}}
        titles[""] = words.speech.gettext("My own steps")
        for place, title in titles.items():
            names = [each for each in waiting if _place(self.all[each], rooms) == place]
            if names:
                yield Group(title=title, cards=self.here(names))


def steps_on(paper: Paper) -> Steps:
    """The steps of a plan as they stand now."""
    parts = parts_of(paper.definitions, paper.assessment, paper.plan, paper.standings)
    steps = {each.id: each for part in parts for each in part.actions}
    first = next_steps(paper.definitions, paper.assessment, paper.plan, paper.standings)
    cards = {name: compose_card(paper, each) for name, each in steps.items()}
    return Steps(paper=paper, all=steps, cards=cards, first=tuple(each.id for each in first))


def _asked_of(step: Step) -> str:
    return step.planned.action.who if step.planned else ""


def _is_request(step: Step) -> bool:
    return bool(step.planned and _asked_of(step) in _ASKED and step.planned.action.kind not in _AT_ONCE)


def _place(step: Step, rooms: Collection[str]) -> str:
    """The room, or the part of life where it belongs to none; nothing for one's own."""
    if step.planned is None:
        return ""
    action = step.planned.action
    return action.room if action.room and action.room in rooms else action.group
