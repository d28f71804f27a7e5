"""The plans that others share with this browser, as their pages name them."""

from contextlib import suppress

from flask import session, url_for

from storage import RecordNotFound, SealBroken, Share, StorageError
from web.core.speaking import gettext as _
from web.core.speaking import wording
from web.core.stores import store


def note_looked_at(share: Share) -> None:
    """Its owner sees on which day it was looked at last; where nothing can be written, it is looked at all the same."""
    with suppress(StorageError):
        store().note_opening(share.share_id)


def others(share: Share) -> list[dict[str, str]]:
    """The other plans that are shared with this browser."""
    return [row_of(each) for each in standing() if each.share_id != share.share_id]


def standing() -> list[Share]:
    """What is shared with this browser and was not taken back; damaged ones are left out."""
    found = []
    for share_id in session.get("shares", []):
        with suppress(RecordNotFound, SealBroken):
            found.append(store().get_share(share_id))
    return found


def row_of(share: Share) -> dict[str, str]:
    """Its name and its last day, with the way to it."""
    until = wording().day(share.until)
    return {
        "href": url_for("plan.shared_plan", share_id=share.share_id),
        "text": _("%(plan)s, until %(day)s", plan=title_of(share), day=until),
    }


def title_of(share: Share) -> str:
    """Whose plan it is, as its owner said it."""
    return _("The plan of %(name)s", name=share.of) if share.of else _("The plan shared with %(name)s", name=share.name)
