"""Where a person must go before anything else is asked or shown."""

from flask import url_for

from web.drafts import needs_help_now
from web.opened import Opened, today
from web.settings import definitions


def lead(opened: Opened) -> str | None:
    """The address of the page that comes first: help now, while a now sign stands and nobody called."""
    if needs_help_now(definitions(), opened.data, today()):
        return url_for("signs.help_now")
    return None
