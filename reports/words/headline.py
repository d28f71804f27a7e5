"""The headline of a plan: what stands before any level, what the checks show, and how to begin."""

from checklists.files.grammar import BONE, FALLS
from checklists.files.model import Checklist
from checklists.rules.assessing import Assessment, ChecklistResult
from reports.plan.build import ActionPlan
from reports.words import earlier_headlines as earlier
from reports.words.speech import N_
from reports.words.words import Words, level_may_be_shown

_BEGIN_WITH = ("", N_("Start with this step."), N_("Start with these two."), N_("Start with these three."))
_ABOUT_BONES = (
    ("spine-fracture-now", "yes", N_("A new spine fracture needs care first.")),
    ("spine-fracture-now", "unsure", N_("First, have your back checked.")),
    ("known-osteoporosis", "yes", N_("Osteoporosis or an earlier spine fracture comes first.")),
    ("known-osteoporosis", "unsure", N_("First, ask your doctor about osteoporosis.")),
)
"""What a headline begins with where these answers stand."""


def headline(words: Words, assessment: Assessment, plan: ActionPlan) -> str:
    """The headline: what stands before any level, then the lists with levels, the worse first, and how to begin.

    It never begins with "lower" while anything else that was answered is not exactly low (contract 10).
    """
    if not level_may_be_shown(assessment):
        return words.help_first()
    lower, others = _levels_in_words(words, assessment)
    first = _before_levels(words, assessment)
    wording = [*first, *others, *(() if first or others else _to_fix(words, assessment)), *lower]
    if wording and (missing := _not_taken(words, assessment)):
        wording.append(missing)
    if plan.first:
        wording.append(words.speech.gettext(_BEGIN_WITH[len(plan.first)]))
    return " ".join(wording) or words.say(N_("Nothing to change came up in your answers."))


def _before_levels(words: Words, assessment: Assessment) -> list[str]:
    """A warning, or an answer about the bones that no level tells of."""
    about = assessment.person.about
    sentences = [words.say(says) for link_id, code, says in _ABOUT_BONES if about.get(link_id) == code][:1]
    if assessment.warnings:
        return [words.speech.gettext(N_("Act on the warning first."))]
    bones = next((each.could_be for each in assessment.checklists if each.id == BONE), None)
    shown_by_level = about.get("spine-fracture-now") != "yes" and bones == ("high",)
    return [] if shown_by_level else sentences


def _levels_in_words(words: Words, assessment: Assessment) -> tuple[list[str], list[str]]:
    """What the lists with levels show: those that are exactly low, and the others, the worse first."""
    taken = [each for each in assessment.checklists if not words.definitions.checklist_of[each.id].fixable]
    worse = sorted(taken, key=lambda e: ("low" in e.could_be, "high" not in e.could_be, len(e.could_be)))
    wording = [(each, _of_list(words, each)) for each in worse]
    return (
        [text for each, text in wording if each.could_be == ("low",)],
        [text for each, text in wording if each.could_be != ("low",)],
    )


def _to_fix(words: Words, assessment: Assessment) -> list[str]:
    """What the lists of things to fix show where they are not exactly low."""
    return [
        _of_list(words, each)
        for each in assessment.checklists
        if words.definitions.checklist_of[each.id].fixable and each.could_be != ("low",)
    ]


def _of_list(words: Words, result: ChecklistResult) -> str:
    """What one list shows, in its own words; in those of that time where they were kept without, or by name."""
    checklist = words.definitions.checklist_of[result.id]
    if words.speech.person and checklist.id in earlier.NEEDS_MORE:
        return words.say(_earlier(checklist, result))
    known = checklist.headline_other if words.about_another else checklist.headline
    if known is None:
        return words.say(_earlier(checklist, result))
    if checklist.fixable:
        shows = None if "low" in result.could_be else known.to_fix
    else:
        by_level = {
            ("low",): known.low,
            ("moderate",): known.moderate,
            ("high",): known.high,
            ("moderate", "high"): known.moderate_or_high,
        }
        shows = by_level.get(result.could_be)
    return shows or known.needs_more


def _earlier(checklist: Checklist, result: ChecklistResult) -> str:
    if checklist.fixable:
        return (earlier.NEEDS_MORE if "low" in result.could_be else earlier.TO_FIX)[result.id]
    return earlier.BY_LEVEL.get((result.id, result.could_be)) or earlier.NEEDS_MORE[result.id]


def _not_taken(words: Words, assessment: Assessment) -> str:
    """Names falls or bones, where one of them was not taken."""
    taken = {each.id for each in assessment.checklists}
    names = [words.definitions.checklist_of[each].short for each in (FALLS, BONE) if each not in taken]
    if not taken or not names:
        return ""
    return words.speech.gettext("Not done yet: %(lists)s.", lists=words.speech.listed(names))
