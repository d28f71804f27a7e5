"""A plan as a note to paste into a record: at most 1,500 characters, in the order of a visit note. Pure.

What the person said, what was measured, the levels, the plan; warnings before all of it, and never cut.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Literal

from checklists.rules.assessing import Assessment, ChecklistResult
from reports.plan.build import ActionPlan
from reports.plan.order import parts_of
from reports.plan.progress import Standing
from reports.plan.steps import Step
from reports.words.tool_words import tools_in_words
from reports.words.words import Words, level_may_be_shown

MOST_CHARACTERS = 1_500
_MOST_PHRASES = (99, 12, 8, 6, 4, 3, 2, 1, 0)
"""So many findings and steps stand in each line, fewer and fewer until the whole fits."""


def note(
    words: Words,
    assessment: Assessment,
    plan: ActionPlan,
    made_on: date,
    *,
    standings: Mapping[str, Standing] | None = None,
    answered_by: Literal["self", "helper"] | None = None,
    private: bool = True,
) -> str:
    """The note in the language of `words`. `private` gives a sign that only the person and the clinician may read its
    other name, as in every export; a page that only a clinician sees may name it."""
    writing = _Note(words, assessment, plan, standings or {}, private)
    head = writing.head(made_on, answered_by)
    for most in _MOST_PHRASES:
        text = "\n".join((head, *writing.lines(most)))
        if len(text) <= MOST_CHARACTERS:
            break
    return text


class _Note:
    def __init__(
        self,
        words: Words,
        assessment: Assessment,
        plan: ActionPlan,
        standings: Mapping[str, Standing],
        private: bool,
    ) -> None:
        self._words, self._assessment, self._plan, self._private = words, assessment, plan, private
        self._gettext = words.speech.gettext
        parts = parts_of(words.definitions, assessment, plan, standings)
        self._steps = [step for part in parts for step in part.actions if not step.standing.is_settled]
        self._settled = sum(step.standing.state == "done" for part in parts for step in part.actions)

    def head(self, made_on: date, answered_by: str | None) -> str:
        _, day = self._gettext, self._words.day(made_on)
        if answered_by == "helper":
            return _("Firm Footing, %(day)s. Told by a helper; not a diagnosis.", day=day)
        return _("Firm Footing, %(day)s. Told by the patient; not a diagnosis.", day=day)

    def lines(self, most: int) -> Iterator[str]:
        _ = self._gettext
        yield from self._warnings(with_what_to_do=most > 1)
        for heading, phrases in ((_("The patient says:"), self._findings()), (_("Tools:"), self._tools())):
            if phrases and most:
                yield f"{heading} {self._some(phrases, most)}."
        for each in self._assessment.checklists:
            yield self._level(each)
        yield from self._steps_in_words(most)

    def _warnings(self, *, with_what_to_do: bool) -> Iterator[str]:
        words, names = self._words, defaultdict[str, list[str]](list)
        for each in self._assessment.warnings:
            name, do = words.warning_name(each, private=self._private), words.ringing(each.form.do)
            names[each.urgency].append(f"{name}. {do}" if with_what_to_do else name)
        for urgency, phrases in names.items():
            text = " ".join(phrases) if with_what_to_do else f"{'; '.join(phrases)}."
            yield f"{words.urgency(urgency)}: {text}"

    def _findings(self) -> Sequence[str]:
        """What made the levels, once each, warning signs left out: they stand above."""
        because = [
            each
            for result in self._assessment.checklists
            for each in result.because
            if each.checklist not in ("warning-signs", "measures")
        ]
        return self._words.findings(self._assessment.person, because, private=self._private)

    def _tools(self) -> Sequence[str]:
        """Those that found something; what is not known is told by the answers that are open."""
        found = {name: each for name, each in self._assessment.tools.items() if _is_known(each)}
        return [tools_in_words(self._words, {name: each}) for name, each in found.items()]

    def _level(self, result: ChecklistResult) -> str:
        _, words = self._gettext, self._words
        level = (
            words.level(result.could_be)
            if level_may_be_shown(self._assessment)
            else _("level held back while a sign needs help now")
        )
        score, open_ = words.score(result), len(result.missing)
        title = words.definitions.checklist_of[result.id].title
        of_open = words.speech.ngettext("%(num)s answer open", "%(num)s answers open", open_) if open_ else ""
        parts = [f"{title}: {level}", score, of_open]
        return ", ".join(filter(None, parts)) + "."

    def _steps_in_words(self, most: int) -> Iterator[str]:
        _ = self._gettext
        if self._plan.help_first:
            yield self._words.help_first()
        medical = [each for each in self._steps if each.owner in ("doctor", "pharmacist", "therapist")]
        others = [each for each in self._steps if each not in medical]
        for heading, steps in ((_("Doctor, pharmacist, therapist:"), medical), (_("Other steps:"), others)):
            if steps and most:
                yield f"{heading} {self._some([self._step(each) for each in steps], most)}."
        if self._settled:
            yield _("Steps done so far: %(num)s.", num=self._settled)

    def _step(self, step: Step) -> str:
        title = self._words.title(step).rstrip(".")
        return f"{title} ({self._words.speech.short_day(step.day)})" if step.day else title

    def _some(self, phrases: Sequence[str], most: int) -> str:
        more = self._gettext(", and %(num)s more", num=len(phrases) - most) if len(phrases) > most else ""
        return "; ".join(phrases[:most]) + more


def _is_known(tool: object) -> bool:
    """Whether any part of it says something."""
    parts = tool.values() if isinstance(tool, Mapping) else (tool,)
    return any(each not in (None, (), []) for each in parts)
