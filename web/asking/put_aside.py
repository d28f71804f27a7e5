"""Answers that a new answer puts aside: they stay as typed, count no more, and the next page says so."""

from urllib.parse import urlencode

from flask import request

from answers.draft import Draft
from answers.person import at_odds
from web.core.speaking import ngettext, said, spoken
from web.visitor.open_record import OpenRecord, find_readable, today

PARAMETER = "aside"


def saying_what_is_put_aside(address: str, before: Draft, open_record: OpenRecord, changed: str) -> str:
    """The next page's address, told to say it where answers to `changed` (a list, or about) put others aside."""
    newly = set(at_odds(spoken(), open_record.draft, today())) - set(at_odds(spoken(), before, today()))
    if not newly:
        return address
    path, _mark, place = address.partition("#")
    joined = f"{path}{'&' if '?' in path else '?'}{urlencode({PARAMETER: changed})}"
    return f"{joined}#{place}" if place else joined


def put_aside() -> str:
    """The sentence, on the page that follows; nothing on every other."""
    changed = request.args.get(PARAMETER, "")
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
