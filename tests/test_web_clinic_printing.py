"""Print the day: who gets paper, what waits, what came of it, and that no clinic has another's."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from answers.summary import Summary
from checklists import Definitions, assess
from commands.printing.worker import make_next
from lab.people.records import person, records
from reports.plan.plan_json import issue_plan, to_json
from storage.clinics.model import Person
from storage.print_queue import MOST_TRIES
from storage.rows.tables import SUBMISSIONS
from tests.clinic import AtWork, at_work, new_clinic
from tests.page_checks import classes
from tests.page_checks import text_of as text_of_page
from tests.pdf_text import pages_of
from tests.test_batch import Here
from tests.test_web_clinic_desk import answered, answers_of, change_answers
from web.core.stores import store


@pytest.fixture(scope="module")
def plans(definitions: Definitions) -> list[dict]:
    made = [
        issue_plan(definitions, assess(definitions, person(definitions, each)), date.today()) for each in records(9)
    ]
    return [to_json(each) for each in made if not [one for one in each.assessment.warnings if one.urgency != "soon"]]


@pytest.fixture
def desk(app: Flask) -> AtWork:
    return at_work(app, "reception")


def come(at: AtWork, definitions: Definitions, plan: dict | None, **data: object) -> Person:
    """Somebody on today's list, who has made this plan."""
    someone = at.clinic.add_person(date.today(), data)
    if plan is None:
        return someone
    store().keep_content(definitions.content_hash, definitions.as_json)
    record = store().create_record(content_hash=definitions.content_hash, data={}).record_id
    kept = {"given": plan, "revision": 1, "for": "self"}
    store().submit(record, submit_key="a", content_hash=definitions.content_hash, data=kept)
    return at.clinic.change_person(someone.person_id, lambda found: replace(found, record_id=record))


def get_file(at: AtWork, job_id: str) -> TestResponse:
    """The file, by the button for it."""
    token = at.visitor.open("/clinic/print").hidden("csrf_token")
    return at.visitor.client.post(f"/clinic/print/files/{job_id}", data={"csrf_token": token})


def text_of(at: AtWork, job_id: str) -> list[str]:
    answer = get_file(at, job_id)
    assert answer.content_type == "application/pdf"
    return [" ".join(each.split()) for each in pages_of(answer.data)]


def jobs(at: AtWork):
    return store().list_print_jobs(at.clinic.clinic_id)


def stands(at: AtWork, person: Person) -> list[str]:
    """Where this one is, by their own page, and where the first of the list is."""
    listed = at.visitor.open("/clinic/today").tree
    own = at.visitor.open(f"/clinic/people/{person.person_id}").tree
    (of_person,) = (text_of_page(each) for each in own.iter("p") if "where" in classes(each))
    return [of_person, next(text_of_page(each) for each in listed.iter("td") if "where" in classes(each))]


def test_printed_is_who_is_in_a_file_that_was_made_and_handed_over(desk: AtWork) -> None:
    one = answered(desk)
    assert stands(desk, one) == ["Ready to print"] * 2
    desk.visitor.open("/clinic/print").send({"also": []})
    assert stands(desk, one) == ["Being printed"] * 2
    assert "Being printed 1" in desk.visitor.open("/clinic/today").main
    assert make_next(store(), Here())
    assert stands(desk, one) == ["Being printed, the file is there"] * 2
    (job,) = jobs(desk)
    path = f"/clinic/print/files/{job.job_id}"
    assert desk.visitor.client.get(path).status_code == 405, "what is only looked at changes nothing"
    assert [each.did for each in desk.clinic.audit_log(at_most=99).lines].count("printed-person") == 0
    assert get_file(desk, job.job_id).status_code == 200
    assert stands(desk, one) == ["Printed"] * 2
    change_answers(one, answers_of(one).with_answers("falls", {"numb-feet": "yes"}))
    assert stands(desk, one) == ["Ready to print"] * 2, "this file holds older answers"


@pytest.mark.parametrize("ends", ["stopped", "failed", "this plan failed"])
def test_a_file_that_does_not_come_out_leaves_nobody_printed(
    desk: AtWork, definitions: Definitions, plans: list[dict], ends: str
) -> None:
    one = answered(desk)
    come(desk, definitions, plans[1])
    desk.visitor.open("/clinic/print").send({"also": []})
    (job,) = jobs(desk)
    if ends == "stopped":
        token = desk.visitor.open("/clinic/print").hidden("csrf_token")
        desk.visitor.post("/clinic/print/stop", {"csrf_token": token, "job": job.job_id})
    elif ends == "failed":
        for _ in range(MOST_TRIES):
            taken = store().claim_print_job()
            assert taken
            store().release_print_job(job.job_id, taken.job.token, failed=True)
    else:
        taken = store().claim_print_job()
        assert taken
        about = {**job.about, "people": 1, "pages": 2, "not_made": [1]}
        assert store().finish_print_job(job.job_id, taken.job.token, result=b"%PDF-", about=about)
        assert get_file(desk, job.job_id).status_code == 200
    assert stands(desk, one)[0] == "Ready to print"


def test_the_day_is_printed_as_one_file_and_who_needs_a_talk_waits(
    desk: AtWork, definitions: Definitions, plans: list[dict]
) -> None:
    one = come(desk, definitions, plans[0], name="M. H.")
    waits = come(
        desk,
        definitions,
        plans[1],
        summary=Summary(on=date.today(), parts={}, levels={}, urgency="today", revision=1).to_json(),
    )
    has_none = come(desk, definitions, None)
    page = desk.visitor.open("/clinic/print")
    assert "3 people on the list of today" in page.text
    page = page.send({"also": ["letterhead", "blank"], "points": "18", "title": "Monday"})
    assert page.h1 == "Files to print"
    assert "Waiting." in page.text
    assert "1 to speak with first." in page.text
    assert make_next(store(), Here())
    page = desk.visitor.open("/clinic/print/files")
    assert "Ready: 2 people." in page.text
    assert "Who is in it then stands as printed on your list." in page.main
    (job,) = jobs(desk)
    cover, _empty, *pages = text_of(desk, job.job_id)
    for says in ("Monday", "Hill Street Clinic, 555 0100", "Printed by Reception", f"Row 2, {waits.code}"):
        assert says in cover
    assert f"1 {one.code} M. H. Plan 18" in cover
    assert f"3 {has_none.code} Blank sheets" in cover
    assert not any(waits.code in each for each in pages)
    did = [(line.did, line.person_code) for line in desk.clinic.audit_log(at_most=9).lines]
    assert did == [("printed-day", ""), ("printed-person", one.code), ("ordered-printing", "")]
    marked = [each.data.get("printed", 0) for each in desk.clinic.list_people()]
    assert marked == [1, 0, 0], "who waits is not printed"
    store().erase(str(one.record_id))
    assert "Somebody in it has erased their answers." in desk.visitor.open("/clinic/print/files").text
    assert get_file(desk, job.job_id).status_code == 404


def test_pasted_codes_are_printed_once_and_an_unknown_one_is_named(
    desk: AtWork, definitions: Definitions, plans: list[dict]
) -> None:
    desk.clinic.change(lambda clinic: replace(clinic, keeps_names=True))
    one = come(desk, definitions, plans[0], name="Margaret Hill")
    come(desk, definitions, plans[1])
    page = desk.visitor.open("/clinic/print")
    page = page.send({"who": "codes", "codes": f"{one.code}\nQQQQQQ", "also": []}, 422)
    assert page.errors == ["Nobody on your list has this code: QQQQQQ. Mend it, or take it out."]
    assert jobs(desk) == ()
    page.send({"who": "codes", "codes": f" {one.code.lower()}, {one.code}\n", "also": ["files"]})
    (job,) = jobs(desk)
    assert (job.about["plans"], job.about["kind"]) == (1, "zip")
    assert make_next(store(), Here())
    answer = get_file(desk, job.job_id)
    assert answer.content_type == "application/zip"
    assert f"line-1-{one.code}-Margaret-Hill.pdf".encode() in answer.data


def test_nobody_to_print_for_is_said(desk: AtWork) -> None:
    page = desk.visitor.open("/clinic/print").send({"also": []}, 422)
    assert page.errors == ["There is nobody to print for. Put people on the list of today, or type their codes."]


def test_a_file_is_stopped_tried_again_and_never_another_clinic_s(
    app: Flask, desk: AtWork, definitions: Definitions, plans: list[dict]
) -> None:
    other = at_work(app, "manager", new_clinic("Other"))
    come(desk, definitions, plans[0])
    desk.visitor.open("/clinic/print").send({"also": []})
    (job,) = jobs(desk)
    for _ in range(MOST_TRIES):
        taken = store().claim_print_job()
        assert taken
        store().release_print_job(job.job_id, taken.job.token, failed=True)
    token = other.visitor.open("/clinic/print").hidden("csrf_token")
    for path in ("stop", "again"):
        other.visitor.post(f"/clinic/print/{path}", {"csrf_token": token, "job": job.job_id})
    assert jobs(desk)[0].state == "needs-help"
    assert get_file(other, job.job_id).status_code == 404
    assert "It could not be made." not in other.visitor.open("/clinic/print/files").text
    page = desk.visitor.open("/clinic/print/files")
    assert "It could not be made." in page.text
    token = page.hidden("csrf_token")
    desk.visitor.post("/clinic/print/again", {"csrf_token": token, "job": job.job_id})
    assert jobs(desk)[0].state == "waiting"
    desk.visitor.post("/clinic/print/stop", {"csrf_token": token, "job": job.job_id})
    assert jobs(desk)[0].state == "cancelled"
    assert "cancelled-printing" in [line.did for line in desk.clinic.audit_log(at_most=9).lines]


def test_a_damaged_plan_costs_nobody_else_their_paper_and_is_a_sentence_with_a_way_on(
    app: Flask, definitions: Definitions, plans: list[dict]
) -> None:
    who = at_work(app, "clinician")
    damaged, other = come(who, definitions, plans[0], name="DA"), come(who, definitions, plans[1])
    finished = answered(who)
    for each in (damaged, finished):
        if each is finished:
            who.visitor.open("/clinic/print").send({"who": "codes", "codes": each.code, "also": []})  # makes the plan
        with store().engine.writing() as rows:  # type: ignore[attr-defined]
            (row,) = rows.all_of(SUBMISSIONS, str(each.record_id))
            rows.put(SUBMISSIONS, replace(row, sealed=row.sealed[:-1] + bytes([row.sealed[-1] ^ 1])))
    who.visitor.open("/clinic/print").send({"who": "codes", "codes": f"{damaged.code} {other.code}", "also": []})
    job = jobs(who)[-1]
    assert job.about["plans"] == 1
    page = who.visitor.open(f"/clinic/people/{finished.person_id}")
    assert "What is stored of them is damaged" in page.main
    page = who.visitor.post(f"{page.path}/plan.pdf", {"csrf_token": page.hidden("csrf_token")})
    assert "What is stored of them is damaged" in page.main
    assert "Take off the list" in page.follow("Change").main


def test_what_was_not_asked_again_is_told_in_their_own_language(
    desk: AtWork, definitions: Definitions, plans: list[dict]
) -> None:
    one = come(desk, definitions, plans[0], language="es")
    old = {"count": 2, "since": "2026-01-05"}
    kept = {"given": plans[0], "revision": 2, "for": "self", "old": old}
    store().submit(str(one.record_id), submit_key="b", content_hash=definitions.content_hash, data=kept)
    desk.visitor.open("/clinic/print").send({"also": []})
    taken = store().claim_print_job()
    assert taken
    (entry,) = taken.order["entries"]
    assert entry["options"]["language"] == "es"
    assert entry["old"] == "2 respuestas son del 5 de enero de 2026 o de antes. No se preguntaron otra vez."
