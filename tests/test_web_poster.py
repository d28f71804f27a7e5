"""The poster of a clinic: its page, the questions as everybody has them, and the person's own choice to hand them over."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from storage.clinics.model import Service
from tests.clinic import AtWork, at_work, new_clinic
from tests.tapping import answer_to_the_end
from tests.test_web_budgets import lower
from tests.test_web_clinic_desk import show
from tests.test_web_preferences import press
from tests.visitor import Page, Visitor
from web.clinic.desk.list_entry import ListEntry
from web.core.stores import store


@pytest.fixture
def desk(app: Flask) -> AtWork:
    who = at_work(app, "clinician")
    services = (Service(name="Tai chi at the Y", contact="555 0101", serves=("exercise",)),)
    who.clinic.change(lambda found: replace(found, services=services, lists=("falls", "bone")))
    return who


def answered_by_poster(app: Flask, who: AtWork) -> tuple[Visitor, Page]:
    """Somebody who pointed their phone at the poster and answered what this clinic asks; their results."""
    phone = Visitor(app)
    page = phone.open(f"/at/{who.clinic.get().place}").send({}).send({"answering": "self"})
    for _ in who.clinic.get().lists:
        page = answer_to_the_end(page.follow("Go on: ") if page.path.startswith("/review/") else page)
    return phone, phone.see_plan()


def test_the_poster_leads_to_the_clinic_s_own_start_and_binds_nobody(app: Flask, desk: AtWork) -> None:
    phone = Visitor(app)
    page = phone.open(f"/at/{desk.clinic.get().place}")
    assert page.h1 == "Hill Street Clinic"
    for says in ("555 0100", "Tai chi at the Y", "only if you choose so at the end"):
        assert says in page.main
    assert page.links()["555 0100"] == "tel:5550100"
    assert phone.open("/").h1 == "Steady home, strong bones, one plan", "looking at it binds nobody"
    assert phone.open("/at/00000000", 404)
    assert page.send({}).path == "/for-whom"


def test_who_answered_by_the_poster_is_on_no_list_before_they_say_so(app: Flask, desk: AtWork) -> None:
    phone, page = answered_by_poster(app, desk)
    assert desk.clinic.list_people() == ()
    ask = page.follow("Give your answers to Hill Street Clinic")
    for says in ("your answers, your levels and your plan", "what you change later", "take it back"):
        assert says in ask.main
    assert desk.clinic.list_people() == (), "asking is not giving"
    done = ask.send({"name": "MH"})
    (person,) = desk.clinic.list_people()
    assert person.code in done.main
    assert person.record_id == phone.record_id
    assert ListEntry(person).state == "ready"
    listed = desk.visitor.open("/clinic/today").main
    assert f"{person.code} MH" in listed
    assert "They came by your poster." in show(desk, person).main
    assert "Hill Street Clinic" in phone.open("/plan").main
    lines = [(each.did, each.role, each.person_code) for each in desk.clinic.audit_log(at_most=99).lines]
    assert ("came-by-poster", "person", person.code) in lines
    assert "Give your answers" not in phone.open("/results").main
    assert "The person" in at_work(app, "manager", desk.clinic).visitor.open("/clinic/log").main


def test_giving_twice_is_giving_once_and_taking_back_leaves_the_answers(app: Flask, desk: AtWork) -> None:
    phone, page = answered_by_poster(app, desk)
    ask = page.follow("Give your answers to Hill Street Clinic")
    for _ in range(2):
        done = ask.send({"name": ""})
    assert len(desk.clinic.list_people()) == 1
    assert done.send({}).main
    assert desk.clinic.list_people() == ()
    assert phone.open("/plan").h1, "the answers stay"
    assert "taken-back" in [each.did for each in desk.clinic.audit_log(at_most=9).lines]
    assert "Give your answers to Hill Street Clinic" in phone.open("/results").main


def test_who_was_put_on_the_list_by_staff_is_not_taken_off_it_by_this_page(app: Flask, desk: AtWork) -> None:
    phone, page = answered_by_poster(app, desk)
    ask = page.follow("Give your answers to Hill Street Clinic")
    by_staff = desk.clinic.add_person(date.today(), {})
    desk.clinic.change_person(by_staff.person_id, lambda found: replace(found, record_id=phone.record_id))
    assert "sees your answers" in ask.send({"name": "MH"}).main
    phone.post("/to-a-clinic/take-back", ask.data({}))
    assert by_staff.person_id in [each.person_id for each in desk.clinic.list_people()]


def test_a_name_that_cannot_be_and_a_clinic_that_is_gone_are_sentences(app: Flask, desk: AtWork) -> None:
    phone, page = answered_by_poster(app, desk)
    ask = page.follow("Give your answers to Hill Street Clinic")
    assert ask.send({"name": "Margaret"}, 422).errors == ["Use at most 4 letters here. There are 8 now."]
    store().erase_clinic(desk.clinic.clinic_id)
    assert "No clinic has asked for your answers." in phone.open("/to-a-clinic").main
    assert phone.post("/to-a-clinic", ask.data({"name": "MH"})).main


def test_nobody_gives_a_record_that_is_not_theirs(app: Flask, desk: AtWork) -> None:
    _phone, page = answered_by_poster(app, desk)
    ask = page.follow("Give your answers to Hill Street Clinic")
    other, _ = answered_by_poster(app, desk)
    theirs = other.open("/to-a-clinic").data({"name": "X"}) | {"record": ask.hidden("record")}
    other.client.post("/to-a-clinic", data=theirs)
    assert not [each for each in desk.clinic.list_people() if each.record_id == ask.hidden("record")]
    assert new_clinic("Other").list_people() == ()


def test_the_paper_of_the_poster_carries_the_clinic_s_own_address(app: Flask, desk: AtWork, monkeypatch) -> None:
    papers: list[str] = []
    monkeypatch.setattr("web.clinic.desk.papers.render_html", lambda html: papers.append(html) or b"%PDF-")
    assert desk.visitor.client.get("/clinic/poster.pdf").status_code == 200
    assert f"/at/{desk.clinic.get().place}" in papers[0]
    assert "You choose at the end whether we see your answers." in papers[0]


def test_what_was_given_is_taken_back_from_any_browser_and_though_another_clinic_asks_now(
    app: Flask, desk: AtWork
) -> None:
    phone, page = answered_by_poster(app, desk)
    page.follow("Give your answers to Hill Street Clinic").send({"name": "MH"})
    other = Visitor(app)
    other.open(f"/open/{store().make_link_and_code(phone.record_id).link}").send({})
    elsewhere = new_clinic("Elsewhere")
    other.open(f"/at/{elsewhere.get().place}").send({"do": "give"})
    assert "Give your answers to Elsewhere" in other.open("/plan").text
    page = other.open("/plan").follow("What this clinic sees")
    assert page.h1 == "Hill Street Clinic sees your answers"
    taken = press(page, text="largest").send({})
    assert desk.clinic.list_people() == ()
    assert "It is taken back." in taken.main
    assert "Hill Street Clinic" not in other.open("/plan").main
    assert "It is taken back." not in other.open("/to-a-clinic").main


def test_what_was_given_is_taken_back_also_while_a_page_for_help_comes_first(app: Flask, desk: AtWork) -> None:
    phone, page = answered_by_poster(app, desk)
    page.follow("Give your answers to Hill Street Clinic").send({"name": "MH"})
    assert phone.tick("stroke-signs").path == "/warning-signs/now"
    assert phone.open("/to-a-clinic").send({}).path == "/warning-signs/now"
    assert desk.clinic.list_people() == ()
    assert phone.open("/to-a-clinic").path == "/warning-signs/now", "nothing is given before that"


def test_who_opens_the_page_without_a_poster_and_is_seen_by_nobody_reads_so(app: Flask, desk: AtWork) -> None:
    phone, page = answered_by_poster(app, desk)
    page.follow("Give your answers to Hill Street Clinic").send({"name": "MH"})
    other = Visitor(app)
    other.open(f"/open/{store().make_link_and_code(phone.record_id).link}").send({})
    page = other.open("/to-a-clinic")
    assert page.h1 == "Hill Street Clinic sees your answers"
    page = page.send({})
    assert "It is taken back. The clinic sees nothing any more." in page.main
    assert "No clinic has asked" not in page.main
    assert "No clinic has asked for your answers." in other.open("/to-a-clinic").main


@pytest.mark.parametrize("names_staff", [True, False])
def test_its_owner_reads_when_they_gave_their_answers(app: Flask, desk: AtWork, names_staff: bool) -> None:
    desk.clinic.change(lambda found: replace(found, names_staff=names_staff))
    phone, page = answered_by_poster(app, desk)
    page.follow("Give your answers to Hill Street Clinic").send({"name": "MH"})
    assert ": You gave the answers to this clinic." in phone.open("/who-looked").main


def test_numbers_to_call_follow_who_gives_takes_back_and_gives_again(app: Flask, desk: AtWork) -> None:
    desk.clinic.change(lambda found: replace(found, region="uk"))
    phone, page = answered_by_poster(app, desk)
    page = page.follow("Give your answers to Hill Street Clinic")
    for _ in range(2):
        page = page.send({"name": ""})
        assert "999" in phone.open("/").text
        page = page.send({})
        assert "911" in phone.open("/").text


def test_giving_again_and_again_is_bounded_for_one_record_and_taking_back_never_is(
    app: Flask, desk: AtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    lower(monkeypatch, "web.sharing.to_a_clinic.CLINICS_OF_A_RECORD", 2)
    _, page = answered_by_poster(app, desk)
    page = page.follow("Give your answers to Hill Street Clinic")
    for _ in range(2):
        page = page.send({"name": ""}).send({})
    assert page.send({"name": ""}, 429).h1 == "Wait a little"
    assert desk.clinic.list_people() == ()
    _, other = answered_by_poster(app, desk)
    assert other.follow("Give your answers to Hill Street Clinic").send({"name": ""}).h1.endswith("sees your answers")


def test_strangers_who_press_start_on_the_poster_leave_no_more_sessions_than_one_address_may(
    app: Flask, desk: AtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    lower(monkeypatch, "web.visitor.budgets.SESSIONS", 2)
    path = f"/at/{desk.clinic.get().place}"
    first = Visitor(app)
    first.open(path).send({})
    for _ in range(3):
        first.open(path).send({})
    Visitor(app).open(path).send({})
    assert Visitor(app).open(path).send({}, 429).h1 == "Wait a little"
