"""What somebody wrote on paper is typed in by staff: their sheets in this browser and nothing else, beside the sign-in.

It is a session of everybody's pages that holds one record, as on a tablet; but staff go on working, and pages for staff
see nothing of it. It ends after the last sheet, and where who began it may no longer work. While they are only locked
out it waits for the password with what was typed, and opens for nobody.
"""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Flask, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from answers.draft import ABOUT
from web.asking.chosen_lists import choose_lists
from web.clinic import roles
from web.clinic.at_work import NotForThisRole, at_work, may, note
from web.clinic.desk.list_entry import ListEntry
from web.clinic.desk.on_the_list import get_visit, record_to_answer, shown_name
from web.clinic.signing_in import sessions as staff_sessions
from web.clinic.signing_in.locking import keep_what_was_typed, what_waited_here
from web.core.speaking import gettext as _
from web.plan.results import work_out
from web.visitor.must_go_first import get_led
from web.visitor.open_record import today
from web.visitor.own_clinic import remember_clinic
from web.visitor.preferences import keep_typed
from web.visitor.sessions import ServerSession, keep, own_session

pages = Blueprint("from_paper", __name__)
SHEETS = "sheets"
"""In a session: whose sheets are typed in, by whom, and which are done."""
_TYPING = frozenset(
    {
        "entry_from_paper.enter",
        "entry_from_paper.entered",
        "signs.signs",
        "signs.group",
        "signs.tick",
        "signs.help_now",
        "signs.called",
        "preferences.choose",
        "preferences.set_preferences",
        "from_paper.go_on",
        "from_paper.pass_over",
    }
)


def init_app(app: Flask) -> None:
    app.before_request(keep_to_sheets)


def may_type_in(visit: ListEntry) -> bool:
    """Who may not see answers types in the first ones, as no page of it then shows any but theirs."""
    return visit.last is None or may("measuring.form")


@pages.post("/clinic/people/<person_id>/paper")
def begin(person_id: str) -> Response:
    """Their first sheet. :raises NotForThisRole: it would show what they answered before"""
    visit = get_visit(person_id)
    if not may_type_in(visit):
        raise NotForThisRole
    record_id = record_to_answer(visit)
    staff, clinic = at_work()
    _put_away()
    sheets = {"person": person_id, "called": shown_name(visit, clinic), "staff": staff.staff_id, "done": []}
    session.update(records=[record_id], record=record_id, used=today().isoformat())
    session[SHEETS] = {**sheets, "lists": [ABOUT, *visit.lists]}
    choose_lists(record_id, visit.lists)
    remember_clinic(record_id)
    keep(session)
    note("changed-person", visit.person, _("from paper"))
    return redirect(url_for("from_paper.go_on"), 303)


@pages.get("/typing-in")
def go_on() -> Response:
    """The next sheet; after the last one the plan is made, and staff are back with the person."""
    found, open_record = sheets(), get_led()
    if not found:
        return redirect(url_for("hub.checklists"), 303)
    if left := [each for each in found["lists"] if each not in found["done"]]:
        asked = "no" if found["done"] else None
        return redirect(url_for("entry_from_paper.enter", subject=left[0], asked=asked), 303)
    if open_record.draft.can_be_assessed:
        work_out(open_record, f"paper-{open_record.revision}")
    _put_away()
    keep(session)
    return redirect(url_for("person.show", person_id=found["person"]), 303)


@pages.post("/typing-in")
def pass_over() -> Response:
    """Nothing is written on this sheet."""
    if found := sheets():
        _note_done(found, request.form.get("sheet", ""))
    return redirect(url_for("from_paper.go_on"), 303)


def sheets() -> dict[str, Any]:
    """What is typed in here by staff; nothing anywhere else."""
    found = own.get(SHEETS) if (own := own_session()) else None
    return dict(found or {})


def keep_to_sheets() -> Response | None:
    """While sheets are typed in, every other address leads to the next one, and staff see nothing of it elsewhere."""
    rule = request.url_rule
    if rule is None or not (found := sheets()):  # in this order: who looks at a session has to have one, by a cookie
        return None
    if roles.is_of_clinic(rule):
        g.open_record = None
        return None
    signed_in = staff_sessions.find()
    if signed_in is None or signed_in.stage == "code" or signed_in.staff.staff_id != found["staff"]:
        _put_away()
        keep(session)
        return redirect(url_for("today.people"), 303)
    if signed_in.stage == "locked":
        keep_what_was_typed(signed_in)
        return redirect(url_for("locking.locked"), 303)
    staff_sessions.note_use(signed_in)
    if (waited := what_waited_here()) is not None:
        keep_typed(request.path, waited)
    if request.endpoint == "hub.review":  # where a sheet leads that was saved
        _note_done(found, (request.view_args or {}).get("checklist", ""))
    return None if request.endpoint in _TYPING else redirect(url_for("from_paper.go_on"), 303)


def _note_done(found: Mapping[str, Any], sheet: str) -> None:
    session[SHEETS] = {**found, "done": [*found["done"], sheet]}
    keep(session)


def _put_away() -> None:
    assert isinstance(session, ServerSession)
    session.leave()
