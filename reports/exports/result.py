"""Assessment and ActionPlan → the JSON result of one person, for scripts and for a clinic's import."""

import math
from decimal import Decimal
from typing import Any

from checklists.rules.assessing import Assessment, ChecklistResult
from checklists.rules.because import Because
from reports.plan.build import ActionPlan


def result(assessment: Assessment, plan: ActionPlan) -> dict[str, Any]:
    """Plain JSON values; numbers are int or float."""
    return {
        "overall": {"risk_level": assessment.risk_level, "could_be": list(assessment.overall)},
        "warnings": [{"id": each.id, "urgency": each.urgency} for each in assessment.warnings],
        "checklists": {each.id: _checklist(each) for each in assessment.checklists},
        "tools": _plain(assessment.tools),
        "plan": _plan(plan),
    }


def _checklist(found: ChecklistResult) -> dict[str, Any]:
    score = found.score
    return {
        "risk_level": found.risk_level,
        "could_be": list(found.could_be),
        "score": {"low": score.low, "high": score.high, "of": score.of} if score else None,
        "because": [{**_because(each), "score": each.score} for each in found.because],
        "missing": list(found.missing),
    }


def _plan(plan: ActionPlan) -> dict[str, Any]:
    return {
        "first": [each.id for each in plan.first],
        "actions": [
            {
                "id": each.id,
                "who": each.action.who,
                "within_days": each.within_days,
                "because": [_because(because) for because in each.because],
                "source": list(each.action.source),
            }
            for each in plan.actions
        ],
    }


def _because(because: Because) -> dict[str, Any]:
    return {"checklist": because.checklist, "link_id": because.link_id}


def _float(value: Decimal) -> float:
    """The number itself, or, of the two floats around it, the one that is not round: no limit is ever passed."""
    near = float(value)
    if Decimal(repr(near)) == value:
        return near
    other = math.nextafter(near, math.inf if Decimal(repr(near)) < value else -math.inf)
    return max(near, other, key=lambda each: len(repr(each)))


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return _float(value)
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value
