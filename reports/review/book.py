"""The book of all words and rules, to be judged and signed by a clinician → one HTML document for paper."""

from dataclasses import dataclass
from datetime import date

from checklists.files.definitions import WRITTEN_IN, Definitions
from checklists.people.units import PageSize
from reports.paper.document import fill_template
from reports.review.entries import ReviewPart, review_parts


@dataclass(frozen=True, kw_only=True)
class Book:
    """Every file in one language, beside the first language where that is another."""

    language: str
    parts: tuple[ReviewPart, ...]
    content_hash: str
    made_on: date

    @property
    def has_original(self) -> bool:
        return self.language != WRITTEN_IN

    @property
    def entries(self) -> int:
        return sum(len(part.entries) for part in self.parts)


def book_of(definitions: Definitions, language: str, made_on: date) -> Book:
    """:raises KeyError: nothing is written in that language"""
    parts = review_parts(definitions, language)
    return Book(language=language, parts=parts, content_hash=definitions.content_hash, made_on=made_on)


def book_html(book: Book, page: PageSize) -> str:
    """One HTML document; the same text for the same book."""
    return fill_template("book.html", book=book, page=page)
