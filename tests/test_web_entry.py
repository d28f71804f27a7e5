"""A filled-in sheet typed in: the paper's numbers, the same answers as by the question pages, and nothing turned into no."""

import random
from datetime import date
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from answers.draft import Draft
from answers.person import person_of
from checklists import Definitions
from reports.words.questions import numbered
from tests.page_checks import text_of
from tests.visitor import After, Page, Visitor
from web.core.stores import store

LISTS = ("about", "falls", "bone", "home", "posture")
TYPED = {
    "age": "72",
    "weight-kg": "128",
    "height-cm-feet": "5",
    "height-cm-inches": "2",
    "tallest-height-cm-feet": "5",
    "tallest-height-cm-inches": "4",
}


def answer_signs(visitor: Visitor) -> None:
    visitor.begin()
    visitor.tick()


@pytest.fixture
def asked_today(after: After) -> Visitor:
    """Somebody who was asked for the warning signs of today, and nothing else yet."""
    return after(answer_signs)


def data_of(app: Flask, visitor: Visitor) -> dict[str, Any]:
    with app.app_context():
        return dict(store().get_draft(visitor.record_id).data)


def answers(app: Flask, visitor: Visitor, name: str) -> dict[str, Any]:
    data = data_of(app, visitor)
    return dict(data["about"] if name == "about" else data["lists"].get(name, {}))


def whole(definitions: Definitions, name: str, seed: int) -> dict[str, str]:
    """An answer in every row of a list, follow-ups and numbers too."""
    chosen = random.Random(seed)
    filled = {each.link_id: chosen.choice(each.allowed) for each in definitions.questions[name] if each.allowed}
    numbers = {field: value for field, value in TYPED.items() if (field == "age") is (name == "about")}
    return filled | (numbers if name in ("about", "bone") else {})


@pytest.mark.parametrize("name", LISTS)
def test_every_question_stands_there_once_with_the_papers_number(
    asked_today: Visitor, definitions: Definitions, name: str
) -> None:
    page = asked_today.open(f"/enter/{name}")
    legends = [text_of(each) for each in page.tree.iter("legend")]
    assert legends == [f"{number}. {each.name} {each.ask}" for number, each in numbered(definitions, name)]
    for each in definitions.questions[name]:
        if each.allowed:
            assert page.values(each.link_id) == list(each.allowed), "in the order of the paper's boxes"


@pytest.mark.parametrize("name", LISTS)
def test_before_the_signs_of_today_are_asked_they_come_first_and_lead_back(visitor: Visitor, name: str) -> None:
    visitor.begin()
    page = visitor.open(f"/enter/{name}")
    assert page.h1 == "First, the warning signs of today"
    assert "true only on the day" in page.main
    assert page.names == []

    signs = page.follow("Answer the warning signs for today")

    while signs.path.startswith("/warning-signs/"):
        signs = signs.send({"signs": ["none"]})
    assert signs.path == f"/enter/{name}"


def test_a_sign_that_needs_help_now_comes_before_the_sheet(visitor: Visitor) -> None:
    visitor.begin()
    visitor.open("/enter/falls").follow("Answer the warning signs for today")
    assert visitor.tick("stroke-signs").path == "/warning-signs/now"
    assert visitor.open("/enter/falls").path == "/warning-signs/now"


def test_signs_of_yesterday_do_not_count(app: Flask, asked_today: Visitor, definitions: Definitions) -> None:
    def yesterday(data: dict[str, Any]) -> None:
        data["signs"].update(at=0, since=0)

    with app.app_context():
        store().change_draft(asked_today.record_id, yesterday, content_hash=definitions.content_hash)
    assert asked_today.open("/enter/falls").h1 == "First, the warning signs of today"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_same_answers_by_paper_and_by_the_pages_give_the_same_results_and_plan(
    app: Flask, visitor: Visitor, definitions: Definitions, seed: int
) -> None:
    by_paper, by_pages = visitor, Visitor(app)
    for each in (by_paper, by_pages):
        each.begin()
        each.tick()
    for name in LISTS:
        sheet = whole(definitions, name, seed)
        first = "/home/outside" if name == "home" else f"/{name}/{definitions.questions[name][0].link_id}"
        by_pages.take(first, sheet)
        applying = answers(app, by_pages, name)
        copied = {key: each for key, each in sheet.items() if any(f"{key}-".startswith(f"{one}-") for one in applying)}
        by_paper.open(f"/enter/{name}").send(copied)
        typed = answers(app, by_paper, name)
        assert {each: typed[each] for each in applying} == applying
    assert by_paper.see_plan().main == by_pages.see_plan().main
    assert by_paper.open("/plan").main == by_pages.open("/plan").main


def test_what_was_saved_says_on_the_review_that_it_comes_from_paper(asked_today: Visitor) -> None:
    page = asked_today.open("/enter/falls").send({"fell-past-year": "no"})

    assert page.path == "/review/falls"
    assert f"Entered from paper on {date.today():%B} {date.today().day}, {date.today().year}." in page.main
    assert "Entered from paper" not in asked_today.open("/review/bone").main


def test_what_is_left_empty_is_not_answered_and_what_was_answered_stays(app: Flask, asked_today: Visitor) -> None:
    asked_today.open("/falls/numb-feet").send({"numb-feet": "yes"})
    old = asked_today.open("/enter/falls")
    assert old.chosen("numb-feet") == ["yes"]

    old.send({"fell-past-year": "unsure"})

    assert answers(app, asked_today, "falls") == {"numb-feet": "yes", "fell-past-year": "unsure"}


def test_an_answer_of_another_page_that_this_one_did_not_show_is_left_alone(app: Flask, asked_today: Visitor) -> None:
    old = asked_today.open("/enter/falls")
    asked_today.open("/falls/numb-feet").send({"numb-feet": "yes"})
    old.send({"fell-past-year": "no"})

    assert answers(app, asked_today, "falls") == {"numb-feet": "yes", "fell-past-year": "no"}


def test_a_row_that_is_emptied_is_not_answered_any_more(app: Flask, asked_today: Visitor) -> None:
    asked_today.open("/enter/falls").send({"fell-past-year": "no", "numb-feet": "yes"})
    page = asked_today.open("/enter/falls")
    data = page.data({})
    del data["numb-feet"]
    asked_today.post("/enter/falls", data)

    assert answers(app, asked_today, "falls") == {"fell-past-year": "no"}


@pytest.mark.parametrize(
    ("name", "typed", "says"),
    [
        ("about", {"age": "seventy"}, "1. Write the age in whole years, like 72."),
        ("about", {"age": "7"}, "1. Write an age from 18 to 120 years."),
        ("bone", {"weight-kg": "heavy"}, "1. Write the weight in pounds, like 140."),
        ("bone", {"height-cm-feet": "5", "height-cm-inches": "13"}, "2. Write the height in feet and inches"),
        ("bone", {"height-cm-inches": "4"}, "2. Write the height in feet and inches"),
        ("bone", {"weight-kg": "140", "weight-kg-unsure": "unsure"}, "1. Write a number or tick Not sure, not both."),
        ("bone", {"height-cm-feet": "6", "tallest-height-cm-feet": "5"}, "3. The tallest height cannot be less"),
        ("posture", {}, "1. Copy at least one answer from the paper"),
    ],
)
def test_what_cannot_be_kept_says_what_to_do_and_is_still_there(
    app: Flask, asked_today: Visitor, name: str, typed: dict[str, str], says: str
) -> None:
    others = {"bone": {"smokes": "no"}, "about": {"lives-alone": "yes"}}.get(name, {})
    page = asked_today.open(f"/enter/{name}").send({**typed, **others}, status=422)

    assert [each for each in page.errors if each.startswith(says)]
    for field, value in {**typed, **others}.items():
        assert page.chosen(field) == [value]
    assert answers(app, asked_today, name) == {}


def test_a_height_is_judged_beside_the_one_that_was_saved_before(asked_today: Visitor) -> None:
    asked_today.open("/enter/bone").send({"tallest-height-cm-feet": "5", "tallest-height-cm-inches": "4"})
    page = asked_today.open("/enter/bone")
    sent = page.send({"height-cm-feet": "5", "height-cm-inches": "10"}, status=422)

    (says,) = sent.errors
    assert says.startswith(("2. The tallest height cannot be less", "3. The tallest height cannot be less"))
    assert sent.chosen("height-cm-inches") == ["10"]


def test_units_are_changed_with_everything_still_there_and_nothing_saved(app: Flask, asked_today: Visitor) -> None:
    page = asked_today.open("/enter/bone")
    sent = asked_today.post("/enter/bone", {**page.data({"smokes": "yes"}).to_dict(), "use": "metric"})

    assert sent.path == "/enter/bone"
    assert sent.chosen("smokes") == ["yes"]
    assert answers(app, asked_today, "bone") == {}
    sent.send({"weight-kg": "58", "height-cm": "158", "smokes": "yes"})
    sizes = {"weight-kg": {"value": "58"}, "height-cm": {"value": "158"}}
    assert answers(app, asked_today, "bone") == {**sizes, "smokes": "yes"}
    assert data_of(app, asked_today)["units"] == "metric"


def test_a_number_that_is_shown_in_other_units_is_not_rounded_anew(app: Flask, asked_today: Visitor) -> None:
    asked_today.open("/enter/bone").send({"weight-kg": "150"})
    asked_today.open("/enter/bone?units=metric").send({"smokes": "no"})

    assert answers(app, asked_today, "bone")["weight-kg"] == {"pounds": "150"}


def test_a_change_of_language_keeps_what_was_typed(asked_today: Visitor) -> None:
    page = asked_today.open("/enter/bone")
    data = page.data({"weight-kg": "14", "smokes": "yes"})
    after = asked_today.post("/settings", {**data.to_dict(flat=False), "language": "es"})

    assert after.path == "/enter/bone"
    assert after.tree.get("lang") == "es"
    assert (after.chosen("weight-kg"), after.chosen("smokes")) == (["14"], ["yes"])


def test_a_room_that_was_not_there_is_there_once_something_in_it_is_answered(
    app: Flask, asked_today: Visitor, definitions: Definitions
) -> None:
    asked_today.open("/home/stairs").send({"absent": "yes"})
    page = asked_today.open("/enter/home")
    assert page.chosen("stairs-no-rails") == ["not-here"]

    page.send({"floors-loose-rugs": "yes"})
    assert data_of(app, asked_today)["absent"] == ["stairs"]
    assert answers(app, asked_today, "home") == {"floors-loose-rugs": "yes"}

    asked_today.open("/enter/home").send({"stairs-no-rails": "yes"})
    assert data_of(app, asked_today)["absent"] == []
    person = person_of(definitions, Draft.from_json(data_of(app, asked_today)), date.today())
    assert person.answers["home"]["stairs-no-rails"] == "yes"


def test_what_a_walk_remembers_from_before_does_not_come_back(app: Flask, asked_today: Visitor) -> None:
    asked_today.open("/enter/home").send({"stairs-no-rails": "no", "bath-slippery": "yes"})
    token = asked_today.client.get("/walk/state").get_json()
    minute = 60_000
    entries = [
        {"sequence": 1, "link_id": "stairs-no-rails", "answer": "yes", "ago": minute},
        {"sequence": 2, "link_id": "stairs", "answer": "yes", "ago": minute},
        {"sequence": 3, "link_id": "bath-slippery", "answer": "unsure", "ago": 0},
    ]
    sent = asked_today.client.post(
        "/walk/answers",
        json={"record": token["record"], "key": "a-walk-of-this-house", "entries": entries},
        headers={"X-CSRFToken": token["token"]},
    )
    assert sent.status_code == 200

    assert answers(app, asked_today, "home") == {"stairs-no-rails": "no", "bath-slippery": "unsure"}
    assert data_of(app, asked_today)["absent"] == []


def test_nobody_types_into_the_record_of_somebody_else(app: Flask, asked_today: Visitor) -> None:
    data = asked_today.open("/enter/falls").data({"fell-past-year": "yes"})
    stranger = Visitor(app)
    data["csrf_token"] = stranger.open("/").settings()["csrf_token"]

    stranger.post("/enter/falls", data, 404)
    assert answers(app, asked_today, "falls") == {}


def test_a_helper_reads_the_words_of_a_helper(visitor: Visitor) -> None:
    visitor.begin("helper")
    visitor.tick()
    page = visitor.open("/enter/home")
    assert "No such place there" in page.main
    assert "Did they fall in the past 12 months?" in visitor.open("/enter/falls").main


WORDS = st.one_of(
    st.sampled_from(["yes", "no", "unsure", "not-here", "", "none", "5", "-1", "1e9", "5.5", "٣"]), st.text()
)


def test_no_form_whatever_it_holds_is_a_fault(asked_today: Visitor, definitions: Definitions) -> None:
    record, token = asked_today.record_id, asked_today.open("/about/age").hidden("csrf_token")
    fields = {name: [each.link_id for each in definitions.questions[name]] for name in LISTS}
    for name, of_list in fields.items():
        fields[name] = [f"{each}{part}" for each in of_list for part in ("", "-feet", "-inches", "-unsure")]
        fields[name] += ["units", "shown", "use", "to", "unknown"]
    forms = st.sampled_from(LISTS).flatmap(
        lambda name: st.tuples(st.just(name), st.dictionaries(st.sampled_from(fields[name]), WORDS, max_size=12))
    )

    @given(forms)
    @settings(max_examples=60)
    def send(named: tuple[str, dict[str, str]]) -> None:
        name, form = named
        sent = {**form, "csrf_token": token, "record": record}
        response = asked_today.client.post(f"/enter/{name}", data=sent)
        assert response.status_code in (303, 422), response.status
        if response.status_code == 422:
            Page(asked_today, response)
        assert asked_today.client.get(f"/enter/{name}").status_code == 200

    send()


def test_sizes_are_converted_when_the_units_are_switched_and_nothing_saved_goes(visitor: Visitor) -> None:
    visitor.begin()
    visitor.tick()
    sizes = {"weight-kg": "140", "height-cm-feet": "5", "height-cm-inches": "4", "tallest-height-cm-feet": "5",
             "tallest-height-cm-inches": "6"}  # fmt: skip
    visitor.open("/enter/bone").send(sizes)
    page = visitor.open("/enter/bone").send({"use": "metric"})
    assert page.chosen("weight-kg") == ["63.5"]
    assert page.chosen("height-cm") == ["162.6"]
    page.send({"weight-kg": "64"})

    review = visitor.open("/review/bone").main
    for said in ("64 kg", "5 feet 4 inches", "5 feet 6 inches"):
        assert said in review


def test_a_size_that_cannot_be_converted_empties_no_row(app: Flask, asked_today: Visitor) -> None:
    asked_today.open("/enter/bone").send({"weight-kg": "140", "height-cm-feet": "5", "height-cm-inches": "4"})
    kept = answers(app, asked_today, "bone")
    page = asked_today.open("/enter/bone").send({"weight-kg": "heavy", "height-cm-feet": "tall", "use": "metric"})
    assert page.chosen("weight-kg") == [""]
    page.send({"smokes": "no"})

    assert answers(app, asked_today, "bone") == {**kept, "smokes": "no"}


def test_a_follow_up_that_does_not_go_with_the_row_before_it_is_told(visitor: Visitor) -> None:
    visitor.begin()
    visitor.tick()
    page = visitor.open("/enter/falls").send({"fell-past-year": "no", "fall-blackout": "yes"}, 422)

    assert page.errors == [
        "18. This goes only with another answer to 1. Look at the paper again, or empty one of them."
    ]
    assert page.chosen("fall-blackout") == ["yes"]
    assert page.send({"fell-past-year": "yes"}).path == "/review/falls"


def test_whom_nobody_can_ask_has_no_sign_ticked_and_none_denied(visitor: Visitor) -> None:
    visitor.begin()
    page = visitor.open("/enter/falls").follow("I cannot ask them now")
    assert page.path == "/enter/falls"

    page.send({"numb-feet": "yes"})

    assert visitor.open("/review/falls").main.count("Yes") == 1
    assert "signs" not in store().get_draft(visitor.record_id).data


def test_the_page_says_whose_answers_are_open(visitor: Visitor) -> None:
    visitor.begin()
    visitor.tick()
    assert "whose age is not known yet" in visitor.open("/enter/falls").main
    visitor.open("/about/age").send({"age": "72"})
    assert "a person of age 72" in visitor.open("/enter/falls").main
