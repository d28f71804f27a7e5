"""How a batch is to be printed: the choices of a form, and what they come to."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, cast

from flask import url_for
from werkzeug.datastructures import MultiDict

from checklists.people.units import PrintPoints
from reports.paper.plan_paper import PrintOptions
from web.clinic.at_work import at_work, clinic_day
from web.clinic.desk.on_the_list import printed_here
from web.clinic.printing.ordering import Wanted
from web.core.free_text import typed
from web.core.settings import definitions, region
from web.core.speaking import gettext as _
from web.core.speaking import language, name_of, wording
from web.visitor.own_clinic import on_its_paper
from web.visitor.paper import SIZES, page_of

MOST_TITLE = 60


def wanted_of(form: MultiDict[str, str]) -> Wanted:
    """What was chosen, by who is at work."""
    clinic = at_work()[1]
    also = form.getlist("also")
    on_paper = replace(clinic, letterhead="letterhead" in also)
    points = form.get("points", "")
    spoken = form.get("language", "")
    options = PrintOptions(
        region=clinic.region or region().id,
        language=spoken if spoken in dict(_languages()) else language(),
        page=page_of(clinic.page),
        points=cast(PrintPoints, int(points if points in dict(SIZES) else "14")),
        for_clinician="clinician" in also,
    )
    return Wanted(
        clinic=clinic,
        options=on_its_paper(printed_here(options), on_paper, page=options.page),
        as_files="files" in also,
        with_urgent="urgent" in also,
        with_blank="blank" in also,
        title=typed(form, "title")[:MOST_TITLE] or wording().day(clinic_day()),
        start=url_for("start.welcome", _external=True),
    )


def chosen_in(form: MultiDict[str, str]) -> dict[str, Any]:
    """What stands in a form, to be shown again."""
    return dict(form.items()) | {"also": form.getlist("also")}


def choices(shown: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a form, as templates/clinic/printing/choices.html takes them."""
    also = shown.get("also", ["letterhead", "blank"] if at_work()[1].letterhead else ["blank"])
    offered = (
        ("letterhead", _("The clinic's name on each page")),
        ("clinician", _("The clinician's page")),
        ("blank", _("Blank checklists for who has not answered")),
        ("urgent", _("Plans of people to speak with first")),
        ("files", _("A file for each person, to keep")),
    )
    sizes = tuple((size, _(label)) for size, label in SIZES)
    return {
        "sizes": answers(sizes, [shown.get("points", "14")]),
        "languages": answers(_languages(), [shown.get("language", language())]),
        "also": answers(offered, also),
        "title": shown.get("title", ""),
    }


def answers(offered: Iterable[tuple[str, str]], chosen: list[str]) -> list[dict[str, Any]]:
    """Values and labels as radios and boxes take them."""
    return [{"value": value, "label": label, "checked": value in chosen} for value, label in offered]


def _languages() -> list[tuple[str, str]]:
    chosen = at_work()[1].languages
    return [(code, name_of(code)) for code in definitions().languages if not chosen or code in chosen]
