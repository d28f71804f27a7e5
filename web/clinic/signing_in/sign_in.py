"""Signing in: name and password, then the six digits where an authenticator is set up; and signing out."""

from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from checklists.people.plain_text import plain
from storage.clinics.model import Staff
from web.clinic.at_work import note
from web.clinic.signing_in import codes, passwords, sessions, tries
from web.clinic.signing_in.locking import too_many
from web.core.speaking import gettext as _
from web.core.stores import store
from web.visitor.budgets import TooMuch

pages = Blueprint("signing_in", __name__)


@pages.get("/clinic/sign-in")
def sign_in() -> str | Response:
    """Fields for a name and a password."""
    signed_in = sessions.find()
    return redirect(url_for("at_work.start"), 303) if signed_in and signed_in.may_work else _page("")


@pages.post("/clinic/sign-in")
def check() -> Response | tuple[str, int]:
    """Goes on, or says that one of the two is wrong, and never which."""
    name, typed = plain(request.form.get("name", "")), request.form.get("password", "")
    try:
        tries.count_try(name)
    except TooMuch as error:
        return _page(name, too_many(error)), 429
    staff = store().find_staff(name)
    if not passwords.is_right(staff, typed) or staff is None:
        return _page(name, _("The name or the password is not right.")), 422
    tries.give_back(name)
    if passwords.is_outdated(staff):
        staff = _hashed_anew(staff, typed)
    return go_in(staff)


def go_in(staff: Staff) -> Response:
    """The password, or what stands for it, was right: the second step where there is one, else the start."""
    clinic = store().clinic(staff.clinic_id).get()
    if staff.totp:
        sessions.begin(staff, clinic, "code")
        return redirect(url_for("signing_in.code"), 303)
    sessions.begin(staff, clinic, "in")
    note("signed-in")
    return redirect(url_for("at_work.start"), 303)


@pages.get("/clinic/sign-in/code")
def code() -> str | Response:
    """A field for the six digits, or for a recovery code."""
    signed_in = sessions.find()
    if signed_in is None or signed_in.stage != "code":
        return redirect(url_for("signing_in.sign_in"), 303)
    return _code_page()


@pages.post("/clinic/sign-in/code")
def check_code() -> Response | tuple[str, int]:
    """Uses the code up, and goes on under a new id."""
    signed_in = sessions.find()
    if signed_in is None or signed_in.stage != "code":
        return redirect(url_for("signing_in.sign_in"), 303)
    staff, clinic = signed_in.staff, signed_in.clinic
    try:
        tries.count_try(staff.name)
        use = codes.using(request.form.get("code", ""), sessions.now())
        staff = store().clinic(clinic.clinic_id).change_staff(staff.staff_id, use)
    except TooMuch as error:
        return _code_page(too_many(error)), 429
    except codes.WrongCode:
        return _code_page(_("This code is not right, or it was used before. Wait for the next one.")), 422
    tries.give_back(staff.name)
    sessions.begin(staff, clinic, "in")
    note("signed-in")
    return redirect(url_for("at_work.start"), 303)


@pages.post("/clinic/sign-out")
def sign_out() -> Response:
    """Nobody is signed in here any more."""
    signed_in = sessions.find()
    if signed_in and signed_in.stage != "code":
        note("signed-out", by=(signed_in.staff, signed_in.clinic))
    sessions.end()
    return redirect(url_for("signing_in.sign_in"), 303)


def _hashed_anew(staff: Staff, typed: str) -> Staff:
    hashed = passwords.hash_of(typed)
    clinic = store().clinic(staff.clinic_id)
    return clinic.change_staff(staff.staff_id, lambda found: replace(found, password=hashed))


def _page(name: str, error: str = "") -> str:
    return render_template("clinic/signing_in/sign_in.html", name=name, error=error)


def _code_page(error: str = "") -> str:
    return render_template("clinic/signing_in/code.html", error=error)
