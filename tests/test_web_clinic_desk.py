"""The desk of a clinic: the list of a day, one person, the tablet, a square for their own phone, tests with timers."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask

from answers.draft import Draft
from answers.person import person_of, settle
from answers.signs import Signs
from answers.summary import summary_of
from answers.typed_numbers import PlainNumber
from checklists import assess
from reports.words.words import words
from storage.clinics import people
from storage.clinics.model import Person
from storage.clinics.remembered import LISTS
from storage.rows.codes import grouped
from tests.clinic import AtWork, at_work, sign_in
from tests.tapping import answer_to_the_end, press
from tests.visitor import Page, Visitor
from web.clinic.desk import list_entry, tablet
from web.clinic.desk.list_entry import ListEntry
from web.core.settings import definitions
from web.core.stores import store
from web.visitor.open_record import now_ms


def add(who: AtWork, **fields: str | list[str]) -> Person:
    """Somebody on the list of today, by the form."""
    page = who.visitor.open("/clinic/people/new").send({"day": date.today().isoformat(), **fields})
    return who.clinic.get_person(page.path.rpartition("/")[2])


def show(who: AtWork, person: Person) -> Page:
    return who.visitor.open(f"/clinic/people/{person.person_id}")


@pytest.mark.parametrize("ends", ["lock", "sign-out"])
def test_who_locks_or_signs_out_leaves_no_name_in_memory(app: Flask, ends: str) -> None:
    who = at_work(app)
    add(who, name="ZQ", lists=["falls"])
    page = who.visitor.open("/clinic/today")
    assert "ZQ" in str(LISTS._lists)
    assert "ZQ" in str(list_entry._ENTRIES)
    who.visitor.post(f"/clinic/{ends}", {"csrf_token": page.hidden("csrf_token"), "to": "/clinic/today"})
    assert "ZQ" not in str(LISTS._lists)
    assert "ZQ" not in str(list_entry._ENTRIES), list_entry._ENTRIES
    print("X", list_entry._ENTRIES, LISTS.forgotten, len(LISTS._lists))


def test_no_entry_is_kept_where_somebody_signs_out_while_the_list_is_made(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = at_work(app)
    add(who, name="ZQ", lists=["falls"])

    def in_files() -> dict[str, list_entry.InFile]:
        LISTS.forget(who.clinic.clinic_id)
        return {}

    monkeypatch.setattr("web.clinic.desk.today.in_files", in_files)
    page = who.visitor.client.get("/clinic/today", base_url=who.visitor.base_url)  # and no other that it leads to
    assert "ZQ" in page.text
    assert "ZQ" not in str(list_entry._ENTRIES)


def in_summary(who: AtWork, person: Person) -> ListEntry:
    return ListEntry(who.clinic.get_person(person.person_id))


def test_somebody_answers_on_the_tablet_and_nothing_of_it_stays_there(app: Flask) -> None:
    who = at_work(app, "clinician")
    person = add(who, name="MH", time="9.20", set="falls")
    listed = who.visitor.open("/clinic/today").main
    assert f"9:20 {person.code} MH" in listed
    assert "Not started" in listed
    page = press(show(who, person), "/tablet")
    record = page.hidden("record")
    assert "Stop here" in page.text
    assert who.visitor.open("/clinic/today").path == "/clinic/locked", "staff are locked out of what they handed over"
    for elsewhere in ("/", "/plan", "/keep", "/for-whom", "/checklists", "/erase", "/home", "/code"):
        assert who.visitor.open(elsewhere).path.startswith("/about/"), elsewhere
    page = page.send({"age": "81"})
    assert in_summary(who, person).state == "answering"
    page = answer_to_the_end(page)
    assert page.path == "/tablet/rest"
    assert page.main.startswith("Thank you")
    assert in_summary(who, person).state == "ready"
    assert store().find_latest_submission(record), "the plan is kept, though nobody pressed anything"
    for elsewhere in ("/", "/plan", "/results", "/about/age", "/checklists"):
        assert who.visitor.open(elsewhere).path == "/tablet/rest", elsewhere
    old = {"csrf_token": who.visitor.open("/tablet/rest").hidden("csrf_token"), "record": record, "age": "5"}
    assert who.visitor.post("/about/age", old).path == "/tablet/rest"
    assert store().get_draft(record).data["about"]["age"] == {"value": "81", "whole": True}


def test_where_staff_go_on_the_tablet_looks_and_speaks_as_before_whoever_had_it(app: Flask) -> None:
    who = at_work(app, "reception")
    who.clinic.change(lambda clinic: replace(clinic, languages=("en", "es")))
    person = add(who, set="falls", language="es")
    page = show(who, person)
    who.visitor.post("/settings", {**page.settings(), "text": "largest", "language": "en"})
    page = press(show(who, person), "/tablet")
    assert (page.tree.get("lang"), page.tree.get("data-text")) == ("es", None)
    page = press(press(page.send({"age": "81"}), "/tablet/stop"), "/tablet/done")
    assert page.tree.get("lang") == "es", "the one who had it is thanked"
    page = who.visitor.open("/clinic/today")
    assert (page.path, page.tree.get("lang"), page.tree.get("data-text")) == ("/clinic/locked", "en", "largest")


def test_how_the_one_who_had_the_tablet_read_it_is_gone_where_staff_had_chosen_nothing(app: Flask) -> None:
    who = at_work(app, "reception")
    page = press(show(who, add(who, set="falls", language="es")), "/tablet")
    rest = press(press(page, "/tablet/stop"), "/tablet/done")
    who.visitor.post("/settings", {**rest.settings(), "text": "largest"})
    assert who.visitor.open("/tablet/rest").tree.get("data-text") == "largest"
    page = who.visitor.open("/clinic/today")
    assert (page.path, page.tree.get("lang"), page.tree.get("data-text")) == ("/clinic/locked", "en", None)
    sign_in(who.visitor, who.clinic, who.staff)
    for _ in range(2):  # and not on the first page only
        page = who.visitor.open("/clinic/today")
        assert (page.path, page.tree.get("lang"), page.tree.get("data-text")) == ("/clinic/today", "en", None)


def test_the_tablet_is_put_away_by_the_server_when_nobody_touches_it(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = at_work(app, "reception")
    person = add(who, set="falls")
    page = press(show(who, person), "/tablet").send({"age": "81"})
    record, now = page.hidden("record"), tablet.now_ms()
    monkeypatch.setattr(tablet, "now_ms", lambda: now + 119_000)
    assert who.visitor.client.get("/tablet/here").status_code == 204
    monkeypatch.setattr(tablet, "now_ms", lambda: now + 119_000 + 121_000)
    assert page.send({name: page.values(name)[0] for name in page.names[:1]}).path == "/tablet/rest"
    assert store().get_draft(record).data["about"] == {"age": {"value": "81", "whole": True}}


def test_stop_keeps_what_is_answered_and_a_slip_leads_back_to_it(app: Flask, printed: list[str]) -> None:
    who = at_work(app)
    person = add(who, set="falls")
    page = press(press(show(who, person), "/tablet").send({"age": "81"}), "/tablet/stop")
    assert page.path == "/tablet/stopped"
    assert who.visitor.client.get("/tablet/slip.pdf").status_code == 200
    link = store().find_link_and_code(str(who.clinic.get_person(person.person_id).record_id))
    assert link
    assert grouped(link.code) in printed[-1]
    assert who.visitor.open("/about/age").path == "/tablet/stopped"
    assert press(page, "/tablet/done").path == "/tablet/rest"
    phone = Visitor(app)
    assert phone.open(f"/open/{link.link}").send({}).path == "/checklists"


SETS_OF_LISTS = [["home"], ["posture"], ["bone", "posture"], ["falls", "home"], ["falls", "bone", "home", "posture"]]


@pytest.mark.parametrize("lists", SETS_OF_LISTS, ids="-".join)
def test_the_tablet_asks_whatever_lists_staff_chose_and_no_other(app: Flask, lists: list[str]) -> None:
    who = at_work(app, "reception")
    person = add(who, lists=lists)
    titles = [definitions().checklist_of[each].short for each in lists]
    assert all(each in show(who, person).main for each in titles)
    page = answer_to_the_end(press(show(who, person), "/tablet"))
    assert page.path == "/tablet/rest"
    found = answers_of(in_summary(who, person).person)
    assert set(found.lists) == {*lists}
    assert found.signs_are_asked
    assert in_summary(who, person).state == "ready"


@pytest.mark.parametrize("lists", SETS_OF_LISTS, ids="-".join)
def test_their_own_phone_leads_through_the_chosen_lists_one_after_the_other(app: Flask, lists: list[str]) -> None:
    who, phone = at_work(app, "reception"), Visitor(app)
    person = add(who, lists=lists)
    token, way_in = people.new_way_in(person.person_id, 2**60)
    who.clinic.change_person(person.person_id, lambda found: replace(found, data={**found.data, people.WAY_IN: way_in}))
    page = phone.open(f"/begin/{token}").send({})
    for each in lists:
        page = answer_to_the_end(page.follow("Go on: ") if page.path.startswith("/review/") else page)
        assert page.path == f"/review/{each}"
    assert not [text for text in page.links() if text.startswith("Go on: ")], "nothing else is asked"
    assert in_summary(who, person).state == "ready"


def test_two_usual_sets_are_one_tap_each_and_the_clinic_has_a_default_of_its_own(app: Flask) -> None:
    who = at_work(app)
    page = who.visitor.open("/clinic/people/new")
    assert page.values("lists") == ["falls", "bone", "home", "posture"]
    assert page.chosen("lists") == ["falls", "bone"]
    assert [ListEntry(add(who, set=each, lists=[])).lists for each in ("falls", "falls-bone")] == [
        ("falls",),
        ("falls", "bone"),
    ]
    assert page.send({"lists": []}, 422).errors == ["Choose at least one list."]
    who.visitor.open("/clinic/settings").send({"lists": ["falls", "home"]})
    assert who.clinic.get().lists == ("falls", "home")
    assert who.visitor.open("/clinic/people/new").chosen("lists") == ["falls", "home"]
    person = add(who)
    change = who.visitor.open(f"/clinic/people/{person.person_id}/change")
    assert change.chosen("lists") == ["falls", "home"]
    change.send({"lists": ["posture"]})
    assert in_summary(who, person).lists == ("posture",)


def test_whom_an_earlier_release_put_on_the_list_is_asked_what_was_chosen_then(app: Flask) -> None:
    who = at_work(app)
    entries = [ListEntry(who.clinic.add_person(date.today(), data)) for data in ({}, {"set": "falls"})]
    assert [each.lists for each in entries] == [("falls", "bone"), ("falls",)]


def test_staff_who_go_on_end_what_the_tablet_held(app: Flask) -> None:
    who = at_work(app)
    person = add(who, set="falls")
    press(show(who, person), "/tablet").send({"age": "81"})
    sign_in(who.visitor, who.clinic, who.staff)
    assert who.visitor.open("/clinic/today").path == "/clinic/today"
    assert who.visitor.open("/checklists", 404).main, "no record is open any more"
    assert in_summary(who, person).state == "answering"


def test_a_sign_marks_the_person_silently_and_the_tablet_calls_the_staff(app: Flask) -> None:
    desk = at_work(app, "reception")
    who = at_work(app, "clinician", desk.clinic)
    person = add(desk, set="falls")
    page = answer_to_the_end(press(show(desk, person), "/tablet"), signs=("stroke-signs",))
    assert page.path == "/warning-signs/now"
    assert "Call the staff over now." in page.main
    assert "911" in page.main
    listed = who.visitor.open("/clinic/today").main
    assert "Speak first" in listed
    assert "stroke" not in listed.lower()
    assert "I have spoken with them" in show(who, person).main
    assert "Print the plan" not in show(who, person).main
    press(show(who, person), "/spoken")
    assert in_summary(who, person).state == "answering"


def test_the_result_is_on_the_tablet_only_where_staff_chose_it(app: Flask) -> None:
    who = at_work(app)
    person = add(who, set="falls")
    page = answer_to_the_end(press(show(who, person), "/tablet", shows="yes"))
    assert page.path == "/results"
    assert who.visitor.open("/plan").path == "/results"
    assert press(press(page, "/tablet/stop"), "/tablet/done").path == "/tablet/rest"
    assert who.visitor.open("/results").path == "/tablet/rest"


def test_a_square_leads_once_to_the_persons_own_phone(app: Flask) -> None:
    who, phone = at_work(app), Visitor(app)
    person = add(who, set="falls")
    page = press(show(who, person), "/phone")
    assert "works once, for 15 minutes" in page.main
    token, kept = people.new_way_in(person.person_id, 2**60)
    who.clinic.change_person(person.person_id, lambda found: replace(found, data={**found.data, people.WAY_IN: kept}))
    assert phone.open(f"/begin/{token}").send({}).path == "/about/age"
    assert Visitor(app).open(f"/begin/{token}").send({}, 404).h1 == "This square is over"
    phone.open("/about/age").send({"age": "77"})
    assert in_summary(who, person).state == "answering"
    assert phone.open("/clinic/today").path == "/clinic/sign-in"
    assert "77" in who.visitor.open("/clinic/today").main


def answered(who: AtWork, *signs: str) -> Person:
    """Somebody of 81 who has answered no to everything about falls, but for these signs."""
    known, person = definitions(), add(who, set="falls")
    about = {each.link_id: "no" for each in known.questions["about"]}
    falls = {each.link_id: "no" for each in known.questions["falls"]}
    draft = replace(
        Draft.new("self", "metric", date.today()),
        about={**about, "age": PlainNumber(value="81", whole=True), "sex": "female"},
        lists={"falls": falls},
        signs=Signs(ticked=signs, at=now_ms()),
    )
    record = store().create_record(content_hash=known.content_hash, data={}).record_id
    found = who.clinic.change_person(person.person_id, lambda found: replace(found, record_id=record))
    change_answers(found, draft)
    return found


def change_answers(person: Person, draft: Draft) -> None:
    """As a page keeps them, warnings and the summary for the list too."""
    known, day = definitions(), date.today()
    store().change_draft(
        str(person.record_id),
        lambda _: settle(known, draft, day).to_json(),
        content_hash=known.content_hash,
        summarize=lambda new: summary_of(known, Draft.from_json(new.data), new.revision, day).to_json(),
    )


def answers_of(person: Person) -> Draft:
    return Draft.from_json(store().get_draft(str(person.record_id)).data)


def on_a_phone(app: Flask, person: Person) -> Visitor:
    """Their own phone, which came in by a link."""
    phone = Visitor(app)
    phone.open(f"/open/{store().make_link_and_code(str(person.record_id)).link}").send({})
    return phone


@pytest.mark.parametrize(("seconds", "at_risk"), [("4.97", False), ("4.99", False), ("5", True), ("5.01", True)])
def test_a_walk_is_at_risk_from_five_seconds_for_four_meters_as_the_page_says(
    app: Flask, seconds: str, at_risk: bool
) -> None:
    """Contract 6: at most 0.8 meters a second. Rounded half up, 0.805 would be 0.8."""
    who = at_work(app, "clinician")
    person = answered(who)
    page = who.visitor.open(f"/clinic/people/{person.person_id}/measures")
    assert "For 4 meters that is 5 seconds or more." in page.main
    page.send({"gait-meters": "4", "gait-seconds": seconds})
    draft = Draft.from_json(store().get_draft(str(person.record_id)).data)
    known = definitions()
    assert assess(known, person_of(known, draft, date.today())).tools["gait"]["at_risk"] is at_risk


def test_what_is_measured_counts_at_once_in_the_fields_and_words_of_the_page(app: Flask) -> None:
    who = at_work(app, "clinician")
    person = answered(who)
    path = f"/clinic/people/{person.person_id}/measures"
    page = who.visitor.open(path)
    assert "At risk at this age: fewer than 9." in page.main
    typed = {
        "tug-seconds": "12,0",
        "chair-stands": "8",
        "gait-meters": "4",
        "gait-seconds": "4.9",
        "tandem-unable": "yes",
    }
    pressures = {"lying-high": "140", "lying-low": "80", "min1-high": "118", "min1-low": "70", "dizzy": "yes"}
    shown = page.send({**typed, **pressures})
    draft = store().get_draft(str(person.record_id)).data
    assert draft["measures"]["values"] == {
        "tug-seconds": "12.0",
        "chair-stands": 8,
        "tandem-seconds": "unable",
        "gait-speed-m-s": "0.82",
        "bp": {"lying": [140, 80], "min1": [118, 70], "dizzy": "yes"},
    }
    assert in_summary(who, person).summary.levels["falls"] == ("moderate",)  # type: ignore[union-attr]
    assert "Timed Up and Go: seconds 12, at risk yes" in shown.main
    again = who.visitor.open(path)
    for name, value in {**typed, "tug-seconds": "12.0", **pressures}.items():
        assert value in again.chosen(name), name
    emptied = again.send(
        {name: "" for name in again.names if again.chosen(name) and name not in TICKS} | {key: [] for key in TICKS}
    )
    assert "Not made yet." in emptied.main


TICKS = ("tandem-unable", "dizzy")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"tug-seconds": "soon"}, '"soon" is not understood; write a number from 1 to 600, or unable.'),
        ({"tug-seconds": "0.5"}, "0.5 is not between 1 and 600."),
        ({"chair-stands": "8.5"}, "8.5 is not a whole number"),
        ({"tandem-seconds": "11"}, "11 is not between 0 and 10."),
        ({"tug-seconds": "9", "tug-unable": "yes"}, "Write a number or tick Not managed, not both."),
        ({"gait-meters": "", "gait-seconds": "5"}, "Write how many meters were walked, and in how many seconds."),
        ({"gait-seconds": "0"}, "Write how many meters were walked, and in how many seconds."),
        ({"lying-high": "150"}, "Write both numbers of a blood pressure, like 150 and 80."),
        ({"min1-high": "150", "min1-low": "80"}, "is missing; write it like [120, 80]."),
        ({"lying-high": "80", "lying-low": "150", "min1-high": "90", "min1-low": "60"}, "diastolic 150 is not lower"),
    ],
)
def test_what_cannot_have_been_measured_is_said_and_stays_on_the_page(
    app: Flask, typed: dict[str, str], says: str
) -> None:
    who = at_work(app, "clinician")
    person = add(who)
    record = store().create_record(content_hash="c", data=Draft.new("self", "metric").to_json()).record_id
    who.clinic.change_person(person.person_id, lambda found: replace(found, record_id=record))
    page = who.visitor.open(f"/clinic/people/{person.person_id}/measures").send(typed, 422)
    assert says in page.errors[0]
    assert all(value in page.chosen(name) for name, value in typed.items() if value)
    assert "measures" not in store().get_draft(record).data


def test_while_a_hold_stands_no_test_is_offered_and_a_word_says_why(app: Flask) -> None:
    who = at_work(app, "clinician")
    person = answered(who, "back-pain-fever")
    page = who.visitor.open(f"/clinic/people/{person.person_id}/measures")
    assert "No test now. A doctor looks at this first:" in page.main
    assert "fever" in page.main.lower()
    assert not [name for name in page.names if "seconds" in name]


def test_reception_sees_no_result_and_a_clinician_every_one(app: Flask) -> None:
    who = at_work(app, "clinician")
    desk = at_work(app, "reception", who.clinic)
    person = answered(who)
    for_clinician, for_reception = show(who, person).main, show(desk, person).main
    assert "Levels" in for_clinician
    assert "Measure" in for_clinician
    assert "Levels" not in for_reception
    assert "Lower" not in desk.visitor.open("/clinic/today").main
    assert "Lower" in who.visitor.open("/clinic/today").main
    assert "Print the plan" in for_reception


def test_what_is_agreed_stands_in_the_persons_own_plan_under_the_name_of_the_clinic(app: Flask) -> None:
    who = at_work(app, "clinician")
    person = answered(who)
    page = who.visitor.open(f"/clinic/people/{person.person_id}/new-step").send(
        {"title": "Call the eye clinic", "who": "family"}
    )
    assert "Call the eye clinic" in page.main
    step = next(href for text, href in page.links().items() if text.startswith("Change: Call"))
    refused = who.visitor.open(step).send({"state": "not-for-me", "reason": "Too far"})
    assert "Too far" in refused.main
    phone = on_a_phone(app, person)
    phone.see_plan()
    assert "Hill Street Clinic" in phone.open("/plan").main
    assert [each.did for each in who.clinic.audit_log(at_most=99).lines].count("changed-person") == 2


def test_paper_is_kept_as_a_plan_and_marks_the_person_until_something_is_answered_anew(
    app: Flask, printed: list[str]
) -> None:
    who = at_work(app, "clinician")
    person = answered(who)
    path = f"/clinic/people/{person.person_id}"
    token = {"csrf_token": show(who, person).hidden("csrf_token")}
    for only_looks in ("plan.pdf", "fhir.json"):
        assert who.visitor.client.get(f"{path}/{only_looks}").status_code == 405
    assert in_summary(who, person).state == "ready"
    assert store().find_latest_submission(str(person.record_id)) is None
    assert who.visitor.client.post(f"{path}/plan.pdf", data=token).status_code == 200
    assert "Hill Street Clinic" in printed[-1]
    assert in_summary(who, person).state == "printed"
    assert store().find_latest_submission(str(person.record_id))
    change_answers(person, answers_of(person).with_answers("falls", {"numb-feet": "yes"}))
    assert in_summary(who, person).state == "ready"
    assert who.visitor.client.post(f"{path}/fhir.json", data=token).json["resourceType"] == "Bundle"
    who.visitor.client.post(f"{path}/plan.pdf", data={**token, "much": "first"})
    assert "Only the first page" in show(who, person).main
    assert len(printed[-1]) < len(printed[-2])
    done = [each.did for each in who.clinic.audit_log(at_most=99).lines]
    assert {"printed-person", "exported-person", "saw-person"} - {*done} <= {"saw-person"}


def test_paper_from_their_page_is_as_from_the_day_s_file_with_label_printer_and_their_own_language(
    app: Flask, printed: list[str]
) -> None:
    who = at_work(app, "clinician")
    person = answered(who)
    who.clinic.change_person(
        person.person_id, lambda found: replace(found, data={**found.data, "name": "MH", "language": "es"})
    )
    page = show(who, person)
    assert "Print the plan" in page.main, "staff go on in their own language"
    token = {"csrf_token": page.hidden("csrf_token")}
    assert who.visitor.client.post(f"{page.path}/plan.pdf", data=token).status_code == 200
    assert '<html lang="es">' in printed[-1]
    assert "Su plan para mantenerse firme" in printed[-1]
    assert f"<b>{person.code} MH</b>" in printed[-1], "the box for the name is filled in"
    day = words(definitions(), "us", "es").day(date.today())
    assert f"Impreso por Clinician el {day}." in printed[-1]
    for name, says in (("slip", "Sus preguntas, en cualquier teléfono"), ("letter", "Hola:")):
        assert who.visitor.client.post(f"{page.path}/{name}", data=token).status_code == 200
        assert '<html lang="es">' in printed[-1]
        assert says in printed[-1]


def test_somebody_who_was_here_before_comes_again_and_old_answers_are_asked_anew(app: Flask) -> None:
    who = at_work(app)
    person = answered(who)
    who.clinic.change_person(person.person_id, lambda found: replace(found, day=date(2020, 1, 1)))
    late = (date.today() + timedelta(days=100)).isoformat()
    assert who.visitor.open("/clinic/people/new").send({"code": "QQQQQQ"}, 422).errors
    page = who.visitor.open("/clinic/people/new").send({"code": person.code.lower(), "day": late, "time": "10"})
    assert page.path.endswith(person.person_id)
    assert "The last answers are old." in page.main
    assert in_summary(who, person).state == "not-started"
    assert f"10:00 {person.code}" in who.visitor.open(f"/clinic/today?day={late}").main


def test_letter_slip_and_poster_carry_a_way_in(app: Flask, printed: list[str]) -> None:
    who = at_work(app, "reception")
    person = add(who, name="MH", time="9:20")
    page = show(who, person)
    for name in ("slip", "letter"):
        sent = {"csrf_token": page.hidden("csrf_token")}
        assert who.visitor.client.post(f"/clinic/people/{person.person_id}/{name}", data=sent).status_code == 200
        link = store().find_link_and_code(str(who.clinic.get_person(person.person_id).record_id))
        assert link
        assert grouped(link.code) in printed[-1]
    assert who.visitor.client.get("/clinic/poster.pdf").status_code == 200
    assert "qr:http://localhost/" in printed[-1]


def test_taken_off_the_list_the_answers_stay_the_persons_own(app: Flask) -> None:
    who = at_work(app)
    person = answered(who)
    page = press(who.visitor.open(f"/clinic/people/{person.person_id}/change"), "/remove")
    assert page.path == "/clinic/today"
    assert who.clinic.list_people() == ()
    assert on_a_phone(app, person).open("/about/age").chosen("age") == ["81"]


def test_who_answered_everything_and_asked_for_no_plan_is_printed_with_the_day(app: Flask) -> None:
    who = at_work(app, "reception")
    person = answered(who)
    assert store().find_latest_submission(str(person.record_id)) is None
    who.visitor.open("/clinic/print").send({})
    assert store().find_latest_submission(str(person.record_id))
    assert "Being printed" in show(who, person).main
