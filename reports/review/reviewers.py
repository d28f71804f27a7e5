"""Who has reviewed all the words that a clinic's people read, as it recorded that, and what was changed since."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from checklists.files.definitions import Definitions
from reports.review.entries import ReviewPart, review_parts

JUDGED_WITHOUT = ("regions", "safety", "sources")
"""Parts that nobody reads as words of a page: without a review of them the words are no draft."""


@dataclass(frozen=True, kw_only=True)
class SignedReview:
    """A clinician has signed a part in one language, as it was under this mark and content hash, up to a day."""

    part: str
    language: str
    by: str
    on: date
    until: date
    mark: str
    content_hash: str


@dataclass(frozen=True, kw_only=True)
class PartStanding:
    """A part today: the last review of it, if there is one, and whether it still holds."""

    part: ReviewPart
    review: SignedReview | None
    holds: bool


def standing_of_parts(
    definitions: Definitions, language: str, reviews: Collection[SignedReview], today: date
) -> tuple[PartStanding, ...]:
    """Every part of the book in this language; `definitions` are in the first one."""
    return tuple(
        PartStanding(part=part, review=last, holds=last is not None and _holds(last, part, today))
        for part in _parts(definitions, language)
        for last in [_last(reviews, part.id, language)]
    )


def reviewers(
    definitions: Definitions, language: str, reviews: Collection[SignedReview], today: date
) -> tuple[str, ...]:
    """Who has reviewed every word that people read; nobody where any part is without a review that holds."""
    if not reviews:
        return ()
    judged = [
        each for each in standing_of_parts(definitions, language, reviews, today) if each.part.id not in JUDGED_WITHOUT
    ]
    if not all(each.holds for each in judged):
        return ()
    return tuple(dict.fromkeys(each.review.by for each in judged if each.review))


def changed_entries(part: ReviewPart, then: Definitions) -> tuple[str, ...]:
    """The keys of what is not as it was in the content that was signed; everything where the part was not there."""
    before = next((each.marks for each in _parts(then, part.language) if each.id == part.id), {})
    return part.changed_since(before)


def _holds(review: SignedReview, part: ReviewPart, today: date) -> bool:
    return review.mark == part.mark and today <= review.until


def _last(reviews: Collection[SignedReview], part: str, language: str) -> SignedReview | None:
    of_part = [each for each in reviews if (each.part, each.language) == (part, language)]
    return of_part[-1] if of_part else None


def _parts(definitions: Definitions, language: str) -> tuple[ReviewPart, ...]:
    """The marks of every part: a twentieth of a second for each content, so they are worked out once."""
    return _parts_of(_Content(definitions.content_hash, language, definitions))


@dataclass(frozen=True)
class _Content:
    """Definitions by their hash, which is quicker than comparing them."""

    content_hash: str
    language: str
    definitions: Definitions = field(compare=False)


@lru_cache(maxsize=8)
def _parts_of(content: _Content) -> tuple[ReviewPart, ...]:
    return review_parts(content.definitions, content.language)
