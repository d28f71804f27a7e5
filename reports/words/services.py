"""Whom a clinic names beside a step: classes, a handy-person, a falls service. Each serves a group of steps."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from checklists.files.actions import Action
from reports.words.speech import N_


class Nearby(NamedTuple):
    """Somebody near who helps with some steps: what they are called, how they are reached, which groups they serve."""

    name: str
    contact: str
    serves: tuple[str, ...]


SERVES: Mapping[str, str] = {
    "exercise": N_("Exercise and balance classes"),
    "repairs": N_("Repairs and fittings at home"),
    "therapist": N_("Physical or occupational therapy"),
    "pharmacist": N_("A look at all medicines"),
    "falls-check": N_("A falls check"),
    "feet": N_("Feet and shoes"),
    "eyes": N_("Eyes and glasses"),
}
_BY_ID = {
    "ask-for-falls-check": "falls-check",
    "ask-for-foot-care": "feet",
    "ask-for-foot-check": "feet",
    "ask-for-eye-check": "eyes",
    "ask-about-glasses-for-outdoors": "eyes",
}
_BY_WHO = {"handy-person": "repairs", "trade": "repairs", "therapist": "therapist", "pharmacist": "pharmacist"}


def group_of(action: Action) -> str | None:
    """The group to which a step belongs, if somebody could serve it."""
    return _BY_ID.get(action.id) or ("exercise" if action.kind == "exercise" else _BY_WHO.get(action.who))


def nearby_for(action: Action, services: Iterable[Nearby]) -> tuple[str, ...]:
    """Who stands beside this step, each with how they are reached."""
    group = group_of(action)
    return tuple(f"{name}, {contact}" for name, contact, serves in services if group in serves)
