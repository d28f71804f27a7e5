"""What results and plan share: the plan that was given last, and its warnings in words."""

from typing import Any

from flask import url_for

from reports.keeping import Given
from reports.words import Words
from storage import Submission
from web.banner import warnings_on_top
from web.given import find_given
from web.leading import Elsewhere
from web.opened import Opened, today
from web.speaking import said


def get_told(opened: Opened) -> tuple[Submission, Words, Given]:
    """The plan made last.

    :raises Elsewhere: there is none, or it does not know a sign that stands today
    """
    found = find_given(opened)
    if found is None:
        raise Elsewhere(url_for("results.make"))
    told = {(each.id, each.urgency) for each in found[2].assessment.warnings}
    standing = warnings_on_top(said(), opened.data, today())
    if any((each["id"], each["urgency"]) not in told for each in standing if each["urgency"] != "soon"):
        raise Elsewhere(url_for("results.make"))
    return found


def warnings_told(words: Words, given: Given, *, private: bool = False) -> list[dict[str, Any]]:
    """The warnings of a plan; `private` gives a sign that only the person may read its other name, and no text."""
    return [
        {
            "id": each.id,
            "urgency": each.urgency,
            "name": words.warning_name(each, private=private),
            "do": words.ringing(each.form.do),
            "says": "" if private and each.sign.paper_says else words.ringing(each.form.says),
            "number": words.number_to_ring(each.sign.number),
        }
        for each in given.assessment.warnings
    ]
