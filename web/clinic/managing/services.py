"""Whom a clinic names beside steps of a plan: classes, a handy-person, a falls service."""

from collections import defaultdict
from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from reports.words.services import SERVES
from storage.clinics.model import Clinic, Service
from web.clinic.at_work import clinic_store, note
from web.clinic.managing.checking import MOST_SERVICES, faults_of_service
from web.clinic.signing_in.locking import typed_at_work
from web.core.free_text import typed
from web.core.speaking import gettext as _

pages = Blueprint("services", __name__)


@pages.get("/clinic/services")
def services() -> str:
    """Everybody who is named, and a form for one more."""
    before = typed_at_work()
    return _page({name: before.get(name, "") for name in ("name", "contact")} if before else {}, [], {})


@pages.post("/clinic/services")
def add() -> Response | tuple[str, int]:
    """Adds one; of the same name the new one takes the place."""
    service = Service(
        name=typed(request.form, "name"),
        contact=typed(request.form, "contact"),
        serves=tuple(request.form.getlist("serves")),
    )
    faults = faults_of_service(service)
    others = [each for each in clinic_store().get().services if each.name != service.name]
    if len(others) >= MOST_SERVICES:
        faults["name"] = _("A clinic names at most %(most)s. Take one off the list first.", most=MOST_SERVICES)
    if faults:
        return _page({"name": service.name, "contact": service.contact}, service.serves, faults), 422

    def with_it(clinic: Clinic) -> Clinic:
        return replace(clinic, services=(*(each for each in clinic.services if each.name != service.name), service))

    clinic_store().change(with_it)
    note("changed-services", says=service.name)
    return redirect(url_for("services.services"), 303)


@pages.post("/clinic/services/remove")
def remove() -> Response:
    """Takes one off the list."""
    name = request.form.get("name", "")
    clinic_store().change(
        lambda clinic: replace(clinic, services=tuple(each for each in clinic.services if each.name != name))
    )
    note("changed-services", says=typed(request.form, "name")[:80])
    return redirect(url_for("services.services"), 303)


def _page(shown: dict[str, str], serves: Any, faults: dict[str, str]) -> str:
    rows = [
        {"name": each.name, "contact": each.contact, "serves": [_(SERVES[one]) for one in each.serves if one in SERVES]}
        for each in clinic_store().get().services
    ]
    return render_template(
        "clinic/managing/services.html",
        rows=rows,
        shown={"name": "", "contact": ""} | shown,
        faults=defaultdict(str, faults),
        problems=[{"field": name, "text": fault} for name, fault in faults.items()],
        groups=[{"value": name, "label": _(label), "checked": name in serves} for name, label in SERVES.items()],
    )
