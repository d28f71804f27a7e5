"""The grammar of the definition files: strict, frozen models, and nothing that reads or judges."""

from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from checklists.files.grammar import (
    NOT_HERE,
    YES_NO,
    Answers,
    Code,
    Codes,
    Condition,
    Day,
    Number,
    RiskLevel,
    Strict,
    Text,
    Wording,
    as_tuple,
)

Reasons = dict[str, Text]
"""Why an answer leads nowhere, by its code; "number" is any number."""


class Review(Strict):
    """Who has judged a text; until a clinician has, the status is draft and the app says so."""

    status: Literal["draft", "reviewed"]
    by: str
    date: Day
    next: Day


class Option(Strict):
    """One answer of a choice; `finding` is how the plan names it after "You told us"."""

    code: Code
    label: Wording
    label_other: Wording | None = None
    finding: Wording | None = None


class Question(Strict):
    """One item. `finding` is a short noun phrase for the answer that matters ("a fall in the past 12 months").

    In that of a number … stands for the number. `help_short` is the help in a line, for paper, to whoever reads it.

    `finding_unsure` is that phrase for "Not sure", where that calls for something. `may_change`: time alone can change
    the answer, so that a check again may ask it anew. `spans`: it asks about the months just past, or decides who is
    told to walk, so that a check again always asks it, and its last answer never counts again. `leads_nowhere` gives
    the reason for each answer that calls for nothing, where its list gives none for all of them. `drawing` is the
    picture beside it, where none has its name.
    `help_open`: the question cannot be understood without its help, which is then never folded. `look_for` is what is
    tapped where it is so, on a page of several; where it is missing, the finding is.
    """

    link_id: Code
    name: Wording | None = None
    ask: Wording
    ask_other: Wording
    why: Wording
    help: Wording | None = None
    help_other: Wording | None = None
    help_short: Wording | None = None
    help_open: bool = False
    finding: Wording
    finding_unsure: Wording | None = None
    look_for: Wording | None = None
    answers: Answers
    options: Annotated[tuple[Option, ...], BeforeValidator(as_tuple)] = ()
    low: Number | None = None
    high: Number | None = None
    unit: Literal["kg", "cm", "years"] | None = None
    score: Annotated[int, Field(ge=0)] = 0
    habit: bool = False
    may_change: bool = False
    spans: bool = False
    priority: Annotated[int, Field(ge=1, le=3)] | None = None
    loads_spine: bool = False
    drawing: Code | None = None
    enable_when: Condition | None = None
    calls_for: dict[str, Codes] = Field(default_factory=dict)
    leads_nowhere: Reasons = Field(default_factory=dict)
    source: Codes

    @cached_property
    def allowed(self) -> tuple[str, ...]:
        """Every code this question takes; empty for a number."""
        if self.answers == "yes-no":
            return YES_NO
        if self.answers == "hazard":
            return (*YES_NO, NOT_HERE)
        return tuple(option.code for option in self.options)


class Section(Strict):
    """Questions that belong together; in a list of rooms, a room (`may_be_absent`: "We do not have this").

    `together`: they stand on one page, and each is tapped where it is so, as the things of a room always do.
    """

    id: Code
    title: Wording
    intro: Wording | None = None
    room: bool = False
    may_be_absent: bool = False
    together: bool = False
    questions: Annotated[tuple[Question, ...], BeforeValidator(as_tuple), Field(min_length=1)]


class Level(Strict):
    """The rule for one risk level, and what the person is told."""

    level: RiskLevel
    when: Condition | None = None
    says: Wording
    source: Codes = ()


class Call(Strict):
    """Actions called for by a condition instead of by one answer."""

    when: Condition
    actions: Codes


class Measure(Strict):
    """A result taken by a clinician or with a helper."""

    link_id: Code
    name: Wording
    finding: Wording
    kind: Literal["seconds", "speed", "count", "yes-no", "blood-pressure"]
    low: Number | None = None
    high: Number | None = None
    source: Codes


class Example(Strict):
    """Answers and what must come of them; the tests run every one."""

    name: Text
    about: dict[str, str | int] = Field(default_factory=dict)
    answers: dict[str, Any]
    measures: dict[str, Any] = Field(default_factory=dict)
    score: Annotated[tuple[int, int], BeforeValidator(as_tuple)] | int | None = None
    could_be: Annotated[tuple[RiskLevel, ...], BeforeValidator(as_tuple)]
    source: Codes


class Header(Strict):
    id: Code
    version: Text
    title: Wording
    review: Review


class About(Header):
    """Asked once, whichever checklists are taken; `unsure_calls_for` and `leads_nowhere` are those of a checklist."""

    intro: Wording
    unsure_calls_for: Codes = ()
    leads_nowhere: Reasons = Field(default_factory=dict)
    questions: Annotated[tuple[Question, ...], BeforeValidator(as_tuple)]


class Headline(Strict):
    """What the plan's headline says of a list: of each level, or where `to_fix`, of everything but the lowest."""

    low: Wording | None = None
    moderate: Wording | None = None
    high: Wording | None = None
    moderate_or_high: Wording | None = None
    to_fix: Wording | None = None
    needs_more: Wording


class Checklist(Header):
    """A Questionnaire: sections of questions, the rules of its levels, and what else calls for actions.

    `order` is its place among the lists, `picture` its pictogram, `layout` one question a page or one room. Where
    `fixable`, a yes is something to fix, which a check again asks about. `headline` speaks to the reader,
    `headline_other` to others. `unsure_calls_for` is what "Not sure" calls for at every question that says nothing
    else, and `leads_nowhere` the reason for each answer that calls for nothing at any of them. `minutes` stands only in
    content that was kept with older plans: how long a list takes is reckoned.
    """

    short: Wording
    order: Annotated[int, Field(ge=1)] | None = None
    picture: Code | None = None
    layout: Literal["questions", "rooms"] = "questions"
    fixable: bool = False
    headline: Headline | None = None
    headline_other: Headline | None = None
    unsure_calls_for: Codes = ()
    leads_nowhere: Reasons = Field(default_factory=dict)
    intro: Wording
    minutes: Annotated[int, Field(ge=1)] | None = None
    own_rule: bool = False
    scored: bool = True
    tested_from_age: Annotated[int, Field(ge=18, le=120)] | None = None
    sections: Annotated[tuple[Section, ...], BeforeValidator(as_tuple), Field(min_length=1)]
    measures: Annotated[tuple[Measure, ...], BeforeValidator(as_tuple)] = ()
    levels: Annotated[tuple[Level, ...], BeforeValidator(as_tuple)]
    calls: Annotated[tuple[Call, ...], BeforeValidator(as_tuple)] = ()
    rule_says: Wording
    source: Codes
    examples: Annotated[tuple[Example, ...], BeforeValidator(as_tuple)]


class Source(Strict):
    """A paper, guideline or page. `checked`: text = its text was seen, memory = from knowledge, to be checked."""

    id: Code
    cite: Text
    checked: Literal["text", "memory", "own"]


class Sources(Header):
    sources: Annotated[tuple[Source, ...], BeforeValidator(as_tuple)]
