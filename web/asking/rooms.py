"""The home, room by room: at most five things to look for on a page, each tapped where it is found."""

from collections.abc import Mapping

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from answers.draft import Draft
from web.asking.way_through import Page, first_open, pages_of
from web.core.drawings import drawing_of
from web.core.explained import explained
from web.core.speaking import gettext as _
from web.core.speaking import spoken
from web.visitor.must_go_first import get_led
from web.visitor.open_record import OpenRecord, change, now_ms, posted, today
from web.visitor.preferences import typed_here, value_here

pages = Blueprint("rooms", __name__)
FINE = "fine"
"""What the button sends that answers no to all that was not tapped."""


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
        return _render(open_record, found, number, dict(typed.items()), absent=bool(typed.get("absent")))
    kept = {key: str(value) for key, value in open_record.draft.answers(spoken().rooms.id).items()}
    return _render(open_record, found, number, kept, absent=room in open_record.draft.absent)


@pages.post("/home/<room>", defaults={"part": 1})
@pages.post("/home/<room>/<int:part>")
def look(room: str, part: int) -> Response:
    """Keeps the answers of this page and goes on; what was not answered is no only by the button that says so."""
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
    if request.form.get("rest") == FINE and not absent:
        given = {question.link_id: given.get(question.link_id, "no") for question in page.questions}
    open_record = change(open_record, lambda draft: _with_page(draft, room, given, absent, part, now_ms()))
    return redirect(_next(found, number, absent), 303)


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
            return f"{page.address}?after={found[number].address.removeprefix('/home/')}"
    return url_for("hub.review", checklist=spoken().rooms.id)


def _place(open_record: OpenRecord, room: str, part: int) -> tuple[int, tuple[Page, ...]]:
    found = pages_of(spoken(), open_record.draft, spoken().rooms.id, today())
    for number, page in enumerate(found):
        if page.section is not None and page.section.id == room and page.part == part:
            return number, found
    abort(404)


def _render(
    open_record: OpenRecord, found: tuple[Page, ...], number: int, kept: Mapping[str, str], *, absent: bool
) -> str:
    page, helping = found[number], open_record.draft.helping
    section = page.section
    assert section is not None
    photos = open_record.draft.photo_ids
    rooms = list(dict.fromkeys(each.section.id for each in found if each.section is not None))
    return render_template(
        "asking/room.html",
        open_record=open_record,
        section=section,
        part=page.part,
        parts=page.parts,
        number=rooms.index(section.id) + 1,
        count=len(rooms),
        before=_before(open_record.draft, found),
        things=[
            {
                "name": question.link_id,
                "picture": drawing_of(question),
                "short": question.name,
                "line": question.ask_other if helping else question.ask,
                "hint": (question.help_other if helping and question.help_other else question.help) or "",
                "answer": kept.get(question.link_id, ""),
                "photos": [{"id": photos[question.link_id], "shows": question.name}]
                if question.link_id in photos
                else [],
            }
            for question in page.questions
        ],
        not_here=_("Not there") if helping else _("Not here"),
        words=explained(text for each in page.questions for text in (each.ask, each.help, each.name)),
        may_be_absent=section.may_be_absent and page.part == 1,
        absent=absent,
        back=_back(found, number),
        then="review" if _reviewing() else "",
    )


def _before(draft: Draft, found: tuple[Page, ...]) -> dict[str, str]:
    """What was answered on the page from which this one was reached, so that a slip of the finger is seen."""
    after = request.args.get("after", "")
    page = next((each for each in found if after and each.address == f"/home/{after}"), None)
    if page is None or page.section is None:
        return {}
    title = page.section.title
    given = [draft.answer(spoken().rooms.id, each.link_id) for each in page.questions]
    found_here = given.count("yes")
    if page.section.id in draft.absent:
        text = _("%(room)s: no such place.", room=title)
    elif None in given or "unsure" in given:
        text = _("%(room)s: %(found)s found, not all known.", room=title, found=found_here)
    elif found_here:
        text = _("%(room)s: %(found)s found, the rest is fine.", room=title, found=found_here)
    else:
        text = _("%(room)s: all is fine.", room=title)
    return {"text": text, "href": page.address, "title": title}


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
