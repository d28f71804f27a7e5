"""The results, each level opened up, and the plan on the screen and on paper."""

import secrets
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from checklists import Definitions
from checklists.assessing import ChecklistResult
from reports import words
from reports.explaining import Change, Unknown
from reports.keeping import Given
from reports.plan import PlannedAction
from storage import Submission, SubmitKeyUsed
from web.banner import warnings_on_top
from web.drafts import can_be_assessed
from web.given import find_given, make_plan
from web.leading import Elsewhere, get_led
from web.opened import Opened, posted, today
from web.papers import PAGES, SIZES, default_page, paper_of, render
from web.settings import definitions, region

pages = Blueprint("results", __name__)
MANY = 8


@pages.get("/results")
def results() -> str:
    """One sentence first, then each checklist opened up; before the first plan, the button that makes it."""
    opened = get_led()
    submission, known, given = _get_told(opened)
    return render_template(
        "results/results.html",
        opened=opened,
        message=words.main_message(given.assessment, given.plan),
        made_on=words.day_words(given.made_on, region()),
        warnings=_warnings(given),
        levels_shown=words.level_may_be_shown(given.assessment),
        cards=[_card(known, given, each, submission.data["for"] == "helper") for each in given.assessment.checklists],
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
    submission, known, given = _get_told(opened)
    return render_template(
        "results/plan.html",
        opened=opened,
        message=words.main_message(given.assessment, given.plan),
        made_on=words.day_words(given.made_on, region()),
        warnings=_warnings(given),
        of_warnings=_actions(known, given, given.plan.of_warnings),
        first=_actions(known, given, given.plan.first),
        groups=_groups(known, given, given.plan.next),
        later=_actions(known, given, given.plan.later),
        sizes_as_answers=_answers(SIZES, "14"),
        pages_as_answers=_answers(PAGES, default_page()),
        changed=submission.data["revision"] != opened.revision,
        guides=known.guides.guides if _about_bones(given) else (),
    )


@pages.get("/plan.pdf")
def plan_pdf() -> Response:
    """The paper, in the size that was asked for."""
    opened = get_led()
    submission, known, given = _get_told(opened)
    paper = paper_of(known, given, str(submission.data["for"]), request.args)
    pdf = render(paper, request.args.get("page", ""))
    response = Response(pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="plan-{given.made_on.isoformat()}.pdf"'
    return response


def _get_told(opened: Opened) -> tuple[Submission, Definitions, Given]:
    """The plan made last.

    :raises Elsewhere: there is none, or it does not know a sign that stands today
    """
    found = find_given(opened)
    if found is None:
        raise Elsewhere(url_for("results.make"))
    told = {(each.id, each.urgency) for each in found[2].assessment.warnings}
    standing = warnings_on_top(definitions(), opened.data, region(), today())
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
    return [{"value": code, "label": label, "checked": code == checked} for code, label in choices]


def _warnings(given: Given) -> list[dict[str, Any]]:
    here = region()
    numbers = {"emergency": here.emergency, "crisis": here.crisis.number, "none": ""}
    return [
        {
            "urgency": each.urgency,
            "name": words.warning_name(each),
            "do": words.ringing(each.form.do, here),
            "says": words.ringing(each.form.says, here),
            "number": numbers[each.sign.number],
        }
        for each in given.assessment.warnings
    ]


def _card(known: Definitions, given: Given, result: ChecklistResult, helping: bool) -> dict[str, Any]:
    checklist = known.checklist_of[result.id]
    explained = given.explanations[result.id]
    level = next((each for each in checklist.levels if each.level == result.risk_level), None)
    return {
        "id": result.id,
        "title": checklist.title,
        "level": result.risk_level or "unknown",
        "word": words.level_word(result.could_be),
        "says": level.says if level else "Some answers are missing, so the level is not certain yet.",
        "score": _score(result, checklist.own_rule),
        "made": [_made(known, given, each.fact, result) for each in result.because],
        "change": _changes(known, given, result),
        "unknown": [_unknown(known, each, helping) for each in explained.unknown[:MANY]] or _still(result),
        "own_rule": checklist.own_rule,
        "note": words.tested_words(checklist, given.assessment.person.about.get("age")),
        "rule_says": checklist.rule_says,
        "sources": [known.source_of[each].cite for each in checklist.source],
    }


def _score(result: ChecklistResult, own_rule: bool) -> dict[str, Any] | None:
    score = result.score
    if score is None:
        return None
    marks = ["filled"] * score.low + ["hatched"] * (score.high - score.low) + ["open"] * (score.of - score.high)
    return {"text": f"{words.score_words(result)} {'things to fix' if own_rule else 'points'}", "marks": marks}


def _made(known: Definitions, given: Given, fact: str, result: ChecklistResult) -> dict[str, str]:
    because = next(each for each in result.because if each.fact == fact)
    text = words.finding(known, given.assessment.person, because)
    counts = known.checklist_of[result.id].own_rule or not because.score
    points = "" if counts else f"{because.score} {'point' if because.score == 1 else 'points'}"
    return {"text": _capital(text), "points": points}


def _changes(known: Definitions, given: Given, result: ChecklistResult) -> list[str]:
    """Each single answer without which the level would be another, or one sentence where no single one is enough."""
    changes = given.explanations[result.id].changes
    moving = [each for each in changes if each.could_be != result.could_be]
    if moving:
        return [_change(known, given, each) for each in moving[:MANY]]
    if changes:
        return ["No single answer would change the level. Each thing you change still lowers the number."]
    return []


def _change(known: Definitions, given: Given, change: Change) -> str:
    said = words.finding(known, given.assessment.person, change.because)
    score = f"{change.score.low} out of {change.score.of}, " if change.score else ""
    return f"Without {said}: {score}{words.level_word(change.could_be)}."


def _unknown(known: Definitions, unknown: Unknown, helping: bool) -> dict[str, str]:
    question = known.question_of[f"{unknown.checklist}.{unknown.link_id}"]
    ask = question.ask_other if helping else question.ask
    yes, no = words.level_word(unknown.if_yes), words.level_word(unknown.if_no)
    return {"text": f"{ask} Yes would make it {yes}, and no {no}.", "href": ""}


def _still(result: ChecklistResult) -> list[dict[str, str]]:
    """What is said of answers that are not known where none of them alone could move the level."""
    if not result.missing:
        return []
    many = f"{len(result.missing)} answers are not known. No single one of them would change the level."
    one = "1 answer is not known. It would not change the level."
    return [{"text": one if len(result.missing) == 1 else many, "href": ""}]


def _actions(known: Definitions, given: Given, actions: tuple[PlannedAction, ...]) -> list[dict[str, Any]]:
    here = region()
    return [
        {
            "id": each.id,
            "title": words.ringing(each.title, here),
            "because": list(words.findings(known, given.assessment.person, each.because))[:4],
            "who": words.WHO_WORDS[each.action.who],
            "by": words.day_words(each.due, here) if each.due else "",
            "how": [words.ringing(step, here) for step in each.how],
            "why": words.ringing(each.why, here),
        }
        for each in actions
    ]


def _groups(known: Definitions, given: Given, actions: tuple[PlannedAction, ...]) -> list[dict[str, Any]]:
    return [
        {"id": name, "title": title, "actions": _actions(known, given, in_group)}
        for name, title in words.GROUP_WORDS.items()
        if (in_group := tuple(each for each in actions if each.action.group == name))
    ]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
