"""A list as it is asked everywhere: its questions with their numbers, its answers in one order, who is to answer what.

Blank paper and the page on which a filled-in sheet is typed both read it from here. Pure.
"""

import re
from dataclasses import dataclass

from checklists.files.definitions import Definitions
from checklists.files.grammar import NOT_HERE, Condition
from checklists.files.model import Question
from reports.words.speech import N_
from reports.words.words import Words

NOT_SURE = N_("Not sure")
YES_NO = (("yes", N_("Yes")), ("no", N_("No")), ("unsure", NOT_SURE))
AT_HOME = (*YES_NO, (NOT_HERE, N_("No such place here")))
AT_THEIR_HOME = (*YES_NO, (NOT_HERE, N_("No such place there")))
_BOUNDS = {
    "at_least": N_("Only if the number in %(place)s is %(number)s or more."),
    "more_than": N_("Only if the number in %(place)s is more than %(number)s."),
    "at_most": N_("Only if the number in %(place)s is %(number)s or less."),
    "below": N_("Only if the number in %(place)s is less than %(number)s."),
}
_IN_BRACKETS = re.compile(r" \(.*\)$")


@dataclass(frozen=True, kw_only=True)
class QuestionGroup:
    """Questions that belong together, each with its number; `id` and `title` are empty where a list has no parts."""

    id: str
    title: str
    intro: str
    questions: tuple[tuple[int, Question], ...]


def numbered(definitions: Definitions, checklist: str) -> tuple[tuple[int, Question], ...]:
    """Every question of a list (`about` too) with its number."""
    return tuple(enumerate(definitions.questions[checklist], start=1))


def asked(definitions: Definitions, checklist: str) -> tuple[QuestionGroup, ...]:
    """The same by section, in the order of the definition."""
    number = {question.link_id: number for number, question in numbered(definitions, checklist)}
    if checklist == "about":
        return (QuestionGroup(id="", title="", intro="", questions=numbered(definitions, checklist)),)
    return tuple(
        QuestionGroup(
            id=section.id,
            title=section.title,
            intro=section.intro or "",
            questions=tuple((number[question.link_id], question) for question in section.questions),
        )
        for section in definitions.checklist_of[checklist].sections
    )


def title_of(definitions: Definitions, checklist: str) -> str:
    return definitions.about.title if checklist == "about" else definitions.checklist_of[checklist].title


def ask_of(question: Question, *, helping: bool) -> str:
    """The question in the words for the person, or for whoever helps."""
    return question.ask_other if helping else question.ask


def help_of(question: Question, *, helping: bool) -> str:
    return (question.help_other if helping and question.help_other else question.help) or ""


def answers_of(words: Words, question: Question, *, helping: bool) -> tuple[tuple[str, str], ...]:
    """Each answer's code and label; for a number only "Not sure", where that may be answered."""
    _ = words.speech.gettext
    if question.options:
        return tuple((each.code, (each.label_other if helping else None) or each.label) for each in question.options)
    if question.answers == "hazard":
        return tuple((code, _(label)) for code, label in (AT_THEIR_HOME if helping else AT_HOME))
    if question.answers == "yes-no":
        return tuple((code, _(label)) for code, label in YES_NO)
    return (("unsure", _(NOT_SURE)),) if question.answers == "decimal" else ()


def only_if(words: Words, checklist: str, question: Question, *, helping: bool) -> str:
    """Who is to answer a follow-up, in terms of the boxes that were ticked before; nothing where everybody is."""
    condition, _ = question.enable_when, words.speech.gettext
    if condition is None:
        return ""
    if ticked := _ticked(condition):
        answers = _labels(words, checklist, *ticked, helping=helping)
        return _(
            "Only if you ticked %(answer)s in %(place)s.", answer=answers, place=_place(words, checklist, ticked[0])
        )
    if condition.not_ and (ticked := _ticked(condition.not_)):
        answers = _labels(words, checklist, *ticked, helping=helping)
        place = _place(words, checklist, ticked[0])
        return _("Leave it empty if you ticked %(answer)s in %(place)s.", answer=answers, place=place)
    for name, sentence in _BOUNDS.items():
        if bound := getattr(condition, name):
            fact, number = bound
            return _(sentence, place=_place(words, checklist, fact), number=words.speech.number(number))
    return _("Leave it empty if it does not fit.")


def _labels(words: Words, checklist: str, fact: str, codes: tuple[str, ...], *, helping: bool) -> str:
    """The answers as they stand beside their boxes, joined by or."""
    labels = dict(answers_of(words, words.definitions.question_of[_fact(checklist, fact)], helping=helping))
    return words.speech.listed([_IN_BRACKETS.sub("", labels[code]) for code in codes], "or")


def _ticked(condition: Condition) -> tuple[str, tuple[str, ...]] | None:
    if condition.is_:
        return condition.is_[0], (condition.is_[1],)
    return condition.one_of


def _fact(checklist: str, fact: str) -> str:
    return fact if "." in fact else f"{checklist}.{fact}"


def _place(words: Words, checklist: str, fact: str) -> str:
    """The number of a question, and its list where it is another one: 1, or About you, 2."""
    name, link_id = _fact(checklist, fact).split(".", 1)
    number = next(number for number, each in numbered(words.definitions, name) if each.link_id == link_id)
    return str(number) if name == checklist else f"{title_of(words.definitions, name)}, {number}"
