"""Paper for a page: which one was asked for, and the renderer of all that is somebody's."""

import socket
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, cast

from werkzeug.wrappers import Response

from checklists.people.units import PageSize, PrintPoints
from reports.paper.plan_paper import Part, PrintOptions
from reports.printing.preparing import Preparing
from reports.printing.renderer import Renderer
from reports.printing.shared import Renders, SharedRenderer
from reports.words.speech import N_
from reports.words.words import Words
from web.core.metrics import count_paper
from web.core.settings import region
from web.visitor.askers import asker
from web.visitor.own_clinic import clinic_of, on_its_paper
from web.visitor.preferences import preferences
from web.visitor.stored_plan import StoredPlan, content_of, old_answers

if TYPE_CHECKING:
    from reports.paper.compose import PlanToPrint

SIZES: tuple[tuple[str, str], ...] = (
    ("12", N_("Small, 12 points")),
    ("14", N_("Standard, 14 points")),
    ("18", N_("Large print, 18 points")),
    ("24", N_("Very large print, 24 points")),
)
PAGES: tuple[tuple[str, str], ...] = (("letter", N_("US Letter")), ("a4", N_("A4")))


NAME_OF_RENDERER = "plans"
_beside: list[socket.socket] = []


def share_renderers(beside: Sequence[socket.socket]) -> None:
    """From now on processes beside this one render, the first of them what is asked here."""
    _beside[:] = beside


def renderer_called(name: str, own: Callable[[], Renderer]) -> Renders:
    """That of a process beside this one, where one renders; else one of our own."""
    return SharedRenderer(name, _beside[0], _beside[1:]) if _beside else own()


@cache
def renderer() -> Renders:
    """The warm child process that renders what is somebody's, for every thread."""
    return renderer_called(NAME_OF_RENDERER, lambda: Renderer(tell=count_paper))


@cache
def preparing() -> Preparing:
    """Makes the usual paper of a plan that somebody looks at, so that it is there when they print it."""
    return Preparing(renderer())


def prepare(record_id: str, stored: StoredPlan, plan: "PlanToPrint") -> None:
    """The paper that one tap on this page gives, soon and in the background."""
    from reports.paper.compose import compose

    options = options_for(stored, {})
    preparing().soon(record_id, lambda: compose(stored.words.definitions, (plan,), options))


def plan_to_print(stored: StoredPlan) -> "PlanToPrint":
    """A plan that was kept, as it was issued."""
    # With its widths of letters it takes 60 ms, for which `flask assess` need not wait.
    from reports.paper.compose import PlanToPrint

    return PlanToPrint(
        issued=stored.issued,
        answered_by=stored.data.answered_by,
        old=old_answers(stored),
        person_name=stored.words.speech.person,
    )


def options_of(words: Words, asked: Mapping[str, str]) -> PrintOptions:
    """How paper was asked for; where nothing was said, as usual for this browser and region."""
    return PrintOptions(
        region=words.region.id,
        language=words.speech.language,
        page=page_of(asked.get("page", "")),
        points=points_of(asked),
        part=cast(Part, asked["much"]) if asked.get("much") in ("first", "all") else "plan",
        for_clinician=asked.get("clinician") == "yes",
    )


def options_for(stored: StoredPlan, asked: Mapping[str, str]) -> PrintOptions:
    """The same, with the name, logo and services of the clinic that sees this person, where one does."""
    clinic = clinic_of(stored.submission.record_id)
    known = content_of(stored.submission.content_hash)
    return on_its_paper(options_of(stored.words, asked), clinic, page=asked.get("page", ""), known=known)


def points_of(asked: Mapping[str, str]) -> PrintPoints:
    """The print size that was asked for, else that of the letters on the screen."""
    usual = str(preferences().print_points)
    points = asked.get("print", usual)
    return cast(PrintPoints, int(points if points in dict(SIZES) else usual))


def render_html(html: str) -> bytes:
    """The PDF of a document of ours, for the browser that asks. :raises RenderFailed: it could not be made"""
    return renderer().render(html, asker())


def render(stored: StoredPlan, plan: "PlanToPrint", options: PrintOptions) -> bytes:
    """The PDF of one plan in the words that it was made from. :raises RenderFailed: it could not be made"""
    from reports.paper.compose import compose

    return render_html(compose(stored.words.definitions, (plan,), options))


def sheets_of(stored: StoredPlan, plan: "PlanToPrint") -> int:
    """How many sheets of paper the plan will take in the size that is usual for this browser."""
    from reports.paper.compose import sheets_of_paper

    return sheets_of_paper(stored.words.definitions, plan, options_for(stored, {}))


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
