"""A Paper is one plan with its text, language and print size."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from checklists.assessing import Assessment, ChecklistResult
from checklists.defined import Definitions
from checklists.regions import Region
from reports.explaining import Explanation, explain
from reports.plan import ActionPlan

PrintPoints = Literal[12, 14, 18, 24]
PageSize = Literal["letter", "a4"]
Language = Literal["en", "es"]


@dataclass(frozen=True, kw_only=True)
class Paper:
    """Everything that stands on one person's paper; `clinic` is a name and phone number for its head."""

    definitions: Definitions
    assessment: Assessment
    plan: ActionPlan
    region: Region
    made_on: date
    print_points: PrintPoints = 14
    language: Language = "en"
    clinic: str | None = None
    answered_by: Literal["self", "helper", "unknown"] = "unknown"
    for_clinician: bool = False
    explanations: Mapping[str, Explanation] = field(default_factory=dict)

    def explained(self, result: ChecklistResult) -> Explanation:
        """What was kept with the plan, or worked out now for a plan that is made for the paper."""
        kept = self.explanations.get(result.id)
        return kept or explain(self.definitions, self.assessment, result)
