"""The start: what this is, and for whom the answers are."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as BaseResponse

from answers.draft import Draft
from web.asking.way_through import first_open, pages_of
from web.core.settings import region
from web.core.speaking import gettext as _
from web.core.speaking import spoken
from web.visitor.coming_back import coming_back
from web.visitor.open_record import find_readable, open_new, today
from web.visitor.preferences import typed_here

pages = Blueprint("start", __name__)
ANSWERING = ("self", "helper")


@pages.get("/")
def welcome() -> str:
    """My plan first, for whom has one; else what it is, how long it takes, private, not for emergencies."""
    open_record = find_readable()
    minutes = sum(checklist.minutes for checklist in spoken().checklists)
    return render_template(
        "asking/start.html",
        going_on=url_for("hub.checklists") if open_record else "",
        back=coming_back(open_record),
        shared=url_for("shares.shared") if session.get("shares") else "",
        holds_something=bool(session.get("records") or session.get("shares")),
        minutes=minutes,
    )


@pages.get("/for-whom")
def for_whom() -> str:
    """Whether a person answers for themselves or for somebody else."""
    typed = typed_here()
    return render_template("asking/for_whom.html", error="", chosen=typed.get("answering", "") if typed else "")


@pages.post("/for-whom")
def begin() -> BaseResponse | tuple[str, int]:
    """Opens a new record, and goes to the first question about the person."""
    answering = request.form.get("answering", "")
    if answering not in ANSWERING:
        return render_template("asking/for_whom.html", error=_("Choose Me, or Someone I help."), chosen=""), 422
    open_record = open_new(Draft.new(answering, region().units, today()))
    page = first_open(open_record.draft, pages_of(spoken(), open_record.draft, "about", today()))
    return redirect(page.address if page else url_for("hub.checklists"), 303)
