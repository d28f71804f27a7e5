"""The paper of a plan: one tap, every print size, and nothing that an address can do to it."""

import io
import json
from pathlib import Path
from typing import Any

import pypdf
import pytest

from checklists import Definitions
from reports.exports.personal_export import record_of
from reports.plan.plan_json import from_json
from tests.browser.states import picture_of_a_tub
from tests.page_checks import check_headers
from tests.visitor import Visitor
from web.core.stores import store


@pytest.fixture
def planned(after_falls: Visitor) -> Visitor:
    return after_falls


def paper(visitor: Visitor, query: str = "") -> pypdf.PdfReader:
    response = visitor.client.get(f"/plan.pdf{query}")
    assert response.status_code == 200
    check_headers(response)
    assert response.content_type == "application/pdf"
    assert response.headers["Content-Disposition"].startswith('inline; filename="plan-20')
    return pypdf.PdfReader(io.BytesIO(response.data))


def size(pdf: pypdf.PdfReader) -> tuple[int, int]:
    box = pdf.pages[0].mediabox
    return round(box.width), round(box.height)


def test_the_paper_is_letter_in_the_united_states_unless_a4_is_asked_for(planned: Visitor) -> None:
    assert size(paper(planned)) == (612, 792)
    assert size(paper(planned, "?page=a4")) == (595, 842)


def test_the_paper_is_a4_in_the_united_kingdom(planned: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRM_FOOTING_REGION", "uk")
    pdf = paper(planned)
    assert size(pdf) == (595, 842)
    text = " ".join(page.extract_text() for page in pdf.pages)
    assert "999" in text
    assert "911" not in text


@pytest.mark.parametrize("points", ["12", "14", "18", "24"])
def test_a_larger_print_takes_no_fewer_pages_and_says_the_same_first_thing(planned: Visitor, points: str) -> None:
    pdf, standard = paper(planned, f"?print={points}"), paper(planned)
    assert len(pdf.pages) >= len(standard.pages) or points == "12"
    assert "Join a strength and balance class" in pdf.pages[0].extract_text()


def test_the_page_for_the_doctor_comes_only_when_it_is_asked_for(planned: Visitor) -> None:
    plain, more = (len(paper(planned, query).pages) for query in ("", "?clinician=yes"))
    assert more > plain


def test_photos_are_printed_only_when_that_is_asked_for(planned: Visitor, definitions: Definitions) -> None:
    record = planned.record_id
    photo = store().keep_photo(record, submit_key="a-photo-of-the-tub", picture=picture_of_a_tub())

    def add(data: dict[str, Any]) -> None:
        data["lists"]["home"] = {"bath-slippery": "yes"}
        data["photos"] = {"bath-slippery": {"id": photo, "at": 0}}

    store().change_draft(record, add, content_hash=definitions.content_hash)
    planned.see_plan()
    for query, count in (("", 0), ("?photos=no", 0), ("?photos=yes", 1)):
        assert len({image.data for page in paper(planned, query).pages for image in page.images}) == count


@pytest.mark.parametrize(
    "query",
    ["?print=13", "?print=0", "?print=-14", "?print=1e9", "?print=", "?page=a0", "?page=../../x", "?clinician=1",
     "?print=14;}@import+url(//x)&page=a4{}", "?lang=es&clinic=<script>", "?print=24&print=12&unknown=1"],
)  # fmt: skip
def test_an_address_with_nonsense_gives_the_standard_paper(
    planned: Visitor, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    made = []
    monkeypatch.setattr("web.plan.page.render", lambda _plan_to_show, _plan, options: made.append(options) or b"%PDF-")
    assert planned.client.get(f"/plan.pdf{query}").status_code == 200
    (one,) = made
    assert one.points == (24 if "print=24" in query else 14)
    assert not one.for_clinician
    assert one.clinic is None


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(("points", "page"), [("14", "letter"), ("24", "a4")])
def test_the_page_and_the_command_give_the_same_paper(
    planned: Visitor,
    printed: list[str],
    definitions: Definitions,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    points: str,
    page: str,
    tmp_path: Path,
) -> None:
    """But for the way back, which only a record that is kept has."""
    monkeypatch.setattr("reports.printing.pdf.render_pdf", lambda html: printed.append(html) or b"%PDF-")
    monkeypatch.setattr("web.plan.page.way_back_of", lambda _open_record: None)
    asked = planned.client.get(f"/plan.pdf?print={points}&page={page}", headers={"Accept-Language": language})
    assert asked.status_code == 200
    kept = store().find_latest_submission(planned.record_id)
    assert kept is not None
    given = from_json(definitions, kept.data["given"])
    person = record_of(definitions, given.assessment.person, given.made_on)
    command = ["plan", "-", "--out", str(tmp_path / "plan.pdf"), "--lang", language, "--print", points, "--page", page]
    assert planned.app.test_cli_runner().invoke(args=command, input=json.dumps(person)).exit_code == 0
    from_page, from_command = printed
    assert from_page == from_command


def test_a_paper_that_cannot_be_made_is_told_with_what_to_do(planned: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    from reports.printing.renderer import RenderTimeout

    def fail(*_: object) -> bytes:
        raise RenderTimeout

    monkeypatch.setattr("web.visitor.paper.renderer", lambda: type("Broken", (), {"render": staticmethod(fail)}))
    page = planned.open("/plan.pdf", 503)
    assert page.h1 == "The paper could not be made"
    assert "Your plan is kept." in page.main
    assert page.headers["Retry-After"] == "10"
