"""Ticks copied from the printed plan: the paper's order and numbers, one form, and nothing that counts twice."""

import re
from typing import Any

import pytest
from flask import Flask

from storage import StoreBusy
from storage.store.store import SealedStore
from tests.page_checks import text_of
from tests.test_web_ticks import cards, ticks
from tests.visitor import After, Page, Visitor

PATH = "/plan/from-paper"
HAZARDS = ("floors-loose-rugs", "stairs-no-rails", "bath-slippery", "bed-dark-way-to-toilet", "kitchen-high-low-things")


def reach(visitor: Visitor) -> None:
    visitor.begin()
    visitor.take("/about/age", {"age": "72", "sex": "female", "hospital-past-3-months": "no"}, "no")
    visitor.tick("back-pain-fever")
    visitor.take("/falls/fell-past-year", {"fell-past-year": "yes", "unsteady-walking": "yes"}, "no")
    visitor.take("/home/outside", dict.fromkeys(HAZARDS, "yes"), "no")
    visitor.see_plan()


@pytest.fixture
def planned(after: After) -> Visitor:
    """Somebody with a warning sign of today, a raised risk and a dozen things to do in several rooms."""
    return after(reach)


def labels(page: Page) -> list[str]:
    """What stands beside the boxes: a mark and a title, without how far it is."""
    found = []
    for each in page.tree.iter("label"):
        parts = [part for part in each.iter("span") if (part.get("id") or "").endswith("-label")]
        found.append(text_of(parts[0] if parts else each))
    return found


def actions(page: Page) -> list[str]:
    return page.values("done")


def test_page_paper_and_entry_page_say_the_same_numbers_and_titles(planned: Visitor, printed: list[str]) -> None:
    planned.open("/plan/own").send({"title": "Call the landlord"})
    planned.client.get("/plan.pdf")
    in_full = re.findall(r'<div class="what">\s*<h3[^>]*>(\w+) ([^<]+)</h3>', printed[0])
    in_a_line = re.findall(r'<p class="box"><b>(\w+)</b> ([^<&]+?)\s*(?:&#160;·|<)', printed[0])
    poster = printed[0].split('<section class="fall"')[0]
    in_numerals = re.findall(r'<p class="numeral">(\w+)</p>\s*<h2>([^<]+)</h2>', poster)
    on_paper = dict(in_full + in_a_line + in_numerals)
    on_page = [(card, text_of(next(card.iter("h3")))) for card in cards(planned).values()]
    shown = {
        title: text_of(each) for card, title in on_page for each in card.iter("span") if each.get("class") == "numeral"
    }

    entry = labels(planned.open(PATH))

    assert sorted(each.partition(". ")[2] for each in entry) == sorted(title for _, title in on_page)
    assert {f"{mark}. {title}" for title, mark in shown.items()} <= set(entry)
    assert len(shown) >= len(entry) - 3, "only the first three have a drawing in the place of their number"
    assert set(entry) <= {f"{mark}. {title}" for mark, title in on_paper.items()}
    assert entry[-1].endswith("Call the landlord")


def test_ticks_are_copied_in_one_go_and_say_that_they_come_from_paper(app: Flask, planned: Visitor) -> None:
    page = planned.open(PATH)
    wanted = actions(page)[1:4]

    after = page.send({"done": wanted})

    assert after.path == "/plan"
    assert re.search(r"\b3 of \d done\b", after.text)
    assert after.text.count(", from paper.") == 3
    assert {each["from"] for each in ticks(app, planned)} == {"paper"}
    assert planned.open(PATH).chosen("done") == wanted


def test_the_plan_printed_again_shows_what_was_done_on_paper(planned: Visitor, printed: list[str]) -> None:
    page = planned.open(PATH)
    page.send({"done": actions(page)[1:3]})
    planned.client.get("/plan.pdf")

    done = re.findall(r'<p class="box done"><b>(\w+)</b> ', printed[0])
    assert done == ["1", "2"]
    assert printed[0].count(", from paper.") == 2


def test_the_same_form_twice_counts_once(app: Flask, planned: Visitor) -> None:
    page = planned.open(PATH)
    data = page.data({"done": actions(page)[:5]})
    planned.post(PATH, data)
    planned.post(PATH, data)

    assert len(ticks(app, planned)) == 5


def test_what_is_no_longer_ticked_is_opened_again_and_the_rest_is_left_alone(app: Flask, planned: Visitor) -> None:
    page = planned.open(PATH)
    one, two = actions(page)[:2]
    page.send({"done": [one, two]})

    planned.open(PATH).send({"done": [two]})

    assert planned.open(PATH).chosen("done") == [two]
    assert [each["state"] for each in ticks(app, planned)] == ["done", "done", "open"]


def test_what_somebody_else_ticked_meanwhile_stays_ticked(planned: Visitor) -> None:
    old, new = planned.open(PATH), planned.open(PATH)
    first, second = actions(old)[:2]
    new.send({"done": [first]})
    old.send({"done": [second]})

    assert planned.open(PATH).chosen("done") == [first, second]


def test_when_it_fails_half_way_sending_it_again_completes_it(
    app: Flask,
    planned: Visitor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = planned.open(PATH)
    data = page.data({"done": actions(page)[:6]})
    keep, sent = SealedStore.add_tick, []

    def fails_at_the_fourth(self: SealedStore, record_id: str, **tick: Any) -> None:
        sent.append(tick)
        if len(sent) == 4:
            raise StoreBusy(1)
        keep(self, record_id, **tick)

    with monkeypatch.context() as patch:
        patch.setattr(SealedStore, "add_tick", fails_at_the_fourth)
        planned.post(PATH, data, 503)
    assert len(ticks(app, planned)) == 3

    planned.post(PATH, data)

    assert [each["action"] for each in ticks(app, planned)] == actions(page)[:6]


def test_a_box_that_is_in_no_plan_is_passed_over(app: Flask, planned: Visitor) -> None:
    page = planned.open(PATH)
    data = page.data({"done": [actions(page)[0], "own-ffffffffffffffff", "../x", ""]})
    planned.post(PATH, data)

    assert len(ticks(app, planned)) == 1


def test_a_change_of_language_keeps_what_was_tapped(planned: Visitor) -> None:
    page = planned.open(PATH)
    wanted = actions(page)[2:4]
    data = page.data({"done": wanted})
    after = planned.post("/settings", {**data.to_dict(flat=False), "language": "es"})

    assert after.path == PATH
    assert after.tree.get("lang") == "es"
    assert after.chosen("done") == wanted


def test_before_the_plan_there_is_nothing_to_copy(visitor: Visitor) -> None:
    visitor.begin()

    assert visitor.open(PATH).path != PATH
