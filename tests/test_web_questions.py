"""Every question page of every list: it answers, goes on, goes back, and keeps what was answered."""

import re

import pytest

from checklists import Definitions
from tests.page_checks import fields, one, text_of
from tests.visitor import Page, Visitor

FIRST = {"about": "/about/age", "falls": "/falls/fell-past-year", "bone": "/bone/weight-kg"}
CHOICES = {"fell-past-year": "yes", "sex": "female", "had-dexa": "yes", "bone-medicine": "stopped"}
NUMBERS = {
    "age": {"age": "72"},
    "weight-kg": {"weight-kg": "128"},
    "height-cm": {"height-cm-feet": "5", "height-cm-inches": "2"},
    "tallest-height-cm": {"tallest-height-cm-feet": "5", "tallest-height-cm-inches": "4"},
}


def first_address(definitions: Definitions, subject: str) -> str:
    if subject != "about" and definitions.checklist_of[subject].sections[0].together:
        return f"/{subject}/section/{definitions.checklist_of[subject].sections[0].id}"
    return f"/{subject}/{definitions.questions[subject][0].link_id}"


def fill(page: Page) -> dict[str, str]:
    """An answer that opens every follow-up."""
    link_id = page.path.rpartition("/")[2]
    return NUMBERS.get(link_id) or {link_id: CHOICES.get(link_id, page.values(link_id)[0])}


@pytest.mark.parametrize("answering", ["self", "helper"])
@pytest.mark.parametrize("subject", ["about", "falls", "bone", "posture"])
def test_every_question_is_asked_and_kept_and_back_leads_to_the_one_before(
    visitor: Visitor, definitions: Definitions, subject: str, answering: str
) -> None:
    visitor.begin(answering)
    if subject == "bone":
        visitor.take(FIRST["about"], {"age": "72", "sex": "female"})
    page = visitor.open(first_address(definitions, subject))
    visited, asked = list[str](), list[str]()
    while page.path.startswith(f"/{subject}/"):
        together = "/section/" in page.path
        for link_id in page.names if together else [page.path.rpartition("/")[2]]:
            question = next(each for each in definitions.questions[subject] if each.link_id == link_id)
            ask = question.ask if answering == "self" else question.ask_other
            assert ask in page.main if together else page.h1 == ask
            assert together or question.why in page.main
            asked.append(link_id)
        assert re.search(f"(: |page ){len(visited) + 1} of ", text_of(one(page.tree, "body")))
        if visited:
            assert page.back().path == visited[-1]
        visited.append(page.path)
        answers = {name: "no" for name in page.names} if together else fill(page)
        following = page.send(answers)
        again = visitor.open(page.path)
        assert {name: again.chosen(name) for name in answers} == {name: [value] for name, value in answers.items()}
        page = following
    assert asked == [each.link_id for each in definitions.questions[subject]]
    assert page.path == ("/warning-signs/after-a-fall" if subject == "about" else f"/review/{subject}")
    if subject != "about":
        assert page.main.count("Done: ") == 1


@pytest.mark.parametrize("subject", ["about", "falls", "bone", "posture"])
def test_every_question_may_be_passed_over_and_nothing_is_made_up(
    visitor: Visitor, definitions: Definitions, subject: str
) -> None:
    visitor.begin()
    visitor.take(first_address(definitions, subject), {})
    rows = visitor.open(f"/review/{subject}").main
    allowed_unsure = {"about": 2, "bone": 3}.get(subject, 0)
    assert rows.count("Not sure") <= allowed_unsure + rows.count("Not sure or rather not say")
    assert "Not answered yet" in rows


@pytest.mark.parametrize("link_id", ["spine-fracture-now", "hospital-past-3-months"])
def test_the_two_questions_on_which_exercise_waits_cannot_be_skipped(visitor: Visitor, link_id: str) -> None:
    visitor.begin()
    page = visitor.open(f"/about/{link_id}")
    assert "Skip" not in page.links()
    assert page.send({}, 422).errors == ["Choose Yes, No, or Not sure."]
    assert page.send({link_id: "unsure"}).path != page.path


def test_nothing_chosen_is_told_in_the_summary_and_at_the_question(visitor: Visitor) -> None:
    visitor.begin()
    page = visitor.open("/falls/numb-feet").send({}, 422)
    assert page.errors == ["Choose Yes, No, or Not sure."]
    assert page.main.count("Choose Yes, No, or Not sure.") == 2
    assert page.title.startswith("Error: ")


def test_an_answer_that_was_not_offered_is_refused_and_the_kept_one_stays(visitor: Visitor) -> None:
    visitor.begin()
    page = visitor.open("/falls/numb-feet")
    page.send({"numb-feet": "yes"})
    form = page.data({})
    for nonsense in ("maybe", "YES", "not-here", "1", ""):
        form["numb-feet"] = nonsense
        assert visitor.post("/falls/numb-feet", form, 422).errors
    assert visitor.open("/falls/numb-feet").chosen("numb-feet") == ["yes"]


def test_going_back_and_forth_keeps_every_answer(visitor: Visitor) -> None:
    visitor.begin()
    page = visitor.open("/falls/fell-past-year").send({"fell-past-year": "no"})
    page = page.send({page.names[0]: "unsure"})
    before = page.back()
    assert before.chosen(before.names[0]) == ["unsure"]
    first = before.back()
    assert first.chosen("fell-past-year") == ["no"]


def test_a_question_that_nobody_wrote_is_a_kind_404(visitor: Visitor) -> None:
    visitor.begin()
    for path in (
        "/falls/no-such-question",
        "/about/fell-past-year",
        "/bone/%00",
        "/home/attic",
        "/home/attic/2",
        "/falls/section/attic",
    ):
        assert visitor.open(path, 404).follow("Go to the start").path == "/"


def test_the_place_of_a_question_that_does_not_apply_is_the_review(visitor: Visitor) -> None:
    visitor.begin()
    visitor.take("/falls/fell-past-year", {"fell-past-year": "no"})
    assert visitor.open("/falls/fell-twice").path == "/review/falls"


FOLLOW_UPS = ("fell-twice", "fall-injury", "fall-long-lie", "fall-blackout")


def test_follow_ups_come_are_put_aside_and_come_back_with_their_answers(visitor: Visitor) -> None:
    visitor.begin()
    visitor.open("/about/cannot-walk").send({"cannot-walk": "no"})
    visitor.tick()
    visitor.take("/falls/fell-past-year", {"fell-past-year": "yes", **dict.fromkeys(FOLLOW_UPS, "yes")}, "no")
    assert visitor.see_plan().levels["falls"] == "High"
    page = visitor.open("/falls/fell-past-year").send({"fell-past-year": "no"})
    assert "4 earlier answers do not fit this one: two falls or more, hurt in a fall, hard to get up" in page.main
    for link_id in FOLLOW_UPS:
        assert visitor.open(f"/falls/{link_id}").path == "/review/falls"
    assert visitor.see_plan().levels["falls"] == "Lower"
    visitor.open("/falls/fell-past-year").send({"fell-past-year": "yes"})
    for link_id in FOLLOW_UPS:
        assert visitor.open(f"/falls/{link_id}").chosen(link_id) == ["yes"]
    assert visitor.see_plan().levels["falls"] == "High"


def test_questions_for_women_are_not_asked_of_a_man(visitor: Visitor) -> None:
    visitor.begin()
    visitor.take("/about/age", {"age": "72", "sex": "male"})
    assert visitor.open("/bone/postmenopausal").path == "/review/bone"
    visitor.open("/about/sex").send({"sex": "unsure"})
    assert visitor.open("/bone/postmenopausal").path == "/bone/postmenopausal"


def test_a_helpers_answers_and_room_words_are_in_the_third_person(visitor: Visitor) -> None:
    visitor.begin("helper")
    room = visitor.open("/home/stairs").main
    assert "Not there" in room
    assert "Not here" not in room


def test_a_review_shows_each_answer_and_change_leads_there_and_back(visitor: Visitor) -> None:
    visitor.begin()
    visitor.take("/falls/fell-past-year", {"fell-past-year": "no"}, "no")
    review = visitor.open("/review/falls")
    question = review.follow("Change: Have your feet")
    assert question.path == "/falls/numb-feet"
    assert question.back().path == "/review/falls"
    changed = question.send({"numb-feet": "unsure"})
    assert changed.path == "/review/falls"
    assert changed.main.startswith("Numb feet: Not sure Change: Numb feet ")
    assert changed.main.count("Not sure") == 2
    assert changed.follow("Change: Numb feet").back().path == "/review/falls"


def test_a_mistake_made_while_changing_still_leads_back_to_the_review(visitor: Visitor) -> None:
    visitor.begin()
    page = visitor.open("/falls/numb-feet?then=review").send({}, 422)
    assert page.back().path == "/review/falls"
    assert page.send({"numb-feet": "no"}).path == "/review/falls"


def test_the_hub_says_how_far_each_list_is_and_goes_on_where_it_stopped(visitor: Visitor) -> None:
    visitor.begin()
    assert visitor.open("/checklists").main.count("Not started") == 4
    assert "See my plan" not in visitor.open("/checklists").main
    page = visitor.open("/falls/fell-past-year").send({"fell-past-year": "no"})
    hub = visitor.open("/checklists")
    assert hub.main.count("Not started") == 3
    assert "Started" in hub.main
    assert "See my plan" in hub.main
    falls = next(words for words in hub.links() if "Started" in words and "Not started" not in words)
    assert hub.follow(falls).path == page.path
    visitor.take("/falls/fell-past-year", {}, "no")
    assert "Done" in visitor.open("/checklists").main


def test_the_lists_may_be_taken_in_any_order_without_about(visitor: Visitor) -> None:
    visitor.begin()
    for subject in ("posture", "home", "bone", "falls"):
        first = {"home": "/home/outside", "bone": "/bone/weight-kg", "falls": "/falls/fell-past-year"}
        address = first.get(subject) or first_address_of(visitor)
        page = visitor.open(address)
        page.send({page.names[0]: "unsure"} if subject != "bone" else {"weight-kg-unsure": "unsure"})
    assert visitor.see_plan().path == "/results"


def first_address_of(visitor: Visitor) -> str:
    hub = visitor.open("/checklists")
    return next(href for href in hub.links().values() if href.startswith("/posture/"))


ABOUT_WALKING = ("uses-cane-or-walker", "unsteady-walking", "holds-furniture", "trouble-with-curb")


def test_not_being_able_to_walk_puts_answers_about_walking_aside_and_says_so_once(visitor: Visitor) -> None:
    visitor.begin()
    visitor.tick()
    visitor.take("/falls/fell-past-year", dict.fromkeys(ABOUT_WALKING, "yes"), "no")
    page = visitor.open("/about/cannot-walk").send({"cannot-walk": "yes"})
    assert "4 earlier answers do not fit this one: cane or walker, unsteady" in page.main
    assert "They are put aside and do not count." in page.main
    assert "put aside" not in visitor.open("/checklists").main
    for link_id in ABOUT_WALKING:
        assert visitor.open(f"/falls/{link_id}").path == "/review/falls"
    assert visitor.see_plan().levels["falls"] == "Raised"
    assert "put aside" not in visitor.open("/about/cannot-walk").send({"cannot-walk": "no"}).main
    for link_id in ABOUT_WALKING:
        assert visitor.open(f"/falls/{link_id}").chosen(link_id) == ["yes"], "nothing that was answered is lost"


def test_a_back_that_nobody_has_checked_heads_the_lists_before_any_is_taken(visitor: Visitor) -> None:
    visitor.begin()
    visitor.open("/about/spine-fracture-now").send({"spine-fracture-now": "unsure"})
    assert "Have your back checked this week." in visitor.open("/checklists").main
    assert "put aside" not in visitor.open("/about/spine-fracture-now").send({"spine-fracture-now": "no"}).main
    assert "back checked" not in visitor.open("/checklists").main


def test_one_tap_saves_goes_on_and_says_first_what_it_saved(visitor: Visitor) -> None:
    visitor.begin()
    page = visitor.open("/falls/fell-past-year")
    assert "Save and go on" not in page.main
    page = page.send({"fell-past-year": "yes"})
    assert page.main.startswith("A fall: Yes Change: A fall ")
    assert visitor.open("/falls/uses-cane-or-walker?after=falls.fell-past-year").main == page.main, (
        "a reload says it too"
    )
    changed = page.follow("Change: A fall")
    assert changed.chosen("fell-past-year") == ["yes"]
    page = changed.send({"fell-past-year": "unsure"})
    assert page.main.startswith("A fall: Not sure ")
    weight = visitor.open("/bone/weight-kg").send({"weight-kg": "128"})
    assert weight.main.startswith("Weight now: 128 pounds Change: Weight now ")


@pytest.mark.parametrize(
    "after", ["falls.numb-feet", "falls.nothing", "home.floors-loose-rugs", "nobody", ".", "%00", "a.b.c"]
)
def test_what_was_not_answered_is_not_said(visitor: Visitor, after: str) -> None:
    visitor.begin()
    plain = visitor.open("/falls/fell-past-year").main
    assert visitor.open(f"/falls/fell-past-year?after={after}").main == plain


def test_whose_hand_shakes_confirms_each_answer(visitor: Visitor) -> None:
    visitor.begin()
    settings = visitor.open("/settings")
    assert settings.chosen("saving") == ["tap"]
    settings.send({"saving": "confirm"})
    page = visitor.open("/falls/fell-past-year")
    assert {each.get("type") for each in fields(page.tree)} == {"radio"}
    assert page.send({}, 422).errors == ["Choose Yes, No, or Not sure."]
    page = page.send({"fell-past-year": "no"})
    assert page.main.startswith("A fall: No Change")
    assert visitor.open("/falls/fell-past-year").chosen("fell-past-year") == ["no"]


def test_a_question_that_lists_what_counts_shows_its_list(visitor: Visitor, definitions: Definitions) -> None:
    visitor.begin()
    shown = [each for questions in definitions.questions.values() for each in questions if each.help_open]
    assert shown
    for asked in definitions.question_of.values():
        assert ("listed below" in asked.ask) == (asked in shown), asked.link_id
    page = visitor.open(f"/bone/{shown[0].link_id}")
    assert page.main.index(str(shown[0].help)) < page.main.index("Yes")
