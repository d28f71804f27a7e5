"""The results, each level opened up, and the plan on the screen and on paper."""

import secrets
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from checklists.assessing import ChecklistResult
from checklists.because import Because
from reports.explaining import Change, Unknown
from reports.keeping import Given
from reports.plan import PlannedAction
from reports.words import GROUPS, Words, level_may_be_shown
from storage import Submission, SubmitKeyUsed
from web.banner import warnings_on_top
from web.drafts import can_be_assessed
from web.explained import explained
from web.given import find_given, make_plan
from web.leading import Elsewhere, get_led
from web.opened import Opened, posted, today
from web.papers import PAGES, SIZES, default_page, paper_of, render
from web.preferences import preferences
from web.speaking import gettext as _
from web.speaking import ngettext, said

pages = Blueprint("results", __name__)
MANY = 8


@pages.get("/results")
def results() -> str:
    """One sentence first, then each checklist opened up; before the first plan, the button that makes it."""
    opened = get_led()
    submission, words, given = _get_told(opened)
    return render_template(
        "results/results.html",
        opened=opened,
        message=words.main_message(given.assessment, given.plan),
        made_on=words.day(given.made_on),
        warnings=_warnings(words, given),
        levels_shown=level_may_be_shown(given.assessment),
        cards=[_card(words, given, each, submission.data["for"] == "helper") for each in given.assessment.checklists],
        changed=submission.data["revision"] != opened.revision,
    )


@pages.get("/see-my-plan")
def make() -> str | Response:
    """What will be worked out, with one button."""
    opened = get_led()
    if not can_be_assessed(opened.data):
        return redirect(url_for("hub.checklists"), 303)
    return render_template("results/make.html", opened=opened, submit_key=secrets.token_urlsafe(16))


@pages.post("/see-my-plan")
def made() -> Response:
    """Works out the plan and keeps it as it is given."""
    opened = posted()
    if not can_be_assessed(opened.data):
        return redirect(url_for("hub.checklists"), 303)
    key = request.form.get("submit_key", "")[:64] or secrets.token_urlsafe(16)
    try:
        make_plan(opened, key)
    except SubmitKeyUsed:
        make_plan(opened, secrets.token_urlsafe(16))
    return redirect(url_for("results.results"), 303)


@pages.get("/plan")
def plan() -> str:
    """Three things first, then the rest in groups, then how to print it."""
    opened = get_led()
    submission, words, given = _get_told(opened)
    return render_template(
        "results/plan.html",
        opened=opened,
        message=words.main_message(given.assessment, given.plan),
        made_on=words.day(given.made_on),
        warnings=_warnings(words, given),
        of_warnings=_actions(words, given, given.plan.of_warnings),
        first=_actions(words, given, given.plan.first),
        groups=_groups(words, given, given.plan.next),
        later=_actions(words, given, given.plan.later),
        sizes_as_answers=_answers(SIZES, str(preferences().print_points)),
        pages_as_answers=_answers(PAGES, default_page()),
        changed=submission.data["revision"] != opened.revision,
        words=explained(_texts(given.plan.actions)),
        guides=words.definitions.guides.guides if _about_bones(given) else (),
    )


@pages.get("/plan.pdf")
def plan_pdf() -> Response:
    """The paper, in the size that was asked for."""
    opened = get_led()
    submission, words, given = _get_told(opened)
    paper = paper_of(words, given, str(submission.data["for"]), request.args)
    pdf = render(paper, request.args.get("page", ""))
    response = Response(pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="plan-{given.made_on.isoformat()}.pdf"'
    return response


def _get_told(opened: Opened) -> tuple[Submission, Words, Given]:
    """The plan made last.

    :raises Elsewhere: there is none, or it does not know a sign that stands today
    """
    found = find_given(opened)
    if found is None:
        raise Elsewhere(url_for("results.make"))
    told = {(each.id, each.urgency) for each in found[2].assessment.warnings}
    standing = warnings_on_top(said(), opened.data, today())
    if any((each["id"], each["urgency"]) not in told for each in standing if each["urgency"] != "soon"):
        raise Elsewhere(url_for("results.make"))
    return found


def _about_bones(given: Given) -> bool:
    """Whether the short pages about spine fractures may help: bones, or the spine, came up."""
    about = given.assessment.person.about
    spine = any(about.get(each) in ("yes", "unsure") for each in ("spine-fracture-now", "known-osteoporosis"))
    bones = any(each.id == "bone" and each.could_be != ("low",) for each in given.assessment.checklists)
    return spine or bones


def _answers(choices: tuple[tuple[str, str], ...], checked: str) -> list[dict[str, Any]]:
    return [{"value": code, "label": _(label), "checked": code == checked} for code, label in choices]


def _warnings(words: Words, given: Given) -> list[dict[str, Any]]:
    return [
        {
            "urgency": each.urgency,
            "name": words.warning_name(each),
            "do": words.ringing(each.form.do),
            "says": words.ringing(each.form.says),
            "number": words.number_to_ring(each.sign.number),
        }
        for each in given.assessment.warnings
    ]


def _card(words: Words, given: Given, result: ChecklistResult, helping: bool) -> dict[str, Any]:
    known = words.definitions
    checklist = known.checklist_of[result.id]
    explained = given.explanations[result.id]
    level = next((each for each in checklist.levels if each.level == result.risk_level), None)
    return {
        "id": result.id,
        "title": checklist.title,
        "level": result.risk_level or "unknown",
        "word": words.level(result.could_be),
        "says": level.says if level else _("Some answers are missing, so the level is not certain yet."),
        "score": _score(words, result, checklist.own_rule),
        "made": [_made(words, given, each, checklist.own_rule) for each in result.because],
        "change": _changes(words, given, result),
        "unknown": [_unknown(words, each, helping) for each in explained.unknown[:MANY]] or _still(result),
        "own_rule": checklist.own_rule,
        "note": words.tested(checklist, given.assessment.person.about.get("age")),
        "rule_says": checklist.rule_says,
        "sources": [known.source_of[each].cite for each in checklist.source],
    }


def _score(words: Words, result: ChecklistResult, own_rule: bool) -> dict[str, Any] | None:
    score = result.score
    if score is None:
        return None
    marks = ["filled"] * score.low + ["hatched"] * (score.high - score.low) + ["open"] * (score.of - score.high)
    told = words.score(result)
    text = _("%(score)s things to fix", score=told) if own_rule else _("%(score)s points", score=told)
    return {"text": text, "marks": marks}


def _made(words: Words, given: Given, because: Because, own_rule: bool) -> dict[str, str]:
    text = words.finding(given.assessment.person, because)
    counted = own_rule or not because.score
    points = "" if counted else ngettext("%(num)s point", "%(num)s points", because.score)
    return {"text": _capital(text), "points": points}


def _changes(words: Words, given: Given, result: ChecklistResult) -> list[str]:
    """Each single answer without which the level would be another, or one sentence where no single one is enough."""
    changes = given.explanations[result.id].changes
    moving = [each for each in changes if each.could_be != result.could_be]
    if moving:
        return [_change(words, given, each) for each in moving[:MANY]]
    if changes:
        return [_("No single answer would change the level. Each thing you change still lowers the number.")]
    return []


def _change(words: Words, given: Given, change: Change) -> str:
    finding, level = words.finding(given.assessment.person, change.because), words.level(change.could_be)
    if change.score is None:
        return _("Without %(finding)s: %(level)s.", finding=finding, level=level)
    score = _("%(score)s out of %(of)s", score=change.score.low, of=change.score.of)
    return _("Without %(finding)s: %(score)s, %(level)s.", finding=finding, score=score, level=level)


def _unknown(words: Words, unknown: Unknown, helping: bool) -> dict[str, str]:
    question = words.definitions.question_of[f"{unknown.checklist}.{unknown.link_id}"]
    ask = question.ask_other if helping else question.ask
    yes, no = words.level(unknown.if_yes), words.level(unknown.if_no)
    return {"text": _("%(ask)s Yes would make it %(yes)s, and no %(no)s.", ask=ask, yes=yes, no=no), "href": ""}


def _still(result: ChecklistResult) -> list[dict[str, str]]:
    """What is said of answers that are not known where none of them alone could move the level."""
    if not result.missing:
        return []
    text = ngettext(
        "%(num)s answer is not known. It would not change the level.",
        "%(num)s answers are not known. No single one of them would change the level.",
        len(result.missing),
    )
    return [{"text": text, "href": ""}]


def _actions(words: Words, given: Given, actions: tuple[PlannedAction, ...]) -> list[dict[str, Any]]:
    return [
        {
            "id": each.id,
            "title": words.ringing(each.title),
            "because": list(words.findings(given.assessment.person, each.because))[:4],
            "who": words.who(each.action.who),
            "by": words.day(each.due) if each.due else "",
            "how": [words.ringing(step) for step in each.how],
            "why": words.ringing(each.why),
        }
        for each in actions
    ]


def _groups(words: Words, given: Given, actions: tuple[PlannedAction, ...]) -> list[dict[str, Any]]:
    return [
        {"id": name, "title": words.group(name), "actions": _actions(words, given, in_group)}
        for name in GROUPS
        if (in_group := tuple(each for each in actions if each.action.group == name))
    ]


def _texts(actions: tuple[PlannedAction, ...]) -> Iterator[str]:
    return (text for each in actions for text in (each.title, each.why, *each.how))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
