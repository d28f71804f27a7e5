"""The one way to a plan's paper, for the page, the command and whoever prints without either. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from checklists.files.definitions import Definitions
from reports.paper.document import plan_html
from reports.paper.plan_paper import Paper, PrintOptions, WayBack
from reports.plan.plan_json import IssuedPlan
from reports.plan.progress import Standing
from reports.words.changes_in_words import ChangesInWords
from reports.words.words import words


@dataclass(frozen=True, kw_only=True)
class PlanToPrint:
    """One person's plan, what was done with it since, and what only a page knows (Paper says more of each)."""

    issued: IssuedPlan
    label: str | None = None
    standings: Mapping[str, Standing] = field(default_factory=dict)
    answered_by: Literal["self", "helper", "unknown"] = "unknown"
    old: str = ""
    changes: ChangesInWords | None = None
    photos: Mapping[str, bytes] = field(default_factory=dict)
    way_back: WayBack | None = None


def compose(definitions: Definitions, plans: Sequence[PlanToPrint], options: PrintOptions) -> str:
    """One HTML document, each person on pages of their own; the same text for the same plans and options.

    `definitions` are those that the plans were made from, in any language.

    :raises ValueError: no plans
    """
    said = words(definitions, options.region, options.language)
    papers = [
        Paper(
            words=said,
            assessment=each.issued.assessment,
            plan=each.issued.plan,
            explanations=each.issued.explanations,
            made_on=each.issued.made_on,
            label=each.label,
            standings=each.standings,
            answered_by=each.answered_by,
            old=each.old,
            changes=each.changes,
            photos=each.photos,
            way_back=each.way_back,
            print_points=options.points,
            clinic=options.clinic,
            for_clinician=options.for_clinician,
            part=options.part,
        )
        for each in plans
    ]
    return plan_html(papers, options.page)
