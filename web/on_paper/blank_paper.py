"""Checklists on paper: blank ones to print for anybody, and the way to type a filled-in one in."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import cast
from urllib.parse import urlsplit

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from checklists.people.units import PageSize, PrintPoints
from reports.paper.blank import BlankPaper, every_list
from reports.paper.plan_paper import WayBack
from reports.printing.renderer import Renderer
from reports.printing.shared import Renders
from reports.words.questions import title_of
from reports.words.words import words
from web.core.settings import definitions, region
from web.core.speaking import gettext as _
from web.core.speaking import language, spoken
from web.visitor.askers import asker
from web.visitor.open_record import find_readable
from web.visitor.paper import PAGES, SIZES, default_page, page_of, renderer_called
from web.visitor.way_back import way_back_of

pages = Blueprint("blank_paper", __name__, url_prefix="/paper")
LARGE = "18"
MOST_PAPERS = 300  # there are 192 in two languages at one address, of 30 to 140 KB each
MOST_WAITING = 3
_papers: dict["BlankChoice", bytes] = {}


@dataclass(frozen=True, kw_only=True)
class BlankChoice:
    """Which blank paper was asked for: all that it depends on, but for a way back into a record."""

    language: str
    region: str
    lists: tuple[str, ...]
    start: str
    helping: bool
    points: PrintPoints
    size: PageSize


@pages.get("")
def choose() -> str:
    """Which list, how large, on which paper and for whom; with a record open, where to type it in."""
    open_record = find_readable()
    helping = bool(open_record and open_record.draft.helping)
    return render_template(
        "on_paper/blank_paper.html",
        open_record=open_record,
        lists=[(name, title_of(spoken(), name)) for name in spoken().list_ids],
        sizes=[{"value": code, "label": _(label), "checked": code == LARGE} for code, label in SIZES],
        papers=[{"value": code, "label": _(label), "checked": code == default_page()} for code, label in PAGES],
        has_code=bool(open_record and way_back_of(open_record)),
        askings=[
            {"value": "self", "label": _("The person it is about"), "checked": not helping},
            {"value": "helper", "label": _("Someone who helps them"), "checked": helping},
        ],
    )


@pages.get("/<list(all):which>.pdf")
def blank_pdf(which: str) -> Response:
    """One list, or all with the warning signs; of a person only the way back into an open record, if asked for."""
    open_record = find_readable()
    way_back = way_back_of(open_record) if open_record and request.args.get("code") == "yes" else None
    points = request.args.get("print", LARGE)
    asked = BlankChoice(
        language=language(),
        region=region().id,
        lists=every_list(definitions()) if which == "all" else (which,),
        start=url_for("start.welcome", _external=True),
        helping=request.args.get("for") == "helper",
        points=cast(PrintPoints, int(points if points in dict(SIZES) else LARGE)),
        size=page_of(request.args.get("page", "")),
    )
    response = Response(_made(asked, way_back) if way_back else _stored(asked), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="firm-footing-{which}.pdf"'
    return response


def _stored(asked: BlankChoice) -> bytes:
    """A paper on which nothing is anybody's: made once for all who ask for it, at the same time too where this process
    has the renderer; of several workers, who ask at one moment may each have it made."""
    stored = _papers.get(asked)
    if stored is None:
        stored = _made(asked, None, made_meanwhile=lambda: _papers.get(asked))
        if _is_usual(asked.start):
            _papers[asked] = stored
            if len(_papers) > MOST_PAPERS:
                _papers.pop(next(iter(_papers)), None)
    return stored


def _is_usual(start: str) -> bool:
    """Whether the port is the usual one or our own: an asker can make up 65,000 others, each of them a new paper."""
    port = urlsplit(start).port
    return port is None or str(port) == request.environ["SERVER_PORT"]


def _made(
    asked: BlankChoice, way_back: WayBack | None, made_meanwhile: Callable[[], bytes | None] = lambda: None
) -> bytes:
    from reports.paper.document import (
        blank_html,  # with its widths of letters 60 ms, for which `flask assess` need not wait
    )

    paper = BlankPaper(
        words=words(definitions(), asked.region, asked.language),
        lists=asked.lists,
        start=asked.start,
        helping=asked.helping,
        print_points=asked.points,
        way_back=way_back,
    )
    return renderer().render(blank_html(paper, asked.size), asker(), made_meanwhile)


NAME_OF_RENDERER = "blank"


@cache
def renderer() -> Renders:
    """A child of its own: the longest papers, which anybody may ask for, do not stand before somebody's plan."""
    return renderer_called(NAME_OF_RENDERER, lambda: Renderer(most_waiting=MOST_WAITING))
