"""What a clinic types of a person: what it calls them, when they come, what they are asked and in which language."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, time
from typing import Any

from werkzeug.datastructures import MultiDict

from storage.clinics.model import Clinic, Person
from storage.clinics.store import ClinicStore
from web.clinic.desk.list_entry import SET_NAMES, SETS, ListEntry
from web.core.free_text import problem, typed
from web.core.settings import definitions
from web.core.speaking import gettext as _
from web.core.speaking import name_of, spoken
from web.visitor.own_clinic import most_letters


@dataclass(frozen=True, kw_only=True)
class PersonFields:
    """The fields of the form, as they were typed."""

    name: str = ""
    day: str = ""
    time: str = ""
    language: str = ""
    code: str = ""
    lists: tuple[str, ...] = ()

    @classmethod
    def typed(cls, form: MultiDict[str, str]) -> "PersonFields":
        """As the form was sent; a button for a usual set goes before what is ticked."""
        found = {each.name: typed(form, each.name) for each in fields(cls) if each.name != "lists"}
        lists = SETS.get(form.get("set", ""), tuple(form.getlist("lists")))
        return cls(**{**found, "code": "".join(found["code"].split()).upper()}, lists=lists)

    @classmethod
    def of(cls, visit: ListEntry) -> "PersonFields":
        day = visit.person.day.isoformat()
        return cls(name=visit.name, day=day, time=visit.time, language=visit.language, lists=visit.lists)

    def for_page(self, clinic: Clinic, problems: Mapping[str, str]) -> dict[str, Any]:
        """What the form shows."""
        return {
            "fields": asdict(self),
            "keeps_names": clinic.keeps_names,
            "lists": [
                {"value": each.id, "label": each.short, "checked": each.id in self.lists}
                for each in spoken().checklists
            ],
            "sets": [{"value": each, "name": _(SET_NAMES[each])} for each in SETS],
            "languages": [
                {"value": each, "label": name_of(each), "checked": each == (self.language or usual_language(clinic))}
                for each in _languages(clinic)
            ],
            "problems": {**dict.fromkeys(asdict(self), ""), **problems},
            "errors": [{"field": name, "text": text} for name, text in problems.items()],
        }


@dataclass(frozen=True, kw_only=True)
class Read:
    """What is kept of the fields."""

    day: date
    data: Mapping[str, Any]

    def again(self, clinic: ClinicStore, person: Person) -> Person:
        """Somebody who was here before comes again; what was printed and spoken of then is over."""
        new = {name: each for name, each in self.data.items() if each} | {"printed": 0, "spoken_of": ""}
        return self._write(clinic, person, {"time": "", **new})

    def changed(self, clinic: ClinicStore, person: Person) -> Person:
        """The same visit, called or planned otherwise."""
        return self._write(clinic, person, self.data)

    def _write(self, clinic: ClinicStore, person: Person, new: Mapping[str, Any]) -> Person:
        return clinic.change_person(
            person.person_id, lambda found: replace(found, day=self.day, data={**found.data, **new})
        )


def read_fields(typed_fields: PersonFields, clinic: Clinic) -> tuple[Read, dict[str, str]]:
    """What can be kept, and what to do about each field that cannot."""
    problems = {}
    if says := problem(typed_fields.name, most_letters(clinic)):
        problems["name"] = says
    day = _day(typed_fields.day)
    if day is None:
        problems["day"] = _("Write the day like 2026-11-29.")
    at = _time(typed_fields.time)
    if at is None:
        problems["time"] = _("Write the time like 9:20, or leave it empty.")
    lists = [each.id for each in definitions().checklists if each.id in typed_fields.lists]
    if not lists:
        problems["lists"] = _("Choose at least one list.")
    language = typed_fields.language if typed_fields.language in _languages(clinic) else ""
    data = {"name": typed_fields.name, "time": at or "", "lists": lists, "language": language}
    return Read(day=day or date.min, data=data), problems


def _languages(clinic: Clinic) -> tuple[str, ...]:
    return clinic.languages or definitions().languages


def usual_language(clinic: Clinic) -> str:
    """The one that is not named on its list."""
    return _languages(clinic)[0]


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 < found.year < 2200 else None


def _time(text: str) -> str | None:
    """09:20, so that times sort as they are; nothing where none was typed."""
    if not text:
        return ""
    hours, _colon, minutes = text.replace(".", ":").partition(":")
    try:
        return time(int(hours), int(minutes or 0)).strftime("%H:%M")
    except ValueError:
        return None
