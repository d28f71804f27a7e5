"""The hard words that stand on a page, each with what it means."""

from collections.abc import Iterable

from web.core.speaking import spoken


def explained(texts: Iterable[str | None]) -> list[dict[str, str]]:
    """Terms of the glossary that stand in these texts, for the fold "Words on this page"."""
    found = spoken().glossary.found_in(text for text in texts if text)
    return [{"term": term.term, "means": term.means} for term in found]
