"""The headline of a plan: what stands before any level, what the checks show, and how to begin."""

from checklists.rules.assessing import Assessment
from reports.plan.build import ActionPlan
from reports.words.speech import N_
from reports.words.words import Words, level_may_be_shown

_BEGIN_WITH = ("", N_("Start with this step."), N_("Start with these two."), N_("Start with these three."))
_SHOWS = {
    ("falls", ("low",)): N_("Your falls check shows a lower risk."),
    ("falls", ("moderate",)): N_("Your falls check shows a raised risk."),
    ("falls", ("high",)): N_("Your falls check shows a high risk."),
    ("falls", ("moderate", "high")): N_("Your falls check shows a raised or high risk."),
    ("bone", ("low",)): N_("Your bone check shows a lower risk."),
    ("bone", ("moderate",)): N_("Your bone check shows a raised risk."),
    ("bone", ("high",)): N_("Your bone check shows a high risk."),
    ("bone", ("moderate", "high")): N_("Your bone check shows a raised or high risk."),
}
_NEEDS_MORE = {
    "falls": N_("Your falls check needs a few more answers."),
    "bone": N_("Your bone check needs a few more answers."),
    "home": N_("Your home check needs a few more answers."),
    "posture": N_("Your posture check needs a few more answers."),
}
_SOMETHING_TO_FIX = {
    "home": N_("Your home check shows things to fix."),
    "posture": N_("Your posture check shows habits to work on."),
}
_ABOUT_BONES = (
    ("spine-fracture-now", "yes", N_("A new spine fracture needs care first.")),
    ("spine-fracture-now", "unsure", N_("First, have your back checked.")),
    ("known-osteoporosis", "yes", N_("Osteoporosis or an earlier spine fracture comes first.")),
    ("known-osteoporosis", "unsure", N_("First, ask your doctor about osteoporosis.")),
)
"""What a headline begins with where these answers stand."""
_OF_LEVELS = ("falls", "bone")
"""The lists that say something about a person; home and posture are things to fix."""


def headline(words: Words, assessment: Assessment, plan: ActionPlan) -> str:
    """The headline: what stands before any level, then falls and bones, the worse one first, and how to begin.

    It never begins with "lower" while anything else that was answered is not exactly low (contract 10).
    """
    if not level_may_be_shown(assessment):
        return words.help_first()
    lower, others = _levels_said(words, assessment)
    first = _before_levels(words, assessment)
    said = [*first, *others, *(() if first or others else _to_fix(words, assessment)), *lower]
    if said and (missing := _not_taken(words, assessment)):
        said.append(missing)
    if plan.first:
        said.append(words.speech.gettext(_BEGIN_WITH[len(plan.first)]))
    return " ".join(said) or words.say(N_("Nothing to change came up in your answers."))


def _before_levels(words: Words, assessment: Assessment) -> list[str]:
    """A warning, or an answer about the bones that no level tells of."""
    about = assessment.person.about
    told = [words.say(says) for link_id, code, says in _ABOUT_BONES if about.get(link_id) == code][:1]
    if assessment.warnings:
        return [words.speech.gettext(N_("Act on the warning first."))]
    bones = next((each.could_be for each in assessment.checklists if each.id == "bone"), None)
    said_by_level = about.get("spine-fracture-now") != "yes" and bones == ("high",)
    return [] if said_by_level else told


def _levels_said(words: Words, assessment: Assessment) -> tuple[list[str], list[str]]:
    """What falls and bones show: those that are exactly low, and the others, the worse first."""
    taken = [each for each in assessment.checklists if each.id in _OF_LEVELS]
    worse = sorted(taken, key=lambda e: ("low" in e.could_be, "high" not in e.could_be, len(e.could_be)))
    said = [(each, words.say(_SHOWS.get((each.id, each.could_be)) or _NEEDS_MORE[each.id])) for each in worse]
    return (
        [text for each, text in said if each.could_be == ("low",)],
        [text for each, text in said if each.could_be != ("low",)],
    )


def _to_fix(words: Words, assessment: Assessment) -> list[str]:
    """What home and posture show where they are not exactly low."""
    return [
        words.say((_NEEDS_MORE if "low" in each.could_be else _SOMETHING_TO_FIX)[each.id])
        for each in assessment.checklists
        if each.id in _SOMETHING_TO_FIX and each.could_be != ("low",)
    ]


def _not_taken(words: Words, assessment: Assessment) -> str:
    """Names falls or bones, where one of them was not taken."""
    taken = {each.id for each in assessment.checklists}
    names = [words.definitions.checklist_of[each].short for each in _OF_LEVELS if each not in taken]
    if not taken or not names:
        return ""
    return words.speech.gettext("Not done yet: %(lists)s.", lists=words.speech.listed(names))
