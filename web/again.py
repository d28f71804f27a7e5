"""Check again: the signs anew, then what may have changed, each with the last answer; the rest stays as it was."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from checklists.model import Question
from reports.history import FIXABLE
from reports.keeping import Given
from reports.progress import UNTOUCHED, Standing
from reports.words import Words
from web.checking import asked_anew, begun, is_checking
from web.drafts import Data
from web.given import find_given
from web.hub import row_of
from web.journey import Page, next_to_ask, to_ask_again
from web.leading import Elsewhere, get_led
from web.opened import Opened, change, now_ms, posted, today
from web.preferences import typed_here
from web.speaking import gettext as _
from web.speaking import spoken
from web.ticks import standings_of
from web.walking import note_time

pages = Blueprint("again", __name__)


@pages.get("/check-again")
def again() -> str:
    """Before it is begun, what it is; then what may have changed, first of all what is fixed."""
    opened = get_led()
    words, given = _last_plan(opened)
    if not is_checking(opened.data, today()):
        return render_template("again/begin.html", opened=opened, since=words.day(given.made_on))
    typed = typed_here()
    asked = to_ask_again(spoken(), opened.data, today())
    fixable = _fixable(opened, words, typed.getlist("fixed") if typed is not None else [])
    return render_template(
        "again/changes.html",
        opened=opened,
        since=words.day(given.made_on),
        signs_asked=_signs_asked(opened.data),
        fixable=fixable,
        rows=[_row(opened, page) for page in asked],
        open_count=sum(1 for page in asked if not _is_asked(opened.data, page)),
        next_page=next_to_ask(spoken(), opened.data, today()),
        unknown=list(_unknown(opened)),
    )


@pages.post("/check-again")
def begin() -> Response:
    """Begins: the answers stay, the signs are asked anew."""
    opened = posted()
    _last_plan(opened)
    change(opened, lambda data: data.update(again=begun(today()), signs=None))
    return redirect(url_for("signs.signs"), 303)


@pages.post("/check-again/fixed")
def fixed() -> Response:
    """Notes what is fixed now; what is not ticked stays as it was."""
    opened = posted()
    named = set(request.form.getlist("fixed"))
    there = [fact for fact, _question in _to_fix(opened.data) if fact in named]
    if there:
        change(opened, lambda data: _note_fixed(data, there, now_ms()))
    return redirect(url_for("again.again") + "#asked-again", 303)


def _last_plan(opened: Opened) -> tuple[Words, Given]:
    """The plan made last. :raises Elsewhere: there is none"""
    found = find_given(opened)
    if found is None:
        raise Elsewhere(url_for("results.make"))
    return found[1:]


def _note_fixed(data: dict[str, Any], facts: Iterable[str], at_ms: int) -> None:
    for fact in facts:
        name, link_id = fact.split(".", 1)
        data["lists"][name][link_id] = "no"
        if name == "home":
            note_time(data, (link_id,), at_ms)


def _to_fix(data: Data) -> list[tuple[str, Question]]:
    """Everything at home and in one's habits that was there to fix."""
    return [
        (fact, question)
        for name in FIXABLE
        for fact, question in spoken().asked[name]
        if data["lists"].get(name, {}).get(question.link_id) == "yes"
    ]


def _fixable(opened: Opened, words: Words, ticked: list[str]) -> list[dict[str, Any]]:
    """A box to tick for each, with the step that was done about it, if one was."""
    standings = standings_of(opened)
    return [
        {
            "value": fact,
            "label": _capital(question.finding),
            "hint": _done_about(words, question, standings),
            "checked": fact in ticked,
        }
        for fact, question in _to_fix(opened.data)
    ]


def _done_about(words: Words, question: Question, standings: Mapping[str, Standing]) -> str:
    for name in question.calls_for.get("yes", ()):
        if standings.get(name, UNTOUCHED).state == "done":
            title = words.ringing(spoken().action_of[name].title)
            return _("Step of your plan: %(title)s. %(done)s", title=title, done=words.standing(standings[name]))
    return ""


def _row(opened: Opened, page: Page) -> dict[str, Any]:
    question = page.questions[0]
    answers = opened.data["about"] if page.checklist == "about" else opened.data["lists"][page.checklist]
    row = row_of(opened, page, question, answers.get(question.link_id))
    done = _is_asked(opened.data, page)
    return {**row, "href": f"{page.address}?then=again", "state": _("Asked again") if done else _("Last answer")}


def _is_asked(data: Data, page: Page) -> bool:
    return f"{page.checklist}.{page.questions[0].link_id}" in asked_anew(data, today())


def _signs_asked(data: Data) -> bool:
    signs = data.get("signs")
    return bool(signs and signs["day"] == today().isoformat())


def _unknown(opened: Opened) -> Iterable[dict[str, str]]:
    """The lists in which something is not known yet."""
    for checklist in spoken().checklists:
        given = opened.data["lists"].get(checklist.id)
        if given is not None and "unsure" in given.values():
            yield {"href": url_for("hub.review", checklist=checklist.id), "text": checklist.title}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
