"""How the open record is found again, as paper tells it: its link and code, where they were made."""

from flask import url_for

from reports.paper.plan_paper import WayBack
from storage import LinkAndCode
from storage.rows.codes import grouped
from web.core.stores import store
from web.visitor.open_record import OpenRecord

LINK_PAGE = "links_and_codes.look"


def way_back_of(open_record: OpenRecord) -> WayBack | None:
    """What the paper says about opening this plan again; None where nobody asked for a link."""
    link_and_code = store().find_link_and_code(open_record.record_id)
    if link_and_code is None:
        return None
    return WayBack(
        link=address_of(link_and_code),
        code_page=url_for("links_and_codes.code", _external=True),
        code=grouped(link_and_code.code),
    )


def address_of(link_and_code: LinkAndCode) -> str:
    return url_for(LINK_PAGE, token=link_and_code.link, _external=True)
