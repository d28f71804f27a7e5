"""Papers → one HTML document, each person on pages of their own."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reports.paper import PageSize, Paper
from reports.sheet import some
from reports.writing import write_sheet

_TEMPLATES = Path(__file__).parent.parent / "templates"


def plan_html(papers: Sequence[Paper], page: PageSize) -> str:
    """One HTML document for any number of people, each on pages of their own; the same text for the same papers.

    :raises ValueError: no papers
    """
    if not papers:
        raise ValueError("there is no plan to print; give at least one")
    sheets = [write_sheet(paper, number, page) for number, paper in enumerate(papers, start=1)]
    return (
        _environment()
        .get_template("reports/plan.html")
        .render(
            sheets=sheets,
            some=some,
            page=page,
            language=papers[0].language,
            made_on=max(each.made_on for each in papers),
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    return environment
