"""Check again: the signs anew, what is fixed, at most ten questions; the rest is carried over with its day."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from answers.draft import Draft
from answers.person import person_of
from answers.typed_numbers import Answer
from checklists.files.model import Question
from reports.plan.plan_json import IssuedPlan
from reports.plan.steps import Step, steps_of
from reports.plan.worth_asking import worth_asking
from web.asking.hub import row_of
from web.asking.way_through import (
    MOST_ASKED,
    Page,
    answered,
    fact_of,
    may_have_changed,
    next_to_ask,
    to_ask_again,
    to_ask_before_plan,
)
from web.core.drawings import drawing_of
from web.core.speaking import gettext as _
from web.core.speaking import spoken
from web.visitor.must_go_first import Elsewhere, find_help, get_led
from web.visitor.open_record import OpenRecord, change, now_ms, posted, today
from web.visitor.preferences import typed_here
from web.visitor.stored_plan import StoredPlan, find_plan, standings_of

pages = Blueprint("check_again", __name__)


@pages.get("/check-again")
def again() -> str:
    """Before it is begun, what it is; then what is fixed, then the questions, and at the end the plan."""
    open_record = get_led()
    stored = _last_plan(open_record)
    draft, since = open_record.draft, stored.words.day(stored.issued.made_on)
    if not draft.is_checking(today()):
        may_pass = not to_ask_before_plan(spoken(), draft, today())
        return render_template("asking/check_again.html", open_record=open_record, since=since, may_pass=may_pass)
    typed = typed_here()
    asked = to_ask_again(spoken(), draft, today())
    return render_template(
        "asking/check_again_home.html",
        open_record=open_record,
        since=since,
        signs_asked=draft.signs_are_asked,
        fixable=_fixable(open_record, stored, typed.getlist("fixed") if typed is not None else None),
        rows=[_row(open_record, page, _("Today")) for page in asked if _is_asked(draft, page)],
        carried=list(_carried(open_record, stored)),
        open_count=sum(1 for page in asked if not _is_asked(draft, page)),
        next_page=next_to_ask(spoken(), draft, today()),
        more=list(_more(open_record)),
    )


@pages.post("/check-again")
def begin() -> Response:
    """Begins: the answers stay, the signs are asked anew; what is worth asking is worked out once."""
    open_record = posted()
    _last_plan(open_record)
    if help_first := find_help(open_record):
        return redirect(help_first, 303)
    begin_check(open_record)
    return redirect(url_for("signs.signs"), 303)


def begin_check(open_record: OpenRecord) -> None:
    """From now on what may have changed is asked again."""
    worth = _worth(open_record.draft.asking_signs_anew())
    change(open_record, lambda draft: draft.begin_check(today(), worth))


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


def _worth(draft: Draft) -> tuple[str, ...]:
    """What is most worth asking, of what does not have to be asked."""
    pages = may_have_changed(spoken(), draft, today())
    facts = [fact_of(page) for page in pages if not page.questions[0].spans]
    return worth_asking(spoken(), person_of(spoken(), draft, today()), facts, today())[:MOST_ASKED]


def _last_plan(open_record: OpenRecord) -> StoredPlan:
    """The plan made last. :raises Elsewhere: there is none"""
    found = find_plan(open_record)
    if found is None:
        raise Elsewhere(url_for("results.make"))
    return found


def _with_fixed(draft: Draft, now: Mapping[str, str], at_ms: int) -> Draft:
    for fact, answer in now.items():
        name, link_id = fact.split(".", 1)
        draft = draft.with_asked(fact, today())
        if _answer(draft, fact) != answer:
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
            if answer == "yes" or (answer == "no" and issued.assessment.person.answer(fact) == "yes"):
                found.append((fact, question))
    return found


def _fixable(open_record: OpenRecord, stored: StoredPlan, ticked: list[str] | None) -> dict[str, list[dict[str, Any]]]:
    """A box for each; what the plan says is done comes first, and is ticked until somebody says it is not fixed."""
    steps = steps_of(stored.issued.plan.actions, standings_of(open_record))
    anew = open_record.draft.asked_anew(today())
    boxes: dict[str, list[dict[str, Any]]] = {"done": [], "others": []}
    for fact, question in _to_fix(open_record.draft, stored.issued):
        done = _done_about(stored, question, steps)
        fixed = _answer(open_record.draft, fact) == "no" or (bool(done) and fact not in anew)
        box = {
            "id": fact.replace(".", "-"),
            "value": fact,
            "label": _capital(question.finding),
            "hint": done,
            "picture": drawing_of(question),
            "checked": fixed if ticked is None else fact in ticked,
        }
        boxes["done" if done or fixed else "others"].append(box)
    return boxes


def _done_about(stored: StoredPlan, question: Question, steps: Mapping[str, Step]) -> str:
    """When it was put right, where every step that does so was done since the plan was made; asking a doctor puts
    nothing right."""
    called = [steps[name] for name in question.calls_for.get("yes", ()) if name in steps]
    fixing = [each.standing for each in called if each.planned and each.planned.action.kind != "medical"]
    made_on = stored.issued.made_on
    if not fixing or any(each.state != "done" or each.on is None or each.on < made_on for each in fixing):
        return ""
    return stored.words.standing(fixing[0])


def _answer(draft: Draft, fact: str) -> Answer | None:
    return draft.answer(*fact.split(".", 1))


def _row(open_record: OpenRecord, page: Page, state: str) -> dict[str, Any]:
    question = page.questions[0]
    row = row_of(open_record, page, question, open_record.draft.answer(page.checklist, question.link_id))
    return {**row, "href": f"{page.address}?then=again", "state": state}


def _carried(open_record: OpenRecord, stored: StoredPlan) -> Iterable[dict[str, Any]]:
    """The answers that stay as they were, each with the day on which it was given last."""
    draft, asked = open_record.draft, to_ask_again(spoken(), open_record.draft, today())
    anew = draft.asked_anew(today())
    for page in may_have_changed(spoken(), draft, today()):
        if page not in asked and fact_of(page) not in anew and answered(draft, page):
            day = stored.words.day(draft.carried.get(fact_of(page), stored.issued.made_on))
            yield _row(open_record, page, _("Last answered %(day)s", day=day))


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
