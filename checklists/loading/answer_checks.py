"""Every answer leads somewhere, or says why not; and "Not sure" has words of its own where it calls for something."""

from collections.abc import Iterator

from checklists.files.definitions import Definitions
from checklists.files.grammar import Condition
from checklists.files.logic import qualified
from checklists.files.model import About, Checklist, Question
from checklists.loading.faults import Found, Place

NUMBER = "number"


def answer_faults(definitions: Definitions) -> Iterator[Found]:
    """Every fault as (definition, place in it, fault and remedy)."""
    led = set(_leading(definitions))
    for name in definitions.questions:
        part = definitions.part_of(name)
        for place, question in _placed(part):
            fact = f"{name}.{question.link_id}"
            calls = definitions.calls_of(name, question)
            for code in sorted(_answers(question)):
                leads = bool(calls.get(code)) or (fact, code) in led
                reason = question.leads_nowhere.get(code) or part.leads_nowhere.get(code)
                if not leads and not reason:
                    says = (
                        f"{question.link_id}: {code} leads nowhere; call for an action, or say why under leads_nowhere"
                    )
                    yield name, place, says
            for code in question.leads_nowhere:
                if code not in _answers(question):
                    yield name, (*place, "leads_nowhere", code), f"{code} is no answer of {question.link_id}"
            if _needs_words(question, calls, (fact, "unsure") in led):
                yield name, place, f'{question.link_id}: "Not sure" calls for something; add finding_unsure'


def _answers(question: Question) -> set[str]:
    if question.answers == "whole-number":
        return {NUMBER}
    return {NUMBER, "unsure"} if question.answers == "decimal" else set(question.allowed)


def _needs_words(question: Question, calls: dict[str, tuple[str, ...]], led: bool) -> bool:
    own = next((each.finding for each in question.options if each.code == "unsure"), None)
    return (bool(calls.get("unsure")) or led) and not question.finding_unsure and not own


def _leading(definitions: Definitions) -> Iterator[tuple[str, str]]:
    """Each (fact, code) that a condition asks for which itself calls for something: calls, warnings and the hold."""
    for checklist in definitions.checklists:
        for call in checklist.calls:
            yield from _asked(definitions, call.when, checklist.id)
    for sign in definitions.warning_signs.signs:
        if sign.from_answers:
            yield from _asked(definitions, sign.from_answers.when, "warning-signs")
    hold = definitions.safety.state_of.get("hold")
    if hold:
        yield from _asked(definitions, hold.when, "safety")


def _asked(definitions: Definitions, condition: Condition, scope: str) -> Iterator[tuple[str, str]]:
    if condition.is_:
        yield qualified(condition.is_[0], scope), condition.is_[1]
    if condition.one_of:
        yield from ((qualified(condition.one_of[0], scope), code) for code in condition.one_of[1])
    if condition.state and condition.state in definitions.safety.state_of:
        yield from _asked(definitions, definitions.safety.state_of[condition.state].when, "safety")
    for part in (*(condition.all_ or ()), *(condition.any_ or ())):
        yield from _asked(definitions, part, scope)


def _placed(part: About | Checklist) -> Iterator[tuple[Place, Question]]:
    if isinstance(part, About):
        yield from ((("questions", i), question) for i, question in enumerate(part.questions))
    else:
        for i, section in enumerate(part.sections):
            yield from ((("sections", i, "questions", j), each) for j, each in enumerate(section.questions))
