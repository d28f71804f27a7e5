"""Every question as an outsider needs it to write a record."""

from collections.abc import Iterator
from typing import Any

from checklists.files.definitions import Definitions
from checklists.files.grammar import Condition
from checklists.files.model import Measure, Question
from checklists.rules.person import UNABLE


def listing(definitions: Definitions) -> list[dict[str, Any]]:
    """One object a question: about first, then each checklist, its measures, then the warning signs."""
    found = [_question("about", question) for question in definitions.about.questions]
    for checklist in definitions.checklists:
        for section in checklist.sections:
            room = section.id if checklist.layout == "rooms" else None
            found += [_question(checklist.id, question, room) for question in section.questions]
        found += [_measure(measure) for measure in checklist.measures]
    found += [
        {"checklist": "warning-signs", "link_id": sign.id, "ask": sign.ask, "urgency": sign.urgency}
        for sign in definitions.warning_signs.signs
        if sign.ask
    ]
    return found


def listing_lines(definitions: Definitions) -> Iterator[str]:
    """The same for a reader: one line a question."""
    for each in listing(definitions):
        allowed = each.get("allowed") or [each.get("answers") or each.get("urgency")]
        points = f"  {each['score']} points" if each.get("score") else ""
        yield f"{each['checklist']}.{each['link_id']}  {' | '.join(allowed)}{points}  {each['ask']}"


def _measure(measure: Measure) -> dict[str, Any]:
    timed = measure.kind in ("seconds", "speed", "count")
    pressure = ["lying", "min1", "min3", "dizzy"] if measure.kind == "blood-pressure" else []
    return {
        "checklist": "measures",
        "link_id": measure.link_id,
        "ask": measure.name,
        "answers": measure.kind,
        "allowed": [UNABLE] if timed else pressure or ["yes", "no"],
        "low": None if measure.low is None else float(measure.low),
        "high": None if measure.high is None else float(measure.high),
    }


def _question(checklist: str, question: Question, room: str | None = None) -> dict[str, Any]:
    number = question.low is not None and question.high is not None
    return {
        "checklist": checklist,
        "link_id": question.link_id,
        "ask": question.ask,
        "answers": question.answers,
        "allowed": list(question.allowed),
        "low": float(question.low) if number and question.low is not None else None,
        "high": float(question.high) if number and question.high is not None else None,
        "unit": question.unit,
        "score": question.score,
        "room": room,
        "priority": question.priority,
        "loads_spine": question.loads_spine,
        "habit": question.habit,
        "condition": _condition(question.enable_when),
    }


def _condition(condition: Condition | None) -> Any:
    return None if condition is None else condition.model_dump(mode="json", by_alias=True, exclude_unset=True)
