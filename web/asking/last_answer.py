"""What the page after an answer says first: what was answered, and which earlier answers it puts aside.

Those stay as typed and count no more. An address names the question alone; its answer is read from the draft.
"""

import re
from urllib.parse import urlencode

from flask import request, url_for

from answers.draft import Draft
from answers.person import at_odds
from web.asking.shown_answers import said_back
from web.core.speaking import ngettext, said, spoken
from web.visitor.open_record import OpenRecord, find_readable, today

AFTER, ASIDE = "after", "aside"
_IN_BRACKETS = re.compile(r" \(.*\)$")


def saying_what_is_put_aside(address: str, before: Draft, open_record: OpenRecord, changed: str) -> str:
    """The next page's address, told to say it where answers to `changed` (a list, or about) put others aside."""
    newly = set(at_odds(spoken(), open_record.draft, today())) - set(at_odds(spoken(), before, today()))
    return _with(address, ASIDE, changed) if newly else address


def saying_what_was_answered(address: str, subject: str, link_id: str) -> str:
    """The next page's address, told to say what was answered here."""
    return _with(address, AFTER, f"{subject}.{link_id}")


def _with(address: str, name: str, value: str) -> str:
    path, _mark, place = address.partition("#")
    joined = f"{path}{'&' if '?' in path else '?'}{urlencode({name: value})}"
    return f"{joined}#{place}" if place else joined


def just_answered() -> dict[str, str] | None:
    """The question that the page before asked, its answer, and where it is changed; None on every other page."""
    subject, _dot, link_id = request.args.get(AFTER, "").partition(".")
    asked = next((each for each in spoken().questions.get(subject, ()) if each.link_id == link_id), None)
    open_record = find_readable() if asked else None
    answer = open_record.draft.answer(subject, link_id) if open_record else None
    if asked is None or open_record is None or answer is None or subject == spoken().rooms.id:
        return None
    then = "review" if request.endpoint == "hub.review" else request.args.get("then") or None
    return {
        "name": asked.name or asked.finding,
        "answer": _IN_BRACKETS.sub("", said_back(asked, answer, helping=open_record.draft.helping)),
        "href": url_for("questions.question", subject=subject, link_id=link_id, then=then),
    }


def put_aside() -> str:
    """The sentence, on the page that follows; nothing on every other."""
    changed = request.args.get(ASIDE, "")
    open_record = find_readable() if changed in spoken().questions else None
    if open_record is None:
        return ""
    facts = [
        fact
        for fact, parents in at_odds(spoken(), open_record.draft, today()).items()
        if any(each.startswith(f"{changed}.") for each in parents)
    ]
    if not facts:
        return ""
    names = said().speech.listed([said().question_name(*fact.split(".", 1)) for fact in facts])
    return ngettext(
        "One earlier answer does not fit this one: %(names)s. It is put aside and does not count.",
        "%(num)s earlier answers do not fit this one: %(names)s. They are put aside and do not count.",
        len(facts),
        names=names,
    )
