"""The home, room by room: at most five things a page, each with four answers."""

from collections.abc import Mapping

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from answers.draft import Draft
from reports.words.questions import AT_HOME, AT_THEIR_HOME
from web.asking.way_through import Page, first_open, pages_of
from web.core.drawings import drawing_of
from web.core.explained import explained
from web.core.speaking import gettext as _
from web.core.speaking import spoken
from web.visitor.must_go_first import get_led
from web.visitor.open_record import OpenRecord, change, now_ms, posted, today
from web.visitor.preferences import typed_here, value_here

pages = Blueprint("rooms", __name__)


@pages.get("/home")
def choose() -> str:
    """Which rooms this home has, and whether to walk around or to answer from the chair."""
    open_record = get_led()
    typed = typed_here()
    rooms = [room for room in spoken().rooms.sections if room.may_be_absent]
    here = typed.getlist("here") if typed is not None else [r.id for r in rooms if r.id not in open_record.draft.absent]
    return render_template(
        "asking/rooms.html",
        open_record=open_record,
        rooms=[{"value": room.id, "label": room.title, "checked": room.id in here} for room in rooms],
    )


@pages.post("/home")
def chosen() -> Response:
    """Keeps which rooms there are, and goes to the first that is there, or to the walk."""
    open_record = posted()
    rooms = [room.id for room in spoken().rooms.sections if room.may_be_absent]
    absent = [each for each in rooms if each not in request.form.getlist("here")]
    open_record = change(open_record, lambda draft: _with_absent(draft, rooms, absent, now_ms()))
    if request.form.get("then") == "walk":
        return redirect(url_for("walk.walk"), 303)
    page = first_open(open_record.draft, pages_of(spoken(), open_record.draft, spoken().rooms.id, today()))
    return redirect(page.address if page else url_for("hub.review", checklist=spoken().rooms.id), 303)


@pages.get("/home/<room>", defaults={"part": 1})
@pages.get("/home/<room>/<int:part>")
def room(room: str, part: int) -> str:
    """A room, or a part of it, with what was answered before."""
    open_record = get_led()
    number, found = _place(open_record, room, part)
    typed = typed_here()
    if typed is not None:
        return _render(open_record, found, number, dict(typed.items()), bool(typed.get("absent")), "")
    kept = {key: str(value) for key, value in open_record.draft.answers(spoken().rooms.id).items()}
    return _render(open_record, found, number, kept, room in open_record.draft.absent, "")


@pages.post("/home/<room>", defaults={"part": 1})
@pages.post("/home/<room>/<int:part>")
def look(room: str, part: int) -> Response | tuple[str, int]:
    """Keeps the answers of this page and goes on; what was not answered stays not known."""
    open_record = posted()
    number, found = _place(open_record, room, part)
    page = found[number]
    given = {
        question.link_id: request.form[question.link_id]
        for question in page.questions
        if request.form.get(question.link_id) in question.allowed
    }
    assert page.section is not None
    absent = page.section.may_be_absent and part == 1 and bool(request.form.get("absent"))
    if not given and not absent:
        error = _("Choose an answer for at least one thing, or go on without this page.")
        return _render(open_record, found, number, {}, False, error), 422
    open_record = change(open_record, lambda draft: _with_page(draft, room, given, absent, part, now_ms()))
    return redirect(_next(found, number, absent), 303)


def answers_at_home(helping: bool) -> list[tuple[str, str]]:
    """The four answers with their labels, in the words for self or helper."""
    return [(code, _(label)) for code, label in (AT_THEIR_HOME if helping else AT_HOME)]


def _with_page(draft: Draft, room: str, given: Mapping[str, str], absent: bool, part: int, at_ms: int) -> Draft:
    draft = draft.with_answers(spoken().rooms.id, given).answered(given, at_ms)
    return draft.with_room(room, absent=absent).answered((room,), at_ms) if part == 1 else draft


def _with_absent(draft: Draft, rooms: list[str], absent: list[str], at_ms: int) -> Draft:
    return draft.begin(spoken().rooms.id).with_absent(absent).answered(rooms, at_ms)


def _next(found: tuple[Page, ...], number: int, absent: bool) -> str:
    if request.form.get("then") == "review":
        return url_for("hub.review", checklist=spoken().rooms.id)
    here = found[number].section
    assert here is not None
    for page in found[number + 1 :]:
        if not (absent and page.section is not None and page.section.id == here.id):
            return page.address
    return url_for("hub.review", checklist=spoken().rooms.id)


def _place(open_record: OpenRecord, room: str, part: int) -> tuple[int, tuple[Page, ...]]:
    found = pages_of(spoken(), open_record.draft, spoken().rooms.id, today())
    for number, page in enumerate(found):
        if page.section is not None and page.section.id == room and page.part == part:
            return number, found
    abort(404)


def _render(
    open_record: OpenRecord, found: tuple[Page, ...], number: int, kept: dict[str, str], absent: bool, error: str
) -> str:
    page, helping = found[number], open_record.draft.helping
    section = page.section
    assert section is not None
    photos = {link_id: (each,) for link_id, each in open_record.draft.photo_ids.items()}
    rooms = list(dict.fromkeys(each.section.id for each in found if each.section is not None))
    return render_template(
        "asking/room.html",
        open_record=open_record,
        section=section,
        part=page.part,
        parts=page.parts,
        number=rooms.index(section.id) + 1,
        count=len(rooms),
        items=[
            {
                "name": question.link_id,
                "picture": drawing_of(question),
                "short": question.name,
                "line": question.ask_other if helping else question.ask,
                "hint": (question.help_other if helping and question.help_other else question.help) or "",
                "answers": [
                    {"value": code, "label": label, "checked": kept.get(question.link_id) == code}
                    for code, label in answers_at_home(helping)
                ],
                "photos": [{"id": each, "shows": question.name} for each in photos.get(question.link_id, ())],
            }
            for question in page.questions
        ],
        words=explained(text for each in page.questions for text in (each.ask, each.help, each.name)),
        may_be_absent=section.may_be_absent and page.part == 1,
        absent=absent,
        back=_back(found, number),
        skip=_next_address(found, number),
        error=error,
        first_field=page.questions[0].link_id,
        then="review" if _reviewing() else "",
    )


def _next_address(found: tuple[Page, ...], number: int) -> str:
    return found[number + 1].address if number + 1 < len(found) else url_for("hub.review", checklist=spoken().rooms.id)


def _reviewing() -> bool:
    """Whether an answer is changed from the review, to which the page then leads back."""
    return value_here("then") == "review"


def _back(found: tuple[Page, ...], number: int) -> dict[str, str]:
    if _reviewing():
        return {"href": url_for("hub.review", checklist=spoken().rooms.id), "text": _("Back to your answers")}
    if number:
        before = found[number - 1]
        assert before.section is not None
        return {"href": before.address, "text": _("Back to: %(room)s", room=before.section.title)}
    return {"href": url_for("rooms.choose"), "text": _("Back to the rooms")}
