"""Staff of a clinic type in what somebody wrote on paper: sheet by sheet, for that person, and nothing else opens."""

from flask import Flask

from storage.clinics.model import Role
from tests.clinic import AtWork, at_work
from tests.tapping import press
from tests.test_web_clinic_desk import add, in_summary, show
from tests.visitor import Page
from web.core.stores import store

ABOUT = {"age": "81", "sex": "female"}
FALLS = {"fell-past-year": "yes", "unsteady-walking": "no"}


def type_in(app: Flask, role: Role = "clinician", **fields: str) -> tuple[AtWork, str, Page]:
    """Somebody at work, the id of the person, and the first page after the button."""
    who = at_work(app, role)
    person = add(who, name="MH", set="falls", **fields)
    return who, person.person_id, press(show(who, person), "/paper")


def test_sheet_after_sheet_is_typed_in_and_the_person_is_ready(app: Flask) -> None:
    who, person_id, page = type_in(app)
    assert (page.path, page.main.startswith("First, the warning signs of today")) == ("/enter/about", True)
    page = page.follow("Answer the warning signs for today")
    while page.path.startswith("/warning-signs"):
        page = page.send({"signs": "none"})
    code = who.clinic.get_person(person_id).code
    assert page.path == "/enter/about"
    assert f"This goes to {code} MH." in page.main
    assert "Another person?" not in page.main
    page = page.send(ABOUT)
    assert page.path == "/enter/falls"
    page = page.send(FALLS)
    assert page.path == f"/clinic/people/{person_id}"
    assert "High" in page.main
    person = who.clinic.get_person(person_id)
    assert person.record_id
    assert store().get_draft(person.record_id).data["lists"]["falls"] == FALLS
    assert store().find_latest_submission(person.record_id), "the plan is made"
    lines = [(each.did, each.note) for each in who.clinic.audit_log(at_most=9).lines]
    assert ("changed-person", "from paper") in lines


def test_a_sheet_on_which_nothing_is_written_is_passed_over(app: Flask) -> None:
    who, person_id, page = type_in(app)
    page = page.follow("I cannot ask them now")
    page = press(page, "/typing-in")
    assert (page.path, page.main.startswith("Type in")) == ("/enter/falls", True), "the signs are asked once"
    page = press(page, "/typing-in")
    assert page.path == f"/clinic/people/{person_id}"
    assert in_summary(who, who.clinic.get_person(person_id)).state == "not-started"


def test_nothing_else_opens_while_sheets_are_typed_in_and_pages_for_staff_see_nothing_of_it(app: Flask) -> None:
    who, person_id, page = type_in(app)
    page = page.follow("I cannot ask them now").send(ABOUT)
    for elsewhere in ("/", "/plan", "/keep", "/erase", "/checklists", "/falls/fell-past-year", "/paper", "/code"):
        assert who.visitor.open(elsewhere).path == "/enter/falls", elsewhere
    assert who.visitor.open("/clinic/today").path == "/clinic/today"
    assert page.send(FALLS).path == f"/clinic/people/{person_id}", "another tab has not ended it"
    assert who.visitor.open("/plan", 404), "and now it is over"


def test_it_is_over_where_staff_may_work_no_longer(app: Flask) -> None:
    who, _, page = type_in(app)
    page = page.follow("I cannot ask them now")
    press(who.visitor.open("/clinic/today"), "/lock")
    assert page.send(ABOUT).path == "/clinic/locked"
    who.visitor.open("/enter/about", 404)


def test_who_may_not_see_answers_types_in_only_the_first(app: Flask) -> None:
    who, person_id, page = type_in(app, "reception")
    page.follow("I cannot ask them now").send(ABOUT).send(FALLS)
    page = who.visitor.open(f"/clinic/people/{person_id}")
    assert "Type in their paper" not in page.main
    token = {"csrf_token": page.hidden("csrf_token")}
    assert who.visitor.post(f"/clinic/people/{person_id}/paper", token, 403).path.endswith("/paper")
    clinician = at_work(app, "clinician", who.clinic)
    person = who.clinic.get_person(person_id)
    page = press(show(clinician, person), "/paper").follow("I cannot ask them now")
    assert page.chosen("sex") == ["female"]
