"""Whose answers this browser may open: a list with a way back to each, one taken off it, and leaving altogether."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from answers.draft import Draft
from web.core.speaking import gettext as _
from web.core.speaking import wording
from web.core.stores import store
from web.plan.shared_plans import standing, title_of
from web.visitor.open_record import OpenRecord, held, let_go_of, posted, sent_for
from web.visitor.sessions import ServerSession
from web.visitor.stored_plan import last_made_on

pages = Blueprint("this_browser", __name__)


@pages.get("/this-browser")
def holds() -> str:
    """Every record, told apart by whom it is for and its days, as there are no names; and the way to leave."""
    return _list(full=False)


@pages.post("/this-browser")
def go_back_to() -> Response:
    """Opens another of them."""
    open_record = posted()
    planned = store().find_latest_submission(open_record.record_id)
    return redirect(url_for("plan.plan" if planned else "hub.checklists"), 303)


@pages.get("/leave")
def ask() -> str:
    """Whether one is to be taken off the list, or all are to be left, with what would not be found again."""
    record_id, share_id = request.args.get("record", ""), request.args.get("share", "")
    shares = [each for each in standing() if each.share_id == share_id]
    leaving = [] if share_id else [sent_for(record_id)] if record_id else held()
    return render_template(
        "sharing/leave.html",
        record=record_id,
        share=share_id,
        what=[title_of(each) for each in shares] or [_row(each)["text"] for each in leaving],
        lost=[_row(each) for each in leaving if store().find_link_and_code(each.record_id) is None],
    )


@pages.post("/leave")
def leave() -> Response:
    """Takes one off the list, or leaves altogether."""
    record_id, share_id = request.form.get("record", ""), request.form.get("share", "")
    if request.form.get("sure") != "yes":
        return redirect(url_for("this_browser.ask", record=record_id or None, share=share_id or None), 303)
    if record_id:
        sent_for(record_id)
    if record_id or share_id:
        let_go_of(record_id or share_id)
        return redirect(url_for("this_browser.holds"), 303)
    assert isinstance(session, ServerSession)
    session.leave()
    gone = redirect(url_for("this_browser.left"), 303)
    gone.headers["Clear-Site-Data"] = '"cache", "storage"'  # of a walk answers and photos may lie on the phone
    return gone


@pages.get("/left")
def left() -> str:
    """How to come back."""
    return render_template("sharing/left.html")


def show_full() -> str:
    """The same list where it has no room for one more."""
    return _list(full=True)


def _list(*, full: bool) -> str:
    rows = [_row(each) for each in reversed(held())]
    shares = [{"share": each.share_id, "text": title_of(each)} for each in standing()]
    return render_template("sharing/this_browser.html", rows=rows, full=full, shares=shares)


def _whose(draft: Draft) -> str:
    if draft.person_name:
        return _("For %(person)s", person=draft.person_name)
    return _("For someone you help") if draft.helping else _("For yourself")


def _row(open_record: OpenRecord) -> dict[str, str | bool]:
    words, made, began = wording(), last_made_on(open_record), open_record.draft.began
    whose = _whose(open_record.draft)
    days = [
        _("started %(day)s", day=words.day(began)) if began else "",
        _("plan of %(day)s", day=words.day(made)) if made else _("no plan yet"),
    ]
    return {
        "record": open_record.record_id,
        "text": ", ".join(each for each in (whose, *days) if each),
        "is_open": open_record.record_id == session.get("record"),
    }
