"""Finding a plan again without an account: a private link, a code to type, and both on paper and in a file."""

import io

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from checklists.people.plain_text import plain
from reports.paper.plan_paper import WayBack, is_loopback
from reports.words.words import Words
from storage import LinkAndCode, RecordNotFound, Way
from storage.rows.codes import grouped, read_code
from web.core.speaking import gettext as _
from web.core.speaking import wording
from web.core.stores import store
from web.visitor.budgets import STORED_BYTES, client, spend
from web.visitor.must_go_first import get_led
from web.visitor.open_record import OpenRecord, end_other_browsers, open_again, open_share, posted, today
from web.visitor.paper import as_pdf, page_of, points_of, render_html
from web.visitor.preferences import typed_here
from web.visitor.way_back import LINK_PAGE, address_of, way_back_of

pages = Blueprint("links_and_codes", __name__)
SIZE = 1_000


@pages.get("/keep")
def keep() -> str:
    """The link and the code of the open record; before they are made, what they are and a button."""
    open_record = get_led()
    link_and_code = store().find_link_and_code(open_record.record_id)
    return render_template(
        "sharing/keep.html",
        open_record=open_record,
        address=address_of(link_and_code) if link_and_code else "",
        path=url_for(LINK_PAGE, token=link_and_code.link) if link_and_code else "",
        code=grouped(link_and_code.code) if link_and_code else "",
        code_page=url_for("links_and_codes.code", _external=True),
    )


@pages.post("/keep")
def make() -> Response:
    """A new link and code, or none any more; those before stop working either way, and so does who came in by them."""
    open_record = posted()
    taking_back = request.form.get("do") == "take-back"
    if not taking_back:  # with the mark that stays of it once it is taken back, which is never refused
        spend(STORED_BYTES, client(), 2 * SIZE)
    if store().find_link_and_code(open_record.record_id):
        end_other_browsers(open_record)
    if taking_back:
        store().close_link_and_code(open_record.record_id)
    else:
        store().make_link_and_code(open_record.record_id)
    return redirect(url_for("links_and_codes.keep"), 303)


@pages.get("/keep/qr.svg")
def picture() -> Response:
    """The link as a square that a camera reads."""
    import segno  # 40 ms, which no other command or page has to wait for

    link_and_code = _link_and_code(get_led())
    out = io.BytesIO()
    segno.make(address_of(link_and_code), error="m").save(out, kind="svg", border=4, light="#fff", unit="", scale=4)
    return current_app.response_class(out.getvalue(), content_type="image/svg+xml")


@pages.get("/keep/file")
def file() -> Response:
    """Both as a small text file, to lay where a person keeps such things."""
    link_and_code = _link_and_code(get_led())
    lines = (
        _("Firm Footing: your plan"),
        *((_("It works only on the computer where this app runs."),) if is_loopback(request.host_url) else ()),
        "",
        _("Open this address:"),
        address_of(link_and_code),
        "",
        _("Or go to %(address)s and type this code:", address=url_for("links_and_codes.code", _external=True)),
        grouped(link_and_code.code),
        "",
        _("Whoever has one of these can see and change your answers."),
    )
    response = current_app.response_class("\r\n".join(lines) + "\r\n", content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="firm-footing.txt"'
    return response


@pages.get("/keep/slip.pdf")
def slip() -> Response:
    """Both on paper, to cut out and keep in a purse."""
    open_record = get_led()
    _link_and_code(open_record)
    way_back = way_back_of(open_record)
    assert way_back is not None
    says = _("Keep this like a house key. Whoever has it can see and change your answers.")
    title = _("Your plan") if way_back.only_here else _("Your plan, on any phone")
    return as_pdf(slip_of(wording(), way_back, title, says), "plan-slip.pdf")


def slip_of(worded: Words, way_back: WayBack, title: str, says: str) -> bytes:
    """A link and its code on paper, in these words and the size that was asked for."""
    from reports.paper.document import (
        slip_html,  # with its widths of letters 60 ms, for which `flask assess` need not wait
    )

    asked = request.args
    html = slip_html(worded, way_back, title, says, today(), points_of(asked), page_of(asked.get("page", "")))
    return render_html(html)


@pages.get("/open/<token>")
def look(token: str) -> str:
    """A page that tells nothing and changes nothing, whoever looks at the link: a preview, a scanner, a person."""
    return render_template("sharing/open_link.html", token=token)


@pages.post("/open")
def go_in() -> Response | tuple[str, int]:
    """Exchanges the link for this browser's own cookie, so that it never stands in an address again."""
    try:
        way = store().open_by_link(request.form.get("token", ""))
    except RecordNotFound:
        return render_template("sharing/opens_nothing.html"), 404
    return _arrive(way)


@pages.get("/code")
def code() -> str:
    """Where a code is typed."""
    typed = typed_here()
    return _code_page(typed.get("code", "") if typed else "", "")


@pages.post("/code")
def read() -> Response | tuple[str, int]:
    """The record of this code, or what to do; wrong, taken back and expired are told alike, and nobody is shut out."""
    typed = plain(request.form.get("code", ""))
    read_as = read_code(typed)
    if read_as is None:
        return _code_page(typed, _("Write the twelve letters and figures of the code, like ACDE-F234-56HJ.")), 422
    try:
        way = store().open_by_code(read_as)
    except RecordNotFound:
        return _code_page(typed, _("This code opens no plan. Check each letter, or use the link.")), 422
    return _arrive(way)


def _arrive(way: Way) -> Response:
    if way.share:
        open_share(way.share)
        return redirect(url_for("plan.shared_plan", share_id=way.share.share_id), 303)
    open_record = open_again(way.record_id)
    planned = store().find_latest_submission(open_record.record_id)
    return redirect(url_for("plan.plan" if planned else "hub.checklists"), 303)


def _link_and_code(open_record: OpenRecord) -> LinkAndCode:
    link_and_code = store().find_link_and_code(open_record.record_id)
    if link_and_code is None:
        raise RecordNotFound("no link was made")
    return link_and_code


def _code_page(typed: str, error: str) -> str:
    return render_template("sharing/code.html", typed=typed, error=error)
