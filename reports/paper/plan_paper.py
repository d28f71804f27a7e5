"""A Paper is one plan with its text, language and print size."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal
from urllib.parse import urlsplit

from checklists.files.definitions import Definitions
from checklists.people.units import PageSize, PrintPoints
from checklists.rules.assessing import Assessment, ChecklistResult
from reports.plan.build import ActionPlan
from reports.plan.explaining import Explanation, explain
from reports.plan.progress import Standing
from reports.words.changes_in_words import ChangesInWords
from reports.words.services import Nearby
from reports.words.words import Words

Part = Literal["first", "plan", "all"]
"""How much is printed: the first page alone, the plan, or with it what lies behind it."""
CLINIC_CHARACTERS = 120


@dataclass(frozen=True, kw_only=True)
class PrintOptions:
    """How paper is to be printed, whoever asks for it: a page, a command or a worker without either.

    `clinic` is a name and phone number for the head, `logo` a PNG in base64 beside them, `color` lines them, and
    `nearby` are those whom the clinic names beside steps. `reviewers` have reviewed all words of it for the clinic.
    """

    region: str
    language: str
    page: PageSize = "letter"
    points: PrintPoints = 14
    part: Part = "plan"
    for_clinician: bool = False
    clinic: str | None = None
    logo: str = ""
    color: str = ""
    nearby: tuple[Nearby, ...] = ()
    reviewers: tuple[str, ...] = ()
    printed_by: str = ""
    printed_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class WayBack:
    """How a plan is opened again: a link as an address, and a code with the address where it is typed."""

    link: str
    code_page: str
    code: str

    @property
    def only_here(self) -> bool:
        """Whether no phone can follow it: it is made on the page of an address that only one computer knows."""
        return is_loopback(self.code_page)


def is_loopback(address: str) -> bool:
    """Whether an address leads nowhere but to the computer on which it is opened."""
    host = urlsplit(address).hostname or ""
    return host == "localhost" or host.startswith("127.")


@dataclass(frozen=True, kw_only=True)
class Paper:
    """Everything that stands on one person's paper, in the language of its `words`, the plan's own texts too.

    `label` is what a clinic calls the person, and `clinic` a name and phone number for the head, both in plain text
    (checklists/people/plain_text.py); `logo`, `color` and `nearby` are as in PrintOptions;
    `photos` are JPEGs by the fact that they show (home.loose-rug);
    `standings` say by action what was done since, and `changes` what changed since an earlier plan.
    `printed_by` and `printed_on` are of staff who print for many.
    `old` tells which answers were not asked again, and `part` how much of the plan is printed;
    `page` is its size, where that is not the document's.
    """

    words: Words
    assessment: Assessment
    plan: ActionPlan
    made_on: date
    page: PageSize | None = None
    print_points: PrintPoints = 14
    label: str | None = None
    clinic: str | None = None
    logo: str = ""
    color: str = ""
    nearby: tuple[Nearby, ...] = ()
    answered_by: Literal["self", "helper", "unknown"] = "unknown"
    for_clinician: bool = False
    printed_by: str = ""
    printed_on: date | None = None
    explanations: Mapping[str, Explanation] = field(default_factory=dict)
    photos: Mapping[str, bytes] = field(default_factory=dict)
    way_back: WayBack | None = None
    standings: Mapping[str, Standing] = field(default_factory=dict)
    changes: ChangesInWords | None = None
    old: str = ""
    part: Part = "plan"

    def explained(self, result: ChecklistResult) -> Explanation:
        """What was kept with the plan, or worked out now for a plan that is made for the paper."""
        stored = self.explanations.get(result.id)
        return stored or explain(self.definitions, self.assessment, result)

    @property
    def definitions(self) -> Definitions:
        return self.words.definitions

    @property
    def language(self) -> str:
        return self.words.speech.language
