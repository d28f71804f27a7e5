"""Who has a plan before them: its owner, or somebody it is shared with; what each may see, do, and under which address.

A page that may be shared has two addresses, one of them below /shared/<share_id>, and asks here before all else.
"""

from dataclasses import dataclass, replace
from typing import Any

from flask import abort, g, session, url_for
from flask_wtf.csrf import generate_csrf

from reports.words.words import URGENCIES
from storage import RecordNotFound, Share
from web.core.speaking import wording
from web.core.stores import store
from web.plan.plan_to_show import get_plan_to_show, over, unknown_to
from web.plan.warnings_in_words import WarningInWords, warnings_of, warnings_on_top
from web.visitor.must_go_first import Elsewhere, get_led
from web.visitor.open_record import OpenRecord, let_go_of_typed, open_record_of, posted
from web.visitor.stored_plan import StoredPlan, find_plan


class NotShared(Exception):
    """This browser sees nothing under this share: it was taken back, is over, or never was."""


class NoPlanYet(Exception):
    """What is shared has no plan yet."""


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Whoever has the plan of `open_record` before them; `share` is None for its owner."""

    open_record: OpenRecord
    share: Share | None = None

    @property
    def is_owner(self) -> bool:
        return self.share is None

    @property
    def by(self) -> str:
        """The name under which a tick is kept."""
        return self.share.name if self.share else self.open_record.draft.answering

    @property
    def may_tick(self) -> bool:
        return self.share is None or self.share.right == "tick"

    @property
    def at(self) -> dict[str, Any]:
        """What an address needs so that it stays with this reader."""
        return {"share_id": self.share.share_id} if self.share else {}

    def address(self, endpoint: str, **values: Any) -> str:
        return url_for(endpoint, **self.at, **values)

    @property
    def hidden(self) -> list[dict[str, str]]:
        """The fields of every form of this reader; somebody a plan is shared with does not learn the record's id."""
        fields = [{"name": "csrf_token", "value": generate_csrf()}]
        return fields if self.share else [*fields, {"name": "record", "value": self.open_record.record_id}]


def reading(share_id: str | None) -> Reader:
    """Whoever opens a page.

    :raises NotShared: it is not shared with this browser
    :raises Elsewhere, NoOpenRecord: as its owner, who must go elsewhere first, or has nothing open
    """
    if share_id is None:
        return Reader(open_record=get_led())
    return _reading_shared(share_id)


def changing(share_id: str | None) -> Reader:
    """Whoever opens a page with a form that changes something; who may only look is told so."""
    reader = reading(share_id)
    return reader if reader.may_tick else abort(403)


def sending(share_id: str | None) -> Reader:
    """Whoever sends a form that changes something. :raises NotShared, NoOpenRecord: as in reading"""
    if share_id is None:
        return Reader(open_record=posted())
    reader = _reading_shared(share_id)
    if not reader.may_tick:
        abort(403)
    let_go_of_typed()  # it is being sent now
    return reader


def get_plan_for(reader: Reader) -> StoredPlan:
    """The plan made last, in words for the owner, or for somebody it is shared with.

    :raises Elsewhere: there is none, and its owner can make it
    :raises NoPlanYet: there is none
    """
    if reader.share is None:
        return get_plan_to_show(reader.open_record)
    found = find_plan(reader.open_record)
    if found is None:
        raise NoPlanYet
    return replace(found, words=replace(found.words, other=True))


def warnings_to(reader: Reader, stored: StoredPlan) -> list[WarningInWords]:
    """What heads the plan: its own warnings, none by a name that is private; to others those that stand now.

    Of one that stands in both, the more urgent form is told.
    """
    if reader.share is None:
        return warnings_of(stored.words, stored.issued)
    of_plan = warnings_of(stored.words, stored.issued, private=True)
    ended = over(reader.open_record, stored.issued)
    both = (*_live(reader), *(each for each in of_plan if each.id not in ended))
    found: dict[str, WarningInWords] = {}
    for each in sorted(both, key=lambda warning: list(URGENCIES).index(warning.urgency)):
        found.setdefault(each.id, each)
    return list(found.values())


def plan_address(reader: Reader, **values: str) -> str:
    """The page of the plan for this reader."""
    return reader.address("plan.shared_plan" if reader.share else "plan.plan", **values)


def refuse_older_paper(reader: Reader, stored: StoredPlan) -> None:
    """Paper never leaves out a sign that stands, nor tells one that is over: its page is shown instead.

    :raises Elsewhere: the plan does not fit the signs that cannot wait
    """
    if must_be_made_anew(reader, stored):
        raise Elsewhere(reader.address("plan.shared_plan"))


def must_be_made_anew(reader: Reader, stored: StoredPlan) -> bool:
    """Whether a shared plan does not know a sign that cannot wait, or tells one that is over; its owner is led on."""
    if reader.share is None:
        return False
    return bool(over(reader.open_record, stored.issued)) or unknown_to(stored.issued, _live(reader))


def _live(reader: Reader) -> list[WarningInWords]:
    return warnings_on_top(wording(), reader.open_record.draft, to_others=True)


def _reading_shared(share_id: str) -> Reader:
    if share_id not in session.get("shares", []):
        raise NotShared
    try:
        share = store().get_share(share_id)
    except RecordNotFound:
        let_go_of_typed(url_for("plan.shared_plan", share_id=share_id).rpartition("/")[0])
        raise NotShared from None
    reader = Reader(open_record=open_record_of(share.record_id), share=share)
    g.standing = _live(reader)  # the pages of somebody else are not headed by one's own warnings
    return reader
