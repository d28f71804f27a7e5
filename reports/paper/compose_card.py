"""Step → Card: one action of a plan in the words that are printed."""

import re
from collections.abc import Iterator
from datetime import date

from reports.paper.plan_paper import Paper
from reports.paper.sheet import Card, Photo
from reports.plan.build import PlannedAction
from reports.plan.steps import Step

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
        mark=step.mark,
        title=without_break(paper, step.title),
        because=words.findings(paper.assessment.person, planned.because, private=True),
        how=tuple(without_break(paper, how) for how in planned.how),
        why=without_break(paper, planned.why),
        facts=_facts(paper, step, planned),
        cost=_("Cost: %(cost)s.", cost=words.cost(cost)) if costs else "",
        is_today=planned.within_days == 0,
        photos=tuple(_photos(paper, planned)),
        picture=paper.definitions.picture_of.get(planned.picture or ""),
        state=standing.state,
        note=standing.note,
        note_by=words.note_by(standing),
    )


def _facts(paper: Paper, step: Step, planned: PlannedAction) -> str:
    """Who and by when; of what is settled, only that it is."""
    words, _ = paper.words, paper.words.speech.gettext
    standing, said = step.standing, words.standing(step.standing)
    if standing.is_settled:
        return " ".join(filter(None, (said, words.again(standing, paper.made_on))))
    who, day = words.who(step.owner), _by(paper, step, planned)
    facts = _("Who: %(who)s. By: %(day)s.", who=who, day=day) if day else _("Who: %(who)s.", who=who)
    return " ".join(filter(None, (said, facts)))


def _by(paper: Paper, step: Step, planned: PlannedAction) -> str:
    """A date; a number of days where the plan has no day to count from; nothing of what is for later."""
    speech, is_set = paper.words.speech, step.standing.due is not None
    if planned.waits and not is_set:
        return paper.words.when_doctor_agrees()
    if planned.within_days == 0 and not (is_set or planned.later):
        return speech.gettext("Today")
    if step.day:
        return _day(paper, step.day)
    return "" if planned.later else speech.ngettext("Within %(num)s day", "Within %(num)s days", planned.within_days)


def _day(paper: Paper, day: date) -> str:
    """A day that does not part at the end of a line."""
    return paper.words.day(day).replace(" ", NO_BREAK)


def _own(paper: Paper, step: Step) -> Card:
    """What the person added."""
    words, _ = paper.words, paper.words.speech.gettext
    standing = step.standing
    said = [words.added_by(standing), words.standing(standing)]
    if not standing.is_settled:
        said += [_("Who: %(who)s.", who=words.who(step.owner))] if step.owner else []
        said += [_("By: %(day)s.", day=_day(paper, step.day))] if step.day else []
    return Card(
        mark=step.mark,
        title=step.title,
        because=(),
        how=(),
        why="",
        facts=" ".join(filter(None, said)),
        cost="",
        is_today=False,
        state=standing.state,
        note=standing.note,
        note_by=words.note_by(standing),
    )


def _photos(paper: Paper, planned: PlannedAction) -> Iterator[Photo]:
    for because in planned.fixes:
        if because.fact in paper.photos:
            name = paper.words.question_name(because.checklist, because.link_id)
            shows = paper.words.speech.gettext("Your photo: %(thing)s", thing=name)
            yield Photo(jpeg=paper.photos[because.fact], shows=shows)
