"""Text size, colors and language: buttons on every page, which need no script and lose nothing typed beside them."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from flask import Blueprint, abort, current_app, redirect, render_template, request, session, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from checklists.people.units import PrintPoints
from reports.words.speech import N_
from web.core.settings import definitions
from web.core.speaking import gettext as _
from web.core.speaking import language, name_of
from web.visitor.budgets import spend_session
from web.visitor.sessions import ZONE, keep, own_session

pages = Blueprint("preferences", __name__)

Text = Literal["standard", "larger", "largest"]
Colors = Literal["usual", "dark", "contrast"]
Saving = Literal["tap", "confirm"]
TEXTS: tuple[tuple[Text, str], ...] = (
    ("standard", N_("Standard")),
    ("larger", N_("Larger")),
    ("largest", N_("Largest")),
)
COLORS: tuple[tuple[Colors, str], ...] = (
    ("usual", N_("As your phone shows pages")),
    ("dark", N_("Light letters on dark")),
    ("contrast", N_("High contrast")),
)
SAVINGS: tuple[tuple[Saving, str], ...] = (
    ("tap", N_("One tap saves it and goes on")),
    ("confirm", N_("Confirm each answer")),
)
_POINTS: dict[Text, PrintPoints] = {"standard": 14, "larger": 18, "largest": 24}
TYPED_BYTES, TYPED_BYTES_BEFORE = 4096, 200
LONGEST_PATH = 200
_OURS = (
    "csrf_token",
    "record",
    "to",
    "show",
    "language",
    "text",
    "colors",
    "saving",
    "kept",
    "token",
    "submit_key",
    "secret",
    ZONE,
)


@dataclass(frozen=True, kw_only=True)
class Preferences:
    """How this browser wants its pages."""

    text: Text = "standard"
    colors: Colors = "usual"
    saving: Saving = "tap"

    @property
    def print_points(self) -> PrintPoints:
        """Who reads large letters on the screen prints large ones."""
        return _POINTS[self.text]


def preferences() -> Preferences:
    """What was chosen; where nothing can be remembered, what everybody starts with."""
    stored: Mapping[str, Any] = own_session() or {}
    text, colors, saving = stored.get("text"), stored.get("colors"), stored.get("saving")
    return Preferences(
        text=cast(Text, text) if text in dict(TEXTS) else "standard",
        colors=cast(Colors, colors) if colors in dict(COLORS) else "usual",
        saving=cast(Saving, saving) if saving in dict(SAVINGS) else "tap",
    )


def keep_typed(path: str, fields: dict[str, Any]) -> None:
    """Remembers what was typed on a page until it is shown again; before a record is open, only a word or two."""
    most = TYPED_BYTES if session.get("records") or session.get("shares") else TYPED_BYTES_BEFORE
    if len(json.dumps(fields, ensure_ascii=False).encode("utf-8", "surrogatepass")) > most:
        abort(413)
    session["typed"] = {"path": path, "record": session.get("record"), "fields": fields} if fields else None


def typed_here() -> MultiDict[str, str] | None:
    """What was typed on this page when a button above it was pressed, and is not saved yet."""
    stored = session.get("typed")
    if not stored or (stored["path"], stored["record"]) != (request.path, session.get("record")):
        return None
    return MultiDict(stored["fields"])


def value_here(name: str) -> str:
    """A hidden field of this page: as sent, else as it stood when a button above was pressed, else of the address."""
    for each in (request.form, typed_here(), request.args):
        if each and name in each:
            return str(each[name])
    return ""


@pages.get("/settings")
def choose() -> str:
    """Text size, colors and language on one page."""
    chosen = preferences()
    return render_template(
        "visitor/settings.html",
        text_choices=[{"value": code, "label": _(label), "checked": code == chosen.text} for code, label in TEXTS],
        color_choices=[{"value": code, "label": _(label), "checked": code == chosen.colors} for code, label in COLORS],
        saving_choices=[
            {"value": code, "label": _(label), "checked": code == chosen.saving} for code, label in SAVINGS
        ],
        language_choices=[
            {"value": code, "label": name_of(code), "checked": code == language(), "lang": code}
            for code in definitions().languages
        ],
        back_to=session.get("back") or "/",
    )


@pages.post("/settings")
def set_preferences() -> Response:
    """Keeps what was pressed and what was typed beside it, and goes back there, or on to all settings.

    The page of all settings says `kept`: what was typed on the page before it has been kept already.
    """
    to = local(request.form.get("to", ""))
    spend_session()
    session.update(_chosen())
    others: dict[str, Any] = {name: values for name, values in request.form.lists() if not is_ours(name)}
    if "kept" not in request.form and to != url_for("preferences.choose"):
        keep_typed(to, others)
    if request.form.get("show"):
        session["back"] = to
    keep(session)
    return redirect(url_for("preferences.choose") if request.form.get("show") else to, 303)


def is_ours(name: str) -> bool:
    """Whether a field is none that a person fills in."""
    return name in _OURS or name.startswith("shown-")


def _chosen() -> dict[str, str]:
    """Whatever of the form is a choice that we offer."""
    offered: dict[str, Collection[str]] = {
        "text": dict(TEXTS),
        "colors": dict(COLORS),
        "saving": dict(SAVINGS),
        "language": definitions().languages,
    }
    return {name: request.form[name] for name, choices in offered.items() if request.form.get(name) in choices}


def local(path: str) -> str:
    """An address of ours that can be opened, or the start; never one of another site."""
    if not path.isprintable() or len(path) > LONGEST_PATH:
        return "/"
    try:
        current_app.url_map.bind("").match(path, "GET")
    except HTTPException:
        return "/"
    return path if path.startswith("/") and not path.startswith("//") else "/"
