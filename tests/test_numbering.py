"""One order and one numbering: page, paper and entry page say the same of every action."""

import re
from datetime import date

import pytest

from checklists import assess
from lab.people.records import person, records
from reports.paper.document import plan_html
from reports.paper.plan_paper import Paper
from reports.plan.order import letters, parts_of
from reports.plan.plan_json import issue_plan
from reports.plan.progress import Standing
from reports.words.words import words

DAY = date(2026, 11, 22)
OWN = {"own-2": Standing(title="Call the landlord"), "own-1": Standing(title="Buy a lamp", state="done", on=DAY)}


NUMERAL = r'<p class="numeral">(\d+)</p>'
BOX = r'class="box[^>]*>(?:<b>)?([A-Z]{1,2}|\d+)\b'
STEP = r'<div class="what">\s*<h3[^>]*>([A-Z]{1,2}|\d+) '


@pytest.fixture(scope="module")
def issued(definitions):
    """Two dozen people with all sorts of answers, every third with signs, and what is told to each."""
    people = []
    for number, record in enumerate(records(24, seed=11)):
        if number % 3 == 0:
            record["warning-signs"] = ["back-pain-fever", "stroke-signs", "thoughts-of-self-harm"]
        people.append(issue_plan(definitions, assess(definitions, person(definitions, record)), DAY))
    return people


def test_every_action_stands_once_in_the_order_and_numbers_go_on_to_the_end(definitions, issued) -> None:
    for each in issued:
        parts = parts_of(definitions, each.assessment, each.plan, OWN)
        marked = [(one.id, one.mark) for part in parts for one in part.actions]
        own = [] if each.plan.help_first else list(OWN)  # they wait too while a sign needs help now
        assert sorted(name for name, _ in marked) == sorted([*(one.id for one in each.plan.all_actions), *own])
        of_warnings = sum(one.of_warning for one in each.plan.all_actions)
        assert [mark for _, mark in marked[:of_warnings]] == list("ABCDEFGHIJ"[:of_warnings])
        numbers = [mark for _, mark in marked[of_warnings:]]
        assert numbers == [str(number) for number in range(1, len(numbers) + 1)]
        assert [one.id for part in parts if part.kind == "first" for one in part.actions] == [
            one.id for one in each.plan.first
        ]
        assert [name for name, _ in marked[len(each.plan.all_actions) :]] == own, (
            "one's own come last, as they were added"
        )


def test_at_home_the_rooms_come_in_the_order_of_the_home_list(definitions, issued) -> None:
    rooms = [section.id for section in definitions.checklist_of["home"].sections]
    for each in issued:
        parts = parts_of(definitions, each.assessment, each.plan, {})
        found = [rooms.index(part.room) for part in parts if part.group == "home" and part.room]
        assert found == sorted(set(found))


@pytest.mark.parametrize("points", [12, 14, 18, 24])
def test_every_step_has_one_box_on_the_whole_paper_with_its_mark(definitions, issued, points) -> None:
    for each in issued:
        paper = Paper(
            words=words(definitions, "us", "en"),
            assessment=each.assessment,
            plan=each.plan,
            made_on=DAY,
            explanations=each.explanations,
            standings=OWN,
            print_points=points,
        )
        html = plan_html([paper], "letter")
        marks = [one.mark for part in parts_of(definitions, each.assessment, each.plan, OWN) for one in part.actions]
        poster, rest = html.split('<section class="fall', 1)
        boxes = re.findall(BOX, html) + re.findall(NUMERAL, poster)
        assert sorted(boxes) == sorted(marks), "one box a step on the whole paper"
        told = re.findall(STEP, rest)
        assert told == [mark for mark in marks if mark in told], "what is told in full stands in this order"


def test_after_z_comes_aa() -> None:
    found = letters()
    first = [next(found) for _ in range(28)]
    assert first[25:] == ["Z", "AA", "AB"]
