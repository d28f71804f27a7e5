"""Papers → one HTML document, each person on pages of their own; and blank checklists → another."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from checklists.people.phone_numbers import unbroken, with_calls
from checklists.people.plain_text import isolated
from checklists.people.units import LARGE_PRINT_POINTS, PageSize, PrintPoints
from reports.exports.shopping import Thing
from reports.paper.blank import BlankPaper, title, versions, write_lists
from reports.paper.compose_sheet import write_sheet
from reports.paper.cover import Cover
from reports.paper.plan_paper import Paper, WayBack
from reports.words.reviewed import review_sentence
from reports.words.speech import Speech
from reports.words.words import Words

_TEMPLATES = Path(__file__).parent.parent.parent / "templates"


def plan_html(papers: Sequence[Paper], page: PageSize, *, in_pile: bool = False) -> str:
    """One HTML document for any number of people, each on pages of their own; the same text for the same papers.

    `in_pile`: it becomes a part of one file, and is called after all of it.

    :raises ValueError: no papers
    """
    if not papers:
        raise ValueError("there is no plan to print; give at least one")
    sheets = [write_sheet(paper, number, paper.page or page) for number, paper in enumerate(papers, start=1)]
    return fill_template(
        "plan.html",
        sheets=sheets,
        page=page,
        cover=None,
        alone=len(sheets) == 1 and not in_pile,
        speech=papers[0].words.speech,
        made_on=max(each.made_on for each in papers),
    )


def cover_html(cover: Cover, page: PageSize, spans: Sequence[str], made_on: date) -> str:
    """One HTML document with the cover list alone, `spans` being the pages of each person, such as 3–8."""
    return fill_template(
        "plan.html",
        sheets=(),
        page=page,
        cover=cover,
        spans=spans,
        alone=False,
        speech=cover.speech,
        made_on=made_on,
    )


def blank_html(paper: BlankPaper, page: PageSize) -> str:
    """One HTML document with checklists to fill in by hand; the same text for the same paper."""
    return fill_template(
        "blank.html",
        paper=paper,
        lists=write_lists(paper),
        page=page,
        speech=paper.words.speech,
        title=title(paper),
        versions=versions(paper),
        reviewed_by=review_sentence(paper.words),
    )


def shopping_html(words: Words, things: Sequence[Thing], made_on: date, points: PrintPoints, page: PageSize) -> str:
    """One HTML document of what to buy, with a box for each thing; the same text for the same things."""
    return fill_template(
        "shopping.html",
        things=things,
        speech=words.speech,
        other=words.other,
        day=words.day(made_on),
        made_on=made_on,
        points=points,
        page=page,
    )


def slip_html(
    words: Words, way_back: WayBack, title: str, says: str, made_on: date, points: PrintPoints, page: PageSize
) -> str:
    """One HTML document with a link as a square, and its code, to cut out."""
    return fill_template(
        "slip.html",
        speech=words.speech,
        way_back=way_back,
        title=title,
        says=says,
        made_on=made_on,
        points=points,
        page=page,
    )


def fill_template(name: str, **values: Any) -> str:
    """One HTML document from a template of papers; it says its sentences in `speech`."""
    return environment().get_template(f"reports/{name}").render(**values)


@cache
def environment() -> Environment:
    """The templates of paper."""
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(_=_gettext, ngettext=_ngettext, large_print_points=LARGE_PRINT_POINTS)
    made.filters.update(isolated=isolated, in_css=in_css, unbroken=unbroken, with_calls=with_calls)
    return made


def in_css(text: str) -> Markup:
    """A text as the content of a margin, whatever stands in it."""
    letters = (each if each.isalnum() or each in " .,-" else f"\\{ord(each):x} " for each in text)
    return Markup(f'"{"".join(letters)}"')  # all that is left of it are letters


@pass_context
def _gettext(context: Context, message: str, /, **values: Any) -> str:
    """In the speech of the sheet that is being written; a file may hold people of different languages."""
    found: Speech = context["speech"]
    return found.gettext(message, **values)


@pass_context
def _ngettext(context: Context, singular: str, plural: str, number: int, /, **values: Any) -> str:
    found: Speech = context["speech"]
    return found.ngettext(singular, plural, number, **values)
