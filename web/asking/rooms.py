"""Which rooms this home has, and whether to walk around it or to answer from the chair."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from answers.draft import Draft
from web.asking.way_through import first_open, pages_of
from web.core.speaking import spoken
from web.visitor.must_go_first import get_led
from web.visitor.open_record import change, now_ms, posted, today
from web.visitor.preferences import typed_here

pages = Blueprint("rooms", __name__)


@pages.get("/home")
def choose() -> str:
    """Which rooms this home has, and whether to walk around or to answer from the chair."""
    open_record = get_led()
    typed = typed_here()
    rooms = [room for room in spoken().rooms.sections if room.may_be_absent]
    here = typed.getlist("here") if typed is not None else [r.id for r in rooms if r.id not in open_record.draft.absent]
    return render_template(
        "asking/rooms.html",
        open_record=open_record,
        rooms=[{"value": room.id, "label": room.title, "checked": room.id in here} for room in rooms],
    )


@pages.post("/home")
def chosen() -> Response:
    """Keeps which rooms there are, and goes to the first that is there, or to the walk."""
    open_record = posted()
    rooms = [room.id for room in spoken().rooms.sections if room.may_be_absent]
    absent = [each for each in rooms if each not in request.form.getlist("here")]
    open_record = change(open_record, lambda draft: _with_absent(draft, rooms, absent, now_ms()))
    if request.form.get("then") == "walk":
        return redirect(url_for("walk.walk"), 303)
    page = first_open(open_record.draft, pages_of(spoken(), open_record.draft, spoken().rooms.id, today()))
    return redirect(page.address if page else url_for("hub.review", checklist=spoken().rooms.id), 303)


def _with_absent(draft: Draft, rooms: list[str], absent: list[str], at_ms: int) -> Draft:
    return draft.begin(spoken().rooms.id).with_absent(absent).answered(rooms, at_ms)
