"""The start, and for whom the answers are."""

import re

from flask import Flask

from tests.page_checks import text_of
from tests.tapping import link_of
from tests.visitor import Visitor


def test_the_start_says_what_it_is_how_long_it_takes_and_that_it_is_no_emergency_service(visitor: Visitor) -> None:
    start = visitor.open("/")
    for words in (
        "About ",
        " minutes",
        "No name, no sign-in",
        "not a diagnosis",
        "hurt or very ill now, call 911",
    ):
        assert words in start.main


def test_the_start_leads_to_for_whom(visitor: Visitor) -> None:
    assert visitor.open("/").follow("Start").path == "/for-whom"


def test_who_does_not_say_for_whom_is_told_what_to_choose(visitor: Visitor) -> None:
    page = visitor.open("/for-whom").send({}, status=422)
    assert page.errors == ["Choose Me, or Someone I help."]


def test_an_answer_that_is_no_choice_is_told_the_same(visitor: Visitor) -> None:
    form = visitor.open("/for-whom").data({})
    form["answering"] = "the cat"
    assert visitor.post("/for-whom", form, 422).errors


def test_for_me_leads_to_the_first_question_in_my_words(visitor: Visitor) -> None:
    page = visitor.begin("self")
    assert page.path == "/about/age"
    assert page.h1 == "How old are you?"


def test_for_someone_i_help_leads_to_the_first_question_in_a_helpers_words(visitor: Visitor) -> None:
    page = visitor.begin("helper")
    assert page.h1 == "How old are they?"
    assert visitor.open("/falls/fell-past-year").h1 != "Have you fallen in the past 12 months?"


def test_who_began_before_may_go_on_or_start_for_someone_else(visitor: Visitor) -> None:
    visitor.begin()
    start = visitor.open("/")
    assert start.follow("Go on where you were").path == "/checklists"
    assert start.follow("Start for someone else").path == "/for-whom"


def test_who_comes_back_to_a_plan_sees_what_is_done_by_whom_and_one_thing_to_do(app: Flask, visitor: Visitor) -> None:
    visitor.begin()
    visitor.tick()
    visitor.take("/falls/fell-past-year", {"fell-past-year": "yes", "unsteady-walking": "yes"}, "no")
    visitor.see_plan()
    link = link_of(visitor.open("/share").send({"name": "Tom"}))
    tom = Visitor(app)
    shared = tom.open(link).send({})
    shared.send({"state": "done"})  # the first form is that of the first card

    start = visitor.open("/")
    assert start.h1 == "Welcome back"
    assert "1 of 2 done" in start.main
    assert re.search("Tom, [A-Z][a-z]+ [0-9]+, 20[0-9]+: [A-Z]", start.main)
    assert list(start.links())[2].startswith("My plan Next: "), "behind the skip link and the name"
    title = list(start.links())[2].removeprefix("My plan Next: ")
    plan = start.follow("My plan")
    assert plan.path == "/plan"
    assert text_of(next(plan.tree.iter("h3"))) == title

    assert visitor.open("/checklists").follow("My plan").path == "/plan"

    visitor.tick("back-pain-fever")
    assert "Next: " not in visitor.open("/").main, "first the sign"


def test_a_code_can_be_typed_on_the_start(app: Flask, visitor: Visitor) -> None:
    visitor.begin()
    visitor.open("/keep").send({})
    code = next(text_of(each) for each in visitor.open("/keep").tree.iter("p") if each.get("class") == "door-code")
    assert Visitor(app).open("/").send({"code": code}).path == "/checklists"
    assert Visitor(app).open("/").send({"code": "ACDE"}, 422).path == "/code"


def test_no_record_is_made_before_somebody_begins(visitor: Visitor) -> None:
    from web.core.stores import store

    visitor.open("/")
    visitor.open("/for-whom")
    assert store().count()["records"] == 0
    visitor.begin()
    assert store().count()["records"] == 1


def test_a_page_that_needs_answers_leads_back_to_the_start_when_there_are_none(visitor: Visitor) -> None:
    for path in ("/checklists", "/results", "/plan", "/plan.pdf", "/about/age", "/home/stairs", "/review/falls"):
        page = visitor.open(path, 404)
        assert page.h1 == "We cannot find your answers here"
        assert page.follow("Go to the start").path == "/"


def test_help_is_in_the_same_place_on_every_page(app: Flask, visitor: Visitor) -> None:
    visitor.begin()
    for path in ("/", "/for-whom", "/about/age", "/warning-signs", "/checklists", "/how-this-works", "/nowhere"):
        page = visitor.open(path, 404 if path == "/nowhere" else 200)
        links, _, numbers = page.text.rpartition(" Help at any time ")
        assert "How this works" in links
        assert numbers.endswith("In an emergency call 911")
