"""Warning signs: asked before anything else, and the page that sends for help."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from answers.draft import Draft
from answers.signs import Signs
from web.core.explained import explained
from web.core.speaking import gettext as _
from web.core.speaking import said, spoken
from web.visitor.must_go_first import PLAN, after_signs, find_help, get_led
from web.visitor.open_record import OpenRecord, change, get_open_record, now_ms, posted
from web.visitor.preferences import typed_here, value_here

pages = Blueprint("signs", __name__)
NONE = "none"


@pages.get("/warning-signs")
def signs() -> str:
    """All signs on one page, in four short groups."""
    open_record = get_open_record()
    kept = open_record.draft.signs
    if kept is None or not kept.to_ask:
        open_record = get_led()
    chosen = set(kept.ticked or [NONE]) if kept and not kept.to_ask else set()
    typed = typed_here()
    if typed is not None:
        chosen = set(typed.getlist("signs"))
    return _render(open_record, chosen, "", value_here("then"))


@pages.post("/warning-signs")
def tick() -> Response | tuple[str, int]:
    """Keeps what was ticked; a sign that needs help now leads to the number to call."""
    open_record = posted()
    known = {sign.id for sign in spoken().warning_signs.signs if sign.ask}
    named = [each for each in request.form.getlist("signs") if each in known or each == NONE]
    then = request.form.get("then", "")
    if not named:
        return _render(open_record, set(), _("Tick each thing that is new, or tick None of these."), then), 422
    if NONE in named and len(named) > 1:
        return _render(open_record, set(named), _("Tick what is new, or None of these, but not both."), then), 422
    chosen = [each for each in named if each != NONE]
    open_record = change(open_record, lambda draft: draft.with_signs(Signs(ticked=tuple(chosen), at=now_ms())))
    onward = url_for("results.make") if then == PLAN else None
    if then in spoken().questions:
        onward = url_for("entry_from_paper.enter", subject=then)
    return redirect(find_help(open_record) or onward or after_signs(open_record), 303)


@pages.get("/warning-signs/now")
def help_now() -> str | Response:
    """The number to call, and nothing else, until somebody has called."""
    open_record = get_open_record()
    if find_help(open_record) is None:
        return redirect(url_for("hub.checklists"), 303)
    words = said()
    ticked = open_record.draft.signs.ticked if open_record.draft.signs else ()
    now = [sign for sign in spoken().warning_signs.signs if sign.urgency == "now" and sign.id in ticked]
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
    """Somebody has called; or it was a mistake, and the signs are asked again: until then the sign stands."""
    open_record = posted()
    if request.form.get("answer") == "called":
        open_record = change(open_record, Draft.called)
        return redirect(after_signs(open_record) if open_record.draft.signs else url_for("signs.signs"), 303)
    if request.form.get("answer") == "mistake":
        change(open_record, Draft.asking_signs_anew)
        return redirect(url_for("signs.signs"), 303)
    return redirect(url_for("signs.help_now"), 303)


def _render(open_record: OpenRecord, chosen: set[str], error: str, then: str) -> str:
    asked = spoken().warning_signs
    groups = [
        {
            "title": group.title,
            "answers": [
                {
                    "value": sign.id,
                    "label": (sign.ask_other if open_record.draft.helping else sign.ask) or sign.name,
                    "checked": sign.id in chosen,
                }
                for sign in asked.signs
                if sign.group == group.id and sign.ask
            ],
        }
        for group in asked.groups
    ]
    return render_template(
        "asking/signs.html",
        open_record=open_record,
        ask=asked.ask_other if open_record.draft.helping else asked.ask,
        help=asked.help,
        groups=groups,
        none_of_these={"value": NONE, "label": asked.none_of_these, "checked": NONE in chosen},
        words=explained((asked.help, *(sign.ask for sign in asked.signs))),
        error=error,
        then=then if then == PLAN or then in spoken().questions else "",
    )
