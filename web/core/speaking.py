"""In which language this browser is answered, and everything that is said in it."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from flask import g, has_request_context, request, session

from checklists import Definitions
from checklists.files.definitions import WRITTEN_IN
from reports.words.naming import of_named
from reports.words.speech import Speech, speech
from reports.words.words import Words, words
from web.core.settings import definitions, region


def language() -> str:
    """What was chosen; before that, what the browser asks for, where we speak it."""
    found: str | None = g.get("language")
    if found is None:
        found = g.language = _language(definitions().languages)
    return found


def wording() -> Words:
    """The words of this browser's language, in the app's region."""
    found: Words | None = g.get("words")  # every page asks some fifty times
    if found is None:
        found = g.words = _as_reviewed(words(definitions(), region().id, language()), definitions())
    return found


def speak_of(person: str) -> None:
    """From here on this page speaks of somebody by the name that a helper gave them, or of nobody by name."""
    if person == _speech().person:
        return
    g.words = _as_reviewed(of_named(words(definitions(), region().id, language()), person), definitions())
    g.speech = g.words.speech


def speak_as_reviewed(by: Callable[[Definitions, str], tuple[str, ...]]) -> None:
    """This page is a clinic's; `by` says who has reviewed for it every word of definitions in a language."""
    g.reviewers = by
    g.words = _as_reviewed(wording(), definitions())


def has_reviewers() -> bool:
    """Whether it is settled for which clinic this page speaks."""
    return "reviewers" in g


def _as_reviewed(worded: Words, known: Definitions) -> Words:
    return replace(worded, reviewers=g.reviewers(known, worded.speech.language)) if "reviewers" in g else worded


def person() -> str:
    """The name of the person of whom this page speaks; empty where nobody gave one."""
    return _speech().person


def spoken() -> Definitions:
    """Everything that is asked and said, in this browser's language."""
    return wording().definitions


def words_of(known: Definitions, asked: str = "") -> Words:
    """The words of an earlier content, or of today's, in the language that is asked for, else in this browser's."""
    if known.content_hash == definitions().content_hash and asked in ("", language()):
        return wording()
    return _as_reviewed(of_named(words(known, region().id, language_in(known, asked or language())), person()), known)


def language_in(known: Definitions, asked: str) -> str:
    """The language that is asked for; where a content was not yet written in it, the one it was written in."""
    return asked if asked in known.languages else WRITTEN_IN


def name_of(code: str) -> str:
    """What a language calls itself: Español."""
    return speech(code, region().id).own_name


def gettext(message: str, /, **values: Any) -> str:
    """A sentence of the interface in this browser's language."""
    return _speech().gettext(message, **values)


def ngettext(singular: str, plural: str, number: int, /, **values: Any) -> str:
    """The form of a sentence for a number."""
    return _speech().ngettext(singular, plural, number, **values)


def explained(texts: Iterable[str | None]) -> list[dict[str, str]]:
    """The hard words that stand in these texts, each with what it means, for the fold "Words on this page"."""
    found = spoken().glossary.found_in(text for text in texts if text)
    return [{"term": term.term, "means": term.means} for term in found]


def _speech() -> Speech:
    """Looked up once a page, which says some 30 sentences with it."""
    if not has_request_context():
        return speech(WRITTEN_IN, region().id)
    found: Speech | None = g.get("speech")
    if found is None:
        found = g.speech = speech(language(), region().id)
    return found


def _language(known: tuple[str, ...]) -> str:
    chosen = session.get("language") if session else None
    if chosen in known:
        return str(chosen)
    return request.accept_languages.best_match(known, default=WRITTEN_IN) or WRITTEN_IN
