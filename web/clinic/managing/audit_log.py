"""The audit log: who did what, when and of whom, without anybody's health."""

from flask import Blueprint, render_template, request

from web.clinic.at_work import at_work, clinic_store, local_time, note
from web.clinic.audit_words import VERBS
from web.core.speaking import gettext as _
from web.visitor.own_clinic import ROLE_NAMES

pages = Blueprint("audit_log", __name__)
ON_A_PAGE = 50


@pages.get("/clinic/log")
def log() -> str:
    """The newest lines; older ones by a link. Whoever reads it is in it."""
    typed = request.args.get("page", "1")
    number = int(typed) if typed.isascii() and typed.isdecimal() and 0 < int(typed[:6]) < 100_000 else 1
    found = clinic_store().audit_log(at_most=ON_A_PAGE, skip=(number - 1) * ON_A_PAGE)
    if number == 1:
        note("saw-log")
    rows = [
        {
            "at": f"{local_time(line.at):%Y-%m-%d %H:%M}",
            "who": line.who,
            "role": _(ROLE_NAMES.get(line.role, line.role)),
            "did": _(dict(VERBS).get(line.did, line.did)),  # type: ignore[call-overload]
            "person": line.person_code,
            "note": line.note,
        }
        for line in found.lines
    ]
    return render_template(
        "clinic/managing/audit_log.html",
        rows=rows,
        number=number,
        has_more=found.has_more,
        gaps=found.gaps,
        days=at_work()[1].audit_days,
    )
