"""The clinic on a person's own pages and paper: its name, services and numbers, and who there looked at the plan."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from reports.paper.plan_paper import PrintOptions
from storage.clinics.model import AuditLine, Clinic, Service
from storage.clinics.store import ClinicStore
from tests.test_web_clinic_managing import picture
from tests.visitor import After, Visitor
from web.clinic.managing.checking import read_logo
from web.core.stores import store
from web.visitor.own_clinic import on_its_paper


def with_plan(visitor: Visitor) -> None:
    visitor.begin()
    visitor.take("/about/age", {"age": "81", "sex": "female", "lives-alone": "yes"}, "no")
    visitor.tick()
    visitor.take("/falls/fell-past-year", {"fell-past-year": "yes", "unsteady-walking": "yes"}, "no")
    visitor.see_plan()


def seen_at(visitor: Visitor, **says: object) -> ClinicStore:
    """A clinic that has this visitor on its list."""
    described = Clinic(
        clinic_id="",
        name="Hill Street Clinic",
        phone="555 0100",
        services=(Service(name="Tai chi at the Y", contact="555 0101", serves=("exercise",)),),
    )
    clinic = store().clinic(store().create_clinic(replace(described, **says)).clinic_id)  # type: ignore[arg-type]
    person = clinic.add_person(date.today(), {})
    clinic.change_person(person.person_id, lambda found: replace(found, record_id=visitor.record_id))
    return clinic


def test_a_plan_names_the_clinic_and_who_near_helps_with_which_step(after: After) -> None:
    visitor = after(with_plan)
    before = visitor.open("/plan").main
    assert "Local help" not in before
    assert "Who looked" not in before
    clinic = seen_at(visitor)
    page = visitor.open("/plan")
    assert page.main.count("Local help: Tai chi at the Y, 555 0101") >= 1
    assert {"tel:5550100", "tel:5550101"} <= {each.get("href") for each in page.tree.iter("a")}, "at a tap"
    assert "Hill Street Clinic" in page.main
    assert not list(page.tree.iter("img")), "it has no logo"
    assert visitor.client.get("/clinic-logo.png").status_code == 404
    clinic.keep_logo(read_logo(picture().read()))
    assert [each.get("src") for each in visitor.open("/plan").tree.iter("img")] == ["/clinic-logo.png"]
    assert visitor.client.get("/clinic-logo.png").data.startswith(b"\x89PNG")
    clinic.change(lambda found: replace(found, services=()))
    assert "Local help" not in visitor.open("/plan").main
    store().erase_clinic(clinic.clinic_id)
    assert visitor.open("/plan").main == before, "as it was before there was a clinic"


def test_paper_has_the_letterhead_or_none_and_the_size_of_the_clinic(visitor: Visitor) -> None:
    visitor.begin()
    clinic = seen_at(visitor, page="a4", color="#0F4C47")
    plain = PrintOptions(region="us", language="en")
    options = on_its_paper(plain, clinic.get())
    assert (options.clinic, options.page, options.color) == ("Hill Street Clinic, 555 0100", "a4", "#0F4C47")
    assert [each.name for each in options.nearby] == ["Tai chi at the Y"]
    assert options.logo == ""
    clinic.keep_logo(read_logo(picture().read()))
    assert on_its_paper(plain, clinic.get()).logo.startswith("iVBOR")
    assert on_its_paper(plain, clinic.get(), page="letter").page == "letter", "what was asked for"
    off = on_its_paper(plain, replace(clinic.get(), letterhead=False))
    assert (off.clinic, off.logo, len(off.nearby)) == (None, "", 1)
    assert on_its_paper(plain, None) == plain


def test_the_numbers_to_call_are_those_of_the_clinic_of_the_record(visitor: Visitor) -> None:
    visitor.begin()
    record = visitor.record_id
    assert "911" in visitor.open("/").text
    seen_at(visitor, region="uk")
    link = store().make_link_and_code(record)
    other = Visitor(visitor.app)
    other.open(f"/open/{link.link}").send({})
    assert "999" in other.open("/").text
    assert "911" not in other.open("/").text
    other.begin()
    assert "911" in other.open("/").text, "a new record has no clinic"


@pytest.fixture
def line() -> Callable[..., AuditLine]:
    at = datetime.now(UTC).replace(hour=12)
    return lambda did, **more: AuditLine(
        at=more.pop("at", at), staff_id="s", who="Ana Ruiz", did=did, **{"role": "clinician", **more}
    )


def test_its_owner_reads_who_looked_at_the_plan_by_day_and_role(
    visitor: Visitor, line: Callable[..., AuditLine]
) -> None:
    visitor.begin()
    assert "No clinic sees your plan here." in visitor.open("/who-looked").main
    clinic = seen_at(visitor)
    assert "Nobody has opened it yet." in visitor.open("/who-looked").main
    (person,) = clinic.list_people()
    other = clinic.add_person(date.today(), {})
    yesterday = datetime.now(UTC).replace(hour=12) - timedelta(days=1)
    of = {"person_id": person.person_id}
    clinic.note(line("added-person", role="reception", at=yesterday, **of))
    for each in (line("saw-person", **of), line("printed-person", **of), line("saw-person", **of), line("saw-log")):
        clinic.note(each)
    clinic.note(line("exported-person", person_id=other.person_id))
    page = visitor.open("/who-looked").main
    assert "Clinician opened your plan and printed your plan." in page
    assert "Reception put you on the list." in page
    assert page.index("Clinician") < page.index("Reception")
    assert "Ana" not in page
    assert "copied" not in page
    clinic.change(lambda found: replace(found, names_staff=True))
    assert "Ana Ruiz, Clinician opened" in visitor.open("/who-looked").main
    assert "Hill Street Clinic then sees nothing here either." in visitor.open("/erase").main
