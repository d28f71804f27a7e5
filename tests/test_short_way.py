"""The short way: falls alone, and of the questions about the person only what falls and safety need."""

import re

import pytest

from checklists import Definitions
from checklists.rules.needed import about_needed
from tests.visitor import Page, Visitor

LEFT = ("sex", "five-or-more-medicines")
"""What falls do not need of the questions about the person."""


def begin(visitor: Visitor) -> Page:
    page = visitor.open("/").follow("Start: falls only").send({"answering": "self"})
    visitor.began = True
    return page


def through(page: Page, subject: str) -> tuple[list[str], list[tuple[int, int]], Page]:
    """Answers every question of a subject; which were asked, how far each said one was, and the page behind them."""
    asked, progress = [], []
    while page.path.startswith(f"/{subject}/"):
        asked.append(page.path.rpartition("/")[2])
        found = re.search(r": ([0-9]+) of ([0-9]+), [0-9]+ minutes? left", page.text)
        assert found, page.text
        progress.append((int(found[1]), int(found[2])))
        name = page.names[0]
        page = page.send({name: "72" if name == "age" else "yes" if name == "fell-past-year" else "no"})
    return asked, progress, page


def test_falls_need_all_about_the_person_but_what_only_other_lists_and_medicines_ask(definitions: Definitions) -> None:
    about = {fact for fact, _question in definitions.asked["about"]}
    assert about - about_needed(definitions, "falls") == {f"about.{each}" for each in LEFT}
    held = {"about.spine-fracture-now", "about.hospital-past-3-months", "about.cannot-walk", "about.known-osteoporosis"}
    for checklist in definitions.checklists:
        assert held | {"about.blood-thinner"} <= about_needed(definitions, checklist.id), "safety needs them everywhere"


@pytest.mark.parametrize("link_id", LEFT)
def test_what_is_left_out_changes_no_level_of_falls(definitions: Definitions, assessed, link_id: str) -> None:
    for example in definitions.checklist_of["falls"].examples:
        answers = {name: answer for name, answer in example.answers.items() if "." not in name and name != "all-others"}
        levels = {
            assessed({"answers": {"about": about, "falls": answers}}).checklists[0].could_be
            for about in ({}, *({link_id: code} for code in definitions.question_of[f"about.{link_id}"].allowed))
        }
        assert len(levels) == 1, example.name


def test_the_short_way_leads_to_the_plan_and_never_counts_back(visitor: Visitor, definitions: Definitions) -> None:
    asked, progress, page = through(begin(visitor), "about")
    assert asked == [each.link_id for each in definitions.questions["about"] if each.link_id not in LEFT]
    while page.path.startswith("/warning-signs/"):
        page = page.send({"signs": ["none"]})
    of_falls, more, page = through(page, "falls")
    assert of_falls == [each.link_id for each in definitions.questions["falls"]]
    numbers, counts = zip(*progress, *more, strict=True)
    assert list(numbers) == list(range(1, len(asked) + len(of_falls) + 1))
    assert list(counts) == sorted(counts, reverse=True), "follow-ups that may come are counted from the start"
    assert page.path == "/review/falls"
    assert re.search(r"Done: [0-9]+ things? to work on", page.main)
    assert page.send({}).path == "/results"


def test_what_the_short_way_left_out_is_asked_when_another_list_is_begun(visitor: Visitor) -> None:
    visitor.take("/about/age", {}, "no") if visitor.began else through(begin(visitor), "about")
    visitor.tick()
    hub = visitor.open("/checklists")
    bones = next(words for words in hub.links() if "bone" in words.lower())
    page = hub.follow(bones)
    assert page.path == "/about/sex"
    assert page.back().path == "/checklists"
    page = page.send({"sex": "female"})
    assert page.path == "/about/five-or-more-medicines"
    assert page.send({"five-or-more-medicines": "no"}).path == "/bone/weight-kg"
    assert visitor.open("/checklists").follow(bones).path == "/bone/weight-kg", "they are asked once"


def test_after_a_list_comes_what_matters_most(visitor: Visitor) -> None:
    visitor.begin()
    visitor.take("/about/age", {}, "no")
    page = visitor.take("/falls/fell-past-year", {}, "no")
    assert page.follow("Go on to the warning signs").path.startswith("/warning-signs/")
    visitor.tick()
    review = visitor.open("/review/falls")
    assert review.follow("Go on: ").path == "/bone/weight-kg", "the next list that is not begun"


def test_the_times_on_the_start_are_reckoned_and_the_short_way_is_the_shorter(visitor: Visitor) -> None:
    short, whole = re.search(
        r"falls only About ([0-9]+) minutes .* sittings About ([0-9]+) minutes", visitor.open("/").main
    ).groups()
    assert 5 <= int(short) < int(whole) / 2 <= 20


def test_who_passes_over_what_the_short_way_left_out_comes_to_the_list(visitor: Visitor) -> None:
    page = begin(visitor)
    while page.path.startswith("/about/"):
        page = page.pass_over() if "Skip" in page.links() else page.send({page.names[0]: "no"})
    page, asked = visitor.open("/checklists").follow("Bone health"), []
    while page.path.startswith("/about/") and page.path not in asked:
        asked.append(page.path)
        page = page.pass_over()
    assert [each.rpartition("/")[2] for each in asked] == list(LEFT)
    assert page.path.startswith("/bone/"), "not the first of them again"
