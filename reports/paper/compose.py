"""The one way to a plan's paper, for the page, the command and whoever prints without either. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from checklists.files.definitions import Definitions
from reports.paper.compose_sheet import write_sheet
from reports.paper.cover import NotPrinted, pages_in_file, write_cover
from reports.paper.document import cover_html, plan_html
from reports.paper.pages import pages_of
from reports.paper.plan_paper import Paper, PrintOptions, WayBack
from reports.plan.plan_json import IssuedPlan
from reports.plan.progress import Standing
from reports.words.changes_in_words import ChangesInWords
from reports.words.naming import of_named
from reports.words.words import words


@dataclass(frozen=True, kw_only=True)
class PlanToPrint:
    """One person's plan, what was done with it since, and what only a page knows (Paper says more of each).

    `options`, where there are any, go before those of all.
    """

    issued: IssuedPlan
    row: int = 0
    label: str | None = None
    person_name: str = ""
    options: PrintOptions | None = None
    standings: Mapping[str, Standing] = field(default_factory=dict)
    answered_by: Literal["self", "helper", "unknown"] = "unknown"
    old: str = ""
    changes: ChangesInWords | None = None
    photos: Mapping[str, bytes] = field(default_factory=dict)
    way_back: WayBack | None = None


def compose(
    definitions: Definitions,
    plans: Sequence[PlanToPrint],
    options: PrintOptions,
) -> str:
    """One HTML document, each person on pages of their own; the same text for the same plans and options.

    `definitions` are those that the plans were made from, in any language.

    :raises ValueError: no plans
    """
    return plan_html([paper_of(definitions, each, each.options or options) for each in plans], options.page)


def compose_each(definitions: Definitions, plans: Sequence[PlanToPrint], options: PrintOptions) -> Iterator[str]:
    """The same, an HTML document for each person, to be bound as one file: many people at once take much memory."""
    for each in plans:
        of_person = each.options or options
        yield plan_html([paper_of(definitions, each, of_person)], of_person.page, in_pile=True)


def compose_cover(
    definitions: Definitions,
    plans: Sequence[PlanToPrint],
    options: PrintOptions,
    not_printed: Sequence[NotPrinted],
    own_pages: int,
    pages: Sequence[int],
) -> str:
    """The cover list of such a file, which has so many pages itself, and `pages` those of each person."""
    papers = [(each.row, paper_of(definitions, each, each.options or options)) for each in plans]
    cover = write_cover(words(definitions, options.region, options.language), papers, not_printed)
    spans = tuple(pages_in_file(own_pages, [(each,) for each in pages]))
    return cover_html(cover, options.page, spans, max(paper.made_on for _row, paper in papers))


def sheets_of_paper(definitions: Definitions, plan: PlanToPrint, options: PrintOptions) -> int:
    """How many sheets the plan will take, printed on both sides: reckoned, without laying it out."""
    sheet = write_sheet(paper_of(definitions, plan, options), 1, options.page)
    return -(-pages_of(sheet, sheet.steps_form, options.page).all // 2)


def paper_of(definitions: Definitions, plan: PlanToPrint, options: PrintOptions) -> Paper:
    """One person's plan with everything that stands on their paper."""
    worded = replace(words(definitions, options.region, options.language), reviewers=options.reviewers)
    return Paper(
        words=of_named(worded, plan.person_name),
        assessment=plan.issued.assessment,
        plan=plan.issued.plan,
        explanations=plan.issued.explanations,
        made_on=plan.issued.made_on,
        label=plan.label or plan.person_name or None,
        standings=plan.standings,
        answered_by=plan.answered_by,
        old=plan.old,
        changes=plan.changes,
        photos=plan.photos,
        way_back=plan.way_back,
        page=options.page,
        print_points=options.points,
        clinic=options.clinic,
        logo=options.logo if options.clinic else "",
        color=options.color,
        nearby=options.nearby,
        for_clinician=options.for_clinician,
        printed_by=options.printed_by,
        printed_on=options.printed_on,
        part=options.part,
    )
