"""Parts of a page that are nobody's: rendered once in each language, and kept as they are."""

from functools import lru_cache
from typing import Any

from flask import current_app, request
from jinja2 import Environment
from markupsafe import Markup

from reports.words.speech import speech
from web.core.speaking import wording

PARTS_KEPT = 200
"""Each in each language, with a few settings; what does not fit is rendered anew."""


def fixed_part(name: str, /, **values: str | bool | tuple[tuple[str, str], ...]) -> Markup:
    """A template that names nothing but these values, our words and our addresses, and is kept as it was rendered.

    It outlives the request, so no value may be of one person: no answer, no name, no token.
    """
    said = wording()
    language, region = said.speech.language, said.region.id
    return _part(current_app.jinja_env, name, language, region, request.script_root, tuple(values.items()))


@lru_cache(PARTS_KEPT)
def _part(
    templates: Environment, name: str, language: str, region: str, _root: str, values: tuple[tuple[str, Any], ...]
) -> Markup:
    said = speech(language, region)  # not the page's, which may speak of somebody by name
    return Markup(templates.get_template(name).render(values, _=said.gettext))
