"""What is said of a person by the name that a helper gave them, by the sentence that says "you", "my" or nobody's name.

Steps, and what to do after a fall, still speak to the person, whose paper they stand on; page and paper say so.
"""

from dataclasses import dataclass, fields, replace
from typing import Any

from reports.words.speech import N_, Speech
from reports.words.words import Words

OF_NAMED = {
    # plan, results and the way there
    "My plan": N_("%(person)s’s plan"),
    "Your plan": N_("%(person)s’s plan"),
    "Who looked at my plan": N_("Who looked at %(person)s’s plan"),
    "See my plan": N_("See %(person)s’s plan"),
    "See your plan": N_("See %(person)s’s plan"),
    "See my plan with the new answers": N_("See %(person)s’s plan with the new answers"),
    "See my plan without being asked again": N_("See %(person)s’s plan without being asked again"),
    "Give your answers to %(clinic)s": N_("Give the answers about %(person)s to %(clinic)s"),
    "%(clinic)s sees your answers": N_("%(clinic)s sees the answers about %(person)s"),
    "Give my answers": N_("Give the answers about %(person)s"),
    "Your plans so far": N_("%(person)s’s plans so far"),
    "Your results": N_("%(person)s’s results"),
    "Your checklists": N_("%(person)s’s checklists"),
    "Choose a checklist": N_("%(person)s’s checklists"),
    "Your answers: %(title)s": N_("The answers about %(person)s: %(title)s"),
    "Change your answers about you": N_("Change the answers about %(person)s"),
    "Change your warning signs of today": N_("Change %(person)s’s warning signs of today"),
    "Your answers have changed since then.": N_("The answers about %(person)s have changed since then."),
    "Made on %(day)s from your answers.": N_("Made on %(day)s from the answers about %(person)s."),
    "We put your answers together now. Each level comes from published rules. Each answer’s part is shown.": N_(
        "We put the answers about %(person)s together now. Each level comes from published rules. "
        "Each answer’s part is shown."
    ),
    "Answers that are missing count as not known. You can add them later and see your plan again.": N_(
        "Answers that are missing count as not known. You can add them later and see the plan again."
    ),
    "Take them in any order. Each one may be left out. Your answers are saved.": N_(
        "Take them in any order. Each one may be left out. The answers are saved."
    ),
    "Walk through your home": N_("Walk through %(person)s’s home"),
    "Walk through their home": N_("Walk through %(person)s’s home"),
    "Back to your plan": N_("Back to the plan"),
    "Back to your results": N_("Back to the results"),
    "Back to your answers": N_("Back to the answers"),
    "Because you told us:": N_("Because of these answers:"),
    "Because you told us: %(answers)s.": N_("Because of these answers: %(answers)s."),
    "About your warning signs": N_("About %(person)s’s warning signs"),
    "What you told us": N_("What you told us about %(person)s"),
    "My own steps": N_("Steps that were added"),
    "Add something of your own": N_("Add a step to this plan"),
    "Well done. Your first step is taken.": N_("Well done. The first step is taken."),
    "Well done. Your step is taken.": N_("Well done. The step is taken."),
    "Nothing that you told us has changed since then.": N_("No answer about %(person)s has changed since then."),
    "The level is: %(now)s. You had not answered this list then.": N_(
        "The level is: %(now)s. This list had no answers then."
    ),
    "This plan was made with version %(version)s of our questions. They have changed since then. "
    "Your plan stays as it was given.": N_(
        "This plan was made with version %(version)s of our questions. They have changed since then. "
        "The plan stays as it was given."
    ),
    "Print your photos too?": N_("Print the photos too?"),
    "What changed, and your plans so far": N_("What changed, and the plans so far"),
    "Add a page for your doctor?": N_("Add a page for the doctor?"),
    "Ask your doctor or pharmacist before you change anything about your medicines.": N_(
        "Ask their doctor or pharmacist before anything about medicines is changed."
    ),
    "Your photo: %(thing)s": N_("The photo: %(thing)s"),
    "This is about the person the plan is for. Make sure that they get help.": N_(
        "This is about %(person)s. Make sure that they get help."
    ),
    'The steps speak to the person this plan is for. "You" and "your" mean that person.': N_(
        'The steps speak to %(person)s. "You" and "your" mean %(person)s.'
    ),
    "What do they call you, like Mom? You may leave this empty.": N_(
        "Whose plan is it, like Mom? You may leave this empty."
    ),
    # the headline
    "The falls check shows a lower risk.": N_("%(person)s’s falls check shows a lower risk."),
    "The falls check shows a raised risk.": N_("%(person)s’s falls check shows a raised risk."),
    "The falls check shows a high risk.": N_("%(person)s’s falls check shows a high risk."),
    "The falls check shows a raised or high risk.": N_("%(person)s’s falls check shows a raised or high risk."),
    "The bone check shows a lower risk.": N_("%(person)s’s bone check shows a lower risk."),
    "The bone check shows a raised risk.": N_("%(person)s’s bone check shows a raised risk."),
    "The bone check shows a high risk.": N_("%(person)s’s bone check shows a high risk."),
    "The bone check shows a raised or high risk.": N_("%(person)s’s bone check shows a raised or high risk."),
    "The falls check needs a few more answers.": N_("%(person)s’s falls check needs a few more answers."),
    "The bone check needs a few more answers.": N_("%(person)s’s bone check needs a few more answers."),
    "The home check needs a few more answers.": N_("%(person)s’s home check needs a few more answers."),
    "The posture check needs a few more answers.": N_("%(person)s’s posture check needs a few more answers."),
    "The home check shows things to fix.": N_("%(person)s’s home check shows things to fix."),
    "The posture check shows habits to work on.": N_("%(person)s’s posture check shows habits to work on."),
    # who, and what else words.say has already turned to another person
    "The person this plan is for": N_("%(person)s"),
    "Family or a friend": N_("%(person)s, family or a friend"),
    "Their body": N_("%(person)s’s body"),
    "Their bones and medicines": N_("%(person)s’s bones and medicines"),
    "Their posture and chair": N_("%(person)s’s posture and chair"),
    "First, get help. All other steps wait until a doctor has seen this person.": N_(
        "First, get help. All other steps wait until a doctor has seen %(person)s."
    ),
    "Nothing to change came up in the answers.": N_("Nothing to change came up in the answers about %(person)s."),
    "Not for this person: why? You may leave this empty.": N_("Not for %(person)s: why? You may leave this empty."),
    "Not for this person": N_("Not for %(person)s"),
    "Not for this person.": N_("Not for %(person)s."),
    "Not for this person: %(reason)s": N_("Not for %(person)s: %(reason)s"),
    # paper
    "Your plan to stay steady and keep strong bones": N_("%(person)s’s plan to stay steady and keep strong bones"),
    "This plan is not a diagnosis. Ask your doctor or pharmacist before you change anything.": N_(
        "This plan is not a diagnosis. Ask the doctor or pharmacist before anything is changed."
    ),
    "You told us that you take, or may take, a blood thinner.": N_("%(person)s takes, or may take, a blood thinner."),
    "Your plan to stay steady": N_("%(person)s’s plan to stay steady"),
    "You take, or may take, a blood thinner.": N_("%(person)s takes, or may take, a blood thinner."),
    "My doctor": N_("Doctor"),
    "My pharmacist": N_("Pharmacist"),
    "You told us: %(answers)s.": N_("From the answers: %(answers)s."),
    "Everything, with a page for my doctor": N_("Everything, with a page for the doctor"),
    "Not a diagnosis. Ask your doctor or pharmacist before you change anything.": N_(
        "Not a diagnosis. Ask the doctor or pharmacist before anything is changed."
    ),
    "Your steps": N_("%(person)s’s steps"),
    "Your levels": N_("%(person)s’s levels"),
    "For my visit": N_("For the visit"),
    "Bring all your medicines in a bag, and your glasses.": N_("Bring all the medicines in a bag, and the glasses."),
    "My medicines, with those from the store": N_("Medicines, with those from the store"),
    "Your clinic:": N_("Clinic:"),
    "My doctor:": N_("Doctor:"),
    "My pharmacist:": N_("Pharmacist:"),
    "Questions for my doctor or pharmacist": N_("Questions for the doctor or pharmacist"),
    "From my plan:": N_("From the plan:"),
    "How your result was made": N_("How %(person)s’s result was made"),
    "First, get help. Your levels can wait until then, so they are left out here.": N_(
        "First, get help. The levels can wait until then, so they are left out here."
    ),
    "More about your first step": N_("More about the first step"),
    "More about your first %(num)s": N_("More about the first %(num)s"),
    "Whoever has one of these can see and change your answers.": N_(
        "Whoever has one of these can see and change the answers."
    ),
}


@dataclass(frozen=True, kw_only=True)
class _SpeechOfNamed(Speech):
    """A speech that says each of these sentences of a person by name."""

    def gettext(self, message: str, /, **values: Any) -> str:
        if message in OF_NAMED:
            return super().gettext(OF_NAMED[message], **{**values, "person": self.person})
        return super().gettext(message, **values)

    def ngettext(self, singular: str, plural: str, number: int, /, **values: Any) -> str:
        message = singular if number == 1 else plural
        if message in OF_NAMED:
            return self.gettext(message, **{**values, "num": number})
        return super().ngettext(singular, plural, number, **values)


def of_named(words: Words, person: str) -> Words:
    """The same words, of a person by name; as they were where no name was given."""
    if not person:
        return words
    spoken = {each.name: getattr(words.speech, each.name) for each in fields(Speech)}
    return replace(words, speech=_SpeechOfNamed(**{**spoken, "person": person}))
