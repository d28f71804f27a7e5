"""Pages of plain facts, addresses that lead nowhere, and the list of every route."""

import re
from pathlib import Path

import pytest
from flask import Flask

from checklists import Definitions
from reports.words.numbers import numbers
from reports.words.words import words
from tests.page_checks import check_headers
from tests.texts import definition_texts
from tests.visitor import Visitor

ROUTES = {
    # Every address, its method, and who may come there: a new one fails here until it is listed.
    ("GET", "/"): "everybody",
    ("GET", "/for-whom"): "everybody",
    ("POST", "/for-whom"): "everybody",
    ("GET", "/name"): "record",
    ("POST", "/name"): "record",
    ("GET", "/how-this-works"): "everybody",
    ("GET", "/guides/<guide_id>"): "everybody",
    ("GET", "/static/<path:filename>"): "everybody",
    ("GET", "/words"): "everybody",
    ("GET", "/settings"): "everybody",
    ("POST", "/settings"): "everybody",
    ("GET", "/warning-signs"): "record",
    ("GET", "/warning-signs/<group_id>"): "record",
    ("POST", "/warning-signs/<group_id>"): "record",
    ("GET", "/warning-signs/now"): "record",
    ("POST", "/warning-signs/now"): "record",
    ("GET", "/<list:subject>/<link_id>"): "record",
    ("POST", "/<list:subject>/<link_id>"): "record",
    ("GET", "/home"): "record",
    ("POST", "/home"): "record",
    ("GET", "/home/<section_id>"): "record",
    ("POST", "/home/<section_id>"): "record",
    ("GET", "/home/<section_id>/<int:_part>"): "record",
    ("GET", "/<list:subject>/section/<section_id>"): "record",
    ("POST", "/<list:subject>/section/<section_id>"): "record",
    ("GET", "/checklists"): "record",
    ("GET", "/review/<list:checklist>"): "record",
    ("GET", "/results"): "record",
    ("GET", "/see-my-plan"): "record",
    ("POST", "/see-my-plan"): "record",
    ("GET", "/plan"): "record",
    ("GET", "/plan.pdf"): "record",
    ("GET", "/check-again"): "record",
    ("POST", "/check-again"): "record",
    ("POST", "/check-again/fixed"): "record",
    ("GET", "/changes"): "record",
    ("GET", "/share"): "record",
    ("POST", "/share"): "record",
    ("GET", "/share/<share_id>"): "record",
    ("GET", "/share/<share_id>/qr.svg"): "record",
    ("GET", "/share/<share_id>/slip.pdf"): "record",
    ("POST", "/share/<share_id>/take-back"): "record",
    ("GET", "/at/<place>"): "everybody",  # where a clinic's poster leads
    ("POST", "/at/<place>"): "everybody",
    ("GET", "/to-a-clinic"): "record",
    ("GET", "/clinic-logo.png"): "record",
    ("POST", "/to-a-clinic"): "record",
    ("POST", "/to-a-clinic/take-back"): "record",
    ("GET", "/for-a-clinic"): "record",
    ("POST", "/for-a-clinic"): "record",
    ("POST", "/for-a-clinic/take-back"): "record",
    ("GET", "/for-a-clinic/file"): "record",
    ("GET", "/health-link/<token>"): "everybody",
    ("GET", "/shared"): "everybody",
    ("GET", "/shared/<share_id>/plan"): "whom it is shared with",
    ("GET", "/shared/<share_id>/plan.pdf"): "whom it is shared with",
    ("GET", "/shared/<share_id>/shopping"): "whom it is shared with",
    ("GET", "/shared/<share_id>/shopping.pdf"): "whom it is shared with",
    ("POST", "/shared/<share_id>/tick"): "whom it is shared with",
    ("GET", "/shared/<share_id>/actions/<action_id>"): "whom it is shared with",
    ("POST", "/shared/<share_id>/actions/<action_id>"): "whom it is shared with",
    ("GET", "/shared/<share_id>/own"): "whom it is shared with",
    ("POST", "/shared/<share_id>/own"): "whom it is shared with",
    ("GET", "/shared/<share_id>/from-paper"): "whom it is shared with",
    ("POST", "/shared/<share_id>/from-paper"): "whom it is shared with",
    ("GET", "/plan/shopping"): "record",
    ("GET", "/plan/shopping.pdf"): "record",
    ("GET", "/reminders"): "record",
    ("GET", "/reminders.ics"): "record",
    ("GET", "/this-browser"): "everybody",
    ("POST", "/this-browser"): "record",
    ("GET", "/leave"): "everybody",
    ("POST", "/leave"): "everybody",
    ("GET", "/left"): "everybody",
    ("GET", "/who-looked"): "record",
    ("GET", "/erase"): "record",
    ("POST", "/erase"): "record",
    ("GET", "/erased"): "everybody",
    ("GET", "/keep"): "record",
    ("POST", "/keep"): "record",
    ("GET", "/keep/qr.svg"): "record",
    ("GET", "/keep/file"): "record",
    ("GET", "/keep/slip.pdf"): "record",
    ("GET", "/open/<token>"): "everybody",
    ("POST", "/open"): "everybody",
    ("GET", "/code"): "everybody",
    ("POST", "/code"): "everybody",
    ("POST", "/plan/tick"): "record",
    ("GET", "/plan/actions/<action_id>"): "record",
    ("POST", "/plan/actions/<action_id>"): "record",
    ("GET", "/plan/own"): "record",
    ("POST", "/plan/own"): "record",
    ("GET", "/walk"): "record",
    ("GET", "/walk/state"): "record",
    ("POST", "/walk/answers"): "record, as JSON",
    ("POST", "/walk/photos"): "record",
    ("GET", "/sw.js"): "everybody",
    ("GET", "/photos/<photo_id>"): "record",
    ("GET", "/photos/<photo_id>/picture"): "record",
    ("POST", "/photos/<photo_id>/remove"): "record",
    ("GET", "/plan/from-paper"): "record",
    ("POST", "/plan/from-paper"): "record",
    ("GET", "/download"): "record",
    ("POST", "/download"): "record",
    ("GET", "/paper"): "everybody",
    ("GET", "/paper/<list(all):which>.pdf"): "everybody",
    ("GET", "/enter/<list:subject>"): "record",
    ("POST", "/enter/<list:subject>"): "record",
    ("GET", "/clinic"): "staff",  # web/clinic/roles.py says which of them, and tests/test_web_clinic_roles.py tries it
    ("GET", "/clinic/sign-in"): "staff",
    ("POST", "/clinic/sign-in"): "staff",
    ("GET", "/clinic/sign-in/code"): "staff",
    ("POST", "/clinic/sign-in/code"): "staff",
    ("POST", "/clinic/sign-out"): "staff",
    ("POST", "/clinic/lock"): "staff",
    ("GET", "/clinic/locked"): "staff",
    ("POST", "/clinic/locked"): "staff",
    ("GET", "/clinic/set-up/<token>"): "staff",
    ("POST", "/clinic/set-up/<token>"): "staff",
    ("GET", "/clinic/my-sign-in"): "staff",
    ("POST", "/clinic/my-sign-in/password"): "staff",
    ("GET", "/clinic/sign-in/organization"): "staff",
    ("GET", "/clinic/sign-in/organization/back"): "staff",
    ("GET", "/clinic/my-sign-in/organization"): "staff",
    ("POST", "/clinic/my-sign-in/organization/end"): "staff",
    ("GET", "/clinic/my-sign-in/authenticator"): "staff",
    ("GET", "/clinic/my-sign-in/authenticator.svg"): "staff",
    ("POST", "/clinic/my-sign-in/authenticator"): "staff",
    ("POST", "/clinic/my-sign-in/authenticator/end"): "staff",
    ("POST", "/clinic/my-sign-in/recovery-codes"): "staff",
    ("GET", "/clinic/print"): "staff",
    ("POST", "/clinic/print"): "staff",
    ("GET", "/clinic/print/files"): "staff",
    ("POST", "/clinic/print/files/<job_id>"): "staff",
    ("POST", "/clinic/print/stop"): "staff",
    ("POST", "/clinic/print/again"): "staff",
    ("GET", "/clinic/tables"): "staff",
    ("POST", "/clinic/tables"): "staff",
    ("GET", "/clinic/tables/empty.xlsx"): "staff",
    ("GET", "/clinic/tables/<import_id>"): "staff",
    ("POST", "/clinic/tables/<import_id>"): "staff",
    ("POST", "/clinic/tables/<import_id>/remove"): "staff",
    ("GET", "/clinic/tables/<import_id>/print"): "staff",
    ("POST", "/clinic/tables/<import_id>/print"): "staff",
    ("GET", "/clinic/month"): "staff",
    ("GET", "/clinic/reviews"): "staff",
    ("POST", "/clinic/reviews"): "staff",
    ("GET", "/clinic/month.csv"): "staff",
    ("GET", "/clinic/settings"): "staff",
    ("POST", "/clinic/settings"): "staff",
    ("POST", "/clinic/logo"): "staff",
    ("GET", "/clinic/logo.png"): "staff",
    ("GET", "/clinic/services"): "staff",
    ("POST", "/clinic/services"): "staff",
    ("POST", "/clinic/services/remove"): "staff",
    ("GET", "/clinic/staff"): "staff",
    ("GET", "/clinic/staff/new"): "staff",
    ("POST", "/clinic/staff/new"): "staff",
    ("GET", "/clinic/staff/<staff_id>"): "staff",
    ("POST", "/clinic/staff/<staff_id>"): "staff",
    ("POST", "/clinic/staff/<staff_id>/stop"): "staff",
    ("POST", "/clinic/staff/<staff_id>/allow"): "staff",
    ("POST", "/clinic/staff/<staff_id>/reset"): "staff",
    ("GET", "/clinic/log"): "staff",
    ("GET", "/clinic/today"): "staff",
    ("GET", "/clinic/people/new"): "staff",
    ("POST", "/clinic/people/new"): "staff",
    ("GET", "/clinic/people/<person_id>"): "staff",
    ("POST", "/clinic/people/<person_id>/spoken"): "staff",
    ("GET", "/clinic/people/<person_id>/change"): "staff",
    ("POST", "/clinic/people/<person_id>/change"): "staff",
    ("POST", "/clinic/people/<person_id>/remove"): "staff",
    ("POST", "/clinic/people/<person_id>/plan.pdf"): "staff",
    ("POST", "/clinic/people/<person_id>/fhir.json"): "staff",
    ("POST", "/clinic/people/<person_id>/tablet"): "staff",
    ("POST", "/clinic/people/<person_id>/paper"): "staff",
    ("GET", "/typing-in"): "record",
    ("POST", "/typing-in"): "everybody",
    ("POST", "/clinic/people/<person_id>/phone"): "staff",
    ("POST", "/clinic/people/<person_id>/slip"): "staff",
    ("POST", "/clinic/people/<person_id>/letter"): "staff",
    ("GET", "/clinic/poster.pdf"): "staff",
    ("GET", "/clinic/people/<person_id>/measures"): "staff",
    ("POST", "/clinic/people/<person_id>/measures"): "staff",
    ("GET", "/clinic/people/<person_id>/steps/<action_id>"): "staff",
    ("POST", "/clinic/people/<person_id>/steps/<action_id>"): "staff",
    ("GET", "/clinic/people/<person_id>/new-step"): "staff",
    ("POST", "/clinic/people/<person_id>/new-step"): "staff",
    ("GET", "/begin/<token>"): "everybody",  # leads to the questions of a clinic's person, once
    ("POST", "/begin"): "everybody",
    ("GET", "/tablet"): "record",
    ("GET", "/tablet/here"): "everybody",
    ("GET", "/tablet/still-here"): "everybody",
    ("POST", "/tablet/stop"): "tablet",
    ("GET", "/tablet/stopped"): "tablet",
    ("POST", "/tablet/done"): "tablet",
    ("GET", "/tablet/slip.pdf"): "tablet",
    ("GET", "/tablet/rest"): "tablet",
}
EXAMPLES = {"subject": "falls", "link_id": "numb-feet", "section_id": "stairs", "_part": "2", "checklist": "falls",
            "photo_id": "0" * 32, "action_id": "secure-rugs", "share_id": "0" * 32}  # fmt: skip


def filled(rule: str) -> str:
    """An address that the rule matches."""
    parts = (part.strip("<>").rpartition(":")[2] if part.startswith("<") else "" for part in rule.split("/"))
    return "/".join(EXAMPLES.get(name, part) for name, part in zip(parts, rule.split("/"), strict=True))


def record_routes(method: str) -> list[str]:
    return [filled(rule) for (each, rule), who in ROUTES.items() if who == "record" and each == method]


def test_every_route_is_listed_here(app: Flask) -> None:
    found = {(method, rule.rule) for rule in app.url_map.iter_rules() for method in rule.methods or ()}
    assert {each for each in found if each[0] not in ("HEAD", "OPTIONS")} == set(ROUTES)


@pytest.mark.parametrize("path", record_routes("GET"))
def test_a_page_of_a_record_is_not_shown_to_who_has_none(visitor: Visitor, path: str) -> None:
    assert visitor.open(path, 404).h1 == "We cannot find your answers here"


@pytest.mark.parametrize("path", record_routes("POST"))
def test_a_form_of_a_record_is_refused_to_who_has_none(visitor: Visitor, path: str) -> None:
    token = visitor.open("/for-whom").hidden("csrf_token")
    for record in ("", "0" * 32, "../x"):
        assert visitor.post(path, {"csrf_token": token, "record": record}, 404).h1 == "We cannot find your answers here"


def test_every_guide_has_its_sources_and_leads_to_the_others(visitor: Visitor, definitions: Definitions) -> None:
    guides = definitions.guides.guides
    assert len(guides) == 7
    for guide in guides:
        page = visitor.open(f"/guides/{guide.id}")
        assert page.h1 == guide.title
        assert "Where this comes from" in page.main
        assert {f"/guides/{other.id}" for other in guides if other != guide} <= page.local_links


def test_the_guides_are_linked_from_the_hub_and_from_how_this_works(visitor: Visitor, definitions: Definitions) -> None:
    visitor.begin()
    for path in ("/checklists", "/how-this-works"):
        assert {f"/guides/{each.id}" for each in definitions.guides.guides} <= visitor.open(path).local_links


def test_how_this_works_gives_rules_order_sources_and_what_is_kept(visitor: Visitor, definitions: Definitions) -> None:
    page = visitor.open("/how-this-works")
    for checklist in definitions.checklists:
        assert checklist.title in page.main
        assert checklist.rule_says in page.main
    for source in definitions.sources.sources:
        if source.checked != "own":
            assert source.cite in page.main
    assert "Firm Footing 2026, our own rule" in page.main
    for line in definitions.actions.ranking.says:
        assert line in page.main
    assert "90 days" in page.main
    assert definitions.content_hash[:12] in page.main


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_number_that_people_read_has_its_source_beside_it(definitions: Definitions, language: str) -> None:
    """Names of telephone lines aside; the glossary explains words and cites nobody."""
    listed = {each.says: each.sources for each in numbers(words(definitions, "us", language))}
    assert all(listed.values())
    said_to = words(definitions, "us", language)
    for key, text in definition_texts(definitions.into(language)):
        if not key.startswith(("regions.", "glossary.")):
            for sentence in re.split(r"(?<=[.?!:])\s+", text):
                if re.search("[0-9]", sentence):
                    assert said_to.ringing(sentence) in listed, key


def test_how_this_works_shows_every_number(visitor: Visitor, definitions: Definitions) -> None:
    page = visitor.open("/how-this-works")
    for each in numbers(words(definitions, "us", "en")):
        assert f"{each.says} {'; '.join(each.sources)}" in page.main


def test_a_draft_says_on_every_page_that_no_clinician_has_reviewed_it(visitor: Visitor) -> None:
    assert "No clinician has reviewed its words yet." in visitor.open("/").text


@pytest.mark.parametrize(
    "path",
    ["/nowhere", "/guides/", "/guides/no-such-guide", "/guides/%00", "/guides/..%2f..%2fapp", "/guides/<script>",
     "/checklists/", "/review/attic", "/falls/", "/admin", "/.env", "/.git/config", "/%0d%0aSet-Cookie:%20a=b",
     "/instance/firm-footing.db", "/plan.pdf/x", "/\U0001f9b4", "/" + "a" * 3000],
)  # fmt: skip
def test_an_unknown_address_is_a_kind_404_that_leads_to_the_start(visitor: Visitor, path: str) -> None:
    page = visitor.open(path, 404)
    assert page.h1 == "This page is not here"
    assert "Set-Cookie" not in page.headers or "a=b" not in page.headers["Set-Cookie"]
    assert page.follow("Go to the start").path == "/"


@pytest.mark.parametrize(
    "path",
    ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2f..%2fetc%2fpasswd", "/static/..%5capp.py",
     "/static/%00.css", "/static/site.css%00", "/static/site.css%00.svg", "/static/a/../site.css", "/static/./site.css",
     "/static/", "/static/fonts", "/static/site.py", "/static/etc/passwd", 
     "/static/~root/.css", "/static/" + "../" * 40 + "etc/passwd", "/static/CON.css"],
)  # fmt: skip
def test_no_address_leads_out_of_the_folder_of_our_own_files(visitor: Visitor, path: str) -> None:
    response = visitor.client.get(path)
    assert response.status_code == 404
    check_headers(response)


def test_a_file_has_one_name_so_that_nobody_fills_the_memory_with_others(visitor: Visitor) -> None:
    from web.core.static_files import _read

    assert visitor.client.get("/static/site.css").status_code == 200
    kept = _read.cache_info().currsize
    for number in range(20):
        assert visitor.client.get(f"/static/{number}/../site.css").status_code == 404
    assert _read.cache_info().currsize == kept


def test_all_scripts_together_weigh_less_than_15_kb(visitor: Visitor, app: Flask) -> None:
    scripts = [path.name for path in (Path(app.root_path) / "static").glob("*.js")]
    weights = {}
    for name in scripts:
        response = visitor.client.get(f"/static/{name}", headers={"Accept-Encoding": "gzip"})
        assert response.headers["Content-Encoding"] == "gzip"
        weights[name] = len(response.data)
    names = {"entry.js", "keep-typed.js", "outbox.js", "read-aloud.js", "send.js", "sw.js", "walk.js", "zone.js"}
    assert names <= set(weights)
    assert sum(weights.values()) < 15 * 1024, weights


def test_our_own_files_are_kept_by_the_browser_compressed_and_typed(visitor: Visitor) -> None:
    for accepts, encoding in (("gzip, br", "gzip"), ("identity", None)):
        response = visitor.client.get("/static/site.css", headers={"Accept-Encoding": accepts})
        check_headers(response, stored=True)
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert response.headers.get("Content-Encoding") == encoding
        assert response.content_type == "text/css; charset=utf-8"
        assert response.headers["Vary"] == "Accept-Encoding"
        assert "Set-Cookie" not in response.headers
        again = visitor.client.get(
            "/static/site.css", headers={"Accept-Encoding": accepts, "If-None-Match": response.headers["ETag"]}
        )
        assert again.status_code == 304


def test_the_address_of_a_stylesheet_changes_with_its_content(visitor: Visitor) -> None:
    html = visitor.open("/").html
    assert '<link rel="stylesheet" href="/static/site.css?v=' in html


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "PROPFIND", "FOO"])
def test_another_method_is_told_kindly_and_changes_nothing(visitor: Visitor, method: str) -> None:
    visitor.begin()
    for path in ("/checklists", "/falls/numb-feet", "/for-whom"):
        response = visitor.client.open(path, method=method)
        check_headers(response)
        assert response.status_code == 405
        assert "GET" in (response.allow or ())
        assert "This page cannot be opened that way" in response.get_data(as_text=True)


def test_a_method_cannot_be_smuggled_in(visitor: Visitor) -> None:
    visitor.begin()
    page = visitor.open("/falls/numb-feet")
    for sent in ({"headers": {"X-HTTP-Method-Override": "POST"}}, {"query_string": {"_method": "POST"}}):
        response = visitor.client.get("/falls/numb-feet", data=page.data({"numb-feet": "yes"}), **sent)
        assert response.status_code == 200
    assert visitor.open("/falls/numb-feet").chosen("numb-feet") == []


def test_get_head_and_options_change_nothing(visitor: Visitor) -> None:
    from web.core.stores import store

    visitor.begin()
    visitor.open("/falls/numb-feet").send({"numb-feet": "no"})
    record_id = visitor.record_id
    before = store().get_draft(record_id)
    for path in record_routes("GET"):
        for method in ("GET", "HEAD", "OPTIONS"):
            visitor.client.open(f"{path}?answer=called&numb-feet=yes&record=x", method=method)
    assert store().get_draft(record_id) == before
    assert store().count() == {"records": 1, "submissions": 0}
