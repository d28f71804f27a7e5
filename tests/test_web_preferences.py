"""Text size, colors and language: chosen on any page, remembered, and nothing typed or saved is lost by it."""

from collections.abc import Callable

import pytest

from tests.visitor import Page, Visitor
from web.visitor.sessions import ServerSession


def press(page: Page, answers: dict[str, str | list[str]] | None = None, **button: str) -> Page:
    """Presses a button on top of the page, with what was typed below it."""
    form = page.form
    if form is not None and form.get("id") == "page-form":
        data = page.data(answers or {})
    else:
        data = page.settings()
    for name, value in button.items():
        data[name] = value
    return page.visitor.post("/settings", data)


def test_a_browser_that_asks_for_spanish_is_answered_in_spanish(visitor: Visitor) -> None:
    page = visitor.open("/", headers={"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"})

    assert page.tree.get("lang") == "es"
    assert "English" in page.text


@pytest.mark.parametrize("asked", ["", "fr", "en-GB", "de,fr;q=0.5", "*", "x" * 500, ";;,,q=1"])
def test_any_other_browser_is_answered_in_english(visitor: Visitor, asked: str) -> None:
    assert visitor.open("/", headers={"Accept-Language": asked}).tree.get("lang") == "en"


def test_what_was_chosen_wins_over_what_the_browser_asks_for(visitor: Visitor) -> None:
    press(visitor.open("/"), language="es")

    assert visitor.open("/", headers={"Accept-Language": "en"}).tree.get("lang") == "es"
    assert visitor.open("/how-this-works").tree.get("lang") == "es"


def test_a_language_chosen_mid_way_keeps_what_is_saved_and_what_is_typed(visitor: Visitor) -> None:
    visitor.begin()
    visitor.open("/falls/fell-past-year").send({"fell-past-year": "yes"})

    page = press(visitor.open("/falls/numb-feet"), {"numb-feet": "unsure"}, language="es")

    assert page.path == "/falls/numb-feet"
    assert page.tree.get("lang") == "es"
    assert page.chosen("numb-feet") == ["unsure"]
    assert page.errors == []
    assert visitor.open("/falls/fell-past-year").chosen("fell-past-year") == ["yes"]
    page.send({})
    assert visitor.open("/falls/numb-feet").chosen("numb-feet") == ["unsure"]


@pytest.mark.parametrize("leave", [Page.back, lambda page: page.send({"text": "largest"})], ids=["back", "use these"])
@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("/about/age", {"age": "seventy"}),
        ("/bone/weight-kg", {"weight-kg": "128,5"}),
        ("/bone/height-cm", {"height-cm-feet": "5", "height-cm-inches": "two"}),
        ("/home/stairs", {"stairs-no-rails": "yes"}),
        ("/warning-signs/back", {"signs": ["sudden-back-pain", "back-pain-fever"]}),
        ("/for-whom", {"answering": "helper"}),
    ],
)
def test_nothing_typed_is_lost_by_a_button_on_top_whatever_it_is(
    visitor: Visitor, path: str, typed: dict, leave: Callable[[Page], Page]
) -> None:
    visitor.begin()

    page = leave(press(visitor.open(path), typed, show="all"))

    assert page.path == path
    assert page.errors == []
    for name, value in typed.items():
        assert sorted(page.chosen(name)) == ([value] if isinstance(value, str) else sorted(value))


@pytest.mark.parametrize(
    ("path", "answer", "leads_to"),
    [
        ("/falls/numb-feet?then=review", {"numb-feet": "yes"}, "/review/falls"),
        ("/home/stairs?then=review", {"": "no"}, "/review/home"),
        ("/warning-signs/mind?then=falls", {"signs": ["none"]}, "/enter/falls"),
        ("/warning-signs/mind?then=plan", {"signs": ["none"]}, "/see-my-plan"),
    ],
)
def test_where_a_page_leads_on_to_outlives_a_button_on_top(
    visitor: Visitor, path: str, answer: dict, leads_to: str
) -> None:
    visitor.begin()
    visitor.open("/falls/fell-past-year").send({"fell-past-year": "yes"})
    visitor.tick()
    page = press(visitor.open(path), {}, text="larger")
    assert page.send(answer if "" not in answer else dict.fromkeys(page.names, answer[""])).path == leads_to


def test_who_leaves_keeps_how_pages_look(visitor: Visitor) -> None:
    visitor.begin()
    press(press(visitor.open("/settings"), text="largest"), language="es")
    form = {"csrf_token": visitor.open("/leave").hidden("csrf_token"), "sure": "yes"}
    left = visitor.post("/leave", form)
    assert left.path == "/left"
    assert left.tree.get("data-text") == "largest"
    assert left.tree.get("lang") == "es"


def test_what_was_typed_and_then_saved_is_not_shown_over_a_later_answer(visitor: Visitor) -> None:
    visitor.begin()
    page = press(visitor.open("/falls/numb-feet"), {"numb-feet": "yes"}, text="larger")
    page.send({"numb-feet": "no"})

    assert visitor.open("/falls/numb-feet").chosen("numb-feet") == ["no"]


@pytest.mark.parametrize(("text", "attribute", "points"), [("larger", "larger", "18"), ("largest", "largest", "24")])
def test_larger_letters_are_remembered_and_set_the_print_size(
    visitor: Visitor, text: str, attribute: str, points: str
) -> None:
    visitor.begin()
    page = press(visitor.open("/how-this-works"), show="all")
    assert page.path == "/settings"
    page = page.send({"text": text, "colors": "contrast"})

    assert page.path == "/how-this-works"
    assert page.tree.get("data-text") == attribute
    assert page.tree.get("data-theme") == "contrast"
    visitor.tick("none")
    visitor.open("/falls/fell-past-year").send({"fell-past-year": "yes"})
    visitor.see_plan()
    assert visitor.open("/plan").chosen("print") == [points]


@pytest.mark.parametrize("path", ["/", "/settings", "/how-this-works", "/nowhere"])
@pytest.mark.parametrize("colors", ["usual", "dark", "contrast"])
def test_every_page_wears_the_colors_that_were_chosen_and_the_settings_too(
    visitor: Visitor, path: str, colors: str
) -> None:
    press(visitor.open("/"), colors=colors)

    page = visitor.open(path, status=404 if path == "/nowhere" else 200)

    assert page.tree.get("data-theme") == (None if colors == "usual" else colors)


def test_standard_letters_and_the_phones_own_colors_need_no_mark(visitor: Visitor) -> None:
    page = press(visitor.open("/"), text="standard", colors="usual")

    assert page.tree.get("data-text") is None
    assert page.tree.get("data-theme") is None


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil",
        "/nowhere",
        "",
        "javascript:x",
        "/\r\nX-Evil: 1",
        "/about/age\n",
    ],
)
def test_the_way_back_never_leads_to_another_site(visitor: Visitor, to: str) -> None:
    page = visitor.open("/how-this-works")
    data = page.settings()
    data["to"] = to
    data["language"] = "es"

    assert visitor.post("/settings", data).path == "/"


@pytest.mark.parametrize("value", ["xx", "../es", "EN", "", "en\n"])
def test_a_language_that_nobody_offers_changes_nothing(visitor: Visitor, value: str) -> None:
    assert press(visitor.open("/"), language=value).tree.get("lang") == "en"


def test_the_settings_need_the_token_of_a_form(visitor: Visitor) -> None:
    assert visitor.post("/settings", {"language": "es", "to": "/"}, 400).tree.get("lang") == "en"


def test_enter_in_a_field_saves_and_does_not_change_the_language(visitor: Visitor) -> None:
    """A browser presses the first button of the form; on top of the page that must be the one that saves."""
    visitor.begin()
    page = visitor.open("/about/age")
    buttons = [each for each in page.tree.iter("button") if each.get("form") == "page-form"]

    assert buttons[0].get("formaction") is None
    assert buttons[0].get("name") is None
    assert len(buttons) == 3


def test_a_session_holds_no_more_typed_text_than_one_page(visitor: Visitor) -> None:
    visitor.begin()
    press(visitor.open("/about/age"), {"age": "x" * 1500}, language="es")
    press(visitor.open("/falls/numb-feet"), {"numb-feet": "yes"}, language="en")

    with visitor.app.test_request_context("/", headers={"Cookie": visitor.cookie}):
        from flask import session

        assert isinstance(session, ServerSession)
        assert session["typed"]["path"] == "/falls/numb-feet"
