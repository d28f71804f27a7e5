"""What every template knows: help numbers, addresses of our own files, and whether the words are a draft."""

from typing import Any

from flask import Flask, url_for
from jinja2 import StrictUndefined

from web.banner import warnings_on_top
from web.opened import find_opened, today
from web.speaking import gettext, language, ngettext, said, spoken
from web.static_files import versioned


def add_context(app: Flask) -> None:
    """StrictUndefined, the words' gettext, and the variables of layout.html."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.globals.update(_=gettext, ngettext=ngettext)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.context_processor(page_context)


def page_context() -> dict[str, Any]:
    here = said().region
    return {
        "lang": language(),
        "css_url": versioned("site.css"),
        "icon_url": versioned("icon.svg"),
        "home_url": url_for("start.welcome"),
        "how_url": url_for("guides.how_this_works"),
        "emergency": here.emergency,
        "crisis": here.crisis,
        "helpline": here.helpline,
        "draft": spoken().is_draft,
        "standing_warnings": standing_warnings,
    }


def standing_warnings() -> list[dict[str, Any]]:
    """What heads a page of the open record while it stands."""
    opened = find_opened()
    return warnings_on_top(said(), opened.data, today()) if opened else []
