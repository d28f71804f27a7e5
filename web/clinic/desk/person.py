"""One person of the clinic: how they begin, what came out, what was agreed, and what goes out of the house."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from reports.paper.clinician import with_points
from reports.plan.order import parts_of
from reports.plan.progress import Standing
from reports.words.words import Words, level_may_be_shown
from storage.clinics.people import SUMMARY
from storage.model import SealBroken
from web.clinic.at_work import at_work, clinic_store, may, note
from web.clinic.desk.from_paper import may_type_in
from web.clinic.desk.list_entry import STATES, ListEntry
from web.clinic.desk.on_the_list import (
    change_data,
    find_record,
    get_visit,
    in_files,
    label_on_paper,
    plan_now,
    plan_to_hand_out,
    printed_here,
    shown_name,
    where,
)
from web.clinic.desk.person_fields import PersonFields, read_fields
from web.clinic.signing_in.locking import typed_at_work
from web.core.speaking import gettext as _
from web.core.speaking import name_of, wording
from web.plan.history import changes_since, earlier, plans_of
from web.plan.page import plan_as_it_stands
from web.plan.warnings_in_words import warnings_of
from web.sharing.for_a_clinic import bundle_of, note_of
from web.visitor.must_go_first import Elsewhere
from web.visitor.open_record import OpenRecord, summary, today
from web.visitor.own_clinic import on_its_paper
from web.visitor.paper import as_pdf, options_of, render
from web.visitor.stored_plan import StoredPlan, content_of, read_plan, standings_of

pages = Blueprint("person", __name__)


@pages.get("/clinic/people/<person_id>")
def show(person_id: str) -> str:
    """Who it is and how to begin; for a clinician what came out as well."""
    visit = replace(get_visit(person_id), in_file=in_files().get(person_id))
    note("saw-person", visit.person)
    results, is_damaged = None, "damaged" in request.args
    try:
        open_record = find_record(visit) if may("measuring.form") else None
        stored = plan_now(open_record) if open_record else None
        results = _results(visit, open_record, stored) if open_record and stored else None
    except SealBroken:  # staff still find the person, and the way to begin anew
        is_damaged = True
    g.standing = []
    return render_template(
        "clinic/desk/person.html",
        visit=visit,
        name=shown_name(visit, at_work()[1]),
        language=name_of(visit.language) if visit.language else "",
        asked=wording().speech.listed(
            [each.short for each in wording().definitions.checklists if each.id in visit.lists]
        ),
        where=where(visit, {each: _(name) for each, name in STATES.items()}),
        is_today=visit.person.day == today(),
        day=wording().day(visit.person.day),
        results=results,
        is_damaged=is_damaged,
        can_print=visit.summary is not None,
        may_measure=may("measuring.form"),
        may_type_in=may_type_in(visit),
    )


@pages.post("/clinic/people/<person_id>/spoken")
def spoken(person_id: str) -> BaseResponse:
    """Somebody has spoken with them of the sign that cannot wait: their paper waits no longer."""
    visit = get_visit(person_id)
    if visit.summary:
        change_data(visit.person, {"spoken_of": visit.summary.urgency})
        note("changed-person", visit.person, _("spoke with them"))
    return redirect(url_for("person.show", person_id=person_id), 303)


@pages.get("/clinic/people/<person_id>/change")
def change(person_id: str) -> str:
    """What the clinic calls them, and when they come."""
    visit, typed = get_visit(person_id), typed_at_work()
    return _change_page(visit, PersonFields.typed(typed) if typed else PersonFields.of(visit), {})


@pages.post("/clinic/people/<person_id>/change")
def keep_change(person_id: str) -> BaseResponse | tuple[str, int]:
    """Keeps it, or says what to do."""
    visit, fields = get_visit(person_id), PersonFields.typed(request.form)
    found, problems = read_fields(fields, at_work()[1])
    if problems:
        return _change_page(visit, fields, problems), 422
    found.changed(clinic_store(), visit.person)
    note("changed-person", visit.person)
    return redirect(url_for("person.show", person_id=person_id), 303)


@pages.post("/clinic/people/<person_id>/remove")
def remove(person_id: str) -> BaseResponse:
    """Off the list; what they answered stays theirs, and so does the link that they may have."""
    visit = get_visit(person_id)
    clinic_store().remove_person(person_id)
    note("removed-person", visit.person)
    return redirect(url_for("today.people", day=visit.person.day), 303)


@pages.post("/clinic/people/<person_id>/plan.pdf")
def plan_pdf(person_id: str) -> BaseResponse:
    """Their paper, in their own language; from now on it is the plan that they find on their phone, and they stand as
    printed."""
    visit = get_visit(person_id)
    open_record, stored = _to_hand_out(visit)
    stored = read_plan(stored.submission, visit.language)
    paper = replace(plan_as_it_stands(open_record, stored), label=label_on_paper(visit.person))
    known, page = content_of(stored.submission.content_hash), request.form.get("page", "")
    asked = printed_here(options_of(stored.words, request.form))
    options = on_its_paper(asked, at_work()[1], page=page, known=known)
    pdf = render(stored, paper, options)
    change_data(visit.person, {"printed": open_record.revision, SUMMARY: summary(open_record)})
    note("printed-person", visit.person)
    return as_pdf(pdf, f"plan-{visit.person.code}.pdf")


@pages.post("/clinic/people/<person_id>/fhir.json")
def fhir(person_id: str) -> BaseResponse:
    """The answers, levels and plan for a record system; this plan is kept from now on, as when it is printed."""
    visit = get_visit(person_id)
    open_record, stored = _to_hand_out(visit)
    text = json.dumps(bundle_of(stored, standings_of(open_record)), ensure_ascii=False, indent=2)
    note("exported-person", visit.person)
    response = Response(text, content_type="application/fhir+json; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="person-{visit.person.code}.json"'
    return response


def _to_hand_out(visit: ListEntry) -> tuple[OpenRecord, StoredPlan]:
    """Their answers, and the plan of them, which is made where there is none."""
    try:
        open_record = find_record(visit)
        stored = plan_to_hand_out(open_record) if open_record else None
    except SealBroken:
        raise Elsewhere(url_for("person.show", person_id=visit.person.person_id, damaged="yes")) from None
    if open_record is None or stored is None:
        abort(404)
    return open_record, stored


def _change_page(visit: ListEntry, fields: PersonFields, problems: dict[str, str]) -> str:
    back = url_for("person.show", person_id=visit.person.person_id)
    send_to = url_for("person.keep_change", person_id=visit.person.person_id)
    return render_template(
        "clinic/desk/change.html", visit=visit, back=back, send_to=send_to, **fields.for_page(at_work()[1], problems)
    )


def _results(visit: ListEntry, open_record: OpenRecord, stored: StoredPlan) -> dict[str, Any]:
    """What came out, in the words of the clinician's page, and where each step stands."""
    from reports.paper.clinician import everything_clinical
    from reports.paper.compose import paper_of

    words, issued = replace(stored.words, other=True), stored.issued
    standings = standings_of(open_record)
    paper = paper_of(words.definitions, plan_as_it_stands(open_record, stored), options_of(words, {}))
    past = plans_of(open_record)
    before = earlier(past) if past else None
    return {
        "warnings": warnings_of(stored.words, issued),
        "spoken": visit.state != "speak-first",
        "levels": [
            {
                "title": words.definitions.checklist_of[each.id].title,
                "level": each.risk_level or "unknown",
                "word": words.level(each.could_be),
                "score": words.score(each),
                "made": _capital(
                    "; ".join(with_points(words, issued.assessment.person, because) for because in each.because)
                ),
            }
            for each in issued.assessment.checklists
        ]
        if level_may_be_shown(issued.assessment)
        else [],
        "parts": everything_clinical(paper),
        "changes": changes_since(open_record, past, before) if before and before is not past[-1] else None,
        "note": note_of(stored, standings, private=False),
        "steps": _steps(words, stored, standings, visit.person.person_id),
        "measured": words.day(open_record.draft.measures.on) if open_record.draft.measures else "",
    }


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _steps(words: Words, stored: StoredPlan, standings: Mapping[str, Standing], person_id: str) -> list[dict[str, Any]]:
    """Every step in the order of the paper, with who does it by when, and what became of it."""
    parts = parts_of(words.definitions, stored.issued.assessment, stored.issued.plan, standings)
    return [
        {
            "title": words.title(step),
            "who": words.who(step.owner) if step.owner else "",
            "day": words.day(step.day) if step.day else "",
            "state": step.standing.state,
            "word": words.state(step.standing.state) if step.standing.on or step.standing.state != "open" else "",
            "reason": step.standing.reason,
            "note": step.standing.note,
            "href": url_for("steps.step", person_id=person_id, action_id=step.id),
        }
        for part in parts
        for step in part.actions
    ]
