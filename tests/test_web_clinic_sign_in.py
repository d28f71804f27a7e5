"""Signing in at a clinic: passwords, the six digits, one's own sessions, Lock, and who is put out."""

import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import argon2
import pyotp
import pytest
import time_machine
from flask import Flask

from reports.printing.turns import aside
from storage.clinics.model import Staff
from storage.clinics.store import ClinicStore
from tests.clinic import SECRET, add_staff, at_work, new_clinic, sign_in
from tests.visitor import Page, Visitor
from web.clinic.signing_in import codes, passwords
from web.clinic.signing_in.setting_up import new_link
from web.core.stores import store
from web.visitor.budgets import TooMuch

PASSWORD = "four odd green lamps"
CHEAP = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def clinic(app: Flask, monkeypatch: pytest.MonkeyPatch) -> ClinicStore:
    monkeypatch.setattr(passwords, "hasher", lambda: CHEAP)
    return new_clinic()


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime.now(UTC).replace(hour=12, microsecond=0), tick=False) as traveller:
        yield traveller


def ana(clinic: ClinicStore, role: Any = "clinician") -> Staff:
    return add_staff(clinic, role, password=CHEAP.hash(PASSWORD))


def type_password(visitor: Visitor, staff: Staff, password: str = PASSWORD, status: int = 200) -> Page:
    return visitor.open("/clinic/sign-in").send({"name": staff.name, "password": password}, status)


def digits(*, ahead: int = 0) -> str:
    return pyotp.TOTP(SECRET).at(int(time.time()) + 30 * ahead)


def cookies(visitor: Visitor) -> dict[str, str]:
    return {each.key: each.value for each in visitor.client._cookies.values()}  # type: ignore[union-attr]


def test_who_knows_name_and_password_comes_in_and_out_again(visitor: Visitor, clinic: ClinicStore) -> None:
    staff = ana(clinic)
    assert visitor.open("/clinic").h1 == "Sign in"
    page = visitor.open("/clinic/sign-in").send({"name": f" {staff.name.upper()} ", "password": PASSWORD})
    assert page.path == "/clinic"
    assert "Clinician" in page.text
    assert [each.did for each in clinic.audit_log(at_most=9).lines] == ["signed-in"]
    taken = cookies(visitor)["ff-staff"]
    token = page.hidden("csrf_token")
    assert visitor.post("/clinic/sign-out", {"csrf_token": token}).h1 == "Sign in"
    assert "ff-staff" not in cookies(visitor)
    visitor.client.set_cookie("ff-staff", taken, domain="localhost")
    assert visitor.open("/clinic").h1 == "Sign in", "a cookie of before opens nothing"
    assert [each.did for each in clinic.audit_log(at_most=9).lines] == ["signed-out", "signed-in"]


def test_a_wrong_name_a_wrong_password_and_who_may_not_sign_in_are_told_alike(
    visitor: Visitor, clinic: ClinicStore
) -> None:
    staff, disabled = ana(clinic), ana(clinic)
    clinic.change_staff(disabled.staff_id, lambda found: replace(found, is_disabled=True))
    new = clinic.add_staff("new", "reception")
    says = ["The name or the password is not right."]
    assert type_password(visitor, staff, "wrong", 422).errors == says
    assert type_password(visitor, disabled, status=422).errors == says
    assert type_password(visitor, new, "", 422).errors == says
    assert type_password(visitor, replace(staff, name="nobody"), status=422).errors == says
    assert type_password(visitor, staff, "x" * 60_000, 422).errors == says
    assert "ff-staff" not in cookies(visitor)


def test_a_name_that_nobody_has_costs_as_much_and_at_most_two_are_hashed_at_once(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert argon2.extract_parameters(passwords.NOBODY) == argon2.extract_parameters(passwords.hasher().hash("x"))
    assert not passwords.hasher().check_needs_rehash(passwords.NOBODY)
    verified: list[str] = []
    at_once, most, lock = 0, 0, threading.Lock()

    class Slow:
        def verify(self, hashed: str, typed: str) -> bool:
            nonlocal at_once, most
            with lock:
                at_once += 1
                most = max(most, at_once)
            time.sleep(0.02)
            with lock:
                at_once -= 1
            verified.append(hashed)
            return True

    monkeypatch.setattr(passwords, "hasher", Slow)
    with ThreadPoolExecutor(10) as pool:
        assert not any(pool.map(lambda _: passwords.is_right(None, "x"), range(10)))
    assert (most, set(verified)) == (2, {passwords.NOBODY})


def test_who_waits_for_a_hash_holds_up_nobody_and_not_too_many_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    stepped: list[int] = []
    monkeypatch.setattr(aside, "step", lambda: stepped.append(1))
    monkeypatch.setattr(passwords, "hasher", lambda: CHEAP)
    assert not passwords.is_right(None, "x")
    assert stepped == [1], "other requests of this address go on"
    for _ in range(passwords.MOST_WAITING):
        assert passwords._WAITING.acquire(blocking=False)
    try:
        with pytest.raises(TooMuch):
            passwords.is_right(None, "x")
    finally:
        passwords._WAITING.release(passwords.MOST_WAITING)
    assert not passwords.is_right(None, "x"), "and then it goes on"


def test_who_tries_too_often_waits_and_keeps_nobody_else_out(visitor: Visitor, clinic: ClinicStore) -> None:
    staff = ana(clinic)
    for _ in range(10):
        type_password(visitor, staff, "wrong", 422)
    page = type_password(visitor, staff, status=429)
    assert re.fullmatch(r"Too many tries. Wait \d+ minutes, then try again.", page.errors[0])
    other = Visitor(visitor.app)
    page = other.open("/clinic/sign-in")
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    path = str(page.form.get("action")).partition("#")[0] if page.form is not None else ""
    typed = page.data({"name": staff.name, "password": PASSWORD})
    assert other.post(path, typed, environ_overrides=elsewhere).path == "/clinic", "another address goes on"
    assert type_password(visitor, ana(clinic)).path == "/clinic", "and another person at this one"


def test_right_passwords_use_nothing_up(visitor: Visitor, clinic: ClinicStore) -> None:
    staff = ana(clinic)
    for _ in range(15):
        page = type_password(visitor, staff)
        visitor.post("/clinic/sign-out", {"csrf_token": page.hidden("csrf_token")})


def test_a_manager_types_six_digits_each_once(
    visitor: Visitor, clinic: ClinicStore, clock: time_machine.Traveller
) -> None:
    staff = ana(clinic, "manager")
    page = type_password(visitor, staff)
    first = cookies(visitor)["ff-staff"]
    assert page.h1 == "Type the six digits"
    assert visitor.open("/clinic").h1 == "Sign in", "the password alone opens nothing"
    page = visitor.open("/clinic/sign-in/code")
    for wrong in ("", "000000", "abc", digits(ahead=3), digits(ahead=-3), "١٢٣٤٥٦"):
        assert page.send({"code": wrong}, 422).errors[0].startswith("This code is not right")
    used = digits()
    assert page.send({"code": f"{used[:3]} {used[3:]}"}).path == "/clinic"
    assert cookies(visitor)["ff-staff"] != first, "a new id at each step"
    again = Visitor(visitor.app)
    assert type_password(again, staff).send({"code": used}, 422).errors, "the same digits open nothing again"
    clock.shift(timedelta(seconds=30))
    assert again.open("/clinic/sign-in/code").send({"code": digits()}).path == "/clinic"


def test_the_same_digits_sent_twice_at_once_open_one_door(clinic: ClinicStore, clock: time_machine.Traveller) -> None:
    staff = add_staff(clinic, "manager")
    use = codes.using(digits(), int(time.time()))

    def go(_: int) -> bool:
        try:
            clinic.change_staff(staff.staff_id, use)
        except codes.WrongCode:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(go, range(8))) == 1


def test_after_the_password_the_digits_wait_ten_minutes(
    visitor: Visitor, clinic: ClinicStore, clock: time_machine.Traveller
) -> None:
    page = type_password(visitor, ana(clinic, "manager"))
    clock.shift(timedelta(minutes=11))
    assert page.send({"code": digits()}).h1 == "Sign in"


def test_the_link_is_for_one_password_and_a_look_uses_nothing_up(visitor: Visitor, clinic: ClinicStore) -> None:
    staff = clinic.add_staff("luis", "reception", "Luis")
    link = new_link(clinic.clinic_id, staff.staff_id)
    for _ in range(2):
        page = visitor.open(link)
    assert page.h1 == "Choose a password"
    for weak in ("short", "luis", "aaaaaaaaaaaa", "x" * 201):
        assert page.send({"password": weak}, 422).errors
    assert page.send({"password": PASSWORD}).path == "/clinic"
    assert visitor.open(link, 404).h1 == "This link opens nothing any more"
    assert visitor.post(link, {"password": "another long word", "csrf_token": page.hidden("csrf_token")}, 404)
    assert type_password(Visitor(visitor.app), staff).path == "/clinic"
    for wrong in ("/clinic/set-up/x", f"{link[:-1]}x", f"/clinic/set-up/{'0' * 90}", "/clinic/set-up/%F0%9F%98%80"):
        visitor.open(wrong, 404)


def test_a_new_link_puts_out_what_was_before_and_ends_after_a_week(
    visitor: Visitor, clinic: ClinicStore, clock: time_machine.Traveller
) -> None:
    staff = ana(clinic, "manager")
    sign_in(visitor, clinic, staff)
    assert visitor.open("/clinic").path == "/clinic"
    first = new_link(clinic.clinic_id, staff.staff_id)
    link = new_link(clinic.clinic_id, staff.staff_id)
    assert visitor.open("/clinic").h1 == "Sign in"
    assert type_password(visitor, staff, status=422).errors
    visitor.open(first, 404)
    assert visitor.open(link).h1 == "Choose a password"
    clock.shift(timedelta(days=8))
    visitor.open(link, 404)


def test_a_manager_without_an_authenticator_sets_one_up_before_anything_else(
    visitor: Visitor, clinic: ClinicStore, clock: time_machine.Traveller
) -> None:
    staff = clinic.add_staff("mia", "manager")
    page = visitor.open(new_link(clinic.clinic_id, staff.staff_id)).send({"password": PASSWORD})
    assert page.h1 == "Set up your authenticator"
    assert visitor.open("/clinic/my-sign-in").h1 == page.h1
    assert visitor.client.get("/clinic/my-sign-in/authenticator.svg").content_type == "image/svg+xml"
    secret = "".join(re.findall(r"[A-Z2-7]{4}\b", page.main.partition("into the app:")[2])[:8])
    assert page.send({"code": "000000"}, 422).errors
    shown = page.send({"code": pyotp.TOTP(secret).now()})
    assert shown.h1 == "Your recovery codes"
    recovery = re.findall(r"\b[2-9A-Z]{5} [2-9A-Z]{5}\b", shown.main)
    assert len(recovery) == codes.RECOVERY_CODES
    assert visitor.open("/clinic").path == "/clinic"

    other = Visitor(visitor.app)
    page = type_password(other, staff)
    assert page.send({"code": recovery[0].lower()}).path == "/clinic"
    assert type_password(Visitor(visitor.app), staff).send({"code": recovery[0]}, 422).errors, "each once"
    assert "7 recovery codes" in other.open("/clinic/my-sign-in").text


def test_one_changes_ones_own_way_in_with_the_old_password_and_is_signed_out_elsewhere(
    visitor: Visitor, clinic: ClinicStore
) -> None:
    staff = ana(clinic)
    elsewhere = Visitor(visitor.app)
    for each in (visitor, elsewhere):
        type_password(each, staff)
    path, page = "/clinic/my-sign-in/password", visitor.open("/clinic/my-sign-in")
    token = page.hidden("csrf_token")
    new = "another long one"
    typed = {"csrf_token": token, "password": "wrong", "new-password": new}
    assert visitor.post(path, typed, 422).errors == ["This is not the right password."]
    assert visitor.post(path, {**typed, "password": PASSWORD, "new-password": "short"}, 422).errors
    assert visitor.post(path, {**typed, "password": PASSWORD}).h1 == "My sign-in"
    assert elsewhere.open("/clinic").h1 == "Sign in"
    assert type_password(elsewhere, staff, status=422).errors
    assert type_password(elsewhere, staff, new).path == "/clinic"


def test_a_browser_left_alone_is_locked_and_what_was_sent_from_it_waits(
    app: Flask, clinic: ClinicStore, clock: time_machine.Traveller
) -> None:
    found = at_work(app, "clinician", clinic)
    visitor = found.visitor
    clinic.change_staff(found.staff.staff_id, lambda staff: replace(staff, password=CHEAP.hash(PASSWORD)))
    sign_in(visitor, clinic, found.staff)
    page = visitor.open("/clinic/my-sign-in")
    clock.shift(timedelta(minutes=14))
    assert visitor.open("/clinic/my-sign-in").h1 == "My sign-in"
    clock.shift(timedelta(minutes=16))
    assert page.send({}).h1 == "Locked"
    before = cookies(visitor)["ff-staff"]
    assert visitor.open("/clinic").h1 == "Locked"
    assert visitor.open("/clinic/locked").send({"password": "wrong"}, 422).errors
    assert visitor.open("/clinic/locked").send({"password": PASSWORD}).path.startswith("/clinic")
    assert cookies(visitor)["ff-staff"] != before
    clock.shift(timedelta(hours=12))
    assert visitor.open("/clinic").h1 == "Sign in", "twelve hours after signing in"


def test_a_clock_set_back_prolongs_nothing(app: Flask, clinic: ClinicStore, clock: time_machine.Traveller) -> None:
    visitor = at_work(app, "clinician", clinic).visitor
    clock.shift(-timedelta(hours=2))
    assert visitor.open("/clinic").h1 == "Sign in"


def test_who_is_disabled_or_of_another_role_now_is_out_at_once(app: Flask, clinic: ClinicStore) -> None:
    for change in ({"is_disabled": True}, {"role": "reception"}):
        found = at_work(app, "clinician", clinic)
        assert found.visitor.open("/clinic").path == "/clinic"
        clinic.change_staff(found.staff.staff_id, lambda staff, change=change: replace(staff, **change))  # type: ignore[misc]
        assert found.visitor.open("/clinic").h1 == "Sign in"
    store().erase_clinic(clinic.clinic_id)
    assert Visitor(app).open("/clinic").h1 == "Sign in"


def test_a_session_that_nobody_was_handed_is_none(visitor: Visitor, clinic: ClinicStore) -> None:
    for made_up in ("", "x", "0" * 43, "A" * 43, "../../x"):
        visitor.client.set_cookie("ff-staff", made_up, domain="localhost")
        assert visitor.open("/clinic").h1 == "Sign in"
