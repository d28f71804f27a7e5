"""Everything in one file: what is in it, that it can be read again, who gets it, and that nothing of it stays behind."""

import io
import json
import os
import tempfile
import threading
import tracemalloc
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from answers.draft import Draft
from answers.person import person_of, settle
from checklists import Definitions, assess
from reports.exports.result import result
from reports.plan.build import build_plan
from reports.printing.renderer import RendererBusy
from storage import StoreBusy
from tests.browser.seeds import HIGH, MODERATE, Seeds
from tests.browser.states import picture_of_a_tub
from tests.fhir_judge import judge
from tests.page_checks import check_headers
from tests.pdf_text import text_of_paper
from tests.shipped import SHIPPED
from tests.visitor import After, Visitor
from web.core.stores import store
from web.sharing import download
from web.visitor.open_record import OpenRecord

TUB = picture_of_a_tub()


def answer_everything(visitor: Visitor) -> None:
    visitor.begin()
    fill(visitor, SHIPPED, MODERATE, [])
    photo = store().keep_photo(visitor.record_id, submit_key="a-photo-of-the-tub", picture=TUB)
    shown = {"photos": {"bath-slippery": {"id": photo, "at": 0}}}
    store().change_draft(visitor.record_id, lambda data: data.update(shown), content_hash=SHIPPED.content_hash)
    visitor.see_plan()
    visitor.open("/plan/own").send({"title": "Llamar al dueño", "note": "Señor Núñez"})


@pytest.fixture
def person(after: After) -> Visitor:
    """Somebody who answered everything, with a photo, a plan, a tick and a step of their own."""
    return after(answer_everything)


def fill(visitor: Visitor, definitions: Definitions, changes: Any, signs: list[str] | None) -> None:
    seeds = Seeds(store(), definitions)
    draft = settle(definitions, seeds.person(changes, signs=signs), date.today())
    seeds.change(visitor.record_id, lambda _: draft)


def asked(visitor: Visitor, record: str | None = None) -> TestResponse:
    page = visitor.open("/download")
    sent = {**page.data({}), "record": record or page.hidden("record")}
    return visitor.client.post("/download", data=sent, buffered=True)


def got(visitor: Visitor) -> zipfile.ZipFile:
    response = asked(visitor)
    assert response.status_code == 200, response.get_data(as_text=True)
    check_headers(response)
    assert response.content_type == "application/zip"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Content-Disposition"] == f"attachment; filename=firm-footing-{date.today()}.zip"
    assert int(response.headers["Content-Length"]) == len(response.data)
    archive = zipfile.ZipFile(io.BytesIO(response.data))
    assert archive.testzip() is None
    return archive


def read(archive: zipfile.ZipFile, name: str) -> Any:
    return json.loads(archive.read(name).decode("utf-8"))


def test_everything_is_in_the_file_under_plain_names(person: Visitor) -> None:
    archive = got(person)
    plan, for_a_clinic = f"plan-{date.today()}.pdf", f"plan-{date.today()}.fhir.json"
    assert sorted(archive.namelist()) == [
        "READ-ME.txt", "answers.json", "everything.json", "note.txt", "photos/bath-slippery.jpg", for_a_clinic, plan,
    ]  # fmt: skip
    assert all(name.isascii() for name in archive.namelist())
    assert archive.read("photos/bath-slippery.jpg") == TUB
    text = text_of_paper(archive.read(plan))
    assert "Llamar al dueño" in text, "as the plan page prints it: with what was added"
    bundle = read(archive, for_a_clinic)
    kinds = [each["resource"]["resourceType"] for each in bundle["entry"]]
    assert {"Patient", "CarePlan", "RiskAssessment", "QuestionnaireResponse", "Provenance"} <= set(kinds)
    assert "Llamar al dueño" in str(bundle)
    assert "Señor Núñez" not in str(bundle), "a note stays at home"
    assert judge([bundle]) == [[]]


def test_flask_assess_reads_the_answers_and_says_the_same(
    person: Visitor, app: Flask, definitions: Definitions, tmp_path: Path
) -> None:
    archive = got(person)
    archive.extract("answers.json", tmp_path)
    done = app.test_cli_runner().invoke(args=["assess", str(tmp_path / "answers.json")])
    assert done.exit_code == 0, done.output
    day = date.today()
    judged = assess(definitions, person_of(definitions, Draft.from_json(store().get_draft(person.record_id).data), day))
    expected = {"line": 1, **result(judged, build_plan(definitions, judged, today=day))}
    assert json.loads(done.stdout) == json.loads(json.dumps(expected))
    assert {each["risk_level"] for each in expected["checklists"].values()} > {"moderate"}


@pytest.mark.parametrize(("changes", "signs"), [(HIGH, ["back-pain-fever"]), (MODERATE, None), (HIGH, [])])
def test_other_people_s_answers_are_read_the_same_too(
    visitor: Visitor, app: Flask, definitions: Definitions, tmp_path: Path, changes: Any, signs: list[str] | None
) -> None:
    visitor.begin()
    fill(visitor, definitions, changes, signs)
    got(visitor).extract("answers.json", tmp_path)
    done = app.test_cli_runner().invoke(args=["assess", str(tmp_path / "answers.json")])
    day = date.today()
    judged = assess(
        definitions, person_of(definitions, Draft.from_json(store().get_draft(visitor.record_id).data), day)
    )
    expected = result(judged, build_plan(definitions, judged, today=day))
    assert done.exit_code == 0
    assert json.loads(done.stdout)["overall"] == json.loads(json.dumps(expected["overall"]))
    assert json.loads(done.stdout)["checklists"] == json.loads(json.dumps(expected["checklists"]))


def test_every_plan_is_there_with_its_day_its_content_and_its_words(person: Visitor, definitions: Definitions) -> None:
    person.open("/falls/numb-feet").send({"numb-feet": "yes"})
    person.see_plan()
    everything = read(got(person), "everything.json")
    first, second = everything["plans"]
    for plan in (first, second):
        assert (plan["made_on"], plan["content"]) == (date.today().isoformat(), definitions.content_hash)
        titles = {each["id"]: each["title"] for each in plan["actions"]}
        assert set(plan["first"]) <= set(titles)
        assert all(titles.values())
        assert {each["id"] for each in plan["checklists"]} == {"falls", "bone", "home", "posture"}
    assert first["answers_then"]["answers"]["falls"]["numb-feet"] == "unsure"
    assert second["answers_then"]["answers"]["falls"]["numb-feet"] == "yes"
    assert everything["photos"] == [{"file": "photos/bath-slippery.jpg", "shows": everything["photos"][0]["shows"]}]
    assert everything["photos"][0]["shows"]
    (own,) = [each for each in everything["steps"] if each["id"].startswith("own-")]
    assert (own["title"], own["note"], own["state"]) == ("Llamar al dueño", "Señor Núñez", "open")
    assert [each["title"] for each in everything["ticks"]] == ["Llamar al dueño"]
    assert everything["answers_as_typed"]["lists"]["bone"]["weight-kg"] == {"pounds": "150"}
    text = got(person).read("everything.json").decode("utf-8")
    assert "Señor Núñez" in text, "as people write it"
    assert '\n  "made_on": ' in text


def test_it_speaks_the_language_of_the_page(person: Visitor) -> None:
    english = {each["title"] for each in read(got(person), "everything.json")["plans"][0]["actions"]}
    person.post("/settings", {**person.open("/settings").settings(), "language": "es"})
    archive = got(person)
    everything = read(archive, "everything.json")
    assert everything["language"] == "es"
    assert "Esto es todo lo que esta aplicación guarda" in archive.read("READ-ME.txt").decode()
    assert not english & {each["title"] for each in everything["plans"][0]["actions"]}


def test_before_the_first_plan_there_is_a_file_without_one(visitor: Visitor) -> None:
    visitor.begin()
    archive = got(visitor)
    assert sorted(archive.namelist()) == ["READ-ME.txt", "everything.json"], "there is nothing to assess yet"
    assert read(archive, "everything.json")["plans"] == []
    visitor.open("/falls/fell-past-year").send({"fell-past-year": "yes"})
    assert "answers.json" in got(visitor).namelist()


def test_thoughts_of_self_harm_are_named_as_on_every_export(
    person: Visitor, definitions: Definitions, app: Flask, tmp_path: Path
) -> None:
    fill(person, definitions, MODERATE, ["thoughts-of-self-harm", "back-pain-fever"])
    assert person.open("/download").path == "/warning-signs/now", "first the number to call"
    store().change_draft(
        person.record_id, lambda data: data["signs"].update(called=True), content_hash=definitions.content_hash
    )
    assert person.open("/download").path == "/see-my-plan", "then a plan that knows of it"
    person.see_plan()
    archive = got(person)
    pages = {name: archive.read(name) for name in archive.namelist() if not name.endswith(".jpg")}
    pdf = next(name for name in pages if name.endswith(".pdf"))
    pages[pdf] = text_of_paper(pages[pdf]).encode()
    for name, content in pages.items():
        for secret in ("self-harm", "harming", "ending my life", "hacerse daño"):
            assert secret not in content.decode("utf-8"), name
    everything = read(archive, "everything.json")
    names = [each["name"] for each in everything["warnings"]]
    assert "Someone to talk to" in names
    assert list(everything)[3] == "warnings"
    assert everything["answers_as_typed"]["signs"]["ticked"] == ["Someone to talk to", "back-pain-fever"]
    assert "checklists" not in everything["plans"][-1], "no level stands beside a sign that needs help now"
    said = archive.read("READ-ME.txt").decode()
    assert "NOW: Someone to talk to. Call 988 now." in said
    assert said.index("988") < said.index("plan-")
    assert "“Someone to talk to” is left out of answers.json." in said
    assert read(archive, "answers.json")["warning-signs"] == ["back-pain-fever"]
    archive.extract("answers.json", tmp_path)
    assert app.test_cli_runner().invoke(args=["assess", str(tmp_path / "answers.json")]).exit_code == 0


def test_who_ticked_only_that_did_not_tick_none_of_these(person: Visitor, definitions: Definitions) -> None:
    fill(person, definitions, MODERATE, ["thoughts-of-self-harm"])
    store().change_draft(
        person.record_id, lambda data: data["signs"].update(called=True), content_hash=definitions.content_hash
    )
    person.see_plan()
    assert "warning-signs" not in read(got(person), "answers.json")


def test_nobody_gets_the_file_of_somebody_else(person: Visitor, app: Flask) -> None:
    stranger = Visitor(app)
    stranger.begin()
    assert asked(stranger, person.record_id).status_code == 404
    no_token = person.client.post("/download", data={"record": person.record_id})
    assert no_token.status_code == 400
    assert person.client.get("/download").content_type == "text/html; charset=utf-8"


def test_nothing_of_it_stays_on_the_disk(person: Visitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "for-a-moment"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    person.open("/download")  # the store is opened
    opened = len(os.listdir("/proc/self/fd"))
    response = asked(person)
    assert response.status_code == 200
    assert os.listdir(place) == [], "not even while it is sent"
    response.close()
    monkeypatch.setattr(download, "render", lambda *_: (_ for _ in ()).throw(RendererBusy("busy")))
    assert asked(person).status_code == 503
    assert os.listdir(place) == []
    assert len(os.listdir("/proc/self/fd")) <= opened + 1


def test_when_paper_is_busy_or_the_disk_full_it_is_told_and_nothing_hangs(
    person: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for error in (RendererBusy("busy"), OSError(28, "No space left on device")):
        with monkeypatch.context() as patch:
            patch.setattr(download, "render", lambda *_, error=error: (_ for _ in ()).throw(error))
            page = person.open("/download").send({}, 503)
            assert page.h1 == "The file could not be made"
            assert page.headers["Retry-After"] == "10"
    with monkeypatch.context() as patch:
        patch.setattr(download, "_fill", lambda *_: (_ for _ in ()).throw(StoreBusy("somebody writes")))
        assert person.open("/download").send({}, 503).h1 == "Saving does not work right now"
    assert got(person).namelist()


def test_one_file_is_made_at_a_time_and_of_one_browser_the_last_tap_waits(
    person: Visitor, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, go_on, most, now = person.open("/download"), threading.Event(), [], []
    real = download._fill

    def slow(*rest: Any) -> None:
        now.append(1)
        most.append(len(now))
        assert go_on.wait(60)
        real(*rest)
        now.pop()

    monkeypatch.setattr(download, "_fill", slow)

    def ask(_: int) -> int:
        client = app.test_client()
        client.set_cookie("ff", person.cookie.partition("=")[2])
        status = client.post("/download", data=page.data({}), buffered=True).status_code
        go_on.set()  # the first to hear anything is the one who was told to wait
        return status

    with ThreadPoolExecutor(4) as threads:
        codes = sorted(threads.map(ask, range(4)))
    assert codes == [200, 200, 503, 503]
    assert max(most) == 1


def test_a_photo_that_is_gone_or_damaged_does_not_keep_the_rest_from_its_owner(
    person: Visitor, definitions: Definitions
) -> None:
    missing = {"stairs-no-rails": {"id": "0" * 32, "at": 0}, "../../x": {"id": "1" * 32, "at": 0}}
    store().change_draft(
        person.record_id, lambda data: data["photos"].update(missing), content_hash=definitions.content_hash
    )
    archive = got(person)
    names = archive.namelist()
    assert [each["file"] for each in read(archive, "everything.json")["photos"]] == ["photos/bath-slippery.jpg"]
    assert "photos/bath-slippery.jpg" in names
    assert not [name for name in names if ".." in name or "stairs" in name]


def test_many_photos_need_the_memory_of_a_few(person: Visitor, definitions: Definitions) -> None:
    links = [question.link_id for question in definitions.questions["home"]][:40]
    shown = {}
    for number, link_id in enumerate(links):
        picture = TUB + os.urandom(300_000)
        shown[link_id] = {
            "id": store().keep_photo(person.record_id, submit_key=f"k{number}", picture=picture),
            "at": 0,
        }
    store().change_draft(
        person.record_id, lambda data: data.update(photos=shown), content_hash=definitions.content_hash
    )
    got(person)
    draft = store().get_draft(person.record_id)
    with tempfile.TemporaryFile() as file, zipfile.ZipFile(file, "w") as archive, person.app.test_request_context():
        record = OpenRecord(record_id=draft.record_id, revision=draft.revision, draft=Draft.from_json(draft.data))
        tracemalloc.start()
        download._add_photos(archive, record)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert len(archive.namelist()) == len(links)
    assert peak < 5_000_000, peak


def test_the_page_is_linked_from_the_plan_and_from_erasing(person: Visitor) -> None:
    assert person.open("/plan").links()["Download everything"] == "/download"
    assert person.open("/erase").links()["Download everything first"] == "/download"
    assert person.open("/download").back().path == "/plan"
