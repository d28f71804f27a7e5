"""An answer as it was typed, a code or a number in the units of its page; and what a rule reads of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from checklists.people.units import CM_PER_INCH, KG_PER_POUND
from checklists.rules.person import AnswerValue

_TENTH = Decimal("0.1")


@dataclass(frozen=True, kw_only=True)
class PlainNumber:
    """Years, kilograms or centimeters; `whole` where only a whole number can be meant."""

    value: str
    whole: bool = False

    @property
    def metric(self) -> AnswerValue:
        value = Decimal(self.value)
        return int(value) if self.whole else value


@dataclass(frozen=True, kw_only=True)
class Pounds:
    pounds: str

    @property
    def metric(self) -> AnswerValue:
        return tenth(Decimal(self.pounds) * KG_PER_POUND)


@dataclass(frozen=True, kw_only=True)
class FeetAndInches:
    feet: str
    inches: str

    @property
    def metric(self) -> AnswerValue:
        return tenth((Decimal(self.feet) * 12 + Decimal(self.inches)) * CM_PER_INCH)


TypedNumber = PlainNumber | Pounds | FeetAndInches
Answer = str | TypedNumber
Answers = Mapping[str, Answer]


def metric(answer: Answer | None) -> AnswerValue | None:
    """An answer as a rule reads it: codes as they are, numbers exact and metric, half up to 0.1."""
    return answer if answer is None or isinstance(answer, str) else answer.metric


def tenth(value: Decimal) -> Decimal:
    """Half up to 0.1."""
    return value.quantize(_TENTH, ROUND_HALF_UP)


def answers_from_json(stored: Mapping[str, Any]) -> Answers:
    """Answers by link_id; a number is {"value": …}, {"pounds": …} or {"feet": …, "inches": …}."""
    if set(map(type, stored.values())) == {str}:  # as in most lists, of which a page reads five
        return dict(stored)
    return {link_id: answer if isinstance(answer, str) else _number(answer) for link_id, answer in stored.items()}


def answers_to_json(answers: Answers) -> dict[str, Any]:
    return {link_id: _to_json(answer) for link_id, answer in answers.items()}


def _number(stored: Any) -> TypedNumber:
    if "pounds" in stored:
        return Pounds(pounds=stored["pounds"])
    if "feet" in stored:
        return FeetAndInches(feet=stored["feet"], inches=stored["inches"])
    return PlainNumber(value=stored["value"], whole=stored.get("whole", False))


def _to_json(answer: Answer) -> Any:
    match answer:
        case str():
            return answer
        case Pounds():
            return {"pounds": answer.pounds}
        case FeetAndInches():
            return {"feet": answer.feet, "inches": answer.inches}
        case PlainNumber():
            return {"value": answer.value, **({"whole": True} if answer.whole else {})}
