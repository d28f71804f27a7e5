"""The record that is open in this browser: found by session, named by every form, changed in one transaction."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import abort, g, request, session

from answers.draft import Draft
from answers.person import is_settled, settle
from answers.summary import summary_of
from storage import RecordNotFound, SealBroken, Share, StoredDraft
from storage.model import RENEWALS, RENEWED
from web.core.settings import definitions
from web.core.speaking import speak_of
from web.core.stores import store
from web.visitor.budgets import OPENINGS_OF_A_RECORD, RECORDS, client, refuse_without_room, spend
from web.visitor.own_clinic import forget_clinic, remember_clinic, remember_shared, speak_for_clinic_of
from web.visitor.sessions import ServerSession, keep
from web.visitor.time_zone import today as today  # the day, for everything that a page decides by it

MOST_HELD = 20
"""Records that one browser may open, and shares."""


class BrowserFull(Exception):
    """This browser may open twenty already; one has to be taken off its list first, by the person."""


class NoOpenRecord(Exception):
    """This browser has no record open, or the form names one that it may not open."""


@dataclass(frozen=True, kw_only=True)
class OpenRecord:
    """A record's draft as a page needs it; `revision` counts the changes that a plan may be too old for."""

    record_id: str
    revision: int
    draft: Draft


def now_ms() -> int:
    """The moment, in milliseconds, for what must know which of two answers is the newer one."""
    return time.time_ns() // 1_000_000


def open_new(draft: Draft) -> OpenRecord:
    """A new record, which this browser may open from now on."""
    held = _with_room("records", is_gone=_is_gone)
    refuse_without_room()
    spend(RECORDS, client())
    stored = create(draft)
    _renew()
    session["records"] = [*held, stored.record_id]
    session.update(record=stored.record_id, used=today().isoformat(), typed=None)
    forget_clinic()
    keep(session)
    return _open_record(stored)


def create(draft: Draft) -> StoredDraft:
    """A new record that no browser may open yet."""
    return store().create_record(content_hash=definitions().content_hash, data=draft.to_json())


def open_again(record_id: str) -> OpenRecord:
    """A record that somebody came back to, which this browser may open from now on."""
    stored = store().get_draft(record_id)
    spend(OPENINGS_OF_A_RECORD, record_id)
    others = _with_room("records", but=record_id, is_gone=_is_gone)
    _renew()
    session["records"] = [*others, record_id]
    open_record = _open_record(stored)
    _let_in(record_id, open_record.draft.renewals)
    session.update(record=record_id, used=today().isoformat(), typed=None, back=None)
    remember_clinic(record_id)
    keep(session)
    return open_record


def end_other_browsers(open_record: OpenRecord) -> None:
    """Shuts out every browser but this one; it is let in first, so that no fault on the way can shut out everybody."""
    renewals = open_record.draft.renewals + 1
    _let_in(open_record.record_id, renewals)
    keep(session)
    if session.get(RENEWED):
        abort(400)  # another tab has just opened something: sent again, it is heard
    change(open_record, lambda draft: draft.renewed(renewals))


def open_share(share: Share) -> None:
    """What is shared with somebody: this browser may look at it from now on, and nothing else of the record."""
    spend(OPENINGS_OF_A_RECORD, share.share_id)
    others = _with_room("shares", but=share.share_id, is_gone=_is_no_share)
    _renew()
    session["shares"] = [*others, share.share_id]
    remember_shared(share.record_id)
    session.update(typed=None, back=None)  # the link stood in both, where settings were changed before it was opened
    keep(session)


def held() -> list[OpenRecord]:
    """Every record that this browser may open, the one that came last at the end; damaged ones are left out."""
    found = []
    for each in session.get("records", []):
        with suppress(RecordNotFound, SealBroken):
            found.append(_unless_shut_out(store().get_draft(each)))
    return [each for each in found if each]


def let_go_of(held_id: str) -> None:
    """Takes one record or share off this browser's list; nothing of it is erased."""
    for name in ("records", "shares"):
        session[name] = [each for each in session.get(name, []) if each != held_id]
    if session.get("record") == held_id:
        session.update(record=None, typed=None, back=None)
    keep(session)


def open_record_of(record_id: str) -> OpenRecord:
    """A record's draft, for somebody it is shared with."""
    found = _open_record(store().get_draft(record_id))
    _speak_of(found)
    return found


def let_go_of_typed(below: str = "") -> None:
    """Forgets what was typed and not sent, on any page or on those whose address begins so."""
    typed = session.get("typed")
    if typed and typed["path"].startswith(below):
        session["typed"] = None
        keep(session)


def close_erased(record_id: str, counts: dict[str, int], backup_end: date | None) -> None:
    """Takes an erased record out of this browser's session, and notes what the receipt says."""
    session["records"] = [each for each in session.get("records", []) if each != record_id]
    end = backup_end.isoformat() if backup_end else None
    receipt = {"record": record_id, "counts": counts, "backup_end": end, "on": today().isoformat()}
    session.update(record=None, typed=None, back=None, erased=receipt)
    keep(session)


def find_open_record() -> OpenRecord | None:
    """The record that this browser has open, or None."""
    record_id = session.get("record")
    if record_id is None:
        return None
    if "open_record" not in g:
        g.open_record = _unless_shut_out(store().get_draft(record_id))
        _speak_of(g.open_record)
    found: OpenRecord | None = g.open_record
    return found


def find_readable() -> OpenRecord | None:
    """The open record, or None where it has gone or is damaged: for pages that can do without."""
    try:
        return find_open_record()
    except (RecordNotFound, SealBroken):
        return None


def get_open_record() -> OpenRecord:
    """The record that this browser has open. :raises NoOpenRecord: it has none"""
    found = find_open_record()
    if found is None:
        raise NoOpenRecord
    return found


def posted() -> OpenRecord:
    """The record that the sent form names; an old tab never writes into another person's.

    :raises NoOpenRecord: this browser may not open it
    """
    return _posted(request.form.get("record", ""))


def sent_for(record_id: str) -> OpenRecord:
    """The record that something sent by itself is meant for; what this browser has open stays open.

    :raises NoOpenRecord: this browser may not open it
    """
    found = _unless_shut_out(store().get_draft(record_id)) if record_id in session.get("records", []) else None
    if found is None:
        raise NoOpenRecord
    return found


def _posted(record_id: str) -> OpenRecord:
    found = sent_for(record_id)
    if session.get("record") != record_id:
        session["record"] = record_id
        remember_clinic(record_id)
    if session.get("used") != today().isoformat():  # the session lives as long as the answers do
        session["used"] = today().isoformat()
    if session.get("typed"):  # it is being sent now
        session["typed"] = None
    keep(session)
    g.open_record = found
    _speak_of(found)
    return found


def change(open_record: OpenRecord, edit: Callable[[Draft], Draft]) -> OpenRecord:
    """The record with the draft that `edit` makes of it, its warnings settled anew; two tabs at once lose nothing."""
    before_jumps = store().days_before_jumps()

    def change_draft(data: dict[str, Any]) -> dict[str, Any]:
        draft = edit(Draft.from_json(data))
        now = settle(definitions(), _with_signs_that_hold(draft, before_jumps), today())
        # signs that hold no more stay where they are: the clock may be wrong
        return replace(draft, warnings=now.warnings, settled=now.settled).to_json()

    def summarize(new: StoredDraft) -> dict[str, Any]:
        return summary(_as_it_counts(new, before_jumps))

    changed = _open_record(
        store().change_draft(
            open_record.record_id, change_draft, content_hash=definitions().content_hash, summarize=summarize
        )
    )
    if changed.record_id == session.get("record"):
        g.open_record = changed
        _speak_of(changed)
    return changed


def summary(open_record: OpenRecord) -> dict[str, Any]:
    """What the list of a clinic keeps of a record."""
    return summary_of(definitions(), open_record.draft, open_record.revision, today()).to_json()


def _unless_shut_out(stored: StoredDraft) -> OpenRecord | None:
    """The record, or None where link and code were renewed since this browser was let in."""
    open_record = _open_record(stored)
    return open_record if session.get(RENEWALS, {}).get(stored.record_id, 0) >= open_record.draft.renewals else None


def _let_in(record_id: str, renewals: int) -> None:
    session[RENEWALS] = {**session.get(RENEWALS, {}), record_id: renewals}


def _with_room(name: str, *, is_gone: Callable[[str], bool], but: str = "") -> list[str]:
    """What it holds beside `but`; only what is gone for good ever makes room. :raises BrowserFull: there is none"""
    others = [each for each in session.get(name, []) if each != but]
    if len(others) >= MOST_HELD:
        others = [each for each in others if not is_gone(each)]
    if len(others) >= MOST_HELD:
        raise BrowserFull
    return others


def _is_gone(record_id: str) -> bool:
    try:
        return _unless_shut_out(store().get_draft(record_id)) is None
    except RecordNotFound:
        return True


def _is_no_share(share_id: str) -> bool:
    try:
        store().get_share(share_id)
    except RecordNotFound:
        return True
    return False


def _renew() -> None:
    """This browser may open something more: whoever knows the id of its session until now may not."""
    assert isinstance(session, ServerSession)
    session.renew()


def _open_record(stored: StoredDraft) -> OpenRecord:
    """The record as it counts now: signs that hold no more were never asked, and the warnings are those that stand."""
    return _as_it_counts(stored, store().days_before_jumps())


def _as_it_counts(stored: StoredDraft, before_jumps: frozenset[date]) -> OpenRecord:
    draft = _with_signs_that_hold(Draft.from_json(stored.data), before_jumps)
    draft = draft if is_settled(draft, today()) else settle(definitions(), draft, today())
    return OpenRecord(record_id=stored.record_id, revision=stored.revision - draft.beside_answers, draft=draft)


def _speak_of(open_record: OpenRecord | None) -> None:
    speak_of(open_record.draft.person_name if open_record else "")
    speak_for_clinic_of(open_record.record_id if open_record else "")


def _with_signs_that_hold(draft: Draft, before_jumps: frozenset[date]) -> Draft:
    signs = draft.signs.as_of(definitions(), now_ms(), before_jumps) if draft.signs else None
    return draft if signs is draft.signs else draft.with_signs(signs)
