"""Order → one file: a tagged PDF with a cover list, or a ZIP of single files named for filing. A plan at a time."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol

from checklists.files.definitions import Definitions
from reports.batch.cover import BatchCover, PrintedPerson, cover_html
from reports.batch.filing import file_name
from reports.batch.order import Missing, Order, PersonToPrint
from reports.paper.blank import BlankPaper, with_what_comes_before
from reports.paper.compose import PlanToPrint, compose
from reports.paper.document import blank_html
from reports.plan.plan_json import from_json
from reports.plan.progress import standings
from reports.printing.renderer import RenderFailed
from reports.words.speech import N_, speech
from reports.words.words import words

NOT_MADE = N_("This plan could not be made. Print it by itself, or tell whoever looks after this app.")


class Stopped(Exception):
    """Somebody else has the order now, or it was cancelled."""


class Binder(Protocol):
    """Lays papers out one by one, and makes a file of all that were (reports/printing/binding.py)."""

    def add(self, html: str) -> int:
        """How many pages it has. :raises RenderFailed: it cannot be made; the others stay"""

    def drop(self, papers: int) -> None:
        """Lets go of the last ones."""

    def bind(self, first: str) -> bytes:
        """The file of all, after this. :raises RenderFailed: it cannot be made"""


@dataclass(frozen=True, kw_only=True)
class BatchFile:
    """A file, how many people's paper is in it, its pages, and the rows of those whose paper could not be made."""

    file: bytes
    people: int
    pages: int
    not_made: tuple[int, ...]


@dataclass(kw_only=True)
class _Work:
    """What is done of an order until now."""

    order: Order
    definitions_of: Callable[[str], Definitions]
    binder: Binder
    printed: list[PrintedPerson] = field(default_factory=list)
    not_made: list[Missing] = field(default_factory=list)

    def add(self, entry: PersonToPrint) -> bool:
        """Whether this person's papers are laid out."""
        done = 0
        pages = []
        try:
            for html in _papers(entry, self.order, self.definitions_of):
                pages.append(self.binder.add(html))
                done += 1
        except RenderFailed:
            self.binder.drop(done)
            why = speech(self.order.options.language, self.order.options.region).gettext(NOT_MADE)
            self.not_made.append(Missing(row=entry.row, label=entry.label, why=why))
            return False
        self.printed.append(PrintedPerson(entry=entry, pages=tuple(pages)))
        return True

    @property
    def cover(self) -> BatchCover:
        return BatchCover(
            order=self.order,
            definitions=self.definitions_of(""),
            printed=tuple(self.printed),
            missing=(*self.not_made, *self.order.missing),
        )

    def made(self, file: bytes) -> BatchFile:
        return BatchFile(
            file=file,
            people=len(self.printed),
            pages=sum(page for each in self.printed for page in each.pages),
            not_made=tuple(each.row for each in self.not_made),
        )


def make(
    order: Order, definitions_of: Callable[[str], Definitions], binder: Binder, tell: Callable[[int], None]
) -> BatchFile:
    """The file; `tell` is called with how many people are done before each, and may raise Stopped.

    `definitions_of` are those of a content hash; of an empty one, those of today.

    :raises RenderFailed: no file came of it
    """
    work = _Work(order=order, definitions_of=definitions_of, binder=binder)
    return _pdf(work, tell) if order.kind == "pdf" else _zip(work, tell)


def _pdf(work: _Work, tell: Callable[[int], None]) -> BatchFile:
    for done, entry in enumerate(work.order.printed):
        tell(done)
        work.add(entry)
    tell(len(work.order.printed))
    return work.made(_with_cover(work))


def _with_cover(work: _Work) -> bytes:
    return bind_after(work.binder, lambda own_pages: cover_html(work.cover, own_pages))


def bind_after(binder: Binder, cover: Callable[[int], str]) -> bytes:
    """Bound after a cover list, which counts its own pages before it names those of others."""
    own_pages = binder.add(cover(2))
    binder.drop(1)
    return binder.bind(cover(own_pages))


def _zip(work: _Work, tell: Callable[[int], None]) -> BatchFile:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as file:  # a PDF is packed already
        for done, entry in enumerate(work.order.printed):
            tell(done)
            if work.add(entry):
                file.writestr(_dated(f"{file_name(entry.row, entry.label)}.pdf", work.order), work.binder.bind(""))
        tell(len(work.order.printed))
        file.writestr(_dated("cover-list.pdf", work.order), _with_cover(work))
    return work.made(out.getvalue())


def _dated(name: str, order: Order) -> zipfile.ZipInfo:
    """A file of the day on which it is printed: the same bytes for the same order."""
    day = order.options.printed_on
    return zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0) if day else (1980, 1, 1, 0, 0, 0))


def _papers(entry: PersonToPrint, order: Order, definitions_of: Callable[[str], Definitions]) -> list[str]:
    options, papers = entry.options, []
    if entry.plan is not None:
        known = words(definitions_of(entry.content_hash), options.region, options.language).definitions
        plan = PlanToPrint(
            issued=from_json(known, entry.plan),
            label=entry.label or None,
            standings=standings(entry.ticks),
            answered_by=entry.answered_by,
            old=entry.old,
        )
        papers.append(compose(known, [plan], options))
    if entry.blank:
        today = replace(words(definitions_of(""), options.region, options.language), reviewers=options.reviewers)
        sheets = BlankPaper(
            words=today,
            lists=entry.blank if entry.plan else with_what_comes_before(entry.blank),
            start=order.start,
            print_points=options.points,
            label=entry.label,
        )
        papers.append(blank_html(sheets, options.page))
    return papers
