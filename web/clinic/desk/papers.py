"""Paper that leads to the questions: a slip and a letter for one person, and a poster for everybody."""

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from reports.words.words import Words
from storage.clinics.model import Clinic
from web.clinic.at_work import at_work, note
from web.clinic.desk.list_entry import ListEntry
from web.clinic.desk.on_the_list import find_record, get_visit, record_to_answer
from web.clinic.desk.tablet import slip_for, way_to
from web.core.settings import definitions
from web.core.speaking import wording, words_of
from web.visitor.open_record import OpenRecord, today
from web.visitor.paper import as_pdf, page_of, points_of, render_html

pages = Blueprint("papers", __name__)


@pages.post("/clinic/people/<person_id>/slip")
def slip(person_id: str) -> Response:
    """The way to their questions, to cut out, in their own language; a letter too."""
    visit, open_record = _begun(person_id)
    note("printed-person", visit.person)
    return slip_for(open_record, words_of(definitions(), visit.language))


@pages.post("/clinic/people/<person_id>/letter")
def letter(person_id: str) -> Response:
    """A letter before a visit, with the way to their questions."""
    from reports.paper.document import fill_template  # with its widths of letters 60 ms

    visit, open_record = _begun(person_id)
    clinic, theirs = at_work()[1], words_of(definitions(), visit.language)
    html = fill_template(
        "letter.html",
        **_head(clinic, theirs),
        person_name=visit.name if clinic.keeps_names else "",
        day=theirs.day(visit.person.day) if visit.person.day > today() else "",
        time=visit.time.removeprefix("0"),
        way_back=way_to(open_record),
    )
    note("printed-person", visit.person)
    return as_pdf(render_html(html), f"letter-{visit.person.code}.pdf")


@pages.get("/clinic/poster.pdf")
def poster() -> Response:
    """For the wall: who points a phone at it begins answers of their own, and may give them to this clinic."""
    from reports.paper.document import fill_template

    clinic = at_work()[1]
    address = url_for("to_a_clinic.poster", place=clinic.place, _external=True)
    html = fill_template("wall_poster.html", **_head(clinic, wording()), address=address)
    return as_pdf(render_html(html), "poster.pdf")


def _head(clinic: Clinic, worded: Words) -> dict[str, object]:
    """What every paper of the clinic begins with."""
    return {
        "speech": worded.speech,
        "clinic": clinic,
        "made_on": today(),
        "page": page_of(request.args.get("page", "") or clinic.page),
        "points": points_of(request.args),
    }


def _begun(person_id: str) -> tuple[ListEntry, OpenRecord]:
    visit = get_visit(person_id)
    record_to_answer(visit)
    open_record = find_record(get_visit(person_id))
    assert open_record is not None
    return visit, open_record
