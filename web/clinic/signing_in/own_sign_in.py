"""One's own way in: the password, the authenticator and the recovery codes."""

import io
from dataclasses import replace

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from storage.clinics.model import Staff
from web.clinic import roles
from web.clinic.at_work import at_work, clinic_store, note
from web.clinic.signing_in import codes, passwords, sessions, tries
from web.clinic.signing_in.locking import too_many
from web.clinic.signing_in.setting_up import fault_of
from web.core.speaking import gettext as _
from web.visitor.budgets import TooMuch

pages = Blueprint("own_sign_in", __name__)
_WAITS = "totp"
"""In the session: the secret that an authenticator has to show first that it knows."""


@pages.get("/clinic/my-sign-in")
def own() -> str:
    """What it is made of, and forms to change it."""
    return _page()


@pages.post("/clinic/my-sign-in/password")
def change_password() -> Response | tuple[str, int]:
    """A new password, for who knows the old one; everywhere else they are signed out."""
    staff, clinic = at_work()
    if fault := _fault_of_old_password(staff):
        return _page(old=fault), 422
    password = request.form.get("new-password", "")
    if fault := fault_of(password, staff):
        return _page(new=fault), 422
    hashed = passwords.hash_of(password)
    staff = clinic_store().change_staff(staff.staff_id, lambda found: replace(found, password=hashed))
    sessions.begin(staff, clinic, "in")
    note("changed-password")
    return redirect(url_for("own_sign_in.own"), 303)


@pages.get("/clinic/my-sign-in/authenticator")
def authenticator() -> str | Response:
    """A square to scan, the same as letters, and a field for the first six digits."""
    if at_work()[0].totp:
        return redirect(url_for("own_sign_in.own"), 303)
    return _authenticator_page(_secret_that_waits())


@pages.get("/clinic/my-sign-in/authenticator.svg")
def picture() -> Response:
    """The square."""
    import segno  # 40 ms, which no other page has to wait for

    staff, clinic = at_work()
    if staff.totp:
        abort(404)
    out = io.BytesIO()
    address = codes.address_of(_secret_that_waits(), staff, clinic.name)
    segno.make(address, error="m").save(out, kind="svg", border=4, light="#fff", unit="", scale=4)
    return current_app.response_class(out.getvalue(), content_type="image/svg+xml")


@pages.post("/clinic/my-sign-in/authenticator")
def begin_authenticator() -> str | Response | tuple[str, int]:
    """From now on it is asked for. The recovery codes are shown this once."""
    staff, _clinic = at_work()
    secret, typed = _secret_that_waits(), "".join(request.form.get("code", "").split())
    step = codes.matching_step(secret, typed, sessions.now())
    if staff.totp:
        return redirect(url_for("own_sign_in.own"), 303)
    if step is None:
        return _authenticator_page(secret, _("These are not the six digits of now. Wait for the next ones.")), 422
    new = codes.new_recovery_codes()
    hashes = tuple(codes.hash_of(each) for each in new)
    clinic_store().change_staff(
        staff.staff_id, lambda found: replace(found, totp=secret, last_step=step, recovery=hashes)
    )
    _go_on()
    note("changed-authenticator")
    return render_template("clinic/signing_in/recovery.html", codes=new)


@pages.post("/clinic/my-sign-in/authenticator/end")
def end_authenticator() -> Response | tuple[str, int]:
    """It is asked for no more; a manager must have one, and sets up another."""
    staff, _clinic = at_work()
    if fault := _fault_of_old_password(staff, "end-password"):
        return _page(end=fault), 422
    clinic_store().change_staff(staff.staff_id, lambda found: replace(found, totp="", last_step=0, recovery=()))
    _go_on()
    note("changed-authenticator")
    must = staff.role in roles.MUST_HAVE_AUTHENTICATOR
    return redirect(url_for("own_sign_in.authenticator" if must else "own_sign_in.own"), 303)


@pages.post("/clinic/my-sign-in/recovery-codes")
def renew_codes() -> str | Response:
    """New ones, shown this once; those before open nothing any more."""
    staff, _clinic = at_work()
    if not staff.totp:
        return redirect(url_for("own_sign_in.own"), 303)
    new = codes.new_recovery_codes()
    hashes = tuple(codes.hash_of(each) for each in new)
    clinic_store().change_staff(staff.staff_id, lambda found: replace(found, recovery=hashes))
    note("changed-authenticator")
    return render_template("clinic/signing_in/recovery.html", codes=new)


def _secret_that_waits() -> str:
    """Made once, and the same until it is shown to be known."""
    signed_in = sessions.find()
    assert signed_in is not None
    if _WAITS not in signed_in.waiting:
        signed_in = sessions.keep_beside(signed_in, {_WAITS: codes.new_secret()})
    return str(signed_in.waiting[_WAITS])


def _go_on() -> None:
    """Under a new id, and with what has changed."""
    signed_in = sessions.find()
    assert signed_in is not None
    staff = clinic_store().get_staff(signed_in.staff.staff_id)
    sessions.begin(staff, signed_in.clinic, "in", began=signed_in.began)


def _fault_of_old_password(staff: Staff, field: str = "password") -> str:
    try:
        tries.count_try(staff.name)
    except TooMuch as error:
        return too_many(error)
    if not passwords.is_right(staff, request.form.get(field, "")):
        return _("This is not the right password.")
    tries.give_back(staff.name)
    return ""


def _page(**errors: str) -> str:
    staff, _clinic = at_work()
    return render_template(
        "clinic/signing_in/own.html",
        staff=staff,
        must=staff.role in roles.MUST_HAVE_AUTHENTICATOR,
        codes_left=len(staff.recovery),
        errors={"old": "", "new": "", "end": ""} | errors,
    )


def _authenticator_page(secret: str, error: str = "") -> str:
    staff, _clinic = at_work()
    must = staff.role in roles.MUST_HAVE_AUTHENTICATOR
    letters = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return render_template("clinic/signing_in/authenticator.html", letters=letters, must=must, error=error)
