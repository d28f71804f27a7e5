"""What a clinic's staff do, each request answered by another server: signing in and out, the tablet, a print job."""

import time
from dataclasses import replace
from datetime import date

import pyotp

from lab.drill.several.machines import Site
from lab.drill.several.over_the_wire import visitor_of
from lab.drill.several.walks import expect
from storage.clinics.model import Clinic, Role, Staff
from storage.clinics.store import ClinicStore
from tests.tapping import answer_to_the_end, press
from tests.visitor import Visitor
from web.clinic.signing_in.passwords import hash_of

PASSWORD = "a long one for all of them"
SECRET = "JBSWY3DPEHPK3PXP" * 2
COOKIE = "__Host-ff-staff"
LONGEST_PRINT_SECONDS = 90


def new_clinic(site: Site) -> ClinicStore:
    made = site.store.create_clinic(Clinic(clinic_id="", name="Hill Street Clinic", phone="555 0100"))
    return site.store.clinic(made.clinic_id)


def _add(clinic: ClinicStore, role: Role) -> Staff:
    staff = clinic.add_staff(f"{role}@hill-street.example", role, role.capitalize())
    totp = SECRET if role == "manager" else ""
    return clinic.change_staff(staff.staff_id, lambda found: replace(found, password=hash_of(PASSWORD), totp=totp))


def _sign_in(site: Site, staff: Staff) -> Visitor:
    visitor = visitor_of(site.front)
    page = visitor.open("/clinic/sign-in").send({"name": staff.name, "password": PASSWORD})
    expect(page.path in ("/clinic", "/clinic/sign-in/code"), f"signing in leads to {page.path}")
    return visitor


def _page_of_each(site: Site, visitor: Visitor) -> set[str]:
    """The titles that a page of the clinic has on all servers, one after the other."""
    return {visitor.open("/clinic").h1 for _ in range(2 * len(site.machines))}


def sign_in_and_out(site: Site, clinic: ClinicStore) -> None:
    """Signed in on one is signed in on all; signed out, disabled or used up on one is so on all at once."""
    clinician, manager = _add(clinic, "clinician"), _add(clinic, "manager")
    one, other = _sign_in(site, clinician), _sign_in(site, clinician)
    expect("Sign in" not in _page_of_each(site, one), "a sign-in is not known everywhere")
    taken = one.client.get_cookie(COOKIE, domain=one.base_url.split("//")[1].split(":")[0])
    assert taken is not None
    token = {"csrf_token": one.open("/clinic").hidden("csrf_token")}
    expect(one.post("/clinic/sign-out", token).h1 == "Sign in", "nobody was signed out")
    one.client.set_cookie(COOKIE, taken.value, domain=taken.domain, secure=True)
    expect(_page_of_each(site, one) == {"Sign in"}, "who signed out is still in somewhere")

    boss, twice = _sign_in(site, manager), _sign_in(site, manager)
    digits = {"code": pyotp.TOTP(SECRET).now()}
    expect(boss.open("/clinic/sign-in/code").send(digits).path == "/clinic", "the six digits do not open")
    twice.open("/clinic/sign-in/code").send(digits, 422)
    expect("Sign in" not in _page_of_each(site, other), "the second browser is not in")
    press(boss.open(f"/clinic/staff/{clinician.staff_id}"), "/stop")
    expect(_page_of_each(site, other) == {"Sign in"}, "who was disabled is still in somewhere")
    visitor_of(site.front).open("/clinic/sign-in").send({"name": clinician.name, "password": PASSWORD}, 422)


def hand_over_a_tablet(site: Site, clinic: ClinicStore) -> Visitor:
    """Somebody answers on the tablet to the end, and nothing of it is left there on any server; staff, signed in."""
    staff = _add(clinic, "reception")
    tablet = _sign_in(site, staff)
    page = tablet.open("/clinic/people/new").send({"day": date.today().isoformat(), "set": "falls"})
    person = clinic.get_person(page.path.rpartition("/")[2])
    page = press(tablet.open(f"/clinic/people/{person.person_id}"), "/tablet")
    for _ in site.machines:
        expect(tablet.open("/clinic/today").path == "/clinic/locked", "staff are not locked out of the tablet")
        expect(tablet.open("/plan").path.startswith("/about/"), "the tablet shows more than its questions")
    page = answer_to_the_end(tablet.open(page.path))
    expect(page.path == "/tablet/rest", f"the tablet ends at {page.path}")
    for elsewhere in ("/", "/plan", "/results", "/about/age", "/checklists", "/keep"):
        expect(tablet.open(elsewhere).path == "/tablet/rest", f"the tablet still opens {elsewhere}")
    record = clinic.get_person(person.person_id).record_id
    expect(record is not None and site.store.find_latest_submission(record) is not None, "no plan was kept")
    return _sign_in(site, staff)


def print_and_fetch(site: Site, reception: Visitor) -> None:
    """Ordered on one server, made on any, fetched from each, and the same from each."""
    page = reception.open("/clinic/print").send({"also": ["letterhead"], "title": "Monday"})
    expect(page.h1 == "Files to print", f"the order leads to {page.path}")
    address, token = _made(reception)
    answers = [
        reception.client.post(address, data=token, base_url=reception.base_url) for _ in range(2 * len(site.machines))
    ]
    wrong = {each.status_code for each in answers} - {200}
    expect(not wrong, f"the button for the file is answered {wrong}")
    files = {each.data for each in answers}
    expect(len(files) == 1 and next(iter(files)).startswith(b"%PDF-"), "the file is not the same from every server")


def _made(reception: Visitor) -> tuple[str, dict[str, str]]:
    """Where the button for the first file leads and what it sends, once there is one."""
    deadline = time.monotonic() + LONGEST_PRINT_SECONDS
    while True:
        page = reception.open("/clinic/print/files")
        actions = [str(each.get("action")) for each in page.tree.iter("form")]
        found = [each for each in actions if each.startswith("/clinic/print/files/")]
        if found:
            return found[0], {"csrf_token": page.hidden("csrf_token")}
        expect(time.monotonic() < deadline, f"nobody printed what was ordered: {page.main}")
        time.sleep(0.5)
