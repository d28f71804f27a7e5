"""Sharing a plan: what its owner makes and takes back, and what stands in the browser of somebody it is shared with."""

import io
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from reports.paper.plan_paper import WayBack
from reports.words.speech import N_
from reports.words.words import OWNERS
from storage import RecordFull, RecordNotFound, Right, Share, SubmitKeyUsed
from storage.model import MOST_SHARES
from storage.rows.codes import grouped
from web.core.free_text import problem, typed
from web.core.speaking import gettext as _
from web.core.speaking import wording
from web.core.stores import store
from web.plan.plan_to_show import get_plan_to_show
from web.plan.shared_plans import row_of, standing, title_of
from web.sharing.links_and_codes import SIZE, slip_of
from web.visitor.budgets import spend_bytes
from web.visitor.must_go_first import get_led
from web.visitor.open_record import OpenRecord, get_open_record, posted
from web.visitor.paper import as_pdf
from web.visitor.preferences import typed_here
from web.visitor.way_back import LINK_PAGE

pages = Blueprint("shares", __name__)

NAME_CHARACTERS = 40
RIGHTS: tuple[tuple[Right, str], ...] = (
    ("see", N_("See the plan and print it")),
    ("tick", N_("See it, tick what is done, and change notes and steps")),
)
DAYS = ((7, N_("A week")), (30, N_("A month")), (90, N_("3 months")))
_TAKEN = [each.casefold() for each in OWNERS if each]


@dataclass(frozen=True, kw_only=True)
class ShareForm:
    """What stands in the form of a new share."""

    name: str = ""
    of: str = ""
    right: Right = "tick"
    days: int = 90


@pages.get("/share")
def shares() -> str:
    """With whom this plan is shared, and how to share it; what is shared can be taken back at any time."""
    open_record = _record_to_share()
    before = typed_here()
    fields = ShareForm(of=open_record.draft.person_name) if before is None else _typed(before)
    return _render(open_record, fields, {})


@pages.post("/share")
def make() -> Response | tuple[str, int]:
    """A new share, with a page that shows its link and code."""
    open_record = posted()
    get_plan_to_show(open_record)
    fields = _typed(request.form)
    found = {"name": _problem(fields.name), "of": problem(fields.of, NAME_CHARACTERS)}
    problems = {name: says for name, says in found.items() if says}
    if problems:
        return _render(open_record, fields, problems), 422
    spend_bytes(SIZE)
    keep = partial(
        store().make_share, open_record.record_id, name=fields.name, of=fields.of, right=fields.right, days=fields.days
    )
    try:
        share = keep(submit_key=request.form.get("submit_key", "")[:64] or secrets.token_hex(16))
    except SubmitKeyUsed:  # the same form, filled in anew
        share = keep(submit_key=secrets.token_hex(16))
    except RecordFull:
        full = _("The plan is shared with %(most)s people. Take one of them back first.", most=MOST_SHARES)
        return _render(open_record, fields, {"name": full}), 422
    return redirect(url_for("shares.share", share_id=share.share_id), 303)


@pages.get("/share/<share_id>")
def share(share_id: str) -> str | Response:
    """The link and the code of one share, to be passed on, and the button that takes it back."""
    open_record = _record_to_share()
    found = _found(open_record, share_id)
    if found is None:  # taken back, on a page before this one
        return redirect(url_for("shares.shares"), 303)
    return render_template(
        "sharing/share.html",
        open_record=open_record,
        share=_row(found),
        address=url_for(LINK_PAGE, token=found.link, _external=True),
        path=url_for(LINK_PAGE, token=found.link),
        code=grouped(found.code),
        code_page=url_for("links_and_codes.code", _external=True),
    )


@pages.get("/share/<share_id>/qr.svg")
def picture(share_id: str) -> Response:
    """The link as a square that a camera reads."""
    import segno  # 40 ms, which no other command or page has to wait for

    found = _find(get_led(), share_id)
    out = io.BytesIO()
    address = url_for(LINK_PAGE, token=found.link, _external=True)
    segno.make(address, error="m").save(out, kind="svg", border=4, light="#fff", unit="", scale=4)
    return current_app.response_class(out.getvalue(), content_type="image/svg+xml")


@pages.get("/share/<share_id>/slip.pdf")
def slip(share_id: str) -> Response:
    """Link and code on paper, to be handed over."""
    found = _find(get_led(), share_id)
    way_back = WayBack(
        link=url_for(LINK_PAGE, token=found.link, _external=True),
        code_page=url_for("links_and_codes.code", _external=True),
        code=grouped(found.code),
    )
    title = title_of(found)
    says = _("It opens until %(day)s, unless it is taken back before.", day=wording().day(found.until))
    return as_pdf(slip_of(wording(), way_back, title, says), "share-slip.pdf")


@pages.post("/share/<share_id>/take-back")
def take_back(share_id: str) -> str | Response:
    """Asked once more, as one slip of a finger is soon made; from then on nobody sees anything by it."""
    open_record = posted()
    found = _found(open_record, share_id)
    if found and request.form.get("sure") != "yes":
        return render_template("sharing/take_back.html", open_record=open_record, share=_row(found))
    store().take_back_share(open_record.record_id, share_id)
    return redirect(url_for("shares.shares", taken="back"), 303)


@pages.get("/shared")
def shared() -> str:
    """Every plan that is shared with this browser; those that were taken back are not among them."""
    return render_template("sharing/shared_plans.html", plans=[row_of(each) for each in standing()])


def _record_to_share() -> OpenRecord:
    """The open record. What is shared can be taken back also while a page for help comes before all others.

    :raises Elsewhere: nothing is shared, and there is no plan, or help comes first
    """
    open_record = get_open_record()
    if not store().list_shares(open_record.record_id):
        get_plan_to_show(get_led())
    return open_record


def _found(open_record: OpenRecord, share_id: str) -> Share | None:
    return next((each for each in store().list_shares(open_record.record_id) if each.share_id == share_id), None)


def _find(open_record: OpenRecord, share_id: str) -> Share:
    found = _found(open_record, share_id)
    if found is None:
        raise RecordNotFound("this record has no such share")
    return found


def _typed(form: Mapping[str, str]) -> ShareForm:
    """What was typed and chosen; where something else was sent than can be chosen, what is usual."""
    fields = ShareForm(name=typed(form, "name"), of=typed(form, "of"))
    right = next((code for code, _label in RIGHTS if code == form.get("right")), fields.right)
    days = next((count for count, _label in DAYS if str(count) == form.get("days")), fields.days)
    return replace(fields, right=right, days=days)


def _problem(name: str) -> str:
    if not name:
        return _("Write a name, like Ana. It shows beside what they tick, and they see it too.")
    if name.casefold() in _TAKEN:
        return _("Write the name that you call them by, with letters only.")
    return problem(name, NAME_CHARACTERS)


def _row(share: Share) -> dict[str, Any]:
    words = wording()
    return {
        "id": share.share_id,
        "name": share.name,
        "of": share.of,
        "href": url_for("shares.share", share_id=share.share_id),
        "may": _(dict(RIGHTS)[share.right]),
        "until": words.day(share.until),
        "last_opened": words.day(share.last_opened) if share.last_opened else "",
    }


def _render(open_record: OpenRecord, fields: ShareForm, problems: dict[str, str]) -> str:
    return render_template(
        "sharing/shares.html",
        open_record=open_record,
        shares=[_row(each) for each in store().list_shares(open_record.record_id)],
        fields=fields,
        errors=[{"field": name, "text": says} for name, says in problems.items()],
        problems={"name": "", "of": "", **problems},
        taken_back=request.args.get("taken") == "back",
        rights=[{"value": code, "label": _(label), "checked": code == fields.right} for code, label in RIGHTS],
        days=[{"value": code, "label": _(label), "checked": code == fields.days} for code, label in DAYS],
        submit_key=secrets.token_hex(16),
    )
