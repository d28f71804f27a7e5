"""The warnings that head every page while they stand."""

from datetime import date
from typing import Any

from checklists.defined import Definitions
from checklists.regions import Region
from reports.words import ringing
from web.drafts import Data, settle


def warnings_on_top(definitions: Definitions, data: Data, region: Region, day: date) -> list[dict[str, Any]]:
    """One entry a warning, most urgent first: urgency, name, what to do, and the number to ring."""
    if data.get("settled") != day.isoformat():
        data = settle(definitions, dict(data), day)
    found = []
    for each in data["warnings"]:
        sign = definitions.sign_of.get(each["id"])
        if sign is None:
            continue
        milder = sign.from_answers.if_asked if sign.from_answers and each["milder"] else None
        form = milder or sign
        number = {"emergency": region.emergency, "crisis": region.crisis.number, "none": ""}[sign.number]
        found.append(
            {
                "id": sign.id,
                "urgency": form.urgency,
                "name": sign.name,
                "do": ringing(form.do, region),
                "says": ringing(form.says, region),
                "number": number,
            }
        )
    return found
