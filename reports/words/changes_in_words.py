"""What changed between two plans, in the words of page and paper."""

from collections.abc import Mapping
from dataclasses import dataclass

from reports.plan.build import PlannedAction
from reports.plan.changes import Changes, Other, Trend
from reports.plan.progress import Standing
from reports.words.charts import Chart, chart
from reports.words.words import Words


@dataclass(frozen=True, kw_only=True)
class LineInWords:
    """A checklist over time: one sentence, the drawing, and its table."""

    says: str
    chart: Chart


@dataclass(frozen=True, kw_only=True)
class ChangesInWords:
    """Everything that changed, each thing in a few words; nothing of it where nothing did."""

    since: str
    gains: str
    summary: str
    fixed: tuple[str, ...]
    done: tuple[str, ...]
    gone: tuple[str, ...]
    new: tuple[str, ...]
    other: tuple[str, ...]
    steps: tuple[str, ...]
    lines: tuple[LineInWords, ...]


def say_changes(
    words: Words,
    changes: Changes,
    planned: Mapping[str, PlannedAction],
    standings: Mapping[str, Standing],
    *,
    levels: bool,
) -> ChangesInWords:
    """`planned` are the actions of every plan so far; `levels` says whether any may be shown."""
    finding = {fact: question.finding for fact, question in words.definitions.question_of.items()}
    titles = [words.ringing(planned[each].title) for each in changes.done if each in planned]
    return ChangesInWords(
        since=words.day(changes.since),
        gains=" ".join(_gains(words, changes, levels=levels)),
        summary=_summary(words, changes, levels=levels),
        fixed=tuple(finding[each] for each in changes.fixed),
        done=(*titles, *(standings[each].title for each in changes.own_done)),
        gone=tuple(finding[each] for each in changes.gone),
        new=tuple(finding[each] for each in changes.new),
        other=tuple(_other(words, each) for each in changes.other),
        steps=tuple(words.ringing(planned[each].title) for each in changes.steps if each in planned),
        lines=tuple(_line(words, each) for each in changes.lines) if levels else (),
    )


def _other(words: Words, other: Other) -> str:
    name, before, now = (
        words.question_name("", other.fact),
        words.answer_in_words(other.fact, other.before),
        words.answer_in_words(other.fact, other.now),
    )
    return words.speech.gettext("%(name)s: %(before)s then, %(now)s now", name=name, before=before, now=now)


def _gains(words: Words, changes: Changes, *, levels: bool) -> list[str]:
    """What is better: points, things that are fixed, steps that are done."""
    ngettext = words.speech.ngettext
    done = len(changes.done) + len(changes.own_done)
    sentences = []
    for line in changes.lines if levels else ():
        checklist = words.definitions.checklist_of[line.checklist]
        if line.fewer and not checklist.own_rule:
            sentences.append(
                ngettext(
                    "%(num)s point fewer: %(list)s.",
                    "%(num)s points fewer: %(list)s.",
                    line.fewer,
                    list=checklist.short,
                )
            )
    if changes.fixed:
        sentences.append(ngettext("%(num)s thing is fixed.", "%(num)s things are fixed.", len(changes.fixed)))
    if done:
        sentences.append(ngettext("%(num)s step is done.", "%(num)s steps are done.", done))
    return sentences


def _summary(words: Words, changes: Changes, *, levels: bool) -> str:
    """The good news first, in a few short sentences."""
    ngettext = words.speech.ngettext
    sentences = _gains(words, changes, levels=levels)
    if changes.gone:
        sentences.append(
            ngettext("%(num)s answer is no longer so.", "%(num)s answers are no longer so.", len(changes.gone))
        )
    if changes.new:
        sentences.append(ngettext("%(num)s answer is new.", "%(num)s answers are new.", len(changes.new)))
    if changes.is_nothing:
        sentences.append(words.speech.gettext("Nothing that you told us has changed since then."))
    elif not sentences:
        sentences.append(words.speech.gettext("Some answers are others now."))
    return " ".join(sentences)


def _line(words: Words, line: Trend) -> LineInWords:
    _ = words.speech.gettext
    now = words.level(line.now.could_be)
    before = words.level(line.before.could_be) if line.before else ""
    if not before:
        says = _("The level is: %(now)s. You had not answered this list then.", now=now)
    elif before == now:
        says = _("The level is as it was: %(now)s.", now=now)
    else:
        says = _("The level was: %(before)s. Now it is: %(now)s.", before=before, now=now)
    return LineInWords(says=" ".join((*_points(words, line), says)), chart=chart(words, line))


def _points(words: Words, line: Trend) -> list[str]:
    """The points then and now; what is fewer leads."""
    _, ngettext = words.speech.gettext, words.speech.ngettext
    if not line.before or not line.before.score or not line.now.score or line.before.score == line.now.score:
        return []
    then_and_now = {"before": words.points(line.before.score), "now": words.points(line.now.score)}
    if words.definitions.checklist_of[line.checklist].own_rule:
        fewer = ngettext("%(num)s thing fewer to fix.", "%(num)s things fewer to fix.", line.fewer)
        sentence = _("Things then: %(before)s. Things now: %(now)s.", **then_and_now)
    else:
        fewer = ngettext("%(num)s point fewer.", "%(num)s points fewer.", line.fewer)
        sentence = _("Points then: %(before)s. Points now: %(now)s.", **then_and_now)
    return [fewer, sentence] if line.fewer else [sentence]
