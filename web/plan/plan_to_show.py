"""What results and plan share: the plan that was made last, and whether it knows the warnings that stand."""

from flask import request, url_for

from reports.plan.plan_json import IssuedPlan
from web.core.speaking import wording
from web.plan.warnings_in_words import WarningInWords, warnings_on_top
from web.visitor.must_go_first import PLAN, Elsewhere
from web.visitor.open_record import OpenRecord
from web.visitor.stored_plan import StoredPlan, find_plan


def get_plan_to_show(open_record: OpenRecord) -> StoredPlan:
    """The plan made last.

    :raises Elsewhere: there is none, or it does not know a sign that stands; or, on a page that shows it, it warns of
        one that stands no more
    """
    found = find_plan(open_record)
    if found is None:
        raise Elsewhere(url_for("results.make"))
    if unknown_to(found.issued, warnings_on_top(wording(), open_record.draft)):
        raise Elsewhere(url_for("results.make"))
    if request.method == "GET" and over(open_record, found.issued):  # what was typed beside a step is kept all the same
        asked = open_record.draft.signs_are_asked
        raise Elsewhere(url_for("results.make") if asked else url_for("signs.signs", then=PLAN))
    return found


def unknown_to(issued: IssuedPlan, standing: list[WarningInWords]) -> bool:
    """Whether one of the warnings that stand cannot wait, and the plan does not know it as urgent as that."""
    known = {(each.id, each.urgency) for each in issued.assessment.warnings}
    return any((each.id, each.urgency) not in known for each in standing if each.urgency != "soon")


def over(open_record: OpenRecord, issued: IssuedPlan) -> frozenset[str]:
    """The signs that cannot wait of which a plan warns although they stand no more, or less urgently."""
    standing = {(each.id, each.urgency) for each in warnings_on_top(wording(), open_record.draft)}
    urgent = (each for each in issued.assessment.warnings if each.urgency != "soon")
    return frozenset(each.id for each in urgent if (each.id, each.urgency) not in standing)
