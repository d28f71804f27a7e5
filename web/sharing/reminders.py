"""Reminders without an account or mail: a calendar file with the days that a person chose."""

import hashlib
import hmac
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, current_app, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from reports.exports.calendar import Entry, calendar, first_on
from reports.plan.steps import steps_of
from reports.words.speech import N_
from web.core.speaking import gettext as _
from web.core.stores import store
from web.plan.plan_to_show import get_plan_to_show
from web.visitor.kept_plan import KeptPlan, standings_of
from web.visitor.must_go_first import get_led
from web.visitor.open_record import OpenRecord, change, today

pages = Blueprint("reminders", __name__)
EXERCISE: dict[str, tuple[str, tuple[int, ...]]] = {
    "none": (N_("No days"), ()),
    "mwf": (N_("Monday, Wednesday and Friday"), (0, 2, 4)),
    "tts": (N_("Tuesday, Thursday and Saturday"), (1, 3, 5)),
}
EXERCISE_FOR = timedelta(days=180)
AGAIN = {"30": N_("In 30 days"), "90": N_("In 90 days"), "180": N_("In 180 days")}


@pages.get("/reminders")
def choose() -> str:
    """Which days, and whether the calendar may say what they are about."""
    open_record = get_led()
    kept = get_plan_to_show(open_record)
    return render_template(
        "sharing/reminders.html",
        open_record=open_record,
        steps=_yes_no("yes"),
        exercise=[
            {"value": code, "label": _(label), "checked": code == "none"} for code, (label, _days) in EXERCISE.items()
        ],
        may_exercise=_may_exercise(kept),
        again=[{"value": code, "label": _(label), "checked": code == "90"} for code, label in AGAIN.items()],
        told=_yes_no("no"),
    )


@pages.get("/reminders.ics")
def file() -> Response:
    """The calendar file of what was chosen."""
    open_record = get_led()
    kept = get_plan_to_show(open_record)
    made = calendar(
        _entries(open_record, kept, request.args),
        name=_("Firm Footing"),
        made_at=datetime.now(UTC).replace(microsecond=0),
    )
    response = current_app.response_class(made, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="firm-footing.ics"'
    return response


def _entries(open_record: OpenRecord, kept: KeptPlan, asked: MultiDict[str, str]) -> Iterator[Entry]:
    told = asked.get("told") == "yes"
    if asked.get("steps") == "yes":
        yield from _steps(open_record, kept, told)
    if _may_exercise(kept):
        _label, weekdays = EXERCISE.get(asked.get("exercise", ""), EXERCISE["none"])
        if weekdays:
            yield Entry(
                uid=_uid(open_record, "exercise"),
                title=_("Strength and balance") if told else _("A reminder from Firm Footing"),
                day=first_on(weekdays, today()),
                weekdays=weekdays,
                until=today() + EXERCISE_FOR,
            )
    for code in AGAIN:
        if code in asked.getlist("again"):
            yield Entry(
                uid=_uid(open_record, f"again-{code}"),
                title=_("Go through the checklists again") if told else _("A reminder from Firm Footing"),
                day=kept.issued.made_on + timedelta(days=int(code)),
            )


def _steps(open_record: OpenRecord, kept: KeptPlan, told: bool) -> Iterator[Entry]:
    """Every step with a day; one that is settled is taken out of the calendar again, where a file ever brought it."""
    plan, brought = kept.issued.plan, open_record.draft.in_calendar
    steps = steps_of(plan.told, standings_of(open_record))
    shown = {
        name: Entry(
            uid=_uid(open_record, name),
            title=kept.words.title(step) if told else _("A reminder from Firm Footing"),
            day=step.day,
            cancelled=step.standing.is_settled,
        )
        for name, step in steps.items()
        if step.day and (name in brought or not step.standing.is_settled) and not (step.is_own and plan.help_first)
    }
    _note_brought(open_record, set(shown))
    yield from shown.values()


def _note_brought(open_record: OpenRecord, names: set[str]) -> None:
    """Which steps a calendar may hold from now on."""
    if not names <= set(open_record.draft.in_calendar):
        change(open_record, lambda draft: draft.brought_to_calendar(names))


def _may_exercise(kept: KeptPlan) -> bool:
    """Whether exercise is in the plan, and in its ordinary words: who trains with a therapist is told when by them."""
    forbidden = kept.words.definitions.safety.forbids("exercise", kept.issued.assessment.states)
    return not forbidden and any(each.action.effort == "move" for each in kept.issued.plan.told)


def _uid(open_record: OpenRecord, name: str) -> str:
    """The same for the same step of the same person for ever, and it tells neither."""
    text = f"{open_record.record_id} {name}".encode()
    return f"{hmac.digest(store().derive('calendar'), text, hashlib.sha256).hex()[:32]}@firm-footing"


def _yes_no(checked: str) -> list[dict[str, Any]]:
    choices = (("yes", _("Yes")), ("no", _("No")))
    return [{"value": code, "label": label, "checked": code == checked} for code, label in choices]
