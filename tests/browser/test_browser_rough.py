"""What hands do to a page: two taps for one, Back after the end, an old tab, another language half way."""

from dataclasses import replace

import pytest

from tests.browser.phone import Phone
from tests.browser.seeds import MODERATE, Seeds


@pytest.fixture
def phone(own_phone: Phone) -> Phone:
    """Its own: there are other tabs."""
    return own_phone


def submissions(seeds: Seeds) -> int:
    return seeds.store.count()["submissions"]


@pytest.fixture
def finished(phone: Phone, seeds: Seeds) -> Phone:
    """A phone that shows the results of a person with a raised risk."""
    seeds.sow(phone, seeds.person(MODERATE, signs=[]))
    phone.open("/falls/numb-feet")
    phone.open("/see-my-plan")
    phone.press("save")
    assert phone.path == "/results"
    return phone


def test_given_the_plan_when_one_goes_back_and_changes_an_answer_then_the_plan_says_so_and_a_new_one_is_made(
    finished: Phone, seeds: Seeds
) -> None:
    before = submissions(seeds)
    finished.page.go_back()
    finished.page.go_back()
    assert finished.path == "/falls/numb-feet"
    assert finished.page.locator('.reply.chosen[value="unsure"]').count() == 1, "Back shows what was answered"
    finished.choose("numb-feet", "yes")
    finished.open("/plan")
    assert submissions(seeds) == before, "the plan is the one that was given"
    finished.touch("See my plan with the new answers")
    assert submissions(seeds) == before + 1
    assert finished.path == "/results"
    assert finished.page.get_by_role("button", name="See my plan with the new answers").count() == 0


def test_given_see_my_plan_when_it_is_tapped_twice_then_there_is_one_plan(phone: Phone, seeds: Seeds) -> None:
    seeds.sow(phone, seeds.person(MODERATE, signs=[]))
    before = submissions(seeds)
    phone.open("/see-my-plan")
    phone.page.evaluate("""() => {
      const button = document.querySelector('#page-form button.go');
      button.click(); button.click();
    }""")
    phone.page.wait_for_url("**/results")
    assert submissions(seeds) == before + 1


def test_given_an_answer_when_it_is_tapped_twice_then_no_question_is_passed_over(phone: Phone, seeds: Seeds) -> None:
    seeds.sow(phone, replace(seeds.person(signs=[]), lists={}))
    phone.open("/falls/fell-past-year")
    phone.page.locator('.reply[value="no"]').dblclick(no_wait_after=True)
    phone.page.wait_for_url("**/falls/uses-cane-or-walker*")
    phone.page.wait_for_timeout(300)
    assert phone.path == "/falls/uses-cane-or-walker"
    assert phone.page.locator("#problem").count() == 0


def test_given_an_old_tab_when_the_language_is_changed_in_another_then_both_keep_their_answers(
    phone: Phone, seeds: Seeds
) -> None:
    record = seeds.sow(phone, replace(seeds.person(signs=[]), lists={}))
    phone.open("/falls/numb-feet")
    other = Phone(phone.context)
    other.open("/falls/fell-past-year")
    other.touch("Español")
    other.choose("fell-past-year", "no")
    phone.choose("numb-feet", "yes")
    assert seeds.store.get_draft(record).data["lists"]["falls"] == {"numb-feet": "yes", "fell-past-year": "no"}
    assert phone.page.locator("html").get_attribute("lang") == "es"
