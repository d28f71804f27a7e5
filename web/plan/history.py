"""What changed since an earlier plan, and every plan that was made, as it was issued."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for

from answers.check_again import is_old
from reports.plan.changes import changes, planned_before
from reports.plan.plan_json import IssuedPlan
from reports.words.changes_in_words import ChangesInWords, say_changes
from reports.words.words import level_may_be_shown
from storage import Submission
from web.core.settings import definitions
from web.core.speaking import gettext as _
from web.core.speaking import wording
from web.core.stores import store
from web.plan.plan_to_show import get_plan_to_show
from web.visitor.must_go_first import get_led
from web.visitor.open_record import OpenRecord, today
from web.visitor.stored_plan import PlanData, StoredPlan, read_plan, standings_of

pages = Blueprint("history", __name__)


@dataclass(frozen=True, kw_only=True)
class NumberedPlan(StoredPlan):
    """One plan of a record with its number, counted from 1."""

    number: int


@pages.get("/changes")
def what_changed() -> str:
    """What changed since the last plan of an earlier day, or since the one that was asked for."""
    open_record = get_led()
    get_plan_to_show(open_record)
    past = plans_of(open_record)
    before = chosen(past, request.args.get("since", "")) or earlier(past)
    return render_template(
        "plan/changes.html",
        open_record=open_record,
        changes=changes_since(open_record, past, before) if before else None,
        plans=[_row(each, past[-1]) for each in reversed(past)],
    )


def plans_of(open_record: OpenRecord) -> tuple[NumberedPlan, ...]:
    """Every plan of this record, the first first, each in the words it was made from."""
    past = map(read_plan, store().list_submissions(open_record.record_id))
    return tuple(NumberedPlan(number=number, **vars(each)) for number, each in enumerate(past, start=1))


def chosen(past: tuple[NumberedPlan, ...], number: str) -> NumberedPlan | None:
    """The plan of this number; None where none was asked for."""
    if not number:
        return None
    found = next((each for each in past if str(each.number) == number), None)
    return found or abort(404)


def earlier(past: tuple[NumberedPlan, ...]) -> NumberedPlan | None:
    """The last plan of a day before the newest, else the first of this day; None where there is only one."""
    newest = past[-1].issued.made_on
    return next((each for each in reversed(past) if each.issued.made_on < newest), past[0] if len(past) > 1 else None)


def changes_since(open_record: OpenRecord, past: tuple[NumberedPlan, ...], before: NumberedPlan) -> ChangesInWords:
    """What changed since this plan, in the words of the newest."""
    newest, standings = past[-1], standings_of(open_record)
    plans = [each.issued for each in past]
    found = changes(newest.words.definitions, before.issued, plans, standings)
    shown = level_may_be_shown(newest.issued.assessment)
    return say_changes(newest.words, found, planned_before(plans), standings, levels=shown)


def changes_on_paper(
    open_record: OpenRecord, past: tuple[NumberedPlan, ...], asked: NumberedPlan | None
) -> ChangesInWords | None:
    """What changed up to the plan that is printed; None where there is nothing to compare it with on another day."""
    upto = past[: asked.number] if asked else past
    before = earlier(upto)
    return (
        changes_since(open_record, upto, before) if before and before.issued.made_on < upto[-1].issued.made_on else None
    )


def gains_of(open_record: OpenRecord, stored: StoredPlan) -> str:
    """What is better than in the last plan of an earlier day, while the plan is new; nothing where nothing is."""
    if is_old(stored.issued.made_on, today()):
        return ""
    past = plans_of(open_record)
    before = earlier(past)
    return changes_since(open_record, past, before).gains if before and before is not past[-1] else ""


def since(open_record: OpenRecord, issued: IssuedPlan) -> str:
    """The day of the last plan before this one's day, in words; nothing where there was none."""
    days = [PlanData.of(each).made_on for each in store().list_submissions(open_record.record_id)]
    before = [each for each in days if each < issued.made_on]
    return wording().day(before[-1]) if before else ""


def is_of_older_content(submission: Submission) -> bool:
    """Whether the questions or texts have changed since this plan was made."""
    return submission.content_hash != definitions().content_hash


def _row(past: NumberedPlan, newest: NumberedPlan) -> dict[str, Any]:
    day, version = past.words.day(past.issued.made_on), past.submission.content_hash[:12]
    return {
        "title": _("Plan %(number)s, made on %(day)s", number=past.number, day=day),
        "paper": url_for("plan.plan_pdf", plan=past.number),
        "compare": url_for("history.what_changed", since=past.number) if past is not newest else "",
        "version": _("It was made with version %(version)s of our questions.", version=version),
        "older": is_of_older_content(past.submission),
    }
