"""The home, room by room: at most five things a page, each with four answers."""

import pytest

from checklists import Definitions
from tests.visitor import Page, Visitor

ROOMS = ("outside", "floors", "living-room", "kitchen", "stairs", "bedroom", "bathroom", "garage-laundry")


NOT_THERE = "You said that there is no such place."


def can_be_absent(page: Page) -> bool:
    return any(each.get("name") == "absent" for each in page.tree.iter("button"))


@pytest.mark.parametrize("answering", ["self", "helper"])
def test_the_walk_meets_every_item_once_a_room_a_page_with_four_answers_each(
    visitor: Visitor, definitions: Definitions, answering: str
) -> None:
    visitor.begin(answering)
    page, met, codes = visitor.open("/home/outside"), list[str](), ("yes", "no", "unsure", "not-here")
    while page.path.startswith("/home/"):
        asked = page.names
        assert len(asked) <= 8
        for name in asked:
            assert sorted(page.values(name)) == sorted(codes)
            question = definitions.question_of[f"home.{name}"]
            assert (question.ask if answering == "self" else question.ask_other) in page.main, "how to tell"
        given = {name: codes[(len(met) + number) % 4] for number, name in enumerate(asked)}
        met += asked
        path, page = page.path, page.send(given)
        again = visitor.open(path)
        assert {name: again.chosen(name) for name in asked} == {name: [code] for name, code in given.items()}
    assert met == [each.link_id for each in definitions.questions["home"]]
    assert page.path == "/review/home"
    assert page.main.count("Done: ") == 1


def test_back_leads_through_the_pages_in_the_other_direction(visitor: Visitor) -> None:
    visitor.begin()
    page, visited = visitor.open("/home/outside"), list[str]()
    while page.path.startswith("/home/"):
        visited.append(page.path)
        page = page.pass_over()
    page = visitor.open(visited[-1])
    while visited:
        assert page.path.removesuffix("/1") == visited.pop().removesuffix("/1")
        page = page.back()
    assert page.path == "/home"
    assert page.back().path == "/checklists"


def test_the_rooms_that_a_home_has_are_chosen_first(visitor: Visitor, definitions: Definitions) -> None:
    visitor.begin()
    rooms = [each.id for each in definitions.checklist_of["home"].sections if each.may_be_absent]
    page = visitor.open("/home")
    assert page.values("here") == page.chosen("here") == rooms
    gone, *there = rooms
    page = page.send({"here": there})
    assert gone == "outside"
    assert page.path == "/home/floors"
    assert visitor.open("/home").chosen("here") == there
    assert NOT_THERE in visitor.open(f"/home/{gone}").main
    page = visitor.open("/home").send({"here": rooms, "then": "walk"})
    assert page.path == "/walk"
    assert visitor.open("/home").chosen("here") == rooms


def test_some_rooms_may_be_absent_and_that_is_asked_once(visitor: Visitor, definitions: Definitions) -> None:
    visitor.begin()
    for section in definitions.checklist_of["home"].sections:
        page = visitor.open(f"/home/{section.id}")
        assert can_be_absent(page) == section.may_be_absent
        second = visitor.client.get(f"/home/{section.id}/2")
        assert "We do not have this" not in second.get_data(as_text=True)


def test_a_room_that_is_not_there_is_passed_over_whole_and_counts_as_answered(visitor: Visitor) -> None:
    visitor.begin()
    page = visitor.open("/home/stairs").send({"absent": "yes"})
    assert page.path.startswith("/home/bedroom")
    rows = visitor.open("/review/home").main
    assert rows.count("No such place here") == 8
    visitor.tick()
    assert visitor.see_plan().levels == {"home": "Not known yet"}
    assert NOT_THERE in visitor.open("/home/stairs").main


def test_a_room_that_is_there_after_all_keeps_the_answers_from_before(visitor: Visitor) -> None:
    visitor.begin()
    page = visitor.open("/home/stairs")
    name = page.names[0]
    page.send({name: "yes"})
    visitor.open("/home/stairs").send({"absent": "yes"})
    page = visitor.open("/home/stairs").send({"rest": "open"})
    page = visitor.open("/home/stairs")
    assert NOT_THERE not in page.main
    assert page.chosen(name) == ["yes"]


def test_a_page_with_some_answers_is_kept_and_the_rest_stays_not_known(visitor: Visitor) -> None:
    visitor.begin()
    page = visitor.open("/home/bathroom")
    first, second, *_ = page.names
    page.send({second: "no"})
    page = visitor.open("/home/bathroom")
    assert page.chosen(first) == []
    assert page.chosen(second) == ["no"]
    assert "Not answered yet" in visitor.open("/review/home").main


def test_what_was_not_tapped_is_no_only_by_the_button_that_says_so(visitor: Visitor) -> None:
    visitor.begin()
    first, second, *others = visitor.open("/home/bathroom").names
    page = visitor.open("/home/bathroom").send({"rest": "open"})
    assert "The bathroom: 0 found, some open" in page.main
    assert visitor.open("/home/bathroom").chosen(first) == []

    page = visitor.open("/home/bathroom").send({first: "yes", second: "unsure", "rest": "fine"})
    assert "The bathroom: 1 found, some open" in page.main
    page = page.follow("Change: The bathroom")
    assert [page.chosen(each) for each in (first, second, *others)] == [["yes"], ["unsure"], *(["no"] for _ in others)]
    page = page.send({second: "no", "rest": "fine"})
    assert "The bathroom: 1 found Change" in page.main
    assert "none found" in visitor.open("/home/bathroom").send({first: "no"}).main


@pytest.mark.parametrize("after", ["", "attic", "bathroom/9", "//example.org", "<b>"])
def test_a_page_before_that_is_none_is_not_told(visitor: Visitor, after: str) -> None:
    visitor.begin()
    page = visitor.open("/home/stairs", query_string={"after": after})
    assert "Change" not in page.main


def test_an_unknown_answer_counts_as_none(visitor: Visitor) -> None:
    visitor.begin()
    page = visitor.open("/home/bathroom")
    form = page.data({})
    form[page.names[0]] = "sometimes"
    visitor.post("/home/bathroom", form)
    assert visitor.open("/home/bathroom").chosen(page.names[0]) == []


def test_a_room_that_must_be_there_cannot_be_made_absent(visitor: Visitor) -> None:
    visitor.begin()
    form = visitor.open("/home/bathroom").data({})
    form["absent"] = "yes"
    visitor.post("/home/bathroom", form)
    assert "No such place here" not in visitor.open("/review/home").main


def test_an_item_of_another_room_is_not_taken_from_this_one(visitor: Visitor) -> None:
    visitor.begin()
    stairs = visitor.open("/home/stairs").names[0]
    page = visitor.open("/home/bathroom")
    form = page.data({page.names[0]: "no"})
    form[stairs] = "yes"
    visitor.post("/home/bathroom", form)
    assert visitor.open("/home/stairs").chosen(stairs) == []


def test_an_item_changed_from_the_review_leads_back_there(visitor: Visitor) -> None:
    visitor.begin()
    visitor.take("/home/outside", {}, "no")
    review = visitor.open("/review/home")
    change = next(words for words in review.links() if words.startswith("Change: Slippery path"))
    page = review.follow(change)
    assert page.send({"outside-slippery-path": "yes"}).path == "/review/home"


def test_a_part_that_does_not_exist_is_a_kind_404(visitor: Visitor) -> None:
    visitor.begin()
    for path in ("/home/attic", "/home/attic/1", "/home/stairs/x", "/posture/section/attic", "/bone/section/menopause"):
        assert visitor.open(path, 404).follow("Go to the start").path == "/"


def test_the_address_of_a_part_of_a_room_still_leads_to_the_room(visitor: Visitor) -> None:
    visitor.begin()
    assert visitor.open("/home/stairs/2").path == "/home/stairs"


def test_a_section_says_no_by_its_button_alone_and_each_answer_is_changed_on_its_own_page(visitor: Visitor) -> None:
    visitor.begin()
    page = visitor.open("/posture/section/lifting")
    first, second, *others = page.names
    assert all(page.values(name) == ["yes", "unsure", "no"] for name in (first, second, *others))
    page = page.send({first: "yes", second: "unsure"})
    assert "Bending, lifting and carrying: 1 found, some open" in page.main
    assert visitor.open("/review/posture").main.count("Not answered yet") == 19
    page = visitor.open("/posture/section/lifting").send({"rest": "fine"})
    assert visitor.open("/posture/section/lifting").chosen(others[0]) == ["no"]
    assert visitor.open("/posture/section/lifting").chosen(second) == ["unsure"], "not sure stays not sure"
    change = visitor.open("/review/posture").follow("Change: Do you bend at the waist")
    assert change.path == f"/posture/{first}"
    assert change.send({first: "no"}).path == "/review/posture"
    assert visitor.open("/posture/section/lifting").chosen(first) == ["no"]
