"""Who signs in at a clinic: a list for its manager, who adds, stops and resets."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from reports.words.speech import N_
from storage.clinics.model import ROLES, ChangeStaff, NameTaken, Role, Staff
from storage.time_limits import SET_UP
from web.clinic.at_work import at_work, clinic_store, note
from web.clinic.audit_words import Verb
from web.clinic.signing_in.locking import typed_at_work
from web.clinic.signing_in.setting_up import new_link
from web.core.free_text import problem, typed
from web.core.speaking import gettext as _
from web.visitor.own_clinic import ROLE_NAMES

pages = Blueprint("staff", __name__)
MOST_LETTERS = 80
ROLE_HINTS: dict[Role, str] = {
    "reception": N_("The list of the day, handing over, and printing."),
    "clinician": N_("That, and answers, results and plans."),
    "manager": N_("That, and the clinic, its staff and its log."),
}


@pages.get("/clinic/staff")
def staff() -> str:
    """Everybody who signs in, those who may not any more last."""
    found = sorted(
        clinic_store().list_staff(), key=lambda each: (each.is_disabled, (each.shown or each.name).casefold())
    )
    return render_template("clinic/managing/staff.html", rows=[_row(each) for each in found])


@pages.get("/clinic/staff/new")
def new() -> str:
    """A form for somebody new."""
    before: Mapping[str, str] = typed_at_work() or {}
    return _new_page({name: before.get(name, "") for name in ("name", "shown", "role")}, {})


@pages.post("/clinic/staff/new")
def add() -> tuple[str, int]:
    """Adds them, and shows the link by which they choose a password, this once."""
    shown = {"name": typed(request.form, "name"), "shown": typed(request.form, "shown")}
    role = request.form.get("role", "")
    faults = {name: fault for name, text in shown.items() if (fault := problem(text, MOST_LETTERS))}
    if not shown["name"]:
        faults["name"] = _("Write an e-mail address, or a name to sign in with.")
    if role not in ROLES:
        faults["role"] = _("Choose what they may do.")
    if not faults:
        try:
            added = clinic_store().add_staff(shown["name"], cast(Role, role), shown["shown"])
        except NameTaken:
            faults["name"] = _("Somebody signs in with this name already. Choose another one.")
        else:
            note("added-staff", says=added.shown or added.name)
            return _link_page(added), 200
    return _new_page({**shown, "role": role}, faults), 422


@pages.get("/clinic/staff/<staff_id>")
def one(staff_id: str) -> str:
    """One of them, and what can be changed."""
    return _page(clinic_store().get_staff(staff_id))


@pages.post("/clinic/staff/<staff_id>")
def change(staff_id: str) -> Response | tuple[str, int]:
    """What they may do from now on, and what they are called; they are signed out where they may do something else."""
    before = clinic_store().get_staff(staff_id)
    role, shown = request.form.get("role", ""), typed(request.form, "shown")
    fault = problem(shown, MOST_LETTERS)
    if role not in ROLES or fault:
        return _page(before, fault or _("Choose what they may do.")), 422
    return _changed(before, lambda found: replace(found, role=role, shown=shown), "changed-staff")


@pages.post("/clinic/staff/<staff_id>/stop")
def stop(staff_id: str) -> Response | tuple[str, int]:
    """They are signed out everywhere, and cannot sign in."""
    found = clinic_store().get_staff(staff_id)
    return _changed(found, lambda each: replace(each, is_disabled=True), "disabled-staff")


@pages.post("/clinic/staff/<staff_id>/allow")
def allow(staff_id: str) -> Response | tuple[str, int]:
    """They can sign in again as before."""
    found = clinic_store().get_staff(staff_id)
    return _changed(found, lambda each: replace(each, is_disabled=False), "enabled-staff")


@pages.post("/clinic/staff/<staff_id>/reset")
def reset(staff_id: str) -> str | tuple[str, int]:
    """A new link, shown this once; the password and the authenticator of before open nothing any more."""
    found = clinic_store().get_staff(staff_id)
    note("reset-staff", says=found.shown or found.name)
    return _link_page(found)


def _changed(before: Staff, change: ChangeStaff, did: Verb) -> Response | tuple[str, int]:
    """Unless nobody could manage the clinic then."""
    after = change(before)
    others = [
        each
        for each in clinic_store().list_staff()
        if each.role == "manager" and not each.is_disabled and each.staff_id != before.staff_id
    ]
    if not others and (after.role != "manager" or after.is_disabled) and before.role == "manager":
        return _page(before, _("A clinic needs a manager who can sign in. Add another one first.")), 422
    clinic_store().change_staff(before.staff_id, change)
    note(did, says=after.shown or after.name)
    return redirect(url_for("staff.staff"), 303)


def _row(each: Staff) -> dict[str, Any]:
    if each.is_disabled:
        state = _("Cannot sign in")
    elif each.password:
        state = _("With six digits") if each.totp else _("With a password")
    else:
        state = _("Has not opened the link yet") if each.set_up else _("Needs a link")
    return {
        "id": each.staff_id,
        "name": each.shown or each.name,
        "signs_in_as": each.name if each.shown else "",
        "role": _(ROLE_NAMES[each.role]),
        "state": state,
        "is_me": each.staff_id == at_work()[0].staff_id,
    }


def _roles(chosen: str) -> list[dict[str, Any]]:
    return [
        {"value": role, "label": _(ROLE_NAMES[role]), "hint": _(ROLE_HINTS[role]), "checked": role == chosen}
        for role in ROLES
    ]


def _new_page(shown: dict[str, str], faults: dict[str, str]) -> str:
    problems = [{"field": name, "text": fault} for name, fault in faults.items()]
    return render_template(
        "clinic/managing/new_staff.html",
        shown=shown,
        faults=defaultdict(str, faults),
        problems=problems,
        roles=_roles(shown["role"]),
    )


def _page(found: Staff, fault: str = "") -> str:
    return render_template(
        "clinic/managing/one_of_staff.html",
        staff=found,
        row=_row(found),
        roles=_roles(found.role),
        fault=fault,
    )


def _link_page(found: Staff) -> str:
    path = new_link(found.clinic_id, found.staff_id)
    return render_template(
        "clinic/managing/staff_link.html",
        name=found.shown or found.name,
        address=request.host_url.rstrip("/") + path,
        days=SET_UP.days,
    )
