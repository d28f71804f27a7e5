"""What the shape of a file cannot show: names that must exist, rules that must be whole, words that must be known."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from checklists.files.definitions import Definitions
from checklists.files.grammar import Condition, Strict
from checklists.files.logic import qualified
from checklists.files.model import Checklist, Question
from checklists.loading.answer_checks import answer_faults
from checklists.loading.faults import Found, Place
from checklists.loading.list_checks import list_faults
from checklists.loading.reference_checks import questions_of, reference_faults
from checklists.loading.safety_checks import safety_faults

DERIVED_TRUTHS = (
    "tools.tug.at_risk",
    "tools.tandem.at_risk",
    "tools.gait.at_risk",
    "tools.chair_stand.below_average",
    "tools.orthostatic.positive",
    "tools.dxa.due",
    "tools.ost.positive",
    "bone.risk-factor",
    "bone.low-weight",
    "bone.bmi-25-or-more",
    "bone.due-but-for-a-mans-age",
    "measures.frailty",
    "tools.not-managed",
    "warnings.cannot-wait",
    "warnings.back",
)
DERIVED_NUMBERS = ("tools.height_loss_cm",)
_BRACED = re.compile(r"\{([^}]*)\}")
PLACEHOLDERS = ("emergency", "crisis", "helpline")


def meaning_faults(definitions: Definitions) -> Iterator[Found]:
    """Every fault as (definition, place in it, fault and remedy)."""
    yield from _unique_names(definitions)
    for checklist in definitions.checklists:
        yield from _levels(checklist)
    for name, place, question in questions_of(definitions):
        yield from _question(definitions, name, place, question)
    for name, place, condition, scope in _conditions(definitions):
        yield from _condition(definitions, name, place, condition, scope)
    yield from reference_faults(definitions)
    yield from _placeholders(definitions)
    yield from answer_faults(definitions)
    yield from list_faults(definitions)
    yield from safety_faults(definitions)


def _unique_names(definitions: Definitions) -> Iterator[Found]:
    """Each second use of a name, at the item that uses it again."""
    for name, named in _named(definitions).items():
        seen: set[str] = set()
        for place, key, each in named:
            if each in seen:
                yield name, place, f"{key} {each} stands twice; give each its own"
            seen.add(each)


def _named(definitions: Definitions) -> dict[str, list[tuple[Place, str, str]]]:
    named: dict[str, list[tuple[Place, str, str]]] = {}
    for name, place, question in questions_of(definitions):
        named.setdefault(name, []).append((place, "link_id", question.link_id))
    lists: tuple[tuple[str, str, Iterable[Any]], ...] = (
        ("actions", "actions", definitions.actions.actions),
        ("sources", "sources", definitions.sources.sources),
        ("warning-signs", "signs", definitions.warning_signs.signs),
        ("guides", "guides", definitions.guides.guides),
        ("glossary", "terms", definitions.glossary.terms),
    )
    for name, field, items in lists:
        named[name] = [((field, i), "id", item.id) for i, item in enumerate(items)]
    return named


def _levels(checklist: Checklist) -> Iterator[Found]:
    levels = [level.level for level in checklist.levels]
    if sorted(levels) != ["high", "low", "moderate"]:
        yield (
            checklist.id,
            ("levels",),
            f"levels are {', '.join(levels)}; define high, moderate and low once each",
        )
    for i, level in enumerate(checklist.levels):
        if (level.when is None) != (level.level == "low"):
            need = "must not have" if level.level == "low" else "needs"
            yield checklist.id, ("levels", i), f"level {level.level} {need} a rule (when)"


def _question(definitions: Definitions, name: str, place: Place, question: Question) -> Iterator[Found]:
    if (question.answers == "choice") != bool(question.options):
        yield name, place, f"{question.link_id}: a choice, and only a choice, lists its options"
    if question.answers in ("whole-number", "decimal") and None in (question.low, question.high, question.unit):
        yield name, place, f"{question.link_id}: a number needs low and high, and its unit"
    if question.spans and not question.may_change:
        yield name, place, f"{question.link_id}: spans says that time changes the answer; add may_change: true"
    if question.answers == "hazard" and (question.priority is None or question.name is None):
        yield name, place, f"{question.link_id}: a hazard needs a name and a priority from 1 to 3"
    for code, actions in question.calls_for.items():
        if code not in question.allowed:
            allowed = ", ".join(question.allowed)
            yield (
                name,
                (*place, "calls_for", code),
                f"{code} is no answer of {question.link_id}; use {allowed}",
            )
        for action in actions:
            if action not in definitions.action_of:
                yield name, (*place, "calls_for"), f"there is no action {action}; define it in actions.yaml"


def _conditions(definitions: Definitions) -> Iterator[tuple[str, Place, Condition, str]]:
    """Every condition with its definition, its place and the checklist its bare facts belong to."""
    for name, place, question in questions_of(definitions):
        if question.enable_when:
            yield name, (*place, "enable_when"), question.enable_when, name
    for checklist in definitions.checklists:
        for i, level in enumerate(checklist.levels):
            if level.when:
                yield checklist.id, ("levels", i, "when"), level.when, checklist.id
        for i, call in enumerate(checklist.calls):
            yield checklist.id, ("calls", i, "when"), call.when, checklist.id
    for i, sign in enumerate(definitions.warning_signs.signs):
        if sign.from_answers:
            yield "warning-signs", ("signs", i, "from_answers"), sign.from_answers.when, "warning-signs"
    for i, state in enumerate(definitions.safety.states):
        yield "safety", ("states", i, "when"), state.when, "safety"
    for i, action in enumerate(definitions.actions.actions):
        if action.when:
            yield "actions", ("actions", i, "when"), action.when, "actions"
        for j, each in enumerate(action.tiers):
            yield "actions", ("actions", i, "tiers", j, "when"), each.when, "actions"
        for j, instead in enumerate(action.instead_when):
            yield "actions", ("actions", i, "instead_when", j, "when"), instead.when, "actions"


def _condition(definitions: Definitions, name: str, place: Place, condition: Condition, scope: str) -> Iterator[Found]:
    keys = condition.model_fields_set
    if len(keys) != 1:
        yield name, place, f"a condition has exactly one key, this has {len(keys)}; nest them in all or any"
        return
    parts = condition.all_ or condition.any_ or ((condition.not_,) if condition.not_ else ())
    for part in parts:
        yield from _condition(definitions, name, place, part, scope)
    codes: tuple[str, ...] = ()
    if condition.is_:
        codes = (condition.is_[1],)
    elif condition.one_of:
        codes = condition.one_of[1]
    if condition.state and condition.state not in definitions.safety.state_of:
        yield name, place, f"there is no state {condition.state}; define it in safety.yaml"
    if condition.level and condition.level[0] not in definitions.checklist_of:
        yield name, place, f"there is no list {condition.level[0]}; use {', '.join(definitions.checklist_of)}"
    leaf = condition.is_ or condition.one_of
    if leaf:
        yield from _coded_fact(definitions, name, place, qualified(leaf[0], scope), codes)
    number = condition.at_least or condition.more_than or condition.at_most or condition.below
    if number:
        yield from _number_fact(definitions, name, place, qualified(number[0], scope))


def _coded_fact(
    definitions: Definitions, name: str, place: Place, fact: str, codes: tuple[str, ...]
) -> Iterator[Found]:
    question = definitions.question_of.get(fact)
    if question is None and fact not in DERIVED_TRUTHS:
        yield name, place, f"there is no fact {fact}; mend its spelling"
        return
    allowed = question.allowed if question else ("yes", "no")
    for code in codes:
        if code not in allowed:
            yield name, place, f"{code} is no answer of {fact}; use {', '.join(allowed)}"


def _number_fact(definitions: Definitions, name: str, place: Place, fact: str) -> Iterator[Found]:
    question = definitions.question_of.get(fact)
    is_number = question is not None and question.answers in ("whole-number", "decimal")
    if not is_number and fact not in DERIVED_NUMBERS:
        yield name, place, f"{fact} is not a number; compare codes with is or one_of"


def _placeholders(definitions: Definitions) -> Iterator[Found]:
    """Numbers to ring stand for themselves only where they are filled in: signs, actions and guides."""
    filled = {
        "actions": definitions.actions,
        "warning-signs": definitions.warning_signs,
        "guides": definitions.guides,
    }
    others = {"about": definitions.about, "glossary": definitions.glossary, **definitions.checklist_of}
    known = ", ".join(f"{{{each}}}" for each in PLACEHOLDERS)
    for name, part in {**filled, **others}.items():
        for place, text in _texts_at(part):
            for found in _BRACED.findall(text) if "{" in text else ():
                if name in others:
                    yield name, place, f"{{{found}}} is not filled in here; write it without braces"
                elif found not in PLACEHOLDERS:
                    yield name, place, f"{{{found}}} is no number we know; use {known}"


def _texts_at(value: object, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """Every text within a model, in order, with its place."""
    parts: Iterable[tuple[str | int, object]] = ()
    if isinstance(value, Strict):
        parts = ((field, getattr(value, field)) for field in type(value).model_fields)
    elif isinstance(value, dict):
        parts = value.items()
    elif isinstance(value, tuple):
        parts = enumerate(value)
    for step, part in parts:
        if isinstance(part, str):
            yield (*place, step), part
        elif isinstance(part, Strict | dict | tuple):
            yield from _texts_at(part, (*place, step))
