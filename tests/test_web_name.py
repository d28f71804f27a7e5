"""What a helper calls the person: asked once, kept sealed, and said wherever "you" or "my" would mean the person."""

import io
import json
import logging
import re
import zipfile
from pathlib import Path

import pytest
from flask import Flask

from reports.words.naming import OF_NAMED
from reports.words.third_person import OF_ANOTHER
from tests.page_checks import text_of
from tests.tapping import paper_text
from tests.test_web_shares import at, come, share
from tests.texts import sentences_of_code
from tests.visitor import Page, Visitor
from web.asking.start import NAME_CHARACTERS

SAYS_YOU = re.compile(r"\b(you|yours?|yourself|my)\b", re.IGNORECASE)
PLAN_AND_PAPER = (
    "templates/asking/hub", "templates/asking/review", "templates/plan/make", "templates/plan/plan.html",
    "templates/plan/results", "templates/components/plan", "templates/components/result", "templates/reports/",
    "web/asking/hub", "web/plan/", "reports/words/", "reports/paper/",
)  # fmt: skip
OTHER_PAPER = (
    "templates/reports/blank", "templates/reports/cover", "templates/reports/letter", "templates/reports/wall_poster",
    "reports/paper/blank", "reports/words/questions",
)  # fmt: skip
TO_THE_PERSON = ("templates/reports/fall.html", "reports/paper/falling")
"""What to do after a fall is said to whoever lies on the floor; the paper says who that is."""
TO_THE_HELPER = (
    "Each thing you change", "Whom you share the plan with", "Say what you call them", "Reminders in your calendar",
    "You may have some of them at home", "Tear off this sheet", "There you can copy the ticks", "On this page “you” and “your” mean",
)  # fmt: skip
HARD = 'Rósa "R" <b>&%s %%d'
SEEN = {"en": "Mom’s plan", "es": "El plan de Mamá"}


def begin(app: Flask, name: str, language: str = "en") -> Visitor:
    visitor = Visitor(app)
    visitor.open("/settings").send({"language": language})
    visitor.open("/for-whom").send({"answering": "helper", "person_name": name})
    return visitor


def make_plan(visitor: Visitor) -> Page:
    visitor.take("/about/age", {"age": "82", "sex": "female", "blood-thinner": "yes"}, "no")
    visitor.tick()
    visitor.take("/falls/fell-past-year", {"fell-past-year": "yes", "unsteady-walking": "yes"}, "no")
    return visitor.see_plan()


def test_each_sentence_of_plan_results_and_paper_that_says_you_has_one_with_the_name() -> None:
    named = {*OF_NAMED, *OF_NAMED.values()}
    known = {*named, *(each for each, other in OF_ANOTHER.items() if other in named or not SAYS_YOU.search(other))}
    left = [
        text
        for message in sentences_of_code()
        for text in ([message.id] if isinstance(message.id, str) else message.id)
        if SAYS_YOU.search(text) and text not in known and not any(each in text for each in TO_THE_HELPER)
        if any(
            place.startswith(PLAN_AND_PAPER) and not place.startswith((*OTHER_PAPER, *TO_THE_PERSON))
            for place, _line in message.locations
        )
    ]
    assert not left, "say it with the name in reports/words/naming.py"


@pytest.mark.parametrize(
    ("language", "name", "says"),
    [
        ("en", "Mom", ("Mom’s checklists", "Mom’s falls check shows", "Mom’s plan", "Mom, by ", "takes, or may take")),
        (
            "es",
            "Mamá",
            ("Las listas de Mamá", "caídas de Mamá muestra", "El plan de Mamá", "Mamá, antes del ", "toma, o"),
        ),
    ],
)
def test_hub_results_plan_and_paper_speak_of_the_person_by_name(
    app: Flask, language: str, name: str, says: tuple[str, ...]
) -> None:
    visitor = begin(app, name, language)
    assert name in text_of(visitor.open("/about/age").tree)
    results = make_plan(visitor)
    plan, paper = visitor.open("/plan"), paper_text(visitor, "/plan.pdf")
    hub, check, title, who, thinner = says
    assert visitor.open("/checklists").h1 == hub
    assert check in results.h1
    assert plan.h1 == title
    assert f"{title} " in paper
    assert who in plan.main
    assert f"{name} {thinner}" in paper
    assert f": {name}" in paper


def test_without_a_name_everything_is_said_as_before(app: Flask) -> None:
    visitor = begin(app, "")
    make_plan(visitor)
    assert visitor.open("/plan").h1 == "Your plan"
    assert "Your plan to stay steady" in paper_text(visitor, "/plan.pdf")
    assert visitor.open("/checklists").follow("Say what you call them").send({"person_name": "Rosa"})
    assert visitor.open("/plan").h1 == "Rosa’s plan"


def test_a_new_name_stands_everywhere_and_makes_no_plan_older(app: Flask) -> None:
    visitor = begin(app, "Mom")
    make_plan(visitor)
    ana = come(app, made := share(visitor, of="Granny"))
    assert visitor.open("/checklists").follow("Change the name").values("person_name") == ["Mom"]
    visitor.open("/name").send({"person_name": "Rosa"})
    plan = visitor.open("/plan")
    assert plan.h1 == "Rosa’s plan"
    assert "new answers" not in plan.main
    shared = ana.open(f"{at(made)}/plan")
    assert shared.h1 == "The plan of Granny"
    assert "The steps speak to Rosa." in shared.main
    assert "Mom" not in plan.text + shared.text + paper_text(visitor, "/plan.pdf")
    assert "For Rosa" in visitor.open("/this-browser").main


def test_any_name_stays_text_and_turns_no_word_beside_it(app: Flask) -> None:
    visitor = begin(app, "Mom")
    make_plan(visitor)
    for name in (HARD, "\u202eRosa\u2066 \u200b<i>", "אמא", "O'Brien’s “Nan”"):
        visitor.open("/name").send({"person_name": name})
        seen = re.sub("[\u202e\u2066\u200b]", "", name)
        for path in ("/checklists", "/results", "/plan", "/about/age", "/share", "/"):
            page = visitor.open(path)
            assert seen in re.sub("[\u2068\u2069]", "", page.text), path
            assert "<b>&" not in page.html
            assert "<i>" not in page.html
        assert "אמא" not in page.html or "\u2068אמא\u2069’s plan" in page.text
    assert seen in paper_text(visitor, "/plan.pdf")


def test_a_name_that_cannot_be_kept_is_told_and_stays_typed(app: Flask) -> None:
    visitor = Visitor(app)
    for name, says in (("M" * (NAME_CHARACTERS + 1), "Use at most 40 letters"), ("Mom 𓀀", "We cannot print this")):
        page = visitor.open("/for-whom").send({"answering": "helper", "person_name": name}, 422)
        assert says in page.errors[0]
        assert page.values("person_name") == [name]
    assert not visitor.open("/for-whom").send({"answering": "self", "person_name": "Mom"}).text.count("Mom")
    assert visitor.open("/name").path == "/checklists", "who answers for themselves has no name here"


def test_the_name_is_in_the_download_and_in_no_log_address_calendar_or_file_of_ours(
    app: Flask, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    visitor = begin(app, "Zyxmother")
    make_plan(visitor)
    made = share(visitor, of="Zyxmother")
    hub = visitor.open("/checklists")
    sent = visitor.client.get("/plan.pdf")
    assert "Zyxmother" not in caplog.text
    addresses = re.findall(r'(?:href|action|src)="([^"]*)"', made.html + hub.html + visitor.open("/plan").html)
    assert addresses
    assert "Zyxmother" not in f"{made.path} {addresses} {sent.headers}"
    assert b"Zyxmother" not in visitor.client.get("/reminders.ics?steps=yes&told=yes&again=30").data
    assert any(each.is_file() for each in folder.rglob("*"))
    assert not [each for each in folder.rglob("*") if each.is_file() and b"Zyxmother" in each.read_bytes()]
    zipped = visitor.client.post("/download", data=visitor.open("/download").data({}), buffered=True)
    with zipfile.ZipFile(io.BytesIO(zipped.data)) as archive:
        assert json.loads(archive.read("everything.json"))["answers_as_typed"]["person_name"] == "Zyxmother"
        assert not [each for each in archive.namelist() if "Zyxmother" in each]
