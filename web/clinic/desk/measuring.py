"""The tests that a clinician makes with somebody: timers and fields, what is at risk, and why where none is made."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from answers.measures import Measures
from answers.person import person_of
from checklists import Person, assess
from checklists.files.grammar import FALLS
from checklists.people.reading import PersonError, read_person
from checklists.people.sentence import Sentence, SentenceFault, in_words
from checklists.people.tables.columns import measure_columns
from checklists.rules.person import UNABLE
from checklists.rules.tools import DROP_DIASTOLIC_MMHG, DROP_SYSTOLIC_MMHG, average_stands
from reports.words.answer_words import answer_words
from web.clinic.at_work import at_work, note
from web.clinic.desk.list_entry import ListEntry
from web.clinic.desk.on_the_list import find_record, get_visit, shown_name
from web.clinic.signing_in.locking import typed_at_work
from web.core.free_text import typed
from web.core.settings import definitions, region
from web.core.speaking import gettext as _
from web.core.speaking import wording
from web.visitor.open_record import OpenRecord, change, today

pages = Blueprint("measuring", __name__)
WALK_METERS = "4"
_NUMBERS = {"tug-seconds": "tug-unable", "chair-stands": "chair-unable", "tandem-seconds": "tandem-unable"}
"""Each with the box that says that it was not managed."""
_WALK, _WALKED, _WALK_UNABLE = "gait-speed-m-s", ("gait-meters", "gait-seconds"), "gait-unable"
_PRESSURES = ("lying", "min1", "min3")
_TICKED = ("chair-used-arms", "frailty", "dizzy")
_FIELDS = (
    *_NUMBERS,
    *_NUMBERS.values(),
    *_WALKED,
    _WALK_UNABLE,
    *(f"{each}-{end}" for each in _PRESSURES for end in ("high", "low")),
    *_TICKED,
)
_HUNDREDTH = Decimal("0.01")


class _Wrong(Exception):
    """What stands in a field cannot be kept; the sentence says what to do."""


@pages.get("/clinic/people/<person_id>/measures")
def form(person_id: str) -> str:
    """Every test with its timer; none where one must wait."""
    visit, open_record = _reading(person_id)
    before = typed_at_work()
    fields = _typed(before) if before else _fields_of(open_record.draft.measures)
    return _page(visit, open_record, fields, {})


@pages.post("/clinic/people/<person_id>/measures")
def keep(person_id: str) -> Response | tuple[str, int]:
    """Keeps what was measured, or says what to do; the levels count with it at once."""
    visit, open_record = _reading(person_id)
    fields = _typed(request.form)
    values, problems = _read(fields)
    if problems:
        return _page(visit, open_record, fields, problems), 422
    walked = tuple(fields[each] for each in _WALKED) if isinstance(values.get(_WALK), Decimal) else ()
    measured = Measures(values=values, on=today(), walked=walked) if values else None
    change(open_record, lambda draft: replace(draft, measures=measured))
    note("changed-person", visit.person, _("measures"))
    return redirect(url_for("person.show", person_id=person_id), 303)


def _reading(person_id: str) -> tuple[ListEntry, OpenRecord]:
    visit = get_visit(person_id)
    return visit, find_record(visit) or abort(404)


def _typed(form: Mapping[str, str]) -> dict[str, str]:
    return {each: typed(form, each) for each in _FIELDS}


def _fields_of(measured: Measures | None) -> dict[str, str]:
    """The fields as they were filled in last."""
    fields = {**dict.fromkeys(_FIELDS, ""), "gait-meters": WALK_METERS}
    if measured is None:
        return fields
    values = measured.values
    for name, unable in {**_NUMBERS, _WALK: _WALK_UNABLE}.items():
        if values.get(name) == UNABLE:
            fields[unable] = "yes"
        elif name in values and name != _WALK:
            fields[name] = str(values[name])
    fields.update(zip(_WALKED, measured.walked, strict=False))
    pressure = values.get("bp", {})
    for name in _PRESSURES:
        if name in pressure:
            fields[f"{name}-high"], fields[f"{name}-low"] = (str(each) for each in pressure[name])
    ticked = {**values, **pressure}
    return fields | {name: "yes" for name in _TICKED if ticked.get(name) == "yes"}


def _read(fields: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """The measures as a record in a file has them, and what to do about each field that cannot be kept."""
    known, problems = definitions(), dict[str, str]()
    read = {
        each.key.partition(".")[2]: each.read
        for each in measure_columns(known, answer_words(known.languages, region().id))
    }
    found: dict[str, Any] = {}
    readers: dict[str, Callable[[], Any]] = {
        name: partial(_number, fields, name, unable, read[name]) for name, unable in _NUMBERS.items()
    }
    readers |= {_WALK: partial(_speed, fields, read["tug-seconds"]), "bp": partial(_pressure, fields)}
    for name, reader in readers.items():
        try:
            value = reader()
        except _Wrong as error:
            problems[_field_of(name)] = str(error)
        else:
            found |= {} if value is None else {name: value}
    found |= {name: "yes" for name in ("chair-used-arms", "frailty") if fields[name]}
    try:
        measures = dict(read_person(known, {"answers": {FALLS: {}}, "measures": found}).measures)
    except PersonError as error:
        measures = {}
        for fault in error.faults:
            assert isinstance(fault, Sentence)
            place = str(fault.values["place"]).split(".")[1]
            problems.setdefault(_field_of(place), _sentence(fault.values["fault"]))
    return measures, problems


def _number(fields: Mapping[str, str], name: str, unable: str, read: Any) -> Any:
    if not fields[unable]:
        return _cell(fields[name], read)
    if fields[name]:
        raise _Wrong(_("Write a number or tick Not managed, not both."))
    return UNABLE


def _speed(fields: Mapping[str, str], read: Any) -> Any:
    """Meters a second, from a distance and a time: up to the next 0.01, so that more than 0.8 never counts as 0.8."""
    meters, seconds = (_cell(fields[each], read) for each in _WALKED)
    if fields[_WALK_UNABLE]:
        if seconds is not None:
            raise _Wrong(_("Write a number or tick Not managed, not both."))
        return UNABLE
    if seconds is None:
        return None
    if not isinstance(meters, int | Decimal) or not isinstance(seconds, int | Decimal) or min(meters, seconds) <= 0:
        raise _Wrong(_("Write how many meters were walked, and in how many seconds."))
    return (Decimal(meters) / Decimal(seconds)).quantize(_HUNDREDTH, "ROUND_CEILING")


def _pressure(fields: Mapping[str, str]) -> dict[str, Any] | None:
    found: dict[str, Any] = {}
    for name in _PRESSURES:
        pair = [fields[f"{name}-{end}"] for end in ("high", "low")]
        if not any(pair):
            continue
        if not all(each.isascii() and each.isdecimal() and len(each) <= 3 for each in pair):
            raise _Wrong(_("Write both numbers of a blood pressure, like 150 and 80."))
        found[name] = [int(each) for each in pair]
    if fields["dizzy"]:
        found["dizzy"] = "yes"
    return found or None


def _cell(text: str, read: Any) -> Any:
    if not text:
        return None
    try:
        return read(text)
    except SentenceFault as error:
        raise _Wrong(_sentence(error.sentence)) from None


def _sentence(fault: Any) -> str:
    return f"{in_words(fault, _)}."


def _field_of(name: str) -> str:
    """The field to which a problem leads."""
    return {_WALK: "gait-seconds", "bp": "lying-high"}.get(name, name)


def _page(visit: ListEntry, open_record: OpenRecord, fields: Mapping[str, str], problems: Mapping[str, str]) -> str:
    words, draft = wording(), open_record.draft
    person = person_of(words.definitions, draft, today())
    hold = assess(words.definitions, person).hold
    return render_template(
        "clinic/desk/measures.html",
        visit=visit,
        name=shown_name(visit, at_work()[1]),
        fields=fields,
        problems={**dict.fromkeys(_FIELDS, ""), **problems},
        errors=[{"field": name, "text": text} for name, text in problems.items()],
        waits=[each[:1].upper() + each[1:] for each in words.findings(person, hold)],
        signs_asked=draft.signs_are_asked,
        counts=draft.has_begun(FALLS),
        last=words.day(draft.measures.on) if draft.measures else "",
        average=_average(person),
        drop={"high": DROP_SYSTOLIC_MMHG, "low": DROP_DIASTOLIC_MMHG},
    )


def _average(person: Person) -> str:
    """From how many chair stands on somebody of this age and sex is not below average."""
    age, sex = person.about.get("age"), person.about.get("sex")
    if not isinstance(age, int) or sex not in ("female", "male"):
        return _("Whether it is below average depends on age and sex, which are not answered yet.")
    least = average_stands(age, sex)  # type: ignore[arg-type]
    if least is None:
        return _("There is no average for this age. It is known from 60 to 94 years.")
    return _("At risk at this age: fewer than %(least)s.", least=least)
