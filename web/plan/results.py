"""The results, each level opened up, and the making of a plan."""

import secrets
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from answers.carrying_over import without_spans
from answers.check_again import is_old
from answers.draft import Draft
from checklists.rules.assessing import ChecklistResult, Score
from checklists.rules.because import Because
from reports.plan.explaining import Change, Unknown
from reports.plan.plan_json import IssuedPlan
from reports.words.headline import headline
from reports.words.words import LEVELS, Words, level_may_be_shown
from storage import SubmitKeyUsed
from web.asking.hub import not_begun
from web.asking.way_through import answered, fact_of, may_have_changed, to_ask_before_plan
from web.core.settings import definitions
from web.core.speaking import gettext as _
from web.core.speaking import ngettext
from web.plan.history import gains_of
from web.plan.page import plan_as_it_stands
from web.plan.plan_to_show import get_plan_to_show
from web.plan.warnings_in_words import warnings_of
from web.visitor.must_go_first import get_led
from web.visitor.open_record import OpenRecord, change, posted, today
from web.visitor.paper import prepare
from web.visitor.stored_plan import last_made_on, make_plan, old_answers

pages = Blueprint("results", __name__)
MANY = 8
IN_A_LINE = 2


@pages.get("/results")
def results() -> str:
    """One sentence first, then a tile a checklist; before the first plan, the button that makes it."""
    open_record = get_led()
    stored = get_plan_to_show(open_record)
    words, issued = stored.words, stored.issued
    prepare(open_record.record_id, stored, plan_as_it_stands(open_record, stored))
    helping = stored.data.answered_by == "helper"
    return render_template(
        "plan/results.html",
        open_record=open_record,
        message=headline(words, issued.assessment, issued.plan),
        warnings=warnings_of(stored.words, stored.issued),
        levels_shown=level_may_be_shown(issued.assessment),
        tiles=[_tile(words, issued, each, helping) for each in issued.assessment.checklists],
        not_begun=not_begun(open_record),
        changed=stored.data.revision != open_record.revision,
        old=old_answers(stored),
        gains=gains_of(open_record, stored),
    )


@pages.get("/see-my-plan")
def make() -> str | Response:
    """What will be worked out, with one button."""
    open_record = get_led()
    if not open_record.draft.can_be_assessed:
        return redirect(url_for("hub.checklists"), 303)
    if first := _asked_first(open_record):
        return redirect(first, 303)
    return render_template("plan/make.html", open_record=open_record)


@pages.post("/see-my-plan")
def made() -> Response:
    """Works out the plan and keeps it as it is issued."""
    open_record = posted()
    if not open_record.draft.can_be_assessed:
        return redirect(url_for("hub.checklists"), 303)
    if first := _asked_first(open_record):
        return redirect(first, 303)
    work_out(open_record, request.form.get("submit_key", "")[:64] or secrets.token_urlsafe(16))
    return redirect(url_for("results.results"), 303)


def work_out(open_record: OpenRecord, key: str) -> None:
    """Makes the plan once and keeps it; a check that went on is over."""
    open_record = _checked(open_record)
    try:
        make_plan(open_record, key)
    except SubmitKeyUsed:
        make_plan(open_record, secrets.token_urlsafe(16))


def _asked_first(open_record: OpenRecord) -> str:
    """Where one checks again after long, or is asked what made the last plan careful; nothing where all was asked."""
    day, last, draft = today(), last_made_on(open_record), open_record.draft
    if last and is_old(last, day) and not draft.is_checking(day) and request.values.get("as") != "is":
        return url_for("check_again.again")
    if last is None or not _carries_over(draft, last, day):
        return ""
    pages = to_ask_before_plan(definitions(), draft, day)
    if not pages:
        return ""
    return f"{pages[0].address}?then=again" if draft.is_checking(day) else url_for("check_again.again")


def _carries_over(draft: Draft, last: date, day: date) -> bool:
    """Whether answers of an older plan would go into this one."""
    return not draft.is_checked(last, day) and (draft.again is not None or is_old(last, day))


def _checked(open_record: OpenRecord) -> OpenRecord:
    """The record as it is judged: a check is over, what was not asked in it is carried over, or is not known."""
    day, last = today(), last_made_on(open_record)
    if last is None or not _carries_over(open_record.draft, last, day):
        return open_record
    return change(open_record, lambda draft: _finished(draft, last, day))


def _finished(draft: Draft, last: date, day: date) -> Draft:
    anew = draft.asked_anew(day)
    draft = without_spans(definitions(), draft, anew)
    known = {fact_of(page) for page in may_have_changed(definitions(), draft, day) if answered(draft, page)}
    return draft.finish_check(known - anew, last, day)


def _tile(words: Words, issued: IssuedPlan, result: ChecklistResult, helping: bool) -> dict[str, Any]:
    checklist = words.definitions.checklist_of[result.id]
    return {
        "id": result.id,
        "title": checklist.short,
        "picture": checklist.picture,
        "level": result.risk_level or "unknown",
        "word": words.level(result.could_be),
        "bands": [{"level": each, "word": words.level((each,)), "here": each in result.could_be} for each in LEVELS],
        "line": _line(words, issued, result),
        "more": _more(words, issued, result, helping),
    }


def _line(words: Words, issued: IssuedPlan, result: ChecklistResult) -> str:
    """The one sentence of a tile: what is not known yet, else how much there is to fix, else what made the level."""
    unknown = issued.explanations[result.id].unknown
    if result.risk_level is None:
        names = [words.question_name(each.checklist, each.link_id) for each in unknown]
        return _("Not known yet: %(names)s.", names=_some(words, names or [_answers_missing(result)]))
    if words.definitions.checklist_of[result.id].own_rule and result.score:
        return _to_fix(words, result.score)
    found = words.findings(issued.assessment.person, result.because)
    return _("Why: %(names)s.", names=_some(words, found)) if found else _("Nothing that matters came up.")


def _to_fix(words: Words, score: Score) -> str:
    if not score.high:
        return _("Nothing to fix came up.")
    if score.low == score.high:
        return ngettext("%(num)s thing to fix.", "%(num)s things to fix.", score.low)
    return _("%(score)s things to fix.", score=words.points(score))


def _some(words: Words, names: Sequence[str]) -> str:
    """The first two, and how many more there are."""
    left = len(names) - IN_A_LINE
    more = [ngettext("%(num)s more", "%(num)s more", left)] if left > 0 else []
    return words.speech.listed([*names[:IN_A_LINE], *more])


def _answers_missing(result: ChecklistResult) -> str:
    return ngettext("%(num)s answer", "%(num)s answers", len(result.missing))


def _more(words: Words, issued: IssuedPlan, result: ChecklistResult, helping: bool) -> dict[str, Any]:
    """What waits behind the tap."""
    checklist = words.definitions.checklist_of[result.id]
    own_rule, explained = checklist.own_rule, issued.explanations[result.id]
    level = next((each for each in checklist.levels if each.level == result.risk_level), None)
    tested = words.tested(checklist, issued.assessment.person.about.get("age"))
    return {
        "says": level.says if level else _("Some answers are missing, so the level is not certain yet."),
        "score": _score(words, result, own_rule),
        "made": [_made(words, issued, each, own_rule) for each in result.because],
        "change": _changes(words, issued, result),
        "unknown": [_unknown(words, each, helping) for each in explained.unknown[:MANY]] or _still(result),
        "note": _("This level is our own rule. No study has set one. Read it as a number of things to fix.")
        if own_rule
        else tested,
        "rule": checklist.rule_says,
        "sources": [words.cite(each) for each in checklist.source],
    }


def _score(words: Words, result: ChecklistResult, own_rule: bool) -> str:
    if result.score is None:
        return ""
    shown = words.score(result)
    return _("%(score)s things to fix", score=shown) if own_rule else _("%(score)s points", score=shown)


def _made(words: Words, issued: IssuedPlan, because: Because, own_rule: bool) -> dict[str, str]:
    text = words.finding(issued.assessment.person, because)
    counted = own_rule or not because.score
    points = "" if counted else ngettext("%(num)s point", "%(num)s points", because.score)
    return {"text": _capital(text), "points": points}


def _changes(words: Words, issued: IssuedPlan, result: ChecklistResult) -> list[str]:
    """Each single answer without which the level would be another, or one sentence where no single one is enough."""
    changes = issued.explanations[result.id].changes
    moving = [each for each in changes if each.could_be != result.could_be]
    if moving:
        return [_change(words, issued, each) for each in moving[:MANY]]
    if changes:
        return [_("No single answer would change the level. Each thing you change still lowers the number.")]
    return []


def _change(words: Words, issued: IssuedPlan, change: Change) -> str:
    finding, level = words.finding(issued.assessment.person, change.because), words.level(change.could_be)
    if change.score is None:
        return _("%(finding)s: if this were not so, %(level)s.", finding=_capital(finding), level=level)
    score = _("%(score)s out of %(of)s", score=words.points(change.score), of=change.score.of)
    finding = _capital(finding)
    return _("%(finding)s: if this were not so, %(score)s, %(level)s.", finding=finding, score=score, level=level)


def _unknown(words: Words, unknown: Unknown, helping: bool) -> str:
    question = words.definitions.question_of[f"{unknown.checklist}.{unknown.link_id}"]
    ask = question.ask_other if helping else question.ask
    yes, no = words.level(unknown.if_yes), words.level(unknown.if_no)
    return _("%(ask)s Yes would make it %(yes)s, and no %(no)s.", ask=ask, yes=yes, no=no)


def _still(result: ChecklistResult) -> list[str]:
    """What is said of answers that are not known where none of them alone could move the level."""
    if not result.missing:
        return []
    text = ngettext(
        "%(num)s answer is not known. It would not change the level.",
        "%(num)s answers are not known. No single one of them would change the level.",
        len(result.missing),
    )
    return [text]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
