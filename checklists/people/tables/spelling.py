"""How an answer may be spelled in a cell: by its code, or by its words in any language, however they are typed."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from checklists.files.definitions import Definitions
from checklists.files.model import Option, Question
from checklists.people.plain_text import plain
from checklists.people.sentence import Sentence

AnswerWords = Mapping[str, tuple[str, ...]]
"""What a code is called, in every language: "yes" is Yes and Sí."""

UNSURE = "unsure"
QUOTES = "'\"`\u00b4\u2018\u2019\u201c\u201d«»"  # straight, and as a document makes them
_UNSURE_MARKS = ("?", "??", "???", "¿?")
_NOT_ASKED_FOR = re.compile(r"[\s_\-\u2010-\u2015]+")
_CODE_WORDS: Mapping[str, str] = {
    str(each): each
    for each in (
        Sentence("yes"),
        Sentence("no"),
        Sentence("none"),
        Sentence("not-here"),
        Sentence("female"),
        Sentence("male"),
        Sentence("unable"),
    )
}
"""Answers that a fault names in other languages too, by a word that is read there; all others by their codes."""
_IN_BRACKETS = re.compile(r" \(.*\)$")


@dataclass(frozen=True, kw_only=True)
class Spellings:
    """Which codes a word may stand for; one that stands for two differs between languages, and nobody guesses."""

    codes: tuple[str, ...]
    spelled: Mapping[str, frozenset[str]]

    def read(self, text: str) -> frozenset[str]:
        """Every code that this may be: none where it is not understood."""
        return self.spelled.get(spelled(text), frozenset())

    @property
    def allowed(self) -> str:
        """What may be written, for a fault: yes, no or ?"""
        return one_of(["?" if code == UNSURE else code for code in self.codes])


def one_of(codes: Sequence[str]) -> str:
    """Some answers as a choice: yes, no or ?"""
    *others, last = (_CODE_WORDS.get(code, code) for code in codes)
    return Sentence("%(others)s or %(last)s", others=tuple(others), last=last) if others else last


def spelled(text: str) -> str:
    """A word without what differs from hand to hand: capitals, accents, spaces, a point at its end."""
    letters = unicodedata.normalize("NFKD", plain(text).replace("’", "'")).casefold()
    bare = "".join(each for each in letters if not unicodedata.combining(each))
    return _NOT_ASKED_FOR.sub("-", bare.strip(" .")).strip("-")


def without_brackets(label: str) -> str:
    """The label of an answer without the examples behind it."""
    return _IN_BRACKETS.sub("", label)


def answers_to(question: Question, definitions: Definitions, fact: str, answer_words: AnswerWords) -> Spellings:
    """How the answers to a question may be spelled."""
    spoken = [definitions.into(language).question_of[fact] for language in definitions.languages]
    by_code: dict[str, list[str]] = {code: [code, *answer_words.get(code, ())] for code in question.allowed}
    for each in spoken:
        for option in each.options:
            by_code[option.code] += _labels(option)
    short = [code for code in by_code if code in ("yes", "no")] or [code for code in by_code if code != UNSURE]
    if len(short) <= 2:
        for code in short:
            by_code[code] += [word[0] for word in by_code[code]]
    if UNSURE in by_code:
        by_code[UNSURE] += _UNSURE_MARKS
    return spellings(by_code)


def spellings(by_code: Mapping[str, Sequence[str]]) -> Spellings:
    """Codes, each with its words."""
    found: dict[str, set[str]] = defaultdict(set)
    for code, words in by_code.items():
        for word in words:
            found[spelled(word)].add(code)
    return Spellings(codes=tuple(by_code), spelled={word: frozenset(codes) for word, codes in found.items()})


def _labels(option: Option) -> Iterator[str]:
    for label in filter(None, (option.label, option.label_other)):
        yield from (label, without_brackets(label))
