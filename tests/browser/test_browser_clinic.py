"""Every page for staff in a real browser: in order for axe, on a phone in English and in Spanish at four times the size."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from answers.draft import Draft
from app import create_app
from tests.browser.phone import Phone
from tests.browser.reflow import check_at_400_percent
from tests.browser.seeds import Seeds
from web.clinic import roles

FILES = (".pdf", ".png", ".svg", ".csv", ".json", ".xlsx")
TABLE = "label,falls.numb-feet\nAnn,maybe\nBen,no\n"


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A manager's browser at a clinic with somebody on the list, and the ids that addresses take."""

    phone: Phone
    ids: dict[str, str]

    def paths(self) -> Iterator[str]:
        """Every page that can be opened by these ids."""
        for rule in filter(roles.is_of_clinic, create_app().url_map.iter_rules()):
            is_page = "GET" in (rule.methods or ()) and not rule.rule.endswith(FILES)
            if is_page and rule.arguments <= self.ids.keys() and roles.MAY[rule.endpoint] is not roles.NOBODY_YET:
                path = rule.rule
                for name, each in self.ids.items():
                    path = path.replace(f"<{name}>", each)
                yield path


@pytest.fixture
def desk(phone: Phone, seeds: Seeds) -> Desk:
    clinic = seeds.at_work(phone)
    staff, person = clinic.list_staff()[0], clinic.add_person(date.today(), {})
    ids = {"staff_id": staff.staff_id, "person_id": person.person_id, "import_id": seeds.table(clinic, TABLE)}
    return Desk(phone=phone, ids=ids)


def test_every_page_for_staff_is_in_order_in_both_languages(desk: Desk) -> None:
    paths, phone = list(desk.paths()), desk.phone
    assert {"/clinic", "/clinic/settings", "/clinic/log", f"/clinic/staff/{desk.ids['staff_id']}"} <= set(paths)
    for path in paths:
        phone.open(path)
        assert phone.path.partition("?")[0] == path or path.endswith("/authenticator"), f"{path} led to {phone.path}"
        phone.check()
    phone.speak("es-US")
    for path in paths:
        phone.open(path)
        check_at_400_percent(phone)


def test_signing_in_is_in_order_and_works_without_a_script(desk: Desk, browser: Browser, base_url: str) -> None:
    for path in ("/clinic/sign-in", "/clinic/set-up/x"):
        desk.phone.context.clear_cookies()
        desk.phone.open(path)
        desk.phone.check()
    context = browser.new_context(java_script_enabled=False, base_url=base_url)
    page = context.new_page()
    page.goto("/clinic")
    page.fill("#name", "nobody")
    page.fill("#password", "wrong")
    page.click(".button.go")
    assert "The name or the password is not right." in page.inner_text("#problem")
    context.close()


def test_a_tablet_warns_whoever_left_it_and_shows_nothing_by_back_or_reload(desk: Desk) -> None:
    page = desk.phone.page
    page.clock.install()
    page.goto(f"/clinic/people/{desk.ids['person_id']}")
    page.click("text=Hand over this tablet")
    page.fill("#age", "81")
    page.click("#page-form .button.go")
    page.clock.run_for(62_000)
    assert page.is_visible("text=Are you still there?")
    page.keyboard.press("Shift")
    assert not page.is_visible("text=Are you still there?")
    page.click("text=Stop here")
    desk.phone.check()
    page.click("text=I am done")
    for leave in (page.go_back, page.reload, page.go_back):
        leave()
        page.wait_for_selector("h1:has-text('Thank you')")
    page.goto("/clinic/today")
    assert page.url.endswith("/clinic/locked")


def test_a_table_is_dropped_in_mended_and_printed_without_a_script(
    desk: Desk, browser: Browser, base_url: str, tmp_path: Path
) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=base_url)
    context.add_cookies([each for each in desk.phone.context.cookies() if each["name"] == "ff-staff"])
    page = context.new_page()

    def send(rows: list[str]) -> None:
        page.goto("/clinic/today")
        page.click("text=From a table")
        table = tmp_path / "people.csv"  # of its disk: from here each letter goes through three processes
        table.write_text("\n".join(("label,about.age,falls.fell-past-year", *rows)))
        page.set_input_files("#table", table)
        page.click("text=Look at the table")

    send(["Somebody with a long name," + "81," * 60] * 100_000)
    assert page.inner_text("#problem a").startswith("This is larger than 4 MB.")
    send(["Ann,81,no"] * 100_000)
    assert page.inner_text("#problem a").startswith("There are more than 500 people in this table.")
    send(["Ann,81,no", "Ben,x,maybe"])
    assert "1 of 2 rows can be printed." in page.inner_text("main")
    page.fill("#cell-3-1", "70")
    page.press("#cell-3-1", "Enter")
    assert "1 of 2 rows can be printed." in page.inner_text("main")
    page.fill("#cell-3-2", "sí")
    page.click("text=Save and look again")
    assert "2 of 2 rows can be printed." in page.inner_text("main")
    page.click("text=Print 2 rows")
    page.click("main .button.go")
    assert page.inner_text("h1") == "Files to print"
    context.close()


def test_the_timers_of_the_tests_write_into_their_fields(desk: Desk, seeds: Seeds) -> None:
    data = Draft.new("self", "metric").begin("falls").to_json()
    record = seeds.store.create_record(content_hash="c", data=data).record_id
    clinics = [seeds.store.clinic(each.clinic_id) for each in seeds.store.list_clinics()]
    clinic = next(each for each in clinics if any(one.person_id == desk.ids["person_id"] for one in each.list_people()))
    clinic.change_person(desk.ids["person_id"], lambda found: replace(found, record_id=record))
    page = desk.phone.page
    page.clock.install()
    page.goto(f"/clinic/people/{desk.ids['person_id']}/measures")
    for field, after in (("tug-seconds", 12_300), ("tandem-seconds", 10_500)):
        page.click(f"[data-field={field}] button")
        page.clock.run_for(after)
    page.click("[data-field=tug-seconds] button")
    page.click("[data-field=chair-stands] button")
    for _ in range(9):
        page.click("[data-field=chair-stands] .tap")
    page.clock.run_for(30_500)
    values = [page.input_value(f"#{each}") for each in ("tandem-seconds", "chair-stands")]
    assert values == ["10.0", "9"]
    assert 22 < float(page.input_value("#tug-seconds")) < 24
