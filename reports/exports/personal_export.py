"""What a person takes away as JSON: the answers as `flask assess` reads them, and every plan as it was issued. Pure.

What only the person and the clinician may read has another name here, as on every export.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from checklists.files.definitions import Definitions
from checklists.rules.person import Person
from reports.plan.build import PlannedAction
from reports.plan.plan_json import IssuedPlan
from reports.plan.progress import Standing
from reports.plan.steps import steps_of
from reports.words.headline import headline
from reports.words.words import Words, level_may_be_shown


def record_of(definitions: Definitions, person: Person, day: date) -> dict[str, Any]:
    """A person as one JSON record that `flask assess` reads, exactly; a sign that is private is left out.

    Numbers have at most one decimal, so that a float says them as they are.
    """
    answers: dict[str, Any] = {name: _numbers(values) for name, values in person.answers.items()}
    if person.about:
        answers = {"about": _numbers(person.about), **answers}
    record: dict[str, Any] = {"today": day.isoformat(), "answers": answers}
    if person.signs is not None:
        ticked = sorted(person.signs - set(_private_names(definitions)))
        if ticked or not person.signs:  # "none of these" was not ticked by somebody who ticked a private one
            record["warning-signs"] = ticked
    if person.measures:
        record["measures"] = _numbers(person.measures)
    return record


def is_exact(definitions: Definitions, person: Person) -> bool:
    """Whether nothing of this person is left out of the record."""
    return not (person.signs or frozenset()) & set(_private_names(definitions))


def without_private(definitions: Definitions, value: Any) -> Any:
    """A JSON value in which private signs have the name that paper gives them."""
    names = _private_names(definitions)
    if isinstance(value, Mapping):
        return {names.get(key, key): without_private(definitions, each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [without_private(definitions, each) for each in value]
    return names.get(value, value) if isinstance(value, str) else value


def plan_of(words: Words, issued: IssuedPlan) -> dict[str, Any]:
    """A plan as it was issued: warnings first, then levels and actions in words."""
    assessment = issued.assessment
    plan: dict[str, Any] = {
        "made_on": issued.made_on.isoformat(),
        "warnings": [
            {
                "urgency": each.urgency,
                "name": words.warning_name(each, private=True),
                "do": words.ringing(each.form.do),
                "number": words.number_to_ring(each.sign.number),
            }
            for each in assessment.warnings
        ],
        "says": headline(words, assessment, issued.plan),
    }
    if level_may_be_shown(assessment):
        plan["checklists"] = [
            {
                "id": each.id,
                "title": words.definitions.checklist_of[each.id].title,
                "level": words.level(each.could_be),
                "risk_level": each.risk_level,
                "could_be": list(each.could_be),
                "rule": words.definitions.checklist_of[each.id].rule_says,
            }
            for each in assessment.checklists
        ]
    plan["first"] = [each.id for each in issued.plan.first]
    plan["actions"] = [_action(words, issued, each) for each in issued.plan.actions]
    plan["answers_then"] = record_of(words.definitions, assessment.person, issued.made_on)
    return plan


def touched_steps(words: Words, issued: IssuedPlan, standings: Mapping[str, Standing]) -> list[dict[str, Any]]:
    """Where every action stands that somebody touched; one that is in no plan any more has no title."""
    steps = steps_of(issued.plan.actions, standings)
    titles = {name: words.title(each) for name, each in steps.items()}
    return [_standing(words, name, titles.get(name, ""), each) for name, each in standings.items()]


def _standing(words: Words, name: str, title: str, standing: Standing) -> dict[str, Any]:
    return {
        "id": name,
        "title": title,
        "state": standing.state,
        "on": standing.on.isoformat() if standing.on else None,
        "by": standing.by,
        "reason": standing.reason,
        "who": words.who(standing.who) if standing.who else "",
        "due": standing.due.isoformat() if standing.due else None,
        "note": standing.note,
    }


def _private_names(definitions: Definitions) -> dict[str, str]:
    return {each.id: each.paper_says for each in definitions.warning_signs.signs if each.paper_says}


def _action(words: Words, issued: IssuedPlan, planned: PlannedAction) -> dict[str, Any]:
    return {
        "id": planned.id,
        "title": words.ringing(planned.title),
        "why": words.ringing(planned.why),
        "how": [words.ringing(step) for step in planned.how],
        "who": words.who(planned.action.who),
        "by": planned.day.isoformat() if planned.day else None,
        "because": list(words.findings(issued.assessment.person, planned.because, private=True)),
        "source": list(planned.action.source),
    }


def _numbers(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Mapping):
        return {key: _numbers(each) for key, each in value.items()}
    return [_numbers(each) for each in value] if isinstance(value, list | tuple) else value
