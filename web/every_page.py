"""Every page of the app, with what each request goes through before and after it."""

from typing import Any

from flask import Flask
from flask_wtf import CSRFProtect

from web import errors, guides
from web.asking import check_again, hub, questions, rooms, sections, signs, start, walk
from web.clinic import at_work, month
from web.clinic.desk import from_paper, handing_over, measuring, papers, person, steps, tablet
from web.clinic.desk import today as day_list
from web.clinic.managing import audit_log, reviews, services, staff, the_clinic
from web.clinic.printing import print_day
from web.clinic.signing_in import locking, own_sign_in, setting_up, sign_in, single_sign_on
from web.clinic.tables import one_table, sending, table_printing
from web.context import add_context
from web.core import health, list_addresses, metrics, proxies, request_log, security, static_files
from web.core.settings import trusted_hosts
from web.on_paper import blank_paper, entry_from_paper
from web.plan import history, page, photos, results, shopping, ticks, ticks_from_paper
from web.sharing import (
    download,
    erase,
    health_links,
    links_and_codes,
    reminders,
    shares,
    this_browser,
    to_a_clinic,
    who_looked,
)
from web.visitor import budgets, preferences, sessions, time_zone


def add_pages(app: Flask, settings: dict[str, Any]) -> None:
    """All of them; `settings` override the configuration."""
    app.config.update(
        MAX_CONTENT_LENGTH=64 * 1024,
        MAX_FORM_MEMORY_SIZE=64 * 1024,
        MAX_FORM_PARTS=200,
        TRUSTED_HOSTS=trusted_hosts(),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    app.config.update(settings)
    list_addresses.init_app(app)
    proxies.init_app(app)
    sessions.init_app(app)
    budgets.init_app(app)
    security.init_app(app)
    CSRFProtect(app)
    time_zone.init_app(app)
    errors.init_app(app)
    static_files.init_app(app)
    add_context(app)
    health.init_app(app)
    metrics.init_app(app)
    request_log.init_app(app)
    asking = (start, signs, questions, rooms, sections, walk, hub, check_again)
    on_paper = (blank_paper, entry_from_paper)
    plan = (results, page, history, photos, ticks, ticks_from_paper, shopping, guides)
    sharing = (links_and_codes, this_browser, shares, health_links, reminders, download, erase, who_looked, to_a_clinic)
    signing_in = (sign_in, locking, setting_up, own_sign_in, single_sign_on)
    clinic = (at_work, *signing_in, the_clinic, services, staff, reviews, audit_log, month, print_day)
    tables = (sending, one_table, table_printing)
    desk = (day_list, person, handing_over, from_paper, tablet, measuring, steps, papers)
    for subject in (*asking, *on_paper, *plan, *sharing, *clinic, *tables, *desk, preferences):
        app.register_blueprint(subject.pages)
    tablet.init_app(app)
    from_paper.init_app(app)
    single_sign_on.init_app(app)
    at_work.init_app(app)
