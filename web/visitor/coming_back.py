"""What a person with a plan is greeted with: how far they have come, who did the last step, and one thing to do now."""

from dataclasses import dataclass

from reports.plan.next_steps import next_steps
from reports.plan.order import parts_of
from reports.plan.path import path_of
from reports.words.path_in_words import PathInWords, path_in_words
from storage import RecordNotFound, SealBroken
from web.visitor.open_record import OpenRecord
from web.visitor.stored_plan import find_plan, standings_of


@dataclass(frozen=True, kw_only=True)
class ComingBack:
    """The path of the plan made last, and the title of the next step; neither while a sign cannot wait."""

    path: PathInWords | None = None
    next_title: str = ""


def coming_back(open_record: OpenRecord | None) -> ComingBack | None:
    """None where there is no plan yet, or none that can be read: the start can do without."""
    try:
        stored = find_plan(open_record) if open_record else None
    except (RecordNotFound, SealBroken):
        return None
    if open_record is None or stored is None:
        return None
    assessment, plan = stored.issued.assessment, stored.issued.plan
    now, known = standings_of(open_record), stored.words.definitions
    signs = [known.sign_of[e.id] for e in open_record.draft.warnings if e.id in known.sign_of and not e.milder]
    if {"now", "today"} & {*(each.urgency for each in assessment.warnings), *(each.urgency for each in signs)}:
        return ComingBack()
    steps = (each for part in parts_of(known, assessment, plan, now) for each in part.actions)
    ahead = next_steps(known, assessment, plan, now)
    return ComingBack(
        path=path_in_words(stored.words, path_of(steps, now)), next_title=stored.words.title(ahead[0]) if ahead else ""
    )
