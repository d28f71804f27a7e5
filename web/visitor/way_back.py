"""How the open record is found again, as paper tells it: its link and code, where they were made."""

from flask import url_for

from reports.paper.plan_paper import Door
from storage import Doors
from storage.rows.codes import grouped
from web.core.stores import store
from web.visitor.open_record import Opened

WAY_IN = "links_and_codes.look"


def door_of(opened: Opened) -> Door | None:
    """What the paper says about opening this plan again; None where nobody asked for a link."""
    doors = store().find_doors(opened.record_id)
    if doors is None:
        return None
    return Door(
        link=address_of(doors), code_page=url_for("links_and_codes.code", _external=True), code=grouped(doors.code)
    )


def address_of(doors: Doors) -> str:
    return url_for(WAY_IN, token=doors.link, _external=True)
