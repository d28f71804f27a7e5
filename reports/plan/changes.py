"""Plans of one person, the first first → what changed between two of them, and each checklist over time. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from checklists.files.definitions import Definitions
from checklists.rules.assessing import CouldBe, Score
from checklists.rules.person import AnswerValue, Person
from reports.plan.build import PlannedAction
from reports.plan.plan_json import IssuedPlan
from reports.plan.progress import Standing, own_actions

MOST_POINTS = 5


@dataclass(frozen=True, kw_only=True)
class Point:
    """What one checklist said on one day."""

    day: date
    could_be: CouldBe
    score: Score | None


@dataclass(frozen=True, kw_only=True)
class Trend:
    """One checklist over time, the first day first: at most five days, the earliest and the newest among them.

    `before` is what it said on the day that is compared with, None where it was not taken then. `fewer` are the points
    less than then, as far as both days' answers are known.
    """

    checklist: str
    before: Point | None
    points: tuple[Point, ...]
    fewer: int = 0

    @property
    def now(self) -> Point:
        return self.points[-1]

    @property
    def moved(self) -> bool:
        """Whether level or score are not what they were."""
        before = self.before
        return before is None or (before.could_be, before.score) != (self.now.could_be, self.now.score)


@dataclass(frozen=True, kw_only=True)
class Other:
    """A number or a choice that is another one now."""

    fact: str
    before: AnswerValue
    now: AnswerValue


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What is not as it was on the day `since`: facts (home.floors-loose-rugs), ids of actions done, and the lines.

    `fixed` were something to fix and are not any more, `gone` are other answers that were yes; `new` are yes now and
    were not before. An answer that is not known any more is in neither. `other` are numbers and choices that were known
    before and are others now; `steps` are the actions that came into the plan.
    """

    since: date
    fixed: tuple[str, ...]
    gone: tuple[str, ...]
    new: tuple[str, ...]
    other: tuple[Other, ...]
    steps: tuple[str, ...]
    done: tuple[str, ...]
    own_done: tuple[str, ...]
    lines: tuple[Trend, ...]

    @property
    def is_nothing(self) -> bool:
        """Whether all is as it was."""
        everything = (*self.fixed, *self.gone, *self.new, *self.other, *self.steps, *self.done, *self.own_done)
        return not everything and not any(line.moved for line in self.lines)


def newest_of_each_day(plans: Sequence[IssuedPlan]) -> tuple[IssuedPlan, ...]:
    """The last plan of every day on which there was one."""
    return tuple({each.made_on: each for each in plans}.values())


def changes(
    definitions: Definitions, before: IssuedPlan, plans: Sequence[IssuedPlan], standings: Mapping[str, Standing]
) -> Changes:
    """What changed from `before` to the last of `plans`, all of one person; `before` is one of them.

    Habits that are good to have (calcium every day) and questions that `definitions` no longer ask are left out.
    """
    after = plans[-1]
    was, now = (_answered_yes(definitions, each.assessment.person) for each in (before, after))
    over = [fact for fact in was if fact not in now and _is_over(after.assessment.person, fact)]
    done = [name for name, each in standings.items() if each.state == "done" and each.on and each.on >= before.made_on]
    own = own_actions(standings)
    return Changes(
        since=before.made_on,
        fixed=tuple(each for each in over if _is_fixable(definitions, each)),
        gone=tuple(each for each in over if not _is_fixable(definitions, each)),
        new=tuple(each for each in now if each not in was and _was_asked(before.assessment.person, each)),
        other=tuple(_others(definitions, before.assessment.person, after.assessment.person)),
        steps=tuple(each.id for each in after.plan.actions if each.id not in {old.id for old in before.plan.actions}),
        done=tuple(each for each in done if each not in own),
        own_done=tuple(each for each in done if each in own),
        lines=tuple(_lines(definitions, before, plans)),
    )


def _lines(definitions: Definitions, before: IssuedPlan, plans: Sequence[IssuedPlan]) -> Iterator[Trend]:
    """Each checklist of the last plan, over the days on which it was taken."""
    for result in plans[-1].assessment.checklists:
        points = [point for each in newest_of_each_day(plans) if (point := _find_point(each, result.id))]
        was = _find_point(before, result.id)
        fewer = _fewer(definitions, result.id, before.assessment.person, plans[-1].assessment.person)
        yield Trend(checklist=result.id, before=was, points=_few(points), fewer=fewer if was and was.score else 0)


def _fewer(definitions: Definitions, checklist: str, before: Person, now: Person) -> int:
    """The points of what is known to be over, less those of what is new or is not known to be no any more."""
    found = 0
    for fact, question in definitions.asked.get(checklist, ()):
        if before.answer(fact) == "yes" and _is_over(now, fact):
            found += question.score
        elif before.answer(fact) != "yes" and (
            now.answer(fact) == "yes" or not _is_at_least_as_known(before, now, fact)
        ):
            found -= question.score
    return max(found, 0)


def _is_at_least_as_known(before: Person, now: Person, fact: str) -> bool:
    return known(now.answer(fact)) or not known(before.answer(fact))


def planned_before(plans: Sequence[IssuedPlan]) -> dict[str, PlannedAction]:
    """Every action that any of these plans held, as the newest of them says it."""
    return {each.id: each for issued in plans for each in issued.plan.actions}


def _few(points: list[Point]) -> tuple[Point, ...]:
    return tuple(points if len(points) <= MOST_POINTS else [points[0], *points[1 - MOST_POINTS :]])


def _find_point(issued: IssuedPlan, checklist: str) -> Point | None:
    found = next((each for each in issued.assessment.checklists if each.id == checklist), None)
    return Point(day=issued.made_on, could_be=found.could_be, score=found.score) if found else None


def _answered_yes(definitions: Definitions, person: Person) -> list[str]:
    """Every fact answered yes, in the order of the lists."""
    questions = definitions.question_of.items()
    return [fact for fact, question in questions if not question.habit and person.answer(fact) == "yes"]


def _others(definitions: Definitions, before: Person, after: Person) -> Iterator[Other]:
    for fact, question in definitions.question_of.items():
        was, now = before.answer(fact), after.answer(fact)
        if question.answers not in ("yes-no", "hazard") and known(was) and known(now) and was != now:
            assert was is not None
            assert now is not None
            yield Other(fact=fact, before=was, now=now)


def known(answer: AnswerValue | None) -> bool:
    """Whether an answer says anything."""
    return answer is not None and answer != "unsure"


def _is_over(person: Person, fact: str) -> bool:
    """Whether a fact that was yes is known to be so no more."""
    return person.answer(fact) in ("no", "not-here")


def _was_asked(person: Person, fact: str) -> bool:
    """Whether a fact was answered otherwise: what nobody had asked yet is not new."""
    return person.answer(fact) in ("no", "not-here", "unsure")


def _is_fixable(definitions: Definitions, fact: str) -> bool:
    """Whether a yes to it is something to fix."""
    checklist = definitions.checklist_of.get(fact.partition(".")[0])
    return checklist is not None and checklist.fixable
