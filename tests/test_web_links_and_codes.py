"""Coming back without an account: by link, by code, from paper; and what nobody else learns."""

import io
import re
from typing import Any

import pytest
import segno
from flask import Flask

from storage import StoreBusy
from storage.store.store import SealedStore
from tests.tapping import code_of, link_of
from tests.test_web_pages import record_routes
from tests.visitor import After, Page, Visitor
from web.core.stores import store

WRONG = "2222-2222-2222"


@pytest.fixture
def planned(after: After) -> Visitor:
    return after(with_plan)


def with_plan(visitor: Visitor) -> Visitor:
    visitor.make_small_plan()
    return visitor


@pytest.fixture
def link_page(planned: Visitor) -> Page:
    """The page with the link and the code, just made."""
    return planned.open("/keep").send({})


def fail(*args: object, **options: object) -> None:
    raise StoreBusy("somebody writes")


def test_before_the_button_there_is_no_way_back_and_the_page_says_what_it_is(planned: Visitor) -> None:
    page = planned.open("/keep")

    assert "You need no account" in page.main
    assert store().find_link_and_code(planned.record_id) is None
    assert planned.client.get("/keep/qr.svg").status_code == 404
    assert planned.client.get("/keep/file").status_code == 404


def test_a_link_opens_the_plan_on_another_phone_after_a_tap(app: Flask, link_page: Page) -> None:
    other = Visitor(app)
    looked = other.open(link_of(link_page))
    assert "Open a plan" in looked.h1
    page = looked.send({})

    assert page.path == "/plan"
    assert other.record_id == link_page.visitor.record_id
    assert link_page.visitor.open("/plan").path == "/plan", "the first phone keeps it too"


@pytest.mark.parametrize("do", ["make", "take-back"])
def test_who_came_in_by_a_link_is_out_when_it_is_renewed_or_taken_back(app: Flask, link_page: Page, do: str) -> None:
    """Whoever found the link is shut out of every page and form, and so learns neither the new link nor the code."""
    thief, owner = Visitor(app), link_page.visitor
    page = thief.open(link_of(link_page)).send({})
    record, token = thief.record_id, page.hidden("csrf_token")
    renewed = owner.post("/keep", {**link_page.data({}), "do": do})

    for path in record_routes("GET"):
        assert thief.open(path, 404).h1 == "We cannot find your answers here", path
    for path in record_routes("POST"):
        refused = thief.post(path, {"csrf_token": token, "record": record, "sure": "yes"}, 404)
        assert refused.h1 == "We cannot find your answers here", path
    assert owner.open("/plan").path == "/plan"
    if do == "make":
        assert thief.open(link_of(renewed)).send({}).path == "/plan", "who is given the new link comes in again"


def test_every_renewal_shuts_out_anew_and_never_who_renews(app: Flask, link_page: Page) -> None:
    owner, other = link_page.visitor, Visitor(app)
    for _ in range(3):
        page = owner.open("/keep")
        assert other.open(link_of(page)).send({}).path == "/plan"
        owner.post("/keep", {**page.data({}), "do": "make"})
        other.open("/plan", 404)
        assert owner.open("/plan").path == "/plan"
    assert other.open(link_of(owner.open("/keep"))).send({}).path == "/plan"
    page = other.open("/keep")
    other.post("/keep", {**page.data({}), "do": "make"})
    owner.open("/plan", 404)


def test_a_slower_request_of_the_one_who_renews_does_not_shut_them_out(link_page: Page, monkeypatch) -> None:
    """A request that read the session before the renewal writes it back after it."""
    link_page.visitor.post("/keep", {**link_page.data({}), "do": "make"})
    renew_session, written = SealedStore.renew_session, []

    def slowly(self: SealedStore, *given: Any, **options: Any) -> Any:
        if not written:
            written.append(1)
            link_page.visitor.post("/keep", {**link_page.data({}), "do": "make"})
        return renew_session(self, *given, **options)

    monkeypatch.setattr(SealedStore, "renew_session", slowly)
    other = link_page.visitor.open("/for-whom")
    other.send({"answering": "self"})  # a new record of the same browser, whose session is written meanwhile
    assert written
    link_page.visitor.post("/keep", {**link_page.data({}), "do": "make"})


def test_a_fault_while_the_link_is_renewed_shuts_out_nobody_who_renews(link_page: Page, monkeypatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(type(store()), "change_draft", fail)
        link_page.visitor.post("/keep", {**link_page.data({}), "do": "make"}, 503)
    assert link_page.visitor.open("/plan").path == "/plan"


def test_looking_at_a_link_changes_and_tells_nothing(app: Flask, link_page: Page) -> None:
    """What a mail scanner or a preview sees is the same for a right link and for none."""
    scanner = app.test_client(use_cookies=False)
    bodies = {
        re.sub(r'value="[^"]*"', "", scanner.get(path).get_data(as_text=True))
        for path in (link_of(link_page), "/open/" + "A" * 43, "/open/x")
    }

    assert len(bodies) == 1
    assert Visitor(app).open(link_of(link_page)).send({}).path == "/plan", "and it still opens"


def test_no_token_stands_in_an_address_after_the_tap(app: Flask, link_page: Page) -> None:
    other = Visitor(app)
    token = link_of(link_page).rpartition("/")[2]
    page = other.open(link_of(link_page)).send({})

    assert token not in page.html
    assert token not in page.address
    assert other.open("/checklists").headers["Referrer-Policy"] == "strict-origin"


@pytest.mark.parametrize("typed", ["{}", " {} ", "lower", "no dash"])
def test_a_code_opens_the_plan_however_it_is_typed(app: Flask, link_page: Page, typed: str) -> None:
    code = code_of(link_page)
    forms = {"lower": code.lower(), "no dash": code.replace("-", " ")}
    page = Visitor(app).open("/code").send({"code": forms.get(typed, typed.format(code))})

    assert page.path == "/plan"


def test_wrong_taken_back_and_expired_codes_are_told_alike(app: Flask, link_page: Page) -> None:
    code = code_of(link_page)
    wrong = Visitor(app).open("/code").send({"code": WRONG}, 422)
    link_page.visitor.post("/keep", {**link_page.data({}), "do": "take-back"})
    taken = Visitor(app).open("/code").send({"code": code}, 422)

    assert wrong.errors == taken.errors == ["This code opens no plan. Check each letter, or use the link."]
    assert wrong.chosen("code") == [WRONG], "what was typed is still there"
    token = link_of(link_page).rpartition("/")[2]
    gone = [Visitor(app).open(f"/open/{each}").send({}, 404).main for each in (token, "A" * 43)]
    assert gone[0] == gone[1]


@pytest.mark.parametrize("typed", ["", "ACDEF", "ACDE-F234-56HO", "<b>", "x" * 500])
def test_what_is_no_code_gets_an_example(app: Flask, typed: str) -> None:
    page = Visitor(app).open("/code").send({"code": typed}, 422)

    assert page.errors == ["Write the twelve letters and figures of the code, like ACDE-F234-56HJ."]


def test_a_right_code_is_never_refused_whoever_typed_wrong_ones_before(app: Flask, link_page: Page) -> None:
    """Ten people behind one web server, and everybody who has only the code: all share what could be counted."""
    guesser = Visitor(app)
    page = guesser.open("/code")
    for _ in range(30):
        page.send({"code": WRONG}, 422)
    assert guesser.open("/code").send({"code": code_of(link_page)}).path == "/plan"
    assert Visitor(app).open("/code").send({"code": code_of(link_page)}).path == "/plan"


def test_new_ones_take_the_place_of_the_old(app: Flask, link_page: Page) -> None:
    old_link, old_code = link_of(link_page), code_of(link_page)
    page = link_page.visitor.post("/keep", {**link_page.data({}), "do": "make"})

    assert code_of(page) != old_code
    Visitor(app).open(old_link).send({}, 404)
    assert Visitor(app).open(link_of(page)).send({}).path == "/plan"


def test_nobody_makes_or_takes_back_the_link_of_somebody_else(app: Flask, link_page: Page) -> None:
    stranger = Visitor(app)
    token = stranger.open("/").settings()["csrf_token"]
    for do in ("make", "take-back"):
        stranger.post("/keep", {"csrf_token": token, "record": link_page.hidden("record"), "do": do}, 404)

    assert code_of(link_page.visitor.open("/keep")) == code_of(link_page)


def test_the_square_and_the_file_hold_the_same_link(link_page: Page) -> None:
    drawn = link_page.visitor.client.get("/keep/qr.svg")
    file = link_page.visitor.client.get("/keep/file")

    out = io.BytesIO()
    address = f"http://localhost{link_of(link_page)}"
    segno.make(address, error="m").save(out, kind="svg", border=4, light="#fff", unit="", scale=4)
    assert drawn.data == out.getvalue()
    assert address in file.get_data(as_text=True)
    assert code_of(link_page) in file.get_data(as_text=True)
    for answer in (drawn, file):
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.fixture
def sheets(printed: list[str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every paper that is made, as HTML."""
    monkeypatch.setattr("web.on_paper.blank_paper._papers", {})
    return printed


def planned_at(app: Flask, host: str) -> Visitor:
    """Somebody with a plan who reached the app under this name."""
    app.config["TRUSTED_HOSTS"] = ["localhost", "127.0.0.1", "clinic.example"]
    return with_plan(Visitor(app, f"http://{host}"))


def test_the_paper_shows_them_only_after_they_were_made(app: Flask, sheets: list[str]) -> None:
    browser = planned_at(app, "clinic.example")
    browser.client.get("/plan.pdf", base_url=browser.base_url)
    page = browser.open("/keep").send({})
    browser.client.get("/plan.pdf", base_url=browser.base_url)

    assert "qr:" not in sheets[0]
    assert f'src="qr:http://clinic.example{link_of(page)}"' in sheets[1]
    assert code_of(page) in sheets[1]


PAPERS = ("/plan.pdf", "/keep/slip.pdf", "/paper/all.pdf", "/paper/all.pdf?code=yes")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "clinic.example"])
def test_no_phone_is_promised_an_address_that_only_this_computer_knows(
    app: Flask, sheets: list[str], host: str
) -> None:
    here = host != "clinic.example"
    browser = planned_at(app, host)
    link_page = browser.open("/keep").send({})
    share = browser.open("/share").send({"name": "Ana", "right": "see", "days": "30"})

    for page in (link_page, share):
        assert ("qr.svg" in page.html) != here
        assert ("For now this works on this computer only" in page.main) == here
    for page in (link_page, browser.open("/plan")):
        assert ("on any phone" in page.main) != here
    for path in (*PAPERS, f"{share.path}/slip.pdf"):
        browser.client.get(path, base_url=browser.base_url)
        assert ("qr:" in sheets[-1]) == (not here and path != "/paper/all.pdf"), path
        assert ("On the computer where this app runs, go to" in sheets[-1]) == here, path
        assert not (here and "any phone" in sheets[-1]), path


def test_the_log_holds_neither_link_nor_code(app: Flask, link_page: Page, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    Visitor(app).open(link_of(link_page)).send({})
    Visitor(app).open("/code").send({"code": code_of(link_page)})

    assert link_of(link_page).rpartition("/")[2] not in caplog.text
    assert code_of(link_page) not in caplog.text
