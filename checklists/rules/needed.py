"""Which questions about the person a list cannot do without: what its rules, its actions and safety ask."""

from collections.abc import Iterator

from checklists.files.definitions import Asked, Definitions
from checklists.files.grammar import Condition
from checklists.files.logic import facts_of
from checklists.files.model import Checklist

ON_PAPER = ("about.blood-thinner",)
"""The page "If you fall" asks for them, whichever list was taken."""
AGE = "about.age"
_FOUND: dict[tuple[str, str], frozenset[str]] = {}
_HANGS_ON: dict[tuple[str, str], Asked] = {}
"""Both by content and list: every page asks, and the answer changes with the rules alone."""


def about_needed(definitions: Definitions, list_id: str) -> frozenset[str]:
    """The facts about the person on which this list, what it calls for, or who must not be told what depends."""
    key = (definitions.content_hash, list_id)
    if key not in _FOUND:
        _FOUND[key] = _find(definitions, list_id)
    return _FOUND[key]


def hangs_on(definitions: Definitions, list_id: str) -> Asked:
    """The questions on whose answers it hangs which of this list are asked, of every list; none where all are."""
    key = (definitions.content_hash, list_id)
    if key not in _HANGS_ON:
        facts = _connected(definitions, list_id)
        _HANGS_ON[key] = {
            name: tuple((fact, question) for fact, question in asked if fact in facts)
            for name, asked in definitions.asked.items()
        }
    return _HANGS_ON[key]


def _connected(definitions: Definitions, list_id: str) -> set[str]:
    """What conditions of the list ask about, and each question whose own condition is about one of these: it may be put
    aside, and its answer may tell of an unknown one."""
    conditions = {
        fact: {fact, *_asked_by(definitions, question.enable_when, name)}
        for name, asked in definitions.conditional.items()
        for fact, question in asked
        if question.enable_when
    }
    found = {fact for each, _question in definitions.conditional[list_id] for fact in conditions[each]}
    while more := [each for each in conditions.values() if not found.isdisjoint(each) and not found >= each]:
        found.update(*more)
    return found


def _asked_by(definitions: Definitions, condition: Condition, name: str) -> set[str]:
    """The facts that it asks about; all where it is about points, a level or a state."""
    key, asked = condition.asks
    if key in ("all_", "any_"):
        return {fact for part in asked for fact in _asked_by(definitions, part, name)}
    if key == "not_":
        return _asked_by(definitions, asked, name)
    return facts_of(condition, name) or set(definitions.question_of)


def _find(definitions: Definitions, list_id: str) -> frozenset[str]:
    checklist = definitions.checklist_of[list_id]
    asked = {fact for condition in _conditions(definitions, checklist) for fact in facts_of(condition, list_id)}
    named = {*asked, *ON_PAPER, *([AGE] if checklist.tested_from_age else [])}
    return frozenset(fact for fact, _question in definitions.asked["about"] if fact in named)


def _conditions(definitions: Definitions, checklist: Checklist) -> Iterator[Condition]:
    yield from (level.when for level in checklist.levels if level.when)
    yield from (call.when for call in checklist.calls)
    yield from (q.enable_when for q in definitions.questions[checklist.id] if q.enable_when)
    yield from (state.when for state in definitions.safety.states)
    for sign in definitions.warning_signs.signs:
        if sign.from_answers:
            yield sign.from_answers.when
    for action in _called(definitions, checklist):
        own = definitions.action_of[action]
        yield from (
            each for each in (own.when, *(i.when for i in own.instead_when), *(t.when for t in own.tiers)) if each
        )


def _called(definitions: Definitions, checklist: Checklist) -> set[str]:
    """Every action that an answer or a rule of this list can call for."""
    by_rule = {action for call in checklist.calls for action in call.actions}
    by_answer = {
        action
        for _fact, _question, calls in definitions.calling[checklist.id]
        for actions in calls.values()
        for action in actions
    }
    return by_rule | by_answer
