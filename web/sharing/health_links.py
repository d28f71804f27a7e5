"""Handing a plan to a clinic: a square that its computer reads, a note to paste, and a file.

The square is a SMART Health Link. What it opens is sealed with a key that is made of the secret of one form, and stands
in the link alone: it is shown once, and nobody can make it again from what is kept here.
"""

import hashlib
import hmac
import json
import secrets
from base64 import urlsafe_b64encode
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from reports.exports.fhir.health_link import CONTENT_TYPE, health_link, sealed
from reports.words.speech import N_
from storage import HealthLink, RecordFull, RecordNotFound, SealBroken, SubmitKeyUsed
from storage.health_link_model import MOST_HEALTH_LINKS
from storage.rows.links_and_codes import hash_of_link
from storage.time_limits import A_DAY_AT_THE_CLINIC, HEALTH_LINK
from web.core.speaking import gettext as _
from web.core.speaking import wording
from web.core.stores import store
from web.plan.plan_to_show import get_plan_to_show
from web.sharing.for_a_clinic import bundle_of, note_of, paper_of
from web.visitor.budgets import (
    FETCHES_OF_A_FILE,
    HEALTH_LINKS_OF_A_RECORD,
    refuse_without_room,
    spend,
    spend_bytes,
)
from web.visitor.must_go_first import Elsewhere, get_led
from web.visitor.open_record import OpenRecord, get_open_record, now_ms, posted, today
from web.visitor.stored_plan import StoredPlan, standings_of
from web.visitor.time_zone import moment

pages = Blueprint("health_links", __name__)

SECRET_CHARACTERS = 43
DAYS = {"1": (N_("24 hours"), A_DAY_AT_THE_CLINIC), "7": (N_("A week"), HEALTH_LINK)}


@pages.get("/for-a-clinic")
def choose() -> str:
    """Three ways for a clinic to take the plan in, and the squares that stand, to be taken back."""
    open_record = get_open_record()
    return _render(open_record, "")


@pages.post("/for-a-clinic")
def make() -> Response | str | tuple[str, int]:
    """A new square. The same form sent again shows the same one, as long as it stands."""
    open_record = posted()
    stored = get_plan_to_show(open_record)
    if not request.is_secure:
        return redirect(url_for("health_links.choose"), 303)
    chosen = request.form.get("days", "")
    days = chosen if chosen in DAYS else "1"
    try:
        found, token, key = _made(open_record, stored, days, request.form.get("secret", ""))
    except RecordFull:
        full = _("%(most)s squares stand already. Take one of them back first.", most=MOST_HEALTH_LINKS)
        return _render(open_record, full), 422
    address = url_for("health_links.file", token=token, _external=True)
    link = health_link(address, key, found.ends, f"Firm Footing, {found.plan_of}")
    return render_template(
        "sharing/health_link.html",
        open_record=open_record,
        link=link,
        square=_square(link),
        row=_row(found),
    )


@pages.post("/for-a-clinic/take-back")
def take_back() -> Response:
    """From now on its file is not there."""
    open_record = posted()
    store().take_back_health_link(open_record.record_id, request.form.get("link", ""))
    return redirect(url_for("health_links.choose", taken="back"), 303)


@pages.get("/for-a-clinic/file")
def bundle_file() -> Response:
    """The plan as one file, with its paper, named so that who files it knows what and when."""
    open_record = get_led()
    stored = get_plan_to_show(open_record)
    made = _bundle(open_record, stored)
    text = json.dumps(made, ensure_ascii=False, indent=1) + "\n"
    response = current_app.response_class(text, content_type="application/fhir+json; charset=utf-8")
    name = f"{stored.issued.made_on}-fall-and-bone-plan.fhir.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@pages.get("/health-link/<token>")
def file(token: str) -> Response:
    """What a clinic's computer fetches: sealed, for whoever has the address, which tells nothing without its key. What
    is over, taken back, damaged or was never there is answered alike. Who says that they fetch it is not noted."""
    try:
        found = store().get_health_file(token, _now())
    except SealBroken:
        current_app.logger.error("sealed row refused: SealBroken")
        return Response(status=404)
    except RecordNotFound:
        return Response(status=404)
    spend(FETCHES_OF_A_FILE, hash_of_link(token))
    return Response(found, content_type=CONTENT_TYPE)


@pages.after_request
def open_to_viewers(response: Response) -> Response:
    """Whoever shows such a file is a page of another site; it gets no cookie, and none is read here."""
    if request.endpoint == "health_links.file":
        response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _made(open_record: OpenRecord, stored: StoredPlan, days: str, secret: str) -> tuple[HealthLink, str, bytes]:
    """The link with the token of its address, and its key. :raises RecordFull: three stand already"""
    token, key = _token_and_key(secret, days)
    for each in _standing(open_record):
        if each.link_id == hash_of_link(token):
            return each, token, key
    refuse_without_room()
    spend(HEALTH_LINKS_OF_A_RECORD, open_record.record_id)
    sealed_file = sealed(_bundle(open_record, stored), key)
    spend_bytes(len(sealed_file))
    now = _now()
    try:
        made = store().make_health_link(
            open_record.record_id,
            token=token,
            file=sealed_file,
            plan_of=stored.issued.made_on,
            made=now,
            ends=now + DAYS[days][1].seconds,
        )
    except SubmitKeyUsed:  # it was taken back: whoever had it gets nothing by it again
        return _made(open_record, stored, days, "")
    return made, token, key


def _token_and_key(secret: str, days: str) -> tuple[str, bytes]:
    """Both from the secret of a form, other ones on another day; a form that brings none gets a new secret."""
    strong = secret if len(secret) == SECRET_CHARACTERS else secrets.token_urlsafe()
    seed = hashlib.sha256(f"{today()} {days} {strong}".encode("utf-8", "surrogatepass")).digest()
    token = urlsafe_b64encode(hmac.digest(seed, b"address", "sha256")).decode().rstrip("=")
    return token, hmac.digest(seed, b"key", "sha256")


def _bundle(open_record: OpenRecord, stored: StoredPlan) -> dict[str, Any]:
    standings = standings_of(open_record)
    return bundle_of(stored, standings, pdf=paper_of(stored, standings))


def _standing(open_record: OpenRecord) -> tuple[HealthLink, ...]:
    return store().list_health_links(open_record.record_id, _now())


def _now() -> int:
    return now_ms() // 1000


def _square(link: str) -> Markup:
    """The link as a square that a camera reads, within the page: an address of its own would hold the key."""
    import segno  # 40 ms, which no other command or page has to wait for

    drawn = segno.make(link, error="m").svg_inline(border=4, light="#fff", omitsize=True, svgclass=None, lineclass=None)
    return Markup(drawn)  # of our own making, and holds no text


def _row(link: HealthLink) -> dict[str, str]:
    words = wording()
    return {
        "id": link.link_id,
        "plan_of": words.day(link.plan_of),
        "until": words.speech.moment(moment(link.ends)),
    }


def _render(open_record: OpenRecord, problem: str) -> str:
    links = _standing(open_record)
    try:
        stored = get_plan_to_show(get_led())
    except Elsewhere:  # what was given away can be taken back also while a page for help comes before all others
        if not links:
            raise
        stored = None
    return render_template(
        "sharing/for_a_clinic.html",
        open_record=open_record,
        links=[_row(each) for each in links],
        plan_of=wording().day(stored.issued.made_on) if stored else "",
        note=note_of(stored, standings_of(open_record)) if stored else "",
        days=[{"value": code, "label": _(label), "checked": code == "1"} for code, (label, _limit) in DAYS.items()],
        secret=secrets.token_urlsafe(32),
        is_secure=request.is_secure,
        problem=problem,
        taken_back=request.args.get("taken") == "back",
    )
