"""The session: a random id in the cookie, everything else in a sealed row, and no row before it is needed."""

import hashlib
import hmac
import re
import secrets
from typing import Any

from flask import Flask, Request, Response, current_app, g
from flask import request as current_request
from flask.sessions import SessionInterface, SessionMixin
from werkzeug.datastructures import CallbackDict

from storage import SealBroken
from storage.time_limits import KEPT
from web.stores import store

KEEP_SECONDS = KEPT.seconds
RECORDS_KEPT = 20
RENEWALS = "renewals"
"""In a draft: how often its link and code were renewed; in a session, by record: after which of these it was let in."""
ZONE = "zone"
"""In a session, and in every form that a browser sends: the zone whose day is its own."""
_ID = re.compile(r"[A-Za-z0-9_-]{43}")


class ServerSession(CallbackDict[str, Any], SessionMixin):
    """What this browser may open. `csrf_token` comes from the id, so that it needs no row and never ages."""

    def __init__(self, session_id: str, kept: dict[str, Any], *, new: bool) -> None:
        def on_update(changed: "ServerSession") -> None:
            changed.modified = True

        super().__init__({**kept, "csrf_token": _token(session_id)}, on_update)
        self.session_id = session_id
        self.kept = dict(kept)
        self.new = new
        self.modified = False
        self.sends_cookie = False


class ServerSessions(SessionInterface):
    """Opens and saves the sessions of one app."""

    def open_session(self, app: Flask, request: Request) -> ServerSession | None:
        del app
        if request.endpoint in ("static", "icon"):
            return None
        try:
            return _find_session(request)
        except Exception as error:  # raised again by tell_fault, where every fault becomes a page
            g.session_fault = error
            return None

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        del app
        assert isinstance(session, ServerSession)
        keep(session)
        if session.sends_cookie or (session.new and session.accessed):
            response.set_cookie(
                cookie_name(current_request),
                session.session_id,
                max_age=KEEP_SECONDS,
                httponly=True,
                secure=current_request.is_secure,
                samesite="Lax",
                path="/",
            )


def _find_session(request: Request) -> ServerSession:
    session_id = request.cookies.get(cookie_name(request), "")
    if not _ID.fullmatch(session_id):
        return ServerSession(secrets.token_urlsafe(32), {}, new=True)
    try:
        return ServerSession(session_id, dict(store().find_session(session_id) or {}), new=False)
    except SealBroken as error:  # told once: with a new cookie one can begin again
        g.session_fault = error
        fresh = ServerSession(secrets.token_urlsafe(32), {}, new=True)
        fresh.sends_cookie = True
        return fresh


def keep(session: SessionMixin) -> None:
    """Writes what the session holds; called in a page, a fault of the store still becomes a page.

    It is tried once: the page that tells of the fault must not meet it again.
    """
    assert isinstance(session, ServerSession)
    if session.modified:
        if "zone" in g:
            session[ZONE] = g.zone
        session.modified = False
        store().change_session(session.session_id, lambda old: _merged(old, session))
        session.sends_cookie = True
        session.kept = dict(session)


def cookie_name(request: Request) -> str:
    """A name that only this host can set where the connection is secure."""
    return "__Host-ff" if request.is_secure else "ff"


def init_app(app: Flask) -> None:
    app.session_interface = ServerSessions()

    @app.before_request
    def tell_fault() -> None:
        if "session_fault" in g:
            raise g.session_fault

    @app.before_request
    def secret() -> None:
        if current_app.secret_key is None:
            current_app.secret_key = store().derive("csrf")


def _merged(old: dict[str, Any], session: ServerSession) -> dict[str, Any]:
    """Two requests at once: only what this one changed is written, and no record is lost that the other opened."""
    changed = {key: value for key, value in session.items() if key not in session.kept or session.kept[key] != value}
    new = {key: value for key, value in changed.items() if key != "csrf_token"}
    both = {name: _together(old, session, name) for name in ("records", "shares")}
    return {**old, **new, **both, RENEWALS: _newest(old, session, both["records"])}


def _newest(old: dict[str, Any], session: ServerSession, records: list[str]) -> dict[str, int]:
    """Of each record the later renewal that either knows: a slower request never shuts out who has just renewed."""
    known = (old.get(RENEWALS, {}), session.get(RENEWALS, {}))
    found = {each: max(one.get(each, 0) for one in known) for each in records}
    return {each: renewals for each, renewals in found.items() if renewals}


def _together(old: dict[str, Any], session: ServerSession, name: str) -> list[str]:
    """Every id that either opened, without those that this one closed."""
    mine = session.get(name, ())
    closed = set(session.kept.get(name, ())) - set(mine)
    return [each for each in dict.fromkeys((*old.get(name, ()), *mine)) if each not in closed][-RECORDS_KEPT:]


def _token(session_id: str) -> str:
    return hmac.new(store().derive("session"), session_id.encode(), hashlib.sha256).hexdigest()
