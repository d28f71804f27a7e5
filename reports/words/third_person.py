"""What is said to somebody a plan is shared with: about another person, by the sentence that says "you"."""

from reports.words.speech import N_

OF_ANOTHER = {
    "You": N_("The person this plan is for"),
    "You, family or a friend": N_("Family or a friend"),
    "Your pharmacist": N_("Their pharmacist"),
    "Your doctor": N_("Their doctor"),
    "When your doctor says yes": N_("When their doctor says yes"),
    "My body": N_("Their body"),
    "My bones and medicines": N_("Their bones and medicines"),
    "My posture and chair": N_("Their posture and chair"),
    "Your falls check shows a lower risk.": N_("The falls check shows a lower risk."),
    "Your falls check shows a raised risk.": N_("The falls check shows a raised risk."),
    "Your falls check shows a high risk.": N_("The falls check shows a high risk."),
    "Your falls check shows a raised or high risk.": N_("The falls check shows a raised or high risk."),
    "Your bone check shows a lower risk.": N_("The bone check shows a lower risk."),
    "Your bone check shows a raised risk.": N_("The bone check shows a raised risk."),
    "Your bone check shows a high risk.": N_("The bone check shows a high risk."),
    "Your bone check shows a raised or high risk.": N_("The bone check shows a raised or high risk."),
    "Your falls check needs a few more answers.": N_("The falls check needs a few more answers."),
    "Your bone check needs a few more answers.": N_("The bone check needs a few more answers."),
    "Your home check needs a few more answers.": N_("The home check needs a few more answers."),
    "Your posture check needs a few more answers.": N_("The posture check needs a few more answers."),
    "Your home check shows things to fix.": N_("The home check shows things to fix."),
    "Your posture check shows habits to work on.": N_("The posture check shows habits to work on."),
    "First, have your back checked.": N_("First, the back needs a check."),
    "First, ask your doctor about osteoporosis.": N_("First, their doctor needs to be asked about osteoporosis."),
    "First, get help. All other steps wait until a doctor has seen you.": N_(
        "First, get help. All other steps wait until a doctor has seen this person."
    ),
    "Nothing to change came up in your answers.": N_("Nothing to change came up in the answers."),
    "Not for me: why? You may leave this empty.": N_("Not for this person: why? You may leave this empty."),
    "Something of your own to do": N_("Add a step to this plan"),
    "What will you do?": N_("What is to be done?"),
    "Write what you will do, like Call the landlord.": N_("Write what is to be done, like Call the landlord."),
    "Not for me": N_("Not for this person"),
    "Not for me.": N_("Not for this person."),
    "Not for me: %(reason)s": N_("Not for this person: %(reason)s"),
}
