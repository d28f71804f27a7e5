"""What a phone remembered is heard in order, once, and never over a newer answer; judged against a plain model."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answers.draft import Draft
from answers.home_walk import SEVEN_DAYS_MS, NotSent, WalkBatch, heard, read_sent
from answers.photos import Photo
from checklists import Definitions
from tests.shipped import SHIPPED

KEY = "a-walk-of-somebody-0001"
NOW = 1_800_000_000_000
LINKS = ("floors-loose-rugs", "bath-no-grab-bars", "stairs-no-rails")
CODES = ("yes", "no", "unsure", "not-here")


def sent(*entries: tuple[int, str, str, int], key: str = KEY) -> WalkBatch:
    """Entries as (sequence, link_id, answer, ago)."""
    names = ("sequence", "link_id", "answer", "ago")
    walk = {"record": "r", "key": key, "entries": [dict(zip(names, each, strict=True)) for each in entries]}
    return read_sent(json.dumps(walk).encode())


@pytest.fixture
def draft() -> Draft:
    return Draft.new("self", "imperial")


def answers(draft: Draft) -> dict[str, object]:
    return dict(draft.answers("home"))


def test_a_repeat_changes_nothing(definitions: Definitions, draft: Draft) -> None:
    once = sent((1, LINKS[0], "yes", 5000), (2, LINKS[1], "no", 4000))
    draft = heard(definitions, draft, once, NOW)
    draft = draft.with_answers("home", {LINKS[0]: "no"})  # changed on a page meanwhile
    draft = heard(definitions, draft, once, NOW + 60_000)
    assert answers(draft) == {LINKS[0]: "no", LINKS[1]: "no"}


def test_an_answer_that_was_given_later_on_a_page_stands(definitions: Definitions, draft: Draft) -> None:
    draft = draft.with_answers("home", {LINKS[0]: "no"}).answered([LINKS[0]], NOW - 1000)
    draft = heard(definitions, draft, sent((1, LINKS[0], "yes", 2000)), NOW)
    assert answers(draft) == {LINKS[0]: "no"}
    draft = heard(definitions, draft, sent((2, LINKS[0], "unsure", 500)), NOW)
    assert answers(draft) == {LINKS[0]: "unsure"}


def test_the_rest_is_fine_says_nothing_about_what_was_answered(definitions: Definitions, draft: Draft) -> None:
    """A phone without a network does not know what it sent before; the button must not undo it."""
    draft = heard(definitions, draft, sent((1, LINKS[0], "yes", 9000)), NOW)
    rest = sent((2, LINKS[0], "no", 1000), (3, LINKS[1], "no", 1000))
    rest = rest.model_copy(update={"entries": [each.model_copy(update={"if_open": True}) for each in rest.entries]})
    assert answers(heard(definitions, draft, rest, NOW)) == {LINKS[0]: "yes", LINKS[1]: "no"}


def test_two_phones_in_one_home_are_both_heard_and_the_newer_wins(definitions: Definitions, draft: Draft) -> None:
    draft = heard(definitions, draft, sent((1, LINKS[0], "yes", 9000), (2, LINKS[1], "yes", 8000)), NOW)
    draft = heard(definitions, draft, sent((1, LINKS[1], "no", 3000), (2, LINKS[2], "no", 99_000), key=KEY[::-1]), NOW)
    assert answers(draft) == {LINKS[0]: "yes", LINKS[1]: "no", LINKS[2]: "no"}


def test_what_waited_for_more_than_seven_days_is_let_go_and_not_heard_later(
    definitions: Definitions, draft: Draft
) -> None:
    draft = heard(
        definitions, draft, sent((1, LINKS[0], "yes", SEVEN_DAYS_MS + 1), (2, LINKS[1], "yes", SEVEN_DAYS_MS)), NOW
    )
    assert answers(draft) == {LINKS[1]: "yes"}
    draft = heard(definitions, draft, sent((1, LINKS[0], "yes", 0)), NOW)
    assert answers(draft) == {LINKS[1]: "yes"}


def test_a_room_may_be_absent_and_come_back(definitions: Definitions, draft: Draft) -> None:
    draft = heard(definitions, draft, sent((1, "stairs", "yes", 900)), NOW)
    assert draft.absent == ("stairs",)
    draft = heard(definitions, draft, sent((2, "stairs", "no", 800)), NOW)
    assert draft.absent == ()
    draft = heard(definitions, draft, sent((3, "bathroom", "yes", 700)), NOW)
    assert draft.absent == ()  # every home has one


def test_what_a_page_from_before_an_update_asked_harms_nothing(definitions: Definitions, draft: Draft) -> None:
    draft = heard(
        definitions, draft, sent((1, "no-such-thing", "yes", 1), (2, LINKS[0], "maybe", 1), (3, LINKS[1], "no", 1)), NOW
    )
    assert answers(draft) == {LINKS[1]: "no"}
    assert set(draft.answered_at) == {LINKS[1]}


def test_the_last_walks_are_remembered_and_older_ones_forgotten(definitions: Definitions, draft: Draft) -> None:
    for number in range(12):
        draft = heard(definitions, draft, sent((1, LINKS[0], "yes", 12 - number), key=f"{KEY}{number}"), NOW)
    assert list(draft.walks) == [f"{KEY}{number}" for number in range(4, 12)]


@pytest.mark.parametrize(
    "value",
    [None, [], "x", {}, {"record": "r", "key": "short", "entries": []}, {"record": "r", "key": KEY, "entries": [{}]},
     {"record": "r", "key": KEY, "entries": [{"sequence": 0, "link_id": "a", "answer": "yes", "ago": 0}]},
     {"record": "r", "key": KEY, "entries": [{"sequence": 1, "link_id": "a", "answer": "yes", "ago": -1}]},
     {"record": "r", "key": KEY, "entries": [{"sequence": "1", "link_id": "a", "answer": "yes", "ago": 0}]},
     {"record": "r", "key": KEY, "entries": [{"sequence": 1, "link_id": "a", "answer": "yes", "ago": 0, "x": 1}]},
     {"record": "r", "key": KEY, "entries": [{"sequence": 1, "link_id": "a", "answer": "yes", "ago": 0}] * 201}],
)  # fmt: skip
def test_what_our_page_never_sends_is_not_read(value: object) -> None:
    with pytest.raises(NotSent):
        read_sent(json.dumps(value).encode())


ENTRIES = st.lists(st.tuples(st.sampled_from(LINKS), st.sampled_from(CODES), st.integers(1, 50)), max_size=12)


@given(ENTRIES, st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=6))
def test_however_often_and_in_whatever_pieces_a_walk_is_sent_it_is_heard_once(
    entries: list[tuple[str, str, int]], pieces: list[tuple[int, int]]
) -> None:
    """A phone sends from the first that it has not heard of; lost answers make it send again what was heard."""
    draft = Draft.new("self", "imperial")
    ages = sorted((ago for _, _, ago in entries), reverse=True)  # given one after the other
    walk = [(n, link, code, ago) for n, ((link, code, _), ago) in enumerate(zip(entries, ages, strict=True), start=1)]
    reached = 0
    for start, end in [*pieces, (0, len(walk))]:
        start = min(start, reached)
        draft = heard(SHIPPED, draft, sent(*walk[start:end]), NOW)
        reached = max(reached, end)
    assert answers(draft) == {link: code for _, link, code, _ in walk}


def test_the_newer_photo_of_a_thing_stands_and_the_other_is_named(draft: Draft) -> None:
    for photo, at, unseen in (
        ("first", 100, None),
        ("first", 100, None),  # sent twice
        ("older", 50, "older"),
        ("newer", 150, "first"),
    ):
        draft, found = draft.with_photo(LINKS[0], Photo(id=photo, at=at))
        assert found == unseen
    assert draft.photo_ids == {LINKS[0]: "newer"}
