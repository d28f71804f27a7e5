"""A manager records which clinicians have signed which words; pages of that clinic say so, and of no other."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask

from commands.printing.worker import make_next
from reports.review.entries import review_parts
from reports.review.reviewers import JUDGED_WITHOUT, SignedReview
from tests.clinic import AtWork, at_work, new_clinic
from tests.pdf_text import text_of_paper
from tests.shipped import SHIPPED
from tests.test_batch import Here
from tests.test_web_clinic_desk import add, answered, on_a_phone, press, show
from tests.test_web_clinic_tables import paste
from tests.visitor import Visitor
from web.clinic.managing import reviews
from web.core.stores import store

BY, UNTIL = "Ana Ruiz, MD", (date.today() + timedelta(days=365)).isoformat()
READ = tuple(part.id for part in review_parts(SHIPPED) if part.id not in JUDGED_WITHOUT)
DRAFT = "No clinician has reviewed its words yet."


def test_when_every_part_is_signed_the_clinic_s_pages_name_who_did(app: Flask) -> None:
    mine, other = at_work(app), at_work(app, clinic=new_clinic("Other"))
    page = mine.visitor.open("/clinic/reviews")
    assert page.main.count("Nobody has signed it.") == 12
    page = page.send({"parts": list(READ[:-1]), "by": BY, "until": UNTIL})
    assert page.main.count(f"Signed by {BY}") == len(READ) - 1
    assert DRAFT in page.text
    page = page.send({"parts": [READ[-1]], "by": "Li Wei, PharmD", "until": UNTIL})
    assert DRAFT not in page.text
    assert "checked for this clinic by Ana Ruiz, MD and Li Wei, PharmD" in page.text
    assert DRAFT in other.visitor.open("/clinic").text
    assert DRAFT in app.test_client().get("/").get_data(as_text=True)
    lines = mine.clinic.audit_log(at_most=9).lines
    assert [(line.did, line.note) for line in lines[:1]] == [("recorded-review", f"en: {READ[-1]}")]


def test_another_language_is_signed_for_itself(app: Flask) -> None:
    mine = at_work(app)
    mine.visitor.open("/clinic/reviews").send({"parts": list(READ), "by": BY, "until": UNTIL})
    found = mine.visitor.client.get("/clinic/reviews", headers={"Accept-Language": "es"}).get_data(as_text=True)
    assert found.count("Nadie la ha firmado.") == 12
    for english in ("Who must not be told what", "Where this comes from"):
        assert english not in found


def test_a_change_of_one_word_shows_which_review_it_undoes(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = at_work(app)
    mine.visitor.open("/clinic/reviews").send({"parts": list(READ), "by": BY, "until": UNTIL})
    known = SHIPPED
    falls = known.checklist_of["falls"]
    first = falls.sections[0]
    asked = first.questions[0].model_copy(update={"ask": "Have you fallen in the past 12 months?"})
    section = first.model_copy(update={"questions": (asked, *first.questions[1:])})
    changed = falls.model_copy(update={"sections": (section, *falls.sections[1:])})
    lists = tuple(changed if each.id == "falls" else each for each in known.checklists)
    now = known.model_copy(update={"checklists": lists, "content_hash": "0" * 64})
    monkeypatch.setattr(reviews, "definitions", lambda: now)
    page = mine.visitor.open("/clinic/reviews")
    assert f"Changed since {BY} signed it on" in page.main
    assert "falls.fell-past-year" in page.main
    assert page.main.count("Changed since") == 1


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"parts": [], "by": BY, "until": UNTIL}, "Tick what was signed."),
        ({"parts": ["falls"], "by": " ", "until": UNTIL}, "Write the name and profession of who signed."),
        ({"parts": ["falls"], "by": "x" * 61, "until": UNTIL}, "Use at most 60 letters here."),
        ({"parts": ["falls"], "by": BY, "until": "soon"}, "as year, month and day, like 2027-11-30"),
        ({"parts": ["falls"], "by": BY, "until": "2020-01-01"}, "Choose a day after today and within three years."),
        ({"parts": ["falls"], "by": BY, "until": "9999-12-31"}, "Choose a day after today and within three years."),
    ],
)
def test_what_cannot_be_recorded_is_a_sentence_and_what_was_typed_stays(app: Flask, typed, says) -> None:
    mine = at_work(app)
    page = mine.visitor.open("/clinic/reviews").send(typed, 422)
    assert says in page.main
    assert mine.clinic.get().reviews == ()
    for field in ("by", "until"):
        assert f'value="{typed[field].strip()}"' in page.html


def test_a_part_that_is_none_is_not_recorded(app: Flask) -> None:
    mine = at_work(app)
    page = mine.visitor.open("/clinic/reviews")
    data = page.data({"by": BY, "until": UNTIL})
    data.setlist("parts", ["falls", "nonsense"])
    mine.visitor.client.post("/clinic/reviews", data=data)
    assert [each.part for each in mine.clinic.get().reviews] == ["falls"]


def test_a_review_that_is_over_says_when_it_ended(app: Flask) -> None:
    mine = at_work(app)
    mine.visitor.open("/clinic/reviews").send({"parts": ["falls"], "by": BY, "until": UNTIL})
    over = date.today() - timedelta(days=1)
    mine.clinic.change(
        lambda clinic: replace(clinic, reviews=tuple(replace(each, until=over) for each in clinic.reviews))
    )
    assert f"Signed by {BY}; that ended on" in mine.visitor.open("/clinic/reviews").main


REVIEWED = {
    "en": "This text was checked for this clinic by Ana Ruiz, MD.",
    "es": "Ana Ruiz, MD revisó este texto para esta clínica.",
}
MISSING_IN_SPANISH = ["todavía no ha contestado", "antes hay que corregir su fila"]
NOT_REVIEWED = {"en": DRAFT, "es": "Ningún profesional de salud ha revisado todavía sus textos."}


def sign_all(who: AtWork, *languages: str) -> None:
    """Every part is signed in these languages."""
    known = SHIPPED
    signed = tuple(
        SignedReview(
            part=part.id,
            language=language,
            by=BY,
            on=date.today(),
            until=date.fromisoformat(UNTIL),
            mark=part.mark,
            content_hash=known.content_hash,
        )
        for language in languages
        for part in review_parts(known, language)
    )
    who.clinic.change(lambda clinic: replace(clinic, reviews=signed))


@pytest.mark.parametrize("language", ["en", "es"])
def test_its_people_read_on_tablet_phone_share_and_paper_who_reviewed_the_words(
    app: Flask, printed: list[str], language: str
) -> None:
    who, reader = at_work(app, "clinician"), Visitor(app)
    sign_all(who, language)
    says, of_draft = REVIEWED[language], NOT_REVIEWED[language]
    person = answered(who)
    who.clinic.change_person(person.person_id, lambda each: replace(each, data={**each.data, "language": language}))
    phone = on_a_phone(app, person)
    share = store().make_share(str(person.record_id), submit_key="a", name="Bea", right="see", days=9)
    for visitor in (who.visitor, phone, reader):
        visitor.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    page = show(who, person)
    assert says in page.text
    paper = who.visitor.client.post(f"{page.path}/plan.pdf", data={"csrf_token": page.hidden("csrf_token")})
    assert paper.status_code == 200
    assert says in printed[-1]
    phone.see_plan()
    for path in ("/plan", "/checklists", "/falls/numb-feet"):
        page = phone.open(path)
        assert says in page.text, path
        assert of_draft not in page.text
    for visitor, path in ((phone, "/plan"), (reader, reader.open(f"/open/{share.link}").send({}).path)):
        assert says in visitor.open(path).text, path
        assert visitor.client.get(f"{path}.pdf").status_code == 200
        assert says in printed[-1]
    reader.begin()
    assert says in reader.open(path).text, "what they hold beside is still held"
    who.clinic.remove_person(person.person_id)
    assert of_draft in phone.open("/checklists").text, "the clinic sees them no longer"


@pytest.mark.parametrize("language", ["en", "es"])
def test_each_page_of_a_tablet_names_who_reviewed_the_words_also_when_nobody_s_record_is_there_any_more(
    app: Flask, language: str
) -> None:
    who = at_work(app, "clinician")
    sign_all(who, language)
    who.visitor.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    asking = press(show(who, add(who, language=language)), "/tablet")
    asked_back, stopped = who.visitor.open("/tablet/still-here"), press(asking, "/tablet/stop")
    rest = press(stopped, "/tablet/done")
    assert rest.path == "/tablet/rest"
    for page in (asking, asked_back, stopped, rest, who.visitor.open("/clinic/locked")):
        assert REVIEWED[language] in page.text, page.path
        assert NOT_REVIEWED[language] not in page.text
    who.clinic.change(lambda clinic: replace(clinic, reviews=()))
    assert NOT_REVIEWED[language] in who.visitor.open("/tablet/rest").text
    store().erase_clinic(who.clinic.clinic_id)
    assert NOT_REVIEWED[language] in who.visitor.open("/tablet/rest").text, "the clinic is gone"


def test_a_table_names_reviewers_in_the_language_of_each_row_and_its_cover_list_speaks_one(app: Flask) -> None:
    who = at_work(app, "clinician")
    sign_all(who, "es")
    rows = ("label,about.age,falls.fell-past-year,lang", "Ann,81,no,en", "Eva,81,no,es", "Ivo,,,es", "Bo,?x,no,en")
    page = paste(who, "\n".join(rows)).send({"then": "print"})
    page.send({"also": [], "language": "es"})
    taken = store().claim_print_job()
    assert taken
    assert [each["options"]["reviewers"] for each in taken.order["entries"]] == [[], [BY]]
    assert taken.order["options"]["reviewers"] == [BY], "of the cover list"
    assert [each["why"] for each in taken.order["missing"]] == MISSING_IN_SPANISH


def test_a_batch_names_reviewers_in_each_person_s_own_language_and_content(app: Flask) -> None:
    who = at_work(app, "reception")
    sign_all(who, "es")
    for language in ("en", "es"):
        one = answered(who)
        who.clinic.change_person(one.person_id, lambda each: replace(each, data={**each.data, "language": language}))  # noqa: B023
    who.visitor.open("/clinic/print").send({"also": ["blank"]})
    assert make_next(store(), Here())
    (job,) = store().list_print_jobs(who.clinic.clinic_id)
    token = who.visitor.open("/clinic/print").hidden("csrf_token")
    file = who.visitor.client.post(f"/clinic/print/files/{job.job_id}", data={"csrf_token": token}).data
    text = text_of_paper(file)
    assert text.count(REVIEWED["es"]) == 1
    assert text.count("This text has not been checked by a clinician yet.") == 1
