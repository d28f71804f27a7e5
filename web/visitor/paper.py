"""Paper for a page: which one was asked for, and the renderer of all that is somebody's."""

from collections.abc import Mapping
from functools import cache
from typing import Literal, cast

from werkzeug.wrappers import Response

from reports.paper.plan_paper import PageSize, Paper, PrintPoints
from reports.printing.renderer import Renderer
from reports.words.speech import N_
from web.core.settings import region
from web.visitor.askers import asker
from web.visitor.kept_plan import KeptPlan, old_answers
from web.visitor.preferences import preferences

SIZES: tuple[tuple[str, str], ...] = (
    ("12", N_("Small, 12 points")),
    ("14", N_("Standard, 14 points")),
    ("18", N_("Large print, 18 points")),
    ("24", N_("Very large print, 24 points")),
)
PAGES: tuple[tuple[str, str], ...] = (("letter", N_("US Letter")), ("a4", N_("A4")))


@cache
def renderer() -> Renderer:
    """The warm child process that renders what is somebody's, for every thread."""
    return Renderer()


def paper_of(kept: KeptPlan, asked: Mapping[str, str]) -> Paper:
    """The paper of a plan in the print size that was asked for, else in that of the letters on the screen."""
    issued = kept.issued
    return Paper(
        words=kept.words,
        assessment=issued.assessment,
        plan=issued.plan,
        explanations=issued.explanations,
        made_on=issued.made_on,
        print_points=points_of(asked),
        answered_by=cast(Literal["self", "helper"], kept.submission.data["for"]),
        old=old_answers(kept),
        for_clinician=asked.get("clinician") == "yes",
    )


def points_of(asked: Mapping[str, str]) -> PrintPoints:
    """The print size that was asked for, else that of the letters on the screen."""
    usual = str(preferences().print_points)
    points = asked.get("print", usual)
    return cast(PrintPoints, int(points if points in dict(SIZES) else usual))


def render_html(html: str) -> bytes:
    """The PDF of a document of ours, for the browser that asks. :raises RenderFailed: it could not be made"""
    return renderer().render(html, asker())


def render(paper: Paper, page: str) -> bytes:
    """The PDF of one paper; the page size of the region where none was asked for."""
    from reports.paper.document import (
        plan_html,  # with its widths of letters 60 ms, for which `flask assess` need not wait
    )

    return render_html(plan_html((paper,), page_of(page)))


def page_of(asked: str) -> PageSize:
    """The page size that was asked for, else that of the region."""
    return cast(PageSize, asked if asked in dict(PAGES) else default_page())


def default_page() -> PageSize:
    """The paper that the region's printers hold."""
    return "letter" if region().id == "us" else "a4"


def as_pdf(pdf: bytes, name: str) -> Response:
    """Paper as a page that a browser shows, and saves under this name."""
    response = Response(pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response
