"""Single sign-on by OpenID Connect: staff come in by their organization's own sign-in, where four settings name it.

Nobody is known by an e-mail address, which can change hands: somebody who has signed in here once connects themselves,
and is found from then on by issuer and subject. It stands for the password alone: an authenticator is asked for too.
"""

import hmac
import logging
from dataclasses import replace
from typing import Any

from flask import Blueprint, Flask, abort, current_app, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from storage.clinics.model import Staff, SubjectTaken
from web.clinic.at_work import clinic_store, note
from web.clinic.signing_in import sessions
from web.clinic.signing_in.locking import go_on_after_lock
from web.clinic.signing_in.sign_in import go_in
from web.core.settings import single_sign_on
from web.core.speaking import gettext as _
from web.core.stores import store
from web.visitor.budgets import spend_session

pages = Blueprint("single_sign_on", __name__)
_NAME = "organization"
_SECONDS = 5
"""So long is a provider waited for."""


class NotSignedIn(Exception):
    """The provider did not say who it is, or not in a way that can be believed; the message says what to do."""


def init_app(app: Flask) -> None:
    """The provider of the settings, if there is one. :raises SettingError: they are not whole"""
    settings = single_sign_on()
    if settings is None:
        return
    from authlib.integrations.flask_client import OAuth  # 300 ms, which nobody else has to wait for

    provider = OAuth(app).register(
        _NAME,
        client_id=settings.client,
        client_secret=settings.secret,
        server_metadata_url=f"{settings.issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid", "code_challenge_method": "S256", "timeout": _SECONDS},
    )
    app.extensions[_NAME] = provider


def is_set_up() -> bool:
    """Whether there is a provider to sign in at."""
    return _NAME in current_app.extensions


@pages.get("/clinic/sign-in/organization")
def begin() -> Response | tuple[str, int]:
    """Leads to the provider; by a link, as forms may lead nowhere but to us (security.py)."""
    return _lead_there()


@pages.get("/clinic/my-sign-in/organization")
def connect() -> Response | tuple[str, int]:
    """The same for somebody who is at work here, to be connected."""
    return _lead_there()


@pages.get("/clinic/sign-in/organization/back")
def back() -> Response | tuple[str, int]:
    """The provider has sent the browser back: signs in, goes on after a lock, or connects who is at work here."""
    try:
        subject = _subject_of(_provider())
    except NotSignedIn as error:
        return _message(_("You are not signed in"), str(error), 422)
    signed_in = sessions.find()
    if signed_in and signed_in.may_work:
        return _connect(signed_in.staff, subject)
    staff = store().find_staff_by_subject(subject)
    if staff is None or staff.is_disabled:
        text = _("Sign in with your name and password once. Then connect it under My sign-in.")
        return _message(_("This clinic does not know you yet"), text, 403)
    if signed_in and signed_in.stage == "locked" and signed_in.staff.staff_id == staff.staff_id:
        return go_on_after_lock(signed_in)
    return go_in(staff)


@pages.post("/clinic/my-sign-in/organization/end")
def disconnect() -> Response:
    """The organization's own sign-in opens nothing here any more."""
    signed_in = sessions.find()
    assert signed_in is not None
    clinic_store().change_staff(signed_in.staff.staff_id, lambda found: replace(found, subject=""))
    note("changed-organization")
    return redirect(url_for("own_sign_in.own"), 303)


def _connect(staff: Staff, subject: str) -> Response | tuple[str, int]:
    try:
        clinic_store().change_staff(staff.staff_id, lambda found: replace(found, subject=subject))
    except SubjectTaken:
        text = _("Somebody else here is connected with this sign-in. Ask a manager of your clinic.")
        return _message(_("You are not connected"), text, 409)
    note("changed-organization")
    return redirect(url_for("own_sign_in.own"), 303)


def _lead_there() -> Response | tuple[str, int]:
    provider = _provider()
    spend_session()  # what was asked waits in a session of everybody's pages
    _forget_what_was_asked()
    try:
        answer = provider.authorize_redirect(url_for("single_sign_on.back", _external=True))
    except _faults() as error:
        return _message(_("You are not signed in"), _what_to_do(error), 502)
    return redirect(answer.location, 303)


def _provider() -> Any:
    return current_app.extensions[_NAME] if is_set_up() else abort(404)


def _subject_of(provider: Any) -> str:
    """Who it is, as a hash of issuer and subject under a key of ours. :raises NotSignedIn: nobody to be believed"""
    try:
        claims = provider.authorize_access_token().get("userinfo") or {}
    except _faults() as error:
        raise NotSignedIn(_what_to_do(error)) from None
    settings = single_sign_on()
    assert settings is not None
    if settings.tenant and settings.tenant not in (claims.get("tid"), claims.get("hd")):
        raise NotSignedIn(_("This sign-in is not of your organization. Choose the one of your work."))
    issuer, subject = claims.get("iss"), claims.get("sub")
    if not issuer or not subject:
        raise NotSignedIn(_what_to_do(None))
    return hmac.digest(store().derive("subjects"), f"{issuer}\n{subject}".encode(), "sha256").hex()


def _faults() -> tuple[type[Exception], ...]:
    """What a provider, the way to it or a forged answer can do to us."""
    from authlib.common.errors import AuthlibBaseError
    from joserfc.errors import JoseError
    from requests import RequestException

    return (AuthlibBaseError, JoseError, RequestException, RuntimeError, ValueError, KeyError, TypeError)


def _what_to_do(error: Exception | None) -> str:
    """What to do; the log has what happened, without anything that the provider sent."""
    logging.getLogger(__name__).warning("single sign-on: %s", type(error).__name__)
    _forget_what_was_asked()
    return _("Your organization's sign-in did not answer as it should. Try again, or use your password.")


def _forget_what_was_asked() -> None:
    """One question at a time waits for its answer, so that asking again and again fills no session."""
    for name in [each for each in session if each.startswith("_state_")]:
        session.pop(name)


def _message(title: str, text: str, status: int) -> tuple[str, int]:
    leads = (_("Back to signing in"), url_for("signing_in.sign_in"))
    return render_template("message.html", title=title, text=text, leads=leads), status
