"""Step → Card: one action of a plan in the words that are printed."""

import re
from collections.abc import Iterator
from datetime import date

from checklists.people.phone_numbers import unbroken
from reports.paper.plan_paper import Paper
from reports.paper.sheet import Card, PrintedPhoto
from reports.plan.build import PlannedAction
from reports.plan.steps import Step
from reports.words.services import nearby_for

NO_BREAK = "\u00a0"
_UNIT = re.compile(r"(?<=[0-9]) (?=(cm|kg|mg|mm)\b)")
_WORTH_SAYING = ("medium", "high")  # what costs little needs no line, and what a visit costs depends on cover


def compose_card(paper: Paper, step: Step) -> Card:
    """What paper says of a step."""
    return _of_plan(paper, step, step.planned) if step.planned else _own(paper, step)


def without_break(paper: Paper, text: str) -> str:
    """A text with its numbers filled in, none of them parted from its unit at the end of a line."""
    return _UNIT.sub(NO_BREAK, paper.words.ringing(text))


def _of_plan(paper: Paper, step: Step, planned: PlannedAction) -> Card:
    words, _ = paper.words, paper.words.speech.gettext
    standing, cost = step.standing, planned.action.cost
    costs = cost in _WORTH_SAYING and not standing.is_settled
    return Card(
        id=step.id,
        mark=step.mark,
        title=without_break(paper, step.title),
        who=words.who(step.owner),
        by=_by(paper, step, planned),
        because=words.findings(paper.assessment.person, planned.because, private=True),
        how=tuple(without_break(paper, how) for how in planned.how),
        why=without_break(paper, planned.why),
        cost=_("Cost: %(cost)s.", cost=words.cost(cost)) if costs else "",
        is_today=planned.within_days == 0,
        photos=tuple(_photos(paper, planned)),
        picture=paper.definitions.picture_of.get(planned.picture or ""),
        state=standing.state,
        status=" ".join(filter(None, (words.standing(standing), words.again(standing, paper.made_on)))),
        set=_set(paper, step),
        note=standing.note,
        note_by=words.note_by(standing) or (_("Note:") if standing.note else ""),
        near=tuple(unbroken(each) for each in _near(paper, step, planned)),
    )


def _near(paper: Paper, step: Step, planned: PlannedAction) -> tuple[str, ...]:
    """Whom the clinic names for a step that is still to be done, and waits for nobody."""
    waits = planned.waits or step.standing.is_settled
    return () if waits else nearby_for(planned.action, paper.nearby)


def _set(paper: Paper, step: Step) -> str:
    """Who does it and by when, where somebody chose that."""
    words, _, standing = paper.words, paper.words.speech.gettext, step.standing
    if standing.is_settled:
        return ""
    parts = [_("Who: %(who)s.", who=words.who(standing.who))] if standing.who else []
    parts += [_("By: %(day)s.", day=_day(paper, standing.due))] if standing.due else []
    return " ".join(parts)


def _by(paper: Paper, step: Step, planned: PlannedAction) -> str:
    """By which date; in how many days where the plan has no day to count from; nothing of what is for later."""
    speech, is_set = paper.words.speech, step.standing.due is not None
    if planned.waits and not is_set:
        return paper.words.when_doctor_agrees()
    if planned.within_days == 0 and not (is_set or planned.later):
        return speech.gettext("Today")
    if step.day:
        return speech.gettext("By %(day)s", day=_day(paper, step.day))
    return "" if planned.later else speech.ngettext("Within %(num)s day", "Within %(num)s days", planned.within_days)


def _day(paper: Paper, day: date) -> str:
    """A day that does not part at the end of a line."""
    return paper.words.day(day).replace(" ", NO_BREAK)


def _own(paper: Paper, step: Step) -> Card:
    """What the person added."""
    words, _ = paper.words, paper.words.speech.gettext
    standing = step.standing
    return Card(
        id=step.id,
        mark=step.mark,
        title=step.title,
        who=words.who(step.owner) if step.owner else "",
        by=_("By %(day)s", day=_day(paper, step.day)) if step.day else "",
        state=standing.state,
        status=" ".join(filter(None, (words.added_by(standing), words.standing(standing)))),
        set=_set(paper, step),
        note=standing.note,
        note_by=words.note_by(standing) or (_("Note:") if standing.note else ""),
    )


def _photos(paper: Paper, planned: PlannedAction) -> Iterator[PrintedPhoto]:
    for because in planned.fixes:
        if because.fact in paper.photos:
            name = paper.words.question_name(because.checklist, because.link_id)
            shows = paper.words.speech.gettext("Your photo: %(thing)s", thing=name)
            yield PrintedPhoto(jpeg=paper.photos[because.fact], shows=shows)
