"""Erasing everything of the open record, at once and for good, with a receipt."""

from datetime import date

from flask import Blueprint, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from web.core.settings import database
from web.core.speaking import wording
from web.core.stores import store
from web.visitor.open_record import close_erased, get_open_record, posted, today
from web.visitor.own_clinic import clinic_of
from web.visitor.paper import preparing

pages = Blueprint("erase", __name__)


@pages.get("/erase")
def ask() -> str:
    """What will be gone, and one button; the way back is the larger one."""
    open_record = get_open_record()
    return render_template(
        "sharing/erase.html",
        open_record=open_record,
        end=_in_words(store().find_backup_end(), today()),
        clinic=clinic_of(open_record.record_id),
    )


@pages.post("/erase")
def erase() -> Response:
    """Removes it, and this browser's right to it."""
    open_record = posted()
    end = store().find_backup_end()
    counts = store().erase(open_record.record_id)
    preparing().forget(open_record.record_id)
    close_erased(open_record.record_id, dict(counts), end)
    return redirect(url_for("erase.receipt"), 303)


@pages.get("/erased")
def receipt() -> str | Response:
    """What was removed, and until when a backup may hold it; a phone that still holds answers lets go of them here."""
    erased = session.get("erased")
    if not erased:
        return redirect(url_for("start.welcome"), 303)
    return render_template(
        "sharing/erased.html",
        counts=erased["counts"],
        record=erased["record"],
        end=_in_words(_day(erased.get("backup_end")), _day(erased.get("on")) or today()),
    )


def _in_words(end: date | None, erased_on: date) -> dict[str, str | bool]:
    """Until which day a backup may hold it; "old" where that day had passed already. Nobody here knows
    of the journal and the backups of a database server."""
    on_server = database() is not None
    if end is None:
        return {"kind": "none", "day": "", "on_server": on_server}
    return {"kind": "until" if end >= erased_on else "old", "day": wording().day(end), "on_server": on_server}


def _day(stored: str | None) -> date | None:
    return date.fromisoformat(stored) if stored else None
