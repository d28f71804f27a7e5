"""Reminders without an account or mail: a calendar file with one entry a week at most, and one to check again.

Others see a calendar. So a title says which week it is and how many steps it has, and nothing of what they are about.
"""

import hashlib
import hmac
from datetime import UTC, date, datetime, timedelta

from flask import Blueprint, current_app, render_template, request
from werkzeug.wrappers import Response

from reports.exports.calendar import Reminder, calendar
from reports.plan.steps import Step, steps_of
from reports.plan.weeks import Week, weeks_of
from reports.words.speech import N_
from web.core.speaking import gettext as _
from web.core.speaking import ngettext
from web.core.stores import store
from web.plan.plan_to_show import get_plan_to_show
from web.visitor.must_go_first import get_led
from web.visitor.open_record import OpenRecord, change, today
from web.visitor.stored_plan import StoredPlan, standings_of

pages = Blueprint("reminders", __name__)
AGAIN = {"30": N_("In 30 days"), "90": N_("In 90 days"), "180": N_("In 180 days"), "no": N_("No day")}
CHECK = "again-90"
"""The one entry to check again, under the name that most calendars know it by."""
UNNOTED = ("exercise", "again-30", "again-180")
"""What files had beside steps until November 2026, when only steps were noted."""


@pages.get("/reminders")
def choose() -> str:
    """When to check again; the weeks are the plan's."""
    open_record = get_led()
    get_plan_to_show(open_record)
    return render_template(
        "sharing/reminders.html",
        open_record=open_record,
        again=[{"value": code, "label": _(label), "checked": code == "90"} for code, label in AGAIN.items()],
    )


@pages.get("/reminders.ics")
def file() -> Response:
    """The calendar file."""
    open_record = get_led()
    stored = get_plan_to_show(open_record)
    made = calendar(
        _entries(open_record, stored, request.args.get("again", "")),
        name=_("Firm Footing"),
        made_at=datetime.now(UTC).replace(microsecond=0),
    )
    response = current_app.response_class(made, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="firm-footing.ics"'
    return response


def _entries(open_record: OpenRecord, stored: StoredPlan, again: str) -> list[Reminder]:
    """What is to be in the calendar, then, cancelled, what an earlier file brought and is to be there no more."""
    steps = steps_of(stored.issued.plan.all_actions, standings_of(open_record))
    wanted = _weeks(open_record, stored, steps)
    if again.isdecimal() and again in AGAIN:
        wanted[CHECK] = Reminder(
            uid=_uid(open_record, CHECK),
            title=_("Firm Footing: check again"),
            day=stored.issued.made_on + timedelta(days=int(again)),
            text=_("Open Firm Footing and go through what may have changed."),
        )
    over = [
        Reminder(
            uid=_uid(open_record, name), title=_("Firm Footing"), day=_day_of(steps.get(name), stored), cancelled=True
        )
        for name in sorted(_brought(open_record) - wanted.keys())
    ]
    _note_brought(open_record, set(wanted))
    return [*wanted.values(), *over]


def _weeks(open_record: OpenRecord, stored: StoredPlan, steps: dict[str, Step]) -> dict[str, Reminder]:
    """The weeks by their names; none while a sign needs help now, which waits for no day."""
    weeks = () if stored.issued.plan.help_first else weeks_of(steps.values(), today())
    return {name: _week(_uid(open_record, name), each) for each in weeks if (name := f"week-{each.number}")}


def _week(uid: str, week: Week) -> Reminder:
    if week.number == 1:
        title = ngettext(
            "Firm Footing: week %(week)s, %(num)s step to begin with",
            "Firm Footing: week %(week)s, %(num)s steps to begin with",
            week.count,
            week=week.number,
        )
    else:
        title = ngettext(
            "Firm Footing: week %(week)s, %(num)s step",
            "Firm Footing: week %(week)s, %(num)s steps",
            week.count,
            week=week.number,
        )
    text = ngettext(
        "%(num)s step of your plan is for this week. Open Firm Footing to see it.",
        "%(num)s steps of your plan are for this week. Open Firm Footing to see them.",
        week.count,
    )
    return Reminder(uid=uid, title=title, day=week.day, text=text)


def _brought(open_record: OpenRecord) -> set[str]:
    """What any file so far may have brought to a calendar."""
    noted = set(open_record.draft.in_calendar)
    return noted | set(UNNOTED) if any(_is_of_older_file(name) for name in noted) else noted


def _is_of_older_file(name: str) -> bool:
    """Whether it names a step: each had an entry of its own once."""
    return name != CHECK and not name.startswith("week-")


def _day_of(step: Step | None, stored: StoredPlan) -> date:
    """The day of an entry that is cancelled, which the standard asks for and nobody sees."""
    return (step.day if step else None) or stored.issued.made_on


def _note_brought(open_record: OpenRecord, names: set[str]) -> None:
    """What a calendar may hold from now on."""
    if not names <= set(open_record.draft.in_calendar):
        change(open_record, lambda draft: draft.brought_to_calendar(names))


def _uid(open_record: OpenRecord, name: str) -> str:
    """The same for the same entry of the same person for ever, and it tells neither."""
    text = f"{open_record.record_id} {name}".encode()
    return f"{hmac.digest(store().derive('calendar'), text, hashlib.sha256).hex()[:32]}@firm-footing"
