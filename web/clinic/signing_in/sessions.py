"""Who is signed in in this browser: a session of its own, beside that of everybody's pages and in a cookie of its own.

Its id is random, and new at each step of signing in; the store has only a hash of it. It is locked where nobody used it
for 15 minutes and ends 12 hours after signing in, also for a clock that was set back: what seems to be of the future is
no longer believed.
"""

import re
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Literal

from flask import Request, Response, g, request

from storage.clinics.model import Clinic, Staff
from storage.clinics.remembered import LISTS
from storage.time_limits import CODE_ASKED, STAFF_IDLE, STAFF_SIGNED_IN
from web.core.settings import clinic_today
from web.core.stores import store
from web.visitor.open_record import now_ms

Stage = Literal["code", "in", "locked"]
_ID = re.compile(r"[A-Za-z0-9_-]{43}")
WAITS = ("path", "fields")
"""In `waiting`: the page that was locked, and what was typed on it."""
_NOTED_EVERY = 60
"""Seconds between two writes of when it was last used."""


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """Somebody in this browser. At stage `code` the second step is open; `waiting` is what waits for going on."""

    session_id: str
    staff: Staff
    clinic: Clinic
    stage: Stage
    began: int
    seen: int
    waiting: dict[str, Any]

    @property
    def may_work(self) -> bool:
        return self.stage == "in"


def now() -> int:
    """The second."""
    return now_ms() // 1000


def cookie_name(of: Request) -> str:
    """A name that only this host can set where the connection is secure."""
    return "__Host-ff-staff" if of.is_secure else "ff-staff"


def find() -> SignedIn | None:
    """Who is signed in here, looked up once a request; one who was away is locked out until the password comes."""
    if "signed_in" not in g:
        g.signed_in = _find(request.cookies.get(cookie_name(request), ""))
    found: SignedIn | None = g.signed_in
    return found


def begin(staff: Staff, clinic: Clinic, stage: Stage, *, began: int | None = None, waiting: Any = None) -> SignedIn:
    """Signs in under a new id; the session before, if there was one, is over."""
    end()
    at = now()
    signed_in = SignedIn(
        session_id=secrets.token_urlsafe(32),
        staff=staff,
        clinic=clinic,
        stage=stage,
        began=began or at,
        seen=at,
        waiting=dict(waiting or {}),
    )
    _save(signed_in)
    g.new_staff_cookie = signed_in.session_id
    return signed_in


def lock(signed_in: SignedIn, waiting: dict[str, Any]) -> None:
    """Nothing opens until the password comes again; what was typed waits."""
    LISTS.forget(signed_in.clinic.clinic_id)
    _save(replace(signed_in, stage="locked", waiting={**signed_in.waiting, **waiting}))


def forget_what_waited(signed_in: SignedIn) -> None:
    """What waited was shown."""
    _save(replace(signed_in, waiting={name: each for name, each in signed_in.waiting.items() if name not in WAITS}))


def keep_beside(signed_in: SignedIn, more: dict[str, Any]) -> SignedIn:
    """Something that a page has to find again."""
    after = replace(signed_in, waiting={**signed_in.waiting, **more})
    _save(after)
    return after


def note_use(signed_in: SignedIn) -> None:
    """Somebody is at work here now; written once a minute."""
    if now() - signed_in.seen >= _NOTED_EVERY:
        _save(replace(signed_in, seen=now()))


def end() -> None:
    """Nobody is signed in here any more; the cookie goes too."""
    session_id = request.cookies.get(cookie_name(request), "")
    if _ID.fullmatch(session_id):
        store().end_staff_session(session_id)
    g.signed_in, g.new_staff_cookie = None, ""


def send_cookie(response: Response) -> Response:
    """Where somebody signed in or out, the browser is told."""
    if "new_staff_cookie" in g:
        response.set_cookie(
            cookie_name(request),
            g.new_staff_cookie,
            max_age=None if g.new_staff_cookie else 0,
            httponly=True,
            secure=request.is_secure,
            samesite="Lax",
            path="/",
        )
    return response


def _find(session_id: str) -> SignedIn | None:
    found = store().find_staff_session(session_id) if _ID.fullmatch(session_id) else None
    if found is None:
        return None
    session, staff, clinic = found
    signed_in = SignedIn(
        session_id=session_id,
        staff=staff,
        clinic=clinic,
        stage=session.data["stage"],
        began=session.data["began"],
        seen=session.data["seen"],
        waiting=dict(session.data["waiting"]),
    )
    if is_over(signed_in.began, STAFF_SIGNED_IN.seconds):
        return None
    if signed_in.stage == "code":
        return None if is_over(signed_in.began, CODE_ASKED.seconds) else signed_in
    return replace(signed_in, stage="locked") if is_over(signed_in.seen, STAFF_IDLE.seconds) else signed_in


def is_over(since: int, seconds: int) -> bool:
    """So much time has passed, or the clock was set back since."""
    return not -_NOTED_EVERY <= now() - since < seconds


def _save(signed_in: SignedIn) -> None:
    data = {"stage": signed_in.stage, "began": signed_in.began, "seen": signed_in.seen, "waiting": signed_in.waiting}
    clinic, until = store().clinic(signed_in.clinic.clinic_id), clinic_today() + timedelta(days=1)
    clinic.save_session(signed_in.session_id, signed_in.staff.staff_id, data, until=until)
    g.signed_in = signed_in
