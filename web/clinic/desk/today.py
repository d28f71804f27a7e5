"""The people who come on a day: where each is, and somebody new on the list."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, partial
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from checklists.files.grammar import BONE, FALLS
from checklists.rules.assessing import CouldBe
from reports.words.words import Words
from storage.clinics.model import Clinic
from storage.clinics.remembered import LISTS
from web.clinic.at_work import at_work, clinic_store, may, note
from web.clinic.desk.list_entry import STATES, ListEntry, State, entries
from web.clinic.desk.on_the_list import in_files, shown_name, where
from web.clinic.desk.person_fields import PersonFields, read_fields, usual_language
from web.clinic.paging import links_to_pages, page_asked_for, rows_on
from web.clinic.signing_in.locking import typed_at_work
from web.core.speaking import gettext as _
from web.core.speaking import name_of, wording
from web.visitor.open_record import today
from web.visitor.own_clinic import usual_lists

pages = Blueprint("today", __name__)
_WIDEST = timedelta(days=400)
_SOMEBODY = "0" * 32


@pages.get("/clinic/today")
def people() -> str:
    """Everybody of a day, in the order of their times."""
    day = _day(request.args.get("day", ""))
    since = LISTS.forgotten
    found = entries(clinic_store().list_people(day), in_files(), since)
    visits = sorted(found, key=lambda visit: visit.time or "~")
    counts = Counter(each.state for each in visits)
    shown = request.args.get("show", "")
    chosen = [each for each in visits if shown not in STATES or each.state == shown]
    page = page_asked_for(request.args.get("page", ""), len(chosen))
    return render_template(
        "clinic/desk/today.html",
        day=day,
        day_in_words=wording().day(day),
        is_today=day == today(),
        before=url_for("today.people", day=day - timedelta(days=1)),
        after=url_for("today.people", day=day + timedelta(days=1)),
        states=[_choice(day, state, counts[state], shown) for state in STATES if counts[state]],
        count=len(visits),
        rows=_rows(rows_on(page, chosen)),
        pages=links_to_pages(url_for("today.people", day=day, show=shown or None), page, len(chosen)),
        with_levels=may("measuring.form"),
        moving=url_for("today.people", day=day, show=shown or None, page=page or None, moving="yes"),
        everybody=url_for("today.people", day=day),
        shown=shown,
    )


@pages.get("/clinic/people/new")
def new() -> str:
    """Somebody new, still empty."""
    typed = typed_at_work()
    day, lists = _day(request.args.get("day", "")).isoformat(), usual_lists(at_work()[1])
    return _new_page(PersonFields.typed(typed) if typed else PersonFields(day=day, lists=lists), {})


@pages.post("/clinic/people/new")
def add() -> Response | tuple[str, int]:
    """Puts them on the list, under a new code, or under the one that they have from before."""
    fields = PersonFields.typed(request.form)
    found, problems = read_fields(fields, at_work()[1])
    before = clinic_store().find_by_code(fields.code) if fields.code else None
    if fields.code and before is None:
        problems["code"] = _("Nobody on your list has this code. Check each letter, or leave it empty.")
    if problems:
        return _new_page(fields, problems), 422
    if before:
        person = found.again(clinic_store(), before)
    else:
        person = clinic_store().add_person(found.day, found.data)
    note("added-person", person)
    return redirect(url_for("person.show", person_id=person.person_id), 303)


def _new_page(fields: PersonFields, problems: dict[str, str]) -> str:
    return render_template(
        "clinic/desk/new.html",
        send_to=url_for("today.add"),
        back=url_for("today.people"),
        **fields.for_page(at_work()[1], problems),
    )


def _day(asked: str) -> date:
    """The day that was asked for, else today."""
    try:
        found = date.fromisoformat(asked)
    except ValueError:
        return today()
    return found if abs(found - today()) < _WIDEST else today()


def _choice(day: date, state: State, count: int, shown: str) -> dict[str, Any]:
    return {
        "id": state,
        "name": _(STATES[state]),
        "count": count,
        "href": url_for("today.people", day=day, show=state),
        "here": state == shown,
    }


@dataclass(frozen=True, kw_only=True, slots=True)
class _Row:
    """One person as the page shows them; an attribute costs a template half as much as a key."""

    time: str
    name: str
    age: int | None
    language: str
    state: State
    says: str
    old: str
    levels: tuple["_Level | None", "_Level | None"]
    href: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Level:
    """`id` is empty where it could be more than one."""

    id: str
    word: str


def _rows(visits: list[ListEntry]) -> list[_Row]:
    """Each as the page shows it; addresses and words are looked up once for all."""
    address, clinic = url_for("person.show", person_id=_SOMEBODY), at_work()[1]
    state_names = {each: _(name) for each, name in STATES.items()}
    level = cache(partial(_level, wording()))
    return [_row(each, address, state_names, level, clinic) for each in visits]


def _level(words: Words, could_be: CouldBe) -> _Level:
    return _Level(id=could_be[0] if len(could_be) == 1 else "", word=words.level(could_be))


def _row(
    visit: ListEntry, address: str, state_names: dict[State, str], level: Callable[[CouldBe], _Level], clinic: Clinic
) -> _Row:
    summary = visit.summary
    levels = summary.levels if summary and summary.urgency != "now" else {}
    falls, bone = (level(levels[each]) if each in levels else None for each in (FALLS, BONE))
    return _Row(
        time=visit.time.removeprefix("0"),
        name=shown_name(visit, clinic),
        age=summary.age if summary else None,
        language=name_of(visit.language) if visit.language not in ("", usual_language(clinic)) else "",
        state=visit.state,
        says=where(visit, state_names),
        old=_("Last answers: %(day)s", day=wording().day(visit.last.on)) if visit.is_old and visit.last else "",
        levels=(falls, bone),
        href=address.replace(_SOMEBODY, visit.person.person_id),
    )
