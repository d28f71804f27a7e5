"""Warnings as pages show them: those that stand on top of every page, and those of a plan."""

from dataclasses import dataclass

from answers.draft import Draft
from checklists.files.grammar import Urgency
from reports.plan.plan_json import IssuedPlan
from reports.words.words import Words


@dataclass(frozen=True, kw_only=True)
class WarningInWords:
    """What to do about a sign, how soon, and the number to ring; `says` is empty where only the person may read it."""

    id: str
    urgency: Urgency
    name: str
    do: str
    says: str
    number: str


def warnings_on_top(words: Words, draft: Draft, *, to_others: bool = False) -> list[WarningInWords]:
    """The warnings that stand, most urgent first.

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
            WarningInWords(
                id=sign.id,
                urgency=form.urgency,
                name=sign.name,
                do=words.ringing(form.do),
                says=words.ringing(form.says),
                number=words.number_to_ring(sign.number),
            )
        )
    return found


def warnings_of(words: Words, issued: IssuedPlan, *, private: bool = False) -> list[WarningInWords]:
    """The warnings of a plan; `private` gives a sign that only the person may read its other name, and no text."""
    return [
        WarningInWords(
            id=each.id,
            urgency=each.urgency,
            name=words.warning_name(each, private=private),
            do=words.ringing(each.form.do),
            says="" if private and each.sign.paper_says else words.ringing(each.form.says),
            number=words.number_to_ring(each.sign.number),
        )
        for each in issued.assessment.warnings
    ]
