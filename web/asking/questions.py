"""One question a page: about the person, and every list that is not gone through room by room."""

from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from answers.draft import Draft
from answers.typed_numbers import Answer, Answers, metric
from checklists.files.grammar import BONE, FALLS
from checklists.files.model import Question
from reports.words.questions import answers_of
from web.asking.doubts import HEIGHT, WEIGHT, Doubt, doubt_about
from web.asking.hub import after_signs
from web.asking.last_answer import saying_what_is_put_aside, saying_what_was_answered
from web.asking.numbers import (
    HEIGHTS,
    UNITS,
    Typed,
    answer_in_words,
    fields_of,
    heights_at_odds,
    is_number,
    read_number,
    read_unsure,
    typed_fields,
)
from web.asking.way_through import (
    NEEDED,
    Page,
    PageOnTheWay,
    about_pages,
    fact_of,
    go_on_in,
    minutes_for,
    next_to_ask,
    on_short_way,
    pages_of,
    place_in,
    to_ask_again,
)
from web.core.drawings import drawing_of
from web.core.speaking import explained, spoken, wording
from web.core.speaking import gettext as _
from web.visitor.must_go_first import get_led
from web.visitor.open_record import OpenRecord, change, posted, today
from web.visitor.preferences import preferences, typed_here, value_here
from web.visitor.stored_plan import last_made_on

pages = Blueprint("questions", __name__)
REVIEW, AGAIN = "review", "again"


@pages.get("/<list:subject>/<link_id>")
def question(subject: str, link_id: str) -> str | Response:
    """A question with what was answered before."""
    open_record = get_led()
    place = _place(open_record, subject, link_id)
    if place is None:
        return redirect(url_for("hub.review", checklist=subject), 303)
    stored = _last_answer(open_record, place.page, again=_then() == AGAIN)
    units = _units(open_record)
    asked = place.page.questions[0]
    typed = typed_here()
    if typed is not None and (is_number(asked) or link_id in typed):
        units = typed.get("units", units)
        shown = typed_fields(asked, typed, units) if is_number(asked) else {"value": typed[link_id]}
        return _render(open_record, place, Typed(shown=shown), units, unsure=bool(typed.get(f"{link_id}-unsure")))
    shown = (
        fields_of(asked, stored, units) if is_number(asked) else {"value": stored if isinstance(stored, str) else ""}
    )
    return _render(open_record, place, Typed(shown=shown), units, unsure=stored == "unsure")


@pages.post("/<list:subject>/<link_id>")
def answer(subject: str, link_id: str) -> Response | tuple[str, int]:
    """Keeps the answer and goes on, or says what to do."""
    open_record = posted()
    place = _place(open_record, subject, link_id)
    if place is None:
        return redirect(url_for("hub.review", checklist=subject), 303)
    asked = place.page.questions[0]
    units = request.form.get("units") if request.form.get("units") in UNITS else _units(open_record)
    assert units is not None
    typed = _typed(open_record, asked, subject, units)
    if typed.error:
        unsure = bool(request.form.get(f"{asked.link_id}-unsure"))
        return _render(open_record, place, typed, units, unsure=unsure), 422
    doubt = _doubt(open_record, asked, subject, typed)
    instead = doubt.answered(request.form.get("meant", "")) if doubt else {}
    if instead is None:
        return _render(open_record, place, typed, units, unsure=False, doubt=doubt), 422
    before, new_answers = open_record.draft, {link_id: typed.answer, **instead}
    open_record = change(open_record, lambda draft: _with_answers(draft, subject, new_answers, units))
    address = saying_what_was_answered(_next(open_record, subject, link_id), subject, link_id)
    return redirect(saying_what_is_put_aside(address, before, open_record, subject), 303)


def _typed(open_record: OpenRecord, asked: Question, subject: str, units: str) -> Typed:
    if is_number(asked):
        if request.form.get(f"{asked.link_id}-unsure"):
            return read_unsure(asked, request.form, units, open_record.draft.answer(subject, asked.link_id))
        typed = read_number(asked, request.form, units)
        return typed if typed.error else _not_shorter_than_now(open_record, asked, subject, typed)
    value = request.form.get(asked.link_id, "")
    if value not in asked.allowed:
        labels = [label for _, label in answers_of(wording(), asked, helping=open_record.draft.helping)]
        return Typed(shown={"value": ""}, error=_("Choose %(answers)s.", answers=wording().speech.listed(labels, "or")))
    return Typed(shown={"value": value}, value=value)


def _not_shorter_than_now(open_record: OpenRecord, asked: Question, subject: str, typed: Typed) -> Typed:
    """Nobody was never as tall as now."""
    if subject != BONE or asked.link_id not in HEIGHTS:
        return typed
    error = heights_at_odds({**open_record.draft.answers(BONE), asked.link_id: typed.answer})
    return Typed(shown=typed.shown, error=error) if error else typed


def _doubt(open_record: OpenRecord, asked: Question, subject: str, typed: Typed) -> Doubt | None:
    if subject != BONE or not is_number(asked):
        return None
    before = open_record.draft.answers(BONE)
    return doubt_about(spoken().by_link_id[BONE], before, {**before, asked.link_id: typed.answer})


def _with_answers(draft: Draft, subject: str, new_answers: Answers, units: str) -> Draft:
    for link_id in new_answers:
        draft = draft.with_asked(f"{subject}.{link_id}", today())
    return draft.with_answers(subject, new_answers).typed_in(units, new_answers)


def _last_answer(open_record: OpenRecord, page: Page, *, again: bool) -> Answer | None:
    """What was answered before, but for what a check again must ask as if for the first time."""
    anew = open_record.draft.asked_anew(today())
    forgotten = again and page.questions[0].spans and fact_of(page) not in anew
    return None if forgotten else open_record.draft.answer(page.checklist, page.questions[0].link_id)


def _next(open_record: OpenRecord, subject: str, link_id: str) -> str:
    if _then() == REVIEW:
        return url_for("hub.review", checklist=subject)
    if _then() == AGAIN and open_record.draft.is_checking(today()):
        page = next_to_ask(spoken(), open_record.draft, today())
        return f"{page.address}?then={AGAIN}" if page else url_for("check_again.again")
    place = _place(open_record, subject, link_id)
    return _following(open_record, place.after if place else (), subject)


def _following(open_record: OpenRecord, left: tuple[Page, ...], subject: str) -> str:
    return _on_the_way(left[0]) if left else _after_list(open_record, subject)


def _on_the_way(page: Page) -> str:
    """A page's address; of one about the person, with the list that it is asked for."""
    return f"{page.address}?then={_heading_for()}" if page.checklist == "about" and _heading_for() else page.address


def _after_list(open_record: OpenRecord, subject: str) -> str:
    """The review of a list; after the questions about the person the list they are for, or first the warning signs."""
    if subject != "about":
        return url_for("hub.review", checklist=subject)
    if _heading_for() not in ("", FALLS):
        return go_on_in(spoken(), open_record.draft, _heading_for(), today())
    return after_signs(open_record) if open_record.draft.signs_are_asked else url_for("signs.signs")


def _place(open_record: OpenRecord, subject: str, link_id: str) -> PageOnTheWay | None:
    """Where a question stands; None where it does not apply to this person."""
    if subject == spoken().rooms.id:
        abort(404)
    if subject == "about" and _heading_for():
        way = about_pages(spoken(), open_record.draft, _heading_for(), today())
    else:
        way = pages_of(spoken(), open_record.draft, subject, today())
    if place := place_in(way, link_id):
        return place
    if all(each.link_id != link_id for each in spoken().questions[subject]):
        abort(404)
    return None


def _units(open_record: OpenRecord) -> str:
    chosen = request.args.get("units")
    return chosen if chosen in UNITS else open_record.draft.units


def _render(
    open_record: OpenRecord,
    place: PageOnTheWay,
    typed: Typed,
    units: str,
    *,
    unsure: bool,
    doubt: Doubt | None = None,
) -> str:
    asked, helping = place.page.questions[0], open_record.draft.helping
    subject, answers = place.page.checklist, answers_of(wording(), asked, helping=helping)
    return render_template(
        "asking/question.html",
        open_record=open_record,
        subject=subject,
        **_progress(open_record, place),
        back=_back(place),
        asked=asked,
        ask=asked.ask_other if helping else asked.ask,
        help=(asked.help_other if helping and asked.help_other else asked.help) or "",
        kind=_kind(asked),
        drawing=drawing_of(asked),
        answers=[
            {"value": code, "label": label, "checked": typed.shown.get("value") == code} for code, label in answers
        ],
        shown=typed.shown,
        units=units,
        unsure=unsure,
        skip="" if _then() == AGAIN else _skip(open_record, place),
        error=typed.error,
        doubt=doubt,
        weight_page=url_for("questions.question", subject=BONE, link_id=WEIGHT) if asked.link_id == HEIGHT else "",
        then=_then(),
        words=explained((asked.ask, asked.help, asked.why, *(label for _code, label in answers))),
        note=_note(open_record, place),
    )


def _kind(asked: Question) -> str:
    """A number to type, one of several buttons, or, for a hand that shakes, a choice that is saved by a button."""
    if is_number(asked):
        return "number"
    return "one-tap" if preferences().saving == "tap" else "choice"


def _progress(open_record: OpenRecord, place: PageOnTheWay) -> dict[str, Any]:
    """How far one is on the whole way, which counts every follow-up that may still come: so it only goes forward."""
    draft, subject, asked = open_record.draft, place.page.checklist, fact_of(place.page)
    what, before, after, signs = _title(subject), place.way[: place.number], place.way[place.number :], None
    if _then() == AGAIN:
        again = to_ask_again(spoken(), draft, today())
        facts = [fact_of(each) for each in again]
        what = _("Check again")
        if asked in facts:
            before, after = again[: facts.index(asked)], again[facts.index(asked) :]
    elif _heading_for() == FALLS:
        what, after = _title(FALLS), (*after, *pages_of(spoken(), draft, FALLS, today()))
        signs = None if draft.signs_are_asked else spoken()
    elif subject == FALLS and on_short_way(spoken(), draft):
        before = (*about_pages(spoken(), draft, FALLS, today()), *before)
    count = len(before) + len(after)
    return {"what": what, "number": len(before) + 1, "count": count, "minutes": minutes_for(after, signs)}


def _title(subject: str) -> str:
    return spoken().about.title if subject == "about" else spoken().checklist_of[subject].short


def _note(open_record: OpenRecord, place: PageOnTheWay) -> str:
    """What stands before a question: the last answer where it is asked again, or in whom a list was tested."""
    page = place.page
    asked, stored = page.questions[0], _last_answer(open_record, page, again=_then() == AGAIN)
    day = last_made_on(open_record) if _then() == AGAIN else None
    if day and stored is not None and fact_of(page) not in open_record.draft.asked_anew(today()):
        answer = answer_in_words(asked, stored, helping=open_record.draft.helping)
        day = open_record.draft.carried.get(fact_of(page), day)
        return _("On %(day)s the answer was: %(answer)s. Is it still so?", day=wording().day(day), answer=answer)
    checklist = spoken().checklist_of.get(page.checklist)
    if checklist is None or place.number:
        return ""
    return wording().tested(checklist, metric(open_record.draft.answer("about", "age")))


def _back(place: PageOnTheWay) -> str:
    subject = place.page.checklist
    if _then() == REVIEW:
        return url_for("hub.review", checklist=subject)
    if _then() == AGAIN:
        return url_for("check_again.again")
    if place.number:
        return _on_the_way(place.way[place.number - 1])
    return url_for("start.welcome" if subject == "about" and _heading_for() in ("", FALLS) else "hub.checklists")


def _then() -> str:
    """Where the page leads back to: the review that an answer is changed from, or what may have changed."""
    found: str | None = g.get("then")
    if found is None:  # a page asks ten times
        then = value_here("then")
        found = g.then = then if then in (REVIEW, AGAIN) or then in spoken().checklist_of else ""
    return found


def _heading_for() -> str:
    """The list for which questions about the person are asked on the way."""
    return _then() if _then() not in (REVIEW, AGAIN) else ""


def _skip(open_record: OpenRecord, place: PageOnTheWay) -> str:
    """Where "skip" leads; nowhere for the two questions on which exercise waits."""
    if place.page.checklist == "about" and place.page.questions[0].link_id in NEEDED:
        return ""
    return _following(open_record, place.after, place.page.checklist)
