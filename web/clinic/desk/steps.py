"""What a clinic agrees with somebody: a step is taken on, refused or done, by whom, by when; or one is added."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, g, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from web.clinic.at_work import at_work, note
from web.clinic.desk.list_entry import ListEntry
from web.clinic.desk.on_the_list import find_record, get_visit, plan_now
from web.core.speaking import wording
from web.plan import ticks
from web.plan.access import Reader
from web.plan.warnings_in_words import warnings_on_top
from web.visitor.stored_plan import StoredPlan

pages = Blueprint("steps", __name__)
_PAGES = {
    "ticks.set_action": "steps.keep",
    "ticks.add_own": "steps.add",
    "plan.plan": "person.show",
}


@dataclass(frozen=True, kw_only=True)
class ByStaff(Reader):
    """A clinic with the plan of somebody whom it sees; what it writes stands there under its own name."""

    person_id: str
    clinic: str

    @property
    def is_owner(self) -> bool:
        return False

    @property
    def by(self) -> str:
        return self.clinic

    @property
    def hidden(self) -> list[dict[str, str]]:
        return [{"name": "csrf_token", "value": generate_csrf()}]

    def address(self, endpoint: str, **values: Any) -> str:
        return url_for(_PAGES[endpoint], person_id=self.person_id, **values)


@pages.get("/clinic/people/<person_id>/steps/<action_id>")
def step(person_id: str, action_id: str) -> str:
    """Everything that can be set for one step."""
    _visit, reader, stored = _reading(person_id)
    return ticks.step_page(reader, stored, action_id)


@pages.post("/clinic/people/<person_id>/steps/<action_id>")
def keep(person_id: str, action_id: str) -> Response | tuple[str, int]:
    """Keeps it."""
    visit, reader, stored = _reading(person_id)
    answer = ticks.keep_step(reader, stored, action_id)
    return _noted(visit, answer)


@pages.get("/clinic/people/<person_id>/new-step")
def new(person_id: str) -> str:
    """A step that is in no plan, still empty."""
    _visit, reader, stored = _reading(person_id)
    return ticks.own_page(reader, stored.words)


@pages.post("/clinic/people/<person_id>/new-step")
def add(person_id: str) -> Response | tuple[str, int]:
    """Adds it to the person's plan."""
    visit, reader, stored = _reading(person_id)
    return _noted(visit, ticks.keep_own(reader, stored.words))


def _noted(visit: ListEntry, answer: Response | tuple[str, int]) -> Response | tuple[str, int]:
    if isinstance(answer, Response):
        note("changed-person", visit.person)
    return answer


def _reading(person_id: str) -> tuple[ListEntry, ByStaff, StoredPlan]:
    visit = get_visit(person_id)
    open_record = find_record(visit)
    stored = plan_now(open_record) if open_record else None
    if open_record is None or stored is None:
        abort(404)
    g.standing = warnings_on_top(wording(), open_record.draft)
    return visit, ByStaff(open_record=open_record, person_id=person_id, clinic=at_work()[1].name), stored
