"""Warning signs as their file says them."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from checklists.files.grammar import Code, Codes, Condition, Strict, Urgency, Wording, as_tuple
from checklists.files.model import Header


class IfAsked(Strict):
    """The milder form of a warning, where signs were asked and this one was not ticked."""

    urgency: Urgency
    do: Wording
    says: Wording
    within_days: Annotated[int, Field(ge=0, le=30)]
    calls_for: Codes


class FromAnswers(Strict):
    """An answer that makes a warning."""

    when: Condition
    if_asked: IfAsked | None = None


class Sign(Strict):
    """One warning sign. `do` is six words or so; `paper_says` replaces `name` on paper, shares and exports.

    `ask_short` asks in a few words that fit the person and a helper alike, for paper.
    """

    id: Code
    urgency: Urgency
    group: Code | None = None
    ask: Wording | None = None
    ask_other: Wording | None = None
    ask_short: Wording | None = None
    name: Wording
    do: Wording
    says: Wording
    paper_says: Wording | None = None
    number: Literal["emergency", "crisis", "none"] = "none"
    within_days: Annotated[int, Field(ge=0, le=30)]
    from_answers: FromAnswers | None = None
    calls_for: Codes
    source: Codes


class SignGroup(Strict):
    """Signs that are asked on one page; `help` says what counts, where that is other than for all."""

    id: Code
    title: Wording
    help: Wording | None = None


class WarningSigns(Header):
    """Asked before anything else; kept in the order in which warnings of one urgency are listed.

    `help` says what counts, before the first group; `help_short` is the same in a line, before each other one.
    """

    ask: Wording
    ask_other: Wording
    help: Wording
    help_short: Wording | None = None
    none_of_these: Wording
    groups: Annotated[tuple[SignGroup, ...], BeforeValidator(as_tuple)]
    signs: Annotated[tuple[Sign, ...], BeforeValidator(as_tuple)]
