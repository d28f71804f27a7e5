"""What people do on pages that several tests and drills need: tapping through questions, a walk without a network."""

import io
import re
from typing import Any

from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.pdf_text import text_of_paper
from tests.visitor import Page, Visitor

KEY = "a-walk-of-somebody-0001"


def link_of(page: Page) -> str:
    """The path of the link on this page."""
    return next(path for path in page.links().values() if path.startswith("/open/"))


def code_of(page: Page) -> str:
    found = re.search(r"\b[2-9A-Y]{4}-[2-9A-Y]{4}-[2-9A-Y]{4}\b", page.main)
    assert found
    return found[0]


def paper_text(visitor: Visitor, address: str) -> str:
    """Every word of the paper at this address, which is really made."""
    answer = visitor.client.get(address)
    assert answer.status_code == 200
    return text_of_paper(answer.data)


def press(page: Page, ends: str, status: int = 200, **more: str) -> Page:
    """Sends the form of a page whose address ends so."""
    form = next(each for each in page.tree.iter("form") if str(each.get("action")).partition("#")[0].endswith(ends))
    sent = {
        str(each.get("name")): str(each.get("value")) for each in form.iter("input") if each.get("type") == "hidden"
    }
    return page.visitor.post(str(form.get("action")), {**sent, **more}, status)


def answer_to_the_end(page: Page, *, signs: tuple[str, ...] = (), most: int = 120) -> Page:
    """Taps through whatever is asked, as a person does who answers no, until nothing is asked any more."""
    for _ in range(most):
        if page.path in ("/tablet/rest", "/results") or page.path.startswith(("/review", "/checklists")):
            return page
        if page.path == "/warning-signs/now":
            return page
        if any(each.get("value") == "fine" for each in page.tree.iter("button")):
            page = page.send({"rest": "fine"})  # a room, or habits, in which nothing was found
            continue
        answers: dict[str, str | list[str]] = {}
        for name in page.names:
            offered = page.values(name)
            if name == "signs":
                answers[name] = [each for each in offered if each in signs] or ["none"]
            elif "no" in offered:
                answers[name] = "no"
            elif "female" in offered:
                answers[name] = "female"
            elif "none" in offered:
                answers[name] = "none"
            elif name == "age":
                answers[name] = "81"
            elif name.endswith("-unsure"):
                answers = {name: "unsure"}
        page = page.send(answers) if answers else page.pass_over()
    raise AssertionError(f"still asked: {page.path}")


class Walker:
    """A phone on its walk, by what it sends."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.client = visitor.client

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = self.client.get("/walk/state", base_url=self.visitor.base_url).get_json()
        return found

    def say(self, *entries: tuple[int, str, str], record: str = "", status: int = 200, token: str = "") -> None:
        state = self.state()
        sent = [{"sequence": n, "link_id": link, "answer": answer, "ago": 0} for n, link, answer in entries]
        body = {"record": record or state["record"], "key": KEY, "entries": sent}
        headers = {"X-CSRFToken": token or state["token"]}
        answer = self.client.post("/walk/answers", json=body, headers=headers, base_url=self.visitor.base_url)
        assert answer.status_code == status, answer.text

    def show(self, link_id: str, photo: bytes, status: int = 200, number: int = 1, **fields: str) -> dict[str, Any]:
        state = self.state()
        form = {"record": state["record"], "key": f"{KEY}-{number}", "link_id": link_id, "ago": "0", **fields}
        sent = FileStorage(io.BytesIO(photo), "photo.jpg", content_type="image/jpeg")
        boundary, body = encode_multipart({**form, "photo": sent})
        answer = self.client.post(
            "/walk/photos",
            data=body,
            content_type=f"multipart/form-data; boundary={boundary}",
            headers={"X-CSRFToken": state["token"]},
            base_url=self.visitor.base_url,
        )
        assert answer.status_code == status, answer.text
        found: dict[str, Any] = answer.get_json(silent=True) or {}
        return found
