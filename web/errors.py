"""Every error as a page that says what happened, what is kept, and what to do."""

import logging

from flask import Flask, Response, make_response, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from markupsafe import escape
from werkzeug.exceptions import HTTPException, MethodNotAllowed, SecurityError
from werkzeug.wrappers import Response as BaseResponse

from checklists import DefinitionError
from reports.printing.renderer import RendererBusy, RenderFailed
from reports.words.speech import N_
from storage import RecordFull, RecordNotFound, SealBroken, StorageError, StoreBusy, StoreRefused, StoreReplaced
from storage.model import StoreGone
from web.core.logs import log_place, without_values
from web.core.metrics import count_store_fault
from web.core.proxies import MalformedHeader
from web.core.request_log import number_to_read_out
from web.core.security import OtherHost
from web.core.speaking import gettext as _
from web.plan.access import NoPlanYet, NotShared
from web.sharing.download import DownloadWaits
from web.sharing.this_browser import show_full
from web.visitor.budgets import NoRoom, TooMuch
from web.visitor.must_go_first import Elsewhere
from web.visitor.open_record import BrowserFull, NoOpenRecord

log = logging.getLogger("firm_footing")

_TEXTS = {
    400: (
        N_("This page could not be sent"),
        N_("Go back one page and send it again. What was saved before is kept."),
    ),
    403: (
        N_("You may look at this plan, and not change it"),
        N_("The person it is for can give you a link to tick with. Nothing is lost."),
    ),
    404: (N_("This page is not here"), N_("The address may be mistyped, or the page has moved. Nothing is lost.")),
    405: (
        N_("This page cannot be opened that way"),
        N_("Go to the start and choose the page there. Nothing is lost."),
    ),
    413: (
        N_("That was too much text"),
        N_("Go back one page, shorten what you wrote, and send it again. A note holds 500 letters."),
    ),
    500: (
        N_("Something went wrong on our side"),
        N_("It is not your fault. Your saved answers are kept. Try again."),
    ),
    503: (N_("Saving does not work right now"), N_("Wait a minute, go back one page and send it again.")),
}
_GONE = N_("We cannot reach your answers right now"), N_("What was saved is kept. Wait a minute, then try again.")


def init_app(app: Flask) -> None:
    app.logger.addFilter(without_values)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(SecurityError, unknown_host)
    app.register_error_handler(OtherHost, other_host)
    app.register_error_handler(MalformedHeader, malformed_header)
    app.register_error_handler(CSRFError, form_error)
    app.register_error_handler(Elsewhere, lead_there)
    app.register_error_handler(NoOpenRecord, no_open_record)
    app.register_error_handler(RecordNotFound, no_open_record)
    app.register_error_handler(RecordFull, record_full)
    app.register_error_handler(BrowserFull, browser_full)
    app.register_error_handler(TooMuch, too_much)
    app.register_error_handler(NoRoom, no_room)
    app.register_error_handler(NotShared, not_shared)
    app.register_error_handler(NoPlanYet, no_plan_yet)
    app.register_error_handler(SealBroken, seal_broken)
    app.register_error_handler(StorageError, storage_error)
    app.register_error_handler(StoreReplaced, store_replaced)
    app.register_error_handler(StoreRefused, store_refused)
    app.register_error_handler(DefinitionError, definition_error)
    app.register_error_handler(RendererBusy, paper_waits)
    app.register_error_handler(RenderFailed, no_paper)
    app.register_error_handler(DownloadWaits, no_download)
    app.register_error_handler(Exception, our_fault)


def http_error(error: HTTPException) -> Response:
    code = error.code or 500
    title, text = _TEXTS.get(code, _TEXTS[400])
    response = page(title, text, code)
    if isinstance(error, MethodNotAllowed):
        response.allow.update(error.valid_methods or ())
    return response


def unknown_host(error: SecurityError) -> Response:
    """The name is not ours, so no address can be made from it: a page without links."""
    del error
    text = "This app does not know the name in that address. Whoever runs it can add the name to FIRM_FOOTING_HOSTS."
    return _bare_page("This address is not known here", text, 400)


def other_host(error: OtherHost) -> Response:
    del error
    log.error("a form was refused: its Origin is not our Host; a web server in front must pass on the header Host")
    text = N_(
        "Your browser used another address than the one that reached us. Tell whoever runs this app: "
        "the web server in front of it must pass on the header Host. What was saved before is kept."
    )
    return page(_TEXTS[400][0], text, 400)


def malformed_header(error: MalformedHeader) -> Response:
    log.error("the web server in front sends a malformed %s: one address without a port, or http or https", error)
    text = _(
        "Tell whoever runs this app: the web server in front of it sends a header that we cannot read, %(header)s. "
        "What was saved before is kept.",
        header=str(error),
    )
    return page(N_("This page could not be opened"), text, 400)


def form_error(error: CSRFError) -> Response:
    del error
    text = N_(
        "This app needs one cookie to keep your answers. Check that your browser allows cookies. "
        "Then go back one page and send it again."
    )
    return page(N_("This page could not be sent"), text, 400)


def lead_there(error: Elsewhere) -> BaseResponse:
    return redirect(error.address, 303)


def no_open_record(error: Exception) -> Response:
    del error
    text = N_(
        "There are no answers open in this browser. They may have been started on another phone, or more than 90 days "
        "ago. Or a new link and code were made since. Type your code, or begin again from the start."
    )
    leads = (N_("Type a code instead"), url_for("links_and_codes.code"))
    return page(N_("We cannot find your answers here"), text, 404, leads=leads)


def record_full(error: RecordFull) -> Response:
    """No sooner or later helps: something has to go, or new answers be begun."""
    del error
    text = N_("This plan holds as much as it can. Take something away first: a photo, a share or a step of your own.")
    return page(N_("No more fits in here"), text, 409)


def browser_full(error: BrowserFull) -> Response:
    del error
    return make_response(show_full(), 409)


def too_much(error: TooMuch) -> Response:
    text = N_("Very much was sent from your network just now. Wait a few minutes, go back one page and send it again.")
    response = page(N_("Wait a little"), text, 429)
    response.headers["Retry-After"] = str(error.retry_after_seconds)
    return response


def no_room(error: NoRoom) -> Response:
    """Only what is new is refused: answers are saved, and everything can be read, printed and erased."""
    log.error("storage: %s; free space on the disk of the database", type(error).__name__)
    text = N_(
        "The disk of this app is nearly full. What was saved is kept. You can read it, print it and erase it. "
        "Tell whoever runs this app, and try again later."
    )
    response = page(N_("There is no room for more now"), text, 503)
    response.headers["Retry-After"] = "600"
    return response


def not_shared(error: NotShared) -> Response:
    del error
    text = _("The person may have taken it back, or its time is over. Ask them for a new link.")
    body = render_template("sharing/shared_message.html", title=_("This plan is not open to you"), text=text)
    return make_response(body, 404)


def no_plan_yet(error: NoPlanYet) -> Response:
    del error
    text = _("The person has not made a plan yet. Look again later.")
    return make_response(
        render_template("sharing/shared_message.html", title=_("There is no plan yet"), text=text), 404
    )


def seal_broken(error: SealBroken) -> Response:
    log.error("sealed row refused: %s", type(error).__name__)
    text = N_(
        "What was stored is damaged, so we do not show it. Begin again from the start, and tell whoever runs this app."
    )
    return page(N_("These answers cannot be read"), text, 500)


def storage_error(error: StorageError) -> Response:
    log.error("storage: %s", type(error).__name__)
    count_store_fault(error)
    title, text = _GONE if isinstance(error, StoreGone) else _TEXTS[503]
    response = page(title, text, 503)
    wait = error.retry_after_seconds if isinstance(error, StoreBusy) else 60
    response.headers["Retry-After"] = str(wait)
    return response


def store_replaced(error: StoreReplaced) -> Response:
    """A backup was put back: what this process would write would be lost, so it reads and writes nothing more."""
    log.error("storage: %s; restart the app", type(error).__name__)
    text = N_(
        "Whoever runs it has put an older copy of the data in place. Wait a few minutes and begin from the start."
    )
    response = page(N_("The app must be started again"), text, 503)
    response.headers["Retry-After"] = "60"
    return response


def store_refused(error: StoreRefused) -> Response:
    """Whoever runs the app has to act: the log says how."""
    log.error("storage: %s", error)
    text = N_("Whoever runs it can read in its log what to do. Try again later.")
    response = page(N_("The app cannot open its data"), text, 503)
    response.headers["Retry-After"] = "60"
    return response


def definition_error(error: DefinitionError) -> Response:
    log.error("definitions refused: %d faults", len(error.faults))
    return page(N_("The checklists are being mended"), N_("The app waits for them. Try again later."), 503)


def paper_waits(error: RendererBusy) -> Response:
    """Nothing failed: the same address gives the paper a moment later."""
    log.warning("paper: %s", type(error).__name__)
    text = N_("Others are printing right now. Nothing is lost. Wait a moment, then press the button.")
    again = (N_("Try again"), request.full_path.removesuffix("?")) if request.method == "GET" else None
    response = page(N_("Your paper has to wait"), text, 503, again)
    response.headers["Retry-After"] = "5"
    return response


def no_paper(error: RenderFailed) -> Response:
    log.error("paper: %s", type(error).__name__)
    text = N_("Your plan is kept. Close this tab and print it again. If it does not work, choose another print size.")
    response = page(N_("The paper could not be made"), text, 503)
    response.headers["Retry-After"] = "10"
    return response


def no_download(error: DownloadWaits) -> Response:
    log.error("download: %s", type(error.__cause__ or error).__name__)
    text = N_("Nothing is lost. Wait a minute, then try again.")
    response = page(N_("The file could not be made"), text, 503, (N_("Try again"), url_for("download.ask")))
    response.headers["Retry-After"] = "10"
    return response


def our_fault(error: Exception) -> Response:
    """The last resort."""
    log_place(error, f"{request.method} {request.endpoint}")
    title, text = _TEXTS[500]
    return page(title, text, 500)


def page(title: str, text: str, code: int, leads: tuple[str, str] | None = None) -> Response:
    """A page with these sentences, in the browser's language; without any of our parts where they fail too.

    `leads`: what its button says, and the address to which it leads; else to the start.
    """
    try:
        body = render_template("message.html", title=_(title), text=_(text), leads=leads and (_(leads[0]), leads[1]))
    except Exception as error:
        log.error("the error page itself failed")
        log_place(error, f"{request.method} {request.endpoint}")
        return _bare_page(title, text, code)
    return make_response(body, code)


def _bare_page(title: str, text: str, code: int) -> Response:
    """A page that needs nothing: no template, no definitions, no addresses."""
    title, text, number = escape(title), escape(text), number_to_read_out()
    head = f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
    return make_response(
        f"{head}<body><main><h1>{title}</h1><p>{text}</p><p>Number: {number}</p></main></body></html>", code
    )
