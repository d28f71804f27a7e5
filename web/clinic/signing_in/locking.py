"""Lock: nobody reads or changes anything until the password comes again, and what was typed waits for that."""

import json
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from web.clinic.signing_in import passwords, sessions, tries
from web.clinic.signing_in.sessions import SignedIn
from web.core.speaking import gettext as _
from web.visitor.budgets import TooMuch
from web.visitor.own_clinic import act_for
from web.visitor.preferences import is_ours, local, typed_here

pages = Blueprint("locking", __name__)
MOST_TYPED_BYTES = 32_000
FOR_STAFF = ("/clinic", "/enter/", "/warning-signs")
"""Where the addresses begin of pages on which staff type something: of their own, and of a sheet that is typed in."""


@pages.post("/clinic/lock")
def lock() -> Response:
    """Locks this browser; `to` is the page that it was pressed on, whose form comes along."""
    signed_in = sessions.find()
    if signed_in is None or signed_in.stage == "code":
        return redirect(url_for("signing_in.sign_in"), 303)
    if signed_in.stage != "locked":
        sessions.lock(signed_in, _typed(request.form.get("to", "")))
    return redirect(url_for("locking.locked"), 303)


def keep_what_was_typed(signed_in: SignedIn) -> None:
    """Somebody was away for too long, and what they send now waits; where a page waits already, it goes on waiting."""
    if request.method == "POST":
        sessions.lock(signed_in, _typed(request.path))
    elif "path" not in signed_in.waiting:
        sessions.lock(signed_in, {"path": request.path, "fields": {}})


@pages.get("/clinic/locked")
def locked() -> str | Response:
    """Who is at work here, and a field for the password."""
    signed_in = sessions.find()
    if signed_in is None or signed_in.stage != "locked":
        return redirect(url_for("at_work.start"), 303)
    return _page(signed_in)


@pages.post("/clinic/locked")
def unlock() -> Response | tuple[str, int]:
    """Goes on where it was locked, under a new id; the twelve hours go on."""
    signed_in = sessions.find()
    if signed_in is None or signed_in.stage != "locked":
        return redirect(url_for("at_work.start"), 303)
    try:
        tries.count_try(signed_in.staff.name)
    except TooMuch as error:
        return _page(signed_in, too_many(error)), 429
    if not passwords.is_right(signed_in.staff, request.form.get("password", "")):
        return _page(signed_in, _("This is not the right password.")), 422
    tries.give_back(signed_in.staff.name)
    return go_on_after_lock(signed_in)


def go_on_after_lock(signed_in: SignedIn) -> Response:
    """Leads to the page that waits, whose form is filled in again."""
    sessions.begin(signed_in.staff, signed_in.clinic, "in", began=signed_in.began, waiting=signed_in.waiting)
    return redirect(signed_in.waiting.get("path") or url_for("at_work.start"), 303)


def too_many(error: TooMuch) -> str:
    """When to try again."""
    return _("Too many tries. Wait %(minutes)s minutes, then try again.", minutes=error.retry_after_seconds // 60 + 1)


def typed_at_work() -> MultiDict[str, str] | None:
    """What was typed on this page when it was locked, or when a button above it was pressed; it is shown once."""
    fields = what_waited_here()
    return typed_here() if fields is None else MultiDict(fields) if fields else None


def what_waited_here() -> dict[str, list[str]] | None:
    """What was typed on this page when it was locked, given once; None where another page waited, or none."""
    signed_in = sessions.find()
    if signed_in is None or signed_in.waiting.get("path") != request.path:
        return None
    sessions.forget_what_waited(signed_in)
    return dict(signed_in.waiting["fields"])


def _typed(path: str) -> dict[str, Any]:
    """What waits: the page, and what was typed on it; never a password."""
    fields = {name: values for name, values in request.form.lists() if not is_ours(name) and "password" not in name}
    if local(path) != path or not path.startswith(FOR_STAFF):  # of a form without a page of its own, or not ours
        return {}
    if len(json.dumps(fields).encode()) > MOST_TYPED_BYTES:
        return {"path": path, "fields": {}}
    return {"path": path, "fields": fields}


def _page(signed_in: SignedIn, error: str = "") -> str:
    act_for(signed_in.clinic)
    return render_template("clinic/signing_in/locked.html", staff=signed_in.staff, clinic=signed_in.clinic, error=error)
