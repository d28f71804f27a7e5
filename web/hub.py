"""The four checklists to choose from, and the review of the answers of each."""

from typing import Any

from flask import Blueprint, render_template, url_for

from checklists.model import Checklist, Question
from web.drafts import can_be_assessed, metric
from web.journey import Page, answered, first_open, pages_of
from web.leading import get_led
from web.opened import Opened, today
from web.questions import choices
from web.rooms import ANSWERS, OTHERS
from web.settings import definitions

pages = Blueprint("hub", __name__)
STATES = {"new": "Not started", "started": "Started", "done": "Done"}
NOT_ANSWERED = "Not answered yet"


@pages.get("/checklists")
def checklists() -> str:
    """Which lists there are, how long each takes, and how far each is; in any order."""
    opened = get_led()
    data = opened.data
    signs = data.get("signs")
    asked_today = bool(signs and signs["day"] == today().isoformat())
    return render_template(
        "hub/checklists.html",
        opened=opened,
        items=[_item(opened, checklist) for checklist in definitions().checklists],
        asked_today=asked_today,
        ready=can_be_assessed(data),
        guides=definitions().guides.guides,
    )


@pages.get("/review/<any(about, falls, bone, home, posture):checklist>")
def review(checklist: str) -> str:
    """Every answer of a list with a way to change it."""
    opened = get_led()
    found = pages_of(definitions(), opened.data, checklist, today())
    kept = opened.data["about"] if checklist == "about" else opened.data["lists"].get(checklist, {})
    rows = [_row(opened, page, question, kept.get(question.link_id)) for page in found for question in page.questions]
    definition = definitions().checklist_of.get(checklist)
    return render_template(
        "hub/review.html",
        opened=opened,
        title=definition.title if definition else "A little about you",
        rows=rows,
        open_count=sum(1 for row in rows if row["answer"] == NOT_ANSWERED),
        first_open=_first_open(opened.data, found),
        ready=can_be_assessed(opened.data),
    )


def _item(opened: Opened, checklist: Checklist) -> dict[str, Any]:
    found = pages_of(definitions(), opened.data, checklist.id, today())
    if checklist.id not in opened.data["lists"]:
        state = "new"
    else:
        state = "done" if all(answered(opened.data, page) for page in found) else "started"
    to = first_open(opened.data, found) if state != "done" else None
    return {
        "href": to.address if to else url_for("hub.review", checklist=checklist.id),
        "title": checklist.title,
        "picture": checklist.id,
        "line": f"About {checklist.minutes} minutes",
        "state": state,
        "state_word": STATES[state],
    }


def _first_open(data: dict[str, Any], found: tuple[Page, ...]) -> str:
    page = first_open(data, found)
    return page.address if page else ""


def _row(opened: Opened, page: Page, question: Question, kept: object) -> dict[str, str]:
    ask = question.ask_other if opened.helping else question.ask
    if page.section is not None and page.section.id in opened.data["absent"]:
        kept = "not-here"
    return {
        "question": f"{question.name}: {ask}" if page.section and question.name else ask,
        "answer": _said(question, kept, opened.helping),
        "href": f"{page.address}?then=review",
    }


def _said(question: Question, kept: object, helping: bool) -> str:
    """An answer as the person gave it, in their own units."""
    if kept is None:
        return NOT_ANSWERED
    if isinstance(kept, dict):
        if "feet" in kept:
            return f"{kept['feet']} feet {kept['inches']} inches"
        if "pounds" in kept:
            return f"{kept['pounds']} pounds"
        unit = {"kg": "kg", "cm": "cm"}.get(question.unit or "", "")
        return f"{metric(kept)} {unit}".strip()
    labels = dict(choices(question, helping)) | {"unsure": "Not sure"}
    if question.answers == "hazard":
        labels = dict(OTHERS if helping else ANSWERS)
    return labels.get(str(kept), str(kept))
