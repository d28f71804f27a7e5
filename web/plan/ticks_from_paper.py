"""Ticks made on the printed plan, copied from it: every action in the paper's order, one box each, one Save."""

import hashlib
import secrets
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from checklists.people.plain_text import isolated
from reports.plan.order import PlanPart, parts_of
from reports.plan.progress import Standing
from reports.plan.steps import Step
from reports.plan.tick import State
from reports.words.words import Words
from web.core.speaking import gettext as _
from web.plan.access import changing, get_plan_for, plan_address, sending
from web.plan.ticks import SHARED, add_tick, submit_key, tick_of
from web.visitor.preferences import typed_here
from web.visitor.stored_plan import StoredPlan, standings_of

pages = Blueprint("ticks_from_paper", __name__)


@pages.get("/plan/from-paper")
@pages.get(f"{SHARED}/from-paper")
def boxes(share_id: str | None = None) -> str:
    """Every action with a box; what is done already is ticked."""
    reader = changing(share_id)
    stored = get_plan_for(reader)
    words, now = stored.words, standings_of(reader.open_record)
    parts = _parts(stored, now)
    typed = typed_here()
    done = _done(now)
    ticked = typed.getlist("done") if typed is not None else done
    return render_template(
        "plan/ticks_from_paper.html",
        hidden=reader.hidden,
        send_to=reader.address("ticks_from_paper.copy"),
        back_to=plan_address(reader),
        made_on=words.day(stored.issued.made_on),
        groups=[{"title": _title(words, part), "answers": _answers(words, part, ticked)} for part in parts],
        shown=[each.id for part in parts for each in part.actions if each.id in done],
        submit_key=secrets.token_hex(16),
    )


@pages.post("/plan/from-paper")
@pages.post(f"{SHARED}/from-paper")
def copy(share_id: str | None = None) -> Response:
    """Ticks what was ticked there, and opens again what no longer is; the same form twice counts once."""
    reader = sending(share_id)
    stored = get_plan_for(reader)
    key = submit_key()
    ticked, shown = set(request.form.getlist("done")), set(request.form.getlist("shown"))
    for part in _parts(stored, standings_of(reader.open_record)):
        for each in part.actions:
            if (each.id in ticked) != (each.id in shown):
                state: State = "done" if each.id in ticked else "open"
                tick = replace(tick_of(reader, each.id), state=state, from_paper=True)
                add_tick(reader, tick, _key(key, each.id, state))
    return redirect(plan_address(reader), 303)


def _key(form: str, action_id: str, state: str) -> str:
    """A key of its own for each tick, from that of the form: sent again, a form completes what it began."""
    return hashlib.sha256(f"{form} {action_id} {state}".encode()).hexdigest()[:32]


def _parts(stored: StoredPlan, now: Mapping[str, Standing]) -> tuple[PlanPart, ...]:
    return parts_of(stored.words.definitions, stored.issued.assessment, stored.issued.plan, now)


def _done(now: Mapping[str, Standing]) -> set[str]:
    return {name for name, each in now.items() if each.state == "done"}


def _title(words: Words, part: PlanPart) -> str:
    """The heading of the paper."""
    if part.kind == "group":
        return words.place(part.group, part.room)
    return {
        "warnings": _("About your warning signs"),
        "first": _("Do these first"),
        "later": _("Later"),
        "own": _("My own steps"),
    }[part.kind]


def _answers(words: Words, part: PlanPart, ticked: Collection[str]) -> list[dict[str, Any]]:
    return [_answer(words, each, checked=each.id in ticked) for each in part.actions]


def _answer(words: Words, step: Step, *, checked: bool) -> dict[str, Any]:
    return {
        "value": step.id,
        "label": f"{step.mark}. {isolated(words.title(step))}",
        "hint": words.standing(step.standing),
        "checked": checked,
    }
