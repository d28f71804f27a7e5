"""What the page after an answer says first: what was answered, and which earlier answers it puts aside.

Those stay as typed and count no more. An address names the question alone; its answer is read from the draft.
"""

import re
from urllib.parse import urlencode

from flask import request, url_for

from answers.draft import Draft
from answers.person import at_odds
from checklists.files.model import Section
from web.asking.numbers import answer_in_words
from web.core.speaking import gettext as _
from web.core.speaking import ngettext, spoken, wording
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
    """What the page before asked, its answer, and where it is changed; None on every other page."""
    subject, _dot, name = request.args.get(AFTER, "").partition(".")
    questions = spoken().questions.get(subject, ())
    asked = next((each for each in questions if each.link_id == name and subject != spoken().rooms.id), None)
    section = next((each for each in _sections_of(subject) if each.id == name), None)
    open_record = find_readable() if asked or section else None
    if open_record is None:
        return None
    then = "review" if request.endpoint == "hub.review" else request.args.get("then") or None
    if asked is None:
        return _section_answered(open_record, subject, section, then) if section else None
    answer = open_record.draft.answer(subject, asked.link_id)
    if answer is None:
        return None
    return {
        "name": asked.name or asked.finding,
        "answer": _IN_BRACKETS.sub("", answer_in_words(asked, answer, helping=open_record.draft.helping)),
        "href": url_for("questions.question", subject=subject, link_id=name, then=then),
    }


def _sections_of(subject: str) -> tuple[Section, ...]:
    """What is asked together in this list."""
    checklist = spoken().checklist_of.get(subject)
    if checklist is None:
        return ()
    return tuple(each for each in checklist.sections if each.together or checklist.layout == "rooms")


def _section_answered(open_record: OpenRecord, subject: str, section: Section, then: str | None) -> dict[str, str]:
    """How much was found, and whether some of it is not known."""
    draft = open_record.draft
    answers = [draft.answer(subject, each.link_id) for each in section.questions]
    found, some_open = answers.count("yes"), None in answers or "unsure" in answers
    if section.may_be_absent and section.id in draft.absent:
        text = _("no such place")
    elif some_open:
        text = _("%(found)s found, some open", found=found)
    else:
        text = _("%(found)s found", found=found) if found else _("none found")
    return {"name": section.title, "answer": text, "href": _page_of(subject, section.id, then)}


def _page_of(subject: str, section_id: str, then: str | None) -> str:
    if subject == spoken().rooms.id:
        return url_for("sections.room", section_id=section_id, then=then)
    return url_for("sections.section", subject=subject, section_id=section_id, then=then)


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
    names = wording().speech.listed([wording().question_name(*fact.split(".", 1)) for fact in facts])
    return ngettext(
        "One earlier answer does not fit this one: %(names)s. It is put aside and does not count.",
        "%(num)s earlier answers do not fit this one: %(names)s. They are put aside and do not count.",
        len(facts),
        names=names,
    )
