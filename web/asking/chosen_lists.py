"""Which lists a clinic chose for whoever answers in this browser; where none did, they choose themselves."""

from collections.abc import Sequence

from flask import session

CHOSEN = "chosen"
"""In a session: the record that they were chosen for, and the lists in their order."""


def choose_lists(record_id: str, lists: Sequence[str]) -> None:
    """From now on this browser is led through these lists, one after the other, with this record."""
    session[CHOSEN] = {"record": record_id, "lists": list(lists)}


def chosen_lists(record_id: str) -> tuple[str, ...]:
    """Those that were chosen for this record, in their order."""
    found = session.get(CHOSEN)
    return tuple(found["lists"]) if found and found["record"] == record_id else ()
