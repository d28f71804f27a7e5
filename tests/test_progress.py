"""Ticks folded into where each action stands."""

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reports.plan.progress import UNTOUCHED, Standing, own_actions, standings
from reports.plan.tick import STATES

MAY = date(2026, 5, 3)
JUNE = date(2026, 6, 7)


def tick(action: str = "grab-bars", on: date = MAY, by: str = "self", **changes: Any) -> dict[str, Any]:
    return {"action": action, "on": on.isoformat(), "by": by, **changes}


def test_nothing_ticked_stands_nowhere() -> None:
    assert standings([]) == {}
    assert UNTOUCHED.state == "open"


def test_the_newest_state_is_what_stands_with_its_day_and_its_person() -> None:
    now = standings([tick(state="done"), tick(state="open", on=JUNE), tick(state="done", on=JUNE, by="Ana")])

    assert now["grab-bars"] == Standing(state="done", on=JUNE, by="Ana")


def test_the_same_state_again_keeps_the_day_of_the_first() -> None:
    assert standings([tick(state="done"), tick(state="done", on=JUNE, by="Ana")])["grab-bars"].on == MAY


def test_owner_day_and_note_change_apart_from_the_state() -> None:
    now = standings(
        [tick(who="family", due="2026-06-01"), tick(state="done", on=JUNE), tick(note="The screws are in the shed.")]
    )

    assert now["grab-bars"] == Standing(
        state="done",
        on=JUNE,
        by="self",
        who="family",
        due=date(2026, 6, 1),
        note="The screws are in the shed.",
        note_by="self",
    )
    assert standings([tick(due="2026-06-01"), tick(due="")])["grab-bars"].due is None


def test_a_reason_goes_when_the_state_goes() -> None:
    now = standings([tick(state="not-for-me", reason="I rent"), tick(state="open")])

    assert now["grab-bars"].reason == ""


def test_own_actions_come_in_order_and_go_when_their_title_is_emptied() -> None:
    now = standings(
        [tick("own-1", title="Call the landlord"), tick("own-2", title="Buy a lamp"), tick("own-1", title=""), tick()]
    )

    assert list(own_actions(now)) == ["own-2"]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(STATES), st.dates()), max_size=30))
def test_each_action_stands_as_its_last_tick_says_whatever_happened_to_the_others(
    ticks: list[tuple[str, str, date]],
) -> None:
    now = standings([tick(action, on, state=state) for action, state, on in ticks])

    last = {action: state for action, state, _ in ticks}
    assert {name: each.state for name, each in now.items()} == last
