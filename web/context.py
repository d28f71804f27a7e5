"""What every template knows: help numbers, addresses of our own files, and whether the words are a draft."""

from functools import cache
from typing import Any

from flask import Flask, url_for
from jinja2 import StrictUndefined
from jinja2.ext import i18n

from web.banner import warnings_on_top
from web.opened import find_opened, today
from web.settings import definitions, region
from web.static_files import versioned


def add_context(app: Flask) -> None:
    """StrictUndefined, the words' gettext, and the variables of layout.html."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.add_extension(i18n)
    app.jinja_env.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.context_processor(page_context)


def page_context() -> dict[str, Any]:
    here = region()
    return {
        "lang": "en",
        "css_url": versioned("site.css"),
        "icon_url": versioned("icon.svg"),
        "home_url": url_for("start.welcome"),
        "how_url": url_for("guides.how_this_works"),
        "emergency": here.emergency,
        "crisis": here.crisis,
        "helpline": here.helpline,
        "draft": is_draft(),
        "standing_warnings": standing_warnings,
    }


def standing_warnings() -> list[dict[str, Any]]:
    """What heads a page of the open record while it stands."""
    opened = find_opened()
    return warnings_on_top(definitions(), opened.data, region(), today()) if opened else []


@cache
def is_draft() -> bool:
    """Whether any text that people read still waits for a clinician's review."""
    known = definitions()
    parts = (known.about, known.warning_signs, *known.checklists, known.actions, known.guides)
    return any(part.review.status == "draft" for part in parts)
