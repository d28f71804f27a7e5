"""Who is at work here: asked before every page under /clinic, as roles.py says; all else takes it from here."""

from datetime import UTC, date, datetime

from flask import Blueprint, Flask, current_app, g, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from reports.words.speech import N_
from storage.clinics.model import AuditLine, Clinic, ClinicNotFound, Person, Staff
from storage.clinics.store import ClinicStore
from web.clinic import roles
from web.clinic.audit_words import Verb
from web.clinic.signing_in import sessions
from web.clinic.signing_in.locking import keep_what_was_typed
from web.core.speaking import gettext as _
from web.core.stores import store
from web.visitor.own_clinic import act_for, day_at, zone_of

pages = Blueprint("at_work", __name__)


LEADS = (
    ("today.people", N_("People of the day"), N_("Who comes, where each one is, and what came out.")),
    ("print_day.ask", N_("Print the day"), N_("A plan for each person, as one file.")),
    ("tables.ask", N_("A table of people"), N_("Print from your own .xlsx or CSV.")),
    ("month.show", N_("The month"), N_("Who came, levels, steps done.")),
    ("papers.poster", N_("A poster for the wall"), N_("Whoever points a phone at it begins answers of their own.")),
    ("the_clinic.settings", N_("The clinic"), N_("Its name, phone, logo and paper.")),
    ("services.services", N_("Local services"), N_("Who near you helps with steps of a plan.")),
    ("staff.staff", N_("Staff"), N_("Who signs in, and what they may do.")),
    ("reviews.show", N_("Words that were reviewed"), N_("Which clinicians have signed them.")),
    ("audit_log.log", N_("The log"), N_("Who saw, changed or printed what.")),
    ("own_sign_in.own", N_("My sign-in"), N_("Your password and your authenticator.")),
)


class NotForThisRole(Exception):
    """Who is at work here may not open this."""


def init_app(app: Flask) -> None:
    """The last thing: every address is there by then. :raises NoRoleDeclared: one of them says not who may open it"""
    roles.check(app)
    app.before_request(let_in)
    app.after_request(sessions.send_cookie)
    app.register_error_handler(NotForThisRole, not_for_this_role)
    app.register_error_handler(ClinicNotFound, not_found)


def let_in() -> Response | None:
    """Nobody comes to a page for staff but who may; for all other pages this costs one look at the address."""
    rule = request.url_rule
    if rule is None or not roles.is_of_clinic(rule):
        return None
    may = roles.MAY[str(request.endpoint)]
    if may is roles.NOBODY_YET:
        return None
    signed_in = sessions.find()
    if signed_in is None or signed_in.stage == "code":
        return redirect(url_for("signing_in.sign_in"), 303)
    if signed_in.stage == "locked":
        keep_what_was_typed(signed_in)
        return redirect(url_for("locking.locked"), 303)
    if signed_in.staff.role not in may:
        raise NotForThisRole
    if _lacks_authenticator(signed_in.staff) and request.endpoint not in roles.BEFORE_AUTHENTICATOR:
        return redirect(url_for("own_sign_in.authenticator"), 303)
    if "moving" not in request.args:  # a list that moves by itself is nobody at work
        sessions.note_use(signed_in)
    act_for(signed_in.clinic)
    return None


def _lacks_authenticator(staff: Staff) -> bool:
    return staff.role in roles.MUST_HAVE_AUTHENTICATOR and not staff.totp


def at_work() -> tuple[Staff, Clinic]:
    """Who asks for this page, and where they work."""
    signed_in = sessions.find()
    assert signed_in is not None
    assert signed_in.may_work, "roles.py lets nobody else in"
    return signed_in.staff, signed_in.clinic


def clinic_store() -> ClinicStore:
    """What is kept of the clinic of who asks, and of no other."""
    return store().clinic(at_work()[1].clinic_id)


def may(endpoint: str) -> bool:
    """Whether who asks may open this page, so that it is offered to them."""
    return at_work()[0].role in roles.MAY[endpoint]


def local_time(at: datetime) -> datetime:
    """A moment as the clock of the clinic showed it."""
    return at.astimezone(zone_of(at_work()[1]))


def clinic_day() -> date:
    """The day at the clinic of who asks."""
    return day_at(at_work()[1])


def note(did: Verb, person: Person | None = None, says: str = "", *, by: tuple[Staff, Clinic] | None = None) -> None:
    """Writes a line of the audit log."""
    clinic = by[1] if by else at_work()[1]
    store().clinic(clinic.clinic_id).note(line(did, person, says, by=by[0] if by else None))


def line(did: Verb, person: Person | None = None, says: str = "", *, by: Staff | None = None) -> AuditLine:
    """A line of the audit log: who did what now, of whom; nothing of anybody's health."""
    staff = by or at_work()[0]
    return AuditLine(
        at=datetime.fromtimestamp(sessions.now(), UTC),
        staff_id=staff.staff_id,
        who=staff.shown or staff.name,
        role=staff.role,
        did=did,
        person_id=person.person_id if person else None,
        person_code=person.code if person else "",
        note=says,
    )


def not_for_this_role(error: NotForThisRole) -> tuple[str, int]:
    del error
    title, text = _("This page is for others"), _("Your sign-in does not open it. Ask a manager of your clinic.")
    leads = (_("Go to your start"), url_for("at_work.start"))
    return render_template("message.html", title=title, text=text, leads=leads), 403


def not_found(error: ClinicNotFound) -> Response:
    """What is another clinic's is told as what is not there at all."""
    del error
    return current_app.make_response(current_app.handle_user_exception(NotFound()))


@pages.get("/clinic")
def start() -> str:
    """Where somebody begins who has signed in: what they may open."""
    return render_template("clinic/start.html", leads=[each for each in LEADS if may(each[0])])


def bar() -> dict[str, object] | None:
    """What stands on top of each page for staff: who works where, and the way out."""
    if "signed_in" not in g or g.signed_in is None or not g.signed_in.may_work:
        return None
    staff, clinic = at_work()
    return {"clinic": clinic, "staff": staff}
