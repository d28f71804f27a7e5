"""create_app(): builds the app and opens nothing; definitions and storage open on first use."""

from typing import Any

from flask import Flask
from flask_wtf import CSRFProtect

from web import (
    again,
    blank,
    browser,
    budgets,
    cli,
    doors,
    download,
    entry,
    erase,
    errors,
    from_paper,
    guides,
    history,
    hub,
    photos,
    plan,
    preferences,
    proxies,
    questions,
    reminders,
    results,
    rooms,
    security,
    sessions,
    shares,
    shopping,
    signs,
    start,
    static_files,
    ticks,
    walk,
    zones,
)
from web.context import add_context
from web.settings import trusted_hosts


def create_app(settings: dict[str, Any] | None = None) -> Flask:
    """The app with every page and command; `settings` override the configuration, for tests."""
    app = Flask(__name__, static_folder=None)
    app.config.update(
        MAX_CONTENT_LENGTH=64 * 1024,
        MAX_FORM_MEMORY_SIZE=64 * 1024,
        MAX_FORM_PARTS=200,
        TRUSTED_HOSTS=trusted_hosts(),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    app.config.update(settings or {})
    proxies.init_app(app)
    sessions.init_app(app)
    budgets.init_app(app)
    security.init_app(app)
    CSRFProtect(app)
    zones.init_app(app)
    errors.init_app(app)
    static_files.init_app(app)
    add_context(app)
    asking = (start, signs, questions, rooms, walk, hub, again, blank, entry)
    telling = (results, plan, history, photos, ticks, from_paper, shopping, guides)
    keeping = (doors, browser, shares, reminders, download, erase)
    for subject in (*asking, *telling, *keeping, preferences):
        app.register_blueprint(subject.pages)
    cli.register(app)
    return app
