"""Whole journeys on a phone, from the start to the paper."""

import re
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, expect

from checklists import Definitions
from tests.browser.phone import Phone
from tests.browser.seeds import Seeds
from tests.browser.states import STATES

Look = Callable[[], None]
FIRST = {
    "bone": "/bone/weight-kg",
    "home": "/home/outside",
}


def first_address(definitions: Definitions, subject: str) -> str:
    return FIRST.get(subject) or f"/{subject}/section/{definitions.checklist_of[subject].sections[0].id}"


@dataclass
class ListLook:
    """Looks at each page of a list: every question is a named group or field, and the page is in order."""

    phone: Phone
    definitions: Definitions
    subject: str
    asked: set[str] = field(default_factory=set)

    def __call__(self) -> None:
        fields = set(self.phone.page.eval_on_selector_all("[name]", "all => all.map(each => each.name)"))
        names = named(self.phone)
        for question in self.definitions.questions[self.subject]:
            if fields & {question.link_id, f"{question.link_id}-feet"}:
                self.asked.add(question.link_id)
                name = question.name if re.match("/home/|/[a-z]+/section/", self.phone.path) else question.ask
                assert names[name] == 1, question.link_id
        self.phone.check()

    def has_seen_all(self) -> bool:
        return self.asked == {question.link_id for question in self.definitions.questions[self.subject]}


def nothing() -> None:
    """Looks at nothing."""


def go_to_the_plan(phone: Phone, look: Look = nothing, look_at: Mapping[str, Look] | None = None) -> None:
    """From the start, by touch alone, to the plan; looks at each page, or at those of a list as `look_at` says."""
    looks = look_at or {}
    phone.open("/")
    look()
    phone.touch("Start: everything")
    look()
    phone.choose("answering", "self")
    phone.touch("Go on")
    phone.walk(phone.path, looks.get("about", nothing), {"cannot-walk": "no"})  # who can is asked more
    assert phone.path == "/warning-signs/after-a-fall"
    look()
    phone.deny_signs()
    look()
    assert phone.path == "/falls/fell-past-year"
    phone.walk(phone.path, looks.get("falls", nothing))
    look()
    phone.touch("See my plan")
    expect(phone.page.get_by_role("heading", level=1)).to_be_visible()
    assert phone.path == "/results"
    look()
    phone.touch("See what to do first")
    look()
    assert phone.path == "/plan"


def print_the_plan(page: Page) -> bytes:
    href = page.get_by_role("link", name="Print the plan").get_attribute("href")
    assert href == "/plan.pdf"
    response = page.request.get(href)
    assert response.headers["content-type"] == "application/pdf"
    return response.body()


def test_given_a_phone_without_javascript_when_all_is_answered_then_the_plan_can_be_printed(
    phone_without_javascript: Phone,
) -> None:
    phone = phone_without_javascript
    go_to_the_plan(phone)
    assert phone.page.locator(".next-step, .then article").count() == 3
    assert print_the_plan(phone.page).startswith(b"%PDF-")
    assert phone.hosts == {"127.0.0.1"}


def test_given_a_phone_when_all_is_answered_then_each_page_on_the_way_is_in_order_and_the_plan_can_be_printed(
    own_phone: Phone, definitions: Definitions
) -> None:
    phone = own_phone
    looks = {subject: ListLook(phone, definitions, subject) for subject in ("about", "falls")}
    go_to_the_plan(phone, phone.check, looks)
    assert [subject for subject, look in looks.items() if not look.has_seen_all()] == []
    phone.page.locator("details").evaluate_all("all => all.forEach(each => each.open = true)")
    phone.check_with_axe()
    phone.check_widths()
    assert print_the_plan(phone.page).startswith(b"%PDF-")


@pytest.mark.parametrize("subject", ["bone", "posture", "home"])  # the others are on the way to the plan
def test_given_a_list_when_it_is_walked_then_every_question_is_a_named_group_or_field_and_each_page_is_in_order(
    phone: Phone, definitions: Definitions, subject: str
) -> None:
    phone.begin()
    if subject == "bone":
        phone.walk("/about/age")
    look = ListLook(phone, definitions, subject)
    phone.walk(first_address(definitions, subject), look)
    assert look.has_seen_all()


def named(phone: Phone) -> Counter[str]:
    """The names by which the browser's accessibility tree knows groups and text fields."""
    tree = phone.devtools.send("Accessibility.getFullAXTree")["nodes"]
    shown = [node for node in tree if not node["ignored"] and node["role"]["value"] in ("group", "textbox")]
    return Counter(" ".join(node["name"]["value"].split()) for node in shown)


def test_given_warning_signs_when_one_needs_help_now_then_the_number_is_the_first_thing_to_touch(
    phone: Phone, definitions: Definitions
) -> None:
    phone.begin()
    phone.open("/warning-signs/whole-body")
    assert named(phone)["Whole body: is any of this new in the last 7 days?"] == 1
    phone.choose("signs", "stroke-signs")
    phone.touch("Go on with what I ticked")
    phone.check()
    call = phone.page.get_by_role("link", name="Call 911", exact=True)
    assert call.get_attribute("href") == "tel:911"
    box = call.bounding_box()
    assert box
    assert box["y"] + box["height"] < 844, "it is seen without scrolling"
    phone.touch("I have called")
    phone.check()


@pytest.mark.parametrize(
    "path", ["/how-this-works", "/guides/what-is-a-compression-fracture", "/nowhere", "/review/falls"]
)
def test_given_a_page_beside_the_way_when_it_is_opened_then_it_is_in_order(phone: Phone, path: str) -> None:
    phone.begin()
    phone.open(path)
    phone.check()


@pytest.mark.parametrize("path", ["/bone/weight-kg", "/bone/height-cm"])
def test_given_a_page_when_nothing_is_answered_then_what_to_do_has_the_focus_and_leads_to_the_field(
    phone: Phone, path: str
) -> None:
    phone.begin()
    phone.open(path)
    phone.touch("Save and go on")
    expect(phone.page).to_have_title(re.compile("^Error: "))
    expect(phone.page.locator("#problem")).to_be_focused()
    phone.check()
    phone.page.locator("#problem a").click()
    focused = phone.page.evaluate("() => document.activeElement.name || ''")
    assert focused
    assert focused.startswith(path.rpartition("/")[2])


def test_given_a_plan_when_everything_is_downloaded_then_the_phone_has_one_file_and_the_page_stays(
    phone: Phone, seeds: Seeds
) -> None:
    next(state for state in STATES if state.name == "plan with a photo").reach(phone, seeds)
    phone.page.locator("summary").filter(has_text="Keep this plan").click()
    phone.touch("Download everything")
    with phone.page.expect_download() as coming:
        phone.page.get_by_role("button", name="Download the file").click()
    assert re.fullmatch(r"firm-footing-\d{4}-\d\d-\d\d\.zip", coming.value.suggested_filename)
    with zipfile.ZipFile(coming.value.path()) as archive:
        assert archive.testzip() is None
        assert len([name for name in archive.namelist() if name.endswith((".pdf", ".jpg", ".json", ".txt"))]) == 7
    assert phone.path == "/download"
