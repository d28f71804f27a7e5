"""Ticks made on the printed plan, copied from it: every action in the paper's order, one box each, one Save."""

import hashlib
import secrets
from collections.abc import Collection, Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from reports.keeping import Given
from reports.numbering import Marked, Part, parts_of
from reports.progress import FROM_PAPER, UNTOUCHED, Standing
from reports.words import Words
from web.leading import get_led
from web.opened import posted, today
from web.preferences import typed_here
from web.speaking import gettext as _
from web.stores import store
from web.ticks import standings_of, submit_key
from web.told import get_told

pages = Blueprint("from_paper", __name__)


@pages.get("/plan/from-paper")
def boxes() -> str:
    """Every action with a box; what is done already is ticked."""
    opened = get_led()
    _submission, words, given = get_told(opened)
    now = standings_of(opened)
    parts = _parts(words, given, now)
    typed = typed_here()
    done = _done(now)
    ticked = typed.getlist("done") if typed is not None else done
    return render_template(
        "from_paper.html",
        opened=opened,
        made_on=words.day(given.made_on),
        groups=[{"title": _title(words, part), "answers": _answers(words, part, now, ticked)} for part in parts],
        shown=[each.id for part in parts for each in part.actions if each.id in done],
        submit_key=secrets.token_hex(16),
    )


@pages.post("/plan/from-paper")
def copy() -> Response:
    """Ticks what was ticked there, and opens again what no longer is; the same form twice counts once."""
    opened = posted()
    _submission, words, given = get_told(opened)
    key = submit_key()
    ticked, shown = set(request.form.getlist("done")), set(request.form.getlist("shown"))
    for part in _parts(words, given, standings_of(opened)):
        for each in part.actions:
            if (each.id in ticked) != (each.id in shown):
                state = "done" if each.id in ticked else "open"
                data = {"action": each.id, "state": state, "from": FROM_PAPER}
                data |= {"on": today().isoformat(), "by": opened.data["for"]}
                store().add_tick(opened.record_id, submit_key=_key(key, each.id, state), data=data)
    return redirect(url_for("plan.plan"), 303)


def _key(form: str, action_id: str, state: str) -> str:
    """A key of its own for each tick, from that of the form: sent again, a form completes what it began."""
    return hashlib.sha256(f"{form} {action_id} {state}".encode()).hexdigest()[:32]


def _parts(words: Words, given: Given, now: Mapping[str, Standing]) -> tuple[Part, ...]:
    return parts_of(words.definitions, given.assessment, given.plan, now)


def _done(now: Mapping[str, Standing]) -> set[str]:
    return {name for name, each in now.items() if each.state == "done"}


def _title(words: Words, part: Part) -> str:
    """The heading of the paper."""
    if part.kind == "group":
        return words.place(part.group, part.room)
    return {
        "warnings": _("About your warning signs"),
        "first": _("Do these first"),
        "later": _("Later"),
        "own": _("My own steps"),
    }[part.kind]


def _answers(words: Words, part: Part, now: Mapping[str, Standing], ticked: Collection[str]) -> list[dict[str, Any]]:
    return [_answer(words, each, now.get(each.id, UNTOUCHED), checked=each.id in ticked) for each in part.actions]


def _answer(words: Words, marked: Marked, standing: Standing, *, checked: bool) -> dict[str, Any]:
    title = words.ringing(marked.planned.title) if marked.planned else standing.title
    return {
        "value": marked.id,
        "label": f"{marked.mark}. {title}",
        "hint": words.standing(standing),
        "checked": checked,
    }
