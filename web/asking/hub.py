"""The checklists to choose from, and the review of the answers of each."""

from typing import Any

from flask import Blueprint, render_template, url_for

from answers.draft import Draft
from answers.typed_numbers import Answer
from checklists.files.grammar import FALLS
from checklists.files.model import Checklist, Question
from reports.words.speech import N_
from web.asking.chosen_lists import chosen_lists
from web.asking.numbers import answer_in_words
from web.asking.way_through import Page, answered, begin_at, first_open, minutes_for, on_short_way, pages_of
from web.core.speaking import gettext as _
from web.core.speaking import ngettext, spoken, wording
from web.core.stores import store
from web.visitor.must_go_first import get_led
from web.visitor.open_record import OpenRecord, today

pages = Blueprint("hub", __name__)
STATES = {"new": N_("Not started"), "started": N_("Started"), "done": N_("Done")}


@pages.get("/checklists")
def checklists() -> str:
    """Which lists there are, how long each takes, and how far each is; in any order."""
    open_record = get_led()
    return render_template(
        "asking/hub.html",
        open_record=open_record,
        items=[_item(open_record, checklist) for checklist in spoken().checklists],
        asked_today=open_record.draft.signs_are_asked,
        ready=open_record.draft.can_be_assessed,
        again=_again(open_record),
        guides=spoken().guides.guides,
    )


@pages.get("/review/<list:checklist>")
def review(checklist: str) -> str:
    """Every answer of a list with a way to change it."""
    open_record = get_led()
    found = pages_of(spoken(), open_record.draft, checklist, today())
    stored = open_record.draft.answers(checklist)
    rows = [
        row_of(open_record, page, question, stored.get(question.link_id))
        for page in found
        for question in page.questions
    ]
    definition = spoken().checklist_of.get(checklist)
    return render_template(
        "asking/review.html",
        open_record=open_record,
        title=definition.title if definition else spoken().about.title,
        rows=rows,
        open_count=sum(1 for row in rows if not row["answered"]),
        to_work_on=_to_work_on(open_record.draft, checklist, found),
        is_rooms=checklist == spoken().rooms.id,
        is_about=checklist == "about",
        first_open=_first_open(open_record.draft, found),
        ready=open_record.draft.can_be_assessed,
        onward=what_next(open_record),
        subject=checklist,
        from_paper=_day_from_paper(open_record, checklist),
    )


def after_signs(open_record: OpenRecord) -> str:
    """Where a person goes on once the signs are answered: the check again, the first list, or all of them."""
    if open_record.draft.is_checking(today()):
        return url_for("check_again.again")
    draft, chosen = open_record.draft, chosen_lists(open_record.record_id)
    left = [each for each in chosen or (FALLS,) if not draft.has_begun(each)]
    if left and (chosen or not draft.lists):
        return begin_at(spoken(), draft, left[0], today())
    return url_for("hub.checklists")


def what_next(open_record: OpenRecord) -> dict[str, str]:
    """What matters most after a list: the signs, or the next list; nothing where that is the plan."""
    draft = open_record.draft
    if not draft.signs_are_asked:
        return {"text": _("Go on to the warning signs"), "href": url_for("signs.signs")}
    chosen = chosen_lists(open_record.record_id)
    new = [each for each in spoken().checklists if not draft.has_begun(each.id) and (not chosen or each.id in chosen)]
    if draft.lists and (not new or (not chosen and on_short_way(spoken(), draft))):
        return {}
    first = new[0]
    return {
        "text": _("Go on: %(list)s", list=first.title),
        "href": begin_at(spoken(), draft, first.id, today()),
    }


def _to_work_on(draft: Draft, checklist: str, found: tuple[Page, ...]) -> int:
    """How many answers call for something to do; what is not known is no such answer."""
    stored = draft.answers(checklist)
    asked = [question for page in found for question in page.questions]
    return sum(
        1
        for each in asked
        if stored.get(each.link_id) not in (None, "unsure") and each.calls_for.get(str(stored[each.link_id]))
    )


def _again(open_record: OpenRecord) -> list[dict[str, str]]:
    """The way to check again, for somebody who has a plan."""
    if store().find_latest_submission(open_record.record_id) is None:
        return []
    checking = open_record.draft.is_checking(today())
    words = _("Go on with checking again") if checking else _("Check again: what may have changed")
    return [{"href": url_for("check_again.again"), "text": words}]


def not_begun(open_record: OpenRecord) -> list[dict[str, Any]]:
    """The lists of which nothing was answered yet: a plan without them is not whole."""
    return [item for each in spoken().checklists if (item := _item(open_record, each))["state"] == "new"]


def _item(open_record: OpenRecord, checklist: Checklist) -> dict[str, Any]:
    found = pages_of(spoken(), open_record.draft, checklist.id, today())
    if not open_record.draft.has_begun(checklist.id):
        state = "new"
    else:
        state = "done" if all(answered(open_record.draft, page) for page in found) else "started"
    return {
        "href": begin_at(spoken(), open_record.draft, checklist.id, today()),
        "title": checklist.title,
        "picture": checklist.picture,
        "line": ngettext("About %(num)s minute", "About %(num)s minutes", minutes_for(found)),
        "state": state,
        "state_word": _(STATES[state]),
    }


def _day_from_paper(open_record: OpenRecord, checklist: str) -> str:
    """When this list was typed in from paper; nothing where it was not."""
    day = open_record.draft.from_paper.get(checklist)
    return wording().day(day) if day else ""


def _first_open(draft: Draft, found: tuple[Page, ...]) -> str:
    page = first_open(draft, found)
    return page.address if page else ""


def row_of(open_record: OpenRecord, page: Page, question: Question, stored: Answer | None) -> dict[str, Any]:
    """A question and its last answer, with the page that changes it."""
    ask = question.ask_other if open_record.draft.helping else question.ask
    is_room = page.checklist == spoken().rooms.id
    if is_room and page.section is not None and page.section.id in open_record.draft.absent:
        stored = "not-here"
    single = url_for("questions.question", subject=page.checklist, link_id=question.link_id)
    return {
        "question": f"{question.name}: {ask}" if is_room and question.name else ask,
        "answer": _("Not answered yet")
        if stored is None
        else answer_in_words(question, stored, helping=open_record.draft.helping),
        "answered": stored is not None,
        "href": f"{page.address if is_room else single}?then=review",
    }
