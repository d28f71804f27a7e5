"""A draft comes back as it was stored, to the last key; and outside answers/ nobody reaches into its JSON."""

import ast
import json
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answers.check_again import Check, Checked, OldAnswers
from answers.draft import Draft
from answers.draft_json import FIELDS
from answers.measures import Measures
from answers.photos import Photo
from answers.signs import Signs
from answers.standing_warnings import Settled, StandingWarning
from answers.typed_numbers import FeetAndInches, PlainNumber, Pounds

ROOT = Path(__file__).parents[1]
OLDER_FILE = ROOT / "tests" / "kept" / "drafts-2026.1.json"
"""As earlier releases stored them, with the keys in the order of a store."""
OLDER: dict[str, Any] = json.loads(OLDER_FILE.read_text(encoding="utf-8"))

NAMES = st.text("abcdef-", min_size=1, max_size=5)
DIGITS = st.text("0123456789", min_size=1, max_size=3)
DAYS = st.dates(date(2025, 1, 1), date(2030, 1, 1))
MOMENTS = st.integers(0, 2_000_000_000_000)
ANSWERS = st.dictionaries(
    NAMES,
    st.sampled_from(("yes", "no", "unsure"))
    | st.builds(PlainNumber, value=DIGITS, whole=st.booleans())
    | st.builds(Pounds, pounds=DIGITS)
    | st.builds(FeetAndInches, feet=DIGITS, inches=DIGITS),
    max_size=3,
)
TUPLES = st.lists(NAMES, max_size=3).map(tuple)
TICKED = {
    "ticked": TUPLES,
    "called": st.booleans(),
    "asked": st.none() | TUPLES,
    "since": st.none() | st.integers(0, 2**40),
}
CHECKS = st.builds(Check, began=DAYS, asked=st.frozensets(NAMES, max_size=3), worth=TUPLES)
DRAFTS = st.builds(
    Draft,
    answering=st.sampled_from(("self", "helper")),
    person_name=st.sampled_from(("", "Mamá")),
    beside_answers=st.integers(0, 3),
    units=st.sampled_from(("imperial", "metric")),
    began=st.none() | DAYS,
    about=ANSWERS,
    lists=st.dictionaries(NAMES, ANSWERS, max_size=3),
    signs=st.none() | st.builds(Signs, at=MOMENTS, **TICKED) | st.builds(Signs, day=DAYS, **TICKED),
    measures=st.none()
    | st.builds(
        Measures,
        values=st.dictionaries(
            NAMES, st.decimals(0, 99, places=1) | st.integers(0, 60) | st.sampled_from(("unable", "yes"))
        ),
        on=DAYS,
        walked=st.sampled_from(((), ("4", "5.0"))),
    ),
    absent=TUPLES,
    from_paper=st.dictionaries(NAMES, DAYS, max_size=2),
    warnings=st.lists(st.builds(StandingWarning, id=NAMES, milder=st.booleans()), max_size=2).map(tuple),
    settled=st.none() | st.builds(Settled, day=DAYS, with_signs=st.none() | st.booleans() | st.just("some")),
    answered_at=st.dictionaries(NAMES, MOMENTS, max_size=2),
    walks=st.dictionaries(NAMES, MOMENTS, max_size=2),
    photos=st.dictionaries(NAMES, st.builds(Photo, id=NAMES | st.just(""), at=MOMENTS), max_size=2),
    again=st.none() | CHECKS,
    checked=st.none() | st.builds(Checked, since=DAYS, on=DAYS),
    old=st.none() | st.builds(OldAnswers, count=st.integers(1, 40), since=DAYS),
    carried=st.dictionaries(NAMES, DAYS, max_size=2),
    in_calendar=TUPLES,
    renewals=st.integers(0, 5),
    others=st.dictionaries(NAMES.map("later {}".format), st.none() | st.integers() | ANSWERS.map(list), max_size=2),
    empty=st.frozensets(st.sampled_from(sorted(FIELDS))),
)


@given(DRAFTS)
def test_a_draft_comes_back_as_it_was_stored(draft: Draft) -> None:
    stored = json.loads(json.dumps(draft.to_json()))
    assert Draft.from_json(stored) == draft
    assert Draft.from_json(stored).to_json() == stored


def test_every_field_has_its_key_and_every_field_is_tried() -> None:
    names = {each.name for each in fields(Draft)} - {"others", "empty"}
    assert FIELDS.keys() == names
    assert len({each.key for each in FIELDS.values()}) == len(names)
    assert {key for stored in OLDER.values() for key in stored} == {each.key for each in FIELDS.values()}


@pytest.mark.parametrize("name", OLDER)
def test_what_earlier_releases_stored_opens_and_stays_as_it_is(name: str) -> None:
    draft = Draft.from_json(OLDER[name])
    assert draft.to_json() == OLDER[name]
    assert Draft.from_json(draft.to_json()) == draft
    assert draft.others == {}


def test_what_a_later_release_stores_beside_it_survives_a_change() -> None:
    stored = {**OLDER["begun"], "mood": {"monday": "fine"}, "diary": None}
    changed = Draft.from_json(stored).with_answers("falls", {"numb-feet": "yes"})
    assert changed.to_json() == {**stored, "lists": {"falls": {"numb-feet": "yes"}}}


def test_a_change_leaves_the_draft_before_it_as_it_was() -> None:
    stored = OLDER["a walk, photos, paper, a calendar"]
    draft, day = Draft.from_json(stored), date(2026, 11, 23)
    changed = (
        draft.with_answers("falls", {"numb-feet": "yes"}).without_answers("home", draft.answers("home"))
        .with_room("stairs", absent=False).answered(["stairs"], 1).typed_from_paper("bone", day).called()
        .with_photo("bath-slippery", Photo(id="c", at=2**50))[0].without_photo("floors-clutter", 2**51)
        .begin_check(day).with_asked("about.age", day).finish_check({"falls.numb-feet"}, day, day).brought_to_calendar(["book"])
    )  # fmt: skip
    assert draft.to_json() == stored
    same = {each.name for each in fields(Draft) if getattr(changed, each.name) == getattr(draft, each.name)}
    assert same == {
        "answering",
        "units",
        "began",
        "about",
        "measures",
        "warnings",
        "settled",
        "walks",
        "again",
        "renewals",
        "person_name",
        "others",
    }


# JSON of a draft comes only from a store, or from a draft itself: whoever asks either may pass it on whole, and no more.
ROOMS = ("web", "commands", "reports", "checklists")
FROM_A_STORE = {"create_record", "get_draft", "change_draft"}
FROM_A_DRAFT = {"to_json", "as_typed", "beside_plan"}
BORDER = "web/visitor/open_record.py"


def reaches(text: str, path: str) -> list[str]:
    """Where a module gets hold of a draft as JSON, other than to pass it on whole."""
    tree = ast.parse(text)
    above = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    changes = {
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name == "change_draft"
        for name in (each.arg for each in node.args.args)
    }

    def is_only_read(node: ast.expr) -> bool:
        return isinstance(above[node], ast.Call) and ast.unparse(above[node].func) == "Draft.from_json"  # type: ignore[attr-defined]

    def is_passed_on(node: ast.expr) -> bool:
        call = above[node]
        return isinstance(call, ast.Call) and isinstance(above[call], ast.keyword | ast.Return | ast.Dict)

    def is_bad(node: ast.AST) -> bool:
        match node:
            case ast.Attribute(attr="data") if path == BORDER:
                return not is_only_read(node)
            case ast.Name(id=name, ctx=ast.Load()) if path == BORDER and name in changes:
                return not (is_only_read(node))
            case ast.Attribute(attr="change_draft") if path == BORDER:
                return "change_draft" not in {ast.unparse(each) for each in above[node].args}  # type: ignore[attr-defined]
            case ast.Attribute(attr=name) if name in FROM_A_STORE:
                return path != BORDER
            case ast.Attribute(attr=name) if name in FROM_A_DRAFT:
                return not is_passed_on(node)
            case ast.ImportFrom(module="answers.draft_json"):
                return True
        return False

    return [f"{path}:{node.lineno}: {ast.unparse(above[node])}" for node in ast.walk(tree) if is_bad(node)]  # type: ignore[attr-defined]


def test_outside_answers_nobody_reaches_into_the_json_of_a_draft() -> None:
    modules = [each for room in ROOMS for each in sorted((ROOT / room).rglob("*.py"))]
    found = [line for each in modules for line in reaches(each.read_text(), str(each.relative_to(ROOT)))]
    assert not found, "\n".join(["give answers/draft.py a method instead:", *found])
    assert not {"__getitem__", "get", "items", "keys"} & set(dir(Draft))


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("web/plan/page.py", "store().get_draft(record).data['lists']"),
        ("web/plan/page.py", "found = store().get_draft(record)"),
        ("web/plan/page.py", "store().change_draft(record, lambda data: data.update(again=None), content_hash=known)"),
        ("web/plan/page.py", "open_record.draft.to_json()['lists']"),
        ("web/plan/page.py", "data = open_record.draft.to_json()"),
        ("web/plan/page.py", "open_record.draft.as_typed().get('about')"),
        ("reports/plan/build.py", "from answers.draft_json import FIELDS"),
        (BORDER, "stored.data['renewals']"),
        (BORDER, "data = stored.data"),
        (BORDER, "store().change_draft(record, lambda stored: {**stored, 'again': None}, content_hash=known)"),
        (BORDER, "def change_draft(data):\n    data['again'] = None\n    return data"),
        (BORDER, "def change_draft(data):\n    return {**data, 'again': None}"),
    ],
)
def test_a_module_that_reaches_in_would_be_seen(path: str, code: str) -> None:
    assert reaches(code, path)
