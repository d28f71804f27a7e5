"""A tablet at the desk while somebody answers on it: their questions and nothing else, put away when nobody is there.

It is a session of everybody's pages that holds one record and says that it is a tablet. Staff are locked out meanwhile,
and where they go on, this session is over first, so that the two are never open at once in one browser.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from flask import Blueprint, Flask, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from answers.draft import ABOUT
from checklists.files.grammar import FALLS
from reports.paper.plan_paper import WayBack
from reports.printing.renderer import RenderFailed
from reports.words.words import Words
from storage.clinics.model import ClinicNotFound
from storage.time_limits import TABLET_IDLE, TABLET_NOTED
from web.asking.chosen_lists import choose_lists, chosen_lists
from web.asking.way_through import begin_at, next_to_ask, pages_of
from web.clinic import roles
from web.clinic.desk.list_entry import USUAL_LISTS, ListEntry
from web.clinic.signing_in import sessions as staff_sessions
from web.core.settings import definitions
from web.core.speaking import spoken, wording
from web.core.stores import store
from web.plan.results import work_out
from web.sharing.links_and_codes import slip_of
from web.visitor.must_go_first import get_led
from web.visitor.open_record import OpenRecord, find_readable, now_ms, today
from web.visitor.own_clinic import act_for, remember_clinic
from web.visitor.paper import as_pdf
from web.visitor.sessions import LOOKS, ServerSession, keep, own_session
from web.visitor.way_back import way_back_of

pages = Blueprint("tablet", __name__)
TABLET = "tablet"
"""In a session: that it is a tablet's, what is asked on it, and when it was last used."""
_ASKING = frozenset(
    {
        "signs.signs",
        "signs.group",
        "signs.tick",
        "signs.help_now",
        "signs.called",
        "questions.question",
        "questions.answer",
        "sections.section",
        "sections.answer",
        "preferences.choose",
        "preferences.set_preferences",
        "tablet.go_on",
        "tablet.here",
        "tablet.still_here",
        "tablet.stop",
        "tablet.done",
    }
)
_ROOMS = frozenset({"rooms.choose", "rooms.chosen", "sections.room", "sections.look"})
"""Asking too, where the home is among the lists."""
_NOBODY_TOUCHES = frozenset({"tablet.still_here"})
"""What is asked for though nobody is there."""
_STOPPED = frozenset(
    {
        "tablet.here",
        "tablet.still_here",
        "tablet.go_on",
        "tablet.stopped",
        "tablet.slip",
        "tablet.done",
    }
)
_AT_REST = frozenset({"tablet.rest", "preferences.set_preferences"})
_OPEN_AT = {
    "asking": _ASKING,
    "results": _ASKING | {"results.results", "results.made", "results.make"},
    "stopped": _STOPPED,
}


def init_app(app: Flask) -> None:
    app.before_request(keep_to_questions)


def keep_to_questions() -> Response | None:
    """On a tablet every other address leads to the next question, and to its rest once it was left alone."""
    rule = request.url_rule
    if rule is None:
        return None
    found = on_tablet()
    if not found["stage"]:
        return None
    if roles.is_of_clinic(rule):
        signed_in = staff_sessions.find()
        if signed_in and signed_in.may_work:
            put_away()
            session[TABLET] = None
        if on_tablet()["stage"] in ("", "rest"):  # staff have it in their hands: it looks and speaks as it did to them
            for name in LOOKS:
                session.pop(name, None)
            session.update(found.get("staff", {}))
        return None
    _speak_for_its_clinic(found)
    if found["stage"] == "rest":
        return None if request.endpoint in _AT_REST else redirect(url_for("tablet.rest"), 303)
    if now_ms() - found["seen"] > TABLET_IDLE.milliseconds:
        put_away()
        return redirect(url_for("tablet.rest"), 303)
    if request.endpoint == "hub.review" and found["stage"] == "asking":
        _note(found, passed=[*found["passed"], (request.view_args or {}).get("checklist", "")])
    rooms = _ROOMS if _asks_of_home() else frozenset()
    if request.endpoint not in _OPEN_AT[found["stage"]] | rooms:
        return redirect(url_for("tablet.go_on"), 303)
    if request.endpoint not in _NOBODY_TOUCHES and now_ms() - found["seen"] > TABLET_NOTED.milliseconds:
        _note(found)
    return None


def _speak_for_its_clinic(found: dict[str, Any]) -> None:
    """Also where nobody's record is looked up, or is there any more: a page that thanks, one that asks who is there."""
    with suppress(ClinicNotFound):
        if clinic_id := found.get("clinic"):  # a tablet of an earlier release has none
            act_for(store().clinic(clinic_id).get())


def _asks_of_home() -> bool:
    return on_tablet()["stage"] == "asking" and definitions().rooms.id in chosen_lists(session["record"])


def on_tablet() -> dict[str, Any]:
    """What the session says of the tablet that it is on; its stage is empty anywhere else."""
    found = own.get(TABLET) if (own := own_session()) else None
    return dict(found or {"stage": ""})


def begin(visit: ListEntry, record_id: str, clinic_id: str, *, shows_result: bool) -> None:
    """From now on this browser is a tablet of this clinic with their lists, and whatever it held before is gone."""
    looks = {name: session[name] for name in LOOKS if session.get(name)}
    _forget()
    session.update(
        records=[record_id],
        record=record_id,
        used=today().isoformat(),
        tablet={
            "stage": "asking",
            "shows": shows_result,
            "passed": [],
            "seen": now_ms(),
            "staff": looks,
            "clinic": clinic_id,
        },
    )
    choose_lists(record_id, visit.lists)
    remember_clinic(record_id)
    if visit.language:
        session["language"] = visit.language
    keep(session)


def put_away() -> None:
    """Nothing of the person is in this browser any more; what they answered is kept."""
    language, found = session.get("language"), on_tablet()
    _forget()
    session[TABLET] = {"stage": "rest", "staff": found.get("staff", {}), "clinic": found.get("clinic", "")}
    if language:
        session["language"] = language
    keep(session)


def _forget() -> None:
    assert isinstance(session, ServerSession)
    session.leave()
    for name in LOOKS:
        session.pop(name, None)


@pages.get("/tablet")
def go_on() -> Response:
    """The next question; after the last one the plan is made, and kept for the clinic."""
    found, open_record = on_tablet(), get_led()
    if not found["stage"]:
        return redirect(url_for("hub.checklists"), 303)
    if found["stage"] == "stopped":
        return redirect(url_for("tablet.stopped"), 303)
    # the lists that were not gone through to their end yet, where something may have been passed over
    lists = chosen_lists(open_record.record_id) or USUAL_LISTS
    if address := _next(open_record, [each for each in lists if each not in found["passed"]]):
        return redirect(address, 303)
    if open_record.draft.can_be_assessed and found["stage"] == "asking":
        work_out(open_record, f"tablet-{open_record.revision}")
    if found["shows"]:
        _note(found, stage="results")
        return redirect(url_for("results.results"), 303)
    put_away()
    return redirect(url_for("tablet.rest"), 303)


@pages.get("/tablet/here")
def here() -> Response:
    """Somebody is there: they read, or scroll."""
    return Response(status=204)


@pages.get("/tablet/still-here")
def still_here() -> str:
    """The question whether anybody is there, where no script asks it."""
    return render_template("clinic/desk/still_here.html")


@pages.post("/tablet/stop")
def stop() -> Response:
    """Somebody has to go, or has seen enough: what is answered is kept."""
    if (found := on_tablet())["stage"]:
        _note(found, stage="stopped")
    return redirect(url_for("tablet.stopped"), 303)


@pages.get("/tablet/stopped")
def stopped() -> str:
    """A slip leads back to the answers at home."""
    return render_template("clinic/desk/stopped.html")


@pages.post("/tablet/done")
def done() -> Response:
    """Nobody answers here any more."""
    if on_tablet()["stage"]:
        put_away()
    return redirect(url_for("tablet.rest"), 303)


@pages.get("/tablet/slip.pdf")
def slip() -> Response:
    """The way back to these answers, to cut out and take home. :raises RenderFailed: it could not be made"""
    open_record = find_readable()
    if open_record is None:
        raise RenderFailed
    return slip_for(open_record, wording())


def slip_for(open_record: OpenRecord, worded: Words) -> Response:
    """A slip with link and code, in these words."""
    _ = worded.speech.gettext
    says = _("Go on at home with this. Keep it like a house key: whoever has it can see and change your answers.")
    return as_pdf(slip_of(worded, way_to(open_record), _("Your questions, on any phone"), says), "slip.pdf")


def way_to(open_record: OpenRecord) -> WayBack:
    """The link and code of somebody's questions, which are made where there are none."""
    if store().find_link_and_code(open_record.record_id) is None:
        store().make_link_and_code(open_record.record_id)
    way_back = way_back_of(open_record)
    assert way_back is not None
    return way_back


@pages.get("/tablet/rest")
def rest() -> Response:
    """Thanks, and nothing else: whatever was open is over."""
    if on_tablet()["stage"] != "rest":
        return redirect(url_for("tablet.go_on"), 303)
    response = Response(render_template("clinic/desk/rest.html"), content_type="text/html; charset=utf-8")
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


def _note(found: dict[str, Any], **changes: Any) -> None:
    session[TABLET] = {**found, **changes, "seen": now_ms()}
    keep(session)


def first_page(open_record: OpenRecord, lists: Sequence[str]) -> str:
    """Where somebody begins with these lists on their own phone, or goes on."""
    choose_lists(open_record.record_id, lists)
    return _next(open_record, lists) or url_for("hub.checklists")


def _next(open_record: OpenRecord, lists: Sequence[str]) -> str:
    """The address of what is asked next, of these lists and what goes before them; nothing after the last."""
    draft, known, day = open_record.draft, spoken(), today()
    if not draft.about:
        first = pages_of(known, draft, ABOUT, day)[0].address
        return f"{first}?then={FALLS}" if FALLS in lists[:1] else first
    if not draft.signs_are_asked:
        return url_for("signs.signs")
    if draft.is_checking(day) and (page := next_to_ask(known, draft, day)):
        return f"{page.address}?then=again"
    return begin_at(known, draft, lists[0], day) if lists else ""
