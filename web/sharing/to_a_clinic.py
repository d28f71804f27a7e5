"""The poster of a clinic, and a person who gives their answers to it: by their own choice, and taken back alike."""

from datetime import UTC, datetime

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from checklists.files.grammar import FALLS
from storage.clinics.model import AuditLine, Clinic, ClinicNotFound, Person
from storage.clinics.people import BY_POSTER, SUMMARY
from storage.clinics.store import ClinicStore
from web.asking.chosen_lists import invite, invited_by
from web.core.free_text import problem, typed
from web.core.stores import store
from web.visitor.budgets import CLINICS_OF_A_RECORD, spend, spend_bytes, spend_session
from web.visitor.must_go_first import get_led
from web.visitor.open_record import OpenRecord, find_readable, get_open_record, now_ms, posted, summary
from web.visitor.own_clinic import (
    PERSON,
    act_for,
    clinic_of,
    day_at,
    logo_of,
    most_letters,
    remember_clinic,
    speak_for,
    usual_lists,
)
from web.visitor.preferences import typed_here, value_here

pages = Blueprint("to_a_clinic", __name__)
SIZE = 2_000
"""Of a person on a list, and of the line that says so."""
SEEING = "seeing"
"""In an address: that it is about the clinic that sees the answers, whichever asks for them now."""


@pages.get("/at/<place>")
def poster(place: str) -> str:
    """What the clinic is called, whom to call, who near it helps; looking at it binds nobody."""
    clinic = _clinic_at(place)
    return render_template("sharing/poster_start.html", clinic=clinic, has_record=find_readable() is not None)


@pages.post("/at/<place>")
def begin(place: str) -> Response:
    """The questions, as everybody has them, with what this clinic asks first."""
    clinic = _clinic_at(place)
    spend_session()
    lists = usual_lists(clinic)
    invite(clinic.clinic_id, lists)
    if request.form.get("do") == "give":
        return redirect(url_for("to_a_clinic.ask"), 303)
    return redirect(url_for("start.for_whom", way=FALLS if lists[0] == FALLS else None), 303)


@pages.get("/clinic-logo.png")
def logo() -> Response:
    """The logo of the clinic that sees the answers, for their owner's own pages."""
    png = logo_of(clinic_of(get_led().record_id))
    if png is None:
        abort(404)
    return current_app.response_class(png, content_type="image/png")


@pages.get("/to-a-clinic")
def ask() -> str:
    """What giving means, before it is done; after it, the code at the clinic and the way to take it back, also while a
    page for help comes before all others."""
    before, open_record = typed_here(), get_open_record()
    clinic = _clinic_for(open_record)
    if clinic is None or _seen_as(clinic, open_record) is None:
        get_led()
    return _page(open_record, clinic, before.get("name", "") if before else "")


@pages.post("/to-a-clinic")
def give() -> Response | str | tuple[str, int]:
    """From now on the clinic sees these answers."""
    open_record = posted()
    clinic = _clinic_for(open_record)
    if clinic is None:
        return redirect(url_for("to_a_clinic.ask"), 303)
    name = typed(request.form, "name")
    if says := problem(name, most_letters(clinic)):
        return _page(open_record, clinic, name, says), 422
    if _seen_as(clinic, open_record) is None:
        spend(CLINICS_OF_A_RECORD, open_record.record_id)
        spend_bytes(SIZE)
        lists = [each for each in open_record.draft.lists if open_record.draft.has_begun(each)]
        data = {
            "name": name,
            "lists": lists or list(usual_lists(clinic)),
            BY_POSTER: True,
            SUMMARY: summary(open_record),
        }
        person = _of(clinic).take_on(open_record.record_id, day_at(clinic), data)
        _note(clinic, person, "came-by-poster")
    remember_clinic(open_record.record_id)
    return redirect(url_for("to_a_clinic.ask", clinic=SEEING), 303)


@pages.post("/to-a-clinic/take-back")
def take_back() -> Response:
    """The clinic sees them no longer, where they came by themselves; who staff put on the list asks the staff."""
    open_record = posted()
    clinic = _clinic_for(open_record)
    person = _seen_as(clinic, open_record) if clinic else None
    if clinic and person and person.data.get(BY_POSTER):
        _of(clinic).remove_person(person.person_id)
        _note(clinic, person, "taken-back")
        remember_clinic(open_record.record_id)
        return redirect(url_for("to_a_clinic.ask", taken="back"), 303)
    return redirect(url_for("to_a_clinic.ask", clinic=SEEING), 303)


def asking_clinic(open_record: OpenRecord | None) -> str:
    """The name of the clinic that these answers may be given to; empty where none asked for them, or it has them."""
    clinic = _inviting() if open_record else None
    return clinic.name if clinic and open_record and _seen_as(clinic, open_record) is None else ""


def _page(open_record: OpenRecord, clinic: Clinic | None, name: str, error: str = "") -> str:
    if clinic:
        speak_for(clinic)
    return render_template(
        "sharing/to_a_clinic.html",
        open_record=open_record,
        clinic=clinic,
        seen_as=_seen_as(clinic, open_record) if clinic else None,
        by_poster=BY_POSTER,
        which=value_here("clinic"),
        taken_back=request.args.get("taken") == "back",
        name=name,
        error=error,
    )


def _clinic_at(place: str) -> Clinic:
    clinic = store().find_clinic_at(place)
    if clinic is None:
        abort(404)
    act_for(clinic)
    return clinic


def _inviting() -> Clinic | None:
    """The clinic whose poster led here; None where none did, or it is gone."""
    try:
        return _of(invited_by()).get() if invited_by() else None
    except ClinicNotFound:
        return None


def _clinic_for(open_record: OpenRecord) -> Clinic | None:
    """The clinic whose poster led here, else the one that sees these answers: they are taken back from any browser, and
    long after. Where the way here was by what a clinic sees, that one goes first."""
    seeing = clinic_of(open_record.record_id)
    return seeing if seeing and value_here("clinic") == SEEING else _inviting() or seeing


def _of(clinic: Clinic | str) -> ClinicStore:
    return store().clinic(clinic if isinstance(clinic, str) else clinic.clinic_id)


def _seen_as(clinic: Clinic, open_record: OpenRecord) -> Person | None:
    return _of(clinic).find_by_record(open_record.record_id)


def _note(clinic: Clinic, person: Person, did: str) -> None:
    """A line of the clinic's log of what somebody did themselves."""
    at = datetime.fromtimestamp(now_ms() // 1000, UTC)
    line = AuditLine(
        at=at, staff_id="", who="", role=PERSON, did=did, person_id=person.person_id, person_code=person.code
    )
    _of(clinic).note(line)
