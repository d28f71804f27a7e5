"""The results and the plan on the screen: levels, what made them, what is not known, and what to do first."""

import re
import threading

import pytest
from flask import Flask

from tests.page_checks import text_of
from tests.visitor import After, Page, Visitor
from web.core.stores import store

OWN_RULE = "This level is our own rule. No study has set one."
CHANGED = "Your answers have changed since then."


def reach(visitor: Visitor) -> None:
    visitor.begin()
    visitor.take("/about/age", {"age": "72", "sex": "female", "hospital-past-3-months": "no"}, "no")
    visitor.tick()
    visitor.take("/falls/fell-past-year", {"fell-past-year": "yes", "numb-feet": "unsure"}, "no")
    visitor.take("/bone/weight-kg", {"weight-kg": "128", "height-cm-feet": "5", "height-cm-inches": "2"}, "no")
    visitor.take("/home/outside", {"floors-loose-rugs": "yes", "stairs-no-rails": "yes"}, "no")
    visitor.take("/checklists", {})


@pytest.fixture
def walker(after: After) -> Visitor:
    """A woman of 72 who fell once, has taken every list and answered most of it."""
    return after(reach)


def card(page: Page, name: str) -> str:
    """The words of one result card."""
    return next(text_of(each) for each in page.tree.iter("section") if each.get("id") == name)


def test_there_are_no_results_before_the_plan_was_asked_for(visitor: Visitor) -> None:
    visitor.begin()
    assert visitor.open("/results").path == "/checklists"
    visitor.open("/falls/fell-past-year").send({"fell-past-year": "no"})
    for path in ("/results", "/plan", "/plan.pdf"):
        assert visitor.open(path).path == "/see-my-plan"


def test_each_level_is_a_word_with_its_score_and_the_answers_that_made_it(walker: Visitor) -> None:
    page = walker.see_plan()
    assert page.path == "/results"
    assert page.levels["falls"] == "Raised"
    falls = card(page, "falls")
    assert "2 to 3 out of 14 points" in falls
    assert re.search("What made it A fall in the past 12 months.* 2 points", falls)
    assert "What would change it" in falls


def test_what_is_not_known_is_named_with_what_it_could_change(walker: Visitor) -> None:
    falls = card(walker.see_plan(), "falls")
    assert "What we do not know yet 1 answer is not known. It would not change the level." in falls


def test_an_unknown_answer_that_could_move_the_level_is_asked_in_words_for_who_answers(visitor: Visitor) -> None:
    visitor.begin("helper")
    visitor.take("/falls/fell-past-year", {"fell-past-year": "unsure"}, "no")
    falls = card(visitor.see_plan(), "falls")
    assert "Did they fall in the past 12 months? Yes would make it" in falls


def test_home_and_posture_say_things_to_fix_and_that_the_rule_is_our_own(walker: Visitor) -> None:
    page = walker.see_plan()
    assert "things to fix" in card(page, "home")
    assert OWN_RULE in card(page, "home")
    for name in ("falls", "bone"):
        assert OWN_RULE not in card(page, name)


def test_each_level_names_its_source(walker: Visitor) -> None:
    page = walker.see_plan()
    for name in page.levels:
        assert "Where this rule comes from" in card(page, name)
    assert page.follow("All rules and sources").path == "/how-this-works"


def test_a_list_that_was_only_begun_says_that_the_level_is_not_certain(visitor: Visitor) -> None:
    visitor.begin()
    visitor.open("/falls/numb-feet").send({"numb-feet": "no"})
    page = visitor.see_plan()
    assert page.levels == {"falls": "Not known yet"}
    assert "0 to 13 out of 14 points" in page.main


@pytest.mark.parametrize(
    ("answers", "word", "marked"),
    [
        ({"fell-past-year": "yes"}, "Raised", ["pin moderate"]),
        ({}, "Not known yet", ["perhaps low", "perhaps moderate", "perhaps high"]),
    ],
)
def test_a_tile_marks_on_its_scale_what_its_word_says(
    visitor: Visitor, answers: dict[str, str], word: str, marked: list[str]
) -> None:
    """A pin over what holds, a question mark over each level that may; the word says it to who sees neither."""
    visitor.begin()
    if answers:
        visitor.take("/falls/fell-past-year", answers, "no")
    else:
        visitor.open("/falls/numb-feet").send({"numb-feet": "no"})
    page = visitor.see_plan()
    assert page.levels == {"falls": word}
    scale = next(each for each in page.tree.iter("div") if each.get("class") == "scale")
    assert scale.get("aria-hidden") == "true"
    drawn = [str(each.get("class")) for each in scale.iter() if each.get("class")]
    assert [each for each in drawn if each.startswith(("pin", "perhaps"))] == marked
    assert len([each for each in drawn if each.startswith("rung") and each.endswith("here")]) == len(marked)


def test_warnings_stand_once_in_one_bar_alike_on_lists_results_and_plan(visitor: Visitor) -> None:
    visitor.begin()
    visitor.tick("back-pain-fever")
    visitor.take("/falls/fell-past-year", {"fell-past-year": "yes", "fell-twice": "yes"}, "no")
    visitor.see_plan()
    bars = [
        [text_of(each) for each in visitor.open(path).tree.iter("section") if each.get("class") == "warnings"]
        for path in ("/checklists", "/results", "/plan")
    ]
    assert bars[0] == bars[1] == bars[2]
    assert [len(each) for each in bars] == [1, 1, 1]
    assert all(word in bars[0][0] for word in ("TODAY See a doctor today.", "SOON Ask for a falls check"))


def test_no_list_and_no_warning_make_no_plan(visitor: Visitor) -> None:
    visitor.begin()
    assert visitor.open("/see-my-plan").path == "/checklists"
    form = visitor.open("/about/age").data({})
    assert visitor.post("/see-my-plan", form).path == "/checklists"
    assert store().count()["submissions"] == 0


def test_a_change_after_the_plan_is_told_with_the_way_to_a_new_one(walker: Visitor) -> None:
    assert CHANGED not in walker.see_plan().main
    walker.open("/falls/numb-feet").send({"numb-feet": "no"})
    for path in ("/results", "/plan"):
        page = walker.open(path)
        assert "See my plan with the new answers" in page.main
    assert CHANGED in walker.open("/results").main
    assert "2 to 3 out of 14" in walker.open("/results").main, "what was told stays as it was told"
    new = walker.see_plan()
    assert CHANGED not in new.main
    assert "2 out of 14" in new.main


def test_the_same_answer_saved_again_is_no_change(walker: Visitor) -> None:
    walker.see_plan()
    walker.open("/falls/numb-feet").send({})
    assert CHANGED not in walker.open("/results").main


def test_the_plan_has_one_next_step_then_two_then_the_rest_by_place(walker: Visitor) -> None:
    walker.see_plan()
    plan = walker.open("/plan")
    articles = list(plan.tree.iter("article"))
    assert [str(each.get("class")) for each in articles][:2] == ["next-step", "step"]
    then = next(each for each in plan.tree.iter("ul") if each.get("class") == "steps then")
    assert len(list(then.iter("article"))) == 2
    assert plan.main.index("Next step") < plan.main.index("The rest, room by room") < plan.main.index("The stairs")
    assert len({each.get("id") for each in articles}) == len(articles)


def test_each_action_has_its_because_its_owner_and_its_day(walker: Visitor) -> None:
    walker.see_plan()
    articles = list(walker.open("/plan").tree.iter("article"))
    assert articles
    for article in articles:
        text = text_of(article)
        assert "Because you told us: " in text
        assert re.search("(You|family|handy|trade|doctor|pharmacist|therapist).*, by [A-Z][a-z]+ [0-9]+, 20", text)


def test_one_tap_leads_from_the_results_to_the_paper(walker: Visitor) -> None:
    assert walker.see_plan().links()["Print the plan (in a new tab)"] == "/plan.pdf"


def test_a_double_tap_on_see_my_plan_stores_one_submission(walker: Visitor) -> None:
    page = walker.open("/see-my-plan")
    page.send({})
    page.send({})
    assert store().count()["submissions"] == 1


def test_two_taps_at_the_same_moment_store_one_submission(walker: Visitor, app: Flask) -> None:
    page = walker.open("/see-my-plan")
    form, cookie, results = page.data({}), walker.cookie, []

    def tap() -> None:
        client = app.test_client(use_cookies=False)
        results.append(client.post("/see-my-plan", data=form, headers={"Cookie": cookie}).status_code)

    together(tap, times=6)
    assert results == [303] * 6
    assert store().count()["submissions"] == 1


def test_the_same_form_after_a_change_makes_a_plan_of_the_new_answers(walker: Visitor) -> None:
    page = walker.open("/see-my-plan")
    page.send({})
    walker.open("/falls/numb-feet").send({"numb-feet": "no"})
    assert "2 out of 14" in page.send({}).main
    assert store().count()["submissions"] == 2


def test_a_form_without_a_key_of_its_own_still_makes_a_plan(walker: Visitor) -> None:
    form = walker.open("/see-my-plan").data({})
    for key in ("", "k" * 2000, "\x00", "' OR 1=1 --"):
        form["submit_key"] = key
        assert walker.post("/see-my-plan", form).path == "/results"


def test_a_man_of_whom_little_is_known_gets_a_plan_too(visitor: Visitor) -> None:
    visitor.begin("helper")
    visitor.open("/bone/smokes").send({"smokes": "yes"})
    assert visitor.see_plan().levels["bone"]
    assert visitor.open("/plan").path == "/plan"


def together(work: object, *, times: int) -> None:
    """Runs the same work in several threads at once."""
    threads = [threading.Thread(target=work) for _ in range(times)]  # type: ignore[arg-type]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize(("age", "told"), [("64", True), ("65", False), ("72", False)])
def test_below_65_the_falls_list_says_in_whom_it_was_tested(visitor: Visitor, age: str, told: bool) -> None:
    visitor.begin()
    visitor.take("/about/age", {"age": age, "sex": "female"}, "no")
    visitor.tick()
    tested = "This list was tested in people of 65 and over."
    assert (tested in visitor.open("/falls/fell-past-year").text) is told
    visitor.take("/falls/fell-past-year", {"fell-past-year": "yes"}, "no")
    assert (tested in card(visitor.see_plan(), "falls")) is told


def test_the_plan_leads_to_the_short_pages_where_bones_came_up(walker: Visitor, visitor: Visitor) -> None:
    walker.see_plan()
    assert "What is a compression fracture?" in walker.open("/plan").text


def test_a_list_that_nobody_began_is_named_with_a_way_to_it(visitor: Visitor) -> None:
    visitor.make_small_plan()

    for path in ("/results", "/plan"):
        page = visitor.open(path)
        assert "lists are not answered yet" in page.main
        assert "Bone health" in page.links()
    assert page.follow("Bone health").path.startswith("/bone/")


def test_where_every_list_was_begun_none_is_named(walker: Visitor) -> None:
    walker.open("/posture/lift-round-back").send({"lift-round-back": "yes"})
    walker.see_plan()

    assert "Not answered yet" not in walker.open("/results").main
