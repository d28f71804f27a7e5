"""The session: a random id in the cookie, everything else in a sealed row, and no row before it is needed.

An id is only ever of our making: half of it is a mark over the other half, under a key of ours. And it is renewed
whenever this browser may open something more, so that whoever placed an id of their own there gains nothing by it.
"""

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from flask import Flask, Request, Response, current_app, g, session
from flask import request as current_request
from flask.sessions import SessionInterface, SessionMixin
from werkzeug.datastructures import CallbackDict

from storage import SealBroken
from storage.model import RENEWALS, RENEWED
from storage.time_limits import ANSWERS_STAY, EMPTY_SESSION
from web.core.stores import store

KEEP_SECONDS = ANSWERS_STAY.seconds
ZONE = "zone"
"""In a session, and in every form that a browser sends: the zone whose day is its own."""
REGION = "region"
"""In a session: whose numbers to call its pages show, where the clinic of its record says so."""
LOOKS = ("text", "colors", "language", "saving")
"""In a session: how its pages look and save, which tells of nobody."""
WITHOUT = ("/static/", "/health-link/")
"""Addresses that are answered without a session, alike to everybody; Flask asks before it knows the endpoint."""
_ID = re.compile(r"[A-Za-z0-9_-]{43}")
_HALF = 16


class Ended(Exception):
    """The session was renewed or left while this request went on: nothing of it is written any more."""


class ServerSession(CallbackDict[str, Any], SessionMixin):
    """What this browser may open. `csrf_token` comes from the id, so that it needs no row and never ages."""

    def __init__(self, session_id: str, stored: dict[str, Any] | None = None, *, new: bool) -> None:
        def on_update(changed: "ServerSession") -> None:
            changed.modified = True

        super().__init__({**(stored or {}), "csrf_token": (stored or {}).get("csrf") or _token(session_id)}, on_update)
        self.session_id = session_id
        self.old_id = ""
        self.has_row = stored is not None
        self.stored = dict(stored or {})
        self.new = new
        self.modified = False
        self.sends_cookie = False

    @property
    def may_open_something(self) -> bool:
        return bool(self.get("records") or self.get("shares"))

    def renew(self) -> None:
        """Goes on under a new id. Forms that stand open in other tabs of a record's owner can still be sent."""
        self.old_id, self.session_id = self.old_id or self.session_id, _new_id()
        if self.may_open_something:
            self["csrf"] = self["csrf_token"]
        else:
            self["csrf_token"] = _token(self.session_id)
        self.modified = True

    def leave(self) -> None:
        """Forgets all but how pages look, here and in the store; this browser begins again under a new id."""
        store().end_session(self.session_id)
        looks = {name: self[name] for name in LOOKS if self.get(name)}
        self.clear()
        self.update(looks)
        self.session_id, self.has_row, self.stored = _new_id(), False, {}
        self["csrf_token"] = _token(self.session_id)
        self.modified, self.sends_cookie = bool(looks), True


def own_session() -> ServerSession | None:
    """What this browser may open; None while its row or the store is at fault."""
    found = session._get_current_object()  # type: ignore[attr-defined]  # a proxy takes ten times as long to judge
    return found if isinstance(found, ServerSession) else None


class ServerSessions(SessionInterface):
    """Opens and saves the sessions of one app."""

    def open_session(self, app: Flask, request: Request) -> ServerSession | None:
        del app
        if request.path.startswith(WITHOUT):
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
        return ServerSession(_new_id(), new=True)
    try:
        stored = store().find_session(session_id)
    except SealBroken as error:  # told once: with a new cookie one can begin again
        g.session_fault = error
        fresh = ServerSession(_new_id(), new=True)
        fresh.sends_cookie = True
        return fresh
    if stored is None and not _is_ours(session_id):
        return ServerSession(_new_id(), new=True)
    if stored and stored.get(REGION):
        g.region = stored[REGION]
    return ServerSession(session_id, None if stored is None else dict(stored), new=False)


def keep(session: SessionMixin) -> None:
    """Writes what the session holds; called in a page, a fault of the store still becomes a page.

    It is tried once: the page that tells of the fault must not meet it again. A session that has ended meanwhile stays
    ended, and this browser keeps the cookie that it was given.
    """
    assert isinstance(session, ServerSession)
    if session.modified:
        if "zone" in g:
            session[ZONE] = g.zone
        session.modified = False
        try:
            _write(session)
        except Ended:
            return
        session.sends_cookie = session.has_row = True
        session.stored = dict(session)


def _write(session: ServerSession) -> None:
    days = (ANSWERS_STAY if session.may_open_something else EMPTY_SESSION).days
    if session.old_id:
        store().renew_session(session.old_id, session.session_id, lambda old: _merged(old, session), days=days)
        session.old_id = ""
    else:
        store().change_session(session.session_id, lambda old: _merged(_not_ended(old, session), session), days=days)


def _not_ended(old: dict[str, Any], session: ServerSession) -> dict[str, Any]:
    if old.get(RENEWED) or (session.has_row and not old):
        raise Ended
    return old


def cookie_name(request: Request) -> str:
    """A name that only this host can set where the connection is secure."""
    return "__Host-ff" if request.is_secure else "ff"


def init_app(app: Flask) -> None:
    app.session_interface = ServerSessions()

    @app.before_request
    def secret() -> None:  # also for the page that tells of a fault, be it the first page of a new process
        if current_app.secret_key is None:
            current_app.secret_key = store().derive("csrf")

    @app.before_request
    def tell_fault() -> None:
        if "session_fault" in g:
            raise g.session_fault


def _merged(old: dict[str, Any], session: ServerSession) -> dict[str, Any]:
    """Two requests at once: only what this one changed is written or taken out, and no record is lost that the other
    opened."""
    changed = {
        key: value for key, value in session.items() if key not in session.stored or session.stored[key] != value
    }
    new = {key: value for key, value in changed.items() if key != "csrf_token"}
    both = {name: _together(old, session, name) for name in ("records", "shares")}
    merged = {**old, **new, **both, RENEWALS: _newest(old, session, both["records"])}
    gone = {RENEWED, *(session.stored.keys() - session.keys())}
    return {name: value for name, value in merged.items() if name not in gone}


def _newest(old: dict[str, Any], session: ServerSession, records: list[str]) -> dict[str, int]:
    """Of each record the later renewal that either knows: a slower request never shuts out who has just renewed."""
    known = (old.get(RENEWALS, {}), session.get(RENEWALS, {}))
    found = {each: max(one.get(each, 0) for one in known) for each in records}
    return {each: renewals for each, renewals in found.items() if renewals}


def _together(old: dict[str, Any], session: ServerSession, name: str) -> list[str]:
    """Every id that either opened, without those that this one closed."""
    mine = session.get(name, ())
    closed = set(session.stored.get(name, ())) - set(mine)
    return [each for each in dict.fromkeys((*old.get(name, ()), *mine)) if each not in closed]


def _token(session_id: str) -> str:
    return hmac.new(store().derive("session"), session_id.encode(), hashlib.sha256).hexdigest()


def _new_id() -> str:
    half = secrets.token_bytes(_HALF)
    return urlsafe_b64encode(half + _mark(half)).decode().rstrip("=")


def _is_ours(session_id: str) -> bool:
    both = urlsafe_b64decode(session_id + "=")
    return hmac.compare_digest(both[_HALF:], _mark(both[:_HALF]))


def _mark(half: bytes) -> bytes:
    return hmac.digest(store().derive("session-id"), half, "sha256")[:_HALF]
