"""A plan as a clinic files it: a bundle for its record system, with the paper, and a note to paste. No name leaves."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from reports.paper.plan_paper import PrintOptions
from reports.plan.progress import Standing
from reports.words.words import WHO, Words, words
from web.visitor.paper import default_page, render
from web.visitor.stored_plan import StoredPlan, content_of, old_answers


def bundle_of(
    stored: StoredPlan, standings: Mapping[str, Standing], *, identifier: str = "", pdf: bytes | None = None
) -> dict[str, Any]:
    """A plan as it stands as one FHIR R4 Bundle; `identifier` is what staff of a clinic typed to find the person."""
    from reports.exports.fhir.bundle import bundle, forms_of
    from reports.exports.fhir.case import Case

    nameless = _nameless(stored)
    case = Case(
        words=nameless,
        forms=forms_of(content_of(stored.submission.content_hash), nameless.region.id, nameless.definitions.language),
        assessment=stored.issued.assessment,
        plan=stored.issued.plan,
        made_on=stored.issued.made_on,
        made_at=datetime.now(UTC),
        identifier=identifier,
        answered_by=stored.data.answered_by,
        standings=standings,
        pdf=pdf,
    )
    return bundle(case)


def note_of(stored: StoredPlan, standings: Mapping[str, Standing], *, private: bool = True) -> str:
    """The same as a note to paste; on a page that only a clinician sees, a `private` sign may have its name."""
    from reports.exports.note import note

    return note(
        _nameless(stored),
        stored.issued.assessment,
        stored.issued.plan,
        stored.issued.made_on,
        standings=standings,
        answered_by=stored.data.answered_by,
        private=private,
    )


def paper_of(stored: StoredPlan, standings: Mapping[str, Standing]) -> bytes:
    """The plan on paper, in small print, without names, notes, and the way back to it.

    :raises RenderFailed: it could not be made
    """
    from reports.paper.compose import PlanToPrint

    options = PrintOptions(
        region=stored.words.region.id, language=stored.words.speech.language, page=default_page(), points=12
    )
    plan = PlanToPrint(
        issued=stored.issued,
        standings={name: _without_names(each) for name, each in standings.items()},
        answered_by=stored.data.answered_by,
        old=old_answers(stored),
    )
    return render(stored, plan, options)


def _nameless(stored: StoredPlan) -> Words:
    known = content_of(stored.submission.content_hash)
    return replace(words(known, stored.words.region.id, stored.words.definitions.language), other=True)


def _without_names(standing: Standing) -> Standing:
    who = standing.who if standing.who in WHO else ""
    return replace(standing, who=who, by="", note="", note_by="", added_by="")
