"""The set-up link: opened once, by somebody new or whose password was reset, to choose a password."""

import hmac
import secrets
from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from storage.clinics.model import ClinicNotFound, Staff
from storage.time_limits import SET_UP
from web.clinic.at_work import note
from web.clinic.signing_in import codes, passwords, sessions
from web.core.settings import clinic_today
from web.core.speaking import gettext as _
from web.core.stores import store

pages = Blueprint("setting_up", __name__)


class UsedUp(Exception):
    """The link was used meanwhile, or another was made."""


def new_link(clinic_id: str, staff_id: str) -> str:
    """The path of a new link for this one; the password, the authenticator and links of before are gone."""
    secret, until = secrets.token_urlsafe(24), clinic_today() + SET_UP.after

    def reset(staff: Staff) -> Staff:
        hashed = codes.hash_of(secret)
        return replace(
            staff,
            set_up=hashed,
            set_up_until=until,
            password="",
            totp="",
            last_step=0,
            recovery=(),
            subject="",
            is_disabled=False,
        )

    store().clinic(clinic_id).change_staff(staff_id, reset)
    return f"/clinic/set-up/{clinic_id}{staff_id}{secret}"


@pages.get("/clinic/set-up/<token>")
def set_up(token: str) -> str | tuple[str, int]:
    """Fields for a password; a look at the link uses nothing up."""
    staff = _behind(token)
    return _page(token, staff) if staff else _opens_nothing()


@pages.post("/clinic/set-up/<token>")
def choose_password(token: str) -> Response | str | tuple[str, int]:
    """Keeps the password, uses the link up and signs in."""
    staff = _behind(token)
    if staff is None:
        return _opens_nothing()
    password = request.form.get("password", "")
    if error := fault_of(password, staff):
        return _page(token, staff, error), 422
    hashed, link = passwords.hash_of(password), staff.set_up

    def choose(found: Staff) -> Staff:
        if found.set_up != link:
            raise UsedUp
        return replace(found, set_up="", set_up_until=None, password=hashed)

    clinic = store().clinic(staff.clinic_id)
    try:
        staff = clinic.change_staff(staff.staff_id, choose)
    except UsedUp:
        return _opens_nothing()
    sessions.begin(staff, clinic.get(), "in")
    note("set-up")
    return redirect(url_for("at_work.start"), 303)


def fault_of(password: str, staff: Staff) -> str:
    """Why this may not be a password, or nothing."""
    if len(password) < passwords.SHORTEST:
        return _("Use at least %(count)s letters, for example four words.", count=passwords.SHORTEST)
    if len(password) > passwords.LONGEST:
        return _("Use at most %(count)s letters.", count=passwords.LONGEST)
    if password.casefold() in (staff.name.casefold(), staff.shown.casefold()) or len(set(password)) < 5:
        return _("This is easy to guess. Use, for example, four words that do not belong together.")
    return ""


def _behind(token: str) -> Staff | None:
    clinic_id, staff_id, secret = token[:32], token[32:64], token[64:]
    try:
        staff = store().clinic(clinic_id).get_staff(staff_id)
    except ClinicNotFound:
        return None
    is_right = bool(staff.set_up) and hmac.compare_digest(staff.set_up, codes.hash_of(secret))
    is_over = staff.set_up_until is None or clinic_today() > staff.set_up_until
    return staff if is_right and not is_over and not staff.is_disabled else None


def _page(token: str, staff: Staff, error: str = "") -> str:
    return render_template("clinic/signing_in/set_up.html", token=token, staff=staff, error=error)


def _opens_nothing() -> tuple[str, int]:
    return render_template("clinic/signing_in/link_is_over.html"), 404
