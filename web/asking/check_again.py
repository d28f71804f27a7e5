"""Check again: the signs anew, then what may have changed, each with the last answer; the rest stays as it was."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from answers.draft import Draft
from checklists.files.model import Question
from reports.plan.plan_json import IssuedPlan
from reports.plan.steps import Step, steps_of
from reports.words.words import Words
from web.asking.hub import row_of
from web.asking.way_through import Page, fact_of, next_to_ask, to_ask_again
from web.core.speaking import gettext as _
from web.core.speaking import spoken
from web.visitor.kept_plan import KeptPlan, find_plan, standings_of
from web.visitor.must_go_first import Elsewhere, find_help, get_led
from web.visitor.open_record import OpenRecord, change, now_ms, posted, today
from web.visitor.preferences import typed_here

pages = Blueprint("check_again", __name__)


@pages.get("/check-again")
def again() -> str:
    """Before it is begun, what it is; then what may have changed, first of all what is fixed."""
    open_record = get_led()
    kept = _last_plan(open_record)
    since = kept.words.day(kept.issued.made_on)
    if not open_record.draft.is_checking(today()):
        return render_template("asking/check_again.html", open_record=open_record, since=since)
    typed = typed_here()
    asked = to_ask_again(spoken(), open_record.draft, today())
    return render_template(
        "asking/check_again_home.html",
        open_record=open_record,
        since=since,
        signs_asked=open_record.draft.signs_are_asked,
        fixable=_fixable(open_record, kept, typed.getlist("fixed") if typed is not None else None),
        rows=[_row(open_record, page) for page in asked],
        open_count=sum(1 for page in asked if not _is_asked(open_record.draft, page)),
        next_page=next_to_ask(spoken(), open_record.draft, today()),
        changed=kept.submission.data["revision"] != open_record.revision,
        more=list(_more(open_record)),
    )


@pages.post("/check-again")
def begin() -> Response:
    """Begins: the answers stay, the signs are asked anew."""
    open_record = posted()
    _last_plan(open_record)
    if help_first := find_help(open_record):
        return redirect(help_first, 303)
    change(open_record, lambda draft: draft.begin_check(today()))
    return redirect(url_for("signs.signs"), 303)


@pages.post("/check-again/fixed")
def fixed() -> Response:
    """Notes what is fixed now, and what after all is not; then on to the questions."""
    open_record = posted()
    issued = _last_plan(open_record).issued
    named = set(request.form.getlist("fixed"))
    now = {fact: "no" if fact in named else "yes" for fact, _question in _to_fix(open_record.draft, issued)}
    if now:
        open_record = change(open_record, lambda draft: _with_fixed(draft, now, now_ms()))
    page = next_to_ask(spoken(), open_record.draft, today())
    return redirect(f"{page.address}?then=again" if page else url_for("check_again.again"), 303)


def _last_plan(open_record: OpenRecord) -> KeptPlan:
    """The plan made last. :raises Elsewhere: there is none"""
    found = find_plan(open_record)
    if found is None:
        raise Elsewhere(url_for("results.make"))
    return found


def _with_fixed(draft: Draft, now: Mapping[str, str], at_ms: int) -> Draft:
    for fact, answer in now.items():
        name, link_id = fact.split(".", 1)
        if draft.answer(name, link_id) != answer:
            draft = draft.with_answers(name, {link_id: answer})
            if name == spoken().rooms.id:
                draft = draft.answered((link_id,), at_ms)
    return draft


def _to_fix(draft: Draft, issued: IssuedPlan) -> list[tuple[str, Question]]:
    """Everything at home and in one's habits that is there to fix, or was when the plan was made and is fixed now."""
    found = []
    for name in (each.id for each in spoken().checklists if each.fixable):
        for fact, question in spoken().asked[name]:
            answer = draft.answer(name, question.link_id)
            if answer == "yes" or (answer == "no" and issued.assessment.person.given(fact) == "yes"):
                found.append((fact, question))
    return found


def _fixable(open_record: OpenRecord, kept: KeptPlan, ticked: list[str] | None) -> list[dict[str, Any]]:
    """A box for each, ticked where it is fixed, with the step that was done about it, if one was."""
    steps = steps_of(kept.issued.plan.actions, standings_of(open_record))
    there = _to_fix(open_record.draft, kept.issued)
    fixed = [fact for fact, each in there if open_record.draft.answer(fact.partition(".")[0], each.link_id) == "no"]
    return [
        {
            "value": fact,
            "label": _capital(question.finding),
            "hint": _done_about(kept.words, question, steps),
            "checked": fact in (fixed if ticked is None else ticked),
        }
        for fact, question in there
    ]


def _done_about(words: Words, question: Question, steps: Mapping[str, Step]) -> str:
    """The step of the plan, in its own words, where it is done."""
    for name in question.calls_for.get("yes", ()):
        step = steps.get(name)
        if step and step.standing.state == "done":
            title, done = words.title(step), words.standing(step.standing)
            return _("Step of your plan: %(title)s. %(done)s", title=title, done=done)
    return ""


def _row(open_record: OpenRecord, page: Page) -> dict[str, Any]:
    question = page.questions[0]
    row = row_of(open_record, page, question, open_record.draft.answer(page.checklist, question.link_id))
    done = _is_asked(open_record.draft, page)
    return {**row, "href": f"{page.address}?then=again", "state": _("Today") if done else _("Last answer")}


def _is_asked(draft: Draft, page: Page) -> bool:
    return fact_of(page) in draft.asked_anew(today())


def _more(open_record: OpenRecord) -> Iterable[dict[str, str]]:
    """The lists that were not gone through again: the home and the habits, and those with something not known."""
    for checklist in spoken().checklists:
        if not open_record.draft.has_begun(checklist.id):
            continue
        unknown = "unsure" in open_record.draft.answers(checklist.id).values()
        if checklist.fixable or unknown:
            text = _("%(list)s: some answers were “Not sure”", list=checklist.title) if unknown else checklist.title
            yield {"href": url_for("hub.review", checklist=checklist.id), "text": text}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
