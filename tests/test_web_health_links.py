"""A plan handed to a clinic: a square that another's program opens, what goes wrong with it, a note, and a file."""

import base64
import json
import logging
import random
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from playwright._impl._driver import compute_driver_executable
from werkzeug.test import TestResponse

from reports.words.speech import speech
from storage import StoreBusy
from storage.health_link_model import MOST_HEALTH_LINKS
from storage.rows.tables import OWN, RECORDS, SESSIONS
from storage.sqlite.connecting import connect
from storage.sqlite.opening import DATABASE
from tests.fhir_judge import JUDGES
from tests.page_checks import check_headers, text_of
from tests.pdf_text import text_of_paper
from tests.processes import NEVER_SECONDS
from tests.visitor import After, Page, Visitor
from web.core.stores import store
from web.visitor.budgets import FETCHES_OF_A_FILE

HTTPS = "https://clinic.example"
PRIVATE = "self-harm"
Json = dict[str, Any]


def reach(visitor: Visitor) -> None:
    visitor.base_url = HTTPS
    visitor.begin()
    visitor.take("/about/age", {"age": "72", "sex": "female", "hospital-past-3-months": "no"}, "no")
    visitor.tick()
    visitor.take("/falls/fell-past-year", {"fell-past-year": "yes", "unsteady-walking": "yes"}, "no")
    visitor.see_plan()
    visitor.open("/plan/own").send({"title": "Call the landlord", "note": "Ask Sam Smith about it"})
    visitor.open("/keep").send({})


@pytest.fixture
def printed(app: Flask, after: After) -> Visitor:
    """Somebody with a plan, a step and a note of their own, and a link to come back by."""
    app.config["TRUSTED_HOSTS"] = ["clinic.example"]
    visitor = after(reach)
    visitor.base_url = HTTPS
    return visitor


@pytest.fixture
def planned(printed: Visitor, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    """The same without the second that a paper takes."""
    monkeypatch.setattr("web.sharing.health_links.paper_of", lambda *_: b"%PDF-1.7")
    return printed


@dataclass(frozen=True)
class Made:
    """A square that was made: its page, its link, and what stands in that."""

    page: Page
    link: str

    @property
    def payload(self) -> Json:
        packed = self.link.removeprefix("shlink:/")
        found: Json = json.loads(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
        return found

    @property
    def path(self) -> str:
        return str(self.payload["url"]).removeprefix(HTTPS)


def made_of(page: Page) -> Made:
    (link,) = set(re.findall(r"shlink:/[\w-]+", page.html))
    return Made(page=page, link=link)


def form_of(page: Page, action: str = "/for-a-clinic") -> dict[str, str]:
    """What the first form with this address sends by itself."""
    form = next(each for each in page.tree.iter("form") if each.get("action") == action)
    return {
        str(each.get("name")): str(each.get("value")) for each in form.iter("input") if each.get("type") == "hidden"
    }


def make(visitor: Visitor, **fields: str) -> Made:
    data = {**form_of(visitor.open("/for-a-clinic")), "days": "1", **fields}
    return made_of(visitor.post("/for-a-clinic", data))


def fetched(app: Flask, made: Made) -> TestResponse:
    """As a clinic's computer does, which has no cookie and is another site's."""
    headers = {"Origin": "https://viewer.example", "Sec-Fetch-Site": "cross-site"}
    return app.test_client().get(f"{made.path}?recipient=Hill+Street+Clinic", base_url=HTTPS, headers=headers)


def viewed(*asked: tuple[str, int, bytes]) -> list[Json]:
    """What another's viewer makes of each link and what its address answers."""
    node, _ = compute_driver_executable()
    command = [str(node), str(Path(__file__).with_name("health_link_viewer.mjs")), str(JUDGES / "package.json")]
    sent = json.dumps([{"link": link, "status": status, "body": body.decode()} for link, status, body in asked])
    done = subprocess.run(command, input=sent, capture_output=True, text=True, timeout=NEVER_SECONDS, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found: list[Json] = json.loads(done.stdout)
    return found


def kinds(bundle: Json) -> dict[str, Json]:
    return {each["resource"]["resourceType"]: each["resource"] for each in bundle["entry"]}


def test_anothers_program_opens_the_square_and_finds_the_plan_with_its_paper(app: Flask, printed: Visitor) -> None:
    made = make(printed)
    answer = fetched(app, made)
    check_headers(answer)
    assert answer.content_type == "application/jose"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in answer.headers
    now = store().list_health_links(printed.record_id, 0)[0].made

    (found,) = viewed((made.link, answer.status_code, answer.data))

    assert found["asked"] == [f"GET {made.payload['url']}?recipient=Hill+Street+Clinic"]
    label = f"Firm Footing, {date.today()}"
    assert made.payload == {**made.payload, "flag": "U", "exp": now + 86_400, "label": label, "v": 1}
    assert found["payload"] == {name: made.payload[name] for name in ("url", "label", "exp", "flag", "v")}
    assert len(base64.urlsafe_b64decode(made.payload["key"] + "=")) == 32
    assert len(made.payload["url"]) <= 128
    (bundle,) = found["resources"]
    resources = kinds(bundle)
    pdf = base64.b64decode(resources["DocumentReference"]["content"][0]["attachment"]["data"])
    paper = text_of_paper(pdf)
    assert "Call the landlord" in paper
    assert resources["CarePlan"]["activity"]
    for nobodys in ("Sam Smith", "/open/", printed.record_id):
        assert nobodys not in paper + json.dumps(bundle)


def today_in_words() -> str:
    return speech("en", "us").day(date.today())


def test_the_page_says_what_it_is_and_of_which_day_and_shows_it_without_an_address_of_its_own(
    planned: Visitor,
) -> None:
    made = make(planned, days="7")
    assert made.page.h1 == "Show this square"
    assert f"It opens the plan of {today_in_words()}, as it stands now." in made.page.main
    assert "and what is ticked later is not in it." in made.page.main
    (square,) = [each for each in made.page.tree.iter("div") if each.get("role") == "img"]
    assert [each.tag.rpartition("}")[2] for each in square.iter()] == ["div", "svg", "path", "path"]
    sources = [each.get("src") or each.get("href") or "" for each in made.page.tree.iter()]
    assert not [each for each in sources if made.payload["key"] in each or "shlink" in each]
    assert ", until " in planned.open("/for-a-clinic").main


def test_the_same_form_shows_the_same_square_and_another_day_or_choice_another(planned: Visitor) -> None:
    form = form_of(planned.open("/for-a-clinic"))
    one, again, week = (made_of(planned.post("/for-a-clinic", {**form, "days": days})) for days in ("1", "1", "7"))
    assert one.link == again.link
    assert one.payload["key"] != week.payload["key"]
    assert len(store().list_health_links(planned.record_id, 0)) == 2
    weak = [made_of(planned.post("/for-a-clinic", {**form_of(planned.open("/for-a-clinic")), "secret": "x"}))]
    form = form_of(planned.open("/for-a-clinic"), "/for-a-clinic/take-back")
    planned.post("/for-a-clinic/take-back", form)
    weak.append(made_of(planned.post("/for-a-clinic", {**form_of(planned.open("/for-a-clinic")), "secret": "x"})))
    assert weak[0].link != weak[1].link, "a secret that could be guessed makes none"


def test_three_may_stand_at_once(planned: Visitor) -> None:
    for _ in range(MOST_HEALTH_LINKS):
        made = make(planned)
    page = planned.post("/for-a-clinic", {**form_of(planned.open("/for-a-clinic")), "days": "1"}, 422)
    assert page.errors == ["3 squares stand already. Take one of them back first."]
    form = form_of(made.page, "/for-a-clinic/take-back")
    planned.post("/for-a-clinic/take-back", form)
    assert make(planned)


def over(app: Flask, planned: Visitor, made: Made) -> TestResponse:
    with time_machine.travel(made.payload["exp"], tick=False):
        assert planned.open("/for-a-clinic").main.count("Take it back") == 0
        return fetched(app, made)


def taken_back(app: Flask, planned: Visitor, made: Made) -> TestResponse:
    form = form_of(planned.open("/for-a-clinic"), "/for-a-clinic/take-back")
    assert "It is taken back." in planned.post("/for-a-clinic/take-back", form).main
    return fetched(app, made)


def erased(app: Flask, planned: Visitor, made: Made) -> TestResponse:
    store().erase(planned.record_id)
    return fetched(app, made)


@pytest.mark.parametrize("gone", [over, taken_back, erased])
def test_what_is_gone_is_answered_like_what_never_was(
    app: Flask, planned: Visitor, gone: Callable[[Flask, Visitor, Made], TestResponse]
) -> None:
    made = make(planned)
    found = gone(app, planned, made)
    never = app.test_client().get(f"/health-link/{'x' * 43}", base_url=HTTPS)
    for answer in (found, never):
        answer.headers.pop("X-Request-ID")  # each request has its own
    assert (found.status_code, found.data, dict(found.headers)) == (404, never.data, dict(never.headers))
    assert "Set-Cookie" not in found.headers
    (seen,) = viewed((made.link, found.status_code, found.data))
    assert seen["error"].startswith("SHLNetworkError: File not found")


def test_a_row_that_was_changed_is_not_given_and_a_file_that_was_changed_is_not_opened(
    app: Flask, planned: Visitor, folder: Path
) -> None:
    made = make(planned)
    whole = fetched(app, made).data
    parts = whole.split(b".")
    flipped = b".".join((*parts[:3], parts[3][::-1], parts[4]))
    others = make(planned, days="7").link
    for seen in viewed(*((made.link, 200, each) for each in (flipped, whole[:-9], b"")), (others, 200, whole)):
        assert seen["error"].startswith(("SHLDecryptionError", "SHLNetworkError")), seen
    db = connect(folder / DATABASE)
    db.execute("UPDATE health_links SET sealed = CAST(substr(sealed, 1, length(sealed) - 1) || x'00' AS BLOB)")
    db.close()
    assert fetched(app, made).status_code == 404
    assert planned.open("/for-a-clinic").main.count("Take it back") == 0


def test_the_key_is_in_no_log_and_in_no_row(
    app: Flask, planned: Visitor, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    made = make(planned)
    fetched(app, made)
    form = {**form_of(planned.open("/for-a-clinic")), "days": "7"}
    with monkeypatch.context() as patch:

        def fail(*_: object, **__: object) -> None:
            raise RuntimeError(form["secret"])

        patch.setattr("web.sharing.health_links.sealed", fail)
        planned.post("/for-a-clinic", form, 500)
    planned.client.post("/settings", data={**form, "to": "/for-a-clinic", "text": "larger"}, base_url=HTTPS)
    with store()._reading() as rows:
        plain = [
            bytes(row.plain) + str((row.row_id, *row.bound.values())).encode()
            for table in (SESSIONS, RECORDS, *OWN)
            for row in rows.all(table)
        ]
    key, token = made.payload["key"], made.path.rpartition("/")[2]
    raw = base64.urlsafe_b64decode(key + "=")
    assert len(plain) > 4
    for secret in (key, form["secret"], token):
        assert secret not in caplog.text
        assert not [each for each in plain if secret.encode() in each]
    assert not [each for each in plain if raw in each or raw.hex().encode() in each]
    assert "RuntimeError on POST health_links.make" in caplog.text


def test_a_large_file_is_opened_too(app: Flask, planned: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    pdf = random.Random(7).randbytes(1_500_000)  # which nothing makes smaller
    monkeypatch.setattr("web.sharing.health_links.paper_of", lambda *_: pdf)
    made = make(planned)
    answer = fetched(app, made)
    assert len(answer.data) > 1_000_000
    (found,) = viewed((made.link, 200, answer.data))
    attachment = kinds(found["resources"][0])["DocumentReference"]["content"][0]["attachment"]
    assert base64.b64decode(attachment["data"]) == pdf


def test_a_file_is_fetched_so_often_an_hour_and_no_other_is_kept_from_anybody(app: Flask, planned: Visitor) -> None:
    made, other = make(planned), make(planned)
    for _ in range(int(FETCHES_OF_A_FILE.by_one)):
        assert fetched(app, made).status_code == 200
    refused = fetched(app, made)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) >= 1
    assert refused.headers["Access-Control-Allow-Origin"] == "*"
    assert fetched(app, other).status_code == 200


def test_a_store_that_is_busy_says_so_without_a_cookie(
    app: Flask, planned: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make(planned)

    def busy(*_: object) -> None:
        raise StoreBusy("busy")

    monkeypatch.setattr(type(store()), "get_health_file", busy)
    found = fetched(app, made)
    assert (found.status_code, "Set-Cookie" in found.headers) == (503, False)


def test_without_https_no_square_is_made(visitor: Visitor) -> None:
    visitor.begin()
    visitor.tick()
    visitor.open("/falls/fell-past-year").send({"fell-past-year": "yes"})
    visitor.see_plan()
    assert "one that starts with https" in visitor.open("/for-a-clinic").main
    token = visitor.open("/settings").hidden("csrf_token")
    sent = visitor.post("/for-a-clinic", {"csrf_token": token, "record": visitor.record_id, "days": "1"})
    assert sent.h1 == "For a clinic"
    assert store().list_health_links(visitor.record_id, 0) == ()


def test_what_only_the_person_may_read_has_its_other_name_in_all_three(app: Flask, printed: Visitor) -> None:
    printed.tick("thoughts-of-self-harm").send({"answer": "called"})
    printed.see_plan()
    page = printed.open("/for-a-clinic")
    file = printed.client.get("/for-a-clinic/file", base_url=HTTPS)
    made = make(printed)
    (found,) = viewed((made.link, 200, fetched(app, made).data))
    (bundle,) = found["resources"]
    pdf = base64.b64decode(kinds(bundle)["DocumentReference"]["content"][0]["attachment"]["data"])
    paper = text_of_paper(pdf)
    for text in (text_of(next(page.tree.iter("textarea"))), json.dumps(bundle), file.get_data(as_text=True), paper):
        assert PRIVATE not in text
        assert "omeone to talk to" in text


def test_while_help_comes_first_what_was_given_away_can_still_be_taken_back(app: Flask, planned: Visitor) -> None:
    made = make(planned)
    planned.tick("stroke-signs")
    page = planned.open("/for-a-clinic")
    assert "A note to paste" not in page.main
    planned.post("/for-a-clinic/take-back", form_of(page, "/for-a-clinic/take-back"))
    assert fetched(app, made).status_code == 404


def test_the_note_is_short_and_the_file_is_named_for_filing(planned: Visitor) -> None:
    page = planned.open("/for-a-clinic")
    (area,) = page.tree.iter("textarea")
    note = (area.text or "").strip()
    assert 200 < len(note) <= 1_500
    assert note.startswith("Firm Footing, ")
    assert "Call the landlord" in note
    assert "Sam Smith" not in note
    file = planned.client.get("/for-a-clinic/file", base_url=HTTPS)
    check_headers(file)
    name = f"{date.today()}-fall-and-bone-plan.fhir.json"
    assert file.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert {"DocumentReference", "CarePlan", "Provenance"} <= kinds(file.get_json(force=True)).keys()


def test_a_stranger_takes_nothing_back(app: Flask, planned: Visitor) -> None:
    made = make(planned)
    other = Visitor(app, HTTPS)
    other.begin()
    form = {**form_of(made.page, "/for-a-clinic/take-back"), "csrf_token": other.open("/settings").hidden("csrf_token")}
    other.post("/for-a-clinic/take-back", form, 404)
    own = {**form, "record": other.record_id}
    other.client.post("/for-a-clinic/take-back", data=own, base_url=HTTPS)
    assert fetched(app, made).status_code == 200
