"""The cover list of a batch, for the desk: who gets what, on which pages, whom to speak with first, who is missing.

It names no reason, no level and no warning: it lies open on a desk.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from checklists.files.definitions import Definitions
from reports.batch.order import Missing, Order, PersonToPrint
from reports.paper.compose_sheet import printed_by
from reports.paper.cover import pages_in_file
from reports.paper.document import fill_template
from reports.words.speech import Speech
from reports.words.words import words

MOST_LINES = 200


@dataclass(frozen=True, kw_only=True)
class PrintedPerson:
    """Somebody whose papers are in the file, and how many pages each of them has."""

    entry: PersonToPrint
    pages: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class BatchCover:
    """What a cover list tells of."""

    order: Order
    definitions: Definitions
    printed: tuple[PrintedPerson, ...]
    missing: tuple[Missing, ...]


@dataclass(frozen=True, kw_only=True)
class CoverLine:
    """One person on the list; `pages` are those of the file."""

    row: int
    label: str
    got: str
    size: str
    speak_first: bool
    pages: str


def cover_html(cover: BatchCover, own_pages: int) -> str:
    """One HTML document; the same text for the same batch. `own_pages` is how many it takes itself."""
    order, options = cover.order, cover.order.options
    cover_words = words(cover.definitions, options.region, options.language)
    speech = cover_words.speech
    return fill_template(
        "batch_cover.html",
        speech=speech,
        page=options.page,
        clinic=options.clinic or "",
        title=order.title or speech.gettext("Cover list"),
        summary=_summary(speech, cover),
        printed_by=printed_by(cover_words, options.printed_by, options.printed_on),
        lines=tuple(_lines(speech, cover, own_pages)),
        speak_first=order.held_back,
        missing=cover.missing[:MOST_LINES],
        not_shown=max(0, len(cover.missing) - MOST_LINES),
        made_on=options.printed_on,
        in_a_file=order.kind == "pdf",
    )


def _summary(speech: Speech, cover: BatchCover) -> str:
    count = speech.ngettext("%(num)s person gets paper.", "%(num)s people get paper.", len(cover.printed))
    part = ""
    if cover.order.parts > 1:
        part = speech.gettext("This is part %(part)s of %(parts)s.", part=cover.order.part, parts=cover.order.parts)
    desk = speech.gettext("Keep this list at the desk. It is for nobody else.")
    return " ".join(filter(None, (count, part, desk)))


def _lines(speech: Speech, cover: BatchCover, own_pages: int) -> Iterator[CoverLine]:
    spans = pages_in_file(own_pages, [each.pages for each in cover.printed])
    for entry, span in zip((each.entry for each in cover.printed), spans, strict=True):
        yield CoverLine(
            row=entry.row,
            label=entry.label,
            got=_got(speech, entry),
            size=f"{entry.options.points} {entry.options.language}",
            speak_first=entry.speak_first,
            pages=span,
        )


def _got(speech: Speech, entry: PersonToPrint) -> str:
    _ = speech.gettext
    if entry.plan is None:
        return _("Blank sheets")
    plan = _("Page 1 of the plan") if entry.options.part == "first" else _("Plan")
    parts = [plan]
    if entry.options.for_clinician or entry.options.part == "all":
        parts.append(_("clinician's page"))
    if entry.blank:
        parts.append(_("blank sheets"))
    return ", ".join(parts)
