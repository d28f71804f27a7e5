"""What is done with a plan: one tap for Done, one page for the rest of it, and actions of one's own."""

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import timedelta

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from reports.plan.progress import OWN, own_actions
from reports.plan.steps import Step, steps_of
from reports.plan.tick import STATES, State, Tick
from reports.words.speech import N_
from reports.words.words import WHO, Words
from web.core.free_text import problem, typed
from web.core.speaking import gettext as _
from web.core.stores import store
from web.plan.access import Reader, changing, get_plan_for, plan_address, sending
from web.plan.screen import SETTLED
from web.visitor.budgets import spend_bytes
from web.visitor.open_record import today
from web.visitor.preferences import typed_here
from web.visitor.stored_plan import StoredPlan, standings_of

pages = Blueprint("ticks", __name__)
SHARED = "/shared/<share_id>"

NOTE_CHARACTERS = 500
NOTE_LINES = 40
"""Lines cost far more to set on paper than letters do."""
REASON_CHARACTERS = 100
TITLE_CHARACTERS = 80
NAME_CHARACTERS = 40
MOST_OWN = 30
NEW_STEP, WHAT = N_("Something of your own to do"), N_("What will you do?")
OR_A_NAME = N_("Or a name")
WHY_NOT = N_("Not for me: why? You may leave this empty.")
WRITE = N_("Write what you will do, like Call the landlord.")
RESERVED_FOR_OWNER = 500
"""Ticks that those a plan is shared with cannot use up."""
DAYS = (("7", N_("In a week")), ("14", N_("In 2 weeks")), ("30", N_("In a month")), ("90", N_("In 3 months")))
AS_IT_IS = "as-it-is"
SHOWN = "shown-"
"""What the names of the fields begin with that hold what stood on the page when it was made."""
_MOST = {
    "title": TITLE_CHARACTERS,
    "reason": REASON_CHARACTERS,
    "name": NAME_CHARACTERS,
    "note": NOTE_CHARACTERS,
}
_KEY = re.compile("[0-9a-f]{32}")


@dataclass(frozen=True, kw_only=True)
class StepForm:
    """What stands in the fields of a step, by their names."""

    state: str = "open"
    reason: str = ""
    who: str = ""
    name: str = ""
    when: str = AS_IT_IS
    note: str = ""
    title: str = ""
    first: str = "no"


_FIELDS = tuple(asdict(StepForm()))


@pages.post("/plan/tick")
@pages.post(f"{SHARED}/tick")
def tick(share_id: str | None = None) -> Response:
    """Done, put off, left out, or open again, in one tap."""
    reader = sending(share_id)
    step = _find(reader, get_plan_for(reader), request.form.get("action", ""))
    state = _state(request.form.get("state", "")) or abort(400)
    add_tick(reader, replace(tick_of(reader, step.id), state=state))
    settled = {} if state == "open" else {SETTLED: step.id}
    return redirect(plan_address(reader, **settled), 303)


@pages.get("/plan/actions/<action_id>")
@pages.get(f"{SHARED}/actions/<action_id>")
def action(action_id: str, share_id: str | None = None) -> str:
    """Everything that can be set for one action."""
    reader = changing(share_id)
    return step_page(reader, get_plan_for(reader), action_id)


def step_page(reader: Reader, stored: StoredPlan, action_id: str) -> str:
    """The form of one step for whoever may change it."""
    step = _find(reader, stored, action_id)
    before = typed_here()
    fields = _fields_of(stored.words, step) if before is None else _typed(before)
    return _render(reader, stored.words, step, fields, {})


@pages.post("/plan/actions/<action_id>")
@pages.post(f"{SHARED}/actions/<action_id>")
def set_action(action_id: str, share_id: str | None = None) -> Response | tuple[str, int]:
    """Keeps what was changed, or says what to do with everything still there."""
    reader = sending(share_id)
    return keep_step(reader, get_plan_for(reader), action_id)


def keep_step(reader: Reader, stored: StoredPlan, action_id: str) -> Response | tuple[str, int]:
    """Keeps what was sent of one step, or says what to do."""
    step = _find(reader, stored, action_id)
    if request.form.get("remove") and may_remove(reader, step):
        add_tick(reader, replace(tick_of(reader, step.id), title=""))
        return redirect(plan_address(reader), 303)
    fields = _typed(request.form)
    problems = _problems(stored.words, fields, is_own=step.is_own)
    if problems:
        return _render(reader, stored.words, step, fields, problems), 422
    nothing = tick_of(reader, step.id)
    tick = _changed(nothing, fields, _typed(request.form, SHOWN), _names(reader), is_own=step.is_own)
    if tick != nothing:
        add_tick(reader, tick)
    return redirect(_back_to(reader, step.id), 303)


@pages.get("/plan/own")
@pages.get(f"{SHARED}/own")
def own(share_id: str | None = None) -> str:
    """An action of one's own, still empty."""
    reader = changing(share_id)
    return own_page(reader, get_plan_for(reader).words)


def own_page(reader: Reader, words: Words) -> str:
    """The form of a new step."""
    before = typed_here()
    fields = StepForm(who="self") if before is None else _typed(before)
    return _render(reader, words, None, fields, {})


@pages.post("/plan/own")
@pages.post(f"{SHARED}/own")
def add_own(share_id: str | None = None) -> Response | tuple[str, int]:
    """Adds it to the plan."""
    reader = sending(share_id)
    return keep_own(reader, get_plan_for(reader).words)


def keep_own(reader: Reader, words: Words) -> Response | tuple[str, int]:
    """Adds a new step, or says what to do."""
    fields = _typed(request.form)
    problems = _problems(words, fields, is_own=True)
    if len(own_actions(standings_of(reader.open_record))) >= MOST_OWN:
        problems["title"] = _("There are %(most)s steps like this already. Remove one first.", most=MOST_OWN)
    if problems:
        return _render(reader, words, None, fields, problems), 422
    key = submit_key()
    new_id = f"{OWN}{key[:16]}"
    add_tick(reader, _changed(tick_of(reader, new_id), fields, StepForm(), _names(reader), is_own=True), key)
    return redirect(_back_to(reader, new_id), 303)


def _find(reader: Reader, stored: StoredPlan, name: str) -> Step:
    found = steps_of(stored.issued.plan.actions, standings_of(reader.open_record)).get(name)
    return found or abort(404)


def _names(reader: Reader) -> dict[str, str]:
    """Who was named for a step before, and for the owner also those the plan is shared with, by a key for the form."""
    found = [each.who for each in standings_of(reader.open_record).values() if each.who not in ("", *WHO)]
    shared = [] if not reader.is_owner else [each.name for each in store().list_shares(reader.open_record.record_id)]
    return {_key_of(each): each for each in (*found, *shared)}


def _key_of(owner: str) -> str:
    return owner if owner in ("", *WHO) else f"name-{hashlib.sha256(owner.encode()).hexdigest()[:12]}"


def may_remove(reader: Reader, step: Step) -> bool:
    """A step that was added is taken away by its owner, or by whoever added it."""
    return step.is_own and (reader.is_owner or step.standing.added_by == reader.by)


def _fields_of(words: Words, step: Step) -> StepForm:
    standing = step.standing
    return StepForm(
        state=standing.state,
        reason=standing.reason,
        who=_key_of(step.owner),
        note=standing.note,
        title=words.title(step),
        first="yes" if standing.is_first else "no",
    )


def _typed(form: Mapping[str, str], prefix: str = "") -> StepForm:
    """What stands in the fields of a form; only a note has lines."""
    return StepForm(**{name: typed(form, f"{prefix}{name}", lines=name == "note") for name in _FIELDS})


def _problems(words: Words, fields: StepForm, *, is_own: bool) -> dict[str, str]:
    """What to do about each field that cannot be kept."""
    found = {}
    if is_own and not fields.title:
        found["title"] = words.say(WRITE)
    for name, most in _MOST.items():
        if says := problem(getattr(fields, name), most, NOTE_LINES if name == "note" else 1):
            found[name] = says
    return found


def _changed(tick: Tick, fields: StepForm, shown: StepForm, names: Mapping[str, str], *, is_own: bool) -> Tick:
    """With only what differs from what the page showed: two people who change other parts of a step lose nothing."""
    new = {name for name in _FIELDS if getattr(fields, name) != getattr(shown, name)}
    if (state := _state(fields.state)) and new & {"state", "reason"}:
        tick = replace(tick, state=state, reason=fields.reason if state == "not-for-me" else "")
    if fields.name or ("who" in new and fields.who in (*WHO, *names)):
        tick = replace(tick, who=fields.name or names.get(fields.who, fields.who))
    if is_own and "first" in new:
        tick = replace(tick, is_first=fields.first == "yes")
    if fields.when in dict(DAYS):
        tick = replace(tick, due=today() + timedelta(days=int(fields.when)))
    if "note" in new:
        tick = replace(tick, note=fields.note)
    return replace(tick, title=fields.title) if is_own and "title" in new else tick


def _state(code: str) -> State | None:
    return next((each for each in STATES if each == code), None)


def tick_of(reader: Reader, action_id: str) -> Tick:
    """A change of today under the reader's name, in which nothing is changed yet."""
    return Tick(action=action_id, on=today(), by=reader.by)


def add_tick(reader: Reader, tick: Tick, key: str = "") -> None:
    """Keeps it; of two with one key the first."""
    reserved = 0 if reader.is_owner else RESERVED_FOR_OWNER
    spend_bytes(len(repr(tick)))
    store().add_tick(
        reader.open_record.record_id, submit_key=key or submit_key(), data=tick.to_json(), reserved=reserved
    )


def submit_key() -> str:
    """The key that the page was made with, so that a double tap counts once."""
    sent = request.form.get("submit_key", "")
    return sent if _KEY.fullmatch(sent) else secrets.token_hex(16)


def _back_to(reader: Reader, action_id: str) -> str:
    return f"{plan_address(reader)}#action-{action_id}"


def _render(reader: Reader, words: Words, step: Step | None, fields: StepForm, problems: Mapping[str, str]) -> str:
    day = today()
    due = step.day if step else None
    as_it_is = _("Leave it at %(day)s", day=words.day(due)) if due else _("No day")
    return render_template(
        "plan/action.html",
        hidden=reader.hidden,
        send_to=reader.address("ticks.set_action", action_id=step.id) if step else reader.address("ticks.add_own"),
        back_to=_back_to(reader, step.id) if step else plan_address(reader),
        is_new=step is None,
        heading=words.title(step) if step else words.say(NEW_STEP),
        asks={"title": words.say(WHAT), "reason": words.say(WHY_NOT), "name": words.say(OR_A_NAME)},
        may_remove=step is not None and may_remove(reader, step),
        shared_note=_("Whom you share the plan with can read it.") if reader.is_owner else "",
        is_own=step is None or step.is_own,
        fields=fields,
        shown=asdict(_fields_of(words, step) if step else StepForm()),
        problems={**dict.fromkeys(_FIELDS, ""), **problems},
        errors=[{"field": name, "text": text} for name, text in problems.items()],
        states=[{"value": code, "label": words.state(code), "checked": code == fields.state} for code in STATES],
        owners=[
            {"value": key, "label": words.who(owner), "checked": key == fields.who}
            for key, owner in ({each: each for each in WHO} | _names(reader)).items()
        ],
        next_or_not=[
            {"value": code, "label": label, "checked": code == fields.first}
            for code, label in (("no", _("No")), ("yes", _("Yes")))
        ],
        days=[
            {"value": AS_IT_IS, "label": as_it_is, "checked": fields.when not in dict(DAYS)},
            *(
                {
                    "value": code,
                    "label": _(word),
                    "hint": words.day(day + timedelta(days=int(code))),
                    "checked": code == fields.when,
                }
                for code, word in DAYS
            ),
        ],
        submit_key=secrets.token_hex(16),
    )
