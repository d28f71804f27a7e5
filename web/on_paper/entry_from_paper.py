"""Typing in a filled-in checklist: every question of a list on one page, with the paper's numbers."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from answers.draft import Draft
from answers.person import at_odds
from answers.typed_numbers import Answers, metric
from checklists.files.grammar import BONE
from checklists.files.model import Question
from reports.words.questions import answers_of, ask_of, asked, only_if, title_of
from web.asking.doubts import Doubt, doubt_about
from web.asking.last_answer import saying_what_is_put_aside
from web.asking.numbers import UNITS, fields_of, is_number, read_number, typed_fields
from web.core.speaking import gettext as _
from web.core.speaking import spoken, wording
from web.on_paper.sheet import TypedSheet, read_sheet, stored_answers, with_sheet
from web.visitor.must_go_first import get_led
from web.visitor.open_record import OpenRecord, change, now_ms, posted, today
from web.visitor.preferences import keep_typed, typed_here
from web.visitor.sessions import ZONE

pages = Blueprint("entry_from_paper", __name__, url_prefix="/enter")
LONG = 16
NOT_TYPED = ("csrf_token", "record", "to", "use", ZONE)


@pages.get("/<list:subject>")
def enter(subject: str) -> str:
    """The rows, filled with what is saved; before the warning signs of today are asked, the way to these."""
    open_record, typed = get_led(), typed_here()
    if typed is not None:  # who has typed here was asked for the signs before
        return _render(open_record, subject, typed, _units(open_record, typed), {})
    if not open_record.draft.signs_are_asked and request.args.get("asked") != "no":
        return render_template(
            "on_paper/entry_signs_first.html",
            open_record=open_record,
            subject=subject,
            title=title_of(spoken(), subject),
        )
    return _render(open_record, subject, None, _units(open_record, request.args), {})


@pages.post("/<list:subject>")
def entered(subject: str) -> Response | tuple[str, int]:
    """Keeps what was typed, and goes on to the review; or says what to do, with everything still there."""
    open_record = posted()
    units = _units(open_record, request.form)
    if request.form.get("use") in UNITS:
        return _in_other_units(subject, units, request.form["use"])
    sheet = read_sheet(spoken(), subject, request.form, units, stored_answers(spoken(), open_record.draft, subject))
    problems = dict(sheet.problems)
    if not problems and not sheet.says_something:
        first = spoken().questions[subject][0].link_id
        problems[first] = _("Copy at least one answer from the paper, or go back.")
    doubt = _doubt(open_record, subject, sheet)
    instead = doubt.answered(request.form.get("meant", "")) if doubt else {}
    sheet = replace(sheet, new_answers={**sheet.new_answers, **(instead or {})})
    known, day, at_ms = spoken(), today(), now_ms()
    keep = partial(with_sheet, known, subject=subject, sheet=sheet, units=units, day=day, at_ms=at_ms)
    problems = problems or _at_odds(open_record, subject, keep)
    if problems:
        return _render(open_record, subject, request.form, units, problems), 422
    if instead is None:
        return _render(open_record, subject, request.form, units, {}, doubt), 422
    before = open_record.draft
    open_record = change(open_record, keep)
    address = saying_what_is_put_aside(url_for("hub.review", checklist=subject), before, open_record, subject)
    return redirect(address, 303)


def _doubt(open_record: OpenRecord, subject: str, sheet: TypedSheet) -> Doubt | None:
    if subject != BONE:
        return None
    before = stored_answers(spoken(), open_record.draft, subject)
    after = {name: each for name, each in {**before, **sheet.new_answers}.items() if name not in sheet.cleared}
    return doubt_about(spoken().by_link_id[BONE], before, after)


def _at_odds(open_record: OpenRecord, subject: str, keep: Callable[[Draft], Draft]) -> dict[str, str]:
    """Rows of this sheet that go only with another answer to an earlier row: one of the two was copied wrongly."""
    places = {
        f"{name}.{question.link_id}": (name, number)
        for name in spoken().questions
        for part in asked(spoken(), name)
        for number, question in part.questions
    }
    found = {}
    for fact, earlier in at_odds(spoken(), keep(open_record.draft), today()).items():
        if fact.startswith(f"{subject}."):
            rows = [_place(subject, *places[each]) for each in earlier]
            found[fact.partition(".")[2]] = _(
                "This goes only with another answer to %(rows)s. Look at the paper again, or empty one of them.",
                rows=wording().speech.listed(rows),
            )
    return found


def _place(subject: str, name: str, number: int) -> str:
    """How a row is called: by its number, in another list with its title."""
    return str(number) if name == subject else f"{title_of(spoken(), name)}, {number}"


def _units(open_record: OpenRecord, chosen: Mapping[str, str]) -> str:
    return chosen["units"] if chosen.get("units") in UNITS else open_record.draft.units


def _in_other_units(subject: str, units: str, others: str) -> Response:
    """The same page with all that was typed, its sizes in other units; nothing is saved yet."""
    path = url_for("entry_from_paper.enter", subject=subject)
    fields = {name: values for name, values in request.form.lists() if name not in NOT_TYPED}
    fields |= {"units": [others]}
    if units != others:
        for question in spoken().questions[subject]:
            if question.unit in ("kg", "cm"):
                fields = _converted(fields, question, units, others)
    keep_typed(path, fields)
    return redirect(path, 303)


def _converted(fields: dict[str, list[str]], question: Question, units: str, others: str) -> dict[str, list[str]]:
    """What was typed for a size, in other units; what is no number goes, and does not empty the row."""
    name = question.link_id
    stored = {key: values for key, values in fields.items() if key not in (name, f"{name}-feet", f"{name}-inches")}
    if not any(typed_fields(question, request.form, units).values()):
        return stored
    typed = read_number(question, request.form, units)
    if typed.error:
        shown = [each for each in " ".join(fields.get("shown", [])).split() if each != name]
        return {**stored, "shown": [" ".join(shown)]}
    new = fields_of(question, typed.value, others)
    return {**stored, **{name if key == "value" else f"{name}-{key}": [value] for key, value in new.items()}}


def _render(
    open_record: OpenRecord,
    subject: str,
    form: Mapping[str, str] | None,
    units: str,
    problems: Mapping[str, str],
    doubt: Doubt | None = None,
) -> str:
    stored = stored_answers(spoken(), open_record.draft, subject)
    number = {question.link_id: str(place) for part in asked(spoken(), subject) for place, question in part.questions}
    return render_template(
        "on_paper/entry_from_paper.html",
        open_record=open_record,
        subject=subject,
        age=metric(open_record.draft.answer("about", "age")) or "",
        title=title_of(spoken(), subject),
        parts=[
            {
                "title": part.title,
                "rows": [
                    _row(open_record, subject, place, question, form, stored, units, problems.get(question.link_id, ""))
                    for place, question in part.questions
                ],
            }
            for part in asked(spoken(), subject)
        ],
        shown=" ".join(
            each for each in (form.get("shown", "").split() if form is not None else stored) if each in number
        ),
        units=units,
        has_units=any(each.unit in ("kg", "cm") for each in spoken().questions[subject]),
        errors=[{"field": name, "text": f"{number[name]}. {text}"} for name, text in problems.items()],
        doubt=doubt,
    )


def _row(
    open_record: OpenRecord,
    subject: str,
    number: int,
    question: Question,
    form: Mapping[str, str] | None,
    stored: Answers,
    units: str,
    error: str,
) -> dict[str, Any]:
    saved = stored.get(question.link_id)
    chosen = form.get(question.link_id, "") if form is not None else saved
    answers = answers_of(wording(), question, helping=open_record.draft.helping)
    row: dict[str, Any] = {
        "name": question.link_id,
        "number": number,
        "short": question.name or question.finding,
        "ask": ask_of(question, helping=open_record.draft.helping),
        "only_if": only_if(wording(), subject, question, helping=open_record.draft.helping),
        "is_number": is_number(question),
        "error": error,
    }
    if not is_number(question):
        boxes = [{"value": code, "label": label, "checked": chosen == code} for code, label in answers]
        return {**row, "answers": boxes, "long": any(len(label) > LONG for _code, label in answers)}
    unsure = form.get(f"{question.link_id}-unsure") if form is not None else saved == "unsure"
    return {
        **row,
        "unit": question.unit,
        "decimal": question.answers == "decimal",
        "shown": typed_fields(question, form, units) if form is not None else fields_of(question, saved, units),
        "unsure": [{"value": code, "label": label, "checked": bool(unsure)} for code, label in answers],
    }
