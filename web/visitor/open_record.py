"""The record that is open in this browser: found by session, named by every form, changed in one transaction."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort, g, request, session

from answers.draft import is_settled, settle
from answers.signs_hold import hold
from storage import Draft, RecordNotFound, SealBroken, Share
from storage.model import RENEWALS, RENEWED
from web.core.settings import definitions
from web.core.stores import store
from web.visitor.budgets import OPENINGS_OF_A_RECORD, RECORDS, client, refuse_without_room, spend
from web.visitor.sessions import ServerSession, keep
from web.visitor.time_zone import today as today  # the day, for everything that a page decides by it

MOST_HELD = 20
"""Records that one browser may open, and shares."""


class BrowserFull(Exception):
    """This browser may open twenty already; one has to be taken off its list first, by the person."""


class NothingOpened(Exception):
    """This browser has no record open, or the form names one that it may not open."""


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A record's draft as a page needs it."""

    record_id: str
    revision: int
    data: dict[str, Any]

    @property
    def helping(self) -> bool:
        """Whether somebody answers for another person."""
        return bool(self.data.get("for") == "helper")


def now_ms() -> int:
    """The moment, in milliseconds, for what must know which of two answers is the newer one."""
    return time.time_ns() // 1_000_000


def open_new(data: dict[str, Any]) -> Opened:
    """A new record, which this browser may open from now on."""
    held = _with_room("records", is_gone=_is_gone)
    refuse_without_room()
    spend(RECORDS, client())
    draft = store().create_record(content_hash=definitions().content_hash, data=data)
    _renew()
    session["records"] = [*held, draft.record_id]
    session.update(record=draft.record_id, used=today().isoformat(), typed=None)
    keep(session)
    return _opened(draft)


def open_again(record_id: str) -> Opened:
    """A record that somebody came back to, which this browser may open from now on."""
    draft = store().get_draft(record_id)
    spend(OPENINGS_OF_A_RECORD, record_id)
    others = _with_room("records", but=record_id, is_gone=_is_gone)
    _renew()
    session["records"] = [*others, record_id]
    _let_in(draft.record_id, _renewals(draft))
    session.update(record=record_id, used=today().isoformat(), typed=None, back=None)
    keep(session)
    return _opened(draft)


def end_other_browsers(opened: Opened) -> None:
    """Shuts out every browser but this one; it is let in first, so that no fault on the way can shut out everybody."""
    renewals = opened.data.get(RENEWALS, 0) + 1
    _let_in(opened.record_id, renewals)
    keep(session)
    if session.get(RENEWED):
        abort(400)  # another tab has just opened something: sent again, it is heard

    def count(data: dict[str, Any]) -> None:
        data[RENEWALS] = max(renewals, data.get(RENEWALS, 0))

    change(opened, count)


def open_share(share: Share) -> None:
    """What is shared with somebody: this browser may look at it from now on, and nothing else of the record."""
    spend(OPENINGS_OF_A_RECORD, share.share_id)
    others = _with_room("shares", but=share.share_id, is_gone=_is_no_share)
    _renew()
    session["shares"] = [*others, share.share_id]
    session.update(typed=None, back=None)  # the link stood in both, where settings were changed before it was opened
    keep(session)


def held() -> list[Opened]:
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


def opened_for(record_id: str) -> Opened:
    """A record's draft, for whom it is shared with."""
    return _opened(store().get_draft(record_id))


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


def find_opened() -> Opened | None:
    """The record that this browser has open, or None."""
    record_id = session.get("record")
    if record_id is None:
        return None
    if "opened" not in g:
        g.opened = _unless_shut_out(store().get_draft(record_id))
    found: Opened | None = g.opened
    return found


def find_readable() -> Opened | None:
    """The open record, or None where it has gone or is damaged: for pages that can do without."""
    try:
        return find_opened()
    except (RecordNotFound, SealBroken):
        return None


def get_opened() -> Opened:
    """The record that this browser has open. :raises NothingOpened: it has none"""
    found = find_opened()
    if found is None:
        raise NothingOpened
    return found


def posted() -> Opened:
    """The record that the sent form names; an old tab never writes into another person's.

    :raises NothingOpened: this browser may not open it
    """
    return _posted(request.form.get("record", ""))


def sent_for(record_id: str) -> Opened:
    """The record that something sent by itself is meant for; what this browser has open stays open.

    :raises NothingOpened: this browser may not open it
    """
    found = _unless_shut_out(store().get_draft(record_id)) if record_id in session.get("records", []) else None
    if found is None:
        raise NothingOpened
    return found


def _posted(record_id: str) -> Opened:
    found = sent_for(record_id)
    if session.get("record") != record_id:
        session["record"] = record_id
    if session.get("used") != today().isoformat():  # the session lives as long as the answers do
        session["used"] = today().isoformat()
    if session.get("typed"):  # it is being sent now
        session["typed"] = None
    keep(session)
    g.opened = found
    return found


def change(opened: Opened, edit: Callable[[dict[str, Any]], None]) -> Opened:
    """The record after `edit`, with its warnings settled anew; two tabs at once lose nothing."""
    before_jumps = store().days_before_jumps()

    def change_draft(data: dict[str, Any]) -> dict[str, Any]:
        edit(data)
        now = settle(definitions(), {**data, "signs": _signs(data, before_jumps)}, today())
        # signs that hold no more stay where they are: the clock may be wrong
        return {**data, "warnings": now["warnings"], "settled": now["settled"]}

    changed = _opened(store().change_draft(opened.record_id, change_draft, content_hash=definitions().content_hash))
    if changed.record_id == session.get("record"):
        g.opened = changed
    return changed


def _unless_shut_out(draft: Draft) -> Opened | None:
    """The record, or None where link and code were renewed since this browser was let in."""
    return _opened(draft) if session.get(RENEWALS, {}).get(draft.record_id, 0) >= _renewals(draft) else None


def _let_in(record_id: str, renewals: int) -> None:
    session[RENEWALS] = {**session.get(RENEWALS, {}), record_id: renewals}


def _with_room(name: str, *, is_gone: Callable[[str], bool], but: str = "") -> list[str]:
    """What this browser holds beside `but`; what is gone for good makes room, and nothing else ever does.

    :raises BrowserFull: there is none
    """
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


def _renewals(draft: Draft) -> int:
    return int(draft.data.get(RENEWALS, 0))


def _opened(draft: Draft) -> Opened:
    return Opened(record_id=draft.record_id, revision=draft.revision, data=_as_it_counts(dict(draft.data)))


def _as_it_counts(data: dict[str, Any]) -> dict[str, Any]:
    """Signs that hold no more were never asked, and the warnings are those that stand."""
    now = {**data, "signs": _signs(data, store().days_before_jumps())}
    return now if is_settled(now, today()) else settle(definitions(), now, today())


def _signs(data: dict[str, Any], before_jumps: frozenset[date]) -> Any:
    signs = data.get("signs")
    return signs if hold(definitions(), signs, now_ms(), before_jumps) else None
