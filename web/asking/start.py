"""The start: what this is, for whom the answers are, and what a helper calls them."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as BaseResponse

from answers.draft import Draft
from checklists.files.grammar import FALLS
from web.asking.chosen_lists import choose_as_invited
from web.asking.way_through import Page, about_pages, minutes_for, pages_of
from web.core.free_text import problem, typed
from web.core.settings import region
from web.core.speaking import gettext as _
from web.core.speaking import spoken
from web.visitor.coming_back import coming_back
from web.visitor.must_go_first import get_led
from web.visitor.open_record import OpenRecord, change, find_readable, open_new, posted, today
from web.visitor.preferences import typed_here, value_here

pages = Blueprint("start", __name__)
ANSWERING = ("self", "helper")
NAME_CHARACTERS = 40


@pages.get("/")
def welcome() -> str:
    """My plan first, for somebody who has one; else what it is, how long it takes, private, not for emergencies."""
    open_record = find_readable()
    return render_template(
        "asking/start.html",
        going_on=url_for("hub.checklists") if open_record else "",
        back=coming_back(open_record),
        shared=url_for("shares.shared") if session.get("shares") else "",
        holds_something=bool(session.get("records") or session.get("shares")),
        **_minutes(spoken().content_hash, spoken().language),
    )


@pages.get("/for-whom")
def for_whom() -> str:
    """Whether a person answers for themselves or for somebody else."""
    before: Mapping[str, str] = typed_here() or {}
    return _ask_for_whom(before.get("answering", ""), typed(before, "person_name"))


@pages.post("/for-whom")
def begin() -> BaseResponse | tuple[str, int]:
    """Opens a new record, and goes to the first question about the person."""
    answering, name = request.form.get("answering", ""), typed(request.form, "person_name")
    if answering not in ANSWERING:
        return _ask_for_whom("", name, {"answering": _("Choose Me, or Someone I help.")}), 422
    draft = Draft.new(answering, region().units, today())
    if draft.helping and (says := problem(name, NAME_CHARACTERS)):
        return _ask_for_whom(answering, name, {"person_name": says}), 422
    choose_as_invited(open_new(replace(draft, person_name=name) if draft.helping else draft).record_id)
    is_short = value_here("way") == FALLS
    first = _pages(short=is_short)[0]
    return redirect(f"{first.address}?then={FALLS}" if is_short else first.address, 303)


@pages.get("/name")
def name() -> str | BaseResponse:
    """What a helper calls the person, to be changed at any time."""
    open_record, before = get_led(), typed_here()
    if not open_record.draft.helping:
        return redirect(url_for("hub.checklists"), 303)
    return _ask_name(open_record, typed(before, "person_name") if before else open_record.draft.person_name)


@pages.post("/name")
def change_name() -> str | BaseResponse | tuple[str, int]:
    """The new name stands everywhere from now on; an empty one takes it away."""
    open_record, new = posted(), typed(request.form, "person_name")
    if open_record.draft.helping:
        if says := problem(new, NAME_CHARACTERS):
            return _ask_name(open_record, new, says), 422
        change(open_record, lambda draft: draft.named(new))
    return redirect(url_for("hub.checklists"), 303)


def _ask_for_whom(chosen: str, name: str, problems: Mapping[str, str] = MappingProxyType({})) -> str:
    return render_template(
        "asking/for_whom.html",
        chosen=chosen,
        name=name,
        way=value_here("way"),
        problems={"answering": "", "person_name": "", **problems},
        errors=[{"field": field, "text": says} for field, says in problems.items()],
    )


def _ask_name(open_record: OpenRecord, name: str, error: str = "") -> str:
    return render_template("asking/name.html", open_record=open_record, name=name, error=error)


@lru_cache(maxsize=8)
def _minutes(_content_hash: str, _language: str) -> dict[str, int]:
    """How long each way takes, reckoned once for the words of a content and a language."""
    return {
        "short": minutes_for(_pages(short=True), spoken()),
        "minutes": minutes_for(_pages(short=False), spoken()),
    }


def _pages(*, short: bool) -> tuple[Page, ...]:
    """Every page that somebody may be asked who has answered nothing yet: on the short way, or of everything."""
    new, known, day = Draft.new("self", region().units), spoken(), today()
    if short:
        return (*about_pages(known, new, FALLS, day), *pages_of(known, new, FALLS, day))
    return tuple(page for name in known.list_ids for page in pages_of(known, new, name, day))
