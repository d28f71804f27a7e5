"""The grammar of the one table of who must not be told what, and what it says of a person and of a sentence."""

import re
from collections.abc import Collection
from functools import cache, cached_property
from typing import Annotated

from pydantic import BeforeValidator, Field

from checklists.files.grammar import Code, Codes, Condition, Strict, Text, as_tuple
from checklists.files.model import Header

_SENTENCE_END = re.compile(r"(?<=[.?!:;])\s+")


@cache
def _pattern(words: str) -> re.Pattern[str]:
    """Made once, without asking re again: it is looked for in some thousand texts."""
    return re.compile(words, re.I)


class State(Strict):
    """Something that is true of a person or not; it may join states that stand above it."""

    id: Code
    when: Condition


class SafetyRow(Strict):
    """One row: what must not be told, to the people in any of these states; `words` finds it, by language."""

    id: Code
    why: Text
    to: Codes
    words: dict[str, Text] = Field(default_factory=dict)


class Safety(Header):
    """The table. `with_help` finds the sentences that tell nobody to do a thing alone, by language."""

    source: Codes = ()
    states: Annotated[tuple[State, ...], BeforeValidator(as_tuple)] = ()
    never_told: Annotated[tuple[SafetyRow, ...], BeforeValidator(as_tuple)] = ()
    with_help: dict[str, Text] = Field(default_factory=dict)

    @cached_property
    def state_of(self) -> dict[str, State]:
        return {each.id: each for each in self.states}

    @cached_property
    def row_of(self) -> dict[str, SafetyRow]:
        return {each.id: each for each in self.never_told}

    def forbids(self, row: str, states: Collection[str] | None) -> bool:
        """Whether people in these states must not be told it; where nothing is known of them, nobody is told."""
        known = self.row_of.get(row)
        return states is None or known is None or any(each in states for each in known.to)

    def found_in(self, row: str, text: str, language: str, *, orders_only: bool = False) -> list[str]:
        """The sentences that tell it to somebody who is alone; with `orders_only` those that begin with it."""
        words, helped = (_pattern(each[language]) for each in (self.row_of[row].words, self.with_help))
        find = words.match if orders_only else words.search
        return [each for each in _SENTENCE_END.split(text) if find(each) and not helped.search(each)]

    def covers(self, condition: Condition, state: str) -> bool:
        """Whether everybody in a state meets a condition, as far as its form shows it."""
        if condition.state is not None:
            joined = self.state_of.get(condition.state)
            return condition.state == state or (joined is not None and self.covers(joined.when, state))
        return any(self.covers(each, state) for each in condition.any_ or ())


NO_TABLE = Safety.model_validate(
    {
        "id": "safety",
        "version": "none",
        "title": "none",
        "review": {"status": "draft", "by": "", "date": "", "next": ""},
    }
)
"""That of definitions from before there was one: row by row it knows nothing, so nobody is told."""
