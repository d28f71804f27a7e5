"""A visitor: opens pages, fills in their forms, follows their links; every page met on the way is checked."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from answers.draft import Draft
from answers.person import settle
from answers.typed_numbers import Answers as Typed
from tests.page_checks import check_headers, check_page, classes, fields, one, text_of, without_secrets
from tests.shipped import SHIPPED
from web.core.stores import store

Answers = Mapping[str, str | list[str]]


class Visitor:
    """One browser with one cookie jar."""

    checked_links: ClassVar[set[tuple[bool, str]]] = set()  # opened before, without a record and with one

    def __init__(self, app: Flask, base_url: str = "http://localhost") -> None:
        self.app = app
        self.base_url = base_url
        self.client = app.test_client()
        self.began = False

    def open(self, path: str, status: int = 200, **options: Any) -> "Page":
        """The page at this address, redirects followed."""
        return self._arrived(self.client.get(path, base_url=self.base_url, **options), status)

    def post(self, path: str, data: Any, status: int = 200, **options: Any) -> "Page":
        """What the app answers to a form that no page of ours may have made."""
        return self._arrived(self.client.post(path, data=data, base_url=self.base_url, **options), status)

    def begin(self, answering: str = "self") -> "Page":
        """A new record, at its first question."""
        page = self.open("/for-whom").send({"answering": answering})
        self.began = True
        return page

    def take(self, first: str, answers: Answers, otherwise: str = "") -> "Page":
        """Walks a list from an address to its end; what is not named is answered `otherwise`, or passed over."""
        page = self.open(first)
        while page.names and not page.path.startswith("/warning-signs"):
            named = {name: value for name, value in answers.items() if name in page.names}
            others = {name: otherwise for name in page.names if otherwise and otherwise in page.values(name)}
            if named or others:
                page = page.send({**others, **named})
            else:
                page = page.pass_over()
        return page

    def tick(self, *signs: str) -> "Page":
        """Answers the warning signs of today, group by group, until a page that is none of them."""
        page, met = self.open("/warning-signs"), set()
        while page.path.startswith("/warning-signs/") and page.path not in met and page.names:
            met.add(page.path)
            page = page.send({"signs": [each for each in page.values("signs") if each in signs] or ["none"]})
        return page

    def fill(self, lists: Mapping[str, Typed]) -> None:
        """Puts answers of whole lists into the open record, where what pages make of them is not what is tested."""

        def filled(stored: Mapping[str, Any]) -> dict[str, Any]:
            draft = Draft.from_json(stored)
            for name, answers in lists.items():
                draft = draft.with_answers(name, answers)
            return settle(SHIPPED, draft, date.today()).to_json()

        store().change_draft(self.record_id, filled, content_hash=SHIPPED.content_hash)

    def see_plan(self) -> "Page":
        return self.open("/see-my-plan").send({})

    def make_small_plan(self) -> "Page":
        """A new record of somebody who fell, and who answers nothing else."""
        self.begin()
        self.tick()
        self.open("/falls/fell-past-year").send({"fell-past-year": "yes"})
        return self.see_plan()

    @property
    def cookie(self) -> str:
        """The name and value of the one cookie."""
        (found,) = self.client._cookies.values()  # type: ignore[union-attr]
        return f"{found.key}={found.value}"

    @property
    def record_id(self) -> str:
        """The record that this browser has open."""
        return self.open("/about/age").hidden("record")

    def _arrived(self, response: TestResponse, status: int) -> "Page":
        while response.status_code in (301, 302, 303, 307, 308):
            check_headers(response)
            path = response.location.removeprefix(self.base_url)  # a 308 to the one name of a page is absolute
            assert path.startswith("/")
            assert not path.startswith("//")
            response = self.client.get(path, base_url=self.base_url)
        assert response.status_code == status, f"{response.request.path}: {response.status}"
        page = Page(self, response)
        self._check_links(page)
        return page

    def _check_links(self, page: "Page") -> None:
        """No link of a page leads to nothing; paper is left out, as it takes long to make."""
        for link in (each for each in page.local_links if not each.partition("?")[0].endswith(".pdf")):
            kind = (self.began, without_secrets(link, lambda _: ""))
            if kind in self.checked_links:
                continue
            self.checked_links.add(kind)
            response = self.client.get(link, base_url=self.base_url)
            assert response.status_code in (200, 303), f"{page.path} → {link}: {response.status}"
            assert page.status >= 500 or response.status_code < 400


class Page:
    """One page as a visitor sees it. Made only of a page on which nothing is wrong."""

    def __init__(self, visitor: Visitor, response: TestResponse) -> None:
        check_headers(response)
        assert response.content_type == "text/html; charset=utf-8"
        self.visitor = visitor
        self.status = response.status_code
        self.headers = response.headers
        self.html = response.get_data(as_text=True)
        self.path = response.request.path
        self.address = response.request.full_path.rstrip("?")
        self.tree = check_page(self.html)

    @cached_property
    def text(self) -> str:
        """Every word on the page."""
        return text_of(one(self.tree, "body"))

    @cached_property
    def main(self) -> str:
        """Every word of the page's own part."""
        return text_of(one(self.tree, "main"))

    @property
    def h1(self) -> str:
        return text_of(one(self.tree, "h1"))

    @property
    def title(self) -> str:
        return text_of(one(self.tree, "title"))

    @property
    def errors(self) -> list[str]:
        """What the summary on top asks the person to do."""
        problems = [each for each in self.tree.iter("div") if each.get("id") == "problem"]
        return [text_of(each) for problem in problems for each in problem.iter("a")]

    @property
    def levels(self) -> dict[str, str]:
        """The word of each level on a results page, by checklist."""
        cards = [each for each in self.tree.iter("section") if "result" in classes(each)]
        words = {str(card.get("id")): [each for each in card.iter("p") if "level" in classes(each)] for card in cards}
        return {name: text_of(found[0]) for name, found in words.items()}

    @property
    def form(self) -> Element | None:
        """The form that the page is about; the settings on top, and Lock, have one of their own where there is none."""
        beside = ("settings-form", "work-form", "stop-form", "pass-over-form")
        forms = [each for each in self.tree.iter("form") if each.get("id") not in beside]
        return next((each for each in forms if each.get("id") == "page-form"), forms[0] if forms else None)

    @property
    def names(self) -> list[str]:
        """The names of the fields and answers that a person can fill in or touch, each once."""
        return list(dict.fromkeys(str(each.get("name")) for each in self._asked()))

    def _asked(self) -> list[Element]:
        """Every field, and every button that is an answer by itself."""
        return [*fields(self.tree), *(each for each in self.tree.iter("button") if "reply" in classes(each))]

    def values(self, name: str) -> list[str]:
        """What may be chosen, or what stands in a field."""
        return [str(each.get("value")) for each in self._asked() if each.get("name") == name]

    def chosen(self, name: str) -> list[str]:
        """What is ticked, marked as the answer, or typed."""
        found = [each for each in self._asked() if each.get("name") == name]
        typed = [typed_in(each) for each in found if each.tag == "textarea"]
        return typed + [
            str(each.get("value"))
            for each in found
            if each.get("type") == "text" or "checked" in each.attrib or "chosen" in classes(each)
        ]

    def hidden(self, name: str) -> str:
        found = [each for each in self.tree.iter("input") if each.get("type") == "hidden" and each.get("name") == name]
        return str(found[0].get("value"))

    def links(self) -> dict[str, str]:
        """The words of every link and its address."""
        return {text_of(each): str(each.get("href")) for each in self.tree.iter("a")}

    @property
    def local_links(self) -> set[str]:
        found = {str(each.get("href")) for each in self.tree.iter("a")}
        addresses = (urljoin(self.path, href) for href in found if not href.startswith(("#", "tel:")))
        return {address.partition("#")[0] for address in addresses}

    def follow(self, words: str) -> "Page":
        """The page behind the first link that begins with these words."""
        found = [href for text, href in self.links().items() if text.startswith(words)]
        assert found, f"no link {words!r} among {list(self.links())}"
        return self.visitor.open(urljoin(self.path, found[0]))

    def back(self) -> "Page":
        nav = next(each for each in self.tree.iter("nav") if "back" in classes(each))
        return self.visitor.open(str(one(nav, "a").get("href")))

    def pass_over(self) -> "Page":
        """Goes on without an answer, by the link for it, or by "Not sure" where there is none."""
        if "Skip" in self.links():
            return self.visitor.open(urljoin(self.path, self.links()["Skip"]))
        if any(each.get("name") == "rest" for each in self.tree.iter("button")):
            return self.send({"rest": "open"})
        name = self.names[0]
        unsure = next((each for each in self.names if each.endswith("-unsure")), None)
        return self.send({unsure: "unsure"} if unsure else {name: "unsure"})

    def data(self, answers: Answers) -> MultiDict[str, str]:
        """The form as a browser sends it: hidden fields, what stood there, and what was changed."""
        form = self.form
        assert form is not None
        known = {str(each.get("name")) for each in form.iter() if each.tag in ("input", "button", "textarea")}
        assert set(answers) <= known, f"{set(answers) - known} not on {self.path}"
        sent: MultiDict[str, str] = MultiDict()
        for each in form.iter("input"):
            name, kind = str(each.get("name")), each.get("type")
            if name not in answers and (kind in ("hidden", "text") or "checked" in each.attrib):
                sent.add(name, str(each.get("value")))
        for each in form.iter("button"):
            if "chosen" in classes(each) and "reply" in classes(each) and each.get("name") not in answers:
                sent.add(str(each.get("name")), str(each.get("value")))  # as it was: a tap on the same answer again
        for each in form.iter("textarea"):
            if each.get("name") not in answers:
                sent.add(str(each.get("name")), typed_in(each))
        for name, value in answers.items():
            sent.setlist(name, [value] if isinstance(value, str) else value)
        return sent

    def settings(self) -> MultiDict[str, str]:
        """What the form of the buttons on top sends by itself."""
        form = next(each for each in self.tree.iter("form") if each.get("id") == "settings-form")
        return MultiDict((str(each.get("name")), str(each.get("value"))) for each in form.iter("input"))

    def send(self, answers: Answers, status: int = 200, **options: Any) -> "Page":
        """Fills in the page's form, sends it, and goes where the app leads."""
        form = self.form
        assert form is not None
        assert form.get("method") == "post"
        path = str(form.get("action")).partition("#")[0]
        return self.visitor.post(path, self.data(answers), status, **options)


def typed_in(area: Element) -> str:
    """What stands in a text area; the line break after its tag is not part of it."""
    return (area.text or "").removeprefix("\n")


After = Callable[[Callable[[Visitor], object]], Visitor]
"""The fixture `after`: the visitor after a walk that many tests begin with."""
