"""People of a file → entries of a batch: each with the plan of their record, printed as their row asks for."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from checklists.people.tables.columns import LANGUAGE, PAGE, PRINT
from reports.batch.order import PersonToPrint
from reports.judging.judged import Faulty, Judged
from reports.paper.plan_paper import PrintOptions
from reports.plan.plan_json import IssuedPlan, to_json


def as_the_row_asks(options: PrintOptions, settings: Mapping[str, str]) -> PrintOptions:
    """How one person's paper is printed: as their row says, else as all others."""
    asked: dict[str, Any] = {
        "language": settings.get(LANGUAGE, options.language),
        "page": settings.get(PAGE, options.page),
        "points": int(settings.get(PRINT, options.points)),
    }
    return replace(options, **asked)


def entry_of(person: Judged, options: PrintOptions, content_hash: str) -> PersonToPrint:
    """Somebody with their plan, made of the definitions with this hash."""
    issued = IssuedPlan(made_on=person.made_on, assessment=person.assessment, plan=person.plan, explanations={})
    return PersonToPrint(
        row=person.line,
        label=person.label or "",
        options=as_the_row_asks(options, person.settings),
        plan=to_json(issued),
        content_hash=content_hash,
        speak_first=person.is_urgent,
    )


def blank_entry_of(person: Faulty, options: PrintOptions, lists: tuple[str, ...]) -> PersonToPrint:
    """Somebody who has not answered yet, with these lists to fill in."""
    settings = getattr(person.record, "settings", {})
    return PersonToPrint(
        row=person.line, label=person.label or "", options=as_the_row_asks(options, settings), blank=lists
    )
