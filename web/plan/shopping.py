"""What to buy for a plan, on the screen and on paper, with what to ask before anything is moved."""

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from reports.exports.shopping import Thing, things
from reports.plan.order import parts_of
from reports.words.words import Words
from web.plan.access import Reader, get_plan_for, must_be_made_anew, plan_address, reading, refuse_older_paper
from web.visitor.open_record import today
from web.visitor.paper import as_pdf, page_of, points_of, render_html
from web.visitor.stored_plan import StoredPlan, standings_of

pages = Blueprint("shopping", __name__)


@pages.get("/plan/shopping")
@pages.get("/shared/<share_id>/shopping")
def to_buy(share_id: str | None = None) -> str:
    """The list, and how to print it."""
    reader = reading(share_id)
    words, found = _things(reader, get_plan_for(reader))
    return render_template(
        "plan/shopping.html",
        things=found,
        other=words.other,
        back=plan_address(reader),
        pdf=reader.address("shopping.paper"),
    )


@pages.get("/plan/shopping.pdf")
@pages.get("/shared/<share_id>/shopping.pdf")
def paper(share_id: str | None = None) -> Response:
    """The same on paper, with a box for each thing."""
    from reports.paper.document import (
        shopping_html,  # with its widths of letters 60 ms, for which `flask assess` need not wait
    )

    reader = reading(share_id)
    stored = get_plan_for(reader)
    refuse_older_paper(reader, stored)
    words, found = _things(reader, stored)
    page = page_of(request.args.get("page", ""))
    html = shopping_html(words, found, today(), points_of(request.args), page)
    return as_pdf(render_html(html), f"shopping-{today().isoformat()}.pdf")


def _things(reader: Reader, stored: StoredPlan) -> tuple[Words, tuple[Thing, ...]]:
    now = standings_of(reader.open_record)
    if must_be_made_anew(reader, stored):
        stored = stored.waiting()
    parts = parts_of(stored.words.definitions, stored.issued.assessment, stored.issued.plan, now)
    return stored.words, things(stored.words, (each for part in parts for each in part.actions))
