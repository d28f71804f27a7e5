"""What the headline says of a list in content kept before the lists themselves said it; new lists need nothing here."""

from reports.words.speech import N_

BY_LEVEL = {
    ("falls", ("low",)): N_("Your falls check shows a lower risk."),
    ("falls", ("moderate",)): N_("Your falls check shows a raised risk."),
    ("falls", ("high",)): N_("Your falls check shows a high risk."),
    ("falls", ("moderate", "high")): N_("Your falls check shows a raised or high risk."),
    ("bone", ("low",)): N_("Your bone check shows a lower risk."),
    ("bone", ("moderate",)): N_("Your bone check shows a raised risk."),
    ("bone", ("high",)): N_("Your bone check shows a high risk."),
    ("bone", ("moderate", "high")): N_("Your bone check shows a raised or high risk."),
}
NEEDS_MORE = {
    "falls": N_("Your falls check needs a few more answers."),
    "bone": N_("Your bone check needs a few more answers."),
    "home": N_("Your home check needs a few more answers."),
    "posture": N_("Your posture check needs a few more answers."),
}
TO_FIX = {
    "home": N_("Your home check shows things to fix."),
    "posture": N_("Your posture check shows habits to work on."),
}
