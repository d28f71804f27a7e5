"""The plan on the screen, and on paper."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from checklists.files.grammar import BONE
from reports.plan.plan_json import IssuedPlan
from reports.printing.photos import for_paper
from storage import RecordNotFound
from storage.time_limits import WORTH_A_CHECK
from web.asking.hub import not_begun
from web.core.speaking import gettext as _
from web.core.speaking import spoken
from web.core.stores import store
from web.plan.access import Reader, get_plan_for, reading, refuse_older_paper
from web.plan.history import changes_on_paper, chosen, gains_of, is_of_older_content, plans_of, since
from web.plan.plan_to_show import get_plan_to_show
from web.plan.screen import screen_of
from web.plan.shared_plans import note_looked_at, others, title_of
from web.visitor.must_go_first import get_led
from web.visitor.open_record import OpenRecord, today
from web.visitor.own_clinic import clinic_of, logo_of
from web.visitor.paper import PAGES, SIZES, as_pdf, default_page, options_for, plan_to_print, prepare, render, sheets_of
from web.visitor.preferences import preferences
from web.visitor.stored_plan import StoredPlan, old_answers, standings_of
from web.visitor.way_back import way_back_of

if TYPE_CHECKING:
    from reports.paper.compose import PlanToPrint

pages = Blueprint("plan", __name__)
CHECK_AFTER_DAYS = WORTH_A_CHECK.days


@pages.get("/plan")
def plan() -> str:
    """What is next, how far somebody has come, the rest by room and subject, then how to print it."""
    reader = reading(None)
    open_record = reader.open_record
    stored = get_plan_for(reader)
    submission, words, issued = stored.submission, stored.words, stored.issued
    paper = plan_as_it_stands(open_record, stored)
    prepare(open_record.record_id, stored, paper)
    photos = open_record.draft.photo_ids
    return render_template(
        "plan/plan.html",
        open_record=open_record,
        page=screen_of(reader, stored, photos),
        made_on=words.day(issued.made_on),
        not_begun=not_begun(open_record),
        any_photo=bool(_shown(issued, photos)),
        sizes_as_answers=_answers(SIZES, str(preferences().print_points)),
        pages_as_answers=_answers(PAGES, default_page()),
        changed=stored.data.revision != open_record.revision,
        checking=open_record.draft.is_checking(today()),
        since=since(open_record, issued),
        version=submission.content_hash[:12],
        older=is_of_older_content(submission),
        old=old_answers(stored),
        gains=gains_of(open_record, stored),
        check_from=words.day(issued.made_on) if issued.made_on <= today() - timedelta(days=CHECK_AFTER_DAYS) else "",
        guides=words.definitions.guides.guides if _about_bones(issued) else (),
        sheets=sheets_of(stored, paper),
        clinic=(clinic := clinic_of(open_record.record_id)),
        has_logo=logo_of(clinic) is not None,
    )


@pages.get("/shared/<share_id>/plan")
def shared_plan(share_id: str) -> str:
    """The same for somebody it is shared with, in words about another person; nothing of the owner's own pages."""
    reader = reading(share_id)
    assert reader.share is not None
    stored = get_plan_for(reader)
    words = stored.words
    note_looked_at(reader.share)
    paper = _shared_as_it_stands(reader, stored)
    prepare(reader.open_record.record_id, stored, paper)
    return render_template(
        "sharing/shared_plan.html",
        share=reader.share,
        title=title_of(reader.share),
        page=screen_of(reader, stored, {}),
        made_on=words.day(stored.issued.made_on),
        until=words.day(reader.share.until),
        others=others(reader.share),
        pdf=reader.address("plan.shared_pdf"),
        copy_to=reader.address("ticks_from_paper.boxes"),
        sheets=sheets_of(stored, paper),
    )


@pages.get("/plan.pdf")
def plan_pdf() -> Response:
    """The paper, in the size that was asked for."""
    open_record = get_led()
    newest = get_plan_to_show(open_record)
    past = plans_of(open_record)
    asked = chosen(past, request.args.get("plan", ""))
    stored = asked or newest
    plan = plan_as_it_stands(open_record, stored, photos=request.args.get("photos") == "yes")
    if request.args.get("changes") == "yes" or request.args.get("much") == "all":
        plan = replace(plan, changes=changes_on_paper(open_record, past, asked))
    return as_pdf(render(stored, plan, options_for(stored, request.args)), _file_name(stored))


@pages.get("/shared/<share_id>/plan.pdf")
def shared_pdf(share_id: str) -> Response:
    """The paper for the fridge, without photos, link, code or the page for a doctor."""
    reader = reading(share_id)
    stored = get_plan_for(reader)
    refuse_older_paper(reader, stored)
    asked = {name: each for name, each in request.args.items() if name in ("print", "page")}
    return as_pdf(render(stored, _shared_as_it_stands(reader, stored), options_for(stored, asked)), _file_name(stored))


def plan_as_it_stands(open_record: OpenRecord, stored: StoredPlan, *, photos: bool = False) -> "PlanToPrint":
    """A plan to print as it stands now: with its ticks, the way back, and photos where they are asked for."""
    return replace(
        plan_to_print(stored),
        photos=_photos_for_paper(open_record, stored.issued) if photos else {},
        standings=standings_of(open_record),
        way_back=way_back_of(open_record),
    )


def _shared_as_it_stands(reader: Reader, stored: StoredPlan) -> "PlanToPrint":
    return replace(plan_to_print(stored), standings=standings_of(reader.open_record))


def _file_name(stored: StoredPlan) -> str:
    return f"plan-{stored.issued.made_on.isoformat()}.pdf"


def _photos_for_paper(open_record: OpenRecord, issued: IssuedPlan) -> dict[str, bytes]:
    """The photos of what this plan changes, as small as paper needs them."""
    photos = {}
    for fact, photo_id in _shown(issued, open_record.draft.photo_ids).items():
        with suppress(RecordNotFound):  # taken away at this moment: the paper goes without it
            photos[fact] = for_paper(store().get_photo(open_record.record_id, photo_id))
    return photos


def _shown(issued: IssuedPlan, photos: Mapping[str, str]) -> dict[str, str]:
    """The photos that stand beside something in this plan, by the fact that they show."""
    called = {because.fact for each in issued.plan.all_actions for because in each.fixes}
    return {fact: each for link_id, each in photos.items() if (fact := f"{spoken().rooms.id}.{link_id}") in called}


def _about_bones(issued: IssuedPlan) -> bool:
    """Whether the short pages about spine fractures may help: bones, or the spine, came up."""
    about = issued.assessment.person.about
    spine = any(about.get(each) in ("yes", "unsure") for each in ("spine-fracture-now", "known-osteoporosis"))
    bones = any(each.id == BONE and each.could_be != ("low",) for each in issued.assessment.checklists)
    return spine or bones


def _answers(choices: tuple[tuple[str, str], ...], checked: str) -> list[dict[str, Any]]:
    return [{"value": code, "label": _(label), "checked": code == checked} for code, label in choices]
