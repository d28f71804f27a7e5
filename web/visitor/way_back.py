"""How the open record is found again, as paper tells it: its link and code, where they were made."""

from flask import url_for

from reports.paper.plan_paper import WayBack
from storage import WaysBack
from storage.rows.codes import grouped
from web.core.stores import store
from web.visitor.open_record import OpenRecord

LINK_PAGE = "links_and_codes.look"


def way_back_of(open_record: OpenRecord) -> WayBack | None:
    """What the paper says about opening this plan again; None where nobody asked for a link."""
    ways_back = store().find_ways_back(open_record.record_id)
    if ways_back is None:
        return None
    return WayBack(
        link=address_of(ways_back),
        code_page=url_for("links_and_codes.code", _external=True),
        code=grouped(ways_back.code),
    )


def address_of(ways_back: WaysBack) -> str:
    return url_for(LINK_PAGE, token=ways_back.link, _external=True)
