"""Staff of a clinic type in what somebody wrote on paper: sheet by sheet, for that person, and nothing else opens."""

import pytest
from flask import Flask

from storage.clinics.model import Role
from tests.clinic import AtWork, add_staff, at_work, sign_in
from tests.tapping import press
from tests.test_web_clinic_desk import add, in_summary, show
from tests.visitor import Page
from web.core.stores import store

ABOUT = {"age": "81", "sex": "female"}
FALLS = {"fell-past-year": "yes", "unsteady-walking": "no"}


def type_in(app: Flask, role: Role = "clinician", **fields: str | list[str]) -> tuple[AtWork, str, Page]:
    """Somebody at work, the id of the person, and the first page after the button."""
    who = at_work(app, role)
    person = add(who, name="MH", **(fields or {"set": "falls"}))
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


def test_it_is_over_where_who_began_it_may_work_no_longer(app: Flask) -> None:
    who, _, page = type_in(app)
    page = page.follow("I cannot ask them now")
    press(who.visitor.open("/clinic/today"), "/lock")
    sign_in(who.visitor, who.clinic, add_staff(who.clinic, "clinician"))
    assert page.send(ABOUT).path == "/clinic/today", "somebody else is at work here now"
    who.visitor.open("/enter/about", 404)
    who, _, page = type_in(app)
    page = page.follow("I cannot ask them now")
    who.visitor.post("/clinic/sign-out", {"csrf_token": page.hidden("csrf_token")})
    assert page.send(ABOUT).path == "/clinic/sign-in"
    who.visitor.open("/enter/about", 404)


@pytest.mark.parametrize("by", ["the button", "sending it later"])
def test_a_sheet_that_is_locked_opens_for_nobody_and_waits_with_what_was_typed(
    app: Flask, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    monkeypatch.setattr("web.clinic.signing_in.passwords.is_right", lambda *_: True)
    who, person_id, page = type_in(app)
    page = page.follow("I cannot ask them now").send(ABOUT)
    if by == "the button":
        assert "lock.js" in page.html
        locked = who.visitor.post("/clinic/lock", page.data(FALLS))
    else:
        press(who.visitor.open("/clinic/today"), "/lock")
        locked = page.send(FALLS)
    assert locked.path == "/clinic/locked"
    for elsewhere in ("/", "/plan", "/enter/about", "/enter/falls", "/checklists", "/warning-signs"):
        assert who.visitor.open(elsewhere).path == "/clinic/locked", elsewhere
    assert "81" not in locked.text
    assert who.clinic.get_person(person_id).code not in locked.text
    page = locked.send({"password": "mine"})
    assert page.path == "/enter/falls"
    assert {name: page.chosen(name) for name in FALLS} == {name: [value] for name, value in FALLS.items()}
    assert page.send({}).path == f"/clinic/people/{person_id}"
    assert store().get_draft(str(who.clinic.get_person(person_id).record_id)).data["lists"]["falls"] == FALLS


@pytest.mark.parametrize("by", ["the button", "sending it later"])
def test_signs_that_were_ticked_when_it_was_locked_are_ticked_afterwards_and_count(
    app: Flask, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    monkeypatch.setattr("web.clinic.signing_in.passwords.is_right", lambda *_: True)
    who, person_id, page = type_in(app)
    page = page.follow("Answer the warning signs for today")
    ticked = [each for each in page.values("signs") if each != "none"][:2]
    assert len(ticked) == 2
    if by == "the button":
        locked = who.visitor.post("/clinic/lock", page.data({"signs": ticked}))
    else:
        press(who.visitor.open("/clinic/today"), "/lock")
        locked = page.send({"signs": ticked})
    assert locked.path == "/clinic/locked"
    page = locked.send({"password": "mine"})
    assert page.chosen("signs") == ticked
    page.send({})
    person = who.clinic.get_person(person_id)
    assert store().get_draft(str(person.record_id)).data["signs"]["ticked"] == ticked


def test_the_longest_sheet_waits_whole(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.clinic.signing_in.passwords.is_right", lambda *_: True)
    who, person_id, page = type_in(app, lists=["home"])
    page = page.follow("I cannot ask them now").send(ABOUT)
    while not page.path.endswith("/home"):
        page = press(page, "/typing-in")
    typed = {name: page.values(name)[-1] for name in page.names}
    saved = page.send(typed)
    assert saved.path == f"/clinic/people/{person_id}"
    page = press(saved, "/paper").follow("I cannot ask them now")
    while not page.path.endswith("/home"):
        page = press(page, "/typing-in")
    typed = {name: page.values(name)[0] for name in page.names}
    page = who.visitor.post("/clinic/lock", page.data(typed)).send({"password": "mine"})
    assert page.path == "/enter/home"
    assert {name: page.chosen(name) for name in typed} == {name: [value] for name, value in typed.items()}


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
