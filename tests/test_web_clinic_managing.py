"""What a manager sets: the clinic, its logo, local services, staff and the log; each fault is one sentence."""

import io
from dataclasses import replace

import pytest
from flask import Flask
from PIL import Image

from storage.clinics.model import Service
from storage.rows.tables import AUDIT
from tests.clinic import AtWork, add_staff, at_work, sign_in
from tests.visitor import Page, Visitor
from web.clinic.managing.audit_log import ON_A_PAGE
from web.clinic.managing.colors import CONTRAST, contrast_on_white, darker
from web.clinic.signing_in import passwords
from web.core.stores import store


@pytest.fixture
def manager(app: Flask) -> AtWork:
    return at_work(app)


def picture(kind: str = "PNG", size: tuple[int, int] = (1200, 400), mode: str = "RGB") -> io.BytesIO:
    out = io.BytesIO()
    Image.new(mode, size, "#0F4C47").save(out, kind)
    out.seek(0)
    return out


def send_logo(manager: AtWork, sent: io.BytesIO, status: int = 200) -> list[str]:
    token = manager.visitor.open("/clinic/settings").hidden("csrf_token")
    data = {"csrf_token": token, "logo": (sent, "x.exe")}
    return manager.visitor.post("/clinic/logo", data, status, content_type="multipart/form-data").errors


def test_a_manager_says_what_the_clinic_is_called_and_how_it_works(manager: AtWork) -> None:
    page = manager.visitor.open("/clinic/settings")
    saved = page.send(
        {"name": " Riverside  Clinic ", "phone": "555 0199", "page": "a4", "region": "uk", "languages": ["es"],
         "zone": "Europe/London", "color": "#0f4c47", "audit_days": "400", "keeps_names": "yes", "letterhead": []}
    )  # fmt: skip
    assert "Saved." in saved.text
    clinic = manager.clinic.get()
    assert (clinic.name, clinic.phone, clinic.page, clinic.region) == ("Riverside Clinic", "555 0199", "a4", "uk")
    assert (clinic.languages, clinic.zone, clinic.color, clinic.audit_days) == (
        ("es",),
        "Europe/London",
        "#0F4C47",
        400,
    )
    assert (clinic.keeps_names, clinic.letterhead, clinic.names_staff) == (True, False, False)
    assert saved.chosen("languages") == ["es"]
    assert manager.visitor.open("/clinic").h1 == "Riverside Clinic"
    assert "changed-clinic" in [line.did for line in manager.clinic.audit_log(at_most=9).lines]


@pytest.mark.parametrize(
    ("name", "typed", "says"),
    [
        ("name", "  ", "Write what the clinic is called."),
        ("name", "x" * 61, "Use at most 60 letters here. There are 61 now."),
        ("phone", "😀 555", "We cannot print this: 😀. Leave it out, or write it with other letters."),
        ("zone", "Mars/Base", "Write a time zone like America/Los_Angeles or Europe/London."),
        ("zone", "../../etc/passwd", "Write a time zone like America/Los_Angeles or Europe/London."),
        ("color", "red", "Write the color as # and six letters or figures, like #0F4C47."),
        ("audit_days", "-1", "Write a number of days from 30 to 3650."),
        ("audit_days", "9" * 5000, "Write a number of days from 30 to 3650."),
        ("audit_days", "٣٠", "Write a number of days from 30 to 3650."),
        ("page", "a5", "Choose one of these: letter, a4."),
        ("region", "fr", "Choose one of these: us, uk."),
        ("languages", "xx", "xx is not spoken here. Choose en, es."),
    ],
)
def test_what_cannot_be_kept_gets_one_sentence_and_the_rest_stays_typed(
    manager: AtWork, name: str, typed: str, says: str
) -> None:
    before = manager.clinic.get()
    page = manager.visitor.open("/clinic/settings").send({"address": "12 Hill Street", name: typed}, 422)
    assert page.errors == [says]
    assert page.chosen("address") == ["12 Hill Street"]
    assert manager.clinic.get() == before


def test_a_color_must_be_readable_on_white_or_we_say_which_is(manager: AtWork) -> None:
    page = manager.visitor.open("/clinic/settings").send({"color": "#88CCEE"}, 422)
    assert page.errors == ["This color is too pale to read on white. Use #3E5D6D or a darker one."]
    for color in ("#FFFFFF", "#88CCEE", "#FF0000", "#777777", "#FFFF00"):
        assert contrast_on_white(color) < CONTRAST <= contrast_on_white(darker(color)) < CONTRAST + 0.6
    assert darker("#000000") == "#000000"
    assert (round(contrast_on_white("#FFFFFF"), 3), round(contrast_on_white("#000000"), 3)) == (1, 21)


def test_a_logo_is_judged_by_what_it_is_and_made_anew(manager: AtWork) -> None:
    for sent in (picture(), picture("JPEG"), picture(mode="P"), picture(mode="LA")):
        assert send_logo(manager, sent) == []
        with Image.open(io.BytesIO(manager.clinic.logo() or b"")) as kept:
            assert (kept.format, kept.size, kept.info.get("exif")) == ("PNG", (600, 200), None)
    assert manager.visitor.client.get("/clinic/logo.png").content_type == "image/png"
    page = manager.visitor.open("/clinic/settings")
    manager.visitor.post("/clinic/logo", {"csrf_token": page.hidden("csrf_token"), "do": "remove"})
    assert manager.clinic.logo() is None
    assert manager.visitor.client.get("/clinic/logo.png").status_code == 404


def test_a_logo_that_is_none_or_a_bomb_is_refused_with_a_sentence(manager: AtWork) -> None:
    says = ["This file is no PNG or JPEG picture of at most 3 MB that we can read."]
    bomb = picture(size=(9000, 9000), mode="1")
    for sent in (
        io.BytesIO(b"<svg onload='x'/>"),
        io.BytesIO(b""),
        io.BytesIO(b"\x89PNG\r\n\x1a\n" * 9),
        bomb,
        picture("GIF"),
    ):
        assert send_logo(manager, sent, 422) == says
    assert manager.clinic.logo() is None


def test_local_services_are_named_changed_and_taken_off(manager: AtWork) -> None:
    page = manager.visitor.open("/clinic/services")
    for name, contact in (("Tai chi", "555 0101"), ("Handy Hank", "555 0102"), ("Tai chi", "555 0103")):
        page = page.send({"name": name, "contact": contact, "serves": ["exercise", "feet"]})
    assert manager.clinic.get().services == (
        Service(name="Handy Hank", contact="555 0102", serves=("exercise", "feet")),
        Service(name="Tai chi", contact="555 0103", serves=("exercise", "feet")),
    )
    wrong = page.data({"name": "", "contact": "", "serves": ["everything"]})
    wrong["name"] = ""
    assert len(manager.visitor.post("/clinic/services", wrong, 422).errors) == 3
    token = page.hidden("csrf_token")
    manager.visitor.post("/clinic/services/remove", {"csrf_token": token, "name": "Handy Hank"})
    assert [each.name for each in manager.clinic.get().services] == ["Tai chi"]
    services = tuple(Service(name=str(each), contact="1", serves=("feet",)) for each in range(20))
    manager.clinic.change(lambda clinic: replace(clinic, services=services))
    says = manager.visitor.open("/clinic/services").send({"name": "one more", "contact": "1", "serves": ["feet"]}, 422)
    assert says.errors == ["A clinic names at most 20. Take one off the list first."]


def test_a_manager_adds_somebody_who_then_chooses_a_password(manager: AtWork) -> None:
    page = manager.visitor.open("/clinic/staff/new").send({"name": "luis", "shown": "Luis", "role": "reception"})
    link = page.main.partition("http://localhost")[2].split()[0]
    assert page.h1 == "A link for Luis"
    assert Visitor(manager.visitor.app).open(link).h1 == "Choose a password"
    assert "Reception. Has not opened the link yet." in manager.visitor.open("/clinic/staff").text
    page = manager.visitor.open("/clinic/staff/new")
    assert page.send({"name": "LUIS", "role": "manager"}, 422).errors == [
        "Somebody signs in with this name already. Choose another one."
    ]
    assert len(page.send({"name": " "}, 422).errors) == 2


def test_a_manager_stops_allows_resets_and_changes_staff(manager: AtWork) -> None:
    other = at_work(manager.visitor.app, "clinician", manager.clinic)
    path = f"/clinic/staff/{other.staff.staff_id}"
    token = manager.visitor.open(path).hidden("csrf_token")

    def press(what: str) -> None:
        manager.visitor.post(f"{path}/{what}", {"csrf_token": token})

    press("stop")
    assert other.visitor.open("/clinic").h1 == "Sign in"
    press("allow")
    sign_in(other.visitor, manager.clinic, other.staff)
    assert other.visitor.open("/clinic").path == "/clinic"
    manager.visitor.open(path).send({"role": "reception", "shown": "Bea"})
    assert other.visitor.open("/clinic").h1 == "Sign in"
    found = manager.clinic.get_staff(other.staff.staff_id)
    assert (found.role, found.shown) == ("reception", "Bea")
    press("reset")
    assert manager.clinic.get_staff(other.staff.staff_id).password == ""
    did = [line.did for line in manager.clinic.audit_log(at_most=9).lines]
    assert did == ["reset-staff", "changed-staff", "enabled-staff", "disabled-staff"]


def test_the_last_manager_cannot_be_stopped_or_made_something_else(manager: AtWork) -> None:
    path = f"/clinic/staff/{manager.staff.staff_id}"
    page = manager.visitor.open(path)
    says = ["A clinic needs a manager who can sign in. Add another one first."]
    assert page.send({"role": "clinician"}, 422).errors == says
    assert manager.visitor.post(f"{path}/stop", {"csrf_token": page.hidden("csrf_token")}, 422).errors == says
    add_staff(manager.clinic, "manager")
    assert manager.visitor.post(f"{path}/stop", {"csrf_token": page.hidden("csrf_token")}).h1 == "Sign in"


def test_the_log_says_who_did_what_and_pages_go_back(manager: AtWork) -> None:
    for _ in range(ON_A_PAGE + 1):
        manager.visitor.client.get("/clinic/log")
    page = manager.visitor.open("/clinic/log")
    assert "Manager, Manager read this log" in page.main
    older = page.follow("Older lines")
    assert "Newer lines" in older.main
    for odd in ("0", "-1", "x", "9" * 40, "٣"):
        assert manager.visitor.open(f"/clinic/log?page={odd}").h1 == "The log"
    assert "taken out" not in page.main


def test_lock_keeps_what_was_typed_on_a_form(manager: AtWork) -> None:
    page = manager.visitor.open("/clinic/staff/new")
    typed = page.data({"name": "half typed", "role": "clinician"})
    assert manager.visitor.post("/clinic/lock", typed).h1 == "Locked"
    assert manager.visitor.open("/clinic/staff").h1 == "Locked"
    again = sign_in_again(manager)
    assert (again.chosen("name"), again.chosen("role")) == (["half typed"], ["clinician"])
    assert manager.visitor.open("/clinic/staff/new").chosen("name") == [""], "once"


def sign_in_again(manager: AtWork) -> Page:
    """As if the password had been typed; what waits stays."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "is_right", lambda _, typed: typed == "right")
        return manager.visitor.open("/clinic/locked").send({"password": "right"})


def test_a_bar_of_a_page_names_the_clinic_and_who_is_at_work(manager: AtWork) -> None:
    page = manager.visitor.open("/clinic/staff")
    assert "Hill Street Clinic" in page.text
    assert list(page.links()).count("Manager: My sign-in") == 1
    assert "Lock" in page.text
    assert Visitor(manager.visitor.app).open("/").text.count("Lock") == 0


def test_the_log_and_the_command_say_where_lines_were_cut_from_its_end(app: Flask) -> None:
    who = at_work(app)
    for _ in range(3):
        who.visitor.open("/clinic/log")
    listed = app.test_cli_runner().invoke(args=["clinic", "list"])
    assert (listed.exit_code, listed.output) == (0, "Hill Street Clinic (1 who sign in)\n")
    assert "taken out" not in who.visitor.open("/clinic/log").main
    with store().engine.writing() as rows:  # type: ignore[attr-defined]
        rows.delete(AUDIT, rows.where(AUDIT, {"clinic_id": who.clinic.clinic_id})[-1].row_id)
    listed = app.test_cli_runner().invoke(args=["clinic", "list"])
    assert (listed.exit_code, "Hill Street Clinic: lines of its audit log" in listed.output) == (1, True)
    assert "Some lines were taken out of the database from outside." in who.visitor.open("/clinic/log").main
