"""The tools of one or two possible worlds → one result a tool, None where the worlds differ."""

from typing import Any

from checklists.files.grammar import BONE, FALLS
from checklists.rules.bone import indices
from checklists.rules.facts import World
from checklists.rules.falls import measured, world_falls_guidelines
from checklists.rules.person import Person


def tool_results(worlds: tuple[World, ...], person: Person) -> dict[str, Any]:
    """Each tool field by field: what every world agrees on, None where they differ."""
    falls = [measured(world) if FALLS in person.answers else {} for world in worlds]
    bones = [indices(world) if BONE in person.answers else {} for world in worlds]
    tools: dict[str, Any] = {}
    for name in ("tug", "tandem", "gait", "chair_stand", "orthostatic"):
        if name in falls[0]:
            tools[name] = _same_fields([dict(each[name]) for each in falls])
    if FALLS in person.answers:
        tools["wfg"] = _same([world_falls_guidelines(world) for world in worlds])
    for name in ("ost", "orai", "osiris"):
        present = [each[name] for each in bones if name in each]
        if present:
            everywhere = len(present) == len(bones)
            tools[name] = _same_fields(present) if everywhere else {"value": None, "positive": None}
    if BONE in person.answers:
        if worlds[0].person.about.get("sex") == "male" and "ost" in tools:
            tools["ost"]["less_certain"] = True
        if "height_loss_cm" in bones[0]:
            tools["height_loss_cm"] = bones[0]["height_loss_cm"]
        tools["dxa"] = _dxa([each["dxa"] for each in bones])
    return tools


def _dxa(found: list[dict[str, Any]]) -> dict[str, Any]:
    due = _same([each["due"] for each in found])
    return {
        "due": due,
        "why": [why for why in found[0]["why"] if due and all(why in each["why"] for each in found)],
    }


def _same_fields(found: list[dict[str, Any]]) -> dict[str, Any]:
    return {field: _same([each[field] for each in found]) for field in found[0]}


def _same(values: list[Any]) -> Any:
    return values[0] if all(value == values[0] for value in values) else None
