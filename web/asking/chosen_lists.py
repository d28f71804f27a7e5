"""Which lists a clinic chose for whoever answers in this browser; where none did, they choose themselves."""

from collections.abc import Sequence

from flask import session

CHOSEN = "chosen"
"""In a session: the record that they were chosen for, and the lists in their order."""
INVITED = "invited"
"""In a session: the clinic whose poster led here, and what it asks; nothing of the person is its before they say so."""


def invite(clinic_id: str, lists: Sequence[str]) -> None:
    """A clinic's poster has led here, and somebody has begun."""
    session[INVITED] = {"clinic": clinic_id, "lists": list(lists)}


def invited_by() -> str:
    """The id of the clinic whose poster led here; empty where none did."""
    return str((session.get(INVITED) or {"clinic": ""})["clinic"])


def choose_as_invited(record_id: str) -> None:
    """A new record is led through what this clinic asks."""
    if found := session.get(INVITED):
        choose_lists(record_id, found["lists"])


def choose_lists(record_id: str, lists: Sequence[str]) -> None:
    """From now on this browser is led through these lists, one after the other, with this record."""
    session[CHOSEN] = {"record": record_id, "lists": list(lists)}


def chosen_lists(record_id: str) -> tuple[str, ...]:
    """Those that were chosen for this record, in their order."""
    found = session.get(CHOSEN)
    return tuple(found["lists"]) if found and found["record"] == record_id else ()
