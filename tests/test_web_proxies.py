"""Behind a web server: whom it speaks for is believed from a trusted address only, and what it drops is named."""

import logging
from collections.abc import Callable, Mapping

import pytest
from flask import Flask, request

from tests.page_checks import check_headers
from tests.visitor import Visitor
from web.core import proxies, security
from web.core.settings import SettingError, trusted_proxies

FORWARDED = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "clinic.example"}
UNTOLD = ("127.0.0.1", "http", "localhost")
SPOKEN_FOR = ("203.0.113.7", "https", "clinic.example")
AMONG_OTHERS = {
    **FORWARDED,
    "X-Forwarded-For": "127.0.0.1, 198.51.100.1, 203.0.113.7",
    "X-Forwarded-Proto": "http, https",
}


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch, restart: Callable[[], Flask]) -> Flask:
    """The app behind a web server on the same machine."""
    monkeypatch.setenv("FIRM_FOOTING_PROXIES", "127.0.0.1, 10.0.0.5")
    monkeypatch.setenv("FIRM_FOOTING_HOSTS", "clinic.example")
    made = restart()
    made.add_url_rule("/seen", "seen", lambda: [request.remote_addr, request.scheme, request.host])
    return made


@pytest.mark.parametrize(
    ("peer", "headers", "seen"),
    [
        ("127.0.0.1", FORWARDED, SPOKEN_FOR),
        ("10.0.0.5", FORWARDED, SPOKEN_FOR),
        ("127.0.0.1", AMONG_OTHERS, SPOKEN_FOR),  # only the last is from the web server, the others from whoever asked
        ("127.0.0.1", {**FORWARDED, "X-Forwarded-For": "2001:db8::7"}, ("2001:db8::7", *SPOKEN_FOR[1:])),
        ("127.0.0.1", {}, UNTOLD),
        ("127.0.0.1", {"Forwarded": "for=203.0.113.7;proto=https", "X-Real-IP": "203.0.113.7"}, UNTOLD),
        ("10.0.0.50", FORWARDED, ("10.0.0.50", *UNTOLD[1:])),
        ("203.0.113.7", {**FORWARDED, "X-Forwarded-For": "127.0.0.1"}, ("203.0.113.7", *UNTOLD[1:])),
        ("10.0.0.50", {"X-Forwarded-For": "nonsense", "X-Forwarded-Proto": "gopher"}, ("10.0.0.50", *UNTOLD[1:])),
    ],
)
def test_client_scheme_and_host_are_believed_from_a_trusted_address_only(
    app: Flask, peer: str, headers: Mapping[str, str], seen: tuple[str, ...]
) -> None:
    told = app.test_client().get("/seen", headers=headers, environ_base={"REMOTE_ADDR": peer})
    assert tuple(told.get_json()) == seen


@pytest.mark.parametrize("peer", ["127.0.0.1", "203.0.113.7"])
def test_with_no_setting_nobody_is_believed(monkeypatch: pytest.MonkeyPatch, app: Flask, peer: str) -> None:
    monkeypatch.delenv("FIRM_FOOTING_PROXIES")
    told = app.test_client().get("/seen", headers=FORWARDED, environ_base={"REMOTE_ADDR": peer})
    assert told.get_json() == [peer, *UNTOLD[1:]]


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Forwarded-For", "nonsense"),
        ("X-Forwarded-For", "unknown"),
        ("X-Forwarded-For", ""),
        ("X-Forwarded-For", "203.0.113.7:4711"),
        ("X-Forwarded-For", "203.0.113.7,"),
        ("X-Forwarded-For", "203.0.113.7, <script>"),
        ("X-Forwarded-Proto", "gopher"),
        ("X-Forwarded-Proto", "https, "),
        ("X-Forwarded-Proto", "\u00e9"),
    ],
)
def test_a_header_that_cannot_be_followed_is_named_on_the_page_and_in_the_log(
    app: Flask, caplog: pytest.LogCaptureFixture, header: str, value: str
) -> None:
    for method in ("GET", "POST"):
        response = app.test_client().open("/", method=method, headers={**FORWARDED, header: value})
        assert response.status_code == 400
        check_headers(response)
        assert header in response.get_data(as_text=True)
    assert header in caplog.text
    assert "203.0.113" not in caplog.text


def test_a_header_that_the_web_server_does_not_send_is_noted_once(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    proxies.note_missing.cache_clear()
    for _ in range(2):
        app.test_client().get("/seen", headers={"X-Forwarded-Proto": "https"})
    assert [each.getMessage().split(" (")[0] for each in caplog.records] == [
        "the web server in front sends no X-Forwarded-For"
    ]


@pytest.mark.parametrize("host", ["evil.example", "clinic.example evil", "[", "clinic.example:x"])
def test_a_host_that_nobody_told_of_is_refused_as_ever(app: Flask, host: str) -> None:
    assert app.test_client().get("/", headers={**FORWARDED, "X-Forwarded-Host": host}).status_code == 400


@pytest.mark.parametrize("told", ["*", "localhost", "10.0.0.0/8", "127.0.0.1:8000", "1", "127.0.0.1;10.0.0.5"])
def test_a_setting_that_is_no_address_says_what_may_stand_there(monkeypatch: pytest.MonkeyPatch, told: str) -> None:
    monkeypatch.setenv("FIRM_FOOTING_PROXIES", told)
    with pytest.raises(SettingError, match=r"FIRM_FOOTING_PROXIES is .* like 127\.0\.0\.1"):
        trusted_proxies()


def test_over_https_the_cookie_is_secure_and_the_browser_told_to_stay(app: Flask) -> None:
    response = app.test_client().get("/for-whom", headers=FORWARDED)
    assert response.headers["Set-Cookie"].startswith("__Host-ff=")
    assert "; Secure;" in response.headers["Set-Cookie"]
    assert response.headers["Strict-Transport-Security"]


# ---- A web server that changes the header Host, as it does unless it is told not to


def test_where_the_browser_says_that_a_form_is_ours_the_host_may_be_another(visitor: Visitor) -> None:
    headers = {"Origin": "https://clinic.example:8443", "Sec-Fetch-Site": "same-origin"}
    page = visitor.open("/for-whom").send({"answering": "self"}, headers=headers)
    assert page.path == "/about/age"


@pytest.mark.parametrize("origin", ["https://clinic.example", "http://localhost:8000", "https://evil.example", "null"])
def test_where_it_does_not_say_page_and_log_name_the_header(
    visitor: Visitor, caplog: pytest.LogCaptureFixture, origin: str
) -> None:
    page = visitor.open("/for-whom").send({"answering": "self"}, 400, headers={"Origin": origin})
    assert "must pass on the header Host" in page.text
    assert "must pass on the header Host" in caplog.text
    assert "example" not in caplog.text


def test_https_that_the_app_is_not_told_of_is_noted_once(visitor: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    security.note_untold_https.cache_clear()
    caplog.set_level(logging.WARNING)
    for _ in range(2):
        visitor.open("/for-whom").send({"answering": "self"}, headers={"Origin": "https://localhost"})
    (record,) = caplog.records
    assert "X-Forwarded-Proto" in record.getMessage()
