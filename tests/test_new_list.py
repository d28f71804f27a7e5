"""A whole new list, laid beside the shipped ones as files alone, is asked, judged, planned, printed, kept and shared."""

import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from checklists import Definitions, load_definitions
from checklists.loading.load import DEFINITIONS
from tests.test_web_shares import come
from tests.test_web_shares import share as make_share
from tests.visitor import Visitor
from web.core.settings import definitions as read_anew
from web.core.settings import rules
from web.on_paper.blank_paper import _papers

NEW = Path(__file__).parent / "new_list"
LIST = "seeing-and-hearing"
TITLE = "Seeing and hearing"
FIRST = f"/{LIST}/no-eye-test"
NO = dict.fromkeys(("no-eye-test", "blurred-steps", "glare", "asks-to-repeat", "misses-the-bell"), "no")
ANSWERS = {"no-eye-test": "yes", "glare": "yes", "misses-the-bell": "unsure"}


def lay(folder: Path) -> Path:
    """A copy of the shipped definitions with one list, two actions and their Spanish more."""
    shutil.copytree(DEFINITIONS, folder)
    (folder / f"{LIST}.yaml").write_text((NEW / f"{LIST}.yaml").read_text("utf-8"), "utf-8")
    (folder / "es" / f"{LIST}.yaml").write_text((NEW / "es.yaml").read_text("utf-8"), "utf-8")
    actions, spoken = folder / "actions.yaml", folder / "es" / "actions.yaml"
    head, mark, examples = actions.read_text("utf-8").rpartition("\nexamples:")
    assert mark
    actions.write_text(f"{head}\n{(NEW / 'actions.yaml').read_text('utf-8')}{mark}{examples}", "utf-8")
    spoken.write_text(spoken.read_text("utf-8") + (NEW / "es-actions.yaml").read_text("utf-8"), "utf-8")
    return folder


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lay(tmp_path_factory.mktemp("new") / "definitions")


@pytest.fixture(scope="module")
def loaded(laid: Path) -> Definitions:
    """Read once for every test here."""
    return load_definitions(laid)


@pytest.fixture
def with_it(app: Flask, laid: Path, loaded: Definitions, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The app as it is, on definitions with one list more."""
    monkeypatch.setenv("FIRM_FOOTING_DEFINITIONS", str(laid))
    monkeypatch.setattr("web.core.settings.load_definitions", lambda folder, **_: {laid: loaded}[folder])
    for each in (read_anew, rules):
        each.cache_clear()
    _papers.clear()
    yield app
    monkeypatch.undo()
    for each in (read_anew, rules):
        each.cache_clear()
    _papers.clear()


@pytest.fixture
def someone(with_it: Flask) -> Visitor:
    """Somebody who has answered about themselves, and the signs of today."""
    visitor = Visitor(with_it)
    visitor.begin()
    visitor.take("/about/age", {"age": "72", "sex": "female", "hospital-past-3-months": "no"}, "no")
    visitor.tick()
    return visitor


def test_it_is_offered_last_asked_reviewed_and_judged(someone: Visitor) -> None:
    hub = someone.open("/checklists")
    assert [title for title in hub.links() if title.startswith(TITLE)] == [f"{TITLE} About 1 minute Not started"]
    assert hub.follow(TITLE).path == FIRST

    review = someone.take(FIRST, ANSWERS, "no")

    assert review.path == f"/review/{LIST}"
    assert "Does bright light dazzle you?" in review.main
    assert someone.open("/checklists").follow(TITLE).path == f"/review/{LIST}"
    someone.open("/how-this-works")
    someone.see_plan()
    assert someone.open("/results").levels == {LIST: "Raised"}


def test_its_actions_and_its_headline_stand_in_the_plan_in_both_languages(someone: Visitor, printed: list[str]) -> None:
    someone.take(FIRST, ANSWERS, "no")
    someone.see_plan()
    plan = someone.open("/plan")
    assert "Your eyes and ears check shows a raised risk." in someone.open("/results").main
    assert "Get your eyes tested" in plan.main
    assert "no eye test in the past year" in plan.main
    assert someone.client.get("/plan.pdf").status_code == 200
    assert someone.client.get("/plan.pdf?lang=es").status_code == 200
    assert all("Get your eyes tested" in sheet for sheet in printed[:1])
    spanish = Visitor(someone.app)
    spanish.client = someone.client
    spanish.client.post("/settings", data={**spanish.open("/plan").settings(), "language": "es"})
    page = spanish.open("/plan")
    assert "Su lista de ojos y oídos muestra un riesgo medio." in spanish.open("/results").main
    assert "Hágase un examen de los ojos" in page.main


def test_it_is_printed_blank_and_typed_in_from_paper(someone: Visitor, printed: list[str]) -> None:
    choose = someone.open("/paper")
    assert f"/enter/{LIST}" in choose.local_links
    assert f"/paper/{LIST}.pdf" in choose.html
    for name in (LIST, "all"):
        assert someone.client.get(f"/paper/{name}.pdf").status_code == 200
        assert "Does bright light dazzle you?" in printed[-1]

    review = someone.open(f"/enter/{LIST}").send(dict(ANSWERS))

    assert review.path == f"/review/{LIST}"
    assert someone.open(f"/enter/{LIST}").chosen("glare") == ["yes"]


def test_a_check_again_asks_it_anew_and_says_what_changed(someone: Visitor) -> None:
    someone.take(FIRST, ANSWERS, "no")
    someone.see_plan()

    someone.open("/check-again").send({})
    page = someone.tick().follow("Go on")

    while page.path != FIRST:
        page = page.send({page.names[0]: "no"})
    assert "Has it been more than a year since your last eye test?" in page.h1
    page.send({"no-eye-test": "no"})
    someone.see_plan()
    assert "No longer so No eye test in the past year" in someone.open("/changes").main


def test_a_share_of_it_speaks_of_another_person(someone: Visitor) -> None:
    someone.take(FIRST, ANSWERS, "no")
    someone.see_plan()
    made = make_share(someone)
    page = come(someone.app, made).open(f"{made.path.replace('/share/', '/shared/')}/plan")
    assert "The eyes and ears check shows a raised risk." in page.main


def test_it_is_in_the_download(someone: Visitor, printed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    someone.take(FIRST, ANSWERS, "no")
    someone.see_plan()
    monkeypatch.setattr("web.sharing.download.render", lambda *_: b"%PDF-")
    page = someone.open("/download")
    response = someone.client.post("/download", data=page.data({}), buffered=True)
    with zipfile.ZipFile(io.BytesIO(response.data)) as archive:
        record = json.loads(archive.read("answers.json"))
    assert record["answers"][LIST]["glare"] == "yes"


def test_flask_assess_and_the_checklists_commands_know_it(with_it: Flask, laid: Path, tmp_path: Path) -> None:
    run = with_it.test_cli_runner()
    people = tmp_path / "people.jsonl"
    people.write_text(json.dumps({"warning-signs": [], "answers": {LIST: {**NO, **ANSWERS}}}) + "\n", "utf-8")

    found = run.invoke(args=["assess", str(people)])

    assert found.exit_code == 0, found.output
    assert json.loads(found.stdout)["checklists"][LIST]["could_be"] == ["moderate"]
    assert f"{LIST}.glare" in run.invoke(args=["checklists", "list"]).output
    checked = run.invoke(args=["checklists", "check", str(laid)])
    assert (checked.exit_code, "are in order" in checked.output) == (0, True), checked.output


def test_answers_to_a_list_that_was_taken_away_hinder_no_page(
    someone: Visitor, printed: list[str], definitions: Definitions, monkeypatch: pytest.MonkeyPatch
) -> None:
    someone.take(FIRST, ANSWERS, "no")
    someone.see_plan()
    monkeypatch.setattr("web.core.settings.load_definitions", lambda *_, **__: definitions)
    read_anew.cache_clear()

    assert TITLE not in someone.open("/checklists").main
    someone.open(f"/review/{LIST}", 404)
    assert "Get your eyes tested" in someone.open("/plan").main, "the plan stays as it was given"
    someone.open("/check-again").send({})
    someone.tick()
    someone.take("/falls/fell-past-year", {"unsteady-walking": "yes"}, "no")
    someone.see_plan()
    assert "Get your eyes tested" not in someone.open("/plan").main
    for path in ("/results", "/changes", "/check-again", "/plan/from-paper"):
        someone.open(path)
    assert someone.client.get("/plan.pdf").status_code == 200
    monkeypatch.setattr("web.sharing.download.render", lambda *_: b"%PDF-")
    sent = someone.open("/download").data({})
    assert someone.client.post("/download", data=sent, buffered=True).content_type == "application/zip"


SHAPES = {  # what one file alone shows
    "no such key": ("headline:\n", "headline_for_nobody:\n", "headline_for_nobody"),
    "a sentence is missing": ("  needs_more: The eyes and ears check needs a few more answers.\n", "", "needs_more"),
    "a level without words": ("    says: Little came up here.\n", "", "says"),
    "a section without questions": (
        "  - id: seeing\n",
        "  - {id: empty, title: Empty, questions: []}\n  - id: seeing\n",
        "sections.0.questions",
    ),
}
NAMES = {"another id than its file": (f"id: {LIST}\n", "id: senses\n", f"the file is called {LIST}")}
MEANINGS = {  # what only all of them together show
    "a level without a headline": (
        "  high: Your eyes and ears check shows a high risk.\n",
        "",
        "headline says nothing of high",
    ),
    "a level of no list": ("{count: {at_least: 4}}", "{level: [fall, high]}", "there is no list fall; use"),
    "an action nobody leads to": (
        '{"yes": [get-your-ears-tested]}',
        '{"yes": [get-your-eyes-tested]}',
        "nothing calls for get-your-ears-tested",
    ),
    "a second list of rooms": ("own_rule: true\n", "own_rule: true\nlayout: rooms\n", "home has layout: rooms already"),
    "a room that is not drawn": ("  - id: hearing\n", "  - id: hearing\n", "there is no drawing hearing"),
    "a room that asks otherwise": ("- link_id: glare\n", "- link_id: glare\n", "glare: in a list of rooms every"),
    "a room that says together": (
        "  - id: seeing\n",
        "  - id: seeing\n    together: true\n",
        "a room is asked together anyway",
    ),
    "a number asked together": (
        "- link_id: no-eye-test\n",
        "- link_id: no-eye-test\n",
        "asked together, a question is answered by yes-no",
    ),
    "a place that another has": ("order: 5\n", "order: 4\n", "posture has order 4 too"),
    "a number without a unit": (
        'answers: yes-no\n        may_change: true\n        score: 1\n        calls_for: {"yes": [get-your-eyes-tested]}',
        "answers: whole-number\n        low: 1\n        high: 9\n        leads_nowhere: {number: It is only told.}",
        "no-eye-test: a number needs low and high, and its unit",
    ),
    "a thing that is not drawn": ("- link_id: glare\n", "- link_id: glare\n", "there is no drawing glare in"),
    "a drawing that is not there": (
        "- link_id: blurred-steps\n",
        "- link_id: blurred-steps\n        drawing: telescope\n",
        "there is no drawing telescope in templates/components/drawings",
    ),
    "a picture that is not drawn": ("picture: phone\n", "picture: telescope\n", "there is no drawing telescope"),
}


@pytest.mark.parametrize("damage", [SHAPES, NAMES, MEANINGS], ids=["shapes", "names", "meanings"])
def test_the_check_names_all_that_would_make_a_page_fail(
    app: Flask, tmp_path: Path, damage: dict[str, tuple[str, str, str]]
) -> None:
    folder = lay(tmp_path / "definitions")
    file = folder / f"{LIST}.yaml"
    text = file.read_text("utf-8")
    for old, new, _ in damage.values():
        assert old in text
        text = text.replace(old, new)
    file.write_text(text, "utf-8")

    found = app.test_cli_runner().invoke(args=["checklists", "check", str(folder)])

    assert found.exit_code == 1
    assert [name for name, (_, _, says) in damage.items() if says not in found.output] == [], found.output


def test_a_list_takes_no_name_of_a_page_a_paper_or_a_fact_and_says_its_place_and_picture(
    app: Flask, tmp_path: Path
) -> None:
    folder = lay(tmp_path / "definitions")
    shutil.rmtree(folder / "es")
    text = (folder / f"{LIST}.yaml").read_text("utf-8").replace("order: 5\npicture: phone\n", "")
    for name in ("plan", "all", "measures", "free"):
        (folder / f"{name}.yaml").write_text(text.replace(LIST, name), "utf-8")

    home = folder / "home.yaml"
    home.write_text(home.read_text("utf-8").replace("layout: rooms\n", ""), "utf-8")

    lines = app.test_cli_runner().invoke(args=["checklists", "check", str(folder)]).output.splitlines()

    assert {line.partition(".")[0] for line in lines if " is taken" in line} == {
        *("plan", "all", "measures"),
        "home",  # the address of the rooms
    }
    for missing in ("order is missing", "picture is missing"):
        assert any(line.startswith("free.yaml:") and missing in line for line in lines)
    assert any("no list has layout: rooms" in line for line in lines)


@pytest.fixture
def dwelling(folder: Path, app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visitor]:
    """Somebody at the app whose one list of rooms has another name and another room."""
    place = folder / "definitions"
    shutil.copytree(DEFINITIONS, place)
    shutil.rmtree(place / "es")
    text = (place / "home.yaml").read_text("utf-8")
    (place / "home.yaml").unlink()
    assert "id: home\n" in text
    assert "  - id: kitchen\n" in text
    renamed = text.replace("id: home\n", "id: dwelling\n").replace("  - id: kitchen\n", "  - id: phone\n")
    (place / "dwelling.yaml").write_text(renamed, "utf-8")
    actions = place / "actions.yaml"
    named = actions.read_text("utf-8").replace("      home: {", "      dwelling: {").replace("[home.", "[dwelling.")
    actions.write_text(named.replace("room: kitchen\n", "room: phone\n"), "utf-8")
    monkeypatch.setenv("FIRM_FOOTING_DEFINITIONS", str(place))
    read_anew.cache_clear()
    visitor = Visitor(app)
    visitor.begin()
    visitor.tick()
    yield visitor
    monkeypatch.undo()
    read_anew.cache_clear()


def test_a_list_of_rooms_is_known_by_its_layout_and_not_by_its_name(dwelling: Visitor, printed: list[str]) -> None:
    hub = dwelling.open("/checklists")
    assert hub.follow("Your home, room by room").path == "/home"
    dwelling.open("/dwelling/floors-loose-rugs", 404)

    review = dwelling.take("/home/outside", {}, "yes")

    assert review.path == "/review/dwelling"
    dwelling.open("/walk")
    assert dwelling.client.get("/walk/state").json["answers"]["floors-loose-rugs"] == "yes"
    assert "Your home check shows things to fix." in dwelling.see_plan().main
    assert dwelling.open("/plan/shopping").path == "/plan/shopping"
    assert dwelling.client.get("/paper/dwelling.pdf").status_code == 200
    page = dwelling.open("/enter/dwelling").send({"floors-loose-rugs": "no"})
    assert page.path == "/review/dwelling"
    dwelling.open("/check-again").send({})
    page = dwelling.tick()
    assert page.chosen("fixed") == ["dwelling.floors-loose-rugs"]
