"""What a clinic is called and how it looks, on its pages and on paper: a form for its manager."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from storage.clinics.model import Clinic
from web.clinic.at_work import at_work, clinic_store, note
from web.clinic.managing import checking
from web.clinic.signing_in.locking import typed_at_work
from web.core.settings import definitions, region
from web.core.speaking import name_of, spoken
from web.visitor.askers import asker
from web.visitor.own_clinic import usual_lists

pages = Blueprint("the_clinic", __name__)
LINES = ("name", "phone", "address", "zone", "color", "audit_days")
CHOICES = ("page", "region")
CHECKED = ("languages", "lists")
SWITCHES = ("letterhead", "keeps_names", "names_staff")


@pages.get("/clinic/settings")
def settings() -> str:
    """All of it in one form, and the logo in another."""
    clinic = clinic_store().get()
    typed = typed_at_work()
    return _page(_typed(typed) if typed else _shown(clinic), {})


@pages.post("/clinic/settings")
def change() -> Response | tuple[str, int]:
    """Keeps what was typed, or says of each field what to do."""
    typed = _typed(request.form)
    _after, faults = checking.read(clinic_store().get(), typed)
    if faults:
        return _page(typed, faults), 422
    clinic_store().change(lambda found: checking.read(found, typed)[0])
    note("changed-clinic")
    return redirect(url_for("the_clinic.settings", saved="yes"), 303)


@pages.post("/clinic/logo")
def send_logo() -> Response | tuple[str, int]:
    """Keeps a picture, judged by what it is and made anew; or takes the logo away."""
    if request.form.get("do") == "remove":
        clinic_store().keep_logo(None)
    else:
        file = request.files.get("logo")
        try:
            clinic_store().keep_logo(checking.read_logo(file.read() if file else b"", asker()))
        except checking.BadClinic as error:
            return _page(_shown(clinic_store().get()), {"logo": str(error)}), 422
    note("changed-clinic", says="logo")
    return redirect(url_for("the_clinic.settings", saved="yes"), 303)


@pages.get("/clinic/logo.png")
def logo() -> Response:
    """The logo of one's own clinic."""
    png = clinic_store().logo()
    if png is None:
        abort(404)
    return current_app.response_class(png, content_type="image/png")


def _typed(form: Mapping[str, str]) -> dict[str, Any]:
    getlist = getattr(form, "getlist")  # noqa: B009
    return {
        **{name: form.get(name, "") for name in (*LINES, *CHOICES)},
        **{name: name in form for name in SWITCHES},
        **{name: getlist(name) for name in CHECKED},
    }


def _shown(clinic: Clinic) -> dict[str, Any]:
    return {
        **{name: str(getattr(clinic, name)) for name in (*LINES, *CHOICES)},
        **{name: getattr(clinic, name) for name in SWITCHES},
        "languages": clinic.languages,
        "lists": usual_lists(clinic),
    }


def _page(shown: Mapping[str, Any], faults: Mapping[str, str]) -> str:
    return render_template(
        "clinic/managing/the_clinic.html",
        shown=shown,
        faults=defaultdict(str, faults),
        problems=[{"field": name, "text": fault} for name, fault in faults.items()],
        saved="saved" in request.args and not faults,
        has_logo=clinic_store().logo() is not None,
        clinic=at_work()[1],
        languages=[
            {"value": code, "label": name_of(code), "checked": code in shown["languages"], "lang": code}
            for code in definitions().languages
        ],
        lists=[
            {"value": each.id, "label": each.title, "checked": each.id in shown["lists"]}
            for each in spoken().checklists
        ],
        page_sizes=_choices(shown["page"] or "letter", (("letter", "Letter"), ("a4", "A4"))),
        regions=_choices(shown["region"] or region().id, ((each.id, each.name) for each in spoken().regions.regions)),
    )


def _choices(chosen: str, offered: Any) -> list[dict[str, Any]]:
    return [{"value": code, "label": label, "checked": code == chosen} for code, label in offered]
