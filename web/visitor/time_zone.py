"""Whose day it is: the zone that a browser tells with its forms, else the clinic's, else this machine's."""

from datetime import date, datetime, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from flask import Flask, g, has_request_context, request

from web.core.settings import zone
from web.visitor.sessions import ZONE, own_session


def init_app(app: Flask) -> None:
    app.before_request(note_zone)


def note_zone() -> None:
    """Remembers the zone that a form brought along; whoever has kept nothing yet gets no row for it."""
    sent = request.form.get(ZONE, "") if request.method == "POST" else ""
    if sent not in _known():
        return
    g.zone = sent
    own = own_session()
    if own is not None and own.stored and own.get(ZONE) != sent:
        own[ZONE] = sent


def today() -> date:
    """The day of whoever looks at a page."""
    return day_in(_zone_here())


def day_in(zone_there: tzinfo | None) -> date:
    """The day in this zone; None is the zone of this machine."""
    return datetime.now(zone_there).date()


def moment(second: int) -> datetime:
    """A second since 1970 by the clock of whoever looks at a page."""
    return datetime.fromtimestamp(second, _zone_here())


def _zone_here() -> tzinfo | None:
    if has_request_context():
        chosen = g.get("zone") or (own.get(ZONE) if (own := own_session()) else None)
        if chosen and chosen in _known():
            return ZoneInfo(chosen)
    return zone()


@cache
def _known() -> frozenset[str]:
    return frozenset(available_timezones())
