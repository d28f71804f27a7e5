"""Where a person must go before anything else is asked or shown."""

from flask import url_for

from web.core.settings import definitions
from web.visitor.open_record import OpenRecord, get_open_record

PLAN = "plan"
"""Where the page of warning signs leads on to, if it stood before the plan."""


class Elsewhere(Exception):
    """Another page comes first; web/errors.py leads there."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


def get_led() -> OpenRecord:
    """The open record, for a page that may wait.

    :raises Elsewhere: a now sign stands and nobody has called yet
    :raises NoOpenRecord: this browser has no record open
    """
    open_record = get_open_record()
    address = find_help(open_record)
    if address:
        raise Elsewhere(address)
    return open_record


def find_help(open_record: OpenRecord) -> str | None:
    """The page with the number to call, while a now sign stands and nobody has called; or None."""
    return url_for("signs.help_now") if open_record.draft.waits_for_call(definitions()) else None
