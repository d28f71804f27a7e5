"""A plan as it was issued ⇄ plain JSON, so that what somebody was told is read back and never worked out anew."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from checklists.files.actions import Action, Instead
from checklists.files.definitions import Definitions
from checklists.rules.assessing import Assessment, ChecklistResult, FreshAssessment, Score
from checklists.rules.because import Because
from checklists.rules.person import Person
from checklists.rules.warnings import Warning
from reports.plan.build import ActionPlan, PlannedAction, build_plan, laid_out
from reports.plan.explaining import Change, Explanation, Unknown, explain


@dataclass(frozen=True, kw_only=True)
class IssuedPlan:
    """What was told on one day: the assessment, the plan, and each checklist opened up."""

    made_on: date
    assessment: Assessment
    plan: ActionPlan
    explanations: Mapping[str, Explanation]


def issue_plan(definitions: Definitions, assessment: FreshAssessment, made_on: date) -> IssuedPlan:
    """Everything that is told about an assessment on a day."""
    return IssuedPlan(
        made_on=made_on,
        assessment=assessment,
        plan=build_plan(definitions, assessment, today=made_on),
        explanations={each.id: explain(definitions, assessment, each) for each in assessment.checklists},
    )


def to_json(issued: IssuedPlan) -> dict[str, Any]:
    """Answers, ids, becauses, days: no text, which stays with the definitions of the same content hash."""
    found, plan = issued.assessment, issued.plan
    return {
        "made_on": issued.made_on.isoformat(),
        "person": _person_to(found.person),
        "overall": list(found.overall),
        "tools": _plain(found.tools),
        "hold": _becauses_to(found.hold),
        "states": None if found.states is None else sorted(found.states),
        "possible_states": None if found.possible_states is None else sorted(found.possible_states),
        "warnings": [
            {"id": each.id, "milder": each.milder is not None, "because": _becauses_to(each.because)}
            for each in found.warnings
        ],
        "checklists": [_result_to(each) for each in found.checklists],
        "actions": [_action_to(each) for each in plan.actions],
        "first": [each.id for each in plan.first],
        "shown": plan.shown,
        "explanations": {name: _explanation_to(each) for name, each in issued.explanations.items()},
    }


def from_json(definitions: Definitions, data: Mapping[str, Any]) -> IssuedPlan:
    """The same again, with the words of `definitions`: those it was made with, in any of their languages."""
    actions = tuple(_action_from(definitions, each) for each in data["actions"])
    assessment = Assessment(
        person=_person_from(data["person"]),
        checklists=tuple(_result_from(each) for each in data["checklists"]),
        overall=tuple(data["overall"]),
        warnings=tuple(_warning_from(definitions, each) for each in data["warnings"]),
        tools=_exact(data["tools"]),
        hold=_becauses_from(data["hold"]),
        states=_states_from(data.get("states")),
        possible_states=_states_from(data.get("possible_states")),
    )
    return IssuedPlan(
        made_on=date.fromisoformat(data["made_on"]),
        assessment=assessment,
        plan=laid_out(actions, data["first"], data["shown"], help_first=assessment.needs_help_now),
        explanations={name: _explanation_from(each) for name, each in data["explanations"].items()},
    )


def _states_from(stored: list[str] | None) -> frozenset[str] | None:
    """None for a plan of before states were kept."""
    return None if stored is None else frozenset(stored)


def _becauses_to(because: tuple[Because, ...]) -> list[list[Any]]:
    return [[each.checklist, each.link_id, each.score] for each in because]


def _becauses_from(stored: list[list[Any]]) -> tuple[Because, ...]:
    return tuple(Because(checklist=name, link_id=link_id, score=score) for name, link_id, score in stored)


def _person_to(person: Person) -> dict[str, Any]:
    return {
        "about": _plain(person.about),
        "answers": _plain(person.answers),
        "measures": _plain(person.measures),
        "signs": None if person.signs is None else sorted(person.signs),
        **({"unasked_signs": sorted(person.unasked_signs)} if person.unasked_signs else {}),
    }


def _person_from(stored: Mapping[str, Any]) -> Person:
    return Person(
        about=_exact(stored["about"]),
        answers=_exact(stored["answers"]),
        measures=_exact(stored["measures"]),
        signs=None if stored["signs"] is None else frozenset(stored["signs"]),
        unasked_signs=frozenset(stored.get("unasked_signs", ())),
    )


def _plain(value: Any) -> Any:
    """Decimals as {"decimal": text}: JSON has no exact numbers."""
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


def _exact(value: Any) -> Any:
    if isinstance(value, dict):
        if set(value) == {"decimal"}:
            return Decimal(value["decimal"])
        return {key: _exact(each) for key, each in value.items()}
    return [_exact(each) for each in value] if isinstance(value, list) else value


def _result_to(result: ChecklistResult) -> dict[str, Any]:
    return {
        "id": result.id,
        "could_be": list(result.could_be),
        "score": [result.score.low, result.score.high, result.score.of] if result.score else None,
        "because": _becauses_to(result.because),
        "missing": list(result.missing),
    }


def _result_from(stored: Mapping[str, Any]) -> ChecklistResult:
    return ChecklistResult(
        id=stored["id"],
        could_be=tuple(stored["could_be"]),
        score=_score_from(stored["score"]),
        because=_becauses_from(stored["because"]),
        missing=tuple(stored["missing"]),
    )


def _score_from(stored: list[int] | None) -> Score | None:
    return Score(low=stored[0], high=stored[1], of=stored[2]) if stored else None


def _warning_from(definitions: Definitions, stored: Mapping[str, Any]) -> Warning:
    sign = definitions.sign_of[stored["id"]]
    milder = sign.from_answers.if_asked if stored["milder"] and sign.from_answers else None
    return Warning(sign=sign, because=_becauses_from(stored["because"]), milder=milder)


def _action_to(planned: PlannedAction) -> dict[str, Any]:
    return {
        "id": planned.id,
        "instead": planned.instead,
        "tier": planned.tier,
        "priority": planned.priority,
        "because": _becauses_to(planned.because),
        "within_days": planned.within_days,
        "due": planned.due.isoformat() if planned.due else None,
        "of_warning": planned.of_warning,
    }


def _action_from(definitions: Definitions, stored: Mapping[str, Any]) -> PlannedAction:
    action = definitions.action_of[stored["id"]]
    words: Action | Instead = action if stored["instead"] is None else action.instead_when[stored["instead"]]
    return PlannedAction(
        action=action,
        title=words.title,
        how=words.how,
        why=words.why,
        tier=stored["tier"],
        priority=stored["priority"],
        because=_becauses_from(stored["because"]),
        within_days=stored["within_days"],
        due=date.fromisoformat(stored["due"]) if stored["due"] else None,
        of_warning=stored["of_warning"],
        instead=stored["instead"],
        picture=words.picture,
    )


def _explanation_to(found: Explanation) -> dict[str, Any]:
    return {
        "changes": [
            {
                "because": _becauses_to((each.because,))[0],
                "could_be": list(each.could_be),
                "score": [each.score.low, each.score.high, each.score.of] if each.score else None,
            }
            for each in found.changes
        ],
        "unknown": [[each.checklist, each.link_id, list(each.if_yes), list(each.if_no)] for each in found.unknown],
    }


def _explanation_from(stored: Mapping[str, Any]) -> Explanation:
    return Explanation(
        changes=tuple(
            Change(
                because=_becauses_from([each["because"]])[0],
                could_be=tuple(each["could_be"]),
                score=_score_from(each["score"]),
            )
            for each in stored["changes"]
        ),
        unknown=tuple(
            Unknown(checklist=name, link_id=link_id, if_yes=tuple(if_yes), if_no=tuple(if_no))
            for name, link_id, if_yes, if_no in stored["unknown"]
        ),
    )
