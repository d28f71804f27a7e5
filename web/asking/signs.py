"""Warning signs: asked before anything else, one group after the other, and the page that sends for help."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from answers.draft import Draft
from answers.signs import answer_group
from checklists.files.warning_signs import Sign, SignGroup
from web.asking.hub import after_signs
from web.core.settings import definitions
from web.core.speaking import explained, spoken, wording
from web.core.speaking import gettext as _
from web.core.stores import store
from web.visitor.must_go_first import PLAN, find_help, get_led
from web.visitor.open_record import OpenRecord, change, get_open_record, now_ms, posted
from web.visitor.preferences import typed_here, value_here

pages = Blueprint("signs", __name__)
NONE = "none"


@pages.get("/warning-signs")
def signs() -> Response:
    """The first group that is to be asked."""
    draft = get_open_record().draft
    to_ask = draft.signs.to_ask(definitions()) if draft.signs else ()
    group = to_ask[0] if to_ask else spoken().warning_signs.groups[0].id
    return redirect(url_for("signs.group", group_id=group, then=value_here("then") or None), 303)


@pages.get("/warning-signs/<group_id>")
def group(group_id: str) -> str | Response:
    """The signs of one group; while help is needed now, only those that may be taken back."""
    open_record = get_open_record()
    found = _find(group_id)
    stored = open_record.draft.signs
    to_ask = stored.to_ask(definitions()) if stored else ()
    waiting = {each.group for each in _ticked_now(open_record)}
    if open_record.draft.waits_for_call(definitions()) and not (group_id in to_ask and waiting <= set(to_ask)):
        open_record = get_led()
    typed = typed_here()
    if typed is not None:
        chosen = set(typed.getlist("signs"))
    else:
        chosen = set(stored.ticked if stored and group_id not in to_ask else ())
    denied = stored is not None and group_id not in to_ask and not chosen & {each.id for each in _signs_of(found)}
    return _render(open_record, found, chosen, "", value_here("then"), denied=denied)


@pages.post("/warning-signs/<group_id>")
def tick(group_id: str) -> Response | tuple[str, int]:
    """Keeps what was ticked; a sign that needs help now leads to the number to call."""
    open_record = posted()
    found = _find(group_id)
    known = {sign.id for sign in _signs_of(found)}
    named = [each for each in request.form.getlist("signs") if each in known or each == NONE]
    then = request.form.get("then", "")
    if not named:
        return _render(open_record, found, set(), _("Tick each thing that is new, or tap None of these."), then), 422
    if NONE in named and len(named) > 1:
        return _render(
            open_record, found, set(named), _("Tick what is new, or tap None of these, but not both."), then
        ), 422
    chosen = [each for each in named if each != NONE]
    all_asked = open_record.draft.signs_are_asked
    before_jumps = store().days_before_jumps()

    def answer(draft: Draft) -> Draft:
        standing = draft.signs.as_of(definitions(), now_ms(), before_jumps) if draft.signs else None
        return draft.with_signs(answer_group(standing, definitions(), group_id, chosen, now_ms()))

    open_record = change(open_record, answer)
    return redirect(find_help(open_record) or _next(open_record, group_id, then, all_asked=all_asked), 303)


def _next(open_record: OpenRecord, group_id: str, then: str, *, all_asked: bool) -> str:
    """The next group to ask, in a change of what was answered the next one at all, or where this leads on to."""
    groups = [each.id for each in spoken().warning_signs.groups]
    to_ask = open_record.draft.signs.to_ask(definitions()) if open_record.draft.signs else ()
    after = groups[groups.index(group_id) + 1 :] if all_asked else [*to_ask]
    if after:
        return url_for("signs.group", group_id=after[0], then=then or None)
    if then in spoken().questions:
        return url_for("entry_from_paper.enter", subject=then)
    return url_for("results.make") if then == PLAN else after_signs(open_record)


@pages.get("/warning-signs/now")
def help_now() -> str | Response:
    """The number to call, and nothing else, until somebody has called."""
    open_record = get_open_record()
    if find_help(open_record) is None:
        return redirect(url_for("hub.checklists"), 303)
    words = wording()
    now = _ticked_now(open_record)
    calls = [sign for sign in now if sign.number == "emergency"] or now
    number = words.number_to_ring(calls[0].number)
    crisis_too = calls[0].number == "emergency" and any(sign.number == "crisis" for sign in now)
    return render_template(
        "asking/signs_now.html",
        open_record=open_record,
        headline=words.ringing(calls[0].do),
        number=number,
        says=words.ringing(calls[0].says),
        signs=[sign.name for sign in now],
        crisis_too=crisis_too,
    )


@pages.post("/warning-signs/now")
def called() -> Response:
    """Somebody has called; or it was a mistake, and its group is asked again: until then the sign stands."""
    open_record = posted()
    if request.form.get("answer") == "called":
        open_record = change(open_record, Draft.called)
        return redirect(after_signs(open_record) if open_record.draft.signs else url_for("signs.signs"), 303)
    if request.form.get("answer") == "mistake":
        taken_back = {each.group for each in _ticked_now(open_record)}
        others = [each.id for each in spoken().warning_signs.groups if each.id not in taken_back]
        change(open_record, lambda draft: draft.asking_signs_anew(_asked_of(draft, others)))
        return redirect(url_for("signs.signs"), 303)
    return redirect(url_for("signs.help_now"), 303)


def _asked_of(draft: Draft, groups: list[str]) -> list[str]:
    """Those of the groups that are answered."""
    to_ask = draft.signs.to_ask(definitions()) if draft.signs else ()
    return [each for each in groups if each not in to_ask]


def _ticked_now(open_record: OpenRecord) -> list[Sign]:
    """The signs that need help now, as they were ticked."""
    ticked = open_record.draft.signs.ticked if open_record.draft.signs else ()
    return [sign for sign in spoken().warning_signs.signs if sign.urgency == "now" and sign.id in ticked]


def _find(group_id: str) -> SignGroup:
    found = next((each for each in spoken().warning_signs.groups if each.id == group_id), None)
    return found or abort(404)


def _signs_of(group: SignGroup) -> list[Sign]:
    return [sign for sign in spoken().warning_signs.signs if sign.group == group.id and sign.ask]


def _render(
    open_record: OpenRecord, found: SignGroup, chosen: set[str], error: str, then: str, *, denied: bool = False
) -> str:
    asked, helping = spoken().warning_signs, open_record.draft.helping
    groups = [each.id for each in asked.groups]
    number = groups.index(found.id)
    return render_template(
        "asking/signs.html",
        open_record=open_record,
        ask=_("%(title)s: is any of this new in the last 7 days?", title=found.title),
        help=found.help or (asked.help_short if number else None) or asked.help,
        picture=f"signs-{found.id}",
        answers=[
            {
                "value": sign.id,
                "label": (sign.ask_other if helping else sign.ask) or "",
                "checked": sign.id in chosen,
            }
            for sign in _signs_of(found)
        ],
        none_of_these=asked.none_of_these,
        denied=denied,
        number=number + 1,
        of=len(groups),
        back=url_for("signs.group", group_id=groups[number - 1], then=then or None)
        if number
        else url_for("hub.review", checklist="about"),
        send_to=url_for("signs.tick", group_id=found.id),
        words=explained((found.help or asked.help, *(sign.ask for sign in _signs_of(found)))),
        error=error,
        then=then if then == PLAN or then in spoken().questions else "",
    )
