"""Three-valued logic (Kleene): conditions over facts, each with the answers that made it true."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from checklists.files.grammar import BOUNDS, Condition, Count

Truth = bool | None
"""True is yes, False is no, None is unknown."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A truth and, where it is yes, the facts (`checklist.link_id`) that made it so."""

    truth: Truth
    because: tuple[str, ...] = ()


YES, NO, UNKNOWN = Finding(True), Finding(False), Finding(None)


class Facts(Protocol):
    """What a condition may ask about; every method answers with a Finding or an unknown value."""

    def is_(self, fact: str, code: str) -> Finding: ...
    def number(self, fact: str) -> tuple[Decimal | None, tuple[str, ...]]: ...
    def score_at_least(self, scope: str, points: int) -> Finding: ...
    def count(self, scope: str, count: Count) -> Finding: ...
    def level(self, checklist: str, level: str) -> Finding: ...
    def state(self, name: str) -> Finding: ...


def all_of(findings: Iterable[Finding]) -> Finding:
    """No if any is no, yes if every one is yes, else unknown."""
    because: tuple[str, ...] = ()
    truth: Truth = True
    for finding in findings:
        if finding.truth is False:
            return NO
        if finding.truth is None:
            truth = None
        because += finding.because
    return Finding(True, because) if truth else UNKNOWN


def any_of(findings: Iterable[Finding]) -> Finding:
    """Yes if any is yes (because of every one that is), no if every one is no, else unknown."""
    because: tuple[str, ...] = ()
    truth: Truth = False
    for finding in findings:
        if finding.truth:
            truth = True
            because += finding.because
        elif finding.truth is None and truth is False:
            truth = None
    return Finding(truth, because) if truth else (UNKNOWN if truth is None else NO)


def negation(finding: Finding) -> Finding:
    """Yes becomes no, no becomes yes (because of nothing in particular), unknown stays."""
    return UNKNOWN if finding.truth is None else (NO if finding.truth else YES)


def agreed(findings: Iterable[Finding]) -> Finding:
    """The shared truth of several possible worlds, or unknown where they differ."""
    first, *others = findings
    if not others:
        return first
    if any(other.truth is not first.truth for other in others):
        return UNKNOWN
    because = first.because + tuple(ref for other in others for ref in other.because)
    return Finding(first.truth, tuple(dict.fromkeys(because)))


def evaluate(condition: Condition, facts: Facts, scope: str) -> Finding:
    """`condition` judged on `facts`; a fact without a checklist belongs to `scope`."""
    key, asked = condition.asks
    match key:
        case "is_":
            return facts.is_(qualified(asked[0], scope), asked[1])
        case "any_":
            return any_of([evaluate(part, facts, scope) for part in asked])
        case "all_":
            return all_of([evaluate(part, facts, scope) for part in asked])
        case "not_":
            return negation(evaluate(asked, facts, scope))
        case "one_of":
            fact = qualified(asked[0], scope)
            return any_of([facts.is_(fact, code) for code in asked[1]])
        case "level":
            return facts.level(*asked)
        case "state":
            return facts.state(asked)
        case "score":
            return facts.score_at_least(scope, asked)
        case "count":
            return facts.count(scope, asked)
    return _bound(_BOUNDS[key], facts, qualified(asked[0], scope), asked[1])


def _bound(holds: Callable[[Decimal, Decimal], bool], facts: Facts, fact: str, bound: Decimal) -> Finding:
    value, because = facts.number(fact)
    if value is None:
        return UNKNOWN
    return Finding(True, because) if holds(value, bound) else NO


_BOUNDS = dict(zip(BOUNDS, (Decimal.__ge__, Decimal.__gt__, Decimal.__le__, Decimal.__lt__), strict=True))


def qualified(fact: str, scope: str) -> str:
    """`fact` with its checklist: `fell-twice` in the scope `falls` is `falls.fell-twice`."""
    return fact if "." in fact else f"{scope}.{fact}"


def facts_of(condition: Condition, scope: str) -> set[str]:
    """Every fact that a condition asks about, with its checklist."""
    if (parts := condition.all_ or condition.any_) is not None:
        return {fact for part in parts for fact in facts_of(part, scope)}
    if condition.not_ is not None:
        return facts_of(condition.not_, scope)
    leaf = (
        condition.is_
        or condition.one_of
        or condition.at_least
        or condition.more_than
        or condition.at_most
        or condition.below
    )
    return {qualified(leaf[0], scope)} if leaf else set()
