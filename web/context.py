"""What every template knows: language and settings, help numbers, addresses of our own files, warnings that stand."""

import secrets
from functools import lru_cache, partial
from typing import Any

from flask import Flask, current_app, g, request
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from checklists.people.phone_numbers import dialed, with_calls
from checklists.people.plain_text import isolated
from reports.paper.plan_paper import is_loopback
from reports.words.reviewed import review_sentence
from reports.words.speech import speech
from web.asking.last_answer import just_answered, put_aside
from web.clinic.at_work import bar
from web.clinic.desk.from_paper import sheets
from web.clinic.desk.tablet import on_tablet
from web.clinic.signing_in import single_sign_on
from web.core.settings import definitions
from web.core.speaking import gettext, language, name_of, ngettext, person, wording
from web.core.static_files import static_file, versioned
from web.core.stores import store
from web.plan.warnings_in_words import WarningInWords, warnings_on_top
from web.sharing.to_a_clinic import asking_clinic
from web.visitor.open_record import find_open_record
from web.visitor.preferences import preferences
from web.visitor.sessions import own_session

MOST_PARTS = 200
"""Each in each language, with a few settings; what does not fit is rendered anew."""


def add_context(app: Flask) -> None:
    """StrictUndefined, the words' gettext, and the variables of layout.html."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.globals.update(
        _=gettext,
        ngettext=ngettext,
        person=person,
        new_key=partial(secrets.token_urlsafe, 16),
        versioned=versioned,
        static_file=static_file,
        fixed_part=fixed_part,
        only_here=only_here,
    )
    app.jinja_env.globals.update(has_damage=lambda record_id: store().has_damage(record_id))
    app.jinja_env.globals.update(asking_clinic=asking_clinic)
    app.jinja_env.filters.update(dialed=dialed, isolated=isolated, with_calls=with_calls)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.context_processor(page_context)


def page_context() -> dict[str, Any]:
    region, chosen, own = wording().region, preferences(), own_session()
    return {
        "lang": language(),
        "text_size": chosen.text,
        "colors": chosen.colors,
        "this_page": here_or_start(),
        "has_session": own is not None,
        "other_languages": other_languages,
        "record_open": own.get("record", "") if own is not None else "",
        "emergency": region.emergency,
        "crisis": region.crisis,
        "help_lines": help_lines,
        "draft": wording().is_draft,
        "reviewed": review_sentence(wording()),
        "at_work": bar,
        "on_tablet": on_tablet,
        "typed_at_desk": sheets,
        "single_sign_on": single_sign_on.is_set_up(),
        "standing_warnings": standing_warnings,
        "put_aside": put_aside,
        "just_answered": just_answered,
    }


def here_or_start() -> str:
    """The address to come back to after the settings; no page is made of an address that nobody could have typed."""
    path = request.path
    return path if request.url_rule and path.isascii() and path.isprintable() else "/"


def only_here() -> bool:
    """Whether this page was reached by an address that no other device can open."""
    return is_loopback(request.host_url)


def other_languages() -> tuple[tuple[str, str], ...]:
    """Every language but this one: (code, its own name)."""
    return tuple((each, name_of(each)) for each in definitions().languages if each != language())


def help_lines() -> tuple[tuple[str, str], ...]:
    """Whom to ring at any time: (name, number) each."""
    region = wording().region
    return tuple((each.name, each.number) for each in (region.crisis, region.helpline))


def standing_warnings() -> list[WarningInWords]:
    """What heads a page while it stands: of the open record, or of what is shared."""
    if "standing" in g:
        found: list[WarningInWords] = g.standing
        return found
    open_record = find_open_record()
    return warnings_on_top(wording(), open_record.draft) if open_record else []


def fixed_part(name: str, /, **values: str | bool | tuple[tuple[str, str], ...]) -> Markup:
    """A template that names nothing but these values, our words and our addresses, and is kept as it was rendered.

    It outlives the request, so no value may be of one person: no answer, no name, no token.
    """
    worded = wording()
    language, region = worded.speech.language, worded.region.id
    return _part(current_app.jinja_env, name, language, region, request.script_root, tuple(values.items()))


@lru_cache(MOST_PARTS)
def _part(
    templates: Environment, name: str, language: str, region: str, _root: str, values: tuple[tuple[str, Any], ...]
) -> Markup:
    own = speech(language, region)  # not the page's, which may speak of somebody by name
    return Markup(templates.get_template(name).render(values, _=own.gettext))
