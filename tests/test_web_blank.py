"""Blank checklists for everybody, and nothing of anybody on them but the way back into an open record."""

import io
import re
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pypdf
import pytest
from flask import Flask

from reports.paper.blank import every_list
from reports.printing.renderer import Renderer, RendererBusy
from tests.page_checks import check_headers
from tests.pdf_text import text_of_paper
from tests.processes import wait_until
from tests.visitor import Visitor
from web.core.static_files import FOLDER
from web.on_paper.blank_paper import _papers

LISTS = ("about", "falls", "bone", "home", "posture", "all")


@pytest.fixture
def printed(printed: list[str]) -> list[str]:
    """As elsewhere, and nothing that was kept before stands for it."""
    _papers.clear()
    return printed


@pytest.fixture(autouse=True)
def no_papers() -> None:
    _papers.clear()


def test_a_blank_list_is_a_pdf_for_everybody(visitor: Visitor) -> None:
    response = visitor.client.get("/paper/posture.pdf")
    assert response.status_code == 200
    check_headers(response)
    assert response.content_type == "application/pdf"
    assert response.headers["Content-Disposition"] == 'inline; filename="firm-footing-posture.pdf"'
    pdf = pypdf.PdfReader(io.BytesIO(response.data))
    assert round(pdf.pages[0].mediabox.width) == 612
    assert "http://localhost/" in text_of_paper(response.data)


@pytest.mark.parametrize("name", LISTS)
def test_each_list_is_printed_large_in_the_language_of_the_page(
    visitor: Visitor, printed: list[str], definitions: Any, name: str
) -> None:
    assert visitor.client.get(f"/paper/{name}.pdf", headers={"Accept-Language": "es"}).status_code == 200
    assert 'class="blank points-18 large"' in printed[0]
    assert '<html lang="es">' in printed[0]
    known = definitions.into("es")
    titles = [known.about.title, *(each.title for each in known.checklists)]
    found = [title for title in titles if f">{title}</h1>" in printed[0]]
    assert found == (titles if name == "all" else [titles[LISTS.index(name)]])
    assert (known.warning_signs.none_of_these in printed[0]) is (name in ("all", "falls"))


@pytest.mark.parametrize(
    ("query", "points", "size"),
    [
        ("?print=14&page=a4", "14", "a4"),
        ("?print=24", "24", "letter"),
        ("?print=12", "12", "letter"),
        ("?print=9;}x&page=a0&for=cat", "18", "letter"),
        ("?print=&page=../x", "18", "letter"),
    ],
)
def test_size_and_paper_are_those_that_there_are(
    visitor: Visitor, printed: list[str], query: str, points: str, size: str
) -> None:
    assert visitor.client.get(f"/paper/falls.pdf{query}").status_code == 200
    assert f"points-{points}" in printed[0]
    assert f"size: {size};" in printed[0]
    assert "Did you fall in the past 12 months?" in printed[0]


def test_a_helper_gets_the_words_of_a_helper(visitor: Visitor, printed: list[str]) -> None:
    visitor.client.get("/paper/falls.pdf?for=helper")
    assert "Did they fall in the past 12 months?" in printed[0]


def test_a_list_that_there_is_not_is_not_found(visitor: Visitor) -> None:
    for path in ("/paper/signs.pdf", "/paper/falls", "/paper/.pdf", "/paper/falls.pdf.pdf"):
        visitor.open(path, 404)


def test_nothing_that_was_typed_stands_on_it(visitor: Visitor, printed: list[str]) -> None:
    visitor.client.get("/paper/all.pdf")
    visitor.begin()
    visitor.tick("stroke-signs")
    visitor.open("/warning-signs/now").send({"answer": "called"})
    visitor.open("/about/age").send({"age": "83"})
    visitor.open("/falls/numb-feet").send({"numb-feet": "yes"})
    visitor.client.get("/paper/all.pdf")

    assert len(printed) == 1, "the same paper as for somebody without a record: it is kept"


def test_the_way_back_is_on_it_once_its_owner_made_one_and_is_never_kept(app: Flask, printed: list[str]) -> None:
    app.config["TRUSTED_HOSTS"] = ["clinic.example"]
    visitor = Visitor(app, "http://clinic.example")
    visitor.begin()
    page = visitor.open("/keep").send({})
    code = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}", page.main)
    assert code
    assert "Yes, only this person fills it in" in visitor.open("/paper").main
    for _ in range(2):
        visitor.client.get("/paper/falls.pdf?code=yes", base_url=visitor.base_url)
    assert len(printed) == 2
    for html in printed:
        assert code[0] in html
        assert "qr:http://clinic.example/open/" in html
        assert "http://clinic.example/code" in html
    visitor.client.get("/paper/falls.pdf", base_url=visitor.base_url)  # for anybody, unless it is asked for
    assert code[0] not in printed[2]
    assert "qr:" not in printed[2]


def test_what_is_kept_is_bounded(
    visitor: Visitor, printed: list[str], monkeypatch: pytest.MonkeyPatch, definitions: Any
) -> None:
    monkeypatch.setattr("web.on_paper.blank_paper.MOST_PAPERS", 10)
    for name in LISTS:
        for points in ("14", "18", "24"):
            for helper in ("self", "helper"):
                visitor.client.get(f"/paper/{name}.pdf?print={points}&for={helper}")
    assert len(printed) == 36
    assert len(_papers) == 10
    assert next(reversed(_papers)).lists == every_list(definitions)


def test_a_port_that_an_asker_made_up_is_printed_and_not_kept(visitor: Visitor, printed: list[str]) -> None:
    for port in (8000, 8001, 80, 8000):
        visitor.client.get("/paper/falls.pdf", headers={"Host": f"localhost:{port}"})
        assert (f"http://localhost:{port}/" in printed[-1]) is (port != 80)

    assert len(printed) == 4
    assert [each.start for each in _papers] == ["http://localhost/"]
    visitor.client.get(
        "/paper/falls.pdf", headers={"Host": "localhost:8000"}, environ_overrides={"SERVER_PORT": "8000"}
    )
    assert len(_papers) == 2, "the port at which we listen"


def test_all_who_ask_for_the_same_at_the_same_time_get_the_one_that_is_made(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    renderer, sheets = Renderer(), list[bytes]()

    def slowly(page: bytes, *_: bytes) -> bytes:
        sheets.append(page)
        wait_until(lambda: len(sheets) > 1 or len(renderer._turns._waiting) == 3, pause=0.01)
        return b"%PDF-"

    monkeypatch.setattr(renderer, "_asked", slowly)
    monkeypatch.setattr("web.on_paper.blank_paper.renderer", lambda: renderer)
    with ThreadPoolExecutor(4) as pool:
        got = list(pool.map(lambda _: app.test_client().get("/paper/falls.pdf").data, range(4)))

    assert got == [b"%PDF-"] * 4
    assert len(sheets) == 1


def test_when_others_print_a_button_asks_again_for_the_same(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object) -> bytes:
        raise RendererBusy

    with monkeypatch.context() as patch:
        patch.setattr("web.on_paper.blank_paper.renderer", lambda: SimpleNamespace(render=busy))
        page = visitor.open("/paper/falls.pdf?print=24&page=a4", 503)
    assert page.h1 == "Your paper has to wait"
    assert page.headers["Retry-After"] == "5"
    (again,) = (link for link in page.local_links if link.startswith("/paper/"))
    assert again == "/paper/falls.pdf?print=24&page=a4"
    assert visitor.client.get(again).data.startswith(b"%PDF")


def test_the_page_offers_each_list_with_and_without_a_record(visitor: Visitor, definitions: Any) -> None:
    def offered() -> set[str]:
        page = visitor.open("/paper")
        buttons = [each for each in page.tree.iter("button") if (each.get("formaction") or "").startswith("/paper")]
        forms = [str(each.get("action")) for each in page.tree.iter("form")]
        return {*(str(each.get("formaction")) for each in buttons), *(each for each in forms if "paper" in each)}

    everything = {f"/paper/{name}.pdf" for name in LISTS}
    assert offered() == everything
    assert "/enter/falls" not in visitor.open("/paper").local_links
    visitor.begin("helper")
    assert offered() == everything
    page = visitor.open("/paper")
    assert {f"/enter/{name}" for name in LISTS if name != "all"} <= page.local_links
    assert page.chosen("for") == ["helper"]


@pytest.mark.parametrize("path", ["/checklists", "/how-this-works", "/review/falls"])
def test_it_is_linked_from_where_lists_are_chosen(visitor: Visitor, path: str) -> None:
    visitor.begin()
    assert "/paper" in visitor.open(path).local_links


def test_the_script_of_the_entry_page_is_loaded_only_there(visitor: Visitor) -> None:
    visitor.begin()
    visitor.tick()
    assert (FOLDER / "entry.js").is_file()
    assert "entry.js" in visitor.open("/enter/falls").html
    for path in ("/paper", "/checklists", "/falls/numb-feet", "/review/falls"):
        assert "entry.js" not in visitor.open(path).html
