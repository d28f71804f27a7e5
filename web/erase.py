"""Erasing everything of the open record, at once and for good, with a receipt."""

from flask import Blueprint, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from web.opened import close_erased, get_opened, posted
from web.stores import store

pages = Blueprint("erase", __name__)


@pages.get("/erase")
def ask() -> str:
    """What will be gone, and one button; the way back is the larger one."""
    return render_template("erase/ask.html", opened=get_opened())


@pages.post("/erase")
def erase() -> Response:
    """Removes it, and this browser's right to it."""
    opened = posted()
    counts = store().erase(opened.record_id)
    close_erased(opened.record_id, dict(counts))
    return redirect(url_for("erase.receipt"), 303)


@pages.get("/erased")
def receipt() -> str | Response:
    """What was removed; a phone that still holds answers of it lets go of them here."""
    erased = session.get("erased")
    if not erased:
        return redirect(url_for("start.welcome"), 303)
    return render_template("erase/receipt.html", counts=erased["counts"], record=erased["record"])
