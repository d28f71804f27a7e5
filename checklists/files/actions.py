"""Actions as their file says them: words, ranks, and made-up people with what their plan begins with."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from checklists.files.grammar import Code, Codes, Condition, Group, Sayings, Strict, Text, Who, Wording, as_tuple
from checklists.files.model import Header


class Proof(Strict):
    """What is known to come of something, and how sure that is."""

    effect: Wording
    certainty: Literal["high", "moderate", "low", "consensus"]


class Evidence(Proof):
    """`tier` is the rank of the action in the evidence table (1 acts first); `effect` is in plain words."""

    tier: Annotated[int, Field(ge=0, le=20)]


class Instead(Strict):
    """Other words, and if need be another tier and other evidence, for the people of whom `when` holds.

    What `waits` has no day: it begins when a doctor says so. `never_first` keeps it out of the first three of them.
    """

    when: Condition
    title: Wording
    how: Sayings
    why: Wording
    picture: Code | None = None
    tier: Annotated[int, Field(ge=0, le=20)] | None = None
    evidence: Proof | None = None
    waits: bool = False
    never_first: bool = False


class TierFor(Strict):
    """Another rank for the people of whom `when` holds."""

    when: Condition
    tier: Annotated[int, Field(ge=0, le=20)]


class Action(Strict):
    """One thing to do: verb first, one to three steps, why, who, within how many days; `buy` is what it needs.

    `tiers` ranks it otherwise for some people, by the first that holds; `never_first` keeps it out of the first three.
    """

    id: Code
    title: Wording
    how: Annotated[Sayings, Field(min_length=1, max_length=3)]
    why: Wording
    who: Who
    within_days: Annotated[int, Field(ge=0, le=365)]
    cost: Literal["free", "low", "medium", "high"]
    buy: Sayings = ()
    effort: Literal["none", "move"]
    kind: Literal["exercise", "home", "medical", "daily", "warning"]
    group: Group
    room: Code | None = None
    picture: Code | None = None
    evidence: Evidence
    when: Condition | None = None
    instead_when: Annotated[tuple[Instead, ...], BeforeValidator(as_tuple)] = ()
    tiers: Annotated[tuple[TierFor, ...], BeforeValidator(as_tuple)] = ()
    never_first: bool = False
    source: Codes


class PlanExample(Strict):
    """A made-up person and what their plan begins with; the tests run every one.

    `first` are the first steps in order, `before` pairs of actions of which the first stands above the second,
    `without` actions that the plan does not hold.
    """

    name: Text
    signs: Codes = ()
    about: dict[str, str | int] = Field(default_factory=dict)
    answers: dict[str, dict[str, Any]] = Field(default_factory=dict)
    measures: dict[str, Any] = Field(default_factory=dict)
    first: Codes
    before: Annotated[tuple[Codes, ...], BeforeValidator(as_tuple)] = ()
    without: Codes = ()


class Ranking(Strict):
    """The order and the limits of the plan; actions of warnings always come before these."""

    order: Annotated[tuple[Literal["tier", "priority", "cost", "id"], ...], BeforeValidator(as_tuple)]
    first: Annotated[int, Field(ge=1)]
    shown: Annotated[int, Field(ge=1)]
    at_most_one_first: Annotated[tuple[Literal["exercise", "home", "medical"], ...], BeforeValidator(as_tuple)]
    says: Sayings


class Picture(Strict):
    """A drawing that explains a fix or a movement, and what it shows, for those who do not see it."""

    id: Code
    shows: Wording


class Actions(Header):
    ranking: Ranking
    pictures: Annotated[tuple[Picture, ...], BeforeValidator(as_tuple)] = ()
    actions: Annotated[tuple[Action, ...], BeforeValidator(as_tuple)]
    examples: Annotated[tuple[PlanExample, ...], BeforeValidator(as_tuple)] = ()
