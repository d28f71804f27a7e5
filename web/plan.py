"""The plan on the screen, and on paper."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

from flask import Blueprint, render_template, request
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from reports.keeping import Given
from reports.paper import Paper
from reports.plan import PlannedAction
from reports.progress import UNTOUCHED, Standing, own_actions
from reports.words import GROUPS, Words
from storage import RecordNotFound, Submission
from web.doors import door_of
from web.explained import explained
from web.hub import not_begun
from web.leading import get_led
from web.opened import Opened
from web.papers import PAGES, SIZES, default_page, paper_of, render
from web.pictures import for_paper
from web.preferences import preferences
from web.speaking import gettext as _
from web.stores import store
from web.ticks import standings_of
from web.told import get_told, warnings_told
from web.walking import photos_of

pages = Blueprint("plan", __name__)


@pages.get("/plan")
def plan() -> str:
    """Three things first, then the rest in groups, then how to print it."""
    opened = get_led()
    submission, words, given = get_told(opened)
    photos = photos_of(opened.data)
    now = standings_of(opened)
    written = partial(_actions, words, given, photos, now, opened)
    own = tuple(_own(words, given, name, each, opened) for name, each in own_actions(now).items())
    return render_template(
        "plan.html",
        opened=opened,
        message=words.main_message(given.assessment, given.plan),
        made_on=words.day(given.made_on),
        warnings=warnings_told(words, given),
        of_warnings=written(given.plan.of_warnings),
        first=written(given.plan.first),
        groups=[
            {"id": name, "title": words.group(name), "actions": written(in_group)}
            for name in GROUPS
            if (in_group := tuple(each for each in given.plan.next if each.action.group == name))
        ],
        later=written(given.plan.later),
        not_begun=not_begun(opened),
        own=own,
        done_of=_done_of([*(now.get(each.id, UNTOUCHED) for each in given.plan.actions), *own_actions(now).values()]),
        any_photo=bool(_shown(given, photos)),
        sizes_as_answers=_answers(SIZES, str(preferences().print_points)),
        pages_as_answers=_answers(PAGES, default_page()),
        changed=submission.data["revision"] != opened.revision,
        words=explained(_texts(given.plan.actions)),
        guides=words.definitions.guides.guides if _about_bones(given) else (),
    )


@pages.get("/plan.pdf")
def plan_pdf() -> Response:
    """The paper, in the size that was asked for."""
    opened = get_led()
    told = get_told(opened)
    given = told[2]
    pdf = render(paper_of_plan(opened, told, request.args), request.args.get("page", ""))
    response = Response(pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="plan-{given.made_on.isoformat()}.pdf"'
    return response


def paper_of_plan(opened: Opened, told: tuple[Submission, Words, Given], asked: Mapping[str, str]) -> Paper:
    """A plan on paper as it stands now: with its ticks, the way back, and photos where they are asked for."""
    submission, words, given = told
    return replace(
        paper_of(words, given, str(submission.data["for"]), asked),
        photos=_photos_for_paper(opened, given) if asked.get("photos") == "yes" else {},
        standings=standings_of(opened),
        door=door_of(opened),
    )


def _photos_for_paper(opened: Opened, given: Given) -> dict[str, bytes]:
    """The photos of what this plan changes, as small as paper needs them."""
    photos = {}
    for fact, photo_id in _shown(given, photos_of(opened.data)).items():
        with suppress(RecordNotFound):  # taken away at this moment: the paper goes without it
            photos[fact] = for_paper(store().get_photo(opened.record_id, photo_id))
    return photos


def _shown(given: Given, photos: Mapping[str, str]) -> dict[str, str]:
    """The photos that stand beside something in this plan, by the fact that they show."""
    called = {because.fact for each in given.plan.actions for because in each.fixes}
    return {fact: each for link_id, each in photos.items() if (fact := f"home.{link_id}") in called}


def _about_bones(given: Given) -> bool:
    """Whether the short pages about spine fractures may help: bones, or the spine, came up."""
    about = given.assessment.person.about
    spine = any(about.get(each) in ("yes", "unsure") for each in ("spine-fracture-now", "known-osteoporosis"))
    bones = any(each.id == "bone" and each.could_be != ("low",) for each in given.assessment.checklists)
    return spine or bones


def _answers(choices: tuple[tuple[str, str], ...], checked: str) -> list[dict[str, Any]]:
    return [{"value": code, "label": _(label), "checked": code == checked} for code, label in choices]


def _actions(
    words: Words,
    given: Given,
    photos: Mapping[str, str],
    now: Mapping[str, Standing],
    opened: Opened,
    actions: tuple[PlannedAction, ...],
) -> list[dict[str, Any]]:
    return [
        {
            **_standing(words, given, each.id, now.get(each.id, UNTOUCHED), opened, planned=each),
            "title": words.ringing(each.title),
            "because": list(words.findings(given.assessment.person, each.because))[:4],
            "how": [words.ringing(step) for step in each.how],
            "why": words.ringing(each.why),
            "picture": words.definitions.picture_of.get(each.picture or ""),
            "photos": [
                {"id": photos[because.link_id], "shows": words.question_name(because.checklist, because.link_id)}
                for because in each.fixes
                if because.link_id in photos
            ],
        }
        for each in actions
    ]


def _own(words: Words, given: Given, name: str, standing: Standing, opened: Opened) -> dict[str, Any]:
    """A card of the person's own: a title, and where it stands."""
    nothing: dict[str, Any] = {"because": [], "how": [], "why": "", "picture": None, "photos": []}
    return {
        **nothing,
        **_standing(words, given, name, standing, opened, planned=None),
        "title": standing.title,
    }


def _standing(
    words: Words, given: Given, name: str, standing: Standing, opened: Opened, *, planned: PlannedAction | None
) -> dict[str, Any]:
    """Where an action stands, in words, and the form that changes it in one tap."""
    owner = standing.who or (planned.action.who if planned else "")
    day = standing.due or (planned.day if planned else None)
    waits = words.when_doctor_agrees() if planned and planned.waits else ""
    return {
        "id": name,
        "who": words.who(owner) if owner else "",
        "by": words.day(day) if day else waits,
        "status": words.standing(standing),
        "shape": {"done": "done", "not-for-me": "skipped", "later": "open"}.get(standing.state, ""),
        "settled": standing.is_settled,
        "again": _("Your newer answers still call for it.") if _is_called_again(given, standing) else "",
        "note": standing.note,
        "hidden": [
            {"name": "csrf_token", "value": generate_csrf()},
            {"name": "record", "value": opened.record_id},
            {"name": "action", "value": name},
            {"name": "submit_key", "value": secrets.token_hex(16)},
        ],
    }


def _is_called_again(given: Given, standing: Standing) -> bool:
    return standing.state == "done" and standing.on is not None and standing.on < given.made_on and not standing.title


def _done_of(all_of: list[Standing]) -> tuple[int, int] | None:
    """How many are done, of all that are meant for this person; None before the first."""
    meant = [each for each in all_of if each.state != "not-for-me"]
    done = sum(each.state == "done" for each in meant)
    return (done, len(meant)) if done else None


def _texts(actions: tuple[PlannedAction, ...]) -> Iterator[str]:
    return (text for each in actions for text in (each.title, each.why, *each.how))
