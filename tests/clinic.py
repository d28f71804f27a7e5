"""Clinics for tests of pages: made in the store, with somebody signed in who never typed a password."""

import secrets
from dataclasses import dataclass, replace
from datetime import date, timedelta

from flask import Flask

from storage.clinics.model import Clinic, Role, Staff
from storage.clinics.store import ClinicStore
from tests.visitor import Visitor
from web.clinic.signing_in import sessions
from web.core.stores import store

SECRET = "JBSWY3DPEHPK3PXP" * 2


@dataclass(frozen=True, kw_only=True)
class AtWork:
    """Somebody in a browser, signed in."""

    visitor: Visitor
    staff: Staff
    clinic: ClinicStore


def new_clinic(name: str = "Hill Street Clinic") -> ClinicStore:
    return store().clinic(store().create_clinic(Clinic(clinic_id="", name=name, phone="555 0100")).clinic_id)


def add_staff(clinic: ClinicStore, role: Role, *, password: str = "") -> Staff:
    """One who may sign in; a manager has an authenticator."""
    staff = clinic.add_staff(f"{role}-{secrets.token_hex(3)}@{clinic.clinic_id[:6]}", role, role.capitalize())
    totp = SECRET if role == "manager" else ""
    return clinic.change_staff(staff.staff_id, lambda found: replace(found, password=password or "none", totp=totp))


def session_of(clinic: ClinicStore, staff: Staff) -> str:
    """As if the password had been typed just now: the value of the cookie."""
    session_id, at = secrets.token_urlsafe(32), sessions.now()
    data = {"stage": "in", "began": at, "seen": at, "waiting": {}}
    clinic.save_session(session_id, staff.staff_id, data, until=date.today() + timedelta(days=1))
    return session_id


def sign_in(visitor: Visitor, clinic: ClinicStore, staff: Staff) -> None:
    visitor.client.set_cookie("ff-staff", session_of(clinic, staff), domain="localhost")


def at_work(app: Flask, role: Role = "manager", clinic: ClinicStore | None = None) -> AtWork:
    """Somebody of this role, in a browser of their own."""
    found = clinic or new_clinic()
    staff, visitor = add_staff(found, role), Visitor(app)
    visitor.open("/clinic/sign-in")
    sign_in(visitor, found, staff)
    return AtWork(visitor=visitor, staff=staff, clinic=found)
