"""Every number that stands in a text which people read, with where it comes from. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from checklists.files.definitions import Definitions
from checklists.files.grammar import Strict
from checklists.files.translating import wordings
from reports.words.words import Words

OWN_RULE = ("firm-footing",)
_DIGIT = re.compile(r"[0-9]")
_SENTENCES = re.compile(r"(?<=[.?!:])\s+")


@dataclass(frozen=True, kw_only=True)
class Numbered:
    """A sentence with a number, and the papers, guidelines or rules behind it."""

    says: str
    sources: tuple[str, ...]


def numbers(words: Words) -> tuple[Numbered, ...]:
    """Each such sentence once, in the order of the lists, then signs, actions and short pages."""
    found: dict[str, dict[str, None]] = {}
    for part, sources in _sourced(words.definitions):
        for texts in wordings(part).values():
            for text in (texts,) if isinstance(texts, str) else texts:
                for sentence in _SENTENCES.split(text):
                    if _DIGIT.search(sentence):
                        found.setdefault(words.ringing(sentence), {}).update(dict.fromkeys(sources))
    return tuple(Numbered(says=says, sources=tuple(words.cite(each) for each in ids)) for says, ids in found.items())


def _sourced(definitions: Definitions) -> Iterator[tuple[Strict, tuple[str, ...]]]:
    """Everything that names its own sources; what a list says of itself has those of the list."""
    for question in definitions.question_of.values():
        yield question, question.source
    for checklist in definitions.checklists:
        for level in checklist.levels:
            yield level, level.source or checklist.source
        for measure in checklist.measures:
            yield measure, measure.source
        yield checklist.model_copy(update={"sections": (), "levels": (), "measures": ()}), checklist.source
        for section in checklist.sections:
            yield section.model_copy(update={"questions": ()}), checklist.source
    yield definitions.warning_signs.model_copy(update={"signs": ()}), OWN_RULE
    for sign in definitions.warning_signs.signs:
        yield sign, sign.source
    for action in definitions.actions.actions:
        yield action, action.source
    for guide in definitions.guides.guides:
        yield guide, guide.source
