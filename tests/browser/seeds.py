"""People to look at pages as: records put straight into the store of the server that a browser talks to."""

import io
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from PIL import Image

from answers.draft import Draft
from answers.person import settle
from answers.signs import Signs
from answers.typed_numbers import answers_from_json
from checklists import Definitions
from checklists.people.tables.csv_rows import csv_rows
from reports.judging.clinic_table import ClinicTable, Knowledge, judged, table_to_json
from storage.clinics.model import Clinic, Service
from storage.clinics.store import ClinicStore
from storage.rows.sealed_rows import Row
from storage.rows.sealing import canonical
from storage.rows.tables import PRINT_JOBS
from storage.store.store import SealedStore
from tests.browser.phone import Phone
from tests.clinic import SECRET, session_of
from web.clinic.signing_in import sessions
from web.core.table_columns import table_columns
from web.visitor.stored_plan import plan_to_keep

ABOUT = {
    "age": {"value": "78", "whole": True},
    "sex": "female",
    "lives-alone": "yes",
    "known-osteoporosis": "no",
    "spine-fracture-now": "no",
    "hospital-past-3-months": "no",
    "blood-thinner": "no",
    "five-or-more-medicines": "no",
    "cannot-walk": "no",
}
SIZES = {
    "weight-kg": {"pounds": "150"},
    "height-cm": {"feet": "5", "inches": "4"},
    "tallest-height-cm": {"feet": "5", "inches": "4"},
}
LOW: dict[str, dict[str, Any]] = {
    "about": {"age": {"value": "58", "whole": True}, "lives-alone": "no"},
    "bone": {"postmenopausal": "no", "weight-kg": {"pounds": "170"}},
}
MODERATE: dict[str, dict[str, Any]] = {
    "falls": {"unsteady-walking": "yes", "holds-furniture": "yes", "rushes-to-toilet": "yes", "numb-feet": "unsure"},
    "home": {"floors-loose-rugs": "yes", "bath-slippery": "yes", "bed-dark-way-to-toilet": "yes"},
    "posture": {"lift-round-back": "yes", "sit-seat-height": "yes"},
}
HIGH: dict[str, dict[str, Any]] = {
    "about": {"known-osteoporosis": "yes", "blood-thinner": "unsure"},
    "falls": {"fell-past-year": "yes", "fell-twice": "yes", "fall-injury": "yes", "sad-or-depressed": "yes"},
    "bone": {"broke-bone-after-50": "yes", "tallest-height-cm": {"feet": "5", "inches": "8"}},
    "home": {"stairs-no-rails": "yes", "bath-no-grab-bars": "yes", "bed-dark-way-to-toilet": "yes"},
    "posture": {"lift-round-back": "yes"},
}


NOT_WALKING: dict[str, dict[str, Any]] = {
    "about": {"cannot-walk": "yes"},
    "falls": {"worried-about-falling": "yes", "dizzy-on-standing": "yes"},
    "home": {"bath-no-grab-bars": "yes", "bed-dark-way-to-toilet": "yes"},
    "posture": {"lift-round-back": "yes", "day-long-sitting": "yes"},
}
UNCHECKED: dict[str, dict[str, Any]] = {
    "about": {"spine-fracture-now": "unsure"},
    "falls": {"unsteady-walking": "yes"},
    "home": {"floors-loose-rugs": "unsure"},
}


def a_logo() -> bytes:
    """A plain picture, three times as wide as it is high."""
    out = io.BytesIO()
    Image.new("RGB", (300, 100), "#0F4C47").save(out, "PNG")
    return out.getvalue()


@dataclass(frozen=True)
class Seeds:
    """The store of a server, and what is asked there."""

    store: SealedStore
    definitions: Definitions

    def sow(self, phone: Phone, draft: Draft) -> str:
        """Gives a browser a record with these answers, which it has open from now on; the id of it."""
        phone.context.request.get("/code")  # the browser has its cookie then
        cookie = next(each["value"] for each in phone.context.cookies() if each["name"] == "ff")
        today = date.today()
        settled = settle(self.definitions, draft, today)
        record_id = self.store.create_record(
            content_hash=self.definitions.content_hash, data=settled.to_json()
        ).record_id

        def open_it(session: dict[str, Any]) -> None:
            session["records"] = [*session.get("records", []), record_id]
            session.update(record=record_id, used=today.isoformat())

        self.store.change_session(cookie, open_it)
        return record_id

    def at_work(self, phone: Phone) -> ClinicStore:
        """Signs a browser in as the manager of a new clinic, which names somebody near and has a logo."""
        services = (Service(name="Tai chi at the Y", contact="555 0101", serves=("exercise",)),)
        described = Clinic(clinic_id="", name="Hill Street Clinic", phone="555 0100", services=services)
        clinic = self.store.clinic(self.store.create_clinic(described).clinic_id)
        clinic.keep_logo(a_logo())
        staff = clinic.add_staff(f"ana-{secrets.token_hex(3)}@hill.example", "manager", "Ana Ruiz")
        clinic.change_staff(staff.staff_id, lambda found: replace(found, password="none", totp=SECRET))
        session_id = session_of(clinic, staff)
        address = phone.context.request.get("/code").url
        phone.context.add_cookies([{"name": "ff-staff", "value": session_id, "url": address}])
        return clinic

    def table(self, clinic: ClinicStore, text: str) -> str:
        """Keeps a table of people as its page does; the id of it."""
        by = Knowledge(definitions=self.definitions, columns=table_columns(), today=date.today())
        rows = tuple(csv_rows(io.BytesIO(text.encode()), by.columns))
        about = {"name": "people.csv", "by": "Ana Ruiz", "at": sessions.now()}
        table = judged(ClinicTable(rows=rows, about=about), by)
        return self.store.keep_import(clinic.clinic_id, table_to_json(table))

    def print_job(self, clinic: ClinicStore, state: str, **about: Any) -> None:
        """A file to print as the queue holds it in this state; no worker of the server touches it."""
        says = {"title": "Monday", "by": "Ana Ruiz", "kind": "pdf", "part": 1, "parts": 1, "plans": 12, "held_back": 0}
        job_id, until = secrets.token_hex(16), int(time.time() + 600) * 1000 if state == "running" else 0
        bound = {"state": state, "tries": 1, "token": "t", "progress": 5, "until": min(until, 2**60)}
        own = {"clinic_id": clinic.clinic_id, "expires": (date.today() + timedelta(days=7)).isoformat()}
        with self.store._writing() as rows:
            rows.put(PRINT_JOBS, Row(row_id=job_id, bound={**own, **bound}, plain=canonical({**says, **about})))

    def on_the_list(self, clinic: ClinicStore, record_id: str, **data: Any) -> str:
        """Somebody on the list of today, with this record; the address of their page."""
        person = clinic.take_on(record_id, date.today(), data)
        return f"/clinic/people/{person.person_id}"

    def change(self, record_id: str, edit: Callable[[Draft], Draft]) -> None:
        """Changes a draft as a page does, but for its warnings."""
        self.store.change_draft(
            record_id,
            lambda stored: edit(Draft.from_json(stored)).to_json(),
            content_hash=self.definitions.content_hash,
        )

    def plan(self, record_id: str, draft: Draft | None = None, day: date | None = None) -> None:
        """Keeps the plan of a record as its page does, of its own answers today or of other ones on another day."""
        stored, known, day = self.store.get_draft(record_id), self.definitions, day or date.today()
        data = plan_to_keep(known, draft or Draft.from_json(stored.data), 0 if draft else stored.revision, day)
        self.store.keep_content(known.content_hash, known.as_json)
        self.store.submit(record_id, submit_key=day.isoformat(), content_hash=known.content_hash, data=data)

    def person(
        self,
        changes: Mapping[str, Mapping[str, Any]] | None = None,
        *,
        signs: list[str] | None = None,
        helping: bool = False,
        name: str = "",
    ) -> Draft:
        """A draft in which everything is answered as well as can be, but for `changes`; signs None: not asked yet."""
        changed = changes or {}
        lists = {name: self._list(name, changed.get(name, {})) for name in ("falls", "bone", "home", "posture")}
        return replace(
            Draft.new("helper" if helping or name else "self", "imperial"),
            person_name=name,
            about=answers_from_json({**ABOUT, **changed.get("about", {})}),
            lists={name: answers_from_json(each) for name, each in lists.items()},
            signs=None if signs is None else Signs(day=date.today(), ticked=tuple(signs)),
        )

    def _list(self, name: str, changed: Mapping[str, Any]) -> dict[str, Any]:
        answers: dict[str, Any] = dict(SIZES) if name == "bone" else {}
        for question in self.definitions.questions[name]:
            if question.options:
                answers[question.link_id] = "none" if "none" in question.allowed else question.allowed[0]
            elif question.answers in ("yes-no", "hazard") and (
                question.enable_when is None or question.enable_when.not_
            ):
                answers[question.link_id] = "yes" if question.habit else "no"
        if name == "bone":
            answers.update(dict.fromkeys(("menopause-before-45", "on-estrogen", "broke-bone-after-50"), "no"))
            answers["postmenopausal"] = "yes"
        assert set(changed) <= {question.link_id for question in self.definitions.questions[name]}, changed
        return {**answers, **changed}
