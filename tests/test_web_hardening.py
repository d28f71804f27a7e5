"""What nobody should send: too much, to the wrong name, or strings that break other programs."""

import logging
from html import unescape

import pytest
from flask import Flask

from tests.page_checks import check_headers, parse
from tests.visitor import Page, Visitor

NAUGHTY = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onfocus='alert(1)' autofocus='",
    "</textarea></title></style><svg/onload=alert(1)>",
    "javascript:alert(1)",
    "<!--",
    "]]>",
    "&lt;b&gt;&amp;&#0;&#x110000;",
    "{{ 7 * 7 }}",
    "{% include 'layout.html' %}",
    "{{ config }}{{ ''.__class__.__mro__ }}",
    "${7*7}#{7*7}<%= 7*7 %>",
    "%s%n%p%x",
    "\x00",
    "72\x00",
    "\x01\x07\x1b[31m\x7f\x85",
    "\r\nSet-Cookie: a=b",
    "\ufffe\uffff\ufdd0\U0001fffe",
    "\ud800".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
    "\u202e\u2066right to left\u2069",
    "\u200b\u200d\ufeff",
    "Z\u0351\u036b\u0343a\u0361\u0334l\u0360g\u0336o" * 10,
    "\U0001f9b4\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "مرحبا שלום 你好 नमस्ते",
    "\u0661\u0662\u0663",
    "½ ² ⅷ ㊷",
    "NaN",
    "-Infinity",
    "1e400",
    "0x48",
    "7_2",
    "--72",
    "1" * 400,
    "9" * 2000,
    ".",
    "..",
    "../../../etc/passwd",
    "C:\\CON",
    "'; DROP TABLE records; --",
    "=cmd|'/c calc'!A0",
    "$(reboot) `reboot` | reboot",
    "() { :; }; echo",
    "null",
    "undefined",
    "[object Object]",
    "true",
    " ",
    "\t\n\v\f",
    "a b " * 400,
    "\n" * 40,
)
FIELDS = {
    "/about/age": ("age",),
    "/about/sex": ("sex",),
    "/bone/weight-kg": ("weight-kg", "units", "then"),
    "/bone/height-cm": ("height-cm-feet", "height-cm-inches"),
    "/falls/numb-feet": ("numb-feet",),
    "/home/stairs": ("stairs-no-rails", "absent", "then"),
    "/warning-signs/back": ("signs",),
    "/for-whom": ("answering", "person_name"),
}


@pytest.fixture
def quiet(visitor: Visitor) -> Visitor:
    """Somebody who has begun."""
    visitor.begin()
    return visitor


# ---- Naughty strings


@pytest.mark.parametrize("path", FIELDS)
def test_no_string_in_any_field_breaks_a_page_or_gets_out_of_its_quotes(quiet: Visitor, path: str) -> None:
    form = quiet.open(path).data({})
    for naughty in NAUGHTY:
        for name in FIELDS[path]:
            response = quiet.client.post(path, data={**form, name: naughty})
            assert response.status_code in (303, 413, 422), (name, naughty)
            check_headers(response)
            if response.status_code == 422:
                refuse_markup(response.get_data(as_text=True), naughty)


@pytest.mark.parametrize("path", ["/bone/weight-kg", "/home/stairs", "/plan.pdf", "/", "/review/falls", "/see-my-plan"])
def test_no_string_in_an_address_breaks_a_page(quiet: Visitor, path: str) -> None:
    for naughty in NAUGHTY:
        query = dict.fromkeys(("then", "units", "print", "page", "clinician", naughty[:200]), naughty)
        response = quiet.client.get(path, query_string=query)
        assert response.status_code in (200, 303, 413), naughty
        if response.status_code == 200:
            refuse_markup(response.get_data(as_text=True), naughty)


def refuse_markup(html: str, naughty: str) -> None:
    tree = parse(html)
    assert all(str(each.get("src")).startswith("/static/") for each in tree.iter("script")), "only our own modules"
    assert not [each for each in tree.iter() if any(name.startswith("on") for name in each.attrib)]
    assert "49" not in [each.get("value") for each in tree.iter("input")]
    assert naughty not in html or unescape(naughty) == naughty or "<" not in naughty


def test_what_was_typed_comes_back_as_it_was_but_for_what_no_page_may_hold(quiet: Visitor) -> None:
    for typed, shown in (("<b>&amp;\"'", "<b>&amp;\"'"), (" 72\x00\x1b kg ", "72 kg"), ("\u202eabc", "abc")):
        page = quiet.open("/bone/weight-kg").send({"weight-kg": typed}, 422)
        assert page.chosen("weight-kg") == [shown]


# ---- Too much


def form_of(page: Page, **more: str) -> dict[str, str]:
    return {**dict(page.data({})), **more}


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"numb-feet": "x" * 2_000}, 422),
        ({"other": "x" * 2_001}, 422),
        ({"other": "\n" * 2_000}, 422),
        ({f"field-{number}": "x" * 1_900 for number in range(40)}, 413),
    ],
    ids=["2,000 letters", "2,001 letters", "2,000 lines", "more than 64 KB"],
)
def test_too_much_is_refused_with_what_to_do(quiet: Visitor, more: dict[str, str], status: int) -> None:
    page = quiet.open("/falls/numb-feet")
    refused = quiet.post("/falls/numb-feet", form_of(page, **more), status)
    assert ("shorten what you wrote" in refused.main) == (status == 413)
    assert quiet.open("/falls/numb-feet").chosen("numb-feet") == []


def test_many_parts_and_an_endless_body_are_refused(quiet: Visitor) -> None:
    page = quiet.open("/falls/numb-feet")
    parts = form_of(page, **{f"part-{number}": "x" for number in range(201)})
    for sent in (
        {"data": parts, "content_type": "multipart/form-data"},
        {"data": b"a=b&" * 100_000, "content_type": "application/x-www-form-urlencoded"},
        {"data": b"a=b&" * 1_000, "content_length": 10**12},
    ):
        response = quiet.client.post("/falls/numb-feet", **sent)
        assert response.status_code in (400, 413)
        check_headers(response)


def test_a_broken_multipart_body_is_no_fault_of_ours(quiet: Visitor) -> None:
    for body in (b"", b"--x", b"--x\r\n\r\n--x--", b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n\xff\xfe"):
        response = quiet.client.post("/falls/numb-feet", data=body, content_type="multipart/form-data; boundary=x")
        assert response.status_code == 400
        check_headers(response)


def test_a_file_where_a_word_is_asked_is_no_answer(quiet: Visitor) -> None:
    import io

    page = quiet.open("/falls/numb-feet")
    data = {**form_of(page), "numb-feet": (io.BytesIO(b"yes"), "yes.txt")}
    assert quiet.client.post("/falls/numb-feet", data=data).status_code == 422


# ---- Names of hosts


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "localhost, evil.example", "", "127.0.0.1.nip.io", "a b", "\\"]
)
def test_a_host_that_nobody_named_is_refused_on_a_page_without_links(
    visitor: Visitor, host: str, caplog: pytest.LogCaptureFixture
) -> None:
    for path in ("/", "/nowhere", "/static/site.css"):
        response = visitor.client.get(path, headers={"Host": host})
        html = response.get_data(as_text=True)
        assert response.status_code == 400
        check_headers(response)
        parse(html)
        assert "FIRM_FOOTING_HOSTS" in html
        assert "href" not in html
        assert "Set-Cookie" not in response.headers
    assert caplog.text == ""


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1", "127.0.0.1:65535"])
def test_this_machines_own_names_are_known(visitor: Visitor, host: str) -> None:
    assert visitor.client.get("/", headers={"Host": host}).status_code == 200


def test_a_name_that_was_told_is_known(monkeypatch: pytest.MonkeyPatch, folder: object) -> None:
    from app import create_app

    monkeypatch.setenv("FIRM_FOOTING_HOSTS", " clinic.example , footing.example")
    client = create_app().test_client()
    for host in ("clinic.example", "footing.example:8443"):
        assert client.get("/", headers={"Host": host}).status_code == 200
    assert client.get("/", headers={"Host": "www.clinic.example"}).status_code == 400


def test_no_header_makes_another_host_or_leads_elsewhere(quiet: Visitor) -> None:
    headers = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Prefix": "//evil.example",
        "X-Original-URL": "/admin",
        "Forwarded": "host=evil.example",
    }
    for path in ("/", "/results", "/home/stairs/1", "//evil.example//", "/%2f%2fevil.example", "/\\evil.example"):
        response = quiet.client.get(path, headers=headers, base_url="http://localhost")
        assert "evil.example" not in response.headers.get("Location", "").removeprefix("http://localhost/")
        assert "evil.example" not in response.get_data(as_text=True)


# ---- The log


CANARIES = ("canary-in-a-field", "canary-in-a-query", "canary-in-a-header", "canary-in-an-address")


def send_canaries(visitor: Visitor, page: Page) -> None:
    field, query, header, address = CANARIES
    headers = {"User-Agent": header, "Referer": f"http://localhost/{header}", "X-Forwarded-For": header}
    visitor.client.post(f"{page.path}?q={query}", data=form_of(page, **{"numb-feet": field}), headers=headers)
    visitor.client.post(f"{page.path}?q={query}", data={"numb-feet": field}, headers=headers)
    visitor.client.get(f"/{address}?q={query}", headers=headers)
    visitor.client.get("/", headers={"Host": f"{header}.example"})


def test_nothing_that_a_person_sends_is_logged(quiet: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    send_canaries(quiet, quiet.open("/falls/numb-feet"))
    assert "canary" not in caplog.text


@pytest.mark.parametrize(
    "place",
    [
        "web.asking.questions._typed",
        "web.visitor.open_record.settle",
        "web.visitor.sessions.store",
        "web.visitor.sessions.keep",
    ],
)
def test_nothing_personal_is_logged_when_the_app_itself_fails(
    quiet: Visitor, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    page = quiet.open("/falls/numb-feet")
    record_id, cookie = quiet.record_id, quiet.cookie.partition("=")[2]

    def fail(*given: object, **named: object) -> None:
        raise RuntimeError(f"canary {given} {named}")

    quiet.app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr(place, fail)
    caplog.set_level(logging.DEBUG)
    response = quiet.client.post(page.path, data=form_of(page, **{"numb-feet": "yes", "other": "canary-in-a-field"}))
    assert response.status_code == 500
    assert "It is not your fault." in response.get_data(as_text=True)
    assert caplog.text
    send_canaries(quiet, page)
    for secret in ("canary", record_id, cookie):
        assert secret not in caplog.text


def test_an_error_page_that_cannot_be_made_is_still_a_page(
    quiet: Visitor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*given: object, **named: object) -> str:
        raise RuntimeError("canary")

    monkeypatch.setattr("web.errors.render_template", fail)
    response = quiet.client.get("/nowhere")
    assert response.status_code == 404
    check_headers(response)
    parse(response.get_data(as_text=True))
    assert "canary" not in caplog.text


def test_every_template_is_escaped_and_undefined_names_fail(app: Flask) -> None:
    assert app.jinja_env.autoescape is True
    assert app.jinja_env.undefined.__name__ == "StrictUndefined"
    for name in app.jinja_env.list_templates():
        assert name.endswith((".html", ".svg", "README.md")) or name == "reports/sizes.css", "which no one types into"
