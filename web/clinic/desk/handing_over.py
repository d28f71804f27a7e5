"""A person begins, or goes on: on the tablet that staff hold, or on their own phone by a square on the screen."""

import io

from flask import Blueprint, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from reports.paper.plan_paper import is_loopback
from storage import RecordNotFound
from storage.clinics import people
from storage.time_limits import WAY_IN
from web.clinic.at_work import at_work, note
from web.clinic.desk import tablet
from web.clinic.desk.list_entry import ListEntry
from web.clinic.desk.on_the_list import change_data, get_visit, record_to_answer, shown_name
from web.clinic.signing_in import sessions as staff_sessions
from web.core.stores import store
from web.visitor.open_record import now_ms, open_again

pages = Blueprint("handing_over", __name__)


@pages.post("/clinic/people/<person_id>/tablet")
def hand_over(person_id: str) -> Response:
    """This browser is now theirs, for their questions alone; staff are locked out of it until the password comes."""
    visit = get_visit(person_id)
    record_id = record_to_answer(visit)
    note("started-person", visit.person)
    signed_in = staff_sessions.find()
    assert signed_in is not None
    staff_sessions.lock(signed_in, {"path": url_for("today.people"), "fields": {}})
    shows_result = request.form.get("shows") == "yes"
    tablet.begin(visit, record_id, signed_in.clinic.clinic_id, shows_result=shows_result)
    return redirect(url_for("tablet.go_on"), 303)


@pages.post("/clinic/people/<person_id>/phone")
def show_square(person_id: str) -> str:
    """A square that their phone reads: it leads there once, for a quarter of an hour."""
    visit = get_visit(person_id)
    token, way_in = people.new_way_in(person_id, now_ms() + WAY_IN.milliseconds)
    change_data(visit.person, {people.WAY_IN: way_in})
    note("started-person", visit.person)
    return render_template(
        "clinic/desk/phone.html",
        visit=visit,
        name=shown_name(visit, at_work()[1]),
        square=_square(url_for("handing_over.arrive", token=token, _external=True)),
        minutes=WAY_IN.seconds // 60,
        only_there=is_loopback(request.host_url),
    )


@pages.get("/begin/<token>")
def arrive(token: str) -> str:
    """A page that tells nothing and uses nothing up, whoever looks at the link."""
    return render_template("clinic/desk/arrive.html", token=token)


@pages.post("/begin")
def begin() -> Response | tuple[str, int]:
    """The questions, on this phone from now on. :raises RecordNotFound: it was used, or is over"""
    try:
        clinic, person = store().use_way_in(request.form.get("token", ""), now_ms())
    except RecordNotFound:
        return render_template("clinic/desk/arrived_late.html"), 404
    visit = ListEntry(person)
    open_record = open_again(record_to_answer(visit, store().clinic(clinic.clinic_id)))
    return redirect(tablet.first_page(open_record, visit.lists), 303)


def _square(address: str) -> Markup:
    import segno  # 40 ms, which no other page has to wait for

    out = io.BytesIO()
    segno.make(address, error="m").save(
        out, kind="svg", xmldecl=False, svgns=False, border=4, light="#fff", unit="", omitsize=True
    )
    return Markup(out.getvalue().decode())
