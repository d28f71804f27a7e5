"""Single sign-on against another's provider, which runs beside the tests: who is connected comes in, and nobody else."""

import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask import Flask, session

from storage.clinics.store import ClinicStore
from tests.clinic import AtWork, at_work, new_clinic
from tests.processes import started, wait_until
from tests.visitor import Page, Visitor
from tests.web_server import free_port, is_listening
from web.clinic.signing_in.setting_up import new_link
from web.core.settings import SettingError, single_sign_on
from web.core.stores import store
from web.visitor.budgets import SESSIONS

CLAIMS = ({"sub": "ana", "tid": "ours"}, {"sub": "ben", "tid": "ours"}, {"sub": "eve", "tid": "theirs"})


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The address of a provider; its module warns when imported, so it has a process of its own."""
    port = free_port()
    users = [part for each in CLAIMS for part in ("--user-claims", json.dumps(each))]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), *users]
    address = f"http://127.0.0.1:{port}"
    with started(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
        wait_until(lambda: is_listening(port), seconds=60, otherwise="the provider does not start")
        yield address


@pytest.fixture
def app(issuer: str, restart: Callable[[], Flask], monkeypatch: pytest.MonkeyPatch) -> Flask:
    for name, value in {"ISSUER": issuer, "CLIENT": "firm-footing", "SECRET": "s", "TENANT": "ours"}.items():
        monkeypatch.setenv(f"FIRM_FOOTING_OIDC_{name}", value)
    return restart()


@pytest.fixture
def clinic(app: Flask) -> ClinicStore:
    return new_clinic()


def at_provider(visitor: Visitor, begin: str, subject: str) -> str:
    """Where the provider sends the browser back to, once somebody has said there who they are."""
    leads = visitor.client.get(begin)
    assert leads.status_code == 303, leads.get_data(as_text=True)
    asked = parse_qs(urlsplit(leads.location).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert {"state", "nonce", "code_challenge"} <= asked.keys()
    answer = requests.post(leads.location, data={"sub": subject}, allow_redirects=False, timeout=20)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"].removeprefix("http://localhost")


def come_back(visitor: Visitor, path: str) -> tuple[int, str, str]:
    """The status, where it leads, and the page."""
    answer = visitor.client.get(path)
    return answer.status_code, answer.headers.get("Location", ""), answer.get_data(as_text=True)


def connect(at: AtWork, subject: str) -> None:
    assert come_back(at.visitor, at_provider(at.visitor, "/clinic/my-sign-in/organization", subject))[0] == 303


def press(visitor: Visitor, path: str, **fields: str) -> Page:
    token = visitor.open("/clinic/my-sign-in").data({})["csrf_token"]
    return visitor.post(path, {"csrf_token": token, **fields}, follow_redirects=True)


def test_who_is_connected_comes_in_and_out_again(app: Flask, clinic: ClinicStore) -> None:
    at = at_work(app, "clinician", clinic)
    connect(at, "ana")
    assert "without your password" in at.visitor.open("/clinic/my-sign-in").main
    visitor = Visitor(app)
    assert "Use my organization's sign-in" in visitor.open("/clinic/sign-in").main
    assert come_back(visitor, at_provider(visitor, "/clinic/sign-in/organization", "ana"))[:2] == (303, "/clinic")
    assert visitor.open("/clinic").h1 == "Hill Street Clinic"
    press(at.visitor, "/clinic/my-sign-in/organization/end")
    visitor = Visitor(app)
    status, _leads, page = come_back(visitor, at_provider(visitor, "/clinic/sign-in/organization", "ana"))
    assert status == 403
    assert "does not know you yet" in page
    did = [line.did for line in clinic.audit_log(at_most=9).lines]
    assert did == ["changed-organization", "signed-in", "changed-organization"]


def test_a_stranger_and_another_organization_are_told_so(app: Flask, clinic: ClinicStore) -> None:
    for subject, status, says in (("ben", 403, "does not know you yet"), ("eve", 422, "not of your organization")):
        visitor = Visitor(app)
        found = come_back(visitor, at_provider(visitor, "/clinic/sign-in/organization", subject))
        assert found[0] == status
        assert says in found[2]
        assert visitor.client.get("/clinic").status_code == 303


def test_the_second_step_is_still_asked_for(app: Flask, clinic: ClinicStore) -> None:
    connect(at_work(app, "manager", clinic), "ana")
    visitor = Visitor(app)
    found = come_back(visitor, at_provider(visitor, "/clinic/sign-in/organization", "ana"))
    assert found[:2] == (303, "/clinic/sign-in/code")
    assert visitor.client.get("/clinic").location == "/clinic/sign-in"


def test_who_is_disabled_or_reset_does_not_come_in(app: Flask, clinic: ClinicStore) -> None:
    at = at_work(app, "clinician", clinic)
    connect(at, "ana")
    clinic.change_staff(at.staff.staff_id, lambda found: replace(found, is_disabled=True))
    visitor = Visitor(app)
    assert come_back(visitor, at_provider(visitor, "/clinic/sign-in/organization", "ana"))[0] == 403
    with app.app_context():
        new_link(clinic.clinic_id, at.staff.staff_id)
    assert come_back(visitor, at_provider(visitor, "/clinic/sign-in/organization", "ana"))[0] == 403


def test_one_subject_is_one_person(app: Flask, clinic: ClinicStore) -> None:
    connect(at_work(app, "clinician", clinic), "ana")
    other = at_work(app, "clinician", new_clinic("Other"))
    status, _leads, page = come_back(
        other.visitor, at_provider(other.visitor, "/clinic/my-sign-in/organization", "ana")
    )
    assert status == 409
    assert "Somebody else" in page
    assert other.clinic.get_staff(other.staff.staff_id).subject == ""


def test_it_opens_a_lock_and_what_was_typed_is_there(app: Flask, clinic: ClinicStore) -> None:
    at = at_work(app, "clinician", clinic)
    connect(at, "ana")
    press(at.visitor, "/clinic/lock", to="/clinic/my-sign-in")
    assert at.visitor.open("/clinic/locked").h1 == "Locked"
    found = come_back(at.visitor, at_provider(at.visitor, "/clinic/sign-in/organization", "ana"))
    assert found[:2] == (303, "/clinic/my-sign-in")


def test_an_answer_that_was_asked_for_in_another_browser_opens_nothing(app: Flask, clinic: ClinicStore) -> None:
    connect(at_work(app, "clinician", clinic), "ana")
    path = at_provider(Visitor(app), "/clinic/sign-in/organization", "ana")
    stranger = Visitor(app)
    status, _leads, page = come_back(stranger, path)
    assert status == 422
    assert "Try again, or use your password." in page
    assert stranger.client.get("/clinic").status_code == 303


@pytest.mark.parametrize("query", ["", "?state=x&code=y", "?error=access_denied&state=x", "?state=%00&code=%ff"])
def test_a_forged_answer_is_a_sentence(app: Flask, clinic: ClinicStore, query: str) -> None:
    status, _leads, page = come_back(Visitor(app), f"/clinic/sign-in/organization/back{query}")
    assert status == 422
    assert "did not answer as it should" in page


def test_a_code_opens_once(app: Flask, clinic: ClinicStore) -> None:
    connect(at_work(app, "clinician", clinic), "ana")
    visitor = Visitor(app)
    path = at_provider(visitor, "/clinic/sign-in/organization", "ana")
    assert come_back(visitor, path)[0] == 303
    visitor.client.delete_cookie("ff-staff", domain="localhost")
    assert come_back(visitor, path)[0] == 422


def test_who_asks_again_and_again_fills_no_session_and_many_new_ones_wait(app: Flask, clinic: ClinicStore) -> None:
    client = app.test_client()
    with client:
        for _ in range(3):
            assert client.get("/clinic/sign-in/organization").status_code == 303
        stored = store().find_session(session.session_id)
    assert len([name for name in stored if name.startswith("_state_")]) == 1
    answers = [app.test_client().get("/clinic/sign-in/organization").status_code for _ in range(SESSIONS.by_one + 1)]
    assert answers[-1] == 429


def test_a_provider_that_is_away_is_a_sentence_and_the_log_names_nobody(
    restart: Callable[[], Flask], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name, value in {"ISSUER": "http://127.0.0.1:9", "CLIENT": "c", "SECRET": "very-secret"}.items():
        monkeypatch.setenv(f"FIRM_FOOTING_OIDC_{name}", value)
    with caplog.at_level(logging.DEBUG):
        answer = restart().test_client().get("/clinic/sign-in/organization")
    assert answer.status_code == 502
    assert "Try again, or use your password." in answer.get_data(as_text=True)
    assert "very-secret" not in caplog.text


def test_without_the_settings_there_is_none_and_the_library_is_not_even_read(restart: Callable[[], Flask]) -> None:
    client = restart().test_client()
    assert client.get("/clinic/sign-in/organization").status_code == 404
    assert client.get("/clinic/sign-in/organization/back").status_code == 404
    assert "organization" not in client.get("/clinic/sign-in").get_data(as_text=True)
    found = subprocess.run(
        [sys.executable, "-c", "import sys, app; app.create_app(); print('authlib' in sys.modules)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert found.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"ISSUER": "https://login.example.org"}, "belong together"),
        ({"CLIENT": "c", "SECRET": "s"}, "belong together"),
        (
            {"ISSUER": "https://login.microsoftonline.com/common/v2.0", "CLIENT": "c", "SECRET": "s"},
            "lets everybody in",
        ),
        ({"ISSUER": "https://login.microsoftonline.com/organizations", "CLIENT": "c", "SECRET": "s"}, "lets everybody"),
        ({"ISSUER": "https://accounts.google.com", "CLIENT": "c", "SECRET": "s"}, "lets everybody in"),
    ],
)
def test_settings_that_are_half_or_open_to_everybody_are_refused(
    given: dict[str, str], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(f"FIRM_FOOTING_OIDC_{name}", value)
    with pytest.raises(SettingError, match=says):
        single_sign_on()
