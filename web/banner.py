"""The warnings that head every page while they stand."""

from datetime import date
from typing import Any

from reports.words import Words
from web.drafts import Data, settle


def warnings_on_top(words: Words, data: Data, day: date, *, private: bool = False) -> list[dict[str, Any]]:
    """One entry a warning, most urgent first: urgency, name, what to do, and the number to ring.

    `private` gives a sign that only the person may read its other name, and no text.
    """
    if data.get("settled") != day.isoformat():
        data = settle(words.definitions, dict(data), day)
    found = []
    for each in data["warnings"]:
        sign = words.definitions.sign_of.get(each["id"])
        if sign is None:
            continue
        milder = sign.from_answers.if_asked if sign.from_answers and each["milder"] else None
        form = milder or sign
        found.append(
            {
                "id": sign.id,
                "urgency": form.urgency,
                "name": sign.paper_says if private and sign.paper_says else sign.name,
                "do": words.ringing(form.do),
                "says": "" if private and sign.paper_says else words.ringing(form.says),
                "number": words.number_to_ring(sign.number),
            }
        )
    return found
