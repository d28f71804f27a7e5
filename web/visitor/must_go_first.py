"""Where a person must go before anything else is asked or shown."""

from flask import url_for

from web.core.settings import definitions
from web.visitor.open_record import Opened, get_opened, today

PLAN = "plan"
"""Where the page of warning signs leads on to, if it stood before the plan."""


class Elsewhere(Exception):
    """Another page comes first; web/errors.py leads there."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


def get_led() -> Opened:
    """The open record, for a page that may wait.

    :raises Elsewhere: a now sign stands and nobody has called yet
    :raises NothingOpened: this browser has no record open
    """
    opened = get_opened()
    address = find_help(opened)
    if address:
        raise Elsewhere(address)
    return opened


def find_help(opened: Opened) -> str | None:
    """The page with the number to call, while a now sign stands and nobody has called; or None."""
    return url_for("signs.help_now") if opened.draft.waits_for_call(definitions()) else None


def after_signs(opened: Opened) -> str:
    """Where a person goes on once the signs are answered: the checklists, or the check again that was begun."""
    return url_for("check_again.again" if opened.draft.is_checking(today()) else "hub.checklists")
