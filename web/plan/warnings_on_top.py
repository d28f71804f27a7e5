"""The warnings that head every page while they stand."""

from typing import Any

from answers.draft import Draft
from reports.words.words import Words


def warnings_on_top(words: Words, draft: Draft, *, to_others: bool = False) -> list[dict[str, Any]]:
    """One entry a warning, most urgent first: urgency, name, what to do, and the number to ring.

    To others a sign that only the person may read is not told: it was ticked a moment ago, for no plan yet.
    """
    found = []
    for each in draft.warnings:
        sign = words.definitions.sign_of.get(each.id)
        if sign is None or (to_others and sign.paper_says):
            continue
        milder = sign.from_answers.if_asked if sign.from_answers and each.milder else None
        form = milder or sign
        found.append(
            {
                "id": sign.id,
                "urgency": form.urgency,
                "name": sign.name,
                "do": words.ringing(form.do),
                "says": words.ringing(form.says),
                "number": words.number_to_ring(sign.number),
            }
        )
    return found
