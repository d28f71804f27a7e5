"""A month of the clinic in counts: the page, and the same as CSV."""

from calendar import monthrange
from datetime import date, timedelta

from flask import Blueprint, current_app, render_template, request
from werkzeug.wrappers import Response

from reports.month.as_csv import month_csv
from reports.month.month import MonthTable, Visit, month_of
from reports.plan.progress import standings
from storage.clinics.model import Person
from storage.model import RecordNotFound
from web.clinic.at_work import clinic_day, clinic_store, note
from web.core.speaking import wording
from web.core.stores import store
from web.visitor.stored_plan import read_plan

pages = Blueprint("month", __name__)


@pages.get("/clinic/month")
def show() -> str:
    """The tables of a month, this one if none is named, and the way to the one before and after."""
    month = _asked_for()
    return render_template(
        "clinic/month.html",
        month=month,
        before=_of_day_before(month),
        after=_day_after(month) if _day_after(month) <= clinic_day() else None,
        tables=_tables(month),
        name_of_month=wording().speech.month,
    )


@pages.get("/clinic/month.csv")
def csv() -> Response:
    """The same for a spreadsheet."""
    month = _asked_for()
    content = month_csv(_tables(month), wording().speech)
    note("exported-month", says=f"{month:%Y-%m}")
    response = current_app.response_class(content, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="month-{month:%Y-%m}.csv"'
    return response


def _asked_for() -> date:
    """The first day of the month in the address; of this month where none can be read."""
    today = clinic_day()
    try:
        asked = date.fromisoformat(f"{request.args.get('month', '')}-01")
    except ValueError:
        asked = today
    return min(asked, today).replace(day=1)


def _of_day_before(first: date) -> date:
    return date.fromordinal(max(first.toordinal() - 1, 1)).replace(day=1)


def _day_after(first: date) -> date:
    return date.fromordinal(first.toordinal() + monthrange(first.year, first.month)[1])


def _tables(month: date) -> tuple[MonthTable, ...]:
    """Only this month's people are opened, however long the clinic has been here."""
    days = (month + timedelta(days=number) for number in range(monthrange(month.year, month.month)[1]))
    people = [each for day in days for each in clinic_store().list_people(day)]
    return month_of(wording(), [_visit(each) for each in people], clinic_day())


def _visit(person: Person) -> Visit:
    """What somebody's record holds; nothing of one who has not begun, or erased it just now."""
    if person.record_id is None:
        return Visit()
    try:
        plans = store().list_submissions(person.record_id)
        ticks = store().list_ticks(person.record_id)
    except RecordNotFound:
        return Visit()
    return Visit(plans=tuple(read_plan(each).issued for each in plans), standings=standings(ticks))
