"""A plan → what to buy for it: each thing, where it goes, and about what it costs. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from reports.plan.build import PlannedAction
from reports.plan.steps import Step
from reports.words.words import Words


@dataclass(frozen=True, kw_only=True)
class Thing:
    """One thing to buy for the step with this mark; `where` is empty outside a home, `cost` where it may be nothing."""

    mark: str
    what: str
    where: str
    cost: str


def things(words: Words, steps: Iterable[Step]) -> tuple[Thing, ...]:
    """What every step that is still open needs, in the order of the plan."""
    return tuple(
        Thing(
            mark=each.mark,
            what=words.ringing(what),
            where=_where(words, each.planned),
            cost="" if each.planned.action.cost == "free" else words.cost(each.planned.action.cost),
        )
        for each in steps
        if each.planned and not each.standing.is_settled
        for what in each.planned.action.buy
    )


def _where(words: Words, planned: PlannedAction) -> str:
    """The rooms in which something calls for it, else the room of the action; nothing where it goes nowhere."""
    home = words.definitions.rooms
    called = {because.link_id for because in planned.because if because.checklist == home.id}
    rooms = [section.title for section in home.sections if called & {each.link_id for each in section.questions}]
    own = [section.title for section in home.sections if section.id == planned.action.room]
    return ", ".join(rooms or own)
