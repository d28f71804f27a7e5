"""Every text that people read, in any language, and the blocks in which they read it."""

import re
from collections.abc import Iterator
from functools import cache

from checklists import Definitions
from checklists.files.guides import Guide
from checklists.files.translating import wordings
from checklists.files.warning_signs import Sign
from commands import languages as catalogues

sentences_of_code = cache(catalogues.collected)
"""Every sentence of the interface as the code says it, collected once in a process, as it does not change meanwhile."""
NOT_READ = "found_as"  # the forms by which the glossary finds its words


def definition_texts(definitions: Definitions) -> Iterator[tuple[str, str]]:
    """Every text of the definitions that a person may read, with its key."""
    parts = (definitions.about, definitions.warning_signs, *definitions.checklists, definitions.actions)
    for part in (*parts, definitions.guides, definitions.glossary, definitions.regions):
        for key, wording in wordings(part).items():
            if not key.endswith(NOT_READ):
                yield from ((key, text) for text in ((wording,) if isinstance(wording, str) else wording))


def interface(language: str) -> Iterator[tuple[str, str]]:
    """Every sentence of the interface in a language, with the sentence it stands for."""
    catalogue = sentences_of_code() if language == "en" else catalogues.stored(language)
    for message in catalogue:
        if message.id:
            own = message.id if isinstance(message.id, tuple | list) else (message.id,)
            spoken = message.string if isinstance(message.string, tuple | list) else (message.string,)
            yield from ((own[0], text) for text in (own if language == "en" else spoken))


def read_by_people(definitions: Definitions) -> Iterator[tuple[str, str]]:
    """All of it."""
    yield from definition_texts(definitions)
    yield from interface(definitions.language)


def sentences(text: str) -> list[str]:
    return [each.strip() for each in re.split(r"(?<=[.?!:])\s+", text) if each.strip()]


def in_sentences(parts: list[str]) -> str:
    """Parts read one after the other, each ended as a sentence; a number to ring stands for itself."""
    ended = (part if part[-1] in ".?!" else f"{part}." for part in parts if part)
    return re.sub(r"\{\w+\}", "911", " ".join(ended))


def blocks(definitions: Definitions) -> dict[str, str]:
    """What is read together: a question with its help and why, an action, a sign, a part of a page, a level."""
    return {name: in_sentences([part for part in parts if part]) for name, parts in _blocks(definitions)}


def _blocks(definitions: Definitions) -> Iterator[tuple[str, list[str | None]]]:
    for fact, q in definitions.question_of.items():
        yield f"{fact} ask", [q.ask, q.why, q.help]
        yield f"{fact} ask_other", [q.ask_other, q.why, q.help_other or q.help]
    for action in definitions.actions.actions:
        for i, words in enumerate((action, *action.instead_when)):
            yield f"{action.id} {i}", [words.title, *words.how, words.why]
    for picture in definitions.actions.pictures:
        yield f"picture {picture.id}", [picture.shows]
    for sign in definitions.warning_signs.signs:
        yield from _sign_blocks(sign)
    for guide in definitions.guides.guides:
        yield from _guide_blocks(guide)
    for term in definitions.glossary.terms:
        yield f"glossary {term.id}", [term.means]
    for checklist in definitions.checklists:
        yield f"{checklist.id} intro", [checklist.intro]
        for level in checklist.levels:
            yield f"{checklist.id} {level.level}", [level.says]


def _sign_blocks(sign: Sign) -> Iterator[tuple[str, list[str | None]]]:
    yield f"{sign.id} ask", [sign.ask, sign.do, sign.says]
    yield f"{sign.id} ask_other", [sign.ask_other, sign.do, sign.says]
    if sign.from_answers and sign.from_answers.if_asked:
        yield f"{sign.id} milder", [sign.from_answers.if_asked.do, sign.from_answers.if_asked.says]


def _guide_blocks(guide: Guide) -> Iterator[tuple[str, list[str | None]]]:
    yield f"{guide.id} lead", [guide.title, guide.lead]
    for number, part in enumerate(guide.parts):
        yield f"{guide.id} {number}", [part.heading, *part.text, *part.points]
