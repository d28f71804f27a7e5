"""Every address for staff × every role × two clinics × a thousand ids: who may, does; who may not, learns nothing."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date

import pytest
from flask import Flask
from werkzeug.routing import Rule

from reports.judging.clinic_table import ClinicTable, table_to_json
from storage.clinics import people, staff
from storage.clinics.model import ROLES, Staff
from storage.clinics.scope import ClinicRows, new_id
from storage.clinics.store import ClinicStore
from storage.rows.sealing import canonical
from storage.rows.tables import IMPORTS
from tests.clinic import AtWork, at_work, new_clinic
from web.clinic import roles
from web.core.stores import store

TABLE = canonical(table_to_json(ClinicTable(rows=(), about={"name": "people.csv", "by": "Ana", "at": 0})))
IDS = re.compile(r"<(?:\w+:)?(\w+)>")


def addresses(app: Flask) -> Iterator[tuple[str, Rule]]:
    """Each method and address under /clinic."""
    for rule in app.url_map.iter_rules():
        if roles.is_of_clinic(rule):
            yield from ((method, rule) for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))


def filled(rule: Rule, ids: Mapping[str, str]) -> str:
    return IDS.sub(lambda found: ids.get(found[1], "0" * 32), rule.rule)


def ask(who: AtWork, method: str, path: str) -> tuple[int, str]:
    """The status, and where it leads; a form comes with its token, and with nothing else."""
    client = who.visitor.client
    if method == "GET":
        response = client.get(path)
    else:
        token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/clinic").get_data(as_text=True))
        assert token
        response = client.post(path, data={"csrf_token": token[1]})
    return response.status_code, response.headers.get("Location", "")


def everything(clinic: ClinicStore) -> str:
    """What is kept of a clinic; its log grows when its own people look at it."""
    found = (clinic.get(), clinic.list_staff(), clinic.list_people(), clinic.logo())
    return json.dumps([repr(each) for each in (*found, store().list_imports(clinic.clinic_id))])


@pytest.mark.parametrize("role", ROLES)
def test_each_role_opens_what_the_table_says_and_nothing_else(app: Flask, role: roles.Role) -> None:
    clinic = new_clinic()
    for method, rule in addresses(app):
        may = roles.MAY[rule.endpoint]
        if may is roles.NOBODY_YET:
            continue
        status, leads = ask(at_work(app, role, clinic), method, filled(rule, {}))
        assert (status == 403) == (role not in may), f"{method} {rule.rule} as {role}: {status}"
        assert "sign-in" not in leads or "my-sign-in" in leads, rule.rule
        assert status < 500


def test_who_has_not_signed_in_is_led_to_the_sign_in_and_learns_nothing(app: Flask) -> None:
    client = app.test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/clinic/sign-in").get_data(as_text=True))
    assert token
    for method, rule in addresses(app):
        if roles.MAY[rule.endpoint] is not roles.NOBODY_YET:
            response = client.open(filled(rule, {}), method=method, data={"csrf_token": token[1]})
            assert (response.status_code, response.headers["Location"]) == (303, "/clinic/sign-in"), rule.rule


def test_no_id_of_another_clinic_opens_shows_or_changes_anything(app: Flask) -> None:
    """A thousand of its rows are made in the store; each address that takes an id is asked with its own kind of them."""
    mine, other = new_clinic("Mine"), new_clinic("Other")
    with store()._writing() as rows:  # type: ignore[attr-defined]
        scope = ClinicRows(rows, other.clinic_id)
        ids = {"person_id": [people.add(scope, date.today(), {"name": "Margaret"}).person_id for _ in range(500)]}
        signs_in = [
            Staff(staff_id=new_id(), clinic_id=other.clinic_id, name=f"staff-{number}", role="clinician")
            for number in range(500)
        ]
        for each in signs_in:
            staff.put(scope, store()._sealer, each)  # type: ignore[attr-defined]
        ids["staff_id"] = [each.staff_id for each in signs_in]
        ids["import_id"] = [new_id() for _ in range(500)]
        for import_id in ids["import_id"]:
            scope.put(IMPORTS, import_id, {"revision": 1, "expires": "2999-01-01"}, TABLE)
    before, asked = everything(other), 0
    who = {role: at_work(app, role, mine) for role in ROLES}
    for method, rule in addresses(app):
        names = [name for name in IDS.findall(rule.rule) if name in ids]
        for name in names:
            for number in range(0, 500, 10 if method == "GET" else 100):
                role = next(each for each in ROLES if each in roles.MAY[rule.endpoint])
                status, _ = ask(who[role], method, filled(rule, {name: ids[name][number]}))
                nobody, _ = ask(who[role], method, filled(rule, {})) if number == 0 else (status, "")
                assert status == nobody == 404, f"{method} {rule.rule}"
                asked += 1
    assert everything(other) == before
    assert asked > 50


def test_an_address_without_a_role_does_not_start(app: Flask) -> None:
    less = {endpoint: who for endpoint, who in roles.MAY.items() if endpoint != "at_work.start"}
    with pytest.raises(roles.NoRoleDeclared, match=re.escape("who may open at_work.start")):
        roles.check(app, less)
    with pytest.raises(roles.NoRoleDeclared, match=r"no address under /clinic: at_work\.gone"):
        roles.check(app, {**roles.MAY, "at_work.gone": roles.ALL})
