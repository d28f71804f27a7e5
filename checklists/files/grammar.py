"""The smallest parts of the definition files: codes, texts, numbers, and the language of conditions."""

from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StringConstraints

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class ForPeople:
    """Marks a text that people read, and that each language says in its own words (checklists/files/translating.py)."""


Wording = Annotated[Text, ForPeople()]
Day = Annotated[str, StringConstraints(pattern=r"^(\d{4}-\d\d-\d\d)?$")]
RiskLevel = Literal["low", "moderate", "high"]
Urgency = Literal["now", "today", "soon"]
Answers = Literal["yes-no", "hazard", "whole-number", "decimal", "choice"]
Who = Literal["self", "family", "handy-person", "trade", "pharmacist", "doctor", "therapist"]
Group = Literal["home", "body", "bones", "posture"]
GROUPS: tuple[Group, ...] = ("home", "body", "bones", "posture")
"""Of actions, in the order in which a plan shows them."""
FALLS, BONE = "falls", "bone"
"""The two lists that code knows by name: their tools are published, and they make the overall level."""
BOUNDS = ("at_least", "more_than", "at_most", "below")
YES_NO = ("yes", "no", "unsure")
NOT_HERE = "not-here"


def as_tuple(value: Any) -> Any:
    """YAML knows lists only; a frozen model keeps tuples."""
    return tuple(value) if isinstance(value, list) else value


def _as_decimal(value: Any) -> Any:
    return Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else value


Codes = Annotated[tuple[Code, ...], BeforeValidator(as_tuple)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(as_tuple)]
Sayings = Annotated[tuple[Wording, ...], BeforeValidator(as_tuple)]


def _as_json(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


Number = Annotated[Decimal, BeforeValidator(_as_decimal), PlainSerializer(_as_json, when_used="json")]


class Strict(BaseModel):
    """Unknown keys, loose types and later changes are refused.

    What validates a part is made when somebody validates it alone: a whole file makes its own for all its parts.
    """

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", populate_by_name=True, defer_build=True)


class Count(Strict):
    """A bound on how many items of this checklist are answered yes."""

    at_least: Annotated[int, Field(ge=1)]
    priority: Annotated[int, Field(ge=1, le=3)] | None = None
    loads_spine: Literal[True] | None = None


class Condition(Strict):
    """Exactly one of the keys below; a fact is `link_id`, `checklist.link_id`, `measures.x` or `tools.x.field`.

    `is` and `one_of` compare codes, the four bounds compare numbers, `score` bounds this checklist's
    score from below, `count` its yes answers, `level` asks whether a checklist's level is at least so high, and
    `state` whether a state of safety.yaml holds.
    """

    is_: Annotated[tuple[str, str] | None, BeforeValidator(as_tuple)] = Field(default=None, alias="is")
    one_of: Annotated[tuple[str, Codes] | None, BeforeValidator(as_tuple)] = None
    at_least: Annotated[tuple[str, Number] | None, BeforeValidator(as_tuple)] = None
    more_than: Annotated[tuple[str, Number] | None, BeforeValidator(as_tuple)] = None
    at_most: Annotated[tuple[str, Number] | None, BeforeValidator(as_tuple)] = None
    below: Annotated[tuple[str, Number] | None, BeforeValidator(as_tuple)] = None
    score: Annotated[int, Field(ge=1)] | None = None
    count: Count | None = None
    level: Annotated[tuple[Code, Literal["moderate", "high"]] | None, BeforeValidator(as_tuple)] = None
    state: Code | None = None
    all_: Annotated[tuple["Condition", ...] | None, BeforeValidator(as_tuple)] = Field(default=None, alias="all")
    any_: Annotated[tuple["Condition", ...] | None, BeforeValidator(as_tuple)] = Field(default=None, alias="any")
    not_: "Condition | None" = Field(default=None, alias="not")

    @cached_property
    def asks(self) -> tuple[str, Any]:
        """Its one key and what stands there: found once, as each rule is asked of every person."""
        found = next(((key, value) for key in _KEYS if (value := getattr(self, key)) is not None), None)
        assert found is not None, "the loader admits no empty condition"
        return found


_KEYS = ("is_", "any_", "all_", "not_", "one_of", "level", "state", "score", "count", *BOUNDS)
