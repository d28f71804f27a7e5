"""What is asked together on one page, a room or a section of another list: each thing is tapped where it is so."""

from collections.abc import Mapping

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from answers.draft import Draft
from checklists.files.model import Question, Section
from web.asking.last_answer import saying_what_is_put_aside, saying_what_was_answered
from web.asking.way_through import Page, minutes_for, pages_of
from web.core.drawings import drawing_of
from web.core.speaking import explained, spoken
from web.core.speaking import gettext as _
from web.visitor.must_go_first import get_led
from web.visitor.open_record import OpenRecord, change, now_ms, posted, today
from web.visitor.preferences import typed_here, value_here

pages = Blueprint("sections", __name__)
FINE = "fine"
"""What the button sends that answers no to all that was not tapped."""


@pages.get("/home/<section_id>")
def room(section_id: str) -> str:
    """A room with what was answered before."""
    return _show(spoken().rooms.id, section_id)


@pages.post("/home/<section_id>")
def look(section_id: str) -> Response:
    """Keeps what was found in a room and goes on."""
    return _keep(spoken().rooms.id, section_id)


@pages.get("/<list:subject>/section/<section_id>")
def section(subject: str, section_id: str) -> str:
    """A section of another list with what was answered before."""
    return _show(subject, section_id)


@pages.post("/<list:subject>/section/<section_id>")
def answer(subject: str, section_id: str) -> Response:
    """Keeps what was tapped in a section and goes on."""
    return _keep(subject, section_id)


@pages.get("/home/<section_id>/<int:_part>")
def part(section_id: str, _part: int) -> Response:
    """The address of a part of a room, from when it was asked in several."""
    _place(get_led(), spoken().rooms.id, section_id)
    return redirect(url_for("sections.room", section_id=section_id), 301)


def _show(subject: str, section_id: str) -> str:
    open_record = get_led()
    number, found = _place(open_record, subject, section_id)
    typed = typed_here()
    if typed is not None:
        return _render(open_record, found, number, dict(typed.items()), absent=bool(typed.get("absent")))
    stored = {key: str(value) for key, value in open_record.draft.answers(subject).items()}
    return _render(open_record, found, number, stored, absent=_is_absent(open_record.draft, found[number]))


def _keep(subject: str, section_id: str) -> Response:
    """Keeps the answers of this page and goes on; what was not answered is no only by the button that says so."""
    open_record = posted()
    number, found = _place(open_record, subject, section_id)
    page = found[number]
    new_answers = {
        question.link_id: request.form[question.link_id]
        for question in page.questions
        if request.form.get(question.link_id) in question.allowed
    }
    absent = _section_of(page).may_be_absent and bool(request.form.get("absent"))
    if request.form.get("rest") == FINE and not absent:
        new_answers = {question.link_id: new_answers.get(question.link_id, "no") for question in page.questions}
    before = open_record.draft
    open_record = change(open_record, lambda draft: _with_page(draft, page, new_answers, absent=absent, at_ms=now_ms()))
    address = saying_what_was_answered(_next(found, number), subject, section_id)
    return redirect(saying_what_is_put_aside(address, before, open_record, subject), 303)


def _with_page(draft: Draft, page: Page, new_answers: Mapping[str, str], *, absent: bool, at_ms: int) -> Draft:
    draft = draft.with_answers(page.checklist, new_answers)
    if page.checklist != spoken().rooms.id:
        for link_id in new_answers:
            draft = draft.with_asked(f"{page.checklist}.{link_id}", today())
        return draft
    room = _section_of(page).id
    return draft.answered(new_answers, at_ms).with_room(room, absent=absent).answered((room,), at_ms)


def _next(found: tuple[Page, ...], number: int) -> str:
    subject, last = found[number].checklist, number + 1 == len(found)
    if request.form.get("then") == "review" or last:
        return url_for("hub.review", checklist=subject)
    return found[number + 1].address


def _place(open_record: OpenRecord, subject: str, section_id: str) -> tuple[int, tuple[Page, ...]]:
    found = pages_of(spoken(), open_record.draft, subject, today())
    for number, page in enumerate(found):
        if page.section is not None and page.section.id == section_id:
            return number, found
    abort(404)


def _section_of(page: Page) -> Section:
    assert page.section is not None
    return page.section


def _is_absent(draft: Draft, page: Page) -> bool:
    return _section_of(page).may_be_absent and _section_of(page).id in draft.absent


def _render(
    open_record: OpenRecord, found: tuple[Page, ...], number: int, stored: Mapping[str, str], *, absent: bool
) -> str:
    page, helping = found[number], open_record.draft.helping
    section, is_room = _section_of(page), page.checklist == spoken().rooms.id
    photos = open_record.draft.photo_ids if is_room else {}
    return render_template(
        "asking/section.html",
        open_record=open_record,
        section=section,
        is_room=is_room,
        send_to=url_for("sections.look", section_id=section.id)
        if is_room
        else url_for("sections.answer", subject=page.checklist, section_id=section.id),
        what=spoken().checklist_of[page.checklist].short,
        number=number + 1,
        count=len(found),
        minutes=minutes_for(found[number:]),
        things=[
            {
                **thing_of(question, helping=helping),
                "answer": stored.get(question.link_id, ""),
                "photos": [{"id": photos[question.link_id], "shows": question.name}]
                if question.link_id in photos
                else [],
            }
            for question in page.questions
        ],
        not_here="" if not is_room else _("Not there") if helping else _("Not here"),
        words=explained(text for each in page.questions for text in (each.ask, each.help, each.name)),
        absent=absent,
        back=_back(found, number),
        then="review" if _reviewing() else "",
    )


def thing_of(question: Question, *, helping: bool) -> dict[str, str]:
    """What is tapped where it is so, in as few words as tell it; the whole question and how to tell wait folded."""
    line = question.look_for or question.finding
    return {
        "name": question.link_id,
        "picture": drawing_of(question),
        "short": question.name or question.finding,
        "line": line[:1].upper() + line[1:],
        "ask": question.ask_other if helping else question.ask,
        "hint": (question.help_other if helping and question.help_other else question.help) or "",
    }


def _reviewing() -> bool:
    """Whether an answer is changed from the review, to which the page then leads back."""
    return value_here("then") == "review"


def _back(found: tuple[Page, ...], number: int) -> str:
    page = found[number]
    if _reviewing():
        return url_for("hub.review", checklist=page.checklist)
    if number:
        return found[number - 1].address
    return url_for("rooms.choose" if page.checklist == spoken().rooms.id else "hub.checklists")
